"""Evidence for and against two entities being duplicates, weighed into a score.

Each piece of evidence has a weight in log-odds; their sum, as a probability, is the score. A weight says how much more often
the evidence occurs in two records of one thing than in records of two things, by an editor's judgement;
`tests/entities/test_duplicates.py` has the scores that must result.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from entities.amounts import Amount
from entities.countries import COUNTRIES
from entities.formatting import format_partial_date, format_stated_amount
from entities.likeness.entity_features import EntityFeatures, parse_optional_date
from entities.likeness.names import SAME_NAME_SIMILARITY, different_given_names, similarity
from entities.vocabulary import CommitmentCategory, EventType, FacilityType, IdentifierScheme, Kind, Nature, OrganisationType

DUPLICATE_THRESHOLD = 0.6
"""Pairs with at least this score are shown to editors."""

EARTH_RADIUS_KM = 6371.0

# Weight of names by kind: commitments and events are described rather than named.
_NAME_STEEPNESS = {Kind.COMMITMENT: 7.0, Kind.EVENT: 8.0}

_SCHEME_WEIGHTS = {
    IdentifierScheme.WIKIDATA: -3.5,
    IdentifierScheme.ISO3166: -4.0,
    IdentifierScheme.KIEL: -1.5,
    IdentifierScheme.IATI_ORG: -2.0,
    IdentifierScheme.FTM: -1.5,
    IdentifierScheme.OTHER: -0.8,
}


@dataclass(frozen=True, slots=True)
class WeightedReason:
    """A reason for (weight above 0) or against a duplicate, as a sentence."""

    weight: float
    words: str


def score_pair(first: EntityFeatures, second: EntityFeatures, relation: str = "") -> tuple[float, list[WeightedReason]]:
    """Return the probability (0 to 1) that two entities are one, and the evidence, heaviest first.

    `relation` is a relation between them as a sentence, if there is one.
    """
    evidence = [_weigh_names(first, second), *_weigh_identifiers(first, second), *_WEIGHERS_BY_KIND[first.kind](first, second)]
    if relation:
        evidence.append(WeightedReason(-3.0, f"A relation links the two: {relation}"))
    evidence.sort(key=lambda item: -abs(item.weight))
    return 1 / (1 + math.exp(-sum(item.weight for item in evidence))), evidence


def most_similar_names(names: list[str], other_names: list[str], kind: str) -> tuple[float, str, str]:
    """Return the highest similarity between a name of each list, and these two names."""
    return max(
        ((similarity(name, other_name, kind), name, other_name) for name in names for other_name in other_names),
        key=lambda candidate: candidate[0],
    )


def _weigh_names(first: EntityFeatures, second: EntityFeatures) -> WeightedReason:
    name_similarity, name, other_name = most_similar_names(first.names, second.names, first.kind)
    if (
        first.kind != Kind.PERSON
        and name_similarity > 0.85
        and len(name) <= 6
        and (name, other_name) != (first.name, second.name)
    ):
        # Different things often share an acronym.
        name_similarity = max(0.85, similarity(first.name, second.name, first.kind))
    weight = (name_similarity - SAME_NAME_SIMILARITY) * _NAME_STEEPNESS.get(first.kind, 11.0)
    if name == other_name:
        return WeightedReason(weight, f"Same name: “{name}”")
    comparison = "Similar names" if name_similarity >= 0.85 else "Somewhat similar names" if weight > 0 else "Different names"
    return WeightedReason(weight, f"{comparison}: “{name}” and “{other_name}” ({round(name_similarity * 100)} %)")


def _weigh_identifiers(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    for scheme, weight in _SCHEME_WEIGHTS.items():
        if first.identifiers.get(scheme) and second.identifiers.get(scheme):
            value, other_value = (", ".join(sorted(entity.identifiers[scheme])) for entity in (first, second))
            yield WeightedReason(weight, f"Two different identifiers of {scheme.label}: {value} and {other_value}")
    if shared_hosts := first.web_hosts & second.web_hosts:
        yield WeightedReason(1.5, f"Web addresses on the same host: {', '.join(sorted(shared_hosts))}")
    elif first.web_hosts and second.web_hosts:
        yield WeightedReason(
            -0.5,
            f"Web addresses on different hosts: {', '.join(sorted(first.web_hosts))} and {', '.join(sorted(second.web_hosts))}",
        )


def _weigh_equal_text(
    first: EntityFeatures, second: EntityFeatures, field: str, label: str, weight_if_same: float, weight_if_different: float
) -> Iterator[WeightedReason]:
    """Compare a country or a text that both entities have."""
    text, other_text = (COUNTRIES.get(entity.values[field], entity.values[field]) for entity in (first, second))
    if not text or not other_text:
        return
    if text.casefold() == other_text.casefold() or field == "locality" and similarity(text, other_text, "place") > 0.85:
        yield WeightedReason(weight_if_same, f"The same {label}: {text if text == other_text else f'{text}, {other_text}'}")
    else:
        yield WeightedReason(weight_if_different, f"Different {label}: {text} and {other_text}")


def _weigh_choice(
    first: EntityFeatures, second: EntityFeatures, field: str, choices, weight_if_same: float, weight_if_different: float
) -> Iterator[WeightedReason]:
    choice, other_choice = (choices(entity.values[field]).label for entity in (first, second))
    if choice == other_choice:
        yield WeightedReason(weight_if_same, f"The same {field}: {choice}")
    else:
        yield WeightedReason(weight_if_different, f"Different {field}: {choice} and {other_choice}")


def _weigh_shared_reference(
    first: EntityFeatures, second: EntityFeatures, field: str, label: str, weight_if_same: float, weight_if_different: float
) -> Iterator[WeightedReason]:
    """Compare references to another record."""
    reference, other_reference = first.values[field], second.values[field]
    if not reference or not other_reference:
        return
    names = [entity.values.get(f"{field}__name", "") for entity in (first, second)]
    if reference == other_reference:
        yield WeightedReason(weight_if_same, f"The same {label}: {names[0]}")
    else:
        yield WeightedReason(weight_if_different, f"Different {label}: {names[0]} and {names[1]}")


def _weigh_dates(
    first: EntityFeatures, second: EntityFeatures, field: str, label: str, weight_if_same: float, weight_if_different: float
) -> Iterator[WeightedReason]:
    """Compare dates: equal, overlapping, or apart. Approximate and uncertain dates count half."""
    date, other_date = parse_optional_date(first.values[field]), parse_optional_date(second.values[field])
    if date is None or other_date is None:
        return
    certainty = 0.5 if date.marks or other_date.marks else 1.0
    dates = f"{format_partial_date(str(date))} and {format_partial_date(str(other_date))}"
    if (date.bounds, date.precision) == (other_date.bounds, other_date.precision):
        share = {"day": 1.0, "month": 0.6, "year": 0.4, "interval": 0.4}[date.precision]
        yield WeightedReason(weight_if_same * share * certainty, f"{label} on the same date: {format_partial_date(str(date))}")
    elif date.overlaps(other_date):
        yield WeightedReason(weight_if_same * 0.25, f"{label} on compatible dates: {dates}")
    else:
        yield WeightedReason(weight_if_different * certainty, f"{label} on different dates: {dates}")


def _weigh_organisations(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    yield from _weigh_choice(first, second, "type", OrganisationType, 0.3, -0.8)
    yield from _weigh_equal_text(first, second, "country", "country", 0.4, -3.5)
    yield from _weigh_dates(first, second, "founded", "Founded", 1.2, -2.0)
    yield from _weigh_dates(first, second, "dissolved", "Dissolved", 1.0, -1.5)
    for earlier, later in ((first, second), (second, first)):
        ended, began = parse_optional_date(earlier.values["dissolved"]), parse_optional_date(later.values["founded"])
        if ended and began and ended.precedes(began):
            dissolved_on, founded_on = format_partial_date(str(ended)), format_partial_date(str(began))
            yield WeightedReason(-3.0, f"One was dissolved ({dissolved_on}) before the other was founded ({founded_on})")


def _weigh_facilities(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    yield from _weigh_choice(first, second, "type", FacilityType, 0.3, -0.8)
    yield from _weigh_equal_text(first, second, "country", "country", 0.3, -3.0)
    yield from _weigh_equal_text(first, second, "locality", "place", 1.2, -3.5)
    yield from _weigh_shared_reference(first, second, "operator", "operator", 0.8, -0.8)
    if (distance := _distance_in_kilometres(first, second)) is not None:
        weight = 2.0 if distance <= 1 else 0.8 if distance <= 5 else -0.5 if distance <= 20 else -3.0
        # The centre of a town that both lie in says no more than its name, which counts already.
        if weight < 0 or not any(_is_centre_of_locality(facility) for facility in (first, second)):
            yield WeightedReason(weight, f"{distance:.1f} km apart on the map")


def _is_centre_of_locality(facility: EntityFeatures) -> bool:
    """Return whether the coordinates are no finer than hundredths of a degree, about a kilometre."""
    return all(round(facility.values[name], 2) == facility.values[name] for name in ("latitude", "longitude"))


def _distance_in_kilometres(first: EntityFeatures, second: EntityFeatures) -> float | None:
    places = [(entity.values["latitude"], entity.values["longitude"]) for entity in (first, second)]
    if any(latitude is None for latitude, _ in places):
        return None
    (north, east), (north2, east2) = ((math.radians(x), math.radians(y)) for x, y in places)
    haversine = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, haversine)))


def _weigh_persons(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    if words := different_given_names(first.names, second.names):
        yield WeightedReason(-3.5, f"Different given names: “{words[0]}” and “{words[1]}”")
    yield from _weigh_equal_text(first, second, "nationality", "nationality", 0.5, -2.0)


def _weigh_posts(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    yield from _weigh_shared_reference(first, second, "organisation", "organisation", 0.8, -2.5)
    yield from _weigh_equal_text(first, second, "rank", "rank", 0.4, -0.8)


def _weigh_events(event: EntityFeatures, other_event: EntityFeatures) -> Iterator[WeightedReason]:
    yield from _weigh_choice(event, other_event, "type", EventType, 0.4, -1.5)
    yield from _weigh_equal_text(event, other_event, "country", "country", 0.3, -2.5)
    yield from _weigh_equal_text(event, other_event, "locality", "place", 0.9, -1.5)
    # Sources may date an event of several days by any one of them.
    days, other_days = (_event_days(entity) for entity in (event, other_event))
    overlap = days and other_days and days[0] <= other_days[1] and other_days[0] <= days[1]
    dates = list(_weigh_dates(event, other_event, "start", "Began", 1.5, -3.5))
    if overlap and dates and dates[0].weight < 0:
        dates = [WeightedReason(0.2, "Their days overlap")]
    yield from dates
    yield from _weigh_amounts(event, other_event)


def _event_days(event: EntityFeatures):
    start, end = parse_optional_date(event.values["start"]), parse_optional_date(event.values["end"])
    return (start.bounds[0], (end or start).bounds[1]) if start else None


def _weigh_commitments(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    yield from _weigh_choice(first, second, "category", CommitmentCategory, 0.2, -1.8)
    yield from _weigh_choice(first, second, "nature", Nature, 0.1, -0.8)
    if first.committed_by and second.committed_by:
        shared = sorted(first.committed_by[key] for key in first.committed_by.keys() & second.committed_by.keys())
        if first.committed_by.keys() == second.committed_by.keys():
            yield WeightedReason(0.6, f"Committed by the same parties: {', '.join(shared)}")
        elif shared:
            yield WeightedReason(-0.4, f"Committed by some of the same parties: {', '.join(shared)}")
        else:
            parties, other_parties = (", ".join(sorted(entity.committed_by.values())) for entity in (first, second))
            yield WeightedReason(-4.5, f"Committed by different parties: {parties} and {other_parties}")
    yield from _weigh_shared_reference(first, second, "beneficiary", "beneficiary", 0.2, -2.5)
    yield from _weigh_shared_reference(first, second, "announced_at", "event at which it was announced", 0.9, -0.6)
    if first.pk == second.values["part_of"] or second.pk == first.values["part_of"]:
        yield WeightedReason(-5.0, "One is part of the other")
    yield from _weigh_amounts(first, second)


def _weigh_amounts(first: EntityFeatures, second: EntityFeatures) -> Iterator[WeightedReason]:
    for unit in sorted(first.amounts.keys() & second.amounts.keys()):
        if shared_amounts := first.amounts[unit] & second.amounts[unit]:
            yield WeightedReason(1.5, f"The same amount: {_join_amounts(shared_amounts)}")
        else:
            amounts, other_amounts = (_join_amounts(entity.amounts[unit]) for entity in (first, second))
            numbers = [{(amount.value, amount.upper) for amount in entity.amounts[unit]} for entity in (first, second)]
            weight = 0.7 if numbers[0] & numbers[1] else -1.8
            yield WeightedReason(
                weight, f"{'The same number' if weight > 0 else 'Different amounts'}: {amounts} and {other_amounts}"
            )


def _join_amounts(amounts: Iterable[Amount]) -> str:
    return ", ".join(sorted(format_stated_amount(str(amount), exact=True) for amount in amounts))


_WEIGHERS_BY_KIND = {
    Kind.ORGANISATION: _weigh_organisations,
    Kind.FACILITY: _weigh_facilities,
    Kind.PERSON: _weigh_persons,
    Kind.POST: _weigh_posts,
    Kind.EVENT: _weigh_events,
    Kind.COMMITMENT: _weigh_commitments,
}
