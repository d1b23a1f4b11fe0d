"""Words before a number that make it part of another: of a sum, a share, a multiple, or of an estimate by two numbers."""

import re
from functools import lru_cache
from typing import NamedTuple

from sources.suggestions import number_surroundings
from sources.suggestions.amount_vocabulary import vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP
from sources.suggestions.numerals import LETTERS, NumeralReader
from sources.suggestions.written_numbers import StatedNumber

_FRACTION_BEFORE = re.compile(r"[¼-¾⅐-⅞]\s?[-‐‑]?\Z")
_WORD_BEFORE = re.compile(rf"(?<![\w'’ʼ-])({LETTERS})\s\Z")
_LISTED_BEFORE = re.compile(rf"(?<![\w'’ʼ-])(?:({LETTERS})|(?<![\d.,])(\d{{1,6}})),\s\Z")
_TIMES_SIGN = re.compile(r"(?:\d|\b)\s?[x×х]\s?\Z")
_LARGEST_OF_SHARE = 20


class _Patterns(NamedTuple):
    """Patterns of the words before a number in one language."""

    joined: re.Pattern[str]
    share: re.Pattern[str]
    multiple: re.Pattern[str]
    times: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(language: str) -> _Patterns:
    vocabulary = vocabulary_of(language)
    range_words = vocabulary.range_words.replace(" ", WORD_GAP)
    counted = rf"(?<![\w'’ʼ])(\d+|{LETTERS})"
    return _Patterns(
        re.compile(rf"(?<![\w'’ʼ])({LETTERS})(-?){WORD_GAP}(?:{range_words}){WORD_GAP}\Z", re.IGNORECASE),
        re.compile(rf"{counted}{WORD_GAP}(?:{vocabulary.share_words}){WORD_GAP}\Z", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{vocabulary.multiples.replace(' ', WORD_GAP)})\s+\Z", re.IGNORECASE),
        re.compile(rf"{counted}{WORD_GAP}(?:{vocabulary.times}){WORD_GAP}\Z", re.IGNORECASE),
    )


def continues_number(text: str, offset: int, language: str) -> bool:
    """Tell whether the number word at `offset` goes on with one before it: “2½ million”, “дві сотні”."""
    text_before = text[max(0, offset - 40) : offset]
    if _FRACTION_BEFORE.search(text_before):
        return True
    word = _WORD_BEFORE.search(text_before)
    return bool(word) and not text[offset].isdigit() and _is_numeral(word[1], language)  # type: ignore[index]


def is_second_of_two(text_before: str, number: StatedNumber, language: str) -> bool:
    """Tell whether a number is the upper one of an estimate whose lower one is not read: “ein bis zwei”, “four, five”."""
    joined = _patterns(language).joined.search(text_before)
    if joined and (
        joined[1].lower() in vocabulary_of(language).numbers.articles or (joined[2] and _is_numeral(joined[1], language))
    ):
        return True
    listed = _LISTED_BEFORE.search(text_before)
    if not listed or number.value is None:
        return False
    if listed[1]:
        return number.notation is None and _is_numeral(listed[1], language)
    start = len(text_before) - len(listed[0])
    is_date = number_surroundings.follows_month(text_before, start, language) or len(listed[2]) == 4
    return not is_date and number.value / 2 < int(listed[2]) < number.value


def is_of_share(text_before: str, number: StatedNumber, language: str) -> bool:
    """Tell whether a number is the whole of a share: “three out of five”."""
    share = _patterns(language).share.search(text_before)
    return share is not None and (number.value or 0) <= _LARGEST_OF_SHARE and _is_count(share[1], language)


def is_multiplied(text_before: str, language: str) -> bool:
    """Tell whether the amount after `text_before` is multiplied or divided by the words at its end: “twice”, “3 times”."""
    patterns = _patterns(language)
    if patterns.multiple.search(text_before) or _TIMES_SIGN.search(text_before):
        return True
    times = patterns.times.search(text_before)
    return times is not None and _is_count(times[1], language)


def _is_count(word: str, language: str) -> bool:
    return word.isdigit() or word.lower() in vocabulary_of(language).share_counts or _is_numeral(word, language)


def _is_numeral(word: str, language: str) -> bool:
    return NumeralReader("", vocabulary_of(language).numbers).is_numeral(word)
