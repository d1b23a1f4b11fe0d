"""The changes of a record with its rows: grouped, told by values, and in as many queries for long histories as for short."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from entities.history.record_snapshots import snapshot_at, take_snapshot
from entities.history.record_timeline import (
    ENTRIES_PER_PAGE,
    read_record_timeline,
    records_touched_by,
    state_before_deletion,
    timeline_entry,
)
from entities.models import Change, Commitment, Name, Organisation, change_set
from entities.vocabulary import Action
from tests import world as make


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna")


def changed(row, by=None, **fields):
    with change_set(by=by):
        for name, value in fields.items():
            setattr(row, name, value)
        row._history_user = by
        row.save()


def test_what_one_change_wrote_is_one_entry(world, anna):
    with change_set(by=anna, action=Action.CAPTURE, reason="It says so.", source="courier-2024-07-09"):
        world.kites.summary = "Forty kites."
        world.kites.save()
        alias = Name.objects.create(entity=world.kites, text="The kite pledge")
        world.kites.committed_by.add(world.ruritania)
        alias.kind = "former"
        alias.save()
    entry = read_record_timeline(Commitment, world.kites.pk).entries[0]
    assert (entry.person, entry.action, entry.reason, entry.source) == (
        "anna",
        Action.CAPTURE,
        "It says so.",
        "courier-2024-07-09",
    )
    assert [(change.name, change.before, change.after) for change in entry.difference.fields] == [
        ("summary", "", "Forty kites."),
        ("committed_by", [world.arcadia.pk], [world.arcadia.pk, world.ruritania.pk]),
    ]
    (row,) = entry.difference.rows
    assert row.before is None
    assert row.row.values["kind"] == "former"


def test_entries_say_what_snapshots_say(world, anna):
    """Read from heads and JSON, the values are those that a snapshot of that time holds."""
    changed(world.measure, anna, value=50, as_stated="50 kites")
    with change_set():
        world.citation.delete()
    changed(world.kites, anna, nature="plan")
    entries = [entry for entry in read_record_timeline(Commitment, world.kites.pk).entries if entry.change]
    for entry in entries:
        before, after = (snapshot_at(Commitment, world.kites.pk, when) for when in (entry.before, entry.at))
        for row in entry.difference.rows:
            assert row.before == before.rows.get(row.row.address)
            assert row.after == after.rows.get(row.row.address)
        if entry.difference.fields:
            assert entry.difference.after.values == after.values
    assert [row.after for row in entries[1].difference.rows] == [None]


def test_rows_without_a_change_are_told_by_person_and_second(ruritania):
    for n in range(3):
        ruritania.summary = str(n)
        ruritania.save()
    when = timezone.now().replace(microsecond=0)
    Organisation.history.filter(entity_id=ruritania.pk).update(history_date=when)
    (entry,) = read_record_timeline(Organisation, ruritania.pk).entries
    assert entry.difference.after.values["summary"] == "2"


def test_a_deleted_row_and_one_that_moved_stay_in_the_history(world, anna):
    alias = Name.objects.create(entity=world.arcadia, text="Old Arcadia")
    with change_set(by=anna) as moved:
        alias.entity = world.ruritania
        alias.save()
    here, there = timeline_entry(Organisation, world.ruritania.pk, moved), timeline_entry(Organisation, world.arcadia.pk, moved)
    assert (here.moved_here, here.moved_away, there.moved_here, there.moved_away) == (1, 0, 0, 1)
    assert [row.before for row in here.difference.rows] == [None]
    assert [row.after for row in there.difference.rows] == [None]
    changed(alias, anna, text="Older Arcadia")
    assert read_record_timeline(Organisation, world.arcadia.pk).entries[0].change == moved
    with change_set() as deleted:
        alias.delete()
    assert [row.after for row in timeline_entry(Organisation, world.ruritania.pk, deleted).difference.rows] == [None]


def test_a_change_of_status_is_told(public):
    entry = read_record_timeline(Commitment, public.kites.pk).entries[0]
    assert (entry.status, entry.action, bool(entry.difference)) == (("draft", "published"), Action.PUBLISH, False)


def test_filters_by_person_field_and_row(world, anna):
    changed(world.kites, anna, summary="One.")
    changed(world.kites, None, nature="plan")
    changed(world.measure, anna, value=50)
    with change_set():
        world.kites.committed_by.clear()

    def told(**narrowed):
        return [
            [change.name for change in entry.difference.fields] + [row.row.model.__name__ for row in entry.difference.rows]
            for entry in read_record_timeline(Commitment, world.kites.pk, **narrowed).entries
        ]

    assert told(person="anna") == [["Measure"], ["summary"]]
    assert told(field="nature")[0] == ["nature"]
    assert told(field="committed_by")[0] == ["committed_by"]
    assert told(field="entities.measure") == [["Measure"], ["Measure"]]
    assert told(row_address=f"sources.citation/{world.citation.pk}") == [["Citation"]]
    assert told(field="nonsense") == []
    found = read_record_timeline(Commitment, world.kites.pk)
    assert found.people == ["anna"]
    assert {part.__name__ for part in found.changed_models} == {"Measure", "Milestone", "Citation"}


@pytest.mark.parametrize("count", [3, 300])
def test_a_page_takes_as_many_queries_whatever_the_length(world, anna, count, django_assert_num_queries):
    for n in range(count):
        changed(world.kites, anna, summary=f"Version {n}")
        if n < 3:
            changed(world.measure, anna, value=n)
    # Heads, values, and the many-valued field.
    with django_assert_num_queries(4):
        found = read_record_timeline(Commitment, world.kites.pk)
    assert len(found.entries) == min(ENTRIES_PER_PAGE, found.total)
    assert read_record_timeline(Commitment, world.kites.pk, page=99).number == found.pages


def test_a_change_names_every_record_that_it_touched(world):
    with change_set() as change:
        world.kites.save()
        Name.objects.create(entity=world.arcadia, text="Old Arcadia")
        make.a_relation_citation(world.quote, world.alliance)
        gone = make.an_organisation("gone")
        gone_key = gone.pk
        gone.delete()
        world.document.save()
    touched = records_touched_by(change)
    assert {(model.__name__, pk) for model, pk in touched} == {
        ("Commitment", world.kites.pk),
        ("Organisation", world.arcadia.pk),
        ("Organisation", gone_key),
        ("Relation", world.alliance.pk),
        ("SourceDocument", world.document.pk),
    }
    assert Change.objects.get().pk == change
    assert timeline_entry(Organisation, world.courier.pk, change) is None


def test_a_deleted_record_is_known_as_it_was(world):
    Name.objects.create(entity=world.kites, text="The kite pledge")
    before, pk = take_snapshot(world.kites), world.kites.pk
    with change_set():
        world.kites.delete()
    assert state_before_deletion(Commitment, pk) == before
    assert state_before_deletion(Organisation, world.arcadia.pk) is None
    assert read_record_timeline(Commitment, pk).entries[0].action == Action.DELETE
