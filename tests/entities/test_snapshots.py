"""A record with all its rows, now or as it was, and what differs."""

import pytest
from django.apps import apps
from django.utils import timezone

from entities.history.record_snapshots import (
    FIELDS_LEFT_OUT,
    child_models,
    compare_snapshots,
    snapshot_at,
    snapshot_fields,
    take_snapshot,
)
from entities.models import Child, Commitment, Curated, Name, Organisation

KEPT = [
    model
    for model in apps.get_models()
    if issubclass(model, Curated | Child) and model.__name__ != "Entity" and not model.__name__.startswith("Historical")
]


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_every_column_is_compared_or_left_out_with_a_reason(model):
    """A difference with a blind spot is worse than none: a new field belongs to one of the two."""
    compared = {field.name for field in snapshot_fields(model)}
    columns = (*model._meta.concrete_fields, *model._meta.many_to_many)
    rest = {f.name for f in columns if not (f.name in compared or f.primary_key or f.generated)}
    known = {
        "Name": set(),
        "Identifier": set(),
        "Measure": set(),
        "Milestone": set(),
        "Citation": set(),
        "Resolution": {"decided_by"},
        "Relation": {"status", "version", "created_at", "updated_at"},
        "SourceQuote": {"status", "version", "created_at", "updated_at", "verification"},
        "SourceDocument": {"status", "version", "created_at", "updated_at", "text", "fingerprint"}
        | {"page_breaks", "speech_spans", "word_count"},
    }
    of_entities = {"status", "version", "created_at", "updated_at", "kind", "merged_into"}
    assert rest == known.get(model.__name__, of_entities)
    assert {name.rpartition(".")[2] for name in FIELDS_LEFT_OUT} >= rest


def test_all_parts_of_a_record_are_found():
    assert {part.__name__ for part, _ in child_models(Commitment)} == {
        "Name",
        "Identifier",
        "Measure",
        "Milestone",
        "Citation",
        "Resolution",
    }
    assert "Milestone" not in {part.__name__ for part, _ in child_models(Organisation)}


def test_the_past_is_told_with_all_rows(world):
    """What the record was, with a row changed since, one deleted since, one added since and its many-valued field."""
    kites = world.kites
    alias = Name.objects.create(entity=kites, text="The kite pledge")
    before, then, gone = take_snapshot(kites), timezone.now(), alias.pk
    assert snapshot_at(Commitment, kites.pk, then) == before

    kites.summary = "Forty kites."
    kites.save()
    kites.committed_by.set([world.ruritania])
    world.measure.value = 50
    world.measure.save()
    alias.delete()
    new = Name.objects.create(entity=kites, text="Operation Kite")

    assert snapshot_at(Commitment, kites.pk, then) == before
    assert snapshot_at(Commitment, kites.pk, timezone.now()) == take_snapshot(kites)

    found = compare_snapshots(before, take_snapshot(kites))
    assert [(change.name, change.before, change.after) for change in found.fields] == [
        ("summary", "", "Forty kites."),
        ("committed_by", [world.arcadia.pk], [world.ruritania.pk]),
    ]
    told = {
        (row.row.address, "added" if row.before is None else "removed" if row.after is None else row.fields[0].after)
        for row in found.rows
    }
    assert told == {
        (f"entities.measure/{world.measure.pk}", "50"),
        (f"entities.name/{gone}", "removed"),
        (f"entities.name/{new.pk}", "added"),
    }


def test_a_row_that_moved_belongs_to_where_it_was_then(world):
    alias = Name.objects.create(entity=world.arcadia, text="Old Arcadia")
    then = timezone.now()
    alias.entity = world.ruritania
    alias.save()
    address = f"entities.name/{alias.pk}"
    assert address in snapshot_at(Organisation, world.arcadia.pk, then).rows
    assert address not in snapshot_at(Organisation, world.ruritania.pk, then).rows
    assert address in snapshot_at(Organisation, world.ruritania.pk, timezone.now()).rows
    assert address not in snapshot_at(Organisation, world.arcadia.pk, timezone.now()).rows


def test_a_deleted_record_is_gone_and_was_there(ruritania):
    before, then, pk = take_snapshot(ruritania), timezone.now(), ruritania.pk
    ruritania.delete()
    assert snapshot_at(Organisation, pk, then) == before
    assert snapshot_at(Organisation, pk, timezone.now()).values is None


def test_equal_content_has_equal_fingerprints(world):
    before = take_snapshot(world.kites).fingerprint
    world.kites.save()
    assert take_snapshot(world.kites).fingerprint == before
    world.measure.value = 0
    world.measure.save()
    assert take_snapshot(world.kites).fingerprint != before


def test_many_rows_take_no_more_queries(kites, django_assert_num_queries):
    for n in range(30):
        Name.objects.create(entity=kites, text=f"Name {n}")
    # The record, its givers, and six models of parts.
    with django_assert_num_queries(9):
        take_snapshot(kites)
    with django_assert_num_queries(9):
        snapshot_at(Commitment, kites.pk, timezone.now())
