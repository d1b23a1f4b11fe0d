"""Candidates for each query of a batch, scored from 0 to 100, with what the score rests on; and whether one is the match.

The name decides, properties confirm or contradict. `match` is said of one candidate alone: of the right type, called just so or
almost, contradicted by nothing, with no other near it.
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
"""Scores from here on may be a match."""
CLEAR_LEAD = 8
"""By so much the next candidate must be behind one that is not called just so."""
MET_AGREEMENT = 0.7
"""From here on a condition is met, that is required."""
LOWEST_SCORE = 35
"""Candidates below this are left out."""
_PROPERTIES_WEIGHT = 0.4
_OTHER_TYPE_FACTOR = 0.6
_MAX_NAMES_COMPARED = 10
_MAIN_NAME, _OTHER_NAME, _SIMILAR_NAME = 3, 2, 1
"""It is its name or its id; it is another of its names; it is like one of them."""
_SCORE_BY_NAME_MATCH = {_MAIN_NAME: 1.0, _OTHER_NAME: 0.99}
_SIMILAR_NAME_MAX = 0.98


@dataclass(slots=True)
class MatchCandidate:
    """One entity that a query may mean."""

    record: LiveEntity
    score: float
    called: int
    """_VERY, _ALSO or _LIKE so."""
    typed: bool
    features: dict[str, bool | float] = field(default_factory=dict)
    match: bool = False
    is_contradicted: bool = False


@dataclass(frozen=True, slots=True)
class _BatchLookup:
    """What was looked up for a whole batch."""

    records: dict[str, LiveEntity]
    """By slug as found or asked."""
    called: dict[str, list[FoundEntity]]
    by_identifier: dict[str, list[FoundEntity]]

    def score_name(self, text: str, record: LiveEntity, likeness: candidate_search.LikenessBySlug | None) -> tuple[float, int]:
        """How much an entity is called, or identified by, a text: 0 to 1, and in which way."""
        if text == record.name:
            return 1.0, _MAIN_NAME
        if self.is_identified_by(text, record):
            # Two letters may be a country's code, and much else.
            way = _MAIN_NAME if len(text) > 3 or any(map(str.isdigit, text)) else _OTHER_NAME
            return _SCORE_BY_NAME_MATCH[way], way
        for one in self.called.get(text, ()):
            if one.slug == record.slug:
                way = _MAIN_NAME if one.name.casefold() == text.casefold() else _OTHER_NAME
                return _SCORE_BY_NAME_MATCH[way], way
        if likeness is not None:
            return min(_SIMILAR_NAME_MAX, likeness.get(record.slug, 0.0)), _SIMILAR_NAME
        all_names = [record.name, *record.other_names][:_MAX_NAMES_COMPARED]
        return min(_SIMILAR_NAME_MAX, max(names.similarity(text, name, record.kind) for name in all_names)), _SIMILAR_NAME

    def is_identified_by(self, text: str, record: LiveEntity) -> bool:
        asked = self.records.get(candidate_search.slug_from_text(text))
        return (asked is not None and asked.slug == record.slug) or any(
            one.slug == record.slug for one in self.by_identifier.get(text, ())
        )


def match_queries(queries: Sequence[ReconciliationQuery]) -> list[list[MatchCandidate]]:
    """The candidates of each query, the best first."""
    texts = {text for query in queries for one in query.conditions if one.by != "property" for text in one.values if text}
    called, identified = candidate_search.find_by_name(texts), candidate_search.find_by_identifier(texts)
    alike = candidate_search.find_similar_names(queries, called)
    slugs = []
    for query, by_text in zip(queries, alike, strict=True):
        found = [slug for likeness in by_text.values() for slug in likeness]
        for text in query_texts(query):
            found += [one.slug for one in (*called.get(text, ()), *identified.get(text, ()))]
            found.append(candidate_search.slug_from_text(text))
        if not query_texts(query):
            found += candidate_search.find_by_properties(query)
        slugs.append(list(dict.fromkeys(found)))
    known = _BatchLookup(live_entities.find_live_entities({slug for found in slugs for slug in found}), called, identified)
    return [_best_candidates(query, found, by_text, known) for query, found, by_text in zip(queries, slugs, alike, strict=True)]


def query_texts(query: ReconciliationQuery) -> list[str]:
    """The names and ids that a query gives."""
    return [text for one in query.conditions if one.by != "property" and one.quantifier != "none" for text in one.values if text]


def _best_candidates(
    query: ReconciliationQuery, slugs: list[str], alike: dict[str, candidate_search.LikenessBySlug], known: _BatchLookup
) -> list[MatchCandidate]:
    found = {known.records[slug].slug: known.records[slug] for slug in slugs if slug in known.records}
    judged = [
        one for record in found.values() if (one := _score_candidate(query, record, alike, known)) and one.score >= LOWEST_SCORE
    ]
    # What stands first among equals is what was found first: the best known.
    judged.sort(key=lambda one: (-one.score, -one.called))
    _mark_match(judged)
    return judged[: query.limit]


def _mark_match(judged: list[MatchCandidate]) -> None:
    """Says of the first candidate whether it is the match."""
    typed = [one for one in judged if one.typed]
    if not typed or typed[0] is not judged[0]:
        return
    best, others = typed[0], typed[1:]
    clear = all(
        best.score - other.score >= CLEAR_LEAD or (best.called > _SIMILAR_NAME and best.called > other.called) for other in others
    )
    best.match = best.score >= MATCH_SCORE and clear and not best.is_contradicted


def _score_candidate(
    query: ReconciliationQuery, record: LiveEntity, alike: dict[str, candidate_search.LikenessBySlug], known: _BatchLookup
) -> MatchCandidate | None:
    """The entity as a candidate; None if it fails what is required."""
    types = types_of_entity(record.lean)
    agrees = [type in types for type in query.types]
    typed = (all(agrees) if query.strict == "all" else any(agrees)) if agrees else True
    if not typed and query.strict != "should":
        return None
    one = MatchCandidate(record, 0.0, _SIMILAR_NAME, typed)
    named: list[float] = []
    others: list[float] = []
    for condition in query.conditions:
        if condition.by == "property":
            agreement = _score_property_condition(condition, record)
            if agreement is not None:
                others.append(agreement)
                one.features[f"property.{condition.property}"] = round(100 * agreement, 1)
        else:
            agreement, one.called = _score_name_condition(condition, record, alike, known, one.called)
            named.append(agreement)
        if condition.required and (agreement or 0.0) < MET_AGREEMENT:
            return None
    if not named and not others:
        return None
    score = sum(named) / len(named) if named else 1.0
    agreed = sum(others) / len(others) if others else 1.0
    if named:
        one.features = {"name": round(100 * score, 1), "exact": one.called > _SIMILAR_NAME} | one.features
        score *= 1 - _PROPERTIES_WEIGHT * (1 - agreed)
    else:
        asked = sum(condition.by == "property" for condition in query.conditions)
        score = sum(others) / asked
    if query.types:
        one.features["type"] = typed
    one.is_contradicted = any(agreement < MET_AGREEMENT for agreement in others)
    one.score = round(100 * score * (1 if typed else _OTHER_TYPE_FACTOR), 1)
    return one


def _score_name_condition(
    condition: QueryCondition,
    record: LiveEntity,
    alike: dict[str, candidate_search.LikenessBySlug],
    known: _BatchLookup,
    way: int,
) -> tuple[float, int]:
    """How well an entity fits a condition on names or ids, and the best way in which it is called so."""
    judged = []
    for text in filter(None, condition.values):
        if condition.by == "id":
            fits = known.is_identified_by(text, record)
            judged.append((float(fits), _MAIN_NAME if fits else _SIMILAR_NAME))
        else:
            judged.append(known.score_name(text, record, alike.get(text)))
    scores = [score for score, _ in judged] or [0.0]
    if condition.quantifier == "none":
        return 1.0 - max(scores), way
    best = min(scores) if condition.quantifier == "all" else max(scores)
    return best, max([way, *(how for score, how in judged if score == best)])


def _score_property_condition(condition: QueryCondition, record: LiveEntity) -> float | None:
    """How well an entity fits a condition on a property; None if it has no value for it, or nothing is asked."""
    asked = PROPERTIES.get(condition.property)
    each = asked.agreement(record, condition.values) if asked and condition.values else None
    if condition.quantifier == "none":
        return 1.0 - max(each) if each else 1.0 if asked else None
    if not each:
        return None
    return min(each) if condition.quantifier == "all" else max(each)
