"""Ranked search over all kinds: the best first, of a bounded number of hits, so that a common word costs little.

First come records with that identifier or name, or one that is much like it, in whatever script; then what full text finds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from entities.likeness.names import PERSON, similarity
from entities.serializers import ENTITY_KINDS, PLURALS
from entities.vocabulary import IdentifierScheme
from nato_support.api import edition_queries, facets, name_search, pagination, spelling_correction
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.full_text_query import FullTextQuery, parse_full_text
from nato_support.api.highlighting import highlight_record_fields, highlight_terms, match_ranges
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.register_state import RegisterChanged, RegisterState, newest_register_state
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, read_connection, sql_placeholders
from nato_support.publishing.editions import name_keys

ALL_RANKED_LIMIT = 500
"""Up to so many hits are all ranked, by BM25."""
MAX_CANDIDATES_PER_ROUND = 100
"""Of more hits the newest are ranked, so many in names and so many anywhere: those in names first, then the shorter ones."""
MAX_TS_RANKED = 2_000
"""So many are ranked on PostgreSQL."""
NAME_LIKENESS = 0.6
"""Names that are at least so likely the one that was typed come before all texts."""
MAX_NAMED = 10
"""So many of them."""
MAX_WORDS_AS_NAMES = 4
"""So many words of a question that no record has whole are each taken for a name."""
MAX_NAME_WORDS = 8
"""A question of more words is taken for no name."""
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
            "facets", "Adds `facets`: for each of these, how many of what was ranked have which value.", list(_FACET_FILTERS)
        ),
        p.number_parameter("page_size", "How many results a page has.", MAX_PAGE_SIZE, DEFAULT_PAGE_SIZE),
        pagination.cursor_parameter("Where a page starts: from `next` or `previous`."),
    )
}
# Hits in names count so many times as much as hits elsewhere; the kind counts nothing.
_BM25_SQL = "bm25(edition_search, 8.0, 1.0, 0.0)"
# Terms of superseded editions stay, so that candidates may be of the past.
_LIVE_ROWS_SQL = "CROSS JOIN publishing_edition e WHERE e.id = g.id AND e.superseded IS NULL"
# Quotes and relations are found by short texts that repeat what they are about; the records themselves should come before them.
_KIND_WEIGHT_SQL = "CASE WHEN e.kind IN ('quote', 'relation') THEN 0.4 ELSE 1.0 END"
_NAMED_EXACTLY_SQL = "SELECT x.edition_id AS id FROM publishing_editionterm x WHERE x.field = 'name' AND x.value = %s"
_IDENTIFIER_CONDITION_SQL = "x.field = 'identifier' AND x.value IN"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Everything that was ranked for a question, by id of its edition, the best first."""

    edition_ids: tuple[int, ...]
    named_first: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Those that come before all texts -> because of which field, and its value."""
    is_complete: bool = True
    """Whether nothing more was found than was ranked."""
    searched_text: FullTextQuery = field(default_factory=lambda: FullTextQuery(()))
    """The question as it was looked for at last."""
    corrections: dict[str, str] = field(default_factory=dict)
    """Words that no record has -> what was looked for instead."""


def search_response(request: ApiRequest) -> ApiResponse:
    """A page of what was found."""
    pairs, _ = p.split_query(request.query_string)
    if any(name == "as_of" for name, _ in pairs):
        detail = "Full text is searched as the register stands now."
        raise invalid_parameters_problem([{"in": "query", "name": "as_of", "code": "not_with_q", "detail": detail}])
    values, pairs = p.read_parameters(request.query_string, SEARCH_PARAMETERS)
    if "q" not in values:
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": "missing"}])
    try:
        text = parse_full_text(values["q"][0])
    except p.ParameterFault as fault:
        raise invalid_parameters_problem([{"in": "query", "name": "q", "code": fault.code} | fault.members]) from None
    size = int(values["page_size"][0]) if "page_size" in values else DEFAULT_PAGE_SIZE
    question = hash_query(request.path, values["q"], sorted(values.get("kind", ())))
    start = 0
    if "cursor" in values:
        cursor = open_cursor(values["cursor"][0], question, request.register.release)
        if cursor.release != request.register.release:
            raise ApiProblem("register-changed")
        [start] = cursor.key
    found = rank_editions(request.register, values["q"][0], replace(text, kinds=tuple(dict.fromkeys(values.get("kind", ())))))
    shown = found.edition_ids[start : start + size]
    documents = edition_queries.documents_by_edition(shown)

    def page_url(at: int) -> str:
        sealed = Cursor(request.register.release, question, False, (at,)).seal_as_text()
        return f"{request.site}{request.path}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"

    members: dict = {
        "matched": _matches_by_record(found, [(edition, json.loads(documents[edition])) for edition in shown]),
        "next": page_url(start + size) if len(found.edition_ids) > start + size else None,
        "previous": page_url(max(0, start - size)) if start else None,
    }
    if wanted := tuple(dict.fromkeys(values.get("facets", ()))):
        members["facets"] = _search_facets(found, wanted)
    members["meta"] = {"release": request.register.release, "is_truncated": not found.is_complete}
    if found.corrections:
        members["meta"]["corrected"] = found.corrections
    if found.searched_text.matches_any_term:
        members["meta"]["any_word"] = True
    # The printed bytes of the records go out as they are; what is said about them stands beside them.
    rest = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return ApiResponse(f'{{"results":[{",".join(documents[edition] for edition in shown)}],{rest[1:]}'.encode())


@lru_cache(maxsize=200)
def rank_editions(register: RegisterState, typed: str, text: FullTextQuery) -> SearchResult:
    """Everything that is ranked for a question, in the register's state of the moment."""
    corrected: dict[str, str] = {}
    ranked, whole = _rank_by_full_text(register, text)
    if not ranked and not _matches_any_kind(text):
        text, corrected = spelling_correction.correct_unknown_words(text)
        ranked, whole = _rank_by_full_text(register, text)
        if not ranked and len(text.terms) > 1 and not _matches_any_kind(text):
            text = replace(text, matches_any_term=True)
            ranked, whole = _rank_by_full_text(register, text)
    first = _find_identified(typed, text.kinds)
    for one in [replace(text, terms=(term,)) for term in text.terms[:MAX_WORDS_AS_NAMES]] if text.matches_any_term else [text]:
        first |= {edition: why for edition, why in _find_named(one).items() if edition not in first}
    if newest_register_state() != register:
        raise RegisterChanged
    return SearchResult(tuple(dict.fromkeys([*first, *ranked])), first, whole, text, corrected)


def _matches_any_kind(text: FullTextQuery) -> bool:
    """Whether any record fits, of whatever kind: then its words are right."""
    return bool(fetch_rows(replace(text, kinds=()).matching_ids() + Sql(" LIMIT 1")))


def _find_identified(typed: str, kinds: Sequence[str]) -> dict[int, tuple[str, str]]:
    """The records with this identifier, in whichever scheme, or this public id."""
    wanted = typed.strip()
    if " " in wanted or len(wanted) > 250:
        return {}
    identifiers = (wanted, *(f"{scheme}:{wanted}" for scheme in IdentifierScheme.values))
    among = tuple(kinds or PLURALS)
    rows = Sql(
        f"SELECT e.id, 'identifiers', x.value FROM publishing_editionterm x CROSS JOIN publishing_edition e WHERE {_IDENTIFIER_CONDITION_SQL}"
        f" ({sql_placeholders(identifiers)}) AND e.id = x.edition_id AND e.kind IN ({sql_placeholders(among)}) AND {LIVE_SQL}"
        f" UNION ALL SELECT e.id, 'slug', e.slug FROM publishing_edition e WHERE e.kind IN ({sql_placeholders(among)}) AND e.slug = %s"
        f" AND {LIVE_SQL} ORDER BY 1",
        (*identifiers, *among, *among, wanted),
    )
    return {edition: (field, value) for edition, field, value in fetch_rows(rows)}


def _find_named(text: FullTextQuery) -> dict[int, tuple[str, str]]:
    """The live entities that the question may name, the likeliest first, and by which of their names."""
    kinds = [kind for kind in ENTITY_KINDS if not text.kinds or kind in text.kinds]
    if not kinds or len(text.terms) > MAX_NAME_WORDS or any(beginning or " " in term for term, beginning in text.terms):
        return {}
    name = " ".join(term for term, _ in text.terms)
    likely = name_search.find_name_candidates(name, kinds, MAX_NAMED)
    return {
        one.edition_id: ("names", one.name)
        for one in likely
        if one.score >= NAME_LIKENESS and (one.score > 0.9 or _name_contains_words(one.name, name))
    }


def _name_contains_words(name: str, typed: str) -> bool:
    """Whether a name has every word that was typed, or one much like it."""
    known = name_keys.latin_words(name)
    return all(
        any(similarity(word, one, PERSON) >= spelling_correction.WORD_LIKENESS for one in known)
        for word in name_keys.latin_words(typed)
    )


def _search_facets(result: SearchResult, facet_names: Sequence[str]) -> dict:
    """Of all that was ranked, not of the page alone; if more was found than ranked, they are not exact."""
    among = Sql(
        f"SELECT e.id AS id, e.kind AS kind FROM publishing_edition e WHERE e.id IN ({sql_placeholders(result.edition_ids)})",
        result.edition_ids,
    )
    counted = facets.count_facets_among(among, [_FACET_FILTERS[name] for name in facet_names], None)
    return {name: facet | {"is_exact": result.is_complete} for name, facet in counted.items()}


def _matches_by_record(result: SearchResult, shown: Sequence[tuple[int, dict]]) -> list[list[dict]]:
    """Of each record, where the words stand in it; of one that came by another name, that name."""
    terms = highlight_terms(result.searched_text)
    matched = []
    for edition, record in shown:
        entries = list(highlight_record_fields(record, terms))
        if first := result.named_first.get(edition):
            field, value = first
            if value == record["name"]:
                field = "name"
            if all(entry["field"] not in (field, "name") for entry in entries):
                at = match_ranges(value, terms) if field in ("name", "names") else [[0, len(value)]]
                entries.insert(0, {"field": field, "text": value, "ranges": at})
        matched.append(entries)
    return matched


def _rank_by_full_text(register: RegisterState, text: FullTextQuery) -> tuple[list[int], bool]:
    """Ids of what full text finds, best first, what is called just that before all; and whether every hit was ranked."""
    if read_connection().vendor == "postgresql":
        ranked, most, whole = _ts_rank_ranking_sql(text), MAX_TS_RANKED, _has_few_hits(register, text, MAX_TS_RANKED)
    else:
        whole = _has_few_hits(register, replace(text, kinds=()), ALL_RANKED_LIMIT)
        ranked, most = (
            (_bm25_ranking_sql(text), ALL_RANKED_LIMIT) if whole else (_newest_candidates_sql(text), 3 * MAX_CANDIDATES_PER_ROUND)
        )
    best = ranked + Sql(" ORDER BY named DESC, score, id DESC LIMIT %s", (most,))
    return [row[0] for row in fetch_rows(best)], whole


@lru_cache(maxsize=1000)
def _has_few_hits(register: RegisterState, text: FullTextQuery, few: int) -> bool:
    return len(fetch_rows(text.matching_ids() + Sql(" LIMIT %s", (few + 1,)))) <= few


def _bm25_ranking_sql(text: FullTextQuery) -> Sql:
    match = replace(text, kinds=()).fts5_query()
    hits = Sql(f"SELECT rowid AS id, {_BM25_SQL} AS score FROM edition_search WHERE edition_search MATCH %s", (match,))
    return _ranking_sql(text, hits, Sql(f"g.score * {_KIND_WEIGHT_SQL}"))


def _newest_candidates_sql(text: FullTextQuery) -> Sql:
    """Candidates in the order of the index: called just that, with it in the name, with it anywhere."""
    rounds = [Sql(_NAMED_EXACTLY_SQL, (_query_as_name(text),)), text.matching_ids()]
    if text.kinds != ("quote",):
        # A quote has no name but its words.
        rounds.insert(1, replace(text, columns="name").matching_ids())
    each = (
        Sql(f"SELECT id, {at} AS tier FROM (") + candidates + Sql(f" LIMIT %s) c{at}", (MAX_CANDIDATES_PER_ROUND,))
        for at, candidates in enumerate(rounds)
    )
    hits = Sql("SELECT id, MIN(tier) AS tier FROM (") + join_sql(" UNION ALL ", each) + Sql(") c GROUP BY id")
    return _ranking_sql(text, hits, Sql("g.tier * 1000 + length(e.name)"))


def _ts_rank_ranking_sql(text: FullTextQuery) -> Sql:
    hits = text.matching_ids() + Sql(" LIMIT %s", (MAX_TS_RANKED,))
    return _ranking_sql(text, hits, Sql("-ts_rank(e.search, ") + text.tsquery_sql() + Sql(f") * {_KIND_WEIGHT_SQL}"))


def _ranking_sql(text: FullTextQuery, hits: Sql, score: Sql) -> Sql:
    """Rows of (id, whether it is called just that, score), the best score lowest."""
    of = Sql(f" AND e.kind IN ({sql_placeholders(text.kinds)})", text.kinds) if text.kinds else Sql("")
    named = Sql(f"SELECT e.id AS id, e.id IN ({_NAMED_EXACTLY_SQL}) AS named, ", (_query_as_name(text),))
    return named + score + Sql(" AS score FROM (") + hits + Sql(f") g {_LIVE_ROWS_SQL}") + of


def _query_as_name(text: FullTextQuery) -> str:
    return " ".join(term for term, _ in text.terms).casefold()[:700]
