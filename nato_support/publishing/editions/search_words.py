"""Words of a text as the full-text index holds them: one rule for both databases, for records and for queries.

The databases only split at spaces. Words are in lower-case Latin letters, in one spelling and in the singular; a compound is
indexed in its parts and joined (F-16: f 16 and f16), an amount in its words and as a number (€40bn: 40000000000 euro).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from entities.likeness.latin_words import fold_to_latin
from entities.numbers import decimal_text
from nato_support.publishing.editions.word_forms import canonical_word

MAX_WORD_LENGTH = 60
OWN_SIGN = "þ"
"""Begins words that no text has; alone, it keeps phrases from reaching from one text into the next."""

# Combining marks belong to the letter before them.
_W = r"(?:[^\W_][\u0300-\u036f]*)"
_GAP = r"[ \u00a0\u2009\u202f]"
_JOINERS = "[-‐‑−–'’ʼ´`/&]"
_SCALES = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "mln": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
_CURRENCIES = {
    "€": "euro",
    "eur": "euro",
    "euro": "euro",
    "euros": "euro",
    "$": "dollar",
    "dollar": "dollar",
    "dollars": "dollar",
    "us$": "usd",
    "usd": "usd",
    "£": "gbp",
    "gbp": "gbp",
    "pound": "pound",
    "pounds": "pound",
    **{code: code for code in "chf sek nok dkk isk pln czk uah cad aud jpy try rub ron bgn huf".split()},
}
# A currency that says more than the word or sign by which it is called as well.
_LESS_EXACT = {"usd": "dollar", "gbp": "pound"}
_SCALE_PATTERN = "thousand|million|billion|trillion|mln|mn|bn|tn|m"
_CURRENCY_PATTERN = "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True))
_DIGITS = (
    rf"\d{{1,3}}(?:(?P<group>[,'’]|{_GAP})\d{{3}}(?!\d))(?:(?P=group)\d{{3}}(?!\d))*(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3}){2,}|\d+(?:\.\d+)?"
)
# Most words are plain, and need not be looked at for anything else; a currency may stand before a number.
_WORD_PATTERN = re.compile(
    rf"(?P<plain>[a-z]+(?![^\W_]|[\u0300-\u036f]|(?:{_JOINERS}|\.)[^\W_]|[$€£]|{_GAP}?[$€£]?\d))"
    rf"|(?P<amount>(?:(?P<before>(?<!\w)(?:{_CURRENCY_PATTERN})){_GAP}?)?(?<![^\W_])(?P<number>{_DIGITS})(?!\d)"
    rf"(?:(?:{_GAP}|[-‐‑])?(?P<scale>{_SCALE_PATTERN})s?(?![^\W_])|(?P<k>k)(?![^\W_]))?"
    rf"(?:{_GAP}?(?P<percent>%|(?:(?<=[\s\u00a0-])|(?<=\d))(?:per{_GAP}?cent|pct)(?![^\W_]))"
    rf"|(?:{_GAP}|[-‐‑])?(?P<after>{_CURRENCY_PATTERN})(?![^\W_]))?(?![^\W_]))"
    rf"|(?P<acronym>(?<![^\W_.])[a-z](?:\.[a-z])+\.?(?![^\W_])(?:[-‐‑–/]{_W}+)*)"
    rf"|(?P<word>{_W}+(?:{_JOINERS}{_W}+)*)"
    r"|(?P<sign>[€$£%])",
    re.IGNORECASE,
)
# What follows the first number of a range such as 40 to 50 billion euros.
_RANGE_PATTERN = re.compile(
    rf"{_GAP}?(?:-|–|to|or|and){_GAP}?(?:{_CURRENCY_PATTERN})?{_GAP}?(?:{_DIGITS})"
    rf"(?:{_GAP}|-)?(?P<scale>{_SCALE_PATTERN})s?(?![^\W_])(?:(?:{_GAP}|-)?(?P<after>{_CURRENCY_PATTERN})(?![^\W_]))?",
    re.IGNORECASE,
)
_GROUPING = re.compile(rf"[,'’]|{_GAP}")
_POSSESSIVE = re.compile(r"['’ʼ]s$", re.IGNORECASE)
_PART_PATTERN = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+|\d+")
WRITTEN_AS_SIGNS = frozenset({"euro", "dollar", "usd", "gbp", "pound", "percent"})
"""Words for which a text may have a sign."""
_SIGN_WORDS = {"€": "euro", "$": "dollar", "£": "gbp", "%": "percent"}


class WordPart(NamedTuple):
    """A plain word, or a part of a compound or of an amount."""

    start: int
    end: int
    word: str
    """Canonical form."""
    spelling: str
    """As written, in lower-case Latin letters."""


class SearchWord(NamedTuple):
    """A word, a compound or an amount of a text, with its position in code points."""

    start: int
    end: int
    parts: tuple[WordPart, ...]
    joined: tuple[str, ...]
    """The words that stand for all of it; those of its parts, unless it is a compound or an amount."""
    further: tuple[str, ...] = ()
    """Words by which it is found as well, in no phrase."""
    is_amount: bool = False

    @property
    def is_plain(self) -> bool:
        """True if it is no compound and no amount."""
        return len(self.parts) == 1 and self.joined == (self.parts[0].word,)


def iterate_search_words(text: str) -> Iterator[SearchWord]:
    """Yield the words of a text in reading order."""
    for match in _WORD_PATTERN.finditer(text):
        kind = match.lastgroup
        if kind == "plain":
            yield _plain_word(match.start(), match.end(), _without_plural_of_capitals(match[0]), match[0].lower())
        elif kind == "amount":
            yield _amount(text, match)
        elif kind == "acronym":
            yield _acronym(text, *match.span())
        elif kind == "sign":
            yield _plain_word(match.start(), match.end(), _SIGN_WORDS[match[0]], _SIGN_WORDS[match[0]])
        elif compound := _word_or_compound(text, match.start(), match.end()):
            yield compound


def _acronym(text: str, start: int, end: int) -> SearchWord:
    """Return an acronym with points, or a compound that begins with one, such as U.S.-led, which has the acronym as well."""
    parts = [_part(text, *part.span()) for part in _PART_PATTERN.finditer(text, start, end)]
    letters = "".join(part.word for part in takewhile(lambda part: len(part.word) == 1, parts))
    joined = _joined(parts)
    return SearchWord(start, end, tuple(parts), joined, () if joined == (letters,) else (letters,))


def _word_or_compound(text: str, start: int, end: int) -> SearchWord | None:
    if possessive := _POSSESSIVE.search(text, start, end):
        end = possessive.start()
    found = (_part(text, part.start(), part.end()) for part in _PART_PATTERN.finditer(text, start, end))
    parts = [part for part in found if part.word]
    if len(parts) > 1 and text[parts[-1].start : end] == "s" and parts[-2].word.isdigit():
        # As in F-16s.
        end = parts.pop().start
    if not parts:
        return None
    if len(parts) == 1:
        return _plain_word(parts[0].start, parts[0].end, parts[0].word, parts[0].spelling)
    is_number_range = all(part.word.isdigit() for part in parts)
    return SearchWord(start, end, tuple(parts), tuple(part.word for part in parts) if is_number_range else _joined(parts))


def _plain_word(start: int, end: int, word_in_singular: str, spelling: str) -> SearchWord:
    word, joined, further = _plain_forms(word_in_singular)
    return SearchWord(start, end, (WordPart(start, end, word, spelling),), joined, further)


@lru_cache(maxsize=1 << 16)
def _plain_forms(spelling: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the canonical word, the same as what stands for all of the word, and what it is found by as well."""
    word = _CURRENCIES.get(spelling) or canonical_word(spelling[:MAX_WORD_LENGTH])
    return word, (word,), tuple(filter(None, [_LESS_EXACT.get(word)]))


def _part(text: str, start: int, end: int) -> WordPart:
    written = text[start:end]
    spelling = _latin_spelling(written)
    return WordPart(start, end, canonical_word(_without_plural_of_capitals(written) if written.isascii() else spelling), spelling)


def _without_plural_of_capitals(written: str) -> str:
    """Return a word of ASCII letters or digits in lower case, one such as UAVs or Ts without its s."""
    is_plural = written[-1] == "s" and written[:-1].isupper() and written not in ("As", "Is", "Us")
    return written[:-1].lower() if is_plural else written.lower()[:MAX_WORD_LENGTH]


@lru_cache(maxsize=1 << 16)
def _latin_spelling(word: str) -> str:
    """Return a word in lower-case Latin letters; "" if it has none."""
    latin = word.lower() if word.isascii() else fold_to_latin(unicodedata.normalize("NFKC", word))
    return latin[:MAX_WORD_LENGTH] if latin.isascii() else ""


def _joined(parts: Iterable[WordPart]) -> tuple[str]:
    return (canonical_word(join_words(part.word for part in parts)),)


def join_words(words: Iterable[str]) -> str:
    """Return the parts of a compound as one word.

    One that begins with a digit gets a sign of ours: PostgreSQL would split some, such as 1e5a.
    """
    word = "".join(words)[:MAX_WORD_LENGTH]
    return OWN_SIGN + word if word[0].isdigit() and not word.isdigit() else word


def _amount(text: str, match: re.Match[str]) -> SearchWord:
    """Return a number with its scale word, currency or percent sign. Of a range, each number has the scale of the last."""
    scale, after = match["scale"] or match["k"], match["after"]
    if not scale and (end := _RANGE_PATTERN.match(text, match.end())):
        scale, after = end["scale"], after or end["after"]
    number = _number_word(match["number"], _SCALES[scale.lower()] if scale else 1)
    unit = "percent" if match["percent"] else _CURRENCIES.get((after or match["before"] or "").lower(), "")
    further = [f"{OWN_SIGN}{number.removeprefix(OWN_SIGN)}{unit}"] if unit else []
    if less_exact := _LESS_EXACT.get(unit):
        further += [less_exact, f"{OWN_SIGN}{number.removeprefix(OWN_SIGN)}{less_exact}"]
    parts = tuple(_amount_parts(text, match))
    return SearchWord(match.start(), match.end(), parts, (number, unit) if unit else (number,), tuple(further), is_amount=True)


def _amount_parts(text: str, match: re.Match[str]) -> Iterator[WordPart]:
    for name in ("before", "number", "scale", "k", "percent", "after"):
        start, end = match.span(name)
        if start < 0:
            continue
        if name == "number" and match["group"] and match["group"].isspace():
            # The numbers may as well be two, such as a day and a headcount.
            yield from (_part(text, part.start(), part.end()) for part in _PART_PATTERN.finditer(text, start, end))
            continue
        written = match[name].lower()
        word = (
            "percent"
            if name == "percent"
            else _number_word(written, 1)
            if name == "number"
            else _CURRENCIES.get(written, written)
        )
        yield WordPart(start, end, word, word)


def _number_word(digits: str, scale: int) -> str:
    """Return a number as one word: its digits; with a fraction, as 1d5 after a sign of ours."""
    plain = _GROUPING.sub("", digits)
    value = Decimal(plain.replace(".", "") if plain.count(".") > 1 else plain) * scale
    whole, _, fraction = decimal_text(value).partition(".")
    return (f"{OWN_SIGN}{whole}d{fraction}" if fraction else whole)[:MAX_WORD_LENGTH]


def index_words(texts: Iterable[str]) -> str:
    """Return what the index holds for texts that are searched for words and phrases.

    For each text its words in their order; again with compounds joined, if it has any; then what else it is found by.
    """
    streams: list[list[str]] = []
    further: dict[str, None] = {}
    for text in texts:
        words = list(iterate_search_words(text))
        split = [part.word for word in words for part in word.parts]
        joined = [piece for word in words for piece in word.joined]
        streams += [split] if split == joined else [split, joined]
        further |= dict.fromkeys(_further_words(words))
    known = {word for stream in streams for word in stream}
    streams += [[word] for word in further if word not in known]
    return f" {OWN_SIGN} ".join(" ".join(stream) for stream in streams if stream)


def distinct_words(texts: Iterable[str], known: Iterable[str]) -> str:
    """Return each word of texts that are searched for words alone, once and sorted, without those `known`."""
    found: set[str] = set()
    for text in dict.fromkeys(texts):
        found |= _words_of_text(text)
    return " ".join(sorted(found.difference(known)))


# A passage is evidence for several facts, of several records.
@lru_cache(maxsize=1 << 12)
def _words_of_text(text: str) -> frozenset[str]:
    words = list(iterate_search_words(text))
    return frozenset(
        [
            *(part.word for word in words for part in word.parts),
            *(piece for word in words for piece in word.joined),
            *_further_words(words),
        ]
    )


def _further_words(words: Iterable[SearchWord]) -> Iterator[str]:
    for word in words:
        yield from word.further
        yield from (part.spelling for part in word.parts if part.spelling != part.word)
