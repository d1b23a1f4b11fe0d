"""Entities whose names may be a name of a batch, for all its names together: few statements, and bounded comparisons.

Found by the keys that `editions.keys` keeps, as `naming` finds them for one name; a batch looks at fewer of them for each.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.fuzz import ratio

from entities.likeness import names
from nato_support.api import name_search
from nato_support.api.name_search import KeyMatch
from nato_support.api.reconciliation.entity_types import KINDS
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys

RARE_KEY_LIMIT = 80
"""A key that fewer editions have tells names apart."""
MAX_PER_KIND_AND_POPULARITY = 15
"""Where a name has no such key, so many of each kind and degree of renown are looked at."""
MAX_ENTITIES_COMPARED = 30
"""So many entities have their names compared with one that is looked for,"""
MAX_NAMES_PER_ENTITY = 4
"""and so many of the names of each: those written most like it."""
MAX_WORDS = 12
"""A name is looked for by so many of its words."""
_KEYS_AT_ONCE = 40
_EDITIONS_AT_ONCE = 500
_NON_PERSON_KIND = "organisation"
_SHARED_KEY_SQL = name_search.SHARED_KEY_SQL.format(sql_placeholders(KINDS))


class NameShortlists:
    """For each of `texts` the live editions that share most with it, of any kind."""

    def __init__(self, texts: Iterable[str]):
        wanted = {text: _keys_of_name(text) for text in dict.fromkeys(texts)}
        having = _editions_by_rare_key({key for some in wanted.values() for key in some})
        self._shared = {text: _rank_by_shared_keys(some, having) for text, some in wanted.items()}
        self._names = _names_by_edition_chunked({one.edition_id for some in self._shared.values() for one in some})

    def likely_editions(self, text: str, kinds: Sequence[str]) -> dict[int, float]:
        """Edition -> how alike one of its names is, 0 to 1, of those of `kinds`; the likeliest first."""
        # Long names take longer to compare, and have more to be told apart by.
        most = MAX_ENTITIES_COMPARED if len(text.split()) <= MAX_WORDS else MAX_ENTITIES_COMPARED // 3
        some = [one for one in self._shared.get(text, ()) if one.kind in kinds][:most]
        found = {one.edition_id: _best_name_similarity(text, self._names.get(one.edition_id, ()), one.kind) for one in some}
        return {edition: score for edition, score in sorted(found.items(), key=lambda pair: -pair[1]) if score}


def slugs_by_edition(editions: Iterable[int]) -> dict[int, str]:
    """Edition -> its record's public id, of those that are live."""
    sql = f"SELECT e.id, e.slug FROM publishing_edition e WHERE {LIVE_SQL} AND e.id IN"
    return {
        edition: slug
        for some in _edition_id_chunks(editions)
        for edition, slug in fetch_rows(Sql(f"{sql} ({sql_placeholders(some)})", some))
    }


def _keys_of_name(text: str) -> list[str]:
    few = " ".join(text.split()[:MAX_WORDS])
    return sorted(name_keys.keys_for_name(few, names.PERSON) | name_keys.keys_for_name(few, _NON_PERSON_KIND))


def _editions_by_rare_key(keys: Iterable[str]) -> dict[str, list[KeyMatch]]:
    """Key -> the live editions that have it, as far as it is rare: RARE of them mean that more have it."""
    every = sorted(keys)
    found: dict[str, list[KeyMatch]] = {key: [] for key in every}
    for start in range(0, len(every), _KEYS_AT_ONCE):
        pieces = (
            Sql(
                "SELECT * FROM (SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_namekey k"
                f" WHERE {_SHARED_KEY_SQL} = %s LIMIT {RARE_KEY_LIMIT}) k{at}",
                (*KINDS, key),
            )
            for at, key in enumerate(every[start : start + _KEYS_AT_ONCE])
        )
        for row in fetch_rows(join_sql(" UNION ALL ", pieces)):
            found[row[3]].append(KeyMatch(*row))
    return found


def _rank_by_shared_keys(keys: Sequence[str], having: Mapping[str, list[KeyMatch]]) -> list[KeyMatch]:
    """Those that share the rarest keys first; of equals the best known."""
    rare = {key: having[key] for key in keys if 0 < len(having[key]) < RARE_KEY_LIMIT}
    if not rare:
        # The sound of the whole tells most, then that of a word.
        common = sorted((key for key in keys if having[key]), key=lambda key: (key[0] not in "=&", key[0] != "~", key))
        rare = {key: name_search.most_popular_editions([(key, key)], KINDS, MAX_PER_KIND_AND_POPULARITY) for key in common[:2]}
    weights: dict[KeyMatch, float] = {}
    for some in rare.values():
        for one in some:
            alone = one._replace(key="")
            weights[alone] = weights.get(alone, 0) + 1 / (1 + math.log2(max(1, len(some))))
    return sorted(weights, key=lambda one: (-round(weights[one], 6), -one.popularity, one.edition_id))


def _names_by_edition_chunked(editions: Iterable[int]) -> dict[int, list[str]]:
    return {
        edition: found for some in _edition_id_chunks(editions) for edition, found in name_search.names_by_edition(some).items()
    }


def _edition_id_chunks(editions: Iterable[int]) -> list[tuple[int, ...]]:
    every = tuple(sorted(editions))
    return [every[at : at + _EDITIONS_AT_ONCE] for at in range(0, len(every), _EDITIONS_AT_ONCE)]


def _best_name_similarity(text: str, entity_names: Sequence[str], kind: str) -> float:
    if len(entity_names) > MAX_NAMES_PER_ENTITY:
        written = names.parse_name(text, kind).joined
        entity_names = sorted(entity_names, key=lambda name: (-ratio(written, names.parse_name(name, kind).joined), name))[
            :MAX_NAMES_PER_ENTITY
        ]
    return max((names.similarity(text, name, kind) for name in entity_names), default=0.0)
