"""Currencies in texts: signs and codes before a number; words, codes and signs after it."""

import re
from functools import lru_cache

from sources.suggestions.amount_vocabulary import vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP

_DOLLARS = {
    "US": "USD", "U.S.": "USD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "CDN": "CAD", "NZ": "NZD", "HK": "HKD",
    "S": "SGD", "NT": "TWD",
}  # fmt: skip
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₴": "UAH", "₽": "RUB", "₺": "TRY", "₹": "INR", "₩": "KRW", "₪": "ILS"}
# Codes that are no words in capitals, such as ALL, TOP and CUP.
_CODES = (
    "USD|EUR|GBP|CHF|NOK|SEK|DKK|ISK|PLN|CZK|HUF|RON|BGN|UAH|RUB|TRY|JPY|CNY|CAD|AUD|NZD|HKD|SGD|TWD|KRW|INR|ILS|GEL|MDL|BRL|AED|SAR|QAR|"
    "KWD|ZAR|MXN|EGP|THB|MYR|IDR|PHP|VND|PKR|BDT|LKR|NGN|KES|ARS|CLP|PEN|RSD|MKD|BAM|BYN|KZT|AZN|AMD|UZS|KGS|JOD|IQD|LBP|TND|DZD"
)
# Words and abbreviations that mean one currency in any of the languages.
_COMMON_WORDS = {"zł": "PLN", "грн": "UAH", "Kč": "CZK", "kronor": "SEK"}

_BEFORE = re.compile(
    r"(?<!\w)(?<!\w[-‐‑–./,:'’])"
    rf"(?:(?:(?P<state>{'|'.join(map(re.escape, _DOLLARS))})[^\S\n]?)?(?P<dollar>\$)"
    rf"|(?P<sign>[{''.join(_SIGNS)}])|(?P<code>{_CODES})|(?P<rupees>Rs\.?))[^\S\n]?\Z"
)
_STATE_AFTER = re.compile(rf"[^\S\n]({'|'.join(re.escape(state) for state in _DOLLARS if len(state) > 1)})(?![\w-])")
_LONGEST_BEFORE = 8
_SIGN_AFTER = re.compile(
    rf"[^\S\n]?(?:(?P<code>{_CODES})(?![\w-])|(?P<sign>[{''.join(_SIGNS)}])|(?:(?P<state>US|U\.S\.|CA|C|AU|A|NZ|HK)[^\S\n]?)?(?P<dollar>\$))"
    r"(?![^\S\n]?\d|\w)"
)
# A full stop before a word in lower case belongs to the abbreviation, and what follows it to the amount.
_COMMON = re.compile(rf"[^\S\n]?(?P<word>{'|'.join(_COMMON_WORDS)})(?:\.(?=\s+[a-zа-яіїєґ])|(?![\w-]))")
_WHOSE = re.compile(
    rf"{WORD_GAP}\(?(?:(?P<CAD>Canadian|CAD)|(?P<AUD>Australian|AUD)|(?P<NZD>New{WORD_GAP}Zealand|NZD))(?:{WORD_GAP}dollars)?(?:\)|(?=[\s.,;)]))"
    r"(?!\s+[a-z]*(?:forces|army|troops|aid|government|soldiers))"
)
_LARGE = 10**6


def currency_before(text: str, offset: int) -> tuple[str, int] | None:
    """Return the ISO 4217 code of the currency whose sign or code ends at `offset`, and where that begins; None if none does."""
    match = _BEFORE.search(text, max(0, offset - _LONGEST_BEFORE), offset)
    if not match:
        return None
    if match["dollar"]:
        return _DOLLARS[match["state"] or "US"], match.start()
    return _SIGNS.get(match["sign"], "") or match["code"] or "INR", match.start()


@lru_cache(maxsize=16)
def _words_after(language: str) -> re.Pattern[str]:
    currencies = vocabulary_of(language).currencies
    words = "|".join(f"(?P<{code}>{pattern})" for code, pattern in currencies.items()).replace(" ", r"\s+")
    return re.compile(rf"(?:[-‐‑]|{WORD_GAP}|(?<=['’]))(?:{words or '(?!)'})(?!\w|[-‐‑]\w)", re.IGNORECASE)


def currency_after(text: str, offset: int, language: str = "en", scale: int = 1) -> tuple[str, int] | None:
    """Return the currency named after a number with `scale` that ends at `offset`, and where its name ends; None if none is."""
    if sign := _SIGN_AFTER.match(text, offset):
        if sign["dollar"]:
            state = None if sign["state"] else _STATE_AFTER.match(text, sign.end())
            return (_DOLLARS[state[1]], state.end()) if state else (_DOLLARS[sign["state"] or "US"], sign.end())
        return _SIGNS.get(sign["sign"], "") or sign["code"], sign.end()
    if common := _COMMON.match(text, offset):
        return _COMMON_WORDS[common["word"]], common.end()
    match = _words_after(language).match(text, offset)
    if not match:
        return None
    code = str(match.lastgroup)
    words = match[code].lower()
    if code in ("NOK", "DKK") and words.startswith("kron"):
        code = _kroner_currency(text, offset)
    if words in ("pound", "pounds") and scale < _LARGE:
        # A weight, perhaps.
        return None
    return (code, match.end()) if code else None


def _kroner_currency(text: str, offset: int) -> str:
    """Return NOK or DKK, by the country last named before; '' if neither was."""
    text_before = text[max(0, offset - 400) : offset]
    norway, denmark = (
        max(text_before.rfind(name) for name in names) for names in (("Norw", "Oslo"), ("Danish", "Denmark", "Copenhagen"))
    )
    return "" if norway == denmark else "NOK" if norway > denmark else "DKK"


def resolve_dollars(text: str, offset: int) -> tuple[str, int]:
    """Return the currency of an amount in dollars by the state named after it (“$5 million Canadian”), and where that ends."""
    match = _WHOSE.match(text, offset)
    return (str(match.lastgroup), match.end()) if match else ("USD", offset)


def is_dollar(code: str) -> bool:
    """Tell whether the currency is one of the dollars that a bare sign may mean."""
    return code in _DOLLARS.values()
