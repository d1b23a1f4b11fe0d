"""The SQL for one record: as it is public now, as it was at a stamp, and each of its editions."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nato_support.api.problems import Problem
from nato_support.api.sql import GONE, Sql, fetch, marks

_COLUMNS = "e.kind, e.number, e.document, e.evidence, e.withdrawn, e.moved_to"


class Record(NamedTuple):
    """One edition of a record."""

    kind: str
    number: int
    document: str
    evidence: str
    withdrawn: bool
    moved_to: str
    gone: bool = False


class Merged(Exception):
    """What was asked for was merged into another record of its kind, whose slug is `survivor`."""

    def __init__(self, survivor: str):
        self.survivor = survivor
        super().__init__(survivor)


def record(kinds: Sequence[str], slug: str, stamp: int | None = None) -> Record:
    """The edition that is live, or was at `stamp`. A problem if there was none, or if the record was withdrawn; Merged."""
    if stamp is None:
        sql = Sql(f"SELECT {_COLUMNS} FROM editions_edition e WHERE e.superseded IS NULL", ())
    else:
        sql = Sql(f"SELECT {_COLUMNS}, {GONE} FROM editions_edition e WHERE ") + _at(stamp)
    return _public(fetch(sql + _named(kinds, slug)), slug, stamp, "then" if stamp else "")


def edition(kinds: Sequence[str], slug: str, number: int) -> Record:
    """An edition by its number."""
    sql = Sql(f"SELECT {_COLUMNS}, {GONE} FROM editions_edition e WHERE e.number = %s", (number,))
    return _public(fetch(sql + _named(kinds, slug)), slug)


def editions(kinds: Sequence[str], slug: str, before: int | None, limit: int) -> list[tuple]:
    """Rows of (number, stamp, printed_at, cause, name, withdrawn, gone), newest first. Merged, if it was."""
    sql = Sql(
        f"SELECT e.number, e.stamp, r.printed_at, e.cause, e.name, e.withdrawn, e.kind, e.moved_to, e.superseded, {GONE}"
        " FROM editions_edition e JOIN editions_printrun r ON r.stamp = e.stamp WHERE e.number < %s",
        (before or 2**31 - 1,),
    )
    rows = fetch(sql + _named(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT %s", (limit,)))
    if not rows and before is None:
        raise Problem("not-found", f"There is no public {kinds[0]} {slug}.")
    if rows and rows[0][-1]:
        raise withdrawn(slug)
    if rows and rows[0][7] and rows[0][8] is None:
        raise Merged(survivor(rows[0][6], rows[0][7]))
    return [(*row[:6], row[-1]) for row in rows]


def survivor(kind: str, slug: str, stamp: int | None = None) -> str:
    """Where the signposts from `slug` on end, now or at `stamp`. A problem if that is no longer public."""
    seen = set()
    while slug not in seen:
        seen.add(slug)
        leads = moved([f"{kind}/{slug}"], stamp)
        if not leads:
            break
        [slug] = leads.values()
    at = Sql("e.superseded IS NULL") if stamp is None else _at(stamp)
    named = Sql(" AND e.kind = %s AND e.slug = %s", (kind, slug))
    if not fetch(Sql("SELECT 1 FROM editions_edition e WHERE NOT e.withdrawn AND ") + at + named):
        raise withdrawn(slug)
    return slug


def moved(references: Iterable[str], stamp: int | None = None) -> dict[str, str]:
    """Of kind/slug, those that are signposts now, or were at `stamp` -> the slug to which they lead next."""
    references = list(references)
    at = Sql("e.superseded IS NULL") if stamp is None else _at(stamp)
    either = " OR ".join(["(e.kind = %s AND e.slug = %s)"] * len(references))
    named = Sql(f" AND ({either})", tuple(part for reference in references for part in reference.split("/", 1)))
    sql = Sql("SELECT e.kind, e.slug, e.moved_to FROM editions_edition e WHERE e.withdrawn AND e.moved_to <> '' AND ")
    return {f"{kind}/{slug}": to for kind, slug, to in fetch(sql + at + named)}


def _at(stamp: int) -> Sql:
    return Sql("e.stamp <= %s AND (e.superseded IS NULL OR e.superseded > %s)", (stamp, stamp))


def withdrawn(slug: str) -> Problem:
    return Problem("withdrawn", slug=slug, withdrawn=True)


def _named(kinds: Sequence[str], slug: str) -> Sql:
    return Sql(f" AND e.kind IN ({marks(kinds)}) AND e.slug = %s", (*kinds, slug))


def _public(rows: list[tuple], slug: str, stamp: int | None = None, when: str = "") -> Record:
    if not rows:
        raise Problem("not-found", f"There is no public record {slug}.")
    found = Record(*rows[0])
    if found.gone or (found.withdrawn and not found.moved_to and not when):
        raise withdrawn(slug)
    if found.moved_to:
        raise Merged(survivor(found.kind, found.moved_to, stamp))
    if found.withdrawn:
        raise Problem("not-found", f"{slug} was not public then.")
    return found
