"""Shape of the words that dates are made of in one language.

Most members are fragments of regular expressions, in which a space stands for any gap between two words of a phrase. An empty
fragment means that the language has no such words. `Steps` pairs fragments with what they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Steps = tuple[tuple[str, int], ...]
"""Fragments with the number of days, weeks, months or years that they lie after the present one."""


@dataclass(frozen=True, kw_only=True)
class DateVocabulary:
    """Words for dates in one language. Names of months and weekdays are keys in lower case, in all their inflected forms."""

    # Names
    months: Mapping[str, int]
    short_months: Mapping[str, int]
    """Abbreviations, which a full stop may follow."""
    weekdays: Mapping[str, int]
    """Monday is 0."""
    short_weekdays: Mapping[str, int] = field(default_factory=dict)
    """Abbreviations, which a full stop must follow."""
    names_are_capitalised: bool = False
    """Whether months and weekdays are written with a capital, so that a small letter means another word."""
    weekday_part: str = ""
    """Time of day that follows a weekday or “yesterday”, with what joins them."""

    # Days
    month_first: bool = False
    """Whether “July 10” is read as well."""
    months_with_count: str = r"(?!)"
    """Words after which figures behind a month count something (“in July 25 ships came”)."""
    day_suffix: str = ""
    day_article: str = ""
    """Article before a day that follows a weekday or the first day of a range."""
    before_month: str = ""
    """Words between the day and its month, with a space at their end."""
    not_a_day: str = "%"
    """What after a number shows that it is no day."""
    day_and_month_after: str = r"(?!)"
    """Words after which “11.7.” is a day and month without a year."""
    since: str
    range_to: str
    range_and: str
    between: str
    """Words before two days joined by “and” that make them a range."""
    week_of: str = r"(?!)"
    """Words for the week of the day that follows."""

    # Years
    year_head: str = ""
    """Words that may stand between a month or season and its year, with a space at their end."""
    year_tail: str = ""
    """Words that may follow a year, with a space at their beginning."""
    years_beside: Steps
    """“Last year” and its like after a month, day or season."""
    certain_before_year: str
    """Words after which four figures are a year."""
    certain_after_year: str = r"(?!)"
    """Words before which four figures are a year."""
    number_before: str
    """Words after which four figures are a number of something else."""
    year_range_from: str = r"(?!)"
    """Words before two years joined by `range_to` or `range_and` that make them a range."""
    nouns_are_capitalised: bool = False
    """Whether four figures before a small letter count nothing."""
    fiscal: str = ""
    year_part: str = ""
    """“Early” and its like before a year, with what joins them."""
    seasons: str
    part_of_year: str
    """Quarters and half-years with their ordinals."""

    # Seen from the day of publication
    days: Steps
    """“Today” and its like. Of several that could be read at one place the first counts."""
    no_day_before: str
    """Words before “today” and its like after which no day is meant."""
    no_day_after: str
    """Words after “today” and its like before which no day is meant."""
    today_needs_tense: bool = True
    """Whether “today” counts only beside a verb that tells of something done or planned."""
    period_lead: str = ""
    """“The end of” and its like before a period, with a space at their end."""
    weeks: Steps
    year_months: Steps
    """“Last month” and its like."""
    years: Steps
    weekends: str = r"(?!)"
    """“At the weekend”, whichever the tense of the sentence tells."""
    no_period_before: str
    """Words before a period after which it is a span of time."""
    no_period_after: str = r"(?!)"
    year_end: str = r"(?!)"
    ago_before: str = ""
    ago_after: str = ""
    ago_roughly: str
    ago_units: tuple[tuple[str, str], ...]
    """Fragments with their unit: day, week, month, half-year, year or decade."""
    ago_single: tuple[tuple[str, str], ...] = ()
    """Fragments of units that mean one of them where no number stands before."""
    ago_no_more: str = r"(?!)"
    """What follows units of which more than the number is meant (“and a half”)."""
    numbers: Mapping[str, int]
    """Words for numbers; two of them add up (twenty-one)."""
    months_after: str
    """Words after which a month stands for itself."""
    months_stepped: Steps = ()
    """“Last” and its like before a month."""
    months_stepped_behind: Steps = ()
    """“Last” and its like behind a month."""
    words_as_well: frozenset[str] = frozenset()
    """Months that are other words or names too, and count only after a word that no other follows."""
    unsure_month_after: str = ""
    """Words after which one of `words_as_well` is no month."""
    weekdays_after: str = ""
    """Words without which a weekday is none; '' if it needs none."""
    night_before: str = r"(?!)"
    """Words for the night that leads up to the day that follows."""
    limit_before: str = ""
    """Words that make a weekday a limit, which is rather to come: “by Monday”."""
    weekdays_stepped: Steps
    weekdays_stepped_behind: Steps = ()
    no_weekday_before: str
    no_weekday_after: str
    tense_is_needed: bool = True
    """Whether a weekday is uncertain where no verb tells past from future."""

    # Verbs
    past: str
    future: str
    surely_future: str = r"(?!)"
    """Verbs that make the verbs of the past beside them tell of the future."""
    done: str = ""
    """Verbs that place a month or day in the past, which “said” does not; '' if those of `past` do."""
    to_come: str = ""
    """Verbs that place a month or day in the future; '' if those of `future` do."""
    negation: str = r"(?!)"
    """Words in whose sentence “tomorrow” is no day."""
    updated: str
    """Words before the day on which a text was last changed."""
