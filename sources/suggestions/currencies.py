"""Currencies in texts: signs and codes before a number, words and codes after it."""

import re

from sources.suggestions.written_numbers import WORD_GAP

_DOLLARS = {
    "US": "USD", "U.S.": "USD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "CDN": "CAD", "NZ": "NZD", "HK": "HKD",
    "S": "SGD", "NT": "TWD",
}  # fmt: skip
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₴": "UAH", "₽": "RUB", "₺": "TRY", "₹": "INR", "₩": "KRW", "₪": "ILS"}
_CODES = "USD|EUR|GBP|CHF|NOK|SEK|DKK|ISK|PLN|CZK|HUF|RON|BGN|UAH|RUB|TRY|JPY|CNY|CAD|AUD|NZD|HKD|SGD|TWD|KRW|INR|ILS|GEL|MDL|BRL"
_WORDS = {
    "EUR": r"euros?",
    "GBP": r"(?:British |sterling )?pounds?(?: sterling)?(?! of\b)",
    "UAH": r"(?:Ukrainian )?hr[iy]vni?as?",
    "NOK": r"Norwegian (?:kroner?|crowns?)|kroner?",
    "DKK": r"Danish (?:kroner?|crowns?)",
    "SEK": r"(?:Swedish )?(?:kronor|krona)|Swedish (?:kroner?|crowns?)",
    "ISK": r"Icelandic (?:kr[oó]nur|kr[oó]na|crowns?)",
    "CZK": r"(?:Czech )?korunas?|Czech crowns?",
    "PLN": r"(?:Polish )?z[lł]ot(?:ys?|ies|e|ych)",
    "JPY": r"(?:Japanese )?yen",
    "CHF": r"Swiss francs?",
    "RUB": r"(?:Russian )?(?:rou|ru)bles?",
    "CNY": r"(?:Chinese )?yuan|renminbi",
    "KRW": r"South Korean won",
    "TRY": r"(?:Turkish )?liras?",
    "INR": r"(?:Indian )?rupees?",
    "ILS": r"(?:Israeli )?(?:new )?shekels?",
    "HUF": r"(?:Hungarian )?forints?",
    "RON": r"Romanian lei",
    "BGN": r"(?:Bulgarian )?leva",
    "CAD": r"Canadian dollars?",
    "AUD": r"Australian dollars?",
    "NZD": r"New Zealand dollars?",
    "HKD": r"Hong Kong dollars?",
    "SGD": r"Singapore dollars?",
    "TWD": r"(?:New )?Taiwan(?:ese)? dollars?",
    # Last, so that the dollars of other states come first.
    "USD": r"(?:U\.?S\.? |American )?dollars?",
}

SIGN_PATTERN = (
    rf"(?:(?:(?P<state>{'|'.join(map(re.escape, _DOLLARS))})[^\S\n]?)?(?P<dollar>\$)"
    rf"|(?P<sign>[{''.join(_SIGNS)}])|(?P<code>{_CODES}))[^\S\n]?"
)
"""A pattern for a currency before a number; `of_sign` reads it."""

_AFTER = re.compile(
    rf"(?:[-‐‑]|{WORD_GAP})(?:{'|'.join(f'(?P<{code}>{words})' for code, words in _WORDS.items())})\b".replace(" ", r"\s+")
    + rf"|[^\S\n]?(?P<code>{_CODES})\b"
    + r"|[^\S\n]?(?P<sign>€)"
)
_WHOSE = re.compile(
    rf"{WORD_GAP}\(?(?:(?P<CAD>Canadian|CAD)|(?P<AUD>Australian|AUD)|(?P<NZD>New{WORD_GAP}Zealand|NZD))(?:{WORD_GAP}dollars)?(?:\)|(?=[\s.,;)]))"
    r"(?!\s+[a-z]*(?:forces|army|troops|aid|government|soldiers))"
)


def currency_of_sign(match: re.Match) -> str:
    """Return the ISO 4217 code of the currency that a match of SIGN_PATTERN names; '' if it names none."""
    if match["dollar"]:
        return _DOLLARS.get(match["state"] or "US", "USD")
    return _SIGNS.get(match["sign"], "") if match["sign"] else match["code"] or ""


def currency_after(text: str, offset: int) -> tuple[str, int] | None:
    """Return the currency named after a number that ends at `offset`, and where its name ends; None if there is none."""
    match = _AFTER.match(text, offset)
    if not match:
        return None
    if match["sign"]:
        return _SIGNS[match["sign"]], match.end()
    named = next((code for code in _WORDS if match[code]), "")
    if named in ("NOK", "DKK") and match[named].lower().startswith("kron"):
        named = _kroner_currency(text, offset)
        return (named, match.end()) if named else None
    return named or match["code"], match.end()


def _kroner_currency(text: str, offset: int) -> str:
    """Return NOK or DKK, by the country last named before; '' if neither was."""
    text_before = text[max(0, offset - 400) : offset]
    norway, denmark = (
        max(text_before.rfind(name) for name in names) for names in (("Norw", "Oslo"), ("Danish", "Denmark", "Copenhagen"))
    )
    return "" if norway == denmark else "NOK" if norway > denmark else "DKK"


def dollar_currency(text: str, offset: int) -> tuple[str, int]:
    """Return the currency of an amount in dollars by the state named after it (“$5 million Canadian”), and where that ends."""
    match = _WHOSE.match(text, offset)
    return (str(match.lastgroup), match.end()) if match else ("USD", offset)
