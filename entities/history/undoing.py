"""Undoing of one change, in every record that it touched.

`plan_undo` computes the result and writes nothing; `undo_change` computes it again in its transaction and writes it as one
ordinary change.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import transaction

from entities.history.deleted_record_restoration import plan_restoration_of_deleted, restore_deleted_record
from entities.history.record_snapshots import RecordSnapshot, take_snapshot
from entities.history.record_timeline import TimelineEntry, records_touched_by, state_before_deletion, timeline_entry
from entities.history.revert_execution import apply_revert_plan
from entities.history.revert_plan import RevertPlan, base_model
from entities.history.reverting import plan_revert
from entities.models import Change, Curated, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.row_writing import delete_row, run_until_all_succeed
from entities.vocabulary import Action, Status


@dataclass
class RecordUndoPlan:
    """The effects of undoing a change on one record."""

    model: type[Curated]
    pk: int
    label: str
    entry: TimelineEntry
    plan: RevertPlan
    version: int | None
    """The current version of the record; None if it does not exist."""
    addresses_changed_later: list[str] = field(default_factory=list)
    """Addresses of values that the change wrote and somebody has changed again."""

    @property
    def creates(self) -> bool:
        return self.plan.present.values is None

    @property
    def deletes(self) -> bool:
        return self.plan.after.values is None


def plan_undo(change: UUID, include_later: Collection[str] = ()) -> list[RecordUndoPlan]:
    """Plan the undoing of a change in each record that it touched; later edits stay unless `include_later` has them.

    Each address in `include_later` starts with its record: `entities.commitment/3/summary`.
    """
    touched = [(entry, model, pk) for model, pk in records_touched_by(change) if (entry := timeline_entry(model, pk, change))]
    # Records that the change deleted come back, and may be referred to.
    returning_records = frozenset(
        (base_model(model), pk) for entry, model, pk in touched if entry.difference.after.values is None
    )
    undos = [
        undo
        for entry, model, pk in touched
        if (undo := _plan_record_undo(model, pk, entry, returning_records, include_later)) is not None
    ]
    if Change.objects.filter(pk=change, action__in=(Action.MERGE, Action.UNMERGE)).exists():
        for undo in undos:
            undo.plan.problems.append("A merge is undone by unmerging, an unmerge by merging again.")
    return undos


def undo_change(
    change: UUID, *, by=None, expected_versions: dict[str, int | None], include_later: Collection[str] = (), reason: str = ""
) -> list[RecordUndoPlan]:
    """Undo a change in all its records or none; `expected_versions` maps each record to the version that was shown."""
    with change_set(by=by, action=Action.REVERT, reason=reason), transaction.atomic():
        for undo in (undos := plan_undo(change, include_later)):
            address = f"{undo.model._meta.label_lower}/{undo.pk}"
            if address not in expected_versions or expected_versions[address] != undo.version:
                raise Refused([f"{undo.label} has changed since you opened this page: check it again."])
            if undo.plan.problems:
                raise Refused(undo.plan.problems)
        # Restored records first, deleted ones last: the others may refer to the former, and must not to the latter.
        order = sorted(undos, key=lambda undo: (not undo.creates, undo.deletes))
        run_until_all_succeed([_undo_job(undo, by) for undo in order if undo.plan.difference])
    return undos


def _undo_job(undo: RecordUndoPlan, by) -> Callable[[], None]:
    def run_undo():
        if undo.creates:
            restore_deleted_record(undo.model, undo.pk, by=by, returning_records=undo.plan.returning_records)
        elif undo.deletes:
            _delete_unless_public(undo, by)
        else:
            lock_rows([(undo.model, undo.pk)])
            record = undo.model._default_manager.get(pk=undo.pk)
            apply_revert_plan(record, undo.plan, by)

    return run_undo


def _delete_unless_public(undo: RecordUndoPlan, by):
    lock_rows([(undo.model, undo.pk)])
    record = undo.model._default_manager.get(pk=undo.pk)
    if record.status in (Status.PUBLISHED, Status.WITHDRAWN):
        raise Refused([f"{undo.label} is or was public, and cannot be deleted: withdraw it instead."])
    delete_row(record, by)


def _plan_record_undo(
    model: type[Curated], pk: int, entry: TimelineEntry, returning_records: frozenset, include_later: Collection[str]
) -> RecordUndoPlan | None:
    record = model._default_manager.filter(pk=pk).first()
    before, after = entry.difference.before, entry.difference.after
    present = take_snapshot(record) if record else RecordSnapshot(model, pk, None, {})
    label = str(record) if record else str((before.values or after.values or {}).get("slug", pk))
    undo = RecordUndoPlan(model, pk, label, entry, RevertPlan(present, present), record.version if record else None)
    if after.values is None:
        # The change deleted the record.
        if record is None and (last_state := state_before_deletion(model, pk)) is not None:
            undo.plan = plan_restoration_of_deleted(model, pk, last_state, returning_records)
        return undo if record is None else None
    if record is None:
        undo.plan.problems.append(f"{label} has been deleted: restore it first.")
        return undo
    if before.values is None and entry.difference.fields:
        if present.values != after.values or present.rows != after.rows:
            undo.addresses_changed_later.append("")
        if undo.addresses_changed_later and f"{model._meta.label_lower}/{pk}" not in include_later:
            return undo
        undo.plan.after = RecordSnapshot(model, pk, None, {})
        return undo
    _plan_value_undo(undo, returning_records, include_later)
    return undo if entry.difference else None


def _plan_value_undo(undo: RecordUndoPlan, returning_records: frozenset, include_later: Collection[str]):
    """Plan the old values for everything the change wrote, where it is unchanged since or in `include_later`."""
    present, prefix = undo.plan.present, f"{undo.model._meta.label_lower}/{undo.pk}"
    assert present.values is not None
    values, rows, remove = dict(present.values), dict(present.rows), []

    def may_undo_noting_later_change(address: str, untouched: bool) -> bool:
        if not untouched:
            undo.addresses_changed_later.append(address)
        return untouched or f"{prefix}/{address}" in include_later

    for field_change in undo.entry.difference.fields:
        if present.values.get(field_change.name) != field_change.before and may_undo_noting_later_change(
            field_change.name, present.values.get(field_change.name) == field_change.after
        ):
            values[field_change.name] = field_change.before
    for change in undo.entry.difference.rows:
        address, now = change.row.address, present.rows.get(change.row.address)
        if change.before is None:
            if now is not None and may_undo_noting_later_change(address, now == change.after):
                remove.append(address)
        elif change.after is None:
            if now is None:
                rows[address] = change.before
        elif now is not None:
            kept = dict(now.values)
            for field_change in change.fields:
                if kept[field_change.name] != field_change.before and may_undo_noting_later_change(
                    f"{address}/{field_change.name}", kept[field_change.name] == field_change.after
                ):
                    kept[field_change.name] = field_change.before
            rows[address] = replace(now, values=kept)
        else:
            undo.addresses_changed_later.append(address)
    record = undo.model._default_manager.get(pk=undo.pk)
    target = RecordSnapshot(undo.model, undo.pk, values, {a: row for a, row in rows.items() if a not in remove})
    undo.plan = plan_revert(record, target, rows_to_remove=remove, returning_records=returning_records)
