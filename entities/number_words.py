"""Numbers in words and grouped digits, in the active language."""

from decimal import Decimal
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import pgettext


def format_number(value: Any) -> str:
    """Return a number in full digits, grouped: 1,200,000,000."""
    return group_digits(Decimal(str(value)))


def format_number_short(value: Any) -> str:
    """Return 1.2 billion, 40 million or 4,500; never rounded: what needs more than two decimals stays in full digits."""
    number = Decimal(str(value))
    for size, word in _number_words():
        if number >= size and (short := number / size) == round(short, 2):
            return word % {"number": group_digits(short)}
    return format_number(value)


def _number_words() -> tuple[tuple[int, str], ...]:
    return (
        (10**12, pgettext("number", "%(number)s trillion")),
        (10**9, pgettext("number", "%(number)s billion")),
        (10**6, pgettext("number", "%(number)s million")),
    )


def group_digits(number: Decimal) -> str:
    """Return a number in digits with the separators of the active language."""
    text = f"{number.normalize():,f}"
    return text.translate({ord(","): get_format("THOUSAND_SEPARATOR"), ord("."): get_format("DECIMAL_SEPARATOR")})
