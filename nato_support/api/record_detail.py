"""One record with its evidence, and its editions."""

from nato_support.api import edition_history, memento, record_queries, sparse_fields
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import Collection
from nato_support.api.json_output import json_bytes, utc_timestamp
from nato_support.api.pagination import next_page_url, paging_parameters, read_page_position
from nato_support.api.problems import merged_redirect
from nato_support.publishing.editions.detail_response import detail_body

EDITIONS_PARAMETERS = paging_parameters(
    "How many editions a page has.", 100, 20, "Where a page starts: from `next`, never made by hand."
)


def record_response(collection: Collection, request: ApiRequest, slug: str) -> ApiResponse:
    """A record as it is public now, or as it was `as_of` a time."""
    values, _ = p.read_parameters(request.query_string, collection.detail_parameters)
    sparse_fields.check_selection(values, request.output_format)
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else None
    try:
        if release is None and (when := memento.requested_datetime(request)):
            raise memento.edition_redirect(collection.kinds, slug, when)
        found = record_queries.find_record(collection.kinds, slug, release)
    except record_queries.MergedRecord as merged:
        address = request.with_same_suffix(f"{collection.path}{merged.survivor}/")
        raise merged_redirect(address, request.query_string, slug=slug, merged_into=merged.survivor) from None
    text = _edition_detail_body(found, slug)
    if choice := sparse_fields.parse_selection(values, collection.kinds):
        text = sparse_fields.select_in_detail(text, choice, release)
    return ApiResponse(text, extra_headers=memento.record_memento_headers(found.kind, slug, found.number, newest=release is None))


def edition_response(collection: Collection, request: ApiRequest, slug: str, number: int) -> ApiResponse:
    """One edition under its own address, where it stays as it is."""
    values, _ = p.read_parameters(request.query_string, collection.edition_parameters)
    sparse_fields.check_selection(values, request.output_format)
    try:
        found = record_queries.find_edition(collection.kinds, slug, number)
    except record_queries.MergedRecord as merged:
        # The edition that said so has nothing of its own to show.
        address = request.with_same_suffix(f"{collection.path}{merged.survivor}/")
        raise merged_redirect(address, "", slug=slug, merged_into=merged.survivor) from None
    text = _edition_detail_body(found.edition, slug)
    if choice := sparse_fields.parse_selection(values, collection.kinds):
        text = sparse_fields.select_in_detail(text, choice, None)
    return ApiResponse(text, is_immutable=True, extra_headers=memento.edition_memento_headers(found, slug))


def edition_list_response(collection: Collection, request: ApiRequest, slug: str) -> ApiResponse:
    """The list of a record's editions, newest first, each with what it changed."""
    size, before = read_page_position(request, EDITIONS_PARAMETERS, 20)
    try:
        # One more, to compare the last one with; it tells too whether there is a further page.
        entries = record_queries.list_edition_entries(collection.kinds, slug, before, size + 1)
    except record_queries.MergedRecord as merged:
        address = f"{collection.path}{merged.survivor}/editions/"
        raise merged_redirect(address, request.query_string, slug=slug, merged_into=merged.survivor) from None
    shown = edition_history.count_comparable_entries(entries, size)
    rest = next_page_url(request, size, entries[shown - 1].number) if len(entries) > shown else None
    results = [
        {
            "edition": entry.number,
            "release": entry.release,
            "released_at": utc_timestamp(entry.released_at),
            "cause": entry.cause,
            "name": entry.name or None,
            "withdrawn": bool(entry.withdrawn),
            "href": None if entry.withdrawn else f"{request.path}{entry.number}/",
            "changes": changes,
            "is_truncated": is_truncated,
        }
        for entry, (changes, is_truncated) in edition_history.diff_editions(collection.kinds, slug, entries, shown)
    ]
    meta = {"release": request.register.release}
    return ApiResponse(json_bytes({"results": results, "next": rest, "previous": None, "meta": meta}))


def _edition_detail_body(edition_row: record_queries.EditionRow, slug: str) -> bytes:
    return detail_body(edition_row.kind, slug, edition_row.number, edition_row.document, edition_row.evidence)
