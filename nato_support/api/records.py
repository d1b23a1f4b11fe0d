"""The SQL for one record: as it is public now, as it was at a stamp, and each of its editions."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from nato_support.api.problems import Problem
from nato_support.api.sql import GONE, Sql, fetch, marks, one_of

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


class Numbered(NamedTuple):
    """One edition by its number, and where it stands among the others of its record."""

    record: Record
    printed_at: Any
    before: int | None
    """Number of the last edition before it that shows something."""
    after: int | None


def edition(kinds: Sequence[str], slug: str, number: int) -> Numbered:
    """An edition by its number. A problem if there is none, or if the record was withdrawn; Merged."""
    others = "FROM editions_edition o WHERE o.kind = e.kind AND o.slug = e.slug AND NOT o.withdrawn AND o.number"
    sql = Sql(
        f"SELECT {_COLUMNS}, {GONE}, r.printed_at, (SELECT MAX(o.number) {others} < e.number),"
        f" (SELECT MIN(o.number) {others} > e.number)"
        " FROM editions_edition e JOIN editions_printrun r ON r.stamp = e.stamp WHERE e.number = %s",
        (number,),
    )
    rows = fetch(sql + _named(kinds, slug))
    if not rows:
        raise Problem("not-found", f"There is no public record {slug} that has an edition {number}.")
    return Numbered(_public([row[:7] for row in rows], slug), *rows[0][7:])


def number_at(kinds: Sequence[str], slug: str, stamp: int) -> tuple[str, int]:
    """Kind and number of the edition that was public at `stamp`; of the first one, if that was earlier. Raises as `record`."""
    newest = Sql(f"SELECT {_COLUMNS}, {GONE} FROM editions_edition e WHERE e.stamp <= %s", (stamp,))
    rows = fetch(newest + _named(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT 1"))
    if not rows:
        first = Sql(f"SELECT {_COLUMNS}, {GONE} FROM editions_edition e WHERE e.number >= 1")
        rows = fetch(first + _named(kinds, slug) + Sql(" ORDER BY e.number LIMIT 1"))
    found = _public(rows, slug, stamp, "then")
    return found.kind, found.number


class Entry(NamedTuple):
    """One edition in the history of its record; `size` is how much it says."""

    number: int
    stamp: int
    printed_at: Any
    cause: str
    name: str
    withdrawn: bool
    size: int


def editions(kinds: Sequence[str], slug: str, before: int | None, limit: int) -> list[Entry]:
    """Up to `limit` editions of a record, those before the number `before`, newest first. A problem or Merged, as `record`."""
    sql = Sql(
        "SELECT e.number, e.stamp, r.printed_at, e.cause, e.name, e.withdrawn, LENGTH(e.document) + LENGTH(e.evidence),"
        f" e.kind, e.moved_to, e.superseded, {GONE}"
        " FROM editions_edition e JOIN editions_printrun r ON r.stamp = e.stamp WHERE e.number < %s",
        (before or 2**31 - 1,),
    )
    rows = fetch(sql + _named(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT %s", (limit,)))
    if not rows and before is None:
        raise Problem("not-found", f"There is no public {kinds[0]} {slug}.")
    if rows and rows[0][-1]:
        raise withdrawn(slug)
    if rows and rows[0][8] and rows[0][9] is None:
        raise Merged(survivor(rows[0][7], rows[0][8]))
    return [Entry(*row[:7]) for row in rows]


def printed(kinds: Sequence[str], slug: str, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number -> document and evidence of those editions of a record, of which the caller knows that they are public."""
    if not numbers:
        return {}
    sql = Sql(
        f"SELECT e.number, e.document, e.evidence FROM editions_edition e WHERE e.number IN ({marks(numbers)})", (*numbers,)
    )
    return {number: (document, evidence) for number, document, evidence in fetch(sql + _named(kinds, slug))}


def gone(references: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of (kind, slug), those that were withdrawn and are not public any more."""
    keys = set(references)
    if not keys:
        return set()
    withdrawn = "e.superseded IS NULL AND e.withdrawn AND e.moved_to = ''"
    return set(fetch(Sql(f"SELECT e.kind, e.slug FROM editions_edition e WHERE {withdrawn} AND ") + one_of(keys)))


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
    at = Sql("e.superseded IS NULL") if stamp is None else _at(stamp)
    sql = Sql("SELECT e.kind, e.slug, e.moved_to FROM editions_edition e WHERE e.withdrawn AND e.moved_to <> '' AND ")
    named = one_of((kind, slug) for kind, _, slug in (one.partition("/") for one in references))
    return {f"{kind}/{slug}": to for kind, slug, to in fetch(sql + at + Sql(" AND ") + named)}


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
