"""An editor looks at a draft as the public would see it."""

import json

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_draft_is_looked_at_from_its_page(at_work, world, records):
    page = at_work("vera", "viewer")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("admin:entities_commitment_change", args=[world.kites.pk]))
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("heading", name="Forty Kites", level=2).wait_for()
    page.get_by_role("navigation", name="Breadcrumbs").get_by_role("link", name="Forty Kites").wait_for()
    assert page.get_by_text("not public yet").count()
    page.get_by_role("link", name="As the API will respond").click()
    page.get_by_role("button", name="Copy the response").click()
    page.get_by_role("status").get_by_text("Copied.").wait_for()
    assert json.loads(page.evaluate("navigator.clipboard.readText()"))["slug"] == "forty-kites"
    page.get_by_role("link", name="Blocking issues").click()
    page.get_by_text("depends on organisation arcadia, which is not public").wait_for()
