"""Origins of citations: which of them repeat one utterance or passage."""

import functools
import itertools
from collections.abc import Iterable

from rapidfuzz import fuzz

from entities.dates import PartialDate
from entities.likeness.latin_words import latin_words
from sources.models import Citation

MIN_SAME_WORDS_SIMILARITY = 90
"""Similarity, 0 to 100, from which two passages count as repeating each other."""


@functools.lru_cache(maxsize=4096)
def latinise_words(words: str) -> str:
    """Return `words` in lower-case Latin letters without punctuation, for comparing the sense of two wordings."""
    return " ".join(latin_words(words))


def group_by_origin(citations: Iterable[Citation]) -> list[list[Citation]]:
    """Return `citations` grouped by the utterance or passage that they go back to: one group is one witness.

    Where both quotes name their utterance, that decides. Else they share an origin if one speaker said them on one day, or
    if their words are nearly the same.
    """
    groups: list[list[Citation]] = []
    for citation in citations:
        same_origin: list[list[Citation]] = []
        other_groups: list[list[Citation]] = []
        for group in groups:
            (same_origin if any(_share_origin(citation, member) for member in group) else other_groups).append(group)
        groups = [*other_groups, [*itertools.chain.from_iterable(same_origin), citation]]
    return groups


def _share_origin(first: Citation, second: Citation) -> bool:
    first_quote, second_quote = first.quote, second.quote
    if first_quote.pk == second_quote.pk:
        return True
    if first_quote.utterance and second_quote.utterance:
        return first_quote.utterance == second_quote.utterance
    if first_quote.speaker_keys & second_quote.speaker_keys:
        said_on = first_quote.said_on
        if said_on and said_on == second_quote.said_on and PartialDate.parse(said_on).precision == "day":
            return True
    words = latinise_words(first_quote.exact), latinise_words(second_quote.exact)
    return min(map(len, words)) >= 20 and fuzz.ratio(*words) >= MIN_SAME_WORDS_SIMILARITY
