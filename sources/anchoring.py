"""Anchors of passages: find words in a text at exact offsets in code points.

The search runs on a normalised copy of the text and maps back to the original. A passage is never moved to a lookalike:
where the words are not found exactly, the nearest passage is shown instead. Selectors follow the W3C Web Annotation Data
Model: TextQuoteSelector and TextPositionSelector.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz

CONTEXT_WORDS = 5
"""Number of words of context that a prefix and a suffix hold."""

WORD = re.compile(r"\w+")

_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace() and letter != " ")
_REPLACEMENTS = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛′ʼ", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(_SPACES, " "),
}
_EXPANSIONS = {"…": "...", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
_CHANGES_LENGTH = re.compile(rf" [ {_UNSEEN}]+|[{_UNSEEN}{''.join(_EXPANSIONS)}]")
_OUTER_SPACE = re.compile(rf"[\s{_UNSEEN}]*")


@dataclass(frozen=True, slots=True)
class Passage:
    """Passage of a text, `text[start:end] == exact`, with the words around it.

    An empty one is a position between two characters.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


class OffsetMap(Sequence[int]):
    """Map from each character of a normalised copy to its offset in the original, stored as the points of change."""

    def __init__(self):
        self.length, self._from, self._shifts = 0, [0], [0]

    def add_shift(self, offset: int, distance: int):
        """Shift every character from `offset` on by `distance` more."""
        self._from.append(offset)
        self._shifts.append(self._shifts[-1] + distance)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, offset):
        if not 0 <= offset < self.length:
            raise IndexError(offset)
        return offset + self._shifts[bisect_right(self._from, offset) - 1]


def passage_at(text: str, start: int, end: int) -> Passage:
    """Return the passage `text[start:end]` with up to CONTEXT_WORDS whole words of context on each side.

    Raises ValueError for offsets outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)} characters")
    word_starts = [word.start() for word in WORD.finditer(text, max(0, start - 400), start)]
    # A word that runs into the passage, or that the look-back cut in two, is shown whole.
    context_start = _word_start(text, word_starts[-CONTEXT_WORDS:][0] if word_starts else start)
    word_ends = [word.end() for word in WORD.finditer(text, end, min(len(text), end + 400))][:CONTEXT_WORDS]
    context_end = _word_end(text, word_ends[-1] if word_ends else end)
    return Passage(start, end, text[start:end], text[context_start:start], text[end:context_end])


def _word_start(text: str, offset: int) -> int:
    while 0 < offset < len(text) and WORD.match(text[offset - 1]) and WORD.match(text[offset]):
        offset -= 1
    return offset


def _word_end(text: str, offset: int) -> int:
    while 0 < offset < len(text) and WORD.match(text[offset - 1]) and WORD.match(text[offset]):
        offset += 1
    return offset


def normalise_text(text: str) -> tuple[str, OffsetMap]:
    """Return `text` with one form of quotation marks, dashes, spaces and ligatures, and the map of its offsets to `text`."""
    # Many quick replacements over the whole text are ten times faster than looking up each character.
    for variant, replacement in _REPLACEMENTS.items():
        text = text.replace(variant, replacement)
    pieces: list[str] = []
    offsets = OffsetMap()
    done = 0
    for change in _CHANGES_LENGTH.finditer(text):
        start, end = change.span()
        replacement = " " if change[0][0] == " " else _EXPANSIONS.get(change[0], "")
        pieces += (text[done:start], replacement)
        offsets.length += start - done
        for extra in range(1, len(replacement)):
            offsets.add_shift(offsets.length + extra, -1)
        offsets.length += len(replacement)
        if dropped := end - start - min(len(replacement), 1):
            offsets.add_shift(offsets.length, dropped)
        done = end
    pieces.append(text[done:])
    offsets.length += len(text) - done
    return "".join(pieces), offsets


# The same text is searched for many passages in a row.
_normalise_cached = lru_cache(maxsize=2)(normalise_text)


def find_passages(text: str, exact: str, prefix: str = "", suffix: str = "", limit: int | None = None) -> list[Passage]:
    """Return the passages of `text` that match `exact` between `prefix` and `suffix`, at most `limit`; matches may overlap.

    Differences of quotation marks, dashes, spaces and ligatures are ignored. Words that do not occur with the space at their
    outer ends are searched for without it. An `exact` that holds only space is a position, and is matched as it is.
    """
    return [passage_at(text, start, end) for start, end in _find_places(text, exact, prefix, suffix)[:limit]]


find = find_passages
"""Public name of `find_passages`, for callers outside the project."""


def count_places(text: str, exact: str) -> int:
    """Return the number of places that `find_passages` would return."""
    return len(_find_places(text, exact, "", ""))


def _find_places(text: str, exact: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
    places = _match_places(text, exact, prefix, suffix)
    if not places:
        trimmed = exact if prefix else exact.lstrip()
        trimmed = trimmed if suffix else trimmed.rstrip()
        places = _match_places(text, trimmed, prefix, suffix) if trimmed and trimmed != exact else []
    return places


def _match_places(text: str, exact: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
    words = prefix + exact + suffix
    starts = [offset + len(prefix) for offset in _match_offsets(text, words)]
    places = [(start, start + len(exact)) for start in starts]
    if _is_blank(exact):
        return places
    # Both searches may find the same words, with more or less of the space around them.
    place_by_core = {_trim_outer_space(text, *place): place for place in places}
    haystack, offsets = _normalise_cached(text)
    needle, needle_offsets = normalise_text(words)
    prefix_length = bisect_left(needle_offsets, len(prefix))
    length = bisect_left(needle_offsets, len(prefix) + len(exact)) - prefix_length
    for offset in _match_offsets(haystack, needle):
        if _is_whole_match(offsets, offset + prefix_length, offset + prefix_length + length):
            place = (offsets[offset + prefix_length], offsets[offset + prefix_length + length - 1] + 1)
            place_by_core.setdefault(_trim_outer_space(text, *place), place)
    return sorted(place_by_core.values())


def _is_blank(exact: str) -> bool:
    return _OUTER_SPACE.fullmatch(exact) is not None


def _trim_outer_space(text: str, start: int, end: int) -> tuple[int, int]:
    leading = _OUTER_SPACE.match(text, start, end)
    assert leading
    trailing = _OUTER_SPACE.match(text[leading.end() : end][::-1])
    assert trailing
    return leading.end(), end - trailing.end()


def _is_whole_match(offsets: OffsetMap, start: int, end: int) -> bool:
    """Return whether a match neither begins nor ends inside a ligature or the like."""
    starts_whole = start == 0 or offsets[start - 1] != offsets[start]
    return starts_whole and (end == len(offsets) or offsets[end - 1] != offsets[end])


def _match_offsets(haystack: str, needle: str) -> Iterator[int]:
    offset = haystack.find(needle)
    while offset >= 0:
        yield offset
        offset = haystack.find(needle, offset + 1)


def describe(text: str, start: int, end: int) -> Passage:
    """Return the passage `text[start:end]` with the shortest prefix and suffix by which `find_passages` finds it alone.

    Each other place with the same words is told apart by whichever is shorter, more prefix or more suffix. Raises ValueError for
    offsets outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)} characters")
    if _is_blank(text[start:end]):
        haystack, first, last = text, start, end
        offsets: Sequence[int] = range(len(text))
        other_starts = list(_match_offsets(haystack, text[start:end]))
    else:
        haystack, offsets = _normalise_cached(text)
        first, last = bisect_left(offsets, start), bisect_left(offsets, end)
        other_starts = list(_match_offsets(haystack, haystack[first:last]))
    other_starts.remove(first)
    context_start, context_end = first, last
    while other_starts:
        distance = other_starts[0] - first
        prefix = _distinguishing_length(haystack, context_start - 1, distance, -1)
        suffix = _distinguishing_length(haystack, context_end, distance, 1)
        # Either the prefix or the suffix distinguishes them: both cannot reach the same end of the text.
        if suffix is None or (prefix is not None and prefix <= suffix):
            assert prefix is not None
            context_start -= prefix
        else:
            context_end += suffix
        words, prefix_length = haystack[context_start:context_end], first - context_start
        other_starts = [
            offset for offset in other_starts if offset >= prefix_length and haystack.startswith(words, offset - prefix_length)
        ]
    prefix_start = offsets[context_start] if context_start < first else start
    suffix_end = offsets[context_end - 1] + 1 if context_end > last else end
    return Passage(start, end, text[start:end], text[prefix_start:start], text[end:suffix_end])


def _distinguishing_length(haystack: str, offset: int, distance: int, step: int) -> int | None:
    """Return how many characters from `offset` on set `haystack` apart from itself at `distance`; None if it ends first."""
    count = 0
    while 0 <= offset < len(haystack):
        count += 1
        counterpart = offset + distance
        if not 0 <= counterpart < len(haystack) or haystack[offset] != haystack[counterpart]:
            return count
        offset += step
    return None


def find_nearest(text: str, words: str) -> tuple[Passage, float] | None:
    """Return the passage of `text` most similar to `words`, with its similarity from 0 to 100; None if either is empty.

    The work is bounded: only the first 1,000 characters of `words` are compared, and in a text of more than 20,000 characters
    only the three stretches that share most of their rarer pieces, or the beginning if none shares any.
    """
    haystack, offsets = _normalise_cached(text)
    needle = normalise_text(words)[0].strip()[:1_000]
    if not needle or not haystack.strip():
        return None
    best: tuple[float, int, int] = (0, 0, 0)
    for start, end in _likely_stretches(haystack, needle):
        alignment = fuzz.partial_ratio_alignment(needle, haystack[start:end])
        if alignment and alignment.dest_end > alignment.dest_start and alignment.score > best[0]:
            best = (alignment.score, start + alignment.dest_start, start + alignment.dest_end)
    score, start, end = best
    if not score:
        return None
    return passage_at(text, *_whole_words(text, offsets[start], offsets[end - 1] + 1)), score


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the first to the last word that `text[start:end]` holds or cuts; the same bounds if there is none."""
    matches = list(WORD.finditer(text, _word_start(text, start), _word_end(text, end)))
    return (matches[0].start(), matches[-1].end()) if matches else (start, end)


def _likely_stretches(haystack: str, needle: str) -> list[tuple[int, int]]:
    """Return the stretches of `haystack` in which to look for something like `needle`."""
    if len(haystack) <= 20_000:
        return [(0, len(haystack))]
    width = max(len(needle), 100)
    shared_pieces: Counter[int] = Counter()
    step = max(1, len(needle) // 40)
    for offset in range(0, max(1, len(needle) - 5), step):
        piece_offsets = list(islice(_match_offsets(haystack, needle[offset : offset + 6]), 200))
        # A piece that occurs everywhere distinguishes nothing.
        if len(piece_offsets) < 200:
            shared_pieces.update(max(0, piece_offset - offset) // width for piece_offset in piece_offsets)
    stretches = [stretch for stretch, _ in shared_pieces.most_common(3)] or [0]
    return [(max(0, stretch * width - width // 2), (stretch + 2) * width + width // 2) for stretch in stretches]
