"""Units of amounts: the currency, percent, persons or things that a number states."""

import re
from functools import lru_cache
from typing import NamedTuple

from entities.vocabulary import MeasureKind
from sources.suggestions import counted_nouns, currencies, nouns_by_ending
from sources.suggestions.amount_vocabulary import language_free, vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP
from sources.suggestions.numerals import plain_word
from sources.suggestions.written_numbers import StatedNumber

_GAP = re.compile(WORD_GAP)
_FOREIGN_SCALE = re.compile(language_free.FOREIGN_SCALE)
_GLUED = re.compile(r"[\w_]|[-‐‑][^\W_]|[:/]\w|[.,]\d")
_OTHER_CURRENCY = re.compile(rf"{WORD_GAP}(?:{language_free.OTHER_CURRENCY})\b", re.IGNORECASE)
_SPACED_LETTER = re.compile(r"[^\S\n](?:[KMBT]|MM|m[in]?|b[in])\b")
_MEASUREMENT = re.compile(
    rf"{WORD_GAP}(?:[mck]m|m|ft|in|kg|g|mg|t|lb|lbs|oz|l|ml|[kMG]W|[kMG]Wh|[kMGT]B|км|м|см|мм|кг|г|мг|т|л|мл|км/год|[кМГ]?Вт(?:[·⋅]?год)?|[кМГ]?Гц|[КМГТ]Б|mph|kph|Hz|[kMG]Hz|mi|sq|°\w)\b"
)
_SUBUNIT = re.compile(
    rf"(?:{WORD_GAP}(?:and|und|et|i|і|й|та))?{WORD_GAP}\d{{1,2}}"
    rf"(?:{WORD_GAP}(?:cents?|centimes?|pence|p|gr|groszy|grosze|коп\w*|öre|øre)\b|(?!\d|[.,:/]\d|\s?%|{WORD_GAP}\w))",
    re.IGNORECASE,
)
_WORD = re.compile(rf"{WORD_GAP}([^\W\d_]+)")
_WORD_AND_NUMBER = re.compile(rf"{WORD_GAP}\w{{1,5}}{WORD_GAP}(?:[€$£]|[A-Z]{{3}})?[^\S\n]?\d")


class MeasuredUnit(NamedTuple):
    """Unit of a number: what it measures, where the words for it end, and how sure that is."""

    kind: MeasureKind
    name: str
    end: int
    score: float
    reason: str = ""


class _Patterns(NamedTuple):
    """Patterns of percent and groups in one language."""

    percent: re.Pattern[str]
    product: re.Pattern[str]
    strong: re.Pattern[str]
    scale_link: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(language: str) -> _Patterns:
    vocabulary = vocabulary_of(language)
    percent = re.compile(
        rf"(?:\s?%(?!\w|[-‐‑][^\W\d])|\s?(?P<points_sign>%[-‐‑]Punkten?\b)"
        rf"|(?:[-‐‑]|{WORD_GAP})(?P<points>{vocabulary.percentage_points})(?!\w)"
        rf"|(?:[-‐‑]|{WORD_GAP})(?:{vocabulary.percent})(?!\w|[-‐‑](?!points?\b)\w))(?P<more_points>(?:age)?[-‐‑\s]points?\b)?",
        re.IGNORECASE,
    )
    return _Patterns(
        percent,
        re.compile(vocabulary.product),
        re.compile(vocabulary.nouns.strong),
        re.compile(vocabulary.numbers.scale_link),
    )


def read_unit(text: str, offset: int, number: StatedNumber, currency: str, language: str) -> MeasuredUnit | None:
    """Return the unit of a number after which the next words stand at `offset`; `currency` is that of a sign before it.

    None if there is none, if it cannot be told, or if the number cannot be of it.
    """
    unit = _read_currency(text, offset, number, currency, language) if currency else _read_words(text, offset, number, language)
    return unit if unit and _fits(number, unit) else None


def _read_words(text: str, offset: int, number: StatedNumber, language: str) -> MeasuredUnit | None:
    patterns = _patterns(language)
    if percent := patterns.percent.match(text, offset):
        return _read_percent(text, percent, patterns, language)
    link = patterns.scale_link.match(text, offset) if number.value is None or number.scale >= 1000 else None
    # The word after the link begins where a word after a space would.
    word_start = link.end() if link else offset
    money_start = word_start if link and text[word_start - 1] in "'’" else word_start - 1 if link else offset
    if money := currencies.currency_after(text, money_start, language, number.scale):
        if _goes_on(text, money[1], number.scale, language):
            return None
        return MeasuredUnit(MeasureKind.MONEY, money[0], money[1], 0.95, f"the words after it mean {money[0]}")
    if strong := patterns.strong.match(text, offset):
        return MeasuredUnit(MeasureKind.HEADCOUNT, "person", strong.end(), 0.85, "the members of a group")
    if not language or _MEASUREMENT.match(text, offset):
        return None
    score = 0.6 if number.is_small_word else 0.7 if number.value is None else 0.85
    noun = _read_noun(text, offset, word_start if link else None, number, language)
    if noun is None:
        return None
    if currencies.currency_after(text, noun.end, language, number.scale):
        # What stands before a currency is a scale that is not understood: “1,5 mdl zł”.
        return None
    # Two forces are organisations, forty thousand forces are soldiers.
    are_soldiers = noun.unit.lower().endswith("force") and (number.value is None or number.value >= 1000)
    if noun.is_people or are_soldiers:
        return MeasuredUnit(MeasureKind.HEADCOUNT, "person", noun.end, score)
    return MeasuredUnit(MeasureKind.ITEMS, noun.unit, noun.end, score)


def _read_noun(
    text: str, offset: int, word_start: int | None, number: StatedNumber, language: str
) -> counted_nouns.CountedNoun | None:
    if language == "en":
        return counted_nouns.read_counted_noun(text, offset, singular=number.value == 1)
    if word_start is None:
        gap = _GAP.match(text, offset)
        word_start = gap.end() if gap else None
    return None if word_start is None else nouns_by_ending.read_noun(text, word_start, number, language)


def _read_percent(text: str, percent: re.Match, patterns: _Patterns, language: str) -> MeasuredUnit:
    if percent["points"] or percent["points_sign"] or percent["more_points"]:
        return MeasuredUnit(MeasureKind.PERCENT, "percentage point", percent.end(), 0.9)
    if product := patterns.product.match(text, percent.end()):
        groups = product.groupdict()
        name = groups.get("short") or product.lastgroup or "GDP"
        return MeasuredUnit(MeasureKind.PERCENT, f"percent of {name}", product.end(), 0.95)
    return MeasuredUnit(MeasureKind.PERCENT, "percent", percent.end(), 0.9)


def _read_currency(text: str, offset: int, number: StatedNumber, currency: str, language: str) -> MeasuredUnit | None:
    """Return the unit of a number after the sign of `currency`; None if what follows speaks against it."""
    after = currencies.currency_after(text, offset, language, number.scale)
    if after and after[0] != currency:
        if currency != "USD" or not currencies.is_dollar(after[0]):
            return None
        currency, offset = after
    elif after:
        offset = after[1]
    elif currency == "USD":
        currency, offset = currencies.resolve_dollars(text, offset)
    if (
        _goes_on(text, offset, number.scale, language)
        or _GLUED.match(text, offset)
        or _OTHER_CURRENCY.match(text, offset)
        or _SPACED_LETTER.match(text, offset)
    ):
        return None
    if not language and (_follows_unknown_script(text, offset) or _WORD_AND_NUMBER.match(text, offset)):
        return None
    return MeasuredUnit(MeasureKind.MONEY, currency, offset, 0.95, f"the sign before it means {currency}")


def _goes_on(text: str, offset: int, scale: int, language: str) -> bool:
    """Tell whether an amount of money goes on after its currency: with a scale, “5 € millions”, or “5 zł 50 gr”."""
    word = _WORD.match(text, offset)
    is_scale = word and (
        plain_word(word[1]) in vocabulary_of(language).numbers.scales or _FOREIGN_SCALE.fullmatch(word[1].lower())
    )
    return bool(is_scale or _SPACED_LETTER.match(text, offset) or (scale == 1 and _SUBUNIT.match(text, offset)))


def _follows_unknown_script(text: str, offset: int) -> bool:
    """Tell whether a word follows in whose script scales would not be known as such."""
    gap = _GAP.match(text, offset)
    letter = text[gap.end() : gap.end() + 1] if gap else ""
    return letter.isalpha() and letter > "ӿ"


def _fits(number: StatedNumber, unit: MeasuredUnit) -> bool:
    """Tell whether a number as it is written can be one of the unit."""
    notation = number.notation
    if notation and notation.needs_rupees and unit.name != "INR":
        return False
    if unit.kind == MeasureKind.HEADCOUNT and not number.is_whole:
        return False
    if unit.kind == MeasureKind.ITEMS:
        has_foreign_mark = notation is not None and notation.has_foreign_mark and number.scale == 1
        return not number.has_letter_scale and not has_foreign_mark
    if unit.kind == MeasureKind.PERCENT:
        return not number.has_letter_scale and number.scale == 1
    return True
