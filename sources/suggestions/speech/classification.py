"""Quoted words in the languages that have a vocabulary: which are somebody's, and which are titles, names or terms."""

import re
from typing import NamedTuple

from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.vocabulary import SpeechVocabulary

_WORD = re.compile(r"[^\W_]+(?:[’'ʼ-][^\W_]+)*")
_STOPS = ".!?…"
_FEWEST_ALONE = 4
_FEWEST_STOPPED = 3
_FEWEST_CARRIED_ON = 2
"""Fewest words of a sentence in marks that is proposed without a speaker."""


class QuotedWords(NamedTuple):
    """Words in marks, as far as their class rests on them. `word_before`: the folded word before the marks, or ''.

    `names_noun`: a noun for a thing stands right before the marks.
    """

    words: list[str]
    opens_with_capital: bool
    stops_inside: bool
    is_title_case: bool
    word_before: str
    names_noun: bool = False

    @classmethod
    def of_span(cls, text: str, span: QuotedSpan, word_before: str = "", *, names_noun: bool = False) -> "QuotedWords":
        """Return the words of a span of a text."""
        quoted = text[span.start : span.end]
        words = _WORD.findall(quoted[:600])
        first = quoted.lstrip("[(…. ‘'‚‹«„“\"*")[:1]
        inside = text[span.start : max(span.start, span.closed - 1)].rstrip(" \u00a0\u202f*")[-1:]
        return cls(
            words=words,
            opens_with_capital=not first.islower() and bool(first),
            stops_inside=bool(inside) and inside in _STOPS,
            is_title_case=_is_title_case(words),
            word_before=word_before,
            names_noun=names_noun,
        )


def _is_title_case(words: list[str]) -> bool:
    """Return whether all words but short ones are capitalised, as in names and titles; a single word if it is."""
    long_words = [word for word in words if len(word) > 3]
    if len(words) == 1:
        return words[0][0].isupper()
    return 2 <= len(long_words) <= 10 and all(word[0].isupper() or word[0].isdigit() for word in long_words)


def _is_short_name(words: list[str]) -> bool:
    """Return whether two or three words are all capitalised, or numbers."""
    return 2 <= len(words) <= 3 and all(word[0].isupper() or word[0].isdigit() for word in words)


def _has_small_word(quoted: QuotedWords) -> bool:
    return any(word.islower() for word in quoted.words)


def is_sentence_without_language(quoted: QuotedWords) -> bool:
    """Return whether marks hold a whole sentence, in whatever language: capital, several words, and a full stop within."""
    return quoted.opens_with_capital and quoted.stops_inside and not quoted.is_title_case and len(quoted.words) >= _FEWEST_ALONE


def is_whole_sentence(
    quoted: QuotedWords, attribution: Attribution | None, vocabulary: SpeechVocabulary, *, stands_alone: bool, is_carried_on: bool
) -> bool:
    """Return whether marks hold a sentence that somebody said or wrote.

    `stands_alone`: the sentence of the article holds nothing else. `is_carried_on`: the speaker of the quotation before goes on.
    """
    count = len(quoted.words)
    if not quoted.opens_with_capital or not count or quoted.word_before in vocabulary.terms:
        return False
    rule = attribution.rule if attribution else ""
    if rule == "colon":
        return (
            (attribution is not None and attribution.names_somebody)
            or quoted.stops_inside
            or (not quoted.is_title_case and count >= _FEWEST_ALONE)
        )
    if count == 1 and quoted.word_before[:1].isalpha() and not quoted.stops_inside:
        return False
    if quoted.word_before[:1].isalpha() and not quoted.stops_inside and _is_short_name(quoted.words):
        # на каналі «Вітер 24», сказав
        return False
    if rule == "after" and attribution and (not attribution.is_calling or count >= _FEWEST_ALONE):
        return True
    if quoted.is_title_case and not (vocabulary.nouns_are_capitalised and quoted.stops_inside and _has_small_word(quoted)):
        return False
    if quoted.words[0].lower() in vocabulary.title_openers and not quoted.stops_inside:
        return False
    if attribution and (rule or attribution.names_somebody):
        return quoted.stops_inside or count >= 5
    if stands_alone:
        if is_carried_on:
            return count >= _FEWEST_CARRIED_ON
        return count >= (_FEWEST_STOPPED if quoted.stops_inside else _FEWEST_ALONE)
    return count >= _FEWEST_ALONE and quoted.stops_inside


def is_spoken_fragment(quoted: QuotedWords, attribution: Attribution | None, vocabulary: SpeechVocabulary) -> bool:
    """Return whether marks hold a part of a sentence that the text says is somebody's."""
    if not attribution or not attribution.names_somebody or quoted.word_before in vocabulary.terms:
        return False
    count = len(quoted.words)
    if quoted.opens_with_capital:
        if quoted.names_noun and quoted.is_title_case:
            return False
        may_be_one_word = attribution.is_calling or quoted.word_before in vocabulary.before_fragments
        fewest = (1 if may_be_one_word else 2) if vocabulary.nouns_are_capitalised else _FEWEST_ALONE
        is_title = quoted.is_title_case and not (
            vocabulary.nouns_are_capitalised
            and (count == 1 or _has_small_word(quoted))
            # sagte der „Zeit am Meer“
            and (
                may_be_one_word
                or quoted.word_before not in vocabulary.articles | vocabulary.prepositions | vocabulary.genitive_openers
            )
        )
        return not is_title and count >= fewest and quoted.words[0].lower() not in vocabulary.title_openers
    return count > 0
