"""Shortlist the entities whose names are similar to the names of a batch, with few statements and bounded comparisons.

They are found by the keys of `publishing.editions.name_keys`, as `name_search` finds them for a single name; in a batch
fewer are compared per name.
"""

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.fuzz import ratio

from entities.likeness import names
from entities.likeness.parsed_names import parse_name
from nato_support.api import name_search
from nato_support.api.name_search import NameKeyMatch
from nato_support.api.reconciliation.entity_types import KINDS
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys

RARE_KEY_LIMIT = 80
"""A key is rare if fewer editions have it."""
MAX_PER_KIND_AND_POPULARITY = 15
"""Limit on the editions of each kind and popularity that are considered for a name without a rare key."""
MAX_ENTITIES_COMPARED = 30
"""Limit on the entities whose names are compared with a sought name."""
MAX_NAMES_PER_ENTITY = 4
"""Limit on the names compared per entity: those with the most similar spelling."""
MAX_WORDS = 12
"""Limit on the words by which a name is sought."""
_KEYS_AT_ONCE = 40
_EDITIONS_AT_ONCE = 500
_NON_PERSON_KIND = "organisation"
_SHARED_KEY_SQL = name_search.SHARED_KEY_SQL.format(sql_placeholders(KINDS))


class NameShortlists:
    """For each of `texts`, the live editions of any kind that share most name keys with it."""

    def __init__(self, texts: Iterable[str]):
        keys_by_text = {text: _keys_of_name(text) for text in dict.fromkeys(texts)}
        editions_by_key = _editions_by_rare_key({key for keys in keys_by_text.values() for key in keys})
        self._shared = {text: _shortlist_by_shared_keys(keys, editions_by_key) for text, keys in keys_by_text.items()}
        self._names = _folded_names_of_all_editions({match.edition_id for matches in self._shared.values() for match in matches})

    def likely_editions(self, text: str, kinds: Sequence[str]) -> dict[int, float]:
        """Edition of one of `kinds` -> similarity of its most similar name, from 0 to 1; the likeliest first."""
        # Long names take longer to compare, and have more to distinguish them.
        limit = MAX_ENTITIES_COMPARED if len(text.split()) <= MAX_WORDS else MAX_ENTITIES_COMPARED // 3
        candidates = [candidate for candidate in self._shared.get(text, ()) if candidate.kind in kinds][:limit]
        score_by_edition = {
            candidate.edition_id: _best_name_similarity(text, self._names.get(candidate.edition_id, ()), candidate.kind)
            for candidate in candidates
        }
        return {edition: score for edition, score in sorted(score_by_edition.items(), key=lambda pair: -pair[1]) if score}


def slugs_by_edition(editions: Iterable[int]) -> dict[int, str]:
    """Live edition -> slug of its record."""
    sql = f"SELECT e.id, e.slug FROM publishing_edition e WHERE {LIVE_SQL} AND e.id IN"
    return {
        edition: slug
        for chunk in _edition_id_chunks(editions)
        for edition, slug in fetch_rows(Sql(f"{sql} ({sql_placeholders(chunk)})", chunk))
    }


def _keys_of_name(text: str) -> list[str]:
    shortened = " ".join(text.split()[:MAX_WORDS])
    return sorted(name_keys.keys_for_name(shortened, names.PERSON) | name_keys.keys_for_name(shortened, _NON_PERSON_KIND))


def _editions_by_rare_key(keys: Iterable[str]) -> dict[str, list[NameKeyMatch]]:
    """Key -> the live editions that have it. RARE_KEY_LIMIT of them mean that there may be more: the key is not rare."""
    ordered = sorted(keys)
    matches_by_key: dict[str, list[NameKeyMatch]] = {key: [] for key in ordered}
    for start in range(0, len(ordered), _KEYS_AT_ONCE):
        statements = (
            Sql(
                "SELECT * FROM (SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_namekey k"
                f" WHERE {_SHARED_KEY_SQL} = %s LIMIT {RARE_KEY_LIMIT}) k{index}",
                (*KINDS, key),
            )
            for index, key in enumerate(ordered[start : start + _KEYS_AT_ONCE])
        )
        for row in fetch_rows(join_sql(" UNION ALL ", statements)):
            matches_by_key[row[3]].append(NameKeyMatch(*row))
    return matches_by_key


def _shortlist_by_shared_keys(keys: Sequence[str], matches_by_key: Mapping[str, list[NameKeyMatch]]) -> list[NameKeyMatch]:
    """Sort editions so that those that share the rarest keys come first; of equals the most popular."""
    rare = {key: matches_by_key[key] for key in keys if 0 < len(matches_by_key[key]) < RARE_KEY_LIMIT}
    if not rare:
        # The sound of the whole name distinguishes best, then that of a word.
        common = sorted((key for key in keys if matches_by_key[key]), key=lambda key: (key[0] not in "=&", key[0] != "~", key))
        rare = {
            key: name_search.most_popular_editions_in_key_ranges([(key, key)], KINDS, MAX_PER_KIND_AND_POPULARITY)
            for key in common[:2]
        }
    counts = {key: len(matches) for key, matches in rare.items()}
    return name_search.rank_by_shared_keys((match for matches in rare.values() for match in matches), counts)


def _folded_names_of_all_editions(editions: Iterable[int]) -> dict[int, list[str]]:
    return {
        edition: edition_names
        for chunk in _edition_id_chunks(editions)
        for edition, edition_names in name_search.folded_names_by_edition(chunk).items()
    }


def _edition_id_chunks(editions: Iterable[int]) -> list[tuple[int, ...]]:
    ordered = tuple(sorted(editions))
    return [ordered[start : start + _EDITIONS_AT_ONCE] for start in range(0, len(ordered), _EDITIONS_AT_ONCE)]


def _best_name_similarity(text: str, entity_names: Sequence[str], kind: str) -> float:
    if len(entity_names) > MAX_NAMES_PER_ENTITY:
        joined = parse_name(text, kind).joined
        entity_names = sorted(entity_names, key=lambda name: (-ratio(joined, parse_name(name, kind).joined), name))[
            :MAX_NAMES_PER_ENTITY
        ]
    return max((names.similarity(text, name, kind) for name in entity_names), default=0.0)
