"""Import of planned rows: all rows in one transaction and one change, saved under the rules of the models."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from entities.models import change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused, Stale
from entities.row_writing import insert_row, set_many_to_many, update_row
from entities.vocabulary import Action
from nato_support.exchange.spreadsheets.planned_rows import PlannedRow, RowOutcome, new_record_references
from nato_support.exchange.spreadsheets.row_validation import fill_in_planned_values, row_validation_errors
from nato_support.exchange.spreadsheets.sheets_and_columns import SHEETS_BY_NAME, Sheet
from sources.models import SourceQuote
from sources.verification import verify_quotes


class RowRefused(Refused):
    """A row of the spreadsheet cannot be written, and nothing was."""

    def __init__(self, row: PlannedRow, reasons: Sequence[str]):
        super().__init__([f"{row.sheet}, row {row.number}: {' '.join(reasons)}"])


def write_planned_rows(
    planned_rows: Sequence[PlannedRow], by: Any = None, reason: str = "", on_progress: Callable[[int], None] = lambda done: None
) -> int:
    """Write the planned rows, all or none, and return how many were written; `on_progress` is called with the count so far.

    Raises Stale if a row was saved since the plan was made, and RowRefused if a row now breaks a rule.
    """
    rows_to_write = [row for row in planned_rows if row.writes]
    refused = next((row for row in planned_rows if row.outcome == RowOutcome.REFUSED), None)
    if refused:
        raise RowRefused(refused, refused.reasons)
    with transaction.atomic(), change_set(by=by, action=Action.IMPORT, reason=reason):
        locked_rows = _lock_planned_rows(rows_to_write)
        new_keys: dict[str, int] = {}
        written_count = 0
        for sheet in SHEETS_BY_NAME.values():
            remaining = [row for row in rows_to_write if row.sheet == sheet.name]
            while remaining:
                ready = [row for row in remaining if _awaited_references(row) <= new_keys.keys()]
                if not ready:
                    raise RowRefused(
                        remaining[0], ["It depends on rows of this file that depend on it. Import one of them first."]
                    )
                for row in ready:
                    _write_row(sheet, row, locked_rows.get((sheet.name, row.pk)), new_keys, by)
                    written_count += 1
                    if not written_count % 50:
                        on_progress(written_count)
                written = {id(row) for row in ready}
                remaining = [row for row in remaining if id(row) not in written]
        on_progress(written_count)
    return written_count


def _lock_planned_rows(planned_rows: Sequence[PlannedRow]) -> dict[tuple[str, int | None], Any]:
    """Lock the rows to be changed until the transaction ends, and load them. Raises Stale."""
    locked_rows: dict[tuple[str, int | None], Any] = {}
    versions_by_sheet: dict[str, dict[int, int | None]] = defaultdict(dict)
    for planned in planned_rows:
        if planned.pk:
            versions_by_sheet[planned.sheet][planned.pk] = planned.seen
    for name, versions in versions_by_sheet.items():
        sheet = SHEETS_BY_NAME[name]
        model = sheet.parent_model or sheet.model
        keys = sorted(versions)
        for start in range(0, len(keys), 500):
            batch = keys[start : start + 500]
            records: Any = model._default_manager.order_by("pk")
            # Saving a child row touches its record first, so locking the record locks its children.
            records = (
                records.filter(pk__in=sheet.model._default_manager.filter(pk__in=batch).values(sheet.parent_fields[0]))
                if sheet.parent_model
                else (records.filter(pk__in=batch))
            )
            lock_rows((model, pk) for pk in records.values_list("pk", flat=True))
            rows = sheet.annotated_rows().in_bulk(batch)
            for key in batch:
                row = rows.get(key)
                if row is None or ((row.history_version or 0) if sheet.parent_model else row.version) != versions[key]:
                    raise Stale("Somebody saved one of these rows meanwhile.")
                locked_rows[name, key] = row
    return locked_rows


def _awaited_references(planned: PlannedRow) -> set[str]:
    """Return the references of the rows of the file that must be written before this one."""
    return {
        reference["coming"] for value in (planned.parent, *planned.after.values()) for reference in new_record_references(value)
    }


def _write_row(sheet: Sheet, planned: PlannedRow, current_row: Any, new_keys: dict[str, int], by: Any):
    row = fill_in_planned_values(sheet, current_row or sheet.model(), planned, new_keys)
    reasons = row_validation_errors(sheet, row, planned, new_keys)
    if reasons:
        raise RowRefused(planned, reasons)
    if current_row is None:
        insert_row(row, by)
    else:
        update_row(row, by)
    set_many_to_many(
        row,
        {
            name: [new_keys[key["coming"]] if isinstance(key, dict) else key for key in value]
            for name, value in planned.after.items()
            if sheet.columns[name].many
        },
    )
    if isinstance(row, SourceQuote):
        verify_quotes([row])
    for address in planned.new_references:
        new_keys[address] = row.pk
