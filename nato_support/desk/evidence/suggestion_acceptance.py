"""Acceptance of a suggestion as it is: the quote, citation or draft record that comes of it."""

from collections.abc import Mapping
from typing import Any

from entities.models import Event, Person
from entities.refusals import Refused
from entities.vocabulary import Kind, Polarity, SuggestionKind
from sources.capture import capture_operations, document_suggestions, fact_candidates
from sources.models import SourceDocument, SourceQuote
from sources.suggestions.suggestion import Suggestion


def accept_suggestion(document: SourceDocument, user, suggestion: Suggestion, payload: Mapping[str, Any]) -> SourceQuote:
    """Accept a suggestion and return its quote; `payload` may correct the kind and the name of a new record.

    Raises Refused where only an editor can say which fact the passage supports.
    """
    if suggestion.kind == SuggestionKind.NAME:
        return _accept_name_as_draft_record(document, user, suggestion, payload)
    if suggestion.kind == SuggestionKind.QUOTATION:
        return _accept_quotation(document, user, suggestion)
    return _accept_fact(document, user, suggestion)


def _accept_name_as_draft_record(
    document: SourceDocument, user, suggestion: Suggestion, payload: Mapping[str, Any]
) -> SourceQuote:
    kind = str(payload.get("kind") or suggestion.proposal["entity_kind"])
    if kind in capture_operations.NAMED_KINDS and not user.has_perm(f"entities.add_{kind}"):
        raise Refused("You may not add records of this kind: ask an editor.")
    name = str(payload.get("name") or suggestion.proposal["name"]).strip()
    start, end = document_suggestions.passage_of_suggestion(document, suggestion)
    fields, is_speaker = fields_of_naming_quote(document, start, end, suggestion.proposal["name"] if kind == Kind.PERSON else "")
    quote, _ = capture_operations.add_draft_record(
        document, user, suggestion, kind=kind, name=name, start=start, end=end, quote_fields=fields, is_speaker=is_speaker
    )
    return quote


def _accept_quotation(document: SourceDocument, user, suggestion: Suggestion) -> SourceQuote:
    proposal = suggestion.proposal
    guess = document_suggestions.guess_quote_details(document, suggestion.start, suggestion.end)
    speakers = _persons_named(proposal["speaker"])
    quote, _ = capture_operations.capture_quote(
        document,
        user,
        start=suggestion.start,
        end=suggestion.end,
        exact=suggestion.exact,
        suggestion=suggestion,
        kind=proposal["quote_kind"],
        fidelity=guess.fidelity,
        speakers=speakers,
        attribution=proposal["attribution"] or ("" if speakers else proposal["speaker_text"]),
        said_on=proposal["said_on"],
        occasion=Event.objects.filter(slug=proposal["occasion"]).first() if proposal["occasion"] else None,
    )
    return quote


def _accept_fact(document: SourceDocument, user, suggestion: Suggestion) -> SourceQuote:
    fact = _only_matching_fact(document, suggestion)
    start, end = document_suggestions.passage_of_suggestion(document, suggestion)
    existing = document.quotes.filter(start=start, end=end).first()
    if existing:
        capture_operations.link_quote(existing, user, [fact], suggestion)
        return existing
    quote, _ = capture_operations.capture_quote(
        document,
        user,
        start=start,
        end=end,
        exact=document.text[start:end],
        facts=[fact],
        suggestion=suggestion,
        **_fields_of_guess(document_suggestions.guess_quote_details(document, start, end)),
    )
    return quote


def _only_matching_fact(document: SourceDocument, suggestion: Suggestion) -> capture_operations.CitedFact:
    """Return the one fact of the register that already has the suggested value. Raises Refused if there is not just one."""
    start, end = suggestion.start, suggestion.end
    around = document_suggestions.suggestions_around_offset(document, start)
    near = document_suggestions.suggestions_near_passage(document, start, end, around)
    candidates = fact_candidates.find_fact_candidates(document, start, end, near, around)
    # Only where the register already has the value is it clear which fact is meant.
    confirmed = [candidate for candidate in candidates if candidate.value == candidate.current_value]
    matching = [candidate for candidate in confirmed if candidate.as_stated == suggestion.exact]
    if suggestion.kind == SuggestionKind.MENTION:
        matching = [candidate for candidate in matching if candidate.field in ("name", "names")][:1]
    if len(matching) != 1:
        raise Refused(errors={"fact": ["Choose the fact this supports."]})
    [match] = matching
    target = fact_candidates.find_target_record(match.target)
    return capture_operations.CitedFact(target, match.field, match.value, Polarity.AFFIRMS, match.as_stated)


def fields_of_naming_quote(document: SourceDocument, start: int, end: int, person: str) -> tuple[dict[str, Any], bool]:
    """Return the fields of a quote that names a new person, and whether the person is its speaker."""
    guess = document_suggestions.guess_quote_details(document, start, end)
    is_speaker = guess.new_speaker is not None and guess.new_speaker.name == person
    return _fields_of_guess(guess) | ({"attribution": guess.new_speaker_role} if is_speaker else {}), is_speaker


def _fields_of_guess(guess: document_suggestions.QuoteGuess) -> dict[str, Any]:
    return {
        "kind": guess.kind,
        "fidelity": guess.fidelity,
        "speakers": _persons_named(guess.speaker),
        "attribution": guess.attribution,
        "said_on": guess.said_on,
    }


def _persons_named(slug: str) -> list[Person]:
    return list(Person.objects.filter(slug=slug)) if slug else []
