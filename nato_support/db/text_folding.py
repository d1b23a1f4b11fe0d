"""Folding of texts to words that are compared: lower case, no diacritics, one space for all that is no letter or digit.

The same rule in Python, and as data for the SQL of `text_index.py`. Words are not stemmed, and none is left out.
"""

import unicodedata
from typing import NamedTuple

SEVERAL_LETTERS = {
    "æ": "ae",
    "œ": "oe",
    "ß": "ss",
    "þ": "th",
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "Æ": "ae",
    "Œ": "oe",
    "ẞ": "ss",
    "Þ": "th",
}
"""Letters that stand for several."""
OTHER_LETTER = dict(zip("łøđħıðŧŁØĐĦÐŦς", "lodhidtlodhdtσ", strict=True))
"""Letters whose sign is no diacritic to Unicode."""
SEPARATORS = (
    ("\u0001", "/"),
    (":", "@"),
    ("[", "`"),
    ("{", "\u00bf"),
    ("\u00d7", "\u00d7"),
    ("\u00f7", "\u00f7"),
    ("\u02b0", "\u02ff"),
    ("\u2000", "\u2bff"),
    ("\u3000", "\u3004"),
    ("\u3008", "\u3020"),
    ("\u3030", "\u3030"),
    ("\ufe30", "\ufe6f"),
    ("\uff00", "\uff0f"),
    ("\ufff0", "\uffff"),
)
"""First and last character of each range of characters that stand between words."""
FIRST_MARK, LAST_MARK = "\u0300", "\u036f"
"""Range of the combining marks that are dropped."""


def fold_character(character: str) -> str:
    """Return the letters or digits that a character stands for: one space for a separator, nothing for a combining mark."""
    if any(first <= character <= last for first, last in SEPARATORS):
        return " "
    letters = SEVERAL_LETTERS.get(character) or OTHER_LETTER.get(character)
    if letters:
        return letters
    parts = (part for part in unicodedata.normalize("NFD", character) if not FIRST_MARK <= part <= LAST_MARK)
    return "".join(OTHER_LETTER.get(part) or (part.lower() if len(part.lower()) == 1 else part) for part in parts)


class _FoldedCharacters(dict[int, str]):
    """What each code point is folded to, found out when it is first needed."""

    def __missing__(self, code_point: int) -> str:
        folded = self[code_point] = fold_character(chr(code_point))
        return folded


_FOLDED = _FoldedCharacters({0: " "})


class FoldedText(NamedTuple):
    """A folded text, and where in the original its characters come from."""

    folded: str
    origins: list[int] | None
    """Offset in the original of each folded character; None if they are the same."""
    original: str

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original, in code points, of a range that is not empty, with the marks on its last letter."""
        if self.origins is not None:
            start, end = self.origins[start], self.origins[end - 1] + 1
        while end < len(self.original) and not _FOLDED[ord(self.original[end])]:
            end += 1
        return start, end


def fold_text(text: str) -> FoldedText:
    """Fold a text, keeping the offsets."""
    if all(len(_FOLDED[ord(character)]) == 1 for character in set(text)):
        return FoldedText(text.translate(_FOLDED), None, text)
    origins = [offset for offset, character in enumerate(text) for _ in _FOLDED[ord(character)]]
    return FoldedText(text.translate(_FOLDED), origins, text)


def folded_words(text: str) -> list[str]:
    """Return the words of a text, folded."""
    return [word for word in text.translate(_FOLDED).split(" ") if word]
