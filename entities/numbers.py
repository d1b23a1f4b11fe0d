"""Strict parsing of numbers from outside: plain ASCII digits within bounds, and nothing else.

`float`, `int` and `Decimal` also accept nan, inf, 1e999, 1_000, full-width digits, and any number of digits.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

NUMBER = r"[0-9]{1,18}(?:\.[0-9]{1,20})?"
"""Regular expression of an unsigned number with no more digits than the register needs."""

LARGEST_COLUMN = 2**63 - 1
"""Largest integer that a column can hold, on either database."""

_DECIMAL = re.compile(rf"[+-]?{NUMBER}")
_INTEGER = re.compile(r"[0-9]{1,19}")


def parse_decimal(text: str, least: Decimal | int | None = None, most: Decimal | int | None = None) -> Decimal:
    """Parse a decimal number from `least` to `most`. Raises ValueError with an explanation."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a number such as 1234.5")
    number = Decimal(text)
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError(f"“{text}” does not lie between {least} and {most}")
    return number


def decimal_text(number: Decimal) -> str:
    """Return a number in plain digits without trailing zeros: 1200.5, 40."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_integer(value: object, most: int = LARGEST_COLUMN) -> int:
    """Parse the digits of a whole number from 0 to `most`. Raises ValueError with an explanation."""
    digits = str(value)
    if not _INTEGER.fullmatch(digits) or int(digits) > most:
        raise ValueError(f"“{digits[:40]}” is not a whole number from 0 to {most}")
    return int(digits)


def integer_or_none(value: object, most: int = LARGEST_COLUMN) -> int | None:
    """Parse the digits of a whole number from 0 to `most`; None if `value` is anything else."""
    try:
        return parse_integer(value, most)
    except ValueError:
        return None


def row_keys(values: Iterable[object]) -> list[int]:
    """Return the primary keys among `values`, in their order; anything else is skipped."""
    return [key for value in values if (key := integer_or_none(value)) is not None]
