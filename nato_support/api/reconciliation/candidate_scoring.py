"""Score the candidates for each query of a batch from 0 to 100, and mark the one that is certain to be meant.

The name decides; properties confirm or contradict it. At most one candidate is a `match`: it has the right type and the
name, or nearly the name, no property contradicts it, its given name is no other known one, and the next candidate is clearly
behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from entities.likeness import names
from nato_support.api.reconciliation import candidate_search, live_entities
from nato_support.api.reconciliation.candidate_search import FoundEntity
from nato_support.api.reconciliation.entity_properties import PROPERTIES
from nato_support.api.reconciliation.entity_types import types_of_entity
from nato_support.api.reconciliation.live_entities import LiveEntity
from nato_support.api.reconciliation.query_batches import QueryCondition, ReconciliationQuery

MATCH_SCORE = 90
"""Least score of a match."""
CLEAR_LEAD = 8
"""Least lead over the next candidate of a match whose name is merely similar."""
MET_AGREEMENT = 0.7
"""Least agreement, from 0 to 1, at which a condition is met."""
LOWEST_SCORE = 35
"""Least score of a candidate."""
_PROPERTIES_WEIGHT = 0.4
_OTHER_TYPE_FACTOR = 0.6
_MAX_NAMES_COMPARED = 10
_MAIN_NAME, _OTHER_NAME, _SIMILAR_NAME = 3, 2, 1
"""Ways in which a text matches an entity: its main name or id, another of its names, or a similar name."""
_SCORE_BY_NAME_MATCH = {_MAIN_NAME: 1.0, _OTHER_NAME: 0.99}
_SIMILAR_NAME_MAX = 0.98


@dataclass(slots=True)
class MatchCandidate:
    """An entity that a query may mean."""

    record: LiveEntity
    score: float
    name_match: int
    """_MAIN_NAME, _OTHER_NAME or _SIMILAR_NAME."""
    has_type: bool
    features: dict[str, bool | float] = field(default_factory=dict)
    match: bool = False
    is_contradicted: bool = False


@dataclass(frozen=True, slots=True)
class _BatchLookup:
    """Entities looked up for a whole batch."""

    records: dict[str, LiveEntity]
    """Slug, as found or as requested -> entity."""
    by_name: dict[str, list[FoundEntity]]
    by_identifier: dict[str, list[FoundEntity]]

    def score_name(
        self, text: str, record: LiveEntity, similarity: candidate_search.SimilarityBySlug | None
    ) -> tuple[float, int]:
        """Return how well a text names or identifies an entity, from 0 to 1, and the way in which it matches."""
        if text == record.name:
            return 1.0, _MAIN_NAME
        if self.is_identified_by(text, record):
            # Two or three letters may be a country's code, and much else.
            name_match = _MAIN_NAME if len(text) > 3 or any(map(str.isdigit, text)) else _OTHER_NAME
            return _SCORE_BY_NAME_MATCH[name_match], name_match
        for entity in self.by_name.get(text, ()):
            if entity.slug == record.slug:
                name_match = _MAIN_NAME if entity.name.casefold() == text.casefold() else _OTHER_NAME
                return _SCORE_BY_NAME_MATCH[name_match], name_match
        if similarity is not None:
            return min(_SIMILAR_NAME_MAX, similarity.get(record.slug, 0.0)), _SIMILAR_NAME
        compared_names = record.all_names[:_MAX_NAMES_COMPARED]
        return min(_SIMILAR_NAME_MAX, max(names.similarity(text, name, record.kind) for name in compared_names)), _SIMILAR_NAME

    def is_identified_by(self, text: str, record: LiveEntity) -> bool:
        """Return whether a text is the slug, the address or an identifier of an entity."""
        entity = self.records.get(candidate_search.slug_from_text(text))
        return (entity is not None and entity.slug == record.slug) or any(
            candidate.slug == record.slug for candidate in self.by_identifier.get(text, ())
        )


def find_and_score_candidates(queries: Sequence[ReconciliationQuery]) -> list[list[MatchCandidate]]:
    """Return the candidates of each query, the best first."""
    texts = {
        text
        for query in queries
        for condition in query.conditions
        if condition.by != "property"
        for text in condition.values
        if text
    }
    by_name, by_identifier = candidate_search.find_entities_by_name(texts), candidate_search.find_entities_by_identifier(texts)
    similar_names = candidate_search.find_entities_with_similar_names(queries, by_name)
    slugs = []
    for query, similarity_by_text in zip(queries, similar_names, strict=True):
        found = [slug for similarity in similarity_by_text.values() for slug in similarity]
        for text in names_and_ids_of_query(query):
            found += [entity.slug for entity in (*by_name.get(text, ()), *by_identifier.get(text, ()))]
            found.append(candidate_search.slug_from_text(text))
        if not names_and_ids_of_query(query):
            found += candidate_search.find_slugs_by_properties(query)
        slugs.append(list(dict.fromkeys(found)))
    lookup = _BatchLookup(live_entities.find_live_entities({slug for found in slugs for slug in found}), by_name, by_identifier)
    return [
        _best_candidates(query, found, similarity_by_text, lookup)
        for query, found, similarity_by_text in zip(queries, slugs, similar_names, strict=True)
    ]


def names_and_ids_of_query(query: ReconciliationQuery) -> list[str]:
    """Names and ids that a query asks for."""
    return [
        text
        for condition in query.conditions
        if condition.by != "property" and condition.quantifier != "none"
        for text in condition.values
        if text
    ]


def _best_candidates(
    query: ReconciliationQuery,
    slugs: list[str],
    similarity_by_text: dict[str, candidate_search.SimilarityBySlug],
    lookup: _BatchLookup,
) -> list[MatchCandidate]:
    entities = {lookup.records[slug].slug: lookup.records[slug] for slug in slugs if slug in lookup.records}
    candidates = [
        candidate
        for record in entities.values()
        if (candidate := _score_candidate(query, record, similarity_by_text, lookup)) and candidate.score >= LOWEST_SCORE
    ]
    # The sort is stable: among equals the one found first, which is the most popular, stays first.
    candidates.sort(key=lambda candidate: (-candidate.score, -candidate.name_match))
    _mark_certain_match(candidates, query)
    return candidates[: query.limit]


def _mark_certain_match(candidates: list[MatchCandidate], query: ReconciliationQuery) -> None:
    """Mark the first candidate as the match if it is one."""
    of_type = [candidate for candidate in candidates if candidate.has_type]
    if not of_type or of_type[0] is not candidates[0]:
        return
    best, runners_up = of_type[0], of_type[1:]
    is_clear = all(
        best.score - runner_up.score >= CLEAR_LEAD or (best.name_match > _SIMILAR_NAME and best.name_match > runner_up.name_match)
        for runner_up in runners_up
    )
    is_certain = best.score >= MATCH_SCORE and is_clear and not best.is_contradicted
    best.match = is_certain and not _has_another_given_name(best, query)


def _has_another_given_name(candidate: MatchCandidate, query: ReconciliationQuery) -> bool:
    record = candidate.record
    if record.kind != names.PERSON or candidate.name_match > _SIMILAR_NAME:
        return False
    return names.different_given_names(query.names, record.all_names[:_MAX_NAMES_COMPARED]) is not None


def _score_candidate(
    query: ReconciliationQuery,
    record: LiveEntity,
    similarity_by_text: dict[str, candidate_search.SimilarityBySlug],
    lookup: _BatchLookup,
) -> MatchCandidate | None:
    """Score an entity as a candidate; None if it fails a required condition or type."""
    types = types_of_entity(record.document)
    type_matches = [type in types for type in query.types]
    has_type = (all(type_matches) if query.strict == "all" else any(type_matches)) if type_matches else True
    if not has_type and query.strict != "should":
        return None
    candidate = MatchCandidate(record, 0.0, _SIMILAR_NAME, has_type)
    name_scores: list[float] = []
    property_scores: list[float] = []
    for condition in query.conditions:
        if condition.by == "property":
            agreement = _score_property_condition(condition, record)
            if agreement is not None:
                property_scores.append(agreement)
                candidate.features[f"property.{condition.property}"] = round(100 * agreement, 1)
        else:
            agreement, candidate.name_match = _score_name_condition(
                condition, record, similarity_by_text, lookup, candidate.name_match
            )
            name_scores.append(agreement)
        if condition.required and (agreement or 0.0) < MET_AGREEMENT:
            return None
    if not name_scores and not property_scores:
        return None
    score = sum(name_scores) / len(name_scores) if name_scores else 1.0
    property_score = sum(property_scores) / len(property_scores) if property_scores else 1.0
    if name_scores:
        candidate.features = {"name": round(100 * score, 1), "exact": candidate.name_match > _SIMILAR_NAME} | candidate.features
        score *= 1 - _PROPERTIES_WEIGHT * (1 - property_score)
    else:
        property_count = sum(condition.by == "property" for condition in query.conditions)
        score = sum(property_scores) / property_count
    if query.types:
        candidate.features["type"] = has_type
    candidate.is_contradicted = any(agreement < MET_AGREEMENT for agreement in property_scores)
    candidate.score = round(100 * score * (1 if has_type else _OTHER_TYPE_FACTOR), 1)
    return candidate


def _score_name_condition(
    condition: QueryCondition,
    record: LiveEntity,
    similarity_by_text: dict[str, candidate_search.SimilarityBySlug],
    lookup: _BatchLookup,
    name_match: int,
) -> tuple[float, int]:
    """Score an entity against a condition on names or ids, from 0 to 1; also the best way in which it matches so far."""
    scored = []
    for text in filter(None, condition.values):
        if condition.by == "id":
            is_identified = lookup.is_identified_by(text, record)
            scored.append((float(is_identified), _MAIN_NAME if is_identified else _SIMILAR_NAME))
        else:
            scored.append(lookup.score_name(text, record, similarity_by_text.get(text)))
    scores = [score for score, _ in scored] or [0.0]
    if condition.quantifier == "none":
        return 1.0 - max(scores), name_match
    best = min(scores) if condition.quantifier == "all" else max(scores)
    return best, max([name_match, *(text_match for score, text_match in scored if score == best)])


def _score_property_condition(condition: QueryCondition, record: LiveEntity) -> float | None:
    """Score an entity against a condition on a property, from 0 to 1; None if the entity or the condition has no values."""
    property = PROPERTIES.get(condition.property)
    scores = property.score_agreement(record, condition.values) if property and condition.values else None
    if condition.quantifier == "none":
        return 1.0 - max(scores) if scores else 1.0 if property else None
    if not scores:
        return None
    return min(scores) if condition.quantifier == "all" else max(scores)
