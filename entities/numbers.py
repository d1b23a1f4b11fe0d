"""Strict parsing of numbers from outside: plain ASCII digits within bounds, and nothing else.

`float`, `int` and `Decimal` also accept nan, inf, 1e999, 1_000, full-width digits, and any number of digits.
"""

import re
from decimal import Decimal

NUMBER = r"[0-9]{1,18}(?:\.[0-9]{1,20})?"
"""Regular expression of an unsigned number with no more digits than the register needs."""

_DECIMAL = re.compile(rf"[+-]?{NUMBER}")
_INTEGER = re.compile(r"[0-9]{1,18}")


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


def parse_integer(text: str, most: int) -> int:
    """Parse a whole number from 0 to `most`. Raises ValueError with an explanation."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a whole number")
    if int(text) > most:
        raise ValueError(f"“{text}” is more than {most}")
    return int(text)


def count_up_to(text: str, most: int) -> int:
    """Parse a whole number of any length, capped at `most`; 0 if `text` is no number."""
    if not (text.isascii() and text.isdecimal()):
        return 0
    return min(int(text), most) if len(text) <= 18 else most
