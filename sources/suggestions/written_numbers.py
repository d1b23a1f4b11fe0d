"""Numbers as newspapers write them: digits, words, scales, halves, and open quantities (“dozens of”)."""

import re
from decimal import Decimal
from typing import NamedTuple

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: number for number, word in enumerate(_ONES + _TEENS, 1)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {
    "k": 10**3,
    **dict.fromkeys(("m", "mn", "mln", "mil"), 10**6),
    **dict.fromkeys(("b", "bn", "bln"), 10**9),
    **dict.fromkeys(("t", "tn", "trn"), 10**12),
}
# The limits of a Measure: eighteen digits before the point, two after it.
_LIMIT = 10**18
_CENT = Decimal("0.01")

_SPACE = r"[^\S\n]*(?:\n[^\S\n]*)?"
WORD_GAP = r"(?:[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)"
"""Pattern for the space between the words of a phrase: at most one line break, so no blank line."""

_SEP = rf"(?:[-‐‑]|{WORD_GAP})"
_TENS_AND_ONES = rf"(?:{'|'.join(_TENS)})(?:{_SEP}(?:{'|'.join(_ONES)})\b)?|(?:{'|'.join(_TEENS + _ONES)})"
_SCALE = r"(?:hundred|thousand|million|billion|trillion)"
_UNSTATED = (
    "unspecified|undisclosed|unknown|unstated|undetermined|significant|large|small|limited|growing|substantial|considerable|"
    "huge|vast"
)
_BIG = r"(?:million|billion|trillion)"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,19}(?!\d))(?:\.\d{1,6}(?!\d))?"

_SPELT = re.compile(
    rf"(?:(?P<half>half{WORD_GAP}an?{WORD_GAP}|an?{WORD_GAP}half{_SEP}|half{_SEP})(?P<half_scale>{_SCALE}|dozen)s?\b"
    rf"|(?P<quarter>(?:an?|one){_SEP}quarter|three{_SEP}quarters){WORD_GAP}of{WORD_GAP}an?{WORD_GAP}(?P<quarter_scale>{_SCALE})\b"
    rf"|(?P<and_half>an?|{_TENS_AND_ONES})(?:{WORD_GAP}(?P<first_scale>{_BIG}))?{WORD_GAP}and{WORD_GAP}a{WORD_GAP}half\b"
    rf"(?:{_SEP}(?P<last_scale>{_SCALE})\b)?"
    rf"|(?P<words>(?:an?(?={WORD_GAP}(?:{_SCALE}|dozen)\b)|(?:{_TENS_AND_ONES})\b)"
    rf"(?:{_SEP}(?:hundred|thousand)\b(?:(?:{WORD_GAP}and)?{WORD_GAP}(?:{_TENS_AND_ONES})\b)?|{_SEP}{_BIG}\b|{_SEP}dozen\b)*))",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<plus>\+)?"
    rf"(?:(?P<short>mln|mil|mn|bn|bln|trn|tn|[kmbt])\b|(?:[-‐‑]|{_SPACE})(?P<scale>{_SCALE}|dozen)\b"
    rf"|[^\S\n](?P<spaced>bn|mn|mln)\b)?"
    rf"(?P<after>\+)?",
    re.IGNORECASE,
)
_OPEN = re.compile(
    rf"(?:(?:several|a{WORD_GAP}few|many){WORD_GAP})?(?:tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    rf"(?:{WORD_GAP}of{WORD_GAP}(?:hundreds|thousands|millions|billions|trillions))*{WORD_GAP}of\b"
    rf"|(?:several|a{WORD_GAP}few|many|a{WORD_GAP}couple(?:{WORD_GAP}of)?){WORD_GAP}(?P<scale>dozen|{_SCALE})\b(?:{WORD_GAP}of\b)?"
    rf"|an?{WORD_GAP}(?:{_UNSTATED}){WORD_GAP}(?:number|amount|sum|quantity){WORD_GAP}of\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+")

NUMBER_START = (
    rf"\d|an?{WORD_GAP}(?:half|quarter|few|couple|{_UNSTATED}|dozen|{_SCALE})\b"
    rf"|(?:half|several|many|tens|dozens|scores|hundreds|thousands|millions|billions|trillions|{'|'.join(_SMALL)})\b"
)
"""Pattern for where a number may start; many matches are not numbers."""


class StatedNumber(NamedTuple):
    """Number in a text and the offset where it ends.

    `value` is None if the source leaves it open; `is_small_word`: written as a word, below ten, without scale.
    """

    value: Decimal | None
    end: int
    scale: int = 1
    is_small_word: bool = False
    has_plus: bool = False


def read_number(text: str, offset: int) -> StatedNumber | None:
    """Return the number that starts at `offset`, or None. It has at most two decimal places, like a Measure."""
    if figures := _FIGURES.match(text, offset):
        return _number_from_figures(figures)
    if left_open := _OPEN.match(text, offset):
        return StatedNumber(None, left_open.end())
    spelt = _SPELT.match(text, offset)
    return _number_from_words(spelt) if spelt else None


def _number_from_figures(match: re.Match) -> StatedNumber | None:
    end = match.end()
    if match.string[end : end + 1].isalnum() and not (match["short"] or match["scale"] or match["spaced"]):
        return None
    short = (match["short"] or match["spaced"] or "").lower()
    scale = _SHORT_SCALES.get(short) or _SCALES.get((match["scale"] or "").lower(), 1)
    value = _storable_value(Decimal(match["digits"].replace(",", "")) * scale)
    if value is None:
        return None
    return StatedNumber(value, end, scale, has_plus=bool(match["plus"] or match["after"]))


def _number_from_words(match: re.Match) -> StatedNumber | None:
    half, quarter, whole = match["half"], match["quarter"], match["and_half"]
    scale = _SCALES.get(
        (match["half_scale"] or match["quarter_scale"] or match["first_scale"] or match["last_scale"] or "").lower(), 1
    )
    if half:
        value = Decimal(scale) / 2
    elif quarter:
        value = Decimal(scale) / 4 * (3 if quarter[0] in "tT" else 1)
    elif whole:
        value = (Decimal(_sum_spelt_words(whole) or 1) + Decimal("0.5")) * scale
    else:
        value = Decimal(_sum_spelt_words(match["words"]))
        last = _WORD.findall(match["words"].lower())[-1]
        scale = _SCALES.get(last, 1)
    stored = _storable_value(value)
    return None if stored is None else StatedNumber(stored, match.end(), scale, is_small_word=value < 10 and scale == 1)


def _sum_spelt_words(words: str) -> int:
    """Return the number stated by words such as “two hundred and five thousand”."""
    total = current = 0
    for word in _WORD.findall(words.lower()):
        scale = _SCALES.get(word, 0)
        if scale >= 1000:
            total, current = total + (current or 1) * scale, 0
        elif scale:
            current = (current or 1) * scale
        else:
            current += _SMALL.get(word, 0)
    return total + current


def _storable_value(value: Decimal) -> Decimal | None:
    return value if value < _LIMIT and value == value.quantize(_CENT) else None
