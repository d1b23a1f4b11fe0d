"""SQL for lists of editions: pages, counts and terms of the results, now or as of a release; for SQLite and PostgreSQL.

The cost of a page depends on its own rows, not on the size of the register: either an index is walked in the order of the
page, or the few editions that the most selective filter leaves are gathered and sorted. Live editions are in the indexes
`live_by_...`, earlier ones in `past_by_...`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from entities.dates import GOES_ON
from nato_support.api.full_text_query import FullTextQuery
from nato_support.api.predicates import Predicate, TermIn, TermPredicate
from nato_support.api.sql import LIVE_SQL, WITHDRAWN_SQL, Sql, fetch_rows, join_sql, public_at_release_condition, sql_placeholders

FEW_EDITIONS = 2_000
"""The results of a filter that leaves fewer editions than this are gathered and sorted."""
FEW_HITS = 5_000
"""The same for full text, which is slow to test row by row."""
MAX_COUNTED = 10_000
"""Results are counted up to this number."""

_IDS_PER_STATEMENT = 5_000

_PAST_SQL = "e.superseded IS NOT NULL AND NOT e.withdrawn AND e.superseded > %s AND e.release <= %s"
# A record that was withdrawn since is no longer public as of any release.
_NOT_WITHDRAWN_SQL = f"NOT {WITHDRAWN_SQL}"
# CROSS JOIN fixes the order of the tables: SQLite would walk the whole collection in order rather than sort a few rows.
_TERMS_JOIN_SQL = Sql("publishing_editionterm t CROSS JOIN publishing_edition e")
_TERM_CONDITION_SQL = "e.id = t.edition_id AND t.field = %s AND t.value = %s AND t.kind = %s AND "


@dataclass(frozen=True, slots=True)
class EditionQuery:
    """Query of a list: its filters, the release as of which to read, and the position of the page."""

    kinds: tuple[str, ...]
    filters: tuple[Predicate, ...] = ()
    ends_on_or_after: str = ""
    """ISO date, like all bounds; "" is no bound."""
    begins_on_or_before: str = ""
    begins_on_or_after: str = ""
    ends_on_or_before: str = ""
    with_date: bool = False
    without_date: bool = False
    not_ended_before: str = ""
    """Day before which a record without a date must not be known to have ended."""
    full_text: FullTextQuery | None = None
    ordering_column: str = "sort_date"
    """Column of the order: sort_date, name or release."""
    descending: bool = True
    release: int | None = None
    """Release as of which to read; None for now."""
    key: tuple | None = None
    """Ordering value and edition id after which the page starts or, if backwards, before which it ends."""
    backwards: bool = False
    begins_before: str = ""
    """Set on a segment of the ordering only: beginning before this day."""

    @property
    def requires_date(self) -> bool:
        """True if only records with a date match."""
        return bool(
            self.with_date
            or self.ends_on_or_after
            or self.begins_on_or_before
            or self.begins_on_or_after
            or self.ends_on_or_before
        )


def fetch_page_rows(query: EditionQuery, limit: int) -> list[tuple[str, str, int]]:
    """Return up to `limit` rows of (document, ordering value, edition id), in reading direction. Mostly one statement."""
    rows: list[tuple[str, str, int]] = []
    for segment in _split_into_ordered_segments(query):
        rows += _fetch_segment_rows(segment, limit - len(rows))
        if len(rows) == limit:
            break
    return rows


def count_results(query: EditionQuery) -> tuple[int, bool]:
    """Return the number of results, and whether it is exact. Only a whole live collection is counted beyond MAX_COUNTED."""
    is_whole_collection = query.release is None and not (
        query.filters or query.full_text or query.requires_date or query.without_date
    )
    limit = 2**40 if is_whole_collection else MAX_COUNTED + 1
    counts = (
        Sql(
            f"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM {source.tables.text} WHERE {source.where.text} LIMIT {limit}) c",
            source.parameters,
        )
        for segment in _split_into_ordered_segments(query)
        for source in _edition_scans(segment, counting=True)
    )
    [(total,)] = fetch_rows(Sql("SELECT SUM(n) FROM (") + join_sql(" UNION ALL ", counts) + Sql(") s"))
    return (int(total), True) if is_whole_collection or total <= MAX_COUNTED else (MAX_COUNTED, False)


def count_among_results(query: EditionQuery, conditions: Sequence[Sequence[Predicate]]) -> tuple[list[int], bool]:
    """Return how many of the results match all predicates of each condition, and whether all results were looked at.

    No more than MAX_COUNTED are.
    """
    limit = MAX_COUNTED + 1
    flags = [
        join_sql(" AND ", (predicate.edition_condition(query.release) for predicate in condition)) for condition in conditions
    ]
    columns = join_sql(
        ", ", (Sql(f"CASE WHEN {flag.text} THEN 1 ELSE 0 END AS c{at}", flag.parameters) for at, flag in enumerate(flags))
    )
    selects: list[Sql] = []
    for segment in _split_into_ordered_segments(query):
        for source in _edition_scans(segment, counting=True):
            select = Sql("SELECT ") + columns + Sql(" FROM ") + source.tables + Sql(" WHERE ") + source.where
            select += _scan_order(source, segment) + Sql(" LIMIT %s", (limit,))
            selects.append(Sql("SELECT * FROM (") + select + Sql(f") p{len(selects)}"))
    sums = "".join(f", COALESCE(SUM(c{at}), 0)" for at, _ in enumerate(flags))
    [(total, *counts)] = fetch_rows(Sql(f"SELECT COUNT(*){sums} FROM (") + join_sql(" UNION ALL ", selects) + Sql(") s"))
    return [int(count) for count in counts], total <= MAX_COUNTED


def fetch_result_terms(query: EditionQuery, fields: Sequence[str], limit: int) -> list[tuple[int, str, str]]:
    """Return (edition id, field, value) of the terms in `fields` of the results, unordered.

    If there are more results than `limit`, the terms of some are missing.
    """
    selects = (
        Sql(
            f"SELECT * FROM (SELECT e.id AS id FROM {source.tables.text} WHERE {source.where.text} LIMIT %s) p",
            (*source.parameters, limit),
        )
        for segment in _split_into_ordered_segments(query)
        for source in _edition_scans(segment, counting=True)
    )
    terms = Sql(
        f") m CROSS JOIN publishing_editionterm y WHERE y.edition_id = m.id AND y.field IN ({sql_placeholders(fields)})",
        tuple(fields),
    )
    return fetch_rows(Sql("SELECT y.edition_id, y.field, y.value FROM (") + join_sql(" UNION ALL ", selects) + terms)


def result_ids_sql(query: EditionQuery, limit: int) -> Sql:
    """Select id and kind of the results, each once; if there are more than `limit`, of at least that many."""
    selects: list[Sql] = []
    for segment in _split_into_ordered_segments(query):
        for source in _edition_scans(segment, counting=True):
            text = f"SELECT e.id AS id, e.kind AS kind FROM {source.tables.text} WHERE {source.where.text}"
            text += f"{_scan_order(source, segment).text} LIMIT %s"
            selects.append(Sql(f"SELECT id, kind FROM ({text}) p{len(selects)}", (*source.parameters, limit)))
    return join_sql(" UNION ALL ", selects)


def _scan_order(source: "_EditionScan", query: EditionQuery) -> Sql:
    """Return the order in which a scan is cut off, so that of too many results the same ones are selected each time."""
    if source.is_unordered:
        return Sql("")
    key, tie = _ordering_columns(source.walks_term_index, query.ordering_column)
    order = "DESC" if query.descending else "ASC"
    return Sql(f" ORDER BY {key} {order}, {tie} {order}")


def documents_by_edition(editions: Iterable[int]) -> dict[int, str]:
    """Return edition id -> its document. The caller must know that the editions are public."""
    ids = tuple(editions)
    documents: dict[int, str] = {}
    for at in range(0, len(ids), _IDS_PER_STATEMENT):
        batch = ids[at : at + _IDS_PER_STATEMENT]
        documents |= fetch_rows(
            Sql(f"SELECT e.id, e.document FROM publishing_edition e WHERE e.id IN ({sql_placeholders(batch)})", batch)
        )
    return documents


def public_edition_condition(release: int | None) -> Sql:
    """Return the condition that edition `e` is public now, or was at `release` and was not withdrawn since."""
    return public_at_release_condition("e", release)


def _split_into_ordered_segments(query: EditionQuery) -> list[EditionQuery]:
    """Split a query into segments of its ordering, in reading direction, each of which an index has in order.

    Unknown dates come after the known ones. Records that began in an earlier year and last until `ends_on_or_after` are
    found by their terms `spans`, one for each year that they touch, so that older records need not be read.
    """
    if query.ordering_column != "sort_date":
        return [query]
    if not query.ends_on_or_after:
        has_both = not (query.descending or query.requires_date or query.without_date)
        return _known_then_unknown_dates(query) if has_both else [query]
    year = query.ends_on_or_after[:4]
    new_year = f"{year}-01-01"
    segments = [replace(query, begins_on_or_after=max(query.begins_on_or_after, new_year))]
    if query.begins_on_or_after < new_year:
        spanning = (*query.filters, TermPredicate((TermIn("spans", (year, GOES_ON), exclusive=True),)))
        segments.append(replace(query, filters=spanning, begins_before=new_year))
    if query.descending == query.backwards:
        segments.reverse()
    return segments


def _known_then_unknown_dates(query: EditionQuery) -> list[EditionQuery]:
    """Split a query into known and unknown dates, without the segments that lie before its key."""
    known, unknown = replace(query, with_date=True), replace(query, without_date=True)
    at_unknown = query.key is not None and query.key[0] == ""
    if query.backwards:
        return [unknown, replace(known, key=None)] if at_unknown else [known]
    return [unknown] if at_unknown else [known, replace(unknown, key=None)]


@dataclass(frozen=True, slots=True)
class _EditionScan:
    """Tables and condition of editions that one index has in order, or that are few enough to sort."""

    tables: Sql
    where: Sql
    walks_term_index: bool = False
    """True if rows come in the order of the index of terms."""
    is_unordered: bool = False
    """True if rows come in no order: their keys are then sorted before the documents are read."""

    @property
    def parameters(self) -> tuple:
        return self.tables.parameters + self.where.parameters


def _fetch_segment_rows(query: EditionQuery, limit: int) -> list[tuple]:
    sources = _edition_scans(query)
    order = "DESC" if query.descending != query.backwards else "ASC"
    if len(sources) == 1 and not sources[0].is_unordered:
        return fetch_rows(_ordered_scan_select("e.document, ", sources[0], query.ordering_column, order, limit))
    selects = (_ordered_scan_select("", source, query.ordering_column, order, limit) for source in sources)
    union = join_sql(
        " UNION ALL ", (Sql(f"SELECT * FROM ({select.text}) p{at}", select.parameters) for at, select in enumerate(selects))
    )
    return fetch_rows(
        Sql("SELECT e.document, p.k, p.id FROM (SELECT k, id FROM (")
        + union
        + Sql(f") u ORDER BY k {order}, id {order} LIMIT %s) p JOIN publishing_edition e ON e.id = p.id", (limit,))
        + Sql(f" ORDER BY p.k {order}, p.id {order}")
    )


def _ordered_scan_select(columns: str, source: _EditionScan, column: str, order: str, limit: int) -> Sql:
    key, tie = _ordering_columns(source.walks_term_index, column)
    text = f"SELECT {columns}{key} AS k, {tie} AS id FROM {source.tables.text} WHERE {source.where.text}"
    return Sql(f"{text} ORDER BY {key} {order}, {tie} {order} LIMIT %s", (*source.parameters, limit))


def _ordering_columns(walks_term_index: bool, column: str) -> tuple[str, str]:
    return ("t.sort_date", "t.edition_id") if walks_term_index else (f"e.{column}", "e.id")


def _edition_scans(query: EditionQuery, counting: bool = False) -> list[_EditionScan]:
    driver = replace(query.full_text, kinds=query.kinds) if counting and query.full_text else _choose_driving_filter(query)
    walks_term_index = isinstance(driver, TermPredicate) and _index_ordered_term(query, driver) is not None
    conditions = _date_and_position_bounds(query, walks_term_index) + [
        predicate.edition_condition(query.release) for predicate in query.filters if predicate is not driver
    ]
    if query.full_text and not isinstance(driver, FullTextQuery):
        conditions.append(query.full_text.edition_condition())
    is_gathered = driver is not None and not walks_term_index
    return [
        _EditionScan(tables, join_sql(" AND ", [where, *conditions]), walks_term_index, is_gathered)
        for tables, where in _tables_and_conditions(query, driver)
    ]


def _tables_and_conditions(query: EditionQuery, driver: Predicate | FullTextQuery | None) -> list[tuple[Sql, Sql]]:
    """Return (tables, condition) pairs that together give all editions that match `driver`, each once."""
    release, kinds = query.release, query.kinds
    is_public = public_edition_condition(release)
    if isinstance(driver, TermPredicate) and (term := _index_ordered_term(query, driver)):
        # Tombstones have no terms, so the condition can do with the edition's first columns.
        is_public = Sql("e.superseded IS NULL") if release is None else is_public
        return [
            (_TERMS_JOIN_SQL, Sql(_TERM_CONDITION_SQL, (term.field, value, kind)) + is_public)
            for kind in kinds
            for value in term.values
        ]
    if driver is not None:
        gathered = Sql("(") + _matching_ids_sql(driver, kinds, release) + Sql(") g CROSS JOIN publishing_edition e")
        return [(gathered, Sql(f"e.id = g.id AND e.kind IN ({sql_placeholders(kinds)}) AND ", kinds) + is_public)]
    conditions = []
    for kind in kinds:
        live = Sql(f"e.kind = %s AND {LIVE_SQL}", (kind,))
        conditions.append(live if release is None else live + Sql(" AND e.release <= %s", (release,)))
        if release is not None:
            conditions.append(Sql(f"e.kind = %s AND {_PAST_SQL} AND {_NOT_WITHDRAWN_SQL}", (kind, release, release)))
    return [(Sql("publishing_edition e"), condition) for condition in conditions]


def _date_and_position_bounds(query: EditionQuery, walks_term_index: bool) -> list[Sql]:
    """Return the conditions on the dates, and on the position in the ordering."""
    column, tie = _ordering_columns(walks_term_index, query.ordering_column)
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
    # A record that ends by a day begins by it.
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


def _choose_driving_filter(query: EditionQuery) -> Predicate | FullTextQuery | None:
    """Return the filter to read the editions by; None to walk the collection.

    The filter that leaves fewest editions, if they are few enough to sort; else one whose editions an index has in order.
    """
    usable: list[Predicate | FullTextQuery] = [predicate for predicate in query.filters if not predicate.is_negated]
    in_order = [
        predicate for predicate in usable if isinstance(predicate, TermPredicate) and _index_ordered_term(query, predicate)
    ]
    if query.full_text:
        usable.append(query.full_text)
    if not usable or (len(usable) == 1 and in_order):
        return in_order[0] if in_order else None
    if selective := _most_selective_filter(query, usable):
        return selective
    if query.full_text and (selective := _most_selective_filter(query, [replace(query.full_text, kinds=query.kinds)])):
        return selective
    return in_order[0] if in_order else None


def _most_selective_filter(query: EditionQuery, drivers: Sequence[Predicate | FullTextQuery]) -> Predicate | FullTextQuery | None:
    """Return the driver that leaves fewest editions, or None if none leaves fewer than its limit."""
    limits = [_gathering_limit(driver) for driver in drivers]
    counts = (
        Sql("(SELECT COUNT(*) FROM (") + _matching_ids_sql(driver, query.kinds, query.release) + Sql(" LIMIT %s) c)", (limit,))
        for driver, limit in zip(drivers, limits, strict=True)
    )
    [sizes] = fetch_rows(Sql("SELECT ") + join_sql(", ", counts))
    selective = [(size, at) for at, (size, limit) in enumerate(zip(sizes, limits, strict=True)) if size < limit]
    return drivers[min(selective)[1]] if selective else None


def _index_ordered_term(query: EditionQuery, term_predicate: TermPredicate) -> TermIn | None:
    """Return the match that finds each edition once in the order of the query, if the index of terms has that order."""
    if query.ordering_column != "sort_date" or len(term_predicate.term_matches) > 1:
        return None
    [match] = term_predicate.term_matches
    return match if isinstance(match, TermIn) and (match.exclusive or len(match.values) == 1) else None


def _gathering_limit(driver: Predicate | FullTextQuery) -> int:
    return FEW_HITS if isinstance(driver, FullTextQuery) else FEW_EDITIONS


def _matching_ids_sql(driver: Predicate | FullTextQuery, kinds: Sequence[str], release: int | None) -> Sql:
    return driver.matching_ids() if isinstance(driver, FullTextQuery) else driver.matching_ids(kinds, release)
