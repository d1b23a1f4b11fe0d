"""What `include` nests into records: parts of their details, the relations that they are in, the documents they rest on.

A page costs two statements more at most, however many records it has: one for what their details add, one for relations.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nato_support.api.sql import Sql, fetch, joined, marks, public_at

INCLUDES = ("evidence", "relations", "names", "identifiers", "measures", "milestones", "documents")
MOST_RELATIONS = 20
"""How many relations of one record are nested."""

_PRINTED_APART = ("evidence", "names", "identifiers")
_OF_ENTITY = (
    "SELECT {} AS k, t.sort_date AS d, t.edition_id AS id FROM editions_editionterm t CROSS JOIN editions_edition e"
    " WHERE e.id = t.edition_id AND t.field = 'entity' AND t.value = %s AND t.kind = 'relation' AND "
)


def into_rows(records: Sequence[dict[str, Any]], editions: Sequence[int], include: Sequence[str], stamp: int | None) -> None:
    """Nests what `include` names into printed `records`, the documents of these editions; as of `stamp`, None for now."""
    if {*_PRINTED_APART, "documents"} & set(include):
        sql = Sql(f"SELECT e.id, e.evidence FROM editions_edition e WHERE e.id IN ({marks(editions)})", tuple(editions))
        extras = dict(fetch(sql))
        for record, edition in zip(records, editions, strict=True):
            extra = json.loads(extras[edition])
            record |= {name: extra[name] for name in _PRINTED_APART if name in include and name in extra}
            if "documents" in include:
                record["documents"] = _documents(record | extra)
    _add_relations(records, include, stamp)


def into_detail(record: dict[str, Any], include: Sequence[str], stamp: int | None) -> None:
    """Nests what `include` names into the body of a detail, which has the rest already."""
    if "documents" in include:
        record["documents"] = _documents(record)
    _add_relations([record], include, stamp)


def _documents(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The documents that a record rests on, each once; of a quote, the one that it was taken from."""
    quotes = [citation["quote"] for entry in record.get("evidence", {}).values() for citation in entry["citations"]]
    if record["kind"] == "quote":
        quotes.append(record)
    return list({quote["document"]["slug"]: quote["document"] for quote in quotes}.values())


def _add_relations(records: Sequence[dict[str, Any]], include: Sequence[str], stamp: int | None) -> None:
    entities = [record for record in records if record["kind"] != "relation" and "measures" in record]
    if "relations" not in include or not entities:
        return
    found: dict[int, list[dict[str, Any]]] = {at: [] for at in range(len(entities))}
    for at, document in fetch(_relations([f"{record['kind']}/{record['slug']}" for record in entities], stamp)):
        found[at].append(json.loads(document))
    then = f"&as_of=stamp:{stamp}" if stamp else ""
    for at, record in enumerate(entities):
        record["relations"] = {
            "results": found[at][:MOST_RELATIONS],
            "is_truncated": len(found[at]) > MOST_RELATIONS,
            "href": f"/api/v1/relations/?entity={record['kind']}/{record['slug']}{then}",
        }


def _relations(entities: Sequence[str], stamp: int | None) -> Sql:
    """Rows of (place in `entities`, document), the newest first, one more than are nested of each."""
    first = joined(" UNION ALL ", _each(entities, stamp))
    sql = Sql("SELECT p.k, e.document FROM (") + first + Sql(") p JOIN editions_edition e ON e.id = p.id")
    return sql + Sql(" ORDER BY p.k, p.d DESC, p.id DESC")


def _each(entities: Sequence[str], stamp: int | None) -> Iterator[Sql]:
    order = Sql(" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT %s", (MOST_RELATIONS + 1,))
    for at, entity in enumerate(entities):
        few = Sql(_OF_ENTITY.format(at), (entity,)) + public_at("e", stamp) + order
        yield Sql("SELECT * FROM (") + few + Sql(f") r{at}")
