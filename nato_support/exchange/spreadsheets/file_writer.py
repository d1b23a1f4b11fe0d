"""Spreadsheets that go out: CSV as it is read, workbooks and archives through a file, both in memory that does not grow."""

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

from nato_support.exchange.spreadsheets.cells import CLEAR_MARK, MAX_WORKBOOK_CELL, TOO_LONG_MARK, escape_cell, unescape_cell
from nato_support.exchange.spreadsheets.columns import ABOUT_SHEET, PROBLEMS_COLUMN, SHEETS_BY_NAME, Sheet, column_help_rows
from nato_support.exchange.spreadsheets.file_reader import SpreadsheetContents

ROWS_PER_QUERY = 1_000
"""Rows that are fetched together."""

# What XML cannot hold, or gives back as something else, is written the way that spreadsheet programs write it.
_NOT_IN_XML = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")

_INSTRUCTIONS = (
    "Change cells, add rows, save, and give the file back under “Import”: you see what each row would do first.",
    "An empty cell leaves its field alone. [clear] empties it. A row that is missing changes and deletes nothing.",
    "An apostrophe before = + - @ keeps a program from running the text; it is taken away again.",
    "A column whose header begins with # is yours: it is not read.",
)


def sheet_row_cells(sheet: Sheet, keys: Iterable[int], by: str = "pk") -> Iterator[dict[str, str]]:
    """The rows of `sheet` with these primary keys, in their order; for parts those of the records with these keys (`by`)."""
    for some in key_batches(keys):
        if by == "pk":
            found = sheet.rows().in_bulk(some)
            yield from (sheet.cells(found[key]) for key in some if key in found)
        else:
            by_record: dict[int, list] = {key: [] for key in some}
            for row in sheet.rows().filter(**{f"{by}__in": some}):
                by_record[getattr(row, f"{by}_id")].append(row)
            yield from (sheet.cells(row) for key in some for row in by_record[key])


def child_row_cells(sheet: Sheet, keys: Iterable[int]) -> Iterator[dict[str, str]]:
    """The rows of a sheet of parts that belong to the records with these primary keys."""
    return sheet_row_cells(sheet, keys, by=sheet.wholes[0])


class _EchoWriter:
    """Gives each line back to who writes it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(sheet: Sheet, rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """A CSV as its lines, the first with the mark by which spreadsheet programs know UTF-8."""
    writer = csv.writer(_EchoWriter())
    yield "\ufeff" + writer.writerow(sheet.header)
    for row in rows:
        yield writer.writerow([row[name] if _is_numeric_column(sheet, name) else escape_cell(row[name]) for name in sheet.header])


def _is_numeric_column(sheet: Sheet, name: str) -> bool:
    return name in sheet.columns and sheet.columns[name].numeric


def build_csv_archive(sheets: Iterable[tuple[Sheet, Iterable[dict[str, str]]]]) -> IO[bytes]:
    """A ZIP of one CSV for each sheet, as an open file that is gone when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for sheet, rows in sheets:
            with made.open(f"{sheet.name}.csv", "w") as raw, TextIOWrapper(raw, "utf-8", newline="") as text:
                text.writelines(csv_lines(sheet, rows))
    file.seek(0)
    return file


def build_workbook(sheets: Iterable[tuple[Sheet, Iterable[dict[str, str]]]]) -> IO[bytes]:
    """A workbook of these sheets and one that explains them, as an open file that is gone when it is closed."""
    book = Workbook(write_only=True)
    shown = []
    for sheet, rows in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "B2"
        for at, name in enumerate(sheet.header):
            page.column_dimensions[get_column_letter(at + 1)].width = (
                40 if name in ("name", "summary", "exact", "as_stated") else 18
            )
        page.append([_header_cell(page, name) for name in sheet.header])
        for row in rows:
            page.append([_workbook_cell(page, sheet.typed(name, row[name])) for name in sheet.header])
        shown.append(sheet)
    about = book.create_sheet(ABOUT_SHEET)
    for letter, width in zip("ABCD", (16, 18, 70, 70), strict=True):
        about.column_dimensions[letter].width = width
    for line in _INSTRUCTIONS:
        about.append([_workbook_cell(about, line)])
    about.append([_header_cell(about, title) for title in ("sheet", "column", "what it says", "what may stand in it")])
    for sheet in shown:
        for told in column_help_rows(sheet):
            about.append([_workbook_cell(about, text) for text in (sheet.name, *told)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - as above
    book.save(file)
    file.seek(0)
    return file


def build_problems_file(book: SpreadsheetContents, problems: dict[tuple[str, int], str], as_csv: bool) -> IO[bytes]:
    """The rows of a file that was given, each with what is wrong with it in a column that is not read again.

    A CSV holds the first sheet alone.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - as above
    pages = {name: [column for column in header if column and column != PROBLEMS_COLUMN] for name, header in book.headers.items()}
    told = {id(row): problems.get((row.sheet, row.number), "") for row in book.rows}
    if as_csv:
        ((name, columns),) = pages.items()
        text = TextIOWrapper(file, "utf-8-sig", newline="")
        lines = csv.writer(text)
        lines.writerow([*columns, PROBLEMS_COLUMN])
        for row in book.rows:
            lines.writerow(
                [*(_escape_returned_cell(row.cells.get(column, "")) for column in columns), escape_cell(told[id(row)])]
            )
        text.flush()
        text.detach()
    else:
        made = Workbook(write_only=True)
        for name, columns in pages.items():
            page = made.create_sheet(name)
            page.freeze_panes = "B2"
            page.append([_header_cell(page, title) for title in (*columns, PROBLEMS_COLUMN)])
            for row in book.rows:
                if row.sheet == name:
                    cells = [
                        _returned_workbook_cell(page, SHEETS_BY_NAME[name], column, row.cells.get(column, ""))
                        for column in columns
                    ]
                    page.append([*cells, _workbook_cell(page, told[id(row)])])
        made.save(file)
    file.seek(0)
    return file


def _escape_returned_cell(cell: str) -> str:
    return cell if cell in (CLEAR_MARK, TOO_LONG_MARK) else escape_cell(unescape_cell(cell))


def _returned_workbook_cell(page: Any, sheet: Sheet, name: str, cell: str) -> Any:
    """A cell as it was given; typed if it is well formed."""
    if cell in (CLEAR_MARK, TOO_LONG_MARK):
        return cell
    try:
        return _workbook_cell(page, sheet.typed(name, unescape_cell(cell)))
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
    """`text` as a cell of a workbook holds it: _x000D_ for a character that XML does not keep."""
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def key_batches(keys: Iterable[int]) -> Iterator[list[int]]:
    left = iter(keys)
    while some := list(islice(left, ROWS_PER_QUERY)):
        yield some
