"""Anchors of passages: find words in a text at exact offsets in code points.

The search runs on a normalised copy of the text and maps back to the original. A passage is never moved to a lookalike:
where the words are not found exactly, the nearest passage is shown instead. Selectors follow the W3C Web Annotation Data
Model: TextQuoteSelector and TextPositionSelector.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import fuzz

from sources.passage_edges import is_inside_word, is_whole, next_grapheme, widen_to_whole_words
from sources.text_normalisation import DROPPED, LINE_END_HYPHEN, OffsetMap, normalise_text, readings_pattern

CONTEXT_WORDS = 5
"""Number of words of context that a prefix and a suffix hold."""

WORD = re.compile(r"\w+")

_OUTER_SPACE = re.compile(rf"[\s{DROPPED}]*")
_CLAUSE_MARKS = re.compile(r"[.!?…;:,()\[\]“”„\"«»—\n]")
_SENTENCE_MARKS = re.compile(r"[.!?…]+")
# The same text is searched for many passages in a row.
_normalise_cached = lru_cache(maxsize=2)(normalise_text)


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


def find_passages(text: str, exact: str, prefix: str = "", suffix: str = "", limit: int | None = None) -> list[Passage]:
    """Return the passages of `text` that match `exact` between `prefix` and `suffix`, at most `limit`; matches may overlap.

    None begins or ends inside a word or a number. Canonically equivalent letters are the same; differences of quotation
    marks, dashes, spaces, ligatures and invisible characters are ignored, and a hyphen at a line's end may be the printer's.
    Words that do not occur with the space at their outer ends are searched for without it. An `exact` that holds only space
    is a position, and is matched as it is.
    """
    return [passage_at(text, start, end) for start, end in _find_places(text, exact, prefix, suffix)[:limit]]


find = find_passages
"""Public name of `find_passages`, for callers outside the project."""


def find_widened_passages(text: str, exact: str, limit: int | None = None) -> list[Passage]:
    """Return the passages in whole words around the places where `exact` begins or ends inside a word, at most `limit`."""
    places = [
        widen_to_whole_words(text, start, end)
        for start, end in _match_places(text, exact.strip(), "", "", whole_words=False)
        if not is_whole(text, start, end)
    ]
    return [passage_at(text, start, end) for start, end in dict.fromkeys(places)][:limit]


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


def _match_places(text: str, exact: str, prefix: str, suffix: str, whole_words: bool = True) -> list[tuple[int, int]]:
    words = prefix + exact + suffix
    starts = [offset + len(prefix) for offset in _match_offsets(text, words)]
    places = [(start, start + len(exact)) for start in starts]
    if _is_blank(exact):
        return places
    # Both searches may find the same words, with more or less of the space around them.
    place_by_core = {_trim_outer_space(text, *place): place for place in places if not whole_words or is_whole(text, *place)}
    haystack, offsets = _normalise_cached(text)
    for start, end in _match_normalised(haystack, *_normalise_parts(prefix, exact, suffix)):
        place = _original_place(text, offsets, start, end)
        if place and (not whole_words or is_whole(text, *place)):
            place_by_core.setdefault(_trim_outer_space(text, *place), place)
    return sorted(place_by_core.values())


def _normalise_parts(prefix: str, exact: str, suffix: str) -> tuple[str, str, str]:
    words, offsets = normalise_text(prefix + exact + suffix)
    start, end = bisect_left(offsets, len(prefix)), bisect_left(offsets, len(prefix) + len(exact))
    return words[:start], words[start:end], words[end:]


def _match_normalised(haystack: str, prefix: str, exact: str, suffix: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that match `exact` between `prefix` and `suffix`, all of them normalised; none if `exact` is empty."""
    words = prefix + exact + suffix
    if not exact:
        return
    if LINE_END_HYPHEN in haystack or LINE_END_HYPHEN in words:
        for match in readings_pattern(prefix, exact, suffix).finditer(haystack):
            yield match.span(1)
    else:
        for offset in _match_offsets(haystack, words):
            yield offset + len(prefix), offset + len(prefix) + len(exact)


def _original_place(text: str, offsets: OffsetMap, start: int, end: int) -> tuple[int, int] | None:
    """Return the place in `text` of a span of its normalised copy; None if it begins or ends inside a ligature or the like."""
    next_offset = offsets[end] if end < len(offsets) else len(text)
    previous_offset = offsets[start - 1] if start else -1
    place_start, place_end = offsets[start], offsets[end - 1] + 1
    if next_offset < place_end or previous_offset == place_start:
        return None
    # What the copy leaves out belongs to the word that it stands in.
    while place_start > previous_offset + 1 and is_inside_word(text, place_start):
        place_start -= 1
    while place_end < next_offset and is_inside_word(text, place_end):
        place_end += 1
    return place_start, place_end


def _is_blank(exact: str) -> bool:
    return _OUTER_SPACE.fullmatch(exact) is not None


def _trim_outer_space(text: str, start: int, end: int) -> tuple[int, int]:
    leading = _OUTER_SPACE.match(text, start, end)
    assert leading
    trailing = _OUTER_SPACE.match(text[leading.end() : end][::-1])
    assert trailing
    return leading.end(), end - trailing.end()


def _match_offsets(haystack: str, needle: str) -> Iterator[int]:
    offset = haystack.find(needle)
    while offset >= 0:
        yield offset
        offset = haystack.find(needle, offset + 1)


def describe(text: str, start: int, end: int) -> Passage:
    """Return the passage `text[start:end]` with the shortest prefix and suffix by which `find_passages` finds it alone.

    Each other place with the same words is told apart by whichever is shorter, more prefix or more suffix. A passage that begins
    or ends inside a word is described as well, though it will not be found. Raises ValueError for offsets outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)} characters")
    if _is_blank(text[start:end]):
        haystack, first, last = text, start, end
        offsets: Sequence[int] = range(len(text))
        others = [(offset, offset + end - start) for offset in _match_offsets(text, text[start:end]) if offset != start]
    else:
        haystack, offset_map = _normalise_cached(text)
        offsets = offset_map
        first, last = bisect_left(offsets, start), bisect_left(offsets, end)
        others = [
            (other_start, other_end)
            for other_start, other_end in _match_normalised(haystack, "", haystack[first:last], "")
            if other_start != first
            and (place := _original_place(text, offset_map, other_start, other_end))
            and is_whole(text, *place)
        ]
    # A hyphen that may be the printer's tells no two places apart.
    ignored = f"-{LINE_END_HYPHEN}" if LINE_END_HYPHEN in haystack else ""
    context_start, context_end = first, last
    while others:
        other_start, other_end = others[0]
        prefix = _distinguishing_length(haystack, first - 1, other_start - 1, -1, ignored)
        suffix = _distinguishing_length(haystack, last, other_end, 1, ignored)
        # Either the prefix or the suffix distinguishes them: both cannot reach the same end of the text.
        if suffix is None or (prefix is not None and prefix - (first - context_start) <= suffix - (context_end - last)):
            assert prefix is not None
            context_start = first - prefix
            others = [
                other
                for other in others
                if _distinguishing_length(haystack, first - 1, other[0] - 1, -1, ignored, prefix) is None
            ]
        else:
            context_end = last + suffix
            others = [other for other in others if _distinguishing_length(haystack, last, other[1], 1, ignored, suffix) is None]
    prefix_start = offsets[context_start] if context_start < first else start
    suffix_end = next_grapheme(text, offsets[context_end - 1] + 1) if context_end > last else end
    return Passage(start, end, text[start:end], text[prefix_start:start], text[end:suffix_end])


def _distinguishing_length(
    haystack: str, offset: int, other: int, step: int, ignored: str, limit: int | None = None
) -> int | None:
    """Return how many characters from `offset` on set `haystack` apart from what stands from `other` on.

    None if it ends first, or if as many as `limit` do not.
    """
    count = 0
    while 0 <= offset < len(haystack) and count != limit:
        count += 1
        if haystack[offset] not in ignored or not ignored:
            while 0 <= other < len(haystack) and haystack[other] in ignored and ignored:
                other += step
            if not 0 <= other < len(haystack) or haystack[offset] != haystack[other]:
                return count
            other += step
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
    if not best[0]:
        return None
    start, end, score = _best_words(haystack, needle, *best[1:])
    start, end = widen_to_whole_words(text, offsets[start], offsets[end - 1] + 1)
    return passage_at(text, *_to_ends_of_clause(text, start, end, max(3, len(WORD.findall(needle)) // 2))), score


def _best_words(haystack: str, needle: str, start: int, end: int) -> tuple[int, int, float]:
    """Return the first and last word near `haystack[start:end]` with which it is most similar to `needle`, and the similarity.

    The aligned stretch is as long as `needle`, so an insertion would cut off its first or last words.
    """
    margin = len(needle) + 80
    words = list(WORD.finditer(haystack, _word_start(haystack, max(0, start - margin)), min(len(haystack), end + margin)))
    if not words:
        return start, end, fuzz.ratio(needle, haystack[start:end])
    stop = max((word.end() for word in words if word.start() < end), default=words[-1].end())
    starts = [word.start() for word in words if word.start() < stop]
    begin = max(starts, key=lambda offset: fuzz.ratio(needle, haystack[offset:stop]))
    ends = [word.end() for word in words if word.end() > begin]
    stop = max(ends, key=lambda offset: fuzz.ratio(needle, haystack[begin:offset]))
    return begin, stop, fuzz.ratio(needle, haystack[begin:stop])


def _to_ends_of_clause(text: str, start: int, end: int, max_words: int) -> tuple[int, int]:
    """Return the bounds of the passage `text[start:end]` with the rest of its clause, if that is at most `max_words` on a side.

    The full stop belongs to it, commas and quotation marks do not.
    """
    before = text[max(0, start - 40 * max_words) : start]
    marks = [mark.end() for mark in _CLAUSE_MARKS.finditer(before) if not _is_in_word(text, start - len(before), mark)]
    rest = WORD.search(before, marks[-1] if marks else 0)
    if rest and (marks or len(before) == start) and len(WORD.findall(before, rest.start())) <= max_words:
        start -= len(before) - rest.start()
    after = text[end : end + 40 * max_words]
    mark = next((mark for mark in _CLAUSE_MARKS.finditer(after) if not _is_in_word(text, end, mark)), None)
    clause_end = mark.start() if mark else len(after)
    if (mark or end + len(after) == len(text)) and len(WORD.findall(after, 0, clause_end)) <= max_words:
        full_stop = _SENTENCE_MARKS.match(after, clause_end)
        end += full_stop.end() if full_stop else len(after[:clause_end].rstrip())
    return start, end


def _is_in_word(text: str, offset: int, mark: re.Match[str]) -> bool:
    return is_inside_word(text, offset + mark.start()) or is_inside_word(text, offset + mark.end())


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
