"""Execution of a revert plan: its rows are written in an order in which each of them is valid."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import models

from entities.history.record_snapshots import ChildRow, RowChange, take_snapshot
from entities.history.revert_plan import RevertPlan
from entities.refusals import Refused
from entities.row_writing import (
    delete_row,
    insert_row,
    refuse_broken_rules,
    run_until_all_succeed,
    set_columns,
    set_many_to_many,
    update_row,
)


def apply_revert_plan(record: Any, plan: RevertPlan, by):
    """Write a plan. Raises Refused if it has problems, changes nothing, or a row would be invalid."""
    if plan.problems:
        raise Refused(plan.problems)
    difference = plan.difference
    if not difference:
        raise Refused(["Nothing would change."])
    assert plan.after.values is not None
    if difference.fields:
        values = {change.name: change.after for change in difference.fields}
        set_columns(record, values)
        validate_and_write_row(update_row, record, by)
        set_many_to_many(record, values)
    for change in difference.rows:
        if change.after is None and change.before is not None:
            delete_row(change.before.model._default_manager.get(pk=change.before.pk), by)
    changed = [change for change in difference.rows if change.before and change.after]
    save_child_rows(changed, [change.after for change in difference.rows if change.before is None and change.after], by)
    if take_snapshot(record) != plan.after:
        raise Refused(
            f"“{record}” cannot be restored as shown: a row that stays depends on one that would go. Keep both or neither."
        )


def save_child_rows(changed: list[RowChange], returning: list[ChildRow], by):
    """Save rows in an order in which each is valid: one may depend on another, or on a value that another gives up."""

    def change_row_as_planned(change: RowChange):
        assert change.after is not None
        row = change.after.model._default_manager.get(pk=change.after.pk)
        set_columns(row, {field_change.name: field_change.after for field_change in change.fields})
        validate_and_write_row(update_row, row, by)

    def recreate_row(row: ChildRow):
        restored = last_history_instance(row.model, row.pk)
        set_columns(restored, row.values)
        validate_and_write_row(insert_row, restored, by)

    run_until_all_succeed(
        [partial(change_row_as_planned, change) for change in changed] + [partial(recreate_row, row) for row in returning]
    )


def validate_and_write_row(write: Callable[[models.Model, Any], None], row: models.Model, by):
    """Validate a row and `write` it. Raises Refused in sentences that name the row."""
    with refuse_broken_rules(row, conflict="{kind} “{row}” cannot come back: {problem}"):
        row.full_clean()
        write(row, by)


def last_history_instance(model: type[models.Model], pk: int) -> Any:
    """Return the row as its history last recorded it, including fields left out of snapshots; a new row if it has none."""
    last = model.history.filter(**{model._meta.pk.attname: pk}).order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]
    row = last.instance if last else model(pk=pk)
    row._state.adding = True
    return row
