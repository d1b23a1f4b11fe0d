"""Passages of a document, each with what the rules found in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from entities.vocabulary import SuggestionKind
from sources.suggestions.suggestion import Suggestion
from sources.suggestions.unknown_states import find_unknown_states


@dataclass(frozen=True, slots=True)
class Passage:
    """Passage of a document: its words, its offset, its language and the suggestions that lie in it, in order of place."""

    words: str
    start: int
    language: str
    suggestions: tuple[Suggestion, ...]
    unknown_states: tuple[Suggestion, ...] = ()
    """Each place that names a state which the register does not have."""

    def of_kind(self, kind: SuggestionKind) -> list[Suggestion]:
        """Return the suggestions of one kind, at their offsets in the document."""
        return [suggestion for suggestion in self.suggestions if suggestion.kind == kind]

    def before(self, suggestion: Suggestion) -> str:
        """Return the words of the passage before a suggestion."""
        return self.words[: suggestion.start - self.start]

    def between(self, first: Suggestion, second: Suggestion) -> str:
        """Return the words from the end of one suggestion to the start of a later one."""
        return self.words[first.end - self.start : second.start - self.start]


def passage_with_suggestions(words: str, start: int, language: str, suggestions: Iterable[Suggestion]) -> Passage:
    """Return a passage with those of `suggestions` that lie in it."""
    within = (one for one in suggestions if start <= one.start and one.end <= start + len(words))
    suggestions = tuple(sorted(within, key=lambda one: one.start))
    mentions = [one for one in suggestions if one.kind == SuggestionKind.MENTION]
    return Passage(words, start, language, suggestions, tuple(find_unknown_states(words, start, language, mentions)))
