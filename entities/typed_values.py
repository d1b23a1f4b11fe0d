"""Values as people type them: read into the form that a citation takes.

What the pages show can be typed back: `at least €40 billion`, `14 June 2024`, `delivered: 4 aircraft, as of 10 July 2024`.
The exact form (`at_least 40000000000 EUR`, `2024-06-14`) is read as well. What can mean two things is refused.
"""

import re
from decimal import Decimal

from django.db.models.enums import ChoicesType

from entities.amounts import Amount, amount_or_none
from entities.citable_fields import AMOUNT, COUNTRY, DATE, STEP, stated_value_type
from entities.countries import COUNTRIES
from entities.dates import DateInterval, DatePoint, PartialDate
from entities.formatting import CURRENCY_SYMBOLS, singular_unit
from entities.measure_facts import MeasureFact
from entities.steps import Step, step_or_none
from entities.vocabulary import Qualifier, Stage

_MONTHS = {
    name: number
    for number, month in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
    for name in (month, month[:3], f"{month[:3]}.")
} | {"sept": 9, "sept.": 9}
_MONTH = "|".join(re.escape(name) for name in sorted(_MONTHS, key=len, reverse=True))
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTH}) (?P<year>\d{{4}})",
        rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})",
        # With dots the day always comes first; with slashes nobody can tell.
        r"(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?(?P<year>\d{4})",
    )
)
_BETWEEN = re.compile(r"(?:between (?P<begin>.+) and (?P<end>.+)|from (?P<first>.+) (?:to|until) (?P<last>.+))", re.IGNORECASE)
_SINCE = re.compile(r"(?:from (?P<from>.+?) on(?:wards)?|since (?P<since>.+))", re.IGNORECASE)
_UNTIL = re.compile(r"(?:by|until) (?:the end of )?(?P<end>.+)", re.IGNORECASE)
_ABOUT = re.compile(r"(?:about|around|c\.) (?P<point>.+)", re.IGNORECASE)
_UNCERTAIN = re.compile(r"(?P<point>.+) \(uncertain\)", re.IGNORECASE)

_QUALIFIERS = {
    words: qualifier
    for qualifier, all_words in {
        Qualifier.EXACTLY: ("exactly",),
        Qualifier.ABOUT: ("about", "around", "approximately", "some", "roughly"),
        Qualifier.NEARLY: ("nearly", "almost"),
        Qualifier.AT_LEAST: ("at least", "at_least"),
        Qualifier.MORE_THAN: ("more than", "more_than", "over"),
        Qualifier.UP_TO: ("up to", "up_to", "at most"),
    }.items()
    for words in all_words
}
_SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
_SIGNS = {sign: code for code, sign in CURRENCY_SYMBOLS.items()}
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,18}(?:\.\d{1,20})?"
_QUANTITY = rf"(?:(?P<sign{{n}}>{_SIGN})\s?)?(?P<number{{n}}>{_NUMBER})(?:\s?(?P<scale{{n}}>{'|'.join(_SCALES)})\b)?"
_AMOUNT = re.compile(
    rf"(?:(?P<qualifier>{'|'.join(sorted(_QUALIFIERS, key=len, reverse=True))})\s)?(?:(?P<code>[A-Z]{{3}})\s)?"
    + _QUANTITY.replace("{n}", "")
    + r"(?:(?:\s?(?:to|–|-|\.\.)\s?)"
    + _QUANTITY.replace("{n}", "2")
    + r")?(?P<per>%)?(?:\s(?P<unit>\S.*))?",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"(?P<amount>.+?),? as of (?P<as_of>.+)", re.DOTALL)


def read_typed_value(kind: str, field: str, text: str) -> str:
    """Return a typed value of a field of a record of `kind`, as a citation takes it.

    Labels of choices and names of countries become their keys. What is of another type, and what no form fits, comes back
    without outer spaces: whoever stores it says what is wrong. Raises ValueError where a form is recognised and wrong, such as
    a day that the calendar does not have.
    """
    text = " ".join(text.split())
    value_type = stated_value_type(kind, field)
    if value_type == AMOUNT:
        return read_typed_measure(text)
    if value_type == STEP:
        return _read_typed_step(text)
    if value_type == DATE:
        return read_typed_date(text)
    if isinstance(value_type, ChoicesType):
        return _key_of_label({str(key): str(label) for key, label in value_type.choices}, text)
    return _key_of_label(COUNTRIES, text) if value_type == COUNTRY else text


def read_typed_date(text: str) -> str:
    """Return a typed date as a partial date, or as it is if it has no known form. Raises ValueError for a day that is none."""
    text = " ".join(text.split())
    date = _date_or_none(text)
    return text if date is None else str(date)


def _date_or_none(text: str) -> PartialDate | None:
    """Read a point or an interval; None if it has no known form."""
    if match := _BETWEEN.fullmatch(text):
        begin, end = match["begin"] or match["first"], match["end"] or match["last"]
        last = _point_or_none(end)
        if last is None:
            return None
        # What both ends share is said once: 9 to 11 July 2024, 15 June to 8 July 2024.
        forms = (begin, f"{begin} {last.year:04}", f"{begin}.{last.month or ''}.{last.year:04}")
        first = next(filter(None, map(_point_or_none, forms)), None)
        return DateInterval(first, last) if first else None
    if (match := _SINCE.fullmatch(text)) and (point := _point_or_none(match["from"] or match["since"])):
        return DateInterval(point, None)
    if (match := _UNTIL.fullmatch(text)) and (point := _point_or_none(match["end"])):
        return DateInterval(None, point)
    try:
        return PartialDate.parse(text)
    except ValueError:
        return _point_or_none(text)


def _point_or_none(text: str) -> DatePoint | None:
    for pattern, mark in ((_ABOUT, "~"), (_UNCERTAIN, "?")):
        if match := pattern.fullmatch(text):
            point = _point_or_none(match["point"])
            return DatePoint(point.year, point.month, point.day, mark) if point and not point.mark else None
    for form in _DATE_FORMS:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            month = int(parts["number"]) if parts.get("number") else _MONTHS[parts["month"].lower()]
            day = f"-{int(parts['day']):02}" if parts["day"] else ""
            return DatePoint.parse(f"{parts['year']}-{month:02}{day}")
    if re.fullmatch(r"\d{4}(-\d\d){0,2}[~?]?", text, re.ASCII):
        return DatePoint.parse(text)
    return None


def _read_typed_step(text: str) -> str:
    if step := step_or_none(text):
        return str(step)
    words, _, date = text.partition(",") if "," in text else (text, "", "")
    for stage in Stage:
        for name in (stage.label, stage.value):
            if words.casefold() == name:
                return str(Step(stage, _date_or_none(date.strip()) if date.strip() else None))
            if text.casefold().startswith(f"{name} ") and (day := _date_or_none(text[len(name) :].strip(" ,"))):
                return str(Step(stage, day))
    return text


def read_typed_measure(text: str) -> str:
    """Return a typed amount, with its stage and time if it has them, as a citation takes it; as it is if it has no known form."""
    text = " ".join(text.split())
    stage, amount, as_of = None, text, None
    for candidate in Stage:
        for name in (candidate.label, candidate.value):
            if text.casefold().startswith(f"{name}: "):
                stage, amount = candidate, text[len(name) + 2 :]
    if match := _AS_OF.fullmatch(amount):
        amount, as_of = match["amount"], _date_or_none(match["as_of"])
        if as_of is None:
            return text
    read = amount_or_none(amount) if amount.startswith(Qualifier.UNSPECIFIED) else _amount_or_none(amount)
    return text if read is None else str(MeasureFact(read, as_of, stage))


def _amount_or_none(text: str) -> Amount | None:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        return None
    value, upper = _quantity(match, ""), _quantity(match, "2")
    scale, upper_scale = match["scale"], match["scale2"]
    if upper is not None and upper_scale and not scale and not match["sign2"]:
        # 5 to 7 billion: the scale belongs to both.
        value = _scaled(match["number"], upper_scale)
    unit = " ".join((match["unit"] or "").split())
    codes = {code.upper() for code in (match["code"], unit if re.fullmatch("[A-Z]{3}", unit) else None) if code}
    codes |= {_SIGNS[sign] for sign in (match["sign"], match["sign2"]) if sign}
    if len(codes) > 1 or (codes and unit and unit not in codes) or (match["per"] and (codes or _begins_with_scale(unit))):
        return None
    if match["per"]:
        unit = f"percent {unit}".strip()
    if _begins_with_scale(unit):
        return None
    qualifier = _QUALIFIERS[match["qualifier"].lower()] if match["qualifier"] else Qualifier.NONE
    return _unit_in_singular(Amount(qualifier, value, upper, codes.pop() if codes else unit))


def _quantity(match: re.Match[str], end: str) -> Decimal | None:
    return _scaled(match[f"number{end}"], match[f"scale{end}"]) if match[f"number{end}"] else None


def _scaled(number: str, scale: str | None) -> Decimal:
    return Decimal(number.replace(",", "")) * (_SCALES[scale.lower()] if scale else 1)


def _begins_with_scale(unit: str) -> bool:
    return unit.partition(" ")[0].lower() in _SCALES


def _unit_in_singular(amount: Amount) -> Amount:
    return Amount(amount.qualifier, amount.value, amount.upper, singular_unit(amount.unit))


def _key_of_label(labels: dict[str, str], text: str) -> str:
    """Return the key whose label is `text`, in any case; `text` itself if none or several have it."""
    keys = [key for key, label in labels.items() if text.casefold() in (key.casefold(), str(label).casefold())]
    return keys[0] if len(keys) == 1 else text
