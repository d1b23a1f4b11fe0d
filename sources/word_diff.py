"""Word-by-word differences between two texts, for display."""

import re
from itertools import groupby
from os.path import commonprefix

from rapidfuzz.distance import Indel


def diff_words(before: str, after: str) -> list[tuple[str, str]]:
    """What makes `before` into `after`, word by word: ("same" | "removed" | "added", words), in reading order.

    Lines are compared first, then the words of those that differ. Where both sides of a difference have more than some
    10,000 words, they are shown whole.
    """
    steps: list[tuple[str, str]] = []
    for removed, added in _align_tokens(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        words = [(removed, added)] if removed == added else _align_tokens(_TOKEN.findall(removed), _TOKEN.findall(added))
        for old, new in words:
            steps += [("same", old)] if old == new else [("removed", old), ("added", new)]
    joined: list[tuple[str, str]] = []
    for kind, words_of in groupby(steps, key=lambda step: step[0]):
        joined.append((kind, "".join(words for _, words in words_of)))
    return [step for step in joined if step[1]]


_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


_MAX_ALIGNMENT_SIZE = 10**8
"""The product of two lengths up to which an alignment takes some ten megabytes and tenths of a second."""


def _align_tokens(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Both sides cut into pairs of stretches: equal ones and, between them, what stands in the place of what."""
    opening = len(commonprefix([before, after]))
    closing = len(commonprefix([before[opening:][::-1], after[opening:][::-1]]))
    same_end = before[len(before) - closing :]
    old, new = before[opening : len(before) - closing], after[opening : len(after) - closing]
    pairs = [("".join(before[:opening]),) * 2]
    if len(old) * len(new) > _MAX_ALIGNMENT_SIZE:
        pairs.append(("".join(old), "".join(new)))
    else:
        for step in Indel.opcodes(old, new):
            pair = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
            if pair[0] != pair[1]:
                # Words that differ on both sides of a space are one difference.
                while len(pairs) > 1 and (pairs[-1][0] != pairs[-1][1] or not pairs[-1][0].strip()):
                    last = pairs.pop()
                    pair = last[0] + pair[0], last[1] + pair[1]
            pairs.append(pair)
    return [*pairs, ("".join(same_end),) * 2]
