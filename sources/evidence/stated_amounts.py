"""Amounts as citations state them, with the numbers that each leaves possible."""

import math
import re
from dataclasses import dataclass

from entities.numbers import NUMBER, parse_decimal
from entities.vocabulary import Qualifier

ABOUT_TOLERANCE = 0.1
"""Share by which an approximate number may be off."""


_AMOUNT = re.compile(rf"(\w+)(?: ({NUMBER})(?:\.\.({NUMBER}))?)?(?: (\D.*))?")


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """Amount as a citation states it: the range of numbers that it allows, and the unit."""

    least: float
    most: float
    unit: str

    @classmethod
    def parse(cls, value: str) -> "StatedAmount | None":
        """Return the amount that `value` states (about 700 person); None if it is not an amount."""
        stated = _AMOUNT.fullmatch(value)
        if stated is None:
            return None
        qualifier, low, high, unit = stated.groups(default="")
        if not low:
            return cls(0, math.inf, unit) if qualifier == Qualifier.UNSPECIFIED else None
        least, most = float(parse_decimal(low)), float(parse_decimal(high or low))
        bounds = {
            Qualifier.ABOUT: (least * (1 - ABOUT_TOLERANCE), most * (1 + ABOUT_TOLERANCE)),
            Qualifier.NEARLY: (least * (1 - ABOUT_TOLERANCE), most),
            Qualifier.AT_LEAST: (least, math.inf),
            Qualifier.MORE_THAN: (least, math.inf),
            Qualifier.UP_TO: (0, most),
        }
        return cls(*bounds.get(Qualifier(qualifier), (least, most)), unit)

    def overlaps(self, other: "StatedAmount") -> bool:
        """Return whether some number fits both amounts."""
        return self.least <= other.most and other.least <= self.most
