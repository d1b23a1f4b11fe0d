"""Raised and lowered characters of web pages: footnote marks and powers that must never join the number before them."""

import re

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_RAISED_LETTERS = dict(zip("abcdefghjklmoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))

_NUMBER = re.compile(r"[-+−]?\d{1,3}")
_BRACKETED = re.compile(r"\[[^\[\]]{1,12}\]")
_NOTE_MARK = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[a-z]|[ivx]{2,5}", re.IGNORECASE)
_CENTS_BEFORE = re.compile(r"[$€£]\s?\d[\d.,]*[.,]\Z")
_DECIMALS = re.compile(r"[.,]\d{1,2}")
_SYMBOLS = re.compile(r"[^\w\s]{1,4}")
# Bases of powers: ten, and units and variables of one to three letters.
_POWER_BASE = re.compile(
    r"(?:(?<![\d.,])10|(?<![^\W\d_])(?:k|c|d|m|n|µ|h)?m|(?<![^\W\d_])(?:ft|in|mi|yd|sq|cu|s|[a-zA-Z]|м|км|см|мм|дм|га))\Z"
)
_ORDINAL_BASE = re.compile(r"(?:\d|\b[IVXLCDM]+|\b[A-ZÀ-Þ]|\b[nN])\Z")
_ORDINAL = re.compile(
    r"st|nd|rd|th|er|re|ère|e|è|ème|eme|nde?|de?|lle|mes?|r|rs?|t|te|os?|as?|º|ª|й|я|е|го|ша|га|му", re.IGNORECASE
)
_TRADEMARKS = {"TM": "™", "SM": "℠"}
_ENDS_IN_WORD = re.compile(r"\w\Z")


def raised_text(before: str, raised: str, is_note: bool = False) -> tuple[str, bool]:
    """Return what stands for `raised` after the text `before`, and whether it is doubtful: a footnote or a power.

    A footnote mark is kept apart in brackets, “40 [1]”; a power is written with raised characters, “10⁹”, and so is a mark
    that may be either, “40¹”. `is_note` says that the page marks it as a footnote.
    """
    mark = " ".join(raised.split())
    if not mark:
        return "", False
    if _CENTS_BEFORE.search(before) and mark.isdigit() or (_DECIMALS.fullmatch(mark) and before[-1:].isdigit()):
        # $40.⁹⁹ is a price.
        return mark, False
    apart = "" if not before or before[-1].isspace() else " "
    if _BRACKETED.fullmatch(mark):
        return apart + mark, False
    if is_note and _NOTE_MARK.fullmatch(mark):
        return f"{apart}[{mark}]", False
    if _SYMBOLS.fullmatch(mark) or not mark.isprintable():
        return mark, False
    if _NUMBER.fullmatch(mark):
        if _POWER_BASE.search(before):
            # The first notes of a page are commoner than the first powers of ten.
            return mark.translate(_RAISED), before[-1:].isdigit() and mark in ("1", "2")
        if before and before[-1].isdigit():
            return mark.translate(_RAISED), True
        return f"{apart}[{mark}]", False
    if mark in _TRADEMARKS:
        return _TRADEMARKS[mark], False
    if _ORDINAL_BASE.search(before) and _ORDINAL.fullmatch(mark):
        return mark, False
    if _NOTE_MARK.fullmatch(mark) and any(letter.isdigit() for letter in mark):
        return f"{apart}[{mark}]", False
    if len(mark) == 1 and mark in _RAISED_LETTERS:
        return _RAISED_LETTERS[mark], False
    return (f"{apart}{mark}" if _ENDS_IN_WORD.search(before) else mark), False


def lowered_text(before: str, lowered: str) -> str:
    """Return what stands for `lowered` after the text `before`: the characters themselves after a letter, as in CO2."""
    characters = " ".join(lowered.split())
    if before and (before[-1].isdigit() or before[-1] in "/⁄") and any(letter.isdigit() for letter in characters):
        return characters.translate(_LOWERED)
    return characters


def is_note_mark(text: str) -> bool:
    """Return whether `text` can be a footnote mark, such as 1, [1], (a) or iv."""
    return bool(_NOTE_MARK.fullmatch(" ".join(text.split()).strip("[]()")))
