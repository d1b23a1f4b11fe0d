"""Sparse fields: `fields` selects members of each record, `include` nests further ones into it.

Without either, the stored documents are sent as they are; with one, they are parsed as JSON.
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
"""Most results that a page with `include` may have."""

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
    """Selected members of a record.

    `members` maps each to the selected members of its own, or to None for all of them; None selects all members.
    """

    members: Mapping[str, frozenset[str] | None] | None = None
    include: tuple[str, ...] = ()


def fields_parameter(kinds: tuple[str, ...], *, detail: bool = False) -> p.Parameter:
    """Return the parameter `fields` for records of `kinds`, in lists or, with `detail`, in details."""
    always = ", ".join(EditionShape.IDENTIFYING_MEMBERS)
    help = f"Only these members, and {always}; a dot selects a nested one: measures.value. Members added by include are kept."
    # The schema of the response lists the members.
    schema = {"type": "string", "pattern": "^[a-z_]+([.][a-z_0-9]+)?$", "example": "name"}
    return _with_faulty_value_named(
        replace(p.choice_parameter("fields", help, list(_member_paths(kinds, detail))), schema=schema)
    )


def include_parameter(kinds: tuple[str, ...]) -> dict[str, p.Parameter]:
    """Return the parameter `include` for records of `kinds` by name, or nothing if there is nothing to nest."""
    offered = [name for name in includes.INCLUDES if any(name in _offered_includes(kind) for kind in kinds)]
    help = f"Nests these into each record. A page then has no more than {MAX_PAGE_SIZE_WITH_INCLUDE}."
    return {"include": _with_faulty_value_named(p.choice_parameter("include", help, offered))} if offered else {}


def _with_faulty_value_named(parameter: p.Parameter) -> p.Parameter:
    """Return a copy whose faults say which of the names in a list is wrong."""

    def parse_value(text: str) -> tuple[str, ...]:
        try:
            return parameter.parse(text)
        except p.ParameterFault as fault:
            raise p.ParameterFault(fault.code, detail=f"“{text[:60]}” is none of them.", **fault.members) from None

    return replace(parameter, parse=parse_value)


def check_selection(values: Mapping[str, tuple[str, ...]], output_format: str) -> None:
    """Raise a problem if the selection does not fit the page size or the output format."""
    faults: list[dict[str, Any]] = []
    if "include" in values and "page_size" in values and int(values["page_size"][0]) > MAX_PAGE_SIZE_WITH_INCLUDE:
        detail = f"With include, a page has no more than {MAX_PAGE_SIZE_WITH_INCLUDE} results."
        bounds = {"given": values["page_size"][0], "allowed": {"min": 1, "max": MAX_PAGE_SIZE_WITH_INCLUDE}, "detail": detail}
        faults.append({"in": "query", "name": "page_size", "code": "out_of_range"} | bounds)
    if output_format != "json":
        fault = {"code": "not_with_form", "detail": "Only JSON can be chosen from."}
        faults += [{"in": "query", "name": name} | fault for name in ("fields", "include") if name in values]
    if faults:
        raise invalid_parameters_problem(faults)


def parse_selection(values: Mapping[str, tuple[str, ...]], kinds: tuple[str, ...]) -> FieldSelection | None:
    """Return the selection of the parameters `values`, or None if they select nothing."""
    if "fields" not in values and "include" not in values:
        return None
    members: dict[str, frozenset[str] | None] | None = None
    if "fields" in values:
        members = {}
        nested = _nested_shapes(kinds)
        for path in values["fields"]:
            name, _, inner = path.partition(".")
            selected = members.get(name, frozenset())
            # A member selected as a whole stays whole, wherever it is in the list.
            members[name] = selected | {inner, *nested[name].IDENTIFYING_MEMBERS} if inner and selected is not None else None
    return FieldSelection(members, tuple(dict.fromkeys(values.get("include", ()))))


def select_fields_in_rows(rows: Sequence[tuple], selection: FieldSelection, release: int | None) -> list[tuple]:
    """Apply a selection to rows of (document, ..., edition id). Executes at most two statements."""
    documents = [json.loads(row[0]) for row in rows]
    if selection.include and rows:
        includes.include_in_rows(documents, [row[-1] for row in rows], selection.include, release)
    return [(json_text(_select_members(document, selection)), *row[1:]) for document, row in zip(documents, rows, strict=True)]


def select_fields_in_detail(body: bytes, selection: FieldSelection, release: int | None) -> bytes:
    """Apply a selection to the body of a detail. Executes at most one statement."""
    record = json.loads(body)
    includes.include_in_detail(record, selection.include, release)
    return json_bytes(_select_members(record, selection))


def _select_members(record: dict[str, Any], selection: FieldSelection) -> dict[str, Any]:
    if selection.members is None:
        return record
    names = {*EditionShape.IDENTIFYING_MEMBERS, *selection.include, *selection.members}
    return {name: _select_nested_members(value, selection.members.get(name)) for name, value in record.items() if name in names}


def _select_nested_members(value: Any, names: frozenset[str] | None) -> Any:
    """Return the members `names` of an object, or of each object in a list; all of them if `names` is None."""
    if names is None or value is None:
        return value
    if isinstance(value, list):
        return [_select_nested_members(item, names) for item in value]
    return {name: inner for name, inner in value.items() if name in names}


def _member_paths(kinds: tuple[str, ...], detail: bool) -> dict[str, None]:
    """Return the paths of all members of records of `kinds`, and of the members of those, as keys."""
    paths: dict[str, None] = {}
    nested = _nested_shapes(kinds)
    for kind in kinds:
        for name in (*_SHAPES[kind]().fields, *(_DETAIL_MEMBERS[kind] if detail else ())):
            paths[name] = None
            if name in nested:
                paths |= dict.fromkeys(f"{name}.{inner}" for inner in nested[name]().fields)
    return paths


@lru_cache(maxsize=len(_SHAPES) + 1)
def _nested_shapes(kinds: tuple[str, ...]) -> dict[str, type[PublicShape]]:
    """Return member -> shape of its objects, for members that contain objects."""
    shapes = dict(_CHILD_SHAPES)
    for kind in kinds:
        for name, field in _SHAPES[kind]().fields.items():
            if isinstance(field, NestedField):
                shapes[name] = field.shape
            elif isinstance(item := getattr(field, "child", field), serializers.BaseSerializer):
                shapes[name] = type(item)
    return shapes


def _offered_includes(kind: str) -> tuple[str, ...]:
    members = {*_SHAPES[kind]().fields, *_DETAIL_MEMBERS[kind]}
    others = {"relations", "documents"} if kind in ENTITY_KINDS else {"documents"} if kind in ("relation", "quote") else set()
    return tuple(name for name in includes.INCLUDES if name in members | others)
