"""A document as it is read: its paragraphs and sentences, cut into pieces at the edges of its quotes.

Where the text is not held, what is known of it is put together from the quotes and the words around them, with the length
of each gap. All offsets are code points of the document's text; the pieces of a block joined give its words unchanged.
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from entities.vocabulary import Verification
from sources import sentence_splitting
from sources.models import SourceDocument, SourceQuote

SECTION_CHARACTERS = 150_000
"""A longer text is read in sections of about so many characters, cut between paragraphs."""


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Words that the same quotes cover; `opens` and `closes` are those of them that begin and end here."""

    start: int
    text: str
    quotes: tuple[SourceQuote, ...] = ()
    quotes_starting: tuple[SourceQuote, ...] = ()
    quotes_ending: tuple[SourceQuote, ...] = ()


@dataclass(slots=True)
class TextSentence:
    """A sentence, or what stands between two of them (`spoken` False: space that no key stops at)."""

    start: int
    end: int
    is_sentence: bool
    pieces: list[TextPiece] = field(default_factory=list)


@dataclass(slots=True)
class TextBlock:
    """A paragraph, or a run of known words of a text that is not held, after `gap` unknown characters (None: unknown)."""

    start: int
    end: int
    gap: int | None = 0
    sentences: list[TextSentence] = field(default_factory=list)
    quotes_starting: list[SourceQuote] = field(default_factory=list)
    """The quotes that begin here, in order of their place: what the margin shows."""


@dataclass(frozen=True, slots=True)
class TextSection:
    """A part of a long text that is read at one time: number, from 0, of how many, and its place."""

    number: int
    count: int
    start: int
    end: int


def section_at(text: str, offset: int = 0) -> TextSection:
    """The section of `text` that holds `offset`; the whole text, if it is not longer than SECTION."""
    edges = [0]
    while len(text) - edges[-1] > SECTION_CHARACTERS * 1.25:
        cut = text.find("\n", edges[-1] + SECTION_CHARACTERS)
        if cut < 0 or cut - edges[-1] > SECTION_CHARACTERS * 2:
            # One enormous paragraph: a space will do.
            cut = max(text.find(" ", edges[-1] + SECTION_CHARACTERS), edges[-1] + SECTION_CHARACTERS)
        edges.append(cut + 1)
    number = max(0, bisect.bisect_right(edges, min(offset, len(text))) - 1)
    ends = [*edges[1:], len(text)]
    return TextSection(number, len(edges), edges[number], ends[number])


def annotated_blocks(
    document: SourceDocument, quotes: Sequence[SourceQuote], section: TextSection | None = None
) -> list[TextBlock]:
    """The paragraphs of the document, or of one section of it, each with its sentences and the pieces of its quotes."""
    standing = [quote for quote in quotes if quote.verification != Verification.FAILED]
    if not document.text:
        return [block for start, text, gap in known_text_runs(standing) for block in _blocks_of_run(start, text, gap, standing)]
    section = section or section_at(document.text)
    part = document.text[section.start : section.end]
    near = [quote for quote in standing if quote.start < section.end and quote.end > section.start]
    here = [quote for quote in near if document.text[quote.start : quote.end] == quote.exact]
    spans = sentence_splitting.split_sentences_cached(part)
    return [
        _build_block(part[start:end], section.start + start, section.start, here, 0, _spans_within(spans, start, end))
        for start, end in sentence_splitting.split_paragraphs(part)
    ]


def known_text_runs(quotes: Iterable[SourceQuote]) -> list[tuple[int, str, int | None]]:
    """The longest runs of characters that quotes and the words around them tell: offset, words, length of the gap before."""
    spans = [(quote.start - len(quote.prefix), quote.prefix + quote.exact + quote.suffix) for quote in quotes]
    runs: list[list] = []
    for start, words in sorted(spans):
        if runs and start <= runs[-1][0] + len(runs[-1][1]):
            known = runs[-1][0] + len(runs[-1][1]) - start
            runs[-1][1] += words[known:] if known < len(words) else ""
        else:
            runs.append([start, words])
    found, end = [], 0
    for start, words in runs:
        found.append((start, words, start - end))
        end = start + len(words)
    return found


def _blocks_of_run(start: int, text: str, gap: int | None, quotes: Sequence[SourceQuote]) -> list[TextBlock]:
    spans = sentence_splitting.split_sentences(text)
    return [
        _build_block(text[first:last], start + first, start, quotes, 0 if number else gap, _spans_within(spans, first, last))
        for number, (first, last) in enumerate(sentence_splitting.split_paragraphs(text))
    ]


def _spans_within(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    first = bisect.bisect_left(spans, (start, start))
    last = bisect.bisect_left(spans, (end, end))
    return list(spans[first:last])


def _build_block(
    text: str,
    start: int,
    base: int,
    quotes: Sequence[SourceQuote],
    gap: int | None,
    spans: Sequence[tuple[int, int]],
) -> TextBlock:
    """The block of `text`, which stands at `start`; `spans` are its sentences as offsets from `base`."""
    end = start + len(text)
    here = sorted(
        (quote for quote in quotes if quote.start < end and quote.end > start), key=lambda quote: (quote.start, -quote.end)
    )
    block = TextBlock(start, end, gap, quotes_starting=[quote for quote in here if start <= quote.start < end])
    at = start
    for first, last in spans:
        if base + first > at:
            block.sentences.append(_build_sentence(text, start, at, base + first, here, False))
        block.sentences.append(_build_sentence(text, start, base + first, base + last, here, True))
        at = base + last
    if at < end:
        block.sentences.append(_build_sentence(text, start, at, end, here, False))
    return block


def _build_sentence(text: str, base: int, start: int, end: int, quotes: Sequence[SourceQuote], spoken: bool) -> TextSentence:
    here = [quote for quote in quotes if quote.start < end and quote.end > start]
    edges = sorted({start, end} | {edge for q in here for edge in (q.start, q.end) if start < edge < end})
    pieces = []
    for left, right in zip(edges, edges[1:], strict=False):
        covering = tuple(quote for quote in here if quote.start <= left and quote.end >= right)
        opens = tuple(quote for quote in covering if quote.start == left)
        closes = tuple(quote for quote in covering if quote.end == right)
        pieces.append(TextPiece(left, text[left - base : right - base], covering, opens, closes))
    return TextSentence(start, end, spoken, pieces)
