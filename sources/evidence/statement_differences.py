"""Kinds of difference between the statements of one field, with the reason in words.

Nothing is decided here: each kind offers a verdict to the editor who reads the quotes.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from rapidfuzz import fuzz

from entities.amounts import Amount, is_currency
from entities.citable_fields import AMOUNT, DATE, STEP, TEXT, record_kind, stated_value_type
from entities.dates import PartialDate
from entities.formatting import cited_value_label, format_partial_date
from entities.measure_facts import measure_fact_or_none
from entities.steps import step_or_none
from entities.vocabulary import Verdict
from sources.evidence.common_origins import MIN_SAME_WORDS_SIMILARITY, group_by_origin, latinise_words
from sources.evidence.evidence_basis import is_translated
from sources.evidence.statement_comparison import Comparison, Statement, compare_statements
from sources.evidence.statements import statement_of
from sources.models import Citation

MIN_TRANSLATION_SIMILARITY = 60
"""Similarity, 0 to 100, from which two names or texts may be translations of the same words."""


CHANGING_FIELDS = frozenset(
    {"nature", "condition", "operator", "organisation", "announced_at", "measures", "milestones", "due", "period"}
)
"""Fields that can have had two values one after the other."""

MAX_PAIRS = 25
"""Most pairs of citations compared for each pair of statements."""

_MONTH_DAYS = 31
_PART_OR_TOTAL = re.compile(
    r"\b(total|altogether|in all|overall|combined|so far|including|of which|out of|further|additional(?:ly)?|another|more"
    r"|each|apiece|per|a year|annual(?:ly)?|yearly|monthly)\b",
    re.IGNORECASE,
)


class DifferenceKind(TextChoices):
    """Kind of difference between two statements."""

    CONTRADICTION = "contradiction", "contradiction"
    SCOPE = "scope", "scope or unit"
    TIME = "time", "time"
    PRECISION = "precision", "precision"
    TRANSLATION = "translation", "translation"
    ONE_ORIGIN = "one_origin", "one origin"

    @property
    def verdict(self) -> Verdict:
        """Return the verdict to offer first."""
        return _VERDICT_BY_KIND[self]


_VERDICT_BY_KIND = {
    DifferenceKind.CONTRADICTION: Verdict.DISPUTED,
    DifferenceKind.SCOPE: Verdict.DIFFERENT_SCOPE,
    DifferenceKind.TIME: Verdict.CHANGED_OVER_TIME,
    DifferenceKind.PRECISION: Verdict.COMPATIBLE_PRECISION,
    DifferenceKind.TRANSLATION: Verdict.TRANSLATION_ARTEFACT,
    # If two reports of one utterance differ, one of them is wrong.
    DifferenceKind.ONE_ORIGIN: Verdict.SOURCE_ERROR,
}


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """Kind of difference between statements of a field, and the reason for it."""

    kind: DifferenceKind
    reason: str


def classify_differences(field: str, citations: Sequence[Citation]) -> list[StatementDifference]:
    """Return the kinds of difference among `citations`, each once, weightiest first; none if they do not differ.

    Each pair of different statements is explained separately. A pair that nothing explains is a contradiction, which comes first.
    """
    differences: dict[DifferenceKind, StatementDifference] = {}
    for first_citations, second_citations in _differing_statement_pairs(field, citations):
        difference = _explain_difference(field, first_citations, second_citations)
        differences.setdefault(difference.kind, difference)
    if (
        differences
        and DifferenceKind.ONE_ORIGIN not in differences
        and len(citations) > 1
        and len(group_by_origin(citations)) == 1
    ):
        differences[DifferenceKind.ONE_ORIGIN] = StatementDifference(
            DifferenceKind.ONE_ORIGIN, "All of them go back to one origin."
        )
    return sorted(differences.values(), key=lambda difference: list(DifferenceKind).index(difference.kind))


StatementCitations = list[Citation]
"""The citations that make one statement."""


def _differing_statement_pairs(
    field: str, citations: Sequence[Citation]
) -> Iterator[tuple[StatementCitations, StatementCitations]]:
    """Yield each pair of different statements once; of a value affirmed and denied, the denial first."""
    kind = record_kind(citations[0].target) if citations else ""
    statements: dict[Statement, StatementCitations] = {}
    for citation in citations:
        made = statement_of(citation)
        equal = next((s for s in statements if compare_statements(kind, field, s, made) == Comparison.EQUAL), made)
        statements.setdefault(equal, []).append(citation)
    denials_first = sorted(statements, key=lambda statement: not statement.denied)
    for first, second in itertools.combinations(denials_first, 2):
        if compare_statements(kind, field, first, second) == Comparison.DIFFERENT:
            yield statements[first], statements[second]


def _explain_difference(
    field: str, first_citations: StatementCitations, second_citations: StatementCitations
) -> StatementDifference:
    first, second = first_citations[0], second_citations[0]
    if statement_of(first).denied:
        return StatementDifference(DifferenceKind.CONTRADICTION, f"{_source_label(first)} denies {_stated_value(field, first)}.")
    # The difference between two statements may show only in some of their quotes.
    pairs = list(itertools.islice(itertools.product(first_citations, second_citations), MAX_PAIRS))
    for explain in (
        *_EXPLANATIONS.get(stated_value_type(record_kind(first.target), field), (_explain_by_time,)),
        _explain_by_origin,
    ):
        for pair in pairs:
            if difference := explain(field, *pair):
                return difference
    return StatementDifference(
        DifferenceKind.CONTRADICTION,
        f"{_stated_value(field, first)} contradicts {_stated_value(field, second)}, and nothing explains it.",
    )


def _stated_value(field: str, citation: Citation) -> str:
    """Return the value that a citation states, in words and quotation marks."""
    return f"“{cited_value_label(record_kind(citation.target), field, citation.value, exact=True)}”"


def _source_label(citation: Citation) -> str:
    return str(citation.quote.speaker_label or citation.quote.document.publisher or "A source")


# Amounts


def _stated_amount(citation: Citation) -> Amount | None:
    fact = measure_fact_or_none(citation.value)
    return fact.amount if fact else None


def _explain_by_unit(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    first_amount, second_amount = _stated_amount(first), _stated_amount(second)
    if first_amount is None or second_amount is None or first_amount.unit == second_amount.unit:
        return None
    units = f"{first_amount.unit or 'no unit'} and {second_amount.unit or 'no unit'}"
    if is_currency(first_amount.unit) and is_currency(second_amount.unit):
        return StatementDifference(DifferenceKind.SCOPE, f"Two currencies, {units}: one may be a conversion of the other.")
    return StatementDifference(DifferenceKind.SCOPE, f"They count different things: {units}.")


def _explain_by_number(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    first_amount, second_amount = _stated_amount(first), _stated_amount(second)
    if first_amount and second_amount and first_amount.overlaps(second_amount):
        return StatementDifference(
            DifferenceKind.PRECISION, f"{_stated_value(field, first)} and {_stated_value(field, second)} can be the same number."
        )
    return None


def _explain_by_scope(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    scope_words = [
        {word.lower() for word in _PART_OR_TOTAL.findall(citation.as_stated or citation.quote.exact)}
        for citation in (first, second)
    ]
    in_one_only = sorted(scope_words[0] ^ scope_words[1])
    if not in_one_only:
        return None
    return StatementDifference(
        DifferenceKind.SCOPE, f"Only one of the two says “{in_one_only[0]}”: a part and a total, or different periods."
    )


# Dates and other values that change


def _explain_by_date(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    try:
        first_date, second_date = PartialDate.parse(first.value), PartialDate.parse(second.value)
    except ValueError:
        return None
    return _explain_by_dates(field, first, second, first_date, second_date)


def _explain_by_step(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    first_step, second_step = step_or_none(first.value), step_or_none(second.value)
    if first_step is None or second_step is None or first_step.stage != second_step.stage:
        return None
    if first_step.date and second_step.date:
        return _explain_by_dates(field, first, second, first_step.date, second_step.date)
    return StatementDifference(
        DifferenceKind.PRECISION, f"{_stated_value(field, first)} and {_stated_value(field, second)} differ in the date alone."
    )


def _explain_by_dates(
    field: str, first: Citation, second: Citation, first_date: PartialDate, second_date: PartialDate
) -> StatementDifference | None:
    if first_date.overlaps(second_date):
        return StatementDifference(
            DifferenceKind.PRECISION, f"{_stated_value(field, first)} and {_stated_value(field, second)} can be the same day."
        )
    days_apart = first_date.days_apart(second_date)
    marks = ["approximate" if date.is_approximate else "uncertain" for date in (first_date, second_date) if date.marks]
    if marks and days_apart <= _MONTH_DAYS:
        return StatementDifference(
            DifferenceKind.PRECISION,
            f"They are {days_apart} {'day' if days_apart == 1 else 'days'} apart, and one is {marks[0]}.",
        )
    return None


def statement_date(citation: Citation) -> PartialDate | None:
    """Return when the statement was made: the day it was said, else published; None if neither is known."""
    day = citation.quote.said_on or citation.quote.document.published_on
    return PartialDate.parse(day) if day else None


def _explain_by_time(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    stem = field.partition(".")[0]
    first_date, second_date = statement_date(first), statement_date(second)
    if stem not in CHANGING_FIELDS or first_date is None or second_date is None:
        return None
    if second_date.precedes(first_date):
        first, second, first_date, second_date = second, first, second_date, first_date
    # Reports of consecutive days mean the same amount: one of them is wrong.
    if first_date.days_apart(second_date) > (_MONTH_DAYS if stem == "measures" else 0):
        first_day, second_day = format_partial_date(str(first_date)), format_partial_date(str(second_date))
        sequence = (
            f"{_stated_value(field, first)} was stated first ({first_day}), {_stated_value(field, second)} later ({second_day})"
        )
        return StatementDifference(DifferenceKind.TIME, f"{sequence}: each may be true of its time.")
    return None


# Any value


def _explain_by_origin(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    if len(group_by_origin([first, second])) > 1:
        return None
    return StatementDifference(
        DifferenceKind.ONE_ORIGIN,
        f"{_stated_value(field, first)} and {_stated_value(field, second)} go back to one origin: one may be reported wrongly.",
    )


# Words and names


def _explain_by_translation(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    translated = [citation for citation in (first, second) if is_translated(citation)]
    if not translated:
        return None
    similarity = fuzz.token_set_ratio(latinise_words(first.value), latinise_words(second.value))
    if similarity < MIN_TRANSLATION_SIMILARITY:
        return None
    subject = "Both are" if len(translated) == 2 else f"“{translated[0].value}” is"
    return StatementDifference(DifferenceKind.TRANSLATION, f"{subject} translated, and the words are {similarity:.0f}% similar.")


def _explain_by_fuller_wording(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    words = [set(latinise_words(citation.value).split()) for citation in (first, second)]
    if words[0] <= words[1] or words[1] <= words[0]:
        shorter, longer = sorted((first.value, second.value), key=len)
        return StatementDifference(DifferenceKind.PRECISION, f"“{longer}” says all that “{shorter}” says.")
    return None


def _explain_by_spelling(field: str, first: Citation, second: Citation) -> StatementDifference | None:
    if fuzz.ratio(latinise_words(first.value), latinise_words(second.value)) >= MIN_SAME_WORDS_SIMILARITY:
        return StatementDifference(
            DifferenceKind.PRECISION, f"“{first.value}” and “{second.value}” are spellings of the same words."
        )
    return None


Explanation = Callable[[str, Citation, Citation], StatementDifference | None]

# Value type of a field -> the explanations to try, likeliest first; for other fields only time is tried.
_EXPLANATIONS: dict[Any, tuple[Explanation, ...]] = {
    AMOUNT: (_explain_by_unit, _explain_by_number, _explain_by_scope, _explain_by_time),
    DATE: (_explain_by_date, _explain_by_time),
    STEP: (_explain_by_step, _explain_by_time),
    TEXT: (_explain_by_fuller_wording, _explain_by_spelling, _explain_by_translation),
}


# Origins


# Aspects to compare


@dataclass(frozen=True, slots=True)
class ComparedAspect:
    """Aspect in which statements may or may not be about the same thing, with each distinct value."""

    name: str
    values: list[str]

    @property
    def agrees(self) -> bool:
        """Return whether all statements have the same value."""
        return len(self.values) == 1


def compare_aspects(field: str, citations: Sequence[Citation]) -> list[ComparedAspect]:
    """Return the aspects to look at before taking statements to be about the same thing."""
    values_by_aspect: dict[str, list[str]] = {}
    for citation in citations:
        quote = citation.quote
        aspects = {
            "stated": format_partial_date(str(statement_date(citation) or "at an unknown time")),
            "by": _source_label(citation),
            "published by": str(quote.document.publisher or "unknown publisher"),
            "words": quote.get_fidelity_display(),
        }
        if amount := _stated_amount(citation) if field.startswith("measures.") else None:
            scope = ", ".join(sorted({word.lower() for word in _PART_OR_TOTAL.findall(citation.as_stated or quote.exact)}))
            aspects = {"of what": amount.unit or "no unit", "part or total": scope or "not said"} | aspects
        for name, value in aspects.items():
            values_by_aspect.setdefault(name, []).append(value)
    return [ComparedAspect(name, list(dict.fromkeys(values))) for name, values in values_by_aspect.items()]
