"""The SQL of the public side: a page of a collection, one record, what was live at a release. SQLite and PostgreSQL alike.

A page costs what its own rows cost, however large the register: it walks an index in the page's order, or it gathers the
few editions that the rarest filter leaves. Editions live now are in the `live_by_...` indexes, earlier ones in `past_by_...`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from entities.dates import GOES_ON
from nato_support.api.full_text_query import FullTextQuery
from nato_support.api.predicates import Predicate, TermIn, TermPredicate
from nato_support.api.sql import LIVE_SQL, WITHDRAWN_SQL, Sql, fetch_rows, join_sql, public_at_release, sql_placeholders

FEW_EDITIONS = 2_000
"""A filter that leaves fewer editions than this is gathered whole and sorted."""
FEW_HITS = 5_000
"""The same for full text, which is slow to test row by row."""
MAX_COUNTED = 10_000
"""How far results are counted."""

# So many ids are asked for in one statement.
_IDS_PER_STATEMENT = 5_000

_PAST_SQL = "e.superseded IS NOT NULL AND NOT e.withdrawn AND e.superseded > %s AND e.release <= %s"
# What was withdrawn since is public at no release any more.
_NOT_WITHDRAWN_SQL = f"NOT {WITHDRAWN_SQL}"
# CROSS JOIN: SQLite would rather walk the whole collection in order than sort a few.
_TERMS_JOIN_SQL = Sql("publishing_editionterm t CROSS JOIN publishing_edition e")
_TERM_CONDITION_SQL = "e.id = t.edition_id AND t.field = %s AND t.value = %s AND t.kind = %s AND "


@dataclass(frozen=True, slots=True)
class EditionQuery:
    """What a list is asked for."""

    kinds: tuple[str, ...]
    filters: tuple[Predicate, ...] = ()
    ends_on_or_after: str = ""
    """Reaching this day or later."""
    begins_on_or_before: str = ""
    """Beginning on this day or before."""
    begins_on_or_after: str = ""
    """Beginning on this day or later."""
    ends_on_or_before: str = ""
    """Ending on this day or before."""
    with_date: bool = False
    """Having a date at all."""
    without_date: bool = False
    """Having none."""
    not_ended_before: str = ""
    """Of what has no beginning: not known to have ended before this day."""
    full_text: FullTextQuery | None = None
    ordering_column: str = "sort_date"
    """What it is ordered by: sort_date, name or release."""
    descending: bool = True
    release: int | None = None
    """As of this release; None: as it stands now."""
    key: tuple | None = None
    """Ordering value and edition id after which the page starts; before which, if backwards."""
    backwards: bool = False
    begins_before: str = ""
    """A stretch of the ordering: beginning earlier than this day."""

    @property
    def requires_date(self) -> bool:
        """Whether it takes only what has a date."""
        return bool(
            self.with_date
            or self.ends_on_or_after
            or self.begins_on_or_before
            or self.begins_on_or_after
            or self.ends_on_or_before
        )


def fetch_page_rows(query: EditionQuery, limit: int) -> list[tuple[str, str, int]]:
    """Up to `limit` rows of (document, ordering value, edition id), in reading direction. Mostly one statement."""
    rows: list[tuple[str, str, int]] = []
    for stretch in _split_by_ordering(query):
        rows += _fetch_stretch_rows(stretch, limit - len(rows))
        if len(rows) == limit:
            break
    return rows


def count_results(query: EditionQuery) -> tuple[int, bool]:
    """How many results there are, and whether that is all of them. A whole live collection is counted to its end."""
    whole = query.release is None and not (query.filters or query.full_text or query.requires_date or query.without_date)
    limit = 2**40 if whole else MAX_COUNTED + 1
    counts = (
        Sql(
            f"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM {part.source.text} WHERE {part.where.text} LIMIT {limit}) c",
            part.parameters,
        )
        for stretch in _split_by_ordering(query)
        for part in _edition_sources(stretch, counting=True)
    )
    [(found,)] = fetch_rows(Sql("SELECT SUM(n) FROM (") + join_sql(" UNION ALL ", counts) + Sql(") s"))
    return (int(found), True) if whole or found <= MAX_COUNTED else (MAX_COUNTED, False)


def fetch_result_terms(query: EditionQuery, fields: Sequence[str], most: int) -> list[tuple[int, str, str]]:
    """(edition id, field, value) of the terms in `fields` of the results, in no order; of more than `most`, not of all."""
    selects = (
        Sql(
            f"SELECT * FROM (SELECT e.id AS id FROM {part.source.text} WHERE {part.where.text} LIMIT %s) p",
            (*part.parameters, most),
        )
        for stretch in _split_by_ordering(query)
        for part in _edition_sources(stretch, counting=True)
    )
    named = Sql(
        f") m CROSS JOIN publishing_editionterm y WHERE y.edition_id = m.id AND y.field IN ({sql_placeholders(fields)})",
        tuple(fields),
    )
    return fetch_rows(Sql("SELECT y.edition_id, y.field, y.value FROM (") + join_sql(" UNION ALL ", selects) + named)


def result_ids_sql(query: EditionQuery, most: int) -> Sql:
    """A statement that gives id and kind of the results, each once; of more than `most`, of that many at least."""
    selects: list[Sql] = []
    for stretch in _split_by_ordering(query):
        for part in _edition_sources(stretch, counting=True):
            text = f"SELECT e.id AS id, e.kind AS kind FROM {part.source.text} WHERE {part.where.text}"
            if not part.is_unordered:
                # Always the same ones, of many.
                key, tie = _ordering_columns(part.walks_term_index, stretch.ordering_column)
                order = "DESC" if stretch.descending else "ASC"
                text += f" ORDER BY {key} {order}, {tie} {order}"
            selects.append(Sql(f"SELECT id, kind FROM ({text} LIMIT %s) p{len(selects)}", (*part.parameters, most)))
    return join_sql(" UNION ALL ", selects)


def documents_by_edition(editions: Iterable[int]) -> dict[int, str]:
    """Edition id -> its document, of editions of which the caller knows that they are public."""
    wanted = tuple(editions)
    found: dict[int, str] = {}
    for at in range(0, len(wanted), _IDS_PER_STATEMENT):
        some = wanted[at : at + _IDS_PER_STATEMENT]
        found |= fetch_rows(
            Sql(f"SELECT e.id, e.document FROM publishing_edition e WHERE e.id IN ({sql_placeholders(some)})", some)
        )
    return found


def public_edition_condition(release: int | None) -> Sql:
    """Edition `e` is public now; or was at `release`, and is not withdrawn since."""
    return public_at_release("e", release)


def _split_by_ordering(query: EditionQuery) -> list[EditionQuery]:
    """The question cut into stretches of its ordering, each of which an index has in order, in reading direction.

    Unknown dates come after the known ones. What began in an earlier year and reaches into `first` is found by the year
    that it spans, so that nothing older need be looked through.
    """
    if query.ordering_column != "sort_date":
        return [query]
    if not query.ends_on_or_after:
        split = not (query.descending or query.requires_date or query.without_date)
        return _known_then_unknown_dates(query) if split else [query]
    year = query.ends_on_or_after[:4]
    new_year = f"{year}-01-01"
    stretches = [replace(query, begins_on_or_after=max(query.begins_on_or_after, new_year))]
    if query.begins_on_or_after < new_year:
        spanning = (*query.filters, TermPredicate((TermIn("spans", (year, GOES_ON), exclusive=True),)))
        stretches.append(replace(query, filters=spanning, begins_before=new_year))
    if query.descending == query.backwards:
        stretches.reverse()
    return stretches


def _known_then_unknown_dates(query: EditionQuery) -> list[EditionQuery]:
    """Known dates, then unknown ones; from the key on."""
    known, unknown = replace(query, with_date=True), replace(query, without_date=True)
    at_unknown = query.key is not None and query.key[0] == ""
    if query.backwards:
        return [unknown, replace(known, key=None)] if at_unknown else [known]
    return [unknown] if at_unknown else [known, replace(unknown, key=None)]


@dataclass(frozen=True, slots=True)
class _EditionSource:
    """Editions that one index has in order, or that are few enough to sort."""

    source: Sql
    where: Sql
    walks_term_index: bool = False
    """Whether the index of terms is walked."""
    is_unordered: bool = False
    """Whether they come in no order: sorted by their keys alone, before the documents are read."""

    @property
    def parameters(self) -> tuple:
        return self.source.parameters + self.where.parameters


def _fetch_stretch_rows(query: EditionQuery, limit: int) -> list[tuple]:
    parts = _edition_sources(query)
    order = "DESC" if query.descending != query.backwards else "ASC"
    if len(parts) == 1 and not parts[0].is_unordered:
        return fetch_rows(_source_select("e.document, ", parts[0], query.ordering_column, order, limit))
    selects = (_source_select("", part, query.ordering_column, order, limit) for part in parts)
    union = join_sql(
        " UNION ALL ", (Sql(f"SELECT * FROM ({select.text}) p{at}", select.parameters) for at, select in enumerate(selects))
    )
    return fetch_rows(
        Sql("SELECT e.document, p.k, p.id FROM (SELECT k, id FROM (")
        + union
        + Sql(f") u ORDER BY k {order}, id {order} LIMIT %s) p JOIN publishing_edition e ON e.id = p.id", (limit,))
        + Sql(f" ORDER BY p.k {order}, p.id {order}")
    )


def _source_select(columns: str, part: _EditionSource, column: str, order: str, limit: int) -> Sql:
    key, tie = _ordering_columns(part.walks_term_index, column)
    text = f"SELECT {columns}{key} AS k, {tie} AS id FROM {part.source.text} WHERE {part.where.text}"
    return Sql(f"{text} ORDER BY {key} {order}, {tie} {order} LIMIT %s", (*part.parameters, limit))


def _ordering_columns(terms: bool, column: str) -> tuple[str, str]:
    return ("t.sort_date", "t.edition_id") if terms else (f"e.{column}", "e.id")


def _edition_sources(query: EditionQuery, counting: bool = False) -> list[_EditionSource]:
    driver = replace(query.full_text, kinds=query.kinds) if counting and query.full_text else _choose_driver(query)
    walked = isinstance(driver, TermPredicate) and _index_ordered_term(query, driver) is not None
    conditions = _date_and_position_bounds(query, walked) + [
        one.edition_condition(query.release) for one in query.filters if one is not driver
    ]
    if query.full_text and not isinstance(driver, FullTextQuery):
        conditions.append(query.full_text.edition_condition())
    gathered = driver is not None and not walked
    return [
        _EditionSource(source, join_sql(" AND ", [where, *conditions]), walked, gathered)
        for source, where in _driven_tables(query, driver)
    ]


def _driven_tables(query: EditionQuery, driver: Predicate | FullTextQuery | None) -> list[tuple[Sql, Sql]]:
    """Where the editions come from: (tables, condition). Together they are all, each once."""
    n = query.release
    then = public_edition_condition(n)
    kinds = query.kinds
    if isinstance(driver, TermPredicate) and (walked := _index_ordered_term(query, driver)):
        # Tombstones have no terms, so the condition can stay on the edition's first columns.
        then = Sql("e.superseded IS NULL") if n is None else then
        return [
            (_TERMS_JOIN_SQL, Sql(_TERM_CONDITION_SQL, (walked.field, value, kind)) + then)
            for kind in kinds
            for value in walked.values
        ]
    if driver is not None:
        gathered = Sql("(") + _matching_ids_sql(driver, kinds, n) + Sql(") g CROSS JOIN publishing_edition e")
        return [(gathered, Sql(f"e.id = g.id AND e.kind IN ({sql_placeholders(kinds)}) AND ", kinds) + then)]
    walks = []
    for kind in kinds:
        live = Sql(f"e.kind = %s AND {LIVE_SQL}", (kind,))
        walks.append(live if n is None else live + Sql(" AND e.release <= %s", (n,)))
        if n is not None:
            walks.append(Sql(f"e.kind = %s AND {_PAST_SQL} AND {_NOT_WITHDRAWN_SQL}", (kind, n, n)))
    return [(Sql("publishing_edition e"), walk) for walk in walks]


def _date_and_position_bounds(query: EditionQuery, walked: bool) -> list[Sql]:
    """Conditions on the dates, and on the place in the ordering."""
    column, tie = _ordering_columns(walked, query.ordering_column)
    day = column if query.ordering_column == "sort_date" else "e.sort_date"
    bounds = []
    if query.without_date:
        bounds.append(Sql(f"{day} = ''"))
        if query.not_ended_before:
            bounds.append(Sql("(e.until = '' OR e.until >= %s)", (query.not_ended_before,)))
    elif query.requires_date:
        bounds.append(Sql(f"{day} >= %s", (query.begins_on_or_after or "0",)))
    if query.begins_before:
        bounds.append(Sql(f"{day} < %s", (query.begins_before,)))
    # What ends by a day begins by it.
    if last := min(filter(None, (query.begins_on_or_before, query.ends_on_or_before)), default=""):
        bounds.append(Sql(f"{day} <= %s", (last,)))
    if query.ends_on_or_after:
        bounds.append(Sql("e.until >= %s", (query.ends_on_or_after,)))
    if query.ends_on_or_before:
        bounds.append(Sql("e.until <= %s", (query.ends_on_or_before,)))
    if query.key:
        sign = "<" if query.descending != query.backwards else ">"
        bounds.append(Sql(f"({column}, {tie}) {sign} (%s, %s)", query.key))
    return bounds


def _choose_driver(query: EditionQuery) -> Predicate | FullTextQuery | None:
    """What to read the editions by: what leaves fewest, if few enough to sort; else one filter in order; else none."""
    usable: list[Predicate | FullTextQuery] = [one for one in query.filters if not one.is_negated]
    ordered = [one for one in usable if isinstance(one, TermPredicate) and _index_ordered_term(query, one)]
    if query.full_text:
        usable.append(query.full_text)
    if not usable or (len(usable) == 1 and ordered):
        return ordered[0] if ordered else None
    if few := _most_selective(query, usable):
        return few
    if query.full_text and (few := _most_selective(query, [replace(query.full_text, kinds=query.kinds)])):
        return few
    return ordered[0] if ordered else None


def _most_selective(query: EditionQuery, usable: Sequence[Predicate | FullTextQuery]) -> Predicate | FullTextQuery | None:
    """The one that leaves fewest editions, if any leaves few."""
    counts = (
        Sql("(SELECT COUNT(*) FROM (")
        + _matching_ids_sql(one, query.kinds, query.release)
        + Sql(" LIMIT %s) c)", (_gathering_limit(one),))
        for one in usable
    )
    [sizes] = fetch_rows(Sql("SELECT ") + join_sql(", ", counts))
    few = [(size, at) for at, (one, size) in enumerate(zip(usable, sizes, strict=True)) if size < _gathering_limit(one)]
    return usable[min(few)[1]] if few else None


def _index_ordered_term(query: EditionQuery, term_predicate: TermPredicate) -> TermIn | None:
    """The terms by which this filter finds each edition once, if the index of terms has them in the order of the question."""
    if query.ordering_column != "sort_date" or len(term_predicate.term_matches) > 1:
        return None
    [leg] = term_predicate.term_matches
    return leg if isinstance(leg, TermIn) and (leg.exclusive or len(leg.values) == 1) else None


def _gathering_limit(driver: Predicate | FullTextQuery) -> int:
    return FEW_HITS if isinstance(driver, FullTextQuery) else FEW_EDITIONS


def _matching_ids_sql(driver: Predicate | FullTextQuery, kinds: Sequence[str], release: int | None) -> Sql:
    return driver.matching_ids() if isinstance(driver, FullTextQuery) else driver.matching_ids(kinds, release)
