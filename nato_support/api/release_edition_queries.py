"""SQL for the editions of one release."""

from nato_support.api.sql import Sql, fetch_rows

# Removals come last, so that a consumer never holds a record that refers to one removed already.
PUBLISHED_CONDITION, REMOVED_CONDITION = "NOT e.withdrawn", "e.withdrawn"
_NO_CONDITION = Sql("")


def fetch_editions_of_release(
    select: str, release: int, removals_only: bool, after_id: int, limit: int, condition: Sql = _NO_CONDITION
) -> list[tuple]:
    """Return up to `limit` rows of a release: published editions after the id `after_id`, then removals.

    `select` is a SELECT on edition `e`. With `removals_only`, the rows start with the removal after the id.
    """
    rows: list[tuple] = []
    for part in (PUBLISHED_CONDITION, REMOVED_CONDITION)[removals_only:]:
        where = Sql(f"{select} WHERE e.release = %s AND {part} AND e.id > %s", (release, after_id))
        rows += fetch_rows(where + condition + Sql(" ORDER BY e.id LIMIT %s", (limit - len(rows),)))
        if len(rows) == limit:
            break
        after_id = 0
    return rows
