"""Amounts of money, persons, things and percent, as stated: number, qualifier and unit as a Measure takes them."""

import re
from dataclasses import replace
from typing import NamedTuple

from entities.amounts import Amount
from entities.numbers import decimal_text
from entities.vocabulary import MeasureKind, Qualifier, SuggestionKind
from sources.suggestions import counted_nouns, currencies, qualifiers, written_numbers
from sources.suggestions.qualifiers import StatedQualifier
from sources.suggestions.suggestion import Suggestion
from sources.suggestions.written_numbers import WORD_GAP, StatedNumber

AMOUNT_RULE = "amounts/1"
_LOOK_BACK = 80

_ANCHOR = re.compile(rf"(?<!\w)(?<!\w[-‐‑–./,:'’])(?:{currencies.SIGN_PATTERN})?(?=(?i:{written_numbers.NUMBER_START}))")
_TO = re.compile(rf"\s?[-‐‑–]\s?|{WORD_GAP}(?P<word>to|or|and){WORD_GAP}")
_BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:ris|rose|grow|grew|increas|rais|fell|fall|drop|cut|declin|jump|climb|went|go|expand|shr[aiu]nk|boost|up|down|mov|chang|"
    r"reduc|doubl|lower)\w*\b[^.;]*\bfrom\s+$",
    re.IGNORECASE,
)
_NUMBER_FOLLOWS = re.compile(r"\s+\d+(?![\w-])")
_DIGIT = re.compile(r"(?=\d)")
_RESTATED = re.compile(rf"{WORD_GAP}\(([\d,]+)\)")

_PERCENT = re.compile(
    rf"(?:\s?%|(?:[-‐‑]|{WORD_GAP})(?:percent|per{WORD_GAP}cent|pct)\b)(?P<points>(?:age)?[-‐‑\s]points?\b)?"
    rf"|(?:[-‐‑]|{WORD_GAP})(?P<percentage_points>percentage[-‐‑\s]points?)\b",
    re.IGNORECASE,
)
_OF_PRODUCT = re.compile(
    rf"{WORD_GAP}of{WORD_GAP}(?:(?:the|their|its|our|a|each|every|total|annual|national|combined){WORD_GAP}|\w+['’]s?{WORD_GAP})*"
    rf"(?:(?P<short>GDP|GNP|GNI)|gross{WORD_GAP}(?:(?P<GDP>domestic{WORD_GAP}product)|(?P<GNP>national{WORD_GAP}product)|(?P<GNI>national{WORD_GAP}income)))\b"
)

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_AFTER_MONTH = re.compile(rf"\b{_MONTH}\s+$")
_MONTH_FOLLOWS = re.compile(rf"\s+(?:of\s+)?{_MONTH}")
_YEAR = re.compile(r"(?:19|20)\d\d")
# A number after one of these words is part of a name, not a count.
_LABEL = re.compile(
    r"(?:\b(?:[Aa]rticles?|[Ss]ections?|[Cc]hapters?|[Pp]aragraphs?|[Pp]ages?|[Cc]lauses?|Titles?|Resolutions?|Orders?|Laws?|Acts?|"
    r"Nos?\.|[Nn]umber|Figure|Table|Annex|Part|[Pp]hase|[Ll]evel|[Tt]ier|[Cc]ategory|Group\s+of|Flight|[Cc]hannel|[Rr]oom|"
    r"[Hh]ighway|[Rr]oute|Agenda|Vision|[Vv]ersion|[Tt]ype|Mark|Mk|[Ss]tep|Protocol|Amendment|[Rr]eactor|Leopard|Boeing|Airbus|"
    r"War|Line|Block|[Ee]pisode|[Zz]one|[Tt]op|Storm|FY|[Ff]iscal\s+[Yy]ear|PAC|Mach|[Dd]ay|[Ww]eek|[Rr]ound|[Ss]tage|[Gg]rade)|\#)\s*$"
    # One in five is a share.
    r"|\b(?:one|two|three|four|\d+)\s+(?:in|out\s+of)\s+(?:every\s+)?$"
)
_HARMED = re.compile(
    r"\b(?:kill|wound|injur|captur|detain|arrest|evacuat|displac|rescu|forc)(?:s|ed|d|es|ing)?\s+$", re.IGNORECASE
)
_WERE_HARMED = re.compile(
    rf"{WORD_GAP}(?:have|had|has|were|are|was){WORD_GAP}(?:been{WORD_GAP})?(?:killed|wounded|injured|displaced|detained|arrested|evacuated|forced)\b"
)
_BARE = re.compile(r"(?:dozens|scores|hundreds|thousands|millions)\b", re.IGNORECASE)

_CONVERSION = re.compile(
    rf"\s*\((?:(?:or|equal{WORD_GAP}to|equivalent{WORD_GAP}to|worth){WORD_GAP})?|,?{WORD_GAP}or{WORD_GAP}(?:the{WORD_GAP}equivalent{WORD_GAP}of{WORD_GAP})?|\s?/\s?"
)
_SAME_BRACKET = re.compile(rf"\s?[;,/]\s|,?{WORD_GAP}(?:or|and){WORD_GAP}")


class _MeasuredUnit(NamedTuple):
    """Unit of a number: what it measures, where the words for it end, and how sure that is."""

    kind: MeasureKind
    name: str
    end: int
    score: float
    reason: str = ""


def find_amounts(text: str, language: str = "en") -> list[Suggestion]:
    """Return the amounts in `text`, in order of place. They do not overlap."""
    amounts: list[Suggestion] = []
    end_of_last = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() < end_of_last:
            continue
        amount = _read_amount(text, anchor)
        if amount:
            amounts.append(_mark_conversion(text, amounts[-1], amount) if amounts else amount)
            end_of_last = amount.end
    return amounts


find = find_amounts
"""Public name of `find_amounts`, for callers outside the project."""


def _read_amount(text: str, anchor: re.Match) -> Suggestion | None:
    start = anchor.start()
    text_before = text[max(0, start - _LOOK_BACK) : start]
    currency = currencies.currency_of_sign(anchor)
    number = written_numbers.read_number(text, anchor.end())
    if number is None:
        return _read_bare_thousands_of_people(text, text_before, start)
    if not currency and (_NUMBER_FOLLOWS.match(text, number.end) or _is_part_of_name(text, text_before, anchor.end(), number)):
        return None
    if (restated := _RESTATED.match(text, number.end)) and restated[1].replace(",", "") == str(number.value):
        number = number._replace(end=restated.end())
    following_qualifier = qualifiers.qualifier_after(text, number.end)
    upper, unit = _read_range(text, text_before, number, currency)
    if upper is not None:
        number, upper = _share_scale(number, upper)
        between = _BETWEEN.search(text_before)
        start -= len(text_before) - between.start() if between else 0
    else:
        unit = _read_unit(text, following_qualifier.end if following_qualifier else number.end, number, currency) or _infer_unit(
            text, text_before, number
        )
    if unit is None:
        return None
    is_counted = unit.kind in (MeasureKind.ITEMS, MeasureKind.HEADCOUNT)
    qualifier = qualifiers.qualifier_before(
        text[max(0, start - _LOOK_BACK) : start], is_small_word=number.is_small_word, counts_people_or_things=is_counted
    )
    if number.value == 1 and is_counted and not qualifier:
        return None
    qualifier = qualifier or following_qualifier or qualifiers.qualifier_after(text, unit.end)
    if qualifier:
        start -= qualifier.length
        unit = unit._replace(end=max(unit.end, qualifier.end))
    return _amount_suggestion(text, start, number, upper, unit, qualifier)


def _read_bare_thousands_of_people(text: str, text_before: str, start: int) -> Suggestion | None:
    """Return an open number of people without a noun, as in “killed thousands”; None if it is none."""
    open_number = _BARE.match(text, start)
    if not open_number or not (_HARMED.search(text_before) or _WERE_HARMED.match(text, open_number.end())):
        return None
    unit = _MeasuredUnit(MeasureKind.HEADCOUNT, "person", open_number.end(), 0.5, "no noun; the verb beside it is about people")
    return _amount_suggestion(text, start, StatedNumber(None, open_number.end()), None, unit, None)


def _is_part_of_name(text: str, text_before: str, offset: int, number: StatedNumber) -> bool:
    """Return whether a number is part of a name, a date or a year, and so not an amount."""
    if _LABEL.search(text_before):
        return True
    if number.value is None or number.value >= 2100 or number.scale > 1:
        return False
    if _YEAR.fullmatch(text, offset, number.end):
        return not qualifiers.qualifier_before(text_before, is_small_word=False, counts_people_or_things=True)
    return number.value <= 31 and bool(_AFTER_MONTH.search(text_before) or _MONTH_FOLLOWS.match(text, number.end))


def _read_range(
    text: str, text_before: str, number: StatedNumber, currency: str
) -> tuple[StatedNumber | None, _MeasuredUnit | None]:
    """Return the upper end of a range that starts with `number`, and its unit; None and None if it is not a range."""
    offset = number.end
    if not currency and (percent := _PERCENT.match(text, offset)):
        offset = percent.end()
    joiner = _TO.match(text, offset)
    if not joiner or number.value is None:
        return None, None
    if joiner["word"] == "and" and not _BETWEEN.search(text_before) or joiner["word"] == "to" and _CHANGE.search(text_before):
        return None, None
    second_anchor = _ANCHOR.match(text, joiner.end()) or (_DIGIT.match(text, joiner.end()) if not joiner["word"] else None)
    upper = written_numbers.read_number(text, second_anchor.end()) if second_anchor else None
    if second_anchor is None or upper is None or upper.value is None:
        return None, None
    second_currency = currencies.currency_of_sign(second_anchor) if second_anchor.re is _ANCHOR else ""
    if second_currency and second_currency != currency or _MONTH_FOLLOWS.match(text, upper.end):
        return None, None
    unit = _read_unit(text, upper.end, upper, currency)
    lower, upper = _share_scale(number, upper)
    if unit is None or upper.value is None or lower.value is None or upper.value <= lower.value:
        return None, None
    return upper, unit


def _share_scale(lower: StatedNumber, upper: StatedNumber) -> tuple[StatedNumber, StatedNumber]:
    """Return both ends of a range with the scale that only its upper end states: “5 to 7 billion”."""
    if lower.value is None or upper.value is None or lower.scale > 1 or upper.scale == 1:
        return lower, upper
    scaled = lower.value * upper.scale
    return (lower._replace(value=scaled, scale=upper.scale) if scaled < upper.value else lower), upper


def _read_unit(text: str, offset: int, number: StatedNumber, currency: str) -> _MeasuredUnit | None:
    if currency:
        if currency == "USD":
            currency, offset = currencies.dollar_currency(text, offset)
        return _MeasuredUnit(MeasureKind.MONEY, currency, offset, 0.95, f"the sign before it means {currency}")
    if percent := _PERCENT.match(text, offset):
        if percent["points"] or percent["percentage_points"]:
            return _MeasuredUnit(MeasureKind.PERCENT, "percentage point", percent.end(), 0.9)
        if product := _OF_PRODUCT.match(text, percent.end()):
            product_name = product["short"] or product.lastgroup
            return _MeasuredUnit(MeasureKind.PERCENT, f"percent of {product_name}", product.end(), 0.95)
        return _MeasuredUnit(MeasureKind.PERCENT, "percent", percent.end(), 0.9)
    if money := currencies.currency_after(text, offset):
        return _MeasuredUnit(MeasureKind.MONEY, money[0], money[1], 0.95, f"the words after it mean {money[0]}")
    if counted_noun := counted_nouns.read_counted_noun(text, offset, singular=number.value == 1):
        score = 0.6 if number.is_small_word else 0.7 if number.value is None else 0.85
        # Two forces are organisations, forty thousand forces are soldiers.
        are_soldiers = counted_noun.unit.lower().endswith("force") and (number.value is None or number.value >= 1000)
        if counted_noun.is_people or are_soldiers:
            return _MeasuredUnit(MeasureKind.HEADCOUNT, "person", counted_noun.end, score)
        return _MeasuredUnit(MeasureKind.ITEMS, counted_noun.unit, counted_noun.end, score)
    return None


def _infer_unit(text: str, text_before: str, number: StatedNumber) -> _MeasuredUnit | None:
    """Return the unit of a number without a noun: harmed persons, or the unit of the number after “to”."""
    if number.value is None:
        return None
    if _HARMED.search(text_before):
        return _MeasuredUnit(MeasureKind.HEADCOUNT, "person", number.end, 0.6, "no noun; the verb before it is about people")
    joiner = _TO.match(text, number.end)
    if not joiner or joiner["word"] != "to" or not _CHANGE.search(text_before):
        return None
    next_number = written_numbers.read_number(text, joiner.end())
    unit = next_number and _read_unit(text, next_number.end, next_number, "")
    return unit and unit._replace(end=number.end, score=0.6, reason="its unit is after the next number")


def _amount_suggestion(
    text: str,
    start: int,
    number: StatedNumber,
    upper: StatedNumber | None,
    unit: _MeasuredUnit,
    stated_qualifier: StatedQualifier | None,
) -> Suggestion:
    qualifier = stated_qualifier.qualifier if stated_qualifier else Qualifier.AT_LEAST if number.has_plus else Qualifier.NONE
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
