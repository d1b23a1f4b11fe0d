"""Where a passage stands in a text: exact offsets in code points, found on a normalised copy and mapped back.

A passage is never moved to a lookalike: what is not found word for word is shown with the nearest passage instead.
Selectors as in the W3C Web Annotation Data Model: TextQuoteSelector and TextPositionSelector.
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
"""How many words before and after a passage its prefix and suffix hold."""

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
    """A stretch of a text: `text[start:end] == exact`, with words around it. An empty one is a place between two characters."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


class OffsetMap(Sequence[int]):
    """The offset in a text of each character of its normalised copy: kept as the places where the distance changes."""

    def __init__(self):
        self.length, self._from, self._shifts = 0, [0], [0]

    def shift(self, at: int, by: int):
        self._from.append(at)
        self._shifts.append(self._shifts[-1] + by)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, at):
        if not 0 <= at < self.length:
            raise IndexError(at)
        return at + self._shifts[bisect_right(self._from, at) - 1]


def passage_at(text: str, start: int, end: int) -> Passage:
    """The passage `text[start:end]` with up to CONTEXT_WORDS whole words of context on each side."""
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)} characters")
    before = [word.start() for word in WORD.finditer(text, max(0, start - 400), start)]
    # A word that runs on into the passage, or that the look-back cut in two, is still shown whole.
    opening = _word_start(text, before[-CONTEXT_WORDS:][0] if before else start)
    after = [word.end() for word in WORD.finditer(text, end, min(len(text), end + 400))][:CONTEXT_WORDS]
    closing = _word_end(text, after[-1] if after else end)
    return Passage(start, end, text[start:end], text[opening:start], text[end:closing])


def _word_start(text: str, at: int) -> int:
    while 0 < at < len(text) and WORD.match(text[at - 1]) and WORD.match(text[at]):
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while 0 < at < len(text) and WORD.match(text[at - 1]) and WORD.match(text[at]):
        at += 1
    return at


def normalise_text(text: str) -> tuple[str, OffsetMap]:
    """`text` with one form of quotes, dashes, spaces and ligatures, and the offset in `text` of each character of it."""
    # Many quick passes over the whole are ten times faster than one that looks each character up.
    for other, plain in _REPLACEMENTS.items():
        text = text.replace(other, plain)
    pieces: list[str] = []
    origin = OffsetMap()
    done = 0
    for change in _CHANGES_LENGTH.finditer(text):
        start, end = change.span()
        plain = " " if change[0][0] == " " else _EXPANSIONS.get(change[0], "")
        pieces += (text[done:start], plain)
        origin.length += start - done
        for extra in range(1, len(plain)):
            origin.shift(origin.length + extra, -1)
        origin.length += len(plain)
        if lost := end - start - min(len(plain), 1):
            origin.shift(origin.length, lost)
        done = end
    pieces.append(text[done:])
    origin.length += len(text) - done
    return "".join(pieces), origin


# A text is searched for many passages, one after the other.
_normalise_cached = lru_cache(maxsize=2)(normalise_text)


def find(text: str, exact: str, prefix: str = "", suffix: str = "", most: int | None = None) -> list[Passage]:
    """Every place, or the first `most`, where `exact` stands in `text` just between `prefix` and `suffix`; matches may overlap.

    Differences of quotes, dashes, spaces and ligatures aside. If it stands nowhere with the space at its outer ends, it is
    looked for without. What holds no character but space is a place rather than words, and is taken as it is.
    """
    return [passage_at(text, start, end) for start, end in _find_places(text, exact, prefix, suffix)[:most]]


def count_places(text: str, exact: str) -> int:
    """How many places `find` would find."""
    return len(_find_places(text, exact, "", ""))


def _find_places(text: str, exact: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
    places = _match_places(text, exact, prefix, suffix)
    if not places:
        bare = exact if prefix else exact.lstrip()
        bare = bare if suffix else bare.rstrip()
        places = _match_places(text, bare, prefix, suffix) if bare and bare != exact else []
    return places


def _match_places(text: str, exact: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
    whole = prefix + exact + suffix
    starts = [at + len(prefix) for at in _match_offsets(text, whole)]
    places = [(start, start + len(exact)) for start in starts]
    if _is_blank(exact):
        return places
    # The same words may be found by both ways, with more or less of the space around them.
    found = {_trim_outer_space(text, *place): place for place in places}
    haystack, origin = _normalise_cached(text)
    needle, of_needle = normalise_text(whole)
    before = bisect_left(of_needle, len(prefix))
    length = bisect_left(of_needle, len(prefix) + len(exact)) - before
    for at in _match_offsets(haystack, needle):
        if _is_whole_match(origin, at + before, at + before + length):
            place = (origin[at + before], origin[at + before + length - 1] + 1)
            found.setdefault(_trim_outer_space(text, *place), place)
    return sorted(found.values())


def _is_blank(exact: str) -> bool:
    return _OUTER_SPACE.fullmatch(exact) is not None


def _trim_outer_space(text: str, start: int, end: int) -> tuple[int, int]:
    opening = _OUTER_SPACE.match(text, start, end)
    assert opening
    closing = _OUTER_SPACE.match(text[opening.end() : end][::-1])
    assert closing
    return opening.end(), end - closing.end()


def _is_whole_match(origin: OffsetMap, start: int, end: int) -> bool:
    """Whether a match neither begins nor ends within a ligature or the like."""
    opens = start == 0 or origin[start - 1] != origin[start]
    return opens and (end == len(origin) or origin[end - 1] != origin[end])


def _match_offsets(haystack: str, needle: str) -> Iterator[int]:
    at = haystack.find(needle)
    while at >= 0:
        yield at
        at = haystack.find(needle, at + 1)


def describe(text: str, start: int, end: int) -> Passage:
    """The passage `text[start:end]` with no more prefix and suffix than `find` needs to find it alone.

    Each other place where its words stand is told apart by whichever is shorter, more prefix or more suffix.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)} characters")
    if _is_blank(text[start:end]):
        haystack, first, last = text, start, end
        origin: Sequence[int] = range(len(text))
        rivals = list(_match_offsets(haystack, text[start:end]))
    else:
        haystack, origin = _normalise_cached(text)
        first, last = bisect_left(origin, start), bisect_left(origin, end)
        rivals = list(_match_offsets(haystack, haystack[first:last]))
    rivals.remove(first)
    opening, closing = first, last
    while rivals:
        distance = rivals[0] - first
        prefix = _distinguishing_length(haystack, opening - 1, distance, -1)
        suffix = _distinguishing_length(haystack, closing, distance, 1)
        # One of the two always tells them apart: they cannot both reach the same end of the text.
        if suffix is None or (prefix is not None and prefix <= suffix):
            assert prefix is not None
            opening -= prefix
        else:
            closing += suffix
        words, before = haystack[opening:closing], first - opening
        rivals = [at for at in rivals if at >= before and haystack.startswith(words, at - before)]
    prefix_from = origin[opening] if opening < first else start
    suffix_to = origin[closing - 1] + 1 if closing > last else end
    return Passage(start, end, text[start:end], text[prefix_from:start], text[end:suffix_to])


def _distinguishing_length(haystack: str, at: int, distance: int, step: int) -> int | None:
    """How many characters from `at` on tell `haystack` from itself at a distance; None if it ends before."""
    count = 0
    while 0 <= at < len(haystack):
        count += 1
        other = at + distance
        if not 0 <= other < len(haystack) or haystack[at] != haystack[other]:
            return count
        at += step
    return None


def find_nearest(text: str, wanted: str) -> tuple[Passage, float] | None:
    """The passage of `text` most like `wanted`, and how alike, 0 to 100; None if either is empty.

    Bounded in time: of `wanted` the first 1,000 characters are compared, and of a text longer than 20,000 characters only
    the three stretches that share most of its rarer pieces, or the beginning if none shares any.
    """
    haystack, origin = _normalise_cached(text)
    needle = normalise_text(wanted)[0].strip()[:1_000]
    if not needle or not haystack.strip():
        return None
    best: tuple[float, int, int] = (0, 0, 0)
    for start, end in _likely_stretches(haystack, needle):
        like = fuzz.partial_ratio_alignment(needle, haystack[start:end])
        if like and like.dest_end > like.dest_start and like.score > best[0]:
            best = (like.score, start + like.dest_start, start + like.dest_end)
    score, start, end = best
    if not score:
        return None
    return passage_at(text, *_whole_words(text, origin[start], origin[end - 1] + 1)), score


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """From the first word to the last that `text[start:end]` holds or cuts; just these bounds if it holds none."""
    words = list(WORD.finditer(text, _word_start(text, start), _word_end(text, end)))
    return (words[0].start(), words[-1].end()) if words else (start, end)


def _likely_stretches(haystack: str, needle: str) -> list[tuple[int, int]]:
    """Where to look for something like `needle`."""
    if len(haystack) <= 20_000:
        return [(0, len(haystack))]
    width = max(len(needle), 100)
    shared: Counter[int] = Counter()
    step = max(1, len(needle) // 40)
    for at in range(0, max(1, len(needle) - 5), step):
        found = list(islice(_match_offsets(haystack, needle[at : at + 6]), 200))
        # A piece that stands everywhere tells nothing.
        if len(found) < 200:
            shared.update(max(0, place - at) // width for place in found)
    stretches = [stretch for stretch, _ in shared.most_common(3)] or [0]
    return [(max(0, stretch * width - width // 2), (stretch + 2) * width + width // 2) for stretch in stretches]
