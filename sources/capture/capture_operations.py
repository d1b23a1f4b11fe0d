"""Operations of an editor on a document: capture, link, revise and remove quotes, decide on suggestions, mark as read.

Each operation runs in one transaction and leaves a step that `undo_step` undoes and `redo_step` redoes. The text itself
decides: words that are not at their offsets, character for character, are refused.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from entities.citable_fields import record_kind
from entities.formatting import cited_field_label, cited_value_label
from entities.models import Entity, Person, Relation
from entities.refusals import Refused
from entities.vocabulary import Kind, Polarity, Status, SuggestionKind, SuggestionOutcome, Verification
from sources import anchoring
from sources.capture.fact_candidates import NEW_MEASURE
from sources.capture.record_creation import (
    NewRecord,
    StatedValue,
    add_stated_child,
    create_record,
    facts_of_name,
    fill_empty_field,
)
from sources.capture.undo_steps import StepRecorder, begin_step, in_change_set_of_document, validate_row
from sources.evidence.evidence_rule import explain_misreading
from sources.evidence.named_records import records_named_by
from sources.models import CaptureStep, Citation, ReadMark, SourceDocument, SourceQuote, SuggestionDecision
from sources.page_numbers import page_of_offset
from sources.passage_edges import explain_cut
from sources.suggestions.suggestion import Suggestion

NAMED_KINDS = (Kind.PERSON, Kind.ORGANISATION, Kind.FACILITY, Kind.EVENT)
"""Kinds of record that can be drafted from a name in a text."""


@dataclass(frozen=True, slots=True)
class CitedFact:
    """Fact that a passage is evidence for: one value of one field of a record or relation."""

    target: Entity | Relation
    field: str
    value: str
    polarity: str = Polarity.AFFIRMS
    as_stated: str = ""
    note: str = ""
    fills: bool = False
    """Whether the working copy takes the value over where it has none yet."""

    @property
    def stated(self) -> StatedValue:
        """The value without its record."""
        return StatedValue(self.field, self.value, self.polarity, self.as_stated, self.note)


class CreatedRecord(NamedTuple):
    """Record just added, what it was made from, and the prefix of the names of its problems."""

    new: NewRecord
    record: Entity | Relation
    prefix: str


@in_change_set_of_document
def capture_quote(
    document: SourceDocument,
    user,
    *,
    start: int,
    end: int,
    exact: str,
    facts: Iterable[CitedFact] = (),
    new_records: Sequence[NewRecord] = (),
    suggestion: Suggestion | None = None,
    new_speakers: Sequence[str] = (),
    **quote_fields: Any,
) -> tuple[SourceQuote, CaptureStep]:
    """Make the passage `document.text[start:end]`, which must be `exact`, a quote; cite it for `facts` and add `new_records`.

    `quote_fields` sets the other fields of the quote; its speakers are a list of persons, after whom come those of the new
    records that `new_speakers` refers to. Raises Refused.
    """
    step = begin_step(document, user)
    if SourceQuote.objects.filter(document=document, start=start, end=end).exists():
        raise Refused("This passage is already a quote: open it to link it to more facts.")
    _check_passage(document, start, end, exact)
    created = _create_records(step, new_records)
    quote = _create_quote(step, start, end, exact, _with_new_speakers(quote_fields, new_speakers, created))
    citations = [*_cite_for_new_records(step, quote, created), *_create_citations(step, quote, facts)]
    if suggestion is not None:
        _record_suggestion_decision(step, suggestion, _decision_outcome(suggestion, quote), quote)
    return quote, step.save_step(f"Captured “{quote}”{_link_summary(citations)}")


@in_change_set_of_document
def add_draft_record(
    document: SourceDocument,
    user,
    suggestion: Suggestion,
    *,
    kind: str,
    name: str,
    start: int,
    end: int,
    quote_fields: Mapping[str, Any],
    is_speaker: bool = False,
) -> tuple[SourceQuote, CaptureStep]:
    """Add a draft of a record that the register does not know yet, with the passage that names it as evidence.

    `kind` is one of NAMED_KINDS. The passage from `start` to `end` becomes a quote, if it is none yet, with the kind, speakers
    and other values of `quote_fields`; `is_speaker`: the person added is one of its speakers. Raises Refused.
    """
    step = begin_step(document, user)
    if kind not in NAMED_KINDS:
        raise Refused(errors={"kind": ["Choose what it is: a person, an organisation, a facility or an event."]})
    quote = SourceQuote.objects.filter(document=document, start=start, end=end).first()
    exact = quote.exact if quote else document.text[start:end]
    words = " ".join(suggestion.exact.split()) if suggestion.exact in exact else ""
    columns = {"name": name} | ({} if kind == Kind.PERSON else {"type": "other"})
    new_record = NewRecord("new:0", kind, columns, tuple(facts_of_name(kind, name, words)))
    created = _create_records(step, [new_record], prefixed=False)
    if quote is None:
        fields = _with_new_speakers(quote_fields, [new_record.ref] if is_speaker else [], created)
        quote = _create_quote(step, start, end, exact, fields)
    _cite_for_new_records(step, quote, created)
    _record_suggestion_decision(
        step, suggestion, SuggestionOutcome.ACCEPTED if name == suggestion.proposal["name"] else SuggestionOutcome.EDITED, quote
    )
    return quote, step.save_step(f"Added {Kind(kind).label} {name} as a draft")


@in_change_set_of_document
def link_quote(
    quote: SourceQuote,
    user,
    facts: Iterable[CitedFact],
    suggestion: Suggestion | None = None,
    new_records: Sequence[NewRecord] = (),
) -> CaptureStep:
    """Cite `quote` for more facts, and add `new_records` that it tells of. Raises Refused."""
    step = StepRecorder(quote.document, user)
    created = _create_records(step, new_records)
    citations = [*_cite_for_new_records(step, quote, created), *_create_citations(step, quote, facts)]
    if not citations:
        raise Refused(errors={"facts": ["Choose at least one fact."]})
    if suggestion is not None:
        _record_suggestion_decision(step, suggestion, SuggestionOutcome.ACCEPTED, quote)
    return step.save_step(f"Linked “{quote}”{_link_summary(citations)}")


@in_change_set_of_document
def revise_quote(
    quote: SourceQuote,
    user,
    *,
    version: int,
    start: int | None = None,
    end: int | None = None,
    facts: Iterable[CitedFact] = (),
    new_records: Sequence[NewRecord] = (),
    suggestion: Suggestion | None = None,
    new_speakers: Sequence[str] = (),
    **quote_fields: Any,
) -> CaptureStep:
    """Change the fields of a quote, move its edges within the text, cite it for more `facts`, or add `new_records`.

    `new_speakers` refers to those of the new records that are to be speakers, too.
    Raises Refused, also if the quote changed since `version`.
    """
    step = begin_step(quote.document, user)
    _check_quote_version(quote, version)
    created = _create_records(step, new_records)
    values = _with_new_speakers(quote_fields, new_speakers, created)
    if start is not None and end is not None and (start, end) != (quote.start, quote.end):
        values |= _anchor_values(quote, quote.document.text, start, end)
    changed = step.change_row(quote, **values)
    citations = [*_cite_for_new_records(step, quote, created), *_create_citations(step, quote, facts)]
    if not changed and not citations:
        raise Refused("Nothing was changed: change a detail of the quote, or choose a fact to link it to.")
    if suggestion is not None and citations:
        _record_suggestion_decision(step, suggestion, SuggestionOutcome.ACCEPTED, quote)
    return step.save_step(f"{'Changed' if changed else 'Kept'} “{quote}”{_link_summary(citations)}")


@in_change_set_of_document
def reanchor_quote(quote: SourceQuote, user, *, version: int, sha256: str, start: int, end: int) -> CaptureStep:
    """Anchor a quote again, at a passage that an editor saw in the text with the hash `sha256`. Raises Refused.

    That may be its present place, but between other words than those stored. The quote takes over the words of the passage,
    whatever they are: the caller has shown them to the editor.
    """
    # Replacing the text waits until the quote is anchored, and then checks it again.
    document = SourceDocument.objects.select_for_update().get(pk=quote.document_id)
    _check_quote_version(quote, version)
    if document.sha256 != sha256:
        raise Refused("The text of this document was replaced in the meantime. Look again where the words are in it.")
    step = StepRecorder(document, user)
    if not step.change_row(quote, **_anchor_values(quote, document.text, start, end)):
        raise Refused(f"“{quote}” already has this place in the text: reload the page.")
    return step.save_step(f"Re-anchored “{quote}”")


def citations_lost_in(quote: SourceQuote, exact: str) -> list[Citation]:
    """Return the citations of `quote` whose words, as stated, are not in `exact`."""
    words = " ".join(exact.split())
    return [citation for citation in quote.citations.all() if citation.as_stated not in words]


@in_change_set_of_document
def remove_quote(
    quote: SourceQuote, user, *, version: int | None = None, expected_citations: Collection[int] | None = None
) -> CaptureStep:
    """Delete a quote that was never public, with its citations.

    Raises Refused, also if it changed since `version` or has other citations than those with the keys `expected_citations`.
    """
    if version is not None:
        _check_quote_version(quote, version)
    if expected_citations is not None and {*expected_citations} != {*quote.citations.values_list("pk", flat=True)}:
        raise Refused("Somebody linked or unlinked this quote in the meantime. Look at it again.")
    if quote.status in (Status.PUBLISHED, Status.WITHDRAWN):
        raise Refused("This quote is or was public: withdraw it instead.")
    step, label = StepRecorder(quote.document, user), f"Removed “{quote}”"
    for row in (*quote.citations.all(), *quote.suggested_by.all(), quote):
        step.delete_row(row)
    return step.save_step(label)


@in_change_set_of_document
def remove_citation(citation: Citation, user, *, expected: tuple[str, str] | None = None) -> CaptureStep:
    """Delete a citation. Raises Refused if its value and polarity are no longer those `expected`."""
    value = cited_value_label(record_kind(citation.target), citation.field, citation.value, exact=True)
    if expected is not None and expected != (citation.value, citation.polarity):
        raise Refused(f"Somebody changed this fact in the meantime: it {citation.get_polarity_display()} “{value}” now.")
    step = StepRecorder(citation.quote.document, user)
    label = f"Unlinked {citation.target}, {cited_field_label(citation.field)}: {value}"
    step.delete_row(citation)
    return step.save_step(label)


@in_change_set_of_document
def reject_suggestions(document: SourceDocument, user, suggestions: Sequence[Suggestion]) -> CaptureStep:
    """Reject these suggestions in one step, so that none of them is offered again."""
    step = StepRecorder(document, user)
    for suggestion in suggestions:
        _record_suggestion_decision(step, suggestion, SuggestionOutcome.REJECTED, None)
    return step.save_step(f"Rejected {_suggestions_summary(suggestions)}")


@in_change_set_of_document
def toggle_read_mark(document: SourceDocument, user, start: int, end: int) -> CaptureStep:
    """Mark the passage as read, with nothing more to capture in it, or remove the mark if there is one."""
    _check_range(document.text, start, end)
    step = begin_step(document, user)
    mark = ReadMark.objects.filter(document=document, text_sha256=document.sha256, start=start).first()
    if mark:
        step.delete_row(mark)
        return step.save_step("Marked as unread")
    step.create_row(ReadMark(document=document, text_sha256=document.sha256, start=start, end=end, marked_by=user))
    return step.save_step("Marked as read")


def _create_quote(step: StepRecorder, start: int, end: int, exact: str, fields: Mapping[str, Any]) -> SourceQuote:
    document = step.document
    _check_passage(document, start, end, exact)
    columns = {name: value for name, value in fields.items() if name != "speakers"}
    quote = SourceQuote(document=document, start=start, end=end, exact=exact, verification=Verification.TEXT, **columns)
    validate_row(quote, exclude=("slug",))
    step.create_row(quote, speakers=fields.get("speakers", ()))
    return quote


def _check_quote_version(quote: SourceQuote, version: int) -> None:
    # The stored version, however old `quote` is; the lock makes other saves wait.
    stored_version = SourceQuote.objects.select_for_update().filter(pk=quote.pk).values_list("version", flat=True).first()
    if not quote.version == version == stored_version:
        raise Refused(f"Somebody changed this quote in the meantime (version {stored_version}, not {version}). Look at it again.")


def _anchor_values(quote: SourceQuote, text: str, start: int, end: int) -> dict[str, Any]:
    """Return the values of `quote` at the passage `text[start:end]`. Raises Refused if that would drop cited words."""
    _check_range(text, start, end)
    _check_edges(text, start, end)
    passage = anchoring.passage_at(text, start, end)
    if lost_citations := citations_lost_in(quote, passage.exact):
        words, field = lost_citations[0].as_stated, cited_field_label(lost_citations[0].field)
        raise Refused(f"“{words}”, cited for {field}, would no longer be in the passage.")
    values = {"start": start, "end": end, "exact": passage.exact, "verification": Verification.TEXT}
    page = page_of_offset(quote.document.page_breaks, start)
    return values if page is None else values | {"page": page}


def _check_range(text: str, start: int, end: int) -> None:
    if not 0 <= start < end <= len(text):
        raise Refused(
            f"There is no such passage, from {start:,} to {end:,}: the text has {len(text):,} characters. Reload the page."
        )


def _check_passage(document: SourceDocument, start: int, end: int, exact: str) -> None:
    """Refuse a passage whose words are not exactly those of the text."""
    if not document.text:
        raise Refused("The text of this document is not stored: attach it first.")
    if not 0 <= start < end <= len(document.text) or document.text[start:end] != exact:
        raise Refused("These words are not there in the present text. Reload the page and select them again.")
    if not exact.strip():
        raise Refused("Select some words: this is only space.")
    _check_edges(document.text, start, end)


def _check_edges(text: str, start: int, end: int) -> None:
    if cut := explain_cut(text, start, end):
        raise Refused(f"The passage {cut}. Select whole words.")


def _create_records(step: StepRecorder, new_records: Sequence[NewRecord], prefixed: bool = True) -> list[CreatedRecord]:
    """Add records; those added first can be parties of later ones."""
    created: list[CreatedRecord] = []
    slugs: dict[str, str] = {}
    for number, new_record in enumerate(new_records):
        prefix = f"records.{number}." if prefixed else ""
        new = new_record.with_slugs(slugs)
        record = create_record(step, new, prefix)
        slugs[new.ref] = record.slug
        created.append(CreatedRecord(new, record, prefix))
    return created


def _cite_for_new_records(step: StepRecorder, quote: SourceQuote, created: Iterable[CreatedRecord]) -> list[Citation]:
    """Cite `quote` for what it states of each of the records just added."""
    citations: list[Citation] = []
    for new, record, prefix in created:
        facts = [CitedFact(record, fact.field, fact.value, fact.polarity, fact.as_stated, fact.note) for fact in new.facts]
        # Steps before amounts, which may belong to one of them.
        order = sorted(range(len(facts)), key=lambda index: facts[index].field == NEW_MEASURE)
        citations += [_create_citation(step, quote, facts[index], f"{prefix}facts.{index}.") for index in order]
        if new.naming and isinstance(record, Person):
            citations += _cite_naming_passage(step, new, record, prefix)
    return citations


def _cite_naming_passage(step: StepRecorder, new: NewRecord, person: Person, prefix: str) -> list[Citation]:
    """Cite the passage that states the full name of a new person for those parts of it that the captured one does not state."""
    naming: Any = new.naming
    if person.name not in " ".join(naming.exact.split()):
        message = f"“{person.name}” is not in “{naming.exact[:80]}”: correct it, or do not cite that passage for it."
        raise Refused(errors={f"{prefix}name": [message]})
    quote = SourceQuote.objects.filter(document=step.document, start=naming.start, end=naming.end, exact=naming.exact).first()
    if quote is None:
        speakers = [*naming.quote_fields.get("speakers", ()), *([person] if naming.is_speaker else [])]
        quote = _create_quote(step, naming.start, naming.end, naming.exact, {**naming.quote_fields, "speakers": speakers})
    facts = [CitedFact(person, fact.field, fact.value, as_stated=fact.as_stated) for fact in new.facts_of_naming]
    return [_create_citation(step, quote, fact, prefix) for fact in facts]


def _with_new_speakers(quote_fields: Mapping[str, Any], refs: Sequence[str], created: Iterable[CreatedRecord]) -> dict[str, Any]:
    """Return the fields of a quote with the new persons among its speakers. Raises Refused if a reference names none."""
    if not refs:
        return dict(quote_fields)
    persons = {new.ref: record for new, record, _ in created if isinstance(record, Person)}
    if not persons.keys() >= set(refs):
        raise Refused(errors={"speakers": ["The new person who is to be the speaker is no longer in the form."]})
    return {**quote_fields, "speakers": [*quote_fields.get("speakers", ()), *(persons[ref] for ref in dict.fromkeys(refs))]}


def _create_citations(step: StepRecorder, quote: SourceQuote, facts: Iterable[CitedFact]) -> list[Citation]:
    return [_create_citation(step, quote, fact, f"facts.{number}.") for number, fact in enumerate(facts)]


def _create_citation(step: StepRecorder, quote: SourceQuote, fact: CitedFact, prefix: str) -> Citation:
    field = add_stated_child(step, fact.target, fact.stated, prefix)
    if fact.fills:
        fill_empty_field(step, fact.target, fact.stated, prefix)
    target = fact.target if isinstance(fact.target, Relation) else Entity.objects.get(pk=fact.target.pk)
    citation = Citation(quote=quote, field=field, value=fact.value, polarity=fact.polarity, as_stated=fact.as_stated)
    citation.note = fact.note
    setattr(citation, "relation" if isinstance(target, Relation) else "entity", target)
    validate_row(citation, prefix=prefix)
    kind = record_kind(target)
    if misreading := explain_misreading(kind, citation, records_named_by([(kind, citation)])):
        raise Refused(errors={f"{prefix}note": [f"{misreading[:1].upper()}{misreading[1:]}."]})
    step.create_row(citation)
    return citation


def _record_suggestion_decision(step: StepRecorder, suggestion: Suggestion, outcome: str, quote: SourceQuote | None) -> None:
    document = step.document
    if SuggestionDecision.objects.filter(document=document, key=suggestion.key).exists():
        raise Refused(f"“{suggestion.exact[:80]}” has already been decided.")
    step.create_row(
        SuggestionDecision(
            document=document,
            key=suggestion.key,
            kind=suggestion.kind,
            text_sha256=document.sha256,
            start=suggestion.start,
            end=suggestion.end,
            exact=suggestion.exact,
            proposal=suggestion.proposal,
            rule=suggestion.rule,
            score=suggestion.score,
            outcome=outcome,
            quote=quote,
            decided_by=step.user,
        )
    )


def _decision_outcome(suggestion: Suggestion, quote: SourceQuote) -> str:
    """Return “accepted” if the quote has exactly what was proposed, else “edited”."""
    if suggestion.kind != SuggestionKind.QUOTATION:
        return SuggestionOutcome.ACCEPTED
    proposed = suggestion.proposal
    as_proposed = (
        (quote.start, quote.end) == (suggestion.start, suggestion.end)
        and quote.kind == proposed["quote_kind"]
        and [person.slug for person in quote.speakers.all()] == ([proposed["speaker"]] if proposed["speaker"] else [])
        and quote.said_on == proposed["said_on"]
    )
    return SuggestionOutcome.ACCEPTED if as_proposed else SuggestionOutcome.EDITED


def _link_summary(citations: Sequence[Citation]) -> str:
    return f", linked to {len(citations)} fact{'s' if len(citations) > 1 else ''}" if citations else ""


def _suggestions_summary(suggestions: Sequence[Suggestion]) -> str:
    return f"“{suggestions[0].exact[:80]}”" if len(suggestions) == 1 else f"{len(suggestions)} suggestions"
