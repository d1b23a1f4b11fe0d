"""Answer `commitments/totals/` with sums that say what they leave out, and `commitments/totals/rows/` with their rows."""

import gc
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from typing import Any
from urllib.parse import urlencode

from nato_support.api import edition_queries, listing, record_queries
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, SLUG_PATTERN, Collection
from nato_support.api.json_output import json_bytes
from nato_support.api.listing import ListRequest
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.short_list_paging import cursor_parameter
from nato_support.api.totals.inclusion_rules import EXCLUSION_REASONS
from nato_support.api.totals.selected_commitments import judge_selected_commitments, requested_natures
from nato_support.api.totals.totals_grouping import GROUPINGS, GroupKey, GroupTotal, group_currency_filter, group_keys
from nato_support.api.totals.totals_presentation import (
    NULL_GROUP,
    TotalsPresenter,
    commitments_list_url,
    counts_by_reason,
    totals_rows_url,
)
from nato_support.api.unknown_values import AskedValue, LookupScope, references_of_values, unknown_members

MAX_GROUPS, MAX_PACKAGES = 500, 100
"""Limits on the groups and packages of one answer."""
INCLUDED = "included"
"""Value of the `standing` parameter that selects the commitments that are added up."""

_GROUPING_CHOICES = (*GROUPINGS, *(",".join(pair) for pair in permutations(GROUPINGS, 2)))
BY_PARAMETER = p.choice_parameter(
    "by",
    "Grouping by one or two of party, category, beneficiary, stage, currency, year, nature.",
    _GROUPING_CHOICES,
    many=False,
)
_GROUP_PARAMETER = p.pattern_parameter(
    "group",
    f"Rows of one group: the values of its `key` in the order of `by`, separated by commas; {NULL_GROUP} for null.",
    "[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)?",
    example="arcadia,2024",
    max_length=510,
    many=False,
)
_STANDING_PARAMETER = p.choice_parameter(
    "standing", "Only rows that are counted, or that are left out for this reason.", (INCLUDED, *EXCLUSION_REASONS), many=False
)
_GROUPINGS_BY_ORGANISATION = ("party", "beneficiary")
_LIST_ONLY_PARAMETERS = frozenset({"ordering", "page_size", "cursor", "count", "fields", "include", "facets", "ids"})


@dataclass(frozen=True)
class _TotalsCollection(Collection):
    """The commitments, with further parameters instead of those that order and page their list."""

    extra_parameters: tuple[p.Parameter, ...] = ()

    @cached_property
    def parameters(self) -> dict[str, p.Parameter]:
        filters = {name: parameter for name, parameter in super().parameters.items() if name not in _LIST_ONLY_PARAMETERS}
        return filters | {parameter.name: parameter for parameter in self.extra_parameters}


_COMMITMENTS = COLLECTIONS["commitments"]
_ROWS_PAGING_PARAMETERS = (
    p.number_parameter("page_size", "Number of rows per page.", MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE),
    cursor_parameter("Start of the page, taken from `next`."),
)
TOTALS_COLLECTION = _TotalsCollection(
    _COMMITMENTS.name, _COMMITMENTS.kinds, _COMMITMENTS.filters, _COMMITMENTS.ordering, (BY_PARAMETER,)
)
TOTALS_ROWS_COLLECTION = replace(
    TOTALS_COLLECTION, extra_parameters=(BY_PARAMETER, _GROUP_PARAMETER, _STANDING_PARAMETER, *_ROWS_PAGING_PARAMETERS)
)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Switch the collector off: it would spend half the time on some hundred thousand small objects, none of them garbage."""
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
    """Sums of the commitments that the filters select and, with `by`, of each group of them."""
    list_request = listing.parse_list_request(TOTALS_COLLECTION, request)
    ledger = judge_selected_commitments(list_request)
    meta = listing.answer_meta(list_request, found_nothing=not ledger.judged)
    by = _requested_grouping(list_request)
    grand_total, groups = GroupTotal(), defaultdict[GroupKey, GroupTotal](GroupTotal)
    groups_overlap = False
    for judged in ledger.judged:
        grand_total.add_commitment(judged)
        if by:
            keys = group_keys(judged, by)
            groups_overlap = groups_overlap or len(keys) > 1
            for key in keys:
                groups[key].add_commitment(judged, group_currency_filter(by, key))
    ordered = sorted(groups.items(), key=lambda item: (-item[1].included, -item[1].matched, [part or "" for part in item[0]]))
    presenter = TotalsPresenter(list_request, ledger.judged)
    shown_groups = [presenter.group_members(by, key, total) for key, total in ordered[:MAX_GROUPS]]
    body = {
        "matched": grand_total.matched,
        "rows": commitments_list_url(list_request),
        "included": {
            "count": grand_total.included,
            "href": totals_rows_url(list_request, standing=INCLUDED),
            **presenter.sums_members(grand_total),
        },
        "left_out": [
            {
                "reason": reason,
                "why": EXCLUSION_REASONS[reason],
                "count": count,
                "href": totals_rows_url(list_request, standing=reason),
            }
            for reason, count in counts_by_reason(grand_total.left_out)
        ],
        "packages": [presenter.package_members(package) for package in ledger.packages[:MAX_PACKAGES]],
        "by": list(by),
        "groups": shown_groups,
        "groups_overlap": groups_overlap,
        "basis": {"natures": sorted(requested_natures(list_request))},
        "is_truncated": len(groups) > len(shown_groups) or len(ledger.packages) > MAX_PACKAGES,
        "meta": meta,
    }
    return ApiResponse(json_bytes(presenter.fill_in_references(body)))


@_without_garbage_collection()
def totals_rows_response(request: ApiRequest) -> ApiResponse:
    """A page of the commitments behind a number of the totals, as lists serve them, by slug."""
    list_request = listing.parse_list_request(TOTALS_ROWS_COLLECTION, request)
    by = _requested_grouping(list_request)
    group = _requested_group(list_request, by)
    standing = list_request.values.get("standing", ("",))[0]
    ledger = judge_selected_commitments(list_request)
    meta = listing.answer_meta(list_request, found_nothing=not ledger.judged)
    selected = [
        judged
        for judged in sorted(ledger.judged, key=lambda judged: judged.totals_row.slug)
        if (not standing or (judged.reason or INCLUDED) == standing) and (group is None or group in group_keys(judged, by))
    ]
    if group is not None and not selected and (unknown := _unknown_members_of_group(list_request, by, group)):
        meta["unknown"] = [*meta.get("unknown", ()), *unknown]
    last_slug = list_request.cursor.key[0] if list_request.cursor.key else ""
    page = [judged for judged in selected if judged.totals_row.slug > last_slug][: list_request.page_size + 1]
    next_url = None
    if len(page) > list_request.page_size:
        page.pop()
        cursor = replace(list_request.cursor, release=list_request.release, key=(page[-1].totals_row.slug,))
        pairs = [pair for pair in list_request.pairs if pair[0] != "cursor"]
        next_url = f"{request.url}?{urlencode([*pairs, ('cursor', cursor.seal_as_text())])}"
    documents = edition_queries.documents_by_edition(judged.id for judged in page)
    results = ",".join(documents[judged.id] for judged in page)
    members = {"next": next_url, "previous": None, "count": len(selected), "meta": meta}
    return ApiResponse(f'{{"results":[{results}],'.encode() + json_bytes(members)[1:])


def _unknown_members_of_group(list_request: ListRequest, by: tuple[str, ...], group: GroupKey) -> list[dict[str, Any]]:
    """Return the members of `unknown` for the parts of `group` that are no public organisation."""
    release = list_request.query.release
    unknown = []
    for place, (name, slug) in enumerate(zip(by, group, strict=True)):
        if name in _GROUPINGS_BY_ORGANISATION and slug and re.fullmatch(SLUG_PATTERN, slug):
            taker = replace(_COMMITMENTS.parameters[name], name="group")
            scope = LookupScope(_COMMITMENTS.kinds, {taker.name: taker}, release)
            asked_values = [AskedValue(taker, slug, taker.parse(slug))]
            states = record_queries.record_states(references_of_values(asked_values), release)
            unknown += [(place, members) for members in unknown_members(asked_values, states, scope)]

    def as_group(place: int, part: str) -> str:
        return ",".join(part if at == place else other or NULL_GROUP for at, other in enumerate(group))

    return [
        members
        | {
            "value": as_group(place, members["value"]),
            "suggestions": [one | {"value": as_group(place, one["value"])} for one in members["suggestions"]],
        }
        for place, members in unknown
    ]


def _requested_grouping(list_request: ListRequest) -> tuple[str, ...]:
    return tuple(list_request.values["by"][0].split(",")) if "by" in list_request.values else ()


def _requested_group(list_request: ListRequest, by: tuple[str, ...]) -> GroupKey | None:
    """Key of the group asked for; None if no group is. A problem unless it has as many parts as `by`."""
    if "group" not in list_request.values:
        return None
    parts = list_request.values["group"][0].split(",")
    if len(parts) != len(by):
        fault = {"in": "query", "name": "group", "code": "not_as_by", "detail": "`group` has as many parts as `by`."}
        raise invalid_parameters_problem([fault])
    return tuple(None if part == NULL_GROUP else part for part in parts)
