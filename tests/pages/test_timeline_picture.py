"""Picture of a timeline: a month is a span, what is about or open ends softly, the unknown stands at the edge with its number."""

import random
import re
import xml.etree.ElementTree as ElementTree

import pytest

from nato_support.pages.pictures.drawing import NARROW, WIDE, overlapping_labels
from nato_support.pages.pictures.timeline import timeline_picture
from tests.pages.made_up import made_up_timeline

by_width = pytest.mark.parametrize("width", [WIDE, NARROW])


def marks(picture, tag: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(picture.svg)
    return [
        mark
        for lane in root.iter()
        if lane.get("class", "").startswith("lane")
        for mark in lane.iter("{http://www.w3.org/2000/svg}" + tag)
    ]


@by_width
def test_a_month_is_a_span_and_no_tick_on_its_first_day(width):
    picture = timeline_picture(
        made_up_timeline([("2024-07", "milestone", {}), ("2024-01-10", "milestone", {}), ("2024-12-20", "due", {})]), width
    )
    [month] = marks(picture, "rect")
    days = [path for path in marks(picture, "path") if "span-day" in path.get("class", "")]
    assert "span-within" in month.get("class") and len(days) == 2
    first, last = sorted(float(re.match(r"M([\d.]+)", day.get("d"))[1]) for day in days)
    per_day = (last - first) / 345
    assert float(month.get("width")) == pytest.approx(31 * per_day, abs=0.3)
    assert float(month.get("x")) == pytest.approx(first + (173 - 0.5) * per_day, abs=0.3)


@pytest.mark.parametrize(
    ("date", "fact", "soft_left", "soft_right", "solid"),
    [
        ("2024-07", "milestone", 0, 0, 1),
        ("2024-07~", "milestone", 1, 1, 1),
        ("2024-07?", "milestone", 1, 1, 1),
        ("2024-06-15/2024-07-08", "milestone", 0, 0, 1),
        ("2024/..", "period", 0, 1, 0),
        ("../2024-12-31", "milestone", 1, 0, 0),
        ("2023/2024~", "period", 1, 1, 1),
    ],
)
@by_width
def test_ends_are_as_soft_as_they_are_known(width, date, fact, soft_left, soft_right, solid):
    rectangles = marks(timeline_picture(made_up_timeline([(date, fact, {})]), width), "rect")
    fills = [mark.get("fill", "") for mark in rectangles]
    assert sum("stop-left" in fill for fill in fills) == soft_left
    assert sum("stop-right" in fill for fill in fills) == soft_right
    assert sum(not fill for fill in fills) == solid


def test_a_planned_time_a_contested_one_and_an_uncertain_day_differ_from_others_by_shape():
    plain = {"modality": "in_force"}
    facts = [
        ("2024-07", "relation_start", plain | {"modality": "planned"}),
        ("2024-08", "relation_start", plain | {"contested": True}),
    ]
    picture = timeline_picture(made_up_timeline([*facts, ("2024-08-02?", "milestone", {}), ("2024-08-02", "milestone", {})]))
    classes = [mark.get("class") for mark in marks(picture, "rect")]
    assert classes == ["planned-span span-within", "within span-within"]
    assert len(marks(picture, "circle")) == 1
    assert [mark.get("class") for mark in marks(picture, "path") if "span-day" in mark.get("class")] == [
        "other span-day",
        "sure span-day",
    ]


@by_width
def test_what_has_no_date_stands_at_the_edge_with_its_number(width):
    timeline = made_up_timeline([("2024-07-10", "milestone", {})])
    picture = timeline_picture(timeline, width, undated=7)
    [count] = [box for box in picture.labels if box.text == "7"]
    [edge] = [path for path in ElementTree.fromstring(picture.svg).iter() if path.get("class") == "axis"]
    assert float(re.match(r"M([\d.]+)", edge.get("d"))[1]) < count.left and count.right <= width
    assert "7 records without a date" in picture.description and picture.rows[-1][3] == "7 records without a date"
    assert len(timeline_picture(timeline, width).rows) == 1
    assert timeline_picture(made_up_timeline([]), width, undated=2).labels


@by_width
def test_labels_never_overlap(width):
    chance = random.Random(5)
    for size in (1, 2, 10, 60):
        facts = []
        for _ in range(size):
            year, month, day = (
                chance.choice([1949, 1991, 2014, 2022, 2023, 2024, 2024, 2024, 2029]),
                chance.randint(1, 12),
                chance.randint(1, 28),
            )
            point = chance.choice([f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"]) + chance.choice(
                ["", "", "~", "?"]
            )
            date = chance.choice([point, f"{point}/..", f"../{point}", f"{point}/2030"])
            facts.append((date, chance.choice(["milestone", "due", "period", "quote", "measure", "founded"]), {}))
        picture = timeline_picture(made_up_timeline(facts), width, undated=3)
        assert overlapping_labels(picture.labels) == []
        assert all(box.left >= 0 and box.right <= width for box in picture.labels)
        assert len(picture.rows) == size + 1


def test_records_share_a_lane_and_quotes_of_a_day_are_counted():
    timeline = made_up_timeline([("2024-07-10", "quote", {})] * 3 + [("2024-07-10", "milestone", {}), ("2024-08", "due", {})])
    timeline["results"][4]["record"] = timeline["results"][3]["record"]
    texts = [box.text for box in timeline_picture(timeline).labels]
    assert "3 quotes" in texts and texts.count("Kite number 3") == 1
