"""Spans of time before publication: “two years ago”."""

import datetime
import re
from collections.abc import Mapping

from entities.dates import DatePoint
from sources.suggestions.date_patterns import chosen
from sources.suggestions.date_words.vocabulary import DateVocabulary
from sources.suggestions.found_date import FoundDate, make_found_dates, shift_month

_LARGEST = 400


def read_time_ago(match: re.Match, words: DateVocabulary, published: DatePoint, seen_from: str) -> list[FoundDate]:
    """Read “two years ago” as a year, “three months ago” as about a month, two weeks as a month, two days as a day."""
    unit = chosen(match, "unit", words.ago_units) or chosen(match, "single", words.ago_single)
    number = _number(match["number"], words.numbers) if match["number"] else 1
    if not number or not unit or _more_stands_around(match, words):
        return []
    reasoning = f"“{' '.join(match.group().lower().split())}”, seen from {seen_from}"
    if unit in ("year", "decade"):
        return _read_years_ago(match, number, unit, published, reasoning)
    if published.precision == "year" or number > _LARGEST:
        return []
    if unit in ("month", "half-year"):
        months = number * (6 if unit == "half-year" else 1)
        return make_found_dates(match, f"{shift_month(published, -months)}~", reasoning)
    if published.precision != "day":
        return []
    day = published.earliest - datetime.timedelta(number * (7 if unit == "week" else 1))
    if unit == "week" or number > 7:
        mark = "~" if day.day < 5 or day.day > 25 else ""
        return make_found_dates(match, f"{day.year:04}-{day.month:02}{mark}", f"{reasoning}; only its month is sure")
    return make_found_dates(match, day.isoformat() + ("~" if match["roughly"] else published.mark), reasoning)


def _read_years_ago(match: re.Match, number: int, unit: str, published: DatePoint, reasoning: str) -> list[FoundDate]:
    year = published.year - number * (10 if unit == "decade" else 1)
    if match["today"] and published.precision == "day":
        return make_found_dates(match, f"{year:04}{str(published)[4:]}", reasoning)
    if match["sharp"] and published.month:
        return make_found_dates(match, f"{year:04}-{published.month:02}", reasoning)
    # “A year ago” may be some weeks off: near the turn of a year that changes the year.
    near_turn_of_year = unit == "decade" or number >= 10 or (published.month or 1) in (1, 2, 11, 12)
    return make_found_dates(match, f"{year:04}{'~' if near_turn_of_year else ''}", reasoning) if 0 < year < 10000 else []


def _number(text: str, numbers: Mapping[str, int]) -> int:
    """Return the number that figures or words mean; 0 if two words are no number."""
    words = " ".join(text.lower().split())
    if words.isdecimal():
        return int(words)
    if words in numbers:
        return numbers[words]
    parts = [numbers[part] for part in re.split(r"[- ]", words)]
    return sum(parts) if parts[0] >= 20 > parts[-1] and parts[-1] < 10 else 0


def _more_stands_around(match: re.Match, words: DateVocabulary) -> bool:
    """Return whether words around make it another span: a number before the number, or “and a half”."""
    text_before = re.findall(r"[\w’'-]+", match.string[max(0, match.start() - 20) : match.start()])
    if words.ago_no_more != r"(?!)" and re.match(
        words.ago_no_more.replace(" ", r"\s+"), match.string[match.end() : match.end() + 30]
    ):
        return True
    return (
        bool(words.ago_after)
        and bool(text_before)
        and text_before[-1].lower() in words.numbers
        and text_before[-1].lower() != "a"
    )
