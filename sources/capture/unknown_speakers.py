"""Speakers whom the register does not know yet: the names of people met in a text up to a passage."""

import re
from collections.abc import Iterable

from entities.likeness.latin_words import latin_words
from entities.likeness.word_lists import TITLE_WORDS
from entities.vocabulary import Kind, SuggestionKind
from sources.capture.record_creation import StatedValue, facts_of_name
from sources.capture.record_proposals import RecordProposal
from sources.suggestions.known import PORTFOLIO_WORDS
from sources.suggestions.suggestion import Suggestion

_AND_WORDS = frozenset("and та і й i oraz und et".split())


def find_unknown_speaker(speaker: str, end: int, suggestions: Iterable[Suggestion]) -> Suggestion | None:
    """Return the only name of an unknown person, met before the offset `end`, that the words for a speaker may mean."""
    people = [
        suggestion
        for suggestion in suggestions
        if suggestion.kind == SuggestionKind.NAME
        and suggestion.proposal["entity_kind"] == Kind.PERSON
        and suggestion.start < end
        and _may_be_called(speaker, suggestion)
    ]
    names = {tuple(latin_words(suggestion.proposal["name"])) for suggestion in people}
    return people[0] if len(names) == 1 else None


def _may_be_called(speaker: str, suggestion: Suggestion) -> bool:
    """Return whether words may mean a person: the name, or the family name after nothing but words of a title."""
    words, name = latin_words(speaker), latin_words(suggestion.proposal["name"])
    if not words or not name or _AND_WORDS & set(speaker.lower().split()) or words[-1] != name[-1]:
        return False
    titles = TITLE_WORDS | PORTFOLIO_WORDS | set(latin_words(suggestion.proposal["role"]))
    return words[-len(name) :] == name or all(word in titles for word in words[:-1])


def propose_speaker(suggestion: Suggestion, passage: str) -> RecordProposal:
    """Return the person that a suggestion names, with those parts of the name that the passage states."""
    name, words = suggestion.proposal["name"], " ".join(passage.split())
    stated = (fact for fact in facts_of_name(Kind.PERSON, name, name) if re.search(rf"\b{re.escape(fact.value)}\b", words))
    facts = tuple(StatedValue(fact.field, fact.value, as_stated=fact.value) for fact in stated)
    return RecordProposal(Kind.PERSON, name, facts, reason="the register does not know this speaker")
