"""Word-by-word differences between two texts."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from os.path import commonprefix
from typing import NamedTuple

from rapidfuzz.distance import Indel

KEPT_SPAN, REMOVED_SPAN, ADDED_SPAN = "kept", "removed", "added"

# Each piece of a text has the white space after it. A lookbehind tries a run of full stops only once, which keeps a text of
# nothing else from taking quadratic time. A number with its separators is one token, and so is a word with its hyphens.
_LINE = re.compile(r".*?(?:\n\s*|\Z)", re.DOTALL)
_SENTENCE = re.compile(r".*?(?:(?<![.!?…])[.!?…]+[”\"’)]*\s+|\Z)", re.DOTALL)
_TOKEN = re.compile(r"(?:\w+(?:[.,'’-]\w+)*|[^\s\w])\s*|\s+")

_MAX_ALIGNMENT_SIZE = 10**8
"""Product of two lengths up to which an alignment takes about ten megabytes and some tenths of a second."""

_Pair = tuple[str, str]
"""Consecutive stretches of the two texts: what one of them has where the other has the other."""


class DiffSpan(NamedTuple):
    """Consecutive words that were kept, removed or added."""

    kind: str
    text: str


def diff_words(before: str, after: str) -> list[DiffSpan]:
    """Return the spans that lead from `before` to `after` in reading order; removed words stand before their replacement.

    Lines are compared first, then the sentences of lines that differ, then the words of sentences that differ. Where both sides
    of a difference have more than about 10,000 words, they are shown whole.
    """
    pairs: list[_Pair] = [(before, after)]
    for pattern in (_LINE, _SENTENCE, _TOKEN):
        pairs = [finer_pair for pair in pairs for finer_pair in _refine_pair(pair, pattern)]
    pairs = _merge_adjacent_pairs(finer_pair for pair in pairs for finer_pair in _detach_common_space(pair))
    spans: list[DiffSpan] = []
    for old, new in pairs:
        spans += [DiffSpan(KEPT_SPAN, old)] if old == new else [DiffSpan(REMOVED_SPAN, old), DiffSpan(ADDED_SPAN, new)]
    return [span for span in spans if span.text]


def _refine_pair(pair: _Pair, pattern: re.Pattern[str]) -> list[_Pair]:
    old, new = pair
    return [pair] if old == new else _merge_adjacent_pairs(_align_pieces(pattern.findall(old), pattern.findall(new)))


def _align_pieces(old: list[str], new: list[str]) -> Iterator[_Pair]:
    """Yield what is equal on both sides and, between them, what replaces what; white space after a piece does not count."""
    old_keys, new_keys = ([piece.rstrip() for piece in pieces] for pieces in (old, new))
    start = len(commonprefix([old_keys, new_keys]))
    end = len(commonprefix([old_keys[start:][::-1], new_keys[start:][::-1]]))
    old_end, new_end = len(old) - end, len(new) - end
    yield from _pair_equal_pieces(old[:start], new[:start])
    if (old_end - start) * (new_end - start) > _MAX_ALIGNMENT_SIZE:
        yield "".join(old[start:old_end]), "".join(new[start:new_end])
    else:
        for step in Indel.opcodes(old_keys[start:old_end], new_keys[start:new_end]):
            old_pieces = old[start + step.src_start : start + step.src_end]
            new_pieces = new[start + step.dest_start : start + step.dest_end]
            if step.tag == "equal":
                yield from _pair_equal_pieces(old_pieces, new_pieces)
            else:
                yield "".join(old_pieces), "".join(new_pieces)
    yield from _pair_equal_pieces(old[old_end:], new[new_end:])


def _pair_equal_pieces(old: list[str], new: list[str]) -> Iterator[_Pair]:
    if old == new:
        yield ("".join(old),) * 2
        return
    for pair in zip(old, new, strict=True):
        kept = commonprefix(pair)
        yield kept, kept
        yield pair[0][len(kept) :], pair[1][len(kept) :]


def _merge_adjacent_pairs(pairs: Iterable[_Pair]) -> list[_Pair]:
    """Join neighbours that are equal on both sides, and neighbours that differ."""
    merged: list[_Pair] = []
    for _, group in groupby((pair for pair in pairs if any(pair)), lambda pair: pair[0] == pair[1]):
        old, new = zip(*group, strict=True)
        merged.append(("".join(old), "".join(new)))
    return merged


def _detach_common_space(pair: _Pair) -> list[_Pair]:
    """Split off the white space with which both sides of a difference end."""
    if pair[0] == pair[1]:
        return [pair]
    space = commonprefix([text[len(text.rstrip()) :][::-1] for text in pair])[::-1]
    old, new = (text.removesuffix(space) for text in pair)
    return [(old, new), (space, space)]
