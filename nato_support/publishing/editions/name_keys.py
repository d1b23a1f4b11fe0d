"""Under what a name is kept and looked up: its words in small Latin letters, and how it sounds. And how well known one is."""

import re
import unicodedata

from anyascii import anyascii

from entities.likeness import names

MAX_KEY_LENGTH = 60
MAX_WORDS = 24
POPULARITY_LEVELS = range(8)
"""0: nobody names it; 1: one to three others do; each further one four times as many; the last without end."""

_KINDS_WITH_LONG_NAMES = ("commitment", "event")
_LATIN_WORD = re.compile("[a-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_NON_LETTERS = re.compile(r"\W+")
_QUOTATION_MARKS = re.compile(r"['’‘ʼ`´ʹʺ\"“”„«»]")


def latin_words(text: str) -> list[str]:
    """The words of a text in small Latin letters, whatever it is written in."""
    unquoted = _QUOTATION_MARKS.sub("", _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text)))
    # What is no letter, such as a smiling face, has a name in Latin letters too.
    latin = anyascii(_NON_LETTERS.sub(" ", unquoted)).replace("'", "")
    return [word[:MAX_KEY_LENGTH] for word in _LATIN_WORD.findall(latin.casefold())[:MAX_WORDS]]


def keys_for_name(name: str, kind: str) -> set[str]:
    """Under what a name is kept: its words, and how it sounds (`likeness.names.keys`, whose signs no word begins with).

    Pairs of words are left out where names are sentences: of these each word says enough, and the pairs would be half of all.
    """
    sound_keys = names.blocking_keys(name, kind)
    if kind in _KINDS_WITH_LONG_NAMES:
        sound_keys = {key for key in sound_keys if "+" not in key}
    return {*latin_words(name), *(key[:MAX_KEY_LENGTH] for key in sound_keys if len(key) > 1)}


def popularity_level(mentions: int) -> int:
    """How well known is what so many others name."""
    return min((mentions.bit_length() + 1) // 2, POPULARITY_LEVELS[-1])
