import pytest

from entities.models import Commitment, Entity, Measure, Milestone, Name, Organisation, Relation
from entities.vocabulary import Status
from sources.models import Citation, Resolution, SourceDocument, SourceQuote
from tests import world as make
from tests.desk.conftest import page, save, shown_form, with_new


def _open(desk, record) -> dict:
    return shown_form(desk, page(record, "change"))


def test_saving_a_page_unchanged_changes_nothing(desk, world):
    beside_spaces = make.a_quote(world.document, "About 700 clerks")
    for record in (world.kites, world.arcadia, world.alliance, world.document, world.quote, beside_spaces):
        before = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
        save(desk, record, _open(desk, record))
        changed = {name for name, value in before.items() if getattr(record, name) != value}
        # Saving a quote checks it.
        assert changed <= {"verification"}, record


@pytest.mark.parametrize(
    ("prefix", "fields", "model"),
    [
        ("names", {"text": "Four Tens", "kind": "alias", "origin": "sources", "language": "", "script": ""}, Name),
        (
            "measures",
            {"kind": "money", "value": "7", "currency": "EUR", "qualifier": "about", "as_stated": "about 7 euros"},
            Measure,
        ),
        ("milestones", {"stage": "delivered", "date": "2024-08", "event": "", "key": ""}, Milestone),
        ("citations", {"field": "category", "value": "equipment", "polarity": "affirms", "as_stated": "", "note": ""}, Citation),
        (
            "resolutions",
            {"field": "nature", "verdict": "disputed", "reason": "They differ.", "decided_on": "2024-08-01"},
            Resolution,
        ),
    ],
)
def test_a_part_added_on_the_page_raises_the_version_of_its_record(desk, administrator, world, prefix, fields, model):
    if model is Citation:
        fields = fields | {"quote": str(world.quote.pk)}
    before = world.kites.version
    save(desk, world.kites, with_new(_open(desk, world.kites), prefix, **fields))
    assert world.kites.version == before + 1
    added = model.objects.latest("pk")
    assert {
        name: str(getattr(added, name)) for name in fields if name in ("text", "as_stated", "stage", "field")
    }.items() <= fields.items()
    assert added.history.get().history_user == administrator


def test_two_new_parts_without_keys_are_no_duplicates(desk, kites):
    data = with_new(_open(desk, kites), "milestones", stage="announced", date="2024-07", event="", key="")
    save(desk, kites, with_new(data, "milestones", stage="announced", date="2024-08", event="", key=""))
    assert set(kites.milestones.values_list("key", flat=True)) == {"announced", "announced-2"}


def test_a_part_removed_on_the_page_raises_the_version_too(desk, world):
    world.kites.refresh_from_db()
    before = world.kites.version
    save(desk, world.kites, _open(desk, world.kites) | {"milestones-0-DELETE": "on"})
    assert not world.kites.milestones.exists() and world.kites.version == before + 1


def test_a_citation_that_fits_no_field_is_refused_with_the_reason(desk, world):
    wrong = {
        "field": "nature",
        "value": "a gift",
        "polarity": "affirms",
        "quote": str(world.quote.pk),
        "as_stated": "",
        "note": "",
    }
    response = desk.post(page(world.kites, "change"), with_new(_open(desk, world.kites), "citations", **wrong))
    assert response.status_code == 200 and "is none of pledge" in response.text
    assert Citation.objects.count() == 1


def test_who_decided_a_resolution_is_the_one_who_saved_it(desk, administrator, world):
    fields = {"field": "nature", "verdict": "disputed", "reason": "They differ.", "decided_on": "2024-08-01"}
    save(desk, world.kites, with_new(_open(desk, world.kites), "resolutions", **fields))
    assert Resolution.objects.get().decided_by == administrator
    assert Resolution.objects.get().settles == [{"value": "pledge", "polarity": "affirms"}]


def test_a_relation_is_added_on_the_page_of_its_subject(desk, world):
    fields = {"type": str(world.alliance.type_id), "object": str(world.courier.pk), "role": "reader", "start": "", "end": ""}
    fields |= {"modality": "planned"}
    save(desk, world.arcadia, with_new(_open(desk, world.arcadia), "relations_from", **fields))
    assert Relation.objects.get(role="reader").slug == "arcadia-works-alongside-arcadian-courier"


def test_a_new_record_is_a_draft_with_its_names(desk):
    data = with_new(
        shown_form(desk, page(Organisation, "add")),
        "names",
        text="The Free Port",
        kind="alias",
        origin="sources",
        language="en",
        script="Latn",
    )
    desk.post(page(Organisation, "add"), data | {"name": "Sylvania", "slug": "sylvania", "type": "state", "status": "published"})
    made = Organisation.objects.get()
    assert (made.kind, made.status, [name.text for name in made.names.all()]) == ("organisation", Status.DRAFT, ["The Free Port"])


def test_a_draft_can_be_deleted_with_its_parts(desk, world):
    assert desk.post(page(world.kites, "delete"), {"post": "yes"}).status_code == 302
    assert not Commitment.objects.exists() and not Entity.objects.filter(slug="forty-kites").exists()


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.WITHDRAWN])
def test_what_was_once_public_keeps_its_slug_and_cannot_be_deleted(desk, arcadia, status):
    Organisation.objects.filter(pk=arcadia.pk).update(status=status)
    assert "slug" not in desk.get(page(arcadia, "change")).context["adminform"].form.fields
    assert desk.post(page(arcadia, "delete"), {"post": "yes"}).status_code == 403
    desk.post(page(Organisation, "changelist"), {"action": "delete_selected", "_selected_action": arcadia.pk, "post": "yes"})
    assert Organisation.objects.filter(pk=arcadia.pk).exists()


def test_parts_deleted_from_their_list_raise_the_version(desk, world):
    world.kites.refresh_from_db()
    before = world.kites.version
    desk.post(page(Citation, "changelist"), {"action": "delete_selected", "_selected_action": world.citation.pk, "post": "yes"})
    world.kites.refresh_from_db()
    assert not Citation.objects.exists() and world.kites.version == before + 1


def test_a_quote_finds_its_place_in_the_text(desk, world):
    data = shown_form(desk, page(SourceQuote, "add"))
    given = {"document": world.document.pk, "exact": "About 700 clerks are to count them", "kind": "narration"}
    assert desk.post(page(SourceQuote, "add"), data | given).status_code == 302
    quote = SourceQuote.objects.latest("pk")
    assert world.document.text[quote.start : quote.end] == quote.exact == given["exact"]
    assert quote.verification == "text"


def test_a_passage_that_does_not_stand_there_is_shown_the_nearest(desk, world):
    data = shown_form(desk, page(SourceQuote, "add"))
    given = {"document": world.document.pk, "exact": "About 900 clerks are to count them", "kind": "narration"}
    assert "Nearest passage: “About 700 clerks are to count them" in desk.post(page(SourceQuote, "add"), data | given).text
    assert SourceQuote.objects.count() == 1


@pytest.mark.parametrize("position", [{}, {"start": make.ARTICLE.index("About 700")}])
def test_a_passage_that_cuts_a_word_is_refused_and_offered_whole(desk, world, position):
    data = shown_form(desk, page(SourceQuote, "add"))
    given = {"document": world.document.pk, "exact": "About 70", "kind": "narration"} | position
    response = desk.post(page(SourceQuote, "add"), data | given)
    assert "inside a word or a number" in response.text and "“About 700”" in response.text
    assert SourceQuote.objects.count() == 1


def test_a_text_is_hashed_when_given_and_then_read_never_retyped(desk):
    data = shown_form(desk, page(SourceDocument, "add"))
    text = "  A first line.\r\n\r\nA second line.\r\n"
    assert desk.post(page(SourceDocument, "add"), data | {"title": "News", "slug": "news", "text": text}).status_code == 302
    document = SourceDocument.objects.get()
    assert document.text == text.replace("\r\n", "\n") and len(document.sha256) == 64 and document.fingerprint
    assert "text" not in desk.get(page(document, "change")).context["adminform"].form.fields


def test_another_text_than_the_one_quoted_is_refused(desk, db):
    document = make.a_document()
    SourceDocument.objects.update(text="")
    response = desk.post(page(document, "change"), _open(desk, document) | {"text": "Something else."})
    assert "its hash differs" in response.text
