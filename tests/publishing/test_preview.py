"""A preview says what publishing would print, and prints nothing."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Name
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import find_blockers, publish, withdraw
from nato_support.publishing.record_previews import preview_records
from tests import world as make


def answered(client, href: str) -> str:
    return client.get(href).content.decode()


def test_publishing_prints_what_the_preview_showed(client, world, records):
    proofs = preview_records(records)
    assert not Edition.objects.exists() and not Release.objects.exists()
    publish(records)
    for proof in proofs:
        assert answered(client, proof.document["href"]) == proof.detail_json, proof.slug
        assert Edition.objects.get(kind=proof.kind, slug=proof.slug).document == proof.document_json


def test_staged_changes_are_shown_beside_what_is_live(client, public):
    public.kites.name = "Forty kites and a string"
    public.kites.save()
    Name.objects.create(entity=public.kites, text="Kite deal")
    make.cite_values(public.quote, public.kites)
    (proof,) = preview_records([public.kites])
    assert proof.live_detail_json == answered(client, proof.document["href"]) != proof.detail_json
    assert (proof.document["edition"], proof.is_up_to_date) == (2, False)
    publish([public.kites])
    assert answered(client, proof.document["href"]) == proof.detail_json


def test_what_is_live_already_is_shown_as_it_is(client, public):
    (proof,) = preview_records([public.kites])
    assert proof.is_up_to_date
    assert proof.detail_json == proof.live_detail_json == answered(client, proof.document["href"])


def test_what_is_not_public_is_shown_and_told(world, records):
    """A publisher stands three references deep: in the document of the quote of a citation."""
    (proof,) = preview_records([world.kites])
    citation = proof.evidence["evidence"]["nature"]["citations"][0]
    assert citation["quote"]["document"]["publisher"]["name"] == world.courier.name
    assert proof.document["beneficiary"]["name"] == world.ruritania.name
    named = {("organisation", "ruritania"), ("organisation", "arcadian-courier"), ("quote", world.quote.slug)}
    assert named <= proof.unpublished
    assert proof.live_detail_json == ""


def test_a_withdrawn_record_is_shown_as_it_would_return(client, public):
    withdraw([public.kites])
    (proof,) = preview_records([public.kites])
    assert (proof.live_edition, proof.document["edition"]) == (None, 3)
    publish([public.kites])
    assert answered(client, proof.document["href"]) == proof.detail_json


def test_agreement_is_settled(world, records):
    make.a_citation(world.quote, world.kites, "nature", "plan")
    (proof,) = preview_records([world.kites])
    assert proof.document["contested"] == ["nature"]
    assert proof.evidence["evidence"]["nature"]["statements"] == [
        {"value": "plan", "polarity": "affirms"},
        {"value": "pledge", "polarity": "affirms"},
    ]


def test_what_keeps_a_record_back_is_told_and_changes_nothing(world):
    before = world.kites.status
    missing = "commitment forty-kites: Measure “kites” is “40 kites”, which no verified citation states: it has no citation"
    assert missing in find_blockers([world.kites])
    world.kites.refresh_from_db()
    assert world.kites.status == before
    assert not Release.objects.exists()


@pytest.mark.parametrize("what", ["parts", "citations"])
def test_a_full_record_costs_no_more_queries_than_a_thin_one(world, records, what):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            preview_records([world.kites])
        return len(seen)

    def add(numbers):
        for n in numbers:
            if what == "parts":
                make.a_measure(world.kites, f"more-{n}")
                make.a_milestone(world.kites, "delivered", f"2024-{n % 9 + 1:02}", key=f"step-{n}")
            else:
                document = make.a_document(f"paper-{n}", text=f"{make.ARTICLE} {n}", publisher=make.an_organisation(f"house-{n}"))
                make.a_citation(make.a_quote(document), world.kites)

    add(range(3))
    few = queries()
    add(range(3, 30))
    assert queries() == few
    json.loads(preview_records([world.kites])[0].detail_json)
