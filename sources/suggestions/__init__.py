"""What the rules find in a text and propose to an editor: quotations, mentions, names, amounts and dates."""

from collections import defaultdict
from dataclasses import replace

from sources.suggestions import amounts, dates, mentions, quotations, unknown_names
from sources.suggestions.known import Known
from sources.suggestions.suggestion import Suggestion

RULES_VERSION = "2"
"""Changes whenever the same text may give other suggestions than before."""


def suggest(text: str, known: Known, *, published_on: str = "") -> list[Suggestion]:
    """The suggestions for `text`, in order of place; each knows which occurrence of its words it is.

    `published_on`: a partial date, or '' if it is not known. Nothing that the text says is obeyed; no text raises.
    """
    found = [
        *quotations.find_quotations(text, known, published_on),
        *mentions.find_mentions(text, known),
        *unknown_names.find_unknown_names(text, known),
        *amounts.find(text),
        *dates.find(text, published_on),
    ]
    single = {(suggestion.kind, suggestion.start, suggestion.end): suggestion for suggestion in reversed(found)}
    return _number_occurrences(
        text, sorted(single.values(), key=lambda suggestion: (suggestion.start, -suggestion.end, suggestion.kind))
    )


def _number_occurrences(text: str, found: list[Suggestion]) -> list[Suggestion]:
    """The same, each with the number of the place among all where exactly its words stand."""
    places: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    numbered = []
    for suggestion in found:
        count, at = places[suggestion.exact]
        count += text.count(suggestion.exact, at, suggestion.start)
        places[suggestion.exact] = (count, suggestion.start)
        numbered.append(replace(suggestion, occurrence=count))
    return numbered
