"""Reading of the source's own words for a value: does what they say agree with the value that a citation states?

Words are judged only where a reader understands all of them: an amount, a date, or a name. Of anything else nothing is said.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from entities.citable_fields import AMOUNT, DATE, STEP, stated_value_type
from entities.dates import PartialDate
from entities.measure_facts import MeasureFact
from entities.steps import Step
from entities.vocabulary import MeasureKind
from sources.suggestions.amounts import find_amounts
from sources.suggestions.dates import find_dates
from sources.suggestions.languages import reading_language
from sources.suggestions.suggestion import Suggestion

NAME_FIELDS = frozenset({"name", "names", "given_name", "family_name", "locality"})
"""Fields whose value is a name, which the source's words contain."""

RecordsByName = Mapping[str, Collection[tuple[str, str]]]
"""Name in lower case, without article and possessive -> kind and slug of the records that have it."""

_READ_LANGUAGE = "en"
_AMBIGUOUS_MARK = re.compile(r"(?<![\d.,])\d{1,3}[.,]\d{3}(?![\d.,]*\d)")
"""A mark before three digits, which languages read differently."""
_AROUND = " \t()[]“”\"'’‘,.;:"
_LEADING_WORDS = re.compile(r"(?:on|in|at|during|of|from|the|у|в|протягом|w|we|dnia|am|im|den|dem|le|en|au|la)\s+", re.IGNORECASE)
_ARTICLE_OR_POSSESSIVE = re.compile(r"^the\s|['’]s?$", re.IGNORECASE)
_WORDS_READ = 120
"""Longest words that are read, in characters: beyond, they are a clause, which no reader understands whole."""


def differing_reading(
    kind: str,
    field: str,
    value: str,
    as_stated: str,
    *,
    published_on: str = "",
    language: str = _READ_LANGUAGE,
    records_by_name: RecordsByName | None = None,
) -> str:
    """Return what `as_stated` reads where it is understood and says another value than `value`; '' otherwise.

    `records_by_name` has the records with that name, for fields that refer to records.
    """
    value_type = stated_value_type(kind, field)
    if field in NAME_FIELDS and not isinstance(value_type, tuple):
        return "" if contains_words(as_stated, value) else as_stated
    if isinstance(value_type, tuple):
        records = (records_by_name or {}).get(bare_name(as_stated), ())
        named = sorted(slug for record_kind, slug in records if record_kind in value_type[1])
        return "" if value in named else ", ".join(named)
    if len(as_stated) > _WORDS_READ:
        return ""
    try:
        if value_type == AMOUNT:
            return _differing_amount(value, as_stated, language)
        if value_type == DATE:
            return _differing_date(PartialDate.parse(value), as_stated, published_on, language)
        if value_type == STEP and (date := Step.parse(value).date):
            return _differing_date(date, as_stated, published_on, language)
    except ValueError:
        # A value that is not of its type is refused elsewhere.
        pass
    return ""


def is_understood(kind: str, field: str, as_stated: str, *, published_on: str = "", language: str = _READ_LANGUAGE) -> bool:
    """Tell whether a reader understands all of `as_stated` as an amount or date, as the field takes it."""
    if len(as_stated) > _WORDS_READ:
        return False
    value_type = stated_value_type(kind, field)
    if value_type == AMOUNT:
        return bool(_read_amount(as_stated, language))
    return value_type in (DATE, STEP) and bool(_read_date(as_stated, published_on, language))


def group_by_bare_name(names: Iterable[tuple[str, str, str]]) -> RecordsByName:
    """Return the records by name, as `differing_reading` takes them, of triples of name, kind and slug."""
    records: dict[str, set[tuple[str, str]]] = {}
    for name, kind, slug in names:
        records.setdefault(bare_name(name), set()).add((kind, slug))
    return records


def bare_name(text: str) -> str:
    """Return a name in lower case without article, possessive and marks around it."""
    return name_as_written(text).casefold()


def name_as_written(text: str) -> str:
    """Return a name without article, possessive and marks around it."""
    return _ARTICLE_OR_POSSESSIVE.sub("", " ".join(text.strip(_AROUND).split()))


def contains_words(text: str, words: str) -> bool:
    """Tell whether `words` stand in `text` as whole words, in any case."""
    pattern = rf"(?<!\w){re.escape(_plain_text(words))}(?!\w)"
    return re.search(pattern, _plain_text(text)) is not None


def _plain_text(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


@lru_cache(maxsize=4096)
def amounts_stated_in(text: str, language: str) -> tuple[Suggestion, ...]:
    """Return the amounts in a text of `language`, a BCP 47 tag; where none is given, the words themselves tell."""
    if not language and _AMBIGUOUS_MARK.search(text):
        return ()
    return tuple(find_amounts(text, reading_language(language) if language else _READ_LANGUAGE))


def _read_amount(as_stated: str, language: str) -> str:
    found = amounts_stated_in(as_stated, language)
    if len(found) != 1 or found[0].exact.strip(_AROUND) != as_stated.strip(_AROUND):
        return ""
    return str(found[0].proposal["typed"])


@lru_cache(maxsize=4096)
def _read_date(as_stated: str, published_on: str, language: str) -> str:
    words = _LEADING_WORDS.sub("", as_stated.strip(_AROUND), count=1)
    found = find_dates(as_stated, published_on, language or _READ_LANGUAGE)
    if len(found) != 1 or _LEADING_WORDS.sub("", found[0].exact.strip(_AROUND), count=1) != words:
        return ""
    proposal = found[0].proposal
    return "" if proposal["end"] or set("?~") & set(proposal["date"]) else str(proposal["date"])


def _differing_amount(value: str, as_stated: str, language: str) -> str:
    """Return the amount read, unless it is that of `value`. Things are compared by name in English alone."""
    reading = _read_amount(as_stated, language)
    if not reading:
        return ""
    stated, read = MeasureFact.parse(value).amount, MeasureFact.parse(reading).amount
    if read.kind == stated.kind == MeasureKind.ITEMS and reading_language(language or _READ_LANGUAGE) != _READ_LANGUAGE:
        read = replace(read, unit=stated.unit)
    return "" if read == stated else str(read)


def _differing_date(date: PartialDate, as_stated: str, published_on: str, language: str) -> str:
    """Return the date read, unless it is `date` or lies within it: no day is more precise than its source."""
    reading = _read_date(as_stated, published_on, language)
    return "" if not reading or date.contains(PartialDate.parse(reading)) or PartialDate.parse(reading) == date else reading
