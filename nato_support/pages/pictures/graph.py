"""Picture of a graph: an entity and what it is linked to, or the whole register."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext, ngettext

from nato_support.pages.pictures.drawing import WIDE, Box, Drawing, Picture, number_text, tag
from nato_support.pages.pictures.graph_elements import (
    NodeKey,
    PictureEdge,
    PictureGraph,
    PictureNode,
    edge_sentence,
    ordered_edges,
    picture_graph,
    row_anchor,
)
from nato_support.pages.pictures.graph_layout import MARGIN, ROOT_ROOM, GraphLayout, Place, lay_out
from nato_support.pages.pictures.graph_paths import GAP, edge_paths
from nato_support.pages.pictures.graph_table import graph_table
from nato_support.pages.pictures.legend import MARKERS, MAX_WEIGHT, add_legend
from nato_support.pages.pictures.states import STATES, state_legend, state_outline
from nato_support.pages.pictures.text_widths import fit_text, text_width, wrap_text
from nato_support.pages.pictures.words import KIND_HEADINGS, list_words, modality_label

_SIZE_WIDE, _SIZE_NARROW, _SIZE_ROOT = 13, 12, 14
_ROOT_LINE, _MAX_ROOT_LINES = 18, 4
_MIN_RELATION_ROOM = 110
"""Least room in which a part of the label of a relation is shown beside a name."""
_MAX_MARKS = 4
_MAX_NAMES_TOLD = 5
_DASHED = ("planned", "expected", "conditional")


def graph_picture(graph: Mapping[str, Any], width: int = WIDE, *, name: str = "graph", on: str = "", depth: int = 1) -> Picture:
    """Draw an answer of `graph/`, or one like it without a root.

    `on` says in words as of which day; `depth` is the one that was asked for. The table has the edges, grouped or not.
    """
    content = picture_graph(graph)
    drawing = Drawing(name, width)
    root_lines = wrap_text(content.root.label, _SIZE_ROOT, ROOT_ROOM - 24, _MAX_ROOT_LINES, bold=True) if content.root else []
    root_lines += [f"({content.root.note})"] if content.root and content.root.note else []
    root_height = len(root_lines) * _ROOT_LINE + 18 if root_lines else 0
    layout = lay_out(content, width, root_height, is_root_above=depth > 1)
    _add_edges(drawing, content, layout, root_height)
    if content.root and not drawing.is_narrow:
        _add_root_box(drawing, content.root, layout.places[content.root.key], root_lines, root_height)
    for heading in layout.headings:
        x = heading.x + heading.side * -6 if heading.side > 0 else heading.x + 6
        drawing.add_label(
            x, heading.y, str(KIND_HEADINGS.get(heading.kind, heading.kind)), 11, anchor=_anchor(heading.side), class_="heading"
        )
    relations = dict(_relations_with_root(content))
    for node in content.nodes:
        _add_node(drawing, node, layout.places[node.key], relations.get(node.key, ""))
    if content.root and drawing.is_narrow:
        _add_node(drawing, content.root, layout.places[content.root.key], "", is_root=True)
    height = add_legend(drawing, layout.height + 16, _legend(content, drawing.is_narrow))
    if graph.get("is_truncated"):
        drawing.add_label(MARGIN, height + 14, gettext("There is more than is drawn here."), 11, class_="quiet")
        height += 20
    title = _title(content, on)
    return drawing.finish(
        height + MARGIN,
        title,
        _description(graph, content),
        *graph_table(graph),
        class_="picture-graph",
        has_links=True,
        row_ids=[row_anchor(edge) for edge in ordered_edges(graph)],
    )


def _add_edges(drawing: Drawing, content: PictureGraph, layout: GraphLayout, root_height: float) -> None:
    arrow = drawing.reference(
        "arrow",
        '<marker id="{id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse"'
        ' orient="auto"><path class="arrow" d="M0 0.5 8 4 0 7.5z"/></marker>',
    )
    names = {node.key: node.label for node in (*content.nodes, *([content.root] if content.root else []))}
    marks: dict[NodeKey, int] = {}
    paths = edge_paths(content.edges, layout, drawing.is_narrow, root_height)
    # No line crosses a mark that was drawn before it.
    marked_last = sorted(zip(content.edges, paths, strict=True), key=lambda item: bool(_marks_of(item[0])))
    for edge, path in marked_last:
        classes = ["edge", f"edge-{edge.modality}"] if edge.modality else ["edge"]
        classes += ["edge-contested"] if edge.contested else []
        classes += [f"edge-weight-{min(edge.number.bit_length(), MAX_WEIGHT)}"] if edge.number > 1 else []
        line = tag(
            "path",
            d=path,
            class_=" ".join(classes),
            stroke_dasharray="6 4" if edge.modality in _DASHED else "0.1 5" if edge.modality == "claimed" else None,
            marker_end=arrow if edge.number == 1 else None,
        )
        content_of_link = tag("title", escape(_edge_title(edge, names))) + line
        if edge.number == 1:
            # A thin line is hard to hit.
            content_of_link += tag("path", d=path, class_="edge-reach")
        for mark in _marks_of(edge):
            content_of_link += _draw_mark(drawing, edge, content, layout, marks, mark)
        drawing.add("a", content_of_link, href=edge.href, tabindex="-1")


def _edge_title(edge: PictureEdge, names: Mapping[NodeKey, str]) -> str:
    parts = [edge.sentence or f"{names[edge.source]} → {names[edge.target]}: {edge.label}"]
    if edge.modality not in ("", "in_force"):
        parts.append(modality_label(edge.modality))
    if edge.contested:
        parts.append(gettext("sources differ"))
    if edge.in_force_unknown:
        parts.append(gettext("not known whether in force then"))
    if edge.attested:
        parts.append(gettext("stated %(days)s") % {"days": edge.attested})
    return "; ".join(parts)


def _marks_of(edge: PictureEdge) -> list[str]:
    """Return the marks of an edge: that sources differ, or that it is not known whether it is in force; and its state."""
    doubt = "≠" if edge.contested else "?" if edge.in_force_unknown else ""
    return [mark for mark in (doubt, STATES[edge.state].sign if edge.state else "") if mark]


def _draw_mark(
    drawing: Drawing, edge: PictureEdge, content: PictureGraph, layout: GraphLayout, marks: dict[NodeKey, int], mark: str
) -> str:
    """Return the mark of an edge, in the row of an end that is not the root; the line tells of it too where there is no room."""
    key = edge.source if content.root and edge.target == content.root.key else edge.target
    number = marks.get(key, 0)
    marks[key] = number + 1
    if number >= _MAX_MARKS:
        return ""
    place = layout.places[key]
    side = 1 if drawing.is_narrow else place.side
    x = place.x - side * (GAP + 13 + 15 * number)
    return tag(
        "circle",
        cx=float(x),
        cy=float(place.y),
        r=6.5,
        class_={"≠": "mark", "?": "mark mark-unknown"}.get(mark, "mark mark-state"),
    ) + drawing.label(
        x, place.y + 3.6, mark, 10, anchor="middle", bold=True, class_="mark-text" if mark == "≠" else "mark-text mark-unknown"
    )


def _add_root_box(drawing: Drawing, root: PictureNode, place: Place, lines: list[str], height: float) -> None:
    box = tag(
        "rect",
        x=place.x - ROOT_ROOM / 2,
        y=place.y - height / 2,
        width=float(ROOT_ROOM),
        height=float(height),
        rx=6,
        class_="root-box",
    )
    first = place.y - (len(lines) - 1) * _ROOT_LINE / 2 + 5
    if root.note:
        box += state_outline(
            Box(place.x - ROOT_ROOM / 2, place.y - height / 2 - 3, place.x + ROOT_ROOM / 2, place.y + height / 2 + 3, "")
        )
    texts = "".join(
        drawing.label(place.x, first + at * _ROOT_LINE, line, _SIZE_ROOT, anchor="middle", bold=True, class_="root-text")
        for at, line in enumerate(lines)
    )
    drawing.add("a", tag("title", escape(root.label)) + box + texts, href=root.href, class_=f"node node-{root.kind}")


def _add_node(drawing: Drawing, node: PictureNode, place: Place, relation: str, *, is_root: bool = False) -> None:
    size = _SIZE_NARROW if drawing.is_narrow else _SIZE_WIDE
    x = place.x + place.side * 13
    room = drawing.width - MARGIN / 2 - x if place.side > 0 else x - MARGIN / 2
    counted = f" · {node.number}" if node.number > 1 else ""
    note = f" ({node.note})" if node.note else ""
    label = fit_text(node.label, size, room - text_width(counted + note, size), bold=is_root)
    rest = room - text_width(label + counted + note, size) - 8
    shown_relation = fit_text(relation, size, rest) if rest >= min(_MIN_RELATION_ROOM, text_width(relation, size)) else ""
    parts: list[tuple[str, str | None]] = [(label, None), (counted, "count"), (note, "quiet")]
    if shown_relation:
        parts = [*parts, (f"  {shown_relation}", "quiet")] if place.side > 0 else [(f"{shown_relation}  ", "quiet"), *parts]
    marker = tag(
        "path",
        d=f"M{number_text(place.x)} {number_text(place.y)}{MARKERS.get(node.kind, MARKERS['organisation'])}",
        class_="marker marker-group" if node.number > 1 else "marker",
    )
    is_whole = label == node.label and shown_relation == relation
    before = len(drawing.labels)
    title = "" if is_whole else tag("title", escape(f"{node.label}: {relation}" if relation else node.label))
    text = drawing.label_of_parts(x, place.y + size * 0.36, parts, size, anchor=_anchor(place.side), bold=is_root)
    if node.note:
        marker = state_outline(drawing.labels[before]) + marker
    drawing.add("a", title + marker + text, href=node.href, class_=f"node node-{node.kind}")


def _relations_with_root(content: PictureGraph) -> Iterator[tuple[NodeKey, str]]:
    """Yield each node with the labels of its edges to or from the root; an arrow says which of the two is its subject."""
    if not content.root:
        return
    labels: dict[NodeKey, list[str]] = {}
    for edge in content.edges:
        if content.root.key in (edge.source, edge.target):
            other = edge.target if edge.source == content.root.key else edge.source
            label = edge.label.partition(": ")[2] if edge.number > 1 else edge.label
            if label not in labels.setdefault(other, []):
                labels[other].append(label)
    for key, found in labels.items():
        yield key, ", ".join(found)


def _anchor(side: int) -> str:
    return "start" if side > 0 else "end"


def _legend(content: PictureGraph, is_narrow: bool) -> list[tuple[str, str]]:
    """Return (sign, words) of what occurs in the picture and is not told beside it."""
    # Wide, the kinds have headings.
    kinds = {node.kind for node in content.nodes} if is_narrow else set()
    modalities = {edge.modality for edge in content.edges}
    lines = [(f"kind:{kind}", str(heading)) for kind, heading in KIND_HEADINGS.items() if kind in kinds]
    if modalities & set(_DASHED):
        lines.append(("dashed", gettext("planned, expected or conditional")))
    if "claimed" in modalities:
        lines.append(("dotted", gettext("claimed by somebody")))
    if any(edge.contested for edge in content.edges):
        lines.append(("≠", gettext("sources differ")))
    if any(edge.in_force_unknown for edge in content.edges):
        lines.append(("?", gettext("not known whether in force then")))
    if any(edge.number > 1 for edge in content.edges):
        lines.append(("thick", gettext("several links")))
    return [
        *lines,
        *state_legend(
            (node.note for node in (*content.nodes, *filter(None, [content.root]))), (edge.state for edge in content.edges)
        ),
    ]


def _title(content: PictureGraph, on: str) -> str:
    title = gettext("Links of %(name)s") % {"name": content.root.label} if content.root else gettext("The register as a whole")
    return gettext("%(title)s, as of %(day)s") % {"title": title, "day": on} if on else title


def _description(graph: Mapping[str, Any], content: PictureGraph) -> str:
    entities, links = len(graph["nodes"]), len(graph["edges"])
    counts = ngettext("%(count)s entity", "%(count)s entities", entities) % {"count": entities}
    parts = [
        gettext("The picture shows %(entities)s and %(links)s.")
        % {"entities": counts, "links": ngettext("%(count)s link", "%(count)s links", links) % {"count": links}}
    ]
    if content.is_grouped:
        groups = sorted(
            (node for node in content.nodes if node.number > 1), key=lambda node: (-node.number, node.label, node.key)
        )
        told = [", ".join(dict.fromkeys((str(KIND_HEADINGS[node.kind]), node.label))) + f" ({node.number})" for node in groups]
        listed = list_words(told, _MAX_NAMES_TOLD, "; ")
        parts.append(gettext("They are grouped by kind and type: %(groups)s.") % {"groups": listed})
    elif graph["edges"]:
        sentences = [edge_sentence(edge) for edge in ordered_edges(graph)]
        parts.append(list_words(sentences, _MAX_NAMES_TOLD, "; ") + ".")
    planned = sum(edge["modality"] in _DASHED for edge in graph["edges"])
    claimed = sum(edge["modality"] == "claimed" for edge in graph["edges"])
    contested = sum(edge["contested"] for edge in graph["edges"])
    if planned:
        parts.append(
            ngettext("%(count)s link is only planned.", "%(count)s links are only planned.", planned) % {"count": planned}
        )
    if claimed:
        parts.append(
            ngettext("%(count)s link is only claimed.", "%(count)s links are only claimed.", claimed) % {"count": claimed}
        )
    if contested:
        parts.append(
            ngettext("Sources differ on %(count)s link.", "Sources differ on %(count)s links.", contested) % {"count": contested}
        )
    return " ".join(parts)
