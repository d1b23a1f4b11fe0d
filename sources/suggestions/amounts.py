"""Amounts of money, persons, things and percent, as stated: number, qualifier and unit as a Measure takes them."""

import re
from dataclasses import replace

from entities.amounts import Amount
from entities.numbers import decimal_text
from entities.vocabulary import MeasureKind, Qualifier, SuggestionKind
from sources.suggestions import (
    amount_ranges,
    currencies,
    number_context,
    number_surroundings,
    qualifiers,
    written_numbers,
)
from sources.suggestions.amount_units import MeasuredUnit, read_unit
from sources.suggestions.languages import reading_language
from sources.suggestions.qualifiers import StatedQualifier
from sources.suggestions.suggestion import Suggestion
from sources.suggestions.written_numbers import WORD_GAP, StatedNumber

AMOUNT_RULE = "amounts/1"
_LOOK_BACK = 80

_RESTATED = re.compile(rf"{WORD_GAP}\(([\d,]+)\)")
_HARMED = re.compile(
    r"\b(?:kill|wound|injur|captur|detain|arrest|evacuat|displac|rescu|forc)(?:s|ed|d|es|ing)?\s+$", re.IGNORECASE
)
_WERE_HARMED = re.compile(
    rf"{WORD_GAP}(?:have|had|has|were|are|was){WORD_GAP}(?:been{WORD_GAP})?(?:killed|wounded|injured|displaced|detained|arrested|evacuated|forced)\b"
)
_BARE = re.compile(r"(?:dozens|scores|hundreds|thousands|millions)\b", re.IGNORECASE)
_CONSTANT_PRICES = re.compile(r"\b(?:in|constant|en|in Preisen von)\s+$", re.IGNORECASE)

_PHRASE_ENDS = re.compile(r"\Z|\s*[.,;:)!?”\"]|\s+[a-z]|\s*\n")

_SIGNED = re.compile(r"(?:[+−]|(?:^|[(:\n])[^\S\n]*[-–])[^\S\n]\Z")
"""A sign of its own before a percentage. A dash within a sentence is none."""
_CONVERSION = re.compile(
    rf"\s*\((?:(?:or|equal{WORD_GAP}to|equivalent{WORD_GAP}to|worth){WORD_GAP})?|,?{WORD_GAP}or{WORD_GAP}(?:the{WORD_GAP}equivalent{WORD_GAP}of{WORD_GAP})?|\s?/\s?"
)
_SAME_BRACKET = re.compile(rf"\s?[;,/]\s|,?{WORD_GAP}(?:or|and){WORD_GAP}")
_SIGN = r"(?:[A-Z.]{0,4}[€$£¥₴₽₺₹₩₪]|[A-Z]{3})[^\S\n]?(?=\d)"
_TO_NUMBER = re.compile(
    rf"{WORD_GAP}(?:to|or|up{WORD_GAP}to|bis(?:{WORD_GAP}zu)?|oder|à|ou|do|lub|albo|до|або|чи){WORD_GAP}(?:{_SIGN})?|\s?[-‐‑–—]\s?(?:{_SIGN})?"
)
_JOINED_NUMBER = re.compile(rf"{WORD_GAP}(?:and|und|et|i|і|й|та){WORD_GAP}")


def find_amounts(text: str, language: str = "en") -> list[Suggestion]:
    """Return the amounts in `text`, in order of place. They do not overlap.

    `language` is a BCP 47 tag. If it is '' or none of `READ_LANGUAGES`, only what needs no language is read.
    """
    language = reading_language(language)
    amounts: list[Suggestion] = []
    addresses = number_surroundings.address_spans(text)
    address = next(addresses, None)
    end_of_last = 0
    for start in written_numbers.number_starts(text, language):
        if start < end_of_last:
            continue
        while address and address[1] <= start:
            address = next(addresses, None)
        if address and address[0] <= start:
            end_of_last = address[1]
            continue
        amount, end_of_last = _AmountReader(text, start, language).read()
        if amount:
            amounts.append(_mark_conversion(text, amounts[-1], amount) if amounts else amount)
    return amounts


find = find_amounts
"""Public name of `find_amounts`, for callers outside the project."""


class _AmountReader:
    """Reads the amount whose number starts at one place of a text."""

    def __init__(self, text: str, start: int, language: str):
        self.text = text
        self.start = start
        self.language = language
        sign = currencies.currency_before(text, start)
        self.currency, self.amount_start = sign or ("", start)
        self.unread_end = 0
        self.text_before = text[max(0, self.amount_start - _LOOK_BACK) : self.amount_start]

    def read(self) -> tuple[Suggestion | None, int]:
        """Return the amount, None if there is none, and the offset from which to read on."""
        is_after_letter = not self.currency and self.text[max(0, self.start - 1) : self.start].isalpha()
        if (
            is_after_letter
            or number_surroundings.is_glued(self.text, self.start, self.language)
            or number_context.continues_number(self.text, self.start, self.language)
            or (self.currency and number_surroundings.belongs_to_number_before(self.text, self.amount_start, self.language))
        ):
            return None, self._end_of_numerals()
        number = written_numbers.read_number(self.text, self.start, self.language, is_limited=self._is_limited())
        if number is None:
            bare = self._read_bare_thousands_of_people() if self.language == "en" else None
            return (bare, bare.end) if bare else (None, self._end_of_numerals())
        year_end = number_surroundings.year_end(self.text, self.start, self.language)
        if year_end and number.end > year_end and number.scale > 1:
            # “En 2024 mille soldats”.
            return None, year_end
        if not self.currency and number_surroundings.is_part_of_name(
            self.text, self.text_before, self.start, number, self.language
        ):
            return None, self._end_with_range(number.end)
        if not self.currency and (
            number_context.is_second_of_two(self.text_before, number, self.language)
            or number_context.is_of_share(self.text_before, number, self.language)
        ):
            unit = read_unit(self.text, number.end, number, self.currency, self.language)
            return None, self._end_with_range(unit.end if unit else number.end)
        if (restated := _RESTATED.match(self.text, number.end)) and restated[1].replace(",", "") == str(number.value):
            number = number._replace(end=restated.end())
        amount = self._read_amount(number)
        return amount, amount.end if amount else max(self.unread_end, self._end_of_joined(number))

    def _is_limited(self) -> bool:
        """Return whether a qualifier, or the word that opens a range, stands before the number."""
        qualifier = qualifiers.qualifier_before(
            self.text_before, is_small_word=False, counts_people_or_things=True, language=self.language
        )
        return qualifier is not None or amount_ranges.opens_range(self.text_before, self.language)

    def _end_of_numerals(self) -> int:
        """Return where numerals end that are not understood; after a year that stands apart, where that ends."""
        year_end = number_surroundings.year_end(self.text, self.start, self.language)
        end = written_numbers.skip_numerals(self.text, self.start, self.language)
        if year_end or not written_numbers.is_numeral_at(self.text, self.start, self.language):
            return year_end or end
        return self._end_with_range(end)

    def _end_with_range(self, end: int) -> int:
        """Return the end of the number after “to”, if one follows at `end`: without its lower end it would be another amount."""
        joined = _TO_NUMBER.match(self.text, end)
        upper = joined.end() if joined else amount_ranges.upper_start(self.text, self.text_before, end, self.language)
        is_year = number_surroundings.is_year(self.text, end - 4, end)
        if upper is None or is_year or not self._is_number_at(upper):
            return end
        return written_numbers.skip_numerals(self.text, upper, self.language)

    def _is_number_at(self, offset: int) -> bool:
        """Return whether digits or words of a number stand at `offset`, understood or not."""
        return self.text[offset : offset + 1].isdigit() or bool(written_numbers.read_number(self.text, offset, self.language))

    def _end_of_joined(self, number: StatedNumber) -> int:
        """Return the end of a number without a unit, and of one after “and” or “to”, which may belong to it."""
        joined = _JOINED_NUMBER.match(self.text, number.end) if number.scale >= 1000 else None
        if joined:
            return written_numbers.skip_numerals(self.text, joined.end(), self.language)
        if amount_ranges.begins_change(self.text, self.text_before, number, self.language):
            return number.end
        return self._end_with_range(number.end)

    def _read_amount(self, number: StatedNumber) -> Suggestion | None:
        following_qualifier = qualifiers.qualifier_after(self.text, number.end, self.language)
        found = amount_ranges.read_range(self.text, self.text_before, number, self.currency, self.language)
        if found is not None and found.unit is None:
            self.unread_end = found.upper.end
            return None
        upper = None
        if found and found.unit:
            number, upper, unit = found.lower, found.upper, found.unit
            self.amount_start -= found.length_before
            self.unread_end = unit.end
        else:
            offset = following_qualifier.end if following_qualifier else number.end
            read = read_unit(self.text, offset, number, self.currency, self.language) or self._infer_unit(number)
            if read is None:
                return None
            unit = read
        is_counted = unit.kind in (MeasureKind.ITEMS, MeasureKind.HEADCOUNT)
        text_before = self.text[max(0, self.amount_start - _LOOK_BACK) : self.amount_start]
        qualifier = qualifiers.qualifier_before(
            text_before, is_small_word=number.is_small_word, counts_people_or_things=is_counted, language=self.language
        )
        if (
            qualifier
            and qualifier.qualifier in (None, Qualifier.UP_TO)
            and (amount_ranges.is_end_of_change(text_before, unit, self.language))
        ):
            qualifier = None
        if qualifier and qualifier.qualifier is None:
            return None
        length = qualifier.length if qualifier else 0
        if any(number_context.is_multiplied(text_before[: len(text_before) - cut], self.language) for cut in {0, length}):
            return None
        if unit.kind == MeasureKind.PERCENT and _SIGNED.search(text_before):
            return None
        if self._is_none_without_qualifier(number, upper, unit) and not qualifier:
            return None
        if qualifier or following_qualifier is None:
            late = qualifiers.qualifier_after(self.text, unit.end, self.language)
            if (late and qualifier) or (not late and qualifiers.is_limited_later(self.text, unit.end, self.language)):
                # “Up to 40 tanks or more”, “40 tanks of the brigade at least”.
                return None
            qualifier = qualifier or late
        qualifier = qualifier or following_qualifier
        start = self.amount_start
        if qualifier:
            start -= qualifier.length
            unit = unit._replace(end=max(unit.end, qualifier.end))
        return _amount_suggestion(self.text, start, number, upper, unit, qualifier)

    def _is_none_without_qualifier(self, number: StatedNumber, upper: StatedNumber | None, unit: MeasuredUnit) -> bool:
        """Tell whether a number is rather an article, a year or half of a phrase unless a qualifier stands before it."""
        if number.needs_qualifier and upper is None:
            return True
        is_counted = unit.kind in (MeasureKind.ITEMS, MeasureKind.HEADCOUNT)
        is_year = not self.currency and number_surroundings.is_year(self.text, self.start, number.end)
        if is_year and (
            number_surroundings.year_end(self.text, self.start, self.language)
            or is_counted
            or _CONSTANT_PRICES.search(self.text_before)
        ):
            return True
        return number.value == 1 and is_counted and upper is None

    def _read_bare_thousands_of_people(self) -> Suggestion | None:
        """Return an open number of people without a noun, as in “killed thousands”; None if it is none."""
        open_number = _BARE.match(self.text, self.start)
        if not open_number or not (_HARMED.search(self.text_before) or _WERE_HARMED.match(self.text, open_number.end())):
            return None
        unit = MeasuredUnit(
            MeasureKind.HEADCOUNT, "person", open_number.end(), 0.5, "no noun; the verb beside it is about people"
        )
        return _amount_suggestion(self.text, self.start, StatedNumber(None, open_number.end()), None, unit, None)

    def _infer_unit(self, number: StatedNumber) -> MeasuredUnit | None:
        """Return the unit of a number without a noun: harmed persons, or the unit of the number after “to”."""
        if number.value is None or self.currency:
            return None
        if self.language == "en" and _HARMED.search(self.text_before) and _PHRASE_ENDS.match(self.text, number.end):
            return MeasuredUnit(MeasureKind.HEADCOUNT, "person", number.end, 0.6, "no noun; the verb before it is about people")
        return amount_ranges.unit_of_changed_number(self.text, self.text_before, number, self.language)


def _amount_suggestion(
    text: str,
    start: int,
    number: StatedNumber,
    upper: StatedNumber | None,
    unit: MeasuredUnit,
    stated_qualifier: StatedQualifier | None,
) -> Suggestion:
    qualifier = Qualifier.AT_LEAST if number.has_plus else Qualifier.NONE
    if stated_qualifier and stated_qualifier.qualifier:
        qualifier = stated_qualifier.qualifier
    if number.value is None:
        qualifier = Qualifier.UNSPECIFIED
    upper_value = upper.value if upper and number.value is not None else None
    amount = Amount(qualifier, number.value, upper_value, unit.name)
    reasons = [f"“{stated_qualifier.words}” limits it" if stated_qualifier else "", unit.reason]
    return Suggestion(
        kind=SuggestionKind.AMOUNT,
        start=start,
        end=unit.end,
        exact=text[start : unit.end],
        rule=AMOUNT_RULE,
        score=unit.score,
        reason="; ".join(filter(None, reasons)),
        proposal={
            "measure_kind": unit.kind.value,
            "qualifier": qualifier.value,
            "value": "" if amount.value is None else decimal_text(amount.value),
            "upper": "" if amount.upper is None else decimal_text(amount.upper),
            "unit": unit.name,
            "typed": str(amount),
            "converts": None,
        },
    )


def _mark_conversion(text: str, previous: Suggestion, amount: Suggestion) -> Suggestion:
    """Return `amount` marked as a conversion of the amount before it, if it is in brackets or after “or”."""
    kinds = {previous.proposal["measure_kind"], amount.proposal["measure_kind"]}
    if kinds != {MeasureKind.MONEY.value} or previous.proposal["unit"] == amount.proposal["unit"]:
        return amount
    converted = previous.start
    if not _CONVERSION.fullmatch(text, previous.end, amount.start):
        if previous.proposal["converts"] is None or not _SAME_BRACKET.fullmatch(text, previous.end, amount.start):
            return amount
        converted = previous.proposal["converts"]
    return replace(amount, proposal=amount.proposal | {"converts": converted})
