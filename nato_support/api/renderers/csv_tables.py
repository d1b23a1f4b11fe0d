"""CSV tables whose columns follow from the serializer of a kind alone.

A column has the name of the JSON member, with a dot before each nested one: `start.value`, `operator.slug`. A member with
several objects becomes a column with their number; the objects are the rows of a table of their own.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rest_framework import serializers

from entities.serializers import DateShape, EntityShape, NestedField, ReferenceShape
from nato_support.api.collections import SHAPES

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 in the code page of its country, and garbles names silently."""
SEPARATOR = "|"
"""Separator of several values in one cell; a backslash escapes it within a value."""

# First characters of text that a spreadsheet would calculate, and the apostrophe that prevents it.
_FORMULA_START = re.compile(r"[=+\-@\t\r\n'\uff0b\uff0d\uff1d\uff20]")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MemberPath = tuple[str, ...]
CellReader = Callable[[dict, MemberPath], Any]


class CsvTable:
    """A table with a row for each record of `kinds` or, with `child_member`, for each object in that member of the records."""

    def __init__(self, kinds: Sequence[str], child_member: str = ""):
        shape = SHAPES[kinds[0]] if len(kinds) == 1 else EntityShape
        self._child_member = child_member
        self._columns = list(_shape_columns(shape(), ()))
        if child_member:
            field = shape().fields[child_member]
            member_shape = field.child if isinstance(field, serializers.ListSerializer) else field.shape()
            self._columns = [column for column in self._columns if column != (_count_at_path, (child_member,))]
            self._columns += _shape_columns(member_shape, (child_member,))

    def header_text(self) -> str:
        """Header line, after a byte order mark."""
        return BYTE_ORDER_MARK + _csv_line([".".join(path) for _, path in self._columns])

    def row_lines(self, document_json: str) -> Iterator[str]:
        """Lines of one record, from its edition's document."""
        record = json.loads(document_json)
        member = self._child_member
        for row in [{**record, member: child} for child in record.get(member, ())] if member else [record]:
            yield _csv_line([csv_cell(read_cell(row, path)) for read_cell, path in self._columns])


def csv_cell(value: Any) -> str:
    """Return the text of a cell.

    Text that a spreadsheet would calculate gets an apostrophe before it, as does text that begins with one: readers take
    one apostrophe away to get the text back.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return _escape_formula(SEPARATOR.join(map(_escape_separator, value)))
    return _escape_formula(str(value))


def _escape_separator(value: Any) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}")


def _escape_formula(text: str) -> str:
    return f"'{text}" if _FORMULA_START.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _shape_columns(shape: serializers.Serializer, path_before: MemberPath) -> Iterator[tuple[CellReader, MemberPath]]:
    """Yield the reader and the path of each column."""
    for name, field in shape.fields.items():
        path = (*path_before, name)
        if isinstance(field, serializers.ListSerializer) or (
            isinstance(field, NestedField) and field.many and not issubclass(field.shape, ReferenceShape | DateShape)
        ):
            yield _count_at_path, path
        elif isinstance(field, NestedField):
            yield from _shape_columns(field.shape(), path)
        elif isinstance(field, serializers.Serializer):
            yield from _shape_columns(field, path)
        elif name != "href" or not path_before:
            # The address of a reference follows from its kind and slug.
            yield _value_at_path, path


def _value_at_path(value: Any, path: MemberPath) -> Any:
    """Value at `path`; a list of values where several objects are on the way. None where an older edition lacks the member."""
    for depth, name in enumerate(path):
        if isinstance(value, list):
            return [_value_at_path(item, path[depth:]) for item in value]
        if value is None:
            return None
        value = value.get(name)
    return value


def _count_at_path(record: dict, path: MemberPath) -> int | None:
    items = _value_at_path(record, path)
    return None if items is None else len(items)


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()
