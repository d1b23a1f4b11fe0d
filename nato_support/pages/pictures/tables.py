"""Tables beneath pictures, each the same for readers and editors."""

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from nato_support.pages.pictures.drawing import Picture

_NUMBER = re.compile(r"-?[\d.]*")


class TableCell(NamedTuple):
    """A cell of the table beneath a picture, or the head of a column."""

    text: str
    path: str = ""
    """Path of the page that the text leads to."""
    is_number: bool = False


class TableRow(NamedTuple):
    """A row of the table beneath a picture."""

    id: str
    """Empty unless the picture links to the row."""
    cells: Sequence[TableCell]


def linked_table(
    picture: Picture, *, linked_column: int, path_of: Callable[[str], str] = str
) -> tuple[list[TableCell], list[TableRow]]:
    """Return the table of a picture without its last column, an address, to whose path another column links instead."""
    rows = [(texts, path_of(address)) for *texts, address in picture.rows]
    return table_of_rows(picture.columns[:-1], rows, picture.row_ids, linked_column)


def table_of_rows(
    columns: Sequence[str], rows: Sequence[tuple[Sequence[str], str]], row_ids: Sequence[str] = (), linked_column: int = 0
) -> tuple[list[TableCell], list[TableRow]]:
    """Return the heads and rows of a table, from (texts, path to which a column links) of each row."""
    are_numbers = [
        any(texts[at] for texts, _ in rows) and all(_NUMBER.fullmatch(texts[at]) for texts, _ in rows)
        for at in range(len(columns))
    ]
    table_rows = []
    for at, (texts, path) in enumerate(rows):
        # A name that is linked to nothing is all that its row says.
        linked = linked_column if texts[linked_column] else 0
        cells = [
            TableCell(text, path if column == linked else "", is_number)
            for column, (text, is_number) in enumerate(zip(texts, are_numbers, strict=True))
        ]
        table_rows.append(TableRow(row_ids[at] if at < len(row_ids) else "", cells))
    return [TableCell(text, "", is_number) for text, is_number in zip(columns, are_numbers, strict=True)], table_rows


def table_html(columns: Sequence[TableCell], rows: Sequence[TableRow]) -> SafeString:
    """Return head and body as HTML: a template takes ten times as long for hundreds of rows."""
    head = "".join(f'<th scope="col"{_class_of_cell(cell)}>{escape(cell.text)}</th>' for cell in columns)
    body = "".join(f"<tr{_id_of_row(row)}>{''.join(map(_cell_html, row.cells))}</tr>\n" for row in rows)
    return mark_safe(f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>")  # noqa: S308 - escaped above


def _id_of_row(row: TableRow) -> str:
    return f' id="{escape(row.id)}"' if row.id else ""


def _class_of_cell(cell: TableCell) -> str:
    return ' class="number"' if cell.is_number else ""


def _cell_html(cell: TableCell) -> str:
    text = f'<a href="{escape(cell.path)}">{escape(cell.text)}</a>' if cell.path else escape(cell.text)
    return f"<td{_class_of_cell(cell)}>{text}</td>"
