"""Somebody changes a record, another looks at what was done and puts it back, without a mouse."""

import pytest
from django.urls import reverse

from entities.models import Commitment, Organisation
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_change_is_explained_looked_at_and_put_back(at_work):
    record = make.an_organisation("arcadia", summary="A state by the lake.")
    anna, bert = at_work("anna", "contributor"), at_work("bert", "editor")
    change = reverse("admin:entities_organisation_change", args=[record.pk])
    anna.goto(change)
    anna.get_by_label("Summary").fill("A state by the sea.")
    anna.get_by_label("Reason for change").fill("The map says so.")
    anna.get_by_role("button", name="Save", exact=True).click()
    anna.wait_for_url(lambda url: "change" not in url)

    bert.goto(reverse("admin:entities_organisation_history", args=[record.pk]))
    entry = bert.locator("li.entry").first
    assert "anna" in entry.inner_text() and "“The map says so.”" in entry.inner_text()
    entry.get_by_text("What changed").focus()
    bert.keyboard.press("Enter")
    assert entry.locator("ins").inner_text().endswith("sea")
    bert.locator("li.entry").last.get_by_role("link", name="Restore this version").focus()
    bert.keyboard.press("Enter")
    bert.wait_for_url("**/history/revert/**")
    bert.get_by_label("Reason for change").fill("It is a lake.")
    bert.get_by_role("button", name="Restore selected").focus()
    bert.keyboard.press("Enter")
    bert.wait_for_url("**/history/")
    assert Organisation.objects.get(pk=record.pk).summary == "A state by the lake."
    assert "bert" in bert.locator("li.entry").first.inner_text()


def test_any_two_states_are_compared_by_keyboard(at_work):
    record = make.a_commitment("forty-kites")
    for name in ("Fifty Kites", "Sixty Kites"):
        record.name = name
        record.save()
    for at, row in enumerate(Commitment.history.order_by("history_id")):
        row.history_date = row.history_date.replace(year=2020 + at)
        row.save()
    page = at_work("anna", "viewer")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(reverse("admin:entities_commitment_history", args=[record.pk]))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("input[name=from]").last.focus()
    page.keyboard.press("Space")
    page.locator("input[name=to]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Compare selected").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare/**")
    told = page.locator(".difference").inner_text()
    assert "Forty Kites" in told and "Sixty Kites" in told
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.get_by_text("Restore this").count() == 0
