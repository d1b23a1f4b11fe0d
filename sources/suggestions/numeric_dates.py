"""Dates in figures alone, as far as only one reading of them is possible."""

import datetime
import re

from entities.dates import DatePoint
from sources.suggestions.date_patterns import EASTERN
from sources.suggestions.found_date import FoundDate, iso_day, make_found_dates

_SURELY_THIS_CENTURY = 40


def read_iso(match: re.Match) -> list[FoundDate]:
    """Read 2024-07-10 and 2024/07/10."""
    return make_found_dates(match, match[1].replace("/", "-"), "as written")


def century_of(short_year: int, published_year: int | None) -> int:
    """Return the year that two figures mean, the nearest to publication.

    0 if that day is not known and the year may be of two centuries.
    """
    if published_year is None:
        return 2000 + short_year if short_year <= _SURELY_THIS_CENTURY else 0
    century = published_year // 100 * 100
    return min(
        (century - 100 + short_year, century + short_year, century + 100 + short_year),
        key=lambda year: abs(year - published_year),
    )


def read_numeric(match: re.Match, published: DatePoint | None, *, day_first: bool, is_stamp: bool) -> list[FoundDate]:
    """Read 10.07.2024 and 10/07/2024; `day_first` if the language has no other order.

    Otherwise slashes are read if one order alone is possible, if an American time zone follows, or if one lies near publication
    and the date is the stamp of the text (`is_stamp`): a date limit may be of any day.
    """
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if len(match["year"]) == 2:
        year = century_of(year, published.year if published else None)
    if match["mark"] == "." or day_first:
        order = "points between them say" if match["mark"] == "." else "the language orders them"
        return make_found_dates(match, iso_day(year, second, first), f"day, month and year, as {order}")
    readings = {day for day in (iso_day(year, first, second), iso_day(year, second, first)) if day}
    if len(readings) == 2 and EASTERN.match(match.string, match.end()):
        readings = {min(readings, key=lambda day: int(day[5:7]) != first)}
    if len(readings) == 2 and published and is_stamp:
        # An update or a dateline is of the days around publication.
        near = {day for day in readings if abs(datetime.date.fromisoformat(day) - published.earliest).days <= 7}
        readings = near or readings
    return make_found_dates(match, readings.pop(), "the only order of day and month that fits") if len(readings) == 1 else []


def read_unambiguous_numeric(match: re.Match) -> list[FoundDate]:
    """Read a date in figures whose day cannot be a month and whose year has four figures, in whichever language."""
    first, second = int(match["first"]), int(match["second"])
    if len(match["year"]) != 4 or max(first, second) <= 12:
        return []
    day, month = (first, second) if first > 12 else (second, first)
    return make_found_dates(match, iso_day(int(match["year"]), month, day), "the only order of day and month that fits")


def read_years_in_brackets(match: re.Match) -> list[FoundDate]:
    """Read (2014–2022), in whichever language."""
    if match["last"] <= match["year"]:
        return []
    return make_found_dates(match, match["year"], "a range of years", range_end=match["last"])
