"""Dates, numbers, amounts and cited fields in the one wording that every page uses.

Words are in the active language: English everywhere but on the public pages, which are shown in the reader's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models.enums import ChoicesType
from django.utils.text import capfirst
from django.utils.translation import gettext, npgettext, pgettext

from entities.amounts import is_currency
from entities.citable_fields import CITABLE_FIELDS, COUNTRY, DATE, RELATION
from entities.countries import COUNTRIES
from entities.dates import DateInterval, DatePoint, PartialDate
from entities.measure_facts import measure_fact_or_none
from entities.month_names import MONTHS_ALONE, MONTHS_WITHIN
from entities.number_words import format_number, format_number_short, group_digits
from entities.relation_facts import relation_fact_or_none
from entities.steps import step_or_none
from entities.vocabulary import Modality, Polarity, Qualifier

CURRENCY_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
"""ISO 4217 code -> the sign before the number; other currencies keep their code there."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})
"""Slug -> name, where slugs are shown as they are."""

_CHILD_NOUNS = {"measures": "Measure", "milestones": "Milestone", "names": "Name", "identifiers": "Identifier"}
_UNCOUNTABLE_UNITS = ("aircraft", "percent", "personnel")


def join_names(names: Iterable[str]) -> str:
    """Return names as one phrase: “Ada Fell”, “Ada Fell and Bo Vale”, “Ada Fell, Bo Vale and Cy Rook”."""
    *others, last = [*names] or [""]
    if not others:
        return last
    return pgettext("names", "%(names)s and %(last)s") % {"names": ", ".join(others), "last": last}


def format_partial_date(text: str) -> str:
    """Return `text`, a partial date, as precise as it is: 2024-03 is March 2024; 2024-03-01~ is about 1 March 2024.

    Intervals are between 15 June and 8 July 2024, from 2023 on, and by 31 December 2024. Text that is no partial date comes
    back unchanged.
    """
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return text
    if isinstance(date, DateInterval):
        return _format_interval(date)
    assert isinstance(date, DatePoint)
    return _format_point(date)


def format_period(text: str) -> str:
    """Return `text`, a partial date for the whole of which something holds: from June 2024 to June 2029, until 2025, 2025.

    Text that is no partial date comes back unchanged.
    """
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return text
    if not isinstance(date, DateInterval):
        return format_partial_date(text)
    if date.end is None:
        return format_partial_date(text)
    end = _format_point(date.end, is_within=True)
    if date.begin is None:
        return pgettext("period", "until %(date)s") % {"date": end}
    return pgettext("period", "from %(first)s to %(last)s") % {"first": _format_point(date.begin, is_within=True), "last": end}


def format_list_date(text: str) -> str:
    """Return `text`, a partial date, in digits, as lists and tables write it: 2024-06-14, about 2024-06, from 2023 on.

    Text that is no partial date comes back unchanged.
    """
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return text
    if isinstance(date, DateInterval):
        begin, end = (_format_point_in_digits(point) if point else "" for point in (date.begin, date.end))
        if begin and end:
            return pgettext("dates in digits", "%(first)s to %(last)s") % {"first": begin, "last": end}
        return _format_start(begin) if begin else _format_end(end)
    assert isinstance(date, DatePoint)
    return _format_point_in_digits(date)


def _format_point_in_digits(point: DatePoint) -> str:
    return _with_doubt(str(point).removesuffix(point.mark), point.mark)


def _format_point(point: DatePoint, *, is_within: bool = False) -> str:
    """Return a point in time in words; `is_within` if a preposition goes before it."""
    names = MONTHS_WITHIN if is_within or point.day or point.mark == "~" else MONTHS_ALONE
    parts = [str(point.day or ""), str(names[point.month - 1]) if point.month else "", f"{point.year:04}"]
    return _with_doubt(" ".join(filter(None, parts)), point.mark)


def _with_doubt(words: str, mark: str) -> str:
    if mark == "~":
        return pgettext("date", "about %(date)s") % {"date": words}
    return pgettext("date", "%(date)s (uncertain)") % {"date": words} if mark == "?" else words


def _format_start(words: str) -> str:
    return pgettext("date", "from %(date)s on") % {"date": words}


def _format_end(words: str) -> str:
    return pgettext("date", "by %(date)s") % {"date": words}


def _format_interval(interval: DateInterval) -> str:
    begin, end = interval.begin, interval.end
    if begin is None:
        assert end is not None
        words = _format_point(end, is_within=True)
        # By 2024 could as well mean before it begins.
        return _format_end(words) if end.day or end.mark else pgettext("date", "by the end of %(date)s") % {"date": words}
    if end is None:
        return _format_start(_format_point(begin, is_within=True))
    first_words = _format_point(begin)
    if begin.precision == end.precision != "year" and begin.year == end.year and not begin.mark:
        # The month and year that both share are said once.
        shared = f" {MONTHS_WITHIN[begin.month - 1]}" if begin.month and begin.day and begin.month == end.month else ""
        first_words = first_words.removesuffix(f"{shared} {begin.year:04}")
    return pgettext("date", "between %(first)s and %(last)s") % {"first": first_words, "last": _format_point(end)}


def format_amount(qualifier: str, value: Any, upper: Any, unit: str, *, exact: bool = False) -> str:
    """Return an amount as a sentence says it: at least €40 billion, about 700 persons; with `exact` in full digits.

    `unit` is an ISO 4217 code or a unit of count; `value` is None or empty where the source gives no number.
    """
    words = "" if qualifier == Qualifier.NONE else gettext(str(dict(Qualifier.choices).get(qualifier, qualifier)))
    bounds = [bound for bound in (value, upper) if bound not in (None, "")]
    if not bounds:
        if not (words and unit):
            return words or unit_name(unit)
        return pgettext("amount without a number", "%(qualifier)s %(unit)s") % {"qualifier": words, "unit": unit_name(unit)}
    return f"{words} {format_range(bounds, unit, exact=exact)}".strip()


def format_range(bounds: list, unit: str, *, exact: bool = False) -> str:
    """Return a number, or two as a range, with its currency or unit: €1.2 billion, 30 to 40 vehicles."""
    write = format_number if exact else format_number_short
    numbers = [write(bound) for bound in bounds]
    if unit in CURRENCY_SYMBOLS:
        money = pgettext("money", "%(symbol)s%(number)s")
        return _join_range([money % {"symbol": CURRENCY_SYMBOLS[unit], "number": number} for number in numbers])
    text = _join_range(numbers)
    if is_currency(unit):
        return pgettext("money", "%(code)s %(number)s") % {"code": unit, "number": text}
    return f"{text} {unit_name(unit, bounds)}".strip()


def _join_range(bounds: list[str]) -> str:
    if len(bounds) < 2:
        return "".join(bounds)
    return pgettext("numbers", "%(low)s to %(high)s") % {"low": bounds[0], "high": bounds[-1]}


def unit_name(unit: str, bounds: Sequence[Any] = ("1",)) -> str:
    """Return a unit, which the register keeps in the singular, in the number that one bound, or two of a range, need."""
    if not unit or is_currency(unit):
        return unit
    is_one = len(bounds) == 1 and Decimal(str(bounds[0])) == 1
    last = Decimal(str(bounds[-1]))
    # Of fractions, languages with several plurals take the one of many.
    number = 1 if is_one else int(last) if last == int(last) and last != 1 else 0
    return npgettext("unit", unit, pluralise_unit(unit), number)


def pluralise_unit(unit: str) -> str:
    """Return `unit`, which the register keeps in the singular, in the plural: member states, countries, aircraft."""
    noun, of, rest = unit.partition(" of ")
    if not noun or noun.endswith("s") or noun.split()[-1] in _UNCOUNTABLE_UNITS:
        return unit
    plural = f"{noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{noun}s"
    return f"{plural}{of}{rest}"


def singular_unit(unit: str) -> str:
    """Return a unit in the singular, in which the register keeps it, where adding its plural ending again gives the same."""
    noun, of, rest = unit.partition(" of ")
    for ending, singular_ending in (("ies", "y"), ("s", "")):
        singular = f"{noun.removesuffix(ending)}{singular_ending}{of}{rest}"
        if noun.endswith(ending) and not is_currency(unit) and pluralise_unit(singular) == unit and singular != unit:
            return singular
    return unit


def format_stated_amount(text: str, *, exact: bool = False) -> str:
    """Return the amount that a citation states, such as `up_to 300000000 USD`, in words: up to $300 million.

    With its stage and time, if it has them: delivered: 4 aircraft, as of 10 July 2024. Text that is no amount comes back
    unchanged.
    """
    fact = measure_fact_or_none(text)
    if fact is None:
        return text
    amount = fact.amount
    words = format_amount(amount.qualifier, amount.value, amount.upper, amount.unit, exact=exact)
    if fact.as_of:
        date = format_partial_date(str(fact.as_of))
        words = pgettext("amount", "%(amount)s, as of %(date)s") % {"amount": words, "date": date}
    return f"{gettext(str(fact.stage.label))}: {words}" if fact.stage else words


def format_share(low: Any, high: Any) -> str:
    """Return a share between two bounds: 25%, 25% to 37.5%, at least 25%, an unknown share; `high` is None without a limit."""
    if high is None and not Decimal(str(low)):
        return gettext("an unknown share")
    percentages = [f"{group_digits(Decimal(str(bound)) * 100)}%" for bound in (low, high) if bound is not None]
    if high is None:
        return pgettext("amount", "at least %(amount)s") % {"amount": percentages[0]}
    return _join_range([*dict.fromkeys(percentages)])


def format_stated_step(text: str) -> str:
    """Return the step that a citation states, such as `agreed 2024-06-14`, in words: agreed, 14 June 2024.

    Text that is no step comes back unchanged.
    """
    step = step_or_none(text)
    if step is None:
        return text
    stage = gettext(str(step.stage.label))
    return f"{stage}, {format_partial_date(str(step.date))}" if step.date else stage


def cited_field_label(field: str) -> str:
    """Return the label of a field that evidence is given for: Committed by, Measure “aid”, Milestone “agreed”."""
    stem, _, key = field.partition(".")
    if key:
        return f"{_CHILD_NOUNS.get(stem, capfirst(stem))} “{key}”"
    return capfirst(pgettext("field", stem.replace("_", " ")))


def stated_text(label: str, polarity: str) -> str:
    """Return a statement in words: the label of its value, marked where the source denies it: denies “pledge”."""
    return f"denies “{label}”" if polarity == Polarity.DENIES else label


def cited_value_label(kind: str, field: str, value: str, *, exact: bool = False, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return the value that a citation states for `field` of a record of `kind`, in words; with `exact`, amounts in full digits.

    `names` maps slugs to the names to show for them, and relations as values to their sentences. Texts stay as they are.
    """
    if field.startswith("measures."):
        return format_stated_amount(value, exact=exact)
    if field.startswith("milestones."):
        return format_stated_step(value)
    value_type = CITABLE_FIELDS.get(kind, {}).get(field)
    if isinstance(value_type, ChoicesType):
        return str(dict(value_type.choices).get(value, value))
    if value_type == DATE:
        return format_period(value) if field == "period" else format_partial_date(value)
    if value_type == RELATION:
        return names.get(value) or _relation_words(value)
    if isinstance(value_type, tuple):
        return names.get(value, value)
    return COUNTRIES.get(value, value) if value_type == COUNTRY else value


def _relation_words(value: str) -> str:
    """Return the relation that a citation states, its parties by their slugs: planned: germany hosts nsatu."""
    fact = relation_fact_or_none(value)
    if fact is None:
        return value
    return f"{Modality(fact.modality).label}: {fact.subject} {fact.type.replace('-', ' ')} {fact.object}"
