"""Counted nouns of German, French, Polish and Ukrainian, told by lists, endings and capitals. Where they cannot be told, none."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from sources.suggestions.amount_vocabulary import vocabulary_of
from sources.suggestions.amount_vocabulary.entries import WORD_GAP, NounVocabulary
from sources.suggestions.amount_vocabulary.language_free import MODELS
from sources.suggestions.counted_nouns import CountedNoun
from sources.suggestions.written_numbers import StatedNumber

_WORD = re.compile(r"[^\W_]+(?:[-‐‑'’ʼ][^\W_]+)*")
_GAP = re.compile(WORD_GAP)
_OPENING_MARK = re.compile(r"[«„“\"]\s?")
_CLOSING_MARK = re.compile(r"\s?[»“”\"]")
_LONGEST = 4
_MODELS = re.compile(MODELS)
_ABBREVIATION_END = re.compile(r"\.(?:,|-|[^\S\n]+[a-zà-ÿœа-яіїєґąćęłńóśźż])")
_ABBREVIATED = re.compile(r"\.[^\S\n]+(\w+)")
_GENITIVES = ("их", "ych")


class _Patterns(NamedTuple):
    """Patterns of the nouns of one language."""

    persons: re.Pattern[str]
    person_adjectives: re.Pattern[str]
    adjectives: re.Pattern[str]
    never_counted: re.Pattern[str]
    money: re.Pattern[str]
    no_noun: re.Pattern[str]
    surely_nouns: re.Pattern[str]
    after_five: re.Pattern[str]
    numbered: re.Pattern[str]
    joined_noun: re.Pattern[str]
    measures: re.Pattern[str]
    person_phrases: re.Pattern[str]
    proper_persons: re.Pattern[str]
    proper_things: re.Pattern[str]
    containers: re.Pattern[str]
    are_capitalised: bool


@lru_cache(maxsize=16)
def _patterns(language: str) -> _Patterns:
    nouns: NounVocabulary = vocabulary_of(language).nouns
    names = [name for name in _Patterns._fields if name != "are_capitalised"]
    patterns: dict[str, Any] = {name: re.compile(getattr(nouns, name)) for name in names}
    return _Patterns(**patterns, are_capitalised=nouns.are_capitalised)


def read_noun(text: str, offset: int, number: StatedNumber, language: str) -> CountedNoun | None:
    """Return the noun counted by `number`, after which the next word stands at `offset`; None if it cannot be told.

    The unit of things is the noun as written, in lower case; of people, `person`. Marks around the noun belong to it.
    """
    mark = _OPENING_MARK.match(text, offset)
    if not mark:
        return _read_plain_noun(text, offset, number, language)
    noun = _read_plain_noun(text, mark.end(), number, language)
    closing = _CLOSING_MARK.match(text, noun.end) if noun else None
    return noun._replace(end=closing.end()) if noun and closing else None


def _read_plain_noun(text: str, offset: int, number: StatedNumber, language: str) -> CountedNoun | None:
    patterns = _patterns(language)
    if measure := patterns.measures.match(text, offset):
        if patterns.joined_noun.match(text, measure.end()):
            return None
        return CountedNoun(measure.end(), " ".join(measure.group().lower().split()), False)
    if people := patterns.person_phrases.match(text, offset):
        return CountedNoun(people.end(), "person", True)
    for _ in range(_LONGEST):
        word = _WORD.match(text, offset)
        if not word:
            return None
        kind = _kind_of_word(text, word, patterns)
        if kind == "person":
            return CountedNoun(word.end(), "person", True)
        if kind == "thing":
            if patterns.joined_noun.match(text, word.end()) or not _agrees(number, word.group().lower(), patterns):
                return None
            return CountedNoun(word.end(), word.group().lower(), False)
        gap = _GAP.match(text, word.end())
        if kind != "adjective" or not gap:
            return None
        offset = gap.end()
    return None


def _agrees(number: StatedNumber, noun: str, patterns: _Patterns) -> bool:
    """Tell whether a noun has a form that things have after the number, and so is not named by it."""
    if number.notation and number.scale == 1 and patterns.numbered.fullmatch(noun):
        return False
    if number.value is None or number.scale > 1:
        return bool(patterns.after_five.fullmatch(noun))
    takes_plural = number.value % 10 in (2, 3, 4) and number.value % 100 not in (12, 13, 14)
    return takes_plural or not number.is_whole or bool(patterns.after_five.fullmatch(noun))


def _kind_of_word(text: str, word: re.Match, patterns: _Patterns) -> str:
    """Return person, thing, adjective or '' for the word after a number, or after an adjective there."""
    written = word.group()
    lower_case = written.lower().replace("’", "'").replace("ʼ", "'")
    if patterns.never_counted.fullmatch(lower_case) or patterns.money.fullmatch(lower_case):
        return ""
    if _ABBREVIATION_END.match(text, word.end()):
        return ""
    following = _next_word(text, word.end())
    if patterns.are_capitalised:
        if following is None and (money := _ABBREVIATED.match(text, word.end())) and patterns.money.fullmatch(money[1].lower()):
            return ""
        return _kind_of_german_word(written, lower_case, following, patterns)
    if not written.replace("-", "").replace("'", "").replace("’", "").replace("ʼ", "").isalpha():
        return ""
    if patterns.persons.fullmatch(lower_case) or patterns.proper_persons.fullmatch(written):
        return "person"
    if written[0].isupper():
        return "thing" if patterns.proper_things.fullmatch(written) else ""
    is_followed_by_noun = following is not None and following.islower() and _may_be_noun(following, patterns)
    if is_followed_by_noun and lower_case.endswith(_GENITIVES) and patterns.person_adjectives.fullmatch(lower_case):
        # A noun in the nominative is none of theirs: “20 військових навесні”.
        is_followed_by_noun = bool(patterns.after_five.fullmatch(following or ""))
    if patterns.person_adjectives.fullmatch(lower_case):
        is_genitive = lower_case.endswith(("их", "ych", "ich"))
        if not is_followed_by_noun or (is_genitive and not patterns.after_five.fullmatch(following or "")):
            return "person"
        assert following
        is_known = patterns.persons.fullmatch(following) or patterns.surely_nouns.fullmatch(following)
        return "adjective" if is_known else ""
    if following and patterns.money.fullmatch(following.lower()) and not patterns.surely_nouns.fullmatch(lower_case):
        # An adjective of a currency that is not known.
        return ""
    if patterns.surely_nouns.fullmatch(lower_case) and not patterns.never_counted.fullmatch(lower_case):
        return "thing"
    if patterns.adjectives.fullmatch(lower_case):
        return "adjective" if is_followed_by_noun else ""
    return "thing" if _may_be_noun(lower_case, patterns) else ""


def _kind_of_german_word(written: str, lower_case: str, following: str | None, patterns: _Patterns) -> str:
    if written[0].islower():
        return "adjective" if patterns.adjectives.fullmatch(lower_case) else ""
    if not written.rpartition("-")[2].isalpha() or not written.rpartition("-")[2][0].isupper() or written.isupper():
        return ""
    if patterns.persons.fullmatch(lower_case):
        return "person"
    # Of two nouns, the second may be what is counted, or may begin something else; a model and a content are neither.
    is_open = following is not None and following[0].isupper() and not _is_model(following)
    return "" if len(written) < 3 or (is_open and not patterns.containers.fullmatch(lower_case)) else "thing"


def _is_model(word: str) -> bool:
    """Return whether a word names a model: “S-300”, “Leopard”."""
    return any(letter.isdigit() for letter in word) or bool(_MODELS.fullmatch(re.split(r"[-‐‑]", word.lower())[0]))


def _may_be_noun(lower_case: str, patterns: _Patterns) -> bool:
    if patterns.never_counted.fullmatch(lower_case) or patterns.money.fullmatch(lower_case):
        return False
    return bool(patterns.surely_nouns.fullmatch(lower_case)) or not patterns.no_noun.fullmatch(lower_case)


def _next_word(text: str, offset: int) -> str | None:
    gap = _GAP.match(text, offset)
    word = _WORD.match(text, gap.end()) if gap else None
    return word.group() if word else None
