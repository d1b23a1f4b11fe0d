"""Tokens of the article's own words: words, marks, and each quotation as one token, cut into sentences."""

import re
from typing import NamedTuple

from sources.sentence_splitting import Span
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech.vocabulary import SpeechVocabulary

_WORD = r"[^\W\d_]+(?:[’'ʼ‑-][^\W\d_]+)*"
_ELIDED = r"(?:[dlcsnjmtDLCSNJMT]|(?:[Jj]us|[Ll]ors|[Pp]uis)?[Qq]u)[’'](?=\s?[^\W\d_])"
_MARKS = r"\d+(?:[.,\u00a0]\d+)*|[.!?…]+|[,;:()\[\]*#>]|[–—―]|-(?=\s)|\S"
_TOKEN = re.compile(rf"{_WORD}|{_MARKS}")
_ELIDING_TOKEN = re.compile(rf"{_ELIDED}|{_WORD}|{_MARKS}")
_APOSTROPHES = str.maketrans("’ʼ", "''")
STOPS = ".!?…"
DASHES = "–—―-"


class Token(NamedTuple):
    """Word, number or mark `text[start:end] == raw`; `folded` is the form compared. `quote`: number of a quotation, or -1."""

    start: int
    end: int
    raw: str
    folded: str
    quote: int = -1

    @property
    def is_word(self) -> bool:
        return self.quote < 0 and self.raw[0].isalpha()

    @property
    def is_capitalised(self) -> bool:
        return self.quote < 0 and self.raw[0].isupper()

    @property
    def is_dash(self) -> bool:
        return self.quote < 0 and self.raw in DASHES


class Sentence(NamedTuple):
    """Tokens `tokens[first:last]` of one sentence, in paragraph number `paragraph`."""

    first: int
    last: int
    paragraph: int


def tokenise(
    text: str, paragraphs: list[Span], spans: list[QuotedSpan], vocabulary: SpeechVocabulary
) -> tuple[list[Token], list[Sentence]]:
    """Return the tokens of a text, its quotations as one token each, and its sentences."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    pattern = _ELIDING_TOKEN if vocabulary.elides else _TOKEN
    number = 0
    for paragraph, (start, end) in enumerate(paragraphs):
        first = len(tokens)
        at = start
        while number < len(spans) and spans[number].opened < end:
            span = spans[number]
            tokens += _tokens_between(text, pattern, at, span.opened)
            tokens.append(Token(span.opened, span.closed, text[span.opened : span.closed], "", number))
            at = span.closed
            number += 1
        tokens += _tokens_between(text, pattern, at, end)
        found = _sentences_between(text, tokens, first, paragraph, vocabulary)
        if sentences and found and tokens[sentences[-1].last - 1].raw == ":" and tokens[first].quote >= 0:
            # Ada Fell replied: and a paragraph of what she said
            found[0] = found[0]._replace(first=sentences.pop().first)
        sentences += found
    return tokens, sentences


def _tokens_between(text: str, pattern: re.Pattern[str], start: int, end: int) -> list[Token]:
    return [
        Token(match.start(), match.end(), match[0], match[0].lower().translate(_APOSTROPHES))
        for match in pattern.finditer(text, start, max(start, end))
    ]


def split_phrase(phrase: str, vocabulary: SpeechVocabulary) -> tuple[str, ...]:
    """Return the folded tokens of a phrase."""
    pattern = _ELIDING_TOKEN if vocabulary.elides else _TOKEN
    return tuple(token.folded for token in _tokens_between(phrase, pattern, 0, len(phrase)))


def _sentences_between(
    text: str, tokens: list[Token], first: int, paragraph: int, vocabulary: SpeechVocabulary
) -> list[Sentence]:
    sentences = []
    for index in range(first, len(tokens)):
        if index + 1 == len(tokens) or _ends_sentence(text, tokens, index, first, vocabulary):
            sentences.append(Sentence(first, index + 1, paragraph))
            first = index + 1
    return sentences


def _ends_sentence(text: str, tokens: list[Token], index: int, first: int, vocabulary: SpeechVocabulary) -> bool:
    """Return whether a sentence ends after token number `index`, which is not the last one of its paragraph."""
    token, following = tokens[index], tokens[index + 1]
    opens = following.quote >= 0 or following.is_capitalised or following.is_dash or following.raw[0] in '([*„«"0123456789'
    if token.quote >= 0:
        closes = text[max(token.start, token.end - 3) : token.end].rstrip("”\"“»«’'›‹ \u00a0\u202f")[-1:] in STOPS
        return closes and (following.is_capitalised or following.quote >= 0 or following.raw[0] in "([*")
    if token.raw[0] not in STOPS or not opens:
        return False
    if following.start == token.end and following.quote < 0 and not following.is_capitalised:
        return False
    if token.raw != ".":
        return True
    before = tokens[index - 1] if index > first else None
    if not before or before.end != token.start or before.quote >= 0:
        return True
    if before.raw.isdigit():
        return not (vocabulary.ordinal_dots and len(before.raw) <= 2 and following.raw[0].isalpha())
    if before.is_dash:
        return True
    if before.folded in vocabulary.abbreviations:
        return False
    return not (len(before.raw) == 1 and before.is_capitalised)
