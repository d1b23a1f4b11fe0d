"""Writing of reverted and restored rows, in an order in which each of them is valid."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from entities.history.record_snapshots import ChildRow, FieldValues, RowChange, take_snapshot
from entities.history.revert_plan import RevertPlan
from entities.refusals import Refused


def apply_revert_plan(record: Any, plan: RevertPlan, by):
    """Write a plan. Raises Refused if it has problems, changes nothing, or a row would be invalid."""
    if plan.problems:
        raise Refused(plan.problems)
    difference = plan.difference
    if not difference:
        raise Refused(["Nothing would change."])
    assert plan.after.values is not None
    if difference.fields:
        set_columns(record, {change.name: change.after for change in difference.fields})
        _validate_restored_row(record)
        record._history_user = by
        record.save()
        set_many_to_many(record, {change.name: change.after for change in difference.fields}, by)
    for change in difference.rows:
        if change.after is None and change.before is not None:
            row = change.before.model._default_manager.get(pk=change.before.pk)
            row._history_user = by  # type: ignore[attr-defined]
            row.delete()
    changed = [change for change in difference.rows if change.before and change.after]
    save_child_rows(changed, [change.after for change in difference.rows if change.before is None and change.after], by)
    if take_snapshot(record) != plan.after:
        raise Refused(["It cannot be restored as shown: a child row depends on a row that would be removed."])


def save_child_rows(changed: list[RowChange], returning: list[ChildRow], by):
    """Save rows in an order in which each is valid: one may depend on another, or on a value that another gives up."""

    def change_back(change: RowChange):
        assert change.after is not None
        row = change.after.model._default_manager.get(pk=change.after.pk)
        set_columns(row, {field_change.name: field_change.after for field_change in change.fields})
        _validate_restored_row(row)
        row._history_user = by  # type: ignore[attr-defined]
        row.save()

    def make_again(row: ChildRow):
        restored = last_history_instance(row.model, row.pk)
        set_columns(restored, row.values)
        insert_row(restored, by)

    jobs: list[Callable[[], None]] = [lambda c=change: change_back(c) for change in changed]  # type: ignore[misc]
    run_until_all_succeed(jobs + [lambda r=row: make_again(r) for row in returning])  # type: ignore[misc]


def run_until_all_succeed(jobs: list[Callable[[], None]]):
    """Run all jobs, retrying the refused ones after the others. Raises Refused with the reasons of those that never succeed."""
    while jobs:
        refused_jobs, problems = [], []
        for job in jobs:
            try:
                with transaction.atomic():
                    job()
            except Refused as refusal:
                refused_jobs.append(job)
                problems += refusal.problems
        if len(refused_jobs) == len(jobs):
            raise Refused(dict.fromkeys(problems))
        jobs = refused_jobs


def last_history_instance(model: type[models.Model], pk: int) -> Any:
    """Return the row as its history last recorded it, including fields left out of snapshots; a new row if it has none."""
    last = model.history.filter(**{model._meta.pk.attname: pk}).order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]
    row = last.instance if last else model(pk=pk)
    row._state.adding = True
    return row


def set_columns(row: models.Model, values: FieldValues):
    """Set the columns of a row from snapshot values; many-to-many fields are left to `set_many_to_many`."""
    for name, value in values.items():
        column = row._meta.get_field(name)
        if not column.many_to_many:
            setattr(row, column.attname, value if column.is_relation else column.to_python(value))  # type: ignore[union-attr]


def set_many_to_many(record: models.Model, values: FieldValues, by):
    """Set the many-to-many fields of a saved record from snapshot values."""
    record._history_user = by  # type: ignore[attr-defined]
    for name, value in values.items():
        if record._meta.get_field(name).many_to_many:
            getattr(record, name).set(value)


def insert_row(row: Any, by):
    """Validate and insert a row under its primary key. Raises Refused if it is invalid."""
    _validate_restored_row(row)
    row._history_user = by
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused([f"{row._meta.verbose_name} “{row}” cannot come back: {error}"]) from None


def _validate_restored_row(row: models.Model):
    try:
        row.full_clean()
    except ValidationError as error:
        label = f"{str(row._meta.verbose_name).capitalize()} “{row}”"
        raise Refused([f"{label}: {' '.join(messages)}" for messages in error.message_dict.values()]) from None
