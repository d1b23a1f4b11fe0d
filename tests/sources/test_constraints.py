"""Rules of documents, quotes, citations and resolutions: in the database first, and readable in full_clean()."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError

from sources.models import Citation, Resolution, SourceDocument, SourceQuote
from tests import world as make

ONE_TARGET = "Choose either a record or a relation, not both."
LENGTH = "The end must be the start plus the number of characters of the passage."

STATEMENT = 'A statement is an object such as {"value": "pledge", "polarity": "affirms"}; its polarity is affirms or denies.'
BROKEN = [
    ("citation", {"entity": None}, ONE_TARGET),
    ("citation", {"relation": "alliance"}, ONE_TARGET),
    ("resolution", {"entity": None}, ONE_TARGET),
    ("resolution", {"relation": "alliance"}, ONE_TARGET),
    (
        "resolution",
        {"verdict": "disputed", "decides_for": {"value": "pledge", "polarity": "affirms"}},
        "Disputed statements stay side by side: decide for none of them.",
    ),
    (
        "resolution",
        {"decides_for": {"value": "pledge", "polarity": "denies"}},
        "Decide for one of the statements that it judges.",
    ),
    ("resolution", {"decides_for": "pledge"}, STATEMENT),
    ("resolution", {"settles": ["pledge"]}, STATEMENT),
    ("resolution", {"settles": {"value": "pledge", "polarity": "affirms"}}, STATEMENT),
    ("resolution", {"settles": [{"value": "pledge", "polarity": "doubts"}]}, STATEMENT),
    ("resolution", {"settles": [{"value": 7, "polarity": "affirms"}]}, STATEMENT),
    ("quote", {"end": 3}, LENGTH),
    ("quote", {"start": 0}, LENGTH),
    ("quote", {"exact": "“We pledge forty kites"}, LENGTH),
    ("quote", {"page": 0}, "Ensure this value is greater than or equal to 1."),
    (
        "document",
        {"published_on": "2024-07-09", "updated_on": "2024-07-08"},
        "It cannot have been updated before it was published.",
    ),
    ("document", {"published_on": "2024-07", "updated_on": "2024-06"}, "It cannot have been updated before it was published."),
]


@pytest.fixture
def world(world):
    """The world, and a verdict on its pledge."""
    world.resolution = Resolution.objects.create(
        entity=world.kites, field="nature", verdict="compatible_precision", reason="Both say so.", decided_on="2024-07-12"
    )
    return world


@pytest.mark.parametrize(("whose", "fields", "says"), BROKEN)
def test_a_rule_holds_in_the_database(world, whose, fields, says):
    row = getattr(world, whose)
    found = {name: getattr(world, value) if name == "relation" else value for name, value in fields.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**found)


@pytest.mark.parametrize(("whose", "fields", "says"), BROKEN)
def test_a_broken_rule_is_explained(world, whose, fields, says):
    row = getattr(world, whose)
    for name, value in fields.items():
        setattr(row, name, getattr(world, value) if name == "relation" else value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert says in refusal.value.messages


def test_everything_in_the_world_is_clean(world):
    for row in (world.document, world.quote, world.citation, world.resolution):
        row.full_clean()


def test_the_length_of_a_quote_is_counted_in_characters(world):
    text = "Il a dit : « Ça va, мій друже 🪁. »"
    document = make.a_document("courier-2", text=text)
    quote = make.a_quote(document, "Ça va, мій друже 🪁.")
    assert quote.end - quote.start == 19
    quote.full_clean()


@pytest.mark.parametrize(
    "fields",
    [{"exact": "", "start": 5, "end": 5}, {"exact": "", "start": 5, "end": 4}, {"start": -1, "end": 40}],
)
def test_a_quote_has_a_passage_and_a_place(world, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        SourceQuote.objects.filter(pk=world.quote.pk).update(**fields)


def test_a_place_is_quoted_once(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.a_quote(world.document, slug="the-same-again")


def test_quotes_without_a_slug_are_numbered_after_their_document(world):
    second = make.a_quote(world.document, "About 700 clerks")
    assert [world.quote.slug, second.slug] == ["courier-2024-07-09-q01", "courier-2024-07-09-q02"]


def test_a_text_stands_once_in_the_register(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.a_document("courier-again")


def test_documents_whose_text_is_not_known_do_not_clash(db):
    make.a_document("courier-1", text="")
    make.a_document("courier-2", text="")
    assert SourceDocument.objects.filter(sha256="").count() == 2


def test_a_quote_is_cited_once_for_a_value(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.a_citation(world.quote, world.kites)
    make.a_citation(world.quote, world.kites, value="plan")
    make.a_citation(world.quote, world.alliance, field="role", value="giver")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.a_citation(world.quote, world.alliance, field="role", value="giver")


def test_a_field_is_resolved_once_a_day(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Resolution.objects.create(
            entity=world.kites, field="nature", verdict="disputed", reason="Or not.", decided_on=world.resolution.decided_on
        )


def test_a_quote_cannot_go_while_it_proves_something(world):
    with pytest.raises(ProtectedError):
        world.quote.delete()


def test_a_speaker_cannot_go_while_quoted(world):
    with pytest.raises(ProtectedError):
        world.ada.delete()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("nature", "promise", "is none of pledge"),
        ("colour", "red", "does not exist on commitment"),
        ("measures.staff", "about 700 person", "has no such part; it has kites"),
        ("measures.kites", "forty", "is not an amount such as"),
        ("milestones.announced", "announced yesterday", "is not a date such as"),
        ("milestones.announced", "2024-07-09", "is not a step such as"),
        ("beneficiary", "Ruritania!", "is not the slug of a record"),
    ],
)
def test_a_citation_states_what_its_field_can_hold(world, field, value, says):
    with pytest.raises(ValidationError, match=says):
        Citation(quote=world.quote, entity=world.kites, field=field, value=value).full_clean()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nature", "plan"),
        ("measures.kites", "40 kite"),
        ("milestones.announced", "announced 2024-07-09"),
        ("beneficiary", "ruritania"),
    ],
)
def test_a_citation_may_state_a_typed_value(world, field, value):
    Citation(quote=world.quote, entity=world.kites, field=field, value=value, polarity="denies").full_clean()


def test_the_words_as_stated_stand_in_the_passage(world):
    citation = world.citation
    citation.as_stated = "forty kites"
    citation.full_clean()
    citation.as_stated = "forty-one kites"
    with pytest.raises(ValidationError, match="is not in the passage"):
        citation.full_clean()


def test_a_citation_is_a_change_of_what_it_is_about(world):
    before = type(world.kites).objects.get().version
    make.a_citation(world.quote, world.kites, field="beneficiary", value="ruritania")
    assert type(world.kites).objects.get().version == before + 1


def test_a_resolution_notes_what_it_judged(world):
    assert world.resolution.settles == [{"value": "pledge", "polarity": "affirms"}]


def test_no_document_is_its_own_evidence_of_dates(world):
    """The bounds follow from the dates, whoever writes them."""
    SourceDocument.objects.filter(pk=world.document.pk).update(published_on="2024-02", updated_on=F("published_on"))
    world.document.refresh_from_db()
    assert (world.document.published_on_earliest, world.document.updated_on_latest) == ("2024-02-01", "2024-07-09")
