"""Writer of exported files: CSV as a stream, workbooks and archives through a temporary file, all in constant memory."""

import csv
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from nato_support.data_licence import RIGHTS_NOTICE
from nato_support.exchange.spreadsheets.cells import CLEAR_MARK, MAX_WORKBOOK_CELL, TOO_LONG_MARK, escape_cell, unescape_cell
from nato_support.exchange.spreadsheets.file_reader import SpreadsheetContents
from nato_support.exchange.spreadsheets.sheets_and_columns import (
    ABOUT_SHEET,
    PROBLEMS_COLUMN,
    SHEETS_BY_NAME,
    Sheet,
    column_help_rows,
)

ROWS_PER_QUERY = 1_000
"""Rows fetched in one query."""

# Characters that XML cannot hold or alters are written the way spreadsheet programs write them.
_NOT_IN_XML = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")

_ABOUT_LINES = (
    "Change cells, add rows, save, and upload the file again under “Import”: you first see what each row would do.",
    "An empty cell leaves its field unchanged. [clear] empties it. A missing row changes and deletes nothing.",
    "An apostrophe before = + - @ stops a program from running the text; it is removed on import.",
    "A column whose header begins with # is yours: it is ignored.",
    RIGHTS_NOTICE,
)


def sheet_row_cells(sheet: Sheet, keys: Iterable[int], by: str = "pk") -> Iterator[dict[str, str]]:
    """Yield the cells of the rows with these primary keys, in their order.

    With `by`, a foreign key, the keys are those of parent records, and all their child rows are yielded.
    """
    for batch in key_batches(keys):
        if by == "pk":
            rows_by_key = sheet.annotated_rows().in_bulk(batch)
            yield from (sheet.row_cells(rows_by_key[key]) for key in batch if key in rows_by_key)
        else:
            by_record: dict[int, list] = {key: [] for key in batch}
            for row in sheet.annotated_rows().filter(**{f"{by}__in": batch}):
                by_record[getattr(row, f"{by}_id")].append(row)
            yield from (sheet.row_cells(row) for key in batch for row in by_record[key])


def child_row_cells(sheet: Sheet, keys: Iterable[int]) -> Iterator[dict[str, str]]:
    """Yield the cells of the child rows that belong to the records with these primary keys."""
    return sheet_row_cells(sheet, keys, by=sheet.parent_fields[0])


class _EchoWriter:
    """Returns each line to the caller that writes it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(sheet: Sheet, rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """Yield the lines of a CSV, the first with the byte order mark by which spreadsheet programs recognise UTF-8."""
    writer = csv.writer(_EchoWriter())
    yield "\ufeff" + writer.writerow(sheet.header)
    for row in rows:
        yield writer.writerow([row[name] if _is_numeric_column(sheet, name) else escape_cell(row[name]) for name in sheet.header])


def _is_numeric_column(sheet: Sheet, name: str) -> bool:
    return name in sheet.columns and sheet.columns[name].numeric


def build_csv_archive(sheets: Iterable[tuple[Sheet, Iterable[dict[str, str]]]]) -> IO[bytes]:
    """Build a ZIP with a CSV for each sheet, as an open temporary file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = RIGHTS_NOTICE.encode()
        for sheet, rows in sheets:
            with archive.open(f"{sheet.name}.csv", "w") as raw, TextIOWrapper(raw, "utf-8", newline="") as text:
                text.writelines(csv_lines(sheet, rows))
    file.seek(0)
    return file


def build_workbook(sheets: Iterable[tuple[Sheet, Iterable[dict[str, str]]]]) -> IO[bytes]:
    """Build a workbook of these sheets and one that explains them, as an open temporary file."""
    book = Workbook(write_only=True)
    written_sheets = []
    for sheet, rows in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "B2"
        for position, name in enumerate(sheet.header):
            page.column_dimensions[get_column_letter(position + 1)].width = (
                40 if name in ("name", "summary", "exact", "as_stated") else 18
            )
        page.append([_header_cell(page, name) for name in sheet.header])
        for row in rows:
            page.append([_workbook_cell(page, sheet.workbook_value(name, row[name])) for name in sheet.header])
        written_sheets.append(sheet)
    about = book.create_sheet(ABOUT_SHEET)
    for letter, width in zip("ABCD", (16, 18, 70, 70), strict=True):
        about.column_dimensions[letter].width = width
    for line in _ABOUT_LINES:
        about.append([_workbook_cell(about, line)])
    about.append([_header_cell(about, title) for title in ("sheet", "column", "meaning", "allowed values")])
    for sheet in written_sheets:
        for help_row in column_help_rows(sheet):
            about.append([_workbook_cell(about, text) for text in (sheet.name, *help_row)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - as above
    book.save(file)
    file.seek(0)
    return file


def build_problems_file(book: SpreadsheetContents, problems: dict[tuple[str, int], str], as_csv: bool) -> IO[bytes]:
    """Build a file of the uploaded rows, each with its problems in a column that is ignored on import.

    A CSV has the first sheet only.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - as above
    pages = {name: [column for column in header if column and column != PROBLEMS_COLUMN] for name, header in book.headers.items()}
    problem_by_row = {id(row): problems.get((row.sheet, row.number), "") for row in book.rows}
    if as_csv:
        ((name, columns),) = pages.items()
        text = TextIOWrapper(file, "utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow([*columns, PROBLEMS_COLUMN])
        for row in book.rows:
            writer.writerow(
                [*(_escape_returned_cell(row.cells.get(column, "")) for column in columns), escape_cell(problem_by_row[id(row)])]
            )
        text.flush()
        text.detach()
    else:
        workbook = Workbook(write_only=True)
        for name, columns in pages.items():
            page = workbook.create_sheet(name)
            page.freeze_panes = "B2"
            page.append([_header_cell(page, title) for title in (*columns, PROBLEMS_COLUMN)])
            for row in book.rows:
                if row.sheet == name:
                    cells = [
                        _returned_workbook_cell(page, SHEETS_BY_NAME[name], column, row.cells.get(column, ""))
                        for column in columns
                    ]
                    page.append([*cells, _workbook_cell(page, problem_by_row[id(row)])])
        workbook.save(file)
    file.seek(0)
    return file


def _escape_returned_cell(cell: str) -> str:
    return cell if cell in (CLEAR_MARK, TOO_LONG_MARK) else escape_cell(unescape_cell(cell))


def _returned_workbook_cell(page: Any, sheet: Sheet, name: str, cell: str) -> Any:
    """Return a cell as it was uploaded, typed if it is well formed."""
    if cell in (CLEAR_MARK, TOO_LONG_MARK):
        return cell
    try:
        return _workbook_cell(page, sheet.workbook_value(name, unescape_cell(cell)))
    except (ValueError, ArithmeticError):
        return _workbook_cell(page, unescape_cell(cell))


def _workbook_cell(page: Any, value: Any) -> Any:
    if not isinstance(value, str):
        cell = WriteOnlyCell(page, value)
        if hasattr(value, "isoformat"):
            cell.number_format = "yyyy-mm-dd"
        return cell
    if not value:
        return None
    text = escape_control_characters(escape_cell(value))
    cell = WriteOnlyCell(page, text if len(text) <= MAX_WORKBOOK_CELL else TOO_LONG_MARK)
    cell.data_type = "s"
    if "\n" in value:
        cell.alignment = Alignment(wrap_text=False, vertical="top")
    return cell


def _header_cell(page: Any, name: str) -> Any:
    cell = WriteOnlyCell(page, name)
    cell.font = Font(bold=True)
    return cell


def escape_control_characters(text: str) -> str:
    """Escape the characters that XML does not keep, as workbooks do: _x000D_."""
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def key_batches(keys: Iterable[int]) -> Iterator[list[int]]:
    """Yield keys in batches that are fetched together."""
    iterator = iter(keys)
    while batch := list(islice(iterator, ROWS_PER_QUERY)):
        yield batch
