"""Dates in a text: absolute ones in their usual forms, relative ones resolved against the day of publication.

No date is made more precise than its source: a week becomes its month, “last year” a year. What cannot be resolved, because
the day of publication is unknown or too vague, is not suggested.
"""

import datetime
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from entities.dates import DatePoint, PartialDate
from entities.vocabulary import SuggestionKind
from sources.suggestions import counted_nouns, qualifiers
from sources.suggestions import date_patterns as patterns
from sources.suggestions.suggestion import Suggestion
from sources.suggestions.written_numbers import read_number

DATE_RULE = "dates/1"
_LOOK_BACK = 100

_UNITS = {"day": 1, "week": 7}


# Distance before a date without a year within which its verb is searched, in characters.
_VERB_BEFORE = 40


class _FoundDate(NamedTuple):
    """Date read from a text, how it was determined, and where its words are."""

    start: int
    end: int
    date: str
    reasoning: str
    until: str = ""
    score: float = 0.9


def find_dates(text: str, published_on: str, language: str = "en") -> list[Suggestion]:
    """Return the dates in `text`, in order of place. `published_on` is a partial date, or '' if it is unknown."""
    reader = _DateReader(text, published_on)
    taken = bytearray(len(text))
    for address in patterns.ADDRESS.finditer(text):
        taken[address.start() : address.end()] = b"\x01" * len(address.group())
    for pattern, read_form in reader.date_forms():
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            date = read_form(match)
            if date:
                taken[date.start : date.end] = b"\x01" * (date.end - date.start)
                reader.found.append(date)
    return [_date_suggestion(text, date) for date in sorted(reader.found)]


find = find_dates
"""Public name of `find_dates`, for callers outside the project."""


def _date_suggestion(text: str, date: _FoundDate) -> Suggestion:
    return Suggestion(
        kind=SuggestionKind.DATE,
        start=date.start,
        end=date.end,
        exact=text[date.start : date.end],
        rule=DATE_RULE,
        score=date.score,
        reason=date.reasoning,
        proposal={"date": date.date, "end": date.until, "reasoning": date.reasoning},
    )


class _DateReader:
    """Reads the dates of one text that was published on one day, as far as that is known."""

    def __init__(self, text: str, published_on: str):
        self.text = text
        self.found: list[_FoundDate] = []
        self.published = _point_of_publication(published_on)
        if self.published and not 1000 <= self.published.year <= 9000:
            # At the limits of the calendar there is no last or next year.
            self.published = None
        self.seen_from = f"publication on {self.published}"
        if not self.published or self.published.precision != "day":
            self._take_publication_day_from_update()
        self._quoted = [match.span() for match in patterns.QUOTED.finditer(text)]

    def date_forms(self) -> Sequence[tuple[re.Pattern, Callable[[re.Match], _FoundDate | None]]]:
        """Return the patterns of dates with their readers; what an earlier one takes is not offered to later ones."""
        absolute = [
            (patterns.ISO, self._read_iso),
            (patterns.SLASHES, self._read_slashed),
            (patterns.MONTH_DAY, self._read_month_and_day),
            (patterns.DAY_MONTH, self._read_month_and_day),
            (patterns.MONTH_YEAR, self._read_month_of_year),
            (patterns.SEASON, self._read_season),
        ]
        relative = [
            (patterns.AGO, self._read_time_ago),
            (patterns.PERIODS, self._read_relative_period),
            (patterns.YEAR_END, self._read_year_end),
            (patterns.DAY_OF_WEEK, self._read_weekday),
            (patterns.MONTH_ALONE, self._read_lone_month),
            (patterns.DAYS, self._read_relative_day),
        ]
        years = [(patterns.YEARS, self._read_year_range), (patterns.BARE_YEAR, self._read_bare_year)]
        return absolute + (relative if self.published else []) + years

    def _take_publication_day_from_update(self) -> None:
        """Takes the day of an update that the text states for the day of publication, if that is known no better."""
        for stamp in patterns.STAMP.finditer(self.text):
            for pattern, read in (
                (patterns.ISO, self._read_iso),
                (patterns.SLASHES, self._read_slashed),
                (patterns.MONTH_DAY, self._read_month_and_day),
            ):
                match = pattern.match(self.text, stamp.end())
                date = read(match) if match and (pattern is not patterns.MONTH_DAY or match["year"]) else None
                day = DatePoint.parse(date.date) if date else None
                if day and (not self.published or self.published.earliest <= day.earliest <= self.published.latest):
                    self.published = DatePoint.parse(f"{day}?")
                    self.seen_from = f"the update of {day} that the text states"
                    return

    # Absolute dates

    def _read_iso(self, match: re.Match) -> _FoundDate | None:
        return _make_date(match, match[1], "as written")

    def _read_slashed(self, match: re.Match) -> _FoundDate | None:
        first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
        year += 2000 if year < 100 else 0
        if match["mark"] == ".":
            return _make_date(match, _iso_day(year, second, first), "day, month and year, as points between them say")
        readings = {day for day in (_iso_day(year, first, second), _iso_day(year, second, first)) if day}
        if len(readings) == 2 and patterns.EASTERN.match(self.text, match.end()):
            readings = {min(readings, key=lambda day: int(day[5:7]) != first)}
        if len(readings) == 2 and self.published:
            # An update or a dateline is of the days around publication.
            near = {day for day in readings if abs(datetime.date.fromisoformat(day) - self.published.earliest).days <= 7}
            readings = near or readings
        return _make_date(match, readings.pop(), "the only order of day and month that fits") if len(readings) == 1 else None

    def _read_month_and_day(self, match: re.Match) -> _FoundDate | None:
        month, day = _number_of_month(match["month"]), _leading_number(match["day"])
        if not match["year"] and (month, day) == (9, 11) and patterns.ATTACKS_FOLLOW.match(self.text, match.end()):
            return None
        month_first = match.re is patterns.MONTH_DAY
        year, reasoning = self._resolve_year(match, month, day)
        if not year:
            return None
        last_day = _leading_number(match["day2"]) if match["day2"] else 0
        other_month = match["month2" if month_first else "month1"]
        range_end = ""
        if last_day:
            first_month = _number_of_month(other_month) if other_month and not month_first else month
            last_month = _number_of_month(other_month) if other_month and month_first else month
            range_end = _iso_day(year, last_month, last_day) or ""
            date = _iso_day(year - (first_month > last_month), first_month, day)
            joined_by_and = re.search(r"\band\b", match.group()) and (last_day != day + 1 or bool(other_month))
            if not date or range_end <= date or joined_by_and:
                range_end = ""
                if month_first and not match["year"]:
                    return _make_date(match, _iso_day(year, month, day), reasoning, end=match.end("day"))
            else:
                return _make_date(match, date, reasoning, range_end=range_end)
        return _make_date(match, _iso_day(year, month, day), reasoning)

    def _read_month_of_year(self, match: re.Match) -> _FoundDate | None:
        month = _number_of_month(match["month"])
        year, reasoning = self._resolve_year(match, month, 0)
        if not year:
            return None
        if not match["from"]:
            return _make_date(match, f"{year:04}-{month:02}", reasoning)
        first = _number_of_month(match["from"])
        start = f"{year - (first > month):04}-{first:02}"
        return _make_date(match, start, reasoning, range_end=f"{year:04}-{month:02}")

    def _read_season(self, match: re.Match) -> _FoundDate | None:
        return _make_date(match, match["year"], "a season; only its year is sure")

    def _read_year_range(self, match: re.Match) -> _FoundDate | None:
        first, last = match["year"], match["last"]
        last = last if len(last) == 4 else first[:2] + last
        return _make_date(match, first, "a range of years", range_end=last) if last > first else None

    def _read_bare_year(self, match: re.Match) -> _FoundDate | None:
        offset, year = match.start("year"), match["year"]
        text_before = self.text[max(0, match.start() - 30) : match.start()]
        if match["fiscal"]:
            return _make_date(match, f"{year}~", "a fiscal year, which need not be the calendar's")
        if not match["part"]:
            if patterns.NAMES_A_NUMBER.search(text_before) or qualifiers.qualifier_before(
                text_before, is_small_word=False, counts_people_or_things=False
            ):
                return None
            noun = counted_nouns.read_counted_noun(self.text, offset + 4)
            if not patterns.BEFORE_YEAR.search(text_before) and noun and self.text[offset + 5 : offset + 6].islower():
                return None
        return _make_date(match, year, "as written", score=0.85)

    def _resolve_year(self, match: re.Match, month: int, day: int) -> tuple[int, str]:
        """Return the year of a month or day and how it was determined; 0 if it cannot be."""
        if match["year"]:
            return int(match["year"]), "as written"
        if not self.published:
            return 0, ""
        if match["which"]:
            which = match["which"].lower()
            return self.published.year + _STEPS[which], f"{which} year, seen from {self.seen_from}"
        return self._guess_nearest_year(match, month, day)

    def _guess_nearest_year(self, match: re.Match, month: int, day: int) -> tuple[int, str]:
        assert self.published
        centre = self.published.earliest + (self.published.latest - self.published.earliest) / 2
        distances = []
        for year in (self.published.year - 1, self.published.year, self.published.year + 1):
            if written := _iso_day(year, month, day or 15):
                distances.append((abs((datetime.date.fromisoformat(written) - centre).days), year))
        if not distances:
            return 0, ""
        distances.sort()
        year = distances[0][1]
        if len(distances) > 1 and distances[1][0] < 3.5 * distances[0][0]:
            earlier, later = sorted(year for _, year in distances[:2])
            text_before = self.text[max(0, match.start() - _VERB_BEFORE) : match.start()]
            if match[0].lower().startswith("by"):
                year = later
            elif patterns.WAS_DONE.search(text_before):
                year = earlier
            elif patterns.WILL_BE.search(text_before):
                year = later
            # About half a year away in both directions: the sentence decides.
            elif distances[1][0] - distances[0][0] < 45:
                year = later if self._looks_ahead(match.start()) else earlier
        return year, f"no year is given; the nearest to {self.seen_from}"

    # Dates relative to the day of publication

    def _read_lone_month(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        month_name, words_before = match["month"], " ".join((match["lead"] or "").lower().split()).rstrip("-")
        following = self.text[match.end() : match.end() + 20]
        if (
            not words_before
            and (month_name in ("May", "March") or re.match(r"\s+(?:[A-Z]|\d)", following))
            or re.match(r"\s+\d", following)
        ):
            return None
        if words_before in ("the", "a", "to", "and", "of", "that", "for") and month_name in ("May", "March"):
            return None
        month = _number_of_month(month_name)
        start = match.start("month")
        if words_before.split(" ")[0] in _STEPS:
            start = match.start("lead")
            year = self._year_of_relative_month(words_before, month)
            reasoning = f"{words_before} {month_name}, seen from {self.seen_from}"
        else:
            year, reasoning = self._guess_nearest_year(match, month, 0)
        return _make_date(match, f"{year:04}-{month:02}", reasoning, start=start, score=0.85) if year else None

    def _year_of_relative_month(self, words_before: str, month: int) -> int:
        """Return the year of “last June” (before publication), “next June” (after it) or “this June”."""
        assert self.published
        month_of_publication = self.published.month or 6
        if words_before in ("last", "this past"):
            return self.published.year - (month >= month_of_publication)
        if words_before in ("next", "this coming"):
            return self.published.year + (month <= month_of_publication)
        return self.published.year

    def _read_weekday(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        if self.published.precision != "day":
            return None
        if patterns.NO_WEEKDAY_BEFORE.search(
            self.text, max(0, match.start() - 12), match.start()
        ) or patterns.NO_WEEKDAY_AFTER.match(self.text, match.end()):
            return None
        day = next(
            number for weekday_name, number in patterns.WEEKDAYS.items() if weekday_name.startswith(match["weekday"].rstrip("."))
        )
        which = " ".join((match["which"] or "").lower().split())
        published = self.published.earliest
        days_back = (published.weekday() - day) % 7
        weekday_name = list(patterns.WEEKDAYS)[day]
        if which in ("last", "this past"):
            date, direction = published - datetime.timedelta(days_back or 7), "the last one before"
        elif which in ("next", "coming", "this coming"):
            date, direction = published + datetime.timedelta(7 - days_back), "the next one after"
        elif which == "this" or (not which and days_back and self._looks_ahead(match.start())):
            date, direction = published + datetime.timedelta((7 - days_back) % 7), "the next one after"
        else:
            date, direction = published - datetime.timedelta(days_back), "the last one before"
        reasoning = (
            f"{weekday_name}, {direction} {self.seen_from}"
            if date != published
            else f"{weekday_name}, the day of {self.seen_from}"
        )
        return _make_date(match, _append_mark(date.isoformat(), self.published.mark), reasoning, score=0.85)

    def _read_relative_day(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        day_of_speech, seen_from = self._day_of_speech(match.start())
        if self.published.precision == "year" or (match["yesterday"] or match["tomorrow"]) and self.published.precision != "day":
            return None
        step = -1 if match["yesterday"] else 1 if match["tomorrow"] else 0
        words = " ".join(match.group().lower().split())
        if self.published.precision == "month":
            return _make_date(match, str(self.published), f"“{words}”; only the month of publication, {self.published}, is known")
        day = day_of_speech + datetime.timedelta(step)
        return _make_date(
            match, _append_mark(day.isoformat(), self.published.mark), f"“{words}”, seen from {seen_from}", score=0.85
        )

    @cached_property
    def _named_days(self) -> list[tuple[int, datetime.date]]:
        """Return the single days found by earlier forms, by place."""
        parsed = [(date.start, DatePoint.parse(date.date)) for date in self.found if not date.until]
        return sorted((start, date.earliest) for start, date in parsed if date.precision == "day")

    def _day_of_speech(self, offset: int) -> tuple[datetime.date, str]:
        """Return the day that “today” refers to, and how it was determined.

        In a quotation it is the last day named before it, if that was just before publication; otherwise the day of publication.
        """
        assert self.published
        published = self.published.earliest
        quotation_index = bisect_right(self._quoted, (offset, len(self.text))) - 1
        if (
            quotation_index >= 0
            and self._quoted[quotation_index][0] < offset < self._quoted[quotation_index][1]
            and self.published.precision == "day"
        ):
            day_index = bisect_right(self._named_days, (offset, datetime.date.max)) - 1
            named_day = self._named_days[day_index][1] if day_index >= 0 else published
            if 0 < (published - named_day).days <= 7:
                return named_day, f"{named_day}, the day named before the quotation"
        return published, self.seen_from

    def _read_relative_period(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        unit, words = match["unit"].lower(), " ".join(match.group().lower().split())
        is_part = words.startswith(("earlier", "later", "early", "late"))
        text_before = self.text[max(0, match.start() - 5) : match.start()].lower()
        if match["the"] and not is_part and not match["edge"] or re.search(r"\b(?:the|a|every)\s+$", text_before):
            return None
        step = 0 if match["the"] else _STEPS[match["which"].lower()]
        reasoning = f"“{words}”, seen from {self.seen_from}"
        if unit == "year":
            return _make_date(match, f"{self.published.year + step:04}", reasoning)
        if self.published.precision == "year":
            return None
        if unit == "month":
            assert self.published.month
            return _make_date(match, _append_mark(_shift_month(self.published, step), self.published.mark), reasoning)
        if self.published.precision == "month":
            return _make_date(match, str(self.published), f"{reasoning}; only its month is sure") if not step else None
        monday = self.published.earliest - datetime.timedelta(self.published.earliest.weekday() - 7 * step)
        sunday = monday + datetime.timedelta(6)
        day = self.published.earliest + datetime.timedelta(7 * step)
        mark = self.published.mark or ("" if monday.month == sunday.month else "~")
        return _make_date(match, f"{day.year:04}-{day.month:02}{mark}", f"{reasoning}; a week is no date, so its month")

    def _read_year_end(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        start, end = match.span("words")
        return _make_date(match, f"{self.published.year:04}", f"the year of {self.seen_from}", start=start, end=end)

    def _read_time_ago(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        number = 2 if match["number"].lower().startswith("a couple") else 1 if match["number"].lower() in ("a", "an") else 0
        if not number:
            stated_number = read_number(self.text, match.start("number"))
            number = int(stated_number.value) if stated_number and stated_number.value else 0
        unit, words = match["unit"].lower(), " ".join(match.group().lower().split())
        reasoning = f"“{words}”, seen from {self.seen_from}"
        mark = "~" if match["roughly"] and unit in ("day", "month") else ""
        if unit in ("year", "decade"):
            year = self.published.year - number * (10 if unit == "decade" else 1)
            if match["today"] and self.published.precision == "day":
                return _make_date(match, f"{year:04}{str(self.published)[4:]}", reasoning)
            if match["sharp"] and self.published.month:
                return _make_date(match, f"{year:04}-{self.published.month:02}", reasoning)
            # “A year ago” may be some weeks off: near the turn of a year that changes the year.
            near_turn_of_year = unit == "decade" or number >= 10 or (self.published.month or 1) in (1, 2, 11, 12)
            return _make_date(match, f"{year:04}{'~' if near_turn_of_year else ''}", reasoning) if 0 < year < 10000 else None
        if self.published.precision == "year" or number > 400:
            return None
        if unit == "month":
            return _make_date(match, f"{_shift_month(self.published, -number)}~", reasoning)
        if self.published.precision != "day":
            return None
        day = self.published.earliest - datetime.timedelta(number * _UNITS[unit])
        if unit == "week" or number > 7:
            return _make_date(
                match,
                f"{day.year:04}-{day.month:02}{'~' if day.day < 5 or day.day > 25 else ''}",
                f"{reasoning}; only its month is sure",
            )
        return _make_date(match, _append_mark(day.isoformat(), mark or self.published.mark), reasoning)

    def _looks_ahead(self, offset: int) -> bool:
        """Return whether the nearest verb before, in the sentence, is about the future."""
        text_before = patterns.SENTENCE_END.split(self.text[max(0, offset - _LOOK_BACK) : offset])[-1]
        last_future = max((match.end() for match in patterns.FUTURE.finditer(text_before)), default=-1)
        last_past = max((match.end() for match in patterns.PAST.finditer(text_before)), default=-1)
        return last_future >= last_past and last_future >= 0


_STEPS = {"last": -1, "this": 0, "next": 1}


def _point_of_publication(published_on: str) -> DatePoint | None:
    """Return the day, month or year of publication, for an interval the one that it lies in; None if that is not known."""
    try:
        date = PartialDate.parse(published_on)
    except ValueError:
        return None
    if isinstance(date, DatePoint):
        return date
    if date.earliest and date.latest:
        mark = "~" if date.is_approximate else "?" if date.is_uncertain else ""
        first, last = date.bounds
        # As far as its first and last day have the same text: to the day, the month or the year.
        for length in (10, 7, 4):
            if first[:length] == last[:length]:
                return DatePoint.parse(first[:length] + mark)
    return None


def _make_date(
    match: re.Match, date: str | None, reasoning: str, *, range_end: str = "", score: float = 0.95, start: int = -1, end: int = -1
) -> _FoundDate | None:
    """Return a date with its span: by default that of the match, without outer space.

    None if the calendar has no such date.
    """
    try:
        DatePoint.parse(date or "")
        if range_end:
            DatePoint.parse(range_end)
    except ValueError:
        return None
    start, end = start if start >= 0 else match.start(), end if end >= 0 else match.end()
    words = match.string[start:end]
    return _FoundDate(
        start + len(words) - len(words.lstrip()), start + len(words.rstrip()), date or "", reasoning, range_end, score
    )


def _iso_day(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _shift_month(date: DatePoint, months: int) -> str:
    """Return the month that many months after that of `date`, as a partial date without a mark."""
    year, month = divmod(date.year * 12 + (date.month or 1) - 1 + months, 12)
    return f"{year:04}-{month + 1:02}"


def _append_mark(date: str, mark: str) -> str:
    return f"{date}{mark}"


def _leading_number(words: str) -> int:
    return int(re.match(r"\d+", words)[0])  # type: ignore[index]


def _number_of_month(name: str) -> int:
    return patterns.MONTHS.get(name) or patterns.SHORT[name.rstrip(".")]
