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

from entities.dates import PartialDate
from entities.vocabulary import SuggestionKind
from sources.suggestions import counted_nouns, qualifiers
from sources.suggestions import date_patterns as patterns
from sources.suggestions.numbers import read_number
from sources.suggestions.suggestion import Suggestion

DATE_RULE = "dates/1"
_LOOK_BACK = 100

_UNITS = {"day": 1, "week": 7}


# The verb next before a date without a year.
_VERB_BEFORE = 40


class _FoundDate(NamedTuple):
    """A date that was read, how it was found, and where its words stand."""

    start: int
    end: int
    date: str
    reasoning: str
    until: str = ""
    score: float = 0.9


def find(text: str, published_on: str) -> list[Suggestion]:
    """The dates of `text`, in order of place. `published_on`: a partial date, or '' if it is not known."""
    reader = _DateReader(text, published_on)
    taken = bytearray(len(text))
    for address in patterns.ADDRESS.finditer(text):
        taken[address.start() : address.end()] = b"\x01" * len(address.group())
    for pattern, read in reader.date_forms():
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            date = read(match)
            if date:
                taken[date.start : date.end] = b"\x01" * (date.end - date.start)
                reader.found.append(date)
    return [_date_suggestion(text, date) for date in sorted(reader.found)]


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
        try:
            self.published = PartialDate.parse(published_on) if published_on else None
        except ValueError:
            self.published = None
        if self.published and not 1000 <= self.published.year <= 9000:
            # At the edges of the calendar there is no last year to reckon with.
            self.published = None
        self.seen_from = f"publication on {self.published}"
        if not self.published or self.published.precision != "day":
            self._read_stamp()
        self._quoted = [match.span() for match in patterns.QUOTED.finditer(text)]

    def date_forms(self) -> Sequence[tuple[re.Pattern, Callable[[re.Match], _FoundDate | None]]]:
        """The forms of dates, each with what reads it; what an earlier one has taken no later one gets."""
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

    def _read_stamp(self) -> None:
        """Takes the day of an update that the text states for the day of publication, if that is known no better."""
        for stamp in patterns.STAMP.finditer(self.text):
            for pattern, read in (
                (patterns.ISO, self._read_iso),
                (patterns.SLASHES, self._read_slashed),
                (patterns.MONTH_DAY, self._read_month_and_day),
            ):
                match = pattern.match(self.text, stamp.end())
                date = read(match) if match and (pattern is not patterns.MONTH_DAY or match["year"]) else None
                day = PartialDate.parse(date.date) if date else None
                if day and (not self.published or self.published.earliest <= day.earliest <= self.published.latest):
                    self.published = PartialDate.parse(f"{day}?")
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
        forwards = match.re is patterns.MONTH_DAY
        year, reasoning = self._resolve_year(match, month, day)
        if not year:
            return None
        day2 = _leading_number(match["day2"]) if match["day2"] else 0
        other = match["month2" if forwards else "month1"]
        until = ""
        if day2:
            first = _number_of_month(other) if other and not forwards else month
            last = _number_of_month(other) if other and forwards else month
            until = _iso_day(year, last, day2) or ""
            date = _iso_day(year - (first > last), first, day)
            joined_by_and = re.search(r"\band\b", match.group()) and (day2 != day + 1 or bool(other))
            if not date or until <= date or joined_by_and:
                until = ""
                if forwards and not match["year"]:
                    return _make_date(match, _iso_day(year, month, day), reasoning, end=match.end("day"))
            else:
                return _make_date(match, date, reasoning, until=until)
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
        return _make_date(match, start, reasoning, until=f"{year:04}-{month:02}")

    def _read_season(self, match: re.Match) -> _FoundDate | None:
        return _make_date(match, match["year"], "a season; only its year is sure")

    def _read_year_range(self, match: re.Match) -> _FoundDate | None:
        first, last = match["year"], match["last"]
        last = last if len(last) == 4 else first[:2] + last
        return _make_date(match, first, "a range of years", until=last) if last > first else None

    def _read_bare_year(self, match: re.Match) -> _FoundDate | None:
        at, year = match.start("year"), match["year"]
        lead = self.text[max(0, match.start() - 30) : match.start()]
        if match["fiscal"]:
            return _make_date(match, f"{year}~", "a fiscal year, which need not be the calendar's")
        if not match["part"]:
            if patterns.NAMES_A_NUMBER.search(lead) or qualifiers.qualifier_before(lead, small=False, counted=False):
                return None
            noun = counted_nouns.read_counted_noun(self.text, at + 4)
            if not patterns.BEFORE_YEAR.search(lead) and noun and self.text[at + 5 : at + 6].islower():
                return None
        return _make_date(match, year, "as written", score=0.85)

    def _resolve_year(self, match: re.Match, month: int, day: int) -> tuple[int, str]:
        """The year of a month, or of a day of it, and how it was found; 0 if it cannot be."""
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
            lead = self.text[max(0, match.start() - _VERB_BEFORE) : match.start()]
            if match[0].lower().startswith("by"):
                year = later
            elif patterns.WAS_DONE.search(lead):
                year = earlier
            elif patterns.WILL_BE.search(lead):
                year = later
            # About half a year away either way: the sentence decides.
            elif distances[1][0] - distances[0][0] < 45:
                year = later if self._looks_ahead(match.start()) else earlier
        return year, f"no year is given; the nearest to {self.seen_from}"

    # Dates seen from the day of publication

    def _read_lone_month(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        name, lead = match["month"], " ".join((match["lead"] or "").lower().split()).rstrip("-")
        following = self.text[match.end() : match.end() + 20]
        if not lead and (name in ("May", "March") or re.match(r"\s+(?:[A-Z]|\d)", following)) or re.match(r"\s+\d", following):
            return None
        if lead in ("the", "a", "to", "and", "of", "that", "for") and name in ("May", "March"):
            return None
        month = _number_of_month(name)
        start = match.start("month")
        if lead.split(" ")[0] in _STEPS:
            start = match.start("lead")
            year = self._year_of_relative_month(lead, month)
            reasoning = f"{lead} {name}, seen from {self.seen_from}"
        else:
            year, reasoning = self._guess_nearest_year(match, month, 0)
        return _make_date(match, f"{year:04}-{month:02}", reasoning, start=start, score=0.85) if year else None

    def _year_of_relative_month(self, lead: str, month: int) -> int:
        """The year of “last June” (the one before publication), “next June” (the one after it), “this June”."""
        assert self.published
        now = self.published.month or 6
        if lead in ("last", "this past"):
            return self.published.year - (month >= now)
        if lead in ("next", "this coming"):
            return self.published.year + (month <= now)
        return self.published.year

    def _read_weekday(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        if self.published.precision != "day":
            return None
        if patterns.NO_WEEKDAY_BEFORE.search(
            self.text, max(0, match.start() - 12), match.start()
        ) or patterns.NO_WEEKDAY_AFTER.match(self.text, match.end()):
            return None
        day = next(number for name, number in patterns.WEEKDAYS.items() if name.startswith(match["weekday"].rstrip(".")))
        which = " ".join((match["which"] or "").lower().split())
        published = self.published.earliest
        back = (published.weekday() - day) % 7
        name = list(patterns.WEEKDAYS)[day]
        if which in ("last", "this past"):
            date, how = published - datetime.timedelta(back or 7), "the last one before"
        elif which in ("next", "coming", "this coming"):
            date, how = published + datetime.timedelta(7 - back), "the next one after"
        elif which == "this" or (not which and back and self._looks_ahead(match.start())):
            date, how = published + datetime.timedelta((7 - back) % 7), "the next one after"
        else:
            date, how = published - datetime.timedelta(back), "the last one before"
        reasoning = f"{name}, {how} {self.seen_from}" if date != published else f"{name}, the day of {self.seen_from}"
        return _make_date(match, _append_mark(date.isoformat(), self.published.mark), reasoning, score=0.85)

    def _read_relative_day(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        base, seen_from = self._day_of_speech(match.start())
        if self.published.precision == "year" or (match["yesterday"] or match["tomorrow"]) and self.published.precision != "day":
            return None
        step = -1 if match["yesterday"] else 1 if match["tomorrow"] else 0
        words = " ".join(match.group().lower().split())
        if self.published.precision == "month":
            return _make_date(match, str(self.published), f"“{words}”; only the month of publication, {self.published}, is known")
        day = base + datetime.timedelta(step)
        return _make_date(
            match, _append_mark(day.isoformat(), self.published.mark), f"“{words}”, seen from {seen_from}", score=0.85
        )

    @cached_property
    def _named_days(self) -> list[tuple[int, datetime.date]]:
        """The single days that the forms before this one have found, by place."""
        parsed = [(date.start, PartialDate.parse(date.date)) for date in self.found if not date.until]
        return sorted((start, date.earliest) for start, date in parsed if date.precision == "day")

    def _day_of_speech(self, at: int) -> tuple[datetime.date, str]:
        """The day from which “today” is to be seen: in a quotation the last day named before it, if that was just before
        publication; else the day of publication."""
        assert self.published
        published = self.published.earliest
        here = bisect_right(self._quoted, (at, len(self.text))) - 1
        if here >= 0 and self._quoted[here][0] < at < self._quoted[here][1] and self.published.precision == "day":
            before = bisect_right(self._named_days, (at, datetime.date.max)) - 1
            named = self._named_days[before][1] if before >= 0 else published
            if 0 < (published - named).days <= 7:
                return named, f"{named}, the day named before the quotation"
        return published, self.seen_from

    def _read_relative_period(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        unit, words = match["unit"].lower(), " ".join(match.group().lower().split())
        part = words.startswith(("earlier", "later", "early", "late"))
        before = self.text[max(0, match.start() - 5) : match.start()].lower()
        if match["the"] and not part and not match["edge"] or re.search(r"\b(?:the|a|every)\s+$", before):
            return None
        step = 0 if match["the"] else _STEPS[match["which"].lower()]
        seen = f"“{words}”, seen from {self.seen_from}"
        if unit == "year":
            return _make_date(match, f"{self.published.year + step:04}", seen)
        if self.published.precision == "year":
            return None
        if unit == "month":
            assert self.published.month
            return _make_date(match, _append_mark(_shift_month(self.published, step), self.published.mark), seen)
        if self.published.precision == "month":
            return _make_date(match, str(self.published), f"{seen}; only its month is sure") if not step else None
        monday = self.published.earliest - datetime.timedelta(self.published.earliest.weekday() - 7 * step)
        sunday = monday + datetime.timedelta(6)
        day = self.published.earliest + datetime.timedelta(7 * step)
        mark = self.published.mark or ("" if monday.month == sunday.month else "~")
        return _make_date(match, f"{day.year:04}-{day.month:02}{mark}", f"{seen}; a week is no date, so its month")

    def _read_year_end(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        start, end = match.span("words")
        return _make_date(match, f"{self.published.year:04}", f"the year of {self.seen_from}", start=start, end=end)

    def _read_time_ago(self, match: re.Match) -> _FoundDate | None:
        assert self.published
        number = 2 if match["number"].lower().startswith("a couple") else 1 if match["number"].lower() in ("a", "an") else 0
        if not number:
            read = read_number(self.text, match.start("number"))
            number = int(read.value) if read and read.value else 0
        unit, words = match["unit"].lower(), " ".join(match.group().lower().split())
        seen = f"“{words}”, seen from {self.seen_from}"
        mark = "~" if match["roughly"] and unit in ("day", "month") else ""
        if unit in ("year", "decade"):
            year = self.published.year - number * (10 if unit == "decade" else 1)
            if match["today"] and self.published.precision == "day":
                return _make_date(match, f"{year:04}{str(self.published)[4:]}", seen)
            if match["sharp"] and self.published.month:
                return _make_date(match, f"{year:04}-{self.published.month:02}", seen)
            # “A year ago” may be some weeks off: near the turn of a year that changes the year.
            near = unit == "decade" or number >= 10 or (self.published.month or 1) in (1, 2, 11, 12)
            return _make_date(match, f"{year:04}{'~' if near else ''}", seen) if 0 < year < 10000 else None
        if self.published.precision == "year" or number > 400:
            return None
        if unit == "month":
            return _make_date(match, f"{_shift_month(self.published, -number)}~", seen)
        if self.published.precision != "day":
            return None
        day = self.published.earliest - datetime.timedelta(number * _UNITS[unit])
        if unit == "week" or number > 7:
            return _make_date(
                match,
                f"{day.year:04}-{day.month:02}{'~' if day.day < 5 or day.day > 25 else ''}",
                f"{seen}; only its month is sure",
            )
        return _make_date(match, _append_mark(day.isoformat(), mark or self.published.mark), seen)

    def _looks_ahead(self, at: int) -> bool:
        """Whether the nearest verb before, in the sentence, is about what is to come."""
        lead = patterns.SENTENCE_END.split(self.text[max(0, at - _LOOK_BACK) : at])[-1]
        ahead = max((match.end() for match in patterns.FUTURE.finditer(lead)), default=-1)
        back = max((match.end() for match in patterns.PAST.finditer(lead)), default=-1)
        return ahead >= back and ahead >= 0


_STEPS = {"last": -1, "this": 0, "next": 1}


def _make_date(
    match: re.Match, date: str | None, reasoning: str, *, until: str = "", score: float = 0.95, start: int = -1, end: int = -1
) -> _FoundDate | None:
    """A date with its span: the match's, without the space at its ends, unless told otherwise. None if the calendar has none."""
    try:
        PartialDate.parse(date or "")
        if until:
            PartialDate.parse(until)
    except ValueError:
        return None
    start, end = start if start >= 0 else match.start(), end if end >= 0 else match.end()
    words = match.string[start:end]
    return _FoundDate(start + len(words) - len(words.lstrip()), start + len(words.rstrip()), date or "", reasoning, until, score)


def _iso_day(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def _shift_month(date: PartialDate, months: int) -> str:
    """The month so many months after that of `date`, as a partial date without a mark."""
    year, month = divmod(date.year * 12 + (date.month or 1) - 1 + months, 12)
    return f"{year:04}-{month + 1:02}"


def _append_mark(date: str, mark: str) -> str:
    return f"{date}{mark}"


def _leading_number(words: str) -> int:
    return int(re.match(r"\d+", words)[0])  # type: ignore[index]


def _number_of_month(name: str) -> int:
    return patterns.MONTHS.get(name) or patterns.SHORT[name.rstrip(".")]
