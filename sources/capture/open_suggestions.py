"""The suggestions for a document: which the rules find, which are still open, and what they tell of a passage."""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from entities.vocabulary import Fidelity, QuoteKind, SuggestionKind
from sources import sentence_splitting
from sources.capture.annotated_text import TextSection, section_at
from sources.models import Citation, SourceDocument, SuggestionDecision
from sources.suggestions import suggest
from sources.suggestions.known import Known
from sources.suggestions.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class QuoteGuess:
    """What the text tells of who said a passage, how and when; each with the reason, '' where nothing tells."""

    kind: str
    fidelity: str
    speaker: str = ""
    speaker_text: str = ""
    attribution: str = ""
    said_on: str = ""
    occasion: str = ""
    reason: str = ""
    said_on_reason: str = ""


def suggestions_in_section(document: SourceDocument, section: TextSection) -> tuple[Suggestion, ...]:
    """All that the rules find in a section of the text, decided or not, in order of place."""
    known = Known.of_register()
    return _suggest_in_part(document.text[section.start : section.end], section.start, known, document.published_on)


@lru_cache(maxsize=16)
def _suggest_in_part(text: str, base: int, known: Known, published_on: str) -> tuple[Suggestion, ...]:
    found = suggest(text, known, published_on=published_on)
    if not base:
        return tuple(found)
    return tuple(_shift_suggestion(one, base) for one in found)


def _shift_suggestion(one: Suggestion, by: int) -> Suggestion:
    proposal = {
        name: value + by if name in ("part_of", "converts") and value is not None else value
        for name, value in one.proposal.items()
    }
    return replace(one, start=one.start + by, end=one.end + by, proposal=proposal)


def open_suggestions_in_section(document: SourceDocument, section: TextSection) -> list[Suggestion]:
    """The suggestions that nobody has decided, and that no quote or fact of the same words has overtaken."""
    decided = set(SuggestionDecision.objects.filter(document=document).values_list("key", flat=True))
    quotes = sorted(document.quotes.order_by().values_list("start", "end"))
    cited = Citation.objects.filter(quote__document=document).order_by()
    facts = list(cited.values_list("quote__start", "quote__end", "value", "as_stated"))
    return [
        one
        for one in suggestions_in_section(document, section)
        if one.key not in decided
        and not (_is_already_quoted(one, quotes) if one.kind == SuggestionKind.QUOTATION else _is_already_cited(one, facts))
    ]


def _is_already_cited(one: Suggestion, facts: Iterable[tuple[int, int, str, str]]) -> bool:
    """Whether what is proposed is stated already on the strength of a quote that holds its words."""
    values = {one.proposal.get(name) for name in ("typed", "date", "name", "entity")}
    return any(
        start <= one.start and one.end <= end and (value in values or one.exact == as_stated)
        for start, end, value, as_stated in facts
    )


def _is_already_quoted(one: Suggestion, captured: Sequence[tuple[int, int]]) -> bool:
    """Whether a quotation is a quote by now, its edges moved or not."""
    longest = max((end - start for start, end in captured), default=0)
    first = bisect.bisect_left(captured, (one.start - longest, 0))
    for start, end in captured[first:]:
        if start >= one.end:
            return False
        if min(end, one.end) - max(start, one.start) > (one.end - one.start) / 2 and end - start < 3 * (one.end - one.start):
            return True
    return False


def find_open_suggestions(document: SourceDocument, keys: Iterable[str], at: int = 0) -> list[Suggestion]:
    """The undecided suggestions with these keys in the section that holds the offset `at`, in order of place."""
    wanted = set(keys).difference(SuggestionDecision.objects.filter(document=document).values_list("key", flat=True))
    return [one for one in suggestions_in_section(document, section_at(document.text, at)) if one.key in wanted] if wanted else []


def suggestion_corrected_by(document: SourceDocument, start: int, end: int) -> Suggestion | None:
    """The open quotation that a passage captured by hand puts right, if there is one: most of it lies in the passage."""
    for one in suggestions_around_offset(document, start):
        if one.kind == SuggestionKind.QUOTATION and _is_already_quoted(one, [(start, end)]):
            return next(iter(find_open_suggestions(document, [one.key], start)), None)
    return None


def suggestions_near_passage(document: SourceDocument, start: int, end: int) -> list[Suggestion]:
    """Every suggestion, decided or not, in the sentences that the passage touches."""
    first, last = expand_to_sentences(document, start, end)
    return [one for one in suggestions_around_offset(document, start) if one.start < last and one.end > first]


def suggestions_around_offset(document: SourceDocument, start: int) -> tuple[Suggestion, ...]:
    """Every suggestion in the section of the text that a passage stands in."""
    return suggestions_in_section(document, section_at(document.text, start))


def expand_to_sentences(document: SourceDocument, start: int, end: int) -> tuple[int, int]:
    """From the start of the sentence in which the passage begins to the end of that in which it ends."""
    section = section_at(document.text, start)
    spans = sentence_splitting.split_sentences_cached(document.text[section.start : section.end])
    touched = [(s, e) for s, e in spans if s + section.start < end and e + section.start > start]
    return (touched[0][0] + section.start, touched[-1][1] + section.start) if touched else (start, end)


def guess_quote_details(document: SourceDocument, start: int, end: int) -> QuoteGuess:
    """What to propose for a passage that an editor selected."""
    fidelity = Fidelity.TRANSLATION if document.translated_from else Fidelity.ORIGINAL
    around = suggestions_near_passage(document, start, end)
    quotations = [one for one in around if one.kind == SuggestionKind.QUOTATION]
    inside = [one for one in quotations if one.start < end and one.end > start]
    if inside:
        # The quotation that shares most with the passage; a passage that reaches beyond it is the writer's sentence.
        best = max(inside, key=lambda one: min(one.end, end) - max(one.start, start))
        told = best.proposal
        within = best.start - 2 <= start and end <= best.end + 2
        kind = told["quote_kind"] if within else QuoteKind.REPORTED_SPEECH
        if within and (start, end) != (best.start, best.end) and kind == QuoteKind.DIRECT_SPEECH:
            kind = QuoteKind.FRAGMENT if end - start < (best.end - best.start) / 2 else kind
        return QuoteGuess(
            kind=kind,
            fidelity=fidelity,
            speaker=told["speaker"],
            speaker_text=told["speaker_text"],
            attribution=told["attribution"],
            said_on=told["said_on"],
            occasion=told["occasion"],
            reason=best.reason,
            said_on_reason=told["said_on_reason"],
        )
    return QuoteGuess(kind=QuoteKind.NARRATION, fidelity=fidelity)
