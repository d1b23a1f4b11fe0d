"""What stands around a number and makes it none: addresses, names, dates, footnotes, phone numbers, parts of other numbers."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sources.suggestions.amount_vocabulary import vocabulary_of
from sources.suggestions.amount_vocabulary.language_free import FOREIGN_SCALE, MODELS
from sources.suggestions.numerals import NumeralReader, is_misspelt_numeral
from sources.suggestions.written_numbers import StatedNumber

_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_TOKEN = re.compile(r"\S+")
_ADDRESS = re.compile(r"://|@|www\.|%[0-9A-Fa-f]{2}\w|\w\.[a-z]{2,}/")
_GLUED_BEFORE = re.compile(
    r"(?:[-−‐‑+#№§°^=\\@&*/_.,]|(?:[~<>≈±≥≤]|\+/[-−–])[^\S\n]?)\Z|\w[-‐‑–./,:'’·⁄∕\u00ad\u200b-\u200f\u2060\ufeff]\Z"
)
_DIGIT_BEFORE = re.compile(r"[\d%][^\S\n]?\Z")
_ELISION = re.compile(r"(?<!\w)(?:[dDlL]|[qQ]u|[jJ]usqu)['’]\Z")
_OPEN_DIGITS_BEFORE = re.compile(r"(?<!\d)\d{1,3}[.,][^\S\n]\Z")
_THREE_DIGITS = re.compile(r"\d{3}(?!\d)")
_MODEL_BEFORE = re.compile(r"(?<!\w)([^\W\d_]\w*)[^\S\n]\Z")
_MODELS = re.compile(MODELS)
_WORD_BEFORE = re.compile(r"(?<!\w)(\w{2,})\.?[^\S\n]\Z")
_NUMERAL_BEFORE = re.compile(r"(?<![\w-])([^\W\d_]{4,}(?:['’ʼ][^\W\d_]+)?)[-‐‑\s]\Z")
_FOREIGN_SCALE = re.compile(FOREIGN_SCALE)
_MINUS = re.compile(r"(?<!\w)(?:minus|мінус|(?<!au )(?<!au\u00a0)moins)\s+\Z", re.IGNORECASE)
_ANY_WORD_BEFORE = re.compile(r"(?<![\w'’ʼ])((?:[^\W\d_]+['’ʼ])?[^\W\d_]+)\.?[^\S\n]?\Z")
_SHARE = re.compile(r"\b(?:one|two|three|four|\d+)\s+(?:in|out\s+of)\s+(?:every\s+)?\Z")
_FOOTNOTE = re.compile(r"\d{1,3}\s+[^\W\d_a-zà-ÿа-яіїєґ]")
_NUMBER_WORD_BEFORE = re.compile(r"\d[%\w.,]*\s+\w{1,5}\s+\Z")


@lru_cache(maxsize=16)
def _labels(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<!\w)(?:{vocabulary_of(language).labels})|[#№]|(?<!\w)[nN][º°])\s*\Z")


@lru_cache(maxsize=16)
def _month_before(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{vocabulary_of(language).months})\s+\Z", 0 if language == "en" else re.IGNORECASE)


@lru_cache(maxsize=16)
def _month_after(language: str) -> re.Pattern[str]:
    return re.compile(rf"\s+(?:of\s+|de\s+)?(?:{vocabulary_of(language).months})", 0 if language == "en" else re.IGNORECASE)


@lru_cache(maxsize=16)
def _year_context(language: str) -> re.Pattern[str]:
    vocabulary = vocabulary_of(language)
    return re.compile(rf"(?:\b(?:{vocabulary.year_words})|\b(?:{vocabulary.months})|,)\s+\Z", re.IGNORECASE)


def address_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of web and mail addresses in `text`, in order."""
    for token in _TOKEN.finditer(text):
        if _ADDRESS.search(text, token.start(), token.end()):
            yield token.span()


def is_glued(text: str, offset: int, language: str) -> bool:
    """Tell whether what stands before `offset` belongs to the digits or word there, so that they are no number by themselves."""
    if language == "fr" and _ELISION.search(text, max(0, offset - 7), offset):
        return False
    if _GLUED_BEFORE.search(text, max(0, offset - 4), offset):
        return True
    text_before = text[max(0, offset - 40) : offset]
    word = _WORD_BEFORE.search(text_before)
    if word and _FOREIGN_SCALE.fullmatch(word[1].lower()):
        return True
    if not language and _NUMBER_WORD_BEFORE.search(text_before):
        return True
    if not text[offset].isdigit():
        before = _NUMERAL_BEFORE.search(text_before)
        return bool(before) and is_misspelt_numeral(before[1], language)  # type: ignore[index]
    if _OPEN_DIGITS_BEFORE.search(text_before) and _THREE_DIGITS.match(text, offset):
        return not _month_before(language).search(_OPEN_DIGITS_BEFORE.sub("", text_before))
    return False


def belongs_to_number_before(text: str, offset: int, language: str) -> bool:
    """Tell whether the sign of a currency at `offset` may be that of a number before it: “276 USD 5”."""
    year = text[max(0, offset - 5) : offset].rstrip()
    if len(year) == 4 and year_end(text, offset - 5, language):
        return False
    if is_glued(text, offset, language) or _DIGIT_BEFORE.search(text, max(0, offset - 2), offset):
        return True
    word = _ANY_WORD_BEFORE.search(text[max(0, offset - 40) : offset])
    if not word:
        return False
    return is_misspelt_numeral(word[1], language) or NumeralReader("", vocabulary_of(language).numbers).is_numeral(word[1])


def year_end(text: str, offset: int, language: str) -> int:
    """Return where a year ends at `offset` that is surely one, by the words before it; 0 if none is."""
    year = _YEAR.match(text, offset)
    return year.end() if year and _year_context(language).search(text, max(0, offset - 40), offset) else 0


def follows_month(text: str, offset: int, language: str) -> bool:
    """Tell whether the name of a month stands right before `offset`."""
    return bool(_month_before(language).search(text, max(0, offset - 30), offset))


def precedes_month(text: str, offset: int, language: str) -> bool:
    """Tell whether the name of a month follows at `offset`."""
    return bool(_month_after(language).match(text, offset))


def is_year(text: str, start: int, end: int) -> bool:
    """Tell whether a number is written as a year is."""
    return bool(_YEAR.fullmatch(text, start, end))


def is_part_of_name(text: str, text_before: str, offset: int, number: StatedNumber, language: str) -> bool:
    """Return whether a number is part of a name or a date, a footnote or a share, and so not an amount."""
    if _labels(language).search(text_before) or (language == "en" and _SHARE.search(text_before)):
        return True
    if _MINUS.search(text_before):
        return True
    model = _MODEL_BEFORE.search(text_before)
    if model and not model[1][0].islower() and _MODELS.fullmatch(model[1].lower()):
        return True
    if language == "uk" and model and model[1].isascii() and number.notation and number.scale == 1:
        return True
    if text_before.endswith("\n") and number.scale == 1 and _FOOTNOTE.match(text, offset):
        return language != "de" or number.value is None or number.value < 100
    if number.value is None or number.scale > 1:
        return False
    has_day = (number.value <= 31 and number.is_whole) or bool(number.notation and number.notation.has_plain_space)
    return has_day and (
        follows_month(text, offset, language) or (number.value <= 31 and precedes_month(text, number.end, language))
    )
