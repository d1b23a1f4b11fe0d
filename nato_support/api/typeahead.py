"""Type-ahead: names that begin with the text typed so far, the best known first; if there are none, the nearest spellings."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product
from textwrap import shorten
from typing import NamedTuple

from entities import vocabulary as v
from entities.countries import COUNTRIES
from entities.likeness.latin_words import prefix_rank
from entities.serializers import ENTITY_KINDS
from nato_support.api import name_search, spelling_correction
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.full_text_query import WordSequence
from nato_support.api.highlighting import match_ranges
from nato_support.api.json_output import json_bytes
from nato_support.api.name_search import POPULARITIES, NameKeyMatch
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys

MAX_LIMIT, DEFAULT_LIMIT = 20, 10
MAX_PER_KIND_AND_POPULARITY = 40
"""Most editions read of each kind and popularity."""
MISSPELT_NEARNESS = 3
MAX_SPELLINGS = 6
"""Most corrected spellings tried for a misspelt text."""
MAX_KEYS_SCANNED = 1_000
"""Most keys scanned of each kind and popularity for editions that have all of several words."""
MIN_MISSPELT_LENGTH = 4
MAX_DESCRIPTION_LENGTH = 150
_JOINED_DESIGNATION = re.compile(r"\b([a-z]{1,4})(\d{1,4}[a-z]?)\b")
_PARTED_DESIGNATION = re.compile(r"\b([a-z]{1,4}) (\d{1,4}[a-z]?)\b")
SUGGEST_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        replace(
            p.text_parameter("q", "Beginning of a name, in any language and script.", max_length=100, many=False),
            required=True,
        ),
        p.choice_parameter("kind", "Only entities of this kind.", list(ENTITY_KINDS)),
        p.number_parameter("limit", "Maximum number of suggestions.", MAX_LIMIT, DEFAULT_LIMIT),
    )
}


class TypeaheadHit(NamedTuple):
    """Live edition with the name that fits best."""

    edition_id: int
    kind: str
    popularity: int
    name: str
    """The name that fits, in lower case."""
    nearness: int
    """0: is the text; 1: begins with it; 2: has words that begin with its words; 3: does so after correcting its spelling."""


def suggest_response(request: ApiRequest) -> ApiResponse:
    """Return the suggestions for the text typed."""
    values, _ = p.read_parameters(request.query_string, SUGGEST_PARAMETERS)
    if "q" not in values:
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": "missing"}])
    text = values["q"][0].strip()
    if not name_keys.key_words(text):
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": "no_word"}])
    limit = int(values["limit"][0]) if "limit" in values else DEFAULT_LIMIT
    kinds = tuple(kind for kind in ENTITY_KINDS if kind in values.get("kind", ENTITY_KINDS))
    return ApiResponse(
        json_bytes({"results": suggest_entities_by_name(text, kinds, limit), "meta": {"release": request.register.release}})
    )


def suggest_entities_by_name(text: str, kinds: Sequence[str], limit: int) -> list[dict]:
    """Return up to `limit` entities with a name whose words begin with the words of `text`, or nearly so."""
    typed_words = tuple(dict.fromkeys(name_keys.key_words(text)))
    hits = _hits_beginning_with(text, typed_words, kinds, limit)
    if not hits and (other_words := _designation_written_otherwise(text)):
        hits = _hits_beginning_with(" ".join(other_words), other_words, kinds, limit)
    if not hits and len("".join(typed_words)) >= MIN_MISSPELT_LENGTH:
        hits = _hits_of_corrected_spellings(typed_words, kinds, limit)
    hits = hits[:limit]
    published = name_search.published_names_by_edition((hit.edition_id, hit.name) for hit in hits)
    documents = _live_documents(published)
    rows = []
    for hit in hits:
        if hit.edition_id in published:
            _, _, matched = published[hit.edition_id]
            record = documents[hit.edition_id]
            rows.append(
                {
                    "kind": hit.kind,
                    "slug": record["slug"],
                    "name": record["name"],
                    "matched": {
                        "text": matched,
                        "ranges": _highlight_typed_words(matched, typed_words),
                        "is_misspelt": hit.nearness == MISSPELT_NEARNESS,
                    },
                    "description": _suggestion_description(record),
                    "href": record["href"],
                }
            )
    return rows


def _designation_written_otherwise(text: str) -> tuple[str, ...]:
    """Return the words of a text that has a designation such as F16 or F-16, written in the other way; () if it has none."""
    words = " ".join(name_keys.key_words(text))
    parted = _JOINED_DESIGNATION.sub(r"\1 \2", words)
    other = parted if parted != words else _PARTED_DESIGNATION.sub(r"\1\2", words)
    return tuple(dict.fromkeys(other.split())) if other != words else ()


def _hits_beginning_with(text: str, typed_words: Sequence[str], kinds: Sequence[str], limit: int) -> list[TypeaheadHit]:
    """Return the hits named exactly so first, then the best known."""
    matches = {match.edition_id: match for match in _editions_named_exactly(text, kinds)}
    rarest = _rarest_word(typed_words, kinds) if len(typed_words) > 1 else typed_words[0]
    further_words = [word for word in typed_words if word != rarest]
    for popularity in POPULARITIES:
        for match in _editions_of_popularity(popularity, rarest, further_words, kinds):
            matches.setdefault(match.edition_id, match)
        if len(matches) >= limit:
            break
    names = name_search.folded_names_by_edition(matches)
    hits = [
        hit
        for match in matches.values()
        if (hit := _best_name_hit(match, names.get(match.edition_id, ()), typed_words)) is not None
    ]
    return sorted(
        hits, key=lambda hit: (hit.nearness > 0, -hit.popularity, hit.nearness, len(hit.name), hit.name, hit.edition_id)
    )


def _editions_named_exactly(name: str, kinds: Sequence[str]) -> list[NameKeyMatch]:
    """Return the live editions with exactly this name, however little known."""
    sql = Sql(
        "SELECT k.edition_id, k.kind, k.popularity, k.key FROM publishing_editionterm t CROSS JOIN publishing_namekey k"
        f" WHERE t.field = 'name' AND t.value = %s AND t.kind IN ({sql_placeholders(kinds)}) AND k.edition_id = t.edition_id"
        f" LIMIT {MAX_PER_KIND_AND_POPULARITY}",
        (name_keys.name_term(name), *kinds),
    )
    return list({row[0]: NameKeyMatch(*row) for row in fetch_rows(sql)}.values())


def _editions_of_popularity(
    popularity: int, rarest_word: str, further_words: Sequence[str], kinds: Sequence[str]
) -> list[NameKeyMatch]:
    """Return live editions of this popularity whose names have words that begin with each of these words."""
    first, end = rarest_word, f"{rarest_word}\x7f"
    if not further_words:
        return name_search.most_popular_editions_in_key_ranges([(first, end)], kinds, MAX_PER_KIND_AND_POPULARITY, [popularity])
    has_words = " AND ".join(
        ["EXISTS (SELECT 1 FROM publishing_namekey o WHERE o.edition_id = g.edition_id AND o.key >= %s AND o.key < %s)"]
        * len(further_words)
    )
    bounds = tuple(bound for word in further_words for bound in (word, f"{word}\x7f"))
    scanned = name_search.editions_in_key_range_sql(popularity, first, end, kinds, MAX_KEYS_SCANNED)
    sql = (
        Sql("SELECT g.edition_id, g.kind, g.popularity, g.key FROM (")
        + scanned
        + Sql(f") g WHERE {has_words} LIMIT {MAX_PER_KIND_AND_POPULARITY}", bounds)
    )
    return [NameKeyMatch(*row) for row in fetch_rows(sql)]


def _rarest_word(typed_words: Sequence[str], kinds: Sequence[str]) -> str:
    """Return the word that fewest words of names begin with; of equals, the longest."""
    in_range = f"{name_search.SHARED_KEY_SQL.format(sql_placeholders(kinds))} >= %s AND k.key < %s"
    count = f"(SELECT COUNT(*) FROM (SELECT 1 FROM publishing_namekey k WHERE {in_range} LIMIT {MAX_KEYS_SCANNED}) c)"
    counts_sql = (Sql(count, (*kinds, word, f"{word}\x7f")) for word in typed_words)
    [counts] = fetch_rows(Sql("SELECT ") + join_sql(", ", counts_sql))
    return min(zip(counts, (-len(word) for word in typed_words), typed_words, strict=True))[2]


def _hits_of_corrected_spellings(typed_words: Sequence[str], kinds: Sequence[str], limit: int) -> list[TypeaheadHit]:
    """Return the hits of corrected spellings: known words stay, unknown ones are replaced by the most similar known ones."""
    *complete_words, last_word = typed_words
    alternatives = [
        [word] if _has_key_in_range(word, word, kinds) else [known for _, known in spelling_correction.similar_words(word, kinds)]
        for word in complete_words
    ]
    alternatives.append(
        [last_word]
        if _has_key_in_range(last_word, f"{last_word}\x7f", kinds)
        else spelling_correction.similar_beginnings(last_word, kinds)
    )
    hits: dict[int, TypeaheadHit] = {}
    for spelling in islice(product(*alternatives), MAX_SPELLINGS):
        if spelling != tuple(typed_words):
            for hit in _hits_beginning_with(" ".join(spelling), spelling, kinds, limit):
                hits.setdefault(hit.edition_id, hit._replace(nearness=MISSPELT_NEARNESS))
    return sorted(hits.values(), key=lambda hit: (-hit.popularity, len(hit.name), hit.name, hit.edition_id))


def _has_key_in_range(first: str, end: str, kinds: Sequence[str]) -> bool:
    return bool(name_search.most_popular_editions_in_key_ranges([(first, end)], kinds, 1))


def _best_name_hit(key_match: NameKeyMatch, names: Sequence[str], typed_words: Sequence[str]) -> TypeaheadHit | None:
    """Return the hit with the name that fits best, the shorter of equals; None if no name fits."""
    best: tuple[int, int, str] | None = None
    for name in names:
        words = name_keys.key_words(name)
        if not all(any(word.startswith(typed) for word in words) for typed in typed_words):
            continue
        best = min(best or (3, 0, ""), (prefix_rank(words, typed_words), len(name), name))
    return TypeaheadHit(key_match.edition_id, key_match.kind, key_match.popularity, best[2], best[0]) if best else None


def _highlight_typed_words(name: str, typed_words: Sequence[str]) -> list[list[int]]:
    return match_ranges(name, tuple(WordSequence((word,), True) for word in typed_words))


def _live_documents(editions: Iterable[int]) -> dict[int, dict]:
    ids = tuple(editions)
    if not ids:
        return {}
    select = f"SELECT e.id, e.document FROM publishing_edition e WHERE e.id IN ({sql_placeholders(ids)}) AND {LIVE_SQL}"
    return {edition: json.loads(document) for edition, document in fetch_rows(Sql(select, ids))}


_TYPE_LABELS = {
    "organisation": ("type", dict(v.OrganisationType.choices)),
    "facility": ("type", dict(v.FacilityType.choices)),
    "event": ("type", dict(v.EventType.choices)),
    "commitment": ("nature", dict(v.Nature.choices)),
}


def _suggestion_description(record: dict) -> str:
    """Return what tells an entity from others of its name: type, organisation, place, date; for a person, the summary."""
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
