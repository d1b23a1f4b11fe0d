"""Doubts about citations: values that their words, or the passage around these, can hardly mean. Makes no query."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from entities.amounts import Amount
from entities.citable_fields import AMOUNT, DATE, STEP, EvidenceClass, evidence_class, record_kind, stated_value_type
from entities.dates import PartialDate
from entities.doubts import Doubt, shorten_value
from entities.formatting import cited_field_label, cited_value_label, format_amount, join_names
from entities.measure_facts import MeasureFact
from entities.models import Entity, Relation
from entities.steps import Step
from entities.vocabulary import DoubtKind, Polarity
from sources.evidence.as_stated_reading import NAME_FIELDS, RecordsByName, amounts_stated_in, is_understood
from sources.evidence.evidence_rule import note_names_value, reading_that_differs
from sources.evidence.statement_comparison import Comparison, compare_values
from sources.models import Citation

_YEAR = re.compile(r"(?<![\w.,/:$€£#-])(?:19|20)\d\d(?![\w%]|[.,]\d)")
_ADVICE = "Correct the value if it is a slip; else name it in the note of the citation, say why, and dismiss this."


def doubt_of_citation(
    citation: Citation, target: Entity | Relation, records_by_name: RecordsByName | None = None
) -> Doubt | None:
    """Return the doubt about the value of a citation of `target`, None if there is none.

    Words that read otherwise are no longer in doubt once the note names the value, unless they say another amount or date.
    """
    kind = record_kind(target)
    if not citation.as_stated or evidence_class(kind, citation.field) != EvidenceClass.STATED:
        return None
    if reading := reading_that_differs(kind, citation, records_by_name):
        is_explained = note_names_value(kind, citation) and not _means_otherwise(kind, citation, reading)
        return None if is_explained else _doubt_of_reading(citation, target, reading)
    document = citation.quote.document
    if is_understood(kind, citation.field, citation.as_stated, published_on=document.published_on, language=document.language):
        return None
    try:
        return next(_doubts_of_passage(citation, target), None)
    except ValueError:
        # A value that is not of its type is refused elsewhere.
        return None


def _means_otherwise(kind: str, citation: Citation, reading: str) -> bool:
    """Tell whether a reading is another amount or date than the value, one that cannot both hold."""
    value_type = stated_value_type(kind, citation.field)
    value = citation.value
    if value_type == AMOUNT:
        reading = str(replace(MeasureFact.parse(value), amount=MeasureFact.parse(reading).amount))
    elif value_type == STEP:
        reading = str(replace(Step.parse(value), date=PartialDate.parse(reading)))
    return value_type in (AMOUNT, DATE, STEP) and compare_values(kind, citation.field, value, reading) == Comparison.DIFFERENT


def _doubt_of_reading(citation: Citation, target: Entity | Relation, reading: str) -> Doubt:
    kind, words = record_kind(target), shorten_value(citation.as_stated)
    if citation.field in NAME_FIELDS:
        says = f"which its words “{words}” do not contain"
    elif stated_value_type(kind, citation.field) == STEP:
        says = f"but its words “{words}” read {cited_value_label('event', 'start', reading)}"
    else:
        says = f"but its words “{words}” read {cited_value_label(kind, citation.field, reading, exact=True)}"
    return _doubt(DoubtKind.WORDS_READ_OTHERWISE, citation, target, says, reading)


def _doubts_of_passage(citation: Citation, target: Entity | Relation) -> Iterator[Doubt]:
    """Yield the doubt about a number or year where the words, or else the passage, have others alone."""
    value_type = stated_value_type(record_kind(target), citation.field)
    if value_type == AMOUNT:
        if amounts := _other_amounts(MeasureFact.parse(citation.value).amount, citation):
            numbers = join_names(format_amount(one.qualifier, one.value, one.upper, one.unit, exact=True) for one in amounts)
            yield _doubt(DoubtKind.ANOTHER_NUMBER, citation, target, f"but its passage says {numbers}", *map(str, amounts))
    elif value_type in (DATE, STEP):
        date = PartialDate.parse(citation.value) if value_type == DATE else Step.parse(citation.value).date
        if date and (years := _other_years(date, citation)):
            yield _doubt(DoubtKind.ANOTHER_YEAR, citation, target, f"but its passage speaks of {join_names(years)}", *years)


def _other_years(date: PartialDate, citation: Citation) -> list[str]:
    """Return the years that the words of a citation name, or else its passage, if the date can be in none of them."""
    years = _years_in(citation.as_stated) or _years_in(citation.quote.exact)
    first, last = (bound[:4] for bound in date.bounds)
    return [] if any(first <= year <= last for year in years) else years


def _years_in(text: str) -> list[str]:
    return list(dict.fromkeys(_YEAR.findall(text)))


def _other_amounts(amount: Amount, citation: Citation) -> list[Amount]:
    """Return the amounts in the words of a citation, or else those of the same unit in its passage, if none is `amount`."""
    if amount.value is None:
        return []
    language = citation.quote.document.language
    amounts = _amounts_in(citation.as_stated, language) or tuple(
        found for found in _amounts_in(citation.quote.exact, language) if found.unit == amount.unit
    )
    has_number = any((found.value, found.upper) == (amount.value, amount.upper) for found in amounts)
    return [] if has_number else list(dict.fromkeys(amounts))


@lru_cache(maxsize=4096)
def _amounts_in(text: str, language: str) -> tuple[Amount, ...]:
    return tuple(Amount.parse(found.proposal["typed"]) for found in amounts_stated_in(text, language))


def _doubt(kind: DoubtKind, citation: Citation, target: Entity | Relation, says: str, *read: str) -> Doubt:
    value = cited_value_label(record_kind(target), citation.field, citation.value, exact=True)
    states = "denies" if citation.polarity == Polarity.DENIES else "states"
    note = f" Its note says: “{shorten_value(citation.note).rstrip('.')}”." if citation.note else ""
    passage = shorten_value(citation.quote.exact)
    return Doubt(
        kind,
        target,
        f"“{target}”, {cited_field_label(citation.field)}: the citation of “{passage}” {states} “{value}”, {says}.{note}",
        _ADVICE,
        (citation.value, citation.as_stated, *read),
        about=f"{citation.field} {citation.quote.slug}",
        quote=citation.quote,
    )
