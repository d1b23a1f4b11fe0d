"""Shapes of countries: whose land is whose, at the size in which maps draw it too, and how a place lies on a map."""

import pytest

from nato_support.pages.pictures.drawing import NARROW, WIDE
from nato_support.pages.pictures.map_land import _rings
from nato_support.pages.pictures.map_lines import reduce_line
from nato_support.pages.pictures.map_projection import EUROPE, EUROPE_ALONE, NORTH_AMERICA
from nato_support.pages.pictures.region_shapes import SHAPES_PATH, country_at, is_within

PLACES = [
    ("Simferopol", 44.95, 34.10, "UA"),
    ("Sevastopol", 44.60, 33.53, "UA"),
    ("Kerch", 45.35, 36.40, "UA"),
    ("Dzhankoi", 45.71, 34.39, "UA"),
    ("Donetsk", 48.00, 37.80, "UA"),
    ("Kyiv", 50.45, 30.52, "UA"),
    ("Krasnodar", 45.04, 38.98, "RU"),
    ("Kaliningrad", 54.71, 20.51, "RU"),
    ("Tiraspol", 46.90, 29.62, "MD"),
    ("Sukhumi", 43.05, 41.10, "GE"),
    ("the north of Cyprus", 35.25, 33.45, "CY"),
    ("Bydgoszcz", 53.12, 18.01, "PL"),
    ("Wiesbaden", 50.09, 8.24, "DE"),
    ("Reykholt", 64.66, -21.29, "IS"),
    ("the middle of the Black Sea", 43.30, 34.00, None),
]


@pytest.mark.parametrize(("name", "latitude", "longitude", "country"), PLACES)
def test_a_place_lies_in_its_country(name, latitude, longitude, country):
    assert country_at("europe", latitude, longitude) == country


@pytest.mark.parametrize(("frame", "width"), [(EUROPE, WIDE), (EUROPE_ALONE, NARROW)])
@pytest.mark.parametrize(("name", "latitude", "longitude", "country"), PLACES[:2])
def test_crimea_is_drawn_in_ukraine(frame, width, name, latitude, longitude, country):
    drawn = [code for code, rings in _rings(frame, width).items() if is_within(frame.position(latitude, longitude, width), rings)]
    assert drawn == [country]


def test_the_shapes_are_a_small_file():
    assert SHAPES_PATH.stat().st_size < 60_000


EDGES = [(64.1, -21.9), (38.7, -9.1), (71.1, 25.8), (56.8, 60.6), (40.4, 49.9), (35.2, 33.4), (36.8, 10.2)]
"""Reykjavík, Lisbon, the North Cape, Yekaterinburg, Baku, Cyprus and Tunis."""


def test_frames_hold_the_region_and_are_true_to_directions():
    for latitude, longitude in EDGES:
        assert EUROPE.holds(latitude, longitude)
    assert NORTH_AMERICA.holds(38.9, -77.04)
    for latitude, longitude in [(38.9, -77.04), (35.7, 139.7), (-33.9, 18.4), (-89.0, 0.0)]:
        assert not EUROPE.holds(latitude, longitude)
    for frame, (north, south) in ((EUROPE, (50.45, 46.5)), (NORTH_AMERICA, (45.0, 30.0))):
        meridian = frame.projection.meridian
        (x, y), (x2, y2) = frame.position(north, meridian, 500), frame.position(south, meridian, 500)
        assert x == pytest.approx(x2) and y < y2
    # From Wiesbaden to Vilnius it is 1,260 km.
    (x, y), (x2, y2) = EUROPE.position(50.09, 8.24, EUROPE.breadth), EUROPE.position(54.69, 25.28, EUROPE.breadth)
    assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 == pytest.approx(1260, rel=0.03)


def test_a_line_keeps_its_ends_and_what_can_be_seen():
    line = [(0.0, 0.0), (5.0, 0.01), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    assert reduce_line(line, 1.0) == [0, 2, 3, 4, 5]
    assert reduce_line(line, 1000.0)[0] == 0 and len(reduce_line(line, 1000.0)) == 4
    assert reduce_line(line[:-1], 1000.0) == [0, 4]
    assert reduce_line(line[:-1], lambda at: 1000.0 if at == 1 else 0.001) == [0, 2, 3, 4]
