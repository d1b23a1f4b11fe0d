"""Text of single cells: protection against formulas, numbers and dates as people type them."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from entities.numbers import decimal_text, parse_decimal

CLEAR_MARK = "[clear]"
"""Clears a field; an empty cell leaves it unchanged."""
TOO_LONG_MARK = "[too long for a cell: left as it is]"
"""Replaces a text too long for a workbook cell, and leaves the field unchanged on import."""
MAX_WORKBOOK_CELL = 32_767
"""Maximum characters of a workbook cell: spreadsheet programs cut longer texts off silently."""

# The signs that begin a formula, also in the full width that Japanese editions take for them.
_FORMULA_SIGNS = "=+-@＝＋－＠"
_LINE_ENDS = "\t\r\n"

_GROUPED_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+(?:[.,][0-9]+)?")
_AMBIGUOUS_NUMBER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")


def escape_cell(text: str) -> str:
    """Put an apostrophe before `text` if a program might run it as a formula, or if reading it back would misinterpret it."""
    return f"'{text}" if _needs_escape(text) else text


def unescape_cell(cell: str) -> str:
    """Undo `escape_cell`; any other text is returned unchanged."""
    return cell[1:] if cell.startswith("'") and _needs_escape(cell[1:]) else cell


def _needs_escape(text: str) -> bool:
    # Text that already has apostrophes before a sign gets one more, so that removing one restores it exactly.
    core = text.lstrip("'")
    return bool(core) and (
        core[0] in _LINE_ENDS or core.lstrip()[:1] in tuple(_FORMULA_SIGNS) or core in (CLEAR_MARK, TOO_LONG_MARK)
    )


def parse_number(text: str, *, has_thousandths: bool = False) -> Decimal:
    """Parse the number in a cell: 1234.5, 1 234,5, -7. Raises ValueError, saying what to write instead, if it is ambiguous.

    `has_thousandths`: the column takes more than two decimal places, so a point before three digits is a decimal point.
    """
    compact = text.strip()
    if _GROUPED_NUMBER.fullmatch(compact):
        compact = re.sub(r"[ \u00a0\u202f']", "", compact)
    elif _AMBIGUOUS_NUMBER.fullmatch(compact) and not (has_thousandths and "." in compact):
        raise ValueError(
            f"“{text}” may mean {re.sub('[.,]', '', compact)} or {compact.replace(',', '.')}:"
            " write it without separators of thousands, or with other than three decimal places"
        )
    return parse_decimal(compact.replace(",", "."))


def cell_value_text(value: Any) -> str:
    """Return a typed workbook value as the text that a person would type for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return decimal_text(Decimal(repr(value))) if value == value and abs(value) < float("inf") else str(value)
    return str(value)
