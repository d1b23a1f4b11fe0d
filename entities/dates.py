"""Partial dates: an EDTF subset as text. `2024`, `2024-07`, `2024-07-10`, with `~` (approximate) or `?` (uncertain).

Source: Extended Date/Time Format, ISO 8601-2:2019, levels 0 and 1. A date is never made more precise than its source.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Self

_PARTIAL_DATE_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, month or year. `month` and `day` are None where the source does not say."""

    year: int
    month: int | None = None
    day: int | None = None
    mark: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `text`; ValueError, with what is wrong, if it is not a partial date."""
        match = _PARTIAL_DATE_PATTERN.fullmatch(text)
        if not match:
            raise ValueError(f"“{text}” is not a date such as 2024, 2024-07 or 2024-07-10, with ~ or ? at its end")
        year, month, day = (int(part) if part else None for part in match.groups()[:3])
        assert year is not None
        try:
            datetime.date(year, 1 if month is None else month, 1 if day is None else day)
        except ValueError as error:
            raise ValueError(f"“{text}” is no day of the calendar: {error}") from None
        return cls(year, month, day, match[4] or "")

    @property
    def precision(self) -> str:
        return "day" if self.day else "month" if self.month else "year"

    @property
    def earliest(self) -> datetime.date:
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> datetime.date:
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part]
        return "-".join(parts) + self.mark
