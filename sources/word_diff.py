"""Word-by-word differences between two texts, for display."""

import re
from itertools import groupby
from os.path import commonprefix

from rapidfuzz.distance import Indel


def diff_words(before: str, after: str) -> list[tuple[str, str]]:
    """Return the word-by-word steps from `before` to `after` in reading order: ("same" | "removed" | "added", words).

    Lines are compared first, then the words of lines that differ. Where both sides of a difference have more than about 10,000
    words, they are shown whole.
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
"""Product of two lengths up to which an alignment takes about ten megabytes and some tenths of a second."""


def _align_tokens(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Cut both sides into pairs of stretches: equal ones and, between them, what replaces what."""
    same_start_length = len(commonprefix([before, after]))
    same_end_length = len(commonprefix([before[same_start_length:][::-1], after[same_start_length:][::-1]]))
    same_end = before[len(before) - same_end_length :]
    old, new = before[same_start_length : len(before) - same_end_length], after[same_start_length : len(after) - same_end_length]
    pairs = [("".join(before[:same_start_length]),) * 2]
    if len(old) * len(new) > _MAX_ALIGNMENT_SIZE:
        pairs.append(("".join(old), "".join(new)))
    else:
        for step in Indel.opcodes(old, new):
            pair = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
            if pair[0] != pair[1]:
                # Words that differ on both sides of a space form one difference.
                while len(pairs) > 1 and (pairs[-1][0] != pairs[-1][1] or not pairs[-1][0].strip()):
                    last = pairs.pop()
                    pair = last[0] + pair[0], last[1] + pair[1]
            pairs.append(pair)
    return [*pairs, ("".join(same_end),) * 2]
