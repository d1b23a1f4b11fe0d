"""An editor brings articles in with a real browser: pasted, dropped, and in a newer state."""

import pytest
from django.urls import reverse

from sources.models import EarlierText, SourceDocument
from tests import world as make
from tests.sources.test_document_intake import PAGE

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_pasted_text_becomes_a_document(signed_in):
    page = signed_in
    make.an_organisation("arcadian-courier", type="media")
    page.goto(reverse("admin:sources_sourcedocument_changelist"))
    page.get_by_role("link", name="Add from a text, file or saved page").click()
    page.get_by_label("Text", exact=True).fill("Arcadia to give kites\r\n\r\n" + make.ARTICLE)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("heading", name="Check the new document").wait_for()
    assert page.get_by_label("Title").input_value() == "Arcadia to give kites"
    page.locator(".field-publisher, .intake-row").get_by_role("combobox").first.click()
    page.locator(".select2-search__field").fill("courier")
    page.get_by_role("option", name="Arcadian Courier").click()
    page.get_by_label("Published on").fill("9 July")
    page.get_by_role("button", name="Save and read").click()
    # What was typed is still there, and so is what was chosen.
    page.get_by_text("Please correct the error").wait_for()
    assert page.get_by_label("Published on").input_value() == "9 July"
    page.get_by_label("Published on").fill("2024-07-09")
    page.get_by_role("button", name="Save and read").click()
    page.get_by_text("was added").wait_for()
    document = SourceDocument.objects.get()
    assert document.text == "Arcadia to give kites\n\n" + make.ARTICLE
    assert document.slug == "arcadian-courier-2024-07-09"
    assert f"/{document.pk}/" in page.url


def test_a_saved_page_is_dropped_anywhere_on_the_page(signed_in):
    page = signed_in
    page.goto(reverse("admin:sources_sourcedocument_intake"))
    dropped = page.evaluate_handle(
        """content => {
            const data = new DataTransfer();
            data.items.add(new File([content], "kites.html", { type: "text/html" }));
            return data;
        }""",
        PAGE,
    )
    page.dispatch_event("h1", "dragover", {"dataTransfer": dropped})
    assert "intake-dropping" in page.locator("body").get_attribute("class")
    page.dispatch_event("h1", "drop", {"dataTransfer": dropped})
    page.get_by_role("heading", name="Check the new document").wait_for()
    assert page.get_by_label("Authors").input_value() == "Bo Quill"
    assert page.get_by_label("Or a new publisher").input_value() == "Arcadian Courier"


def test_a_newer_state_of_an_article_takes_the_place_of_its_text(signed_in):
    page = signed_in
    document = make.a_document(url="https://www.courier.example/kites/")
    quote = make.a_quote(document)
    gone = make.a_quote(document, "About 700 clerks")
    page.goto(reverse("admin:sources_sourcedocument_change", args=[document.pk]))
    page.get_by_role("link", name="Replace the text").click()
    page.get_by_label("Text", exact=True).fill("Corrected.\n" + make.ARTICLE.replace("700", "800"))
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("Not found: 1").wait_for()
    page.get_by_role("button", name="Replace the text").click()
    page.get_by_text("1 of 2 quotes were re-anchored").wait_for()
    quote.refresh_from_db()
    gone.refresh_from_db()
    assert (quote.verification, gone.verification) == ("text", "failed")
    assert EarlierText.objects.get().text == make.ARTICLE
