"""Partial dates: an EDTF subset as text. A date is never made more precise than its source.

A point is `2024`, `2024-07` or `2024-07-10`, with `~` (approximate) or `?` (uncertain) at its end. An interval joins two
points with a slash, `2024-06-15/2024-07-08`, or one point with two dots: `2023/..` is from 2023 on, `../2024-12-31` by the end
of 2024. On a field that holds one date, such as a start, an interval means some day within it.

Source: Extended Date/Time Format, ISO 8601-2:2019, levels 0 and 1.
"""

import calendar
import datetime
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from entities.vocabulary import Modality

OPEN_START = "0001-01-01"
"""The first day, as text, of a date that is open to the past."""
OPEN_END = "9999-12-31"
"""The last day, as text, of a date that is open to the future, and of something in force that no source ends."""
GOES_ON = "open"
"""Value in the search index for something that is open at either end: it may reach into every year."""

POINT_FORMS = "2024, 2024-07 or 2024-07-10, with ~ (about) or ? (uncertain) at its end"
"""The forms of a point, for messages and help texts."""
INTERVAL_FORMS = "2024-06-15/2024-07-08, 2023/.. (from then on) or ../2024-12-31 (by then)"
"""The forms of an interval, for messages and help texts."""

_POINT_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?])?", re.ASCII)
_OPEN = ".."
_LONGEST_TEXT_SHOWN = 40


class PartialDate(ABC):
    """A date as the register holds it: a DatePoint or a DateInterval. Equal dates have the same text, and only they."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Parse a point or an interval. Raises ValueError with an explanation."""
        begin, slash, end = text.partition("/")
        is_interval = bool(slash) and all(part == _OPEN or _POINT_PATTERN.fullmatch(part) for part in (begin, end))
        if not is_interval and not _POINT_PATTERN.fullmatch(text):
            message = f"is not a date such as {POINT_FORMS}, or an interval such as {INTERVAL_FORMS}"
            raise ValueError(f"“{text[:_LONGEST_TEXT_SHOWN]}” {message}")
        if not is_interval:
            return DatePoint.parse(text)
        return DateInterval(
            None if begin == _OPEN else DatePoint.parse(begin),
            None if end == _OPEN else DatePoint.parse(end),
        )

    @property
    @abstractmethod
    def earliest(self) -> datetime.date | None:
        """First day that it can mean; None if it is open to the past."""

    @property
    @abstractmethod
    def latest(self) -> datetime.date | None:
        """Last day that it can mean; None if it is open to the future."""

    @property
    @abstractmethod
    def precision(self) -> str:
        """`year`, `month` or `day` of a point; `interval`."""

    @property
    @abstractmethod
    def marks(self) -> frozenset[str]:
        """The marks in it, `~` or `?`: at most one of a point, and of each end of an interval."""

    @property
    def is_interval(self) -> bool:
        return self.precision == "interval"

    @property
    def is_approximate(self) -> bool:
        return "~" in self.marks

    @property
    def is_uncertain(self) -> bool:
        return "?" in self.marks

    @property
    def bounds(self) -> tuple[str, str]:
        """First and last day that it can mean, as text; OPEN_START or OPEN_END where it is open."""
        return (
            OPEN_START if self.earliest is None else self.earliest.isoformat(),
            OPEN_END if self.latest is None else self.latest.isoformat(),
        )

    def contains(self, other: "PartialDate") -> bool:
        """Return whether every day that `other` can mean lies in this date."""
        begins_before = self.earliest is None or (other.earliest is not None and self.earliest <= other.earliest)
        ends_after = self.latest is None or (other.latest is not None and other.latest <= self.latest)
        return begins_before and ends_after

    def overlaps(self, other: "PartialDate") -> bool:
        """Return whether both can mean the same day."""
        return not self.precedes(other) and not other.precedes(self)

    def precedes(self, other: "PartialDate") -> bool:
        """Return whether this date is over before `other` begins, whichever days are meant."""
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    def days_apart(self, other: "PartialDate") -> int:
        """Return the number of days from the end of the one to the beginning of the other; 0 if they overlap."""
        first, second = (self, other) if self.precedes(other) else (other, self)
        if first.latest is None or second.earliest is None:
            return 0
        return max(0, (second.earliest - first.latest).days)


@dataclass(frozen=True, slots=True)
class DatePoint(PartialDate):
    """A day, month or year. `month` and `day` are None where the source does not say."""

    year: int
    month: int | None = None
    day: int | None = None
    mark: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a point. Raises ValueError with an explanation."""
        match = _POINT_PATTERN.fullmatch(text)
        if not match:
            raise ValueError(f"“{text[:_LONGEST_TEXT_SHOWN]}” is not a date such as {POINT_FORMS}")
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
    def marks(self) -> frozenset[str]:
        return frozenset(self.mark)

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


@dataclass(frozen=True, slots=True)
class DateInterval(PartialDate):
    """The time from one point to another, both included; `begin` or `end` is None where it is open."""

    begin: DatePoint | None
    end: DatePoint | None

    def __post_init__(self):
        if self.begin is None and self.end is None:
            raise ValueError(f"“{self}” is open at both ends, so it says nothing; leave the date empty")
        if self.begin and self.end and self.end.precedes(self.begin):
            raise ValueError(f"“{self}” ends before it begins")

    @property
    def precision(self) -> str:
        return "interval"

    @property
    def marks(self) -> frozenset[str]:
        return frozenset(point.mark for point in (self.begin, self.end) if point and point.mark)

    @property
    def earliest(self) -> datetime.date | None:
        return self.begin.earliest if self.begin else None

    @property
    def latest(self) -> datetime.date | None:
        return self.end.latest if self.end else None

    def __str__(self) -> str:
        return f"{self.begin or _OPEN}/{self.end or _OPEN}"


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


def in_force_within(days: tuple[str, str], first: str, last: str, modality: str = Modality.IN_FORCE) -> InForce:
    """Tell whether something with these `days_in_force` was in force on some day from `first` to `last`.

    A vague date stands for every day that it can mean, as in every filter by date: a start in 2024 counts on each day of
    2024, and one by the end of 2024 on each day before. `first` may be empty (any time before), and so may `last` (any time
    after).

    What is planned, expected or conditional is not in force until a source says so; of what is only claimed it is not known.
    """
    begun, ended = days
    if modality not in (Modality.IN_FORCE, Modality.CLAIMED):
        return InForce.NO
    if (begun and last and begun > last) or (ended and first and ended < first):
        return InForce.NO
    return InForce.YES if begun and modality == Modality.IN_FORCE else InForce.NOT_KNOWN


def in_force(
    start: PartialDate | None,
    end: PartialDate | None,
    on: PartialDate | datetime.date,
    modality: str = Modality.IN_FORCE,
) -> InForce:
    """Tell whether something that began at `start` and ended at `end` was in force on a day, or in a month, year or interval."""
    first, last = bounds_of(on)
    days = days_in_force(start.bounds[0] if start else None, end.bounds[1] if end else None)
    return in_force_within(days, first, last, modality)


def bounds_of(time: PartialDate | datetime.date) -> tuple[str, str]:
    """Return the first and last day of a partial date or of a day of the calendar, as text."""
    return time.bounds if isinstance(time, PartialDate) else (time.isoformat(), time.isoformat())
