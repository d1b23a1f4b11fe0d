"""What the readers of dates share about one text: its words, its day of publication, and the years that follow from both."""

import datetime
import re
from collections import defaultdict
from functools import cached_property

from entities.dates import DatePoint
from sources.suggestions.date_patterns import DatePatterns, chosen
from sources.suggestions.date_tense import Tense, TenseReader
from sources.suggestions.found_date import FoundDate, iso_day
from sources.suggestions.publication_day import point_of_publication

_NEAR_HALF_A_YEAR = 45
"""Days of difference up to which the same day of two years is about equally far away."""


class DateContext:
    """One text in one language that was published on one day, as far as that is known."""

    def __init__(self, text: str, published_on: str, patterns: DatePatterns):
        self.text = text
        self.patterns = patterns
        self.words = patterns.words
        self.tenses = TenseReader(text, patterns)
        self.found: list[FoundDate] = []
        self.published: DatePoint | None = point_of_publication(published_on)
        self.seen_from = f"publication on {self.published}"

    @cached_property
    def places_of_days(self) -> dict[int, list[int]]:
        """Return where “today” and its like stand, by the number of days from today."""
        places: dict[int, list[int]] = defaultdict(list)
        for match in self.patterns.day_seen_from.finditer(self.text):
            places[chosen(match, "day", self.words.days) or 0].append(match.start())
        return places

    def month_number(self, name: str) -> int:
        """Return the number of the month that a name or abbreviation means."""
        name = name.rstrip(".").lower()
        return self.words.months.get(name) or self.words.short_months[name]

    def weekday_number(self, name: str) -> int:
        """Return the number of a weekday by its name or abbreviation; Monday is 0."""
        name = name.rstrip(".").lower()
        return self.words.weekdays[name] if name in self.words.weekdays else self.words.short_weekdays[name]

    def resolve_year(self, match: re.Match, month: int, day: int) -> tuple[int, str, str]:
        """Return the year of a month or day, how it was determined, and a mark if it is uncertain; 0 if it cannot be."""
        if match["year"]:
            return int(match["year"]), "as written", ""
        if not self.published:
            return 0, "", ""
        step = chosen(match, "beside", self.words.years_beside)
        if step is not None:
            name = {-1: "last", 0: "this", 1: "next"}[step]
            return self.published.year + step, f"{name} year, seen from {self.seen_from}", ""
        weekday = match.groupdict().get("weekday")
        if day and (stepped := self._year_of_step(match, month, day)):
            return stepped, f"“last” or “next” of that day, seen from {self.seen_from}", ""
        return self.guess_nearest_year(match, month, day, self.weekday_number(weekday) if weekday else None)

    def _year_of_step(self, match: re.Match, month: int, day: int) -> int:
        """Return the year of “next July 8” or “8 juillet dernier”; 0 if no such word stands beside it."""
        assert self.published
        before = self.patterns.step_before_month.search(self.text, max(0, match.start() - 30), match.start())
        behind = self.patterns.step_behind_month.match(self.text, match.end())
        step = chosen(before, "stepped", self.words.months_stepped) if before else None
        if step is None and behind:
            step = chosen(behind, "behind", self.words.months_stepped_behind)
        if not step:
            return 0
        year = self.published.year
        written = iso_day(year, month, day)
        if not written:
            return 0
        is_before = datetime.date.fromisoformat(written) < self.published.earliest
        return year - (not is_before) if step < 0 else year + is_before

    def guess_nearest_year(self, match: re.Match, month: int, day: int, weekday: int | None = None) -> tuple[int, str, str]:
        """Return the year in which a month or day is nearest to publication, how it was determined, and a mark.

        Where two years are nearly as near, the weekday or the tense decides; where neither does, the nearer is uncertain.
        """
        assert self.published
        centre = self.published.earliest + (self.published.latest - self.published.earliest) / 2
        days_of_years = [
            (year, datetime.date.fromisoformat(written))
            for year in (self.published.year - 1, self.published.year, self.published.year + 1)
            if (written := iso_day(year, month, day or 15))
        ]
        if not days_of_years:
            return 0, "", ""
        distances = sorted((abs((date - centre).days), year, date) for year, date in days_of_years)
        reasoning = f"no year is given; the nearest to {self.seen_from}"
        nearest = distances[0][1]
        if len(distances) == 1 or distances[1][0] >= 3.5 * distances[0][0]:
            return nearest, reasoning, ""
        on_weekday = [year for _, year, date in distances[:2] if date.weekday() == weekday]
        if len(on_weekday) == 1:
            return on_weekday[0], f"no year is given; the nearest to {self.seen_from} with that weekday", ""
        earlier, later = sorted(year for _, year, _ in distances[:2])
        tense = self.tenses.deed_tense(match.start(), match.end())
        if match[0].lower().startswith("by "):
            tense = Tense.FUTURE
        if tense:
            return earlier if tense == Tense.PAST else later, reasoning, ""
        if distances[1][0] - distances[0][0] >= _NEAR_HALF_A_YEAR:
            is_past = distances[0][2] < centre
            is_told = (is_past or not day) if not self.words.tense_is_needed else is_past and self._is_since(match)
            mark, doubt = ("", "") if is_told else ("?", "; no verb tells which year")
            return nearest, f"{reasoning}{doubt}", mark
        # About half a year away in both directions, and no verb tells which.
        year = later if self.tenses.looks_ahead(match.start()) else earlier
        return year, f"{reasoning}, which is as near in {earlier} as in {later}", "?"

    def _is_since(self, match: re.Match) -> bool:
        """Return whether the date is the beginning of something that goes on."""
        start = match.start("day" if match.groupdict().get("day") else "month")
        return self.patterns.stands_before("since", self.text, start)
