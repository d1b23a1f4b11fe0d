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
from entities.likeness.names import keys as sounds_of
from entities.serializers import ENTITY_KINDS
from nato_support.api.sql import LIVE, Sql, fetch, joined, marks
from nato_support.editions import keys

RARE = 300
"""A key that fewer editions have is looked up whole."""
MOST = 3_000
"""So many of all of these together, the best known ones."""
EACH = 50
"""Of a more common one, so many of each kind and tier."""
COMPARED = 80
"""So many editions, those that share the rarest keys, have their names compared."""
LONGEST = 700
FEW = 10
"""So many of each kind and tier sound as a word begins."""
MISSPELT = 3
"""So many unknown words of a name are looked for among known ones,"""
NEAREST = 5
"""and so many known ones are taken for each."""
WORDS = 1_000
"""So many known words are compared of each kind and tier."""
TIERS = tuple(reversed(keys.TIERS))

SHARED = f"k.tier IN ({', '.join(map(str, TIERS))}) AND k.kind IN ({{}}) AND k.key"


class Candidate(NamedTuple):
    kind: str
    slug: str
    edition: int
    """Id of its live edition."""
    score: float
    """How likely the name means it, 0 to 1."""
    name: str
    """That of its names which is most like it, as printed."""


class Sharing(NamedTuple):
    """A live edition that has a key."""

    edition: int
    kind: str
    tier: int
    key: str


def candidates(name: str, kinds: Sequence[str] = ENTITY_KINDS, limit: int = 10) -> list[Candidate]:
    """Up to `limit` live entities of `kinds` whose names may be this name, the likeliest first; of equals the best known."""
    name = name[:LONGEST]
    found = shortlist(name, kinds)
    called = names_of(one.edition for one in found)
    judged = []
    for one in found:
        alike = [(similarity(name, text, one.kind), text) for text in called.get(one.edition, ())]
        if alike and (best := max(alike))[0]:
            judged.append((-best[0], -one.tier, one.edition, best[1]))
    likely = sorted(judged)[:limit]
    told = as_printed((edition, text) for _, _, edition, text in likely)
    return [
        Candidate(kind, slug, edition, -score, text)
        for score, _, edition, _ in likely
        if edition in told
        for kind, slug, text in [told[edition]]
    ]


def names_of(editions: Iterable[int]) -> dict[int, list[str]]:
    """All names of each of `editions`, in small letters."""
    wanted = tuple(editions)
    found: dict[int, list[str]] = {}
    if wanted:
        term = "SELECT t.edition_id, t.value FROM editions_editionterm t WHERE t.field = 'name' AND t.edition_id IN"
        for edition, text in fetch(Sql(f"{term} ({marks(wanted)})", wanted)):
            found.setdefault(edition, []).append(text)
    return found


def as_printed(chosen: Iterable[tuple[int, str]]) -> dict[int, tuple[str, str, str]]:
    """Kind, slug and the chosen name (edition -> that name in small letters) of each edition that is live."""
    texts = dict(chosen)
    if not texts:
        return {}
    rows = f"SELECT e.id, e.kind, e.slug, e.name FROM editions_edition e WHERE e.id IN ({marks(tuple(texts))}) AND {LIVE}"
    found = {edition: (kind, slug, name) for edition, kind, slug, name in fetch(Sql(rows, tuple(texts)))}
    other = tuple(edition for edition, (_, _, name) in found.items() if _folded(name) != texts[edition])
    if other:
        rows = f"SELECT e.id, e.evidence FROM editions_edition e WHERE e.id IN ({marks(other)})"
        for edition, evidence in fetch(Sql(rows, other)):
            kind, slug, name = found[edition]
            aliases = (alias["text"] for alias in json.loads(evidence)["names"])
            found[edition] = kind, slug, next((alias for alias in aliases if _folded(alias) == texts[edition]), name)
    return found


def _folded(name: str) -> str:
    return name.casefold()[:LONGEST]


def shortlist(name: str, kinds: Sequence[str]) -> list[Sharing]:
    """The live editions that share most with the name: each key counts the more, the fewer have it."""
    # Names of persons are read in one way, those of everything else in another.
    ways = {PERSON if kind == PERSON else ENTITY_KINDS[0] for kind in kinds}
    wanted = sorted({key for way in ways for key in keys.of_name(name, way)})
    if not wanted:
        return []
    counts = dict(zip(wanted, _counts(wanted, kinds), strict=True))
    rare = [key for key, count in counts.items() if 0 < count < RARE]
    common = sorted((key for key, count in counts.items() if count >= RARE), key=lambda key: (key[0] not in "=&", key))
    for word in [word for word in wanted if counts[word] == 0 and word.isalpha() and len(word) > 3][:MISSPELT]:
        rare += [known for known, _, _ in nearest(word, words_like(word, kinds))[:NEAREST]]
    shared = _having(rare, kinds) + best_known([(key, key) for key in common[: 2 if rare else 4]], kinds, EACH)
    weights: dict[int, float] = {}
    for edition, key in {(one.edition, one.key) for one in shared}:
        weights[edition] = weights.get(edition, 0) + 1 / (1 + math.log2(counts.get(key) or RARE))
    editions = {one.edition: one for one in shared}.values()
    return sorted(editions, key=lambda one: (-round(weights[one.edition], 6), -one.tier, one.edition))[:COMPARED]


def sounding(word: str, kinds: Sequence[str]) -> list[Sharing]:
    """The best known live editions with a word that sounds like this one as far as it goes."""
    began = sorted(key for key in sounds_of(word, PERSON) if key[0] == "~")
    return best_known([(key, f"{key}\x7f") for key in began[:4]], kinds, FEW)


def words_like(word: str, kinds: Sequence[str]) -> set[str]:
    """Words of names that begin like the first half of this one: of a word with one wrong letter either half is right, and
    by the sound of its end it is found anyway."""
    start = word[: max(2, len(word) // 2)]
    each = (
        Sql(
            "SELECT * FROM (SELECT DISTINCT k.key FROM editions_namekey k"
            f" WHERE k.tier = {tier} AND k.kind = %s AND k.key >= %s AND k.key < %s LIMIT {WORDS}) k{tier}{at}",
            (kind, start, f"{start}\x7f"),
        )
        for tier in TIERS
        for at, kind in enumerate(kinds)
    )
    return {key for (key,) in fetch(joined(" UNION ALL ", each))}


def nearest(word: str, known: Iterable[str]) -> list[tuple[str, int, int]]:
    """(word, letters off, place) of known words that are few letters off, the nearest first."""
    allowed = 1 if len(word) < 9 else 2
    return process.extract(word, sorted(known), scorer=OSA.distance, score_cutoff=allowed, limit=50)


def _counts(wanted: Sequence[str], kinds: Sequence[str]) -> tuple[int, ...]:
    """How many live editions have each key, as far as they are rare."""
    having = f"(SELECT COUNT(*) FROM (SELECT 1 FROM editions_namekey k WHERE {SHARED.format(marks(kinds))} = %s LIMIT {RARE}) c)"
    [counts] = fetch(Sql("SELECT ") + joined(", ", (Sql(having, (*kinds, key)) for key in wanted)))
    return counts


def _having(wanted: Sequence[str], kinds: Sequence[str]) -> list[Sharing]:
    if not wanted:
        return []
    shared = f"{SHARED.format(marks(kinds))} IN ({marks(wanted)}) ORDER BY k.tier DESC, k.edition_id, k.key LIMIT {MOST}"
    return [
        Sharing(*row)
        for row in fetch(
            Sql(f"SELECT k.edition_id, k.kind, k.tier, k.key FROM editions_namekey k WHERE {shared}", (*kinds, *wanted))
        )
    ]


def best_known(
    stretches: Sequence[tuple[str, str]], kinds: Sequence[str], most: int, tiers: Sequence[int] = TIERS
) -> list[Sharing]:
    """Of each of `tiers` and `kinds`, up to `most` live editions with a key in each stretch: (first, end), or one key twice."""
    each = [tier_of(tier, first, end, kinds, most) for first, end in stretches for tier in tiers]
    return [Sharing(*row) for row in fetch(joined(" UNION ALL ", each))] if each else []


def tier_of(tier: int, first: str, end: str, kinds: Sequence[str], most: int) -> Sql:
    """Up to `most` live editions of a tier and each kind with a key from `first` to before `end`, in the keys' order."""
    alone = first == end
    having = f"k.tier = {tier} AND k.kind = %s AND " + ("k.key = %s" if alone else "k.key >= %s AND k.key < %s")
    each = (
        Sql(
            "SELECT * FROM (SELECT k.edition_id, k.kind, k.tier, k.key FROM editions_namekey k"
            f" WHERE {having} ORDER BY k.key, k.edition_id LIMIT {most}) k{at}",
            (kind, first) if alone else (kind, first, end),
        )
        for at, kind in enumerate(kinds)
    )
    return joined(" UNION ALL ", each)
