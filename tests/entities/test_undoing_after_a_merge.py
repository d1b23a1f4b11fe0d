"""Whatever takes a change back after a merge writes nothing to the record that was merged away."""

import pytest
from django.core.exceptions import ValidationError

from entities.history.record_snapshots import take_snapshot
from entities.history.reverting import revert_record
from entities.history.undoing import plan_undo, undo_change
from entities.merging import SURVIVOR, merge_entities, plan_merge
from entities.models import Change, Name, change_set
from entities.refusals import Refused
from entities.vocabulary import Action
from nato_support.publishing.register_checks import check_merged_records
from sources.capture import capture_operations, undo_steps
from sources.capture.capture_operations import CitedFact
from sources.evidence.resolution_operations import resolve_field, undo_last_resolution_change
from sources.evidence.statements import evidence_of_record
from sources.models import Citation, Resolution
from tests import world as make


@pytest.fixture
def twin(world):
    """Arcadia once more, with a type on which its sources differ."""
    twin = make.an_organisation("arcadian-republic", type="state", founded="1949")
    make.a_citation(world.quote, twin, "type", "state")
    make.a_citation(world.quote, twin, "type", "body")
    return twin


def decided(record, verdict, reason, field="type") -> Resolution:
    seen = evidence_of_record(record)[field].version
    return resolve_field(record, field, verdict=verdict, reason=reason, user=None, seen_version=seen)


def merge_away(twin, survivor):
    choices = {unit.key: SURVIVOR for unit in plan_merge(twin, survivor, {}).undecided}
    return merge_entities(twin, survivor, choices, expected_digest=plan_merge(twin, survivor, choices).digest, confirmed=True)


def test_a_verdict_taken_back_stays_with_the_survivor(world, twin):
    decided(twin, "disputed", "Who knows.")
    made = decided(twin, "source_error", "A slip.")
    merge_away(twin, world.arcadia)
    undo_last_resolution_change(made, None)
    made.refresh_from_db()
    assert (made.entity_id, made.verdict, made.reason) == (world.arcadia.pk, "disputed", "Who knows.")
    assert not list(check_merged_records())


def test_a_verdict_that_was_new_before_the_merge_goes(world, twin):
    made = decided(twin, "disputed", "Who knows.")
    merge_away(twin, world.arcadia)
    undo_last_resolution_change(made, None)
    assert not Resolution.objects.exists()


def test_a_verdict_whose_words_the_merge_changed_is_not_taken_back(world, twin):
    promise = make.a_commitment("tents", beneficiary=twin)
    make.a_citation(world.quote, promise, "beneficiary", twin.slug)
    make.a_citation(world.quote, promise, "beneficiary", world.ruritania.slug)
    decided(promise, "disputed", "Who knows.", "beneficiary")
    made = decided(promise, "source_error", "A slip.", "beneficiary")
    merge_away(twin, world.arcadia)
    made.refresh_from_db()
    assert [judged["value"] for judged in made.settles] == ["arcadia", "ruritania"]
    with pytest.raises(ValidationError, match="A merge changed this verdict last"):
        undo_last_resolution_change(made, None)
    # What was said since can be taken back.
    again = decided(promise, "changed_over_time", "Both, one after the other.", "beneficiary")
    undo_last_resolution_change(again, None)
    made.refresh_from_db()
    assert made.verdict == "source_error" and [judged["value"] for judged in made.settles] == ["arcadia", "ruritania"]


def test_the_desk_makes_no_evidence_again_for_what_was_merged_away(world, twin, people):
    edith = people("edith", "editor")
    capture_operations.link_quote(world.quote, edith, [CitedFact(twin, "country", "DE")])
    undo_steps.undo_step(world.document, edith)
    merge_away(twin, world.arcadia)
    with pytest.raises(Refused, match="was merged into “Arcadia” in the meantime"):
        undo_steps.redo_step(world.document, edith)
    assert not Citation.objects.filter(entity=twin).exists()


def test_a_merged_record_is_not_put_back(world, twin):
    name = Name.objects.create(entity=twin, text="RoA")
    before = take_snapshot(twin)
    name.delete()
    merge_away(twin, world.arcadia)
    twin.refresh_from_db()
    with pytest.raises(Refused, match="unmerge it first"):
        revert_record(twin, before, expected_version=twin.version)
    assert not Name.objects.filter(entity=twin).exists()


def test_the_removal_of_a_row_is_not_undone_at_a_record_that_was_merged_away(world, twin):
    name = Name.objects.create(entity=twin, text="RoA")
    with change_set() as change:
        name.delete()
    merge_away(twin, world.arcadia)
    (found,) = plan_undo(change)
    with pytest.raises(Refused, match="unmerge it first"):
        undo_change(change, expected_versions={f"{found.model._meta.label_lower}/{found.pk}": found.version})
    assert not Name.objects.filter(entity=twin).exists()


def test_a_merge_is_undone_by_unmerging_alone(world, twin):
    merge_away(twin, world.arcadia)
    change = Change.objects.get(action=Action.MERGE).pk
    seen = {f"{one.model._meta.label_lower}/{one.pk}": one.version for one in plan_undo(change)}
    with pytest.raises(Refused, match="undone by unmerging"):
        undo_change(change, expected_versions=seen)
