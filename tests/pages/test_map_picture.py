"""The map: every facility and event is in a pin or in the list, marks join where they would touch, and no label overlaps."""

import random
import re
from typing import Any

import pytest

from nato_support.pages.pictures.drawing import NARROW, WIDE, overlapping_labels
from nato_support.pages.pictures.map_picture import map_picture, places_table
from nato_support.pages.pictures.map_places import places_of

TOWNS = "Valleytown Harbourton Lakeside Kite-on-Sea Hilltown Nordvik Bad-Ober-Unterstein Rye Mill".split()


def a_record(slug: str, locality: str | None = None, latitude: str | None = None, longitude: str | None = None, **members: Any):
    """A facility or event as a list has it."""
    kind = members.setdefault("kind", "event")
    words = {"slug": slug, "name": slug.replace("-", " ").capitalize(), "href": f"/api/v1/{kind}s/{slug}/", "country": None}
    place = {"locality": locality, "latitude": latitude, "longitude": longitude}
    return words | place | {"type": "meeting" if kind == "event" else "plant"} | members


def made_up_records(count: int, seed: int = 0) -> list[dict]:
    """Records in towns all over the map, several in many, and some without a place or far beyond."""
    chance = random.Random(seed)
    towns = [(f"{chance.choice(TOWNS)} {n}", chance.uniform(34, 70), chance.uniform(-20, 55)) for n in range(count // 2)]
    towns += [("Washington", 38.9, -77.04), ("Tokyo", 35.68, 139.69), ("Cape Town", -33.93, 18.42)]
    records = []
    for number in range(count):
        town, latitude, longitude = chance.choice(towns)
        place = () if number % 5 == 4 else (town, f"{latitude:.2f}", f"{longitude:.2f}")
        records.append(a_record(f"record-{number}", *place, kind=chance.choice(["event", "facility"])))
    return records


@pytest.mark.parametrize("count", [0, 1, 5, 40, 300])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_label_overlaps_and_every_record_is_there_once(count, width):
    records = made_up_records(count, seed=count)
    places = places_of(records)
    listed = [record for pin in places.pins for record in pin.records] + [*places.beyond, *places.unplaced]
    assert sorted(record["slug"] for record in listed) == sorted(record["slug"] for record in records)
    picture = map_picture(records, width)
    assert overlapping_labels(picture.labels) == []
    assert all(box.left >= 0 and box.right <= width and box.bottom <= picture.height for box in picture.labels)
    assert len(picture.rows) == count
    # Every record of a mark is counted in it.
    counts = [int(count) for count in re.findall(r'class="pin-count">(\d+)<', picture.svg)]
    singles = picture.svg.count('class="pin" transform')
    assert sum(counts) + singles == sum(len(pin.records) for pin in places.pins)


def test_records_of_one_place_are_one_pin_and_none_is_lost():
    here = ("Valleytown", "50.45", "30.52")
    records = [
        a_record("talks", *here),
        a_record("mill", *here, kind="facility"),
        a_record("parade", "Washington", "38.9", "-77.04"),
        a_record("fair", "Tokyo", "35.68", "139.69"),
        a_record("rumour"),
    ]
    places = places_of(records)
    assert [(pin.label, [record["slug"] for record in pin.records]) for pin in places.pins] == [
        ("Valleytown", ["mill", "talks"]),
        ("Washington", ["parade"]),
    ]
    assert ([record["slug"] for record in places.beyond], [record["slug"] for record in places.unplaced]) == (
        ["fair"],
        ["rumour"],
    )
    assert places_of(reversed(records)) == places
    _, rows = places_table(places)
    assert [row[3] for row in rows] == ["Mill", "Talks", "Parade", "Fair", "Rumour"]
    picture = map_picture(records)
    assert "3 of 5 facilities and events are on the map." in picture.description
    assert "1 more has no place that a source names" in picture.description and "1 more beyond the map" in picture.description
    # A mark of one leads to its page, one of several to their place in the list.
    assert 'href="/events/parade/"' in picture.svg
    assert f'href="#{places.pins[0].anchor}"' in picture.svg
    assert list(zip(picture.row_ids, [row[3] for row in picture.rows], strict=False)) == [
        (places.pins[0].anchor, "Mill"), ("", "Talks"), (places.pins[1].anchor, "Parade"),
    ]  # fmt: skip


def test_marks_that_would_touch_are_one_and_name_both():
    records = [a_record("talks", "Kyiv", "50.45", "30.52"), a_record("tea", "Irpin", "50.52", "30.25")]
    picture = map_picture(records)
    assert {"2", "Irpin, Kyiv", "several at one place, with their number"} <= {box.text for box in picture.labels}
    assert picture.svg.count("<a ") == 1


def test_what_is_called_strangely_breaks_nothing():
    picture = map_picture([a_record("x", '<b>&"', "50", "20", name="<script>", country="XX")])
    assert "<script>" not in picture.svg and "<b>" not in picture.svg
    assert " style=" not in picture.svg


def test_a_further_record_moves_no_other():
    records = made_up_records(12)
    far_away = a_record("far-away", "Seatown", "57.1", "-20.3")
    before, after = map_picture(records).labels, map_picture([*records, far_away]).labels
    assert set(before) < set(after)


@pytest.mark.usefixtures("register")
@pytest.mark.django_db
@pytest.mark.xdist_group("register")
def test_the_map_of_the_register_has_every_facility_and_event(client):
    records = [row for name in ("facilities", "events") for row in client.get(f"/api/v1/{name}/?page_size=500").json()["results"]]
    places = places_of(records)
    assert {pin.label for pin in places.pins} == {
        "Brussels", "Bydgoszcz", "Kyiv", "Madrid", "Vilnius", "Washington", "Wiesbaden",
    }  # fmt: skip
    assert sum(len(pin.records) for pin in places.pins) + len(places.unplaced) == len(records)
    assert not places.beyond
    # Where a source names a town, and only there.
    assert all((row["latitude"] is None) == (row["locality"] is None) for row in records)
    for width in (WIDE, NARROW):
        picture = map_picture(records, width)
        assert overlapping_labels(picture.labels) == []
        assert len(picture.svg.encode()) < 40_000
