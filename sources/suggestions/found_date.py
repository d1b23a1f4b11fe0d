"""Value object of a date that was found in a text, and arithmetic of days and months as text."""

import datetime
import re
from typing import NamedTuple

from entities.dates import DatePoint


class FoundDate(NamedTuple):
    """Date read from a text, how it was determined, and where its words are."""

    start: int
    end: int
    date: str
    reasoning: str
    until: str = ""
    score: float = 0.9


def make_found_dates(
    match: re.Match, date: str | None, reasoning: str, *, range_end: str = "", score: float = 0.95, start: int = -1, end: int = -1
) -> list[FoundDate]:
    """Return a list of one date with its span: by default that of the match, without outer space.

    The list is empty if the calendar has no such date.
    """
    try:
        DatePoint.parse(date or "")
        if range_end:
            DatePoint.parse(range_end)
    except ValueError:
        return []
    start, end = start if start >= 0 else match.start(), end if end >= 0 else match.end()
    words = match.string[start:end]
    span = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
    return [FoundDate(*span, date or "", reasoning, range_end, score)]


def iso_day(year: int, month: int, day: int) -> str | None:
    """Return a day as text; None if the calendar has no such day."""
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def shift_month(date: DatePoint, months: int) -> str:
    """Return the month that many months after that of `date`, as a partial date without a mark."""
    year, month = divmod(date.year * 12 + (date.month or 1) - 1 + months, 12)
    return f"{year:04}-{month + 1:02}"


def month_of_week(monday: datetime.date, inside: datetime.date) -> str:
    """Return the month of the day `inside` the week that begins on `monday`, approximate if the week lies in two."""
    return f"{inside.year:04}-{inside.month:02}{'' if (monday + datetime.timedelta(6)).month == monday.month else '~'}"
