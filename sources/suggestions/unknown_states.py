"""States that a text names and the register does not have, by their names in any of the languages that are read."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from django.utils.text import slugify

from entities.vocabulary import Kind, SuggestionKind
from sources.suggestions.known import Known, KnownName
from sources.suggestions.languages import reading_language
from sources.suggestions.mentions import find_mentions
from sources.suggestions.names_of_bodies import NAMES_OF_BODIES, STATES
from sources.suggestions.suggestion import Suggestion

STATE_RULE = "states/1"
_LEAST_SCORE = 0.5
"""Below it, the name of a state is likely part of a longer name."""
_STATE_BY_REFERENCE = {f"new:{slugify(state)}": state for state in STATES}
"""What stands for the public id of a state that is still to be added -> its English name."""


def find_unknown_states(passage: str, start: int, language: str, mentions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return each place of a passage that names a state which is none of `mentions`, the known records named in it.

    `start` is the offset of the passage, which the suggestions share. Each proposes a new organisation by its English name, and
    as its `entity` a reference that stands for its public id. In a language that is not read there are none.
    """
    language = reading_language(language)
    if not language:
        return []
    taken = [(mention.start - start, mention.end - start) for mention in mentions]
    return [
        _state_suggestion(found, start)
        for found in find_mentions(passage, _names_of_states(language), language)
        if found.score > _LEAST_SCORE and not any(first < found.end and found.start < end for first, end in taken)
    ]


@lru_cache(maxsize=8)
def _names_of_states(language: str) -> Known:
    references = {state: reference for reference, state in _STATE_BY_REFERENCE.items()}
    return Known(
        KnownName(name, Kind.ORGANISATION, references[state])
        for state, english in STATES.items()
        for name in (english if language == "en" else NAMES_OF_BODIES[language][state])
    )


def _state_suggestion(found: Suggestion, start: int) -> Suggestion:
    return replace(
        found,
        kind=SuggestionKind.NAME,
        start=found.start + start,
        end=found.end + start,
        rule=STATE_RULE,
        reason="a state that the register does not have",
        proposal=found.proposal | {"name": _STATE_BY_REFERENCE[found.proposal["entity"]]},
    )
