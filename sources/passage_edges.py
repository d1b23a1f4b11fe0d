"""Edges of passages: the offsets of a text at which no word, number or visible character is cut in two.

The rule, in one place. An offset is inside a word if what stands on either side of it belongs together:

- characters of one grapheme, such as a letter and its accent, or the parts of an emoji;
- letters and digits with nothing or only invisible characters between them. Scripts that write no space between words, such as
  Chinese or Thai, may be cut anywhere, but not in a number;
- letters and digits around one hyphen (F-16, long-term), also at the end of a line, around an apostrophe (don't), around “&”,
  or after the full stop of a one-letter abbreviation (U.S);
- digits around a mark of grouping, decimals, ranges, ratios or dates (40,000; 1.5; 10–12; 14:30; 9/11), and groups of three
  digits after one space (40 000);
- a minus sign or decimal point and the digits after it (-5; .5; -$5);
- digits and the word after them that multiplies them (2.5 billion; 40 млрд): without it the number is a smaller one.

Any other sign stands apart: “40” may be quoted from “$40” or “40%”.
"""

import re
import unicodedata

UNSEEN = "\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Characters without a shape of their own, as the inside of a regular expression's character class."""

HYPHENS = "-‐‑"
LINE_BREAKS = "\n\r\f\v\x85\u2028\u2029"
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f"
    "\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
"""Letters of scripts that write no space between words: Thai, Lao, Burmese, Khmer, Tai Tham, Chinese and Japanese."""

_UNSEEN = re.compile(f"[{UNSEEN}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_LINE_END_HYPHEN = rf"[{HYPHENS}][^\S{LINE_BREAKS}]*[{LINE_BREAKS}]\s*"
_JOINS_LETTERS = re.compile(rf"[{HYPHENS}'’‘´`′＇&·]|\.[{HYPHENS}]|{_LINE_END_HYPHEN}")
_JOINS_DIGITS = re.compile(rf"[{HYPHENS}'’‘´`′＇.,:/⁄·٫٬،–—−~×^]|{_LINE_END_HYPHEN}")
_GROUP_SPACE = re.compile("[ \u00a0\u2007\u2009\u202f]")
# The digits of “F-16 700” are two numbers.
_PART_OF_NAME = re.compile(rf"[^\W\d_][{HYPHENS}]?$")
_SIGN = re.compile(r"(?<![^\W_])(?<![-–—−.…])([-–−.][$€£¥₴]?)$")
_MULTIPLIER = re.compile(
    r"(?:(?:hundred|thousand|million|billion|trillion|lakh|crore)s?|bn|mn|tn"
    r"|(?:тис|млн|млрд|трлн)\b|(?:тисяч|мільйон|мільярд|трильйон)\w{0,3}"
    r"|(?:tys|mln|mld|bln)\b|(?:tysiąc|tysięc|milion|miliard|bilion)\w{0,3}"
    r"|(?:Tsd|Mio|Mrd|Bio)\b|(?:Tausend|Million|Milliarde|Billion)(?:en|n)?"
    r"|mille|milliers?|milliards?)(?!\w)",
    re.IGNORECASE,
)
"""Words that multiply the number before them, in the languages whose numbers are read."""
_ASCII_WORD = re.compile("[0-9A-Za-z]{2}")
_MAX_GAP = 64
"""Most characters between two parts of one word: a hyphen, the end of its line and the next line's indentation."""

_ZWJ = "\u200d"
_REGIONAL = ("\U0001f1e6", "\U0001f1ff")


def is_inside_word(text: str, offset: int) -> bool:
    """Return whether a passage that begins or ends at `offset` of `text` would cut a word, a number or a grapheme in two."""
    if not 0 < offset < len(text):
        return False
    if _ASCII_WORD.match(text, offset - 1, offset + 1) or _is_inside_grapheme(text, offset):
        return True
    left = right = offset
    while left > max(0, offset - _MAX_GAP) and not _is_word_character(text[left - 1]):
        left -= 1
    while right < min(len(text), offset + _MAX_GAP) and not _is_word_character(text[right]):
        right += 1
    if right == len(text) or not _is_word_character(text[right]):
        return False
    if left > 0 and _is_word_character(text[left - 1]) and _are_joined(text, left, right):
        return True
    sign = _SIGN.search(text, left, right) if text[right].isdecimal() else None
    return sign is not None and offset > sign.start(1) and not (sign.start() and _is_word_character(text[sign.start() - 1]))


def widen_to_whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the shortest passage around `text[start:end]` that cuts no word in two."""
    while is_inside_word(text, start):
        start -= 1
    while is_inside_word(text, end):
        end += 1
    return start, end


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether the passage `text[start:end]` cuts no word in two."""
    return not is_inside_word(text, start) and not is_inside_word(text, end)


def explain_cut(text: str, start: int, end: int) -> str:
    """Return how the passage `text[start:end]` cuts words in two, and the whole ones; '' if it does not."""
    at_start, at_end = is_inside_word(text, start), is_inside_word(text, end)
    if not at_start and not at_end:
        return ""
    first, last = widen_to_whole_words(text, start, end)
    verb = "begins and ends" if at_start and at_end else "begins" if at_start else "ends"
    whole = " ".join(text[first:last].split())
    shown = whole if len(whole) <= 200 else f"{whole[:99]} … {whole[-99:]}"
    return f"{verb} inside a word or a number; in whole words it is “{shown}”, at {first} to {last}"


def next_grapheme(text: str, offset: int) -> int:
    """Return the first offset from `offset` on that does not cut a grapheme in two."""
    while 0 < offset < len(text) and _is_inside_grapheme(text, offset):
        offset += 1
    return offset


def _is_word_character(letter: str) -> bool:
    # An accent belongs to the letter before it, and the vowel signs of many scripts are accents.
    if letter.isalnum() or letter == "_":
        return True
    return letter > "\u02ff" and unicodedata.category(letter)[0] == "M" and not _UNSEEN.match(letter)


def _are_joined(text: str, left: int, right: int) -> bool:
    """Return whether the letters or digits before `left` and from `right` on are of one word."""
    before, after = text[left - 1], text[right]
    gap = text[left:right]
    if gap and not gap.isascii():
        # A soft hyphen that a line ends with is one that is seen.
        gap = _UNSEEN.sub("", gap.replace("\u00ad", "-") if re.search(f"[{LINE_BREAKS}]", gap) else gap)
    if _is_numeric(before) and _is_numeric(after):
        return not gap or _JOINS_DIGITS.fullmatch(gap) is not None or _groups_digits(text, left, right, gap)
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return False
    if before.isdecimal() and _GROUP_SPACE.fullmatch(gap):
        return _MULTIPLIER.match(text, right) is not None
    if gap == ".":
        return before.isalpha() and after.isalpha() and (left < 2 or not _is_word_character(text[left - 2]))
    return not gap or _JOINS_LETTERS.fullmatch(gap) is not None


def _is_numeric(letter: str) -> bool:
    # Chinese numerals too: 40万 is one number.
    return letter.isdecimal() or unicodedata.numeric(letter, None) is not None


def _groups_digits(text: str, left: int, right: int, gap: str) -> bool:
    """Return whether `gap` is the space before a group of three digits, after a group of at most three."""
    if not _GROUP_SPACE.fullmatch(gap):
        return False
    before = after = 0
    while before < 4 and left - before > 0 and text[left - before - 1].isdecimal():
        before += 1
    while after < 4 and right + after < len(text) and text[right + after].isdecimal():
        after += 1
    return 1 <= before <= 3 and after == 3 and not _PART_OF_NAME.search(text, max(0, left - before - 2), left - before)


def _is_inside_grapheme(text: str, offset: int) -> bool:
    before, after = text[offset - 1], text[offset]
    if after < "\u0300":
        return before == "\r" and after == "\n"
    if before.isspace() or unicodedata.category(before) == "Cc":
        return False
    if unicodedata.category(after)[0] == "M" or after in "\u200c\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if before == _ZWJ or "\U000e0020" <= after <= "\U000e007f" or "\uff9e" <= after <= "\uff9f":
        return True
    if _REGIONAL[0] <= after <= _REGIONAL[1]:
        # Flags are pairs.
        first = offset
        while first > max(0, offset - 1000) and _REGIONAL[0] <= text[first - 1] <= _REGIONAL[1]:
            first -= 1
        return (offset - first) % 2 == 1
    return _hangul_kind(before) + _hangul_kind(after) in ("LL", "LV", "LW", "LX", "VV", "VT", "WV", "WT", "XT", "TT")


def _hangul_kind(letter: str) -> str:
    """Return L, V or T for a leading, vowel or trailing jamo, W or X for a syllable without or with a trailing one, else '-'."""
    if "\u1100" <= letter <= "\u115f" or "\ua960" <= letter <= "\ua97c":
        return "L"
    if "\u1160" <= letter <= "\u11a7" or "\ud7b0" <= letter <= "\ud7c6":
        return "V"
    if "\u11a8" <= letter <= "\u11ff" or "\ud7cb" <= letter <= "\ud7fb":
        return "T"
    if "\uac00" <= letter <= "\ud7a3":
        return "W" if (ord(letter) - 0xAC00) % 28 == 0 else "X"
    return "-"
