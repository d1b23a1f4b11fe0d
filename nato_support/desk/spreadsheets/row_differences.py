"""Differences between planned rows of an import and the register, as the preview shows them."""

from typing import Any

from entities.history.record_snapshots import ChildRow, FieldChange, RecordDifference, RecordSnapshot, RowChange
from nato_support.desk.records.difference_display import display_differences
from nato_support.desk.records.displayed_differences import DisplayedDifference
from nato_support.exchange.spreadsheets.columns import SHEETS_BY_NAME
from nato_support.exchange.spreadsheets.import_plan import RowOutcome, SheetRow


def rows_with_differences(rows: list[SheetRow], user) -> list[tuple[SheetRow, DisplayedDifference | None]]:
    """Pair each row with its difference as `user` may see it; rows that change nothing existing get None."""
    changed = [row for row in rows if row.outcome == RowOutcome.CHANGED]
    displayed = display_differences([_row_difference(row) for row in changed], user=user)
    displayed_by_row = dict(zip(map(id, changed), displayed, strict=True))
    return [(row, displayed_by_row.get(id(row))) for row in rows]


def _row_difference(row: SheetRow) -> RecordDifference:
    """Return what a row changes, as if saved; values that wait for new rows of the same file are not in it."""
    sheet = SHEETS_BY_NAME[row.sheet]
    model: Any = sheet.model
    after = row.before | row.known_values
    changes = tuple(FieldChange(name, row.before[name], after[name]) for name in sheet.columns if name in row.known_values)
    if sheet.whole is None:
        snapshots = [RecordSnapshot(model, row.pk or 0, values, {}) for values in (row.before, after)]
        return RecordDifference(snapshots[0], snapshots[1], changes, ())
    parent = RecordSnapshot(sheet.whole, row.whole, {}, {})
    child_rows = [ChildRow(model, row.pk or 0, values) for values in (row.before, after)]
    row_changes = (RowChange(child_rows[0], child_rows[1], changes),) if changes else ()
    return RecordDifference(parent, parent, (), row_changes)
