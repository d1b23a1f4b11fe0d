"""Every field of a public record has a class of evidence, or stands here as one that states no fact."""

import pytest
from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel

from entities.citable_fields import (
    CITABLE_FIELDS,
    EVIDENCE_CLASSES,
    MANY_VALUED_FIELDS,
    EvidenceClass,
    class_of_name,
    evidence_class,
    is_own_words,
)
from entities.models import Entity, Identifier, Measure, Milestone, Name, Relation, RelationType
from entities.models.curated import Child
from entities.serializers import SHAPES_BY_KIND
from entities.vocabulary import Kind, NameKind, NameOrigin

MODELS: dict[str, type[models.Model]] = {str(model.KIND): model for model in Entity.__subclasses__()}
MODELS["relation"] = Relation
CHILDREN = [Name, Identifier, Measure, Milestone]

TECHNICAL_FIELDS = {
    # Keys, addresses and the state of the row.
    "id",
    "entity",
    "kind",
    "slug",
    "status",
    "version",
    "created_at",
    "updated_at",
    "merged_into",
    # Columns made from a date.
    "founded_earliest",
    "dissolved_latest",
    "start_earliest",
    "end_latest",
    "due_latest",
}
ONE_FACT = {"type": "relation", "subject": "relation", "object": "relation", "modality": "relation"}
"""Fields of a relation -> the one fact that they are together."""
STATED_CHILDREN = {"measures", "milestones"}
"""Rows that are one stated fact each, cited by their key: `measures.staff`."""

COMPUTED_MEMBERS = {
    # Where it is, and in which edition.
    *("kind", "slug", "href", "edition", "release"),
    # What its evidence says.
    *("contested", "denied", "citations", "attested"),
    # What follows from measures and milestones.
    *("conversions", "stage", "shares"),
    # The sentence of a relation.
    *("label", "inverse_label"),
}
"""Members of rendered records that follow from others."""

CHILD_FIELDS: dict[type[Child], tuple[set[str], set[str]]] = {
    Name: ({"text"}, {"kind", "origin", "language", "script"}),
    Identifier: ({"scheme", "value"}, set()),
    # The kind follows from the unit. A conversion is cited like any measure; rate and its source are those that it names itself.
    Measure: (
        {"value", "upper", "unit", "currency", "qualifier", "as_of", "milestone"},
        {"kind", "as_stated", "as_of_earliest", "conversion_of", "rate", "rate_date", "rate_source"},
    ),
    # The event only says at which meeting the step was taken.
    Milestone: ({"stage", "date"}, {"rank", "date_earliest", "event"}),
}
"""Rows of their own -> the columns of their fact, and those that state none."""


def columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if field.concrete}


def children_of(model: type[models.Model]) -> set[str]:
    """The names under which a record has rows of its own."""
    return {
        str(remote.related_name)
        for child in CHILDREN
        for remote in (child._meta.get_field(name).remote_field for name in child.PARENT_FIELDS)
        if isinstance(remote, ForeignObjectRel) and issubclass(model, remote.model)
    }


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_of_a_record_has_a_class_or_is_technical(kind):
    fields = columns(MODELS[kind]) - TECHNICAL_FIELDS
    if kind == "relation":
        assert set(ONE_FACT) <= fields
        fields = fields - set(ONE_FACT) | {*ONE_FACT.values()}
    assert fields | (children_of(MODELS[kind]) - STATED_CHILDREN) == set(EVIDENCE_CLASSES[kind])


def test_nothing_is_called_technical_that_no_record_has():
    assert set().union(*map(columns, MODELS.values())) >= TECHNICAL_FIELDS


@pytest.mark.parametrize("kind", MODELS)
def test_every_member_of_a_rendered_record_has_a_class_or_follows_from_others(kind):
    members = set(SHAPES_BY_KIND[kind]().fields) - COMPUTED_MEMBERS - STATED_CHILDREN
    if kind == "relation":
        assert {"name", *ONE_FACT} <= members
        members = members - {"name", *ONE_FACT} | {*ONE_FACT.values()}
    # Those of detail alone are names and identifiers.
    assert members == set(EVIDENCE_CLASSES[kind]) - {"names", "identifiers"}


def test_all_rows_of_records_are_known_here():
    assert {child for child in Child.__subclasses__() if child._meta.app_label == "entities"} == set(CHILDREN)


@pytest.mark.parametrize("child", CHILDREN)
def test_every_column_of_a_row_of_a_record_is_of_its_fact_or_states_none(child):
    fact, others = CHILD_FIELDS[child]
    assert fact | others == columns(child) - {"id", "key", *child.PARENT_FIELDS}
    assert not fact & others


def a_measure(**fields):
    return Measure(**{"value": 40, "unit": "kite"} | fields)


def a_milestone(**fields):
    return Milestone(**{"stage": "agreed", "date": "2024-07"} | fields)


def a_relation(**fields):
    parties = {"subject": Entity(slug="arcadia"), "object": Entity(slug="ruritania")}
    return Relation(**{"type": RelationType(slug="part-of")} | parties | fields)


@pytest.mark.parametrize(
    ("make", "columns_of_fact", "changes"),
    [
        (
            a_measure,
            CHILD_FIELDS[Measure][0],
            {"value": 41, "upper": 50, "unit": "boat", "currency": "EUR", "qualifier": "about", "as_of": "2024"}
            | {"milestone": a_milestone()},
        ),
        (a_milestone, CHILD_FIELDS[Milestone][0], {"stage": "announced", "date": ""}),
        (
            a_relation,
            set(ONE_FACT),
            {"type": RelationType(slug="led-by"), "modality": "planned"}
            | {"subject": Entity(slug="sylvania"), "object": Entity(slug="sylvania")},
        ),
    ],
)
def test_each_column_of_a_fact_changes_the_value_that_a_citation_states(make, columns_of_fact, changes):
    assert set(changes) == columns_of_fact
    values = {make(**{column: value}).citation_value for column, value in changes.items()}
    assert len(values) == len(changes) and make().citation_value not in values


def test_the_fields_that_take_evidence_are_those_that_have_a_class():
    assert {kind: set(fields) for kind, fields in CITABLE_FIELDS.items()} == {
        kind: set(fields) for kind, fields in EVIDENCE_CLASSES.items()
    }
    assert set(EVIDENCE_CLASSES) == {*Kind, "relation"} == set(MODELS)
    assert set().union(*CITABLE_FIELDS.values()) >= MANY_VALUED_FIELDS


@pytest.mark.parametrize(
    ("kind", "field", "needed"),
    [
        ("organisation", "name", EvidenceClass.STATED),
        ("commitment", "name", EvidenceClass.OWN_WORDS),
        ("event", "name", EvidenceClass.OWN_WORDS),
        ("event", "summary", EvidenceClass.OWN_WORDS),
        ("commitment", "nature", EvidenceClass.STATED),
        ("commitment", "category", EvidenceClass.ASSESSED),
        ("facility", "longitude", EvidenceClass.OUTSIDE),
        ("person", "identifiers", EvidenceClass.OUTSIDE),
        ("organisation", "measures.staff", EvidenceClass.STATED),
        ("commitment", "milestones.agreed", EvidenceClass.STATED),
        ("relation", "relation", EvidenceClass.STATED),
    ],
)
def test_the_class_of_a_field(kind, field, needed):
    assert evidence_class(kind, field) == needed
    assert is_own_words(kind, field) is (needed == EvidenceClass.OWN_WORDS)


@pytest.mark.parametrize("name_kind", NameKind)
def test_a_name_needs_evidence_unless_it_is_a_mention_or_from_outside(name_kind):
    is_mention = name_kind == NameKind.MENTION
    assert class_of_name(name_kind, NameOrigin.OUTSIDE) == EvidenceClass.OUTSIDE
    expected = EvidenceClass.ASSESSED if is_mention else EvidenceClass.STATED
    assert class_of_name(name_kind, NameOrigin.SOURCES) == expected
