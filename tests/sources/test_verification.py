"""A quote is checked against the text if it is held, by the fingerprint otherwise, and never moved."""

import pytest

from sources.models import SourceDocument, SourceQuote
from sources.verification import attach_text, check, verify
from tests import world as make

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["text", "fingerprint"])
def quote(request):
    document = make.a_document()
    quote = make.a_quote(document)
    if request.param == "fingerprint":
        SourceDocument.objects.update(text="")
        quote.document.refresh_from_db()
    quote.held = request.param
    return quote


def test_a_quote_that_stands_there_verifies(quote):
    assert check(quote).verification == quote.held


@pytest.mark.parametrize("at", [0, 10, -1])
def test_one_changed_letter_fails(quote, at):
    letters = list(quote.exact)
    letters[at] = "q"
    quote.exact = "".join(letters)
    assert check(quote).verification == "failed"


def test_a_quote_at_another_place_fails_and_is_not_moved(quote):
    start, end = quote.start, quote.end
    quote.start, quote.end = start + 1, end + 1
    finding = check(quote)
    assert finding.verification == "failed"
    assert (quote.start, quote.end) == (start + 1, end + 1)


def test_the_nearest_passage_is_named_where_the_text_is_held():
    quote = make.a_quote(make.a_document())
    quote.exact = quote.exact.replace("forty", "sixty")
    assert "We pledge forty kites" in check(quote).explanation


def test_a_document_without_text_or_fingerprint_leaves_its_quotes_unverified(quote):
    quote.document.text = quote.document.fingerprint = ""
    assert check(quote).verification == "unverified"


def test_what_was_found_is_stored_and_failures_come_back(quote):
    SourceQuote.objects.filter(pk=quote.pk).update(prefix="quite other words before ")
    [(failed, finding)] = verify(SourceQuote.objects.select_related("document"))
    assert failed.pk == quote.pk
    assert not finding
    quote.refresh_from_db()
    assert quote.verification == "failed"


def test_attaching_the_text_that_was_meant_changes_nothing_but_the_text(quote):
    version = quote.document.version
    assert attach_text(quote.document, make.ARTICLE) == []
    document = SourceDocument.objects.get()
    assert (document.text, document.version) == (make.ARTICLE, version)
    quote.refresh_from_db()
    assert quote.verification == "text"


def test_attaching_another_text_lists_the_quotes_that_no_longer_stand(quote):
    [(failed, _)] = attach_text(quote.document, make.ARTICLE.replace("forty kites", "fifty kites"))
    assert failed == quote
