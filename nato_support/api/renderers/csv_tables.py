"""CSV: columns that follow from the declared shape of a kind, and nothing else.

A column is called as the member is in JSON, with a dot for what stands inside: `start.value`, `operator.slug`. Of a member
that holds several objects there is the number; each of them is a row of a table of its own (`Table(kinds, part)`).
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rest_framework import serializers

from entities.serializers import SHAPES_BY_KIND as ENTITY_SHAPES
from entities.serializers import EntityShape, NestedField, ReferenceShape
from sources.serializers import SHAPES as SOURCE_SHAPES

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of its country, and prints every other name wrong without a word."""
SEPARATOR = "|"
"""Between several values in one cell; one within a value has a backslash before it."""

# What a spreadsheet would calculate, and the apostrophe that says that it must not.
_FORMULA_START = re.compile(r"[=+\-@\t\r\n'\uff0b\uff0d\uff1d\uff20]")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SHAPES = ENTITY_SHAPES | SOURCE_SHAPES
MemberPath = tuple[str, ...]
CellReader = Callable[[dict, MemberPath], Any]


class CsvTable:
    """The rows of records of `kinds`; with `part`, a row for each object in that member of them."""

    def __init__(self, kinds: Sequence[str], part: str = ""):
        shape = _SHAPES[kinds[0]] if len(kinds) == 1 else EntityShape
        self._part = part
        self._columns = list(_shape_columns(shape(), ()))
        if part:
            field = shape().fields[part]
            one = field.child if isinstance(field, serializers.ListSerializer) else field.shape()
            self._columns = [column for column in self._columns if column != (_count_at_path, (part,))]
            self._columns += _shape_columns(one, (part,))

    def header_text(self) -> str:
        """The first line, with a byte order mark before it."""
        return BYTE_ORDER_MARK + _csv_line([".".join(path) for _, path in self._columns])

    def rows(self, text: str) -> Iterator[str]:
        """The lines of one printed document."""
        record = json.loads(text)
        for one in [record] if not self._part else [{**record, self._part: part} for part in record.get(self._part, ())]:
            yield _csv_line([csv_cell(value(one, path)) for value, path in self._columns])


def csv_cell(value: Any) -> str:
    """A value as it stands in a cell. Text that a spreadsheet would calculate has an apostrophe before it, and so has text
    that begins with one: take one away to have the text again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _escape_formula(SEPARATOR.join(map(_escape_separator, value)))
    return _escape_formula(str(value))


def _escape_separator(value: Any) -> str:
    return str(value or "").replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}")


def _escape_formula(text: str) -> str:
    return f"'{text}" if _FORMULA_START.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _shape_columns(shape: serializers.Serializer, path_before: MemberPath) -> Iterator[tuple[CellReader, MemberPath]]:
    """How the value of each column is had, and its path."""
    for name, field in shape.fields.items():
        path = (*path_before, name)
        if isinstance(field, serializers.ListSerializer) or (
            isinstance(field, NestedField) and field.many and not issubclass(field.shape, ReferenceShape)
        ):
            yield _count_at_path, path
        elif isinstance(field, NestedField):
            yield from _shape_columns(field.shape(), path)
        elif isinstance(field, serializers.Serializer):
            yield from _shape_columns(field, path)
        elif name != "href" or not path_before:
            # The address of what is referred to follows from its kind and slug.
            yield _value_at_path, path


def _value_at_path(value: Any, path: MemberPath) -> Any:
    """What stands at `path`; of several objects, all that stands there. None where an older edition had no such member."""
    for at, name in enumerate(path):
        if isinstance(value, list):
            return [_value_at_path(one, path[at:]) for one in value]
        if value is None:
            return None
        value = value.get(name)
    return value


def _count_at_path(record: dict, path: MemberPath) -> int | None:
    found = _value_at_path(record, path)
    return None if found is None else len(found)


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()
