"""The SQL for one record: as it is public now, as it was at a release, and each of its editions."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from nato_support.api.problems import ApiProblem
from nato_support.api.sql import WITHDRAWN_SQL, Sql, fetch_rows, records_condition, sql_placeholders

_EDITION_COLUMNS = "e.kind, e.number, e.document, e.evidence, e.withdrawn, e.moved_to"


class EditionRow(NamedTuple):
    """One edition of a record."""

    kind: str
    number: int
    document: str
    evidence: str
    withdrawn: bool
    moved_to: str
    record_withdrawn: bool = False


class MergedRecord(Exception):
    """What was asked for was merged into another record of its kind, whose slug is `survivor`."""

    def __init__(self, survivor: str):
        self.survivor = survivor
        super().__init__(survivor)


def find_record(kinds: Sequence[str], slug: str, release: int | None = None) -> EditionRow:
    """The edition that is live, or was at `release`. A problem if there was none, or if the record was withdrawn; Merged."""
    if release is None:
        sql = Sql(f"SELECT {_EDITION_COLUMNS} FROM publishing_edition e WHERE e.superseded IS NULL", ())
    else:
        sql = Sql(f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL} FROM publishing_edition e WHERE ") + _at_release_condition(release)
    return _require_public(fetch_rows(sql + _record_condition(kinds, slug)), slug, release, "then" if release else "")


class NumberedEdition(NamedTuple):
    """One edition by its number, and where it stands among the others of its record."""

    edition: EditionRow
    released_at: Any
    previous_number: int | None
    """Number of the last edition before it that shows something."""
    next_number: int | None


def find_edition(kinds: Sequence[str], slug: str, number: int) -> NumberedEdition:
    """An edition by its number. A problem if there is none, or if the record was withdrawn; Merged."""
    others = "FROM publishing_edition o WHERE o.kind = e.kind AND o.slug = e.slug AND NOT o.withdrawn AND o.number"
    sql = Sql(
        f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL}, r.released_at, (SELECT MAX(o.number) {others} < e.number),"
        f" (SELECT MIN(o.number) {others} > e.number)"
        " FROM publishing_edition e JOIN publishing_release r ON r.number = e.release WHERE e.number = %s",
        (number,),
    )
    rows = fetch_rows(sql + _record_condition(kinds, slug))
    if not rows:
        raise ApiProblem("not-found", f"There is no public record {slug} that has an edition {number}.")
    return NumberedEdition(_require_public([row[:7] for row in rows], slug), *rows[0][7:])


def edition_number_at(kinds: Sequence[str], slug: str, release: int) -> tuple[str, int]:
    """Kind and number of the edition that was public at `release`; of the first one, if that was earlier. Raises as `record`."""
    newest = Sql(f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL} FROM publishing_edition e WHERE e.release <= %s", (release,))
    rows = fetch_rows(newest + _record_condition(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT 1"))
    if not rows:
        first = Sql(f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL} FROM publishing_edition e WHERE e.number >= 1")
        rows = fetch_rows(first + _record_condition(kinds, slug) + Sql(" ORDER BY e.number LIMIT 1"))
    found = _require_public(rows, slug, release, "then")
    return found.kind, found.number


class EditionListEntry(NamedTuple):
    """One edition in the history of its record; `size` is how much it says."""

    number: int
    release: int
    released_at: Any
    cause: str
    name: str
    withdrawn: bool
    character_count: int


def list_edition_entries(kinds: Sequence[str], slug: str, before: int | None, limit: int) -> list[EditionListEntry]:
    """Up to `limit` editions of a record, those before the number `before`, newest first. A problem or Merged, as `record`."""
    sql = Sql(
        "SELECT e.number, e.release, r.released_at, e.cause, e.name, e.withdrawn, LENGTH(e.document) + LENGTH(e.evidence),"
        f" e.kind, e.moved_to, e.superseded, {WITHDRAWN_SQL}"
        " FROM publishing_edition e JOIN publishing_release r ON r.number = e.release WHERE e.number < %s",
        (before or 2**31 - 1,),
    )
    rows = fetch_rows(sql + _record_condition(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT %s", (limit,)))
    if not rows and before is None:
        raise ApiProblem("not-found", f"There is no public {kinds[0]} {slug}.")
    if rows and rows[0][-1]:
        raise withdrawn_problem(slug)
    if rows and rows[0][8] and rows[0][9] is None:
        raise MergedRecord(find_survivor(rows[0][7], rows[0][8]))
    return [EditionListEntry(*row[:7]) for row in rows]


def fetch_edition_texts(kinds: Sequence[str], slug: str, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Number -> document and evidence of those editions of a record, of which the caller knows that they are public."""
    if not numbers:
        return {}
    sql = Sql(
        f"SELECT e.number, e.document, e.evidence FROM publishing_edition e WHERE e.number IN ({sql_placeholders(numbers)})",
        (*numbers,),
    )
    return {number: (document, evidence) for number, document, evidence in fetch_rows(sql + _record_condition(kinds, slug))}


def withdrawn_among(references: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of (kind, slug), those that were withdrawn and are not public any more."""
    keys = set(references)
    if not keys:
        return set()
    withdrawn = "e.superseded IS NULL AND e.withdrawn AND e.moved_to = ''"
    return set(
        fetch_rows(Sql(f"SELECT e.kind, e.slug FROM publishing_edition e WHERE {withdrawn} AND ") + records_condition(keys))
    )


def find_survivor(kind: str, slug: str, release: int | None = None) -> str:
    """Where the signposts from `slug` on end, now or at `release`. A problem if that is no longer public."""
    seen = set()
    while slug not in seen:
        seen.add(slug)
        leads = redirects_among([f"{kind}/{slug}"], release)
        if not leads:
            break
        [slug] = leads.values()
    at = Sql("e.superseded IS NULL") if release is None else _at_release_condition(release)
    named = Sql(" AND e.kind = %s AND e.slug = %s", (kind, slug))
    if not fetch_rows(Sql("SELECT 1 FROM publishing_edition e WHERE NOT e.withdrawn AND ") + at + named):
        raise withdrawn_problem(slug)
    return slug


def redirects_among(references: Iterable[str], release: int | None = None) -> dict[str, str]:
    """Of kind/slug, those that are signposts now, or were at `release` -> the slug to which they lead next."""
    at = Sql("e.superseded IS NULL") if release is None else _at_release_condition(release)
    sql = Sql("SELECT e.kind, e.slug, e.moved_to FROM publishing_edition e WHERE e.withdrawn AND e.moved_to <> '' AND ")
    named = records_condition((kind, slug) for kind, _, slug in (one.partition("/") for one in references))
    return {f"{kind}/{slug}": to for kind, slug, to in fetch_rows(sql + at + Sql(" AND ") + named)}


def _at_release_condition(release: int) -> Sql:
    return Sql("e.release <= %s AND (e.superseded IS NULL OR e.superseded > %s)", (release, release))


def withdrawn_problem(slug: str) -> ApiProblem:
    return ApiProblem("withdrawn", slug=slug, withdrawn=True)


def _record_condition(kinds: Sequence[str], slug: str) -> Sql:
    return Sql(f" AND e.kind IN ({sql_placeholders(kinds)}) AND e.slug = %s", (*kinds, slug))


def _require_public(rows: list[tuple], slug: str, release: int | None = None, when: str = "") -> EditionRow:
    if not rows:
        raise ApiProblem("not-found", f"There is no public record {slug}.")
    found = EditionRow(*rows[0])
    if found.record_withdrawn or (found.withdrawn and not found.moved_to and not when):
        raise withdrawn_problem(slug)
    if found.moved_to:
        raise MergedRecord(find_survivor(found.kind, found.moved_to, release))
    if found.withdrawn:
        raise ApiProblem("not-found", f"{slug} was not public then.")
    return found
