"""Working together in a real browser: a comment on selected words, a person who is named, and what waits for them."""

import pytest
from django.urls import reverse

from nato_support.publishing.models import Comment
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ARTICLE = "Arcadia will not give as many kites as it had promised.\n\n“We never said forty kites,” Ada Fell told reporters.\n"


def test_a_comment_on_a_passage_names_somebody_who_answers_it(world, at_work):
    article = make.a_document("kite-paper", text=ARTICLE, title="Kite paper")
    edith, anna = at_work("edith", "editor"), at_work("anna", "contributor")
    anna.goto(reverse("admin:sources_sourcedocument_read", args=[article.pk]))
    anna.locator("#desk[data-ready=true]").wait_for()
    anna.keyboard.press("j")
    anna.keyboard.press("o")
    anna.locator("#comment-text").fill("How many, @edith?")
    anna.locator("#desk-comment").get_by_role("button", name="Save").click()
    anna.locator(".note-comment", has_text="How many").wait_for()
    assert Comment.objects.get().exact in ARTICLE

    edith.goto(reverse("admin:desk_notifications"))
    edith.get_by_role("link", name="anna named you in a comment on Kite paper").click()
    thread = edith.locator(".thread", has_text="How many")
    thread.locator("summary").click()
    reply = thread.get_by_label("Reply", exact=True)
    reply.press_sequentially("Forty, @an")
    edith.get_by_role("listbox", name="People").get_by_role("option", name="anna").wait_for()
    reply.press("Enter")
    assert reply.input_value() == "Forty, @anna "
    thread.get_by_role("button", name="Save reply").click()
    edith.locator(".thread .reply", has_text="Forty").wait_for()
    edith.get_by_role("button", name="Resolve").click()
    edith.get_by_text("Resolved by edith").wait_for()


def test_a_number_beside_a_field_leads_to_its_comment(world, at_work):
    anna = at_work("anna", "contributor")
    anna.goto(reverse("admin:entities_commitment_change", args=[world.kites.pk]))
    anna.locator("#comments > summary").click()
    anna.get_by_label("Comment on").select_option("summary")
    anna.locator("#comment-text").fill("Whose words are these?")
    anna.get_by_role("button", name="Save comment").click()
    marker = anna.get_by_role("link", name="1 comment", exact=True)
    marker.click()
    assert anna.locator(".thread", has_text="Whose words").is_visible()
    anna.get_by_role("button", name="Assign to me").click()
    anna.locator(".teamwork-line", has_text="Assigned to you").wait_for()
