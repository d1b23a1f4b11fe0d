"""Texts of the documents that records on a review page were captured from, with the cited passages marked.

The paragraphs with passages and their neighbours are shown, the others are folded and counted. Users who may not read the text
of a document, and documents whose text is not stored, have the passages alone, with the lengths of the gaps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from nato_support.desk.evidence.text_permission import may_read_texts
from nato_support.desk.records.cited_passages import stated_word_spans
from nato_support.desk.records.displayed_differences import DisplayedCitation
from nato_support.desk.records.referenced_row_labels import may_view_model
from sources.capture.annotated_text import TextBlock, TextPiece, TextSection, annotated_blocks, section_at
from sources.models import SourceDocument, SourceQuote

NEIGHBOURS = 1
"""Paragraphs shown before and after one with a passage."""


class StatedWords(NamedTuple):
    """Words of a text that state a value, as offsets of the document, and the citation that they belong to."""

    start: int
    end: int
    citation: str


@dataclass
class TextStretch:
    """Neighbouring paragraphs as HTML; `is_folded` if no passage is in or beside them."""

    paragraphs: list[SafeString]
    is_folded: bool


@dataclass
class SourceText:
    """Text of one document, or its known passages, as the review pages show it beside the changes."""

    document: SourceDocument
    stretches: list[TextStretch]
    desk_url: str
    is_whole: bool
    """True if all of the text is here, folded or not."""
    unplaced: list[SourceQuote] = field(default_factory=list)
    """Quotes that are not in the text as it is stored."""

    @property
    def is_stored(self) -> bool:
        return bool(self.document.text)

    @property
    def folded_count(self) -> int:
        return sum(len(stretch.paragraphs) for stretch in self.stretches if stretch.is_folded)


def quotes_with_documents(keys: Iterable[int], user) -> dict[int, SourceQuote]:
    """Return quotes by key with their documents, whose text is empty if `user` may not read it. Takes two queries."""
    quotes = SourceQuote.objects.order_by().in_bulk(set(keys))
    document_keys = {quote.document_id for quote in quotes.values()}
    unread = ("fingerprint",) if may_read_texts(user) else ("fingerprint", "text")
    documents = SourceDocument.objects.order_by().defer(*unread).in_bulk(document_keys)
    for document in documents.values():
        if not may_read_texts(user):
            document.text = ""
    for quote in quotes.values():
        quote.document = documents[quote.document_id]
    return quotes


def source_texts(quotes: Mapping[int, SourceQuote], citations: Iterable[DisplayedCitation], user) -> list[SourceText]:
    """Return the documents of `quotes`, those with most of them first; none if `user` may not see documents."""
    if not may_view_model(user, SourceDocument):
        return []
    words_by_document: dict[int, list[StatedWords]] = {}
    for citation in citations:
        if quote := quotes.get(citation.quote_key or 0):
            words_by_document.setdefault(quote.document_id, []).extend(
                StatedWords(quote.start + start, quote.start + end, citation.address)
                for start, end in stated_word_spans(quote.exact, citation.as_stated)
            )
    by_document: dict[SourceDocument, list[SourceQuote]] = {}
    for quote in sorted(quotes.values(), key=lambda quote: (quote.start, -quote.end)):
        by_document.setdefault(quote.document, []).append(quote)
    return [
        _source_text(document, of_document, words_by_document.get(document.pk, []))
        for document, of_document in sorted(by_document.items(), key=lambda item: (-len(item[1]), item[0].pk))
    ]


def _source_text(document: SourceDocument, quotes: list[SourceQuote], words: list[StatedWords]) -> SourceText:
    sections = list(dict.fromkeys(section_at(document.text, quote.start) for quote in quotes)) if document.text else [None]
    blocks = [block for section in sections for block in annotated_blocks(document, quotes, section)]
    placed = {quote.pk for block in blocks for quote in block.quotes_starting}
    return SourceText(
        document,
        _stretches(blocks, words, may_fold=bool(document.text)),
        reverse("admin:sources_sourcedocument_read", args=[document.pk]),
        _is_whole(sections),
        [quote for quote in quotes if quote.pk not in placed],
    )


def _is_whole(sections: Sequence[TextSection | None]) -> bool:
    return all(section is not None and section.count == len(sections) for section in sections)


def _stretches(blocks: Sequence[TextBlock], words: Sequence[StatedWords], may_fold: bool) -> list[TextStretch]:
    cited = [number for number, block in enumerate(blocks) if _has_passage(block)]
    shown = {number + step for number in cited for step in range(-NEIGHBOURS, NEIGHBOURS + 1)}
    numbered = [(number not in shown and may_fold, block) for number, block in enumerate(blocks)]
    return [
        TextStretch([_paragraph_html(block, words) for _, block in run], is_folded)
        for is_folded, run in groupby(numbered, key=lambda item: item[0])
    ]


def _has_passage(block: TextBlock) -> bool:
    return any(piece.quotes for sentence in block.sentences for piece in sentence.pieces)


def _paragraph_html(block: TextBlock, words: Sequence[StatedWords]) -> SafeString:
    pieces = [piece for sentence in block.sentences for piece in sentence.pieces]
    gap = format_html('<p class="gap">{} characters not quoted</p>', f"{block.gap:,}") if block.gap and block.gap > 3 else ""
    text = format_html_join("", "{}", ((_piece_html(piece, words),) for piece in pieces))
    return format_html('{}<p dir="auto">{}</p>', gap, text)


def _piece_html(piece: TextPiece, words: Sequence[StatedWords]) -> SafeString:
    if not piece.quotes:
        return format_html("{}", piece.text)
    anchors = format_html_join("", '<a id="passage-{}"></a>', ((quote.pk,) for quote in piece.quotes_starting))
    keys = " ".join(str(quote.pk) for quote in piece.quotes)
    return format_html('<mark data-passages="{}">{}{}</mark>', keys, anchors, _words_html(piece, words))


def _words_html(piece: TextPiece, words: Sequence[StatedWords]) -> SafeString:
    """Return the words of a piece, cut where words begin and end that state a value."""
    end = piece.start + len(piece.text)
    here = [stated for stated in words if stated.start < end and stated.end > piece.start]
    edges = sorted(
        {piece.start, end, *(edge for stated in here for edge in (stated.start, stated.end) if piece.start < edge < end)}
    )
    html = []
    for left, right in zip(edges, edges[1:], strict=False):
        text = piece.text[left - piece.start : right - piece.start]
        citations = " ".join(stated.citation for stated in here if stated.start <= left and stated.end >= right)
        html.append(format_html('<b data-citations="{}">{}</b>', citations, text) if citations else format_html("{}", text))
    return format_html_join("", "{}", ((part,) for part in html))
