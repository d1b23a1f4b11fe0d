"""A list or a record in a form other than JSON: written as it is read, sent whole if it is short, piece by piece if not."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from entities.serializers import ENTITY_KINDS
from nato_support.api import listing
from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.dispatch import ApiRequest, ApiResponse
from nato_support.api.parameters import read_parameters
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.record_detail import json_bytes
from nato_support.api.renderers import csv_tables, geojson, jsonld

MAX_UNSTREAMED_BYTES = 1024 * 1024
"""Lists of up to so many bytes are sent whole, with their length; longer ones piece by piece."""
_DOCUMENTS_PER_CHUNK = 100
CHILD_TABLES = {
    name: ("measures", "conversions", "milestones") if name == "commitments" else ("measures", "conversions")
    for name, collection in COLLECTIONS.items()
    if collection.kinds[0] in ENTITY_KINDS
}
"""Collection -> those members of its records whose objects are rows of a table of their own: measures/commitments.csv."""
_JSON_ONLY_PARAMETERS = ("count", "facets")


@dataclass(frozen=True, slots=True)
class _ListWriter:
    """How a list is written: `written` gives the texts of one document."""

    write_document: Callable[[str], Iterable[str]]
    header_text: str = ""
    separator: str = ""
    tail: str = ""
    broken_marker: str = ""
    """Written where the answer breaks off, so that it is not taken for its end: no parser takes this for a record."""


def formatted_list_response(collection: Collection, request: ApiRequest, part: str = "") -> ApiResponse:
    """The list that was asked for, whole; one page of it if `page_size` or `cursor` was given. With `part`, its rows."""
    want = listing.parse_list_request(collection, request)
    faults = [
        {"in": "query", "name": name, "code": "not_with_form", "detail": "Only JSON has it."}
        for name in _JSON_ONLY_PARAMETERS
        if name in want.values
    ]
    if faults:
        raise invalid_parameters_problem(faults)
    form = _list_writer(collection, request, part)
    name = f"{part}-of-{collection.name}" if part else collection.name
    more = {"Content-Disposition": f'attachment; filename="{name}.{request.form}"'}
    told = ApiResponse(b"", MEDIA_TYPES[request.form], more=more)
    if "page_size" in want.values or "cursor" in want.values:
        found = listing.fetch_list_page(want)
        return replace(told, body=b"".join(_written_chunks((row[0] for row in found.rows), form)), more=more | found.links())
    pieces = _written_chunks(listing.walk_documents(collection, request), form)
    begun = b""
    for piece in pieces:
        begun += piece
        if len(begun) > MAX_UNSTREAMED_BYTES:
            return replace(told, pieces=_stream_with_broken_marker(begun, pieces, form))
    return replace(told, body=begun)


def format_detail_response(answer: ApiResponse, request: ApiRequest) -> ApiResponse:
    """A record's JSON in the form that was asked for."""
    if request.form == "json":
        return answer
    if request.form == "ndjson":
        body = answer.body + b"\n"
    elif request.form == "geojson":
        body = geojson.geojson_feature(answer.body.decode()).encode()
    else:
        body = jsonld.jsonld_document(json.loads(answer.body), request.site).encode()
    return replace(answer, body=body, content_type=MEDIA_TYPES[request.form])


def jsonld_context_response(request: ApiRequest) -> ApiResponse:
    """What the terms of JSON-LD mean; under this address for good."""
    read_parameters(request.query, {})
    return ApiResponse(json_bytes(jsonld.jsonld_context(request.site)), MEDIA_TYPES["jsonld"], is_immutable=True)


def list_formats(name: str) -> tuple[str, ...]:
    """The forms that a collection's list can be had in."""
    return ("json", "csv", "ndjson", *(("geojson",) if name in geojson.GEOJSON_COLLECTIONS else ()), "jsonld")


def detail_formats(name: str) -> tuple[str, ...]:
    """The forms that one of its records can be had in."""
    return tuple(form for form in list_formats(name) if form != "csv")


def _list_writer(collection: Collection, request: ApiRequest, part: str) -> _ListWriter:
    if request.form == "csv":
        table = csv_tables.CsvTable(collection.kinds, part)
        return _ListWriter(table.rows, header_text=table.header_text(), broken_marker='"The answer broke off here.')
    if request.form == "geojson":
        head = '{"type":"FeatureCollection","features":['
        return _ListWriter(
            lambda text: (geojson.geojson_feature(text),), header_text=head, separator=",", tail="]}", broken_marker="\n"
        )
    if request.form == "jsonld":
        return _ListWriter(
            lambda text: (jsonld.jsonld_list_member(json.loads(text), request.site),),
            jsonld.jsonld_list_head(request.site),
            ",",
            jsonld.LIST_TAIL,
            broken_marker="\n",
        )
    return _ListWriter(lambda text: (text, "\n"), broken_marker='{"The answer broke off here')


def _written_chunks(documents: Iterable[str], writer: _ListWriter) -> Iterator[bytes]:
    yield writer.header_text.encode()
    texts: list[str] = []
    for at, document in enumerate(documents):
        if at and writer.separator:
            texts.append(writer.separator)
        texts += writer.write_document(document)
        if at % _DOCUMENTS_PER_CHUNK == _DOCUMENTS_PER_CHUNK - 1:
            yield "".join(texts).encode()
            texts.clear()
    yield ("".join(texts) + writer.tail).encode()


def _stream_with_broken_marker(sent_bytes: bytes, chunks: Iterator[bytes], form: _ListWriter) -> Iterator[bytes]:
    """What was begun, and the rest. Some servers end a broken answer as if it were whole, so it says itself that it is not."""
    yield sent_bytes
    try:
        yield from chunks
    except Exception:
        yield form.broken_marker.encode()
        raise
