"""Amounts of money, persons, things and percent, as stated: number, qualifier and unit as a Measure takes them."""

import re
from dataclasses import replace
from typing import NamedTuple

from entities.vocabulary import MeasureKind, Qualifier, SuggestionKind
from sources.suggestions import counted_nouns, currencies, numbers, qualifiers
from sources.suggestions.numbers import WORD_GAP, StatedNumber
from sources.suggestions.qualifiers import StatedQualifier
from sources.suggestions.suggestion import Suggestion

AMOUNT_RULE = "amounts/1"
_LOOK_BACK = 80

_ANCHOR = re.compile(rf"(?<!\w)(?<!\w[-‐‑–./,:'’])(?:{currencies.SIGN_PATTERN})?(?=(?i:{numbers.NUMBER_START}))")
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
# A number after one of these names a thing and counts none.
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
    """What a number is of, where the words for it end, and how sure that is."""

    kind: MeasureKind
    name: str
    end: int
    score: float
    reason: str = ""


def find(text: str) -> list[Suggestion]:
    """The amounts of `text`, in order of place. They do not overlap."""
    found: list[Suggestion] = []
    at = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() < at:
            continue
        amount = _read_amount(text, anchor)
        if amount:
            found.append(_mark_conversion(text, found[-1], amount) if found else amount)
            at = amount.end
    return found


def _read_amount(text: str, anchor: re.Match) -> Suggestion | None:
    start = anchor.start()
    lead = text[max(0, start - _LOOK_BACK) : start]
    code = currencies.currency_of_sign(anchor)
    number = numbers.read_number(text, anchor.end())
    if number is None:
        return _read_open_headcount(text, lead, start)
    if not code and (_NUMBER_FOLLOWS.match(text, number.end) or _is_part_of_name(text, lead, anchor.end(), number)):
        return None
    if (restated := _RESTATED.match(text, number.end)) and restated[1].replace(",", "") == str(number.value):
        number = number._replace(end=restated.end())
    filled = qualifiers.qualifier_after(text, number.end)
    upper, unit = _read_range(text, lead, number, code)
    if upper is not None:
        number, upper = _share_scale(number, upper)
        between = _BETWEEN.search(lead)
        start -= len(lead) - between.start() if between else 0
    else:
        unit = _read_unit(text, filled.end if filled else number.end, number, code) or _infer_unit(text, lead, number)
    if unit is None:
        return None
    counted = unit.kind in (MeasureKind.ITEMS, MeasureKind.HEADCOUNT)
    said = qualifiers.qualifier_before(text[max(0, start - _LOOK_BACK) : start], small=number.is_small_word, counted=counted)
    if number.value == 1 and counted and not said:
        return None
    said = said or filled or qualifiers.qualifier_after(text, unit.end)
    if said:
        start -= said.length
        unit = unit._replace(end=max(unit.end, said.end))
    return _amount_suggestion(text, start, number, upper, unit, said)


def _read_open_headcount(text: str, lead: str, start: int) -> Suggestion | None:
    """Numbers of people that are left open and name nobody: “killed thousands”."""
    bare = _BARE.match(text, start)
    if not bare or not (_HARMED.search(lead) or _WERE_HARMED.match(text, bare.end())):
        return None
    unit = _MeasuredUnit(MeasureKind.HEADCOUNT, "person", bare.end(), 0.5, "no noun; the verb beside it is about people")
    return _amount_suggestion(text, start, StatedNumber(None, bare.end()), None, unit, None)


def _is_part_of_name(text: str, lead: str, at: int, number: StatedNumber) -> bool:
    """Whether a number is part of a name, a date or a year, and so no amount."""
    if _LABEL.search(lead):
        return True
    if number.value is None or number.value >= 2100 or number.scale > 1:
        return False
    if _YEAR.fullmatch(text, at, number.end):
        return not qualifiers.qualifier_before(lead, small=False, counted=True)
    return number.value <= 31 and bool(_AFTER_MONTH.search(lead) or _MONTH_FOLLOWS.match(text, number.end))


def _read_range(text: str, lead: str, number: StatedNumber, code: str) -> tuple[StatedNumber | None, _MeasuredUnit | None]:
    """The upper end of a range that starts with `number`, and what both are of; None and None if it is no range."""
    at = number.end
    if not code and (percent := _PERCENT.match(text, at)):
        at = percent.end()
    to = _TO.match(text, at)
    if not to or number.value is None:
        return None, None
    if to["word"] == "and" and not _BETWEEN.search(lead) or to["word"] == "to" and _CHANGE.search(lead):
        return None, None
    second = _ANCHOR.match(text, to.end()) or (_DIGIT.match(text, to.end()) if not to["word"] else None)
    upper = numbers.read_number(text, second.end()) if second else None
    if second is None or upper is None or upper.value is None:
        return None, None
    own = currencies.currency_of_sign(second) if second.re is _ANCHOR else ""
    if own and own != code or _MONTH_FOLLOWS.match(text, upper.end):
        return None, None
    unit = _read_unit(text, upper.end, upper, code)
    lower, upper = _share_scale(number, upper)
    if unit is None or upper.value is None or lower.value is None or upper.value <= lower.value:
        return None, None
    return upper, unit


def _share_scale(lower: StatedNumber, upper: StatedNumber) -> tuple[StatedNumber, StatedNumber]:
    """Both ends of a range with the scale that only its upper end states: “5 to 7 billion”."""
    if lower.value is None or upper.value is None or lower.scale > 1 or upper.scale == 1:
        return lower, upper
    scaled = lower.value * upper.scale
    return (lower._replace(value=scaled, scale=upper.scale) if scaled < upper.value else lower), upper


def _read_unit(text: str, at: int, number: StatedNumber, code: str) -> _MeasuredUnit | None:
    if code:
        if code == "USD":
            code, at = currencies.dollar_currency(text, at)
        return _MeasuredUnit(MeasureKind.MONEY, code, at, 0.95, f"the sign before it stands for {code}")
    if percent := _PERCENT.match(text, at):
        if percent["points"] or percent["percentage_points"]:
            return _MeasuredUnit(MeasureKind.PERCENT, "percentage point", percent.end(), 0.9)
        if product := _OF_PRODUCT.match(text, percent.end()):
            short = product["short"] or product.lastgroup
            return _MeasuredUnit(MeasureKind.PERCENT, f"percent of {short}", product.end(), 0.95)
        return _MeasuredUnit(MeasureKind.PERCENT, "percent", percent.end(), 0.9)
    if money := currencies.currency_after(text, at):
        return _MeasuredUnit(MeasureKind.MONEY, money[0], money[1], 0.95, f"the words after it stand for {money[0]}")
    if noun := counted_nouns.read_counted_noun(text, at, singular=number.value == 1):
        score = 0.6 if number.is_small_word else 0.7 if number.value is None else 0.85
        # Two forces are bodies, forty thousand forces are soldiers.
        soldiers = noun.unit.lower().endswith("force") and (number.value is None or number.value >= 1000)
        if noun.is_people or soldiers:
            return _MeasuredUnit(MeasureKind.HEADCOUNT, "person", noun.end, score)
        return _MeasuredUnit(MeasureKind.ITEMS, noun.unit, noun.end, score)
    return None


def _infer_unit(text: str, lead: str, number: StatedNumber) -> _MeasuredUnit | None:
    """What a number without a noun is of: persons that came to harm, or what the number after “to” is of."""
    if number.value is None:
        return None
    if _HARMED.search(lead):
        return _MeasuredUnit(MeasureKind.HEADCOUNT, "person", number.end, 0.6, "no noun; the verb before it is about people")
    to = _TO.match(text, number.end)
    if not to or to["word"] != "to" or not _CHANGE.search(lead):
        return None
    after = numbers.read_number(text, to.end())
    unit = after and _read_unit(text, after.end, after, "")
    return unit and unit._replace(end=number.end, score=0.6, reason="what it is of stands after the next number")


def _amount_suggestion(
    text: str, start: int, number: StatedNumber, upper: StatedNumber | None, unit: _MeasuredUnit, said: StatedQualifier | None
) -> Suggestion:
    qualifier = said.qualifier if said else Qualifier.AT_LEAST if number.has_plus else Qualifier.EXACTLY
    if number.value is None:
        qualifier = Qualifier.UNSPECIFIED
    ends = [f"{end.value.normalize():f}" for end in (number, upper) if end and end.value is not None]
    reasons = [f"“{said.words}” limits it" if said else "", unit.reason]
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
            "value": ends[0] if ends else "",
            "upper": ends[1] if len(ends) > 1 else "",
            "unit": unit.name,
            "typed": " ".join(filter(None, (qualifier.value, "..".join(ends), unit.name))),
            "converts": None,
        },
    )


def _mark_conversion(text: str, previous: Suggestion, amount: Suggestion) -> Suggestion:
    """`amount`, with the amount before it as the one that it converts, if it stands in brackets or after “or”."""
    kinds = {previous.proposal["measure_kind"], amount.proposal["measure_kind"]}
    if kinds != {MeasureKind.MONEY.value} or previous.proposal["unit"] == amount.proposal["unit"]:
        return amount
    converted = previous.start
    if not _CONVERSION.fullmatch(text, previous.end, amount.start):
        if previous.proposal["converts"] is None or not _SAME_BRACKET.fullmatch(text, previous.end, amount.start):
            return amount
        converted = previous.proposal["converts"]
    return replace(amount, proposal=amount.proposal | {"converts": converted})
