"""Each filter of each list narrows it: none is accepted and then ignored."""

from collections import defaultdict
from urllib.parse import quote

import pytest
from django.test import Client

from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, EditionTerm
from tests import world as make
from tests.invented import publish_cited

MOST_TRIED = 12
"""Values of a filter that are tried in one list."""

# Filter -> fields of the terms that hold its values, where they are not its own.
TERMS_OF = {
    "party": ("committed_by", "beneficiary", "concerns"),
    "party_country": ("country",),
    "committed_by_country": ("country",),
    "beneficiary_country": ("country",),
    "concerns_country": ("country",),
    "facility_country": ("country",),
    "contested_field": ("contested",),
    "related_to": ("subject", "object"),
    "milestone_at": ("event",),
    "relation_type": ("type",),
    "relation_modality": ("modality",),
    "occasion": ("occasion",),
}
DATES = ["2024-06-14", "2024-07", "2024", "2023", "2022"]
BOOLEANS = ["true", "false"]
OTHER_VALUES = {
    "q": ["Poland", "training"],
    "contested": BOOLEANS,
    "date_known": BOOLEANS,
    "overdue": [*BOOLEANS, "2024-08-01"],
    **dict.fromkeys(("due_before", "due_after"), ["2025", "2024"]),
    "name": [],
    **dict.fromkeys(("date_from", "date_to", "date_overlaps", "date_within", "date_before", "date_after"), DATES),
    **dict.fromkeys(("said_overlaps", "said_within", "attested", "in_force", "period"), DATES),
    # Amounts are compared in a currency: the list in that currency is what the amount narrows.
    **dict.fromkeys(("amount_min", "amount_max"), ["100000000000"]),
    "kind": ["person"],
    "converted": ["true"],
}
WITHIN = dict.fromkeys(("amount_min", "amount_max", "converted"), "currency=USD")
NOT_FILTERS = {"ordering", "facets", "as_of", "page_size", "cursor", "count", "fields", "include"}


def _slugs(address: str) -> list[str]:
    response = Client().get(f"/api/v1/{address}&page_size=500")
    assert response.status_code == 200, response.content[:300]
    return [row["slug"] for row in response.json()["results"]]


def _candidates(name: str, kinds: tuple[str, ...]) -> list[str]:
    editions = Edition.objects.filter(LIVE_EDITIONS, kind__in=kinds)
    if name == "slug":
        return list(editions.values_list("slug", flat=True)[:1])
    if name == "name":
        return [edition.name for edition in editions[:1]]
    if name in OTHER_VALUES:
        return OTHER_VALUES[name]
    if name in ("relation_type", "relation_modality"):
        editions = Edition.objects.filter(LIVE_EDITIONS, kind="relation")
    elif name in TERMS_OF:
        editions = Edition.objects.filter(LIVE_EDITIONS)
    terms = EditionTerm.objects.filter(field__in=TERMS_OF.get(name, (name,)), edition__in=editions)
    return list(terms.order_by("value").values_list("value", flat=True).distinct()[:300])


def _narrows(collection: Collection, name: str) -> bool:
    """Tell whether some value of the filter finds a part of the list, neither nothing nor everything."""
    within = WITHIN.get(name, "")
    everything = set(_slugs(f"{collection.name}/?{within}"))
    values = _candidates(name, collection.kinds)
    for value in values[:: max(len(values) // MOST_TRIED, 1)]:
        chosen = set(_slugs(f"{collection.name}/?{within}&{name}={quote(value, safe='')}"))
        if chosen and chosen != everything:
            return True
    return False


@pytest.fixture
def varied_register(register):
    """The register of the fixtures, with a person of contested nationality, a document in another language and more."""
    document = make.a_document(language="fr")
    quote = make.a_quote(document, utterance="pledge-of-kites")
    person = make.a_person(nationality="PL")
    make.a_citation(quote, person, "nationality", "PL")
    make.a_citation(quote, person, "nationality", "CZ")
    member = make.an_organisation("fifth-party", country="PL")
    soon = make.a_commitment("due-soon", due="2024-06", period="2024-06/2025")
    promises = [soon, make.a_commitment("due-later", due="2026")]
    for promise in promises:
        promise.concerns.add(member)
    publish_cited(quote, document, quote, person, member, *promises)


def test_every_filter_narrows_a_list(varied_register):
    lists_by_filter = defaultdict(list)
    for collection in COLLECTIONS.values():
        for name in collection.parameters.keys() - NOT_FILTERS:
            lists_by_filter[name].append(collection)
    ignored = {name for name, lists in lists_by_filter.items() if not any(_narrows(collection, name) for collection in lists)}
    assert ignored == set()
