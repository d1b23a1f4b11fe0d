"""Headlines within a text: lines of mostly capitalised words, where a capital says nothing about a word."""

import re
from bisect import bisect_right

from sources.sentence_splitting import Span, split_lines_or_unwrapped_paragraphs

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_MAX_CHARACTERS = 200
_MIN_WORDS = 4


def headline_spans(text: str) -> list[Span]:
    """Return the lines of `text` that are headlines or in capitals throughout."""
    return [
        (start, end)
        for start, end in split_lines_or_unwrapped_paragraphs(text)
        if end - start <= _MAX_CHARACTERS and _is_headline(text[start:end])
    ]


def is_in_headline(headlines: list[Span], offset: int) -> bool:
    """Return whether the offset lies within one of `headlines`, which are in order."""
    index = bisect_right(headlines, offset, key=lambda span: span[0]) - 1
    return index >= 0 and offset < headlines[index][1]


def _is_headline(line: str) -> bool:
    words = [word for word in _WORD.findall(line) if len(word) > 3]
    return len(words) >= _MIN_WORDS and line[-1] not in '.?!”"' and sum(word[0].isupper() for word in words) >= 0.8 * len(words)
