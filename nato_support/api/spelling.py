"""Words that no live record has, put right by the words of live names: as they sound, or a letter or two away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from entities.likeness.names import PERSON, similarity
from entities.serializers import ENTITY_KINDS
from nato_support.api import naming
from nato_support.api.fulltext import Text
from nato_support.api.sql import Sql, fetch, joined
from nato_support.editions import keys

SHORTEST = 4
"""Shorter words are taken as they are: too many others are near."""
TRIED = 5
"""So many of the nearest words are looked up, and the one that most records have is taken."""
COUNTED = 50
MOST = 5
"""So many words of a question are put right."""
ALIKE = 0.75


def corrected(text: Text) -> tuple[Text, dict[str, str]]:
    """The question with each word that no live record has replaced by a known one, if there is one; and which by which."""
    anywhere = replace(text, kinds=())
    single = [term for term, beginning in text.terms if not beginning and len(term.split()) == 1]
    better: dict[str, str] = {}
    unknown = [word for word, count in zip(single, _counts(anywhere, single), strict=True) if not count]
    for word in unknown[:MOST]:
        alike = near("".join(keys.words(word)))
        tried = [one for score, one in alike if score == alike[0][0]]
        if tried and (found := [one for one in zip(_counts(anywhere, tried), tried, strict=True) if one[0]]):
            better[word] = max(found, key=lambda one: (one[0], -tried.index(one[1])))[1]
    return replace(text, terms=tuple((better.get(term, term), beginning) for term, beginning in text.terms)), better


def near(word: str, kinds: Sequence[str] = ENTITY_KINDS) -> list[tuple[float, str]]:
    """The words of live names that this one may stand for, each with how likely, the likeliest first."""
    if len(word) < SHORTEST:
        return []
    known = _words(naming.shortlist(word, kinds))
    alike = ((similarity(word, one, PERSON), one) for one in known if len(one) >= SHORTEST)
    return sorted((one for one in alike if one[0] >= ALIKE), key=lambda one: (-one[0], one[1]))[:TRIED]


def beginnings_near(word: str, kinds: Sequence[str]) -> list[str]:
    """Beginnings of the words of live names that this one may stand for, all of them equally near."""
    if len(word) < SHORTEST:
        return []
    known = {*naming.words_like(word, kinds), *_words(naming.sounding(word, kinds))}
    beginnings = {one[:end] for one in known for end in (len(word) - 1, len(word), len(word) + 1)}
    found = sorted((distance, one) for one, distance, _ in naming.nearest(word, beginnings))
    return [one for distance, one in found if distance == found[0][0]][:TRIED]


def _words(editions: Iterable[naming.Sharing]) -> set[str]:
    """The words of all names of these editions."""
    names = naming.names_of({one.edition for one in editions})
    return {one for some in names.values() for name in some for one in keys.words(name)}


def _counts(text: Text, words: Sequence[str]) -> tuple[int, ...]:
    """How many live records have each of the words, as far as that matters."""
    if not words:
        return ()
    hits = (replace(text, terms=((word, False),)).hits() for word in words)
    counts = (Sql("(SELECT COUNT(*) FROM (") + one + Sql(f" LIMIT {COUNTED}) c)") for one in hits)
    [row] = fetch(Sql("SELECT ") + joined(", ", counts))
    return row
