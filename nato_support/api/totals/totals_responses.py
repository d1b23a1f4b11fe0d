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

from entities.serializers import record_path
from nato_support.api import edition_queries, listing
from nato_support.api import parameters as p
from nato_support.api.collections import COLLECTIONS, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Collection
from nato_support.api.dispatch import ApiRequest, ApiResponse
from nato_support.api.edition_queries import EditionQuery
from nato_support.api.listing import ListRequest
from nato_support.api.pagination import cursor_parameter
from nato_support.api.predicates import TermIn, TermPredicate
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.record_detail import json_bytes
from nato_support.api.sql import Sql, fetch_rows, public_at_release, sql_placeholders
from nato_support.api.totals import inclusion_rules
from nato_support.api.totals.inclusion_rules import EXCLUSION_REASONS, AmountSum, CountedPackage, JudgedCommitment
from nato_support.publishing.editions import totals_row
from nato_support.publishing.editions.totals_row import TotalsRow

MAX_COMMITMENTS = 120_000
"""How many commitments are added up at most."""
MAX_GROUPS, MAX_SUMS, MAX_PACKAGES = 500, 100, 100
"""How many of each an answer shows."""
INCLUDED = "included"
NULL_GROUP = "-"
"""In `group`: commitments that have nothing to be grouped by."""
_MAX_PACKAGE_LEVELS = 20
"""How far packages outside what was asked for are followed upwards."""

# What a commitment is grouped by: several groups for one that several parties made.
_GROUPINGS: Mapping[str, Callable[[TotalsRow], Sequence[str | None]]] = {
    "party": lambda one: one.givers or (None,),
    "category": lambda one: (one.category,),
    "beneficiary": lambda one: (one.beneficiary or None,),
    "stage": lambda one: (one.stage or None,),
    "currency": lambda one: _distinct_currencies((a.kind, a.unit) for a in one.amounts),
    "year": lambda one: (one.year or None,),
    "nature": lambda one: (one.nature,),
}
_GROUPING_CHOICES = (*_GROUPINGS, *(",".join(pair) for pair in permutations(_GROUPINGS, 2)))
BY_PARAMETER = p.choice_parameter(
    "by",
    "What to group by: one or two of party, category, beneficiary, stage, currency, year, nature.",
    _GROUPING_CHOICES,
    many=False,
)
_GROUP_PARAMETER = p.pattern_parameter(
    "group",
    f"Rows of one group: what its `key` says, in the order of `by`, commas between; {NULL_GROUP} for null.",
    "[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)?",
    example="arcadia,2024",
    max_length=510,
    many=False,
)
_STANDING_PARAMETER = p.choice_parameter(
    "standing", "Only rows that are counted, or that are left out for this reason.", (INCLUDED, *EXCLUSION_REASONS), many=False
)
_LIST_ONLY_PARAMETERS = frozenset({"ordering", "page_size", "cursor", "count", "fields", "include", "facets", "ids"})
_NON_FILTER_PARAMETERS = frozenset({"by", "group", "standing", "as_of", "page_size", "cursor"})
"""Parameters that do not choose commitments."""


@dataclass(frozen=True)
class _TotalsCollection(Collection):
    """The commitments, with the filters of their list and further parameters in the place of what orders and pages it."""

    extra_parameters: tuple[p.Parameter, ...] = ()

    @cached_property
    def parameters(self) -> dict[str, p.Parameter]:
        filters = {name: one for name, one in super().parameters.items() if name not in _LIST_ONLY_PARAMETERS}
        return filters | {one.name: one for one in self.extra_parameters}


_COMMITMENTS = COLLECTIONS["commitments"]
_ROWS_PAGING_PARAMETERS = (
    p.number_parameter("page_size", "How many rows a page has.", MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE),
    cursor_parameter("Where a page starts: from `next`."),
)
TOTALS_COLLECTION = _TotalsCollection(
    _COMMITMENTS.name, _COMMITMENTS.kinds, _COMMITMENTS.filters, _COMMITMENTS.ordering, (BY_PARAMETER,)
)
TOTALS_ROWS_COLLECTION = replace(
    TOTALS_COLLECTION, extra_parameters=(BY_PARAMETER, _GROUP_PARAMETER, _STANDING_PARAMETER, *_ROWS_PAGING_PARAMETERS)
)


class Ledger(NamedTuple):
    """Commitments judged, and the packages whose parts are counted in them."""

    judged: list[JudgedCommitment]
    packages: list[CountedPackage]


GroupKey = tuple[str | None, ...]


@dataclass(slots=True)
class _RunningSum:
    """The sums of some commitments that have a beneficiary, a kind and a unit in common."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    open: bool = False
    commitments: int = 0
    qualifiers: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _GroupTotal:
    """Some commitments counted."""

    left_out: Counter[str] = field(default_factory=Counter)
    included: int = 0
    sums: dict[tuple[str, str, str], _RunningSum] = field(default_factory=lambda: defaultdict(_RunningSum))

    @property
    def matched(self) -> int:
        return self.included + self.left_out.total()

    def add(self, judged: JudgedCommitment, only: Callable[[inclusion_rules.AmountKey], bool] = lambda key: True) -> None:
        """Counts one commitment, of what it states that in `only`."""
        if judged.reason:
            self.left_out[judged.reason] += 1
            return
        self.included += 1
        for key, value in judged.counted_sums.items():
            if only(key):
                added = self.sums[judged.totals_row.beneficiary, *key]
                added.low += value.low
                added.high += value.high
                added.open = added.open or value.open
                added.commitments += 1
                for qualifier in value.qualifiers:
                    added.qualifiers[qualifier] += 1


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Some hundred thousand small objects come and none of them is garbage: looking for it would take half the time."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_without_garbage_collection()
def totals_response(request: ApiRequest) -> ApiResponse:
    """The sums of the commitments that the filters find, and, if asked for, of each group of them."""
    want = listing.parse_list_request(TOTALS_COLLECTION, request)
    ledger = _build_ledger(want)
    by = tuple(want.values["by"][0].split(",")) if "by" in want.values else ()
    whole, groups = _GroupTotal(), defaultdict[GroupKey, _GroupTotal](_GroupTotal)
    overlap = False
    for one in ledger.judged:
        whole.add(one)
        if by:
            keys = _group_keys(one, by)
            overlap = overlap or len(keys) > 1
            for key in keys:
                groups[key].add(one, _group_currency_filter(by, key))
    shown = sorted(groups.items(), key=lambda item: (-item[1].included, -item[1].matched, [part or "" for part in item[0]]))
    names = _TotalsPresenter(ledger)
    told = [_group_members(want, names, by, key, total) for key, total in shown[:MAX_GROUPS]]
    body = {
        "matched": whole.matched,
        "rows": _commitments_list_url(want),
        "included": {"count": whole.included, "href": _totals_rows_url(want, standing=INCLUDED), **names.sums(whole)},
        "left_out": [
            {"reason": reason, "why": EXCLUSION_REASONS[reason], "count": number, "href": _totals_rows_url(want, standing=reason)}
            for reason, number in _reasons_in_order(whole.left_out)
        ],
        "packages": names.packages(ledger.packages[:MAX_PACKAGES]),
        "by": list(by),
        "groups": told,
        "groups_overlap": overlap,
        "basis": {"natures": sorted(_requested_natures(want))},
        "is_truncated": len(groups) > len(told) or len(ledger.packages) > MAX_PACKAGES,
        "meta": {"release": want.release},
    }
    return ApiResponse(json_bytes(names.told(body)))


@_without_garbage_collection()
def totals_rows_response(request: ApiRequest) -> ApiResponse:
    """The commitments behind a number of `totals`, as lists serve them, by slug."""
    want = listing.parse_list_request(TOTALS_ROWS_COLLECTION, request)
    by = tuple(want.values["by"][0].split(",")) if "by" in want.values else ()
    group = _requested_group(want, by)
    standing = want.values.get("standing", ("",))[0]
    ledger = _build_ledger(want)
    found = [
        one
        for one in sorted(ledger.judged, key=lambda one: one.totals_row.slug)
        if (not standing or (one.reason or INCLUDED) == standing) and (group is None or group in _group_keys(one, by))
    ]
    after = want.cursor.key[0] if want.cursor.key else ""
    page = [one for one in found if one.totals_row.slug > after][: want.size + 1]
    rest = None
    if len(page) > want.size:
        page.pop()
        sealed = replace(want.cursor, release=want.release, key=(page[-1].totals_row.slug,)).seal_as_text()
        kept = [pair for pair in want.pairs if pair[0] != "cursor"]
        rest = f"{request.address}?{urlencode([*kept, ('cursor', sealed)])}"
    documents = edition_queries.documents_by_edition(one.id for one in page)
    members = {"next": rest, "previous": None, "count": len(found), "meta": {"release": want.release}}
    return ApiResponse(f'{{"results":[{",".join(documents[one.id] for one in page)}],'.encode() + json_bytes(members)[1:])


def _build_ledger(list_request: ListRequest) -> Ledger:
    # The place of a page is not a place in the list, and the order of rows is ours.
    question = replace(list_request.question, key=None, backwards=False)
    found = _totals_rows_by_edition(edition_queries.fetch_result_terms(question, (totals_row.TOTALS_FIELD,), MAX_COMMITMENTS + 1))
    if len(found) > MAX_COMMITMENTS:
        raise ApiProblem("too-much", most=MAX_COMMITMENTS)
    listing.redirect_to_survivors(list_request, found_nothing=not found)
    edges = inclusion_rules.superseded_commitments(_superseding_relations(question.release))
    return Ledger(
        *inclusion_rules.judge_commitments(
            found, _find_packages_outside(found, question.release), edges, _requested_natures(list_request)
        )
    )


def _totals_rows_by_edition(terms: Iterable[tuple[int, str, str]]) -> dict[int, TotalsRow]:
    pieces: dict[int, tuple[str, ...]] = {}
    for id, _, piece in terms:
        pieces[id] = (*pieces[id], piece) if id in pieces else (piece,)
    return {id: totals_row.join_totals_row(found) for id, found in pieces.items()}


def _superseding_relations(release: int | None) -> list[tuple[str, str, str]]:
    """(type, slug of the subject, slug of the object) of the relations by which commitments give way to each other."""
    question = EditionQuery(("relation",), (TermPredicate((TermIn("type", ("replaces", "restates")),)),), release=release)
    found: dict[int, dict[str, str]] = {}
    for id, member, value in edition_queries.fetch_result_terms(question, ("type", "subject", "object"), MAX_COMMITMENTS + 1):
        found.setdefault(id, {})[member] = value.removeprefix("commitment/")
    if len(found) > MAX_COMMITMENTS:
        raise ApiProblem("too-much", most=MAX_COMMITMENTS)
    return sorted((one["type"], one["subject"], one["object"]) for one in found.values())


def _find_packages_outside(rows_by_edition: Mapping[int, TotalsRow], release: int | None) -> dict[str, TotalsRow]:
    """The packages above those found that are not among them, by slug."""
    outside: dict[str, TotalsRow] = {}
    if not any(one.package for one in rows_by_edition.values()):
        return outside
    inside = {one.slug: one for one in rows_by_edition.values()}
    missing = inclusion_rules.packages_outside(inside.values(), inside)
    for _ in range(_MAX_PACKAGE_LEVELS):
        if not missing:
            break
        more = {one.slug: one for one in _totals_rows_by_slug(sorted(missing), release)}
        outside |= more
        missing = inclusion_rules.packages_outside(more.values(), inside | outside)
    return outside


def _totals_rows_by_slug(slugs: list[str], release: int | None) -> Iterable[TotalsRow]:
    for at in range(0, len(slugs), 5000):
        some = slugs[at : at + 5000]
        where = Sql(f"e.kind = 'commitment' AND e.slug IN ({sql_placeholders(some)}) AND ", tuple(some)) + public_at_release(
            "e", release
        )
        joined = "SELECT e.id, t.field, t.value FROM publishing_edition e JOIN publishing_editionterm t ON t.edition_id = e.id"
        yield from _totals_rows_by_edition(
            fetch_rows(Sql(f"{joined} AND t.field = '{totals_row.TOTALS_FIELD}' WHERE ") + where)
        ).values()


def _requested_natures(list_request: ListRequest) -> frozenset[str]:
    return inclusion_rules.natures_counted(list_request.values.get("nature", ()))


def _group_keys(judged: JudgedCommitment, by: tuple[str, ...]) -> list[GroupKey]:
    """The groups that a commitment is in. Of one that is counted, only the currencies of what is counted tell."""
    return list(
        product(
            *(
                _distinct_currencies(judged.counted_sums)
                if name == "currency" and not judged.reason
                else _GROUPINGS[name](judged.totals_row)
                for name in by
            )
        )
    )


def _distinct_currencies(keys: Iterable[inclusion_rules.AmountKey]) -> Sequence[str | None]:
    """The currencies among some amounts; None for what is not money, or nothing."""
    return tuple(dict.fromkeys(unit if kind == "money" else None for kind, unit in keys)) or (None,)


def _group_currency_filter(by: tuple[str, ...], key: GroupKey) -> Callable[[inclusion_rules.AmountKey], bool]:
    """Of commitments grouped by currency, a group adds up what is in its own."""
    if "currency" not in by:
        return lambda key: True
    currency = key[by.index("currency")]
    return lambda key: (key[1] if key[0] == "money" else None) == currency


def _requested_group(list_request: ListRequest, by: tuple[str, ...]) -> GroupKey | None:
    if "group" not in list_request.values:
        return None
    parts = list_request.values["group"][0].split(",")
    if len(parts) != len(by):
        fault = {"in": "query", "name": "group", "code": "not_as_by", "detail": "`group` has as many parts as `by`."}
        raise invalid_parameters_problem([fault])
    return tuple(None if part == NULL_GROUP else part for part in parts)


# Telling


def _reasons_in_order(left_out: Counter[str]) -> list[tuple[str, int]]:
    return [(reason, left_out[reason]) for reason in EXCLUSION_REASONS if left_out[reason]]


def _group_members(
    list_request: ListRequest, names: "_TotalsPresenter", by: tuple[str, ...], key: GroupKey, total: _GroupTotal
) -> dict:
    return {
        "key": {name: names.part(name, part) for name, part in zip(by, key, strict=True)},
        "matched": total.matched,
        "rows": _totals_rows_url(list_request, by=",".join(by), group=",".join(part or NULL_GROUP for part in key)),
        "included": {"count": total.included, **names.sums(total)},
        "left_out": [{"reason": reason, "count": number} for reason, number in _reasons_in_order(total.left_out)],
    }


def _commitments_list_url(list_request: ListRequest) -> str:
    return _filtered_url(_COMMITMENTS.path, list_request, {})


def _totals_rows_url(list_request: ListRequest, **chosen: str) -> str:
    return _filtered_url(f"{_COMMITMENTS.path}totals/rows/", list_request, chosen)


def _filtered_url(path: str, list_request: ListRequest, chosen: Mapping[str, str]) -> str:
    """The filters asked for, and `chosen`, as of the release shown. Full text knows the present alone."""
    pairs = [pair for pair in list_request.pairs if pair[0] not in _NON_FILTER_PARAMETERS]
    if list_request.release and not list_request.question.text:
        pairs.append(("as_of", f"release:{list_request.release}"))
    pairs += chosen.items()
    return f"{path}?{urlencode(pairs, safe=':,/')}" if pairs else path


def _decimal_text(value) -> str:
    return f"{value.normalize():f}" if value else "0"


class _PendingReference(NamedTuple):
    """A record to be named once all are known that an answer names."""

    kind: str
    slug: str


class _TotalsPresenter:
    """Tells sums, groups and packages, with the records that they name as the commitments themselves print them."""

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._wanted: dict[_PendingReference, None] = {}

    def reference(self, kind: str, slug: str | None) -> _PendingReference | None:
        if not slug:
            return None
        found = _PendingReference(kind, slug)
        self._wanted[found] = None
        return found

    def part(self, name: str, part: str | None):
        return self.reference("organisation", part) if name in ("party", "beneficiary") else part

    def sums(self, total: _GroupTotal) -> dict:
        """`sums`, the most frequent ones first, and whether that is all of them."""
        found = sorted(total.sums.items(), key=lambda item: (-item[1].commitments, [part or "" for part in item[0]]))
        told = [
            {
                "beneficiary": self.reference("organisation", beneficiary),
                "kind": kind,
                "currency": unit if kind == "money" else None,
                "unit": unit or None if kind != "money" else None,
                "low": _decimal_text(added.low),
                "high": _decimal_text(added.high),
                "is_open_ended": added.open,
                "commitments": added.commitments,
                "qualifiers": dict(sorted(added.qualifiers.items())),
            }
            for (beneficiary, kind, unit), added in found[:MAX_SUMS]
        ]
        return {"sums": told, "is_truncated": len(found) > len(told)}

    def packages(self, packages: list[CountedPackage]) -> list[dict]:
        return [
            {
                "package": self.reference("commitment", package.slug),
                "kind": package.key[0],
                "currency": package.key[1] if package.key[0] == "money" else None,
                "unit": package.key[1] or None if package.key[0] != "money" else None,
                "stated": _sum_members(package.stated),
                "parts": {"commitments": package.number, **_sum_members(package.parts)},
                "parts_compared": package.compared,
            }
            for package in packages
        ]

    def told(self, body: dict) -> dict:
        """`body` with its references named."""
        return _fill_in_references(body, self._look_up_references())

    def _look_up_references(self) -> dict[_PendingReference, dict]:
        """What is wanted, each read from one commitment that names it."""
        source: dict[int, None] = {}
        missing = set(self._wanted)
        for one in self._ledger.judged:
            if not missing:
                break
            named = {
                _PendingReference("organisation", slug) for slug in (*one.totals_row.givers, one.totals_row.beneficiary) if slug
            }
            named.add(_PendingReference("commitment", one.totals_row.slug))
            if named & missing:
                missing -= named
                source[one.id] = None
        found: dict[_PendingReference, dict] = {}
        for document in map(json.loads, edition_queries.documents_by_edition(source).values()):
            for named in (document, document["beneficiary"], *document["committed_by"]):
                if named:
                    found[_PendingReference(named["kind"], named["slug"])] = {
                        "kind": named["kind"],
                        "slug": named["slug"],
                        "name": named["name"],
                        "href": record_path(named["kind"], named["slug"]),
                    }
        return found


def _sum_members(value: AmountSum) -> dict:
    return {"low": _decimal_text(value.low), "high": _decimal_text(value.high), "is_open_ended": value.open}


def _fill_in_references(value, names: Mapping[_PendingReference, dict]):
    if isinstance(value, _PendingReference):
        return names[value]
    if isinstance(value, dict):
        return {member: _fill_in_references(inner, names) for member, inner in value.items()}
    return [_fill_in_references(inner, names) for inner in value] if isinstance(value, list) else value
