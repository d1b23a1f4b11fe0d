"""Positions of search terms in a text: ranges in code points, given beside the text, which stays unchanged."""

import re
from collections.abc import Iterator, Sequence

from nato_support.api.full_text_query import FullTextQuery, WordSequence
from nato_support.publishing.editions.search_words import WRITTEN_AS_SIGNS, WordPart, iterate_search_words
from nato_support.publishing.editions.word_forms import CHANGES_FIRST_LETTERS

MAX_RANGES = 20
"""Most ranges given for one text."""

_NO_LETTERS = re.compile("[^a-z0-9]+")
_UNLIKE_TEXT = WRITTEN_AS_SIGNS | CHANGES_FIRST_LETTERS

MatchRanges = list[list[int]]


def terms_to_highlight(query: FullTextQuery) -> tuple[WordSequence, ...]:
    """Return the sequences of words to highlight for a full-text query."""
    return tuple(dict.fromkeys(sequence for term in query.terms for sequence in term.alternatives()))


def match_ranges(text: str, sequences: Sequence[WordSequence]) -> MatchRanges:
    """Return [start, end] of each occurrence of a sequence, in reading order; overlapping ones are joined."""
    if not _may_contain(text, sequences):
        return []
    words = list(iterate_search_words(text))
    split = [part for word in words for part in word.parts]
    joined = [WordPart(word.start, word.end, piece, piece) for word in words for piece in word.joined]
    further = [WordPart(word.start, word.end, piece, piece) for word in words for piece in word.further]
    found = {
        span
        for sequence in sequences
        for tokens in ((split, joined, further) if len(sequence.words) == 1 else (split, joined))
        for span in _occurrences(tokens, sequence)
    }
    ranges: MatchRanges = []
    for start, end in sorted(found):
        if ranges and start < ranges[-1][1]:
            ranges[-1][1] = max(ranges[-1][1], end)
        elif len(ranges) < MAX_RANGES:
            ranges.append([start, end])
    return ranges


def _may_contain(text: str, sequences: Sequence[WordSequence]) -> bool:
    """Return whether `text` is worth a full comparison: most texts of a page contain none of the words."""
    if not text.isascii():
        return True
    letters = _NO_LETTERS.sub("", text.casefold())
    first_words = (sequence.words[0] for sequence in sequences)
    return any(not (word.isascii() and word.isalpha()) or word in _UNLIKE_TEXT or word[:3] in letters for word in first_words)


def _occurrences(tokens: Sequence[WordPart], sequence: WordSequence) -> Iterator[tuple[int, int]]:
    *words, last = sequence.words
    for at in range(len(tokens) - len(words)):
        end = tokens[at + len(words)]
        is_last = end.word == last or (sequence.is_prefix and (end.word.startswith(last) or end.spelling.startswith(last)))
        if is_last and all(token.word == word for token, word in zip(tokens[at:], words, strict=False)):
            yield tokens[at].start, end.end


def highlight_record_fields(record: dict, sequences: Sequence[WordSequence]) -> Iterator[dict]:
    """Yield each field of an edition document that contains one of the sequences, with the ranges."""
    for field in ("name", "exact", "summary", "conditions", "locality", "attribution", "reported_by", "role"):
        text = record.get(field)
        if isinstance(text, str) and (ranges := match_ranges(text, sequences)):
            yield {"field": field, "ranges": ranges}
    for position, speaker in enumerate(record.get("speakers", ())):
        if ranges := match_ranges(speaker["name"], sequences):
            yield {"field": f"speakers.{position}.name", "ranges": ranges}
