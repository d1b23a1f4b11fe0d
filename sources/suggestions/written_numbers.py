"""The grammar of numbers: digits, words, scales, halves, and open quantities (“dozens of”), in the languages that are read.

A number is read whole or not at all: where digits, numerals or scales that are not understood stand beside it, there is none.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from sources.suggestions.amount_vocabulary import NumberVocabulary, vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP
from sources.suggestions.amount_vocabulary.language_free import ABBREVIATIONS, SCALES
from sources.suggestions.digit_notations import RUN, Notation, read_notation
from sources.suggestions.numerals import LETTERS, NEXT_WORD, NumberPart, NumeralReader, longest_entry, plain_word

__all__ = ["WORD_GAP", "StatedNumber", "number_starts", "read_number", "skip_numerals"]

# The limits of a Measure: eighteen digits before the point, two after it.
_LIMIT = 10**18
_CENT = Decimal("0.01")
_HALF = Decimal("0.5")
_LARGE = 10**6

_WORD = re.compile(LETTERS)
_ATTACHED_WORD = re.compile(rf"(?:[-‐‑]|{WORD_GAP})?({LETTERS})")
_ATTACHED_LETTERS = re.compile(r"[A-Za-z]{1,3}(?![\w])")
_MONEY_LETTERS = re.compile(r"[^\S\n]?([A-Z][a-z]{0,2}|k)[^\S\n]?(?=[€$£₴]|(?:EUR|USD|GBP|CHF|PLN|UAH)\b)")
_GAP = re.compile(WORD_GAP)
_CALIBRE = re.compile(r"\d{2,3}[-‐‑ \u00a0]?(?:mm\b|мм\b|millim|milim|мілім)")
_GLUED = re.compile(r"[:/'’]\w|[.,]\d")
# Of a currency, right before its digits: EUR40.
_CODE = re.compile(r"[A-Z]{3}|Rs")
_STARTS = re.compile(rf"(?<!\w)(?:\d|{LETTERS})")


class StatedNumber(NamedTuple):
    """Number in a text and the offset where it ends.

    `value` is None if the source leaves it open; `is_small_word`: written as a word, below ten, without scale.
    """

    value: Decimal | None
    end: int
    scale: int = 1
    is_small_word: bool = False
    has_plus: bool = False
    notation: Notation | None = None
    """Its digits; None for words."""
    has_letter_scale: bool = False
    """A scale by one letter, “5m”, which may as well be a unit."""
    needs_qualifier: bool = False
    """Only a scale, in a form that needs a qualifier before it."""

    @property
    def is_whole(self) -> bool:
        """Tell whether it is open or has no fraction."""
        return self.value is None or self.value == self.value.to_integral()


def number_starts(text: str, language: str) -> Iterator[int]:
    """Yield the offsets at which a number may start, in order."""
    starts = _start_words(language)
    compound = vocabulary_of(language).numbers.compound
    prefixes = tuple(vocabulary_of(language).numbers.attached_shares)
    for match in _STARTS.finditer(text):
        word = plain_word(match.group())
        if word[0].isdigit() or word in starts or compound(word) is not None or (prefixes and word.startswith(prefixes)):
            yield match.start()
        elif "'" in word and word.partition("'")[2] in starts:
            # French elision: d'un million.
            yield match.start() + word.index("'") + 1
        if text[match.end() : match.end() + 1].isdigit() and _CODE.fullmatch(match.group()):
            yield match.end()


@lru_cache(maxsize=16)
def _start_words(language: str) -> frozenset[str]:
    numbers = vocabulary_of(language).numbers
    first = {words[0] for words in (*numbers.names, *numbers.shares)}
    opening = set(re.findall(r"[^\W\d_]{2,}|(?<=\b)[^\W\d_](?=n\?)", numbers.open_number.casefold()))
    return frozenset(first | set(numbers.hundreds) | numbers.articles | numbers.bare_scales | numbers.limited_scales | opening)


@lru_cache(maxsize=16)
def _open_number(language: str) -> re.Pattern[str]:
    return re.compile(vocabulary_of(language).numbers.open_number, re.IGNORECASE)


def read_number(text: str, offset: int, language: str = "en", *, is_limited: bool = False) -> StatedNumber | None:
    """Return the number that starts at `offset`, or None. It has at most two decimal places, like a Measure.

    `is_limited`: what limits a number stands before it, so that `тисячі` is one thousand (“до тисячі”) and not thousands.
    """
    reader = _NumberReader(text, vocabulary_of(language).numbers)
    if is_limited and reader.numerals.first_word(offset) in reader.vocabulary.limited_scales:
        return reader.read(offset)
    if not text[offset : offset + 1].isdigit() and (open_number := _open_number(language).match(text, offset)):
        number = StatedNumber(None, open_number.end())
        return None if reader.is_followed_by_numeral(number.end) else number
    return reader.read(offset)


def skip_numerals(text: str, offset: int, language: str) -> int:
    """Return where the digits, numerals and scales end that follow each other from `offset` on."""
    return _NumberReader(text, vocabulary_of(language).numbers).skip(offset)


def is_numeral_at(text: str, offset: int, language: str) -> bool:
    """Tell whether digits or a numeral stand at `offset`, rather than an article or the like."""
    word = _WORD.match(text, offset)
    return word is None or NumeralReader(text, vocabulary_of(language).numbers).is_numeral(word.group())


class _NumberReader:
    """Reads numbers at places of one text, by one vocabulary."""

    def __init__(self, text: str, vocabulary: NumberVocabulary):
        self.text = text
        self.vocabulary = vocabulary
        self.numerals = NumeralReader(text, vocabulary)

    def read(self, offset: int) -> StatedNumber | None:
        part = self._read_part(offset, is_first=True)
        if part is None:
            return None
        total, scale, end = Decimal(0), 0, offset
        first, letter_scale = part, False
        largest = 1
        while part:
            value, factor, end, by_letter = self._scale(part)
            if factor == 0:
                return None
            letter_scale = letter_scale or by_letter
            if scale and value >= scale:
                return None
            total, largest, scale = total + value, max(largest, factor), factor
            if factor < 1000 or by_letter or (first.notation and first.notation.has_fraction):
                break
            part = self._read_part(self._skip_join(end, factor), is_first=False)
            if part and (part.is_bare or not self._may_continue(part, factor)):
                part = None
        if self.is_followed_by_numeral(end) or not self._fits_notation(first.notation, largest):
            return None
        stored = _storable_value(total)
        if stored is None:
            return None
        end += self.text.startswith("+", end)
        is_small_word = not first.notation and stored < 10 and largest == 1
        needs_qualifier = first.is_bare and self.numerals.first_word(offset) in self.vocabulary.limited_scales
        return StatedNumber(
            stored, end, largest, is_small_word, "+" in self.text[offset:end], first.notation, letter_scale, needs_qualifier
        )  # fmt: skip

    # Parts

    def _read_part(self, offset: int, *, is_first: bool) -> NumberPart | None:
        """Return figures or words for a number below a scale; those that are not first stand after a space."""
        start = offset
        if not is_first:
            gap = _GAP.match(self.text, offset)
            start = gap.end() if gap else offset
        if digits := RUN.match(self.text, start):
            if not is_first and start == offset:
                return None
            notation = read_notation(digits.group(), self.vocabulary.decimal_mark)
            return NumberPart(notation.value, digits.end(), notation) if notation else None
        return self.numerals.read_words(offset, is_first)

    def _may_continue(self, part: NumberPart, scale: int) -> bool:
        """Tell whether digits after a scale are more of the number, and no day or year: 2 million 300,000, 5 тисяч 300."""
        if not part.notation:
            return True
        has_scale = self._scale(part)[1] > 1
        is_plain = part.notation.value < 10**4 and not part.notation.has_plain_space
        return has_scale or not is_plain or (scale == 1000 and 100 <= part.notation.value < 1000)

    def _scale(self, part: NumberPart) -> tuple[Decimal, int, int, bool]:
        """Return a part times the scales after it, these, where they end, and whether they are one letter. No scale is 1."""
        value, end, last = part.value, part.end, part.scale
        if part.notation:
            end += self.text.startswith("+", end)
            if letters := self._read_letters(end):
                return value * letters[0], *letters
        half_end = self.numerals.skip_half(end, value)
        value, end = (value + _HALF, half_end) if half_end else (value, end)
        product = 1
        pattern = _ATTACHED_WORD if (part.notation and not half_end) or part.is_bare else NEXT_WORD
        while word := pattern.match(self.text, end):
            scale = self.vocabulary.scales.get(plain_word(word[1])) or SCALES.get(plain_word(word[1]), 0)
            if scale <= last:
                break
            product, last, end, pattern = product * scale, scale, word.end(), NEXT_WORD
            end += self._full_stop(word[1], end)
        if part.is_share and last == 1:
            return value, 0, end, False
        if last > 1 and not half_end and not part.is_share and (half_end := self.numerals.skip_half(end, value)):
            value, end = value + _HALF, half_end
        return value * product, product * part.scale, end, False

    def _full_stop(self, scale: str, offset: int) -> int:
        """Return the length, 1 or 0, of the full stop at `offset` after a `scale`, if that is an abbreviation."""
        is_stop = self.text.startswith(".", offset) and not self.text.startswith("..", offset)
        return int(is_stop and plain_word(scale) in ABBREVIATIONS)

    def _read_letters(self, offset: int) -> tuple[int, int, bool] | None:
        if money := _MONEY_LETTERS.match(self.text, offset):
            scale = self.vocabulary.money_scales.get(money[1])
            return (scale, money.end(1), False) if scale else None
        letters = _ATTACHED_LETTERS.match(self.text, offset)
        scale = self.vocabulary.attached_scales.get(letters.group()) if letters else None
        return (scale, letters.end(), len(letters.group()) == 1) if letters and scale else None

    def _skip_join(self, offset: int, factor: int) -> int:
        words = self.numerals.words_at(offset, separated=True)
        is_joined = len(words) > 1 and factor == 1000 and words[0][0] in self.vocabulary.joins
        return words[0][1] if is_joined and longest_entry(self.vocabulary.names, words[1:]) else offset

    # What stands around

    def is_followed_by_numeral(self, offset: int) -> bool:
        """Tell whether more of a number follows that does not belong to the one that ends at `offset`."""
        text = self.text
        if text[offset : offset + 1].isalnum() or _GLUED.match(text, offset):
            return True
        gap = _GAP.match(text, offset)
        if gap and text[gap.end() : gap.end() + 1].isdigit():
            return not _CALIBRE.match(text, gap.end())
        word = NEXT_WORD.match(text, offset)
        return bool(word) and self.numerals.is_numeral(word[1])  # type: ignore[index]

    def skip(self, offset: int) -> int:
        """Return where numerals end that follow each other from `offset`, at least one."""
        digits = RUN.match(self.text, offset)
        word = _WORD.match(self.text, offset)
        if word and not self.numerals.is_numeral(word.group()):
            return word.end()
        end = digits.end() if digits else word.end() if word else offset + 1
        while True:
            gap = _GAP.match(self.text, end)
            if gap and (digits := RUN.match(self.text, gap.end())):
                end = digits.end()
            elif (
                (word := _ATTACHED_WORD.match(self.text, end))
                and self.numerals.is_numeral(word[1])
                or (
                    word
                    and word[1].lower() in self.vocabulary.joins
                    and (word := NEXT_WORD.match(self.text, word.end()))
                    and self.numerals.is_numeral(word[1])
                )
            ):
                end = word.end() + self._full_stop(word[1], word.end())
            elif half_end := self.numerals.skip_half(end, Decimal(1)):
                end = half_end
            else:
                return end

    def _fits_notation(self, notation: Notation | None, scale: int) -> bool:
        if notation is None:
            return True
        if notation.needs_scale and scale < _LARGE:
            return False
        # Some write 1.125 for a fraction in languages whose mark is the comma.
        return not (notation.bars_scale and scale > 1 and not self.vocabulary.has_dot_groups)


def _storable_value(value: Decimal) -> Decimal | None:
    return value if value < _LIMIT and value == value.quantize(_CENT) else None
