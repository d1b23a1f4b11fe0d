"""The queue of failing quotes: each is shown with why it fails and where its words stand, and placed by a button alone."""

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.vocabulary import Status
from nato_support.roles import ensure_groups
from sources.capture import undo_steps
from sources.models import CaptureStep, Citation, SourceDocument, SourceQuote
from sources.text_replacement import replace_text
from sources.verification import verify_quotes
from tests import world as make
from tests.desk.conftest import page, save, shown_form
from tests.desk.test_intake import replace_text_url

pytestmark = pytest.mark.django_db

FAILING = "/admin/sources/sourcequote/failing/"
WORDS = "We pledge forty kites, no more and no less"
TWICE = f"Monday: “{WORDS}.” Tuesday: “{WORDS}.”\n"
CHANGED = make.ARTICLE.replace("forty kites, no", "fifty kites, no")


@pytest.fixture
def twice(world):
    """A quote whose words stand twice in the text that replaced its own."""
    replace_text(world.document, TWICE)
    world.quote.refresh_from_db()
    return world


@pytest.fixture
def changed(world):
    """A quote of whose words one was changed in the text, not the one that its citation states."""
    Citation.objects.update(as_stated="pledge")
    replace_text(world.document, CHANGED)
    world.quote.refresh_from_db()
    return world


@pytest.fixture
def sign_in(client, db):
    """Signs in a member of the group: sign_in("viewer")."""

    def signed(group: str):
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(ensure_groups()[group])
        client.force_login(user)
        return user

    return signed


def rows(response) -> list[dict]:
    return response.context["rows"]


def chosen(row: dict, spot: int = 0, **changes) -> dict:
    """What the button of a place sends."""
    quote, place = row["quote"], row["offered"][spot].passage
    seen = {"quote": quote.pk, "version": quote.version, "sha256": quote.document.sha256}
    return {"do": "place", **seen, "start": place.start, "end": place.end} | changes


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_every_place_of_the_words_is_shown_and_the_chosen_one_taken(desk, twice):
    response = desk.get(FAILING)
    [row] = rows(response)
    assert [spot.passage.start for spot in row["offered"]] == [TWICE.index(WORDS), TWICE.rindex(WORDS)]
    assert response.text.count("Re-anchor here") == 2 and "Found at 2 places" in response.text
    assert "not found at" in row["reason"] and "Forty Kites" in response.text and "Nature" in response.text
    second = TWICE.rindex(WORDS)
    assert f"/read/?at={second}#from{second}-{second + len(WORDS)}" in response.text
    answer = desk.post(FAILING, chosen(row, 1))
    assert answer.status_code == 302 and answer["Location"] == FAILING
    assert "Re-anchored" in told(answer) and f"#q{twice.quote.pk}" in told(answer)
    twice.quote.refresh_from_db()
    assert (twice.quote.start, twice.quote.exact, twice.quote.verification) == (second, WORDS, "text")
    assert not verify_quotes(SourceQuote.objects.all()) and rows(desk.get(FAILING)) == []


def test_what_was_placed_is_taken_back_at_the_desk(desk, administrator, twice):
    before = twice.quote.start
    desk.post(FAILING, chosen(rows(desk.get(FAILING))[0]))
    assert CaptureStep.objects.get().label == f"Re-anchored “{WORDS}”"
    undo_steps.undo_step(twice.document, administrator)
    twice.quote.refresh_from_db()
    assert (twice.quote.start, twice.quote.verification) == (before, "failed")


def test_the_words_around_a_quote_are_those_of_the_text_that_had_it(desk, changed, world):
    [row] = rows(desk.get(FAILING))
    assert row["former_place"].prefix.endswith("“") and row["former_place"].suffix.startswith(",” Ada Fell")


def test_the_nearest_passage_is_shown_with_its_difference_before_it_is_taken(desk, changed):
    response = desk.get(FAILING)
    [row] = rows(response)
    assert "[removed:] </span>forty</del>" in response.text and "[added:] </span>fifty</ins>" in response.text
    assert "Use this wording instead" in response.text and "Re-anchor here" not in response.text
    assert desk.post(FAILING, chosen(row)).status_code == 302
    changed.quote.refresh_from_db()
    assert (changed.quote.exact, changed.quote.verification) == (WORDS.replace("forty", "fifty"), "text")
    changed.citation.refresh_from_db()
    assert changed.citation.quote == changed.quote


def test_the_same_words_in_other_marks_show_what_differs(desk, world):
    quote = make.a_quote(world.document, "“We pledge forty kites", kind="fragment")
    replace_text(world.document, 'One: "We pledge forty kites". Two: "We pledge forty kites".')
    row = next(row for row in rows(desk.get(FAILING)) if row["quote"] == quote)
    assert row["places"] == 2 and ("added", '"') in row["offered"][0].difference


def test_words_that_a_citation_states_are_not_lost(desk, changed):
    Citation.objects.update(as_stated="forty kites")
    response = desk.get(FAILING)
    [row] = rows(response)
    assert "“forty kites” for Nature of Forty Kites" in response.text
    assert "Use this wording instead" not in response.text
    refused = desk.post(FAILING, chosen(row))
    assert refused.status_code == 409 and "would no longer be in the passage" in refused.text
    changed.quote.refresh_from_db()
    assert (changed.quote.exact, changed.quote.verification) == (WORDS, "failed")


def test_once_the_words_stated_are_emptied_on_its_page_the_passage_is_taken(desk, changed):
    Citation.objects.update(as_stated="forty kites")
    form = shown_form(desk, page(changed.quote, "change"))
    save(desk, changed.quote, form | {"citations-0-as_stated": ""})
    assert desk.post(FAILING, chosen(rows(desk.get(FAILING))[0])).status_code == 302
    changed.quote.refresh_from_db()
    assert (changed.quote.verification, changed.quote.citations.count()) == ("text", 1)


def test_what_was_changed_since_it_was_shown_is_refused(desk, twice):
    [row] = rows(desk.get(FAILING))
    for sent, complaint in (
        (chosen(row, version=row["quote"].version - 1), "Somebody changed this quote in the meantime"),
        (chosen(row, sha256="0" * 64), "was replaced in the meantime"),
        (chosen(row, end=10**6), "no such passage"),
        (chosen(row, quote=0), "no longer exists"),
    ):
        response = desk.post(FAILING, sent)
        assert response.status_code == 409 and complaint in response.text, complaint
    assert not CaptureStep.objects.exists()
    desk.post(FAILING, chosen(row))
    assert "was verified in the meantime" in desk.post(FAILING, chosen(row)).text


def test_a_place_that_is_a_quote_already_is_not_offered(desk, twice):
    second = make.a_quote(twice.document, WORDS)
    response = desk.get(FAILING)
    [row] = rows(response)
    assert [spot.occupant for spot in row["offered"]] == [second, None]
    assert response.text.count("Re-anchor here") == 1 and second.slug in response.text
    refused = desk.post(FAILING, chosen(row))
    assert refused.status_code == 409 and "This passage is already a quote" in refused.text


def test_a_draft_is_removed_with_its_citations_and_comes_back_by_undo(desk, administrator, changed):
    [row] = rows(desk.get(FAILING))
    sent = {"do": "remove", "quote": row["quote"].pk, "version": row["quote"].version}
    assert desk.post(FAILING, sent | {"version": 99}).status_code == 409
    assert desk.post(FAILING, sent).status_code == 302
    assert not SourceQuote.objects.exists() and not Citation.objects.exists()
    undo_steps.undo_step(changed.document, administrator)
    assert SourceQuote.objects.get().citations.count() == 1


def test_a_public_quote_is_withdrawn_not_removed(desk, changed):
    SourceQuote.objects.update(status=Status.PUBLISHED)
    response = desk.get(FAILING)
    [row] = rows(response)
    assert "withdraw it on its page" in response.text and "Remove the quote" not in response.text
    sent = {"do": "remove", "quote": row["quote"].pk, "version": row["quote"].version}
    assert "withdraw it instead" in desk.post(FAILING, sent).text


def test_only_so_many_places_are_offered(desk, world):
    replace_text(world.document, f"{WORDS}. " * 14)
    response = desk.get(FAILING)
    [row] = rows(response)
    assert (row["places"], len(row["offered"]), row["unshown"]) == (14, 10, 4)
    assert "and 4 more" in response.text


def test_the_changed_last_come_first_and_a_document_narrows(desk, changed):
    other = make.a_document("other", text="Arcadia keeps its bells. Ruritania keeps none.")
    bells = make.a_quote(other, "Arcadia keeps its bells")
    replace_text(other, "Nothing of the kind was said.")
    assert [row["quote"] for row in rows(desk.get(FAILING))] == [bells, changed.quote]
    changed.document.save()
    assert [row["quote"] for row in rows(desk.get(FAILING))] == [changed.quote, bells]
    assert [row["quote"] for row in rows(desk.get(f"{FAILING}?document={other.pk}"))] == [bells]
    assert len(rows(desk.get(f"{FAILING}?document=nonsense&p=nonsense"))) == 2


def test_what_narrows_and_the_page_go_along(desk, changed):
    where = f"{FAILING}?document={changed.document.pk}&p=1"
    response = desk.get(where)
    assert f'action="?document={changed.document.pk}&amp;p=1#quote' in response.text.replace("&p=", "&amp;p=")
    assert desk.post(where, chosen(rows(response)[0]))["Location"] == where


def test_without_its_text_the_fingerprint_says_why(desk, changed):
    SourceDocument.objects.update(text="")
    response = desk.get(FAILING)
    [row] = rows(response)
    assert row["reason"] and not row["offered"] and "Attach it" in response.text


def test_who_may_look_and_who_may_place(client, sign_in, changed):
    client.logout()
    assert client.get(FAILING).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(FAILING).status_code == 403
    sign_in("contributor")
    sent = chosen(rows(client.get(FAILING))[0])
    assert "Use this wording instead" in client.get(FAILING).text and "Remove the quote" not in client.get(FAILING).text
    assert client.post(FAILING, sent | {"do": "remove"}).status_code == 403
    sign_in("viewer")
    response = client.get(FAILING)
    # The text is private to those who work on it.
    assert WORDS in response.text and "fifty" not in response.text and "<button name=" not in response.text
    assert client.post(FAILING, sent).status_code == 403
    editor = sign_in("editor")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert strict.post(FAILING, sent).status_code == 403
    assert client.post(FAILING, {"do": "place", "quote": sent["quote"], "version": 1}).status_code == 400
    assert client.post(FAILING, sent).status_code == 302


def test_the_questions_do_not_grow_with_the_quotes(desk, world):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert rows(desk.get(FAILING))
        return len(queries)

    replace_text(world.document, CHANGED)
    few = asked()
    for number in range(8):
        words = f"Bell number {number} rings at noon"
        document = make.a_document(f"bells-{number}", text=words, publisher=make.an_organisation(f"house-{number}"))
        quote = make.a_quote(document, words, speakers=[make.a_person(f"ringer-{number}")])
        make.a_citation(quote, make.a_commitment(f"bells-of-{number}"))
        make.a_relation_citation(quote, world.alliance)
        replace_text(document, f"Bell number {number} rings at dusk")
    assert asked() == few


def test_one_page_holds_ten(desk, world):
    text = "".join(f"Bell {number} rings. " for number in range(12))
    document = make.a_document("bells", text=text)
    for number in range(12):
        make.a_quote(document, f"Bell {number} rings")
    replace_text(document, text.replace("rings", "is silent"))
    first, second = desk.get(FAILING), desk.get(f"{FAILING}?p=2")
    assert (len(rows(first)), len(rows(second))) == (10, 2)
    assert 'href="?p=2" rel="next"' in first.text and 'href="?p=1" rel="prev"' in second.text


def test_the_desk_and_the_replacement_of_a_text_lead_here(desk, world):
    sent = {"text": CHANGED, "version": world.document.version, "step": "save"}
    here = f'href="{FAILING}?document={world.document.pk}"'
    response = desk.post(replace_text_url(world.document), sent, follow=True)
    assert response.text.count(here) == 2
    assert here in desk.get(reverse("admin:sources_sourcedocument_read", args=[world.document.pk])).text


def test_the_sidebar_marks_this_page_and_not_the_list_of_quotes(desk, changed):
    def active(where):
        groups = desk.get(where).context["sidebar_navigation"]
        return [str(item["title"]) for group in groups for item in group["items"] if item["active"]]

    assert active(FAILING) == ["Failing quotes"]
    assert active(page(SourceQuote, "changelist")) == ["Quotes"]
