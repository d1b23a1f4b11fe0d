"""Putting back fields, rows, records and whole changes; bringing back what was deleted."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from entities.history.deleted_record_restoration import restore_deleted_record
from entities.history.record_snapshots import RecordSnapshot, compare_snapshots, snapshot_at, take_snapshot
from entities.history.reverting import plan_revert, revert_record
from entities.history.undoing import plan_undo, undo_change
from entities.models import Change, Commitment, Entity, Identifier, Name, Organisation, Relation, change_set
from entities.refusals import Refused
from entities.vocabulary import Action, Status
from sources.models import Citation, SourceQuote
from tests import world as make


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna")


def back(record, to, **how):
    record.refresh_from_db()
    return revert_record(record, to, expected_version=record.version, **how)


def saved(row, **fields):
    row.refresh_from_db()
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def edited(world):
    """Changes the commitment in every way: a field, a list, rows changed, removed and added. Gives what it was."""
    alias = Name.objects.create(entity=world.kites, text="The kite pledge", kind="former")
    before = take_snapshot(world.kites)
    saved(world.kites, summary="Forty kites.", nature="plan", beneficiary=None)
    world.kites.committed_by.set([world.ruritania])
    saved(world.measure, value=50, as_stated="50 kites")
    world.citation.delete()
    alias.delete()
    world.added = Name.objects.create(entity=world.kites, text="Operation Kite")
    return before


def test_a_record_comes_back_with_its_rows_and_their_keys(world, anna):
    before = edited(world)
    done = back(world.kites, before, by=anna, reason="Too hasty.")
    now = take_snapshot(world.kites)
    assert now.values == before.values
    assert {a: r for a, r in now.rows.items() if a in before.rows} == dict(before.rows)
    # What was added since stays, and is told.
    assert [change.row.pk for change in done.added_since] == [world.added.pk]
    assert now.rows.keys() - before.rows.keys() == {f"entities.name/{world.added.pk}"}
    change = Change.objects.get(action=Action.REVERT)
    assert (change.by, change.reason) == (anna, "Too hasty.")
    assert Commitment.history.first().change_id == change.pk
    assert Commitment.history.first().history_user == anna


def test_what_was_added_goes_if_asked(world):
    before = edited(world)
    back(world.kites, before, rows_to_remove=[f"entities.name/{world.added.pk}"])
    assert take_snapshot(world.kites).fingerprint == before.fingerprint


def test_reverting_the_revert_is_as_before(world):
    before = edited(world)
    between = take_snapshot(world.kites)
    added = f"entities.name/{world.added.pk}"
    back(world.kites, before, rows_to_remove=[added])
    back(world.kites, between, rows_to_remove=[a for a in before.rows if a not in between.rows])
    assert take_snapshot(world.kites).fingerprint == between.fingerprint


def test_one_field_brings_its_unit_and_nothing_else(world):
    before = take_snapshot(world.meeting)
    saved(world.meeting, start="2025-01-01", end="2025-01-02", name="Sea Meeting")
    back(world.meeting, before, addresses=["start"])
    world.meeting.refresh_from_db()
    assert (world.meeting.start, world.meeting.end, world.meeting.name) == ("2024-07-09", "2024-07-11", "Sea Meeting")


def test_one_row_and_one_field_of_a_row(world):
    cited = world.citation.pk
    before = edited(world)
    back(world.kites, before, addresses=[f"entities.measure/{world.measure.pk}/value"])
    world.measure.refresh_from_db()
    assert (world.measure.value, world.measure.as_stated) == (40, "40 kites")
    back(world.kites, before, addresses=[f"sources.citation/{cited}"])
    assert Citation.objects.get(pk=cited).value == "pledge"
    world.kites.refresh_from_db()
    assert world.kites.nature == "plan"


def test_another_version_than_the_one_seen_is_refused(world):
    before = edited(world)
    world.kites.refresh_from_db()
    with pytest.raises(Refused, match="check it again"):
        revert_record(world.kites, before, expected_version=world.kites.version - 1)
    assert world.kites.nature == "plan"


def test_nothing_to_do_is_refused(world):
    with pytest.raises(Refused, match="Nothing would change"):
        back(world.kites, take_snapshot(world.kites))


def test_a_time_without_the_record_is_refused(world):
    present, absent = take_snapshot(world.kites), RecordSnapshot(Commitment, world.kites.pk, None, {})
    assert plan_revert(world.kites, absent).problems == ["The record did not exist then: choose a later version."]
    deleted = Commitment.objects.get(pk=world.kites.pk)
    world.kites.delete()
    assert plan_revert(deleted, present).problems == ["The record has been deleted: restore it first."]
    with pytest.raises(Refused, match="has been deleted: restore it first"):
        revert_record(deleted, present, expected_version=deleted.version)


def test_a_row_stays_while_another_depends_on_it(world):
    before = take_snapshot(world.kites)
    money = {"kind": "money", "unit": "", "value": 10}
    aid = make.a_measure(world.kites, "aid", currency="EUR", as_stated="ten euros", **money)
    make.a_measure(world.kites, "in-dollars", currency="USD", as_stated="ten dollars", conversion_of=aid, **money)
    with pytest.raises(Refused, match="a row that stays depends on one that would go"):
        back(world.kites, before, rows_to_remove=[f"entities.measure/{aid.pk}"])
    assert world.kites.measures.count() == 3


def test_a_merged_target_is_replaced_by_its_survivor(world):
    before = take_snapshot(world.kites)
    saved(world.kites, beneficiary=world.courier)
    saved(world.ruritania, merged_into=world.arcadia)
    done = back(world.kites, before)
    world.kites.refresh_from_db()
    assert world.kites.beneficiary == world.arcadia
    assert done.caveats == ["Beneficiary: “Ruritania” has been merged into “Arcadia”, which takes its place."]


def test_a_deleted_target_is_left_empty_or_refused(world):
    gone = make.an_organisation("gone")
    saved(world.kites, beneficiary=gone)
    world.kites.committed_by.add(gone)
    saved(world.minister, organisation=gone)
    before, of_minister = take_snapshot(world.kites), take_snapshot(world.minister)
    saved(world.kites, beneficiary=None)
    world.kites.committed_by.set([])
    saved(world.minister, organisation=world.arcadia)
    gone.delete()
    done = back(world.kites, before)
    world.kites.refresh_from_db()
    assert world.kites.beneficiary is None
    assert list(world.kites.committed_by.all()) == [world.arcadia]
    assert done.caveats == [
        "Beneficiary: the record it refers to has been deleted; it is left empty.",
        "Committed by: 1 of 2 have been deleted and are left out.",
    ]
    with pytest.raises(Refused, match="restore that first"):
        back(world.minister, of_minister)


def test_a_row_whose_quote_is_gone_stays_away_and_says_so(world):
    before = take_snapshot(world.kites)
    saved(world.kites, summary="New.")
    world.citation.delete()
    SourceQuote.objects.all().delete()
    done = back(world.kites, before)
    assert done.caveats == [
        "Cannot come back: Citation “Nature: pledge”, quote: the record it refers to has been deleted; restore that first."
    ]
    assert not world.kites.citations.exists()


def test_a_row_that_belongs_to_another_record_now_stays_there(world):
    alias = Name.objects.create(entity=world.arcadia, text="Old Arcadia")
    before = take_snapshot(world.arcadia)
    saved(alias, entity=world.ruritania)
    saved(world.arcadia, summary="New.")
    done = back(world.arcadia, before)
    assert done.caveats == ["Name “Old Arcadia” now belongs to Ruritania, and stays there."]
    alias.refresh_from_db()
    assert alias.entity_id == world.ruritania.pk


def test_status_and_the_public_id_of_a_public_record_stay(public):
    draft = take_snapshot(public.kites)
    saved(public.kites, summary="New.")
    to = type(draft)(draft.model, draft.pk, {**draft.values, "slug": "other"}, draft.rows)
    done = back(public.kites, to)
    public.kites.refresh_from_db()
    assert (public.kites.slug, public.kites.status, public.kites.summary) == ("forty-kites", Status.PUBLISHED, "")
    assert done.caveats == ["The public id stays “forty-kites”: it has been public."]


def test_fields_that_were_not_there_then_keep_what_they_hold(world):
    now = take_snapshot(world.kites)
    then = {name: value for name, value in now.values.items() if name != "conditions"} | {"nature": "plan", "colour": "red"}
    saved(world.kites, conditions="If it is windy.")
    back(world.kites, type(now)(now.model, now.pk, then, now.rows))
    world.kites.refresh_from_db()
    assert (world.kites.nature, world.kites.conditions) == ("plan", "If it is windy.")


def test_what_is_not_valid_today_is_refused_whole(world):
    alias = Name.objects.create(entity=world.kites, text="The kite pledge")
    before = take_snapshot(world.kites)
    saved(world.kites, summary="New.")
    alias.delete()
    Name.objects.create(entity=world.kites, text="The kite pledge")
    with pytest.raises(Refused, match="already there"):
        back(world.kites, before)
    world.kites.refresh_from_db()
    assert world.kites.summary == "New."


def test_values_that_rows_hand_on_to_each_other_come_back(world):
    one = Name.objects.create(entity=world.kites, text="One")
    two = Name.objects.create(entity=world.kites, text="Two")
    before = take_snapshot(world.kites)
    saved(two, text="Three")
    saved(one, text="Two")
    back(world.kites, before)
    assert take_snapshot(world.kites) == before


def test_the_plan_is_what_is_done(world):
    before = edited(world)
    planned = plan_revert(world.kites, before)
    back(world.kites, before)
    assert take_snapshot(world.kites) == planned.after


# A whole change


def seen(change):
    return {f"{one.model._meta.label_lower}/{one.pk}": one.version for one in plan_undo(change)}


def imported(world):
    with change_set(action=Action.IMPORT) as change:
        saved(world.kites, summary="Imported.")
        saved(world.arcadia, summary="Imported too.", country="US")
        new = make.an_organisation("newcomer")
        make.a_relation(world.arcadia, new, slug="arcadia-newcomer")
        Name.objects.create(entity=world.ruritania, text="Imported name")
        world.citation.delete()
    return change


def test_a_change_of_many_records_is_taken_back_whole(world, anna):
    records = [world.kites, world.arcadia, world.ruritania]
    before = [take_snapshot(record) for record in records]
    change = imported(world)
    undo_change(change, by=anna, expected_versions=seen(change))
    assert [take_snapshot(record) for record in records] == before
    assert not Organisation.objects.filter(slug="newcomer").exists()
    assert not Relation.objects.filter(slug="arcadia-newcomer").exists()


def test_undoing_the_undoing_is_as_before(world, anna):
    change = imported(world)
    newcomer = Organisation.objects.get(slug="newcomer")
    records = [world.kites, world.arcadia, world.ruritania, newcomer]
    between = [take_snapshot(record) for record in records]
    undo_change(change, by=anna, expected_versions=seen(change))
    again = Change.objects.get(action=Action.REVERT).pk
    undo_change(again, by=anna, expected_versions=seen(again))
    assert [take_snapshot(record) for record in records] == between


def test_later_edits_are_told_and_kept_unless_chosen(world):
    change = imported(world)
    saved(world.arcadia, summary="Better.")
    (found,) = [one for one in plan_undo(change) if one.pk == world.arcadia.pk]
    assert found.addresses_changed_later == ["summary"]
    undo_change(change, expected_versions=seen(change))
    world.arcadia.refresh_from_db()
    assert (world.arcadia.summary, world.arcadia.country) == ("Better.", "")


def test_later_edits_go_if_chosen(world):
    change = imported(world)
    saved(world.arcadia, summary="Better.")
    undo_change(change, expected_versions=seen(change), include_later=[f"entities.organisation/{world.arcadia.pk}/summary"])
    world.arcadia.refresh_from_db()
    assert world.arcadia.summary == ""


def test_undoing_is_all_or_nothing(world):
    change = imported(world)
    saved(world.kites, beneficiary=Organisation.objects.get(slug="newcomer"))
    with pytest.raises(Refused, match="depends on it"):
        undo_change(change, expected_versions=seen(change))
    world.arcadia.refresh_from_db()
    assert world.arcadia.summary == "Imported too."


def test_undoing_what_was_not_looked_at_is_refused(world):
    change = imported(world)
    looked = seen(change)
    saved(world.arcadia, founded="1950")
    with pytest.raises(Refused, match="check it again"):
        undo_change(change, expected_versions=looked)


def test_undoing_the_edit_of_a_deleted_record_is_refused(world):
    change = imported(world)
    Relation.objects.get(slug="arcadia-newcomer").delete()
    world.kites.delete()
    with pytest.raises(Refused, match=r"forty-kites has been deleted: restore it first\."):
        undo_change(change, expected_versions=seen(change))


def test_undoing_the_entry_of_a_public_record_is_refused(public):
    with change_set() as change:
        new = make.an_organisation("newcomer")
    for status in (Status.PUBLISHED, Status.WITHDRAWN):
        Organisation.objects.filter(pk=new.pk).update(status=status)
        with pytest.raises(Refused, match="Newcomer is or was public, and cannot be deleted"):
            undo_change(change, expected_versions=seen(change))


# What was deleted


def test_a_deleted_record_comes_back_as_it_was(world, anna):
    Name.objects.create(entity=world.kites, text="The kite pledge")
    Identifier.objects.create(entity=world.kites, scheme="other", value="K-40")
    make.a_measure(world.kites, "aid", kind="money", unit="", currency="EUR", value=10, as_stated="ten euros")
    before, pk, version = take_snapshot(world.kites), world.kites.pk, Commitment.objects.get(pk=world.kites.pk).version
    created = world.kites.created_at
    world.kites.delete()
    record = restore_deleted_record(Commitment, pk, by=anna, reason="Deleted by mistake.")
    assert take_snapshot(record).fingerprint == before.fingerprint
    record.refresh_from_db()
    assert (record.status, record.created_at) == (Status.DRAFT, created)
    assert record.version > version
    assert record.history.first().history_user == anna
    with pytest.raises(Refused, match="not deleted"):
        restore_deleted_record(Commitment, pk)


def test_what_a_deleted_record_refers_to_may_have_changed_meanwhile(world):
    """A merged reference is replaced, a deleted one is left out, and a row that is another record's stays there."""
    gone, duplicate = make.an_organisation("gone"), make.an_organisation("duplicate")
    alias = Name.objects.create(entity=world.kites, text="The kite pledge")
    world.kites.committed_by.add(gone)
    saved(world.kites, beneficiary=duplicate)
    pk, alias_pk = world.kites.pk, alias.pk
    world.kites.delete()
    gone.delete()
    saved(duplicate, merged_into=world.arcadia)
    Name(pk=alias_pk, entity=world.arcadia, text="Land of kites").save(force_insert=True)
    record = restore_deleted_record(Commitment, pk)
    assert (record.beneficiary.slug, [giver.slug for giver in record.committed_by.all()]) == ("arcadia", ["arcadia"])
    assert Name.objects.get(pk=alias_pk).entity_id == world.arcadia.pk and not record.names.exists()


def test_records_deleted_together_come_back_together(world):
    giver = make.an_organisation("giver")
    world.kites.committed_by.set([giver])
    saved(world.kites, beneficiary=giver)
    before = take_snapshot(world.kites)
    with change_set() as change:
        world.kites.delete()
        giver.delete()
    undo_change(change, expected_versions=seen(change))
    record = Commitment.objects.get(pk=before.pk)
    assert take_snapshot(record) == before
    assert record.beneficiary.slug == "giver"


def test_a_record_does_not_come_back_before_those_that_come_back_with_it(world):
    gone = make.an_organisation("gone")
    world.kites.committed_by.add(gone)
    saved(world.kites, summary="Forty kites.")
    pk, returning = world.kites.pk, frozenset({(Entity, gone.pk)})
    world.kites.delete()
    gone.delete()
    with pytest.raises(Refused, match="restore the records that it refers to first"):
        restore_deleted_record(Commitment, pk, returning_records=returning)
    assert not Commitment.objects.filter(pk=pk).exists()


def test_every_sort_of_record_comes_back(records, world):
    """Deleted one after the other, and restored in the opposite order, all are as they were."""
    order = [world.alliance, world.kites, world.minister, world.yard]
    before = [(type(record), record.pk, take_snapshot(record)) for record in order]
    for record in order:
        record.delete()
    for model, pk, _ in reversed(before):
        restore_deleted_record(model, pk)
    assert [snapshot_at(model, pk, timezone.now()) for model, pk, _ in before] == [then for _, _, then in before]


def test_a_quote_comes_back_with_its_place(world):
    world.citation.delete()
    before, pk = take_snapshot(world.quote), world.quote.pk
    world.quote.delete()
    assert take_snapshot(restore_deleted_record(SourceQuote, pk)) == before


def test_what_is_taken_meanwhile_forbids_it(world):
    pk = world.minister.pk
    Identifier.objects.create(entity=world.minister, scheme="other", value="M-1")
    world.minister.delete()
    taker = make.an_organisation("taker")
    taken = Identifier.objects.create(entity=taker, scheme="other", value="M-1")
    with pytest.raises(Refused, match="Another record has this identifier"):
        restore_deleted_record(type(world.minister), pk)
    taken.delete()
    make.an_organisation("minister-of-kites")
    with pytest.raises(Refused, match="already exists"):
        restore_deleted_record(type(world.minister), pk)
    assert not type(world.minister).objects.filter(pk=pk).exists()


def test_ends_that_are_gone_forbid_it(world):
    pk = world.alliance.pk
    world.alliance.delete()
    end = world.ruritania
    world.kites.delete()
    world.yard.delete()
    end.delete()
    with pytest.raises(Refused, match="Object: the record it refers to has been deleted"):
        restore_deleted_record(Relation, pk)


# Any edits at all

TEXTS = ["", "One.", "One two.", "Three"]


class AnyEdits(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        edits=st.lists(
            st.tuples(
                st.sampled_from(["summary", "conditions", "nature", "givers", "beneficiary", "name", "measure", "cite", "drop"]),
                st.integers(0, 3),
            ),
            max_size=8,
        ),
        data=st.data(),
    )
    def test_any_earlier_state_comes_back(self, edits, data):
        arcadia, ruritania = make.an_organisation("arcadia"), make.an_organisation("ruritania")
        kites = make.a_commitment("forty-kites", by=[arcadia], beneficiary=ruritania)
        quote = make.a_quote(make.a_document())
        measure = make.a_measure(kites)
        names = [Name.objects.create(entity=kites, text=f"Name {n}") for n in range(4)]
        cited = make.a_citation(quote, kites)
        states = [(timezone.now(), take_snapshot(kites))]
        for sort, n in edits:
            if sort in ("summary", "conditions"):
                saved(kites, **{sort: TEXTS[n]})
            elif sort == "nature":
                saved(kites, nature=["pledge", "plan", "decision", "target"][n])
            elif sort == "givers":
                kites.committed_by.set([[], [arcadia], [ruritania], [arcadia, ruritania]][n])
            elif sort == "beneficiary":
                saved(kites, beneficiary=[None, arcadia, ruritania, None][n])
            elif sort == "measure":
                saved(measure, value=n * 10, as_stated=f"{n * 10} kites")
            elif sort == "cite":
                if Citation.objects.filter(pk=cited.pk).exists():
                    saved(cited, note=TEXTS[n])
            elif sort == "name":
                if Name.objects.filter(pk=names[n].pk).exists():
                    saved(names[n], text=f"Name {n} anew", kind="former")
            elif row := Name.objects.filter(pk=names[n].pk).first():
                row.delete()
            states.append((timezone.now(), take_snapshot(kites)))
        when, state = data.draw(st.sampled_from(states))
        assert snapshot_at(Commitment, kites.pk, when) == state
        kites.refresh_from_db()
        if compare_snapshots(take_snapshot(kites), state):
            revert_record(kites, snapshot_at(Commitment, kites.pk, when), expected_version=kites.version)
        assert take_snapshot(kites).fingerprint == state.fingerprint
