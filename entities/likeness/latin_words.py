"""Words of a text in lower-case Latin letters: the one form in which names are looked up. Independent of Django."""

import re
import unicodedata
from collections.abc import Sequence

from anyascii import anyascii

LATIN_WORD = re.compile("[a-z0-9]+")
QUOTATION_MARKS = re.compile(r"['’‘ʼ`´ʹʺ\"“”„«»]")

_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_NON_LETTERS = re.compile(r"\W+")


def latin_words(text: str) -> list[str]:
    """Return the words of a text, in any script, in lower-case Latin letters: zelenskiy for Зеленський, rzeszow for Rzeszów."""
    return _latin_parts(_POSSESSIVE.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text)))


def fold_to_latin(word: str) -> str:
    """Return a word in lower-case Latin letters and digits alone, with a possessive s; one without any stays unchanged."""
    return word.lower() if word.isascii() and word.isalnum() else "".join(_latin_parts(word)) or word


def _latin_parts(text: str) -> list[str]:
    unquoted = QUOTATION_MARKS.sub("", text)
    # anyascii would spell out signs such as emoji, so they go first; it writes soft signs as apostrophes.
    latin = unquoted if unquoted.isascii() else anyascii(_NON_LETTERS.sub(" ", unquoted)).replace("'", "")
    return LATIN_WORD.findall(latin.casefold())


def typing_errors_allowed(length: int) -> int:
    """Return how many letters of a word of this length may be wrong, missing or swapped. Digits of a number never are."""
    return 0 if length < 4 else 1 if length < 9 else 2


def prefix_rank(words: Sequence[str], typed_words: Sequence[str]) -> int:
    """Return 0 if the words of a name are those typed, 1 if the name begins with them, else 2."""
    name, typed = " ".join(words), " ".join(typed_words)
    return 0 if name == typed else 1 if name.startswith(typed) else 2
