"""Facets: the number of results of a list per value of a field. Exact for up to 10,000 results, bounded beyond."""

from collections.abc import Sequence
from typing import Any

from nato_support.api import edition_queries
from nato_support.api.edition_queries import EditionQuery
from nato_support.api.parameters import Parameter
from nato_support.api.record_names import names_of_records
from nato_support.api.sql import Sql, fetch_rows, sql_placeholders

MAX_VALUES_SHOWN = 100


def count_facets(query: EditionQuery, filters: Sequence[Parameter]) -> dict[str, dict[str, Any]]:
    """Return, for each of `filters` by name, the values that the results have, as the filter takes them, commonest first.

    A result may have several values, so counts may add up to more than the results; `missing` counts those without any.
    """
    return count_facets_of_editions(
        edition_queries.result_ids_sql(query, edition_queries.MAX_COUNTED + 1), filters, query.release
    )


def count_facets_of_editions(
    edition_ids_sql: Sql, filters: Sequence[Parameter], release: int | None
) -> dict[str, dict[str, Any]]:
    """Return the same for the editions whose id and kind the statement `ids_sql` gives."""
    fields = [parameter.name for parameter in filters]
    total, having, counts = _count_terms(edition_ids_sql, fields)
    shown = {field: sorted(counts[field].items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_VALUES_SHOWN] for field in fields}
    references = [value for parameter in filters if parameter.reference for value, _ in shown[parameter.name]]
    names = names_of_records(references, release)
    return {
        parameter.name: {
            "values": [_facet_value(parameter, value, names) | {"count": count} for value, count in shown[parameter.name]],
            "distinct": len(counts[parameter.name]),
            "is_truncated": len(counts[parameter.name]) > MAX_VALUES_SHOWN,
            "missing": total - having.get(parameter.name, 0),
            "is_exact": total <= edition_queries.MAX_COUNTED,
        }
        for parameter in filters
    }


def _count_terms(ids: Sql, fields: Sequence[str]) -> tuple[int, dict[str, int], dict[str, dict[str, int]]]:
    """Return the number of results, of results with each field, and of results with each value of each field."""
    # No join: SQLite would first read all terms of the register into a filter.
    among = f"FROM publishing_editionterm y WHERE y.edition_id IN (SELECT id FROM m) AND y.field IN ({sql_placeholders(fields)})"
    rows = fetch_rows(
        Sql("WITH m AS MATERIALIZED (")
        + ids
        + Sql(") SELECT '' AS field, '' AS value, COUNT(*) AS n FROM m")
        + Sql(f" UNION ALL SELECT y.field, '', COUNT(DISTINCT y.edition_id) {among} GROUP BY y.field", tuple(fields))
        + Sql(f" UNION ALL SELECT y.field, y.value, COUNT(*) {among} GROUP BY y.field, y.value", tuple(fields))
        + Sql(" UNION ALL SELECT 'kind', m.kind, COUNT(*) FROM m GROUP BY m.kind")
    )
    having: dict[str, int] = {}
    counts: dict[str, dict[str, int]] = {field: {} for field in fields}
    for field, value, count in rows:
        if not value:
            having[field] = count
        elif field in counts:
            counts[field][value] = count
    total = having[""]
    return total, having | {"kind": total}, counts


def _facet_value(parameter: Parameter, value: str, names: dict[str, str]) -> dict[str, Any]:
    if not parameter.reference:
        return {"value": value}
    return {"value": parameter.shortest_reference(value), "name": names.get(value)}
