"""What stands in one cell: texts that no program takes for a formula, numbers and dates as people type them."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

CLEAR = "[clear]"
"""Empties a field. An empty cell leaves it alone."""
TOO_LONG = "[too long for a cell: left as it is]"
"""Stands for a text that no cell of a workbook takes, and leaves it alone."""
LONGEST_OF_WORKBOOK = 32_767
"""Characters. Spreadsheet programs cut a longer text off without a word."""

# The signs that begin a formula, also in the full width that Japanese editions take for them.
_SIGNS = "=+-@＝＋－＠"
_ENDS = "\t\r\n"

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_AMBIGUOUS = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")


def harmless(text: str) -> str:
    """`text` as it may stand in a cell: behind an apostrophe if a program might run it, or if we ourselves would misread it."""
    return f"'{text}" if _dangerous(text) else text


def bare(cell: str) -> str:
    """The text that `harmless` put into a cell; any other text is left as it is."""
    return cell[1:] if cell.startswith("'") and _dangerous(cell[1:]) else cell


def _dangerous(text: str) -> bool:
    # Apostrophes before what needs one need one more, so that taking one away gives exactly what was there.
    core = text.lstrip("'")
    return bool(core) and (core[0] in _ENDS or core.lstrip()[:1] in tuple(_SIGNS) or core in (CLEAR, TOO_LONG))


def number(text: str) -> Decimal:
    """The number that a cell means: 1234.5, 1 234,5, -7. ValueError, with what to write instead, where it is not plain."""
    compact = text.strip()
    if _GROUPED.fullmatch(compact):
        compact = re.sub(r"[ \u00a0\u202f']", "", compact)
    elif "," in compact and _AMBIGUOUS.fullmatch(compact):
        raise ValueError(
            f"“{text}” may mean {compact.replace(',', '')} or {compact.replace(',', '.')}:"
            " write it without separators of thousands"
        )
    if not _PLAIN.fullmatch(compact):
        raise ValueError(f"“{text}” is not a number such as 1234.5")
    try:
        return Decimal(compact.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"“{text}” is not a number such as 1234.5") from None


def written(value: Any) -> str:
    """A typed value of a workbook's cell as the text that one would type for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}" if value == value and abs(value) < float("inf") else str(value)
    return str(value)
