"""Dates as they are written: days, months, parts of years and years."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sources.suggestions import counted_nouns, date_patterns, qualifiers
from sources.suggestions.date_context import DateContext
from sources.suggestions.found_date import FoundDate, iso_day, make_found_dates
from sources.suggestions.numeric_dates import century_of, read_iso, read_numeric


class DateForm(NamedTuple):
    """Pattern of a form of dates, and what reads a match of it as none, one or two dates."""

    pattern: re.Pattern
    read: Callable[[re.Match], list[FoundDate]]
    is_final: bool = False
    """Whether what it does not read as a date is offered to no other form."""


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


_LONGEST_TIME = 25
"""Most characters of a time behind a date."""
_ITEM_BEFORE = re.compile(r"\d\.?(?:er)?,\s(?:le\s)?\Z")


class AbsoluteDateReader:
    """Reads the dates of one text that are written out, without a year if the day of publication is known."""

    def __init__(self, context: DateContext):
        self.context = context
        self.text, self.patterns, self.words = context.text, context.patterns, context.words

    def written_days(self) -> Iterator[DateForm]:
        """Yield the forms of days."""
        yield DateForm(date_patterns.ISO, read_iso, is_final=True)
        yield DateForm(date_patterns.NUMERIC, self._read_numeric, is_final=True)
        if self.words.month_first:
            yield DateForm(self.patterns.month_day, self._read_month_and_day, is_final=True)
        yield DateForm(self.patterns.day_month, self._read_month_and_day, is_final=True)

    def days_and_months(self) -> Iterator[DateForm]:
        """Yield the forms of days and months, to be read before all others."""
        yield from self.written_days()
        yield DateForm(self.patterns.day_and_month_in_figures, self._read_day_and_month_in_figures)
        yield DateForm(self.patterns.month_year, self._read_month_of_year)
        yield DateForm(self.patterns.part_of_year, self._read_part_of_year)

    def years(self) -> Iterator[DateForm]:
        """Yield the forms of years, to be read after all others."""
        yield DateForm(self.patterns.year_range, self._read_year_range)
        yield DateForm(self.patterns.lone_year, self._read_lone_year)

    def _read_numeric(self, match: re.Match) -> list[FoundDate]:
        published = self.context.published
        if len(match["year"]) == 2 and self.patterns.stands_before("number_before", self.text, match.start()):
            return []
        return read_numeric(match, published, day_first=not self.words.month_first, is_stamp=self._is_stamp(match))

    def _is_stamp(self, match: re.Match) -> bool:
        """Tell whether a date is that of the text itself: alone on its line, or after “updated” and the like."""
        line_start = self.text.rfind("\n", 0, match.start()) + 1
        line_end = self.text.find("\n", match.end())
        before, after = self.text[line_start : match.start()], self.text[match.end() : line_end if line_end >= 0 else None]
        is_alone = not before.strip() and len(after) <= _LONGEST_TIME and not re.search(r"[^\W\d_]{4}", after)
        return is_alone or any(stamp.end() == len(before) for stamp in self.patterns.update_stamp.finditer(before))

    def _read_month_and_day(self, match: re.Match) -> list[FoundDate]:
        month, day = self.context.month_number(match["month"]), _leading_number(match["day"])
        month_first = match.re is self.patterns.month_day
        if self._is_part_of_name(match):
            return []
        if not match["year"] and (month, day) == (9, 11) and date_patterns.ATTACKS_FOLLOW.match(self.text, match.end()):
            return []
        if month_first and not match["year"] and self.patterns.stands_before("months_with_count", self.text, match.start()):
            return []
        year, reasoning, mark = self.context.resolve_year(match, month, day)
        end = match.end()
        if not match["year"]:
            short = date_patterns.SHORT_YEAR.match(self.text, end)
            if short and self._is_short_year(short, month_first=month_first):
                return self._read_short_year(match, short, month, day, year)
        if not year:
            return []
        if match["last_day"]:
            return self._read_range_of_days(match, month, day, year, f"{reasoning}", month_first=month_first)
        date = iso_day(year, month, day)
        if not date:
            return []
        if self.patterns.stands_before("week_of", self.text, match.start()):
            return self._read_week_of(match, date, reasoning)
        reasoning, contradiction = self._compare_weekday(match, date, reasoning)
        if self.patterns.stands_before("night_before", self.text, match.start()):
            mark, reasoning = "?", f"{reasoning}; the night before it is meant, which begins on the day before"
        return make_found_dates(match, date + (contradiction or mark), reasoning, end=end)

    def _is_part_of_name(self, match: re.Match) -> bool:
        """Tell whether a day and month name a street, a feast or a movement: “rue du 8 mai”, “ul. 3 Maja”."""
        month, text_before = match["month"], self.text[max(0, match.start() - 40) : match.start()]
        is_capitalised = not self.words.names_are_capitalised and not match["year"] and month.istitle()
        return is_capitalised or bool(date_patterns.NAMED_AFTER_DAY.search(text_before))

    def _is_short_year(self, short: re.Match, *, month_first: bool) -> bool:
        """Tell whether the two figures behind a day and month are to be read as its year."""
        if month_first:
            return bool(short["marked"])
        return self.words.month_first or not short["counts"]

    def _read_short_year(self, match: re.Match, short: re.Match, month: int, day: int, nearest: int) -> list[FoundDate]:
        """Read the two figures behind a day and month as its year, unless they may count what follows them."""
        published = self.context.published
        figures = "year" if short["year"] else "marked"
        year = century_of(int(short[figures]), published.year if published else None)
        if short["counts"] and short["year"]:
            return make_found_dates(match, iso_day(year, month, day), "as written") if year and year == nearest else []
        if not year:
            return []
        return make_found_dates(match, iso_day(year, month, day), "as written; two figures are a year", end=short.end(figures))

    def _read_range_of_days(
        self, match: re.Match, month: int, day: int, year: int, reasoning: str, *, month_first: bool
    ) -> list[FoundDate]:
        """Read two days as a range, or as two dates if they are joined by “and” and neither consecutive nor after “between”."""
        last_day = _leading_number(match["last_day"])
        other_month = self.context.month_number(match["other_month"]) if match["other_month"] else month
        first_month, last_month = (month, other_month) if month_first else (other_month, month)
        first_year = year
        if not month_first and match["first_year"]:
            first_year = int(match["first_year"])
        elif month_first and not match["year"]:
            year += last_month < first_month
        else:
            first_year -= first_month > last_month
        first, last = iso_day(first_year, first_month, day), iso_day(year, last_month, last_day)
        if not first or not last:
            return [] if not first else make_found_dates(match, first, reasoning, end=match.end("day")) if month_first else []
        is_range = (
            not match["and"]
            or (
                datetime.date.fromisoformat(last) - datetime.date.fromisoformat(first) == datetime.timedelta(1)
                and not _ITEM_BEFORE.search(self.text, max(0, match.start() - 10), match.start())
            )
            or self.patterns.stands_before("between", self.text, match.start())
        )
        if last <= first:
            return []
        if is_range:
            return make_found_dates(match, first, reasoning, range_end=last)
        return make_found_dates(match, first, reasoning, end=match.start("and")) + make_found_dates(
            match, last, reasoning, start=match.start("other_month" if month_first and match["other_month"] else "last_day")
        )

    def _read_week_of(self, match: re.Match, date: str, reasoning: str) -> list[FoundDate]:
        day = datetime.date.fromisoformat(date)
        monday = day - datetime.timedelta(day.weekday())
        sunday = monday + datetime.timedelta(6)
        mark = "" if monday.month == sunday.month else "~"
        return make_found_dates(match, date[:7] + mark, f"the week of {date}; a week is no date, so its month")

    def _compare_weekday(self, match: re.Match, date: str, reasoning: str) -> tuple[str, str]:
        """Return the reasoning and a mark: “?” if the weekday that is written beside the date is another."""
        if not match["weekday"]:
            return reasoning, ""
        written, actual = self.context.weekday_number(match["weekday"]), datetime.date.fromisoformat(date).weekday()
        if written == actual:
            return reasoning, ""
        return f"{reasoning}; but {date} is a {_WEEKDAYS[actual]}, not a {_WEEKDAYS[written]} as written", "?"

    def _read_day_and_month_in_figures(self, match: re.Match) -> list[FoundDate]:
        if not self.context.published or not self.patterns.stands_before("day_and_month_after", self.text, match.start()):
            return []
        month, day = int(match["month"]), int(match["day"])
        if not 1 <= month <= 12:
            return []
        year, reasoning, mark = self.context.guess_nearest_year(match, month, day)
        date = iso_day(year, month, day) if year else None
        return make_found_dates(match, date + mark, reasoning) if date else []

    def _read_month_of_year(self, match: re.Match) -> list[FoundDate]:
        month = self.context.month_number(match["month"])
        year, reasoning, mark = self.context.resolve_year(match, month, 0)
        if not year:
            return []
        if not match["first_month"]:
            return make_found_dates(match, f"{year:04}-{month:02}{mark}", reasoning)
        first = self.context.month_number(match["first_month"])
        start = f"{year - (first > month):04}-{first:02}"
        return make_found_dates(match, start, reasoning, range_end=f"{year:04}-{month:02}")

    def _read_part_of_year(self, match: re.Match) -> list[FoundDate]:
        year, _, _ = self.context.resolve_year(match, 1, 0)
        kind = "a season" if match["season"] else "a part of a year"
        return make_found_dates(match, f"{year:04}", f"{kind}; only its year is sure") if year else []

    def _read_year_range(self, match: re.Match) -> list[FoundDate]:
        first, last = match["year"], match["last"]
        if match["worded"] and not (len(last) == 4 and self.patterns.stands_before("year_range_from", self.text, match.start())):
            return []
        if self.patterns.stands_before("number_before", self.text, match.start()):
            return []
        last = last if len(last) == 4 else first[:2] + last
        if last <= first:
            return []
        if match["fiscal"]:
            reasoning = "a fiscal year, which need not be the calendar's"
            return make_found_dates(match, f"{first}~", reasoning, range_end=f"{last}~")
        return make_found_dates(match, first, "a range of years", range_end=last)

    def _read_lone_year(self, match: re.Match) -> list[FoundDate]:
        start, year = match.start(), match["year"]
        if match["fiscal"]:
            return make_found_dates(match, f"{year}~", "a fiscal year, which need not be the calendar's")
        if not match["part"] and not match["tail"] and not self._is_a_year(start, match.start("year")):
            return []
        return make_found_dates(match, year, "as written", score=0.85)

    def _is_a_year(self, start: int, offset: int) -> bool:
        """Return whether four figures, alone in the text, are a year and count nothing."""
        stands_before = self.patterns.stands_before
        if stands_before("number_before", self.text, start):
            return False
        following = self.text[offset + 4 : offset + 6]
        if self.text[offset + 2 : offset + 4] == "00" and following[1:].islower() and not self.words.month_first:
            return False
        if self.words.month_first:
            text_before = self.text[max(0, start - 30) : start]
            if qualifiers.qualifier_before(text_before, is_small_word=False, counts_people_or_things=False):
                return False
            noun = counted_nouns.read_counted_noun(self.text, offset + 4)
            return not noun or not following[1:].islower() or stands_before("certain_before_year", self.text, start)
        if self.text[start - 1 : start] in ("(", "[") and following[:1] in (")", "]"):
            return True
        if self.words.nouns_are_capitalised:
            if re.match(r"\s+[^\W\d_a-zäöüß]", self.text[offset + 4 : offset + 8]):
                return False
            at_sentence_start = start == 0 or re.search(r"[.!?]\s+$", self.text[max(0, start - 4) : start])
            return bool(at_sentence_start) or stands_before("certain_before_year", self.text, start)
        return stands_before("certain_before_year", self.text, start)


def _leading_number(words: str) -> int:
    return int(re.match(r"\d+", words)[0])  # type: ignore[index]
