"""Where a passage stands in a text: exact offsets in code points, found on a normalised copy and mapped back.

A passage is never moved to a lookalike: what is not found word for word is shown with the nearest passage instead.
Selectors as in the W3C Web Annotation Data Model: TextQuoteSelector and TextPositionSelector.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

CONTEXT_WORDS = 5
"""How many words before and after a passage its prefix and suffix hold."""

WORD = re.compile(r"\w+")

_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‘’‚‛′ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
        "…": "...",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text: `text[start:end] == exact`, with the words around it."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def passage(text: str, start: int, end: int) -> Passage:
    """The passage `text[start:end]` with up to CONTEXT_WORDS whole words of context on each side."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no passage from {start} to {end} in a text of {len(text)} characters")
    before = [word.start() for word in WORD.finditer(text, max(0, start - 400), start)]
    # A word that runs on into the passage, or that the look-back cut in two, is still shown whole.
    opening = before[-CONTEXT_WORDS:][0] if before else start
    while opening > 0 and WORD.match(text[opening - 1]) and WORD.match(text[opening]):
        opening -= 1
    after = [word.end() for word in WORD.finditer(text, end, min(len(text), end + 400))][:CONTEXT_WORDS]
    closing = after[-1] if after else end
    while closing < len(text) and WORD.match(text[closing - 1]) and WORD.match(text[closing]):
        closing += 1
    return Passage(start, end, text[start:end], text[opening:start], text[end:closing])


def normalise(text: str) -> tuple[str, list[int]]:
    """`text` with one form of quotes, dashes, spaces and ligatures, and the offset in `text` of each character of it."""
    letters: list[str] = []
    origin: list[int] = []
    for offset, letter in enumerate(text):
        for plain in letter.translate(_SAME):
            if plain.isspace():
                if letters and letters[-1] == " ":
                    continue
                plain = " "
            letters.append(plain)
            origin.append(offset)
    return "".join(letters), origin


def find(text: str, wanted: str) -> list[Passage]:
    """Every place where `wanted` stands in `text`, differences of quotes, dashes, spaces and ligatures aside."""
    haystack, origin = normalise(text)
    needle = normalise(wanted)[0].strip()
    return [passage(text, origin[at], origin[at + len(needle) - 1] + 1) for at in _all(haystack, needle)] if needle else []


def _all(haystack: str, needle: str) -> Iterator[int]:
    at = haystack.find(needle)
    while at >= 0:
        yield at
        at = haystack.find(needle, at + 1)


def nearest(text: str, wanted: str) -> tuple[Passage, float] | None:
    """The passage of `text` most like `wanted`, and how alike, 0 to 100; None if either is empty."""
    haystack, origin = normalise(text)
    needle = normalise(wanted)[0].strip()
    if not needle or not haystack.strip():
        return None
    like = fuzz.partial_ratio_alignment(needle, haystack)
    if like is None or like.dest_end <= like.dest_start:
        return None
    return passage(text, origin[like.dest_start], origin[like.dest_end - 1] + 1), like.score
