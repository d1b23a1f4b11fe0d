"""Numbers in digits: which marks group them, which begin a fraction, and which leave it open.

Marks that languages read differently (1.500, 1,500) mean what they mean in the language of the text; where that is unknown, or
the groups are not those of any notation, the digits mean nothing.
"""

import re
from decimal import Decimal
from typing import NamedTuple

_SPACES = " \u00a0\u202f\u2009"
_APOSTROPHES = "'’"
# The calibre of “10 000 155mm rounds” is no group of the number before it.
_CALIBRE = r"(?!\d{2,3}[-‐‑ \u00a0]?(?:mm\b|мм\b|millim|milim|мілім))"
RUN = re.compile(rf"\d+(?:[.,{_APOSTROPHES}]\d+|[{_SPACES}]{_CALIBRE}\d+)*", re.ASCII)
"""A pattern for digits with all marks and spaces that may stand between those of one number."""

_GROUPED = re.compile(rf"[1-9]\d{{0,2}}(?:([{_SPACES}]|[{_APOSTROPHES}]|[.,])\d{{3}})(?:\1\d{{3}})*")
_INDIAN = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
_PLAIN = re.compile(r"0|[1-9]\d*")
_MOST_CHARACTERS = 30


class Notation(NamedTuple):
    """Value of digits, and what must stand beside them for the digits to have it."""

    value: Decimal
    has_fraction: bool = False
    needs_scale: bool = False
    """A scale of at least a million must follow: 1.125 billion."""
    bars_scale: bool = False
    """No scale may follow: 1.500 is 1500, but 1.500 million may be either."""
    needs_rupees: bool = False
    """Grouped as in India: 5,00,000."""
    has_foreign_mark: bool = False
    """Its fraction begins with the mark of other languages."""
    has_plain_space: bool = False
    """Grouped by a space that may as well stand between two numbers."""


def read_notation(digits: str, decimal_mark: str) -> Notation | None:
    """Return what a match of `RUN` means where fractions begin with `decimal_mark` ('' if unknown); None if that is unclear."""
    if len(digits) > _MOST_CHARACTERS:
        return None
    if _PLAIN.fullmatch(digits):
        return Notation(Decimal(digits))
    if grouped := _GROUPED.fullmatch(digits):
        mark = grouped[1]
        whole = Decimal(re.sub(r"\D", "", digits))
        if mark not in (".", ",") or digits.count(mark) > 1:
            return Notation(whole, has_plain_space=mark == " ")
        return _read_single_mark(digits, mark, whole, decimal_mark)
    if _INDIAN.fullmatch(digits):
        return Notation(Decimal(digits.replace(",", "")), needs_rupees=True)
    return _read_fraction(digits, decimal_mark)


def _read_single_mark(digits: str, mark: str, whole: Decimal, decimal_mark: str) -> Notation | None:
    """Return the meaning of one mark before three digits: 1.500, 1,125."""
    if not decimal_mark:
        return None
    if mark != decimal_mark:
        return Notation(whole, bars_scale=mark == "." and decimal_mark == ",")
    # Nobody writes a fraction that ends in zeros: 1.500 million is rather 1500 million of another notation.
    return None if digits.endswith("0") else Notation(Decimal(digits.replace(",", ".")), has_fraction=True, needs_scale=True)


def _read_fraction(digits: str, decimal_mark: str) -> Notation | None:
    """Return the meaning of digits with a fraction: 1,5; 0.125; 1 234 567,89; 1.234,56."""
    whole, mark, fraction = re.split(r"([.,])(?=\d*\Z)", digits, maxsplit=1) if re.search(r"[.,]\d+\Z", digits) else ("", "", "")
    if not mark:
        return None
    is_plain = _PLAIN.fullmatch(whole)
    grouped = _GROUPED.fullmatch(whole)
    if not (is_plain or (grouped and grouped[1] != mark) or (mark == "." and _INDIAN.fullmatch(whole))):
        return None
    # After a plain zero, or four digits, three more can only be a fraction; after groups they may be another group.
    if grouped and not is_plain and len(fraction) == 3 and mark != decimal_mark:
        return None
    if len(fraction) > 6 or (is_plain and len(whole) > 3 and len(fraction) == 3 and mark != decimal_mark):
        return None
    value = Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{fraction}")
    return Notation(
        value,
        has_fraction=True,
        has_foreign_mark=mark != decimal_mark,
        needs_rupees=bool(not is_plain and not grouped),
        has_plain_space=bool(grouped and not is_plain and grouped[1] == " "),
    )
