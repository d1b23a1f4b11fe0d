"""Names of public records by their references."""

from collections.abc import Iterable

from nato_support.api.sql import Sql, fetch_rows, public_at_release_condition, records_condition


def names_of_records(references: Iterable[str], release: int | None = None) -> dict[str, str]:
    """Return the names of those of the references kind/slug that are public, or were at `release`."""
    keys = [(kind, slug) for kind, _, slug in (reference.partition("/") for reference in references)]
    if not keys:
        return {}
    sql = Sql("SELECT e.kind, e.slug, e.name FROM publishing_edition e WHERE ")
    sql += public_at_release_condition("e", release) + Sql(" AND ") + records_condition(keys)
    return {f"{kind}/{slug}": name for kind, slug, name in fetch_rows(sql)}
