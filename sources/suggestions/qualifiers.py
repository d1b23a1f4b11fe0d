"""Qualifiers of numbers: “about”, “nearly”, “at least” before a number, “or more” after it."""

import re
from typing import NamedTuple

from entities.vocabulary import Qualifier
from sources.suggestions.written_numbers import WORD_GAP

_WORDS = {
    Qualifier.EXACTLY: "exactly|precisely",
    Qualifier.UP_TO: "up to|(?:no|not) more than|at most|a maximum of|as (?:many|much) as|less than|fewer than|"
    "(?:just )?(?:under|below)",
    Qualifier.AT_LEAST: "at least|(?:no|not) (?:fewer|less) than|a minimum of",
    Qualifier.MORE_THAN: "(?:(?:well|far|slightly|a little|significantly|much) )?more than|(?:(?:well|just|a little) )?over|"
    "(?:well |just )?above|in excess of|upwards of|exceeding|greater than|north of",
    Qualifier.NEARLY: "nearly|almost|close to|(?:just )?(?:short|shy) of|approaching",
    Qualifier.ABOUT: r"about|around|some|roughly|approximately|approx\.?|an estimated|estimated|circa|"
    "in the (?:region|order|range) of",
}
_BEFORE = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<{qualifier}>{words})" for qualifier, words in _WORDS.items()).replace(" ", r"\s+")
    + r")\s+(?:(?:an\s+additional|additional|another|a\s+further|an\s+extra|a\s+total\s+of|an)\s+)?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"{WORD_GAP}or{WORD_GAP}(?:(?P<at_least>more)|(?P<about>so)|(?P<up_to>less|fewer))\b(?!{WORD_GAP}than)"
    rf"|[-‐‑](?:(?P<at_least_so_many>plus)|(?P<about_so_many>odd|some))\b|{WORD_GAP}(?P<plus>plus)\b(?={WORD_GAP}\w)"
)
# These words may also be prepositions: “flew over two villages”, “spoke about two systems”.
_PLACES = frozenset(("around", "over", "under", "above", "below"))
_LOW = frozenset(("under", "below"))
_SPEAKING_OF = re.compile(
    r"\b(?:talk|spoke|speak|think|thought|know|knew|inform|question|concern|worr|said|ask|learn|hear|heard|debate|dispute|control|"
    r"fight|fought|vote|differ|conflict|preside|fly|flew|turn|look|travel|gather|rall|revolve|center|built)\w*\s+$",
    re.IGNORECASE,
)


class StatedQualifier(NamedTuple):
    """Qualifier with the words that state it.

    `length` is the number of characters before the number that they take; `end` the offset where they end after it.
    """

    qualifier: Qualifier
    words: str
    length: int = 0
    end: int = 0


def qualifier_before(text: str, *, is_small_word: bool, counts_people_or_things: bool) -> StatedQualifier | None:
    """Return the qualifier at the end of `text`, which leads up to a number; None if there is none.

    `small`: the number is a word below ten; `counted`: it counts persons or things. Both make it likelier that the word is a mere
    preposition.
    """
    match = _BEFORE.search(text)
    if not match:
        return None
    qualifier = Qualifier(next(name for name in _WORDS if match[name]))
    words = match[qualifier]
    lower_case = words.lower()
    if lower_case in _PLACES and (is_small_word or (lower_case in _LOW and counts_people_or_things)):
        return None
    if lower_case in _PLACES | {"about"} and _SPEAKING_OF.search(text, 0, match.start()):
        return None
    return StatedQualifier(qualifier, " ".join(words.split()), len(text) - match.start())


def qualifier_after(text: str, offset: int) -> StatedQualifier | None:
    """Return the qualifier that follows a number or amount ending at `offset`; None if there is none."""
    match = _AFTER.match(text, offset)
    if not match:
        return None
    group = str(match.lastgroup).removesuffix("_so_many").replace("plus", "at_least")
    return StatedQualifier(Qualifier(group), " ".join(match.group().split()), end=match.end())
