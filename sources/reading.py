"""A document as it is read: its paragraphs and sentences, cut into pieces at the edges of its quotes.

Where the text is not held, what is known of it is put together from the quotes and the words around them, with the length
of each gap. All offsets are code points of the document's text; the pieces of a block joined give its words unchanged.
"""

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from entities.vocabulary import Verification
from sources import sentences
from sources.models import SourceDocument, SourceQuote

SECTION = 150_000
"""A longer text is read in sections of about so many characters, cut between paragraphs."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that the same quotes cover; `opens` and `closes` are those of them that begin and end here."""

    start: int
    text: str
    quotes: tuple[SourceQuote, ...] = ()
    opens: tuple[SourceQuote, ...] = ()
    closes: tuple[SourceQuote, ...] = ()


@dataclass(slots=True)
class Sentence:
    """A sentence, or what stands between two of them (`spoken` False: space that no key stops at)."""

    start: int
    end: int
    spoken: bool
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A paragraph, or a run of known words of a text that is not held, after `gap` unknown characters (None: unknown)."""

    start: int
    end: int
    gap: int | None = 0
    sentences: list[Sentence] = field(default_factory=list)
    opening: list[SourceQuote] = field(default_factory=list)
    """The quotes that begin here, in order of their place: what the margin shows."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a long text that is read at one time: number, from 0, of how many, and its place."""

    number: int
    count: int
    start: int
    end: int


def section_at(text: str, offset: int = 0) -> Section:
    """The section of `text` that holds `offset`; the whole text, if it is not longer than SECTION."""
    edges = [0]
    while len(text) - edges[-1] > SECTION * 1.25:
        cut = text.find("\n", edges[-1] + SECTION)
        if cut < 0 or cut - edges[-1] > SECTION * 2:
            # One enormous paragraph: a space will do.
            cut = max(text.find(" ", edges[-1] + SECTION), edges[-1] + SECTION)
        edges.append(cut + 1)
    number = max(0, bisect.bisect_right(edges, min(offset, len(text))) - 1)
    ends = [*edges[1:], len(text)]
    return Section(number, len(edges), edges[number], ends[number])


def blocks(document: SourceDocument, quotes: Sequence[SourceQuote], section: Section | None = None) -> list[Block]:
    """The paragraphs of the document, or of one section of it, each with its sentences and the pieces of its quotes."""
    standing = [quote for quote in quotes if quote.verification != Verification.FAILED]
    if not document.text:
        return [block for start, text, gap in known_runs(standing) for block in _of_run(start, text, gap, standing)]
    section = section or section_at(document.text)
    part = document.text[section.start : section.end]
    near = [quote for quote in standing if quote.start < section.end and quote.end > section.start]
    here = [quote for quote in near if document.text[quote.start : quote.end] == quote.exact]
    spans = sentences.split_once(part)
    return [
        _block(part[start:end], section.start + start, section.start, here, 0, _within(spans, start, end))
        for start, end in sentences.paragraphs(part)
    ]


def known_runs(quotes: Iterable[SourceQuote]) -> list[tuple[int, str, int | None]]:
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


def _of_run(start: int, text: str, gap: int | None, quotes: Sequence[SourceQuote]) -> list[Block]:
    spans = sentences.sentences(text)
    return [
        _block(text[first:last], start + first, start, quotes, 0 if number else gap, _within(spans, first, last))
        for number, (first, last) in enumerate(sentences.paragraphs(text))
    ]


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    first = bisect.bisect_left(spans, (start, start))
    last = bisect.bisect_left(spans, (end, end))
    return list(spans[first:last])


def _block(
    text: str,
    start: int,
    base: int,
    quotes: Sequence[SourceQuote],
    gap: int | None,
    spans: Sequence[tuple[int, int]],
) -> Block:
    """The block of `text`, which stands at `start`; `spans` are its sentences as offsets from `base`."""
    end = start + len(text)
    here = sorted(
        (quote for quote in quotes if quote.start < end and quote.end > start), key=lambda quote: (quote.start, -quote.end)
    )
    block = Block(start, end, gap, opening=[quote for quote in here if start <= quote.start < end])
    at = start
    for first, last in spans:
        if base + first > at:
            block.sentences.append(_sentence(text, start, at, base + first, here, False))
        block.sentences.append(_sentence(text, start, base + first, base + last, here, True))
        at = base + last
    if at < end:
        block.sentences.append(_sentence(text, start, at, end, here, False))
    return block


def _sentence(text: str, base: int, start: int, end: int, quotes: Sequence[SourceQuote], spoken: bool) -> Sentence:
    here = [quote for quote in quotes if quote.start < end and quote.end > start]
    edges = sorted({start, end} | {edge for q in here for edge in (q.start, q.end) if start < edge < end})
    pieces = []
    for left, right in zip(edges, edges[1:], strict=False):
        covering = tuple(quote for quote in here if quote.start <= left and quote.end >= right)
        opens = tuple(quote for quote in covering if quote.start == left)
        closes = tuple(quote for quote in covering if quote.end == right)
        pieces.append(Piece(left, text[left - base : right - base], covering, opens, closes))
    return Sentence(start, end, spoken, pieces)
