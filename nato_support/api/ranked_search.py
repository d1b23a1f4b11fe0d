"""Ranked search over all kinds. The number of ranked hits is bounded, so that a common word costs little.

Records with that identifier, or with that name or a similar one in any script, come first, then the hits of full text.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from entities.likeness.names import PERSON, similarity
from entities.serializers import ENTITY_KINDS, PLURALS
from entities.vocabulary import IdentifierScheme
from nato_support.api import edition_queries, facets, name_search, short_list_paging, spelling_correction
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.full_text_query import FullTextQuery, parse_full_text
from nato_support.api.full_text_ranking import rank_by_full_text
from nato_support.api.highlighting import highlight_record_fields, match_ranges, terms_to_highlight
from nato_support.api.json_output import json_text
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.register_state import RegisterChanged, RegisterState, newest_register_state
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, sql_placeholders
from nato_support.publishing.editions import name_keys

MIN_NAME_SCORE = 0.6
"""Entities whose names are at least this similar to the query, 0 to 1, come before the hits of full text."""
MAX_NAMED = 10
"""Most entities found by such a name."""
MAX_WORDS_AS_NAMES = 4
"""Most words that are each searched as a name, if no record has all words of the query."""
MAX_NAME_WORDS = 8
"""A query of more words is not searched as a name."""
_FACET_FILTERS = {
    name: collection.facets[name]
    for collection in (COLLECTIONS[PLURALS[kind]] for kind in ("organisation", "commitment", "quote", "document"))
    for name in ("country", "type", "publisher", "speaker", "nature", "category", "stage", "currency", "language")
    if name in collection.facets
} | {"kind": COLLECTIONS["entities"].facets["kind"]}
SEARCH_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        replace(
            p.text_parameter("q", 'All of these words, "a phrase", a beginning*.', max_length=300, many=False), required=True
        ),
        p.choice_parameter("kind", "Only records of this kind.", list(PLURALS)),
        p.choice_parameter(
            "facets",
            "Adds `facets`: for each of these fields, the number of ranked results with each value.",
            list(_FACET_FILTERS),
        ),
        p.number_parameter("page_size", "Number of results per page.", MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE),
        short_list_paging.cursor_parameter("Start of the page, taken from `next` or `previous`."),
    )
}
_IDENTIFIER_CONDITION_SQL = "x.field = 'identifier' AND x.value IN"


@dataclass(frozen=True, slots=True)
class RankedResults:
    """Ranked result of a query."""

    edition_ids: tuple[int, ...]
    """The best first."""
    named_first: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Edition that comes before the hits of full text -> (field, value) that it was found by."""
    is_complete: bool = True
    """True if all hits were ranked."""
    searched_text: FullTextQuery = field(default_factory=lambda: FullTextQuery(()))
    """The query after correction."""
    corrections: dict[str, str] = field(default_factory=dict)
    """Word that no record has -> its replacement."""


def search_response(request: ApiRequest) -> ApiResponse:
    """Return a page of the search results."""
    pairs, _ = p.decode_query_pairs(request.query_string)
    if any(name == "as_of" for name, _ in pairs):
        detail = "Full-text search covers the current register only."
        raise invalid_parameters_problem([{"in": "query", "name": "as_of", "code": "not_with_q", "detail": detail}])
    values, pairs = p.read_parameters(request.query_string, SEARCH_PARAMETERS)
    if "q" not in values:
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": "missing"}])
    try:
        text = parse_full_text(values["q"][0])
    except p.ParameterFault as fault:
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": fault.code} | fault.members]) from None
    size = int(values["page_size"][0]) if "page_size" in values else DEFAULT_PAGE_SIZE
    query_hash = hash_query(request.path, values["q"], sorted(values.get("kind", ())))
    start = 0
    if "cursor" in values:
        cursor = open_cursor(values["cursor"][0], query_hash, request.register.release)
        if cursor.release != request.register.release:
            raise ApiProblem("register-changed")
        [start] = cursor.key
    result = rank_editions(request.register, values["q"][0], replace(text, kinds=tuple(dict.fromkeys(values.get("kind", ())))))
    page = result.edition_ids[start : start + size]
    documents = edition_queries.documents_by_edition(page)

    def page_url(at: int) -> str:
        sealed = Cursor(request.register.release, query_hash, False, (at,)).seal_as_text()
        return f"{request.site}{request.path}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"

    members: dict = {
        "matched": _matches_by_record(result, [(edition, json.loads(documents[edition])) for edition in page]),
        "next": page_url(start + size) if len(result.edition_ids) > start + size else None,
        "previous": page_url(max(0, start - size)) if start else None,
    }
    if facet_names := tuple(dict.fromkeys(values.get("facets", ()))):
        members["facets"] = _search_facets(result, facet_names)
    members["meta"] = {"release": request.register.release, "is_truncated": not result.is_complete}
    if result.corrections:
        members["meta"]["corrected"] = result.corrections
    if result.searched_text.matches_any_term:
        members["meta"]["any_word"] = True
    # The stored documents are sent as they are, the other members beside them.
    return ApiResponse(f'{{"results":[{",".join(documents[edition] for edition in page)}],{json_text(members)[1:]}'.encode())


@lru_cache(maxsize=200)
def rank_editions(register: RegisterState, typed: str, text: FullTextQuery) -> RankedResults:
    """Rank the results of a query, in this state of the register. Raises RegisterChanged if it is not the current one.

    A query without any hit is searched again with its words corrected, then with any one of its words.
    """
    corrections: dict[str, str] = {}
    ranked, is_complete = rank_by_full_text(register, text)
    if not ranked and not _matches_any_kind(text):
        text, corrections = spelling_correction.correct_unknown_words(text)
        ranked, is_complete = rank_by_full_text(register, text)
        if not ranked and len(text.terms) > 1 and not _matches_any_kind(text):
            text = replace(text, matches_any_term=True)
            ranked, is_complete = rank_by_full_text(register, text)
    named_first = _find_by_identifier_or_slug(typed, text.kinds)
    names = [replace(text, terms=(term,)) for term in text.terms[:MAX_WORDS_AS_NAMES]] if text.matches_any_term else [text]
    for name in names:
        for edition, reason in _find_by_similar_name(name).items():
            named_first.setdefault(edition, reason)
    if newest_register_state() != register:
        raise RegisterChanged
    return RankedResults(tuple(dict.fromkeys([*named_first, *ranked])), named_first, is_complete, text, corrections)


def _matches_any_kind(text: FullTextQuery) -> bool:
    """Return whether a record of any kind matches, so that the words need no correction."""
    return bool(fetch_rows(replace(text, kinds=()).matching_ids() + Sql(" LIMIT 1")))


def _find_by_identifier_or_slug(typed: str, kinds: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Return the live records with this identifier, in any scheme, or with this slug."""
    text = typed.strip()
    if " " in text or len(text) > 250:
        return {}
    identifiers = (text, *(f"{scheme}:{text}" for scheme in IdentifierScheme.values))
    kinds = tuple(kinds or PLURALS)
    is_live = f"e.kind IN ({sql_placeholders(kinds)}) AND {LIVE_SQL}"
    sql = Sql(
        "SELECT e.id, 'identifiers', x.value FROM publishing_editionterm x CROSS JOIN publishing_edition e"
        f" WHERE {_IDENTIFIER_CONDITION_SQL} ({sql_placeholders(identifiers)}) AND e.id = x.edition_id AND {is_live}"
        f" UNION ALL SELECT e.id, 'slug', e.slug FROM publishing_edition e WHERE {is_live} AND e.slug = %s ORDER BY 1",
        (*identifiers, *kinds, *kinds, text),
    )
    return {edition: (field, value) for edition, field, value in fetch_rows(sql)}


def _find_by_similar_name(text: FullTextQuery) -> dict[int, tuple[str, str]]:
    """Return the live entities that the query may name, most similar first, each with the name that it was found by."""
    kinds = [kind for kind in ENTITY_KINDS if not text.kinds or kind in text.kinds]
    if not kinds or len(text.terms) > MAX_NAME_WORDS or any(term.is_prefix or " " in term.text for term in text.terms):
        return {}
    name = " ".join(term.text for term in text.terms)
    return {
        candidate.edition_id: ("names", candidate.name)
        for candidate in name_search.find_name_candidates(name, kinds, MAX_NAMED)
        if candidate.score >= MIN_NAME_SCORE and (candidate.score > 0.9 or _name_contains_words(candidate.name, name))
    }


def _name_contains_words(name: str, typed: str) -> bool:
    """Return whether a name has every word that was typed, or a similar one."""
    name_words = name_keys.key_words(name)
    return all(
        any(similarity(typed_word, name_word, PERSON) >= spelling_correction.MIN_WORD_SIMILARITY for name_word in name_words)
        for typed_word in name_keys.key_words(typed)
    )


def _search_facets(result: RankedResults, facet_names: Sequence[str]) -> dict:
    """Return the facets of all ranked results, not of the page alone; they are exact only if all hits were ranked."""
    among = Sql(
        f"SELECT e.id AS id, e.kind AS kind FROM publishing_edition e WHERE e.id IN ({sql_placeholders(result.edition_ids)})",
        result.edition_ids,
    )
    counted = facets.count_facets_of_editions(among, [_FACET_FILTERS[name] for name in facet_names], None)
    return {name: facet | {"is_exact": result.is_complete} for name, facet in counted.items()}


def _matches_by_record(result: RankedResults, records: Sequence[tuple[int, dict]]) -> list[list[dict]]:
    """Return, for each record, the positions of the words in it, and the name that it was found by if it is another one."""
    terms = terms_to_highlight(result.searched_text)
    matches = []
    for edition, record in records:
        entries = list(highlight_record_fields(record, terms))
        if named_by := result.named_first.get(edition):
            field, value = named_by
            if value == record["name"]:
                field = "name"
            if all(entry["field"] not in (field, "name") for entry in entries):
                ranges = match_ranges(value, terms) if field in ("name", "names") else [[0, len(value)]]
                entries.insert(0, {"field": field, "text": value, "ranges": ranges})
        matches.append(entries)
    return matches
