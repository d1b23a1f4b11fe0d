"""No more of a document is published than its share: not by drafts, older editions or several quotes of the same words."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from entities.refusals import Refused
from nato_support.publishing.publication import find_blockers, publish, withdraw
from nato_support.publishing.quotation_limit import find_quotation_problems, quotation_of_documents
from sources.models import SourceDocument
from tests import world as make

pytestmark = pytest.mark.django_db
SENTENCES = [
    "Arcadia builds forty red kites.",
    "Ruritania waits for them patiently.",
    "Clerks count them every morning.",
    "Nobody knows the price yet.",
]
TEXT = " ".join(SENTENCES)


@pytest.fixture
def printed():
    """A public document of twenty words, of which each quote shows five, with a title of one word that stands in them."""
    document = make.a_document("news", TEXT, title="Arcadia")
    publish([document])
    return document


def a_quote(document, number: int, **fields):
    return make.a_quote(document, SENTENCES[number], kind="narration", **fields)


def share_of(document):
    return quotation_of_documents([SourceDocument.objects.get(pk=document.pk)])[0]


def test_a_quote_beyond_the_limit_is_refused_with_document_share_and_what_to_do(printed):
    first, second = a_quote(printed, 0), a_quote(printed, 1)
    publish([first])
    [blocker] = find_blockers([second])
    assert "quote news-q02 would show 50.0% (10 of 20 words) of document news; at most 30%" in blocker
    assert "shorten" in blocker
    with pytest.raises(Refused, match="50.0%"):
        publish([second])
    second.refresh_from_db()
    assert second.status == "draft"


def test_quotes_published_together_count_together(printed):
    with pytest.raises(Refused, match="50.0%"):
        publish([a_quote(printed, 0), a_quote(printed, 1)])


def test_speech_of_a_named_person_may_be_published():
    document = make.a_document(
        "speech", "“Arcadia builds forty red kites for all of its friends,” said Ada Fell.", title="“Arcadia"
    )
    ada = make.a_person("ada-fell")
    quote = make.a_quote(document, "Arcadia builds forty red kites for all of its friends", speakers=[ada])
    make.a_citation(quote, ada, "name", "Ada Fell")
    assert publish([document, quote, ada])


@pytest.mark.parametrize(("exact", "told"), [("forty red kites", "has 3 words"), (" ".join(["kite"] * 41), "has 41 words")])
def test_a_passage_too_short_or_too_long_is_refused(exact, told):
    document = make.a_document("news", f"The {exact} " + "and so on " * 100, title="The")
    with pytest.raises(Refused, match=told):
        publish([document, make.a_quote(document, exact, kind="narration")])


def test_an_older_edition_counts_until_its_quote_is_withdrawn(printed):
    quote = a_quote(printed, 0)
    publish([quote])
    quote.refresh_from_db()
    quote.exact = "builds forty red kites"
    quote.start += len("Arcadia ")
    quote.end = quote.start + len(quote.exact)
    quote.save()
    publish([quote])
    assert share_of(printed).share.shown_words == share_of(printed).public_share.shown_words == 5
    withdraw([quote])
    # The title is the fifth word.
    assert (share_of(printed).share.shown_words, share_of(printed).public_share.shown_words) == (5, 1)


def test_a_withdrawn_quote_counts_as_long_as_an_older_edition_quotes_it(printed):
    arcadia = make.an_organisation("arcadia")
    quote, second = a_quote(printed, 0), make.a_quote(make.a_document(title="Arcadia"))
    make.a_citation(quote, arcadia, "name", "Arcadia")
    make.a_citation(second, arcadia, "name", "Arcadia")
    publish([quote, arcadia, second, second.document])
    withdraw([quote])
    assert share_of(printed).public_share.shown_words == 5


def test_what_is_shipped_counts_drafts_too_and_is_reported(printed):
    for number in range(3):
        a_quote(printed, number)
    share = share_of(printed)
    assert (share.share.shown_words, share.public_share.shown_words) == (15, 1)
    [problem] = find_quotation_problems()
    assert str(problem).startswith("document news: is shown to 75.0% (15 of 20 words)")


def test_the_check_fails_beyond_the_limit_and_tells_the_share(printed):
    for number in range(3):
        a_quote(printed, number, verification="text")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 problem"):
        call_command("check_data", coverage=True, stdout=out)
    assert "document news: is shown to 75.0%" in out.getvalue()
    assert "  news: 75.0% (15 of 20 words)" in out.getvalue()
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 problem"):
        call_command("check_data", json=True, coverage=True, stdout=out)
    problem, report = [json.loads(line) for line in out.getvalue().splitlines()]
    assert problem["record"] == "news"
    assert report["coverage"]["quotation"] == {"news": {"words": 20, "shown_words": 15}}


def test_the_check_passes_within_the_limit_and_tells_the_share(printed):
    a_quote(printed, 0, verification="text")
    out = io.StringIO()
    call_command("check_data", coverage=True, stdout=out)
    assert "  news: 25.0% (5 of 20 words)" in out.getvalue()


def test_counts_that_are_not_those_of_the_text_are_found(printed):
    SourceDocument.objects.update(speech_spans=[[0, len(TEXT)]])
    assert [problem.field for problem in find_quotation_problems()] == ["speech_spans"]
    SourceDocument.objects.update(text="", word_count=None)
    assert [problem.field for problem in find_quotation_problems()] == []
    printed.refresh_from_db()
    printed.text = TEXT
    a_quote(printed, 0)
    assert [problem.field for problem in find_quotation_problems()] == ["word_count"]
