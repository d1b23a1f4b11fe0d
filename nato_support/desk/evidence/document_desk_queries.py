"""Queries of the document desk: quotes, paragraphs, steps and names, in the form that its views send them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Prefetch

from entities.formatting import format_partial_date, format_stated_amount
from entities.languages import language_name
from entities.models import Entity, Event, Person
from entities.numbers import integer_or_none
from entities.refusals import Refused
from entities.vocabulary import SuggestionKind
from nato_support.desk.records.name_lookup import find_and_score_entities_by_name, limit_to_best_name_matches
from sources import anchoring
from sources.capture.annotated_text import TextBlock, TextSection, annotated_blocks, section_at
from sources.models import CaptureStep, Citation, ReadMark, SourceDocument, SourceQuote
from sources.suggestions.languages import READ_LANGUAGES, reading_language
from sources.suggestions.suggestion import Suggestion

MAX_NAME_CHARACTERS = 200
MAX_FOUND_NAMES = 9
"""Each of them has a digit as its key."""


def requested_section(request, document: SourceDocument, quotes: list[SourceQuote]) -> TextSection:
    """Return the section with the quote or offset of the address; the first one if it names none."""
    if not document.text:
        return TextSection(0, 1, 0, 0)
    offset = integer_or_none(request.GET.get("at")) or 0
    requested_quote = request.GET.get("quote")
    return section_at(document.text, next((quote.start for quote in quotes if str(quote.pk) == requested_quote), offset))


def suggestion_as_dict(suggestion: Suggestion, speaker_name: str) -> dict[str, Any]:
    """Return a suggestion as the scripts take it: `proposal` with keys, beside it labels to show."""
    proposal = suggestion.proposal
    labels = {"speaker": speaker_name}
    if suggestion.kind == SuggestionKind.AMOUNT:
        labels["amountLabel"] = format_stated_amount(proposal["typed"])
    dates = {"saidOnLabel": "said_on", "dateLabel": "date", "endLabel": "end"}
    labels |= {label: format_partial_date(proposal[name]) for label, name in dates.items() if proposal.get(name)}
    return suggestion.as_dict() | labels


def document_quotes(document: SourceDocument, **conditions: Any) -> list[SourceQuote]:
    """Return the quotes of a document that meet `conditions`, in the order of the text, with all that the margin shows."""
    citations = Citation.objects.select_related("entity", "relation__type", "relation__subject", "relation__object")
    quotes = document.quotes.filter(**conditions).select_related("occasion")
    return list(quotes.prefetch_related("speakers", Prefetch("citations", citations)).order_by("start", "-end"))


def get_document_quote(document: SourceDocument, pk: int) -> SourceQuote:
    """Return a quote of a document as document_quotes() does. Raises Refused if it no longer exists."""
    quote = next(iter(document_quotes(document, pk=pk)), None)
    if quote is None:
        raise Refused("This quote no longer exists. Reload the page.")
    quote.document = document
    return quote


def suggestion_languages(document: SourceDocument) -> dict[str, Any]:
    """Return which languages the suggestions read, by name, and whether that of the document is one of them."""
    names = [language_name(tag) for tag in READ_LANGUAGES]
    return {
        "read": f"{', '.join(names[:-1])} and {names[-1]}",
        "is_read": bool(reading_language(document.language)),
        "document": language_name(document.language) if document.language else "",
    }


def section_blocks(document: SourceDocument, quotes: Iterable[SourceQuote], section: TextSection) -> list[tuple[TextBlock, bool]]:
    """Return the paragraphs of a section, each with True if it is marked as read."""
    read = set(ReadMark.objects.filter(document=document, text_sha256=document.sha256).values_list("start", flat=True))
    return [(block, block.start in read) for block in annotated_blocks(document, list(quotes), section)]


def undo_redo_labels(document: SourceDocument, user) -> dict[str, str | None]:
    """Return the labels of the steps that `user` can undo and redo on a document, None where there is none."""
    steps = CaptureStep.objects.filter(document=document, taken_by=user)
    last, next_undone = steps.filter(undone=False).first(), steps.filter(undone=True).order_by("pk").first()
    return {"undo": last.label if last else None, "redo": next_undone.label if next_undone else None}


def step_ranges(step: CaptureStep) -> list[tuple[int, int]]:
    """Return the ranges of the text that a step changed."""
    ranges, quote_pks = [], set()
    for change in step.changes:
        for values in (change["before"], change["after"]):
            if values and "start" in values and "end" in values:
                ranges.append((values["start"], values["end"]))
            if change["model"] == "sources.citation" and values and values.get("quote_id"):
                quote_pks.add(values["quote_id"])
        if change["model"] == "sources.sourcequote":
            quote_pks.add(change["pk"])
    return [*ranges, *SourceQuote.objects.filter(pk__in=quote_pks).values_list("start", "end")]


def likely_speakers(document: SourceDocument, suggestions: Iterable[Suggestion], guessed: str = "") -> list[dict[str, Any]]:
    """Return the person with the slug `guessed`, those named nearby, then those whom the document quotes already."""
    slugs = [guessed] if guessed else []
    slugs += [suggestion.proposal["speaker"] for suggestion in suggestions if suggestion.kind == SuggestionKind.QUOTATION]
    slugs += [suggestion.proposal["entity"] for suggestion in suggestions if suggestion.kind == SuggestionKind.MENTION]
    persons = {person.slug: person for person in Person.objects.filter(slug__in=slugs)}
    quoted = Person.objects.filter(quotes__document=document).distinct().order_by("name")[:20]
    ordered = [*(persons[slug] for slug in dict.fromkeys(slugs) if slug in persons), *quoted]
    return [_name_as_dict(person) for person in dict.fromkeys(ordered)][:MAX_FOUND_NAMES]


def find_names(model: type[Person] | type[Event], words: str) -> list[dict[str, Any]]:
    """Return the persons or events that `words` name, best match first; none without words."""
    records = limit_to_best_name_matches(model.objects.all(), words[:MAX_NAME_CHARACTERS])[:MAX_FOUND_NAMES]
    return [_name_as_dict(record) for record in records]


def find_records(kinds: Collection[str], words: str) -> list[dict[str, Any]]:
    """Return the records of `kinds` that `words` name, best match first, each with its kind; none without words."""
    keys = find_and_score_entities_by_name(
        words[:MAX_NAME_CHARACTERS], lambda entity: not entity.is_merged and entity.kind in kinds, MAX_FOUND_NAMES
    )
    records = Entity.objects.in_bulk(keys)
    return [{"slug": records[key].slug, "name": records[key].name, "kind": records[key].kind} for key in keys if key in records]


def _name_as_dict(record: Person | Event) -> dict[str, Any]:
    return {"pk": record.pk, "name": record.name, "slug": record.slug}


def find_passages_in_document(document: SourceDocument, words: str) -> list[anchoring.Passage]:
    """Return up to 50 places of `words` in the text of a document."""
    return anchoring.find_passages(document.text, words, limit=50) if document.text else []
