"""Order of the hits of full text, the same on both databases: by where the words are found, then the shortest name.

The number of ranked hits is bounded, so that a common word costs little: of too many, the newest are ranked.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from nato_support.api.full_text_query import FullTextQuery
from nato_support.api.register_state import RegisterState
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import name_keys

ALL_RANKED_LIMIT = 500
"""Up to this number, all hits are ranked."""
MAX_CANDIDATES_PER_ROUND = 100
"""Number of the newest hits that are ranked if there are more, in names and again anywhere; those in names come first."""
# Terms of superseded editions are kept, so those exactly so named may be past ones.
_NAMED_EXACTLY_SQL = (
    "SELECT e.id AS id FROM publishing_editionterm x CROSS JOIN publishing_edition e"
    f" WHERE x.field = 'name' AND x.value = %s AND e.id = x.edition_id AND {LIVE_SQL}"
)


def rank_by_full_text(register: RegisterState, text: FullTextQuery) -> tuple[list[int], bool]:
    """Return the ids of the hits, the best first, and whether all hits were ranked.

    The best are exactly so named; then come those with all words in a name, in the record, in its evidence. If any word is
    enough, those with most of the words come first.
    """
    is_complete = _has_few_hits(register, text, ALL_RANKED_LIMIT)
    limit = ALL_RANKED_LIMIT if is_complete else MAX_CANDIDATES_PER_ROUND
    scored = _scored_by_words_found(text, limit) if text.matches_any_term else _scored_by_place(text, limit)
    ranking = Sql("SELECT e.id FROM (") + scored + Sql(") g CROSS JOIN publishing_edition e WHERE e.id = g.id")
    return [row[0] for row in fetch_rows(ranking + Sql(" ORDER BY g.score, length(e.name), e.id DESC"))], is_complete


@lru_cache(maxsize=1000)
def _has_few_hits(register: RegisterState, text: FullTextQuery, limit: int) -> bool:
    return len(fetch_rows(text.matching_ids() + Sql(" LIMIT %s", (limit + 1,)))) <= limit


def _scored_by_place(text: FullTextQuery, limit: int) -> Sql:
    """Select (id, score) of those so named and of the newest hits; of the latter, it tells text from evidence."""
    named = Sql(_NAMED_EXACTLY_SQL, (name_keys.name_term(" ".join(term.text for term in text.terms)),))
    if text.kinds:
        named += Sql(f" AND e.kind IN ({sql_placeholders(text.kinds)})", text.kinds)
    rounds = [named, replace(text, in_names=True).matching_ids(), replace(text, with_evidence=False).matching_ids()]
    selects = [*_limited_rounds(rounds, limit), Sql("SELECT id, 3 AS score FROM hits")]
    hits = Sql("WITH hits AS MATERIALIZED (") + text.matching_ids() + Sql(" LIMIT %s) ", (limit,))
    return hits + Sql("SELECT id, MIN(score) AS score FROM (") + join_sql(" UNION ALL ", selects) + Sql(") c GROUP BY id")


def _scored_by_words_found(text: FullTextQuery, limit: int) -> Sql:
    """Select (id, score) of the newest hits of each term: the more terms, the lower the score; of equals, the more in names."""
    single = [replace(text, terms=(term,)) for term in text.terms]
    rounds = [query.matching_ids() for query in single], [replace(query, in_names=True).matching_ids() for query in single]
    selects = (
        Sql(f"SELECT id, -{weight} AS score FROM (") + hits + Sql(f" LIMIT %s) w{weight}_{at}", (limit,))
        for weight, of_terms in zip((100, 1), rounds, strict=True)
        for at, hits in enumerate(of_terms)
    )
    return Sql("SELECT id, SUM(score) AS score FROM (") + join_sql(" UNION ALL ", selects) + Sql(") c GROUP BY id")


def _limited_rounds(rounds: list[Sql], limit: int) -> Iterator[Sql]:
    for at, candidates in enumerate(rounds):
        yield Sql(f"SELECT id, {at} AS score FROM (") + candidates + Sql(f" LIMIT %s) r{at}", (limit,))
