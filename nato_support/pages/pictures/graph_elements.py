"""Nodes and edges of a graph picture, from an answer of `graph/`; beyond `MAX_SINGLE_NODES` they are grouped by kind and type."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import ngettext

from entities.vocabulary import Modality
from nato_support.pages.page_urls import fact_anchor, page_path
from nato_support.pages.pictures.links import list_path
from nato_support.pages.pictures.states import STATES, shown_name
from nato_support.pages.pictures.words import KIND_HEADINGS, capitalised, date_words, edge_label, list_words, type_label

MAX_SINGLE_NODES = 60
"""Most nodes that are drawn one by one."""
NodeKey = tuple[str, ...]
"""(kind, slug) of an entity; (kind, type, "") of a group."""
_MODALITIES = tuple(Modality.values)
_KIND_ORDER = {kind: at for at, kind in enumerate(KIND_HEADINGS)}
_MAX_LABELS_TOLD = 3


class PictureNode(NamedTuple):
    """An entity, or a group of entities of a kind and type."""

    key: NodeKey
    kind: str
    label: str
    href: str
    number: int
    """Entities that it stands for."""
    note: str = ""
    """What of it is not public as it is drawn; empty if all is."""


class PictureEdge(NamedTuple):
    """An edge of the answer, or all edges of a modality from one group to another."""

    source: NodeKey
    target: NodeKey
    modality: str
    """Empty for the field of an entity, which is told as a fact."""
    label: str
    href: str
    contested: bool
    in_force_unknown: bool
    """It is not known whether it was in force on the day asked for."""
    number: int
    """Edges that it stands for."""
    sentence: str = ""
    """What a single edge says."""
    attested: str = ""
    """Days on which sources state it, in words, if it is not known whether it was in force."""
    state: str = ""
    """One of STATES, if it is not public as it is drawn."""

    @property
    def ends(self) -> tuple[NodeKey, NodeKey]:
        """Both ends, in an order that does not depend on the direction."""
        return (self.source, self.target) if self.source <= self.target else (self.target, self.source)


class PictureGraph(NamedTuple):
    """What is drawn, in the order in which it is drawn."""

    root: PictureNode | None
    nodes: Sequence[PictureNode]
    """All but the root: by kind, then by name."""
    edges: Sequence[PictureEdge]
    is_grouped: bool


def picture_graph(graph: Mapping[str, Any]) -> PictureGraph:
    """Return what is drawn of an answer of `graph/`.

    Its nodes may have a `type` too, by which they are grouped within their kind; and its `root` may be None.
    """
    root_key = _reference_key(graph["root"]) if graph["root"] else None
    nodes = {_reference_key(node): node for node in graph["nodes"]}
    root = _single_node(nodes.pop(root_key)) if root_key in nodes else None
    is_grouped = len(graph["nodes"]) > MAX_SINGLE_NODES
    if is_grouped:
        key_of, picture_nodes = _grouped_nodes(nodes)
    else:
        key_of, picture_nodes = {key: key for key in nodes}, [_single_node(node) for node in nodes.values()]
    if root:
        key_of[root.key] = root.key
    edges = [
        edge for edge in graph["edges"] if _reference_key(edge["source"]) in key_of and _reference_key(edge["target"]) in key_of
    ]
    picture_edges = _joined_edges(edges, key_of) if is_grouped else [_single_edge(edge) for edge in edges]
    return PictureGraph(root, sorted(picture_nodes, key=_node_order), sorted(picture_edges), is_grouped)


def ordered_edges(graph: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the edges of the answer by the names of their ends, for a table."""
    return sorted(graph["edges"], key=lambda edge: (edge["source"]["name"], edge["type"], edge["target"]["name"], edge["record"]))


def edge_sentence(edge: Mapping[str, Any]) -> str:
    """Return an edge of the answer as a sentence without a full stop."""
    source, label, target = shown_name(edge["source"]), edge_label(edge), shown_name(edge["target"])
    words = _label_with_state(edge)
    if label != edge["label"]:
        # A noun in place of the verb: dashes set it off from the names, which stand as they are in their language.
        return f"{source} – {words} – {target}"
    return f"{source} {words} {target}"


def _label_with_state(edge: Mapping[str, Any]) -> str:
    label, state = edge_label(edge), edge.get("state")
    return f"{label} ({STATES[state].words})" if state else label


def _single_node(node: Mapping[str, Any]) -> PictureNode:
    return PictureNode(_reference_key(node), node["kind"], node["name"], page_path(node["href"]), 1, _state_note([node]))


def _single_edge(edge: Mapping[str, Any]) -> PictureEdge:
    href = page_path(edge["record"])
    # The step at an event is one milestone of several: the field that its quotes are for.
    cited_field = next((citation["field"] for citation in edge["evidence"] if "field" in citation), edge["type"])
    return PictureEdge(
        _reference_key(edge["source"]),
        _reference_key(edge["target"]),
        edge["modality"] or "",
        _label_with_state(edge),
        # The field of an entity is one fact among others of its page.
        href if edge["modality"] else f"{href}#{fact_anchor(cited_field)}",
        edge["contested"],
        edge["in_force"] == "not_known",
        1,
        edge_sentence(edge),
        list_words([date_words(day) for day in edge["attested"]], 3) if edge["in_force"] == "not_known" else "",
        edge.get("state", ""),
    )


def _state_note(nodes: Sequence[Mapping[str, Any]]) -> str:
    """Return the state of a single entity, or how many of a group are in which state; empty if all are public."""
    counts = Counter(node["state"] for node in nodes if node.get("state"))
    words = [(str(state.words), counts[name]) for name, state in STATES.items() if counts[name]]
    return list_words([text if len(nodes) == 1 else f"{count} {text}" for text, count in words], len(words))


def _grouped_nodes(nodes: Mapping[NodeKey, Mapping[str, Any]]) -> tuple[dict[NodeKey, NodeKey], list[PictureNode]]:
    """Return the key of each node's group, and the groups. An entity that is the only one of its type stands for itself."""
    members: dict[NodeKey, list[Mapping[str, Any]]] = {}
    for node in nodes.values():
        members.setdefault((node["kind"], node.get("type") or "", ""), []).append(node)
    key_of: dict[NodeKey, NodeKey] = {}
    groups: list[PictureNode] = []
    for key, group in members.items():
        if len(group) == 1:
            groups.append(_single_node(group[0]))
        else:
            kind, type, _ = key
            label = capitalised(type_label(kind, type)) if type else str(KIND_HEADINGS.get(kind, kind))
            path = list_path(page_path(group[0]["href"]), kind, type)
            groups.append(PictureNode(key, kind, label, path, len(group), _state_note(group)))
        for node in group:
            key_of[_reference_key(node)] = groups[-1].key
    return key_of, groups


def _joined_edges(edges: Iterable[Mapping[str, Any]], key_of: Mapping[NodeKey, NodeKey]) -> list[PictureEdge]:
    """Join the edges between the same two nodes into one for each direction and modality."""
    joined: dict[tuple[NodeKey, NodeKey, str], list[Mapping[str, Any]]] = {}
    for edge in edges:
        ends = key_of[_reference_key(edge["source"])], key_of[_reference_key(edge["target"])]
        joined.setdefault((*ends, edge["modality"] or ""), []).append(edge)
    return [
        _single_edge(group[0])._replace(source=source, target=target)
        if len(group) == 1
        else PictureEdge(
            source,
            target,
            modality,
            _label_of_joined_edges(group),
            f"#{edge_anchor(group)}",
            any(edge["contested"] for edge in group),
            any(edge["in_force"] == "not_known" for edge in group),
            len(group),
            # A line for several is marked if none of them is public as it is drawn.
            state=group[0].get("state", "") if len({edge.get("state", "") for edge in group}) == 1 else "",
        )
        for (source, target, modality), group in joined.items()
    ]


def edge_anchor(edges: Sequence[Mapping[str, Any]]) -> str:
    """Return the id of the first of these edges in the table beneath the picture."""
    return min(row_anchor(edge) for edge in edges)


def row_anchor(edge: Mapping[str, Any]) -> str:
    """Return the id of an edge's row in the table beneath the picture."""
    return f"edge-{edge['record'].rstrip('/').rpartition('/')[2]}-{edge['type']}-{edge['target']['slug']}"


def _label_of_joined_edges(edges: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(edge_label(edge) for edge in edges)
    parts = [f"{label} ({count})" for label, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    links = ngettext("%(count)s link", "%(count)s links", len(edges)) % {"count": len(edges)}
    return f"{links}: {list_words(parts, _MAX_LABELS_TOLD)}"


def _reference_key(reference: Mapping[str, Any]) -> NodeKey:
    return reference["kind"], reference["slug"]


def _node_order(node: PictureNode) -> tuple:
    return _KIND_ORDER.get(node.kind, len(_KIND_ORDER)), node.label.casefold(), node.key
