"""Under what a name is kept and looked up: its words in small Latin letters, and how it sounds. And how well known one is."""

import re
import unicodedata

from anyascii import anyascii

from entities.likeness import names

LONGEST = 60
MOST_WORDS = 24
TIERS = range(8)
"""0: nobody names it; 1: one to three others do; each further one four times as many; the last without end."""

_OF_MANY_WORDS = ("commitment", "event")
_WORD = re.compile("[a-z0-9]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_NO_LETTER = re.compile(r"\W+")
_MARKS = re.compile(r"['’‘ʼ`´ʹʺ\"“”„«»]")


def words(text: str) -> list[str]:
    """The words of a text in small Latin letters, whatever it is written in."""
    plain = _MARKS.sub("", _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text)))
    # What is no letter, such as a smiling face, has a name in Latin letters too.
    written = anyascii(_NO_LETTER.sub(" ", plain)).replace("'", "")
    return [word[:LONGEST] for word in _WORD.findall(written.casefold())[:MOST_WORDS]]


def of_name(name: str, kind: str) -> set[str]:
    """Under what a name is kept: its words, and how it sounds (`likeness.names.keys`, whose signs no word begins with).

    Pairs of words are left out where names are sentences: of these each word says enough, and the pairs would be half of all.
    """
    sounding = names.keys(name, kind)
    if kind in _OF_MANY_WORDS:
        sounding = {key for key in sounding if "+" not in key}
    return {*words(name), *(key[:LONGEST] for key in sounding if len(key) > 1)}


def tier(times: int) -> int:
    """How well known is what so many others name."""
    return min((times.bit_length() + 1) // 2, TIERS[-1])
