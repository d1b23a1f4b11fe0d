"""New records, amounts, steps and empty fields, written from what a passage states."""

import pytest

from entities.models import Commitment, Facility, Person, Relation
from entities.refusals import Refused
from entities.vocabulary import Status
from sources.capture import capture_operations, undo_steps
from sources.capture.capture_operations import CitedFact
from sources.capture.record_creation import NewRecord, StatedValue
from sources.models import Citation, SourceQuote
from tests import world as make

pytestmark = pytest.mark.django_db

ARTICLE = "Arcadia pledged 60 kites to Ruritania on 12 July 2024. Tam Reed hosts the Kite Fair in Harbourton.\n"
COMMITMENT = NewRecord(
    "new:0",
    "commitment",
    {"name": "Sixty kites", "category": "equipment"},
    (
        StatedValue("nature", "pledge", as_stated="pledged"),
        StatedValue("committed_by", "arcadia", as_stated="Arcadia"),
        StatedValue("beneficiary", "ruritania", as_stated="Ruritania"),
        StatedValue("measures.+", "60 kite", as_stated="60 kites"),
        StatedValue("milestones.+", "announced 2024-07-12", as_stated="12 July 2024"),
    ),
)


@pytest.fixture
def edith(django_user_model):
    return django_user_model.objects.create_user("edith")


@pytest.fixture
def document(world):
    return make.a_document("fair", ARTICLE, published_on="2024-07-12")


def capture(document, user, *records, facts=()):
    end = ARTICLE.index("\n")
    return capture_operations.capture_quote(
        document,
        user,
        start=0,
        end=end,
        exact=ARTICLE[:end],
        new_records=records,
        facts=facts,
        kind="narration",
        fidelity="original",
    )


def test_a_commitment_comes_with_its_amount_step_and_evidence(document, edith):
    quote, step = capture(document, edith, COMMITMENT)
    made = Commitment.objects.get(slug="sixty-kites")
    assert (made.status, made.nature, made.category, made.beneficiary.slug) == (Status.DRAFT, "pledge", "equipment", "ruritania")
    assert [party.slug for party in made.committed_by.all()] == ["arcadia"]
    assert [one.citation_value for one in made.measures.all()] == ["60 kite"]
    assert [one.citation_value for one in made.milestones.all()] == ["announced 2024-07-12"]
    cited = set(quote.citations.values_list("field", "value", "as_stated"))
    assert cited == {
        ("nature", "pledge", "pledged"),
        ("committed_by", "arcadia", "Arcadia"),
        ("beneficiary", "ruritania", "Ruritania"),
        ("measures.items", "60 kite", "60 kites"),
        ("milestones.announced", "announced 2024-07-12", "12 July 2024"),
    }
    assert step.label.endswith("linked to 5 facts")


def test_it_is_undone_and_redone_as_one_step(document, edith):
    capture(document, edith, COMMITMENT)
    undo_steps.undo_step(document, edith)
    assert not Commitment.objects.filter(slug="sixty-kites").exists() and not Citation.objects.filter(quote__document=document)
    undo_steps.redo_step(document, edith)
    made = Commitment.objects.get(slug="sixty-kites")
    assert (made.measures.count(), made.milestones.count(), made.committed_by.count(), made.citations.count()) == (1, 1, 1, 5)


def test_records_of_one_passage_refer_to_each_other(document, edith):
    make.a_relation_type("hosts", ("person", "facility"))
    person = NewRecord("new:0", "person", {}, (StatedValue("name", "Tam Reed", as_stated="Tam Reed"),))
    fair = NewRecord("new:1", "facility", {"name": "Kite Fair", "type": "other"}, (StatedValue("locality", "Harbourton"),))
    relation = NewRecord("new:2", "relation", {}, (StatedValue("relation", "in_force: new:0 hosts new:1"),))
    capture(document, edith, person, fair, relation)
    made = Relation.objects.get(type__slug="hosts")
    assert (made.subject.as_kind, made.object.as_kind) == (
        Person.objects.get(name="Tam Reed"),
        Facility.objects.get(name="Kite Fair"),
    )
    assert made.citations.get().value == "in_force: tam-reed hosts kite-fair"
    assert made.object.as_kind.locality == "Harbourton"


@pytest.mark.parametrize(
    ("record", "address", "message"),
    [
        (NewRecord("new:0", "song", {"name": "Ode"}), "records.0.kind", "Choose what it is"),
        (NewRecord("new:0", "commitment", {"name": "Kites", "nature": "pledge"}), "records.0.nature", "stated by sources"),
        (NewRecord("new:0", "commitment", {"name": "Kites", "category": "equipment"}), "records.0.nature", "blank"),
        (NewRecord("new:0", "organisation", {"name": "Kite Club"}), "records.0.type", "blank"),
        (
            NewRecord("new:0", "post", {"name": "Kite Chief"}, (StatedValue("organisation", "nobody"),)),
            "records.0.organisation",
            "choose one from the list",
        ),
        (NewRecord("new:0", "relation", {}), "records.0.relation", "both parties"),
        (
            NewRecord("new:0", "relation", {}, (StatedValue("relation", "planned: arcadia sings ruritania"),)),
            "records.0.relation",
            "lists",
        ),
        (
            NewRecord(
                "new:0",
                "commitment",
                {"name": "K", "category": "equipment"},
                (StatedValue("nature", "pledge"), StatedValue("measures.+", "many"), StatedValue("due", "2025")),
            ),
            "records.0.facts.1.value",
            "not an amount",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_saved(document, edith, record, address, message):
    with pytest.raises(Refused) as refusal:
        capture(document, edith, record)
    assert message in " ".join(refusal.value.errors[address])
    assert not SourceQuote.objects.filter(document=document).exists()


def test_an_empty_field_of_a_known_record_is_filled_in(world, document, edith):
    fact = CitedFact(world.ada, "nationality", "AD", as_stated="", fills=True)
    capture(document, edith, facts=[fact])
    world.ada.refresh_from_db()
    assert world.ada.nationality == "AD"
    undo_steps.undo_step(document, edith)
    world.ada.refresh_from_db()
    assert world.ada.nationality == ""


def test_what_a_record_has_already_stays(world, document, edith):
    kept = world.kites.as_kind.nature
    capture(document, edith, facts=[CitedFact(world.kites, "nature", "refusal", note="a test of refusal", fills=True)])
    assert Commitment.objects.get(pk=world.kites.pk).nature == kept != "refusal"


def test_a_denied_value_is_never_filled_in(world, document, edith):
    capture(document, edith, facts=[CitedFact(world.ada, "nationality", "AD", polarity="denies", fills=True)])
    world.ada.refresh_from_db()
    assert world.ada.nationality == ""


def test_a_step_and_its_amount_are_added_to_a_known_commitment(world, document, edith):
    facts = [
        CitedFact(world.kites, "milestones.+", "delivered 2024-07-12"),
        CitedFact(world.kites, "measures.+", "delivered: 20 kite"),
    ]
    capture(document, edith, facts=facts)
    delivered = world.kites.as_kind.milestones.get(stage="delivered")
    assert [one.citation_value for one in delivered.measures.all()] == ["delivered: 20 kite"]


def test_an_amount_of_a_step_that_is_not_there_is_refused(world, document, edith):
    with pytest.raises(Refused, match="add its milestone first"):
        capture(document, edith, facts=[CitedFact(world.kites, "measures.+", "delivered: 20 kite")])
