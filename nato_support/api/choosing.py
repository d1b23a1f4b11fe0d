"""What a reader chooses of each record: `fields` leaves members out, `include` nests further ones into it.

Without either, answers are the printed texts as they stand; only what is chosen from is read as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rest_framework import serializers

from entities.serializers import ENTITY_KINDS, IdentifierShape, NameShape, Nested, PrintedShape, Shape
from entities.serializers import SHAPES as ENTITY_SHAPES
from nato_support.api import nesting
from nato_support.api import parameters as p
from nato_support.api.problems import refuse
from sources.serializers import SHAPES as SOURCE_SHAPES

MOST_INCLUDING = 100
"""How many results a page with `include` may have."""

_SHAPES = ENTITY_SHAPES | SOURCE_SHAPES
_OF_A_DETAIL: dict[str, tuple[str, ...]] = dict.fromkeys(ENTITY_KINDS, ("names", "identifiers", "evidence", "links")) | {
    "relation": ("evidence", "links"),
    "quote": ("links",),
    "document": ("fingerprint", "links"),
}
"""Kind -> the members that its detail adds to the row of a list."""
_PARTS: dict[str, type[Shape]] = {"names": NameShape, "identifiers": IdentifierShape}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: `members` of the record, None for all; each with those of its own, None for all of them."""

    members: Mapping[str, frozenset[str] | None] | None = None
    include: tuple[str, ...] = ()


def fields(kinds: tuple[str, ...], *, detail: bool = False) -> p.Parameter:
    """`fields` for records of `kinds`: a list's rows, or details."""
    always = ", ".join(PrintedShape.ALWAYS)
    words = f"Only these members, and {always}; a dot names one inside: measures.value. What is asked by include comes along."
    return _naming(p.choice("fields", words, list(_paths(kinds, detail))))


def include(kinds: tuple[str, ...]) -> dict[str, p.Parameter]:
    """`include` for records of `kinds`, by name; nothing where there is nothing to nest."""
    offered = [name for name in nesting.INCLUDES if any(name in _includes(kind) for kind in kinds)]
    words = f"Nests these into each record. A page then has no more than {MOST_INCLUDING}."
    return {"include": _naming(p.choice("include", words, offered))} if offered else {}


def _naming(parameter: p.Parameter) -> p.Parameter:
    """The same, with faults that say which of the names in a list is wrong."""

    def read(text: str) -> tuple[str, ...]:
        try:
            return parameter.read(text)
        except p.Fault as fault:
            raise p.Fault(fault.code, detail=f"“{text[:60]}” is none of them.", **fault.members) from None

    return replace(parameter, read=read)


def check(values: Mapping[str, tuple[str, ...]], form: str) -> None:
    """A problem if what was chosen does not go with the size of the page, or with the form of the answer."""
    faults: list[dict[str, Any]] = []
    if "include" in values and "page_size" in values and int(values["page_size"][0]) > MOST_INCLUDING:
        detail = f"With include, a page has no more than {MOST_INCLUDING} results."
        bounds = {"given": values["page_size"][0], "allowed": {"min": 1, "max": MOST_INCLUDING}, "detail": detail}
        faults.append({"in": "query", "name": "page_size", "code": "out_of_range"} | bounds)
    if form != "json":
        told = {"code": "not_with_form", "detail": "Only JSON can be chosen from."}
        faults += [{"in": "query", "name": name} | told for name in ("fields", "include") if name in values]
    if faults:
        raise refuse(faults)


def asked_for(values: Mapping[str, tuple[str, ...]], kinds: tuple[str, ...]) -> Choice | None:
    """What was chosen by the parameters `values`; None: nothing, the record as it is printed."""
    if "fields" not in values and "include" not in values:
        return None
    members: dict[str, frozenset[str] | None] | None = None
    if "fields" in values:
        members = {}
        always = _nested(kinds)
        for path in values["fields"]:
            name, _, inner = path.partition(".")
            before = members.get(name, frozenset())
            # What is asked for whole stays whole, wherever it stands in the list.
            members[name] = before | {inner, *always[name].ALWAYS} if inner and before is not None else None
    return Choice(members, tuple(dict.fromkeys(values.get("include", ()))))


def of_rows(rows: Sequence[tuple], choice: Choice, stamp: int | None) -> list[tuple]:
    """Rows of (document, ..., edition id) with what was chosen of each document. At most two statements."""
    documents = [json.loads(row[0]) for row in rows]
    if choice.include and rows:
        nesting.into_rows(documents, [row[-1] for row in rows], choice.include, stamp)
    return [(_text(_chosen(one, choice)), *row[1:]) for one, row in zip(documents, rows, strict=True)]


def of_detail(body: bytes, choice: Choice, stamp: int | None) -> bytes:
    """The body of a detail with what was chosen of it. At most one statement."""
    record = json.loads(body)
    nesting.into_detail(record, choice.include, stamp)
    return _text(_chosen(record, choice)).encode()


def _chosen(record: dict[str, Any], choice: Choice) -> dict[str, Any]:
    if choice.members is None:
        return record
    kept = {*PrintedShape.ALWAYS, *choice.include, *choice.members}
    return {name: _inside(value, choice.members.get(name)) for name, value in record.items() if name in kept}


def _inside(value: Any, names: frozenset[str] | None) -> Any:
    """Of an object, or of each in a list, what has one of `names`."""
    if names is None or value is None:
        return value
    if isinstance(value, list):
        return [_inside(one, names) for one in value]
    return {name: inner for name, inner in value.items() if name in names}


def _paths(kinds: tuple[str, ...], detail: bool) -> dict[str, None]:
    """Every member of such records, and every member of those."""
    found: dict[str, None] = {}
    nested = _nested(kinds)
    for kind in kinds:
        for name in (*_SHAPES[kind]().fields, *(_OF_A_DETAIL[kind] if detail else ())):
            found[name] = None
            if name in nested:
                found |= dict.fromkeys(f"{name}.{inner}" for inner in nested[name]().fields)
    return found


@lru_cache(maxsize=len(_SHAPES) + 1)
def _nested(kinds: tuple[str, ...]) -> dict[str, type[Shape]]:
    """Member -> the shape of what stands in it, for members that hold objects."""
    found = dict(_PARTS)
    for kind in kinds:
        for name, field in _SHAPES[kind]().fields.items():
            if isinstance(field, Nested):
                found[name] = field.shape
            elif isinstance(one := getattr(field, "child", field), serializers.BaseSerializer):
                found[name] = type(one)
    return found


def _includes(kind: str) -> tuple[str, ...]:
    own = {*_SHAPES[kind]().fields, *_OF_A_DETAIL[kind]}
    further = {"relations", "documents"} if kind in ENTITY_KINDS else {"documents"} if kind in ("relation", "quote") else set()
    return tuple(name for name in nesting.INCLUDES if name in own | further)


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
