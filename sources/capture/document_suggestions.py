"""Open suggestions for a document: found by the rules and not yet decided on, and the details they give of a passage."""

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import F

from entities.models import Entity, Name
from entities.vocabulary import Fidelity, NameKind, QuoteKind, Status, SuggestionKind
from sources import sentence_splitting
from sources.capture.annotated_text import TextSection, section_at
from sources.capture.record_proposals import RecordProposal
from sources.capture.unknown_speakers import find_unknown_speaker, propose_speaker
from sources.models import Citation, SourceDocument, SuggestionDecision
from sources.quotation_share import MAX_PASSAGE_WORDS
from sources.suggestions import suggest
from sources.suggestions.known import Known, KnownName
from sources.suggestions.languages import reading_language
from sources.suggestions.names_of_bodies import NAMES_OF_BODIES
from sources.suggestions.quotations import find_reported_sentences
from sources.suggestions.reported_sentence import ReportedSentence
from sources.suggestions.suggestion import Suggestion

_WORDS_AROUND_NAME = 10
"""Words before and after a name that are quoted with it where its sentence is too long."""

_LONGEST_LEAD = 3
"""Most characters, such as a dash, between the edge of a sentence and its words."""


@dataclass(frozen=True, slots=True)
class QuoteGuess:
    """Speaker, kind and day proposed for a passage, each with its reason; '' where the text gives none."""

    kind: str
    fidelity: str = Fidelity.ORIGINAL
    speaker: str = ""
    speaker_text: str = ""
    attribution: str = ""
    said_on: str = ""
    occasion: str = ""
    reason: str = ""
    said_on_reason: str = ""
    new_speaker: RecordProposal | None = None
    """Person whom the register does not know, to be added as the speaker."""
    new_speaker_role: str = ""
    """Words of the passage for that person's role."""


def suggestions_in_section(document: SourceDocument, section: TextSection) -> tuple[Suggestion, ...]:
    """Return all suggestions for a section of the text, decided or not, in order of place."""
    return _suggest_in_part(
        document.text[section.start : section.end],
        section.start,
        _known_in_document(document),
        document.published_on,
        document.language,
    )


def _known_in_document(document: SourceDocument) -> Known:
    """Return the names of the register's records, with those by which this document or its language calls them."""
    names = (*_mentions_in_document(document), *_bodies_in_language(document.language))
    return Known.of_register().with_mentions(names)


def _mentions_in_document(document: SourceDocument) -> tuple[KnownName, ...]:
    """Return how this document refers to records without naming them, as far as its quotes are evidence for that."""
    mentions = Name.objects.filter(
        kind=NameKind.MENTION,
        entity__merged_into=None,
        entity__citations__field="names",
        entity__citations__value=F("text"),
        entity__citations__quote__document=document,
    ).exclude(entity__status=Status.WITHDRAWN)
    rows = mentions.order_by("pk").values_list("text", "entity__kind", "entity__slug").distinct()
    return tuple(KnownName(*row) for row in rows)


def _bodies_in_language(language: str) -> tuple[KnownName, ...]:
    """Return the names of states and great bodies of the register in the language of a text."""
    translated = NAMES_OF_BODIES.get(reading_language(language), {})
    if not translated:
        return ()
    bodies = Entity.objects.filter(name__in=translated, merged_into=None).exclude(status=Status.WITHDRAWN).order_by("pk")
    rows = bodies.values_list("name", "kind", "slug")
    return tuple(KnownName(name, kind, slug) for english, kind, slug in rows for name in translated[english])


@lru_cache(maxsize=16)
def _suggest_in_part(text: str, offset: int, known: Known, published_on: str, language: str) -> tuple[Suggestion, ...]:
    suggestions = suggest(text, known, published_on, language)
    if not offset:
        return tuple(suggestions)
    return tuple(_shift_suggestion(suggestion, offset) for suggestion in suggestions)


def _shift_suggestion(suggestion: Suggestion, offset: int) -> Suggestion:
    proposal = {
        name: value + offset if name in ("part_of", "converts") and value is not None else value
        for name, value in suggestion.proposal.items()
    }
    return replace(suggestion, start=suggestion.start + offset, end=suggestion.end + offset, proposal=proposal)


def open_suggestions_in_section(document: SourceDocument, section: TextSection) -> list[Suggestion]:
    """Return the suggestions that nobody has decided on and that no quote or fact has made obsolete."""
    decided = set(SuggestionDecision.objects.filter(document=document).values_list("key", flat=True))
    quote_spans = sorted(document.quotes.order_by().values_list("start", "end"))
    citations = Citation.objects.filter(quote__document=document).order_by()
    facts = list(citations.values_list("quote__start", "quote__end", "value", "as_stated"))
    return [
        suggestion
        for suggestion in suggestions_in_section(document, section)
        if suggestion.key not in decided
        and not (
            _is_already_quoted(suggestion, quote_spans)
            if suggestion.kind == SuggestionKind.QUOTATION
            else _is_already_cited(suggestion, facts)
        )
    ]


def _is_already_cited(suggestion: Suggestion, facts: Iterable[tuple[int, int, str, str]]) -> bool:
    """Return whether the proposal is already stated on the strength of a quote that holds its words."""
    values = {suggestion.proposal.get(name) for name in ("typed", "date", "name", "entity")}
    return any(
        start <= suggestion.start and suggestion.end <= end and (value in values or suggestion.exact in as_stated)
        for start, end, value, as_stated in facts
    )


def _is_already_quoted(suggestion: Suggestion, quote_spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether a quotation has become a quote, with or without moved edges."""
    longest = max((end - start for start, end in quote_spans), default=0)
    first = bisect.bisect_left(quote_spans, (suggestion.start - longest, 0))
    for start, end in quote_spans[first:]:
        if start >= suggestion.end:
            return False
        length = suggestion.end - suggestion.start
        if min(end, suggestion.end) - max(start, suggestion.start) > length / 2 and end - start < 3 * length:
            return True
    return False


def find_open_suggestions(document: SourceDocument, keys: Iterable[str], offset: int = 0) -> list[Suggestion]:
    """Return the undecided suggestions with these keys in the section that holds `offset`, in order of place."""
    open_keys = set(keys).difference(SuggestionDecision.objects.filter(document=document).values_list("key", flat=True))
    if not open_keys:
        return []
    section = section_at(document.text, offset)
    return [suggestion for suggestion in suggestions_in_section(document, section) if suggestion.key in open_keys]


def suggestion_corrected_by(document: SourceDocument, start: int, end: int) -> Suggestion | None:
    """Return the open quotation that a passage captured by hand corrects: most of it lies in the passage; None if none."""
    for suggestion in suggestions_around_offset(document, start):
        if suggestion.kind == SuggestionKind.QUOTATION and _is_already_quoted(suggestion, [(start, end)]):
            return next(iter(find_open_suggestions(document, [suggestion.key], start)), None)
    return None


def suggestions_near_passage(
    document: SourceDocument, start: int, end: int, around: Iterable[Suggestion] | None = None
) -> list[Suggestion]:
    """Return every suggestion, decided or not, in the sentences that the passage touches.

    `around`: the suggestions around the offset `start`, where they are at hand.
    """
    first, last = expand_to_sentences(document, start, end)
    if around is None:
        around = suggestions_around_offset(document, start)
    return [suggestion for suggestion in around if suggestion.start < last and suggestion.end > first]


def suggestions_around_offset(document: SourceDocument, start: int) -> tuple[Suggestion, ...]:
    """Return every suggestion in the section of the text that holds the offset `start`."""
    return suggestions_in_section(document, section_at(document.text, start))


def expand_to_sentences(document: SourceDocument, start: int, end: int) -> tuple[int, int]:
    """Return the passage widened to the sentences in which it begins and ends."""
    section = section_at(document.text, start)
    spans = sentence_splitting.split_sentences_cached(document.text[section.start : section.end])
    touched = [(s, e) for s, e in spans if s + section.start < end and e + section.start > start]
    return (touched[0][0] + section.start, touched[-1][1] + section.start) if touched else (start, end)


def passage_of_suggestion(document: SourceDocument, suggestion: Suggestion) -> tuple[int, int]:
    """Return the range of the shortest quote that contains the suggestion, else of its sentence."""
    containing = document.quotes.filter(start__lte=suggestion.start, end__gte=suggestion.end)
    shortest = containing.order_by(F("end") - F("start")).first()
    return (shortest.start, shortest.end) if shortest else expand_to_sentences(document, suggestion.start, suggestion.end)


def _naming_passage(document: SourceDocument, name: Suggestion) -> tuple[int, int, str]:
    """Return start, end and words of the passage that states a name; of a sentence too long to be quoted a part."""
    start, end = passage_of_suggestion(document, name)
    words = [(start + word.start(), start + word.end()) for word in re.finditer(r"\S+", document.text[start:end])]
    if len(words) > MAX_PASSAGE_WORDS:
        at = next(index for index, word in enumerate(words) if word[1] > name.start)
        first = max(0, min(at - _WORDS_AROUND_NAME, len(words) - MAX_PASSAGE_WORDS))
        last = min(len(words) - 1, at + _WORDS_AROUND_NAME + len(name.exact.split()))
        start, end = words[first][0], words[last][1]
    return start, end, document.text[start:end]


def guess_quote_details(document: SourceDocument, start: int, end: int) -> QuoteGuess:
    """Return the details to propose for a passage that an editor selected."""
    around = suggestions_around_offset(document, start)
    quotations = [suggestion for suggestion in around if suggestion.kind == SuggestionKind.QUOTATION]
    overlapping = [quotation for quotation in quotations if quotation.start < end and quotation.end > start]
    guess = _guess_of_quotation(overlapping, start, end) if overlapping else _guess_of_reported_speech(document, start, end)
    if document.translated_from:
        guess = replace(guess, fidelity=Fidelity.TRANSLATION)
    return _with_unknown_speaker(document, guess, start, end, around)


def _guess_of_quotation(overlapping: Sequence[Suggestion], start: int, end: int) -> QuoteGuess:
    # The quotation that overlaps most with the passage. A passage that reaches beyond it is a sentence of the writer's.
    best = max(overlapping, key=lambda quotation: min(quotation.end, end) - max(quotation.start, start))
    proposal = best.proposal
    is_within = best.start - 2 <= start and end <= best.end + 2
    kind = proposal["quote_kind"] if is_within else QuoteKind.REPORTED_SPEECH
    if is_within and (start, end) != (best.start, best.end) and kind == QuoteKind.DIRECT_SPEECH:
        kind = QuoteKind.FRAGMENT if end - start < (best.end - best.start) / 2 else kind
    return QuoteGuess(
        kind=kind,
        speaker=proposal["speaker"],
        speaker_text=proposal["speaker_text"],
        attribution=proposal["attribution"],
        said_on=proposal["said_on"],
        occasion=proposal["occasion"],
        reason=best.reason,
        said_on_reason=proposal["said_on_reason"],
    )


def _guess_of_reported_speech(document: SourceDocument, start: int, end: int) -> QuoteGuess:
    """Return reported speech with its speaker where the sentences of a passage themselves say whose words they are."""
    section = section_at(document.text, start)
    known = _known_in_document(document)
    words = document.text[section.start : section.end]
    first, last = (edge - section.start for edge in expand_to_sentences(document, start, end))
    touched = [
        sentence
        for sentence in _reported_in_part(words, known, document.published_on, document.language)
        if sentence.start < last and sentence.end > first
    ]
    opens = touched and touched[0].start <= first + _LONGEST_LEAD
    closes = touched and touched[-1].is_named_last and touched[-1].end >= last - 1
    # What stands before “the minister said that” is not the minister's.
    is_said = touched and (touched[0].is_named_last or end - section.start > touched[0].named_at)
    if not (opens or closes) or not is_said or len({sentence.speaker.words for sentence in touched}) > 1:
        return QuoteGuess(kind=QuoteKind.NARRATION)
    speaker, said_on = touched[0].speaker, touched[0].said_on
    return QuoteGuess(
        kind=QuoteKind.REPORTED_SPEECH,
        speaker=speaker.slug,
        speaker_text=speaker.words,
        attribution="" if speaker.slug else speaker.description,
        said_on=said_on[0],
        reason=f"{QuoteKind.REPORTED_SPEECH.label}; {speaker.reason}",
        said_on_reason=said_on[1],
    )


@lru_cache(maxsize=16)
def _reported_in_part(text: str, known: Known, published_on: str, language: str) -> tuple[ReportedSentence, ...]:
    return tuple(find_reported_sentences(text, known, published_on, reading_language(language)))


def _with_unknown_speaker(
    document: SourceDocument, guess: QuoteGuess, start: int, end: int, around: Iterable[Suggestion]
) -> QuoteGuess:
    """Return the guess with the person whom the words for the speaker name, if the register does not know them."""
    if guess.speaker or not guess.speaker_text:
        return guess
    name = find_unknown_speaker(guess.speaker_text, end, around)
    if not name or SuggestionDecision.objects.filter(document=document, key=name.key).exists():
        return guess
    role = name.proposal["role"]
    passage = document.text[start:end]
    speaker = propose_speaker(name, passage)
    if all(fact.field != "name" for fact in speaker.facts):
        speaker = replace(speaker, named_at=_naming_passage(document, name))
    return replace(
        guess,
        new_speaker=speaker,
        new_speaker_role=role if role in " ".join(passage.split()) else "",
    )
