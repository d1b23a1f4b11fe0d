"""Entities whose names may be a name of a batch, for all its names together: few statements, and bounded comparisons.

Found by the keys that `editions.keys` keeps, as `naming` finds them for one name; a batch looks at fewer of them for each.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.fuzz import ratio

from entities.likeness import names
from nato_support.api import naming
from nato_support.api.naming import Sharing
from nato_support.api.reconciling.kinds import KINDS
from nato_support.api.sql import LIVE, Sql, fetch, joined, marks
from nato_support.editions import keys

RARE = 80
"""A key that fewer editions have tells names apart."""
EACH = 15
"""Where a name has no such key, so many of each kind and degree of renown are looked at."""
COMPARED = 30
"""So many entities have their names compared with one that is looked for,"""
NAMES = 4
"""and so many of the names of each: those written most like it."""
MOST_WORDS = 12
"""A name is looked for by so many of its words."""
_KEYS_AT_ONCE = 40
_EDITIONS_AT_ONCE = 500
_OTHER = "organisation"
_SHARED = naming.SHARED.format(marks(KINDS))


class Shortlists:
    """For each of `texts` the live editions that share most with it, of any kind."""

    def __init__(self, texts: Iterable[str]):
        wanted = {text: _keys(text) for text in dict.fromkeys(texts)}
        having = _having({key for some in wanted.values() for key in some})
        self._shared = {text: _ranked(some, having) for text, some in wanted.items()}
        self._names = _names_of({one.edition for some in self._shared.values() for one in some})

    def likely(self, text: str, kinds: Sequence[str]) -> dict[int, float]:
        """Edition -> how alike one of its names is, 0 to 1, of those of `kinds`; the likeliest first."""
        # Long names take longer to compare, and have more to be told apart by.
        most = COMPARED if len(text.split()) <= MOST_WORDS else COMPARED // 3
        some = [one for one in self._shared.get(text, ()) if one.kind in kinds][:most]
        found = {one.edition: _likeness(text, self._names.get(one.edition, ()), one.kind) for one in some}
        return {edition: score for edition, score in sorted(found.items(), key=lambda pair: -pair[1]) if score}


def slugs_of(editions: Iterable[int]) -> dict[int, str]:
    """Edition -> its record's public id, of those that are live."""
    sql = f"SELECT e.id, e.slug FROM editions_edition e WHERE {LIVE} AND e.id IN"
    return {edition: slug for some in _some(editions) for edition, slug in fetch(Sql(f"{sql} ({marks(some)})", some))}


def _keys(text: str) -> list[str]:
    few = " ".join(text.split()[:MOST_WORDS])
    return sorted(keys.of_name(few, names.PERSON) | keys.of_name(few, _OTHER))


def _having(wanted: Iterable[str]) -> dict[str, list[Sharing]]:
    """Key -> the live editions that have it, as far as it is rare: RARE of them mean that more have it."""
    every = sorted(wanted)
    found: dict[str, list[Sharing]] = {key: [] for key in every}
    for start in range(0, len(every), _KEYS_AT_ONCE):
        pieces = (
            Sql(
                "SELECT * FROM (SELECT k.edition_id, k.kind, k.tier, k.key FROM editions_namekey k"
                f" WHERE {_SHARED} = %s LIMIT {RARE}) k{at}",
                (*KINDS, key),
            )
            for at, key in enumerate(every[start : start + _KEYS_AT_ONCE])
        )
        for row in fetch(joined(" UNION ALL ", pieces)):
            found[row[3]].append(Sharing(*row))
    return found


def _ranked(wanted: Sequence[str], having: Mapping[str, list[Sharing]]) -> list[Sharing]:
    """Those that share the rarest keys first; of equals the best known."""
    rare = {key: having[key] for key in wanted if 0 < len(having[key]) < RARE}
    if not rare:
        # The sound of the whole tells most, then that of a word.
        common = sorted((key for key in wanted if having[key]), key=lambda key: (key[0] not in "=&", key[0] != "~", key))
        rare = {key: naming.best_known([(key, key)], KINDS, EACH) for key in common[:2]}
    weights: dict[Sharing, float] = {}
    for some in rare.values():
        for one in some:
            alone = one._replace(key="")
            weights[alone] = weights.get(alone, 0) + 1 / (1 + math.log2(max(1, len(some))))
    return sorted(weights, key=lambda one: (-round(weights[one], 6), -one.tier, one.edition))


def _names_of(editions: Iterable[int]) -> dict[int, list[str]]:
    return {edition: found for some in _some(editions) for edition, found in naming.names_of(some).items()}


def _some(editions: Iterable[int]) -> list[tuple[int, ...]]:
    every = tuple(sorted(editions))
    return [every[at : at + _EDITIONS_AT_ONCE] for at in range(0, len(every), _EDITIONS_AT_ONCE)]


def _likeness(text: str, called: Sequence[str], kind: str) -> float:
    if len(called) > NAMES:
        written = names.read(text, kind).joined
        called = sorted(called, key=lambda name: (-ratio(written, names.read(name, kind).joined), name))[:NAMES]
    return max((names.similarity(text, name, kind) for name in called), default=0.0)
