"""A page of a collection: its parameters understood, its rows as printed, its neighbours addressed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from nato_support.api import choosing, facets, narrowing, reading, records
from nato_support.api.answering import Answer, Asked, Moved, Register, newest
from nato_support.api.collections import LARGEST_PAGE, PAGE_SIZE, Collection
from nato_support.api.cursors import Cursor, opened, question_of
from nato_support.api.fulltext import parsed
from nato_support.api.parameters import Fault, Pairs, read
from nato_support.api.points import stamp_of
from nato_support.api.problems import Problem, led_on, refuse
from nato_support.api.reading import Question

Values = dict[str, tuple[str, ...]]
_OF_THE_PAGE = ("cursor", "page_size", "count", "facets")
"""What may change from page to page: it chooses no results, nor their order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list was asked for, understood: whichever form it is answered in, it is read by this."""

    collection: Collection
    asked: Asked
    values: Values
    pairs: Pairs
    cursor: Cursor
    stamp: int
    """The print run that it shows."""
    question: Question

    @property
    def size(self) -> int:
        return int(self.values["page_size"][0]) if "page_size" in self.values else PAGE_SIZE


def wanted(collection: Collection, asked: Asked) -> Wanted:
    """The parameters of a list, read strictly. A problem that lists every fault, if there is any."""
    values, pairs = read(asked.query, collection.parameters)
    choosing.check(values, asked.form)
    cursor, stamp = _place(asked, values)
    question = _question(collection, values, cursor, stamp if stamp != asked.register.stamp else None)
    return Wanted(collection, asked, values, pairs, cursor, stamp, question)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: rows of (document, ordering value, edition id), and the addresses of the pages beside it."""

    rows: list[tuple]
    following: str | None
    previous: str | None

    def links(self) -> dict[str, str]:
        """The header that names the pages beside it (RFC 8288); none where there is none."""
        beside = {"next": self.following, "prev": self.previous}
        named = ", ".join(f'<{address}>; rel="{name}"' for name, address in beside.items() if address)
        return {"Link": named} if named else {}


def page(want: Wanted) -> Page:
    """The page that was asked for; a problem that leads on, if a filter names a merged record."""
    rows = reading.page(want.question, want.size + 1)
    lead_on(want, found_nothing=not rows)
    more = len(rows) > want.size
    rows = rows[: want.size]
    if want.question.backwards:
        rows.reverse()
    address = _Address(want.asked.address, want.pairs, want.cursor.question, want.stamp)
    if choice := choosing.asked_for(want.values, want.collection.kinds):
        rows = choosing.of_rows(rows, choice, want.question.stamp)
    return Page(rows, *_neighbours(address, rows, want.cursor, more))


def walk(collection: Collection, asked: Asked, chunk: int = LARGEST_PAGE) -> Iterator[str]:
    """Every document of a list from the place asked for to its end, as it stood at one stamp, read chunk by chunk.

    What is wrong with the parameters is a problem at once, not when the first document is taken. Of what is withdrawn
    meanwhile, nothing more comes. Full text knows the present alone: Moved, if the register changes meanwhile.
    """
    want = wanted(collection, asked)
    question = want.question if want.question.text else replace(want.question, stamp=want.stamp)
    first = reading.page(question, chunk)
    lead_on(want, found_nothing=not first)
    return _documents(question, first, chunk, asked.register)


def _documents(question: Question, rows: list[tuple], chunk: int, register: Register) -> Iterator[str]:
    while rows:
        yield from (row[0] for row in rows)
        if len(rows) < chunk:
            return
        rows = reading.page(replace(question, key=rows[-1][1:]), chunk)
        if question.text and newest() != register:
            raise Moved


def answer(collection: Collection, asked: Asked) -> Answer:
    """The page of `collection` that was asked for, as JSON."""
    want = wanted(collection, asked)
    found = page(want)
    return Answer(_body(found, _members(want)), more=found.links())


def lead_on(want: Wanted, *, found_nothing: bool) -> None:
    """Leads to the same list of the survivor if a filter names a record that was merged into another.

    Nothing names such a record any more, so a filter of one value, if it found something, needs no look.
    """
    collection, question, pairs = want.collection, want.question, want.pairs
    named: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, text in pairs:
        parameter = collection.parameters[name]
        if parameter.reference and (found_nothing or "," in text or sum(other == name for other, _ in pairs) > 1):
            named |= {(name, part): parameter.read(part) for part in text.split(",")}
    if not named:
        return
    moved = records.moved({reference for references in named.values() for reference in references}, question.stamp)
    leads: dict[tuple[str, str], str] = {}
    for (name, part), references in named.items():
        for reference in references:
            if reference in moved:
                kind = reference.split("/")[0]
                survivor = records.survivor(kind, moved[reference], question.stamp)
                leads[name, part] = f"{kind}/{survivor}" if "/" in part else survivor
    if leads:
        followed = [(name, ",".join(leads.get((name, part), part) for part in text.split(","))) for name, text in pairs]
        address = want.asked.address.removeprefix(want.asked.site)
        raise led_on(address, urlencode(followed, safe="/,"), merged_into=sorted(set(leads.values())))


def _place(asked: Asked, values: Values) -> tuple[Cursor, int]:
    """The cursor asked for, or one at the start, and the stamp as of which to read."""
    belongs = sorted((name, texts) for name, texts in values.items() if name not in _OF_THE_PAGE)
    question = question_of(asked.path, belongs)
    if "cursor" in values:
        cursor = opened(values["cursor"][0], question, asked.register.stamp)
        if "q" in values and cursor.stamp != asked.register.stamp:
            raise Problem("register-changed")
        return cursor, cursor.stamp
    stamp = stamp_of(values["as_of"][0], asked.register) if "as_of" in values else asked.register.stamp
    return Cursor(stamp, question, False, ()), stamp


def _question(collection: Collection, values: Values, cursor: Cursor, stamp: int | None) -> Question:
    faults: narrowing.Faults = []
    kinds = tuple(dict.fromkeys(values.get("kind", collection.kinds)))
    filters = narrowing.conditions(collection.filters, kinds, values, faults)
    dates = narrowing.dates(values, faults)
    text = None
    if "q" in values:
        try:
            text = parsed(values["q"][0])
        except Fault as fault:
            faults.append({"in": "query", "name": "q", "code": fault.code} | fault.members)
        if stamp is not None:
            faults.append({"in": "query", "name": "as_of", "code": "not_with_q"})
    if faults:
        raise refuse(faults)
    ordering = values.get("ordering", (collection.ordering,))[0]
    column = ordering.removeprefix("-")
    return Question(
        kinds=kinds,
        filters=tuple(filters),
        text=text,
        column="sort_date" if column == "date" else column,
        descending=ordering.startswith("-"),
        stamp=stamp,
        key=cursor.key or None,
        backwards=cursor.backwards,
        **dates,
    )


@dataclass(frozen=True, slots=True)
class _Address:
    """What the pages of one list have in common."""

    url: str
    pairs: Pairs
    question: str
    stamp: int

    def of(self, backwards: bool, row: tuple) -> str:
        """Address of the page after `row`, or before it."""
        sealed = Cursor(self.stamp, self.question, backwards, row[1:]).seal()
        return f"{self.url}?{urlencode([*(pair for pair in self.pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"


def _neighbours(address: _Address, rows: list[tuple], cursor: Cursor, more: bool) -> tuple[str | None, str | None]:
    """Addresses of the next and the previous page, null where there is none."""
    if not rows:
        return None, None
    after = cursor.backwards or more
    before = more if cursor.backwards else bool(cursor.key)
    return address.of(False, rows[-1]) if after else None, address.of(True, rows[0]) if before else None


def _members(want: Wanted) -> dict:
    """What the answer says of itself: the stamp that it shows and, if asked, how many results there are, and of which sorts."""
    meta: dict = {"stamp": want.stamp}
    members: dict = {}
    register, whole = want.asked.register, replace(want.question, key=None, backwards=False)
    if want.values.get("count") == ("true",):
        members["count"], exact = _count(register, whole)
        if not exact:
            meta["count_is"] = "at_least"
        if whole.dated:
            meta["left_out"] = {"date_unknown": _count(register, _undated(whole))[0]}
    if "facets" in want.values:
        fields = tuple(dict.fromkeys(want.values["facets"]))
        members["facets"] = facets.told(whole, [want.collection.facets[field] for field in fields])
    return members | {"meta": meta}


def _undated(question: Question) -> Question:
    """What a question leaves out because it has no date."""
    return replace(question, first="", last="", since="", until="", known=False, unknown=True)


@lru_cache(maxsize=500)
def _count(register: Register, question: Question) -> tuple[int, bool]:
    counted = reading.count(question)
    if newest() != register:
        raise Moved
    return counted


def _body(found: Page, members: dict) -> bytes:
    documents = ",".join([row[0] for row in found.rows])
    rest = json.dumps({"next": found.following, "previous": found.previous, **members}, separators=(",", ":"))
    return f'{{"results":[{documents}],{rest[1:]}'.encode()
