"""Find the live entities that a query may mean: by name, by identifier and by property."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from entities import vocabulary as v
from nato_support.api.reconciliation.entity_properties import PROPERTIES
from nato_support.api.reconciliation.entity_types import KINDS, kinds_of_types
from nato_support.api.reconciliation.name_shortlists import NameShortlists, slugs_by_edition
from nato_support.api.reconciliation.query_batches import MAX_TEXT_LENGTH, ReconciliationQuery
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions.name_keys import name_term

MAX_NAMES_PER_BATCH = 120
"""Limit on the names of a batch that are searched by similarity; each query's first is always among them. The others are
only looked up exactly."""
CLOSE_ENOUGH = 0.85
"""Similarity from which on other types than those requested are not searched."""
MAX_EQUAL_ENTITIES = 20
"""Limit on the candidates with the same name or property value."""
_LOOKUPS_PER_STATEMENT = 40
_API_PREFIX = "/api/v1/"

SimilarityBySlug = dict[str, float]
"""Slug -> similarity of the name, from 0 to 1."""


class FoundEntity(NamedTuple):
    """A live entity with the name, identifier or property value looked up."""

    slug: str
    name: str
    """Its main name."""
    kind: str


def find_entities_with_similar_names(
    queries: Sequence[ReconciliationQuery], entities_by_name: Mapping[str, Sequence[FoundEntity]]
) -> list[dict[str, SimilarityBySlug]]:
    """Return, for each query, its names -> the entities with similar names.

    A query for a name alone is not searched by similarity if `entities_by_name` has an entity of exactly that name.
    """
    names_per_query = max(1, MAX_NAMES_PER_BATCH // max(1, len(queries)))

    def is_named_exactly(text: str, query: ReconciliationQuery) -> bool:
        have_type = (not query.types or entity.kind in query.types for entity in entities_by_name.get(text, ()))
        return len(query.conditions) == 1 and any(have_type)

    texts = [[text for text in query.names[:names_per_query] if text and not is_named_exactly(text, query)] for query in queries]
    shortlists = NameShortlists(text for query_texts in texts for text in query_texts)
    editions_by_query = [
        {text: _find_editions_with_similar_names(text, query, shortlists) for text in query_texts}
        for query, query_texts in zip(queries, texts, strict=True)
    ]
    slugs = slugs_by_edition(
        {
            edition
            for editions_by_text in editions_by_query
            for score_by_edition in editions_by_text.values()
            for edition in score_by_edition
        }
    )
    return [
        {
            text: {slugs[edition]: score for edition, score in score_by_edition.items() if edition in slugs}
            for text, score_by_edition in editions_by_text.items()
        }
        for editions_by_text in editions_by_query
    ]


def _find_editions_with_similar_names(text: str, query: ReconciliationQuery, shortlists: NameShortlists) -> dict[int, float]:
    """Return the likeliest editions -> similarity, twice as many as the query asks for."""
    requested_kinds = kinds_of_types(query.types)
    score_by_edition = shortlists.likely_editions(text, requested_kinds)
    if query.strict == "should" and max(score_by_edition.values(), default=0) < CLOSE_ENOUGH:
        score_by_edition |= shortlists.likely_editions(text, [kind for kind in KINDS if kind not in requested_kinds])
    return dict(islice(score_by_edition.items(), 2 * query.limit))


def find_entities_by_name(texts: Iterable[str]) -> dict[str, list[FoundEntity]]:
    """Text -> entities with this name; upper and lower case are the same."""
    return _find_entities_by_terms({text: ("name", (name_term(text),)) for text in texts})


def find_entities_by_identifier(texts: Iterable[str]) -> dict[str, list[FoundEntity]]:
    """Text -> entities with this identifier."""
    return _find_entities_by_terms(
        {text: ("identifier", _possible_identifiers(text)) for text in texts if text and " " not in text}
    )


def slug_from_text(text: str) -> str:
    """Return the last segment of an address of the API; any other text is returned as it is."""
    return text.rstrip("/").rpartition("/")[2] if _API_PREFIX in text else text


def find_slugs_by_properties(query: ReconciliationQuery) -> list[str]:
    """Slugs of the entities that meet conditions of a query without a name, those that meet most first."""
    conditions = [condition for condition in query.conditions if condition.by == "property" and condition.quantifier != "none"]
    terms: dict[str, tuple[str, Sequence[str]]] = {}
    for index, condition in enumerate(conditions):
        property = PROPERTIES.get(condition.property)
        if property and property.terms:
            values = [value for text in condition.values for value in property.terms(text)]
            if values:
                terms[str(index)] = (property.field or property.id, values)
    entities_by_condition = _find_entities_by_terms(terms)
    conditions_met: dict[str, int] = {}
    for entities in entities_by_condition.values():
        for entity in entities:
            conditions_met[entity.slug] = conditions_met.get(entity.slug, 0) + 1
    return sorted(conditions_met, key=lambda slug: (-conditions_met[slug], slug))


def _possible_identifiers(text: str) -> list[str]:
    last_segment = text.rstrip("/").rpartition("/")[2]
    forms = dict.fromkeys((text, last_segment, last_segment.upper()))
    return [text, *(f"{scheme}:{form}"[:MAX_TEXT_LENGTH] for scheme in v.IdentifierScheme.values for form in forms)]


def _find_entities_by_terms(terms: dict[str, tuple[str, Sequence[str]]]) -> dict[str, list[FoundEntity]]:
    """Key of `terms` -> up to MAX_EQUAL_ENTITIES live entities with one of its values in its field."""
    keys = list(terms)
    entities_by_key: dict[str, list[FoundEntity]] = {}
    for start in range(0, len(keys), _LOOKUPS_PER_STATEMENT):
        statements = (
            _term_lookup_sql(index, *terms[keys[index]]) for index in range(start, min(start + _LOOKUPS_PER_STATEMENT, len(keys)))
        )
        for index, *columns in fetch_rows(join_sql(" UNION ALL ", statements)):
            entities_by_key.setdefault(keys[index], []).append(FoundEntity(*columns))
    return entities_by_key


def _term_lookup_sql(index: int, field: str, values: Sequence[str]) -> Sql:
    return Sql(
        f"SELECT * FROM (SELECT DISTINCT {index} AS asked, e.slug, e.name, e.kind FROM publishing_editionterm x"
        " CROSS JOIN publishing_edition e WHERE e.id = x.edition_id AND x.field = %s"
        f" AND x.value IN ({sql_placeholders(values)}) AND x.kind IN ({sql_placeholders(KINDS)}) AND {LIVE_SQL}"
        f" LIMIT {MAX_EQUAL_ENTITIES}) t{index}",
        (field, *values, *KINDS),
    )
