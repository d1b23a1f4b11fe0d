"""What a reader chooses of each record: `fields` leaves members out, `include` nests further ones into it.

Without either, answers are the printed texts as they stand; only what is chosen from is read as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from rest_framework import serializers

from entities.serializers import ENTITY_KINDS, EditionShape, IdentifierShape, NameShape, NestedField, PublicShape
from entities.serializers import SHAPES_BY_KIND as ENTITY_SHAPES
from nato_support.api import includes
from nato_support.api import parameters as p
from nato_support.api.json_output import json_bytes, json_text
from nato_support.api.problems import invalid_parameters_problem
from sources.serializers import SHAPES as SOURCE_SHAPES

MAX_PAGE_SIZE_WITH_INCLUDE = 100
"""How many results a page with `include` may have."""

_SHAPES = ENTITY_SHAPES | SOURCE_SHAPES
_DETAIL_MEMBERS: dict[str, tuple[str, ...]] = dict.fromkeys(ENTITY_KINDS, ("names", "identifiers", "evidence", "links")) | {
    "relation": ("evidence", "links"),
    "quote": ("links",),
    "document": ("fingerprint", "links"),
}
"""Kind -> the members that its detail adds to the row of a list."""
_CHILD_SHAPES: dict[str, type[PublicShape]] = {"names": NameShape, "identifiers": IdentifierShape}


@dataclass(frozen=True, slots=True)
class FieldSelection:
    """What was chosen: `members` of the record, None for all; each with those of its own, None for all of them."""

    members: Mapping[str, frozenset[str] | None] | None = None
    include: tuple[str, ...] = ()


def fields_parameter(kinds: tuple[str, ...], *, detail: bool = False) -> p.Parameter:
    """`fields` for records of `kinds`: a list's rows, or details."""
    always = ", ".join(EditionShape.IDENTIFYING_MEMBERS)
    words = f"Only these members, and {always}; a dot names one inside: measures.value. What is asked by include comes along."
    # Which members there are is told by the schema of the answer.
    schema = {"type": "string", "pattern": "^[a-z_]+([.][a-z_0-9]+)?$", "example": "name"}
    return _name_faulty_value(replace(p.choice_parameter("fields", words, list(_member_paths(kinds, detail))), schema=schema))


def include_parameter(kinds: tuple[str, ...]) -> dict[str, p.Parameter]:
    """`include` for records of `kinds`, by name; nothing where there is nothing to nest."""
    offered = [name for name in includes.INCLUDES if any(name in _offered_includes(kind) for kind in kinds)]
    words = f"Nests these into each record. A page then has no more than {MAX_PAGE_SIZE_WITH_INCLUDE}."
    return {"include": _name_faulty_value(p.choice_parameter("include", words, offered))} if offered else {}


def _name_faulty_value(parameter: p.Parameter) -> p.Parameter:
    """The same, with faults that say which of the names in a list is wrong."""

    def parse_value(text: str) -> tuple[str, ...]:
        try:
            return parameter.parse(text)
        except p.ParameterFault as fault:
            raise p.ParameterFault(fault.code, detail=f"“{text[:60]}” is none of them.", **fault.members) from None

    return replace(parameter, parse=parse_value)


def check_selection(values: Mapping[str, tuple[str, ...]], form: str) -> None:
    """A problem if what was chosen does not go with the size of the page, or with the form of the answer."""
    faults: list[dict[str, Any]] = []
    if "include" in values and "page_size" in values and int(values["page_size"][0]) > MAX_PAGE_SIZE_WITH_INCLUDE:
        detail = f"With include, a page has no more than {MAX_PAGE_SIZE_WITH_INCLUDE} results."
        bounds = {"given": values["page_size"][0], "allowed": {"min": 1, "max": MAX_PAGE_SIZE_WITH_INCLUDE}, "detail": detail}
        faults.append({"in": "query", "name": "page_size", "code": "out_of_range"} | bounds)
    if form != "json":
        told = {"code": "not_with_form", "detail": "Only JSON can be chosen from."}
        faults += [{"in": "query", "name": name} | told for name in ("fields", "include") if name in values]
    if faults:
        raise invalid_parameters_problem(faults)


def parse_selection(values: Mapping[str, tuple[str, ...]], kinds: tuple[str, ...]) -> FieldSelection | None:
    """What was chosen by the parameters `values`; None: nothing, the record as it is printed."""
    if "fields" not in values and "include" not in values:
        return None
    members: dict[str, frozenset[str] | None] | None = None
    if "fields" in values:
        members = {}
        always = _nested_shapes(kinds)
        for path in values["fields"]:
            name, _, inner = path.partition(".")
            before = members.get(name, frozenset())
            # What is asked for whole stays whole, wherever it stands in the list.
            members[name] = before | {inner, *always[name].IDENTIFYING_MEMBERS} if inner and before is not None else None
    return FieldSelection(members, tuple(dict.fromkeys(values.get("include", ()))))


def select_in_rows(rows: Sequence[tuple], choice: FieldSelection, release: int | None) -> list[tuple]:
    """Rows of (document, ..., edition id) with what was chosen of each document. At most two statements."""
    documents = [json.loads(row[0]) for row in rows]
    if choice.include and rows:
        includes.include_in_rows(documents, [row[-1] for row in rows], choice.include, release)
    return [(json_text(_select_members(one, choice)), *row[1:]) for one, row in zip(documents, rows, strict=True)]


def select_in_detail(body: bytes, choice: FieldSelection, release: int | None) -> bytes:
    """The body of a detail with what was chosen of it. At most one statement."""
    record = json.loads(body)
    includes.include_in_detail(record, choice.include, release)
    return json_bytes(_select_members(record, choice))


def _select_members(record: dict[str, Any], choice: FieldSelection) -> dict[str, Any]:
    if choice.members is None:
        return record
    kept = {*EditionShape.IDENTIFYING_MEMBERS, *choice.include, *choice.members}
    return {name: _select_nested_members(value, choice.members.get(name)) for name, value in record.items() if name in kept}


def _select_nested_members(value: Any, names: frozenset[str] | None) -> Any:
    """Of an object, or of each in a list, what has one of `names`."""
    if names is None or value is None:
        return value
    if isinstance(value, list):
        return [_select_nested_members(one, names) for one in value]
    return {name: inner for name, inner in value.items() if name in names}


def _member_paths(kinds: tuple[str, ...], detail: bool) -> dict[str, None]:
    """Every member of such records, and every member of those."""
    found: dict[str, None] = {}
    nested = _nested_shapes(kinds)
    for kind in kinds:
        for name in (*_SHAPES[kind]().fields, *(_DETAIL_MEMBERS[kind] if detail else ())):
            found[name] = None
            if name in nested:
                found |= dict.fromkeys(f"{name}.{inner}" for inner in nested[name]().fields)
    return found


@lru_cache(maxsize=len(_SHAPES) + 1)
def _nested_shapes(kinds: tuple[str, ...]) -> dict[str, type[PublicShape]]:
    """Member -> the shape of what stands in it, for members that hold objects."""
    found = dict(_CHILD_SHAPES)
    for kind in kinds:
        for name, field in _SHAPES[kind]().fields.items():
            if isinstance(field, NestedField):
                found[name] = field.shape
            elif isinstance(one := getattr(field, "child", field), serializers.BaseSerializer):
                found[name] = type(one)
    return found


def _offered_includes(kind: str) -> tuple[str, ...]:
    own = {*_SHAPES[kind]().fields, *_DETAIL_MEMBERS[kind]}
    further = {"relations", "documents"} if kind in ENTITY_KINDS else {"documents"} if kind in ("relation", "quote") else set()
    return tuple(name for name in includes.INCLUDES if name in own | further)
