"""A record that was merged: its address leads to the survivor, its past stays, and nothing stale is answered."""

import pytest

from entities import merging
from entities.merging import SURVIVOR, unmerging
from entities.models import Merge, Organisation
from nato_support.publishing.merge_publication import merge_and_publish, unmerge_and_publish
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited


def of(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


def merged(one, other):
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    return merge_and_publish(one, other, choices, expected_digest=merging.plan_merge(one, other, choices).digest, confirmed=True)


@pytest.fixture
def twins(public):
    """Two more organisations, public: one gave tents, both are to be merged."""
    republic, kite_state = make.an_organisation("arcadian-republic"), make.an_organisation("kite-state")
    tents = make.a_commitment("tents", by=[republic])
    publish_cited(public.quote, republic, kite_state, tents)
    return republic, kite_state


@pytest.fixture
def gone(twins):
    """The first of them merged into the second, in run 3."""
    merged(*twins)
    return twins


def leads(api, address: str) -> str:
    response = api(address, 308)
    assert response["Cache-Control"] == "public, no-cache" and "ETag" not in response
    return response["Location"]


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("organisations/arcadian-republic/", "/api/v1/organisations/kite-state/"),
        ("entities/arcadian-republic/", "/api/v1/entities/kite-state/"),
        ("organisations/arcadian-republic/?as_of=release:3", "/api/v1/organisations/kite-state/?as_of=release:3"),
        ("organisations/arcadian-republic.jsonld", "/api/v1/organisations/kite-state.jsonld"),
        ("commitments.csv?committed_by=arcadian-republic", "/api/v1/commitments.csv?committed_by=kite-state"),
        ("organisations/arcadian-republic/editions/", "/api/v1/organisations/kite-state/editions/"),
        ("organisations/arcadian-republic/editions/?page_size=3", "/api/v1/organisations/kite-state/editions/?page_size=3"),
        ("organisations/arcadian-republic/editions/2/", "/api/v1/organisations/kite-state/"),
        ("commitments/?committed_by=arcadian-republic", "/api/v1/commitments/?committed_by=kite-state"),
        (
            "commitments/?nature=pledge&committed_by=arcadia,arcadian-republic&count=true",
            "/api/v1/commitments/?nature=pledge&committed_by=arcadia,kite-state&count=true",
        ),
        (
            "commitments/?committed_by=arcadia&committed_by=arcadian-republic",
            "/api/v1/commitments/?committed_by=arcadia&committed_by=kite-state",
        ),
        ("relations/?entity=organisation/arcadian-republic", "/api/v1/relations/?entity=organisation/kite-state"),
    ],
)
def test_an_old_address_leads_to_the_same_one_of_the_survivor(api, gone, address, to):
    assert leads(api, address) == to
    api(to)
    assert api(address, 308, **{"If-None-Match": "*"})["Location"] == to


def test_only_the_filter_that_names_it_is_led_on(api, gone):
    query = "committed_by=arcadia,arcadian-republic&document=arcadian-republic"
    to = "committed_by=arcadia,kite-state&document=arcadian-republic"
    assert leads(api, f"commitments/?{query}") == f"/api/v1/commitments/?{to}"


@pytest.mark.parametrize("then", ["", "&as_of=release:3"])
def test_as_many_references_as_fit_into_a_query_are_looked_up(api, gone, then):
    parts = ["slug=" + ",".join(f"s{n}" for n in range(100))]
    names = ("related_to", "document", "publisher", "quote", "speaker", "occasion")
    parts += [f"{name}=" + ",".join(f"{name[0]}{at}{n}" for n in range(50)) for at, name in enumerate(names)]
    assert api(f"entities/?{'&'.join(parts)}{then}").data["results"] == []


def test_it_says_where_in_the_body_too(api, gone):
    body = api("organisations/arcadian-republic/", 308).data
    assert body["type"] == "/api/v1/problems/merged/" and body["merged_into"] == "kite-state"
    api("problems/merged/")


def test_the_past_stays_as_it_was(api, gone):
    assert api("organisations/arcadian-republic/?as_of=release:2").data["name"] == "Arcadian Republic"
    assert api("organisations/arcadian-republic/editions/1/").data["name"] == "Arcadian Republic"
    assert [row["slug"] for row in api("commitments/?committed_by=arcadian-republic&as_of=release:2").data["results"]] == [
        "tents"
    ]
    assert "arcadian-republic" in [row["slug"] for row in api("organisations/?as_of=release:2").data["results"]]


def test_the_survivor_has_it_all_now(api, gone, slugs):
    assert slugs("commitments/?committed_by=kite-state") == ["tents"]
    assert slugs("organisations/?name=arcadian republic") == ["kite-state"]
    assert "arcadian-republic" not in slugs("organisations/")


def test_a_chain_is_followed_to_its_end_in_one_step(api, gone):
    merged(of("kite-state"), of("arcadia"))
    assert leads(api, "organisations/arcadian-republic/") == "/api/v1/organisations/arcadia/"
    assert leads(api, "commitments/?committed_by=arcadian-republic") == "/api/v1/commitments/?committed_by=arcadia"
    assert leads(api, "organisations/arcadian-republic/?as_of=release:3").startswith("/api/v1/organisations/kite-state/")


def test_a_withdrawn_survivor_is_gone_and_its_past_with_it(api, gone, public):
    withdraw([of("kite-state")])
    for address in ("", "editions/", "editions/1/", "?as_of=release:2"):
        api(f"organisations/arcadian-republic/{address}", 410)
    publish([of("kite-state")])
    assert leads(api, "organisations/arcadian-republic/") == "/api/v1/organisations/kite-state/"


def test_an_address_that_leads_nowhere_is_gone(api, gone):
    """As check_data finds it in a damaged register: the survivor has no live edition."""
    Edition.objects.filter(slug="kite-state", superseded=None).update(superseded=99)
    for address in ("organisations/arcadian-republic/", "commitments/?committed_by=arcadian-republic"):
        assert api(address, 410).data["slug"] == "kite-state"


def test_what_was_kept_of_it_is_not_answered_again(api, twins):
    before = api("organisations/arcadian-republic/")
    held = {"If-None-Match": before["ETag"]}
    api("organisations/arcadian-republic/", 304, **held)
    done = merged(*twins)
    assert leads(api, "organisations/arcadian-republic/").endswith("/kite-state/")
    api("organisations/arcadian-republic/", 308, **held)
    unmerge_and_publish(done, expected_digest=unmerging.plan_unmerge(done).digest)
    assert api("organisations/arcadian-republic/", **held).data["name"] == "Arcadian Republic"
    assert not Merge.objects.filter(undone_at=None).exists()


def test_the_feed_tells_where_it_went(api, gone):
    release = Release.objects.latest("number").number
    told = {row["slug"]: row for row in api(f"changes/{release}/").data["results"]}
    assert told["arcadian-republic"]["withdrawn"] and told["arcadian-republic"]["moved_to"] == "kite-state"
    assert told["arcadian-republic"]["name"] is None and told["tents"]["moved_to"] is None
    assert api("changes/?page_size=1").data["results"][0]["operation"] == "merge"
