"""Shapes of countries in the frames of the maps. Whose they are: region_shapes.LICENSE; how they are made: make_region_shapes."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

SHAPES_PATH = Path(__file__).with_name("region_shapes.json")
UNITS_PER_DEGREE = 40

Point = tuple[float, float]
"""Longitude and latitude, or x and y."""


class Shapes(NamedTuple):
    """The countries in a frame."""

    lines: Sequence[Sequence[Point]]
    """Borders and coasts, as longitudes and latitudes."""
    countries: Mapping[str, Sequence[Sequence[int]]]
    """ISO 3166-1 alpha-2 -> its rings: numbers of lines, ~n for line n backwards."""


@cache
def shapes(frame_name: str) -> Shapes:
    """Return the shapes in a frame."""
    stored = json.loads(SHAPES_PATH.read_text())[frame_name]
    lines = [
        list(
            zip(
                (x / UNITS_PER_DEGREE for x in accumulate(steps[::2])),
                (y / UNITS_PER_DEGREE for y in accumulate(steps[1::2])),
                strict=True,
            )
        )
        for steps in stored["lines"]
    ]
    return Shapes(lines, stored["countries"])


def ring_points(lines: Sequence[Sequence[Point]], ring: Sequence[int]) -> list[Point]:
    """Return the points of a ring, each once."""
    points: list[Point] = []
    for line in ring:
        points += lines[line][:-1] if line >= 0 else lines[~line][:0:-1]
    return points


def is_within(point: Point, rings: Sequence[Sequence[Point]]) -> bool:
    """Return whether a point lies within rings: in an odd number of them, so that a ring within another one is a hole."""
    x, y = point
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
    return inside


def country_at(frame_name: str, latitude: float, longitude: float) -> str | None:
    """Return the country of a frame in which a place lies, None at sea."""
    lines, countries = shapes(frame_name)
    for code, rings in countries.items():
        if is_within((longitude, latitude), [ring_points(lines, ring) for ring in rings]):
            return code
    return None
