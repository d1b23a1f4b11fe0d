"""Lines of a graph's edges, between places of its layout."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from nato_support.pages.pictures.graph_elements import NodeKey, PictureEdge
from nato_support.pages.pictures.graph_layout import ROOT_ROOM, GraphLayout, Place

GAP = 8
"""Space between the middle of a marker and the end of a line."""
_PARALLEL = 7
"""Space between lines with the same ends."""


def edge_paths(edges: Sequence[PictureEdge], layout: GraphLayout, is_narrow: bool, root_height: float) -> Iterator[str]:
    """Yield the path of each edge, from its source to its target."""
    numbers: dict[tuple[NodeKey, NodeKey], int] = defaultdict(int)
    longest = max((abs(layout.places[edge.source].y - layout.places[edge.target].y) for edge in edges), default=0) or 1
    for edge in edges:
        number = numbers[edge.ends]
        numbers[edge.ends] += 1
        source, target = layout.places[edge.source], layout.places[edge.target]
        if is_narrow:
            yield _arc_beside_column(source, target, number, longest)
        elif layout.is_root_above and 0 in (source.side, target.side):
            yield _curve_from_above(source, target, number, root_height)
        else:
            yield _curve_between_columns(source, target, number, root_height)


def _arc_beside_column(source: Place, target: Place, number: int, longest: float) -> str:
    distance = abs(source.y - target.y)
    # The curve reaches three quarters of the way to its control points.
    reach = max(16.0, 102 * (distance / longest) ** 0.75 - _PARALLEL * number)
    x = source.x - GAP
    if source == target:
        return _curve((x, source.y - 4), (x - 24, source.y - 9), (x - 24, source.y + 9), (x, source.y + 4))
    return _curve((x, source.y), (x - reach, source.y), (x - reach, target.y), (x, target.y))


def _curve_between_columns(source: Place, target: Place, number: int, root_height: float) -> str:
    start, end = _port(source, target, number, root_height), _port(target, source, number, root_height)
    if source.side == target.side:
        reach = min(140.0, 24 + 0.3 * abs(source.y - target.y)) + _PARALLEL * number
        inwards = -source.side * reach
        if source == target:
            return _curve(
                (start[0], start[1] - 4),
                (start[0] + inwards, start[1] - 10),
                (start[0] + inwards, end[1] + 10),
                (end[0], end[1] + 4),
            )
        return _curve(start, (start[0] + inwards, start[1]), (end[0] + inwards, end[1]), end)
    bend = (end[0] - start[0]) * 0.5
    return _curve(start, (start[0] + bend, start[1]), (end[0] - bend, end[1]), end)


def _curve_from_above(source: Place, target: Place, number: int, root_height: float) -> str:
    root, node = (source, target) if source.side == 0 else (target, source)
    start = root.x + node.side * (12 + 3 * number), root.y + root_height / 2 + 2
    end = node.x - node.side * GAP, node.y + 3 * number
    points = (start, (start[0], (start[1] + end[1]) / 2 + 20), (end[0] - node.side * 70, end[1]), end)
    return _curve(*points) if source.side == 0 else _curve(*reversed(points))


def _port(place: Place, other: Place, number: int, root_height: float) -> tuple[float, float]:
    """Return the point at which an edge from `place` to `other` begins."""
    if place.side:
        return place.x - place.side * GAP, place.y + 3 * number
    limit = max(0.0, root_height / 2 - 10)
    spread = max(-limit, min(limit, (other.y - place.y) * 0.08))
    return place.x + (other.side or 1) * (ROOT_ROOM / 2 + 2), place.y + spread + 3 * number


def _curve(start: tuple[float, float], first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = round(start[0]), round(start[1])
    points = " ".join(f"{round(to_x) - x} {round(to_y) - y}" for to_x, to_y in (first, second, end))
    return f"M{x} {y}c{points}".replace(" -", "-")
