"""The SQL of the public side: a page of a collection, one record, what was live at a stamp. SQLite and PostgreSQL alike.

A page costs what its own rows cost, however large the register: it walks an index in the page's order, or it gathers the
few editions that the rarest filter leaves. Editions live now are in the `live_by_...` indexes, earlier ones in `past_by_...`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nato_support.api.fulltext import Text
from nato_support.api.sql import Sql, fetch, joined, marks

FEW = 2_000
"""A filter that leaves fewer editions than this is gathered whole and sorted."""
FEW_HITS = 20_000
"""The same for full text, which is slow to test row by row."""
COUNTED = 10_000
"""How far results are counted."""

LIVE = "e.superseded IS NULL AND NOT e.withdrawn"
_THEN = "e.stamp <= %s AND (e.superseded IS NULL OR e.superseded > %s) AND NOT e.withdrawn"
_PAST = "e.superseded IS NOT NULL AND NOT e.withdrawn AND e.superseded > %s AND e.stamp <= %s"
# What was withdrawn since is public at no stamp any more.
_KEPT = (
    "NOT EXISTS (SELECT 1 FROM editions_edition w"
    " WHERE w.kind = e.kind AND w.slug = e.slug AND w.superseded IS NULL AND w.withdrawn)"
)
_HAS = "EXISTS (SELECT 1 FROM editions_editionterm x WHERE x.edition_id = e.id AND x.field = %s AND x.value IN ({}))"
_AMONG = "e.id IN (SELECT x.edition_id FROM editions_editionterm x WHERE x.field = %s AND x.value IN ({}) AND x.kind IN ({}))"
_TERMS = "editions_editionterm t CROSS JOIN editions_edition e"


@dataclass(frozen=True, slots=True)
class Filter:
    """Editions with one of `values` in `field`; with `absent`, those with none of them."""

    field: str
    values: tuple[str, ...]
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked for."""

    kinds: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    first: str = ""
    """Reaching this day or later."""
    last: str = ""
    """Beginning on this day or before."""
    text: Text | None = None
    column: str = "sort_date"
    descending: bool = True
    stamp: int | None = None
    """As of this stamp; None: as it stands now."""
    key: tuple | None = None
    """Ordering value and edition id after which the page starts; before which, if backwards."""
    backwards: bool = False


def page(question: Question, limit: int) -> list[tuple[str, str, int]]:
    """Up to `limit` rows of (document, ordering value, edition id), in reading direction."""
    parts = _parts(question)
    down = question.descending != question.backwards
    order = "DESC" if down else "ASC"
    if len(parts) == 1:
        return fetch(_select("e.document, ", parts[0], question.column, order, limit))
    selects = (_select(f"{part.rank} AS seg, ", part, question.column, order, limit) for part in parts)
    union = joined(
        " UNION ALL ", (Sql(f"SELECT * FROM ({select.text}) p{at}", select.parameters) for at, select in enumerate(selects))
    )
    return fetch(
        Sql("SELECT e.document, p.k, p.id FROM (SELECT DISTINCT seg, k, id FROM (")
        + union
        + Sql(f") u ORDER BY seg, k {order}, id {order} LIMIT %s) p JOIN editions_edition e ON e.id = p.id", (limit,))
        + Sql(f" ORDER BY p.seg, p.k {order}, p.id {order}")
    )


def count(question: Question) -> tuple[int, bool]:
    """How many results there are, and whether that is all of them. A whole live collection is counted to its end."""
    whole = not question.filters and question.stamp is None and question.text is None and not (question.first or question.last)
    limit = 2**40 if whole else COUNTED + 1
    counts = (
        Sql(
            f"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM {part.source} WHERE {part.where.text} LIMIT {limit}) c",
            part.where.parameters,
        )
        for part in _parts(question)
    )
    [(found,)] = fetch(Sql("SELECT SUM(n) FROM (") + joined(" UNION ALL ", counts) + Sql(") s"))
    return (int(found), True) if whole or found <= COUNTED else (COUNTED, False)


@dataclass(frozen=True, slots=True)
class _Part:
    source: str
    where: Sql
    rank: int = 0
    terms: bool = False
    """Whether the index of terms is walked."""


def _select(columns: str, part: _Part, column: str, order: str, limit: int) -> Sql:
    key, tie = ("t.sort_date", "t.edition_id") if part.terms else (f"e.{column}", "e.id")
    text = (
        f"SELECT {columns}{key} AS k, {tie} AS id FROM {part.source} WHERE {part.where.text}"
        f" ORDER BY {key} {order}, {tie} {order} LIMIT %s"
    )
    return Sql(text, (*part.where.parameters, limit))


def _parts(question: Question) -> list[_Part]:
    driver = _driver(question)
    tests = [_test(one) for one in question.filters if one is not driver]
    if question.text and question.text is not driver:
        tests.append(question.text.test())
    dates = _dates(question, "t" if isinstance(driver, Filter) and _ordered(question, driver) else "e")
    parts = []
    for source, where, terms in _sources(question, driver):
        for rank, segment in _segments(question, terms):
            parts.append(_Part(source, joined(" AND ", [where, *segment, *dates, *tests]), rank, terms))
    return parts


def _sources(question: Question, driver) -> list[tuple[str, Sql, bool]]:
    """Where the editions come from: (tables, condition, whether by the index of terms). Together they are all, each once."""
    n = question.stamp
    then = Sql(LIVE) if n is None else Sql(f"{_THEN} AND {_KEPT}", (n, n))
    if isinstance(driver, Filter) and _ordered(question, driver):
        # Tombstones have no terms, so the condition can stay on the edition's first columns.
        then = Sql("e.superseded IS NULL") if n is None else then
        on = "e.id = t.edition_id AND t.field = %s AND t.value = %s AND t.kind = %s AND "
        return [(_TERMS, Sql(on, (driver.field, driver.values[0], kind)) + then, True) for kind in question.kinds]
    if driver is not None:
        kinds = joined(" AND ", [Sql(f"e.kind IN ({marks(question.kinds)})", question.kinds), then])
        gathered = driver.among() if isinstance(driver, Text) else _among(driver, question.kinds)
        return [("editions_edition e", gathered + Sql(" AND ") + kinds, False)]
    walks = []
    for kind in question.kinds:
        live = Sql(f"e.kind = %s AND {LIVE}", (kind,))
        walks.append(live if n is None else live + Sql(" AND e.stamp <= %s", (n,)))
        if n is not None:
            walks.append(Sql(f"e.kind = %s AND {_PAST} AND {_KEPT}", (kind, n, n)))
    return [("editions_edition e", walk, False) for walk in walks]


def _segments(question: Question, terms: bool) -> list[tuple[int, list[Sql]]]:
    """The stretches of the ordering from the key on, in order: ascending dates have the unknown ones after the others."""
    column, tie = ("t.sort_date", "t.edition_id") if terms else (f"e.{question.column}", "e.id")
    sign = "<" if question.descending != question.backwards else ">"
    key = [Sql(f"({column}, {tie}) {sign} (%s, %s)", question.key)] if question.key else []
    if question.column != "sort_date" or question.descending:
        return [(0, key)]
    known, unknown = Sql(f"{column} > ''"), Sql(f"{column} = ''")
    if question.first or question.last:
        return [(0, [known, *key])]
    stretches = [known, unknown]
    if question.backwards:
        stretches.reverse()
    if not question.key:
        return list(enumerate([stretch] for stretch in stretches))
    at = stretches.index(known if question.key[0] else unknown)
    return list(enumerate([[stretches[at], *key], *([stretch] for stretch in stretches[at + 1 :])]))


def _dates(question: Question, alias: str) -> list[Sql]:
    conditions = []
    if question.first or question.last:
        conditions.append(Sql(f"{alias}.sort_date > ''"))
    if question.last:
        conditions.append(Sql(f"{alias}.sort_date <= %s", (question.last,)))
    if question.first:
        conditions.append(Sql("e.until >= %s", (question.first,)))
    return conditions


def _driver(question: Question) -> Filter | Text | None:
    """What to read the editions by: the filter that leaves fewest, if few enough to sort; else one that comes in order; else none."""
    usable: list[Filter | Text] = [one for one in question.filters if not one.absent]
    ordered = [one for one in usable if isinstance(one, Filter) and _ordered(question, one)]
    if question.text:
        usable.append(question.text)
    if not usable or (len(usable) == 1 and ordered):
        return ordered[0] if ordered else None
    counts = [_bounded(one, question.kinds) for one in usable]
    [sizes] = fetch(
        Sql("SELECT " + ", ".join(one.text for one in counts), tuple(value for one in counts for value in one.parameters))
    )
    few = [(size, at) for at, (one, size) in enumerate(zip(usable, sizes, strict=True)) if size < _few(one)]
    if few:
        return usable[min(few)[1]]
    return ordered[0] if ordered else None


def _ordered(question: Question, one: Filter) -> bool:
    """Whether the index of terms has this filter's editions in the order of the question."""
    return question.column == "sort_date" and len(one.values) == 1


def _few(one: Filter | Text) -> int:
    return FEW_HITS if isinstance(one, Text) else FEW


def _bounded(one: Filter | Text, kinds: Sequence[str]) -> Sql:
    if isinstance(one, Text):
        found = one.hits()
    else:
        text = f"SELECT 1 AS one FROM editions_editionterm x WHERE x.field = %s AND x.value IN ({marks(one.values)}) AND x.kind IN ({marks(kinds)})"
        found = Sql(text, (one.field, *one.values, *kinds))
    return Sql(f"(SELECT COUNT(*) FROM ({found.text} LIMIT %s) c)", (*found.parameters, _few(one)))


def _test(one: Filter) -> Sql:
    return Sql(("NOT " if one.absent else "") + _HAS.format(marks(one.values)), (one.field, *one.values))


def _among(one: Filter, kinds: Sequence[str]) -> Sql:
    return Sql(_AMONG.format(marks(one.values), marks(kinds)), (one.field, *one.values, *kinds))
