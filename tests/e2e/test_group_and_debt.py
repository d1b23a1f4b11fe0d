"""What rests on one another goes out in one go, and what was let through unreviewed is looked at by somebody else."""

import json
import urllib.error
import urllib.request

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from entities.models import Commitment, Organisation
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.models.submissions import Submission
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:publishing_submission_changelist")


def page_of(record) -> str:
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_change", args=[record.pk])


def save(page):
    with page.expect_navigation():
        page.keyboard.press("Control+s")


def saved(page):
    save(page)
    page.get_by_text("was changed successfully").wait_for()


def test_a_commitment_goes_out_with_the_new_organisation_that_it_rests_on(public, at_work, live_server):
    lakeland = make.an_organisation("lakeland")
    boats = make.a_commitment("ten-boats", by=[lakeland], beneficiary=public.ruritania)
    make.cite_values(public.quote, lakeland, boats)

    def status(path: str) -> int:
        try:
            with urllib.request.urlopen(live_server.url + path) as answer:
                json.loads(answer.read())
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    paths = ["/api/v1/organisations/lakeland/", "/api/v1/commitments/ten-boats/"]
    anna, edith = at_work("anna", "contributor"), at_work("edith", "editor")
    anna.goto(page_of(boats))
    anna.get_by_role("link", name="Send for review …").click()
    anna.get_by_role("heading", name="Depends on unpublished records").wait_for()
    anna.get_by_role("checkbox", name="Lakeland").uncheck()
    anna.get_by_label("Note for the reviewer").fill("Ten boats.")
    anna.get_by_role("button", name="Send for review").click()
    anna.locator("#release-bar").get_by_text("In review since").wait_for()

    edith.goto(QUEUE)
    edith.get_by_role("link", name="Ten boats.").click()
    edith.get_by_role("heading", name="Depends on unpublished records").wait_for()
    edith.keyboard.press("a")
    assert edith.get_by_role("button", name="Publish it").is_disabled()
    assert [status(path) for path in paths] == [404, 404]

    # Whoever sent it puts it in.
    anna.get_by_role("link", name="Open the review").click()
    anna.get_by_role("button", name="Add to this submission").click()
    anna.get_by_text("Added: Lakeland.").wait_for()
    runs = Release.objects.count()
    edith.goto(QUEUE)
    edith.get_by_role("link", name="Ten boats.").click()
    assert edith.get_by_role("heading", name="Depends on unpublished records").count() == 0
    edith.keyboard.press("a")
    edith.get_by_role("button", name="Publish all 2").click()
    edith.get_by_text("2 records were published").wait_for()
    assert [status(path) for path in paths] == [200, 200]
    assert Release.objects.count() == runs + 1
    assert set(Organisation.objects.filter(pk=lakeland.pk).values_list("status", flat=True)) == {"published"}


def test_what_was_let_through_is_a_debt_that_somebody_else_clears(public, at_work):
    edith, jan = at_work("edith", "editor"), at_work("jan", "editor")
    edith.goto(page_of(public.kites))
    edith.locator("#id_name").fill("Forty-one kites")
    saved(edith)
    edith.get_by_role("link", name="Publish …").click()
    edith.get_by_text("Publish now without review", exact=True).click()
    edith.get_by_role("button", name="Publish without review").click()
    # Not without a reason.
    edith.get_by_role("alert").get_by_text("Write down why this cannot wait").wait_for()
    assert Edition.objects.filter(slug="forty-kites").count() == 1
    edith.get_by_text("Publish now without review", exact=True).click()
    edith.get_by_label("Reason for not waiting").fill("They leave today.")
    edith.get_by_role("button", name="Publish without review").click()
    edith.locator("#release-bar").get_by_text("Published without review").wait_for()
    debt = Submission.objects.get()

    edith.get_by_role("link", name="Not checked by another editor yet").click()
    edith.get_by_text("Not checked by another editor yet.").wait_for()
    assert edith.get_by_role("button", name="Mark as checked").count() == 0
    # Nor by hand.
    act = reverse("admin:publishing_submission_act", args=[debt.pk, "check"])
    token = edith.locator("[name=csrfmiddlewaretoken]").first.input_value()
    answer = edith.request.post(act, form={"csrfmiddlewaretoken": token}, headers={"Referer": edith.url})
    assert answer.status == 409 and "somebody else has to check it" in answer.text()

    jan.goto(QUEUE)
    jan.get_by_role("link", name="Published without review 1").click()
    jan.get_by_role("link", name="They leave today.").click()
    expect(jan.locator(".changes")).to_contain_text("Forty-one kites")
    jan.get_by_role("button", name="Mark as checked").click()
    jan.get_by_text("Marked as checked.").wait_for()
    debt.refresh_from_db()
    assert debt.checked_by.username == "jan"
    edith.goto(page_of(public.kites))
    edith.get_by_text("Published version is up to date (edition 2)").wait_for()
    assert edith.get_by_text("Published without review").count() == 0
    assert Commitment.objects.get().name == "Forty-one kites"
