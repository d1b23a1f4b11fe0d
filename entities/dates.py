"""Partial dates: an EDTF subset as text. `2024`, `2024-07`, `2024-07-10`, with `~` (approximate) or `?` (uncertain).

Source: Extended Date/Time Format, ISO 8601-2:2019, levels 0 and 1. A date is never made more precise than its source.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from enum import StrEnum
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
        """Parse a partial date. Raises ValueError with an explanation."""
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


OPEN_END = "9999-12-31"
"""The last day, as text, of something in force that no source ends."""
GOES_ON = "open"
"""Value in the search index for something without an end: it reaches into every later year."""


class InForce(StrEnum):
    """An answer to the question whether something was in force at a time."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not known"


def days_in_force(start_earliest: str | None, end_latest: str | None) -> tuple[str, str]:
    """Return the first and last day on which something with these bounds (YYYY-MM-DD, empty if unknown) may be in force.

    This is the only definition of "no end": something with a start and no end continues until OPEN_END. Something without
    any date has no days: it is attested on the days of its citations, and nothing says that it was in force on others. With
    an end alone, the first day is unknown ('').
    """
    if not (start_earliest or end_latest):
        return "", ""
    return start_earliest or "", end_latest or OPEN_END


def in_force_within(days: tuple[str, str], first: str, last: str) -> InForce:
    """Tell whether something with these `days_in_force` was in force on some day from `first` to `last`.

    A vague date stands for every day that it can mean, as in every filter by date: a start in 2024 counts on each day of
    2024. `first` may be empty (any time before), and so may `last` (any time after).
    """
    begun, ended = days
    if (begun and last and begun > last) or (ended and first and ended < first):
        return InForce.NO
    return InForce.YES if begun else InForce.NOT_KNOWN


def in_force(start: PartialDate | None, end: PartialDate | None, on: PartialDate | datetime.date) -> InForce:
    """Tell whether something that began at `start` and ended at `end` was in force on a day, or in a month or year."""
    first, last = bounds_of(on)
    days = days_in_force(start.earliest.isoformat() if start else None, end.latest.isoformat() if end else None)
    return in_force_within(days, first, last)


def bounds_of(time: PartialDate | datetime.date) -> tuple[str, str]:
    """Return the first and last day of a day, month or year, as text."""
    if isinstance(time, PartialDate):
        return time.earliest.isoformat(), time.latest.isoformat()
    return time.isoformat(), time.isoformat()
