"""Amounts of a rendered record as texts that full text finds in whatever notation they are typed."""

from collections.abc import Iterator
from decimal import Decimal

from entities.numbers import decimal_text

_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
_CURRENCY_NAMES = {"USD": "dollars"}
"""What a currency is called besides its code, where `search_words` does not know it to be the same."""


def measure_texts(document: dict) -> Iterator[str]:
    """Yield the amounts and conversions of a record: in its sources' words, and each number with its unit or currency.

    Whoever looks for 40 billion need not know in which of its notations an amount is stated: it is one number to full text.
    """
    for measure in (*document.get("measures", ()), *document.get("conversions", ())):
        if measure.get("as_stated"):
            yield measure["as_stated"]
        unit = measure["currency"] or measure.get("unit") or ""
        for end in (measure["value"], measure["upper"]):
            if end is not None:
                number = Decimal(end)
                yield f"{_scaled(number)} {unit}".strip()
                if name := _CURRENCY_NAMES.get(unit):
                    yield f"{_scaled(number)} {name}"


def _scaled(number: Decimal) -> str:
    """Return a number with the scale word that people say with it, so that this word finds it too."""
    for scale, word in _SCALES:
        if number >= scale:
            return f"{decimal_text(number / scale)} {word}"
    return decimal_text(number)
