"""Rules within a row: each is refused by the database itself, and readably by full_clean()."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from entities.models import Commitment, Entity, Identifier, Name, Relation, RelationJoin
from tests import world as make

BROKEN = [
    ("arcadia", {"merged_into": F("pk")}, "A record cannot be merged into itself."),
    ("arcadia", {"founded": "1949-04", "dissolved": "1949-03"}, "It cannot have been dissolved before it was founded."),
    ("yard", {"latitude": 91, "longitude": 0}, "Give both coordinates or none: latitude -90 to 90, longitude -180 to 180."),
    ("yard", {"latitude": 50, "longitude": -181}, "Give both coordinates or none: latitude -90 to 90, longitude -180 to 180."),
    ("yard", {"latitude": 50}, "Give both coordinates or none: latitude -90 to 90, longitude -180 to 180."),
    ("meeting", {"latitude": 91, "longitude": 0}, "Give both coordinates or none: latitude -90 to 90, longitude -180 to 180."),
    ("meeting", {"longitude": 0}, "Give both coordinates or none: latitude -90 to 90, longitude -180 to 180."),
    ("meeting", {"start": "2024-07-09", "end": "2024-07-08"}, "The event cannot end before it starts."),
    ("meeting", {"start": "2024-07", "end": "2023~"}, "The event cannot end before it starts."),
    ("kites", {"part_of": F("pk")}, "A commitment cannot be part of itself."),
    ("kites", {"nature": "refusal"}, "Only a pledge, decision, plan, target or action has a beneficiary."),
    ("measure", {"kind": "money", "unit": ""}, "Money has a currency and no unit; anything else has no currency."),
    ("measure", {"kind": "money", "currency": "EUR"}, "Money has a currency and no unit; anything else has no currency."),
    ("measure", {"currency": "EUR"}, "Money has a currency and no unit; anything else has no currency."),
    ("measure", {"value": None}, "An unspecified measure has no value, any other has one."),
    ("measure", {"qualifier": "unspecified"}, "An unspecified measure has no value, any other has one."),
    (
        "measure",
        {"value": None, "qualifier": "unspecified", "upper": 41},
        "An unspecified measure has no value, any other has one.",
    ),
    ("measure", {"upper": 40}, "The upper value must be greater than the value."),
    ("measure", {"value": -1}, "A measure is not negative."),
    ("measure", {"rate": 1}, "Only money is converted, from another amount; only a conversion has a rate."),
    ("measure", {"conversion_of": F("pk")}, "Only money is converted, from another amount; only a conversion has a rate."),
    ("alliance", {"subject": F("object")}, "An entity cannot have a relation to itself."),
    ("alliance", {"start": "2024-07", "end": "2024-06"}, "The relation cannot end before it starts."),
]


@pytest.mark.parametrize(("whose", "fields", "says"), BROKEN)
def test_a_rule_holds_in_the_database(world, whose, fields, says):
    row = getattr(world, whose)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize(("whose", "fields", "says"), BROKEN)
def test_a_broken_rule_is_explained(world, whose, fields, says):
    row = getattr(world, whose)
    for name, value in fields.items():
        of_the_row = {F("pk"): row, F("object"): getattr(row, "object", None)}
        setattr(row, name, of_the_row[value] if isinstance(value, F) else value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert says in refusal.value.messages


@pytest.mark.parametrize(
    ("whose", "fields"),
    [
        ("arcadia", {"founded": "1949-04", "dissolved": "1949"}),
        ("meeting", {"start": "2024-07-09", "end": "2024-07"}),
        ("meeting", {"start": "", "end": "2024"}),
        ("yard", {"latitude": "-90", "longitude": "180"}),
        ("measure", {"value": None, "qualifier": "unspecified"}),
        ("measure", {"kind": "money", "unit": "", "currency": "EUR", "upper": 41}),
        ("measure", {"value": 0}),
    ],
)
def test_what_a_vague_source_says_is_taken(world, whose, fields):
    row = getattr(world, whose)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def test_everything_in_the_world_is_clean(world):
    for row in vars(world).values():
        row.full_clean()


def test_a_slug_is_one_of_all_kinds(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.a_person("arcadia")


def test_an_identifier_is_of_one_record(world):
    Identifier.objects.create(entity=world.arcadia, scheme="wikidata", value="Q1")
    with pytest.raises(ValidationError, match="Another record has this identifier."):
        Identifier(entity=world.ruritania, scheme="wikidata", value="Q1").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(entity=world.ruritania, scheme="wikidata", value="Q1")


def test_an_identifier_that_is_an_address_is_one_of_the_web(world):
    bad = Identifier(entity=world.arcadia, scheme="url", value="javascript:alert(1)")
    with pytest.raises(ValidationError, match="A web address starts with"):
        bad.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        bad.save()


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Name, {"text": ""}),
        (Identifier, {"scheme": "wikidata", "value": ""}),
    ],
)
def test_a_part_without_content_is_refused(world, model, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(entity=world.arcadia, **fields)


def test_a_name_stands_once_at_its_record(world):
    Name.objects.create(entity=world.arcadia, text="Realm of Arcadia")
    with pytest.raises(IntegrityError), transaction.atomic():
        Name.objects.create(entity=world.arcadia, text="Realm of Arcadia", language="en")


def test_a_relation_stands_once(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(type=world.alliance.type, subject=world.arcadia, object=world.ruritania, slug="another")


def test_a_pair_of_kinds_stands_once_at_its_type(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        RelationJoin.objects.create(type=world.alliance.type, subject_kind="organisation", object_kind="organisation")


def test_parts_without_a_key_get_one_of_their_own(world):
    keys = [make.a_milestone(world.kites, stage="agreed", key="").key for _ in range(3)]
    assert keys == ["agreed", "agreed-2", "agreed-3"]


def test_relations_without_a_slug_get_one_of_their_own(world):
    slugs = [make.a_relation(world.arcadia, world.ruritania, make.a_relation_type(), role=role).slug for role in "abc"]
    assert slugs == [f"arcadia-part-of-ruritania{end}" for end in ("", "-2", "-3")]


@pytest.mark.parametrize(
    ("announced", "delivered", "stage"),
    [
        ("2024-07", "../2024-12-31", "delivered"),
        ("2024-07", "../2024-06", "announced"),
        ("2024-07/2024-09", "2024-08/..", "delivered"),
        ("2024-07-09", "../2024-07-09", "delivered"),
        ("", "../2024", "delivered"),
    ],
)
def test_a_step_known_only_by_when_it_was_taken_counts_at_its_last_day(world, announced, delivered, stage):
    commitment = make.a_commitment("fifty-kites")
    make.a_milestone(commitment, stage="announced", date=announced)
    make.a_milestone(commitment, stage="delivered", date=delivered)
    assert commitment.stage == stage
    assert Commitment.objects.with_newest_step().get(slug="fifty-kites").newest_step == stage


def test_of_two_milestones_on_one_day_the_later_step_is_the_stage(world):
    make.a_milestone(world.kites, stage="delivered", date="2024-07-09")
    make.a_milestone(world.kites, stage="agreed", date="2024-07-09")
    assert world.kites.stage == "delivered"
    assert Commitment.objects.with_newest_step().get().newest_step == "delivered"


def test_a_change_of_a_part_is_a_change_of_its_record(world):
    before = Entity.objects.get(pk=world.kites.pk).version
    world.measure.save()
    world.milestone.delete()
    assert Entity.objects.get(pk=world.kites.pk).version == before + 2
