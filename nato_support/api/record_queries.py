"""SQL for one record: as it is public now, as it was at a release, and each of its editions."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from entities.serializers import PLURALS, record_path
from nato_support.api import spelt_alike
from nato_support.api.earliest_release import before_history_problem
from nato_support.api.problems import ApiProblem
from nato_support.api.record_names import names_of_records
from nato_support.api.sql import WITHDRAWN_SQL, Sql, fetch_rows, records_condition, sql_placeholders

_EDITION_COLUMNS = "e.kind, e.number, e.document, e.evidence, e.withdrawn, e.moved_to"


class EditionRow(NamedTuple):
    """Edition of a record; `document` and `evidence` are JSON text."""

    kind: str
    number: int
    document: str
    evidence: str
    withdrawn: bool
    moved_to: str
    """Slug of the record that it was merged into, if it was."""
    record_withdrawn: bool = False
    """True if the record is withdrawn now, and with it all its editions."""


class MergedRecord(Exception):
    """The record requested was merged into another of its kind, whose slug is `survivor`."""

    def __init__(self, survivor: str):
        self.survivor = survivor
        super().__init__(survivor)


def find_record(kinds: Sequence[str], slug: str, release: int | None = None) -> EditionRow:
    """Return the edition that is live, or was at `release`.

    Raises a problem if there was none or the record is withdrawn, and MergedRecord if it was merged.
    """
    if release is None:
        sql = Sql(f"SELECT {_EDITION_COLUMNS} FROM publishing_edition e WHERE e.superseded IS NULL", ())
    else:
        sql = Sql(f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL} FROM publishing_edition e WHERE ") + _at_release_condition(release)
    return _public_edition_of_rows(
        fetch_rows(sql + _record_condition(kinds, slug)), kinds, slug, release, "then" if release else ""
    )


class NumberedEdition(NamedTuple):
    """Edition with the numbers of the editions before and after it that have content."""

    edition: EditionRow
    released_at: Any
    previous_number: int | None
    next_number: int | None


def find_edition(kinds: Sequence[str], slug: str, number: int) -> NumberedEdition:
    """Return an edition by its number.

    Raises a problem if there is none or the record is withdrawn, and MergedRecord if the edition is a redirect.
    """
    others = "FROM publishing_edition o WHERE o.kind = e.kind AND o.slug = e.slug AND NOT o.withdrawn AND o.number"
    sql = Sql(
        f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL}, r.released_at, (SELECT MAX(o.number) {others} < e.number),"
        f" (SELECT MIN(o.number) {others} > e.number)"
        " FROM publishing_edition e JOIN publishing_release r ON r.number = e.release WHERE e.number = %s",
        (number,),
    )
    rows = fetch_rows(sql + _record_condition(kinds, slug))
    if not rows:
        raise _no_such_edition_problem(kinds, slug, number)
    return NumberedEdition(_public_edition_of_rows([row[:7] for row in rows], kinds, slug), *rows[0][7:])


def _no_such_edition_problem(kinds: Sequence[str], slug: str, number: int) -> ApiProblem:
    newest = Sql(f"SELECT e.number, {WITHDRAWN_SQL} FROM publishing_edition e WHERE e.superseded IS NULL")
    rows = fetch_rows(newest + _record_condition(kinds, slug))
    if rows and rows[0][1]:
        return withdrawn_problem(slug)
    # Editions are numbered without gaps: one that is missing lies before the history that is served here.
    if rows and 1 <= number < rows[0][0]:
        return before_history_problem()
    return _no_such_record_problem(kinds, slug, f"There is no public record {slug} that has an edition {number}.")


def kind_and_number_at_release(kinds: Sequence[str], slug: str, release: int) -> tuple[str, int]:
    """Return kind and number of the edition that was public at `release`, or of the first one if there was none yet.

    Raises as `find_record` does.
    """
    newest = Sql(f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL} FROM publishing_edition e WHERE e.release <= %s", (release,))
    rows = fetch_rows(newest + _record_condition(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT 1"))
    if not rows:
        first = Sql(f"SELECT {_EDITION_COLUMNS}, {WITHDRAWN_SQL} FROM publishing_edition e WHERE e.number >= 1")
        rows = fetch_rows(first + _record_condition(kinds, slug) + Sql(" ORDER BY e.number LIMIT 1"))
    edition = _public_edition_of_rows(rows, kinds, slug, release, "then")
    return edition.kind, edition.number


class EditionListEntry(NamedTuple):
    """Entry in the list of a record's editions."""

    number: int
    release: int
    released_at: Any
    cause: str
    name: str
    withdrawn: bool
    character_count: int
    """Characters of its document and evidence."""


def list_edition_entries(kinds: Sequence[str], slug: str, before: int | None, limit: int) -> list[EditionListEntry]:
    """Return up to `limit` editions of a record, those before the number `before`, newest first.

    Raises as `find_record` does.
    """
    sql = Sql(
        "SELECT e.number, e.release, r.released_at, e.cause, e.name, e.withdrawn, LENGTH(e.document) + LENGTH(e.evidence),"
        f" e.kind, e.moved_to, e.superseded, {WITHDRAWN_SQL}"
        " FROM publishing_edition e JOIN publishing_release r ON r.number = e.release WHERE e.number < %s",
        (before or 2**31 - 1,),
    )
    rows = fetch_rows(sql + _record_condition(kinds, slug) + Sql(" ORDER BY e.number DESC LIMIT %s", (limit,)))
    if not rows and before is None:
        raise _no_such_record_problem(kinds, slug, f"There is no public {kinds[0]} {slug}.")
    if rows and rows[0][-1]:
        raise withdrawn_problem(slug)
    if rows and rows[0][8] and rows[0][9] is None:
        raise MergedRecord(find_survivor(rows[0][7], rows[0][8]))
    return [EditionListEntry(*row[:7]) for row in rows]


def fetch_edition_texts(kinds: Sequence[str], slug: str, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return number -> (document, evidence) of editions of a record. The caller must know that they are public."""
    if not numbers:
        return {}
    sql = Sql(
        f"SELECT e.number, e.document, e.evidence FROM publishing_edition e WHERE e.number IN ({sql_placeholders(numbers)})",
        (*numbers,),
    )
    return {number: (document, evidence) for number, document, evidence in fetch_rows(sql + _record_condition(kinds, slug))}


def withdrawn_among(references: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return those of the references (kind, slug) whose records are withdrawn."""
    keys = set(references)
    if not keys:
        return set()
    withdrawn = "e.superseded IS NULL AND e.withdrawn AND e.moved_to = ''"
    return set(
        fetch_rows(Sql(f"SELECT e.kind, e.slug FROM publishing_edition e WHERE {withdrawn} AND ") + records_condition(keys))
    )


class RecordState(NamedTuple):
    """State of a record now, or at a release."""

    is_public: bool
    moved_to: str
    """Slug of the record that it was merged into, if it was."""


def record_states(references: Iterable[str], release: int | None = None) -> dict[str, RecordState]:
    """Return the state, now or at `release`, of those of the references kind/slug that were public until then.

    What is withdrawn now was never public.
    """
    keys = [(kind, slug) for kind, _, slug in (reference.partition("/") for reference in references)]
    if not keys:
        return {}
    if release is None:
        sql = Sql("SELECT e.kind, e.slug, e.moved_to, e.withdrawn FROM publishing_edition e WHERE e.superseded IS NULL AND ")
    else:
        is_gone = f"e.withdrawn OR {WITHDRAWN_SQL}"
        sql = Sql(f"SELECT e.kind, e.slug, e.moved_to, {is_gone} FROM publishing_edition e WHERE ")
        sql += _at_release_condition(release) + Sql(" AND ")
    rows = fetch_rows(sql + records_condition(keys))
    return {f"{kind}/{slug}": RecordState(not is_gone, moved_to) for kind, slug, moved_to, is_gone in rows}


def find_survivor(kind: str, slug: str, release: int | None = None) -> str:
    """Follow the redirects from `slug`, now or at `release`, to their end. Raises a problem if that is not public."""
    seen = set()
    while slug not in seen:
        seen.add(slug)
        state = record_states([f"{kind}/{slug}"], release).get(f"{kind}/{slug}")
        if state and state.is_public:
            return slug
        if not (state and state.moved_to):
            break
        slug = state.moved_to
    raise withdrawn_problem(slug)


def _at_release_condition(release: int) -> Sql:
    return Sql("e.release <= %s AND (e.superseded IS NULL OR e.superseded > %s)", (release, release))


def withdrawn_problem(slug: str) -> ApiProblem:
    """Build the problem of a withdrawn record."""
    return ApiProblem("withdrawn", slug=slug, withdrawn=True)


def _no_such_record_problem(kinds: Sequence[str], slug: str, detail: str) -> ApiProblem:
    """Build the problem of a slug that no record of `kinds` has: it suggests a record of another kind, or others spelt alike."""
    states = record_states(f"{kind}/{slug}" for kind in PLURALS)
    of_other_kind = names_of_records(reference for reference, state in states.items() if state.is_public)
    likely = [spelt_alike.LikeRecord.of_reference(reference, name) for reference, name in of_other_kind.items()]
    problem = ApiProblem("not-found", detail)
    if suggestions := likely or spelt_alike.records_spelt_alike(slug, kinds):
        problem.members["suggestions"] = [one._asdict() | {"href": record_path(one.kind, one.slug)} for one in suggestions]
    return problem


def _record_condition(kinds: Sequence[str], slug: str) -> Sql:
    return Sql(f" AND e.kind IN ({sql_placeholders(kinds)}) AND e.slug = %s", (*kinds, slug))


def _public_edition_of_rows(
    rows: list[tuple], kinds: Sequence[str], slug: str, release: int | None = None, when: str = ""
) -> EditionRow:
    if not rows:
        raise _no_such_record_problem(kinds, slug, f"There is no public record {slug}.")
    edition = EditionRow(*rows[0])
    if edition.record_withdrawn or (edition.withdrawn and not edition.moved_to and not when):
        raise withdrawn_problem(slug)
    if edition.moved_to:
        raise MergedRecord(find_survivor(edition.kind, edition.moved_to, release))
    if edition.withdrawn:
        raise ApiProblem("not-found", f"{slug} was not public then.")
    return edition
