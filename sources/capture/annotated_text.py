"""Text of a document as it is read: paragraphs and sentences, cut into pieces at the edges of its quotes.

Where the text is not stored, its known parts are assembled from the quotes and the words around them, with the length of each
gap. All offsets are code points of the document's text. The pieces of a block, joined, give its words unchanged.
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from entities.vocabulary import Verification
from sources import sentence_splitting
from sources.models import SourceDocument, SourceQuote

SECTION_CHARACTERS = 150_000
"""Approximate length of the sections, cut between paragraphs, in which a longer text is shown."""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Words covered by the same quotes; `quotes_starting` and `quotes_ending` are those that begin and end here."""

    start: int
    text: str
    quotes: tuple[SourceQuote, ...] = ()
    quotes_starting: tuple[SourceQuote, ...] = ()
    quotes_ending: tuple[SourceQuote, ...] = ()


@dataclass(slots=True)
class TextSentence:
    """A sentence, or the space between two of them (`is_sentence` False), where the keyboard does not stop."""

    start: int
    end: int
    is_sentence: bool
    pieces: list[TextPiece] = field(default_factory=list)


@dataclass(slots=True)
class TextBlock:
    """A paragraph, or a run of known words of a text that is not stored.

    `gap` is the number of unknown characters before it, None if that is unknown.
    """

    start: int
    end: int
    gap: int | None = 0
    sentences: list[TextSentence] = field(default_factory=list)
    quotes_starting: list[SourceQuote] = field(default_factory=list)
    """Quotes that begin here, in order of place, as shown in the margin."""


@dataclass(frozen=True, slots=True)
class TextSection:
    """Part of a long text that is shown at one time: its number, from 0, the number of sections, and its offsets."""

    number: int
    count: int
    start: int
    end: int


def section_at(text: str, offset: int = 0) -> TextSection:
    """Return the section of `text` that holds `offset`: the whole text unless it is longer than SECTION_CHARACTERS."""
    starts = [0]
    while len(text) - starts[-1] > SECTION_CHARACTERS * 1.25:
        cut = text.find("\n", starts[-1] + SECTION_CHARACTERS)
        if cut < 0 or cut - starts[-1] > SECTION_CHARACTERS * 2:
            # In an enormous paragraph, cut at a space.
            cut = max(text.find(" ", starts[-1] + SECTION_CHARACTERS), starts[-1] + SECTION_CHARACTERS)
        starts.append(cut + 1)
    number = max(0, bisect.bisect_right(starts, min(offset, len(text))) - 1)
    ends = [*starts[1:], len(text)]
    return TextSection(number, len(starts), starts[number], ends[number])


def annotated_blocks(
    document: SourceDocument, quotes: Sequence[SourceQuote], section: TextSection | None = None
) -> list[TextBlock]:
    """Return the paragraphs of the document, or of one section, each with its sentences and the pieces of its quotes."""
    valid_quotes = [quote for quote in quotes if quote.verification != Verification.FAILED]
    if not document.text:
        return [
            block
            for start, text, gap in known_text_runs(valid_quotes)
            for block in _blocks_of_run(start, text, gap, valid_quotes)
        ]
    section = section or section_at(document.text)
    section_text = document.text[section.start : section.end]
    quotes_in_section = [quote for quote in valid_quotes if quote.start < section.end and quote.end > section.start]
    quotes_here = [quote for quote in quotes_in_section if document.text[quote.start : quote.end] == quote.exact]
    spans = sentence_splitting.split_sentences_cached(section_text)
    return [
        _build_block(
            section_text[start:end], section.start + start, section.start, quotes_here, 0, _spans_starting_in(spans, start, end)
        )
        for start, end in sentence_splitting.split_lines_or_unwrapped_paragraphs(section_text)
    ]


def known_text_runs(quotes: Iterable[SourceQuote]) -> list[tuple[int, str, int | None]]:
    """Return the longest known runs of characters as offset, words and length of the gap before."""
    runs: list[list] = []
    for start, words in sorted((quote.start, quote.exact) for quote in quotes):
        if runs and start <= runs[-1][0] + len(runs[-1][1]):
            known_length = runs[-1][0] + len(runs[-1][1]) - start
            runs[-1][1] += words[known_length:] if known_length < len(words) else ""
        else:
            runs.append([start, words])
    result, end = [], 0
    for start, words in runs:
        result.append((start, words, start - end))
        end = start + len(words)
    return result


def _blocks_of_run(start: int, text: str, gap: int | None, quotes: Sequence[SourceQuote]) -> list[TextBlock]:
    spans = sentence_splitting.split_sentences(text)
    return [
        _build_block(text[first:last], start + first, start, quotes, 0 if number else gap, _spans_starting_in(spans, first, last))
        for number, (first, last) in enumerate(sentence_splitting.split_lines_or_unwrapped_paragraphs(text))
    ]


def _spans_starting_in(sorted_spans: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    first = bisect.bisect_left(sorted_spans, (start, start))
    last = bisect.bisect_left(sorted_spans, (end, end))
    return list(sorted_spans[first:last])


def _build_block(
    text: str,
    start: int,
    offset_of_spans: int,
    quotes: Sequence[SourceQuote],
    gap: int | None,
    spans: Sequence[tuple[int, int]],
) -> TextBlock:
    """Build the block of `text`, which begins at `start`; `spans` are its sentences as offsets from `offset_of_spans`."""
    end = start + len(text)
    quotes_here = sorted(
        (quote for quote in quotes if quote.start < end and quote.end > start), key=lambda quote: (quote.start, -quote.end)
    )
    block = TextBlock(start, end, gap, quotes_starting=[quote for quote in quotes_here if start <= quote.start < end])
    done = start
    for first, last in spans:
        if offset_of_spans + first > done:
            block.sentences.append(_build_sentence(text, start, done, offset_of_spans + first, quotes_here, False))
        block.sentences.append(_build_sentence(text, start, offset_of_spans + first, offset_of_spans + last, quotes_here, True))
        done = offset_of_spans + last
    if done < end:
        block.sentences.append(_build_sentence(text, start, done, end, quotes_here, False))
    return block


def _build_sentence(
    text: str, offset_of_text: int, start: int, end: int, quotes: Sequence[SourceQuote], is_sentence: bool
) -> TextSentence:
    quotes_here = [quote for quote in quotes if quote.start < end and quote.end > start]
    edges = sorted({start, end} | {edge for q in quotes_here for edge in (q.start, q.end) if start < edge < end})
    pieces = []
    for left, right in zip(edges, edges[1:], strict=False):
        covering_quotes = tuple(quote for quote in quotes_here if quote.start <= left and quote.end >= right)
        starting = tuple(quote for quote in covering_quotes if quote.start == left)
        ending = tuple(quote for quote in covering_quotes if quote.end == right)
        pieces.append(TextPiece(left, text[left - offset_of_text : right - offset_of_text], covering_quotes, starting, ending))
    return TextSentence(start, end, is_sentence, pieces)
