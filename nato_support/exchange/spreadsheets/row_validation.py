"""Validation of planned rows by the rules of their models."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import F

from entities.refusals import Refused
from entities.row_writing import refuse_broken_rules, set_columns
from nato_support.exchange.spreadsheets.planned_rows import PlannedRow
from nato_support.exchange.spreadsheets.sheets_and_columns import Sheet


def fill_in_planned_values(sheet: Sheet, row: Any, planned: PlannedRow, new_keys: dict[str, int] | None = None) -> Any:
    """Set the values of a planned row on `row`; references to rows that the file adds are resolved by `new_keys`."""
    new_keys = new_keys or {}
    if sheet.parent_fields:
        parent_key = new_keys.get(planned.parent["coming"]) if isinstance(planned.parent, dict) else planned.parent
        setattr(row, f"{sheet.parent_fields[0]}_id", parent_key)
    elif planned.slug and row.pk is None:
        row.slug = planned.slug
    set_columns(
        row,
        {name: new_keys.get(value["coming"]) if isinstance(value, dict) else value for name, value in planned.after.items()},
    )
    return row


def row_validation_errors(sheet: Sheet, row: Any, planned: PlannedRow, new_keys: dict[str, int] | None = None) -> list[str]:
    """List the model's validation errors for the fields that a planned row touches, each as `field: message`.

    Fields that refer to rows of the file not written yet (not in `new_keys`) are left out.
    """
    new_keys = new_keys or {}
    waiting = {name for name, value in planned.after.items() if isinstance(value, dict) and value["coming"] not in new_keys}
    if isinstance(planned.parent, dict) and planned.parent["coming"] not in new_keys:
        waiting.add(sheet.parent_fields[0])
    # Fields refused already are not refused again for being empty.
    waiting |= set(planned.refused)
    everything = {field.name for field in (*row._meta.concrete_fields, *row._meta.many_to_many)}
    touched = set(planned.after) if planned.pk else everything
    excluded = (everything - touched) | waiting
    errors: list[str] = []

    def collect_errors(rule: Callable[[], None]):
        try:
            with refuse_broken_rules(row, invalid="{problem}"):
                rule()
        except Refused as refusal:
            for name, messages in refusal.errors.items():
                errors.extend(f"{name}: {message}" if name else message for message in messages)
                waiting.add(name)
                excluded.add(name)

    collect_errors(lambda: row.clean_fields(exclude=excluded | _keys_made_on_save(sheet, row)))
    collect_errors(row.clean)
    collect_errors(lambda: row.validate_unique(exclude=excluded))
    concerned = touched | _generated_fields(row, touched)
    for model, constraints in row.get_constraints():
        for constraint in constraints:
            if _constraint_fields(constraint) & concerned:
                collect_errors(partial(constraint.validate, model, row, exclude=waiting))
    return errors


def _generated_fields(row: Any, touched: set[str]) -> set[str]:
    """Return the generated columns that are computed from touched fields."""
    return {
        field.name
        for field in row._meta.concrete_fields
        if field.generated and any(isinstance(part, F) and part.name in touched for part in field.expression.flatten())
    }


def _keys_made_on_save(sheet: Sheet, row: Any) -> set[str]:
    """Return the keys that are generated when left empty."""
    return {name for name in ("slug", "key") if not getattr(row, name, "x")} if sheet.matching_fields else set()


def _constraint_fields(constraint: Any) -> set[str]:
    """Return the fields that a constraint concerns."""
    names = set(getattr(constraint, "fields", ()))
    condition = getattr(constraint, "condition", None)
    return names | (condition.referenced_base_fields if condition else set())
