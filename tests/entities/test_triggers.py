"""Rules across rows, held by triggers: here too whoever writes past the models."""

import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from entities.models import Entity, Organisation, Relation, RelationType
from entities.vocabulary import Kind
from nato_support.db.row_rule_triggers import TRIGGERS
from nato_support.db.trigger_checks import warn_of_missing_triggers
from nato_support.db.triggers import install_triggers, missing_or_changed_triggers, remove_triggers
from tests import world as make

POSTGRES = connection.vendor == "postgresql"


@pytest.mark.parametrize("kind", Kind.values)
def test_a_row_of_a_kind_rests_on_a_base_of_that_kind(db, sql, kind):
    base = Entity.objects.create(kind=Kind.PERSON if kind != Kind.PERSON else Kind.EVENT, slug="ada-fell", name="Ada Fell")
    with (
        pytest.raises(IntegrityError, match=f"the base entity of this {kind} is missing or of another kind"),
        transaction.atomic(),
    ):
        sql(f"INSERT INTO entities_{kind} (entity_id) VALUES (%s)", base.pk)


def test_a_row_of_a_kind_needs_its_base_before_it(db, sql):
    with pytest.raises(IntegrityError, match="the base entity of this person is missing"), transaction.atomic():
        sql("INSERT INTO entities_person (entity_id, given_name, family_name, nationality) VALUES (77, '', '', '')")


def test_a_row_of_a_kind_cannot_move_to_another_base(world, sql):
    with pytest.raises(IntegrityError, match="of another kind"), transaction.atomic():
        sql("UPDATE entities_person SET entity_id = %s", world.meeting.pk)


def test_the_kind_of_an_entity_never_changes(world):
    with pytest.raises(IntegrityError, match="the kind of an entity never changes"), transaction.atomic():
        Entity.objects.filter(pk=world.arcadia.pk).update(kind=Kind.PERSON)


def test_an_entity_is_saved_with_the_kind_it_has(world):
    entity = Entity.objects.get(pk=world.arcadia.pk)
    entity.name = "Arcadia Minor"
    entity.save()
    assert Organisation.objects.get(pk=entity.pk).name == "Arcadia Minor"


@pytest.mark.parametrize(("subject", "object"), [("ada", "meeting"), ("ada", "arcadia"), ("arcadia", "ada"), ("kites", "yard")])
def test_a_relation_joins_only_kinds_that_its_type_allows(world, subject, object):
    part_of = make.a_relation_type("part-of")
    subject, object = getattr(world, subject), getattr(world, object)
    which = "relation type part-of" if POSTGRES else "a relation of this type"
    with pytest.raises(IntegrityError, match=f"{which} may not join {subject.kind} and {object.kind}"), transaction.atomic():
        Relation.objects.bulk_create([Relation(slug="odd", type=part_of, subject=subject, object=object)])


def test_a_relation_joins_kinds_that_its_type_allows(world):
    holds = make.a_relation_type("holds", (Kind.PERSON, Kind.POST), (Kind.PERSON, Kind.EVENT))
    assert make.a_relation(world.ada, world.minister, holds).pk
    assert make.a_relation(world.ada, world.meeting, holds).pk


@pytest.mark.parametrize("change", [{"subject": "ada"}, {"object": "ada"}, {"type": "holds"}])
def test_a_relation_cannot_be_changed_into_one_that_is_not_allowed(world, change):
    make.a_relation_type("holds", (Kind.PERSON, Kind.POST))
    found = {name: getattr(world, to, None) or RelationType.objects.get(slug=to) for name, to in change.items()}
    with pytest.raises(IntegrityError, match="may not join"), transaction.atomic():
        Relation.objects.filter(pk=world.alliance.pk).update(**found)


def test_a_relation_needs_its_ends_before_it(world):
    with pytest.raises(IntegrityError, match="both entities of a relation must exist"), transaction.atomic():
        Relation.objects.bulk_create([Relation(slug="odd", type=world.alliance.type, subject_id=777, object=world.arcadia)])


def test_a_relation_can_be_saved_again(world):
    world.alliance.role = "patron"
    world.alliance.save()
    assert Relation.objects.get().role == "patron"


def _fixture(tmp_path, *rows) -> str:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([{"model": model, "fields": fields} for model, fields in rows]))
    return str(path)


VERBS = make.verb_forms("is part of") | make.verb_forms("has the part", "inverse_")
TYPE = ("entities.relationtype", {"slug": "part-of"} | VERBS)
JOIN = ("entities.relationjoin", {"type": ["part-of"], "subject_kind": "organisation", "object_kind": "organisation"})
BASES = [("entities.entity", {"kind": "organisation", "slug": slug, "name": slug.title()}) for slug in ("arcadia", "ruritania")]
CHILDREN = [("entities.organisation", {"entity": [slug], "type": "state"}) for slug in ("arcadia", "ruritania")]
PART_OF = ("entities.relation", {"slug": "odd", "type": ["part-of"], "subject": ["arcadia"], "object": ["ruritania"]})


@pytest.fixture
def loaddata():
    """Django's own command, whatever the register adds to it."""
    from django.core.management.commands.loaddata import Command

    return lambda *paths: call_command(Command(), *paths, verbosity=0)


def test_fixtures_load_in_the_order_of_what_rests_on_what(db, tmp_path, loaddata):
    loaddata(_fixture(tmp_path, TYPE, JOIN, *BASES, *CHILDREN, PART_OF))
    assert str(Relation.objects.get()) == "Arcadia is part of Ruritania"
    # A second time every row is there already.
    loaddata(_fixture(tmp_path, TYPE, JOIN, *BASES, *CHILDREN, PART_OF))
    assert Organisation.objects.count() == 2


def test_a_fixture_cannot_join_what_may_not_be_joined(db, tmp_path, loaddata):
    ada = ("entities.entity", {"kind": "person", "slug": "ada-fell", "name": "Ada Fell"})
    odd = ("entities.relation", PART_OF[1] | {"subject": ["ada-fell"]})
    with pytest.raises(IntegrityError, match="may not join person and organisation"):
        loaddata(_fixture(tmp_path, TYPE, JOIN, *BASES, ada, odd))


def test_no_trigger_is_missing(db):
    assert missing_or_changed_triggers(connection, TRIGGERS) == []


def test_migrate_brings_back_what_was_dropped_or_changed(db, sql):
    remove_triggers(connection, TRIGGERS)
    assert len(missing_or_changed_triggers(connection, TRIGGERS)) >= len(TRIGGERS) - 3
    call_command("migrate", verbosity=0)
    assert missing_or_changed_triggers(connection, TRIGGERS) == []


def test_a_trigger_of_another_wording_is_missed(db):
    changed = replace(TRIGGERS[0], sqlite="SELECT 1;", postgresql="RAISE NOTICE 'nothing';")
    remove_triggers(connection, TRIGGERS[:1])
    install_triggers(connection, [changed])
    assert set(missing_or_changed_triggers(connection, TRIGGERS)) == set(TRIGGERS[0].definitions(connection.vendor))


def test_a_trigger_that_is_gone_is_missed(db, sql):
    on = " ON entities_entity" if POSTGRES else ""
    name = "entity_kind_is_immutable" + ("" if POSTGRES else "_update")
    sql(f"DROP TRIGGER {name}{on}")
    assert missing_or_changed_triggers(connection, TRIGGERS) == [name]
    (warning,) = warn_of_missing_triggers(databases=["default"])
    assert name in warning.msg
    assert warning.id == "nato_support.W001"


def test_a_trigger_that_is_switched_off_is_missed(db, sql):
    if not POSTGRES:
        pytest.skip("SQLite cannot switch a trigger off")
    sql("ALTER TABLE entities_entity DISABLE TRIGGER entity_kind_is_immutable")
    assert missing_or_changed_triggers(connection, TRIGGERS) == ["entity_kind_is_immutable"]
