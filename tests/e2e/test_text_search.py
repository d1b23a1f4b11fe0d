"""From a word in any text to a captured quote, in a real browser."""

import pytest
from playwright.sync_api import expect

from sources.models import SourceQuote
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ARTICLE = (
    "HARBOURTON, July 12 – Arcadia will not give as many kites as it had promised.\n\n"
    + "The wind was good and the sky was clear.\n\n" * 30
    + "Seventy clerks are to count the kites in Harbourton, officials said.\n"
)


def test_a_hit_is_opened_at_its_place_and_captured(world, signed_in):
    document = make.a_document("courier-2024-07-12", ARTICLE, published_on="2024-07-12", title="Fewer kites")
    signed_in.keyboard.press("g")
    signed_in.keyboard.press("t")
    signed_in.get_by_label("Words in the texts").fill('"count the kites" HARBOURTON')
    signed_in.keyboard.press("Enter")
    signed_in.locator("a", has=signed_in.locator("mark", has_text="count the kites")).click()
    signed_in.locator("#desk[data-ready=true]").wait_for()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#form-fact")).to_be_visible()
    signed_in.keyboard.press("Control+Enter")
    expect(signed_in.locator("#desk-quotes")).to_have_text("1 quote")
    quote = SourceQuote.objects.get(document=document)
    assert (quote.exact, quote.start) == ("count the kites", ARTICLE.index("count the kites"))
    signed_in.go_back()
    signed_in.reload()
    expect(signed_in.locator("li", has_text="Fewer kites").get_by_text("Quoted", exact=True).first).to_be_visible()
