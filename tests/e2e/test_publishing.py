"""An editor changes what is public, in a real browser: what the API answers before, between and after."""

import json
import urllib.error
import urllib.request

import pytest
from django.urls import reverse

from entities.models import Commitment

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def get(live_server):
    """Status, and body as it stands, of an anonymous request."""

    def fetch(path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(live_server.url + path) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    return fetch


def test_a_published_commitment_is_changed_published_and_withdrawn(public, signed_in, get):
    page, address = signed_in, "/api/v1/commitments/forty-kites/"
    _, before = get(address)
    listed = get("/api/v1/commitments/")
    assert json.loads(before)["name"] == "Forty Kites"

    page.goto(reverse("admin:entities_commitment_change", args=[public.kites.pk]))
    page.get_by_label("Name", exact=False).first.fill("Forty-one kites")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("Published: edition 1").wait_for()
    assert Commitment.objects.get().name == "Forty-one kites"
    assert get(address) == (200, before)
    assert get("/api/v1/commitments/") == listed

    # Their own work: nobody else is there to review it, and it cannot wait.
    page.get_by_role("link", name="Publish …").click()
    page.get_by_text("You wrote some of these changes").wait_for()
    assert page.get_by_role("button", name="Publish", exact=True).count() == 0
    page.get_by_text("Publish now without review", exact=True).click()
    page.get_by_label("Reason for not waiting").fill("The kites leave today.")
    page.get_by_role("button", name="Publish without review").click()
    page.get_by_text("Published version is up to date (edition 2)").wait_for()
    page.locator("#release-bar").get_by_text("Published without review").wait_for()
    status, after = get(address)
    assert (status, json.loads(after)["name"], json.loads(after)["edition"]) == (200, "Forty-one kites", 2)
    status, old = get(f"{address}editions/1/")
    assert (status, json.loads(old)["name"]) == (200, "Forty Kites")

    page.get_by_role("link", name="Withdraw …").click()
    page.get_by_label("Reason (required").fill("They never flew.")
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_text("Withdrawn from the public").wait_for()
    assert get(address)[0] == 410
    assert get(f"{address}editions/1/")[0] == 410
    assert b"kites" not in get("/api/v1/commitments/")[1]


def test_what_is_refused_is_said_and_nothing_is_lost(public, signed_in, get):
    page = signed_in
    for citation in public.kites.citations.all():
        citation.delete()
    page.goto(reverse("admin:entities_commitment_change", args=[public.kites.pk]))
    page.get_by_role("link", name="Publish …").click()
    page.get_by_text("Forty Kites has no supporting citation").wait_for()
    # What the page lists has to be mended first, and the button says so.
    assert page.get_by_role("button", name="Publish", exact=True).is_disabled()
    assert get("/api/v1/commitments/forty-kites/")[0] == 200
