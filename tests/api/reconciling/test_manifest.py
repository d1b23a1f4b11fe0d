"""Manifests: every address that they name answers, and none of them ever moves."""

from nato_support.api.reconciliation.entity_properties import PROPERTIES
from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, KINDS, types_of_entity
from tests.api.reconciling.conftest import DRAFT, ROOT

SITE = "http://testserver"


def test_the_addresses_of_the_manifest_never_move(service):
    """Clients keep the manifest as it was when they added the service: this one must go on working."""
    manifest = service.get(ROOT)
    for what in ("entity", "type", "property"):
        assert manifest["suggest"][what] == {
            "service_url": f"{SITE}/api/v1/reconcile",
            "service_path": f"/suggest/{what}",
            "flyout_service_url": f"{SITE}/api/v1/reconcile",
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }
    assert manifest["extend"]["propose_properties"] == {
        "service_url": f"{SITE}/api/v1/reconcile",
        "service_path": "/extend/propose",
    }
    assert manifest["preview"]["url"] == f"{SITE}/api/v1/reconcile/preview?id={{{{id}}}}"
    assert manifest["view"]["url"] == f"{SITE}/api/v1/entities/{{{{id}}}}/"
    assert manifest["identifierSpace"] == f"{SITE}/api/v1/entities/"
    assert manifest["versions"] == ["0.2"]


def test_the_draft_has_a_manifest_of_its_own(service):
    manifest = service.get(DRAFT)
    assert manifest["versions"] == ["1.0-draft"]
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert manifest["view"]["url"] == f"{SITE}/api/v1/entities/{{id}}/"
    assert manifest["standardizedScore"] is True


def test_addresses_are_those_of_the_site_that_was_asked(service, settings):
    settings.ALLOWED_HOSTS = ["register.example"]
    response = service.client.get(ROOT, headers={"host": "register.example"})
    assert response.json()["view"]["url"].startswith("http://register.example/api/v1/")


def test_records_are_seen_where_the_manifest_says(service):
    [best, *_] = service.candidates("Ada Fell")
    for root, hole in ((ROOT, "{{id}}"), (DRAFT, "{id}")):
        address = service.get(root)["view"]["url"].replace(hole, best["id"])
        assert service.client.get(address).json()["name"] == "Ada Fell"


def test_types_and_properties_are_those_of_the_printed_records(service, public):
    assert [one["id"] for one in service.get(ROOT)["defaultTypes"]] == list(KINDS)
    rows = service.get("/api/v1/entities/")["results"]
    assert {row["kind"] for row in rows} == set(KINDS)
    for row in rows:
        assert set(types_of_entity(row)) <= set(ENTITY_TYPES)
        ids = {id for id, one in PROPERTIES.items() if row["kind"] in one.kinds}
        # What a record prints as a value of its own can be had as a column.
        told_otherwise = {"kind", "slug", "edition", "release", "measures", "conversions", "milestones", "shares"}
        assert set(row) - told_otherwise <= ids, row["kind"]
