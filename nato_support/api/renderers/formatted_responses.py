"""Responses in formats other than JSON. Lists are written while they are read; long ones are streamed."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from entities.serializers import ENTITY_KINDS
from nato_support.api import listing
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.json_output import json_bytes
from nato_support.api.parameters import read_parameters
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.renderers import csv_tables, geojson, jsonld

MAX_UNSTREAMED_BYTES = 1024 * 1024
"""Size up to which a list is sent at once, with its length. Longer ones are streamed."""
MAX_META_HEADER_LENGTH = 3_000
"""Servers and proxies refuse long headers."""
_DOCUMENTS_PER_CHUNK = 100
CHILD_TABLES = {
    name: ("measures", "conversions", "milestones", "shares") if name == "commitments" else ("measures", "conversions")
    for name, collection in COLLECTIONS.items()
    if collection.kinds[0] in ENTITY_KINDS
}
"""Collection -> members of its records whose objects have a table of their own: measures/commitments.csv."""
_JSON_ONLY_PARAMETERS = ("count", "facets")


@dataclass(frozen=True, slots=True)
class _ListFormat:
    """The way in which a format writes a list; `write_document` returns the texts of one record."""

    write_document: Callable[[str], Iterable[str]]
    header_text: str = ""
    separator: str = ""
    tail: str = ""
    broken_marker: str = ""
    """Written where a stream breaks off, so that no parser takes the rest for a complete list."""


def formatted_list_response(collection: Collection, request: ApiRequest, child_member: str = "") -> ApiResponse:
    """Return a whole list, or one page of it if the request has `page_size` or `cursor`.

    With `child_member`, the rows are the objects in that member of the records.
    """
    list_request = listing.parse_list_request(collection, request)
    faults = [
        {"in": "query", "name": name, "code": "not_with_form", "detail": "Only JSON has it."}
        for name in _JSON_ONLY_PARAMETERS
        if name in list_request.values
    ]
    if faults:
        raise invalid_parameters_problem(faults)
    writer = _list_format(collection, request, child_member)
    name = f"{child_member}-of-{collection.name}" if child_member else collection.name
    headers = {"Content-Disposition": f'attachment; filename="{name}.{request.output_format}"'}
    documents: Iterator[str]
    if is_page := "page_size" in list_request.values or "cursor" in list_request.values:
        page = listing.fetch_list_page(list_request)
        documents = (row[0] for row in page.rows)
        headers |= page.link_headers()
    else:
        documents = listing.walk_documents(collection, request)
    first_documents = list(islice(documents, 1))
    headers["Register-Meta"] = meta_header(listing.answer_meta(list_request, found_nothing=not first_documents))
    chunks = _chunks_of_list(chain(first_documents, documents), writer)
    empty_response = ApiResponse(b"", MEDIA_TYPES[request.output_format], extra_headers=headers)
    if is_page:
        return replace(empty_response, body=b"".join(chunks))
    written_bytes = b""
    for chunk in chunks:
        written_bytes += chunk
        if len(written_bytes) > MAX_UNSTREAMED_BYTES:
            return replace(empty_response, chunks=_stream_with_broken_marker(written_bytes, chunks, writer))
    return replace(empty_response, body=written_bytes)


def meta_header(meta: Mapping[str, Any]) -> str:
    """Return `meta` as JSON in ASCII, for forms that have no place for it; what makes it too long for a header is left out."""
    for shortened in _shortened_meta(meta):
        text = json.dumps(shortened, separators=(",", ":"))
        if len(text) <= MAX_META_HEADER_LENGTH:
            break
    return text


def _shortened_meta(meta: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield `meta` as it is, without its suggestions, and then with fewer and fewer of its unknown values."""
    yield meta
    unknown = [{**value, "suggestions": []} for value in meta.get("unknown", ())]
    while unknown:
        yield {**meta, "unknown": unknown, "is_truncated": True}
        unknown = unknown[: len(unknown) // 2]
    yield {name: value for name, value in meta.items() if name != "unknown"} | {"is_truncated": True}


def format_detail_response(json_response: ApiResponse, request: ApiRequest) -> ApiResponse:
    """Convert the JSON response of a record to the format requested."""
    if request.output_format == "json":
        return json_response
    if request.output_format == "ndjson":
        body = json_response.body + b"\n"
    elif request.output_format == "geojson":
        body = geojson.geojson_feature(json_response.body.decode()).encode()
    else:
        body = jsonld.jsonld_document(json.loads(json_response.body), request.site).encode()
    return replace(json_response, body=body, content_type=MEDIA_TYPES[request.output_format])


def jsonld_context_response(request: ApiRequest) -> ApiResponse:
    """Return the JSON-LD context, which never changes under its address."""
    read_parameters(request.query_string, {})
    return ApiResponse(json_bytes(jsonld.jsonld_context(request.site)), MEDIA_TYPES["jsonld"], is_immutable=True)


def list_formats(collection_name: str) -> tuple[str, ...]:
    """Formats of a collection's list, the default first."""
    return ("json", "csv", "ndjson", *(("geojson",) if collection_name in geojson.GEOJSON_COLLECTIONS else ()), "jsonld")


def detail_formats(collection_name: str) -> tuple[str, ...]:
    """Formats of a record of a collection, the default first."""
    return tuple(name for name in list_formats(collection_name) if name != "csv")


def _list_format(collection: Collection, request: ApiRequest, child_member: str) -> _ListFormat:
    if request.output_format == "csv":
        table = csv_tables.CsvTable(collection.kinds, child_member)
        return _ListFormat(table.row_lines, header_text=table.header_text(), broken_marker='"The answer broke off here.')
    if request.output_format == "geojson":
        head = '{"type":"FeatureCollection","features":['
        return _ListFormat(
            lambda text: (geojson.geojson_feature(text),), header_text=head, separator=",", tail="]}", broken_marker="\n"
        )
    if request.output_format == "jsonld":
        return _ListFormat(
            lambda text: (jsonld.jsonld_list_member(json.loads(text), request.site),),
            jsonld.jsonld_list_head(request.site),
            ",",
            jsonld.LIST_TAIL,
            broken_marker="\n",
        )
    return _ListFormat(lambda text: (text, "\n"), broken_marker='{"The answer broke off here')


def _chunks_of_list(documents: Iterable[str], writer: _ListFormat) -> Iterator[bytes]:
    yield writer.header_text.encode()
    texts: list[str] = []
    for index, document in enumerate(documents):
        if index and writer.separator:
            texts.append(writer.separator)
        texts += writer.write_document(document)
        if index % _DOCUMENTS_PER_CHUNK == _DOCUMENTS_PER_CHUNK - 1:
            yield "".join(texts).encode()
            texts.clear()
    yield ("".join(texts) + writer.tail).encode()


def _stream_with_broken_marker(written_bytes: bytes, chunks: Iterator[bytes], writer: _ListFormat) -> Iterator[bytes]:
    """Yield the bytes written so far, then the rest; mark a failure, since some servers end a broken stream like a whole one."""
    yield written_bytes
    try:
        yield from chunks
    except Exception:
        yield writer.broken_marker.encode()
        raise
