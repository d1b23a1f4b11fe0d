"""A CSV, a ZIP of CSVs or a workbook, read into rows of text under limits, whatever stands in it. Nothing is evaluated."""

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

from nato_support.db.failures import is_disk_full
from nato_support.exchange.spreadsheets.cells import MAX_WORKBOOK_CELL, cell_value_text, unescape_cell
from nato_support.exchange.spreadsheets.columns import ABOUT_SHEET, PROBLEMS_COLUMN, SHEETS_BY_NAME, Sheet

MAX_SPREADSHEET_BYTES = 10_000_000
"""Bytes of a file."""
MAX_UNPACKED_BYTES = 64_000_000
"""Bytes of a workbook or archive once unpacked."""
MAX_ARCHIVE_ENTRIES = 200
"""Files in a workbook or archive."""
MAX_ROWS = 20_000
"""Rows of all sheets together."""
MAX_COLUMNS = 100
MAX_CELL_CHARACTERS = 200_000
"""Characters."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_DELIMITERS = ",;\t"
_LAST_COLUMN = 18_278
"""ZZZ: beyond it columns have no letters."""


class UnreadableSpreadsheet(Exception):
    """The file cannot be taken; each of `problems` says what is wrong, where, and what to do."""

    def __init__(self, *problems: str):
        self.problems = list(problems)
        super().__init__(" ".join(problems))


@dataclass
class FileRow:
    """One row of a sheet: its number in the file, its filled cells by column, and what is wrong with some of them."""

    sheet: str
    number: int
    cells: dict[str, str]
    cell_errors: list[str] = field(default_factory=list)


@dataclass
class SpreadsheetContents:
    """A file that was read: the header and rows of each sheet, and what its editor should know."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    rows: list[FileRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_spreadsheet(name: str, data: bytes, expected: Sheet) -> SpreadsheetContents:
    """What stands in the file `name`; a CSV, or the one sheet of a workbook, without a known name is taken for `expected`.

    Raises Unreadable.
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
        return _read_zip(data, expected)
    book = SpreadsheetContents()
    _add_sheet_rows(book, _sheet_with_title(PurePath(name).stem) or expected, _csv_rows(data, book.remarks))
    return book


def _sheet_with_title(title: str) -> Sheet | None:
    """The sheet called so: `Commitments`, `commitments-2024-07-09`."""
    words = re.match(r"[a-z]*", title.strip().casefold())
    return SHEETS_BY_NAME.get(words[0]) if words else None


# CSV


def _csv_rows(data: bytes, remarks: list[str]) -> Iterator[list[Any]]:
    text = _decode_csv(data, remarks)
    lines = text.split("\n", 1)
    told = re.fullmatch(r"sep=([^\r\"])\r?", lines[0])
    if told:
        text = lines[1] if len(lines) > 1 else ""
    # No cell is longer than its file, so what the reader refuses is never the length.
    csv.field_size_limit(max(len(text), MAX_CELL_CHARACTERS))
    try:
        delimiter = told[1] if told else _guess_delimiter(text)
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
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        if b"\x00" in data[:200]:
            raise UnreadableSpreadsheet(
                "There are NUL characters in the file: it may be UTF-16 without its mark, or no CSV. Save it as CSV UTF-8."
            )
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding != "utf-8":
            raise UnreadableSpreadsheet("The file begins as UTF-16 and is not: save it as CSV UTF-8.") from None
    remarks.append(
        "The file is not UTF-8: it was read as Windows-1251. If letters look wrong in what follows, save it as CSV UTF-8."
    )
    try:
        return data.decode("cp1251")
    except UnicodeDecodeError:
        raise UnreadableSpreadsheet("The file is neither UTF-8, UTF-16 nor Windows-1251: save it as CSV UTF-8.") from None


def _guess_delimiter(text: str) -> str:
    """The sign that makes the most columns of the first line; a comma if none does."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


# Workbooks and archives


def _read_zip(data: bytes, expected: Sheet) -> SpreadsheetContents:
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableSpreadsheet("The file is damaged: its archive cannot be read.") from None
    if len(entries) > MAX_ARCHIVE_ENTRIES:
        raise UnreadableSpreadsheet(f"The file holds {len(entries)} files; at most {MAX_ARCHIVE_ENTRIES} are taken.")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise UnreadableSpreadsheet(f"The file would unpack to more than {MAX_UNPACKED_BYTES:,} bytes. Give it in parts.")
    try:
        if "[Content_Types].xml" in packed.namelist():
            return _read_workbook(data, packed, expected)
        return _read_csv_archive(packed, expected)
    except UnreadableSpreadsheet:
        raise
    except Exception as error:  # The parsers of other people's formats raise of everything there is.
        if isinstance(error, MemoryError) or is_disk_full(error):
            # Not the file's fault.
            raise
        raise UnreadableSpreadsheet(f"The file is damaged: {str(error)[:200] or type(error).__name__}") from None


def _read_csv_archive(packed: zipfile.ZipFile, expected: Sheet) -> SpreadsheetContents:
    book = SpreadsheetContents()
    for entry in packed.infolist():
        path = PurePath(entry.filename)
        if path.suffix.casefold() == ".csv" and not path.name.startswith("."):
            _add_sheet_rows(book, _sheet_with_title(path.stem) or expected, _csv_rows(packed.read(entry), book.remarks))
    if not book.headers:
        raise UnreadableSpreadsheet("There is no CSV in this archive.")
    return book


def _read_workbook(data: bytes, packed: zipfile.ZipFile, expected: Sheet) -> SpreadsheetContents:
    merged = {entry.filename for entry in packed.infolist() if _holds_merged_cells(packed, entry)}
    book = SpreadsheetContents()
    opened = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        pages = [page for page in opened.worksheets if page.title.casefold() != ABOUT_SHEET]
        known = [(page, sheet) for page in pages if (sheet := _sheet_with_title(page.title))]
        if not known and len(pages) == 1:
            book.remarks.append(f"The sheet “{pages[0].title}” has no name that is known here: it was read as {expected.name}.")
            known = [(pages[0], expected)]
        if not known:
            raise UnreadableSpreadsheet(f"No sheet of the file has a known name: call it one of {', '.join(SHEETS_BY_NAME)}.")
        ignored = [page.title for page in pages if page not in [one for one, _ in known]]
        if ignored:
            book.remarks.append(f"Not read, since no sheet is called so here: {', '.join(ignored)}.")
        for page, sheet in known:
            if page._worksheet_path.lstrip("/") in merged:
                raise UnreadableSpreadsheet(f"Sheet “{page.title}” has merged cells: unmerge them, so that each row has its own.")
            page.reset_dimensions()
            _add_sheet_rows(book, sheet, _workbook_rows(page))
    finally:
        opened.close()
    return book


def _holds_merged_cells(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part of a workbook merges cells. Refuses declarations: they can make little XML into much."""
    found, tail = False, b""
    with packed.open(entry) as part:
        while chunk := part.read(1_000_000):
            here = tail + chunk
            if b"<!DOCTYPE" in here or b"<!ENTITY" in here or (not tail and b"\x00" in here[:4] and _is_xml(entry)):
                raise UnreadableSpreadsheet("The workbook holds declarations of its own, as no spreadsheet program writes them.")
            found = found or b"<mergeCell " in here
            tail = here[-16:]
    return found


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.casefold().endswith((".xml", ".rels"))


class _FormulaCell(str):
    """Where a formula stood: what it would come to is not known here."""


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


def _add_sheet_rows(book: SpreadsheetContents, sheet: Sheet, lines: Iterable[list[Any]]):
    """Adds the rows of one sheet to `book`."""
    if sheet.name in book.headers:
        raise UnreadableSpreadsheet(f"There are two sheets of {sheet.name}: put their rows into one.")
    header: list[str] | None = None
    for number, line in enumerate(lines, 1):
        filled = [at for at, cell in enumerate(line) if cell or isinstance(cell, _FormulaCell)]
        # One row for each sheet's header, and a few that are empty.
        if number > MAX_ROWS + 100 or len(book.rows) >= MAX_ROWS + 1:
            raise UnreadableSpreadsheet(
                f"{sheet.name}: more than {MAX_ROWS:,} rows. Give them in parts; delete empty rows that reach far down."
            )
        if not filled:
            continue
        if filled[-1] >= MAX_COLUMNS:
            raise UnreadableSpreadsheet(
                f"{sheet.name}, row {number}: something stands in column {_column_name(filled[-1] + 1)};"
                f" at most {MAX_COLUMNS} columns are taken."
            )
        if header is None:
            header = _read_header(sheet, line[: filled[-1] + 1])
            book.headers[sheet.name] = header
            continue
        book.rows.append(_read_row(sheet, header, number, line))
    if header is None:
        raise UnreadableSpreadsheet(f"{sheet.name}: there is no row of headers.")


def _column_name(number: int) -> str:
    """A column as spreadsheet programs call it; past what any of them has, by its number."""
    return get_column_letter(number) if number <= _LAST_COLUMN else f"{number:,}"


def _read_header(sheet: Sheet, line: list[Any]) -> list[str]:
    """The column that each header means; the header itself of a note, '' for what is not read."""
    known = {_normalise_title(name): name for name in sheet.header}
    found: list[str] = []
    problems = []
    for at, cell in enumerate(line, 1):
        title = unescape_cell(str(cell)).strip()
        name = known.get(_normalise_title(title), "")
        where = f"{sheet.name}, column {get_column_letter(at)}"
        if title and not name and not title.startswith("#"):
            near = get_close_matches(_normalise_title(title), known, 1)
            meant = f"Did you mean {known[near[0]]}?" if near else f"There are: {', '.join(sheet.header)}."
            problems.append(f"{where}: “{title[:80]}” is no column here. {meant} Begin the header with # if it is only a note.")
        if name and name in found:
            problems.append(f"{where}: {name} is there twice. Delete one.")
        found.append(name or (title if title.startswith("#") and title not in (PROBLEMS_COLUMN, *found) else ""))
    key = sheet.leading_columns[0]
    if key not in found and not (sheet.matching_fields and not sheet.wholes) and "identifiers" not in found:
        problems.append(f"{sheet.name}: the column {key} is missing, which says what each row is about.")
    if problems:
        raise UnreadableSpreadsheet(*problems)
    return found


def _normalise_title(title: str) -> str:
    return re.sub(r"[\s_-]+", "_", title.strip()).casefold()


def _read_row(sheet: Sheet, header: list[str], number: int, line: list[Any]) -> FileRow:
    row = FileRow(sheet.name, number, {})
    for at, cell in enumerate(line):
        name = header[at] if at < len(header) else ""
        if not name:
            if at >= len(header) and cell:
                row.cell_errors.append(f"Something stands in column {get_column_letter(at + 1)}, which has no header.")
            continue
        if isinstance(cell, _FormulaCell):
            row.cell_errors.append(f"{name}: holds a formula. Paste what it comes to as a value.")
        elif cell:
            fault = _cell_error(cell)
            if fault:
                row.cell_errors.append(f"{name}: {fault}")
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
