"""A row that moves from one record to another is a change of both, whoever moves it."""

import pytest
from django.apps import apps

from entities.models import Child, Entity, Identifier, Name, Relation
from nato_support.publishing.register_checks import check_live_editions
from tests import world as make

ENTITY, RELATION = "entity_id", "relation_id"


@pytest.fixture
def parts(public):
    """Name of a model -> a row of it, its column to move, and the records that it leaves and comes to."""
    world = public
    tents = make.a_commitment("tents")
    resolution = apps.get_model("sources", "Resolution").objects.create(
        entity=world.kites, field="nature", verdict="disputed", reason="They differ.", decided_on="2024-08-01"
    )
    return {
        "name": (Name.objects.create(entity=world.arcadia, text="Arcadie"), ENTITY, world.arcadia, world.ruritania),
        "identifier": (
            Identifier.objects.create(entity=world.arcadia, scheme="wikidata", value="Q7"),
            ENTITY,
            world.arcadia,
            world.ruritania,
        ),
        "measure": (world.measure, ENTITY, world.kites, tents),
        "milestone": (world.milestone, "commitment_id", world.kites, tents),
        "citation": (world.citation, ENTITY, world.kites, world.arcadia),
        "resolution": (resolution, ENTITY, world.kites, world.arcadia),
    }


def version(record) -> int:
    return (Relation if isinstance(record, Relation) else Entity).objects.values_list("version", flat=True).get(pk=record.pk)


def test_every_part_is_among_them(parts):
    assert {part._meta.model_name for part in apps.get_models() if issubclass(part, Child)} == set(parts)


@pytest.mark.parametrize("by", ["save", "update", "sql"])
@pytest.mark.parametrize("name", ["name", "identifier", "measure", "milestone", "citation", "resolution"])
def test_moving_it_raises_the_versions_of_both_records(parts, sql, name, by):
    row, column, old, new = parts[name]
    before = version(old), version(new)
    if by == "save":
        row = type(row).objects.get(pk=row.pk)
        setattr(row, column, new.pk)
        row.save()
        assert (version(old), version(new)) == (before[0] + 1, before[1] + 1)
    elif by == "update":
        type(row).objects.filter(pk=row.pk).update(**{column: new.pk})
    else:
        sql(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", new.pk, row.pk)
    assert version(old) > before[0] and version(new) > before[1]
    old.refresh_from_db()
    assert old.updated_at.tzinfo is not None


@pytest.mark.parametrize("by", ["save", "update"])
def test_evidence_moves_from_an_entity_to_a_relation(public, by):
    before = version(public.kites), version(public.alliance)
    if by == "save":
        public.citation.entity, public.citation.relation = None, public.alliance
        public.citation.save()
    else:
        type(public.citation).objects.filter(pk=public.citation.pk).update(entity=None, relation=public.alliance)
    assert version(public.kites) > before[0] and version(public.alliance) > before[1]


def test_what_stays_raises_the_version_of_its_record_by_one(public):
    before = version(public.kites)
    public.measure.as_stated = "forty kites"
    public.measure.save()
    type(public.measure).objects.filter(pk=public.measure.pk).update(as_stated="40 kites")
    assert version(public.kites) == before + 1


def test_what_lost_a_row_differs_from_its_edition_by_its_version(public):
    public.measure.entity = make.a_commitment("tents")
    public.measure.save()
    assert not list(check_live_editions())


def test_a_row_of_which_only_some_columns_were_fetched_is_saved(public):
    row = Name.objects.create(entity=public.arcadia, text="Arcadie")
    part = Name.objects.only("text").get(pk=row.pk)
    part.text = "Arcadia Felix"
    part.save()
    assert Name.objects.get().text == "Arcadia Felix"
