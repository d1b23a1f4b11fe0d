"""Days as pages and articles print them, read only where one day can be meant."""

import re
from datetime import date

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en-short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_MONTH_NUMBERS = {name: number for names in _MONTHS.values() for number, name in enumerate(names.split(), 1)} | {
    "sept": 9,
    "jänner": 1,
    "fevrier": 2,
    "aout": 8,
    "decembre": 12,
    "wrzesnia": 9,
    "pazdziernika": 10,
}
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
# Where a day is written 11.07.2024, the day comes first.
_DAY_FIRST_WITH_POINTS = frozenset("de pl uk ru be cs sk fi no nb da et lv lt bg ro tr hr sl sr mk ka hy az".split())

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?=\D|$)")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?=T|$)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d\d?)[/.](\d\d?)(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d\d?)([/.-])(\d\d?)\2(\d{4})(?!\d)")
_DAY_MONTH = re.compile(rf"(?<!\d)(\d\d?)(?:st|nd|rd|th|er|\.)?(?:\s+of)?\s+({_MONTH})\b\.?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", re.IGNORECASE)

DAY_PATTERN = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d\d?[/.-]\d\d?[/.-]\d{{4}}|\d\d?(?:st|nd|rd|th|er|\.)?(?:\s+of)?\s+(?:{_MONTH})\b\.?,?\s+\d{{4}}"
    rf"|(?:{_MONTH})\b\.?\s+\d\d?(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
"""Pattern for a printed day with its year."""

MONTH_AND_DAY = re.compile(
    rf"\b(?:({_MONTH})\b\.?\s+(\d\d?)(?:st|nd|rd|th)?|(\d\d?)\.?\s+({_MONTH})\b\.?)(?![\d:])", re.IGNORECASE
)
"""A month with a day, and no year: groups 1 and 2, or 4 and 3."""


def read_day(text: str, language: str = "") -> tuple[str, str]:
    """Return the day that `text` prints as YYYY-MM-DD, or '', and a sentence on why it is not certain, or ''."""
    text = " ".join(text.split())
    for pattern in (_ISO, _COMPACT, _YEAR_FIRST):
        if match := pattern.match(text):
            return iso_day(match[1], match[2], match[3]), ""
    if match := _NUMERIC.search(text):
        first, separator, second, year = match.groups()
        as_day_first, as_month_first = iso_day(year, second, first), iso_day(year, first, second)
        if separator == "." and language in _DAY_FIRST_WITH_POINTS:
            as_month_first = ""
        if as_day_first and as_month_first and as_day_first != as_month_first:
            return "", f"“{match[0]}” may be {as_day_first} or {as_month_first}."
        return as_day_first or as_month_first, ""
    if match := _DAY_MONTH.search(text):
        return iso_day(match[3], month_number(match[2]), match[1]), ""
    if match := _MONTH_DAY.search(text):
        return iso_day(match[3], month_number(match[1]), match[2]), ""
    return "", ""


def month_number(name: str) -> int:
    """Return the number of a month from its name in a supported language."""
    return _MONTH_NUMBERS[name.lower()]


def iso_day(year: str | int, month: str | int, day: str | int) -> str:
    """Return a day as YYYY-MM-DD; '' if there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
