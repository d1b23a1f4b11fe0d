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
from nato_support.api import name_search, spelling_correction
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.highlighting import match_ranges
from nato_support.api.json_output import json_bytes
from nato_support.api.name_search import POPULARITIES, KeyMatch
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys

MAX_LIMIT, DEFAULT_LIMIT = 20, 10
MAX_PER_KIND_AND_POPULARITY = 40
"""So many names are looked at of each kind and degree of renown."""
MISSPELT_NEARNESS = 3
MAX_SPELLINGS = 6
"""In so many ways what is misspelt is taken."""
MAX_KEYS_SCANNED = 1_000
"""So many are gone through for those that have all of several words."""
MIN_MISSPELT_LENGTH = 4
MAX_DESCRIPTION_LENGTH = 150
SUGGEST_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        replace(
            p.text_parameter("q", "What was typed so far of a name, in any language and script.", max_length=100, many=False),
            required=True,
        ),
        p.choice_parameter("kind", "Only entities of this kind.", list(ENTITY_KINDS)),
        p.number_parameter("limit", "How many at most.", MAX_LIMIT, DEFAULT_LIMIT),
    )
}


class TypeaheadHit(NamedTuple):
    edition_id: int
    kind: str
    popularity: int
    name: str
    """The name that was found, in small letters."""
    nearness: int
    """0: called just that; 1: a name begins so; 2: a name has words that begin so; 3: once a letter or two are put right."""


def suggest_response(request: ApiRequest) -> ApiResponse:
    """The suggestions for what was typed."""
    values, _ = p.read_parameters(request.query_string, SUGGEST_PARAMETERS)
    if "q" not in values:
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": "missing"}])
    whole = values["q"][0].strip()
    if not name_keys.latin_words(whole):
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": "no_word"}])
    limit = int(values["limit"][0]) if "limit" in values else DEFAULT_LIMIT
    kinds = tuple(kind for kind in ENTITY_KINDS if kind in values.get("kind", ENTITY_KINDS))
    return ApiResponse(json_bytes({"results": suggest_names(whole, kinds, limit), "meta": {"release": request.register.release}}))


def suggest_names(whole: str, kinds: Sequence[str], limit: int) -> list[dict]:
    """Up to `limit` records that have a name of which each word of `whole` is the beginning of a word, or nearly so."""
    typed = tuple(dict.fromkeys(name_keys.latin_words(whole)))
    hits = _hits_beginning_with(whole, typed, kinds, limit)
    if not hits and len("".join(typed)) >= MIN_MISSPELT_LENGTH:
        hits = _misspelt_hits(typed, kinds, limit)
    chosen = hits[:limit]
    printed = name_search.published_names((hit.edition_id, hit.name) for hit in chosen)
    documents = _live_documents(printed)
    rows = []
    for hit in chosen:
        if hit.edition_id in printed:
            _, _, matched = printed[hit.edition_id]
            record = documents[hit.edition_id]
            rows.append(
                {
                    "kind": hit.kind,
                    "slug": record["slug"],
                    "name": record["name"],
                    "matched": {
                        "text": matched,
                        "ranges": _highlight_typed_words(matched, typed),
                        "is_misspelt": hit.nearness == MISSPELT_NEARNESS,
                    },
                    "description": _suggestion_description(record),
                    "href": record["href"],
                }
            )
    return rows


def _hits_beginning_with(whole: str, typed: Sequence[str], kinds: Sequence[str], limit: int) -> list[TypeaheadHit]:
    """What is called just that first, then the best known."""
    found = _editions_called_exactly(whole.casefold(), kinds)
    plain = " ".join(typed)
    driver = _rarest_word(typed, kinds) if len(typed) > 1 else typed[0]
    others = [word for word in typed if word != driver]
    held = {one.edition_id for one in found}
    for tier in POPULARITIES:
        new = [one for one in _editions_of_popularity(tier, driver, others, kinds) if one.edition_id not in held]
        found += {one.edition_id: one for one in new}.values()
        held |= {one.edition_id for one in new}
        if len(held) >= limit:
            break
    names = name_search.names_by_edition(held)
    hits = [hit for one in found if (hit := _best_name_hit(one, names.get(one.edition_id, ()), typed, plain)) is not None]
    return sorted(
        hits, key=lambda hit: (hit.nearness > 0, -hit.popularity, hit.nearness, len(hit.name), hit.name, hit.edition_id)
    )


def _editions_called_exactly(name: str, kinds: Sequence[str]) -> list[KeyMatch]:
    """Those that are called just that, however little known."""
    rows = Sql(
        "SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_editionterm t CROSS JOIN publishing_namekey k"
        f" WHERE t.field = 'name' AND t.value = %s AND t.kind IN ({sql_placeholders(kinds)}) AND k.edition_id = t.edition_id LIMIT {MAX_PER_KIND_AND_POPULARITY}",
        (name, *kinds),
    )
    return list({row[0]: KeyMatch(*row) for row in fetch_rows(rows)}.values())


def _editions_of_popularity(tier: int, driver: str, further_words: Sequence[str], kinds: Sequence[str]) -> list[KeyMatch]:
    if not further_words:
        return name_search.most_popular_editions([(driver, f"{driver}\x7f")], kinds, MAX_PER_KIND_AND_POPULARITY, [tier])
    has = " AND ".join(
        ["EXISTS (SELECT 1 FROM publishing_namekey o WHERE o.edition_id = g.edition_id AND o.key >= %s AND o.key < %s)"]
        * len(further_words)
    )
    scanned = name_search.editions_of_popularity_sql(tier, driver, f"{driver}\x7f", kinds, MAX_KEYS_SCANNED)
    rows = (
        Sql("SELECT g.edition_id, g.kind, g.popularity, g.key FROM (")
        + scanned
        + Sql(f") g WHERE {has} LIMIT {MAX_PER_KIND_AND_POPULARITY}")
    )
    return [
        KeyMatch(*row)
        for row in fetch_rows(rows + Sql("", tuple(end for word in further_words for end in (word, f"{word}\x7f"))))
    ]


def _rarest_word(typed: Sequence[str], kinds: Sequence[str]) -> str:
    """Of the words typed, the one that begins fewest words of names."""
    counted = f"(SELECT COUNT(*) FROM (SELECT 1 FROM publishing_namekey k WHERE {name_search.SHARED_KEY_SQL.format(sql_placeholders(kinds))}"
    each = (Sql(f"{counted} >= %s AND k.key < %s LIMIT {MAX_KEYS_SCANNED}) c)", (*kinds, word, f"{word}\x7f")) for word in typed)
    [counts] = fetch_rows(Sql("SELECT ") + join_sql(", ", each))
    return min(zip(counts, (-len(word) for word in typed), typed, strict=True))[2]


def _misspelt_hits(typed: Sequence[str], kinds: Sequence[str], limit: int) -> list[TypeaheadHit]:
    """What begins like what may have been meant: each word as it is, if names have it, or the nearest that they have."""
    *whole, last = typed
    each = [
        [word] if _is_known_beginning(word, word, kinds) else [one for _, one in spelling_correction.similar_words(word, kinds)]
        for word in whole
    ]
    each.append(
        [last] if _is_known_beginning(last, f"{last}\x7f", kinds) else spelling_correction.similar_beginnings(last, kinds)
    )
    hits: dict[int, TypeaheadHit] = {}
    for meant in islice(product(*each), MAX_SPELLINGS):
        if meant != tuple(typed):
            for hit in _hits_beginning_with(" ".join(meant), meant, kinds, limit):
                hits.setdefault(hit.edition_id, hit._replace(nearness=MISSPELT_NEARNESS))
    return sorted(hits.values(), key=lambda hit: (-hit.popularity, len(hit.name), hit.name, hit.edition_id))


def _is_known_beginning(first: str, end: str, kinds: Sequence[str]) -> bool:
    return bool(name_search.most_popular_editions([(first, end)], kinds, 1))


def _best_name_hit(key_match: KeyMatch, names: Sequence[str], typed: Sequence[str], whole: str) -> TypeaheadHit | None:
    """The name that fits best, the record's own name before others."""
    best: tuple[int, int, str] | None = None
    for name in names:
        words = name_keys.latin_words(name)
        plain = " ".join(words)
        if not all(any(word.startswith(beginning) for word in words) for beginning in typed):
            continue
        nearness = 0 if plain == whole else 1 if plain.startswith(whole) else 2
        best = min(best or (3, 0, ""), (nearness, len(name), name))
    return TypeaheadHit(key_match.edition_id, key_match.kind, key_match.popularity, best[2], best[0]) if best else None


def _highlight_typed_words(name: str, typed: Sequence[str]) -> list[list[int]]:
    return match_ranges(name, tuple(((word,), True) for word in typed))


def _live_documents(editions: Iterable[int]) -> dict[int, dict]:
    wanted = tuple(editions)
    if not wanted:
        return {}
    rows = f"SELECT e.id, e.document FROM publishing_edition e WHERE e.id IN ({sql_placeholders(wanted)}) AND {LIVE_SQL}"
    return {edition: json.loads(document) for edition, document in fetch_rows(Sql(rows, wanted))}


_TYPE_LABELS = {
    "organisation": ("type", dict(v.OrganisationType.choices)),
    "facility": ("type", dict(v.FacilityType.choices)),
    "event": ("type", dict(v.EventType.choices)),
    "commitment": ("nature", dict(v.Nature.choices)),
}


def _suggestion_description(record: dict) -> str:
    """What tells it from others of that name: its type, whose it is, where and when; of a person what is said of it."""
    kind = record["kind"]
    field, labels = _TYPE_LABELS.get(kind, ("", {}))
    parts = [labels.get(record[field], record[field]) if field and record.get(field) else kind]
    if kind == "post":
        parts.append(record["organisation"]["name"])
    country = COUNTRIES.get(record.get("country") or record.get("nationality") or "")
    parts += [record.get("locality"), country if country != record["name"] else None]
    if kind == "event" and record["start"]:
        parts.append(record["start"]["value"])
    if kind == "person" and record["summary"]:
        parts = [shorten(record["summary"], MAX_DESCRIPTION_LENGTH, placeholder=" ...")]
    return ", ".join(str(part) for part in parts if part)
