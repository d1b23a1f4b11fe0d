"""Dates in a text: absolute ones in their usual forms, relative ones resolved against the day of publication.

No date is made more precise than its source: a week becomes its month, “last year” a year. What cannot be resolved, because
the day of publication is unknown or too vague, is not suggested.
"""

from collections.abc import Iterable, Iterator

from entities.dates import DatePoint
from entities.vocabulary import SuggestionKind
from sources.suggestions import date_patterns, numeric_dates
from sources.suggestions.absolute_dates import AbsoluteDateReader, DateForm
from sources.suggestions.date_context import DateContext
from sources.suggestions.date_patterns import patterns_of
from sources.suggestions.found_date import FoundDate
from sources.suggestions.languages import reading_language
from sources.suggestions.relative_dates import RelativeDateReader
from sources.suggestions.suggestion import Suggestion

DATE_RULE = "dates/1"


def find_dates(text: str, published_on: str, language: str = "en") -> list[Suggestion]:
    """Return the dates in `text`, in order of place. `published_on` is a partial date, or '' if it is unknown.

    `language` is a BCP 47 tag. In a language that is not read only dates in figures are found that mean one day in any.
    """
    language = reading_language(language)
    if language:
        context = DateContext(text, published_on, patterns_of(language))
        found = context.found
        forms = _forms_of_language(context)
    else:
        found, forms = [], _forms_without_language()
    _read_forms(text, forms, found)
    return [_date_suggestion(text, date) for date in sorted(found)]


find = find_dates
"""Public name of `find_dates`, for callers outside the project."""


def _forms_without_language() -> Iterator[DateForm]:
    yield DateForm(date_patterns.ISO, numeric_dates.read_iso)
    yield DateForm(date_patterns.NUMERIC, numeric_dates.read_unambiguous_numeric)
    yield DateForm(date_patterns.YEARS_IN_BRACKETS, numeric_dates.read_years_in_brackets)


def _forms_of_language(context: DateContext) -> Iterator[DateForm]:
    """Yield the forms of dates; what an earlier one takes is not offered to later ones."""
    absolute = AbsoluteDateReader(context)
    if not context.published or context.published.precision != "day":
        _take_publication_day_from_update(context, absolute)
    yield from absolute.days_and_months()
    if context.published:
        yield from RelativeDateReader(context, context.published).forms()
    yield from absolute.years()


def _read_forms(text: str, forms: Iterable[DateForm], found: list[FoundDate]) -> None:
    """Read all forms in their order and add their dates to `found`."""
    taken = bytearray(len(text))
    for address in date_patterns.ADDRESS.finditer(text):
        taken[address.start() : address.end()] = b"\x01" * len(address.group())
    for form in forms:
        for match in form.pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            if form.is_final:
                taken[match.start() : match.end()] = b"\x01" * len(match.group())
            for date in form.read(match):
                taken[date.start : date.end] = b"\x01" * (date.end - date.start)
                found.append(date)


def _take_publication_day_from_update(context: DateContext, absolute: AbsoluteDateReader) -> None:
    """Take the day of an update that the text states for the day of publication, if that is known no better."""
    published = context.published
    for stamp in context.patterns.update_stamp.finditer(context.text):
        for form in absolute.written_days():
            match = form.pattern.match(context.text, stamp.end())
            for date in form.read(match) if match and match.groupdict().get("year", "-") else ():
                day = DatePoint.parse(date.date.rstrip("?"))
                if not date.until and (not published or published.earliest <= day.earliest <= published.latest):
                    context.published = DatePoint.parse(f"{day}?")
                    context.seen_from = f"the update of {day} that the text states"
                    return


def _date_suggestion(text: str, date: FoundDate) -> Suggestion:
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
