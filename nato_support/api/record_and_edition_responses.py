"""Detail of a record with its evidence, and its editions."""

from nato_support.api import edition_changes, memento, record_queries, sparse_fields
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import Collection
from nato_support.api.json_output import json_bytes, utc_timestamp
from nato_support.api.problems import merged_redirect
from nato_support.api.short_list_paging import next_page_url, paging_parameters, read_page_position
from nato_support.publishing.editions.detail_response import detail_body

EDITIONS_PARAMETERS = paging_parameters(
    "How many editions a page has.", 100, 20, "Where a page starts: from `next`, never made by hand."
)


def record_response(collection: Collection, request: ApiRequest, slug: str) -> ApiResponse:
    """Return a record as it is public now, or as it was at the time `as_of`."""
    values, _ = p.read_parameters(request.query_string, collection.detail_parameters)
    sparse_fields.check_selection(values, request.output_format)
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else None
    try:
        if release is None and (when := memento.requested_datetime(request)):
            raise memento.redirect_to_edition_at(collection.kinds, slug, when)
        edition = record_queries.find_record(collection.kinds, slug, release)
    except record_queries.MergedRecord as merged:
        survivor_path = request.with_same_suffix(f"{collection.path}{merged.survivor}/")
        raise merged_redirect(survivor_path, request.query_string, slug=slug, merged_into=merged.survivor) from None
    body = _edition_detail_body(edition, slug)
    if selection := sparse_fields.parse_selection(values, collection.kinds):
        body = sparse_fields.select_fields_in_detail(body, selection, release)
    return ApiResponse(
        body, extra_headers=memento.record_memento_headers(edition.kind, slug, edition.number, newest=release is None)
    )


def edition_response(collection: Collection, request: ApiRequest, slug: str, number: int) -> ApiResponse:
    """Return an edition, which never changes under its own URL."""
    values, _ = p.read_parameters(request.query_string, collection.edition_parameters)
    sparse_fields.check_selection(values, request.output_format)
    try:
        numbered = record_queries.find_edition(collection.kinds, slug, number)
    except record_queries.MergedRecord as merged:
        # The edition that made the redirect has no content of its own.
        survivor_path = request.with_same_suffix(f"{collection.path}{merged.survivor}/")
        raise merged_redirect(survivor_path, "", slug=slug, merged_into=merged.survivor) from None
    body = _edition_detail_body(numbered.edition, slug)
    if selection := sparse_fields.parse_selection(values, collection.kinds):
        body = sparse_fields.select_fields_in_detail(body, selection, None)
    return ApiResponse(body, is_immutable=True, extra_headers=memento.edition_memento_headers(numbered, slug))


def edition_list_response(collection: Collection, request: ApiRequest, slug: str) -> ApiResponse:
    """Return a page of a record's editions, newest first, each with what it changed."""
    size, before = read_page_position(request, EDITIONS_PARAMETERS, 20)
    try:
        # Another edition is read, to compare the last one with; it also shows if there is a further page.
        entries = record_queries.list_edition_entries(collection.kinds, slug, before, size + 1)
    except record_queries.MergedRecord as merged:
        survivor_path = f"{collection.path}{merged.survivor}/editions/"
        raise merged_redirect(survivor_path, request.query_string, slug=slug, merged_into=merged.survivor) from None
    shown = edition_changes.count_comparable_entries(entries, size)
    next_url = next_page_url(request, size, entries[shown - 1].number) if len(entries) > shown else None
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
        for entry, (changes, is_truncated) in edition_changes.changes_of_editions(collection.kinds, slug, entries, shown)
    ]
    meta = {"release": request.register.release}
    return ApiResponse(json_bytes({"results": results, "next": next_url, "previous": None, "meta": meta}))


def _edition_detail_body(edition: record_queries.EditionRow, slug: str) -> bytes:
    return detail_body(edition.kind, slug, edition.number, edition.document, edition.evidence)
