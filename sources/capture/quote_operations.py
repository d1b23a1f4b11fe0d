"""What an editor does at the desk of a document: capture, link, revise, remove, decide, mark as read; and take it back.

Each operation runs in one transaction and leaves a step that `undo` takes back and `redo` takes again. The text itself
decides: words that do not stand at their place, character for character, are refused.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from entities.field_values import parse_typed_amount
from entities.models import Entity, Event, Facility, Measure, Organisation, Person, Relation
from entities.refusals import Refused
from entities.slugs import free_slug
from entities.vocabulary import Kind, Stance, Status, SuggestionKind, SuggestionOutcome, Verification
from sources import anchoring
from sources.capture.fact_candidates import NEW_MEASURE
from sources.capture.undo_steps import StepRecorder, begin_step, in_change_set_of_document, validate_row
from sources.models import Citation, DeskStep, ReadMark, SourceDocument, SourceQuote, SuggestionDecision
from sources.suggestions.suggestion import Suggestion

DRAFT_MODELS: dict[Kind, Any] = {
    Kind.PERSON: Person,
    Kind.ORGANISATION: Organisation,
    Kind.FACILITY: Facility,
    Kind.EVENT: Event,
}
"""Kinds of which a name in a text may become a draft."""


@dataclass(frozen=True, slots=True)
class CitedFact:
    """What a passage is evidence for: one value of one field of a record or relation."""

    target: Entity | Relation
    field: str
    value: str
    stance: str = Stance.SUPPORTS
    as_stated: str = ""
    note: str = ""


@in_change_set_of_document
def capture_quote(
    document: SourceDocument,
    by,
    *,
    start: int,
    end: int,
    exact: str,
    facts: Iterable[CitedFact] = (),
    suggestion: Suggestion | None = None,
    **said: Any,
) -> tuple[SourceQuote, DeskStep]:
    """Makes the passage `document.text[start:end]`, which must be `exact`, a quote and cites it on `facts`.

    `said` holds kind, fidelity, speaker, attribution, said_on and occasion of the quote. Raises Refused.
    """
    step = begin_step(document, by)
    if SourceQuote.objects.filter(document=document, start=start, end=end).exists():
        raise Refused("This passage is a quote already: open it, and link it to more facts.")
    quote = _create_quote(step, start, end, exact, said)
    cited = _create_citations(step, quote, facts)
    if suggestion is not None:
        _record_decision(step, suggestion, _decision_outcome(suggestion, quote), quote)
    return quote, step.save_step(f"Captured “{quote}”{_link_summary(cited)}")


@in_change_set_of_document
def add_draft_record(
    document: SourceDocument,
    by,
    suggestion: Suggestion,
    *,
    kind: str,
    name: str,
    start: int,
    end: int,
    said: Mapping[str, Any],
) -> tuple[SourceQuote, DeskStep]:
    """Makes a draft of a record that the register does not know yet, with the passage that names it as its evidence.

    `kind` is one of NEW_KINDS; the passage from `start` to `end` becomes a quote if it is none, of which `said` says kind,
    speaker and the like. Raises Refused.
    """
    step = begin_step(document, by)
    model = DRAFT_MODELS.get(Kind(kind)) if kind in Kind.values else None
    if model is None:
        raise Refused(errors={"kind": ["Say what it is: a person, an organisation, a facility or an event."]})
    record = model(name=name, slug=free_slug(Entity, name))
    if model is Person:
        record.given_name, _, record.family_name = name.rpartition(" ")
    else:
        record.type = "other"
    validate_row(record)
    step.create_row(record)
    quote = SourceQuote.objects.filter(document=document, start=start, end=end).first()
    if quote is None:
        quote = _create_quote(step, start, end, document.text[start:end], said)
    stated = suggestion.exact if suggestion.exact in quote.exact else ""
    _create_citations(step, quote, [CitedFact(record, "name", name, as_stated=" ".join(stated.split()))])
    _record_decision(
        step, suggestion, SuggestionOutcome.ACCEPTED if name == suggestion.proposal["name"] else SuggestionOutcome.EDITED, quote
    )
    return quote, step.save_step(f"Added {record.get_kind_display()} {name} as a draft")


@in_change_set_of_document
def link_quote(quote: SourceQuote, by, facts: Iterable[CitedFact], suggestion: Suggestion | None = None) -> DeskStep:
    """Cites `quote` on more facts. Raises Refused."""
    step = StepRecorder(quote.document, by)
    cited = _create_citations(step, quote, facts)
    if not cited:
        raise Refused(errors={"facts": ["Choose at least one fact."]})
    if suggestion is not None:
        _record_decision(step, suggestion, SuggestionOutcome.ACCEPTED, quote)
    return step.save_step(f"Linked “{quote}”{_link_summary(cited)}")


@in_change_set_of_document
def revise_quote(
    quote: SourceQuote,
    by,
    *,
    version: int,
    start: int | None = None,
    end: int | None = None,
    facts: Iterable[CitedFact] = (),
    suggestion: Suggestion | None = None,
    **said: Any,
) -> DeskStep:
    """Changes what is said of a quote, moves its edges within the text, cites it on more `facts`.

    Raises Refused, also if the quote changed since `version`.
    """
    step, values = begin_step(quote.document, by), dict(said)
    _check_quote_version(quote, version)
    if start is not None and end is not None and (start, end) != (quote.start, quote.end):
        values |= _anchor_values(quote, quote.document.text, start, end)
    changed = step.change_row(quote, **values)
    cited = _create_citations(step, quote, facts)
    if not changed and not cited:
        raise Refused("Nothing was changed.")
    if suggestion is not None and cited:
        _record_decision(step, suggestion, SuggestionOutcome.ACCEPTED, quote)
    return step.save_step(f"{'Changed' if changed else 'Kept'} “{quote}”{_link_summary(cited)}")


@in_change_set_of_document
def reanchor_quote(quote: SourceQuote, by, *, version: int, sha256: str, start: int, end: int) -> DeskStep:
    """Places a quote anew, at a passage that an editor saw in the text with the hash `sha256`. Raises Refused.

    That may be where it stands already, but between other words than were kept with it. The quote takes the words of the
    passage, whatever they are: who calls this has shown them.
    """
    # Whoever replaces the text waits until the quote is placed, and checks it anew.
    document = SourceDocument.objects.select_for_update().get(pk=quote.document_id)
    _check_quote_version(quote, version)
    if document.sha256 != sha256:
        raise Refused("The text of this document was replaced meanwhile. Look again at where the words stand in it.")
    step = StepRecorder(document, by)
    if not step.change_row(quote, **_anchor_values(quote, document.text, start, end)):
        raise Refused("This quote stands there already.")
    return step.save_step(f"Placed “{quote}”")


def citations_lost_in(quote: SourceQuote, exact: str) -> list[Citation]:
    """The citations of `quote` whose words, as stated, do not stand in `exact`."""
    words = " ".join(exact.split())
    return [citation for citation in quote.citations.all() if citation.as_stated not in words]


@in_change_set_of_document
def remove_quote(quote: SourceQuote, by, *, version: int | None = None, cited: Collection[int] | None = None) -> DeskStep:
    """Deletes a quote that was never public, with its citations.

    Raises Refused, also if it changed since `version` or has other citations than those with the keys `cited`.
    """
    if version is not None:
        _check_quote_version(quote, version)
    if cited is not None and {*cited} != {*quote.citations.values_list("pk", flat=True)}:
        raise Refused("Somebody linked or unlinked this quote meanwhile. Look at it again.")
    if quote.status in (Status.PUBLISHED, Status.WITHDRAWN):
        raise Refused("This quote is or was public: withdraw it instead.")
    step, label = StepRecorder(quote.document, by), f"Removed “{quote}”"
    for row in (*quote.citations.all(), *quote.suggested_by.all(), quote):
        step.delete_row(row)
    return step.save_step(label)


@in_change_set_of_document
def unlink_citation(citation: Citation, by, *, seen: tuple[str, str] | None = None) -> DeskStep:
    """Takes a quote away from one fact. Raises Refused if that is no longer the value and stance `seen`."""
    if seen is not None and seen != (citation.value, citation.stance):
        raise Refused(f"Somebody changed this fact meanwhile: it {citation.get_stance_display()} “{citation.value}” now.")
    step, label = StepRecorder(citation.quote.document, by), f"Unlinked {citation.target}, {citation}"
    step.delete_row(citation)
    return step.save_step(label)


@in_change_set_of_document
def reject_suggestions(document: SourceDocument, by, suggestions: Sequence[Suggestion]) -> DeskStep:
    """Remembers that these suggestions are wrong, in one step; none of them is offered again."""
    step = StepRecorder(document, by)
    for suggestion in suggestions:
        _record_decision(step, suggestion, SuggestionOutcome.REJECTED, None)
    return step.save_step(f"Rejected {_suggestions_summary(suggestions)}")


@in_change_set_of_document
def toggle_read_mark(document: SourceDocument, by, start: int, end: int) -> DeskStep:
    """Marks the passage as read, with nothing more to capture in it; if it was, takes the mark away."""
    if not 0 <= start < end <= len(document.text):
        raise Refused("The text has no such passage.")
    step = begin_step(document, by)
    here = ReadMark.objects.filter(document=document, text_sha256=document.sha256, start=start).first()
    if here:
        step.delete_row(here)
        return step.save_step("Marked as unread")
    step.create_row(ReadMark(document=document, text_sha256=document.sha256, start=start, end=end, marked_by=by))
    return step.save_step("Marked as read")


def _create_quote(step: StepRecorder, start: int, end: int, exact: str, said: Mapping[str, Any]) -> SourceQuote:
    document = step.document
    _check_passage(document, start, end, exact)
    place = anchoring.passage_at(document.text, start, end)
    quote = SourceQuote(document=document, start=start, end=end, verification=Verification.TEXT, **said)
    quote.exact, quote.prefix, quote.suffix = place.exact, place.prefix, place.suffix
    validate_row(quote, exclude=("slug",))
    step.create_row(quote)
    return quote


def _check_quote_version(quote: SourceQuote, version: int) -> None:
    # As it is now, whenever `quote` was read; whoever else saves it waits.
    held = SourceQuote.objects.select_for_update().filter(pk=quote.pk).values_list("version", flat=True).first()
    if not quote.version == version == held:
        raise Refused(f"Somebody changed this quote meanwhile (version {held}, not {version}). Look at it again.")


def _anchor_values(quote: SourceQuote, text: str, start: int, end: int) -> dict[str, Any]:
    """What is said of `quote` where it stands in the passage `text[start:end]`."""
    if not 0 <= start < end <= len(text):
        raise Refused("The text has no such passage.")
    passage = anchoring.passage_at(text, start, end)
    if lost := citations_lost_in(quote, passage.exact):
        raise Refused(f"“{lost[0].as_stated}”, cited for {lost[0].field}, would no longer stand in the passage.")
    found = {"start": start, "end": end, "exact": passage.exact, "prefix": passage.prefix, "suffix": passage.suffix}
    return found | {"verification": Verification.TEXT}


def _check_passage(document: SourceDocument, start: int, end: int, exact: str) -> None:
    if not document.text:
        raise Refused("The text of this document is not held: attach it first.")
    if not 0 <= start < end <= len(document.text) or document.text[start:end] != exact:
        raise Refused("These words do not stand there in the text as it is now. Reload the page and select them again.")
    if not exact.strip():
        raise Refused("Select some words: this is only space.")


def _create_citations(step: StepRecorder, quote: SourceQuote, facts: Iterable[CitedFact]) -> list[Citation]:
    cited = []
    for number, fact in enumerate(facts):
        key = "relation" if isinstance(fact.target, Relation) else "entity"
        if fact.field == NEW_MEASURE and key == "entity":
            fact = replace(fact, field=f"measures.{_create_measure(step, fact, f'facts.{number}.').key}")
        row = Citation(quote=quote, field=fact.field, value=fact.value, stance=fact.stance, as_stated=fact.as_stated)
        row.note = fact.note
        setattr(row, key, fact.target)
        validate_row(row, prefix=f"facts.{number}.")
        step.create_row(row)
        cited.append(row)
    return cited


def _create_measure(step: StepRecorder, fact: CitedFact, prefix: str) -> Measure:
    """A new measure of the record, of the amount that the fact states."""
    try:
        amount = parse_typed_amount(fact.value)
    except ValueError as error:
        raise Refused(errors={f"{prefix}value": [str(error)]}) from None
    record = Entity.objects.get(pk=fact.target.pk)
    measure = Measure(entity=record, as_stated=fact.as_stated or fact.value, **amount)
    validate_row(measure, prefix=prefix, exclude=("key",))
    step.create_row(measure)
    return measure


def _record_decision(step: StepRecorder, suggestion: Suggestion, outcome: str, quote: SourceQuote | None) -> None:
    document = step.document
    if SuggestionDecision.objects.filter(document=document, key=suggestion.key).exists():
        raise Refused(f"“{suggestion.exact[:80]}” was decided already.")
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
    """Accepted if the quote says just what was proposed, edited otherwise."""
    if suggestion.kind != SuggestionKind.QUOTATION:
        return SuggestionOutcome.ACCEPTED
    proposed = suggestion.proposal
    as_proposed = (
        (quote.start, quote.end) == (suggestion.start, suggestion.end)
        and quote.kind == proposed["quote_kind"]
        and (quote.speaker.slug if quote.speaker else "") == proposed["speaker"]
        and quote.said_on == proposed["said_on"]
    )
    return SuggestionOutcome.ACCEPTED if as_proposed else SuggestionOutcome.EDITED


def _link_summary(cited: Sequence[Citation]) -> str:
    return f", linked to {len(cited)} fact{'s' if len(cited) > 1 else ''}" if cited else ""


def _suggestions_summary(suggestions: Sequence[Suggestion]) -> str:
    return f"“{suggestions[0].exact[:80]}”" if len(suggestions) == 1 else f"{len(suggestions)} suggestions"
