"""Which live records a name may mean, best first: whatever the script, the spelling or the order of its words.

Read by the keys that `editions.names` keeps: few records share a rare key, and only those are compared with the name.
"""

import json
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entities.likeness.names import PERSON, similarity
from entities.likeness.names import blocking_keys as sounds_of
from entities.serializers import ENTITY_KINDS
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys

RARE_KEY_LIMIT = 300
"""A key that fewer editions have is looked up whole."""
MAX_RARE_MATCHES = 3_000
"""So many of all of these together, the best known ones."""
MAX_PER_KIND_AND_POPULARITY = 50
"""Of a more common one, so many of each kind and tier."""
MAX_EDITIONS_COMPARED = 80
"""So many editions, those that share the rarest keys, have their names compared."""
MAX_NAME_LENGTH = 700
MAX_SOUNDING_ALIKE = 10
"""So many of each kind and tier sound as a word begins."""
MAX_UNKNOWN_WORDS = 3
"""So many unknown words of a name are looked for among known ones,"""
MAX_NEAREST_WORDS = 5
"""and so many known ones are taken for each."""
MAX_KNOWN_WORDS = 1_000
"""So many known words are compared of each kind and tier."""
POPULARITIES = tuple(reversed(name_keys.POPULARITY_LEVELS))

SHARED_KEY_SQL = f"k.popularity IN ({', '.join(map(str, POPULARITIES))}) AND k.kind IN ({{}}) AND k.key"


class NameCandidate(NamedTuple):
    kind: str
    slug: str
    edition_id: int
    """Id of its live edition."""
    score: float
    """How likely the name means it, 0 to 1."""
    name: str
    """That of its names which is most like it, as printed."""


class KeyMatch(NamedTuple):
    """A live edition that has a key."""

    edition_id: int
    kind: str
    popularity: int
    key: str


def find_name_candidates(name: str, kinds: Sequence[str] = ENTITY_KINDS, limit: int = 10) -> list[NameCandidate]:
    """Up to `limit` live entities of `kinds` whose names may be this name, the likeliest first; of equals the best known."""
    name = name[:MAX_NAME_LENGTH]
    found = shortlist_editions(name, kinds)
    called = names_by_edition(one.edition_id for one in found)
    judged = []
    for one in found:
        alike = [(similarity(name, text, one.kind), text) for text in called.get(one.edition_id, ())]
        if alike and (best := max(alike))[0]:
            judged.append((-best[0], -one.popularity, one.edition_id, best[1]))
    likely = sorted(judged)[:limit]
    told = published_names((edition, text) for _, _, edition, text in likely)
    return [
        NameCandidate(kind, slug, edition, -score, text)
        for score, _, edition, _ in likely
        if edition in told
        for kind, slug, text in [told[edition]]
    ]


def names_by_edition(editions: Iterable[int]) -> dict[int, list[str]]:
    """All names of each of `editions`, in small letters."""
    wanted = tuple(editions)
    found: dict[int, list[str]] = {}
    if wanted:
        term = "SELECT t.edition_id, t.value FROM publishing_editionterm t WHERE t.field = 'name' AND t.edition_id IN"
        for edition, text in fetch_rows(Sql(f"{term} ({sql_placeholders(wanted)})", wanted)):
            found.setdefault(edition, []).append(text)
    return found


def published_names(chosen: Iterable[tuple[int, str]]) -> dict[int, tuple[str, str, str]]:
    """Kind, slug and the chosen name (edition -> that name in small letters) of each edition that is live."""
    texts = dict(chosen)
    if not texts:
        return {}
    rows = f"SELECT e.id, e.kind, e.slug, e.name FROM publishing_edition e WHERE e.id IN ({sql_placeholders(tuple(texts))}) AND {LIVE_SQL}"
    found = {edition: (kind, slug, name) for edition, kind, slug, name in fetch_rows(Sql(rows, tuple(texts)))}
    other = tuple(edition for edition, (_, _, name) in found.items() if _fold_name(name) != texts[edition])
    if other:
        rows = f"SELECT e.id, e.evidence FROM publishing_edition e WHERE e.id IN ({sql_placeholders(other)})"
        for edition, evidence in fetch_rows(Sql(rows, other)):
            kind, slug, name = found[edition]
            aliases = (alias["text"] for alias in json.loads(evidence)["names"])
            found[edition] = kind, slug, next((alias for alias in aliases if _fold_name(alias) == texts[edition]), name)
    return found


def _fold_name(name: str) -> str:
    return name.casefold()[:MAX_NAME_LENGTH]


def shortlist_editions(name: str, kinds: Sequence[str]) -> list[KeyMatch]:
    """The live editions that share most with the name: each key counts the more, the fewer have it."""
    # Names of persons are read in one way, those of everything else in another.
    ways = {PERSON if kind == PERSON else ENTITY_KINDS[0] for kind in kinds}
    wanted = sorted({key for way in ways for key in name_keys.keys_for_name(name, way)})
    if not wanted:
        return []
    counts = dict(zip(wanted, _count_rare_keys(wanted, kinds), strict=True))
    rare = [key for key, count in counts.items() if 0 < count < RARE_KEY_LIMIT]
    common = sorted((key for key, count in counts.items() if count >= RARE_KEY_LIMIT), key=lambda key: (key[0] not in "=&", key))
    for word in [word for word in wanted if counts[word] == 0 and word.isalpha() and len(word) > 3][:MAX_UNKNOWN_WORDS]:
        rare += [known for known, _, _ in nearest_words(word, words_beginning_alike(word, kinds))[:MAX_NEAREST_WORDS]]
    shared = _editions_with_keys(rare, kinds) + most_popular_editions(
        [(key, key) for key in common[: 2 if rare else 4]], kinds, MAX_PER_KIND_AND_POPULARITY
    )
    weights: dict[int, float] = {}
    for edition, key in {(one.edition_id, one.key) for one in shared}:
        weights[edition] = weights.get(edition, 0) + 1 / (1 + math.log2(counts.get(key) or RARE_KEY_LIMIT))
    editions = {one.edition_id: one for one in shared}.values()
    return sorted(editions, key=lambda one: (-round(weights[one.edition_id], 6), -one.popularity, one.edition_id))[
        :MAX_EDITIONS_COMPARED
    ]


def editions_sounding_like(word: str, kinds: Sequence[str]) -> list[KeyMatch]:
    """The best known live editions with a word that sounds like this one as far as it goes."""
    began = sorted(key for key in sounds_of(word, PERSON) if key[0] == "~")
    return most_popular_editions([(key, f"{key}\x7f") for key in began[:4]], kinds, MAX_SOUNDING_ALIKE)


def words_beginning_alike(word: str, kinds: Sequence[str]) -> set[str]:
    """Words of names that begin like the first half of this one: of a word with one wrong letter either half is right, and
    by the sound of its end it is found anyway."""
    start = word[: max(2, len(word) // 2)]
    each = (
        Sql(
            "SELECT * FROM (SELECT DISTINCT k.key FROM publishing_namekey k"
            f" WHERE k.popularity = {tier} AND k.kind = %s AND k.key >= %s AND k.key < %s LIMIT {MAX_KNOWN_WORDS}) k{tier}{at}",
            (kind, start, f"{start}\x7f"),
        )
        for tier in POPULARITIES
        for at, kind in enumerate(kinds)
    )
    return {key for (key,) in fetch_rows(join_sql(" UNION ALL ", each))}


def nearest_words(word: str, known: Iterable[str]) -> list[tuple[str, int, int]]:
    """(word, letters off, place) of known words that are few letters off, the nearest first."""
    allowed = 1 if len(word) < 9 else 2
    return process.extract(word, sorted(known), scorer=OSA.distance, score_cutoff=allowed, limit=50)


def _count_rare_keys(keys: Sequence[str], kinds: Sequence[str]) -> tuple[int, ...]:
    """How many live editions have each key, as far as they are rare."""
    having = f"(SELECT COUNT(*) FROM (SELECT 1 FROM publishing_namekey k WHERE {SHARED_KEY_SQL.format(sql_placeholders(kinds))} = %s LIMIT {RARE_KEY_LIMIT}) c)"
    [counts] = fetch_rows(Sql("SELECT ") + join_sql(", ", (Sql(having, (*kinds, key)) for key in keys)))
    return counts


def _editions_with_keys(keys: Sequence[str], kinds: Sequence[str]) -> list[KeyMatch]:
    if not keys:
        return []
    shared = f"{SHARED_KEY_SQL.format(sql_placeholders(kinds))} IN ({sql_placeholders(keys)}) ORDER BY k.popularity DESC, k.edition_id, k.key LIMIT {MAX_RARE_MATCHES}"
    return [
        KeyMatch(*row)
        for row in fetch_rows(
            Sql(f"SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_namekey k WHERE {shared}", (*kinds, *keys))
        )
    ]


def most_popular_editions(
    stretches: Sequence[tuple[str, str]], kinds: Sequence[str], most: int, tiers: Sequence[int] = POPULARITIES
) -> list[KeyMatch]:
    """Of each of `tiers` and `kinds`, up to `most` live editions with a key in each stretch: (first, end), or one key twice."""
    each = [editions_of_popularity_sql(tier, first, end, kinds, most) for first, end in stretches for tier in tiers]
    return [KeyMatch(*row) for row in fetch_rows(join_sql(" UNION ALL ", each))] if each else []


def editions_of_popularity_sql(tier: int, first: str, end: str, kinds: Sequence[str], most: int) -> Sql:
    """Up to `most` live editions of a tier and each kind with a key from `first` to before `end`, in the keys' order."""
    alone = first == end
    having = f"k.popularity = {tier} AND k.kind = %s AND " + ("k.key = %s" if alone else "k.key >= %s AND k.key < %s")
    each = (
        Sql(
            "SELECT * FROM (SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_namekey k"
            f" WHERE {having} ORDER BY k.key, k.edition_id LIMIT {most}) k{at}",
            (kind, first) if alone else (kind, first, end),
        )
        for at, kind in enumerate(kinds)
    )
    return join_sql(" UNION ALL ", each)
