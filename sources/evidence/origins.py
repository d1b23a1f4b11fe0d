"""Origins of citations: which of them repeat one utterance or passage."""

import functools
import itertools
import re
from collections.abc import Iterable

from anyascii import anyascii
from rapidfuzz import fuzz

from entities.dates import PartialDate
from sources.models import Citation

SAME_WORDS_LIKENESS = 90
"""From which likeness two passages are taken to repeat each other."""


@functools.lru_cache(maxsize=4096)
def latinise_words(words: str) -> str:
    """`words` in small Latin letters, without marks: what is compared where only the sense counts."""
    return " ".join(re.findall(r"\w+", anyascii(words).lower()))


def group_by_origin(citations: Iterable[Citation]) -> list[list[Citation]]:
    """`citations` by the utterance or passage that they go back to: what repeats one origin is one witness.

    Quotes share an origin if one speaker said them at one occasion, or on one day, or if their words are nearly the same.
    """
    found: list[list[Citation]] = []
    for citation in citations:
        same: list[list[Citation]] = []
        others: list[list[Citation]] = []
        for group in found:
            (same if any(_share_origin(citation, member) for member in group) else others).append(group)
        found = [*others, [*itertools.chain.from_iterable(same), citation]]
    return found


def _share_origin(one: Citation, other: Citation) -> bool:
    first, second = one.quote, other.quote
    if first.pk == second.pk:
        return True
    if first.speaker_id and first.speaker_id == second.speaker_id:
        if first.occasion_id and first.occasion_id == second.occasion_id:
            return True
        if first.said_on and first.said_on == second.said_on and PartialDate.parse(first.said_on).day:
            return True
    words = latinise_words(first.exact), latinise_words(second.exact)
    return min(map(len, words)) >= 20 and fuzz.ratio(*words) >= SAME_WORDS_LIKENESS
