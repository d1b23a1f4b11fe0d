"""`graph/<slug>/`: what an entity is joined with, and that with more, as nodes and edges, each edge with its evidence."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from entities.dates import InForce, days_in_force, in_force_within
from entities.serializers import ENTITY_KINDS, PLURALS
from nato_support.api import parameters as p
from nato_support.api import record_queries
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import AS_OF_PARAMETER
from nato_support.api.graph_shapes import MAX_CITATIONS, MAX_EDGES, MAX_EDGES_OF_ONE_TYPE, MAX_NODES
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import merged_redirect
from nato_support.api.record_references import citation_members, record_reference
from nato_support.api.sql import (
    Sql,
    fetch_rows,
    join_sql,
    public_at_release,
    read_connection,
    records_condition,
    sql_placeholders,
)

MAX_DEPTH = 3
REFERENCE_FIELDS = {
    "announced_at": ("commitment", "was announced at"),
    "beneficiary": ("commitment", "benefits"),
    "committed_by": ("commitment", "was committed by"),
    "event": ("commitment", "has a milestone at"),
    "facility": ("commitment", "creates or uses"),
    "operator": ("facility", "is operated by"),
    "organisation": ("post", "is a position in"),
    "part_of": ("commitment", "is part of"),
}
"""Fields by which entities name each other -> the kind that has it, and how it reads."""
_FIELDS_BY_TARGET_KIND = {
    "organisation": ("beneficiary", "committed_by", "operator", "organisation"),
    "event": ("announced_at", "event"),
    "facility": ("facility",),
    "commitment": ("part_of",),
}
_MAX_EDITIONS_PER_LEVEL = 2 * MAX_EDGES
"""Editions that are read for one level."""
# What one statement may put together; SQLite joins no more than 500 selects.
_SELECTS_PER_STATEMENT = 80

_DEPTH_PARAMETER = p.number_parameter("depth", "How many steps from the entity nodes may be away.", MAX_DEPTH, 1)
_TYPE_PARAMETER = p.pattern_parameter(
    "type",
    f"Edges of this type alone: a type of relation, such as part-of, or one of {', '.join(REFERENCE_FIELDS)}.",
    "[a-z0-9]+([-_][a-z0-9]+)*",
    example="part-of",
)
_KIND_PARAMETER = p.choice_parameter("kind", "Edges to nodes of this kind alone.", ENTITY_KINDS)
_ACTIVE_ON_PARAMETER = p.date_parameter(
    "active_on",
    "What was true then, whenever it was said: edges in force, and those of which nobody knows when they began.",
)
GRAPH_PARAMETERS = {
    one.name: one for one in (_DEPTH_PARAMETER, _TYPE_PARAMETER, _KIND_PARAMETER, _ACTIVE_ON_PARAMETER, AS_OF_PARAMETER)
}

RecordKey = tuple[str, str]
"""Kind and slug."""


class EdgeEdition(NamedTuple):
    """An edition in which an edge stands."""

    document: dict
    evidence_json: str


@dataclass(slots=True)
class _GraphNode:
    reference: dict
    depth: int
    is_expanded: bool = False
    further_edges: list[dict] = field(default_factory=list)


@dataclass
class _GraphRequest:
    depth: int
    types: tuple[str, ...]
    kinds: tuple[str, ...]
    active_from: str
    active_until: str
    release: int | None


@dataclass
class _EntityGraph:
    """The graph as far as it is drawn."""

    nodes: dict[RecordKey, _GraphNode] = field(default_factory=dict)
    edges: dict[tuple, dict] = field(default_factory=dict)
    is_truncated: bool = False
    cut_nodes: set[RecordKey] = field(default_factory=set)
    """Nodes of whose edges some are left out because the graph is full."""


def graph_response(request: ApiRequest, slug: str) -> ApiResponse:
    """The graph around one entity. Problems: unknown, withdrawn or merged."""
    values, _ = p.read_parameters(request.query_string, GRAPH_PARAMETERS)
    first, last = values.get("active_on", ("", ""))
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else None
    try:
        root = record_queries.find_record(ENTITY_KINDS, slug, release)
    except record_queries.MergedRecord as merged:
        raise merged_redirect(
            f"/api/v1/graph/{merged.survivor}/", request.query_string, slug=slug, merged_into=merged.survivor
        ) from None
    wanted = _GraphRequest(
        int(values.get("depth", ("1",))[0]),
        values.get("type", ()),
        values.get("kind", ()),
        first,
        last,
        release if release != request.register.release else None,
    )
    graph = _build_graph(root.kind, slug, wanted)
    itself, *_ = graph.nodes.values()
    body = {
        "root": itself.reference,
        "nodes": [
            node.reference | {"depth": node.depth, "is_expanded": node.is_expanded, "more": node.further_edges}
            for node in graph.nodes.values()
        ],
        "edges": list(graph.edges.values()),
        "is_truncated": graph.is_truncated or bool(graph.cut_nodes),
        "meta": {"release": release or request.register.release},
    }
    return ApiResponse(json_bytes(body))


def _build_graph(kind: str, slug: str, graph_request: _GraphRequest) -> _EntityGraph:
    """Breadth first: a level is read whole, by a few statements, before the next."""
    graph = _EntityGraph()
    level: dict[RecordKey, EdgeEdition] = _public_entities([(kind, slug)], graph_request.release)
    for key, row in level.items():
        graph.nodes[key] = _GraphNode(record_reference(row.document), 0)
    for depth in range(1, graph_request.depth + 1):
        edges = _edges_of_level(level, graph_request, graph)
        known = level | _public_entities(
            {end for _, _, ends in edges for end in ends} - graph.nodes.keys(), graph_request.release
        )
        following: dict[RecordKey, EdgeEdition] = {}
        for key, edge, ends in edges:
            if not all(end in graph.nodes or end in known for end in ends):
                # What is not public, or not any more, is not named.
                continue
            new = [end for end in ends if end not in graph.nodes]
            if len(graph.nodes) + len(new) > MAX_NODES or len(graph.edges) == MAX_EDGES:
                graph.cut_nodes.add(key)
                continue
            for end in new:
                graph.nodes[end] = _GraphNode(record_reference(known[end].document), depth)
                following[end] = known[end]
            graph.edges.setdefault(_edge_identity(edge), edge)
        for key in level:
            graph.nodes[key].is_expanded = key not in graph.cut_nodes
        level = following
        if not level:
            break
    fields: dict[str, dict] = {}
    for edge in graph.edges.values():
        stated: EdgeEdition = edge["evidence"]
        if edge["record"] not in fields:
            fields[edge["record"]] = json.loads(stated.evidence_json)["evidence"]
        edge["evidence"] = _edge_evidence(edge, stated.document, fields[edge["record"]])
    return graph


def _edges_of_level(
    level: Mapping[RecordKey, EdgeEdition], graph_request: _GraphRequest, graph: _EntityGraph
) -> list[tuple[RecordKey, dict, tuple[RecordKey, RecordKey]]]:
    """The edges of the nodes of one level, each with the node that it was followed from.

    Node by node: first its own fields, then relations, then the fields that name it.
    """
    keys = list(level)
    pointing = _editions_naming_keys(keys, graph_request, graph)
    found = []
    for key in keys:
        edges = [*_own_edges(level[key])]
        for member, row in pointing.get(key, ()):
            edges.append(_relation_edge(row) if member == "entity" else _edge_naming_key(row, member, key))
        for edge in edges:
            ends = _reference_key(edge["source"]), _reference_key(edge["target"])
            other = ends[1] if ends[0] == key else ends[0]
            if _edge_matches(edge, other[0], graph_request):
                found.append((key, edge, ends))
    return found


def _edge_matches(edge: dict, other_kind: str, graph_request: _GraphRequest) -> bool:
    if (graph_request.types and edge["type"] not in graph_request.types) or (
        graph_request.kinds and other_kind not in graph_request.kinds
    ):
        return False
    if not graph_request.active_until:
        return True
    days = days_in_force(edge["start"] and edge["start"]["earliest"], edge["end"] and edge["end"]["latest"])
    return in_force_within(days, graph_request.active_from, graph_request.active_until) != InForce.NO


def _editions_naming_keys(
    keys: Sequence[RecordKey], graph_request: _GraphRequest, graph: _EntityGraph
) -> dict[RecordKey, list[tuple[str, EdgeEdition]]]:
    """What names each of `keys`, the newest of each sort first: (field, edition); a relation's field is `entity`."""
    fields = {kind: ("entity", *_FIELDS_BY_TARGET_KIND.get(kind, ())) for kind in ENTITY_KINDS}
    asked = [(key, name) for key in keys for name in fields[key[0]] if _field_may_match(name, graph_request)]
    found: dict[RecordKey, list[tuple[str, EdgeEdition]]] = {}
    read = 0
    for at in range(0, len(asked), _SELECTS_PER_STATEMENT * 5):
        some = asked[at : at + _SELECTS_PER_STATEMENT * 5]
        ids = fetch_rows(_newest_referring_sql(some, graph_request))
        ids.sort(key=lambda row: row[0])
        if len(ids) > _MAX_EDITIONS_PER_LEVEL - read:
            graph.cut_nodes |= {some[n][0] for n, _ in ids[_MAX_EDITIONS_PER_LEVEL - read :]}
            ids = ids[: _MAX_EDITIONS_PER_LEVEL - read]
        read += len(ids)
        rows = _edge_editions_by_id({id for _, id in ids})
        counted: dict[int, int] = {}
        for n, id in ids:
            key, name = some[n]
            counted[n] = counted.get(n, 0) + 1
            if counted[n] <= MAX_EDGES_OF_ONE_TYPE:
                found.setdefault(key, []).append((name, rows[id]))
            else:
                graph.is_truncated = True
                graph.nodes[key].further_edges.append(
                    {"type": "relation" if name == "entity" else name, "href": _full_list_path(key, name, graph_request)}
                )
    return found


def _field_may_match(field: str, graph_request: _GraphRequest) -> bool:
    """Whether edges of this field can be among what is asked for."""
    if field == "entity":
        return not graph_request.types or not set(graph_request.types) <= REFERENCE_FIELDS.keys()
    return (not graph_request.types or field in graph_request.types) and (
        not graph_request.kinds or REFERENCE_FIELDS[field][0] in graph_request.kinds
    )


def _newest_referring_sql(keys_and_fields: Sequence[tuple[RecordKey, str]], graph_request: _GraphRequest) -> Sql:
    """(place in `asked`, edition id) of the newest editions that name each key in its field, one more than are shown."""
    named = [
        (n, name, "/".join(key), "relation" if name == "entity" else REFERENCE_FIELDS[name][0])
        for n, (key, name) in enumerate(keys_and_fields)
    ]
    relations = _relation_condition(graph_request)
    tables = Sql("e.id AS id FROM publishing_editionterm t CROSS JOIN publishing_edition e WHERE e.id = t.edition_id AND ")
    newest = Sql(f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {MAX_EDGES_OF_ONE_TYPE + 1}")
    if read_connection().vendor == "postgresql":
        # It would plan each of hundreds of selects anew.
        rows = join_sql(", ", (Sql("(%s, %s, %s, %s)", row) for row in named))
        term = Sql("t.field = w.field AND t.value = w.value AND t.kind = w.kind AND ") + public_at_release(
            "e", graph_request.release
        )
        if relations.text:
            term += Sql(" AND (t.field <> 'entity' OR (") + relations + Sql("))")
        each = Sql(") w (n, field, value, kind) CROSS JOIN LATERAL (SELECT ") + tables + term + newest
        return Sql("SELECT w.n, s.id FROM (VALUES ") + rows + each + Sql(") s")
    selects = []
    for n, name, value, kind in named:
        term = Sql("t.field = %s AND t.value = %s AND t.kind = %s AND ", (name, value, kind)) + public_at_release(
            "e", graph_request.release
        )
        if name == "entity" and relations.text:
            term += Sql(" AND ") + relations
        selects.append(Sql(f"SELECT * FROM (SELECT {n} AS n, ") + tables + term + newest + Sql(f") s{n}"))
    return join_sql(" UNION ALL ", selects)


def _relation_condition(graph_request: _GraphRequest) -> Sql:
    """The condition on a relation `e`, found by its term `t`; empty if any will do."""
    conditions = []
    if graph_request.types:
        typed = "EXISTS (SELECT 1 FROM publishing_editionterm x WHERE x.edition_id = e.id AND x.field = 'type' AND x.value IN"
        conditions.append(Sql(f"{typed} ({sql_placeholders(graph_request.types)}))", graph_request.types))
    if graph_request.kinds:
        either = " OR ".join(f"substr(y.value, 1, {len(other) + 1}) = '{other}/'" for other in graph_request.kinds)
        ends = "EXISTS (SELECT 1 FROM publishing_editionterm y WHERE y.edition_id = e.id AND y.field = 'entity'"
        conditions.append(Sql(f"{ends} AND y.value <> t.value AND ({either}))"))
    return join_sql(" AND ", conditions)


def _edge_editions_by_id(ids: Iterable[int]) -> dict[int, EdgeEdition]:
    wanted = sorted(ids)
    found: dict[int, EdgeEdition] = {}
    for at in range(0, len(wanted), 5000):
        some = tuple(wanted[at : at + 5000])
        where = f"WHERE e.id IN ({sql_placeholders(some)})"
        for id, document, evidence in fetch_rows(
            Sql(f"SELECT e.id, e.document, e.evidence FROM publishing_edition e {where}", some)
        ):
            found[id] = EdgeEdition(json.loads(document), evidence)
    return found


def _public_entities(keys: Iterable[RecordKey], release: int | None) -> dict[RecordKey, EdgeEdition]:
    """Those of `keys` that are public, or were at `release`."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    columns = "SELECT e.kind, e.slug, e.document, e.evidence FROM publishing_edition e WHERE "
    rows = fetch_rows(Sql(columns) + records_condition(wanted) + Sql(" AND ") + public_at_release("e", release))
    return {(kind, slug): EdgeEdition(json.loads(document), evidence) for kind, slug, document, evidence in rows}


def _own_edges(row: EdgeEdition) -> Iterable[dict]:
    """The edges of the fields of an entity's own."""
    document = row.document
    for name in REFERENCE_FIELDS:
        if name == "event":
            targets = [one["event"] for one in document.get("milestones", ())]
        else:
            value = document.get(name)
            targets = value if isinstance(value, list) else [value]
        seen = set()
        for target in targets:
            if target and target["slug"] not in seen:
                seen.add(target["slug"])
                yield _edge_members(name, REFERENCE_FIELDS[name][1], record_reference(document), record_reference(target), row)


def _edge_naming_key(row: EdgeEdition, field: str, key: RecordKey) -> dict:
    """The edge by which an edition names `key`, as it is called there."""
    for edge in _own_edges(row):
        if edge["type"] == field and _reference_key(edge["target"]) == key:
            return edge
    raise LookupError(f"{_reference_key(row.document)} does not name {key} as {field}")


def _relation_edge(row: EdgeEdition) -> dict:
    document = row.document
    edge = _edge_members(document["type"]["slug"], document["type"]["label"], document["subject"], document["object"], row)
    return edge | {"role": document["role"], "start": document["start"], "end": document["end"]}


def _edge_members(type: str, label: str, source: dict, target: dict, row: EdgeEdition) -> dict:
    dates = [one["date"] for one in row.document.get("milestones", ()) if one["date"]]
    return {
        "type": type,
        "label": label,
        "source": source,
        "target": target,
        "role": None,
        "start": min(dates, key=lambda date: (date["earliest"], date["latest"]), default=None),
        "end": None,
        "record": row.document["href"],
        "evidence": row,
    }


def _edge_evidence(edge: Mapping[str, Any], document: dict, fields: Mapping[str, dict]) -> list[dict]:
    """The citations that the record of an edge rests on, where they concern this edge."""
    if document["kind"] == "relation":
        wanted = list(fields)
    elif edge["type"] == "event":
        named = {one["key"] for one in document["milestones"] if one["event"] and one["event"]["slug"] == edge["target"]["slug"]}
        wanted = [name for name in fields if name.partition(".")[2] in named and name.startswith("milestones.")]
    else:
        wanted = [edge["type"]] if edge["type"] in fields else []
    return [
        citation_members(name, one)
        for name in wanted
        for one in fields[name]["citations"]
        # Of several givers, each has citations of its own.
        if edge["type"] != "committed_by" or one["value"] == edge["target"]["slug"]
    ][:MAX_CITATIONS]


def _full_list_path(key: RecordKey, field: str, graph_request: _GraphRequest) -> str:
    then = f"&as_of=release:{graph_request.release}" if graph_request.release else ""
    if field == "entity":
        return f"/api/v1/relations/?entity={'/'.join(key)}{then}"
    return f"/api/v1/{PLURALS[REFERENCE_FIELDS[field][0]]}/?{field}={key[1]}{then}"


def _reference_key(reference: Mapping[str, Any]) -> RecordKey:
    return reference["kind"], reference["slug"]


def _edge_identity(edge: Mapping[str, Any]) -> tuple:
    return edge["record"], edge["type"], _reference_key(edge["source"]), _reference_key(edge["target"])
