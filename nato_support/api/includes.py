"""`include`: nests details of records, the relations that they are in, and the documents that they rest on into them.

A page costs at most two more statements, however many records it has: one for details, one for relations.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nato_support.api.sql import Sql, fetch_rows, join_sql, public_at_release_condition, sql_placeholders

INCLUDES = ("evidence", "relations", "names", "identifiers", "measures", "milestones", "documents")
MAX_RELATIONS = 20
"""Most relations nested into one record."""

_EVIDENCE_MEMBERS = ("evidence", "names", "identifiers")
_RELATIONS_OF_ENTITY_SQL = (
    "SELECT {} AS k, t.sort_date AS d, t.edition_id AS id FROM publishing_editionterm t CROSS JOIN publishing_edition e"
    " WHERE e.id = t.edition_id AND t.field = 'entity' AND t.value = %s AND t.kind = 'relation' AND "
)


def include_in_rows(
    records: Sequence[dict[str, Any]], editions: Sequence[int], include: Sequence[str], release: int | None
) -> None:
    """Nest the members `include` into `records`, the documents of these editions; as of `release`, or None for now."""
    if {*_EVIDENCE_MEMBERS, "documents"} & set(include):
        sql = Sql(
            f"SELECT e.id, e.evidence FROM publishing_edition e WHERE e.id IN ({sql_placeholders(editions)})", tuple(editions)
        )
        evidence_by_edition = dict(fetch_rows(sql))
        for record, edition in zip(records, editions, strict=True):
            evidence = json.loads(evidence_by_edition[edition])
            record |= {name: evidence[name] for name in _EVIDENCE_MEMBERS if name in include and name in evidence}
            if "documents" in include:
                record["documents"] = _source_documents_of_record(record | evidence)
    _nest_relations(records, include, release)


def include_in_detail(record: dict[str, Any], include: Sequence[str], release: int | None) -> None:
    """Nest documents and relations into the body of a detail, which has all other members already."""
    if "documents" in include:
        record["documents"] = _source_documents_of_record(record)
    _nest_relations([record], include, release)


def _source_documents_of_record(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents that a record rests on, each once; for a quote, the one that it was taken from."""
    quotes = [citation["quote"] for entry in record.get("evidence", {}).values() for citation in entry["citations"]]
    if record["kind"] == "quote":
        quotes.append(record)
    return list({quote["document"]["slug"]: quote["document"] for quote in quotes}.values())


def _nest_relations(records: Sequence[dict[str, Any]], include: Sequence[str], release: int | None) -> None:
    entities = [record for record in records if record["kind"] != "relation" and "measures" in record]
    if "relations" not in include or not entities:
        return
    relations: list[list[dict[str, Any]]] = [[] for _ in entities]
    for at, document in fetch_rows(_relations_sql([f"{record['kind']}/{record['slug']}" for record in entities], release)):
        relations[at].append(json.loads(document))
    as_of = f"&as_of=release:{release}" if release else ""
    for record, results in zip(entities, relations, strict=True):
        record["relations"] = {
            "results": results[:MAX_RELATIONS],
            "is_truncated": len(results) > MAX_RELATIONS,
            "href": f"/api/v1/relations/?entity={record['kind']}/{record['slug']}{as_of}",
        }


def _relations_sql(entities: Sequence[str], release: int | None) -> Sql:
    """Select (position in `entities`, document) of the relations of each, newest first, one more than are nested."""
    ids = join_sql(" UNION ALL ", _relations_of_each_sql(entities, release))
    sql = Sql("SELECT p.k, e.document FROM (") + ids + Sql(") p JOIN publishing_edition e ON e.id = p.id")
    return sql + Sql(" ORDER BY p.k, p.d DESC, p.id DESC")


def _relations_of_each_sql(entities: Sequence[str], release: int | None) -> Iterator[Sql]:
    order = Sql(" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT %s", (MAX_RELATIONS + 1,))
    for at, entity in enumerate(entities):
        newest = Sql(_RELATIONS_OF_ENTITY_SQL.format(at), (entity,)) + public_at_release_condition("e", release) + order
        yield Sql("SELECT * FROM (") + newest + Sql(f") r{at}")
