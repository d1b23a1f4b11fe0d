"""Numbers as people and programs write them: plain ASCII digits within bounds, and nothing else.

`float`, `int` and `Decimal` also take nan, inf, 1e999, 1_000, full-width digits, and as many digits as anybody sends.
"""

import re
from decimal import Decimal

NUMBER = r"[0-9]{1,18}(?:\.[0-9]{1,20})?"
"""A regular expression of a number without a sign, of no more digits than anything in the register needs."""

_DECIMAL = re.compile(rf"[+-]?{NUMBER}")
_INTEGER = re.compile(r"[0-9]{1,18}")


def parse_decimal(text: str, least: Decimal | int | None = None, most: Decimal | int | None = None) -> Decimal:
    """The decimal number that `text` is, from `least` to `most`. ValueError, with what is wrong, if it is none."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a number such as 1234.5")
    number = Decimal(text)
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError(f"“{text}” does not lie between {least} and {most}")
    return number


def parse_integer(text: str, most: int) -> int:
    """The whole number from 0 to `most` that `text` is. ValueError, with what is wrong, if it is none."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"“{text[:40]}” is not a whole number")
    if int(text) > most:
        raise ValueError(f"“{text}” is more than {most}")
    return int(text)


def count_up_to(text: str, most: int) -> int:
    """The whole number that `text` is, `most` if it is more than that, however many digits it has; 0 if it is none."""
    if not (text.isascii() and text.isdecimal()):
        return 0
    return min(int(text), most) if len(text) <= 18 else most
