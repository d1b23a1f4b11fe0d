"""Planned rows of an import as the preview shows them: new values, and differences from the register."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from entities.history.record_snapshots import ChildRow, FieldChange, RecordDifference, RecordSnapshot, RowChange
from nato_support.desk.records.difference_display import display_differences
from nato_support.desk.records.displayed_differences import DisplayedDifference
from nato_support.exchange.spreadsheets.planned_rows import PlannedRow, RowOutcome
from nato_support.exchange.spreadsheets.sheets_and_columns import SHEETS_BY_NAME


@dataclass(frozen=True)
class DisplayedPlannedRow:
    """A planned row with labels for its fields; `difference` is None for rows that change nothing existing."""

    row: PlannedRow
    difference: DisplayedDifference | None

    @property
    def new_values(self) -> list[tuple[str, str]]:
        """Labels and values of the fields of a new row."""
        is_new = self.row.outcome == RowOutcome.NEW
        return [(self._column_label(name), value) for name, value in self.row.display_values.items()] if is_new else []

    @property
    def awaited_records(self) -> list[tuple[str, str]]:
        """Labels of the fields of a changed row that name records which the same file adds, with the slugs of these."""
        is_changed = self.row.outcome == RowOutcome.CHANGED
        return [(self._column_label(name), slug) for name, slug in self.row.awaited_fields] if is_changed else []

    @property
    def reasons(self) -> list[str]:
        """Reasons for refusing the row, with the labels of the columns that they concern."""
        return [self._label_column(reason) for reason in self.row.reasons]

    @property
    def notes(self) -> list[str]:
        """Remarks on the row, with the labels of the columns that they concern."""
        return [self._label_column(note) for note in self.row.notes]

    def _label_column(self, message: str) -> str:
        """Return a message with its column's label before the header in the file: Public id (slug): a new record needs one."""
        name, separator, text = message.partition(": ")
        if not separator or name not in SHEETS_BY_NAME[self.row.sheet].header:
            return message
        label = self._column_label(name)
        return f"{label}: {text}" if label.lower() == name else f"{label} ({name}): {text}"

    def _column_label(self, name: str) -> str:
        try:
            return capfirst(str(SHEETS_BY_NAME[self.row.sheet].model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        except FieldDoesNotExist:
            return capfirst(name.replace("_", " "))


def display_planned_rows(rows: list[PlannedRow], user) -> list[DisplayedPlannedRow]:
    """Return the rows as `user` may see them, in a constant number of queries."""
    changed = [row for row in rows if row.outcome == RowOutcome.CHANGED]
    differences = display_differences([_row_difference(row) for row in changed], user=user)
    difference_by_row = dict(zip(map(id, changed), differences, strict=True))
    return [DisplayedPlannedRow(row, difference_by_row.get(id(row))) for row in rows]


def _row_difference(row: PlannedRow) -> RecordDifference:
    """Return what a row changes, as if saved; values that wait for new rows of the same file are not in it."""
    sheet = SHEETS_BY_NAME[row.sheet]
    model: Any = sheet.model
    after = row.before | row.known_values
    changes = tuple(FieldChange(name, row.before[name], after[name]) for name in sheet.columns if name in row.known_values)
    if sheet.parent_model is None:
        snapshots = [RecordSnapshot(model, row.pk or 0, values, {}) for values in (row.before, after)]
        return RecordDifference(snapshots[0], snapshots[1], changes, ())
    child_rows = [ChildRow(model, row.pk or 0, values) for values in (row.before, after)]
    snapshots = [RecordSnapshot(sheet.parent_model, row.parent, {}, {child.address: child}) for child in child_rows]
    row_changes = (RowChange(child_rows[0], child_rows[1], changes),) if changes else ()
    return RecordDifference(snapshots[0], snapshots[1], (), row_changes)
