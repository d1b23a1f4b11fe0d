"""Patterns of dates: those that need no language, and those of one language, made from its words."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import TypeVar

from sources.suggestions.date_words import VOCABULARIES
from sources.suggestions.date_words.vocabulary import DateVocabulary
from sources.suggestions.written_numbers import WORD_GAP

YEAR = r"(?:1\d|20)\d\d(?![\w%]|,\d{3}|[.]\d)"
DASH = r"\s?[-‐‑–—]\s?"
_LOOK_AROUND = 40
NOT_IN_A_NUMBER = r"(?<![\w.,/:$€£#–—-])"

ISO = re.compile(r"(?<![\w/-])(\d{4}(?P<mark>[-/])\d{2}(?P=mark)\d{2})(?![\d/-])")
NUMERIC = re.compile(
    r"(?<![\w/.-])(?P<first>\d{1,2})(?P<mark>[/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/]|[.-]\d)"
)
YEARS_IN_BRACKETS = re.compile(r"(?<=[(\[])(?P<year>(?:19|20)\d\d)\s?[-–]\s?(?P<last>(?:19|20)\d\d)(?=[)\]])")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S{1,64}@\S+")
QUOTED = re.compile(r"“[^“”„«]*(?:”|(?=[“„«])|\Z)|\"[^\"\n]*\"|„[^„“”\"\n]*[“”\"]|«[^»]*(?:»|\Z)")
SENTENCE_END = re.compile(r"(?<!\b\d)(?<!\b\d\d)[.!?…][\"”’'»“]?\s+(?=[\"“„«*]*[A-ZÀ-ÝĄ-ŽА-ЯЄІЇҐ])|\n\s*\n")
SHORT_YEAR = re.compile(r",?[^\S\n]+(?:['’](?P<marked>\d{2})|(?P<year>\d{2}))(?![\w%’']|[.,:/]\d|\s*%)(?P<counts>\s+\w)?")
"""Two figures behind a day and month; what follows may show that they count something."""
EASTERN = re.compile(r"[^\n]{0,20}\b(?:E[SD]?T|P[SD]?T|C[SD]T)\b")
"""An American time zone behind a date, in whose day the month comes first."""
NAMED_AFTER_DAY = re.compile(
    r"(?:\b(?:rue|places?|avenue|boulevard|pont|mouvement|Straße|Strasse|Platz|Brücke|Bewegung|ul\.|ulic\w+|plac\w*|al\.|alej\w+|rond\w+|"
    r"most\w*)|(?<!\w)(?:вул\.|вулиц\w+|площ\w+|пл\.|майдан\w*|просп\.|проспект\w*))\s+(?:du|des|de la)?\s*\Z",
    re.IGNORECASE,
)
"""Streets and movements that are named after a day."""
ATTACKS_FOLLOW = re.compile(r"\s+(?:terror|attack)")
"""What makes September 11 the day of 2001, whenever it is named."""

MONTH_AS_A_NAME = re.compile(
    r"\b(?!(?:In|Since|By|Until|Till|From|Last|This|Next|Early|Late|Mid|During|After|Before|Between|And|The|On|Of|To|Through|But|For|"
    r"Or|If|When|While|As|Its|Earlier|Later|Every|Each|That)\b)[A-Z][a-z]*\.?\s+(?P<month>May|March)\b(?!\s+\d)"
)


def alternatives(prefix: str, choices: Iterable[tuple[str, object]]) -> str:
    """Return a fragment that matches any of the choices; the group `prefix` and its number tells which one did."""
    return "|".join(f"(?P<{prefix}{number}>{fragment})" for number, (fragment, _) in enumerate(choices)) or r"(?!)"


_Meaning = TypeVar("_Meaning")


def chosen(match: re.Match, prefix: str, choices: Sequence[tuple[str, _Meaning]]) -> _Meaning | None:
    """Return what the choice means that matched in a pattern with `alternatives(prefix, choices)`; None if none did."""
    groups = match.groupdict()
    return next((meaning for number, (_, meaning) in enumerate(choices) if groups.get(f"{prefix}{number}") is not None), None)


@cache
def patterns_of(language: str) -> "DatePatterns":
    """Return the patterns of one of `READ_LANGUAGES`."""
    return DatePatterns(VOCABULARIES[language])


class DatePatterns:
    """Patterns of dates made from the words of one language."""

    def __init__(self, words: DateVocabulary):
        self.words = words
        self._patterns_around: dict[str, re.Pattern] = {}
        self.month = self._names(words.months, words.short_months, r"\.?")
        self.weekday = self._names(words.weekdays, words.short_weekdays, r"\.", "")
        self.day = rf"(?:0?[1-9]|[12]\d|3[01]){words.day_suffix}(?!\w|,\d{{3}}|[.:/]\d|\s*(?:{words.not_a_day}))"
        article = f"(?:(?:{words.day_article}) )?" if words.day_article else ""
        self.join = f"(?:{DASH}|(?: (?:(?P<and>{words.range_and})|{words.range_to}) ){article})"
        which = alternatives("stepped", words.weekdays_stepped)
        behind = alternatives("behind", words.weekdays_stepped_behind)
        self.stepped_weekday = f"(?:(?i:{which}) )?(?P<weekday>{self.weekday}){words.weekday_part}(?!\\w)(?: (?:{behind})\\b)?"
        self.day_of_week = rf"(?:{self.stepped_weekday}(?:,? {article}| ?(?P<open>\())(?:{article}))?"
        beside = alternatives("beside", words.years_beside)
        self.year = rf"(?:,? {words.year_head}(?P<year>{YEAR}){words.year_tail}|,? (?:{beside})(?!\w))"

    def _names(self, names: Iterable[str], short_names: Iterable[str], point: str, end: str = r"(?!\w)") -> str:
        """Return a fragment that matches any of the names, or one of the abbreviations with `point`."""
        case = "" if self.words.names_are_capitalised else "i"
        spell = str.capitalize if self.words.names_are_capitalised else str
        long, short = ("|".join(sorted(map(spell, forms), key=len, reverse=True)) for forms in (names, short_names))
        flag = f"(?{case}:" if case else "(?:"
        return rf"{flag}(?:{long}){end}" + (rf"|(?:{short})(?!\w){point}" if short else "") + ")"

    def _compiled(self, fragment: str, flags: int = 0) -> re.Pattern:
        return re.compile(fragment.replace(" ", WORD_GAP), flags)

    def stands_before(self, member: str, text: str, offset: int) -> bool:
        """Return whether the words of the vocabulary's `member` stand just before `offset`."""
        return bool(self._around(member, before=True).search(text[max(0, offset - _LOOK_AROUND) : offset]))

    def stands_after(self, member: str, text: str, offset: int) -> bool:
        """Return whether the words of the vocabulary's `member` stand at `offset`."""
        return bool(self._around(member, before=False).match(text, offset))

    def _around(self, member: str, *, before: bool) -> re.Pattern:
        if member not in self._patterns_around:
            fragment = getattr(self.words, member) or r"(?!)"
            fragment = rf"(?<!\w)(?:{fragment})(?:\s+|(?<=['’-]))$" if before else fragment
            self._patterns_around[member] = self._compiled(fragment, re.IGNORECASE)
        return self._patterns_around[member]

    # Absolute dates

    @cached_property
    def month_day(self) -> re.Pattern:
        if not self.words.month_first:
            return re.compile(r"(?!)")
        other = rf"(?:{self.join}(?:(?P<other_month>{self.month}) )?(?P<last_day>{self.day}))?"
        return self._compiled(
            rf"(?<!\d\s)(?<!\d(?:st|nd|rd|th)\s)"
            rf"\b{self.day_of_week}(?P<month>{self.month}) (?P<day>{self.day}){other}{self.year}?"
            r"(?(open)\s?\))"
        )

    @cached_property
    def day_month(self) -> re.Pattern:
        of = self.words.before_month
        other = rf"(?:(?: {of}(?P<other_month>{self.month}){self.year_of_first})?{self.join}(?P<last_day>{self.day}))?"
        return self._compiled(
            rf"{NOT_IN_A_NUMBER}{self.day_of_week}(?P<day>{self.day}){other} {of}(?P<month>{self.month}){self.year}?"
            r"(?(open)\s?\))"
        )

    @property
    def year_of_first(self) -> str:
        return f"(?:,? {self.words.year_head}(?P<first_year>{YEAR}){self.words.year_tail})?"

    @cached_property
    def day_and_month_in_figures(self) -> re.Pattern:
        return re.compile(r"(?<![\w.,/:-])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?!\s?\d)")

    @cached_property
    def step_before_month(self) -> re.Pattern:
        """Pattern of “last” and “next” before a day and month."""
        return self._compiled(rf"(?<!\w)(?:{alternatives('stepped', self.words.months_stepped)}) \Z", re.IGNORECASE)

    @cached_property
    def step_behind_month(self) -> re.Pattern:
        return self._compiled(rf" (?:{alternatives('behind', self.words.months_stepped_behind)})\b", re.IGNORECASE)

    @cached_property
    def month_year(self) -> re.Pattern:
        return self._compiled(rf"\b(?:(?P<first_month>{self.month}){self.join})?(?P<month>{self.month}){self.year}")

    @cached_property
    def part_of_year(self) -> re.Pattern:
        words = self.words
        year = (
            f",? {words.year_head}(?:(?P<year>{YEAR}){words.year_tail}|(?:{alternatives('beside', words.years_beside)})(?!\\w))"
        )
        return self._compiled(rf"(?<!\w)(?:(?P<season>(?i:{words.seasons}))|(?i:{words.part_of_year})){year}(?![-–/]\d)")

    @cached_property
    def year_range(self) -> re.Pattern:
        to_or_and = f"{self.words.range_to}|{self.words.range_and}"
        fiscal = f"(?P<fiscal>{self.words.fiscal})?" if self.words.fiscal else "(?P<fiscal>(?!))?"
        return self._compiled(
            rf"{NOT_IN_A_NUMBER}{fiscal}(?P<year>(?:19|20)\d\d)(?:\s?[-‑–—/]\s?|(?P<worded> (?:{to_or_and}) ))"
            rf"(?P<last>(?:19|20)?\d\d)(?![\w%]|\s?[-–—/]\s?\d|[.,]\d)(?:(?i:{self.words.certain_after_year})(?!\w))?"
        )

    @cached_property
    def lone_year(self) -> re.Pattern:
        part = f"(?P<part>(?i:{self.words.year_part}))?" if self.words.year_part else "(?P<part>(?!))?"
        fiscal = f"(?P<fiscal>(?i:{self.words.fiscal}))?" if self.words.fiscal else "(?P<fiscal>(?!))?"
        return self._compiled(
            rf"(?:{NOT_IN_A_NUMBER}{part}{fiscal}|(?<=[(\[])|(?<=[‘’'\"“]))(?P<year>(?:1[89]|20)\d\d)"
            rf"(?P<tail>(?i:{self.words.certain_after_year})(?!\w))?(?(tail)|(?![\w%]|,\d{{3}}|[.]\d|[-–]\d))"
        )

    # Dates seen from the day of publication

    @cached_property
    def time_ago(self) -> re.Pattern:
        words = self.words
        number_word = "|".join(sorted(words.numbers, key=len, reverse=True))
        units = alternatives("unit", words.ago_units)
        single = alternatives("single", words.ago_single)
        after = rf" {words.ago_after}\b" if words.ago_after else r"\b"
        before = f"{words.ago_before} " if words.ago_before else ""
        exactly = (
            r"(?: (?:(?P<today>today)|this (?P<sharp>week|month))\b)?"
            if words.month_first
            else "(?P<today>(?!))?(?P<sharp>(?!))?"
        )
        return self._compiled(
            rf"(?<![\w-]){before}(?:(?P<roughly>{words.ago_roughly}) )?"
            rf"(?:(?P<number>\d{{1,3}}|(?:{number_word})(?:(?:-| )(?:{number_word}))?) (?:{units})|(?:{single})){after}{exactly}",
            re.IGNORECASE,
        )

    @cached_property
    def period(self) -> re.Pattern:
        words = self.words
        kinds = "|".join(
            alternatives(kind, choices)
            for kind, choices in (
                ("week", words.weeks),
                ("month", words.year_months),
                ("year", words.years),
                ("weekend", ((words.weekends, 0),)),
            )
        )
        lead = f"(?:{words.period_lead} )?" if words.period_lead else ""
        return self._compiled(rf"(?<![\w'’-]){lead}(?:{kinds})(?!\w)", re.IGNORECASE)

    @cached_property
    def year_end(self) -> re.Pattern:
        return self._compiled(rf"\b{self.words.year_end}", re.IGNORECASE)

    @cached_property
    def lone_month(self) -> re.Pattern:
        words = self.words
        leads = f"(?P<lead>(?i:{words.months_after}))|(?i:{alternatives('stepped', words.months_stepped)})"
        behind = alternatives("behind", words.months_stepped_behind)
        return self._compiled(rf"(?<![\w'’])(?:(?:{leads})(?:-| |(?<=['’])))?(?P<month>{self.month})(?!\w)(?: (?:{behind})\b)?")

    @cached_property
    def lone_weekday(self) -> re.Pattern:
        return self._compiled(rf"(?<!\w){self.stepped_weekday}(?![\w-])")

    @cached_property
    def day_seen_from(self) -> re.Pattern:
        return self._compiled(
            rf"(?<![\w'’-])(?:{alternatives('day', self.words.days)}){self.words.weekday_part}(?![\w-])", re.IGNORECASE
        )

    # Words around dates

    @cached_property
    def update_stamp(self) -> re.Pattern:
        """Pattern of the words before the day on which a text was last changed."""
        return self._compiled(rf"\b(?:{self.words.updated})(?: on| at|:)?:? ", re.IGNORECASE)

    @cached_property
    def to_weekday(self) -> re.Pattern:
        """Pattern of what follows the first weekday of a range."""
        return self._compiled(
            rf"(?:{DASH}|,? (?:{self.words.range_to}) )(?:{self.words.day_article or '(?!)'} )?{self.weekday}(?!\w)",
            re.IGNORECASE,
        )

    @cached_property
    def weekday_to(self) -> re.Pattern:
        """Pattern of what stands before the last weekday of a range."""
        return self._compiled(
            rf"(?<!\w){self.weekday}{self.words.weekday_part}(?:{DASH}|,? (?:{self.words.range_to}) )$", re.IGNORECASE
        )
