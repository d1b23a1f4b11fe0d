"""Promise bar: the numbers of totals/, on one scale, with soft ends and hatched bars for what nobody knows."""

import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import pytest

from entities.serializers import date_shape
from nato_support.pages.pictures.drawing import NARROW, WIDE, overlapping_labels
from nato_support.pages.pictures.promise_bar import promise_bar
from nato_support.pages.pictures.stated_amounts import bars_of_commitment, bars_of_groups, bars_of_totals
from tests.pages.made_up import RURITANIA, made_up_ladder, made_up_sum, made_up_totals

BILLION = 10**9
TOTALS = made_up_totals(
    [
        made_up_sum("money", "EUR", None, 40 * BILLION, 45 * BILLION),
        made_up_sum("money", "USD", None, 300, 300, qualifiers={"about": 1}),
        made_up_sum("items", None, "kite", 31, 31, is_open_ended=True),
        made_up_sum("headcount", None, None, 0, 700),
    ],
    [
        made_up_ladder(
            "money", "EUR", None, agreed=(1, 1), allocated=(22 * BILLION, 22 * BILLION), delivered=(9 * BILLION, 12 * BILLION)
        ),
        made_up_ladder("items", None, "barge", delivered=(12, 12)),
    ],
)
by_width = pytest.mark.parametrize("width", [WIDE, NARROW])


def rects(picture, class_: str) -> list[dict[str, str]]:
    return [element.attrib for element in ElementTree.fromstring(picture.svg).iter() if element.get("class") == class_]


def filled(picture, kind: str) -> list[dict[str, str]]:
    rectangles = ElementTree.fromstring(picture.svg).iter("{http://www.w3.org/2000/svg}rect")
    return [element.attrib for element in rectangles if kind in element.get("fill", "")]


def commitment(measures: list[dict], **members) -> dict:
    """Return a rendered commitment with two milestones, agreed and delivered."""
    steps = [{"key": stage, "stage": stage, "date": None, "event": None} for stage in ("agreed", "delivered")]
    record = {
        "slug": "kites",
        "nature": "pledge",
        "category": "equipment",
        "stage": "agreed",
        "part_of": None,
        "committed_by": [],
    }
    return record | {"beneficiary": RURITANIA, "milestones": steps, "measures": measures} | members


def measure(value: str | None, qualifier: str = "none", stage: str | None = None) -> dict:
    step = {"key": stage, "stage": stage} if stage else None
    amount = {"kind": "items", "currency": None, "unit": "kite", "value": value, "upper": None, "qualifier": qualifier}
    return amount | {"key": "kites", "as_of": None, "milestone": step}


@pytest.mark.parametrize(
    ("measures", "rungs"),
    [
        ([measure("40"), measure("10", stage="delivered")], [("Promised", 40, 40), ("Delivered", 10, 10)]),
        ([measure("40", "up_to", "agreed")], [("Promised", 0, 40)]),
        ([measure(None, "unspecified"), measure("10", stage="delivered")], [("Promised", None, None), ("Delivered", 10, 10)]),
        ([measure("40", "about"), measure(None, "unspecified", "delivered")], [("Promised", 40, 40), ("Delivered", None, None)]),
        ([], [("Promised", None, None)]),
    ],
)
def test_a_commitment_alone_is_counted_as_totals_count_it(measures, rungs):
    [bar] = bars_of_commitment(commitment(measures))
    assert [rung[:3] for rung in bar.rungs] == rungs
    assert [rung.is_promise for rung in bar.rungs] == [True, False][: len(rungs)]


def test_bars_equal_totals():
    """One bar for each currency or unit; stages that are no allocation or delivery are none of it."""
    bars = bars_of_totals(TOTALS)
    assert [(bar.unit, [(rung.low, rung.high, rung.is_open_ended) for rung in bar.rungs]) for bar in bars] == [
        ("EUR", [(40 * BILLION, 45 * BILLION, False), (22 * BILLION, 22 * BILLION, False), (9 * BILLION, 12 * BILLION, False)]),
        ("USD", [(300, 300, False)]),
        ("person", [(0, 700, False)]),
        ("barge", [(None, None, False), (12, 12, False)]),
        ("kite", [(31, 31, True)]),
    ]
    rows = promise_bar(bars).rows
    assert sum(Decimal(row[3]) for row in rows if row[1] == "EUR") == 71 * BILLION
    assert [row[5] for row in rows] == [
        "€40 billion to €45 billion",
        "€22 billion",
        "€9 billion to €12 billion",
        "about $300",
        "up to 700 persons",
        "amount not stated",
        "12 barges",
        "at least 31 kites",
    ]


@by_width
def test_all_amounts_of_a_bar_share_one_scale(width):
    picture = promise_bar(
        bars_of_totals(made_up_totals([], [made_up_ladder("items", None, "kite", allocated=(40, 40), delivered=(10, 10))])), width
    )
    allocated, delivered = (float(bar["width"]) for bar in rects(picture, "sure"))
    assert allocated == pytest.approx(4 * delivered, abs=0.3)


@by_width
def test_an_amount_that_is_not_stated_is_hatched_and_no_nought(width):
    picture = promise_bar(bars_of_commitment(commitment([], stage="delivered_in_part")), width)
    assert not rects(picture, "sure") and len(filled(picture, "hatch")) == 2 + 1  # and one in the legend
    assert [row[3:5] for row in picture.rows] == [["", ""], ["", ""]]
    assert "not stated" in picture.description


@pytest.mark.parametrize(
    ("members", "is_soft"),
    [
        ({}, False),
        ({"qualifiers": {"about": 1}}, True),
        ({"qualifiers": {"nearly": 1}}, True),
        ({"is_open_ended": True}, True),
        ({"high": "60"}, True),
        ({"low": "0"}, True),
    ],
)
def test_ranges_and_doubtful_ends_are_soft(members, is_soft):
    total = made_up_sum("items", None, "kite", 40, 40) | members
    assert bool(filled(promise_bar(bars_of_totals(made_up_totals([total], []))), "soft-stop")) == is_soft


@by_width
def test_the_deadline_is_a_line_at_what_was_promised(width):
    totals = made_up_totals(
        [made_up_sum("items", None, "kite", 40, 40)], [made_up_ladder("items", None, "kite", delivered=(10, 10))]
    )
    picture = promise_bar(bars_of_totals(totals), width, due=date_shape("2024-07"), is_overdue=True)
    promised = rects(picture, "sure")[0]
    end = float(promised["x"]) + float(promised["width"])
    lines = rects(picture, "deadline")
    assert len(lines) == 2 and all(float(line["d"][1:].split()[0]) == pytest.approx(end, abs=1) for line in lines)
    assert "Overdue: due July 2024." in picture.description
    assert not rects(promise_bar(bars_of_totals(totals), width), "deadline")


@by_width
def test_labels_never_overlap(width):
    picture = promise_bar(bars_of_totals(TOTALS), width, due=date_shape("2024-06-15/2024-07-08"), is_overdue=True)
    assert overlapping_labels(picture.labels) == []
    assert all(box.right <= width for box in picture.labels)


def test_groups_are_bars_on_one_scale():
    groups = [
        {
            "key": {"party": party},
            "matched": count,
            "included": {"count": count, "sums": [made_up_sum("money", "EUR", None, count, count)]},
        }
        for party, count in ((None, 7), (RURITANIA, 3))
    ]
    [bar] = bars_of_groups({"groups": groups}, "party")
    assert [(rung.label, rung.low) for rung in bar.rungs] == [("Ruritania", 3), ("Nobody named", 7)]
