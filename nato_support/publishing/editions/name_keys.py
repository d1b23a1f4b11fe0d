"""Keys under which a name is stored and looked up: its words in Latin letters, and keys of its sound. Also popularity levels."""

from entities.likeness import names
from entities.likeness.latin_words import latin_words
from entities.vocabulary import NameKind

MAX_KEY_LENGTH = 60
MAX_WORDS = 24
MAX_TERM_LENGTH = 700
POPULARITY_LEVELS = range(8)
"""0: no mention; 1: one to three; each further level four times as many; the last is open-ended."""

_KINDS_WITH_LONG_NAMES = ("commitment", "event")


def key_words(text: str) -> list[str]:
    """Return the Latin words of a text as keys: no more and no longer ones than are stored."""
    return [word[:MAX_KEY_LENGTH] for word in latin_words(text)[:MAX_WORDS]]


def name_term(name: str) -> str:
    """Return a name as the term `name` of an edition stores it, for looking it up exactly."""
    return name.casefold()[:MAX_TERM_LENGTH]


def further_names(evidence: dict) -> list[str]:
    """Return the names of a rendered record beside its own, without mentions, which are no names."""
    return [name["text"] for name in evidence.get("names", ()) if name["kind"] != NameKind.MENTION]


def keys_for_name(name: str, kind: str) -> set[str]:
    """Return the keys of a name: its words, and its sound keys, which begin with signs that no word begins with.

    Kinds whose names are sentences get no keys of word pairs: each word says enough there, and pairs would be half of all keys.
    """
    sound_keys = names.blocking_keys(name, kind)
    if kind in _KINDS_WITH_LONG_NAMES:
        sound_keys = {key for key in sound_keys if "+" not in key}
    return {*key_words(name), *(key[:MAX_KEY_LENGTH] for key in sound_keys if len(key) > 1)}


def popularity_level(mentions: int) -> int:
    """Return the popularity level of a record that this many others mention."""
    return min((mentions.bit_length() + 1) // 2, POPULARITY_LEVELS[-1])
