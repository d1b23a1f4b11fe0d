"""Ranges of numbers, “5 to 7 billion”, “від 5 до 7”, and changes, which are none: “rose from 20 to 40”."""

import re
from functools import lru_cache
from typing import NamedTuple

from entities.vocabulary import MeasureKind
from sources.suggestions import currencies, number_surroundings
from sources.suggestions.amount_units import MeasuredUnit, read_unit
from sources.suggestions.amount_vocabulary import vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP
from sources.suggestions.written_numbers import StatedNumber, read_number

_DASH = re.compile(r"\s?[-‐‑–—]\s?(?=\d|[A-Z.]{0,4}[€$£¥₴₽₺₹₩₪]\s?\d|[A-Z]{2,3}\s?\d)")
_SIGN = re.compile(r"(?:[A-Z.]{0,4}[$€£¥₴₽₺₹₩₪]|[A-Z]{3})[^\S\n]?(?=\d)")


class FoundRange(NamedTuple):
    """Both ends of a range and its unit, None if what looks like a range is not understood.

    `length_before` is the number of characters that its opening word (“between”) takes.
    """

    lower: StatedNumber
    upper: StatedNumber
    unit: MeasuredUnit | None
    length_before: int = 0


class _Patterns(NamedTuple):
    """Patterns of the ranges of one language."""

    joiner: re.Pattern[str]
    opened: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    change: re.Pattern[str]
    percent_change: re.Pattern[str]
    change_to: re.Pattern[str]
    change_target: re.Pattern[str]
    changed_number: re.Pattern[str]


@lru_cache(maxsize=16)
def _patterns(language: str) -> _Patterns:
    vocabulary = vocabulary_of(language)
    return _Patterns(
        _between_gaps(vocabulary.range_words),
        tuple((re.compile(opening), _between_gaps(joiner)) for opening, joiner in vocabulary.opened_ranges),
        re.compile(vocabulary.change, re.IGNORECASE),
        re.compile(vocabulary.percent_change, re.IGNORECASE),
        _between_gaps(vocabulary.change_to),
        re.compile(vocabulary.change_target, re.IGNORECASE),
        re.compile(rf"\d[\d.,\u00a0 ]*(?:\s?%|(?:{WORD_GAP}[^\W\d_]+){{0,2}}){WORD_GAP}(?:{vocabulary.change_to})\s+$"),
    )


def _between_gaps(words: str) -> re.Pattern[str]:
    return re.compile(rf"{WORD_GAP}(?:{words.replace(' ', WORD_GAP)}){WORD_GAP}")


def read_range(text: str, text_before: str, number: StatedNumber, currency: str, language: str) -> FoundRange | None:
    """Return the range that starts with `number`, after a sign of `currency` if that is not ''; None if there is none."""
    if number.value is None:
        return None
    patterns = _patterns(language)
    opening, joiners = None, [patterns.joiner]
    for opener, joiner in patterns.opened:
        if found := opener.search(text_before):
            opening = found
            joiners.append(joiner)
    own_unit = read_unit(text, number.end, number, currency, language)
    is_percent_or_money = own_unit is not None and own_unit.kind.value in ("percent", "money")
    for offset in dict.fromkeys((number.end, own_unit.end if own_unit and is_percent_or_money else number.end)):
        is_repeated = offset != number.end and not currency and own_unit is not None and own_unit.kind.value == "money"
        joined = _DASH.match(text, offset)
        if not joined:
            if patterns.change_to.match(text, offset) and patterns.change.search(text_before):
                return None
            joined = next((match for joiner in joiners[::-1] if (match := joiner.match(text, offset))), None)
        if not joined:
            continue
        # “Bis” is always a range; “to” may as well lead to somewhere else.
        if is_repeated and not opening and joined.re is not _DASH and language != "de":
            continue
        return _read_upper(text, number, currency, joined, opening, own_unit if offset != number.end else None, language)
    return None


def _read_upper(
    text: str,
    number: StatedNumber,
    currency: str,
    joined: re.Match,
    opening: re.Match | None,
    own_unit: MeasuredUnit | None,
    language: str,
) -> FoundRange | None:
    """Return the range whose upper end follows the match `joined`."""
    is_dash = joined.re is _DASH
    offset = joined.end()
    sign = _SIGN.match(text, offset)
    second_currency = currencies.currency_before(sign.group(), len(sign.group())) if sign else None
    start = sign.end() if sign and second_currency else offset
    upper = read_number(text, start, language)
    nothing = FoundRange(number, number, None)
    if upper is None and text[start : start + 1].isdigit():
        return nothing
    if upper is None or upper.value is None:
        return nothing if is_dash and not currency and not own_unit else None
    nothing = nothing._replace(upper=upper)
    if number_surroundings.precedes_month(text, upper.end, language):
        return nothing
    if second_currency and second_currency[0] != currency:
        return nothing if is_dash else None
    unit = read_unit(text, upper.end, upper, currency, language)
    lower, upper = _share_scale(number, upper)
    if unit is None or (own_unit and not currency and own_unit.name.split()[0] != unit.name.split()[0]):
        return nothing if is_dash and not own_unit else None
    if _may_lack_hundreds(lower, upper):
        return nothing
    if upper.value is None or lower.value is None or upper.value <= lower.value:
        return nothing if is_dash or opening else None
    if currency and number_surroundings.is_year(text, start, upper.end) and not second_currency:
        # “USD 20 bis 2025”.
        return nothing
    if _are_years(text, number, upper) or _may_lack_thousands(lower, upper):
        return nothing
    length = opening.end() - opening.start() if opening else 0
    return FoundRange(lower, upper, unit, length)


def opens_range(text_before: str, language: str) -> bool:
    """Return whether `text_before` ends with a word that opens a range: “between”, “від”."""
    return any(opening.search(text_before) for opening, _ in _patterns(language).opened)


def upper_start(text: str, text_before: str, offset: int, language: str) -> int | None:
    """Return where the upper end of an opened range begins whose lower end stops at `offset`; None if there is none."""
    joiners = [joiner for opening, joiner in _patterns(language).opened if opening.search(text_before)]
    joined = next((match for joiner in joiners if (match := joiner.match(text, offset))), None)
    if joined is None:
        return None
    sign = _SIGN.match(text, joined.end())
    return sign.end() if sign else joined.end()


def _are_years(text: str, lower: StatedNumber, upper: StatedNumber) -> bool:
    return all(number_surroundings.is_year(text, number.end - 4, number.end) and number.scale == 1 for number in (lower, upper))


def _may_lack_thousands(lower: StatedNumber, upper: StatedNumber) -> bool:
    """Tell whether the lower end may mean thousands, as the upper one has them: “40 to 50,000”."""
    assert lower.value is not None and upper.value is not None
    return upper.scale == 1 and lower.value < 1000 and upper.value >= 100 * lower.value and upper.value >= 10_000


def _may_lack_hundreds(lower: StatedNumber, upper: StatedNumber) -> bool:
    """Tell whether the lower end may mean hundreds, as the upper one has them: “deux ou trois cents”."""
    assert lower.value is not None and upper.value is not None
    return upper.scale == 1 and upper.notation is None and lower.value < 10 and upper.value >= 100


def _share_scale(lower: StatedNumber, upper: StatedNumber) -> tuple[StatedNumber, StatedNumber]:
    """Return both ends of a range with the scale that only its upper end states: “5 to 7 billion”."""
    if lower.value is None or upper.value is None or lower.scale > 1 or upper.scale == 1:
        return lower, upper
    scaled = lower.value * upper.scale
    return (lower._replace(value=scaled, scale=upper.scale) if scaled < upper.value else lower), upper


def begins_change(text: str, text_before: str, number: StatedNumber, language: str) -> bool:
    """Return whether `number` is what an amount was before it changed to the next one: “from 2 to 3 billion”."""
    patterns = _patterns(language)
    return bool(patterns.change_to.match(text, number.end) and patterns.change.search(text_before))


def unit_of_changed_number(text: str, text_before: str, number: StatedNumber, language: str) -> MeasuredUnit | None:
    """Return the unit of a number that changed to the next one, which alone has it: “from 20 to 40 ships”."""
    patterns = _patterns(language)
    joined = patterns.change_to.match(text, number.end)
    if not joined:
        return None
    is_change = bool(patterns.change.search(text_before))
    if not is_change and not patterns.percent_change.search(text_before):
        return None
    next_number = read_number(text, joined.end(), language)
    if next_number and next_number.scale > number.scale:
        # “From 2 to 3 billion”: the scale may be that of both.
        return None
    unit = next_number and read_unit(text, next_number.end, next_number, "", language)
    if not unit or (not is_change and unit.kind != MeasureKind.PERCENT):
        return None
    return unit._replace(end=number.end, score=0.6, reason="its unit is after the next number")


def is_end_of_change(text_before: str, unit: MeasuredUnit, language: str) -> bool:
    """Return whether `text_before` makes a number after it the end of a change, and no limit: “зросла з 5 до 7 тонн”.

    A number of percent is one without the number that it changed from, too: “знизили до 7%”.
    """
    patterns = _patterns(language)
    if unit.kind == MeasureKind.PERCENT and patterns.change_target.search(text_before):
        return True
    start = patterns.changed_number.search(text_before)
    return bool(start) and bool(patterns.change.search(text_before[: start.start()]))  # type: ignore[union-attr]
