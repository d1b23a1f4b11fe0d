"""Candidates for each query of a batch, scored from 0 to 100, with what the score rests on; and whether one is the match.

The name decides, properties confirm or contradict. `match` is said of one candidate alone: of the right type, called just so or
almost, contradicted by nothing, with no other near it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from entities.likeness import names
from nato_support.api.reconciling import finding, records
from nato_support.api.reconciling.finding import Found
from nato_support.api.reconciling.kinds import types_of
from nato_support.api.reconciling.properties import PROPERTIES
from nato_support.api.reconciling.queries import Condition, Query
from nato_support.api.reconciling.records import Record

CERTAIN = 90
"""Scores from here on may be a match."""
CLEAR = 8
"""By so much the next candidate must be behind one that is not called just so."""
MET = 0.7
"""From here on a condition is met, that is required."""
WEAK = 35
"""Candidates below this are left out."""
_PROPERTIES_WEIGH = 0.4
_OTHER_TYPE = 0.6
_MOST_NAMES = 10
_VERY, _ALSO, _LIKE = 3, 2, 1
"""It is its name or its id; it is another of its names; it is like one of them."""
_SCORES = {_VERY: 1.0, _ALSO: 0.99}
_LIKE_AT_MOST = 0.98


@dataclass(slots=True)
class Candidate:
    """One entity that a query may mean."""

    record: Record
    score: float
    called: int
    """_VERY, _ALSO or _LIKE so."""
    typed: bool
    features: dict[str, bool | float] = field(default_factory=dict)
    match: bool = False
    contradicted: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for a whole batch."""

    records: dict[str, Record]
    """By slug as found or asked."""
    called: dict[str, list[Found]]
    identified: dict[str, list[Found]]

    def called_by(self, text: str, record: Record, likeness: finding.Likeness | None) -> tuple[float, int]:
        """How much an entity is called, or identified by, a text: 0 to 1, and in which way."""
        if text == record.name:
            return 1.0, _VERY
        if self.is_id(text, record):
            # Two letters may be a country's code, and much else.
            way = _VERY if len(text) > 3 or any(map(str.isdigit, text)) else _ALSO
            return _SCORES[way], way
        for one in self.called.get(text, ()):
            if one.slug == record.slug:
                way = _VERY if one.name.casefold() == text.casefold() else _ALSO
                return _SCORES[way], way
        if likeness is not None:
            return min(_LIKE_AT_MOST, likeness.get(record.slug, 0.0)), _LIKE
        all_names = [record.name, *record.other_names][:_MOST_NAMES]
        return min(_LIKE_AT_MOST, max(names.similarity(text, name, record.kind) for name in all_names)), _LIKE

    def is_id(self, text: str, record: Record) -> bool:
        asked = self.records.get(finding.as_slug(text))
        return (asked is not None and asked.slug == record.slug) or any(
            one.slug == record.slug for one in self.identified.get(text, ())
        )


def matched(queries: Sequence[Query]) -> list[list[Candidate]]:
    """The candidates of each query, the best first."""
    texts = {text for query in queries for one in query.conditions if one.by != "property" for text in one.values if text}
    called, identified = finding.called(texts), finding.identified(texts)
    alike = finding.alike(queries, called)
    slugs = []
    for query, by_text in zip(queries, alike, strict=True):
        found = [slug for likeness in by_text.values() for slug in likeness]
        for text in query_texts(query):
            found += [one.slug for one in (*called.get(text, ()), *identified.get(text, ()))]
            found.append(finding.as_slug(text))
        if not query_texts(query):
            found += finding.with_properties(query)
        slugs.append(list(dict.fromkeys(found)))
    known = _Known(records.named({slug for found in slugs for slug in found}), called, identified)
    return [_best(query, found, by_text, known) for query, found, by_text in zip(queries, slugs, alike, strict=True)]


def query_texts(query: Query) -> list[str]:
    """The names and ids that a query gives."""
    return [text for one in query.conditions if one.by != "property" and one.quantifier != "none" for text in one.values if text]


def _best(query: Query, slugs: list[str], alike: dict[str, finding.Likeness], known: _Known) -> list[Candidate]:
    found = {known.records[slug].slug: known.records[slug] for slug in slugs if slug in known.records}
    judged = [one for record in found.values() if (one := _judged(query, record, alike, known)) and one.score >= WEAK]
    # What stands first among equals is what was found first: the best known.
    judged.sort(key=lambda one: (-one.score, -one.called))
    _settle(judged)
    return judged[: query.limit]


def _settle(judged: list[Candidate]) -> None:
    """Says of the first candidate whether it is the match."""
    typed = [one for one in judged if one.typed]
    if not typed or typed[0] is not judged[0]:
        return
    best, others = typed[0], typed[1:]
    clear = all(best.score - other.score >= CLEAR or (best.called > _LIKE and best.called > other.called) for other in others)
    best.match = best.score >= CERTAIN and clear and not best.contradicted


def _judged(query: Query, record: Record, alike: dict[str, finding.Likeness], known: _Known) -> Candidate | None:
    """The entity as a candidate; None if it fails what is required."""
    types = types_of(record.lean)
    agrees = [type in types for type in query.types]
    typed = (all(agrees) if query.strict == "all" else any(agrees)) if agrees else True
    if not typed and query.strict != "should":
        return None
    one = Candidate(record, 0.0, _LIKE, typed)
    named: list[float] = []
    others: list[float] = []
    for condition in query.conditions:
        if condition.by == "property":
            agreement = _agreement(condition, record)
            if agreement is not None:
                others.append(agreement)
                one.features[f"property.{condition.property}"] = round(100 * agreement, 1)
        else:
            agreement, one.called = _called(condition, record, alike, known, one.called)
            named.append(agreement)
        if condition.required and (agreement or 0.0) < MET:
            return None
    if not named and not others:
        return None
    score = sum(named) / len(named) if named else 1.0
    agreed = sum(others) / len(others) if others else 1.0
    if named:
        one.features = {"name": round(100 * score, 1), "exact": one.called > _LIKE} | one.features
        score *= 1 - _PROPERTIES_WEIGH * (1 - agreed)
    else:
        asked = sum(condition.by == "property" for condition in query.conditions)
        score = sum(others) / asked
    if query.types:
        one.features["type"] = typed
    one.contradicted = any(agreement < MET for agreement in others)
    one.score = round(100 * score * (1 if typed else _OTHER_TYPE), 1)
    return one


def _called(
    condition: Condition, record: Record, alike: dict[str, finding.Likeness], known: _Known, way: int
) -> tuple[float, int]:
    """How well an entity fits a condition on names or ids, and the best way in which it is called so."""
    judged = []
    for text in filter(None, condition.values):
        if condition.by == "id":
            fits = known.is_id(text, record)
            judged.append((float(fits), _VERY if fits else _LIKE))
        else:
            judged.append(known.called_by(text, record, alike.get(text)))
    scores = [score for score, _ in judged] or [0.0]
    if condition.quantifier == "none":
        return 1.0 - max(scores), way
    best = min(scores) if condition.quantifier == "all" else max(scores)
    return best, max([way, *(how for score, how in judged if score == best)])


def _agreement(condition: Condition, record: Record) -> float | None:
    """How well an entity fits a condition on a property; None if it has no value for it, or nothing is asked."""
    asked = PROPERTIES.get(condition.property)
    each = asked.agreement(record, condition.values) if asked and condition.values else None
    if condition.quantifier == "none":
        return 1.0 - max(each) if each else 1.0 if asked else None
    if not each:
        return None
    return min(each) if condition.quantifier == "all" else max(each)
