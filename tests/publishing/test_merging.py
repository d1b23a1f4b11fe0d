"""Merging what is public: the old address leads to the survivor, and nothing that waits is printed."""

import json

import pytest

from entities import merging
from entities.merging import SURVIVOR, unmerging
from entities.models import Commitment, Facility, Merge, Name, Organisation
from entities.refusals import Refused
from entities.vocabulary import Status
from nato_support.exchange.fixtures import export_fixtures
from nato_support.publishing.merge_publication import merge_and_publish, unmerge_and_publish
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.published_versions import live_edition_versions, published_snapshot
from nato_support.publishing.register_checks import check_evidence, check_live_editions, check_merged_records
from nato_support.publishing.row_checks import check_rows
from sources.models import Resolution
from tests import world as make

KEEP = {"name": SURVIVOR, "founded": SURVIVOR, "type": SURVIVOR}


def of(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


@pytest.fixture
def twin(public):
    """Arcadia once more, public, running the kite yard and naming itself in the evidence of the pledge."""
    twin = make.an_organisation("arcadian-republic", founded="1949-04")
    yard = Facility.objects.get()
    yard.operator = twin
    yard.save()
    yard.citations.filter(field="operator").delete()
    kites = Commitment.objects.get()
    kites.committed_by.add(twin)
    kites.save()
    make.cite_values(public.quote, twin, yard, kites)
    publish([twin, yard, kites])
    return of(twin.slug)


def merged(one, other, choices=KEEP, **said):
    return merge_and_publish(
        one, other, choices, expected_digest=merging.plan_merge(one, other, choices).digest, **({"confirmed": True} | said)
    )


def back(done, sorting=None, **said):
    return unmerge_and_publish(done, sorting, expected_digest=unmerging.plan_unmerge(done, sorting).digest, **said)


def live(kind: str, slug: str) -> Edition:
    return Edition.objects.get(kind=kind, slug=slug, superseded=None)


def printed(kind: str, slug: str) -> dict:
    edition = live(kind, slug)
    return json.loads(edition.document) | json.loads(edition.evidence)


def sound() -> list[str]:
    return [
        str(problem) for check in (check_rows, check_evidence, check_merged_records, check_live_editions) for problem in check()
    ]


def contents() -> dict:
    """What the public sees, edition numbers and releases aside."""
    found = {}
    for edition in Edition.objects.filter(superseded=None, withdrawn=False):
        document = json.loads(edition.document) | {"edition": 0, "release": 0}
        found[edition.kind, edition.slug] = (document, json.loads(edition.evidence))
    return found


def test_a_tombstone_leads_to_the_survivor_and_what_named_it_names_that(public, twin):
    merged(twin, of("arcadia"), note="One state.")
    tomb = live("organisation", twin.slug)
    assert (
        tomb.withdrawn and tomb.moved_to == "arcadia" and tomb.release.operation == "merge" and tomb.release.note == "One state."
    )
    assert printed("facility", "kite-yard")["operator"]["slug"] == "arcadia"
    kites = printed("commitment", "forty-kites")
    assert [giver["slug"] for giver in kites["committed_by"]] == ["arcadia"]
    assert [name["text"] for name in printed("organisation", "arcadia")["names"]] == ["Arcadian Republic"]
    assert not any("arcadian-republic" in json.dumps(document) for document in contents().values())
    assert of(twin.slug).status == Status.WITHDRAWN
    assert sound() == []


def test_unmerging_prints_both_again_and_leaves_no_trace(public, twin, tmp_path):
    before, seen = {p.name: p.read_bytes() for p in export_fixtures(tmp_path)}, contents()
    done = merged(twin, of("arcadia"))
    release = Release.objects.latest("number").number
    back(done)
    assert {p.name: p.read_bytes() for p in export_fixtures(tmp_path)} == before
    assert contents() == seen and Release.objects.latest("number").number == release + 1
    assert of(twin.slug).status == Status.PUBLISHED and sound() == []
    versions = live_edition_versions([of(twin.slug), of("arcadia"), Facility.objects.get()])
    assert versions == {
        ("organisation", twin.slug): of(twin.slug).version,
        ("organisation", "arcadia"): of("arcadia").version,
        ("facility", "kite-yard"): Facility.objects.get().version,
    }


def test_changes_that_wait_on_what_names_it_go_on_waiting(public, twin):
    yard = Facility.objects.get()
    yard.locality = "Secret Cove"
    yard.save()
    publish([public.quote])
    merged(twin, of("arcadia"))
    shown = printed("facility", "kite-yard")
    assert (shown["operator"]["slug"], shown["locality"]) == ("arcadia", "Harbourton")
    assert {c["value"] for c in shown["evidence"]["operator"]["citations"]} == {"arcadia"}
    assert live("facility", "kite-yard").version != Facility.objects.get().version
    snapshot = published_snapshot(Facility.objects.get())
    assert snapshot and snapshot.values and snapshot.values["locality"] == "Harbourton"
    assert sound() == []


def test_changes_that_wait_on_the_survivor_go_on_waiting(public, twin):
    arcadia = of("arcadia")
    arcadia.summary = "Not yet said."
    arcadia.save()
    merged(twin, arcadia)
    assert printed("organisation", "arcadia")["summary"] is None
    assert live("organisation", twin.slug).moved_to == "arcadia"
    assert sound() == []


def test_changes_that_wait_on_the_merged_one_do_not_become_public_by_way_of_the_survivor(public, twin):
    Name.objects.create(entity=twin, text="Secret Name")
    done = merged(of(twin.slug), of("arcadia"))
    assert "Secret Name" not in json.dumps(printed("organisation", "arcadia"))
    back(done)
    assert "Secret Name" not in json.dumps(printed("organisation", twin.slug))
    assert live("organisation", twin.slug).version != of(twin.slug).version
    snapshot = published_snapshot(of(twin.slug))
    assert snapshot and "Secret Name" not in {row.values.get("text") for row in snapshot.rows.values()}
    assert sound() == []


def test_a_draft_merged_into_a_public_record_waits_there(public):
    draft = make.an_organisation("arcadian-draft", founded="1949-04")
    merged(draft, of("arcadia"))
    assert not Release.objects.filter(operation="merge").exists()
    assert live("organisation", "arcadia").version != of("arcadia").version


def test_public_into_draft_needs_the_draft_published_along(public, twin):
    draft = make.an_organisation("arcadian-draft", founded="1949-04")
    make.a_citation(public.quote, draft, "name", draft.name)
    with pytest.raises(Refused, match="publish it too"):
        merged(twin, draft)
    assert of(twin.slug).merged_into is None
    merged(twin, draft, publish_survivor=True)
    assert not live("organisation", draft.slug).withdrawn and of(draft.slug).status == Status.PUBLISHED
    assert sound() == []


def test_what_is_published_along_keeps_the_rules_of_evidence(public, twin):
    draft = make.an_organisation("arcadian-draft", founded="1949-04")
    make.cite_values(public.quote, draft)
    make.a_measure(draft)
    with pytest.raises(Refused, match="arcadian-draft: Measure “kites” is “40 kites”, which no verified citation states"):
        merged(twin, draft, publish_survivor=True)


def test_a_public_relation_that_is_there_already_leads_to_the_other(public, twin):
    same = make.a_relation(twin, public.ruritania, public.alliance.type)
    loop = make.a_relation(twin, public.arcadia, public.alliance.type)
    for one in (same, loop):
        make.a_relation_citation(public.quote, one, note="Other words.")
    publish([same, loop])
    seen = contents()
    done = merged(twin, of("arcadia"))
    assert live("relation", same.slug).moved_to == public.alliance.slug
    assert live("relation", loop.slug).withdrawn and not live("relation", loop.slug).moved_to
    assert sound() == []
    back(done)
    assert contents() == seen and sound() == []


def test_withdrawing_the_survivor_takes_the_signposts_along_and_publishing_brings_them_back(public, twin):
    third = make.an_organisation("kite-state")
    make.a_citation(public.quote, third, "name", third.name)
    publish([third])
    merged(twin, of(third.slug))
    merged(of(third.slug), of("ruritania"))
    courier = of("ruritania")
    Facility.objects.update(operator=None)
    for record in (public.kites, public.alliance, public.yard):
        record.refresh_from_db()
    withdraw([public.alliance, public.kites, public.yard, courier])
    for slug in (twin.slug, third.slug):
        assert live("organisation", slug).withdrawn and not live("organisation", slug).moved_to
    publish([courier])
    assert live("organisation", twin.slug).moved_to == third.slug and live("organisation", third.slug).moved_to == "ruritania"


def test_unmerging_does_not_publish_what_lost_its_evidence_meanwhile(public, twin):
    quote = make.a_quote(public.document, "Arcadia will give Ruritania 40 kites")
    twin.citations.update(quote=quote, as_stated="Arcadia")
    publish([quote])
    done = merged(of(twin.slug), of("arcadia"))
    quote.refresh_from_db()
    withdraw([quote])
    with pytest.raises(Refused, match="arcadian-republic would be left without evidence: publish what it depends on first"):
        back(done)
    assert of(twin.slug).merged_into == of("arcadia").entity


def test_a_merged_record_is_neither_published_nor_withdrawn(public, twin):
    merged(twin, of("arcadia"))
    for operation in (publish, withdraw):
        with pytest.raises(Exception, match="was merged into arcadia: unmerge it first"):
            operation([of(twin.slug)])


def test_check_data_finds_what_is_wrong_with_a_merge(public, twin):
    merged(twin, of("arcadia"))
    Name.objects.create(entity=of(twin.slug), text="Left behind")
    Facility.objects.update(operator=of(twin.slug))
    assert sorted(str(problem) for problem in check_merged_records()) == [
        "facility kite-yard, field operator: speaks of a record that was merged into another",
        "name arcadian-republic Left behind, field entity: speaks of a record that was merged into another",
    ]
    Edition.objects.filter(slug="arcadia", superseded=None).update(superseded=99)
    Merge.objects.all().delete()
    assert [str(problem) for problem in check_merged_records()][2:] == [
        "entity arcadian-republic, field merged_into: is set, but no merge says so",
        "organisation arcadian-republic, field moved_to: leads to arcadia, which is not public",
    ]


def test_a_verdict_on_a_statement_that_is_woven_goes_on_standing(public, twin):
    yard = Facility.objects.get()
    make.a_citation(public.quote, yard, "operator", "ruritania")
    Resolution.objects.create(
        entity=yard,
        field="operator",
        verdict="source_error",
        reason="A slip.",
        decided_on="2024",
        decides_for={"value": twin.slug, "polarity": "affirms"},
    )
    publish([Facility.objects.get()])
    yard = Facility.objects.get()
    yard.locality = "Secret Cove"
    yard.save()
    merged(twin, of("arcadia"))
    entry = printed("facility", "kite-yard")["evidence"]["operator"]
    assert entry["resolution"]["decides_for"] == {"value": "arcadia", "polarity": "affirms"}
    assert [(citation["value"], citation["stance"]) for citation in entry["citations"]] == [
        ("arcadia", "supports"),
        ("ruritania", "contradicts"),
    ]
    assert entry["agreement"] == "resolved" and entry["resolution"]["settles"] == [
        {"value": "arcadia", "polarity": "affirms"},
        {"value": "ruritania", "polarity": "affirms"},
    ]
