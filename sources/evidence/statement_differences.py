"""What kind of difference there is between the statements of one field, with the reason in words.

Nothing here decides: each kind offers a verdict to the editor who reads the quotes.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from rapidfuzz import fuzz

from entities.citable import CITABLE_FIELDS, DATE, MANY_VALUED_FIELDS, TEXT, record_kind
from entities.dates import PartialDate
from entities.vocabulary import Fidelity, Stance, Verdict
from sources.evidence.origins import SAME_WORDS_LIKENESS, group_by_origin, latinise_words
from sources.evidence.stated_amounts import StatedAmount
from sources.models import Citation

TRANSLATION_LIKENESS = 60
"""From which likeness, 0 to 100, two names or texts may be translations of the same words."""


CHANGING_FIELDS = frozenset({"nature", "condition", "operator", "organisation", "announced_at", "measures", "milestones"})
"""Fields of which two values can both have been true, one after the other."""

MAX_PAIRS = 25
"""How many pairs of citations that make two statements are looked at."""

_MONTH_DAYS = 31
_MARK_LABELS = {"~": "approximate", "?": "uncertain"}
_PART_OR_TOTAL = re.compile(
    r"\b(total|altogether|in all|overall|combined|so far|including|of which|out of|further|additional(?:ly)?|another|more"
    r"|each|apiece|per|a year|annual(?:ly)?|yearly|monthly)\b",
    re.IGNORECASE,
)


class DifferenceKind(TextChoices):
    """What a difference looks like."""

    CONTRADICTION = "contradiction", "contradiction"
    SCOPE = "scope", "scope or unit"
    TIME = "time", "time"
    PRECISION = "precision", "precision"
    TRANSLATION = "translation", "translation"
    ONE_ORIGIN = "one_origin", "one origin"

    @property
    def verdict(self) -> Verdict:
        """The verdict to offer first."""
        return _VERDICT_BY_KIND[self]


_VERDICT_BY_KIND = {
    DifferenceKind.CONTRADICTION: Verdict.DISPUTED,
    DifferenceKind.SCOPE: Verdict.DIFFERENT_SCOPE,
    DifferenceKind.TIME: Verdict.CHANGED_OVER_TIME,
    DifferenceKind.PRECISION: Verdict.COMPATIBLE_PRECISION,
    DifferenceKind.TRANSLATION: Verdict.TRANSLATION_ARTEFACT,
    # Of one utterance told in two ways, one is told wrongly.
    DifferenceKind.ONE_ORIGIN: Verdict.SOURCE_ERROR,
}


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """One kind of difference between statements of a field, and why it is taken to be that."""

    kind: DifferenceKind
    reason: str


def classify_differences(field: str, citations: Sequence[Citation]) -> list[StatementDifference]:
    """The kinds of difference among `citations`, each once, that which weighs most first; none if they do not differ.

    Each two different statements are explained by themselves: what nothing explains is a contradiction, and comes first.
    """
    found: dict[DifferenceKind, StatementDifference] = {}
    for ones, others in _differing_statement_pairs(field, citations):
        difference = _explain_difference(field, ones, others)
        found.setdefault(difference.kind, difference)
    if found and DifferenceKind.ONE_ORIGIN not in found and len(citations) > 1 and len(group_by_origin(citations)) == 1:
        found[DifferenceKind.ONE_ORIGIN] = StatementDifference(DifferenceKind.ONE_ORIGIN, "All of them go back to one origin.")
    return sorted(found.values(), key=lambda difference: list(DifferenceKind).index(difference.kind))


StatementCitations = list[Citation]
"""The citations that make one statement."""


def _differing_statement_pairs(
    field: str, citations: Sequence[Citation]
) -> Iterator[tuple[StatementCitations, StatementCitations]]:
    """Each two different statements once. A denial stands against what it denies, else against what is claimed, if
    anything is.
    """
    claims: dict[str, StatementCitations] = {}
    denials: dict[str, StatementCitations] = {}
    for citation in citations:
        made = denials if citation.stance == Stance.CONTRADICTS else claims
        made.setdefault(citation.value, []).append(citation)
    for value, denial in denials.items():
        yield denial, claims.get(value, [])
    if field not in MANY_VALUED_FIELDS:
        yield from itertools.combinations(claims.values(), 2)


def _explain_difference(field: str, ones: StatementCitations, others: StatementCitations) -> StatementDifference:
    one, other = ones[0], others[0] if others else None
    if other is None or one.stance == Stance.CONTRADICTS:
        return StatementDifference(DifferenceKind.CONTRADICTION, f"{_source_label(one)} contradicts “{one.value}”.")
    # What sets two statements apart may show only in some of the quotes that make them.
    pairs = list(itertools.islice(itertools.product(ones, others), MAX_PAIRS))
    for look in (*_EXPLANATIONS.get(_value_type(field, one), (_explain_by_time,)), _explain_by_qualification, _explain_by_origin):
        for pair in pairs:
            if found := look(field, *pair):
                return found
    return StatementDifference(
        DifferenceKind.CONTRADICTION, f"“{one.value}” stands against “{other.value}”, and nothing explains it."
    )


def _value_type(field: str, citation: Citation) -> Any:
    stem, _, key = field.partition(".")
    if key:
        return "amount" if stem == "measures" else DATE
    return CITABLE_FIELDS[record_kind(citation.target)].get(field, TEXT)


def _source_label(citation: Citation) -> str:
    return str(citation.quote.speaker or citation.quote.attribution or citation.quote.document.publisher or "A source")


# Amounts


def _explain_by_unit(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    first, second = StatedAmount.parse(one.value), StatedAmount.parse(other.value)
    if first is None or second is None or first.unit == second.unit:
        return None
    units = f"{first.unit or 'no unit'} and {second.unit or 'no unit'}"
    if _is_currency(first.unit) and _is_currency(second.unit):
        return StatementDifference(DifferenceKind.SCOPE, f"Two currencies, {units}: one may be a conversion of the other.")
    return StatementDifference(DifferenceKind.SCOPE, f"They count different things: {units}.")


def _is_currency(unit: str) -> bool:
    return bool(re.fullmatch("[A-Z]{3}", unit))


def _explain_by_number(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    first, second = StatedAmount.parse(one.value), StatedAmount.parse(other.value)
    if first and second and first.overlaps(second):
        return StatementDifference(DifferenceKind.PRECISION, f"“{one.value}” and “{other.value}” can be the same number.")
    return None


def _explain_by_scope(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    said = [{word.lower() for word in _PART_OR_TOTAL.findall(c.as_stated or c.quote.exact)} for c in (one, other)]
    told = sorted(said[0] ^ said[1])
    if not told:
        return None
    return StatementDifference(
        DifferenceKind.SCOPE, f"Only one of the two says “{told[0]}”: a part and a total, or different periods."
    )


# Dates and other values that change


def _explain_by_date(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    first, second = PartialDate.parse(one.value), PartialDate.parse(other.value)
    if first.earliest <= second.latest and second.earliest <= first.latest:
        return StatementDifference(DifferenceKind.PRECISION, f"“{one.value}” and “{other.value}” can be the same day.")
    apart = max((second.earliest - first.latest).days, (first.earliest - second.latest).days)
    marks = [_MARK_LABELS[date.mark] for date in (first, second) if date.mark]
    if marks and apart <= _MONTH_DAYS:
        return StatementDifference(
            DifferenceKind.PRECISION, f"They are {apart} {'day' if apart == 1 else 'days'} apart, and one is {marks[0]}."
        )
    return None


def statement_date(citation: Citation) -> PartialDate | None:
    """When the statement was made: the day it was said, else the day it was published; None if neither is known."""
    said = citation.quote.said_on or citation.quote.document.published_on
    return PartialDate.parse(said) if said else None


def _explain_by_time(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    stem = field.partition(".")[0]
    first, second = statement_date(one), statement_date(other)
    if stem not in CHANGING_FIELDS or first is None or second is None:
        return None
    if second.latest < first.earliest:
        one, other, first, second = other, one, second, first
    # Reports of one day and the next mean the same amount, and one of them errs.
    if (second.earliest - first.latest).days > (_MONTH_DAYS if stem == "measures" else 0):
        told = f"“{one.value}” was stated first ({first}), “{other.value}” later ({second})"
        return StatementDifference(DifferenceKind.TIME, f"{told}: each may be true of its time.")
    return None


# Any value


def _explain_by_qualification(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    for citation in (one, other):
        if citation.stance == Stance.QUALIFIES:
            return StatementDifference(DifferenceKind.PRECISION, f"“{citation.value}” only qualifies what else is stated.")
    return None


def _explain_by_origin(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    if len(group_by_origin([one, other])) > 1:
        return None
    return StatementDifference(
        DifferenceKind.ONE_ORIGIN, f"“{one.value}” and “{other.value}” go back to one origin: one may be told wrongly."
    )


# Words and names


def _explain_by_translation(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    translated = [c for c in (one, other) if is_translated(c)]
    if not translated:
        return None
    likeness = fuzz.token_set_ratio(latinise_words(one.value), latinise_words(other.value))
    if likeness < TRANSLATION_LIKENESS:
        return None
    which = "Both are" if len(translated) == 2 else f"“{translated[0].value}” is"
    return StatementDifference(DifferenceKind.TRANSLATION, f"{which} translated, and the words are {likeness:.0f}% alike.")


def is_translated(citation: Citation) -> bool:
    """Whether the words of the quote are not those that were spoken or written."""
    return citation.quote.fidelity != Fidelity.ORIGINAL or bool(citation.quote.document.translated_from)


def _explain_by_fuller_wording(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    words = [set(latinise_words(citation.value).split()) for citation in (one, other)]
    if words[0] <= words[1] or words[1] <= words[0]:
        shorter, longer = sorted((one.value, other.value), key=len)
        return StatementDifference(DifferenceKind.PRECISION, f"“{longer}” says all that “{shorter}” says.")
    return None


def _explain_by_spelling(field: str, one: Citation, other: Citation) -> StatementDifference | None:
    if fuzz.ratio(latinise_words(one.value), latinise_words(other.value)) >= SAME_WORDS_LIKENESS:
        return StatementDifference(
            DifferenceKind.PRECISION, f"“{one.value}” and “{other.value}” are spellings of the same words."
        )
    return None


Explanation = Callable[[str, Citation, Citation], StatementDifference | None]

# What a field takes -> the explanations to look for, the likeliest first; any other field: the time.
_EXPLANATIONS: dict[Any, tuple[Explanation, ...]] = {
    "amount": (_explain_by_unit, _explain_by_number, _explain_by_scope, _explain_by_time),
    DATE: (_explain_by_date, _explain_by_time),
    TEXT: (_explain_by_fuller_wording, _explain_by_spelling, _explain_by_translation),
}


# Origins


# Is it the same thing?


@dataclass(frozen=True, slots=True)
class ComparedAspect:
    """One thing in which statements may be about the same or not, with what each of them has there, each value once."""

    name: str
    values: list[str]

    @property
    def agrees(self) -> bool:
        return len(self.values) == 1


def compare_aspects(field: str, citations: Sequence[Citation]) -> list[ComparedAspect]:
    """What to look at before two statements are taken to be about the same thing."""
    found: dict[str, list[str]] = {}
    for citation in citations:
        quote = citation.quote
        has = {
            "stated": str(statement_date(citation) or "at a time not known"),
            "by": _source_label(citation),
            "published by": str(quote.document.publisher or "publisher not known"),
            "words": quote.get_fidelity_display(),
        }
        if amount := StatedAmount.parse(citation.value) if field.startswith("measures.") else None:
            scope = ", ".join(sorted({word.lower() for word in _PART_OR_TOTAL.findall(citation.as_stated or quote.exact)}))
            has = {"of what": amount.unit or "no unit", "part or total": scope or "not said"} | has
        for name, value in has.items():
            found.setdefault(name, []).append(value)
    return [ComparedAspect(name, list(dict.fromkeys(values))) for name, values in found.items()]
