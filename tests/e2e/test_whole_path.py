"""From a pasted article to the public answer: all that an editor does with one source, in a real browser."""

import json
import urllib.request

import pytest
from django.urls import reverse

from sources.models import SourceDocument, SourceQuote
from tests.e2e.test_desk import ARTICLE, focus

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_an_article_is_pasted_worked_disputed_settled_published_and_read(public, signed_in, at_work, live_server):
    page = signed_in

    # The article comes in.
    page.goto(reverse("admin:sources_sourcedocument_changelist"))
    page.get_by_role("link", name="Add from a text, file or saved page").click()
    page.get_by_label("Text", exact=True).fill(ARTICLE)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("[name=title]").fill("Fewer kites than promised")
    page.locator("[name=published_on]").fill("2024-07-12")
    page.get_by_role("button", name="Save and read").click()
    page.locator("#desk[data-ready=true]").wait_for()
    page.locator("#queue li[data-key]").first.wait_for()
    document = SourceDocument.objects.get(title="Fewer kites than promised")

    # Two suggestions are accepted.
    for words in ("We never said forty kites", "The wind decides"):
        while words not in (
            page.locator("#queue li[aria-current]").text_content() if page.locator("[aria-current]").count() else ""
        ):
            page.keyboard.press("n")
        page.keyboard.press("a")
        page.locator("mark.q", has_text=words).first.wait_for()

    # A third quote is captured by keyboard, and cited on a measure with a value that differs from the one held.
    page.keyboard.press("Escape")
    focus(page, "Fifty kites were")
    page.keyboard.press("Enter")
    page.locator("#desk-form:not([hidden])").wait_for()
    page.locator("#form-fact").focus()
    offers = page.locator("#form-fact-list li")
    offers.first.wait_for()
    (at,) = [number for number, offer in enumerate(offers.all_text_contents(), 1) if "Measure “kites”" in offer]
    page.keyboard.press(str(at))
    page.locator(".new-fact", has_text="Current value: 40 kites").wait_for()
    assert page.locator(".new-fact .value").input_value() == "50 kites"
    page.keyboard.press("Control+Enter")

    # The field is contested, and settled.
    page.locator("#desk-status", has_text="Now contested").wait_for()
    page.locator("#desk-status a", has_text="Forty Kites, Measure “kites”").click()
    page.get_by_role("heading", name="2 statements").wait_for()
    page.get_by_label("changed over time").check()
    page.locator("#reason").fill("Forty in the pledge of 9 July, fifty in what the minister recalls on the 12th.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("No open fields").wait_for()

    # All of it is sent for review in one go: the commitment, and what it has come to rest on.
    page.goto(reverse("admin:entities_commitment_change", args=[public.kites.pk]))
    page.get_by_role("link", name="Publish …").click()
    page.get_by_role("heading", name="Depends on unpublished records").wait_for()
    page.get_by_label("Note for the reviewer").fill("What the minister recalls.")
    page.get_by_role("button", name="Send for review").click()
    page.get_by_text("3 records were sent for review").wait_for()

    # Another editor publishes it, with the two quotes that nothing rests on yet.
    other = at_work("jan", "editor")
    other.goto(reverse("admin:publishing_submission_changelist"))
    other.get_by_role("link", name="What the minister recalls.").click()
    other.get_by_text("Publish …").click()
    other.get_by_role("button", name="Publish all 3").click()
    other.get_by_text("3 records were published").wait_for()
    other.goto(reverse("admin:sources_sourcequote_changelist") + f"?document__id__exact={document.pk}")
    for box in other.locator("input.action-select").all():
        box.check()
    other.locator("select[name=action]").select_option("publish_selected")
    other.get_by_role("button", name="Run").click()
    other.get_by_role("button", name="Publish", exact=True).click()
    other.get_by_text("3 records were published").wait_for()

    # And the public reads it.
    def get(path: str):
        with urllib.request.urlopen(f"{live_server.url}/api/v1/{path}") as answer:
            return json.load(answer)

    evidence = get("commitments/forty-kites/")["evidence"]["measures.kites"]
    assert {made["value"] for made in evidence["statements"]} == {"40 kite", "50 kite"}
    assert (evidence["agreement"], evidence["contested"]) == ("resolved", False)
    assert evidence["resolution"]["verdict"] == "changed_over_time" and "recalls" in evidence["resolution"]["reason"]
    quotes = {quote["exact"]: quote for quote in get(f"quotes/?document={document.slug}")["results"]}
    assert set(quotes) == set(SourceQuote.objects.filter(document=document).values_list("exact", flat=True))
    assert len(quotes) == 3
    assert quotes["We never said forty kites, we said fifty"]["speakers"][0]["slug"] == "ada-fell"
    assert ARTICLE not in json.dumps(get(f"documents/{document.slug}/"))
    assert get("commitments/?contested=true&count=true")["count"] == 0
