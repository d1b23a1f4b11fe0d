"""The pages on which a text comes in: what they show before anything is saved, and what they refuse."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from entities.models import Organisation
from nato_support.desk.evidence.text_intake_views import condense_difference
from nato_support.publishing.review.workflow import publish_after_review, submit_records
from nato_support.roles import ensure_groups
from sources import fingerprint
from sources.models import EarlierText, SourceDocument
from sources.verification import verify_quotes
from sources.word_diff import DiffSpan
from tests import world as make
from tests.sources.test_document_intake import PAGE, zipped
from tests.sources.test_page_numbers import a_pdf

pytestmark = pytest.mark.django_db

INTAKE = "/admin/sources/sourcedocument/intake/"


def replace_text_url(document) -> str:
    return reverse("admin:sources_sourcedocument_replace_document_text", args=[document.pk])


def filled_in(response) -> dict:
    """What a browser would send if the second form were submitted as it is shown."""
    form = response.context["form"]
    return {field.html_name: "" if field.value() is None else str(getattr(field.value(), "pk", field.value())) for field in form}


def saved(desk, data, **changes):
    return desk.post(INTAKE, data | {"step": "save"} | changes)


def test_the_page_is_reached_from_the_list_and_from_the_add_page(desk):
    assert reverse("admin:sources_sourcedocument_intake") == INTAKE
    for name in ("changelist", "add"):
        assert INTAKE in desk.get(reverse(f"admin:sources_sourcedocument_{name}")).text
    assert desk.get(INTAKE).status_code == 200


def test_a_pasted_text_becomes_a_document(desk, administrator):
    response = desk.post(INTAKE, {"text": "Kites for all\r\n\r\nAda Fell\0 said so.", "step": "check"})
    assert response.status_code == 200 and not SourceDocument.objects.exists()
    assert "1 × U+0000" in response.text
    data = filled_in(response)
    assert (data["title"], data["text"]) == ("Kites for all", "Kites for all\n\nAda Fell said so.")
    response = saved(desk, data, url="https://courier.example/kites", published_on="2024-07")
    document = SourceDocument.objects.get()
    assert document.text == "Kites for all\n\nAda Fell said so."
    assert document.sha256 == fingerprint.text_hash(document.text)
    assert document.slug == "courier-example-2024-07"
    assert response.url.startswith(f"/admin/sources/sourcedocument/{document.pk}/")
    assert document.history.get().history_user == administrator


def test_a_saved_page_fills_the_form_in(desk):
    courier = make.an_organisation("arcadian-courier", type="media")
    response = desk.post(INTAKE, {"file": SimpleUploadedFile("kites.html", PAGE.encode()), "step": "check"})
    data = filled_in(response)
    assert (data["publisher"], data["new_publisher"]) == (str(courier.pk), "")
    assert (data["authors"], data["published_on"], data["updated_on"]) == ("Bo Quill", "2024-07-09", "2024-07-10")
    assert "evil" not in response.text
    saved(desk, data)
    assert SourceDocument.objects.get().slug == "arcadian-courier-2024-07-09"


def test_a_publisher_that_is_not_known_is_added_as_a_draft(desk):
    data = filled_in(desk.post(INTAKE, {"file": SimpleUploadedFile("kites.html", PAGE.encode()), "step": "check"}))
    assert data["new_publisher"] == "Arcadian Courier"
    saved(desk, data)
    assert SourceDocument.objects.get().publisher == Organisation.objects.get(name="Arcadian Courier", status="draft")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Paste a text or choose a file"),
        ({"text": " \n "}, "Paste a text or choose a file"),
        ({"text": "\0\0"}, "There is no text"),
        ({"file": SimpleUploadedFile("empty.txt", b"")}, "empty.txt: The file is empty"),
        ({"file": SimpleUploadedFile("kites.txt", zipped("word/document.xml", b"0" * 9_000_000))}, "a ZIP archive"),
        ({"text": "Kites.", "file": SimpleUploadedFile("kites.txt", b"Kites.")}, "give only one of them"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_is_kept(desk, given, words):
    for file in given.values():
        if not isinstance(file, str):
            file.seek(0)
    response = desk.post(INTAKE, given | {"step": "check"})
    assert response.status_code == 400
    assert words in response.text
    if given.get("text", "").strip("\0 \n"):
        assert given["text"] in response.text


@pytest.mark.slow
def test_a_paste_of_five_million_characters_is_taken_and_one_more_is_refused(desk):
    assert desk.post(INTAKE, {"text": "kites for all\n" * 350_000, "step": "check"}).status_code == 200
    response = desk.post(INTAKE, {"text": "x" * 5_000_001, "step": "check"})
    assert response.status_code == 400
    assert "5,000,001 characters; the limit is 5,000,000" in response.text


@pytest.mark.parametrize("length", ["many", "20000000", "9" * 5000])
def test_only_pages_that_take_texts_take_large_requests(desk, length):
    size = {"headers": {"content-length": length}}
    assert Client().post(reverse("admin:login"), b"x", content_type="text/plain", **size).status_code == 413
    assert desk.post(reverse("admin:sources_sourcedocument_add"), b"x", content_type="text/plain", **size).status_code == 413
    assert desk.post(INTAKE, {"text": "kites for all\n" * 2_000, "step": "check"}).status_code == 200


@pytest.mark.parametrize(
    ("text", "url"), [("x" * 60_000, ""), ("Kites.", "http://" + "a" * 60_000), ("Kites.", "http://a\0b.example/")]
)
def test_no_word_or_address_is_too_long_to_be_looked_for(desk, text, url):
    make.a_document(url="https://courier.example/kites")
    assert desk.post(INTAKE, {"text": text, "url": url, "title": "Kites", "step": "check"}).status_code == 200
    data = {"text": text, "url": url, "title": "Kites", "step": "save"}
    assert desk.post(INTAKE, data).status_code == (400 if url else 302)


def test_a_form_that_is_too_large_to_be_read_is_answered_with_what_to_do(desk, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    for address in (INTAKE, replace_text_url(make.a_document())):
        response = desk.post(address, {"text": "x" * 2_000, "step": "check"})
        assert response.status_code == 413
        assert "Save the text as a file" in response.text
        response = desk.post(
            address, b"x", content_type="multipart/form-data; boundary=x", headers={"content-length": "99999999"}
        )
        assert response.status_code == 413


def test_an_error_in_the_second_form_loses_nothing(desk):
    data = filled_in(desk.post(INTAKE, {"text": "Kites for all\n" * 3, "step": "check"}))
    typed = {"published_on": "yesterday", "authors": "Bo Quill", "new_publisher": "The Courier", "warnings": "Look at this line."}
    response = saved(desk, data, **typed)
    assert response.status_code == 400 and not SourceDocument.objects.exists() and not Organisation.objects.exists()
    for words in ("yesterday", "Bo Quill", "The Courier", "Look at this line.", "Kites for all\n" * 3):
        assert words in response.text
    response = saved(desk, data, **typed | {"published_on": "2024-07"}, url="https://courier.example/" + "x" * 2_000)
    assert response.status_code == 400 and "The Courier" in response.text


def test_a_text_that_is_there_already_is_refused_with_its_document(desk):
    document = make.a_document()
    response = desk.post(INTAKE, {"text": make.ARTICLE + " \n", "step": "check"})
    assert "already in the register" in response.text
    assert f"/admin/sources/sourcedocument/{document.pk}/change/" in response.text
    assert saved(desk, filled_in(response)).status_code == 400
    assert SourceDocument.objects.count() == 1


def test_an_article_from_a_known_address_is_offered_as_its_newer_text(desk):
    document = make.a_document(url="https://courier.example/kites")
    response = desk.post(INTAKE, {"file": SimpleUploadedFile("kites.html", PAGE.encode()), "step": "check"})
    assert response.context["same_address"] == document
    assert f'formaction="{replace_text_url(document)}"' in response.text


def test_near_copies_are_shown_with_their_difference(desk):
    make.a_document()
    response = desk.post(INTAKE, {"text": make.ARTICLE.replace("no more", "nothing more"), "step": "check"})
    assert "Arcadia to give kites" in response.text
    assert '<ins><span class="sr-only">[added:] </span>nothing</ins>' in response.text


def test_markup_in_a_text_is_shown_and_never_taken_for_a_page(desk):
    response = desk.post(INTAKE, {"text": "</textarea><script>alert(1)</script>", "step": "check"})
    assert "<script>alert(1)" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_only_forms_are_taken(desk, method):
    assert getattr(desk, method)(INTAKE).status_code == 405
    assert desk.post(INTAKE, {"text": "Kites."}, content_type="application/json").status_code == 415
    assert desk.post(INTAKE, b"Kites.", content_type="text/plain").status_code == 415


def test_a_form_from_elsewhere_is_refused(administrator):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(administrator)
    for address in (INTAKE, replace_text_url(make.a_document())):
        assert stranger.post(address, {"text": "Kites.", "step": "check"}).status_code == 403
    assert SourceDocument.objects.count() == 1


def test_who_may_not_add_or_change_documents_is_refused(client):
    viewer = User.objects.create_user("vera", is_staff=True)
    viewer.groups.add(ensure_groups()["viewer"])
    client.force_login(viewer)
    document = make.a_document()
    for address in (INTAKE, replace_text_url(document)):
        assert client.get(address).status_code == 403
        assert client.post(address, {"text": "Kites.", "step": "save"}).status_code == 403
    assert client.post(INTAKE, headers={"content-length": "99999999"}).status_code == 403
    assert INTAKE not in client.get(reverse("admin:sources_sourcedocument_changelist")).text
    assert Client().get(INTAKE).status_code == 302


def test_another_text_is_shown_with_what_becomes_of_the_quotes_and_then_taken(desk, administrator, world):
    gone = make.a_quote(world.document, "About 700 clerks")
    text = "Corrected on Wednesday.\n" + make.ARTICLE.replace("About 700 clerks", "About 800 clerks")
    page = desk.get(replace_text_url(world.document))
    assert "stays readable" in page.text
    response = desk.post(replace_text_url(world.document), {"text": text, "step": "check"})
    world.document.refresh_from_db()
    assert world.document.text == make.ARTICLE
    shown = " ".join(response.text.split())
    assert "Not found: 1" in shown and "Re-anchored: 1" in shown
    assert f"From {world.quote.start} to {world.quote.start + 24}" in shown
    assert '<del><span class="sr-only">[removed:] </span>700</del>' in shown
    response = desk.post(
        replace_text_url(world.document), {"text": text, "version": world.document.version, "step": "save"}, follow=True
    )
    assert gone.slug in response.text and "1 of 2 quotes were re-anchored" in response.text
    world.document.refresh_from_db()
    assert world.document.text == text
    assert EarlierText.objects.get().replaced_by == administrator
    world.quote.refresh_from_db()
    gone.refresh_from_db()
    assert (world.quote.verification, gone.verification) == ("text", "failed")


def test_a_replacement_that_was_looked_over_before_another_change_is_shown_again(desk, world):
    response = desk.post(
        replace_text_url(world.document), {"text": "Other words.", "version": world.document.version - 1, "step": "save"}
    )
    assert "changed in the meantime" in response.text and "Other words." in response.text
    world.document.refresh_from_db()
    assert world.document.text == make.ARTICLE


def test_every_place_of_words_that_stand_several_times_is_offered(desk, world):
    words = world.quote.exact
    response = desk.post(replace_text_url(world.document), {"text": f"Ada: {words}. Bo: {words}. Cy: {words}.", "step": "check"})
    assert "found 3 times" in response.text
    assert response.text.count(f"<mark>{words}</mark>") == 3


@pytest.mark.parametrize(
    ("text", "words", "button"),
    [
        (make.ARTICLE, "This is the text that the quotes were taken from", "Attach this text"),
        (make.ARTICLE + "More.", "This is a different text", "Replace the text</button>"),
    ],
)
def test_a_document_without_its_text_tells_the_very_text_from_another(desk, world, text, words, button):
    SourceDocument.objects.filter(pk=world.document.pk).update(text="")
    response = desk.post(replace_text_url(world.document), {"text": text, "step": "check"})
    assert words in response.text and button in response.text
    desk.post(replace_text_url(world.document), {"text": text, "version": world.document.version, "step": "save"})
    before = world.document.version
    world.document.refresh_from_db()
    assert world.document.text == text
    assert (world.document.version == before) == (text == make.ARTICLE)
    assert not verify_quotes(world.document.quotes.all())


def test_a_text_that_changes_nothing_or_is_anothers_cannot_be_saved(desk, world):
    other = make.a_document("other", text="Other words.")
    for text, words in ((make.ARTICLE, "nothing to replace"), ("Other words.", "belongs to another document")):
        response = desk.post(replace_text_url(world.document), {"text": text, "version": world.document.version, "step": "save"})
        assert words in response.text
        assert 'value="save"' not in response.text
    assert other.pk and not EarlierText.objects.exists()


def test_a_long_difference_is_shown_where_it_is():
    spans = [("kept", "a b " * 300), ("removed", "x"), ("kept", "c d " * 300), ("added", "y"), ("kept", "short")]
    condensed = condense_difference([DiffSpan(*span) for span in spans])
    assert [len(span.text) < 400 for span in condensed] == [True] * 5
    assert condensed[0].text.startswith(" […] ") and condensed[0].text.endswith("a b ")
    assert condensed[-1] == ("kept", "short")


def test_white_space_alone_is_no_difference_worth_showing():
    spans = [("kept", "Ten"), ("removed", "\n"), ("added", " "), ("kept", "kites"), ("removed", " "), ("kept", "flew")]
    assert condense_difference([DiffSpan(*span) for span in spans]) == [("kept", "Ten kitesflew")]


PASTED = (
    "Forty kites for all\nBy Ada Fell and Bo Quill\nPublished: 11 July 2024 | Updated: 12 July 2024\n\n"
    "HARBOURTON, July 11 (Kite News) — The minister said that the forty kites would be given to the town by the end of the"
    " year, and that it was good."
)


def test_what_a_pasted_text_prints_is_proposed_with_where_it_was_read(desk):
    response = desk.post(INTAKE, {"text": PASTED, "step": "check"})
    data = filled_in(response)
    assert (data["title"], data["authors"], data["new_publisher"]) == ("Forty kites for all", "Ada Fell; Bo Quill", "Kite News")
    assert (data["published_on"], data["updated_on"], data["language"]) == ("2024-07-11", "2024-07-12", "en")
    for origin in (
        "the line “By Ada Fell and Bo Quill”",
        "the dateline “HARBOURTON, July 11 (Kite News) —”",
        "its commonest words",
    ):
        assert f"Read from {origin}: check it." in response.text
    # It is still said after a mistake.
    response = saved(desk, data, published_on="yesterday")
    assert response.status_code == 400 and "Read from the line “By Ada Fell and Bo Quill”: check it." in response.text
    for origins in ("{", "[1]", '{"text": "x", "authors": 7}'):
        assert saved(desk, data, published_on="yesterday", origins=origins).status_code == 400


def test_a_publisher_of_the_register_is_known_by_its_line(desk):
    observer = make.an_organisation("harbour-eye", name="Harbour Eye", type="media")
    make.an_organisation("arcadia", name="Arcadia")
    response = desk.post(INTAKE, {"text": "Kites for all\nArcadia\nHarbour Eye\nText of it.", "step": "check"})
    assert filled_in(response)["publisher"] == str(observer.pk)
    assert "Read from the line “Harbour Eye”: check it." in response.text


def test_a_publisher_added_with_its_first_article_is_published_with_it(desk, people):
    saved(desk, filled_in(desk.post(INTAKE, {"text": PASTED, "step": "check"})), published_on="2024-07-11")
    document = SourceDocument.objects.get()
    commitment = make.a_commitment(by=[make.an_organisation("arcadia")])
    quote = make.a_quote(document, "the forty kites would be given to the town")
    make.cite_values(quote, commitment, *commitment.committed_by.all())
    records = [document.publisher, document, quote, commitment, *commitment.committed_by.all()]
    submission = submit_records(records, by=people("cora", "contributor"), note="The first article.")
    for record in records:
        record.refresh_from_db()
    versions = {record: record.version for record in records}
    publish_after_review(submission, by=people("edith", "editor"), versions=versions)
    for record in records:
        record.refresh_from_db()
        assert record.status == "published"


def test_the_pages_of_a_file_survive_the_form(desk):
    response = desk.post(
        INTAKE, {"file": SimpleUploadedFile("kites.pdf", a_pdf("", "Forty kites.", "Ten kegs.")), "step": "check"}
    )
    saved(desk, filled_in(response), title="Kites")
    document = SourceDocument.objects.get()
    assert document.text == "\fForty kites.\n\fTen kegs."
    assert (make.a_quote(document, "Forty kites").page, make.a_quote(document, "Ten kegs").page) == (2, 3)
