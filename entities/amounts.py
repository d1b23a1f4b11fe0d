"""Amounts as a citation's value states them: `about 700 person`, `40000000000 EUR`, `700..750 aircraft`, `unspecified EUR`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from entities.numbers import NUMBER, decimal_text
from entities.vocabulary import MeasureKind, Qualifier

ABOUT_TOLERANCE = Decimal("0.1")
"""Share by which an approximate number may be off."""

_NUMBERED_QUALIFIERS = "|".join(qualifier for qualifier in Qualifier if qualifier != Qualifier.UNSPECIFIED)
_PATTERN = re.compile(
    rf"(?:{Qualifier.UNSPECIFIED}|(?:(?P<qualifier>{_NUMBERED_QUALIFIERS}) )?(?P<value>{NUMBER})(?:\.\.(?P<upper>{NUMBER}))?)"
    r"(?: (?P<unit>\S.*))?"
)
_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a range with its qualifier and unit, or an unspecified number of a unit.

    A number to which the source adds no word has the qualifier `none`, which is not written.

    Amounts are equal if their numbers are, however written (700 and 700.00), and all else is the same to the letter.
    """

    qualifier: str
    value: Decimal | None = None
    """None if and only if the qualifier is `unspecified`."""
    upper: Decimal | None = None
    """Upper end of a range."""
    unit: str = ""
    """ISO 4217 code for money; otherwise what is counted, or empty."""

    @classmethod
    def parse(cls, text: str) -> "Amount":
        """Parse the value of a citation. Raises ValueError with an explanation."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            examples = "about 700 person, at_least 2 percent of GDP, 4000000 EUR"
            raise ValueError(f"“{text}” is not an amount such as {examples}")
        value, upper = (Decimal(match[end]) if match[end] else None for end in ("value", "upper"))
        qualifier = match["qualifier"] or (Qualifier.NONE if match["value"] else Qualifier.UNSPECIFIED)
        return cls(Qualifier(qualifier), value, upper, match["unit"] or "")

    def __str__(self) -> str:
        """Return the value of a citation, which parse() reads as an equal amount."""
        numbers = "..".join(decimal_text(end) for end in (self.value, self.upper) if end is not None)
        qualifier = "" if self.qualifier == Qualifier.NONE else self.qualifier
        return " ".join(filter(None, (qualifier, numbers, self.unit)))

    @property
    def least(self) -> Decimal:
        """Least number that the amount allows."""
        if self.value is None or self.qualifier == Qualifier.UP_TO:
            return Decimal(0)
        if self.qualifier in (Qualifier.ABOUT, Qualifier.NEARLY):
            return self.value * (1 - ABOUT_TOLERANCE)
        return self.value

    @property
    def most(self) -> Decimal:
        """Greatest number that the amount allows, or infinity."""
        if self.value is None or self.qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN):
            return Decimal("Infinity")
        most = self.value if self.upper is None else self.upper
        return most * (1 + ABOUT_TOLERANCE) if self.qualifier == Qualifier.ABOUT else most

    def overlaps(self, other: "Amount") -> bool:
        """Return whether some number fits both amounts, whatever their units."""
        return self.least <= other.most and other.least <= self.most

    def contains(self, other: "Amount") -> bool:
        """Return whether the numbers stated here, without tolerance, include those of `other`, whatever their units."""
        (least, most), (other_least, other_most) = self._stated_bounds, other._stated_bounds
        return least <= other_least and other_most <= most

    @property
    def _stated_bounds(self) -> tuple[Decimal, Decimal]:
        if self.value is None:
            return Decimal(0), Decimal("Infinity")
        if self.qualifier in (Qualifier.AT_LEAST, Qualifier.MORE_THAN):
            return self.value, Decimal("Infinity")
        most = self.value if self.upper is None else self.upper
        return Decimal(0) if self.qualifier == Qualifier.UP_TO else self.value, most

    @property
    def kind(self) -> MeasureKind:
        """Kind of measure that the unit tells."""
        if is_currency(self.unit):
            return MeasureKind.MONEY
        if re.match(r"percent\b", self.unit):
            return MeasureKind.PERCENT
        return MeasureKind.HEADCOUNT if self.unit == "person" else MeasureKind.ITEMS

    def measure_fields(self) -> dict[str, Any]:
        """Return the fields of a Measure of this amount."""
        unit, currency = ("", self.unit) if self.kind == MeasureKind.MONEY else (self.unit, "")
        numbers = {"qualifier": self.qualifier, "value": self.value, "upper": self.upper}
        return {"kind": self.kind, "unit": unit, "currency": currency, **numbers}


def amount_or_none(text: str) -> Amount | None:
    """Parse the value of a citation; None if it is not an amount."""
    try:
        return Amount.parse(text)
    except ValueError:
        return None


def is_currency(unit: str) -> bool:
    """Return whether `unit` is written like an ISO 4217 code."""
    return bool(_CURRENCY.fullmatch(unit))
