"""Lists of a collection: reading their parameters, fetching a page or all rows, and linking the pages."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from nato_support.api import edition_queries, facets, filters, record_queries, sparse_fields
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Collection
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.edition_queries import EditionQuery
from nato_support.api.full_text_query import parse_full_text
from nato_support.api.left_out import cached_result_count, count_left_out
from nato_support.api.parameters import ParameterFault, QueryPairs, read_parameters
from nato_support.api.problems import ApiProblem, invalid_parameters_problem, merged_redirect
from nato_support.api.register_state import RegisterChanged, RegisterState, newest_register_state
from nato_support.api.unknown_values import (
    AskedValue,
    LookupScope,
    States,
    references_of_values,
    unknown_members,
    values_to_look_up,
)

ParameterValues = dict[str, tuple[str, ...]]
_PAGE_PARAMETERS = ("cursor", "page_size", "count", "facets")
"""Parameters that affect neither results nor their order, and so may change from page to page."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Parsed request for a list, the same for all output formats."""

    collection: Collection
    request: ApiRequest
    values: ParameterValues
    pairs: QueryPairs
    cursor: Cursor
    release: int
    """Release that the list shows."""
    query: EditionQuery

    @property
    def page_size(self) -> int:
        """Page size asked for, or the default."""
        return int(self.values["page_size"][0]) if "page_size" in self.values else DEFAULT_PAGE_SIZE


def parse_list_request(collection: Collection, request: ApiRequest) -> ListRequest:
    """Parse the parameters of a list strictly. Raises a problem that lists all faults."""
    values, pairs = read_parameters(request.query_string, collection.parameters)
    sparse_fields.check_selection(values, request.output_format)
    cursor, release = _cursor_and_release(request, values)
    query = _build_query(collection, values, cursor, release if release != request.register.release else None, request.today)
    return ListRequest(collection, request, values, pairs, cursor, release, query)


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page of a list: rows of (document, ordering value, edition id), and the URLs of the pages before and after."""

    rows: list[tuple]
    next_url: str | None
    previous_url: str | None

    def link_headers(self) -> dict[str, str]:
        """Return the header `Link` (RFC 8288) to the pages before and after, if there are any."""
        urls = {"next": self.next_url, "prev": self.previous_url}
        links = ", ".join(f'<{url}>; rel="{name}"' for name, url in urls.items() if url)
        return {"Link": links} if links else {}


def fetch_list_page(list_request: ListRequest) -> ListPage:
    """Fetch the page asked for."""
    rows = edition_queries.fetch_page_rows(list_request.query, list_request.page_size + 1)
    has_more = len(rows) > list_request.page_size
    rows = rows[: list_request.page_size]
    if list_request.query.backwards:
        rows.reverse()
    page_urls = _PageUrls(list_request.request.url, list_request.pairs, list_request.cursor.query_hash, list_request.release)
    if choice := sparse_fields.parse_selection(list_request.values, list_request.collection.kinds):
        rows = sparse_fields.select_fields_in_rows(rows, choice, list_request.query.release)
    return ListPage(rows, *_adjacent_page_urls(page_urls, rows, list_request.cursor, has_more))


def walk_documents(collection: Collection, request: ApiRequest, chunk: int = MAX_PAGE_SIZE) -> Iterator[str]:
    """Yield the documents of a list from the position asked for to its end, as of one release, fetched in chunks.

    Faulty parameters raise a problem at once, not when the first document is taken. Records withdrawn meanwhile are left
    out. Full text exists only for the present: it raises RegisterChanged if a release is made meanwhile.
    """
    list_request = parse_list_request(collection, request)
    query = list_request.query if list_request.query.full_text else replace(list_request.query, release=list_request.release)
    rows = edition_queries.fetch_page_rows(query, chunk)
    return _iterate_documents_by_chunk(query, rows, chunk, request.register)


def _iterate_documents_by_chunk(query: EditionQuery, rows: list[tuple], chunk: int, register: RegisterState) -> Iterator[str]:
    while rows:
        yield from (row[0] for row in rows)
        if len(rows) < chunk:
            return
        rows = edition_queries.fetch_page_rows(replace(query, key=rows[-1][1:]), chunk)
        if query.full_text and newest_register_state() != register:
            raise RegisterChanged


def list_response(collection: Collection, request: ApiRequest) -> ApiResponse:
    """Return the page asked for as JSON."""
    list_request = parse_list_request(collection, request)
    page = fetch_list_page(list_request)
    meta = answer_meta(list_request, found_nothing=not page.rows)
    members, is_exact = _count_and_facets(list_request)
    members["meta"] = meta if is_exact else meta | {"count_is": "at_least"}
    return ApiResponse(_list_body(page, members), extra_headers=page.link_headers())


def answer_meta(list_request: ListRequest, *, found_nothing: bool) -> dict[str, Any]:
    """Return `meta`: the release shown, the values of filters that name nothing public, and the records left out.

    Raises a redirect to the same list of the survivor if a filter names a record that was merged into another. Nothing refers to
    a merged or unknown record, so a filter with one value that found something need not be checked.
    """
    query, parameters = list_request.query, list_request.collection.parameters
    # At an earlier release, records may refer to one that was withdrawn since.
    asked_values = values_to_look_up(parameters, list_request.pairs, found_nothing=found_nothing or query.release is not None)
    states = record_queries.record_states(references_of_values(asked_values), query.release)
    _raise_redirect_to_survivors(list_request, asked_values, states)
    meta: dict[str, Any] = {"release": list_request.release}
    scope = LookupScope(list_request.collection.kinds, parameters, query.release)
    if unknown := unknown_members(asked_values, states, scope):
        meta["unknown"] = unknown
    request = list_request.request
    filters_declared = list_request.collection.filters
    left_out = count_left_out(request.register, filters_declared, list_request.values, query, request.today)
    return meta | left_out.members()


def _raise_redirect_to_survivors(list_request: ListRequest, asked_values: Iterable[AskedValue], states: States) -> None:
    survivors: dict[tuple[str, str], str] = {}
    for asked in asked_values:
        for reference in asked.meanings if asked.parameter.reference else ():
            if reference in states and (moved_to := states[reference].moved_to):
                kind = reference.partition("/")[0]
                survivor = record_queries.find_survivor(kind, moved_to, list_request.query.release)
                survivors[asked.parameter.name, asked.text] = f"{kind}/{survivor}" if "/" in asked.text else survivor
    if survivors:
        query = [
            (name, ",".join(survivors.get((name, value), value) for value in text.split(",")))
            for name, text in list_request.pairs
        ]
        path = list_request.request.url.removeprefix(list_request.request.site)
        raise merged_redirect(path, urlencode(query, safe="/,"), merged_into=sorted(set(survivors.values())))


def _cursor_and_release(request: ApiRequest, values: ParameterValues) -> tuple[Cursor, int]:
    """Return the cursor asked for, or one at the start, and the release as of which to read."""
    query_values = sorted((name, texts) for name, texts in values.items() if name not in _PAGE_PARAMETERS)
    query_hash = hash_query(request.path, query_values)
    if "cursor" in values:
        cursor = open_cursor(values["cursor"][0], query_hash, request.register.release)
        if "q" in values and cursor.release != request.register.release:
            raise ApiProblem("register-changed")
        return cursor, cursor.release
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else request.register.release
    return Cursor(release, query_hash, False, ()), release


def _build_query(
    collection: Collection, values: ParameterValues, cursor: Cursor, release: int | None, today: str
) -> EditionQuery:
    faults: filters.Faults = []
    kinds = tuple(dict.fromkeys(values.get("kind", collection.kinds)))
    predicates = filters.build_predicates(collection.filters, kinds, values, faults, today)
    dates = filters.edition_query_date_bounds(values, faults)
    text = None
    if "q" in values:
        try:
            text = parse_full_text(values["q"][0])
        except ParameterFault as fault:
            faults.append({"in": "query", "name": "q", "code": fault.code} | fault.members)
        if release is not None:
            faults.append({"in": "query", "name": "as_of", "code": "not_with_q"})
    if faults:
        raise invalid_parameters_problem(faults)
    ordering = values.get("ordering", (collection.ordering,))[0]
    column = ordering.removeprefix("-")
    return EditionQuery(
        kinds=kinds,
        filters=tuple(predicates),
        full_text=text,
        ordering_column="sort_date" if column == "date" else column,
        descending=ordering.startswith("-"),
        release=release,
        key=cursor.key or None,
        backwards=cursor.backwards,
        **dates,
    )


@dataclass(frozen=True, slots=True)
class _PageUrls:
    """URL builder for the pages of one list."""

    url: str
    pairs: QueryPairs
    query_hash: str
    release: int

    def url_beside(self, backwards: bool, row: tuple) -> str:
        """Return the URL of the page after `row` or, if `backwards`, before it."""
        sealed = Cursor(self.release, self.query_hash, backwards, row[1:]).seal_as_text()
        return f"{self.url}?{urlencode([*(pair for pair in self.pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"


def _adjacent_page_urls(page_urls: _PageUrls, rows: list[tuple], cursor: Cursor, has_more: bool) -> tuple[str | None, str | None]:
    """Return the URLs of the next and the previous page, None where there is none."""
    if not rows:
        return None, None
    has_next = cursor.backwards or has_more
    has_previous = has_more if cursor.backwards else bool(cursor.key)
    return (
        page_urls.url_beside(False, rows[-1]) if has_next else None,
        page_urls.url_beside(True, rows[0]) if has_previous else None,
    )


def _count_and_facets(list_request: ListRequest) -> tuple[dict[str, Any], bool]:
    """Return the count and the facets, if asked for, and whether the count is exact."""
    members: dict[str, Any] = {}
    is_exact = True
    query = replace(list_request.query, key=None, backwards=False)
    if list_request.values.get("count") == ("true",):
        members["count"], is_exact = cached_result_count(list_request.request.register, query)
    if "facets" in list_request.values:
        fields = tuple(dict.fromkeys(list_request.values["facets"]))
        members["facets"] = facets.count_facets(query, [list_request.collection.facets[field] for field in fields])
    return members, is_exact


def _list_body(page: ListPage, members: dict) -> bytes:
    documents = ",".join([row[0] for row in page.rows])
    rest = json.dumps({"next": page.next_url, "previous": page.previous_url, **members}, separators=(",", ":"))
    return f'{{"results":[{documents}],{rest[1:]}'.encode()
