"""The SQL of the public side: a page of a collection, one record, what was live at a stamp. SQLite and PostgreSQL alike.

A page costs what its own rows cost, however large the register: it walks an index in the page's order, or it gathers the
few editions that the rarest filter leaves. Editions live now are in the `live_by_...` indexes, earlier ones in `past_by_...`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nato_support.api.conditions import Condition, Filter, OneOf
from nato_support.api.fulltext import Text
from nato_support.api.sql import GONE, LIVE, Sql, fetch, joined, marks, public_at

FEW = 2_000
"""A filter that leaves fewer editions than this is gathered whole and sorted."""
FEW_HITS = 5_000
"""The same for full text, which is slow to test row by row."""
COUNTED = 10_000
"""How far results are counted."""

# So many ids are asked for in one statement.
_AT_ONCE = 5_000

_PAST = "e.superseded IS NOT NULL AND NOT e.withdrawn AND e.superseded > %s AND e.stamp <= %s"
# What was withdrawn since is public at no stamp any more.
_KEPT = f"NOT {GONE}"
# CROSS JOIN: SQLite would rather walk the whole collection in order than sort a few.
_TERMS = Sql("editions_editionterm t CROSS JOIN editions_edition e")
_OF_TERM = "e.id = t.edition_id AND t.field = %s AND t.value = %s AND t.kind = %s AND "


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked for."""

    kinds: tuple[str, ...]
    filters: tuple[Condition, ...] = ()
    first: str = ""
    """Reaching this day or later."""
    last: str = ""
    """Beginning on this day or before."""
    since: str = ""
    """Beginning on this day or later."""
    until: str = ""
    """Ending on this day or before."""
    known: bool = False
    """Having a date at all."""
    unknown: bool = False
    """Having none."""
    text: Text | None = None
    column: str = "sort_date"
    """What it is ordered by: sort_date, name or stamp."""
    descending: bool = True
    stamp: int | None = None
    """As of this stamp; None: as it stands now."""
    key: tuple | None = None
    """Ordering value and edition id after which the page starts; before which, if backwards."""
    backwards: bool = False
    before: str = ""
    """A stretch of the ordering: beginning earlier than this day."""

    @property
    def dated(self) -> bool:
        """Whether it takes only what has a date."""
        return bool(self.known or self.first or self.last or self.since or self.until)


def page(question: Question, limit: int) -> list[tuple[str, str, int]]:
    """Up to `limit` rows of (document, ordering value, edition id), in reading direction. Mostly one statement."""
    rows: list[tuple[str, str, int]] = []
    for stretch in _stretches(question):
        rows += _rows(stretch, limit - len(rows))
        if len(rows) == limit:
            break
    return rows


def count(question: Question) -> tuple[int, bool]:
    """How many results there are, and whether that is all of them. A whole live collection is counted to its end."""
    whole = question.stamp is None and not (question.filters or question.text or question.dated or question.unknown)
    limit = 2**40 if whole else COUNTED + 1
    counts = (
        Sql(
            f"SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM {part.source.text} WHERE {part.where.text} LIMIT {limit}) c",
            part.parameters,
        )
        for stretch in _stretches(question)
        for part in _parts(stretch, counting=True)
    )
    [(found,)] = fetch(Sql("SELECT SUM(n) FROM (") + joined(" UNION ALL ", counts) + Sql(") s"))
    return (int(found), True) if whole or found <= COUNTED else (COUNTED, False)


def terms(question: Question, fields: Sequence[str], most: int) -> list[tuple[int, str, str]]:
    """(edition id, field, value) of the terms in `fields` of the results, in no order; of more than `most`, not of all."""
    selects = (
        Sql(
            f"SELECT * FROM (SELECT e.id AS id FROM {part.source.text} WHERE {part.where.text} LIMIT %s) p",
            (*part.parameters, most),
        )
        for stretch in _stretches(question)
        for part in _parts(stretch, counting=True)
    )
    named = Sql(
        f") m CROSS JOIN editions_editionterm y WHERE y.edition_id = m.id AND y.field IN ({marks(fields)})", tuple(fields)
    )
    return fetch(Sql("SELECT y.edition_id, y.field, y.value FROM (") + joined(" UNION ALL ", selects) + named)


def ids(question: Question, most: int) -> Sql:
    """A statement that gives id and kind of the results, each once; of more than `most`, of that many at least."""
    selects: list[Sql] = []
    for stretch in _stretches(question):
        for part in _parts(stretch, counting=True):
            text = f"SELECT e.id AS id, e.kind AS kind FROM {part.source.text} WHERE {part.where.text}"
            if not part.gathered:
                # Always the same ones, of many.
                key, tie = _key(part.terms, stretch.column)
                order = "DESC" if stretch.descending else "ASC"
                text += f" ORDER BY {key} {order}, {tie} {order}"
            selects.append(Sql(f"SELECT id, kind FROM ({text} LIMIT %s) p{len(selects)}", (*part.parameters, most)))
    return joined(" UNION ALL ", selects)


def documents(editions: Iterable[int]) -> dict[int, str]:
    """Edition id -> its document, of editions of which the caller knows that they are public."""
    wanted = tuple(editions)
    found: dict[int, str] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        some = wanted[at : at + _AT_ONCE]
        found |= fetch(Sql(f"SELECT e.id, e.document FROM editions_edition e WHERE e.id IN ({marks(some)})", some))
    return found


def public(stamp: int | None) -> Sql:
    """Edition `e` is public now; or was at `stamp`, and is not withdrawn since."""
    return public_at("e", stamp)


def _stretches(question: Question) -> list[Question]:
    """The question cut into stretches of its ordering, each of which an index has in order, in reading direction.

    Unknown dates come after the known ones. What began in an earlier year and reaches into `first` is found by the year
    that it spans, so that nothing older need be looked through.
    """
    if question.column != "sort_date":
        return [question]
    if not question.first:
        split = not (question.descending or question.dated or question.unknown)
        return _ascending(question) if split else [question]
    year = question.first[:4]
    new_year = f"{year}-01-01"
    stretches = [replace(question, since=max(question.since, new_year))]
    if question.since < new_year:
        spanning = (*question.filters, Filter((OneOf("spans", (year,)),)))
        stretches.append(replace(question, filters=spanning, before=new_year))
    if question.descending == question.backwards:
        stretches.reverse()
    return stretches


def _ascending(question: Question) -> list[Question]:
    """Known dates, then unknown ones; from the key on."""
    known, unknown = replace(question, known=True), replace(question, unknown=True)
    at_unknown = question.key is not None and question.key[0] == ""
    if question.backwards:
        return [unknown, replace(known, key=None)] if at_unknown else [known]
    return [unknown] if at_unknown else [known, replace(unknown, key=None)]


@dataclass(frozen=True, slots=True)
class _Part:
    """Editions that one index has in order, or that are few enough to sort."""

    source: Sql
    where: Sql
    terms: bool = False
    """Whether the index of terms is walked."""
    gathered: bool = False
    """Whether they come in no order: sorted by their keys alone, before the documents are read."""

    @property
    def parameters(self) -> tuple:
        return self.source.parameters + self.where.parameters


def _rows(question: Question, limit: int) -> list[tuple]:
    parts = _parts(question)
    order = "DESC" if question.descending != question.backwards else "ASC"
    if len(parts) == 1 and not parts[0].gathered:
        return fetch(_select("e.document, ", parts[0], question.column, order, limit))
    selects = (_select("", part, question.column, order, limit) for part in parts)
    union = joined(
        " UNION ALL ", (Sql(f"SELECT * FROM ({select.text}) p{at}", select.parameters) for at, select in enumerate(selects))
    )
    return fetch(
        Sql("SELECT e.document, p.k, p.id FROM (SELECT k, id FROM (")
        + union
        + Sql(f") u ORDER BY k {order}, id {order} LIMIT %s) p JOIN editions_edition e ON e.id = p.id", (limit,))
        + Sql(f" ORDER BY p.k {order}, p.id {order}")
    )


def _select(columns: str, part: _Part, column: str, order: str, limit: int) -> Sql:
    key, tie = _key(part.terms, column)
    text = f"SELECT {columns}{key} AS k, {tie} AS id FROM {part.source.text} WHERE {part.where.text}"
    return Sql(f"{text} ORDER BY {key} {order}, {tie} {order} LIMIT %s", (*part.parameters, limit))


def _key(terms: bool, column: str) -> tuple[str, str]:
    return ("t.sort_date", "t.edition_id") if terms else (f"e.{column}", "e.id")


def _parts(question: Question, counting: bool = False) -> list[_Part]:
    driver = replace(question.text, kinds=question.kinds) if counting and question.text else _driver(question)
    walked = isinstance(driver, Filter) and _ordered(question, driver) is not None
    conditions = _bounds(question, walked) + [one.test(question.stamp) for one in question.filters if one is not driver]
    if question.text and not isinstance(driver, Text):
        conditions.append(question.text.test())
    gathered = driver is not None and not walked
    return [
        _Part(source, joined(" AND ", [where, *conditions]), walked, gathered) for source, where in _sources(question, driver)
    ]


def _sources(question: Question, driver: Condition | Text | None) -> list[tuple[Sql, Sql]]:
    """Where the editions come from: (tables, condition). Together they are all, each once."""
    n = question.stamp
    then = public(n)
    kinds = question.kinds
    if isinstance(driver, Filter) and (walked := _ordered(question, driver)):
        # Tombstones have no terms, so the condition can stay on the edition's first columns.
        then = Sql("e.superseded IS NULL") if n is None else then
        return [(_TERMS, Sql(_OF_TERM, (walked.field, walked.values[0], kind)) + then) for kind in kinds]
    if driver is not None:
        gathered = Sql("(") + _hits(driver, kinds, n) + Sql(") g CROSS JOIN editions_edition e")
        return [(gathered, Sql(f"e.id = g.id AND e.kind IN ({marks(kinds)}) AND ", kinds) + then)]
    walks = []
    for kind in kinds:
        live = Sql(f"e.kind = %s AND {LIVE}", (kind,))
        walks.append(live if n is None else live + Sql(" AND e.stamp <= %s", (n,)))
        if n is not None:
            walks.append(Sql(f"e.kind = %s AND {_PAST} AND {_KEPT}", (kind, n, n)))
    return [(Sql("editions_edition e"), walk) for walk in walks]


def _bounds(question: Question, walked: bool) -> list[Sql]:
    """Conditions on the dates, and on the place in the ordering."""
    column, tie = _key(walked, question.column)
    day = column if question.column == "sort_date" else "e.sort_date"
    bounds = []
    if question.unknown:
        bounds.append(Sql(f"{day} = ''"))
    elif question.dated:
        bounds.append(Sql(f"{day} >= %s", (question.since or "0",)))
    if question.before:
        bounds.append(Sql(f"{day} < %s", (question.before,)))
    # What ends by a day begins by it.
    if last := min(filter(None, (question.last, question.until)), default=""):
        bounds.append(Sql(f"{day} <= %s", (last,)))
    if question.first:
        bounds.append(Sql("e.until >= %s", (question.first,)))
    if question.until:
        bounds.append(Sql("e.until <= %s", (question.until,)))
    if question.key:
        sign = "<" if question.descending != question.backwards else ">"
        bounds.append(Sql(f"({column}, {tie}) {sign} (%s, %s)", question.key))
    return bounds


def _driver(question: Question) -> Condition | Text | None:
    """What to read the editions by: what leaves fewest, if few enough to sort; else one filter in order; else none."""
    usable: list[Condition | Text] = [one for one in question.filters if not one.absent]
    ordered = [one for one in usable if isinstance(one, Filter) and _ordered(question, one)]
    if question.text:
        usable.append(question.text)
    if not usable or (len(usable) == 1 and ordered):
        return ordered[0] if ordered else None
    if few := _fewest(question, usable):
        return few
    if question.text and (few := _fewest(question, [replace(question.text, kinds=question.kinds)])):
        return few
    return ordered[0] if ordered else None


def _fewest(question: Question, usable: Sequence[Condition | Text]) -> Condition | Text | None:
    """The one that leaves fewest editions, if any leaves few."""
    counts = (
        Sql("(SELECT COUNT(*) FROM (") + _hits(one, question.kinds, question.stamp) + Sql(" LIMIT %s) c)", (_few(one),))
        for one in usable
    )
    [sizes] = fetch(Sql("SELECT ") + joined(", ", counts))
    few = [(size, at) for at, (one, size) in enumerate(zip(usable, sizes, strict=True)) if size < _few(one)]
    return usable[min(few)[1]] if few else None


def _ordered(question: Question, one: Filter) -> OneOf | None:
    """The one term by which this filter finds its editions, if the index of terms has them in the order of the question."""
    if question.column != "sort_date" or len(one.legs) > 1:
        return None
    [leg] = one.legs
    return leg if isinstance(leg, OneOf) and len(leg.values) == 1 else None


def _few(one: Condition | Text) -> int:
    return FEW_HITS if isinstance(one, Text) else FEW


def _hits(one: Condition | Text, kinds: Sequence[str], stamp: int | None) -> Sql:
    return one.hits() if isinstance(one, Text) else one.hits(kinds, stamp)
