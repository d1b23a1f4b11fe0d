"""Names of people in the languages that have a vocabulary: a given name or a role, with a family name in the nominative.

Capitals alone say too little: in German each noun has one, and in Ukrainian and Polish an oblique case is not the name.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sources.sentence_splitting import split_lines_or_unwrapped_paragraphs
from sources.suggestions.speech.names import given_name_gender
from sources.suggestions.speech.noun_phrases import NounPhraseParser
from sources.suggestions.speech.tokens import tokenise
from sources.suggestions.speech.vocabularies import VOCABULARIES

_MOST_WORDS = 4
_TITLE_DISTANCE = 8
"""Most tokens from a role to the name of whoever has it."""


class PersonName(NamedTuple):
    """Name `text[start:end]` of a person, with the words before it that describe them, or ''."""

    start: int
    end: int
    role: str


def iterate_person_names(text: str, language: str) -> Iterator[PersonName]:
    """Yield the names of people in a text in one of the languages of `VOCABULARIES`, in order of place."""
    vocabulary = VOCABULARIES[language]
    tokens, _ = tokenise(text, split_lines_or_unwrapped_paragraphs(text), [], vocabulary)
    parser = NounPhraseParser(tokens, vocabulary)
    at = 0
    while at < len(tokens):
        if not parser.is_name_word(tokens[at]):
            at += 1
            continue
        end = parser.name_run(at, len(tokens))
        first = next((place for place in range(at, end - 1) if parser.is_given_name(tokens[place])), None)
        role = _role_before(text, parser, at, end) if first in (None, at) else None
        if role and first is None:
            first = role[1]
        if first is not None and 2 <= end - first <= _MOST_WORDS + 2 and not _may_be_oblique(parser, first, end):
            yield PersonName(tokens[first].start, tokens[end - 1].end, role[0] if role else "")
        at = max(end, at + 1)


def _role_before(text: str, parser: NounPhraseParser, at: int, end: int) -> tuple[str, int] | None:
    """Return the words of the role before a name that ends at token `end`, and the token at which the name begins."""
    tokens = parser.tokens
    for index in range(at - 1, max(-1, at - _TITLE_DISTANCE), -1):
        if not tokens[index].is_word:
            return None
        if parser.role_gender(tokens[index]) is not None:
            phrase = parser.parse(index, end)
            if phrase and phrase.is_name and phrase.last_token == end:
                name = next(place for place in range(index, end) if tokens[place].start == phrase.start)
                return " ".join(text[tokens[index].start : phrase.start].strip(" ,").split()), name
            return None
    return None


def _may_be_oblique(parser: NounPhraseParser, first: int, end: int) -> bool:
    """Return whether a name may stand in another case: Aleksandra Kosa is she, or him in the genitive; Ada Fells Rede."""
    tokens, vocabulary = parser.tokens, parser.vocabulary
    if (
        vocabulary.nouns_are_capitalised
        and tokens[end - 1].raw.endswith("s")
        and end < len(tokens)
        and tokens[end].is_capitalised
    ):
        return True
    given = parser.tokens[first]
    gender = given_name_gender(given)
    others = parser.genders_in_other_cases(given)
    return parser.looks_oblique(first, end, gender or "") or bool(gender and others - {gender})
