"""Places of a graph's nodes. They depend on the order of the nodes alone, not on the edges, so that a picture changes little.

Wide, the entity asked for stands in the middle, or at the top where others are linked to each other; who and where stand in a
column on the left, what and when in one on the right, each in order of kind and name. Edges run between the columns and cross no
label. A further node moves the others by one row, or by one row and a heading if it is the first of its kind: five hundredths of
the width at most. Narrow, there is one column, and the edges are arcs beside it; a row is a twentieth of the width.

A layout by forces or by crossings would look more like a net, but a further node would turn it over, and long names would
overlap in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from nato_support.pages.pictures.drawing import NARROW
from nato_support.pages.pictures.graph_elements import NodeKey, PictureGraph, PictureNode

ROW_WIDE, HEADING, ROW_NARROW = 20, 26, 18
LEFT_X, ROOT_X, RIGHT_X = 274, 426, 578
"""Places of the markers of both columns, and of the middle of the root. What and when have longer names than who and where."""
NARROW_X = 92
MARGIN = 12
ROOT_ROOM = 168
"""Width of the box of the root, and what is kept free around it."""
_BENEATH_ROOT = 16
_LEFT_KINDS = ("organisation", "facility", "person", "post")


class Place(NamedTuple):
    """Middle of a node's marker."""

    x: float
    y: float
    side: int
    """-1 in the left column, 1 in the right one, 0 for the root in the middle."""


class Heading(NamedTuple):
    x: float
    y: float
    side: int
    kind: str


class GraphLayout(NamedTuple):
    places: Mapping[NodeKey, Place]
    headings: Sequence[Heading]
    height: float
    """Lower end of what is placed."""
    is_root_above: bool
    """The root stands above the columns, not between them."""


def lay_out(graph: PictureGraph, width: int, root_height: float, *, is_root_above: bool = False) -> GraphLayout:
    """Return the places of all nodes for a width; `root_height` is the height of the root's box, 0 without a root."""
    return _one_column(graph) if width <= NARROW else _two_columns(graph, root_height, is_root_above)


def _one_column(graph: PictureGraph) -> GraphLayout:
    nodes = ([graph.root] if graph.root else []) + list(graph.nodes)
    places = {node.key: Place(NARROW_X, MARGIN + ROW_NARROW * (at + 0.5), 1) for at, node in enumerate(nodes)}
    return GraphLayout(places, (), MARGIN + ROW_NARROW * len(nodes), False)


def _two_columns(graph: PictureGraph, root_height: float, is_root_above: bool) -> GraphLayout:
    left = [node for node in graph.nodes if node.kind in _LEFT_KINDS]
    right = [node for node in graph.nodes if node.kind not in _LEFT_KINDS]
    columns = ((left, LEFT_X, -1), (right, RIGHT_X, 1))
    columns_height = max(_column_height(nodes) for nodes, _, _ in columns)
    top = MARGIN + (
        root_height + _BENEATH_ROOT if is_root_above and root_height else max(0.0, (root_height - columns_height) / 2)
    )
    middle = top + columns_height / 2
    places: dict[NodeKey, Place] = {}
    headings: list[Heading] = []
    for nodes, x, side in columns:
        y = middle - _column_height(nodes) / 2
        kind = ""
        for node in nodes:
            if node.kind != kind:
                kind = node.kind
                headings.append(Heading(x, y + HEADING - 8, side, kind))
                y += HEADING
            places[node.key] = Place(x, y + ROW_WIDE / 2, side)
            y += ROW_WIDE
    if graph.root:
        places[graph.root.key] = Place(ROOT_X, MARGIN + root_height / 2 if is_root_above else middle, 0)
    return GraphLayout(places, headings, max(middle + columns_height / 2, MARGIN + root_height), is_root_above)


def _column_height(nodes: Iterable[PictureNode]) -> float:
    kinds = [node.kind for node in nodes]
    return ROW_WIDE * len(kinds) + HEADING * len(set(kinds))
