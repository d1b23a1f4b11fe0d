"""Reader of uploaded files: a CSV, a ZIP of CSVs or a workbook, parsed into rows of text under limits. Evaluates nothing."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from nato_support.db.disk_full_errors import is_disk_full
from nato_support.exchange.spreadsheets.cells import MAX_WORKBOOK_CELL, cell_value_text, unescape_cell
from nato_support.exchange.spreadsheets.sheets_and_columns import ABOUT_SHEET, PROBLEMS_COLUMN, SHEETS_BY_NAME, Sheet
from sources.formats import UnreadableDocument, decode_text

MAX_SPREADSHEET_BYTES = 10_000_000
MAX_UNPACKED_BYTES = 64_000_000
"""Bytes of a workbook or archive once unpacked."""
MAX_ARCHIVE_ENTRIES = 200
MAX_ROWS = 20_000
"""Rows of all sheets together."""
MAX_COLUMNS = 100
MAX_CELL_CHARACTERS = 200_000

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_DELIMITERS = ",;\t"
_LAST_COLUMN = 18_278
"""ZZZ: beyond it columns have no letters."""


class UnreadableSpreadsheet(Exception):
    """The file cannot be read; each of `problems` says what is wrong, where, and what to do."""

    def __init__(self, *problems: str):
        self.problems = list(problems)
        super().__init__(" ".join(problems))


@dataclass
class FileRow:
    """A row of a sheet: its number in the file, its filled cells by column, and errors in cells."""

    sheet: str
    number: int
    cells: dict[str, str]
    cell_errors: list[str] = field(default_factory=list)

    def stripped_cell(self, column: str) -> str:
        """The text of a cell without space around it; '' for an empty one."""
        return self.cells.get(column, "").strip()


@dataclass
class SpreadsheetContents:
    """The contents of a file: header and rows of each sheet, and remarks for its editor."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    rows: list[FileRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_spreadsheet(name: str, data: bytes, default_sheet: Sheet) -> SpreadsheetContents:
    """Read an uploaded file. A CSV, or the only sheet of a workbook, is read as `expected` unless its name says otherwise.

    Raises UnreadableSpreadsheet.
    """
    if len(data) > MAX_SPREADSHEET_BYTES:
        raise UnreadableSpreadsheet(
            f"The file has {len(data):,} bytes; at most {MAX_SPREADSHEET_BYTES:,} are taken. Give it in parts."
        )
    if not data.strip():
        raise UnreadableSpreadsheet("The file is empty.")
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableSpreadsheet("This is an old or encrypted Excel file (.xls): save it as .xlsx or CSV, without a password.")
    if data[:4] == b"PK\x03\x04":
        return _read_workbook_or_csv_archive(data, default_sheet)
    book = SpreadsheetContents()
    _add_sheet_rows(book, _sheet_with_title(PurePath(name).stem) or default_sheet, _csv_rows(data, book.remarks))
    return book


def _sheet_with_title(title: str) -> Sheet | None:
    """Return the sheet that a title names: `Commitments`, `commitments-2024-07-09`."""
    words = re.match(r"[a-z]*", title.strip().casefold())
    return SHEETS_BY_NAME.get(words[0]) if words else None


# CSV


def _csv_rows(data: bytes, remarks: list[str]) -> Iterator[list[Any]]:
    text = _decode_csv(data, remarks)
    lines = text.split("\n", 1)
    declared = re.fullmatch(r"sep=([^\r\"])\r?", lines[0])
    if declared:
        text = lines[1] if len(lines) > 1 else ""
    # No cell is longer than its file, so the csv module never refuses one for its length.
    csv.field_size_limit(max(len(text), MAX_CELL_CHARACTERS))
    try:
        delimiter = declared[1] if declared else _guess_delimiter(text)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(row) > _LAST_COLUMN:
                raise UnreadableSpreadsheet(f"A row has more than {_LAST_COLUMN:,} columns: delete those that are not needed.")
            if any(len(cell) > MAX_CELL_CHARACTERS for cell in row):
                raise UnreadableSpreadsheet(f"A cell holds more than {MAX_CELL_CHARACTERS:,} characters: shorten it.")
            yield row
    except csv.Error as error:
        raise UnreadableSpreadsheet(
            f"This is no CSV: {error}. Look for a quotation mark that is opened and not closed."
        ) from None


def _decode_csv(data: bytes, remarks: list[str]) -> str:
    has_byte_order_mark = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not has_byte_order_mark and b"\x00" in data[:200]:
        raise UnreadableSpreadsheet(
            "There are NUL characters in the file: it may be UTF-16 without its mark, or no CSV. Save it as CSV UTF-8."
        )
    try:
        text, encoding = decode_text(data)
    except UnreadableDocument as error:
        if has_byte_order_mark:
            raise UnreadableSpreadsheet("The file begins as UTF-16 and is not: save it as CSV UTF-8.") from None
        raise UnreadableSpreadsheet(f"{error} CSV UTF-8 is best.") from None
    if encoding.startswith("windows"):
        remarks.append(
            f"The file is not UTF-8: it was read as {encoding.capitalize()}. If letters look wrong in what follows, save it as"
            " CSV UTF-8."
        )
    return text


def _guess_delimiter(text: str) -> str:
    """Return the delimiter that makes the most columns of the first line; a comma if none does."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


# Workbooks and archives


def _read_workbook_or_csv_archive(data: bytes, expected: Sheet) -> SpreadsheetContents:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableSpreadsheet("The file is damaged: its archive cannot be read.") from None
    if len(entries) > MAX_ARCHIVE_ENTRIES:
        raise UnreadableSpreadsheet(
            f"The file holds {len(entries)} files; at most {MAX_ARCHIVE_ENTRIES} are taken. Delete those that are not needed."
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise UnreadableSpreadsheet(f"The file would unpack to more than {MAX_UNPACKED_BYTES:,} bytes. Give it in parts.")
    try:
        if "[Content_Types].xml" in archive.namelist():
            return _read_workbook(data, archive, expected)
        return _read_csv_archive(archive, expected)
    except UnreadableSpreadsheet:
        raise
    except Exception as error:  # The parsers of other people's formats raise of everything there is.
        if isinstance(error, MemoryError) or is_disk_full(error):
            # Not the file's fault.
            raise
        raise UnreadableSpreadsheet(f"The file is damaged: {str(error)[:200] or type(error).__name__}") from None


def _read_csv_archive(archive: zipfile.ZipFile, expected: Sheet) -> SpreadsheetContents:
    book = SpreadsheetContents()
    for entry in archive.infolist():
        path = PurePath(entry.filename)
        if path.suffix.casefold() == ".csv" and not path.name.startswith("."):
            _add_sheet_rows(book, _sheet_with_title(path.stem) or expected, _csv_rows(archive.read(entry), book.remarks))
    if not book.headers:
        raise UnreadableSpreadsheet(f"There is no CSV in this archive: put in files such as {expected.name}.csv.")
    return book


def _read_workbook(data: bytes, archive: zipfile.ZipFile, expected: Sheet) -> SpreadsheetContents:
    parts_with_merged_cells = {entry.filename for entry in archive.infolist() if _check_part_for_merged_cells(archive, entry)}
    book = SpreadsheetContents()
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        pages = [page for page in workbook.worksheets if page.title.casefold() != ABOUT_SHEET]
        recognised = [(page, sheet) for page in pages if (sheet := _sheet_with_title(page.title))]
        if not recognised and len(pages) == 1:
            book.remarks.append(f"The sheet “{pages[0].title}” has no name that is known here: it was read as {expected.name}.")
            recognised = [(pages[0], expected)]
        if not recognised:
            raise UnreadableSpreadsheet(f"No sheet of the file has a known name: call it one of {', '.join(SHEETS_BY_NAME)}.")
        ignored = [page.title for page in pages if page not in [recognised_page for recognised_page, _ in recognised]]
        if ignored:
            book.remarks.append(f"Not read, since no sheet is called so here: {', '.join(ignored)}.")
        for page, sheet in recognised:
            if page._worksheet_path.lstrip("/") in parts_with_merged_cells:
                raise UnreadableSpreadsheet(f"Sheet “{page.title}” has merged cells: unmerge them, so that each row has its own.")
            page.reset_dimensions()
            _add_sheet_rows(book, sheet, _workbook_rows(page))
    finally:
        workbook.close()
    return book


def _check_part_for_merged_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Return True if a part of a workbook merges cells. Refuses declarations, which can expand a little XML enormously."""
    merges, tail = False, b""
    with archive.open(entry) as part:
        while chunk := part.read(1_000_000):
            window = tail + chunk
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window or (not tail and b"\x00" in window[:4] and _is_xml(entry)):
                raise UnreadableSpreadsheet("The workbook holds declarations of its own, as no spreadsheet program writes them.")
            merges = merges or b"<mergeCell " in window
            tail = window[-16:]
    return merges


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.casefold().endswith((".xml", ".rels"))


class _FormulaCell(str):
    """Marks a cell with a formula, whose result is not known."""


def _workbook_rows(page: Any) -> Iterator[list[Any]]:
    for cells in page.iter_rows():
        yield [
            _FormulaCell()
            if cell.data_type == "f"
            else _unescape_xml(cell.value)
            if isinstance(cell.value, str)
            else cell_value_text(cell.value)
            for cell in cells
        ]


def _unescape_xml(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


# Both


def _add_sheet_rows(book: SpreadsheetContents, sheet: Sheet, rows: Iterable[list[Any]]):
    """Add the rows of one sheet to `book`."""
    if sheet.name in book.headers:
        raise UnreadableSpreadsheet(f"There are two sheets of {sheet.name}: put their rows into one.")
    header: list[str] | None = None
    for number, cells in enumerate(rows, 1):
        filled_positions = [position for position, cell in enumerate(cells) if cell or isinstance(cell, _FormulaCell)]
        # The header row of each sheet, and a few empty rows.
        if number > MAX_ROWS + 100 or len(book.rows) >= MAX_ROWS + 1:
            raise UnreadableSpreadsheet(
                f"{sheet.name}: more than {MAX_ROWS:,} rows. Give them in parts; delete empty rows that reach far down."
            )
        if not filled_positions:
            continue
        if filled_positions[-1] >= MAX_COLUMNS:
            raise UnreadableSpreadsheet(
                f"{sheet.name}, row {number}: something stands in column {_column_name(filled_positions[-1] + 1)};"
                f" at most {MAX_COLUMNS} columns are taken."
            )
        if header is None:
            header = _read_header(sheet, cells[: filled_positions[-1] + 1])
            book.headers[sheet.name] = header
            continue
        book.rows.append(_read_row(sheet, header, number, cells))
    if header is None:
        raise UnreadableSpreadsheet(f"{sheet.name}: there is no row of headers.")


def _column_name(number: int) -> str:
    """Return the letters of a column, or its number beyond the columns of any program."""
    return get_column_letter(number) if number <= _LAST_COLUMN else f"{number:,}"


def _read_header(sheet: Sheet, cells: list[Any]) -> list[str]:
    """Return the column that each header means; the header itself for a note, '' for a column to ignore."""
    columns_by_title = {_normalise_title(name): name for name in sheet.header}
    columns: list[str] = []
    problems = []
    for position, cell in enumerate(cells, 1):
        title = unescape_cell(str(cell)).strip()
        name = columns_by_title.get(_normalise_title(title), "")
        where = f"{sheet.name}, column {get_column_letter(position)}"
        if title and not name and not title.startswith("#"):
            close_titles = get_close_matches(_normalise_title(title), columns_by_title, 1)
            suggestion = (
                f"Did you mean {columns_by_title[close_titles[0]]}?" if close_titles else f"There are: {', '.join(sheet.header)}."
            )
            problems.append(
                f"{where}: “{title[:80]}” is no column here. {suggestion} Begin the header with # if it is only a note."
            )
        if name and name in columns:
            problems.append(f"{where}: {name} is there twice. Delete one.")
        columns.append(name or (title if title.startswith("#") and title not in (PROBLEMS_COLUMN, *columns) else ""))
    key = sheet.leading_columns[0]
    if key not in columns and not (sheet.matching_fields and not sheet.parent_fields) and "identifiers" not in columns:
        problems.append(f"{sheet.name}: the column {key} is missing, which says what each row is about.")
    if problems:
        raise UnreadableSpreadsheet(*problems)
    return columns


def _normalise_title(title: str) -> str:
    return re.sub(r"[\s_-]+", "_", title.strip()).casefold()


def _read_row(sheet: Sheet, header: list[str], number: int, cells: list[Any]) -> FileRow:
    row = FileRow(sheet.name, number, {})
    for position, cell in enumerate(cells):
        name = header[position] if position < len(header) else ""
        if not name:
            if position >= len(header) and cell:
                row.cell_errors.append(
                    f"Something stands in column {get_column_letter(position + 1)}, which has no header:"
                    " empty the cell, or give the column a header."
                )
            continue
        if isinstance(cell, _FormulaCell):
            row.cell_errors.append(f"{name}: holds a formula. Paste what it comes to as a value.")
        elif cell:
            error = _cell_error(cell)
            if error:
                row.cell_errors.append(f"{name}: {error}")
            else:
                row.cells[name] = cell
    return row


def _cell_error(cell: str) -> str:
    if len(cell) > MAX_CELL_CHARACTERS:
        return f"holds more than {MAX_CELL_CHARACTERS:,} characters. Shorten it."
    if len(cell) == MAX_WORKBOOK_CELL:
        return "has just as many characters as a cell may have: a spreadsheet program may have cut it off. Empty the cell."
    if _UNKEEPABLE.search(cell):
        return "holds a NUL or half a character, which cannot be kept. Type it anew."
    return ""
