"""The one rule of evidence: a stated value equals what a verified citation affirms, or what a resolution decides for.

Publishing, review, coverage, lists, the desk and `check_data` all ask here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entities.citable_fields import AMOUNT, MANY_VALUED_FIELDS, STEP, EvidenceClass, evidence_class, stated_value_type
from entities.field_values import FieldValue
from entities.formatting import cited_value_label, format_partial_date, join_names
from entities.measure_facts import measure_fact_or_none
from entities.steps import step_or_none
from entities.vocabulary import Verification
from sources.evidence.as_stated_reading import RecordsByName, contains_words, differing_reading
from sources.evidence.statement_comparison import Comparison, Statement, compare_values
from sources.evidence.statements import FieldEvidence, statement_of


@dataclass(frozen=True, slots=True)
class EvidenceProblem:
    """A field that the evidence of its record does not bear out. `message` continues the name of the field."""

    field: str
    message: str
    value: str = ""
    """The value that lacks evidence; '' if a citation or a resolution is at fault."""


def find_evidence_problems(
    kind: str,
    values: Iterable[FieldValue],
    evidence: Mapping[str, FieldEvidence],
    *,
    is_publisher: bool = False,
    records_by_name: RecordsByName | None = None,
) -> list[EvidenceProblem]:
    """List what the evidence of a record of `kind` does not bear out: values, decisions and citations.

    `evidence` has the citations and resolutions of each field, as model rows or their rendered counterparts. The name of a
    publisher rests on its documents.
    """
    stated = [value for value in values if value.evidence_class == EvidenceClass.STATED]
    problems = [
        problem
        for value in stated
        if not (is_publisher and value.field == "name")
        if (problem := problem_of_value(kind, value, evidence.get(value.field)))
    ]
    for field, field_evidence in evidence.items():
        problems += _problems_of_decision(kind, field, [value.value for value in stated if value.field == field], field_evidence)
        if evidence_class(kind, field) == EvidenceClass.STATED:
            problems += _problems_of_citations(kind, field, field_evidence, records_by_name)
    return problems


def supporting_citations(kind: str, field: str, value: str, evidence: FieldEvidence | None) -> list[Any]:
    """Return the citations that affirm `value`, verified or not."""
    citations = evidence.citations if evidence else ()
    return [
        citation
        for citation in citations
        if not statement_of(citation).denied and compare_values(kind, field, citation.value, value) == Comparison.EQUAL
    ]


def problem_of_value(kind: str, value: FieldValue, evidence: FieldEvidence | None) -> EvidenceProblem | None:
    """Return why a stated value may not be public, or None if its evidence bears it out."""
    field, text, _ = value
    decision = _standing_decision(evidence)
    if decision is not None and _is_decided(kind, field, decision, text):
        chosen, day = decision
        if chosen.denied:
            return EvidenceProblem(
                field, f"is {_quoted(kind, field, text)}, which the resolution of {day} decides to be denied", text
            )
        if field not in MANY_VALUED_FIELDS and compare_values(kind, field, chosen.value, text) != Comparison.EQUAL:
            message = (
                f"is {_quoted(kind, field, text)}, but the resolution of {day} decides for {_quoted(kind, field, chosen.value)}"
            )
            return EvidenceProblem(field, message, text)
        return None
    if any(_may_prove(citation) for citation in supporting_citations(kind, field, text, evidence)):
        return None
    message = f"is {_quoted(kind, field, text)}, which no verified citation states: {_what_citations_say(kind, field, evidence)}"
    return EvidenceProblem(field, message, text)


def _may_prove(citation: Any) -> bool:
    # A quote that is not checked yet is checked when it is published, without which nothing that rests on it can be.
    return citation.quote.verification != Verification.FAILED


def _standing_decision(evidence: FieldEvidence | None) -> tuple[Statement, str] | None:
    """Return the statement that the standing resolution of a field decides for, and the day of the decision."""
    resolution = evidence.resolution if evidence else None
    if resolution is None or resolution.decides_for is None:
        return None
    return Statement.from_json(resolution.decides_for), format_partial_date(resolution.decided_on)


def _is_decided(kind: str, field: str, decision: tuple[Statement, str], text: str) -> bool:
    """Tell whether a decision is about the value `text`: of a field of several values, or where it denies, only about its own."""
    chosen, _ = decision
    if field in MANY_VALUED_FIELDS or chosen.denied:
        return compare_values(kind, field, chosen.value, text) == Comparison.EQUAL
    return True


def _problems_of_decision(kind: str, field: str, texts: list[str], evidence: FieldEvidence) -> Iterator[EvidenceProblem]:
    """Yield the problem of a field without the value that a resolution decides for."""
    decision = _standing_decision(evidence)
    if decision is None or evidence_class(kind, field) != EvidenceClass.STATED:
        return
    chosen, day = decision
    is_missing = not any(compare_values(kind, field, chosen.value, text) == Comparison.EQUAL for text in texts)
    if not chosen.denied and is_missing and (field in MANY_VALUED_FIELDS or not texts):
        message = f"lacks {_quoted(kind, field, chosen.value)}, for which the resolution of {day} decides"
        yield EvidenceProblem(field, message)


def _problems_of_citations(
    kind: str, field: str, evidence: FieldEvidence, records_by_name: RecordsByName | None
) -> Iterator[EvidenceProblem]:
    """Yield a problem for each citation without the source's words, or whose words read otherwise and no note names its value."""
    for citation in evidence.citations:
        cited = f"is cited from quote {citation.quote.slug} for {_quoted(kind, field, citation.value)}"
        if not citation.as_stated:
            yield EvidenceProblem(field, f"{cited} without the source's words: fill them in")
        elif misreading := explain_misreading(kind, citation, records_by_name):
            yield EvidenceProblem(field, f"{cited}, but {misreading}")


def explain_misreading(kind: str, citation: Any, records_by_name: RecordsByName | None = None) -> str:
    """Return, where a citation's words read another value than it states and its note does not name it, what to do; else ''."""
    field = citation.field
    if evidence_class(kind, field) != EvidenceClass.STATED:
        return ""
    reading = reading_that_differs(kind, citation, records_by_name)
    if not reading or note_names_value(kind, citation):
        return ""
    says = f"“{citation.as_stated}” reads {_quoted(kind, field, reading)}"
    if reading == citation.as_stated:
        says = f"the source says “{reading}”"
    return f"{says}: correct the value, or name it in the note and say why"


def note_names_value(kind: str, citation: Any) -> bool:
    """Tell whether the note of a citation names the value, without which it cannot explain why the words read otherwise."""
    return any(contains_words(citation.note, name) for name in _names_of_value(kind, citation.field, citation.value))


def _names_of_value(kind: str, field: str, value: str) -> Iterator[str]:
    """Yield the ways to name a value: as it is stored or in words, of a measure the amount alone, of a step its day."""
    value_type = stated_value_type(kind, field)
    values = [value]
    if value_type == AMOUNT and (fact := measure_fact_or_none(value)):
        values.append(str(fact.amount))
    for text in values:
        yield text
        yield from (cited_value_label(kind, field, text, exact=exact) for exact in (True, False))
    if value_type == STEP and (step := step_or_none(value)) and step.date:
        yield from (str(step.date), format_partial_date(str(step.date)))
    if isinstance(value_type, tuple):
        yield value.replace("-", " ")


def reading_that_differs(kind: str, citation: Any, records_by_name: RecordsByName | None = None) -> str:
    """Return the value that the words of a citation read where that is another one than it states; '' otherwise."""
    document = citation.quote.document
    return differing_reading(
        kind,
        citation.field,
        citation.value,
        citation.as_stated,
        published_on=document.published_on,
        language=document.language,
        records_by_name=records_by_name,
    )


def _what_citations_say(kind: str, field: str, evidence: FieldEvidence | None) -> str:
    if evidence is None or not evidence.citations:
        return "it has no citation"
    said: dict[str, dict[str, None]] = {"say": {}, "deny": {}}
    for citation in evidence.citations:
        words = _quoted(kind, field, citation.value) + ("" if _may_prove(citation) else " (not verified)")
        said["deny" if statement_of(citation).denied else "say"][words] = None
    return f"its citations {join_names(f'{verb} {join_names(words)}' for verb, words in said.items() if words)}"


def _quoted(kind: str, field: str, value: str) -> str:
    return f"“{cited_value_label(kind, field, value, exact=True)}”"
