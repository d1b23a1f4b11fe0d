"""A page of a collection: its parameters understood, its rows as printed, its neighbours addressed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from nato_support.api import edition_queries, facets, filters, record_queries, sparse_fields
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Collection
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.edition_queries import EditionQuery
from nato_support.api.full_text_query import parse_full_text
from nato_support.api.parameters import ParameterFault, QueryPairs, read_parameters
from nato_support.api.problems import ApiProblem, invalid_parameters_problem, merged_redirect
from nato_support.api.register_state import RegisterChanged, RegisterState, newest_register_state

ParameterValues = dict[str, tuple[str, ...]]
_PAGE_PARAMETERS = ("cursor", "page_size", "count", "facets")
"""What may change from page to page: it chooses no results, nor their order."""


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a list was asked for, understood: whichever form it is answered in, it is read by this."""

    collection: Collection
    request: ApiRequest
    values: ParameterValues
    pairs: QueryPairs
    cursor: Cursor
    release: int
    """The release that it shows."""
    query: EditionQuery

    @property
    def page_size(self) -> int:
        return int(self.values["page_size"][0]) if "page_size" in self.values else DEFAULT_PAGE_SIZE


def parse_list_request(collection: Collection, request: ApiRequest) -> ListRequest:
    """The parameters of a list, read strictly. A problem that lists every fault, if there is any."""
    values, pairs = read_parameters(request.query_string, collection.parameters)
    sparse_fields.check_selection(values, request.output_format)
    cursor, release = _cursor_and_release(request, values)
    question = _build_query(collection, values, cursor, release if release != request.register.release else None)
    return ListRequest(collection, request, values, pairs, cursor, release, question)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page: rows of (document, ordering value, edition id), and the addresses of the pages beside it."""

    rows: list[tuple]
    next_url: str | None
    previous_url: str | None

    def link_headers(self) -> dict[str, str]:
        """The header that names the pages beside it (RFC 8288); none where there is none."""
        beside = {"next": self.next_url, "prev": self.previous_url}
        named = ", ".join(f'<{address}>; rel="{name}"' for name, address in beside.items() if address)
        return {"Link": named} if named else {}


def fetch_list_page(list_request: ListRequest) -> ListPage:
    """The page that was asked for; a problem that leads on, if a filter names a merged record."""
    rows = edition_queries.fetch_page_rows(list_request.query, list_request.page_size + 1)
    redirect_to_survivors(list_request, found_nothing=not rows)
    more = len(rows) > list_request.page_size
    rows = rows[: list_request.page_size]
    if list_request.query.backwards:
        rows.reverse()
    address = _PageUrls(list_request.request.url, list_request.pairs, list_request.cursor.query_hash, list_request.release)
    if choice := sparse_fields.parse_selection(list_request.values, list_request.collection.kinds):
        rows = sparse_fields.select_in_rows(rows, choice, list_request.query.release)
    return ListPage(rows, *_adjacent_page_urls(address, rows, list_request.cursor, more))


def walk_documents(collection: Collection, request: ApiRequest, chunk: int = MAX_PAGE_SIZE) -> Iterator[str]:
    """Every document of a list from the place asked for to its end, as it stood at one release, read chunk by chunk.

    What is wrong with the parameters is a problem at once, not when the first document is taken. Of what is withdrawn
    meanwhile, nothing more comes. Full text knows the present alone: Moved, if the register changes meanwhile.
    """
    want = parse_list_request(collection, request)
    question = want.query if want.query.full_text else replace(want.query, release=want.release)
    first = edition_queries.fetch_page_rows(question, chunk)
    redirect_to_survivors(want, found_nothing=not first)
    return _documents_by_chunk(question, first, chunk, request.register)


def _documents_by_chunk(query: EditionQuery, rows: list[tuple], chunk: int, register: RegisterState) -> Iterator[str]:
    while rows:
        yield from (row[0] for row in rows)
        if len(rows) < chunk:
            return
        rows = edition_queries.fetch_page_rows(replace(query, key=rows[-1][1:]), chunk)
        if query.full_text and newest_register_state() != register:
            raise RegisterChanged


def list_response(collection: Collection, request: ApiRequest) -> ApiResponse:
    """The page of `collection` that was asked for, as JSON."""
    want = parse_list_request(collection, request)
    found = fetch_list_page(want)
    return ApiResponse(_list_body(found, _list_members(want)), extra_headers=found.link_headers())


def redirect_to_survivors(list_request: ListRequest, *, found_nothing: bool) -> None:
    """Leads to the same list of the survivor if a filter names a record that was merged into another.

    Nothing names such a record any more, so a filter of one value, if it found something, needs no look.
    """
    collection, question, pairs = list_request.collection, list_request.query, list_request.pairs
    named: dict[tuple[str, str], tuple[str, ...]] = {}
    for name, text in pairs:
        parameter = collection.parameters[name]
        if parameter.reference and (found_nothing or "," in text or sum(other == name for other, _ in pairs) > 1):
            named |= {(name, part): parameter.parse(part) for part in text.split(",")}
    if not named:
        return
    moved = record_queries.redirects_among(
        {reference for references in named.values() for reference in references}, question.release
    )
    leads: dict[tuple[str, str], str] = {}
    for (name, part), references in named.items():
        for reference in references:
            if reference in moved:
                kind = reference.split("/")[0]
                survivor = record_queries.find_survivor(kind, moved[reference], question.release)
                leads[name, part] = f"{kind}/{survivor}" if "/" in part else survivor
    if leads:
        followed = [(name, ",".join(leads.get((name, part), part) for part in text.split(","))) for name, text in pairs]
        address = list_request.request.url.removeprefix(list_request.request.site)
        raise merged_redirect(address, urlencode(followed, safe="/,"), merged_into=sorted(set(leads.values())))


def _cursor_and_release(request: ApiRequest, values: ParameterValues) -> tuple[Cursor, int]:
    """The cursor asked for, or one at the start, and the release as of which to read."""
    belongs = sorted((name, texts) for name, texts in values.items() if name not in _PAGE_PARAMETERS)
    question = hash_query(request.path, belongs)
    if "cursor" in values:
        cursor = open_cursor(values["cursor"][0], question, request.register.release)
        if "q" in values and cursor.release != request.register.release:
            raise ApiProblem("register-changed")
        return cursor, cursor.release
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else request.register.release
    return Cursor(release, question, False, ()), release


def _build_query(collection: Collection, values: ParameterValues, cursor: Cursor, release: int | None) -> EditionQuery:
    faults: filters.Faults = []
    kinds = tuple(dict.fromkeys(values.get("kind", collection.kinds)))
    predicates = filters.build_predicates(collection.filters, kinds, values, faults)
    dates = filters.parse_date_bounds(values, faults)
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
    """What the pages of one list have in common."""

    url: str
    pairs: QueryPairs
    query_hash: str
    release: int

    def url_beside(self, backwards: bool, row: tuple) -> str:
        """Address of the page after `row`, or before it."""
        sealed = Cursor(self.release, self.query_hash, backwards, row[1:]).seal_as_text()
        return f"{self.url}?{urlencode([*(pair for pair in self.pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"


def _adjacent_page_urls(address: _PageUrls, rows: list[tuple], cursor: Cursor, has_more: bool) -> tuple[str | None, str | None]:
    """Addresses of the next and the previous page, null where there is none."""
    if not rows:
        return None, None
    after = cursor.backwards or has_more
    before = has_more if cursor.backwards else bool(cursor.key)
    return address.url_beside(False, rows[-1]) if after else None, address.url_beside(True, rows[0]) if before else None


def _list_members(list_request: ListRequest) -> dict:
    """What the answer says of itself: the release that it shows and, if asked, how many results there are, and of which sorts."""
    meta: dict = {"release": list_request.release}
    members: dict = {}
    register, whole = list_request.request.register, replace(list_request.query, key=None, backwards=False)
    if list_request.values.get("count") == ("true",):
        members["count"], exact = _count_cached(register, whole)
        if not exact:
            meta["count_is"] = "at_least"
        if whole.requires_date:
            meta["left_out"] = {"date_unknown": _count_cached(register, _undated_query(whole))[0]}
    if "facets" in list_request.values:
        fields = tuple(dict.fromkeys(list_request.values["facets"]))
        members["facets"] = facets.count_facets(whole, [list_request.collection.facets[field] for field in fields])
    return members | {"meta": meta}


def _undated_query(query: EditionQuery) -> EditionQuery:
    """What a question leaves out because nobody knows when it began, unless it is known to have ended before."""
    return replace(
        query,
        ends_on_or_after="",
        begins_on_or_before="",
        begins_on_or_after="",
        ends_on_or_before="",
        with_date=False,
        without_date=True,
        not_ended_before=query.ends_on_or_after,
    )


@lru_cache(maxsize=500)
def _count_cached(register: RegisterState, query: EditionQuery) -> tuple[int, bool]:
    counted = edition_queries.count_results(query)
    if newest_register_state() != register:
        raise RegisterChanged
    return counted


def _list_body(page: ListPage, members: dict) -> bytes:
    documents = ",".join([row[0] for row in page.rows])
    rest = json.dumps({"next": page.next_url, "previous": page.previous_url, **members}, separators=(",", ":"))
    return f'{{"results":[{documents}],{rest[1:]}'.encode()
