"""What speaks for and against two entities being one, weighed into a score.

Each piece of evidence has a weight in log-odds: they add up, and the sum read as a probability is the score. A weight says
how much more often one meets the like in two records of one thing than in records of two things, by an editor's judgement;
`tests/entities/test_duplicates.py` holds what it must come to.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from entities.countries import COUNTRIES
from entities.likeness.entity_features import EntityFeatures, parse_optional_date
from entities.likeness.names import SAME_NAME_SIMILARITY, similarity
from entities.vocabulary import CommitmentCategory, EventType, FacilityType, IdentifierScheme, Kind, Nature, OrganisationType

DUPLICATE_THRESHOLD = 0.6
"""From this score on two entities are shown to editors."""

EARTH_RADIUS_KM = 6371.0
"""Kilometres."""

# How far names alone decide: commitments and events are described rather than named.
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
class PairEvidence:
    """One thing that speaks for it (weight above 0) or against it, in words."""

    weight: float
    words: str


def score_pair(a: EntityFeatures, b: EntityFeatures, joined: str = "") -> tuple[float, list[PairEvidence]]:
    """How likely the two are one (0 to 1) and why, the weightiest first. `joined`: a relation between them, in words."""
    evidence = [_weigh_names(a, b), *_weigh_identifiers(a, b), *_WEIGHERS_BY_KIND[a.kind](a, b)]
    if joined:
        evidence.append(PairEvidence(-3.0, f"The register joins the two: {joined}"))
    evidence.sort(key=lambda one: -abs(one.weight))
    return 1 / (1 + math.exp(-sum(one.weight for one in evidence))), evidence


def most_similar_names(a: list[str], b: list[str], kind: str) -> tuple[float, str, str]:
    """The two names, one of each, that are most alike, after how alike they are."""
    return max(((similarity(one, other, kind), one, other) for one in a for other in b), key=lambda found: found[0])


def _weigh_names(a: EntityFeatures, b: EntityFeatures) -> PairEvidence:
    alike, one, other = most_similar_names(a.names, b.names, a.kind)
    if a.kind != Kind.PERSON and alike > 0.85 and len(one) <= 6 and (one, other) != (a.name, b.name):
        # Acronyms are few and names many.
        alike = max(0.85, similarity(a.name, b.name, a.kind))
    weight = (alike - SAME_NAME_SIMILARITY) * _NAME_STEEPNESS.get(a.kind, 11.0)
    if one == other:
        return PairEvidence(weight, f"Both are called “{one}”")
    how = "are called much alike" if alike >= 0.85 else "are called somewhat alike" if weight > 0 else "are called differently"
    return PairEvidence(weight, f"They {how}: “{one}” and “{other}” ({round(alike * 100)} %)")


def _weigh_identifiers(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    for scheme, weight in _SCHEME_WEIGHTS.items():
        if a.identifiers.get(scheme) and b.identifiers.get(scheme):
            one, other = (", ".join(sorted(of.identifiers[scheme])) for of in (a, b))
            yield PairEvidence(weight, f"Two different identifiers of {scheme.label}: {one} and {other}")
    if same := a.web_hosts & b.web_hosts:
        yield PairEvidence(1.5, f"Web addresses of one host: {', '.join(sorted(same))}")
    elif a.web_hosts and b.web_hosts:
        yield PairEvidence(
            -0.5, f"Web addresses of two hosts: {', '.join(sorted(a.web_hosts))} and {', '.join(sorted(b.web_hosts))}"
        )


def _weigh_equal_text(
    a: EntityFeatures, b: EntityFeatures, name: str, label: str, same: float, other: float
) -> Iterator[PairEvidence]:
    """Of a country or of words that both state."""
    one, two = (COUNTRIES.get(of.values[name], of.values[name]) for of in (a, b))
    if not one or not two:
        return
    if one.casefold() == two.casefold() or name == "locality" and similarity(one, two, "place") > 0.85:
        yield PairEvidence(same, f"The same {label}: {one if one == two else f'{one}, {two}'}")
    else:
        yield PairEvidence(other, f"Another {label}: {one} and {two}")


def _weigh_choice(a: EntityFeatures, b: EntityFeatures, name: str, choices, same: float, other: float) -> Iterator[PairEvidence]:
    one, two = (choices(of.values[name]).label for of in (a, b))
    if one == two:
        yield PairEvidence(same, f"The same {name}: {one}")
    else:
        yield PairEvidence(other, f"Another {name}: {one} and {two}")


def _weigh_shared_reference(
    a: EntityFeatures, b: EntityFeatures, name: str, label: str, same: float, other: float
) -> Iterator[PairEvidence]:
    """Of another record that both point at."""
    one, two = a.values[name], b.values[name]
    if not one or not two:
        return
    words = [of.values.get(f"{name}__name", "") for of in (a, b)]
    if one == two:
        yield PairEvidence(same, f"The same {label}: {words[0]}")
    else:
        yield PairEvidence(other, f"Another {label}: {words[0]} and {words[1]}")


def _weigh_dates(
    a: EntityFeatures, b: EntityFeatures, name: str, label: str, same: float, other: float
) -> Iterator[PairEvidence]:
    """Equal, within each other, or apart. What is marked as approximate or uncertain says half as much."""
    one, two = parse_optional_date(a.values[name]), parse_optional_date(b.values[name])
    if one is None or two is None:
        return
    sure = 0.5 if one.mark or two.mark else 1.0
    if (one.year, one.month, one.day) == (two.year, two.month, two.day):
        share = {"day": 1.0, "month": 0.6, "year": 0.4}[one.precision]
        yield PairEvidence(same * share * sure, f"{label} on the same date: {one}")
    elif one.earliest <= two.latest and two.earliest <= one.latest:
        yield PairEvidence(same * 0.25, f"{label} on dates that agree: {one} and {two}")
    else:
        yield PairEvidence(other * sure, f"{label} on different dates: {one} and {two}")


def _weigh_organisations(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    yield from _weigh_choice(a, b, "type", OrganisationType, 0.3, -0.8)
    yield from _weigh_equal_text(a, b, "country", "country", 0.4, -3.5)
    yield from _weigh_dates(a, b, "founded", "Founded", 1.2, -2.0)
    yield from _weigh_dates(a, b, "dissolved", "Dissolved", 1.0, -1.5)
    for one, other in ((a, b), (b, a)):
        ended, began = parse_optional_date(one.values["dissolved"]), parse_optional_date(other.values["founded"])
        if ended and began and ended.latest < began.earliest:
            yield PairEvidence(-3.0, f"One was dissolved ({ended}) before the other was founded ({began})")


def _weigh_facilities(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    yield from _weigh_choice(a, b, "type", FacilityType, 0.3, -0.8)
    yield from _weigh_equal_text(a, b, "country", "country", 0.3, -3.0)
    yield from _weigh_equal_text(a, b, "locality", "place", 1.2, -3.5)
    yield from _weigh_shared_reference(a, b, "operator", "operator", 0.8, -0.8)
    if (away := _distance_in_kilometres(a, b)) is not None:
        weight = 2.0 if away <= 1 else 0.8 if away <= 5 else -0.5 if away <= 20 else -3.0
        yield PairEvidence(weight, f"{away:.1f} km apart on the map")


def _distance_in_kilometres(a: EntityFeatures, b: EntityFeatures) -> float | None:
    places = [(of.values["latitude"], of.values["longitude"]) for of in (a, b)]
    if any(latitude is None for latitude, _ in places):
        return None
    (north, east), (north2, east2) = ((math.radians(x), math.radians(y)) for x, y in places)
    half = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def _weigh_persons(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    yield from _weigh_equal_text(a, b, "nationality", "nationality", 0.5, -2.0)


def _weigh_posts(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    yield from _weigh_shared_reference(a, b, "organisation", "organisation", 0.8, -2.5)
    yield from _weigh_equal_text(a, b, "rank", "rank", 0.4, -0.8)


def _weigh_events(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    yield from _weigh_choice(a, b, "type", EventType, 0.4, -1.5)
    yield from _weigh_equal_text(a, b, "country", "country", 0.3, -2.5)
    yield from _weigh_equal_text(a, b, "locality", "place", 0.9, -1.5)
    # An event of several days may be dated by any of them.
    first, second = (_event_days(of) for of in (a, b))
    overlap = first and second and first[0] <= second[1] and second[0] <= first[1]
    dates = list(_weigh_dates(a, b, "start", "Began", 1.5, -3.5))
    if overlap and dates and dates[0].weight < 0:
        dates = [PairEvidence(0.2, "Their days overlap")]
    yield from dates
    yield from _weigh_amounts(a, b)


def _event_days(event: EntityFeatures):
    start, end = parse_optional_date(event.values["start"]), parse_optional_date(event.values["end"])
    return (start.earliest, (end or start).latest) if start else None


def _weigh_commitments(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    yield from _weigh_choice(a, b, "category", CommitmentCategory, 0.2, -1.8)
    yield from _weigh_choice(a, b, "nature", Nature, 0.1, -0.8)
    if a.givers and b.givers:
        both = sorted(a.givers[key] for key in a.givers.keys() & b.givers.keys())
        if a.givers.keys() == b.givers.keys():
            yield PairEvidence(0.6, f"Committed by the same: {', '.join(both)}")
        elif both:
            yield PairEvidence(-0.4, f"Committed by the same in part: {', '.join(both)}")
        else:
            one, other = (", ".join(sorted(of.givers.values())) for of in (a, b))
            yield PairEvidence(-4.5, f"Committed by others: {one} and {other}")
    yield from _weigh_shared_reference(a, b, "beneficiary", "beneficiary", 0.2, -2.5)
    yield from _weigh_shared_reference(a, b, "announced_at", "event at which it was announced", 0.9, -0.6)
    if a.pk == b.values["part_of"] or b.pk == a.values["part_of"]:
        yield PairEvidence(-5.0, "One is part of the other")
    yield from _weigh_amounts(a, b)


def _weigh_amounts(a: EntityFeatures, b: EntityFeatures) -> Iterator[PairEvidence]:
    for unit in sorted(a.amounts.keys() & b.amounts.keys()):
        if same := a.amounts[unit] & b.amounts[unit]:
            yield PairEvidence(1.5, f"The same amount: {', '.join(sorted(same))}")
        else:
            one, other = (", ".join(sorted(of.amounts[unit])) for of in (a, b))
            numbers = [{part for amount in of.amounts[unit] for part in amount.split() if part[0].isdigit()} for of in (a, b)]
            weight = 0.7 if numbers[0] & numbers[1] else -1.8
            yield PairEvidence(weight, f"{'The same number' if weight > 0 else 'Another amount'}: {one} and {other}")


_WEIGHERS_BY_KIND = {
    Kind.ORGANISATION: _weigh_organisations,
    Kind.FACILITY: _weigh_facilities,
    Kind.PERSON: _weigh_persons,
    Kind.POST: _weigh_posts,
    Kind.EVENT: _weigh_events,
    Kind.COMMITMENT: _weigh_commitments,
}
