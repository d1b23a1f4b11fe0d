"""Numerals: words for numbers below a scale, and halves, read at places of a text."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from sources.suggestions.amount_vocabulary import NumberVocabulary, vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP
from sources.suggestions.amount_vocabulary.language_free import FOREIGN_SCALE
from sources.suggestions.digit_notations import Notation

LETTERS = r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*"
"""A pattern for a word without digits."""
_LONGEST_NAME = 5
_WORD = re.compile(LETTERS)
NEXT_WORD = re.compile(rf"(?:[-‐‑]|{WORD_GAP})({LETTERS})")
"""A word after a space or hyphen."""
_FOREIGN_SCALE = re.compile(FOREIGN_SCALE, re.IGNORECASE)


class NumberPart(NamedTuple):
    """Figures or words before a scale."""

    value: Decimal
    end: int
    notation: Notation | None = None
    is_share: bool = False
    """A half or quarter, which means nothing without a scale."""
    is_bare: bool = False
    """The scale alone."""
    scale: int = 1
    """A scale within the same word: “півмільйона”."""


def plain_word(word: str) -> str:
    return word.lower().replace("’", "'").replace("ʼ", "'")


class NumeralReader:
    """Reads numerals at places of one text, by one vocabulary."""

    def __init__(self, text: str, vocabulary: NumberVocabulary):
        self.text = text
        self.vocabulary = vocabulary

    def read_words(self, offset: int, is_first: bool) -> NumberPart | None:
        words = self.words_at(offset, separated=not is_first)
        if not words:
            return None
        if share := longest_entry(self.vocabulary.shares, words):
            return NumberPart(share[0], share[1], is_share=True)
        if attached := self._read_attached_share(*words[0]):
            return attached
        if words[0][0] in self.vocabulary.articles and len(words) > 1 and (attached := self._read_attached_share(*words[1])):
            return attached
        if number := self._read_below_thousand(words):
            return number
        word, end = words[0]
        if word in self.vocabulary.articles and len(words) > 1 and words[1][0] in self.vocabulary.scales:
            return NumberPart(Decimal(1), end)
        if is_first and word in self.vocabulary.bare_scales | self.vocabulary.limited_scales:
            return NumberPart(Decimal(1), offset, is_bare=True)
        return None

    def _read_attached_share(self, word: str, end: int) -> NumberPart | None:
        for beginning, share in self.vocabulary.attached_shares.items():
            scale = self.vocabulary.scales.get(word.removeprefix(beginning)) if word.startswith(beginning) else None
            if scale:
                return NumberPart(share * scale, end, scale=scale)
        return None

    def _read_below_thousand(self, words: list[tuple[str, int]]) -> NumberPart | None:
        """Return the number that words name, without a scale: zweihundert, trois cent vingt, two hundred and five."""
        compound = self.vocabulary.compound(words[0][0])
        if compound is not None:
            return NumberPart(Decimal(compound), words[0][1])
        hundreds = self.vocabulary.hundreds
        name = longest_entry(self.vocabulary.names, words)
        value, end = (int(name[0]), name[1]) if name else (0, words[0][1])
        following = self.words_at(end, separated=True) if name else words
        if not name and words[0][0] in self.vocabulary.articles:
            following = words[1:]
            if not following or following[0][0] not in hundreds:
                return None
        is_hundred = following and following[0][0] in hundreds
        multiplies = self.vocabulary.hundred_multiplies
        if is_hundred and (multiplies if name or following is not words else self._stands_bare(words[0][0])):
            value = (value or 1) * hundreds[following[0][0]]
            end = following[0][1]
            rest = self.words_at(end, separated=True)
            if rest and rest[0][0] in self.vocabulary.joins:
                rest = rest[1:]
            if rest and (last := longest_entry(self.vocabulary.names, rest)):
                value, end = value + int(last[0]), last[1]
            return NumberPart(Decimal(value), end)
        return NumberPart(Decimal(value), end) if name else None

    def _stands_bare(self, hundred: str) -> bool:
        return not self.vocabulary.hundred_multiplies or hundred in self.vocabulary.bare_scales

    def is_numeral(self, word: str) -> bool:
        plain = plain_word(word)
        vocabulary = self.vocabulary
        if plain in vocabulary.articles or (word[0].isupper() and len(word) == 1):
            return False
        return (
            (plain,) in vocabulary.names
            or (plain,) in vocabulary.shares
            or plain in vocabulary.hundreds
            or plain in vocabulary.scales
            or plain in vocabulary.point_words
            or vocabulary.compound(plain) is not None
            or _FOREIGN_SCALE.fullmatch(plain) is not None
        )

    def skip_half(self, offset: int, value: Decimal) -> int:
        """Return where “and a half” ends that follows a whole number at `offset`; 0 if it does not follow."""
        if value != value.to_integral():
            return 0
        words = self.words_at(offset, separated=True)
        return next((words[len(half) - 1][1] for half in self.vocabulary.and_half if _begins(words, half)), 0)

    # Words

    def words_at(self, offset: int, *, separated: bool) -> list[tuple[str, int]]:
        """Return the next words and where each ends; the first stands at `offset`, or after a space or hyphen there."""
        words: list[tuple[str, int]] = []
        for _ in range(_LONGEST_NAME):
            word = NEXT_WORD.match(self.text, offset) if separated or words else _WORD.match(self.text, offset)
            if not word:
                break
            words.append((plain_word(word[word.lastindex or 0]), word.end()))
            offset = word.end()
        return words

    def first_word(self, offset: int) -> str:
        word = _WORD.match(self.text, offset)
        return plain_word(word.group()) if word else ""


@lru_cache(maxsize=16)
def _folded_numerals(language: str) -> frozenset[str]:
    numbers = vocabulary_of(language).numbers
    words = {word for name in numbers.names for word in name} | set(numbers.hundreds) | set(numbers.scales)
    return frozenset(_fold(word) for word in words if len(word) > 3)


def _fold(word: str) -> str:
    """Return a word without accents, as it is often typed."""
    letters = unicodedata.normalize("NFD", word.replace("ł", "l"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def is_misspelt_numeral(word: str, language: str) -> bool:
    """Tell whether a word that is no numeral is one letter away from one, or lacks its accents."""
    folded = _fold(plain_word(word))
    numerals = _folded_numerals(language)
    if folded in numerals or folded.endswith(tuple(numeral for numeral in numerals if len(numeral) > 6)):
        return True
    return len(folded) > 3 and any(
        abs(len(numeral) - len(folded)) < 2 and Levenshtein.distance(numeral, folded, score_cutoff=1) < 2 for numeral in numerals
    )


def longest_entry(table: Mapping[tuple[str, ...], int | Decimal], words: list[tuple[str, int]]) -> tuple[Decimal, int] | None:
    """Return the value of the longest entry that `words` begin with, and where it ends."""
    for length in range(len(words), 0, -1):
        value = table.get(tuple(word for word, _ in words[:length]))
        if value is not None:
            return Decimal(value), words[length - 1][1]
    return None


def _begins(words: list[tuple[str, int]], entry: tuple[str, ...]) -> bool:
    return tuple(word for word, _ in words[: len(entry)]) == entry
