"""`commitments/totals/`: sums that count each promise once and say what they leave out; and the rows behind each number."""

import gc
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import permutations, product
from typing import NamedTuple
from urllib.parse import urlencode

from entities.serializers import href
from nato_support.api import listing, reading
from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import COLLECTIONS, LARGEST_PAGE, PAGE_SIZE, Collection
from nato_support.api.conditions import Filter, OneOf
from nato_support.api.detail import dumped
from nato_support.api.listing import Wanted
from nato_support.api.paging import cursor
from nato_support.api.problems import Problem, refuse
from nato_support.api.reading import Question
from nato_support.api.sql import Sql, fetch, marks, public_at
from nato_support.api.totals import adding
from nato_support.api.totals.adding import REASONS, Judged, Package, Sum
from nato_support.editions import tally
from nato_support.editions.tally import Tally

MOST = 120_000
"""How many commitments are added up at most."""
MOST_GROUPS, MOST_SUMS, MOST_PACKAGES = 500, 100, 100
"""How many of each an answer shows."""
INCLUDED = "included"
NONE = "-"
"""In `group`: commitments that have nothing to be grouped by."""
_DEEPEST = 20
"""How far packages outside what was asked for are followed upwards."""

# What a commitment is grouped by: several groups for one that several parties made.
_GROUPS: Mapping[str, Callable[[Tally], Sequence[str | None]]] = {
    "party": lambda one: one.givers or (None,),
    "category": lambda one: (one.category,),
    "beneficiary": lambda one: (one.beneficiary or None,),
    "stage": lambda one: (one.stage or None,),
    "currency": lambda one: _currencies((a.kind, a.unit) for a in one.amounts),
    "year": lambda one: (one.year or None,),
    "nature": lambda one: (one.nature,),
}
_BY = (*_GROUPS, *(",".join(pair) for pair in permutations(_GROUPS, 2)))
BY = p.choice(
    "by", "What to group by: one or two of party, category, beneficiary, stage, currency, year, nature.", _BY, many=False
)
_GROUP = p.matching(
    "group",
    f"Rows of one group: what its `key` says, in the order of `by`, commas between; {NONE} for null.",
    "[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)?",
    example="arcadia,2024",
    longest=510,
    many=False,
)
_STANDING = p.choice(
    "standing", "Only rows that are counted, or that are left out for this reason.", (INCLUDED, *REASONS), many=False
)
_OF_LISTS = frozenset({"ordering", "page_size", "cursor", "count", "fields", "include", "facets", "ids"})
_BESIDE = frozenset({"by", "group", "standing", "as_of", "page_size", "cursor"})
"""Parameters that do not choose commitments."""


@dataclass(frozen=True)
class _Filtered(Collection):
    """The commitments, with the filters of their list and further parameters in the place of what orders and pages it."""

    further: tuple[p.Parameter, ...] = ()

    @cached_property
    def parameters(self) -> dict[str, p.Parameter]:
        filters = {name: one for name, one in super().parameters.items() if name not in _OF_LISTS}
        return filters | {one.name: one for one in self.further}


_COMMITMENTS = COLLECTIONS["commitments"]
_PAGING = (
    p.number("page_size", "How many rows a page has.", LARGEST_PAGE, PAGE_SIZE),
    cursor("Where a page starts: from `next`."),
)
TOTALS = _Filtered(_COMMITMENTS.name, _COMMITMENTS.kinds, _COMMITMENTS.filters, _COMMITMENTS.ordering, (BY,))
ROWS = replace(TOTALS, further=(BY, _GROUP, _STANDING, *_PAGING))


class Ledger(NamedTuple):
    """Commitments judged, and the packages whose parts are counted in them."""

    judged: list[Judged]
    packages: list[Package]


Group = tuple[str | None, ...]


@dataclass(slots=True)
class _Added:
    """The sums of some commitments that have a beneficiary, a kind and a unit in common."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    open: bool = False
    commitments: int = 0
    qualifiers: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Total:
    """Some commitments counted."""

    left_out: Counter[str] = field(default_factory=Counter)
    included: int = 0
    sums: dict[tuple[str, str, str], _Added] = field(default_factory=lambda: defaultdict(_Added))

    @property
    def matched(self) -> int:
        return self.included + self.left_out.total()

    def add(self, one: Judged, only: Callable[[adding.Key], bool] = lambda key: True) -> None:
        """Counts one commitment, of what it states that in `only`."""
        if one.reason:
            self.left_out[one.reason] += 1
            return
        self.included += 1
        for key, value in one.counted.items():
            if only(key):
                added = self.sums[one.tally.beneficiary, *key]
                added.low += value.low
                added.high += value.high
                added.open = added.open or value.open
                added.commitments += 1
                for qualifier in value.qualifiers:
                    added.qualifiers[qualifier] += 1


@contextmanager
def _without_collector() -> Iterator[None]:
    """Some hundred thousand small objects come and none of them is garbage: looking for it would take half the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_without_collector()
def totals(asked: Asked) -> Answer:
    """The sums of the commitments that the filters find, and, if asked for, of each group of them."""
    want = listing.wanted(TOTALS, asked)
    ledger = _ledger_of(want)
    by = tuple(want.values["by"][0].split(",")) if "by" in want.values else ()
    whole, groups = _Total(), defaultdict[Group, _Total](_Total)
    overlap = False
    for one in ledger.judged:
        whole.add(one)
        if by:
            keys = _groups(one, by)
            overlap = overlap or len(keys) > 1
            for key in keys:
                groups[key].add(one, _of_currency(by, key))
    shown = sorted(groups.items(), key=lambda item: (-item[1].included, -item[1].matched, [part or "" for part in item[0]]))
    names = _Names(ledger)
    told = [_group(want, names, by, key, total) for key, total in shown[:MOST_GROUPS]]
    body = {
        "matched": whole.matched,
        "rows": _list_address(want),
        "included": {"count": whole.included, "href": _rows_address(want, standing=INCLUDED), **names.sums(whole)},
        "left_out": [
            {"reason": reason, "why": REASONS[reason], "count": number, "href": _rows_address(want, standing=reason)}
            for reason, number in _in_order(whole.left_out)
        ],
        "packages": names.packages(ledger.packages[:MOST_PACKAGES]),
        "by": list(by),
        "groups": told,
        "groups_overlap": overlap,
        "basis": {"natures": sorted(_natures(want))},
        "is_truncated": len(groups) > len(told) or len(ledger.packages) > MOST_PACKAGES,
        "meta": {"stamp": want.stamp},
    }
    return Answer(dumped(names.told(body)))


@_without_collector()
def rows(asked: Asked) -> Answer:
    """The commitments behind a number of `totals`, as lists serve them, by slug."""
    want = listing.wanted(ROWS, asked)
    by = tuple(want.values["by"][0].split(",")) if "by" in want.values else ()
    group = _asked_group(want, by)
    standing = want.values.get("standing", ("",))[0]
    ledger = _ledger_of(want)
    found = [
        one
        for one in sorted(ledger.judged, key=lambda one: one.tally.slug)
        if (not standing or (one.reason or INCLUDED) == standing) and (group is None or group in _groups(one, by))
    ]
    after = want.cursor.key[0] if want.cursor.key else ""
    page = [one for one in found if one.tally.slug > after][: want.size + 1]
    rest = None
    if len(page) > want.size:
        page.pop()
        sealed = replace(want.cursor, stamp=want.stamp, key=(page[-1].tally.slug,)).seal()
        kept = [pair for pair in want.pairs if pair[0] != "cursor"]
        rest = f"{asked.address}?{urlencode([*kept, ('cursor', sealed)])}"
    documents = reading.documents(one.id for one in page)
    members = {"next": rest, "previous": None, "count": len(found), "meta": {"stamp": want.stamp}}
    return Answer(f'{{"results":[{",".join(documents[one.id] for one in page)}],'.encode() + dumped(members)[1:])


def _ledger_of(want: Wanted) -> Ledger:
    # The place of a page is not a place in the list, and the order of rows is ours.
    question = replace(want.question, key=None, backwards=False)
    found = _tallies(reading.terms(question, (tally.FIELD,), MOST + 1))
    if len(found) > MOST:
        raise Problem("too-much", most=MOST)
    listing.lead_on(want, found_nothing=not found)
    edges = adding.giving_way(_relations(question.stamp))
    return Ledger(*adding.judge(found, _outside(found, question.stamp), edges, _natures(want)))


def _tallies(terms: Iterable[tuple[int, str, str]]) -> dict[int, Tally]:
    pieces: dict[int, tuple[str, ...]] = {}
    for id, _, piece in terms:
        pieces[id] = (*pieces[id], piece) if id in pieces else (piece,)
    return {id: tally.read(found) for id, found in pieces.items()}


def _relations(stamp: int | None) -> list[tuple[str, str, str]]:
    """(type, slug of the subject, slug of the object) of the relations by which commitments give way to each other."""
    question = Question(("relation",), (Filter((OneOf("type", ("replaces", "restates")),)),), stamp=stamp)
    found: dict[int, dict[str, str]] = {}
    for id, member, value in reading.terms(question, ("type", "subject", "object"), MOST + 1):
        found.setdefault(id, {})[member] = value.removeprefix("commitment/")
    if len(found) > MOST:
        raise Problem("too-much", most=MOST)
    return sorted((one["type"], one["subject"], one["object"]) for one in found.values())


def _outside(found: Mapping[int, Tally], stamp: int | None) -> dict[str, Tally]:
    """The packages above those found that are not among them, by slug."""
    outside: dict[str, Tally] = {}
    if not any(one.package for one in found.values()):
        return outside
    inside = {one.slug: one for one in found.values()}
    missing = adding.parents_outside(inside.values(), inside)
    for _ in range(_DEEPEST):
        if not missing:
            break
        more = {one.slug: one for one in _named(sorted(missing), stamp)}
        outside |= more
        missing = adding.parents_outside(more.values(), inside | outside)
    return outside


def _named(slugs: list[str], stamp: int | None) -> Iterable[Tally]:
    for at in range(0, len(slugs), 5000):
        some = slugs[at : at + 5000]
        where = Sql(f"e.kind = 'commitment' AND e.slug IN ({marks(some)}) AND ", tuple(some)) + public_at("e", stamp)
        joined = "SELECT e.id, t.field, t.value FROM editions_edition e JOIN editions_editionterm t ON t.edition_id = e.id"
        yield from _tallies(fetch(Sql(f"{joined} AND t.field = '{tally.FIELD}' WHERE ") + where)).values()


def _natures(want: Wanted) -> frozenset[str]:
    return adding.natures_counted(want.values.get("nature", ()))


def _groups(one: Judged, by: tuple[str, ...]) -> list[Group]:
    """The groups that a commitment is in. Of one that is counted, only the currencies of what is counted tell."""
    return list(
        product(*(_currencies(one.counted) if name == "currency" and not one.reason else _GROUPS[name](one.tally) for name in by))
    )


def _currencies(keys: Iterable[adding.Key]) -> Sequence[str | None]:
    """The currencies among some amounts; None for what is not money, or nothing."""
    return tuple(dict.fromkeys(unit if kind == "money" else None for kind, unit in keys)) or (None,)


def _of_currency(by: tuple[str, ...], key: Group) -> Callable[[adding.Key], bool]:
    """Of commitments grouped by currency, a group adds up what is in its own."""
    if "currency" not in by:
        return lambda key: True
    currency = key[by.index("currency")]
    return lambda key: (key[1] if key[0] == "money" else None) == currency


def _asked_group(want: Wanted, by: tuple[str, ...]) -> Group | None:
    if "group" not in want.values:
        return None
    parts = want.values["group"][0].split(",")
    if len(parts) != len(by):
        fault = {"in": "query", "name": "group", "code": "not_as_by", "detail": "`group` has as many parts as `by`."}
        raise refuse([fault])
    return tuple(None if part == NONE else part for part in parts)


# Telling


def _in_order(left_out: Counter[str]) -> list[tuple[str, int]]:
    return [(reason, left_out[reason]) for reason in REASONS if left_out[reason]]


def _group(want: Wanted, names: "_Names", by: tuple[str, ...], key: Group, total: _Total) -> dict:
    return {
        "key": {name: names.part(name, part) for name, part in zip(by, key, strict=True)},
        "matched": total.matched,
        "rows": _rows_address(want, by=",".join(by), group=",".join(part or NONE for part in key)),
        "included": {"count": total.included, **names.sums(total)},
        "left_out": [{"reason": reason, "count": number} for reason, number in _in_order(total.left_out)],
    }


def _list_address(want: Wanted) -> str:
    return _address(_COMMITMENTS.path, want, {})


def _rows_address(want: Wanted, **chosen: str) -> str:
    return _address(f"{_COMMITMENTS.path}totals/rows/", want, chosen)


def _address(path: str, want: Wanted, chosen: Mapping[str, str]) -> str:
    """The filters asked for, and `chosen`, as of the stamp shown. Full text knows the present alone."""
    pairs = [pair for pair in want.pairs if pair[0] not in _BESIDE]
    if want.stamp and not want.question.text:
        pairs.append(("as_of", f"stamp:{want.stamp}"))
    pairs += chosen.items()
    return f"{path}?{urlencode(pairs, safe=':,/')}" if pairs else path


def _number(value) -> str:
    return f"{value.normalize():f}" if value else "0"


class _Reference(NamedTuple):
    """A record to be named once all are known that an answer names."""

    kind: str
    slug: str


class _Names:
    """Tells sums, groups and packages, with the records that they name as the commitments themselves print them."""

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._wanted: dict[_Reference, None] = {}

    def reference(self, kind: str, slug: str | None) -> _Reference | None:
        if not slug:
            return None
        found = _Reference(kind, slug)
        self._wanted[found] = None
        return found

    def part(self, name: str, part: str | None):
        return self.reference("organisation", part) if name in ("party", "beneficiary") else part

    def sums(self, total: _Total) -> dict:
        """`sums`, the most frequent ones first, and whether that is all of them."""
        found = sorted(total.sums.items(), key=lambda item: (-item[1].commitments, [part or "" for part in item[0]]))
        told = [
            {
                "beneficiary": self.reference("organisation", beneficiary),
                "kind": kind,
                "currency": unit if kind == "money" else None,
                "unit": unit or None if kind != "money" else None,
                "low": _number(added.low),
                "high": _number(added.high),
                "is_open_ended": added.open,
                "commitments": added.commitments,
                "qualifiers": dict(sorted(added.qualifiers.items())),
            }
            for (beneficiary, kind, unit), added in found[:MOST_SUMS]
        ]
        return {"sums": told, "is_truncated": len(found) > len(told)}

    def packages(self, packages: list[Package]) -> list[dict]:
        return [
            {
                "package": self.reference("commitment", package.slug),
                "kind": package.key[0],
                "currency": package.key[1] if package.key[0] == "money" else None,
                "unit": package.key[1] or None if package.key[0] != "money" else None,
                "stated": _range(package.stated),
                "parts": {"commitments": package.number, **_range(package.parts)},
                "parts_compared": package.compared,
            }
            for package in packages
        ]

    def told(self, body: dict) -> dict:
        """`body` with its references named."""
        return _filled(body, self._look_up())

    def _look_up(self) -> dict[_Reference, dict]:
        """What is wanted, each read from one commitment that names it."""
        source: dict[int, None] = {}
        missing = set(self._wanted)
        for one in self._ledger.judged:
            if not missing:
                break
            named = {_Reference("organisation", slug) for slug in (*one.tally.givers, one.tally.beneficiary) if slug}
            named.add(_Reference("commitment", one.tally.slug))
            if named & missing:
                missing -= named
                source[one.id] = None
        found: dict[_Reference, dict] = {}
        for document in map(json.loads, reading.documents(source).values()):
            for named in (document, document["beneficiary"], *document["committed_by"]):
                if named:
                    found[_Reference(named["kind"], named["slug"])] = {
                        "kind": named["kind"],
                        "slug": named["slug"],
                        "name": named["name"],
                        "href": href(named["kind"], named["slug"]),
                    }
        return found


def _range(value: Sum) -> dict:
    return {"low": _number(value.low), "high": _number(value.high), "is_open_ended": value.open}


def _filled(value, names: Mapping[_Reference, dict]):
    if isinstance(value, _Reference):
        return names[value]
    if isinstance(value, dict):
        return {member: _filled(inner, names) for member, inner in value.items()}
    return [_filled(inner, names) for inner in value] if isinstance(value, list) else value
