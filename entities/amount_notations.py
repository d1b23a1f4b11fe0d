"""Notations of an amount that readers type: 40 billion, 40bn, 40,000,000,000; 2 percent."""

from decimal import Decimal

from entities.numbers import decimal_text

_SCALES = (
    (Decimal(10) ** 12, ("trillion", "tn")),
    (Decimal(10) ** 9, ("billion", "bn")),
    (Decimal(10) ** 6, ("million", "m", "mn")),
    (Decimal(10) ** 3, ("thousand", "k")),
)
_CURRENCY_WORDS = {"EUR": "euro euros", "USD": "dollar dollars", "GBP": "pound pounds"}
_PERCENT_WORDS = ("percent", "per cent")
_MOST_DIGITS = 4
"""Most digits before a scale word: nobody writes 12345 million."""


def amount_notations(value: Decimal, unit: str) -> list[str]:
    """Return the usual notations of a number of `unit`, an ISO 4217 code or what is counted."""
    number = decimal_text(value)
    if unit.startswith("percent"):
        return [f"{number} {word}" for word in _PERCENT_WORDS] + [unit]
    notations = [number, f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:,f}" else f"{value:,f}"]
    for scale, words in _SCALES:
        scaled = decimal_text((value / scale).normalize())
        if value >= scale and len(scaled.replace(".", "")) <= _MOST_DIGITS:
            notations += [f"{scaled} {words[0]}", *(f"{scaled}{word}" for word in words[1:]), f"{scaled} {words[1]}"]
    return [*notations, *filter(None, (unit, _CURRENCY_WORDS.get(unit, "")))]
