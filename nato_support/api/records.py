"""The SQL for one record: as it is public now, as it was at a stamp, and each of its editions."""

from collections.abc import Sequence
from typing import NamedTuple

from nato_support.api.problems import Problem
from nato_support.api.sql import GONE, Sql, fetch, marks

_COLUMNS = "e.kind, e.number, e.document, e.evidence, e.withdrawn"


class Record(NamedTuple):
    """One edition of a record."""

    kind: str
    number: int
    document: str
    evidence: str
    withdrawn: bool
    gone: bool = False


def record(kinds: Sequence[str], slug: str, stamp: int | None = None) -> Record:
    """The edition that is live, or was at `stamp`. A problem if there was none, or if the record was withdrawn."""
    if stamp is None:
        sql = Sql(f"SELECT {_COLUMNS} FROM editions_edition e WHERE e.superseded IS NULL", ())
    else:
        then = "e.stamp <= %s AND (e.superseded IS NULL OR e.superseded > %s)"
        sql = Sql(f"SELECT {_COLUMNS}, {GONE} FROM editions_edition e WHERE {then}", (stamp, stamp))
    return _public(fetch(sql + _named(kinds, slug)), slug, "then" if stamp else "")


def edition(kinds: Sequence[str], slug: str, number: int) -> Record:
    """An edition by its number."""
    sql = Sql(f"SELECT {_COLUMNS}, {GONE} FROM editions_edition e WHERE e.number = %s", (number,))
    return _public(fetch(sql + _named(kinds, slug)), slug)


def editions(kinds: Sequence[str], slug: str, before: int | None, limit: int) -> list[tuple]:
    """Rows of (number, stamp, printed_at, cause, name, withdrawn, gone), newest first."""
    sql = Sql(
        f"SELECT e.number, e.stamp, r.printed_at, e.cause, e.name, e.withdrawn, {GONE}"
        " FROM editions_edition e JOIN editions_printrun r ON r.stamp = e.stamp WHERE e.number < %s",
        (before or 2**31 - 1,),
    )
    rows = fetch(sql + _named(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT %s", (limit,)))
    if not rows and before is None:
        raise Problem("not-found", f"There is no public {kinds[0]} {slug}.")
    if rows and rows[0][-1]:
        raise withdrawn(slug)
    return rows


def withdrawn(slug: str) -> Problem:
    return Problem("withdrawn", slug=slug, withdrawn=True)


def _named(kinds: Sequence[str], slug: str) -> Sql:
    return Sql(f" AND e.kind IN ({marks(kinds)}) AND e.slug = %s", (*kinds, slug))


def _public(rows: list[tuple], slug: str, when: str = "") -> Record:
    if not rows:
        raise Problem("not-found", f"There is no public record {slug}.")
    found = Record(*rows[0])
    if found.gone or (found.withdrawn and not when):
        raise withdrawn(slug)
    if found.withdrawn:
        raise Problem("not-found", f"{slug} was not public then.")
    return found
