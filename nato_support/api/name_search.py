"""Search of live entities by name, tolerant of script, spelling and the order of words; the best first.

It looks up the keys of `publishing.editions.name_keys`: few records share a rare key, and only their names are compared.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entities.likeness.latin_words import typing_errors_allowed
from entities.likeness.names import PERSON, blocking_keys, similarity
from entities.serializers import ENTITY_KINDS
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys
from nato_support.publishing.editions.name_keys import name_term

RARE_KEY_LIMIT = 300
"""All editions with a key are read if there are fewer than this."""
MAX_RARE_MATCHES = 3_000
"""Most editions read for all rare keys together, the best known first."""
MAX_PER_KIND_AND_POPULARITY = 50
"""Most editions read for a common key, of each kind and popularity."""
MAX_EDITIONS_COMPARED = 80
"""Most editions, those that share the rarest keys, whose names are compared."""
MAX_NAME_LENGTH = 700
MAX_SOUNDING_ALIKE = 10
"""Most editions, of each kind and popularity, with a word that sounds like the beginning of one."""
MAX_UNKNOWN_WORDS = 3
"""Most unknown words of a name that are replaced by known ones."""
MAX_NEAREST_WORDS = 5
"""Most known words that replace one unknown word."""
MAX_KNOWN_WORDS = 1_000
"""Most known words, of each kind and popularity, that an unknown one is compared with."""
POPULARITIES = tuple(reversed(name_keys.POPULARITY_LEVELS))
"""Levels of popularity, the best known first."""

# To be formatted with the placeholders of the kinds.
SHARED_KEY_SQL = f"k.popularity IN ({', '.join(map(str, POPULARITIES))}) AND k.kind IN ({{}}) AND k.key"


class NameCandidate(NamedTuple):
    """Live entity that a name may refer to."""

    kind: str
    slug: str
    edition_id: int
    score: float
    """Similarity of the names, 0 to 1."""
    name: str
    """The most similar of its names, as published."""


class NameKeyMatch(NamedTuple):
    """Live edition that has a key."""

    edition_id: int
    kind: str
    popularity: int
    key: str


def find_name_candidates(name: str, kinds: Sequence[str] = ENTITY_KINDS, limit: int = 10) -> list[NameCandidate]:
    """Return up to `limit` live entities of `kinds` with a similar name, most similar first; of equals, the best known."""
    name = name[:MAX_NAME_LENGTH]
    shortlist = shortlist_editions(name, kinds)
    names = folded_names_by_edition(match.edition_id for match in shortlist)
    scored = []
    for match in shortlist:
        similarities = [(similarity(name, text, match.kind), text) for text in names.get(match.edition_id, ())]
        if similarities and (best := max(similarities))[0]:
            scored.append((-best[0], -match.popularity, match.edition_id, best[1]))
    likeliest = sorted(scored)[:limit]
    published = published_names_by_edition((edition, text) for _, _, edition, text in likeliest)
    return [
        NameCandidate(kind, slug, edition, -score, text)
        for score, _, edition, _ in likeliest
        if edition in published
        for kind, slug, text in [published[edition]]
    ]


def folded_names_by_edition(editions: Iterable[int]) -> dict[int, list[str]]:
    """Return edition id -> all its names in lower case."""
    ids = tuple(editions)
    names: dict[int, list[str]] = {}
    if ids:
        select = "SELECT t.edition_id, t.value FROM publishing_editionterm t WHERE t.field = 'name' AND t.edition_id IN"
        for edition, text in fetch_rows(Sql(f"{select} ({sql_placeholders(ids)})", ids)):
            names.setdefault(edition, []).append(text)
    return names


def published_names_by_edition(folded_names: Iterable[tuple[int, str]]) -> dict[int, tuple[str, str, str]]:
    """Return edition id -> (kind, slug, name as published) of those that are live.

    `chosen` gives edition ids with one of the names of each, in lower case.
    """
    texts = dict(folded_names)
    if not texts:
        return {}
    ids = tuple(texts)
    select = (
        f"SELECT e.id, e.kind, e.slug, e.name FROM publishing_edition e WHERE e.id IN ({sql_placeholders(ids)}) AND {LIVE_SQL}"
    )
    published = {edition: (kind, slug, name) for edition, kind, slug, name in fetch_rows(Sql(select, ids))}
    by_alias = tuple(edition for edition, (_, _, name) in published.items() if name_term(name) != texts[edition])
    if by_alias:
        select = f"SELECT e.id, e.evidence FROM publishing_edition e WHERE e.id IN ({sql_placeholders(by_alias)})"
        for edition, evidence in fetch_rows(Sql(select, by_alias)):
            kind, slug, name = published[edition]
            aliases = (alias["text"] for alias in json.loads(evidence)["names"])
            published[edition] = kind, slug, next((alias for alias in aliases if name_term(alias) == texts[edition]), name)
    return published


def shortlist_editions(name: str, kinds: Sequence[str]) -> list[NameKeyMatch]:
    """Return the live editions that share most keys with the name. A key counts the more, the fewer editions have it."""
    # Names of persons have keys of one sort, those of all other kinds another.
    key_kinds = {PERSON if kind == PERSON else ENTITY_KINDS[0] for kind in kinds}
    keys = sorted({key for kind in key_kinds for key in name_keys.keys_for_name(name, kind)})
    if not keys:
        return []
    counts = dict(zip(keys, _count_editions_by_key(keys, kinds), strict=True))
    rare = [key for key, count in counts.items() if 0 < count < RARE_KEY_LIMIT]
    common = sorted((key for key, count in counts.items() if count >= RARE_KEY_LIMIT), key=lambda key: (key[0] not in "=&", key))
    for word in [key for key in keys if counts[key] == 0 and key.isalpha() and len(key) > 3][:MAX_UNKNOWN_WORDS]:
        rare += [known for known, _, _ in nearest_words(word, words_beginning_alike(word, kinds))[:MAX_NEAREST_WORDS]]
    matches = _editions_with_keys(rare, kinds) + most_popular_editions_in_key_ranges(
        [(key, key) for key in common[: 2 if rare else 4]], kinds, MAX_PER_KIND_AND_POPULARITY
    )
    return rank_by_shared_keys(matches, {key: count or RARE_KEY_LIMIT for key, count in counts.items()})[:MAX_EDITIONS_COMPARED]


def rank_by_shared_keys(matches: Iterable[NameKeyMatch], counts: Mapping[str, int]) -> list[NameKeyMatch]:
    """Sort editions, each once: those that share the rarest keys come first, of equals the most popular.

    `counts` says how many editions have a key; of one that it lacks, at least RARE_KEY_LIMIT do.
    """
    match_by_edition: dict[int, NameKeyMatch] = {}
    weights: dict[int, float] = {}
    for match in dict.fromkeys(matches):
        match_by_edition[match.edition_id] = match
        weight = 1 / (1 + math.log2(counts.get(match.key, RARE_KEY_LIMIT)))
        weights[match.edition_id] = weights.get(match.edition_id, 0) + weight
    return sorted(
        match_by_edition.values(),
        key=lambda match: (-round(weights[match.edition_id], 6), -match.popularity, match.edition_id),
    )


def editions_sounding_like(word: str, kinds: Sequence[str]) -> list[NameKeyMatch]:
    """Return the best known live editions with a word whose beginning sounds like this one."""
    sound_keys = sorted(key for key in blocking_keys(word, PERSON) if key[0] == "~")
    return most_popular_editions_in_key_ranges([(key, f"{key}\x7f") for key in sound_keys[:4]], kinds, MAX_SOUNDING_ALIKE)


def words_beginning_alike(word: str, kinds: Sequence[str]) -> set[str]:
    """Return words of names that begin with the first half of this one.

    In a word with one wrong letter, one half is right; if it is the second, its sound finds the name anyway.
    """
    prefix = word[: max(2, len(word) // 2)]
    selects = (
        Sql(
            "SELECT * FROM (SELECT DISTINCT k.key FROM publishing_namekey k"
            f" WHERE k.popularity = {popularity} AND k.kind = %s AND k.key >= %s AND k.key < %s LIMIT {MAX_KNOWN_WORDS}"
            f") k{popularity}{at}",
            (kind, prefix, f"{prefix}\x7f"),
        )
        for popularity in POPULARITIES
        for at, kind in enumerate(kinds)
    )
    return {key for (key,) in fetch_rows(join_sql(" UNION ALL ", selects))}


def nearest_words(word: str, known: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return (word, distance, position) of known words that differ in one letter, or two if long; the nearest first."""
    errors_allowed = typing_errors_allowed(len(word))
    return process.extract(word, sorted(known), scorer=OSA.distance, score_cutoff=errors_allowed, limit=50)


def _count_editions_by_key(keys: Sequence[str], kinds: Sequence[str]) -> tuple[int, ...]:
    """Return the number of live editions that have each key, up to RARE_KEY_LIMIT."""
    has_key = f"{SHARED_KEY_SQL.format(sql_placeholders(kinds))} = %s"
    count = f"(SELECT COUNT(*) FROM (SELECT 1 FROM publishing_namekey k WHERE {has_key} LIMIT {RARE_KEY_LIMIT}) c)"
    [counts] = fetch_rows(Sql("SELECT ") + join_sql(", ", (Sql(count, (*kinds, key)) for key in keys)))
    return counts


def _editions_with_keys(keys: Sequence[str], kinds: Sequence[str]) -> list[NameKeyMatch]:
    if not keys:
        return []
    sql = Sql(
        "SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_namekey k"
        f" WHERE {SHARED_KEY_SQL.format(sql_placeholders(kinds))} IN ({sql_placeholders(keys)})"
        f" ORDER BY k.popularity DESC, k.edition_id, k.key LIMIT {MAX_RARE_MATCHES}",
        (*kinds, *keys),
    )
    return [NameKeyMatch(*row) for row in fetch_rows(sql)]


def most_popular_editions_in_key_ranges(
    key_ranges: Sequence[tuple[str, str]], kinds: Sequence[str], limit: int, popularities: Sequence[int] = POPULARITIES
) -> list[NameKeyMatch]:
    """Return live editions with a key in one of the ranges, up to `limit` of each range, popularity and kind.

    A range is (first key, end), without the end, or (key, key) for one key.
    """
    selects = [
        editions_in_key_range_sql(popularity, first, end, kinds, limit)
        for first, end in key_ranges
        for popularity in popularities
    ]
    return [NameKeyMatch(*row) for row in fetch_rows(join_sql(" UNION ALL ", selects))] if selects else []


def editions_in_key_range_sql(popularity: int, first: str, end: str, kinds: Sequence[str], limit: int) -> Sql:
    """Select live editions of this popularity with a key in the range, in the order of keys, up to `limit` of each kind."""
    is_one_key = first == end
    key_condition = "k.key = %s" if is_one_key else "k.key >= %s AND k.key < %s"
    selects = (
        Sql(
            "SELECT * FROM (SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_namekey k"
            f" WHERE k.popularity = {popularity} AND k.kind = %s AND {key_condition}"
            f" ORDER BY k.key, k.edition_id LIMIT {limit}) k{at}",
            (kind, first) if is_one_key else (kind, first, end),
        )
        for at, kind in enumerate(kinds)
    )
    return join_sql(" UNION ALL ", selects)
