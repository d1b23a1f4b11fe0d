"""One form of a text for comparing words: letters composed, one kind of quotation mark, dash and space, nothing invisible.

A hyphen at the end of a line may be one of the source's or one of the printer's: such a hyphen with its line end becomes
LINE_END_HYPHEN, which `readings_pattern` takes as either.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from sources.passage_edges import HYPHENS, LINE_BREAKS, UNSEEN

LINE_END_HYPHEN = "\ufdd0"
"""Stands for a hyphen between letters or digits with the line end after it; no character of any text."""

_FILLER = "\u2060"
_SPACES = "".join(letter for letter in map(chr, range(0x3001)) if letter.isspace() and letter != " ")
_REPLACEMENTS = {
    **dict.fromkeys("“”„‟«»″「」『』｢｣〝〞〟＂", '"'),
    **dict.fromkeys("‘’‚‛′ʼ´`ʻ＇‹›", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys(_SPACES, " "),
}
_EXPANSIONS = {"…": "...", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
# Arabic's tatweel only stretches a word.
DROPPED = f"{UNSEEN}\u0640"
_CHANGES_LENGTH = re.compile(rf" [ {DROPPED}]+|[{DROPPED}{''.join(_EXPANSIONS)}]")
_LINE_END = re.compile(rf"(?<=[^\W_])[{HYPHENS}\u00ad][^\S{LINE_BREAKS}]*+[{LINE_BREAKS}]\s*+(?=[^\W_])")
# French sets spaces within its marks. German turns the marks round and sets none.
_SPACED_OPENING = re.compile(r"(?<![^\s(\[{“‘])([«‹])\s+")
_SPACED_CLOSING = re.compile(r"(?<!\s)\s++([»›])(?![^\s.,;:!?…)\]}”’])")
_COMPOSABLE = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")


class OffsetMap(Sequence[int]):
    """Map from each character of a normalised copy to its offset in the original, stored as the points of change.

    Where the original was itself rewritten, `origin` maps on to what it was made from.
    """

    def __init__(self, origin: "OffsetMap | None" = None):
        self.length, self._from, self._shifts = 0, [0], [0]
        self._origin = origin

    def add_shift(self, offset: int, distance: int):
        """Shift every character from `offset` on by `distance` more."""
        self._from.append(offset)
        self._shifts.append(self._shifts[-1] + distance)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, offset):
        if not 0 <= offset < self.length:
            raise IndexError(offset)
        offset += self._shifts[bisect_right(self._from, offset) - 1]
        return self._origin[offset] if self._origin else offset


def normalise_text(text: str) -> tuple[str, OffsetMap]:
    """Return `text` in the one form, and the map of its offsets to `text`."""
    origin = None
    if not unicodedata.is_normalized("NFC", text):
        text, origin = _rewrite(text, _compositions(text))
    # These keep the length; what they fill up with is dropped below.
    text = text.replace(LINE_END_HYPHEN, "\ufdd1")
    text = _LINE_END.sub(lambda end: LINE_END_HYPHEN + _FILLER * (len(end[0]) - 1), text)
    text = _SPACED_OPENING.sub(lambda mark: mark[1] + _FILLER * (len(mark[0]) - 1), text)
    text = _SPACED_CLOSING.sub(lambda mark: _FILLER * (len(mark[0]) - 1) + mark[1], text)
    # Many quick replacements over the whole text are ten times faster than looking up each character.
    for variant, replacement in _REPLACEMENTS.items():
        text = text.replace(variant, replacement)
    return _rewrite(text, _changes_of_length(text), origin)


def _changes_of_length(text: str) -> Iterator[tuple[int, int, str]]:
    for change in _CHANGES_LENGTH.finditer(text):
        yield change.start(), change.end(), " " if change[0][0] == " " else _EXPANSIONS.get(change[0], "")


def _compositions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the spans of `text` that canonical composition changes, each as short as can be, with what they become."""
    for segment in _COMPOSABLE.finditer(text):
        if unicodedata.is_normalized("NFC", segment[0]):
            continue
        start = segment.start()
        for end in range(start + 1, segment.end() + 1):
            if end < segment.end() and _composes(text[max(start, end - 3) : end], text[end]):
                continue
            unit = text[start:end]
            if (composed := unicodedata.normalize("NFC", unit)) != unit:
                yield start, end, composed
            start = end


def _composes(before: str, letter: str) -> bool:
    """Return whether `letter` can become one with the letters before it."""
    if unicodedata.combining(letter):
        return True
    apart = unicodedata.normalize("NFC", before) + unicodedata.normalize("NFC", letter)
    return unicodedata.normalize("NFC", before + letter) != apart


def _rewrite(text: str, changes: Iterable[tuple[int, int, str]], origin: OffsetMap | None = None) -> tuple[str, OffsetMap]:
    """Return `text` with the replacement of each span `(start, end, replacement)`, and the map of its offsets."""
    pieces: list[str] = []
    offsets = OffsetMap(origin)
    done = 0
    for start, end, replacement in changes:
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


def readings_pattern(prefix: str, exact: str, suffix: str) -> re.Pattern[str]:
    """Return the pattern that finds the normalised `exact`, as its group, between `prefix` and `suffix`.

    A hyphen at a line's end, here or in the text, stands for a hyphen or, between letters, for nothing.
    """
    words = prefix + exact + suffix
    pieces = [_reading(words, offset) for offset in range(len(words))]
    inner, outer = len(prefix), len(prefix) + len(exact)
    parts = ("".join(pieces[:inner]), "".join(pieces[inner:outer]), "".join(pieces[outer:]))
    return re.compile(f"(?={parts[0]}({parts[1]}){parts[2]})")


def _reading(words: str, offset: int) -> str:
    """Return the pattern of one character, with what may stand before it."""
    letter, before = words[offset], words[offset - 1 : offset]
    if letter == LINE_END_HYPHEN:
        between_letters = before.isalpha() and words[offset + 1 : offset + 2].isalpha()
        return f"(?:- ?|{LINE_END_HYPHEN}){'?' if between_letters else ''}"
    if letter == "-" and before.isalnum():
        if words[offset + 1 : offset + 2].isalnum():
            return f"[-{LINE_END_HYPHEN}]"
        if _is_pasted_line_end(words, offset):
            return f"(?:- |{LINE_END_HYPHEN})"
    if letter == " " and _is_pasted_line_end(words, offset - 1):
        return ""
    return f"{LINE_END_HYPHEN}?{letter}" if letter.isalpha() and before.isalpha() else re.escape(letter)


def _is_pasted_line_end(words: str, offset: int) -> bool:
    """Return whether a hyphen and a space between two letters stand there: a form may have made the line end a space."""
    around = words[max(0, offset - 1) : offset + 3]
    return len(around) == 4 and around[1:3] == "- " and around[0].isalnum() and around[3].isalnum()
