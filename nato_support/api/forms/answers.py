"""A list or a record in a form other than JSON: written as it is read, sent whole if it is short, piece by piece if not."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from entities.serializers import ENTITY_KINDS
from nato_support.api import listing
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.api.detail import dumped
from nato_support.api.forms import geo, linked, tabular
from nato_support.api.negotiation import FORMS
from nato_support.api.parameters import read
from nato_support.api.problems import refuse

WHOLE = 1024 * 1024
"""Lists of up to so many bytes are sent whole, with their length; longer ones piece by piece."""
_BATCH = 100
PARTS = {
    name: ("measures", "conversions", "milestones") if name == "commitments" else ("measures", "conversions")
    for name, collection in COLLECTIONS.items()
    if collection.kinds[0] in ENTITY_KINDS
}
"""Collection -> those members of its records whose objects are rows of a table of their own: measures/commitments.csv."""
_OF_JSON = ("count", "facets")


@dataclass(frozen=True, slots=True)
class _Form:
    """How a list is written: `written` gives the texts of one document."""

    written: Callable[[str], Iterable[str]]
    head: str = ""
    between: str = ""
    tail: str = ""
    broken: str = ""
    """Written where the answer breaks off, so that it is not taken for its end: no parser takes this for a record."""


def listed(collection: Collection, asked: Asked, part: str = "") -> Answer:
    """The list that was asked for, whole; one page of it if `page_size` or `cursor` was given. With `part`, its rows."""
    want = listing.wanted(collection, asked)
    faults = [
        {"in": "query", "name": name, "code": "not_with_form", "detail": "Only JSON has it."}
        for name in _OF_JSON
        if name in want.values
    ]
    if faults:
        raise refuse(faults)
    form = _form(collection, asked, part)
    name = f"{part}-of-{collection.name}" if part else collection.name
    more = {"Content-Disposition": f'attachment; filename="{name}.{asked.form}"'}
    told = Answer(b"", FORMS[asked.form], more=more)
    if "page_size" in want.values or "cursor" in want.values:
        found = listing.page(want)
        return replace(told, body=b"".join(_pieces((row[0] for row in found.rows), form)), more=more | found.links())
    pieces = _pieces(listing.walk(collection, asked), form)
    begun = b""
    for piece in pieces:
        begun += piece
        if len(begun) > WHOLE:
            return replace(told, pieces=_onward(begun, pieces, form))
    return replace(told, body=begun)


def detailed(answer: Answer, asked: Asked) -> Answer:
    """A record's JSON in the form that was asked for."""
    if asked.form == "json":
        return answer
    if asked.form == "ndjson":
        body = answer.body + b"\n"
    elif asked.form == "geojson":
        body = geo.feature(answer.body.decode()).encode()
    else:
        body = linked.document(json.loads(answer.body), asked.site).encode()
    return replace(answer, body=body, content_type=FORMS[asked.form])


def context(asked: Asked) -> Answer:
    """What the terms of JSON-LD mean; under this address for good."""
    read(asked.query, {})
    return Answer(dumped(linked.context(asked.site)), FORMS["jsonld"], permanent=True)


def of_list(name: str) -> tuple[str, ...]:
    """The forms that a collection's list can be had in."""
    return ("json", "csv", "ndjson", *(("geojson",) if name in geo.COLLECTIONS else ()), "jsonld")


def of_detail(name: str) -> tuple[str, ...]:
    """The forms that one of its records can be had in."""
    return tuple(form for form in of_list(name) if form != "csv")


def _form(collection: Collection, asked: Asked, part: str) -> _Form:
    if asked.form == "csv":
        table = tabular.Table(collection.kinds, part)
        return _Form(table.rows, head=table.head(), broken='"The answer broke off here.')
    if asked.form == "geojson":
        head = '{"type":"FeatureCollection","features":['
        return _Form(lambda text: (geo.feature(text),), head=head, between=",", tail="]}", broken="\n")
    if asked.form == "jsonld":
        return _Form(
            lambda text: (linked.member(json.loads(text), asked.site),), linked.head(asked.site), ",", linked.TAIL, broken="\n"
        )
    return _Form(lambda text: (text, "\n"), broken='{"The answer broke off here')


def _pieces(documents: Iterable[str], form: _Form) -> Iterator[bytes]:
    yield form.head.encode()
    texts: list[str] = []
    for at, document in enumerate(documents):
        if at and form.between:
            texts.append(form.between)
        texts += form.written(document)
        if at % _BATCH == _BATCH - 1:
            yield "".join(texts).encode()
            texts.clear()
    yield ("".join(texts) + form.tail).encode()


def _onward(begun: bytes, pieces: Iterator[bytes], form: _Form) -> Iterator[bytes]:
    """What was begun, and the rest. Some servers end a broken answer as if it were whole, so it says itself that it is not."""
    yield begun
    try:
        yield from pieces
    except Exception:
        yield form.broken.encode()
        raise
