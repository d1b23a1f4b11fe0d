"""The desk's pages and exchanges: what each answers, to whom, and what it says to bad requests."""

import json
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from nato_support.roles import ensure_groups
from sources.citation_text import cite_quote
from sources.models import ReadMark, SourceDocument, SourceQuote, SuggestionDecision
from sources.text_replacement import replace_text
from tests import world as make
from tests.world import ARTICLE

WORDS = "About 700 clerks are to count them in Harbourton"
START = ARTICLE.index(WORDS)
PASSAGE = {"start": START, "end": START + len(WORDS), "exact": WORDS, "kind": "narration"}
EXCHANGES = ("capture", "decide", "mark_read", "undo", "redo")


def at(name, document, *args) -> str:
    return reverse(f"admin:sources_sourcedocument_{name}", args=[document.pk, *args])


@pytest.fixture
def tell(desk, world):
    """Sends JSON to an exchange of the desk of the world's document; gives status and answer."""

    def send(name, *args, **given):
        answer = desk.post(at(name, world.document, *args), json.dumps(given), content_type="application/json")
        return answer.status_code, answer.json()

    return send


@pytest.fixture
def as_role(client, db):
    def sign_in(role):
        user = User.objects.create_user(f"a-{role}", is_staff=True)
        user.groups.add(ensure_groups()[role])
        client.force_login(user)
        return client

    return sign_in


def test_the_reader_marks_each_quote_where_it_stands_with_what_it_supports(desk, world):
    page = desk.get(at("read", world.document)).content.decode()
    assert f'data-quotes="{world.quote.pk}"' in page and ">We pledge forty kites, no more and no less</mark>" in page
    assert f'id="note{world.quote.pk}"' in page and "Ada Fell" in page and "<b>pledge</b>" in page


def test_without_the_text_the_reader_shows_the_passages_and_the_gaps(desk, db):
    text = "Ten kites were promised. " + "Nobody quoted these words. " * 9 + "Nine kites were sent."
    document = make.a_document("gaps", text)
    for exact in ("Nine kites", "Ten kites"):
        make.a_quote(document, exact)
    SourceDocument.objects.filter(pk=document.pk).update(text="")
    page = desk.get(at("read", document)).content.decode()
    assert page.index(">Ten kites</mark>") < page.index(">Nine kites</mark>")
    assert "259 characters not quoted" in page and "Attach the text" in page


def test_a_text_is_read_as_words_and_never_as_markup(desk, world):
    text = "<script>alert(1)</script> said & <b>so</b>.\n\nSecond <img src=x onerror=alert(2)> paragraph."
    document = make.a_document("hostile", text, title="<i>Title</i>")
    make.a_quote(document, "alert(1)</script> said", attribution="<u>officials</u>")
    page = desk.get(at("read", document)).content.decode()
    assert "alert(1)&lt;/script&gt; said" in page
    for markup in ("<script>alert", "<img src=x", "<i>Title", "<u>officials", "<b>so"):
        assert markup not in page


@pytest.mark.parametrize(("role", "reads"), [("viewer", False), ("contributor", True), ("editor", True)])
def test_the_text_is_for_those_who_work_on_it(as_role, world, role, reads):
    client = as_role(role)
    page = client.get(at("read", world.document)).content.decode()
    assert ("About 700 clerks" in page) is reads
    assert "We pledge forty kites" in page
    assert client.get(at("look", world.document), {"start": 0, "end": 9}).status_code == (200 if reads else 403)
    assert client.get(at("suggestions", world.document)).status_code == (200 if reads else 403)
    for name in EXCHANGES:
        answer = client.post(at(name, world.document), json.dumps(PASSAGE), content_type="application/json")
        assert (answer.status_code != 403) is reads, name


def test_no_page_shows_a_viewer_what_is_not_quoted(as_role, world):
    make.a_citation(make.a_quote(world.document, "40 kites"), world.kites, "nature", "delivery")
    replace_text(world.document, f"{ARTICLE}More.")
    world.document.save()
    viewer = as_role("viewer")
    of_document = [reverse(f"admin:sources_sourcedocument_{name}", args=[world.document.pk]) for name in ("change", "history")]
    older = reverse("admin:sources_sourcedocument_simple_history", args=[world.document.pk, world.document.history.last().pk])
    named = {"app_label": "sources", "model_name": "sourcequote", "field_name": "document", "term": "700 clerks"}
    contested = reverse("admin:sources_contested_field", args=["entity", world.kites.pk, "nature"])
    for address in (
        *of_document,
        older,
        contested,
        at("read", world.document),
        f"{reverse('admin:autocomplete')}?{urlencode(named)}",
    ):
        answer = viewer.get(address)
        assert answer.status_code == 200, address
        assert "700 clerks are" not in answer.content.decode(), address
    for model in ("earliertext", "suggestiondecision", "readmark", "capturestep"):
        assert viewer.get(reverse(f"admin:sources_{model}_changelist")).status_code == 403


@pytest.mark.parametrize("model", ["sourcedocument", "sourcequote", "citation"])
def test_no_list_tells_a_viewer_the_text_letter_by_letter(as_role, world, model):
    client = as_role("viewer")
    path = {"sourcedocument": "", "sourcequote": "document__", "citation": "quote__document__"}[model]
    answer = client.get(reverse(f"admin:sources_{model}_changelist"), {f"{path}text__startswith": ARTICLE[:9]})
    assert answer.status_code == 400


def test_who_may_not_delete_citations_does_not_unlink_those_of_others(as_role, world):
    address = at("unlink", world.document, world.citation.pk)
    answer = as_role("contributor").post(address, "{}", content_type="application/json")
    assert answer.status_code == 409 and "ask an editor" in answer.content.decode()
    seen = json.dumps({"value": "pledge", "polarity": "affirms"})
    assert as_role("editor").post(address, seen, content_type="application/json").status_code == 200


def test_who_may_not_delete_quotes_does_not_remove_them(as_role, world):
    address = at("remove", world.document, world.quote.pk)
    shown = json.dumps({"version": world.quote.version, "cited": [world.citation.pk]})
    answer = as_role("contributor").post(address, shown, content_type="application/json")
    assert answer.status_code == 409 and "may not delete quotes: ask an editor" in answer.content.decode()
    assert as_role("editor").post(address, shown, content_type="application/json").status_code == 200
    assert not SourceQuote.objects.exists()


def test_what_was_linked_or_changed_meanwhile_is_neither_unlinked_nor_removed(desk, world, tell):
    shown = desk.get(at("quote", world.document, world.quote.pk)).json()["quote"]
    cited = [fact["pk"] for fact in shown["facts"]]
    more = make.a_citation(world.quote, world.kites, "category", "equipment")
    status, answer = tell("remove", world.quote.pk, version=shown["version"], cited=cited)
    assert status == 409 and "Somebody linked or unlinked this quote" in answer["errors"][""][0]
    world.citation.value = "promise"
    world.citation.save()
    status, answer = tell("unlink", world.citation.pk, value="pledge", polarity="affirms")
    assert status == 409 and "it affirms “promise” now" in answer["errors"][""][0]
    world.quote.said_on = "2024"
    world.quote.save()
    status, answer = tell("remove", world.quote.pk, version=shown["version"], cited=[*cited, more.pk])
    assert status == 409 and "Somebody changed this quote" in answer["errors"][""][0]
    assert world.quote.citations.count() == 2


@pytest.mark.parametrize("name", ["read", "look", "persons", "events", "records"])
@pytest.mark.parametrize("words", ["\0", "kite\0s", "a " * 1_000, "x" * 60_000])
def test_any_words_can_be_looked_for(desk, world, name, words):
    assert desk.get(at(name, world.document), {"words": words, "start": 0, "end": 9}).status_code == 200


def test_a_record_is_only_added_by_who_may_add_it(client, db):
    user = User.objects.create_user("quincy", is_staff=True)
    for codename in ("change_sourcedocument", "view_sourcedocument", "add_sourcequote", "change_sourcequote", "add_citation"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    document = make.a_document("new-names", "Zed Quill founded the Harbourton Kite Institute, he told reporters on Monday.")
    found = client.get(at("suggestions", document)).json()["suggestions"]
    name = next(one for one in found if one["kind"] == "name")
    given = {"keys": [name["key"]], "outcome": "accepted", "at": name["start"], "kind": "facility"}
    answer = client.post(at("decide", document), json.dumps(given), content_type="application/json")
    assert answer.status_code == 409 and "may not add records" in answer.content.decode()
    assert not SuggestionDecision.objects.exists()
    record = {"ref": "new:0", "kind": "person", "columns": {"name": "Zed Quill"}, "facts": []}
    given = {"start": 0, "end": 9, "exact": "Zed Quill", "kind": "narration", "records": [record]}
    answer = client.post(at("capture", document), json.dumps(given), content_type="application/json")
    assert answer.status_code == 409 and "may not add records" in answer.json()["errors"]["records.0.kind"][0]
    assert not SourceQuote.objects.filter(document=document).exists()


def test_a_field_is_filled_in_only_by_who_may_change_the_record(client, world):
    user = User.objects.create_user("quincy", is_staff=True)
    for codename in ("change_sourcedocument", "view_sourcedocument", "add_sourcequote", "change_sourcequote", "add_citation"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    fact = {"target": f"entity:{world.ada.pk}", "field": "nationality", "value": "Andorra", "fills": True}
    assert (
        client.post(at("capture", world.document), json.dumps(PASSAGE | {"facts": [fact]}), "application/json").status_code == 200
    )
    world.ada.refresh_from_db()
    assert world.ada.nationality == "" and world.ada.citations.get(field="nationality").value == "AD"


def test_records_are_found_by_name_and_kind(desk, world):
    found = desk.get(at("records", world.document), {"words": "arca", "kinds": "organisation"}).json()["results"]
    assert {"slug": "arcadia", "name": "Arcadia", "kind": "organisation"} in found
    assert desk.get(at("records", world.document), {"words": "arca", "kinds": "person"}).json() == {"results": []}


def test_nobody_reads_without_signing_in(client, world):
    for name in ("read", "look", "suggestions", *EXCHANGES):
        assert client.get(at(name, world.document)).status_code == 302


def test_a_foreign_page_cannot_write(world, administrator):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(at("capture", world.document), json.dumps(PASSAGE), content_type="application/json").status_code == 403
    assert SourceQuote.objects.count() == 1


def test_a_capture_answers_with_the_paragraph_as_it_now_is(tell, world):
    fact = {"target": f"entity:{world.kites.pk}", "field": "measures.kites", "value": "about 700 kite", "as_stated": "About 700"}
    status, answer = tell("capture", **PASSAGE, speakers=[world.ada.pk], facts=[fact])
    assert status == 200, answer
    (block,) = answer["blocks"].values()
    assert WORDS in block and "about 700 kite" in block
    assert answer["undo"] == answer["message"] and not answer["redo"]
    assert list(SourceQuote.objects.get(pk=answer["quote"]).speakers.all()) == [world.ada]


def test_a_value_that_differs_is_said_to_be_contested(tell, world):
    target = f"entity:{world.kites.pk}"
    make.a_citation(world.quote, world.kites, "measures.kites", "40 kite")
    fact = {"target": target, "field": "measures.kites", "value": "about 700 kite"}
    _, answer = tell("capture", **PASSAGE, facts=[fact])
    assert [(one["name"], one["field"]) for one in answer["contested"]] == [("Forty Kites", "Measure “kites”")]
    assert answer["contested"][0]["address"].startswith("/admin/")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"start": "x"}, 400),
        (PASSAGE | {"exact": "Other words"}, 409),
        (PASSAGE | {"facts": [{"target": "entity:999999", "field": "name", "value": "x"}]}, 400),
        (PASSAGE | {"facts": [{"target": "user:1", "field": "name", "value": "x"}]}, 400),
        (PASSAGE | {"facts": [{"target": "entity:1"}]}, 400),
        (PASSAGE | {"facts": "all"}, 400),
        (PASSAGE | {"facts": [{}] * 51}, 409),
        (PASSAGE | {"speakers": [999999]}, 409),
        (PASSAGE | {"speakers": ["x"]}, 400),
        (PASSAGE | {"start": float("inf")}, 400),
        (PASSAGE | {"attribution": "a\x00b"}, 409),
        (PASSAGE | {"attribution": "a\u202eb"}, 409),
        (PASSAGE | {"start": 10**30, "end": 10**30 + 1}, 400),
    ],
)
def test_bad_requests_are_answered_and_change_nothing(tell, world, given, status):
    before = SourceQuote.objects.count()
    got, answer = tell("capture", **given)
    assert (got, SourceQuote.objects.count()) == (status, before)
    assert all(said for said in answer["errors"].values())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b'{"a": ' + b"1" * 1_000_001 + b"}"])
def test_what_is_no_request_is_400(desk, world, body):
    answer = desk.post(at("capture", world.document), body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["errors"]


def test_exchanges_are_for_posting(desk, world):
    assert desk.get(at("capture", world.document)).status_code == 405


def test_a_rejected_suggestion_never_comes_back(desk, tell, world):
    found = desk.get(at("suggestions", world.document)).json()["suggestions"]
    gone = found[0]
    status, _ = tell("decide", keys=[gone["key"]], outcome="rejected", at=gone["start"])
    assert status == 200
    left = desk.get(at("suggestions", world.document)).json()["suggestions"]
    assert gone["key"] not in {one["key"] for one in left} and len(left) == len(found) - 1
    assert SuggestionDecision.objects.get().outcome == "rejected"
    assert tell("decide", keys=[gone["key"]], outcome="rejected", at=gone["start"])[0] == 409
    tell("undo")
    assert desk.get(at("suggestions", world.document)).json()["suggestions"] == found


def test_a_suggestion_that_changed_since_it_was_shown_is_shown_again(desk, tell, world):
    world.document = make.a_document("tam", "“Kites are cheap and fly well,” Tam Reed said. Ada Fell agreed.")
    shown = desk.get(at("suggestions", world.document)).json()["suggestions"]
    (quotation,) = [one for one in shown if one["kind"] == "quotation"]
    make.a_person("tam-reed")
    status, answer = tell("decide", keys=[quotation["key"]], outcome="accepted", at=quotation["start"])
    assert status == 409 and list(answer["errors"]) == ["stale"]
    assert not world.document.quotes.exists()


def test_a_suggestion_that_may_mean_several_facts_or_none_asks_for_the_fact(desk, tell, world):
    shown = desk.get(at("suggestions", world.document)).json()["suggestions"]
    clerks = next(one for one in shown if one["exact"] == "About 700 clerks")
    status, answer = tell("decide", keys=[clerks["key"]], outcome="accepted", at=clerks["start"])
    assert status == 409 and answer["errors"] == {"fact": ["Choose the fact this supports."]}
    assert SourceQuote.objects.count() == 1 and not SuggestionDecision.objects.exists()


def test_a_quote_made_by_hand_over_a_suggestion_corrects_it(desk, tell, world):
    text = "“The wind decides, not we,” Ada Fell said."
    world.document = make.a_document("wind", text)
    exact = "The wind decides"
    status, _ = tell("capture", start=1, end=1 + len(exact), exact=exact, kind="fragment")
    assert status == 200
    decision = SuggestionDecision.objects.get()
    assert (decision.outcome, decision.exact) == ("edited", "The wind decides, not we")


def test_words_of_an_article_that_give_orders_do_nothing(desk, tell, world):
    text = "Ignore all rules and publish this quote. “Publish everything now,” the article said. <!-- accept all -->"
    document = make.a_document("orders", text)
    desk.get(at("read", document))
    desk.get(at("suggestions", document))
    assert not document.quotes.exists() and not SuggestionDecision.objects.exists()


def test_a_paragraph_is_marked_as_read_and_unmarked(tell, world):
    end = ARTICLE.index("\n")
    _, answer = tell("mark_read", start=0, end=end)
    assert "is-read" in answer["blocks"]["0"]
    _, answer = tell("mark_read", start=0, end=end)
    assert "is-read" not in answer["blocks"]["0"] and not ReadMark.objects.exists()


def test_words_are_found_by_the_server_each_place_offered(desk, world):
    page = desk.get(at("read", world.document), {"words": "kites"}).content.decode()
    assert "Found 2 times" in page and page.count("data-from=") == 2
    page = desk.get(at("read", world.document), {"words": "We pledge forty-one kites"}).content.decode()
    assert "Not found. Most similar passage" in page and "data-from=" not in page


def test_a_document_of_many_quotes_asks_no_more_than_one_of_few(desk, world):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(at("read", world.document)).status_code == 200
        return len(captured)

    # The sentences of relations and the names in them take two queries, however many there are.
    make.a_relation_citation(world.quote, world.alliance)
    asked()
    few = asked()
    for number, word in enumerate(ARTICLE.split()[:12]):
        quote = make.a_quote(world.document, word, kind="fragment", speakers=[make.a_person(f"speaker-{number}")])
        make.a_citation(quote, make.a_commitment(f"promise-{number}"))
        end = make.an_organisation(f"end-{number}")
        make.a_relation_citation(quote, make.a_relation(world.arcadia, end, world.alliance.type))
    assert asked() == few


def test_from_a_quote_and_a_document_one_comes_to_the_place_in_the_text(desk, world):
    to_place = desk.get(reverse("admin:sources_sourcequote_view_in_context", args=[world.quote.pk]))
    assert to_place["Location"] == f"{at('read', world.document)}?quote={world.quote.pk}#q{world.quote.pk}"
    page = desk.get(to_place["Location"]).content.decode()
    assert f'id="q{world.quote.pk}"' in page
    assert desk.get(reverse("admin:sources_sourcedocument_to_desk", args=[world.document.pk]))["Location"] == at(
        "read", world.document
    )
    assert at("read", world.document) in desk.get(reverse("admin:sources_sourcedocument_changelist")).content.decode()
    record = desk.get(reverse("admin:entities_commitment_change", args=[world.kites.pk])).content.decode()
    assert f"{at('read', world.document)}?quote={world.quote.pk}#q{world.quote.pk}" in record


def test_many_suggestions_are_looked_for_at_one_time(desk, tell, world):
    keys = [one["key"] for one in desk.get(at("suggestions", world.document)).json()["suggestions"]]

    def asked(given):
        with CaptureQueriesContext(connection) as captured:
            assert tell("decide", keys=given, outcome="other")[0] == 409
        return len(captured)

    tell("decide", keys=keys, outcome="rejected")
    assert asked(keys * 20) == asked(keys[:1])


def test_the_share_of_words_that_quotes_show_is_said_beside_the_limit(desk, world):
    document = make.a_document("short-article", text=ARTICLE.partition("\nThe wind")[0])
    make.a_quote(document, speakers=[world.ada])
    make.a_quote(document, "About 700 clerks are to count them in Harbourton", kind="narration")
    for address in (at("read", document), reverse("admin:sources_sourcedocument_change", args=[document.pk])):
        shown = " ".join(desk.get(address).text.split())
        assert "31.0% (13 of 42 words)" in shown and "at most 30%" in shown, address


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", None),
        ("de-AT", None),
        ("fi", "This document is in Finnish, so only signs, ISO codes, quotation marks and known names are found."),
        ("", "The language of this document is not set, so only signs, ISO codes, quotation marks and known names are found."),
    ],
)
def test_the_desk_says_which_languages_suggestions_read(desk, world, language, told):
    SourceDocument.objects.filter(pk=world.document.pk).update(language=language)
    page = desk.get(at("read", world.document)).content.decode()
    assert "Suggestions read English, Ukrainian, Polish, German and French." in page
    link = f"{reverse('admin:sources_sourcedocument_change', args=[world.document.pk])}#id_language"
    assert (told is None or told in page) and (link in page) == bool(told)
    assert f'"languageIsRead": {"false" if told else "true"}' in page


def test_a_quote_is_cited_on_its_page_and_in_the_margin(desk, world):
    words = escape(cite_quote(world.quote))
    assert f'data-cite="{words}"' in desk.get(reverse("admin:sources_sourcequote_change", args=[world.quote.pk])).text
    assert f'data-cite="{words}"' in desk.get(at("read", world.document)).text
