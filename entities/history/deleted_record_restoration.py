"""Restoration of deleted records, with the rows that were deleted with them."""

from django.db import transaction

from entities.history.record_snapshots import RecordSnapshot, take_snapshot
from entities.history.record_timeline import state_before_deletion
from entities.history.revert_execution import last_history_instance, save_child_rows, validate_and_write_row
from entities.history.revert_plan import RevertPlan, repair_references
from entities.models import Curated, change_set
from entities.refusals import Refused
from entities.row_writing import insert_row, set_columns, set_many_to_many
from entities.vocabulary import Action, Status


def plan_restoration_of_deleted(
    model: type[Curated], pk: int, last_state: RecordSnapshot, returning_records: frozenset = frozenset()
) -> RevertPlan:
    """Plan the restoration of a deleted record to its last state."""
    plan = RevertPlan(RecordSnapshot(model, pk, None, {}), last_state, returning_records=returning_records)
    repair_references(plan, strict=True)
    return plan


def restore_deleted_record(
    model: type[Curated], pk: int, *, by=None, reason: str = "", returning_records: frozenset = frozenset()
) -> Curated:
    """Restore a deleted record and its rows under their old primary keys, as a draft, as `plan_restoration_of_deleted` plans it.

    `returning_records` are restored in the same operation, and may be referred to once they are. Raises Refused if it cannot
    be done.
    """
    with change_set(by=by, action=Action.RESTORE, reason=reason), transaction.atomic():
        last_state = state_before_deletion(model, pk)
        if last_state is None or last_state.values is None or model._default_manager.filter(pk=pk).exists():
            raise Refused(["The record is not deleted: there is nothing to restore."])
        plan = plan_restoration_of_deleted(model, pk, last_state, returning_records)
        if plan.problems:
            raise Refused(plan.problems)
        assert plan.after.values is not None
        record = last_history_instance(model, pk)
        # A new version number: forms that are still open must not mistake the record for the one they show.
        record.status, record.version = Status.DRAFT, record.version + 1
        set_columns(record, plan.after.values)
        validate_and_write_row(insert_row, record, by)
        set_many_to_many(record, plan.after.values)
        save_child_rows([], list(plan.after.rows.values()), by)
        if take_snapshot(record) != plan.after:
            raise Refused([f"“{record}” cannot be restored as planned: restore the records that it refers to first."])
        return record
