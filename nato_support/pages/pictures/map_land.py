"""The ground of a map: countries as paths at the size at which they are drawn, and where in them their names have room."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from nato_support.pages.pictures.map_lines import reduce_line
from nato_support.pages.pictures.map_projection import MapFrame
from nato_support.pages.pictures.region_shapes import Point, ring_points, shapes

UNITS_PER_PIXEL = 3
"""Paths are in whole units, which is shorter: draw them scaled down."""
SUBJECT = "UA"
"""The country that the register is about: it is drawn finer."""
_LEAST_AREA, _LEAST_AREA_OF_SUBJECT, _LEAST_ISLAND = 2.5, 0.5, 4.0
"""In square pixels: what a point must add to its line, and the islands that are left out."""
_ROWS = 24
"""Heights at which room is sought for the name of a country."""
_EDGE = 6.0
"""Pixels that names keep from the edge of the map."""


@cache
def land_paths(frame: MapFrame, width: int) -> Mapping[str, str]:
    """Return the path of each country, in units of which `UNITS_PER_PIXEL` are a pixel."""
    return {code: "".join(map(_path, rings)) for code, rings in _rings(frame, width).items()}


@cache
def name_positions(frame: MapFrame, width: int, code: str, name_width: float, name_height: float) -> Sequence[Point]:
    """Return the middles of boxes for the name of a country that lie in it wholly, the best first."""
    rings = _rings(frame, width).get(code)
    if not rings:
        return []
    # Of a country that reaches beyond the frame, what counts is the part within it.
    height = frame.height(width)
    inside = [[(min(max(x, 0.0), width), min(max(y, 0.0), height)) for x, y in ring] for ring in rings]
    largest = max(inside, key=_area)
    if not _area(largest):
        return []
    middle_x, middle_y = _centre(largest)
    margin = name_height / 2 + _EDGE
    top, bottom = max(margin, min(y for _, y in largest)), min(height - margin, max(y for _, y in largest))
    found = []
    for row in range(_ROWS):
        y = top + (bottom - top) * (row + 0.5) / _ROWS
        for left, right in _room_between(rings, y - name_height / 2, y + name_height / 2):
            left, right = max(left, _EDGE) + name_width / 2, min(right, width - _EDGE) - name_width / 2
            if left <= right:
                x = min(max(middle_x, left), right)
                found.append((abs(x - middle_x) + abs(y - middle_y), x, y))
    return [(x, y) for _, x, y in sorted(found)]


@cache
def _rings(frame: MapFrame, width: int) -> dict[str, list[list[Point]]]:
    """Return the rings of each country in pixels, those alone that are in the frame and large enough to be seen."""
    lines, countries = shapes(frame.name)
    in_pixels = [[frame.position(latitude, longitude, width) for longitude, latitude in line] for line in lines]
    fine = {max(line, ~line) for ring in countries.get(SUBJECT, ()) for line in ring}
    reduced = [
        [line[at] for at in reduce_line(line, _LEAST_AREA_OF_SUBJECT if number in fine else _LEAST_AREA)]
        for number, line in enumerate(in_pixels)
    ]
    rings = {code: [ring_points(reduced, ring) for ring in numbers] for code, numbers in countries.items()}
    return {
        code: seen
        for code, of_country in rings.items()
        if (seen := [ring for ring in of_country if _is_seen(ring, frame, width)])
    }


def _is_seen(ring: Sequence[Point], frame: MapFrame, width: int) -> bool:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    in_frame = max(xs) > 0 and min(xs) < width and max(ys) > 0 and min(ys) < frame.height(width)
    return len(ring) > 2 and in_frame and _area(ring) >= _LEAST_ISLAND


def _path(ring: Sequence[Point]) -> str:
    points = [(round(x * UNITS_PER_PIXEL), round(y * UNITS_PER_PIXEL)) for x, y in ring]
    steps = [(x - x0, y - y0) for (x0, y0), (x, y) in zip(points, points[1:], strict=False) if (x, y) != (x0, y0)]
    # A minus sign parts two numbers as well as a space does.
    numbers = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{numbers}z"


def _pairs(ring: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _area(ring: Sequence[Point]) -> float:
    return abs(sum(x * y2 - x2 * y for (x, y), (x2, y2) in _pairs(ring))) / 2


def _centre(ring: Sequence[Point]) -> Point:
    """Return the centre of gravity of a ring."""
    parts = [((x + x2), (y + y2), x * y2 - x2 * y) for (x, y), (x2, y2) in _pairs(ring)]
    whole = 3 * sum(part for _, _, part in parts)
    return sum(x * part for x, _, part in parts) / whole, sum(y * part for _, y, part in parts) / whole


def _room_between(rings: Sequence[Sequence[Point]], top: float, bottom: float) -> Iterator[tuple[float, float]]:
    """Yield the stretches (left, right) that lie within the rings all the way from `top` to `bottom`."""
    stretches = _stretches(rings, top)
    for y in (bottom, (top + bottom) / 2):
        stretches = [
            (max(left, left2), min(right, right2))
            for left, right in stretches
            for left2, right2 in _stretches(rings, y)
            if max(left, left2) < min(right, right2)
        ]
    yield from stretches


def _stretches(rings: Sequence[Sequence[Point]], y: float) -> list[tuple[float, float]]:
    """Return where a line from side to side is within the rings."""
    crossings = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1) for ring in rings for (x1, y1), (x2, y2) in _pairs(ring) if (y1 > y) != (y2 > y)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))
