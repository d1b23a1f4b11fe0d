"""Keys under which a name is stored and looked up: its words in Latin letters, and keys of its sound. Also popularity levels."""

import re
import unicodedata

from anyascii import anyascii

from entities.likeness import names

MAX_KEY_LENGTH = 60
MAX_WORDS = 24
POPULARITY_LEVELS = range(8)
"""0: no mention; 1: one to three; each further level four times as many; the last is open-ended."""

_KINDS_WITH_LONG_NAMES = ("commitment", "event")
_LATIN_WORD = re.compile("[a-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_NON_LETTERS = re.compile(r"\W+")
_QUOTATION_MARKS = re.compile(r"['’‘ʼ`´ʹʺ\"“”„«»]")


def latin_words(text: str) -> list[str]:
    """Return the words of a text, in any script, in small Latin letters."""
    unquoted = _QUOTATION_MARKS.sub("", _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text)))
    # anyascii would spell out signs such as emoji, so they go first.
    latin = anyascii(_NON_LETTERS.sub(" ", unquoted)).replace("'", "")
    return [word[:MAX_KEY_LENGTH] for word in _LATIN_WORD.findall(latin.casefold())[:MAX_WORDS]]


def keys_for_name(name: str, kind: str) -> set[str]:
    """Return the keys of a name: its words, and its sound keys, which begin with signs that no word begins with.

    Kinds whose names are sentences get no keys of word pairs: each word says enough there, and pairs would be half of all keys.
    """
    sound_keys = names.blocking_keys(name, kind)
    if kind in _KINDS_WITH_LONG_NAMES:
        sound_keys = {key for key in sound_keys if "+" not in key}
    return {*latin_words(name), *(key[:MAX_KEY_LENGTH] for key in sound_keys if len(key) > 1)}


def popularity_level(mentions: int) -> int:
    """Return the popularity level of a record that this many others mention."""
    return min((mentions.bit_length() + 1) // 2, POPULARITY_LEVELS[-1])
