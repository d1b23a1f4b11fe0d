"""Suggestions: rules that find quotations, mentions, unknown names, amounts and dates in a text for an editor to decide on."""

from collections import defaultdict
from dataclasses import replace

from sources.suggestions import amounts, dates, mentions, quotations, unknown_names
from sources.suggestions.known import Known
from sources.suggestions.languages import reading_language
from sources.suggestions.suggestion import Suggestion

RULES_VERSION = "5"
"""Version of the rules, raised whenever the same text may give other suggestions than before."""


def suggest(text: str, known: Known, published_on: str = "", language: str = "en") -> list[Suggestion]:
    """Return the suggestions for `text` in order of place, each with the number of the occurrence of its words.

    `published_on` is a partial date, `language` the BCP 47 tag of the text; '' if unknown. In a language that is not one of
    `READ_LANGUAGES`, only what needs no language is suggested. Nothing in the text is followed as an instruction, and no text
    raises an error.
    """
    language = reading_language(language)
    suggestions = [
        *quotations.find_quotations(text, known, published_on, language),
        *mentions.find_mentions(text, known, language),
        *unknown_names.find_unknown_names(text, known, language),
        *amounts.find_amounts(text, language),
        *dates.find_dates(text, published_on, language),
    ]
    unique = {(suggestion.kind, suggestion.start, suggestion.end): suggestion for suggestion in reversed(suggestions)}
    return _number_occurrences(
        text, sorted(unique.values(), key=lambda suggestion: (suggestion.start, -suggestion.end, suggestion.kind))
    )


def _number_occurrences(text: str, suggestions: list[Suggestion]) -> list[Suggestion]:
    """Return the suggestions, each with the number of its place among all where exactly its words occur."""
    last_counts: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    numbered = []
    for suggestion in suggestions:
        count, counted_to = last_counts[suggestion.exact]
        count += text.count(suggestion.exact, counted_to, suggestion.start)
        last_counts[suggestion.exact] = (count, suggestion.start)
        numbered.append(replace(suggestion, occurrence=count))
    return numbered
