"""Qualifiers of numbers: “about”, “nearly”, “at least” before a number, “or more” after it."""

import re
from functools import lru_cache
from typing import NamedTuple

from entities.vocabulary import Qualifier
from sources.suggestions import written_numbers
from sources.suggestions.amount_vocabulary import vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP

# “Among forty soldiers”, “flew over two villages”: prepositions of place before what is counted.
_PLACES = frozenset(("around", "over", "under", "above", "below", "über", "unter"))
_LOW = frozenset(("under", "below", "unter"))


_WORDS_OF_CLAUSE = rf"(?:{WORD_GAP}(?:[^\s.,;:!?()]|[.,](?=\d))+){{0,6}}?"
_FOLLOWING_SIGN = re.compile(rf"{WORD_GAP}(?:[A-Z.]{{0,4}}[€$£¥₴₽₺₹₩₪]|[A-Z]{{3}})\s?\d")
_GAP = re.compile(WORD_GAP)


class StatedQualifier(NamedTuple):
    """Qualifier with the words that state it; None if they may mean something else.

    `length` is the number of characters before the number that they take; `end` the offset where they end after it.
    """

    qualifier: Qualifier | None
    words: str
    length: int = 0
    end: int = 0


class _Patterns(NamedTuple):
    """Patterns of the qualifiers of one language."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    late: re.Pattern[str]
    ambiguous: re.Pattern[str]
    prepositions_after: re.Pattern[str]
    prepositions_in: re.Pattern[str]
    negation: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(language: str) -> _Patterns:
    vocabulary = vocabulary_of(language)
    before = "|".join(f"(?P<{qualifier}>{_with_gaps(words)})" for qualifier, words in vocabulary.qualifiers.items())
    after = "|".join(f"(?P<{qualifier}>{words})" for qualifier, words in vocabulary.qualifiers_after.items())
    between = _with_gaps(vocabulary.between_qualifier_and_number)
    return _Patterns(
        re.compile(rf"(?<![\w-])(?:{before or '(?!)'})(?:\s+|(?<=['’]))(?:(?:{between})\s+)?$", re.IGNORECASE),
        re.compile(after or r"(?!)", re.IGNORECASE),
        re.compile(rf"{_WORDS_OF_CLAUSE},?{WORD_GAP}(?:{vocabulary.late_qualifiers})(?!\w)".replace(" ", r"\s"), re.IGNORECASE),
        re.compile(_with_gaps(vocabulary.ambiguous_qualifiers), re.IGNORECASE),
        re.compile(vocabulary.prepositions_after, re.IGNORECASE),
        re.compile(vocabulary.prepositions_in, re.IGNORECASE),
        re.compile(vocabulary.negation, re.IGNORECASE),
    )


def _with_gaps(words: str) -> str:
    return words.replace(" ", r"\s+")


def qualifier_before(
    text: str, *, is_small_word: bool, counts_people_or_things: bool, language: str = "en"
) -> StatedQualifier | None:
    """Return the qualifier at the end of `text`, which leads up to a number; None if there is none.

    `is_small_word`: the number is a word below ten; `counts_people_or_things`: it counts them. Both make it likelier that the
    word is a mere preposition.
    """
    patterns = _patterns(language)
    match = patterns.before.search(text)
    if not match:
        return None
    qualifier = Qualifier(next(name for name in vocabulary_of(language).qualifiers if match[name]))
    words = match[qualifier]
    lower_case = words.lower()
    unclear = StatedQualifier(None, words, len(text) - match.start())
    if patterns.ambiguous.fullmatch(words):
        if patterns.prepositions_after.search(text, 0, match.start()):
            return None
        if lower_case in _PLACES and counts_people_or_things and (is_small_word or lower_case in _LOW):
            return unclear
        if patterns.prepositions_in.search(text, 0, match.start()):
            return unclear
    if patterns.negation.search(text, 0, match.start()):
        return unclear
    outer = patterns.before.search(text, 0, match.start())
    if outer and not outer[qualifier]:
        return unclear
    return StatedQualifier(qualifier, " ".join(words.split()), len(text) - match.start())


def qualifier_after(text: str, offset: int, language: str = "en") -> StatedQualifier | None:
    """Return the qualifier that follows a number or amount ending at `offset`; None if there is none."""
    match = _patterns(language).after.match(text, offset)
    if not match or _precedes_number(text, match.end(), language):
        return None
    return StatedQualifier(Qualifier(str(match.lastgroup)), " ".join(match.group().split()), end=match.end())


def is_limited_later(text: str, offset: int, language: str) -> bool:
    """Return whether words in the rest of the clause may limit the amount that ends at `offset`: “40 guns of ours at least”."""
    match = _patterns(language).late.match(text, offset)
    return match is not None and not _precedes_number(text, match.end(), language)


def _precedes_number(text: str, offset: int, language: str) -> bool:
    """Return whether a number follows at `offset`, so that a qualifier that ends there belongs to it."""
    if _FOLLOWING_SIGN.match(text, offset):
        return True
    gap = _GAP.match(text, offset)
    return gap is not None and written_numbers.read_number(text, gap.end(), language) is not None
