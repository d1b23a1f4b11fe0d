"""`graph/<slug>/`: what an entity is joined with, and that with more, as nodes and edges, each edge with its evidence."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from entities.serializers import ENTITY_KINDS, PLURALS
from nato_support.api import parameters as p
from nato_support.api import records
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import AS_OF
from nato_support.api.detail import dumped
from nato_support.api.graph_shapes import MOST_EDGES, MOST_EVIDENCE, MOST_NODES, MOST_OF_ONE
from nato_support.api.points import stamp_of
from nato_support.api.problems import led_on
from nato_support.api.referring import cited, reference
from nato_support.api.sql import Sql, database, fetch, joined, marks, one_of, public_at

DEEPEST = 3
REFERENCES = {
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
_TARGETS = {
    "organisation": ("beneficiary", "committed_by", "operator", "organisation"),
    "event": ("announced_at", "event"),
    "facility": ("facility",),
    "commitment": ("part_of",),
}
_MOST_READ = 2 * MOST_EDGES
"""Editions that are read for one level."""
# What one statement may put together; SQLite joins no more than 500 selects.
_AT_ONCE = 80

_DEPTH = p.number("depth", "How many steps from the entity nodes may be away.", DEEPEST, 1)
_TYPE = p.matching(
    "type",
    f"Edges of this type alone: a type of relation, such as part-of, or one of {', '.join(REFERENCES)}.",
    "[a-z0-9]+([-_][a-z0-9]+)*",
    example="part-of",
)
_KIND = p.choice("kind", "Edges to nodes of this kind alone.", ENTITY_KINDS)
_ACTIVE_ON = p.date(
    "active_on",
    "What was true then, whenever it was said: edges that had begun and had not ended, as far as the register knows.",
)
GRAPH = {one.name: one for one in (_DEPTH, _TYPE, _KIND, _ACTIVE_ON, AS_OF)}

Key = tuple[str, str]
"""Kind and slug."""


class Row(NamedTuple):
    """An edition in which an edge stands."""

    document: dict
    evidence: str


@dataclass(slots=True)
class _Node:
    reference: dict
    depth: int
    expanded: bool = False
    more: list[dict] = field(default_factory=list)


@dataclass
class _Wanted:
    depth: int
    types: tuple[str, ...]
    kinds: tuple[str, ...]
    first: str
    last: str
    stamp: int | None


@dataclass
class _Graph:
    """The graph as far as it is drawn."""

    nodes: dict[Key, _Node] = field(default_factory=dict)
    edges: dict[tuple, dict] = field(default_factory=dict)
    truncated: bool = False
    cut: set[Key] = field(default_factory=set)
    """Nodes of whose edges some are left out because the graph is full."""


def answer(asked: Asked, slug: str) -> Answer:
    """The graph around one entity. Problems: unknown, withdrawn or merged."""
    values, _ = p.read(asked.query, GRAPH)
    first, last = values.get("active_on", ("", ""))
    stamp = stamp_of(values["as_of"][0], asked.register) if "as_of" in values else None
    try:
        root = records.record(ENTITY_KINDS, slug, stamp)
    except records.Merged as merged:
        raise led_on(f"/api/v1/graph/{merged.survivor}/", asked.query, slug=slug, merged_into=merged.survivor) from None
    wanted = _Wanted(
        int(values.get("depth", ("1",))[0]),
        values.get("type", ()),
        values.get("kind", ()),
        first,
        last,
        stamp if stamp != asked.register.stamp else None,
    )
    graph = _drawn(root.kind, slug, wanted)
    itself, *_ = graph.nodes.values()
    body = {
        "root": itself.reference,
        "nodes": [
            node.reference | {"depth": node.depth, "is_expanded": node.expanded, "more": node.more}
            for node in graph.nodes.values()
        ],
        "edges": list(graph.edges.values()),
        "is_truncated": graph.truncated or bool(graph.cut),
        "meta": {"stamp": stamp or asked.register.stamp},
    }
    return Answer(dumped(body))


def _drawn(kind: str, slug: str, wanted: _Wanted) -> _Graph:
    """Breadth first: a level is read whole, by a few statements, before the next."""
    graph = _Graph()
    level: dict[Key, Row] = _entities([(kind, slug)], wanted.stamp)
    for key, row in level.items():
        graph.nodes[key] = _Node(reference(row.document), 0)
    for depth in range(1, wanted.depth + 1):
        edges = _edges(level, wanted, graph)
        known = level | _entities({end for _, _, ends in edges for end in ends} - graph.nodes.keys(), wanted.stamp)
        following: dict[Key, Row] = {}
        for key, edge, ends in edges:
            if not all(end in graph.nodes or end in known for end in ends):
                # What is not public, or not any more, is not named.
                continue
            new = [end for end in ends if end not in graph.nodes]
            if len(graph.nodes) + len(new) > MOST_NODES or len(graph.edges) == MOST_EDGES:
                graph.cut.add(key)
                continue
            for end in new:
                graph.nodes[end] = _Node(reference(known[end].document), depth)
                following[end] = known[end]
            graph.edges.setdefault(_identity(edge), edge)
        for key in level:
            graph.nodes[key].expanded = key not in graph.cut
        level = following
        if not level:
            break
    fields: dict[str, dict] = {}
    for edge in graph.edges.values():
        stated: Row = edge["evidence"]
        if edge["record"] not in fields:
            fields[edge["record"]] = json.loads(stated.evidence)["evidence"]
        edge["evidence"] = _evidence(edge, stated.document, fields[edge["record"]])
    return graph


def _edges(level: Mapping[Key, Row], wanted: _Wanted, graph: _Graph) -> list[tuple[Key, dict, tuple[Key, Key]]]:
    """The edges of the nodes of one level, each with the node that it was followed from.

    Node by node: first its own fields, then relations, then the fields that name it.
    """
    keys = list(level)
    pointing = _pointing(keys, wanted, graph)
    found = []
    for key in keys:
        edges = [*_own(level[key])]
        for member, row in pointing.get(key, ()):
            edges.append(_relation(row) if member == "entity" else _named(row, member, key))
        for edge in edges:
            ends = _key(edge["source"]), _key(edge["target"])
            other = ends[1] if ends[0] == key else ends[0]
            if _fits(edge, other[0], wanted):
                found.append((key, edge, ends))
    return found


def _fits(edge: dict, other: str, wanted: _Wanted) -> bool:
    if (wanted.types and edge["type"] not in wanted.types) or (wanted.kinds and other not in wanted.kinds):
        return False
    if not wanted.last:
        return True
    begun = not edge["start"] or edge["start"]["earliest"] <= wanted.last
    return begun and (not edge["end"] or edge["end"]["latest"] >= wanted.first)


def _pointing(keys: Sequence[Key], wanted: _Wanted, graph: _Graph) -> dict[Key, list[tuple[str, Row]]]:
    """What names each of `keys`, the newest of each sort first: (field, edition); a relation's field is `entity`."""
    fields = {kind: ("entity", *_TARGETS.get(kind, ())) for kind in ENTITY_KINDS}
    asked = [(key, name) for key in keys for name in fields[key[0]] if _may_fit(name, wanted)]
    found: dict[Key, list[tuple[str, Row]]] = {}
    read = 0
    for at in range(0, len(asked), _AT_ONCE * 5):
        some = asked[at : at + _AT_ONCE * 5]
        ids = fetch(_newest(some, wanted))
        ids.sort(key=lambda row: row[0])
        if len(ids) > _MOST_READ - read:
            graph.cut |= {some[n][0] for n, _ in ids[_MOST_READ - read :]}
            ids = ids[: _MOST_READ - read]
        read += len(ids)
        rows = _rows({id for _, id in ids})
        counted: dict[int, int] = {}
        for n, id in ids:
            key, name = some[n]
            counted[n] = counted.get(n, 0) + 1
            if counted[n] <= MOST_OF_ONE:
                found.setdefault(key, []).append((name, rows[id]))
            else:
                graph.truncated = True
                graph.nodes[key].more.append(
                    {"type": "relation" if name == "entity" else name, "href": _list_of(key, name, wanted)}
                )
    return found


def _may_fit(name: str, wanted: _Wanted) -> bool:
    """Whether edges of this field can be among what is asked for."""
    if name == "entity":
        return not wanted.types or not set(wanted.types) <= REFERENCES.keys()
    return (not wanted.types or name in wanted.types) and (not wanted.kinds or REFERENCES[name][0] in wanted.kinds)


def _newest(asked: Sequence[tuple[Key, str]], wanted: _Wanted) -> Sql:
    """(place in `asked`, edition id) of the newest editions that name each key in its field, one more than are shown."""
    named = [
        (n, name, "/".join(key), "relation" if name == "entity" else REFERENCES[name][0]) for n, (key, name) in enumerate(asked)
    ]
    relations = _relations(wanted)
    tables = Sql("e.id AS id FROM editions_editionterm t CROSS JOIN editions_edition e WHERE e.id = t.edition_id AND ")
    newest = Sql(f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {MOST_OF_ONE + 1}")
    if database().vendor == "postgresql":
        # It would plan each of hundreds of selects anew.
        rows = joined(", ", (Sql("(%s, %s, %s, %s)", row) for row in named))
        term = Sql("t.field = w.field AND t.value = w.value AND t.kind = w.kind AND ") + public_at("e", wanted.stamp)
        if relations.text:
            term += Sql(" AND (t.field <> 'entity' OR (") + relations + Sql("))")
        each = Sql(") w (n, field, value, kind) CROSS JOIN LATERAL (SELECT ") + tables + term + newest
        return Sql("SELECT w.n, s.id FROM (VALUES ") + rows + each + Sql(") s")
    selects = []
    for n, name, value, kind in named:
        term = Sql("t.field = %s AND t.value = %s AND t.kind = %s AND ", (name, value, kind)) + public_at("e", wanted.stamp)
        if name == "entity" and relations.text:
            term += Sql(" AND ") + relations
        selects.append(Sql(f"SELECT * FROM (SELECT {n} AS n, ") + tables + term + newest + Sql(f") s{n}"))
    return joined(" UNION ALL ", selects)


def _relations(wanted: _Wanted) -> Sql:
    """The condition on a relation `e`, found by its term `t`; empty if any will do."""
    conditions = []
    if wanted.types:
        typed = "EXISTS (SELECT 1 FROM editions_editionterm x WHERE x.edition_id = e.id AND x.field = 'type' AND x.value IN"
        conditions.append(Sql(f"{typed} ({marks(wanted.types)}))", wanted.types))
    if wanted.kinds:
        either = " OR ".join(f"substr(y.value, 1, {len(other) + 1}) = '{other}/'" for other in wanted.kinds)
        ends = "EXISTS (SELECT 1 FROM editions_editionterm y WHERE y.edition_id = e.id AND y.field = 'entity'"
        conditions.append(Sql(f"{ends} AND y.value <> t.value AND ({either}))"))
    return joined(" AND ", conditions)


def _rows(ids: Iterable[int]) -> dict[int, Row]:
    wanted = sorted(ids)
    found: dict[int, Row] = {}
    for at in range(0, len(wanted), 5000):
        some = tuple(wanted[at : at + 5000])
        where = f"WHERE e.id IN ({marks(some)})"
        for id, document, evidence in fetch(Sql(f"SELECT e.id, e.document, e.evidence FROM editions_edition e {where}", some)):
            found[id] = Row(json.loads(document), evidence)
    return found


def _entities(keys: Iterable[Key], stamp: int | None) -> dict[Key, Row]:
    """Those of `keys` that are public, or were at `stamp`."""
    wanted = sorted(keys)
    if not wanted:
        return {}
    columns = "SELECT e.kind, e.slug, e.document, e.evidence FROM editions_edition e WHERE "
    rows = fetch(Sql(columns) + one_of(wanted) + Sql(" AND ") + public_at("e", stamp))
    return {(kind, slug): Row(json.loads(document), evidence) for kind, slug, document, evidence in rows}


def _own(row: Row) -> Iterable[dict]:
    """The edges of the fields of an entity's own."""
    document = row.document
    for name in REFERENCES:
        if name == "event":
            targets = [one["event"] for one in document.get("milestones", ())]
        else:
            value = document.get(name)
            targets = value if isinstance(value, list) else [value]
        seen = set()
        for target in targets:
            if target and target["slug"] not in seen:
                seen.add(target["slug"])
                yield _edge(name, REFERENCES[name][1], reference(document), reference(target), row)


def _named(row: Row, name: str, key: Key) -> dict:
    """The edge by which an edition names `key`, as it is called there."""
    for edge in _own(row):
        if edge["type"] == name and _key(edge["target"]) == key:
            return edge
    raise LookupError(f"{_key(row.document)} does not name {key} as {name}")


def _relation(row: Row) -> dict:
    document = row.document
    edge = _edge(document["type"]["slug"], document["type"]["label"], document["subject"], document["object"], row)
    return edge | {"role": document["role"], "start": document["start"], "end": document["end"]}


def _edge(type: str, label: str, source: dict, target: dict, row: Row) -> dict:
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


def _evidence(edge: Mapping[str, Any], document: dict, fields: Mapping[str, dict]) -> list[dict]:
    """The citations that the record of an edge rests on, where they concern this edge."""
    if document["kind"] == "relation":
        wanted = list(fields)
    elif edge["type"] == "event":
        named = {one["key"] for one in document["milestones"] if one["event"] and one["event"]["slug"] == edge["target"]["slug"]}
        wanted = [name for name in fields if name.partition(".")[2] in named and name.startswith("milestones.")]
    else:
        wanted = [edge["type"]] if edge["type"] in fields else []
    return [
        cited(name, one)
        for name in wanted
        for one in fields[name]["citations"]
        # Of several givers, each has citations of its own.
        if edge["type"] != "committed_by" or one["value"] == edge["target"]["slug"]
    ][:MOST_EVIDENCE]


def _list_of(key: Key, name: str, wanted: _Wanted) -> str:
    then = f"&as_of=stamp:{wanted.stamp}" if wanted.stamp else ""
    if name == "entity":
        return f"/api/v1/relations/?entity={'/'.join(key)}{then}"
    return f"/api/v1/{PLURALS[REFERENCES[name][0]]}/?{name}={key[1]}{then}"


def _key(reference: Mapping[str, Any]) -> Key:
    return reference["kind"], reference["slug"]


def _identity(edge: Mapping[str, Any]) -> tuple:
    return edge["record"], edge["type"], _key(edge["source"]), _key(edge["target"])
