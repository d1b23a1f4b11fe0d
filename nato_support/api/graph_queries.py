"""SQL of the entity graph: the editions that name an entity, and the entities at the other ends."""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nato_support.api.reference_and_citation_members import RecordKey
from nato_support.api.sql import (
    Sql,
    fetch_rows,
    join_sql,
    public_at_release_condition,
    read_connection,
    records_condition,
    sql_placeholders,
)

_IDS_PER_STATEMENT = 5_000


class EdgeEdition(NamedTuple):
    """Edition that edges are taken from: its parsed document, and its evidence as JSON text."""

    document: dict
    evidence_json: str


class NamingTerm(NamedTuple):
    """Term by which editions of `kind` name `reference` (kind/slug) in `field`; `entity` is either end of a relation."""

    field: str
    reference: str
    kind: str


def newest_edition_ids_by_term(
    terms: Sequence[NamingTerm], relation_condition: Sql, release: int | None, limit: int
) -> list[tuple[int, int]]:
    """Return (position in `terms`, edition id) of the newest public editions with each term, up to `limit` of each."""
    rows = fetch_rows(_newest_edition_ids_by_term_sql(terms, relation_condition, release, limit))
    return sorted(rows, key=lambda row: row[0])


def _newest_edition_ids_by_term_sql(terms: Sequence[NamingTerm], relation_condition: Sql, release: int | None, limit: int) -> Sql:
    tables = Sql("e.id AS id FROM publishing_editionterm t CROSS JOIN publishing_edition e WHERE e.id = t.edition_id AND ")
    newest = Sql(f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {limit}")
    if read_connection().vendor == "postgresql":
        # It would plan each of hundreds of selects anew.
        rows = join_sql(", ", (Sql("(%s, %s, %s, %s)", (at, *term)) for at, term in enumerate(terms)))
        condition = Sql("t.field = w.field AND t.value = w.value AND t.kind = w.kind AND ") + public_at_release_condition(
            "e", release
        )
        if relation_condition.text:
            condition += Sql(" AND (t.field <> 'entity' OR (") + relation_condition + Sql("))")
        lateral = Sql(") w (n, field, value, kind) CROSS JOIN LATERAL (SELECT ") + tables + condition + newest
        return Sql("SELECT w.n, s.id FROM (VALUES ") + rows + lateral + Sql(") s")
    selects = []
    for at, term in enumerate(terms):
        condition = Sql("t.field = %s AND t.value = %s AND t.kind = %s AND ", tuple(term)) + public_at_release_condition(
            "e", release
        )
        if term.field == "entity" and relation_condition.text:
            condition += Sql(" AND ") + relation_condition
        selects.append(Sql(f"SELECT * FROM (SELECT {at} AS n, ") + tables + condition + newest + Sql(f") s{at}"))
    return join_sql(" UNION ALL ", selects)


def relation_condition_sql(types: Sequence[str], other_kinds: Sequence[str]) -> Sql:
    """Return the condition that relation `e`, found by its term `t`, has one of `types` and leads to one of `other_kinds`.

    An empty sequence sets no condition; the result is empty if both are.
    """
    conditions = []
    if types:
        has_type = "EXISTS (SELECT 1 FROM publishing_editionterm x WHERE x.edition_id = e.id AND x.field = 'type' AND x.value IN"
        conditions.append(Sql(f"{has_type} ({sql_placeholders(types)}))", tuple(types)))
    if other_kinds:
        is_of_kind = " OR ".join(f"substr(y.value, 1, {len(kind) + 1}) = '{kind}/'" for kind in other_kinds)
        has_end = "EXISTS (SELECT 1 FROM publishing_editionterm y WHERE y.edition_id = e.id AND y.field = 'entity'"
        conditions.append(Sql(f"{has_end} AND y.value <> t.value AND ({is_of_kind}))"))
    return join_sql(" AND ", conditions)


def edge_editions_by_id(ids: Iterable[int]) -> dict[int, EdgeEdition]:
    """Return edition id -> edition. The caller must know that they are public."""
    ordered = sorted(ids)
    editions: dict[int, EdgeEdition] = {}
    for at in range(0, len(ordered), _IDS_PER_STATEMENT):
        batch = tuple(ordered[at : at + _IDS_PER_STATEMENT])
        where = f"WHERE e.id IN ({sql_placeholders(batch)})"
        for id, document, evidence in fetch_rows(
            Sql(f"SELECT e.id, e.document, e.evidence FROM publishing_edition e {where}", batch)
        ):
            editions[id] = EdgeEdition(json.loads(document), evidence)
    return editions


def fetch_public_editions(keys: Iterable[RecordKey], release: int | None) -> dict[RecordKey, EdgeEdition]:
    """Return the editions of those of `keys` that are public, or were at `release`."""
    ordered = sorted(keys)
    if not ordered:
        return {}
    columns = "SELECT e.kind, e.slug, e.document, e.evidence FROM publishing_edition e WHERE "
    rows = fetch_rows(Sql(columns) + records_condition(ordered) + Sql(" AND ") + public_at_release_condition("e", release))
    return {(kind, slug): EdgeEdition(json.loads(document), evidence) for kind, slug, document, evidence in rows}
