"""`graph/<slug>/`: the entities around an entity, as nodes and edges, each edge with its evidence."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from entities.citable_fields import MANY_VALUED_FIELDS
from entities.dates import InForce, days_in_force, in_force_within
from entities.serializers import ENTITY_KINDS, PLURALS, date_shape_bounds
from entities.vocabulary import Modality
from nato_support.api import parameters as p
from nato_support.api import record_queries
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import AS_OF_PARAMETER, RELATION_TYPES
from nato_support.api.graph_queries import (
    EdgeEdition,
    NamingTerm,
    edge_editions_by_id,
    fetch_public_editions,
    newest_edition_ids_by_term,
    relation_condition_sql,
)
from nato_support.api.graph_shapes import MAX_CITATIONS, MAX_EDGES, MAX_EDGES_OF_ONE_TYPE, MAX_NODES
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import merged_redirect
from nato_support.api.reference_and_citation_members import RecordKey, citation_members, record_reference
from nato_support.api.unknown_values import AskedValue, LookupScope, unknown_members

MAX_DEPTH = 3
REFERENCE_FIELDS = {
    "announced_at": ("commitment", "was announced at"),
    "beneficiary": ("commitment", "benefits"),
    "committed_by": ("commitment", "was committed by"),
    "concerns": ("commitment", "concerns"),
    "event": ("commitment", "has a milestone at"),
    "facility": ("commitment", "creates or uses"),
    "operator": ("facility", "is operated by"),
    "organisation": ("post", "is a position in"),
    "part_of": ("commitment", "is part of"),
}
"""Field by which an entity names another -> the kind that has the field, and the label of the edge."""
FIELDS_BY_TARGET_KIND = {
    "organisation": ("beneficiary", "committed_by", "concerns", "operator", "organisation"),
    "event": ("announced_at", "event"),
    "facility": ("facility",),
    "commitment": ("part_of",),
}
_MAX_EDITIONS_PER_LEVEL = 2 * MAX_EDGES
"""Most editions read for one level."""
# SQLite joins no more than 500 selects.
_TERMS_PER_STATEMENT = 400

_DEPTH_PARAMETER = p.number_parameter("depth", "Maximum distance of nodes from the entity, in steps.", MAX_DEPTH, 1)
_TYPE_PARAMETER = p.pattern_parameter(
    "type",
    f"Only edges of this type: a type of relation, such as part-of, or one of {', '.join(REFERENCE_FIELDS)}.",
    "[a-z0-9]+([-_][a-z0-9]+)*",
    example="part-of",
    lookup=RELATION_TYPES._replace(known_words=lambda kinds: {*REFERENCE_FIELDS}),
)
_KIND_PARAMETER = p.choice_parameter("kind", "Only edges to nodes of this kind.", ENTITY_KINDS)
_ACTIVE_ON_PARAMETER = p.date_parameter(
    "active_on",
    "Only edges in force at this time, whenever that was stated, and those of which it is not known: without a start, or only"
    " claimed. Nothing planned is in force.",
)
_MODALITY_PARAMETER = p.choice_parameter(
    "modality", "Only relations of this modality: in force, planned, expected, conditional or claimed.", Modality.values
)
GRAPH_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        _DEPTH_PARAMETER,
        _TYPE_PARAMETER,
        _KIND_PARAMETER,
        _MODALITY_PARAMETER,
        _ACTIVE_ON_PARAMETER,
        AS_OF_PARAMETER,
    )
}


@dataclass(slots=True)
class _GraphNode:
    reference: dict
    depth: int
    is_expanded: bool = False
    further_edges: list[dict] = field(default_factory=list)
    """Type and href of edges that are too many to show."""


@dataclass
class _GraphRequest:
    depth: int
    types: tuple[str, ...]
    kinds: tuple[str, ...]
    modalities: tuple[str, ...]
    active_from: str
    active_until: str
    release: int | None


@dataclass
class _EntityGraph:
    """Graph under construction. Edges keep their edition as `evidence` until all are known."""

    nodes: dict[RecordKey, _GraphNode] = field(default_factory=dict)
    edges: dict[tuple, dict] = field(default_factory=dict)
    is_truncated: bool = False
    cut_nodes: set[RecordKey] = field(default_factory=set)
    """Nodes some of whose edges are left out because the graph is full."""


def graph_response(request: ApiRequest, slug: str) -> ApiResponse:
    """Return the graph around an entity. Raises a problem if it is unknown, withdrawn or merged."""
    values, _ = p.read_parameters(request.query_string, GRAPH_PARAMETERS)
    active_from, active_until = values.get("active_on", ("", ""))
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else None
    try:
        entity = record_queries.find_record(ENTITY_KINDS, slug, release)
    except record_queries.MergedRecord as merged:
        raise merged_redirect(
            f"/api/v1/graph/{merged.survivor}/", request.query_string, slug=slug, merged_into=merged.survivor
        ) from None
    graph_request = _GraphRequest(
        int(values.get("depth", ("1",))[0]),
        values.get("type", ()),
        values.get("kind", ()),
        values.get("modality", ()),
        active_from,
        active_until,
        release if release != request.register.release else None,
    )
    graph = _build_graph(EdgeEdition(json.loads(entity.document), entity.evidence), graph_request)
    meta = {"release": release or request.register.release} | _judgement_members(graph, graph_request)
    return ApiResponse(json_bytes(_graph_members(graph) | {"meta": meta}))


def neighbourhood(entity: EdgeEdition) -> dict[str, Any]:
    """Return what `graph/` answers for a live entity, without `meta`, in three statements."""
    return _graph_members(_build_graph(entity, _GraphRequest(1, (), (), (), "", "", None)))


def _graph_members(graph: _EntityGraph) -> dict[str, Any]:
    root, *_ = graph.nodes.values()
    return {
        "root": root.reference,
        "nodes": [
            node.reference | {"depth": node.depth, "is_expanded": node.is_expanded, "more": node.further_edges}
            for node in graph.nodes.values()
        ],
        "edges": list(graph.edges.values()),
        "is_truncated": graph.is_truncated or bool(graph.cut_nodes),
    }


def _judgement_members(graph: _EntityGraph, graph_request: _GraphRequest) -> dict[str, Any]:
    """Return the members of `meta` that say what could not be judged: types that nothing has, edges perhaps in force."""
    members: dict[str, Any] = {}
    shown_types = {edge["type"] for edge in graph.edges.values()}
    missing_types = [AskedValue(_TYPE_PARAMETER, type, (type,)) for type in dict.fromkeys(graph_request.types)]
    missing_types = [asked for asked in missing_types if asked.text not in shown_types]
    scope = LookupScope(ENTITY_KINDS, GRAPH_PARAMETERS, graph_request.release)
    if unknown := unknown_members(missing_types, {}, scope):
        members["unknown"] = unknown
    if graph_request.active_until:
        perhaps = sum(edge["in_force"] == InForce.NOT_KNOWN for edge in graph.edges.values())
        # Such edges are shown, and so none is left out for that.
        members |= {"left_out": {"in_force_unknown": 0}, "kept": {"in_force_unknown": perhaps}}
    return members


def _build_graph(entity: EdgeEdition, graph_request: _GraphRequest) -> _EntityGraph:
    """Build the graph breadth first: each level is read whole, in a few statements, before the next."""
    key = _reference_key(entity.document)
    graph = _EntityGraph({key: _GraphNode(record_reference(entity.document), 0)})
    level = {key: entity}
    for depth in range(1, graph_request.depth + 1):
        level = _add_edges_and_next_nodes(graph, level, depth, graph_request)
        if not level:
            break
    cite_edges(graph.edges.values())
    return graph


def _add_edges_and_next_nodes(
    graph: _EntityGraph, level: dict[RecordKey, EdgeEdition], depth: int, graph_request: _GraphRequest
) -> dict[RecordKey, EdgeEdition]:
    """Add the edges of the nodes of `level`, and return the nodes that they lead to for the first time."""
    edges = _edges_of_level(level, graph_request, graph)
    new_keys = {end for _, _, ends in edges for end in ends} - graph.nodes.keys()
    known = level | fetch_public_editions(new_keys, graph_request.release)
    next_level: dict[RecordKey, EdgeEdition] = {}
    for key, edge, ends in edges:
        if not all(end in graph.nodes or end in known for end in ends):
            # An entity that is not public, or no longer, must not be named.
            continue
        new_ends = [end for end in ends if end not in graph.nodes]
        if len(graph.nodes) + len(new_ends) > MAX_NODES or len(graph.edges) == MAX_EDGES:
            graph.cut_nodes.add(key)
            continue
        for end in new_ends:
            graph.nodes[end] = _GraphNode(record_reference(known[end].document), depth)
            next_level[end] = known[end]
        graph.edges.setdefault(_edge_identity(edge), edge)
    for key in level:
        graph.nodes[key].is_expanded = key not in graph.cut_nodes
    return next_level


def cite_edges(edges: Iterable[dict]) -> None:
    """Replace the edition that each edge has as `evidence` by its citations, and say which edges are contested."""
    fields_by_record: dict[str, dict] = {}
    for edge in edges:
        edition: EdgeEdition = edge["evidence"]
        if edge["record"] not in fields_by_record:
            fields_by_record[edge["record"]] = json.loads(edition.evidence_json)["evidence"]
        names = _cited_fields_of_edge(edge, edition.document, fields_by_record[edge["record"]])
        edge["contested"] = any(fields_by_record[edge["record"]][name]["contested"] for name in names)
        edge["evidence"] = _edge_evidence(edge, names, fields_by_record[edge["record"]])


def _edges_of_level(
    level: Mapping[RecordKey, EdgeEdition], graph_request: _GraphRequest, graph: _EntityGraph
) -> list[tuple[RecordKey, dict, tuple[RecordKey, RecordKey]]]:
    """Return the edges of the nodes of a level as (node that it was followed from, edge, both ends).

    For each node come first the edges of its own fields, then its relations, then the fields of others that name it.
    """
    keys = list(level)
    naming_editions = _editions_naming_keys(keys, graph_request, graph)
    followed_edges = []
    for key in keys:
        edges = [*own_edges(level[key])]
        for name, edition in naming_editions.get(key, ()):
            edges.append(relation_edge(edition) if name == "entity" else _edge_naming_key(edition, name, key))
        for edge in edges:
            ends = _reference_key(edge["source"]), _reference_key(edge["target"])
            other_end = ends[1] if ends[0] == key else ends[0]
            if _edge_matches(edge, other_end[0], graph_request):
                followed_edges.append((key, edge, ends))
    return followed_edges


def _edge_matches(edge: dict, other_kind: str, graph_request: _GraphRequest) -> bool:
    if (graph_request.types and edge["type"] not in graph_request.types) or (
        graph_request.kinds and other_kind not in graph_request.kinds
    ):
        return False
    if graph_request.modalities and edge["modality"] not in graph_request.modalities:
        return False
    if not graph_request.active_until:
        return True
    start, end = edge["start"], edge["end"]
    days = days_in_force(date_shape_bounds(start)[0] if start else None, date_shape_bounds(end)[1] if end else None)
    modality = edge["modality"] or Modality.IN_FORCE
    answer = in_force_within(days, graph_request.active_from, graph_request.active_until, modality)
    edge["in_force"] = answer.value
    return answer != InForce.NO


def _editions_naming_keys(
    keys: Sequence[RecordKey], graph_request: _GraphRequest, graph: _EntityGraph
) -> dict[RecordKey, list[tuple[str, EdgeEdition]]]:
    """Return, for each of `keys`, (field, edition) of the editions that name it, the newest of each field first.

    The field of a relation is `entity`. Nodes with too many editions are marked in `graph`.
    """
    searches = [
        (key, name)
        for key in keys
        for name in ("entity", *FIELDS_BY_TARGET_KIND.get(key[0], ()))
        if _field_may_match(name, graph_request)
    ]
    relation_condition = relation_condition_sql(graph_request.types, graph_request.kinds)
    editions_by_key: dict[RecordKey, list[tuple[str, EdgeEdition]]] = {}
    editions_left = _MAX_EDITIONS_PER_LEVEL
    for at in range(0, len(searches), _TERMS_PER_STATEMENT):
        batch = searches[at : at + _TERMS_PER_STATEMENT]
        terms = [
            NamingTerm(name, "/".join(key), "relation" if name == "entity" else REFERENCE_FIELDS[name][0]) for key, name in batch
        ]
        ids = newest_edition_ids_by_term(terms, relation_condition, graph_request.release, MAX_EDGES_OF_ONE_TYPE + 1)
        graph.cut_nodes |= {batch[position][0] for position, _ in ids[editions_left:]}
        ids = ids[:editions_left]
        editions_left -= len(ids)
        editions = edge_editions_by_id({id for _, id in ids})
        counts: dict[int, int] = {}
        for position, id in ids:
            key, name = batch[position]
            counts[position] = counts.get(position, 0) + 1
            if counts[position] <= MAX_EDGES_OF_ONE_TYPE:
                editions_by_key.setdefault(key, []).append((name, editions[id]))
            else:
                graph.is_truncated = True
                graph.nodes[key].further_edges.append(
                    {"type": "relation" if name == "entity" else name, "href": _path_of_full_edge_list(key, name, graph_request)}
                )
    return editions_by_key


def _field_may_match(field: str, graph_request: _GraphRequest) -> bool:
    """Return whether edges of this field can match the request."""
    if field == "entity":
        return not graph_request.types or not set(graph_request.types) <= REFERENCE_FIELDS.keys()
    return (not graph_request.types or field in graph_request.types) and (
        not graph_request.kinds or REFERENCE_FIELDS[field][0] in graph_request.kinds
    )


def own_edges(edition: EdgeEdition) -> Iterable[dict]:
    """Yield the edges of an entity's own fields. Each has the edition as `evidence`."""
    document = edition.document
    for name, (_, label) in REFERENCE_FIELDS.items():
        if name == "event":
            targets = [milestone["event"] for milestone in document.get("milestones", ())]
        else:
            value = document.get(name)
            targets = value if isinstance(value, list) else [value]
        seen = set()
        for target in targets:
            if target and target["slug"] not in seen:
                seen.add(target["slug"])
                yield _edge_members(name, label, record_reference(document), record_reference(target), edition)


def _edge_naming_key(edition: EdgeEdition, field: str, key: RecordKey) -> dict:
    """Return the edge by which an edition names `key`, with the name that it gives it."""
    for edge in own_edges(edition):
        if edge["type"] == field and _reference_key(edge["target"]) == key:
            return edge
    raise LookupError(f"{_reference_key(edition.document)} does not name {key} as {field}")


def relation_edge(edition: EdgeEdition) -> dict:
    """Return the edge that a relation is. It has the edition as `evidence`."""
    document = edition.document
    # An earlier edition may have none of what came later.
    label = document.get("label") or document["type"]["label"]
    edge = _edge_members(document["type"]["slug"], label, document["subject"], document["object"], edition)
    return edge | {
        "modality": document.get("modality", Modality.IN_FORCE.value),
        "role": document["role"],
        "start": document["start"],
        "end": document["end"],
        "attested": document.get("attested", []),
    }


def _edge_members(type: str, label: str, source: dict, target: dict, edition: EdgeEdition) -> dict:
    dates = [milestone["date"] for milestone in edition.document.get("milestones", ()) if milestone["date"]]
    return {
        "type": type,
        "label": label,
        "source": source,
        "target": target,
        "modality": None,
        "role": None,
        # A milestone that is open to the past is not taken for the first.
        "start": min(dates, key=lambda date: (date["earliest"] is None, *date_shape_bounds(date)), default=None),
        "end": None,
        "attested": [],
        "in_force": None,
        "contested": False,
        "record": edition.document["href"],
        "evidence": edition,
    }


def _cited_fields_of_edge(edge: Mapping[str, Any], document: dict, fields: Mapping[str, dict]) -> list[str]:
    """Return the fields of the record of an edge that concern this edge; `fields` is the record's evidence."""
    if document["kind"] == "relation":
        return list(fields)
    if edge["type"] == "event":
        slug = edge["target"]["slug"]
        keys = {
            milestone["key"] for milestone in document["milestones"] if milestone["event"] and milestone["event"]["slug"] == slug
        }
        return [name for name in fields if name.partition(".")[2] in keys and name.startswith("milestones.")]
    return [edge["type"]] if edge["type"] in fields else []


def _edge_evidence(edge: Mapping[str, Any], names: Iterable[str], fields: Mapping[str, dict]) -> list[dict]:
    """Return the citations of the fields `names` that concern an edge; `fields` is the evidence of its record."""
    return [
        citation_members(name, citation)
        for name in names
        for citation in fields[name]["citations"]
        # Each of several organisations has citations of its own.
        if edge["type"] not in MANY_VALUED_FIELDS or citation["value"] == edge["target"]["slug"]
    ][:MAX_CITATIONS]


def _path_of_full_edge_list(key: RecordKey, field: str, graph_request: _GraphRequest) -> str:
    as_of = f"&as_of=release:{graph_request.release}" if graph_request.release else ""
    if field == "entity":
        return f"/api/v1/relations/?entity={'/'.join(key)}{as_of}"
    return f"/api/v1/{PLURALS[REFERENCE_FIELDS[field][0]]}/?{field}={key[1]}{as_of}"


def _reference_key(reference: Mapping[str, Any]) -> RecordKey:
    return reference["kind"], reference["slug"]


def _edge_identity(edge: Mapping[str, Any]) -> tuple:
    return edge["record"], edge["type"], _reference_key(edge["source"]), _reference_key(edge["target"])
