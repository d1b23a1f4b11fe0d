"""Type-ahead: names that begin like what was typed so far, the best known first; of what is misspelt, the nearest."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product
from textwrap import shorten
from typing import NamedTuple

from entities import vocabulary as v
from entities.countries import COUNTRIES
from entities.serializers import ENTITY_KINDS
from nato_support.api import naming, spelling
from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked
from nato_support.api.detail import dumped
from nato_support.api.highlighting import ranges
from nato_support.api.naming import TIERS, Sharing
from nato_support.api.problems import refuse
from nato_support.api.sql import LIVE, Sql, fetch, joined, marks
from nato_support.editions import keys

LARGEST, USUAL = 20, 10
EACH = 40
"""So many names are looked at of each kind and degree of renown."""
MISSPELT = 3
TRIED = 6
"""In so many ways what is misspelt is taken."""
SCANNED = 1_000
"""So many are gone through for those that have all of several words."""
SHORTEST_MISSPELT = 4
LONGEST_DESCRIPTION = 150
PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        replace(
            p.words("q", "What was typed so far of a name, in any language and script.", longest=100, many=False), required=True
        ),
        p.choice("kind", "Only entities of this kind.", list(ENTITY_KINDS)),
        p.number("limit", "How many at most.", LARGEST, USUAL),
    )
}


class Hit(NamedTuple):
    edition: int
    kind: str
    tier: int
    name: str
    """The name that was found, in small letters."""
    nearness: int
    """0: called just that; 1: a name begins so; 2: a name has words that begin so; 3: once a letter or two are put right."""


def answer(asked: Asked) -> Answer:
    """The suggestions for what was typed."""
    values, _ = p.read(asked.query, PARAMETERS)
    if "q" not in values:
        raise refuse([{"in": "query", "name": "q", "code": "missing"}])
    whole = values["q"][0].strip()
    if not keys.words(whole):
        raise refuse([{"in": "query", "name": "q", "code": "no_word"}])
    limit = int(values["limit"][0]) if "limit" in values else USUAL
    kinds = tuple(kind for kind in ENTITY_KINDS if kind in values.get("kind", ENTITY_KINDS))
    return Answer(dumped({"results": suggestions(whole, kinds, limit), "meta": {"stamp": asked.register.stamp}}))


def suggestions(whole: str, kinds: Sequence[str], limit: int) -> list[dict]:
    """Up to `limit` records that have a name of which each word of `whole` is the beginning of a word, or nearly so."""
    typed = tuple(dict.fromkeys(keys.words(whole)))
    hits = _beginning(whole, typed, kinds, limit)
    if not hits and len("".join(typed)) >= SHORTEST_MISSPELT:
        hits = _misspelt(typed, kinds, limit)
    chosen = hits[:limit]
    printed = naming.as_printed((hit.edition, hit.name) for hit in chosen)
    documents = _documents(printed)
    rows = []
    for hit in chosen:
        if hit.edition in printed:
            _, _, matched = printed[hit.edition]
            record = documents[hit.edition]
            rows.append(
                {
                    "kind": hit.kind,
                    "slug": record["slug"],
                    "name": record["name"],
                    "matched": {"text": matched, "ranges": _marked(matched, typed), "is_misspelt": hit.nearness == MISSPELT},
                    "description": _description(record),
                    "href": record["href"],
                }
            )
    return rows


def _beginning(whole: str, typed: Sequence[str], kinds: Sequence[str], limit: int) -> list[Hit]:
    """What is called just that first, then the best known."""
    found = _called(whole.casefold(), kinds)
    plain = " ".join(typed)
    driver = _rarest(typed, kinds) if len(typed) > 1 else typed[0]
    others = [word for word in typed if word != driver]
    held = {one.edition for one in found}
    for tier in TIERS:
        new = [one for one in _of_tier(tier, driver, others, kinds) if one.edition not in held]
        found += {one.edition: one for one in new}.values()
        held |= {one.edition for one in new}
        if len(held) >= limit:
            break
    names = naming.names_of(held)
    hits = [hit for one in found if (hit := _judged(one, names.get(one.edition, ()), typed, plain)) is not None]
    return sorted(hits, key=lambda hit: (hit.nearness > 0, -hit.tier, hit.nearness, len(hit.name), hit.name, hit.edition))


def _called(name: str, kinds: Sequence[str]) -> list[Sharing]:
    """Those that are called just that, however little known."""
    rows = Sql(
        "SELECT k.edition_id, k.kind, k.tier, k.key FROM editions_editionterm t CROSS JOIN editions_namekey k"
        f" WHERE t.field = 'name' AND t.value = %s AND t.kind IN ({marks(kinds)}) AND k.edition_id = t.edition_id LIMIT {EACH}",
        (name, *kinds),
    )
    return list({row[0]: Sharing(*row) for row in fetch(rows)}.values())


def _of_tier(tier: int, driver: str, others: Sequence[str], kinds: Sequence[str]) -> list[Sharing]:
    if not others:
        return naming.best_known([(driver, f"{driver}\x7f")], kinds, EACH, [tier])
    has = " AND ".join(
        ["EXISTS (SELECT 1 FROM editions_namekey o WHERE o.edition_id = g.edition_id AND o.key >= %s AND o.key < %s)"]
        * len(others)
    )
    scanned = naming.tier_of(tier, driver, f"{driver}\x7f", kinds, SCANNED)
    rows = Sql("SELECT g.edition_id, g.kind, g.tier, g.key FROM (") + scanned + Sql(f") g WHERE {has} LIMIT {EACH}")
    return [Sharing(*row) for row in fetch(rows + Sql("", tuple(end for word in others for end in (word, f"{word}\x7f"))))]


def _rarest(typed: Sequence[str], kinds: Sequence[str]) -> str:
    """Of the words typed, the one that begins fewest words of names."""
    counted = f"(SELECT COUNT(*) FROM (SELECT 1 FROM editions_namekey k WHERE {naming.SHARED.format(marks(kinds))}"
    each = (Sql(f"{counted} >= %s AND k.key < %s LIMIT {SCANNED}) c)", (*kinds, word, f"{word}\x7f")) for word in typed)
    [counts] = fetch(Sql("SELECT ") + joined(", ", each))
    return min(zip(counts, (-len(word) for word in typed), typed, strict=True))[2]


def _misspelt(typed: Sequence[str], kinds: Sequence[str], limit: int) -> list[Hit]:
    """What begins like what may have been meant: each word as it is, if names have it, or the nearest that they have."""
    *whole, last = typed
    each = [[word] if _known(word, word, kinds) else [one for _, one in spelling.near(word, kinds)] for word in whole]
    each.append([last] if _known(last, f"{last}\x7f", kinds) else spelling.beginnings_near(last, kinds))
    hits: dict[int, Hit] = {}
    for meant in islice(product(*each), TRIED):
        if meant != tuple(typed):
            for hit in _beginning(" ".join(meant), meant, kinds, limit):
                hits.setdefault(hit.edition, hit._replace(nearness=MISSPELT))
    return sorted(hits.values(), key=lambda hit: (-hit.tier, len(hit.name), hit.name, hit.edition))


def _known(first: str, end: str, kinds: Sequence[str]) -> bool:
    return bool(naming.best_known([(first, end)], kinds, 1))


def _judged(one: Sharing, names: Sequence[str], typed: Sequence[str], whole: str) -> Hit | None:
    """The name that fits best, the record's own name before others."""
    best: tuple[int, int, str] | None = None
    for name in names:
        words = keys.words(name)
        plain = " ".join(words)
        if not all(any(word.startswith(beginning) for word in words) for beginning in typed):
            continue
        nearness = 0 if plain == whole else 1 if plain.startswith(whole) else 2
        best = min(best or (3, 0, ""), (nearness, len(name), name))
    return Hit(one.edition, one.kind, one.tier, best[2], best[0]) if best else None


def _marked(name: str, typed: Sequence[str]) -> list[list[int]]:
    return ranges(name, tuple(((word,), True) for word in typed))


def _documents(editions: Iterable[int]) -> dict[int, dict]:
    wanted = tuple(editions)
    if not wanted:
        return {}
    rows = f"SELECT e.id, e.document FROM editions_edition e WHERE e.id IN ({marks(wanted)}) AND {LIVE}"
    return {edition: json.loads(document) for edition, document in fetch(Sql(rows, wanted))}


_LABELS = {
    "organisation": ("type", dict(v.OrganisationType.choices)),
    "facility": ("type", dict(v.FacilityType.choices)),
    "event": ("type", dict(v.EventType.choices)),
    "commitment": ("nature", dict(v.Nature.choices)),
}


def _description(record: dict) -> str:
    """What tells it from others of that name: its type, whose it is, where and when; of a person what is said of it."""
    kind = record["kind"]
    field, labels = _LABELS.get(kind, ("", {}))
    parts = [labels.get(record[field], record[field]) if field and record.get(field) else kind]
    if kind == "post":
        parts.append(record["organisation"]["name"])
    country = COUNTRIES.get(record.get("country") or record.get("nationality") or "")
    parts += [record.get("locality"), country if country != record["name"] else None]
    if kind == "event" and record["start"]:
        parts.append(record["start"]["value"])
    if kind == "person" and record["summary"]:
        parts = [shorten(record["summary"], LONGEST_DESCRIPTION, placeholder=" ...")]
    return ", ".join(str(part) for part in parts if part)
