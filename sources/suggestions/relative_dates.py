"""Dates that are seen from the day of publication: “on Friday”, “last year”, “in June”, “two days ago”."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from entities.dates import DatePoint
from sources.suggestions import date_patterns
from sources.suggestions.absolute_dates import DateForm
from sources.suggestions.date_context import DateContext
from sources.suggestions.date_patterns import chosen
from sources.suggestions.date_tense import Tense
from sources.suggestions.figurative_days import is_figurative
from sources.suggestions.found_date import FoundDate, make_found_dates, month_of_week, shift_month
from sources.suggestions.time_ago import read_time_ago

_OPENING_BRACKET = re.compile(r"\s?[\[(]")
_JUST_BEHIND = 80
_DAYS_COMPARED = 4
_JUST_NAMED = 600
"""Distance before a word in a quotation within which all days named count, in characters."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class RelativeDateReader:
    """Reads the dates of one text that are seen from its day of publication, which must be known."""

    def __init__(self, context: DateContext, published: DatePoint):
        self.context, self.published = context, published
        self.text, self.patterns, self.words = context.text, context.patterns, context.words
        self.seen_from = context.seen_from
        self._quoted = [match.span() for match in date_patterns.QUOTED.finditer(context.text)]

    def forms(self) -> Iterator[DateForm]:
        """Yield the forms, to be read in this order."""
        yield DateForm(self.patterns.time_ago, lambda match: read_time_ago(match, self.words, self.published, self.seen_from))
        yield DateForm(self.patterns.period, self._read_period)
        yield DateForm(self.patterns.year_end, self._read_year_end)
        yield DateForm(self.patterns.lone_weekday, self._read_weekday)
        yield DateForm(self.patterns.lone_month, self._read_lone_month)
        yield DateForm(self.patterns.day_seen_from, self._read_relative_day)

    def _read_lone_month(self, match: re.Match) -> list[FoundDate]:
        name, words_before = match["month"], " ".join((match["lead"] or "").lower().split())
        following = self.text[match.end() : match.end() + 20]
        step = chosen(match, "stepped", self.words.months_stepped)
        step = chosen(match, "behind", self.words.months_stepped_behind) if step is None else step
        is_led = bool(words_before) or step is not None
        if re.match(r"\s+['’]?\d", following) or (not is_led and not self.words.month_first):
            return []
        if words_before and not self.words.names_are_capitalised and name.istitle():
            return []
        is_word_as_well = name.lower().rstrip(".") in self.words.words_as_well
        if not is_led and (is_word_as_well or re.match(r"\s+[A-Z]", following)):
            return []
        if is_word_as_well and (
            re.fullmatch(self.words.unsure_month_after, words_before) or name.lower() in self._months_that_are_names
        ):
            return []
        month = self.context.month_number(name)
        if step is None:
            year, reasoning, mark = self.context.guess_nearest_year(match, month, 0)
            start = match.start("month")
        else:
            year, mark = self._year_of_stepped_month(step, month), ""
            words = " ".join(match.group().split())
            reasoning = f"“{words}”, seen from {self.seen_from}"
            start = match.start("month") if words_before else match.start()
        return make_found_dates(match, f"{year:04}-{month:02}{mark}", reasoning, start=start, score=0.85) if year else []

    @cached_property
    def _months_that_are_names(self) -> frozenset[str]:
        """Return the months that are a person's name in this text: “Theresa May”, “Mrs May”."""
        return frozenset(match["month"].lower() for match in date_patterns.MONTH_AS_A_NAME.finditer(self.text))

    def _year_of_stepped_month(self, step: int, month: int) -> int:
        """Return the year of “last June” (before publication), “next June” (after it) or “this June”."""
        month_of_publication = self.published.month or 6
        if step < 0:
            return self.published.year - (month >= month_of_publication)
        if step > 0:
            return self.published.year + (month <= month_of_publication)
        return self.published.year

    def _read_weekday(self, match: re.Match) -> list[FoundDate]:
        start, end = match.span()
        if self.published.precision != "day" or self._is_no_single_weekday(match):
            return []
        number = self.context.weekday_number(match["weekday"])
        step = chosen(match, "stepped", self.words.weekdays_stepped)
        step = chosen(match, "behind", self.words.weekdays_stepped_behind) if step is None else step
        published = self.published.earliest
        days_back = (published.weekday() - number) % 7
        tense, mark = Tense.UNKNOWN, self.published.mark
        if not self.words.tense_is_needed:
            tense = Tense.FUTURE if self.context.tenses.looks_ahead(start) else Tense.PAST
        elif step in (None, 0):
            tense = self.context.tenses.sentence_tense(start, end)
        if step == -1:
            date, direction = published - datetime.timedelta(days_back or 7), "the last one before"
        elif step == 1:
            date, direction = published + datetime.timedelta(7 - days_back), "the next one after"
        elif (step == 0 and not self.words.tense_is_needed) or (days_back and tense == Tense.FUTURE):
            date, direction = published + datetime.timedelta((7 - days_back) % 7), "the next one after"
        else:
            date, direction = published - datetime.timedelta(days_back), "the last one before"
        reasoning = f"{_WEEKDAYS[number]}, {direction} {self.seen_from}"
        if date == published:
            reasoning = f"{_WEEKDAYS[number]}, the day of {self.seen_from}"
        elif step in (None, 0) and not tense:
            mark, reasoning = "?", f"{reasoning}; no verb tells whether it is past"
        if self.patterns.stands_before("night_before", self.text, start):
            mark, reasoning = "?", f"{reasoning}; the night before it is meant, which begins on the day before"
        if step is None and self.patterns.stands_before("limit_before", self.text, start) and tense != Tense.FUTURE:
            mark, reasoning = "?", f"{reasoning}; no verb tells whether the limit is past"
        first = match.start() if step is not None else match.start("weekday")
        return make_found_dates(match, date.isoformat() + mark, reasoning, score=0.85, start=first)

    def _is_no_single_weekday(self, match: re.Match) -> bool:
        """Return whether a weekday is every one of its name, part of a name, or one end of a range of weekdays."""
        start, end = match.span()
        text_before = self.text[max(0, start - 30) : start]
        is_stepped = start != match.start("weekday")
        return bool(
            self.patterns.stands_before("no_weekday_before", self.text, start)
            or self.patterns.stands_after("no_weekday_after", self.text, end)
            or self.patterns.to_weekday.match(self.text, end)
            or self.patterns.weekday_to.search(text_before)
            or (self.words.weekdays_after and not is_stepped and not self._may_stand_alone(start))
        )

    def _may_stand_alone(self, start: int) -> bool:
        return self.patterns.stands_before("weekdays_after", self.text, start)

    def _read_relative_day(self, match: re.Match) -> list[FoundDate]:
        step = chosen(match, "day", self.words.days) or 0
        precision = self.published.precision
        if precision == "year" or (step and precision != "day"):
            return []
        if is_figurative(self.context, match, step):
            return []
        words = " ".join(match.group().lower().split())
        if precision == "month":
            return make_found_dates(
                match, str(self.published), f"“{words}”; only the month of publication, {self.published}, is known"
            )
        if in_brackets := self._day_in_brackets(match.end()):
            return make_found_dates(match, in_brackets, f"“{words}”, which the text explains as {in_brackets}", score=0.85)
        day_of_speech, seen_from, mark = self._day_of_speech(match.start())
        day = day_of_speech + datetime.timedelta(step)
        return make_found_dates(match, day.isoformat() + mark, f"“{words}”, seen from {seen_from}", score=0.85)

    def _day_in_brackets(self, offset: int) -> str:
        """Return the day that stands in brackets at `offset`, behind a relative one; '' if none does."""
        bracket = _OPENING_BRACKET.match(self.text, offset)
        index = bisect_right(self._named_days, (bracket.end(), datetime.date.min)) if bracket else 0
        is_named = bracket and index < len(self._named_days) and self._named_days[index][0] == bracket.end()
        return self._named_days[index][1].isoformat() if is_named else ""

    @cached_property
    def _named_days(self) -> list[tuple[int, datetime.date]]:
        """Return the single days found by earlier forms, by place."""
        parsed = [(date.start, DatePoint.parse(date.date)) for date in self.context.found if not date.until]
        return sorted((start, date.earliest) for start, date in parsed if date.precision == "day")

    def _day_of_speech(self, offset: int) -> tuple[datetime.date, str, str]:
        """Return the day that “today” refers to, how it was determined, and a mark if it is uncertain.

        In a quotation it is the last day named before it, if that was just before publication; otherwise the day of publication.
        Where several days are named shortly before, it is uncertain.
        """
        published = self.published.earliest
        index = bisect_right(self._quoted, (offset, len(self.text))) - 1
        if index >= 0 and self._quoted[index][0] < offset < self._quoted[index][1]:
            if day_behind := self._day_named_behind(self._quoted[index][1]):
                return day_behind, f"{day_behind}, the day named behind the quotation", self.published.mark
            day_index = bisect_right(self._named_days, (offset, datetime.date.max))
            just_named = self._named_days[max(0, day_index - _DAYS_COMPARED) : day_index]
            named_day = just_named[-1][1] if just_named else published
            if 0 < (published - named_day).days <= 7:
                days = {day for start, day in just_named if offset - start < _JUST_NAMED}
                mark = self.published.mark or ("?" if len(days) > 1 else "")
                doubt = "; other days are named there too" if len(days) > 1 else ""
                return named_day, f"{named_day}, the day named before the quotation{doubt}", mark
        return published, self.seen_from, self.published.mark

    def _day_named_behind(self, end: int) -> datetime.date | None:
        """Return the day, just before publication, that the sentence names behind a quotation that ends at `end`."""
        index = bisect_right(self._named_days, (end, datetime.date.min))
        if index == len(self._named_days) or self._named_days[index][0] > end + _JUST_BEHIND:
            return None
        start, day = self._named_days[index]
        is_near = 0 <= (self.published.earliest - day).days <= 7
        return day if is_near and not re.search(r"[.!?]\s|\n", self.text[end:start]) else None

    def _read_period(self, match: re.Match) -> list[FoundDate]:
        if self.patterns.stands_before("no_period_before", self.text, match.start()) or self.patterns.stands_after(
            "no_period_after", self.text, match.end()
        ):
            return []
        reasoning = f"“{' '.join(match.group().lower().split())}”, seen from {self.seen_from}"
        if (step := chosen(match, "year", self.words.years)) is not None:
            return make_found_dates(match, f"{self.published.year + step:04}", reasoning)
        if self.published.precision == "year":
            return []
        if (step := chosen(match, "month", self.words.year_months)) is not None:
            return make_found_dates(match, shift_month(self.published, step) + self.published.mark, reasoning)
        step = chosen(match, "week", self.words.weeks)
        if step is None:
            return self._read_weekend(match, reasoning)
        if self.published.precision == "month":
            return make_found_dates(match, str(self.published), f"{reasoning}; only its month is sure") if not step else []
        day = self.published.earliest + datetime.timedelta(7 * step)
        return self._make_week(match, day, reasoning)

    def _read_weekend(self, match: re.Match, reasoning: str) -> list[FoundDate]:
        """Read “at the weekend”: the last one, or the next one if the sentence looks ahead."""
        tense = self.context.tenses.sentence_tense(*match.span())
        if not tense or self.published.precision != "day":
            return []
        published = self.published.earliest
        saturday = published - datetime.timedelta((published.weekday() - 5) % 7)
        saturday += datetime.timedelta(7 if tense == Tense.FUTURE and published.weekday() < 5 else 0)
        return self._make_week(match, saturday, reasoning)

    def _make_week(self, match: re.Match, day: datetime.date, reasoning: str) -> list[FoundDate]:
        month = month_of_week(day - datetime.timedelta(day.weekday()), day)
        month = month[:7] + (self.published.mark or month[7:])
        return make_found_dates(match, month, f"{reasoning}; a week is no date, so its month")

    def _read_year_end(self, match: re.Match) -> list[FoundDate]:
        start, end = match.span("words")
        return make_found_dates(match, f"{self.published.year:04}", f"the year of {self.seen_from}", start=start, end=end)
