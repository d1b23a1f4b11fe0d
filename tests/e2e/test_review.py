"""Two and three people at once: what one drafts another reviews, meanwhile it changes, and only one decides."""

import pytest
from django.urls import reverse

from entities.models import Commitment
from nato_support.publishing.models.public_tables import Edition

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

QUEUE = reverse("admin:publishing_submission_changelist")


def rename(page, name: str):
    """Saves the commitment with another name, on its page, and stays there."""
    page.goto(reverse("admin:entities_commitment_change", args=[Commitment.objects.get().pk]))
    page.get_by_label("Name", exact=False).first.fill(name)
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("was changed successfully").wait_for()


def send(page, note: str):
    """Sends the record whose page is open for review."""
    page.get_by_role("link", name="Send for review …").click()
    page.get_by_label("Note for the reviewer").fill(note)
    page.get_by_role("button", name="Send for review").click()
    page.locator("#release-bar").get_by_text("In review since").wait_for()


def publish(page):
    # The key opens the section; only the button in it publishes.
    page.keyboard.press("a")
    page.get_by_role("button", name="Publish it").click()


def test_it_is_drafted_sent_back_mended_changed_under_the_reviewer_and_published(public, at_work):
    anna, edith = at_work("anna", "contributor"), at_work("edith", "editor")
    rename(anna, "Forty-one kites")
    send(anna, "It was forty-one.")

    edith.goto(QUEUE)
    edith.get_by_text("Forty Kites → Forty-one kites").wait_for()
    edith.get_by_role("button", name="Assign to me").click()
    edith.get_by_text("assigned to you").wait_for()
    edith.locator("details.comment summary").first.click()
    edith.get_by_label("Comment on Name").fill("Who says so?")
    edith.get_by_label("Requested changes").fill("Give the source.")
    edith.get_by_role("button", name="Request changes").click()
    edith.get_by_text("No submissions are waiting for your review.").wait_for()

    anna.reload()
    anna.locator("#came-back").get_by_text("Who says so?").wait_for()
    assert anna.locator("#came-back").get_by_text("Give the source.").is_visible()
    rename(anna, "Forty-one large kites")
    send(anna, "As the minister said.")

    edith.goto(QUEUE)
    edith.get_by_role("link", name="As the minister said.").click()
    assert edith.evaluate("document.activeElement.id") == "submission"
    # Meanwhile it changes under the reviewer.
    rename(anna, "Forty-one small kites")
    publish(edith)
    refused = edith.get_by_role("alert").filter(has_text="Nothing was changed")
    refused.get_by_text("Forty-one large kites → Forty-one small kites, by anna").wait_for()
    assert Edition.objects.newest([("commitment", "forty-kites")])["commitment", "forty-kites"].name == "Forty Kites"
    edith.get_by_text("Changed since it was sent").first.wait_for()
    publish(edith)
    edith.get_by_text("“Forty-one small kites” was published").wait_for()
    assert Edition.objects.newest([("commitment", "forty-kites")])["commitment", "forty-kites"].name == "Forty-one small kites"

    anna.reload()
    anna.get_by_text("Published version is up to date (edition 2)").wait_for()


def test_of_two_editors_who_have_it_open_one_publishes_and_the_other_is_told(public, at_work):
    anna = at_work("anna", "contributor")
    rename(anna, "Forty-one kites")
    send(anna, "It was forty-one.")
    both = [at_work("edith", "editor"), at_work("jan", "editor")]
    for page in both:
        page.goto(QUEUE)
        page.get_by_role("link", name="It was forty-one.").click()
        page.get_by_text("Publish …").click()
        page.get_by_role("button", name="Publish it").wait_for()
    both[0].get_by_role("button", name="Publish it").click()
    both[0].get_by_text("“Forty-one kites” was published").wait_for()
    both[1].get_by_role("button", name="Publish it").click()
    both[1].get_by_role("alert").get_by_text("edith has decided this already: it was published").wait_for()
    assert Edition.objects.filter(slug="forty-kites").count() == 2
