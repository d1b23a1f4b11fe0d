"""What is to be checked: an editor dismisses it with a reason, and publishes what is left only once it was seen."""

import pytest
from django.urls import reverse

from entities.models import Commitment
from nato_support.desk.models import DismissedDoubt
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url
from nato_support.publishing.models.public_tables import Release
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_doubt_is_dismissed_and_another_confirmed_before_publishing(public, at_work):
    tents, ropes = (make.a_commitment(slug, due="2024", nature="plan") for slug in ("tents", "ropes"))
    make.cite_values(public.quote, tents, ropes)
    records = list(Commitment.objects.filter(slug__in=["tents", "ropes"]))

    edith = at_work("edith", "editor")
    edith.locator("section").filter(has=edith.get_by_role("heading", name="To check")).get_by_role(
        "link", name="Open list"
    ).click()
    card = edith.get_by_role("listitem").filter(has_text="“Tents” is a plan whose time is past (due 2024)")
    card.get_by_text("Dismiss …").click()
    card.get_by_role("button", name="Dismiss").click()
    refused = edith.get_by_role("alert").filter(has_text="Nothing was dismissed")
    refused.get_by_text("Say why it is right as it stands").wait_for()
    card.get_by_label("Reason why it is right as it stands").fill("Nobody wrote of it again.")
    card.get_by_role("button", name="Dismiss").click()
    edith.get_by_role("link", name="Dismissed 1").click()
    edith.get_by_text("“Nobody wrote of it again.”").wait_for()
    assert DismissedDoubt.objects.get().dismissed_by.username == "edith"

    edith.goto(publish_page_url(records))
    edith.get_by_label("Note for readers").fill("Two plans.")
    edith.get_by_role("button", name="Publish", exact=True).click()
    edith.get_by_role("alert").get_by_text("There is 1 thing to check").wait_for()
    assert edith.get_by_label("Note for readers").input_value() == "Two plans." and Release.objects.count() == 1
    edith.get_by_label("I have seen this").check()
    edith.get_by_role("button", name="Publish", exact=True).click()
    edith.get_by_text("2 records were published").wait_for()
    edith.goto(reverse("admin:entities_commitment_change", args=[ropes.pk]))
    edith.locator("#doubts-bar").get_by_text("“Ropes” is a plan whose time is past").wait_for()
