"""Places of a query's terms in a text, with the words around each: concordance lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from nato_support.db.text_folding import FoldedText, fold_text
from nato_support.desk.text_search.text_query import TextTerm

CHARACTERS_AROUND = 80
MAX_COUNTED_PLACES = 1000
_NEAR = 200
"""Characters within which places of several terms belong together."""


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Place of a term in a text: offsets in code points, and the words there, before and after."""

    start: int
    end: int
    before: str
    exact: str
    after: str


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """The places of a query in one text that are shown, in reading order."""

    shown: tuple[TextPlace, ...]
    count: int
    """Places in all, counted up to `MAX_COUNTED_PLACES`."""


def find_places(text: str, terms: Iterable[TextTerm], most_shown: int) -> TextPlaces | None:
    """Return the places of all terms, None if one of them has none. Shown are those that are near to the other terms."""
    folded = fold_text(text)
    ranges: list[tuple[int, int, int]] = []
    for number, term in enumerate(terms):
        of_term = _ranges_of_term(folded, term)
        if not of_term:
            return None
        ranges += [(start, end, number) for start, end in of_term]
    ranges.sort()
    chosen = sorted(ranges, key=lambda place: -len({number for start, _, number in _nearby(ranges, place)}))[:most_shown]
    return TextPlaces(tuple(_place(text, start, end) for start, end, _ in sorted(chosen)), len(ranges))


def _ranges_of_term(folded: FoldedText, term: TextTerm) -> list[tuple[int, int]]:
    ranges = []
    for match in term.pattern.finditer(folded.folded):
        ranges.append(folded.original_range(*match.span()))
        if len(ranges) == MAX_COUNTED_PLACES:
            break
    return ranges


def _nearby(ranges: list[tuple[int, int, int]], place: tuple[int, int, int]) -> Iterable[tuple[int, int, int]]:
    return (other for other in ranges if abs(other[0] - place[0]) <= _NEAR)


def _place(text: str, start: int, end: int) -> TextPlace:
    before, after = text[max(0, start - CHARACTERS_AROUND) : start], text[end : end + CHARACTERS_AROUND]
    if start > CHARACTERS_AROUND and " " in before:
        before = f"…{before.partition(' ')[2]}"
    if end + CHARACTERS_AROUND < len(text) and " " in after:
        after = f"{after.rpartition(' ')[0]}…"
    return TextPlace(start, end, before, text[start:end], after)
