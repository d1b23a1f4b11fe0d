"""Tense of the words around a date: do they tell of something done or of something planned?"""

import re
from bisect import bisect_left, bisect_right
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from sources.suggestions.date_patterns import SENTENCE_END, DatePatterns

_LOOK_AROUND = 160
_LOOK_BACK = 100
_CLAUSE_END = re.compile(r"[,;:()–—«»“”„\"]|\s-\s")

Places = list[tuple[int, int]]
"""Spans in order."""


class Tense(StrEnum):
    """What the verbs around a place tell."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = ""


class _Verbs(NamedTuple):
    """Places of verbs of the past and of the future in one text."""

    past: Places
    future: Places

    def nearest_tense(self, first: int, last: int, place: int) -> Tense:
        """Return the tense of the verb between `first` and `last` that is nearest to `place`."""
        distance = {
            Tense.PAST: _distance(self.past, first, last, place),
            Tense.FUTURE: _distance(self.future, first, last, place),
        }
        nearest = min(distance, key=lambda tense: distance[tense])
        return nearest if distance[nearest] < last - first + 1 else Tense.UNKNOWN


class TenseReader:
    """Tells the tense at places of one text. Each kind of words is searched once, so that the work grows with the text alone."""

    def __init__(self, text: str, patterns: DatePatterns):
        self.text = text
        self._words = patterns.words

    @cached_property
    def _verbs(self) -> _Verbs:
        return _Verbs(self._places(self._words.past), self._places(self._words.future))

    @cached_property
    def _deeds(self) -> _Verbs:
        words = self._words
        past = self._places(words.done) if words.done else self._verbs.past
        return _Verbs(past, self._places(words.to_come) if words.to_come else self._verbs.future)

    @cached_property
    def _surely_future(self) -> Places:
        return self._places(self._words.surely_future)

    @cached_property
    def _negations(self) -> Places:
        return self._places(self._words.negation)

    def _places(self, fragment: str) -> Places:
        """Return where words of the fragment stand."""
        flags = re.IGNORECASE if not self._words.nouns_are_capitalised else 0
        pattern = re.compile(rf"\b(?:{fragment})\b".replace(" ", r"\s+"), flags)
        return [match.span() for match in pattern.finditer(self.text)]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [match.end() for match in SENTENCE_END.finditer(self.text)]

    @cached_property
    def _clause_ends(self) -> Places:
        return [match.span() for match in _CLAUSE_END.finditer(self.text)]

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the sentence around a place, at most some 160 characters to either side."""
        index = bisect_right(self._sentence_ends, start)
        first = self._sentence_ends[index - 1] if index else 0
        last = self._sentence_ends[index] if index < len(self._sentence_ends) else len(self.text)
        return max(first, start - _LOOK_AROUND), min(max(last, end), end + _LOOK_AROUND)

    def clause_around(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the clause around a place, which ends at commas and their like."""
        first, last = self.sentence_around(start, end)
        # A comma straight after the place belongs to it (“On Monday, the council met”).
        behind = end + 1 if self.text[end : end + 1] == "," else end
        before = bisect_left(self._clause_ends, (start, 0)) - 1
        after = bisect_left(self._clause_ends, (behind, 0))
        first = max(first, self._clause_ends[before][1]) if before >= 0 else first
        return first, min(last, self._clause_ends[after][0]) if after < len(self._clause_ends) else last

    def clause_tense(self, start: int, end: int) -> Tense:
        """Return the tense of the clause around a place."""
        return self._tense_between(*self.clause_around(start, end), start, self._verbs)

    def deed_tense(self, start: int, end: int) -> Tense:
        """Return whether the clause around a place tells of something that was done or is to come."""
        return self._tense_between(*self.clause_around(start, end), start, self._deeds)

    def sentence_tense(self, start: int, end: int) -> Tense:
        """Return the tense of the clause around a place or, if that has none, of its sentence."""
        return self.clause_tense(start, end) or self._tense_between(*self.sentence_around(start, end), start, self._verbs)

    def is_negated(self, start: int, end: int) -> bool:
        """Return whether the sentence around a place denies or supposes something."""
        return _stands_between(self._negations, *self.sentence_around(start, end))

    def looks_ahead(self, offset: int) -> bool:
        """Return whether the nearest verb before, in the sentence, is about the future."""
        first = max(self.sentence_around(offset, offset)[0], offset - _LOOK_BACK)
        last_future, last_past = (_last_end(places, first, offset) for places in (self._verbs.future, self._verbs.past))
        return last_future >= last_past and last_future >= 0

    def _tense_between(self, first: int, last: int, place: int, verbs: _Verbs) -> Tense:
        if _stands_between(self._surely_future, first, last):
            return Tense.FUTURE
        return verbs.nearest_tense(first, last, place)


def _stands_between(places: Places, first: int, last: int) -> bool:
    """Return whether one of the places lies between the offsets."""
    index = bisect_left(places, (first, 0))
    return index < len(places) and places[index][1] <= last


def _distance(places: Places, first: int, last: int, place: int) -> int:
    """Return how far the nearest of the places between the offsets is; more than any distance if none is."""
    index = bisect_left(places, (place, 0))
    distances = [
        min(abs(start - place), abs(end - place))
        for start, end in places[max(0, index - 1) : index + 1]
        if first <= start and end <= last
    ]
    return min(distances, default=last - first + 1)


def _last_end(places: Places, first: int, offset: int) -> int:
    """Return where the last of the places between the offsets ends; -1 if none lies there."""
    index = bisect_left(places, (offset, 0)) - 1
    while index >= 0 and places[index][1] > offset:
        index -= 1
    return places[index][1] if index >= 0 and places[index][0] >= first else -1
