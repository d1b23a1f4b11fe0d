"""Import plan: the effect of each row of a file, new, changed, unchanged, or refused with reasons. Reads only."""

from typing import Any

from entities.history.record_snapshots import historical_field_value
from entities.models import Entity
from entities.numbers import integer_or_none
from entities.vocabulary import Status
from nato_support.exchange.spreadsheets.cells import CLEAR_MARK, TOO_LONG_MARK, unescape_cell
from nato_support.exchange.spreadsheets.file_reader import FileRow, SpreadsheetContents
from nato_support.exchange.spreadsheets.planned_rows import NewRecordReference, PlannedRow, RowOutcome, same_value
from nato_support.exchange.spreadsheets.referenced_register_rows import ReferencedRegisterRows
from nato_support.exchange.spreadsheets.row_validation import fill_in_planned_values, row_validation_errors
from nato_support.exchange.spreadsheets.sheets_and_columns import RECORD_SHEETS, SHEETS_BY_NAME, Sheet, SheetColumn
from sources.models import SourceQuote
from sources.verification import check_quote

ROWS_PER_BATCH = 500
"""Rows planned together."""


def split_into_batches(book: SpreadsheetContents) -> list[list[FileRow]]:
    """Split the rows of a file into batches that are planned together, each of one sheet, in the order of the file."""
    pieces: list[list[FileRow]] = []
    for row in book.rows:
        if not pieces or pieces[-1][0].sheet != row.sheet or len(pieces[-1]) >= ROWS_PER_BATCH:
            pieces.append([])
        pieces[-1].append(row)
    return pieces


class ImportPlanner:
    """Plans the effect of the rows of one file."""

    def __init__(self, book: SpreadsheetContents):
        self.new_references: dict[str, FileRow] = {}
        self.first_rows: dict[tuple[str, str], FileRow] = {}
        self.repeated_row_ids: set[int] = set()
        for row in book.rows:
            sheet = SHEETS_BY_NAME[row.sheet]
            key = _row_identity(sheet, row)
            if key and (row.sheet, key) in self.first_rows:
                self.repeated_row_ids.add(id(row))
            elif key:
                self.first_rows[row.sheet, key] = row
            reference = _reference_to_new_row(sheet, row)
            if reference:
                self.new_references.setdefault(reference, row)

    def plan_rows(self, rows: list[FileRow]) -> list[PlannedRow]:
        """Plan the effect of these rows of one sheet. The number of queries grows with the changes, not with the rows."""
        sheet = SHEETS_BY_NAME[rows[0].sheet]
        register_rows = ReferencedRegisterRows(sheet, rows)
        planned_rows = []
        for row in rows:
            planned = PlannedRow(
                row.sheet, row.number, slug=row.stripped_cell(sheet.leading_columns[0]), reasons=list(row.cell_errors)
            )
            planned.label = planned.slug
            if id(row) in self.repeated_row_ids:
                planned.reasons.append(
                    f"Row {self.first_rows[row.sheet, _row_identity(sheet, row)].number} identifies the same row. Delete one."
                )
            if not planned.reasons:
                self._plan_row(sheet, row, planned, register_rows)
            if planned.writes and (survivor := register_rows.survivors.get(planned.slug)):
                planned.refuse(
                    f"“{planned.slug}” was merged into “{survivor.slug}”. Change that record instead.", sheet.leading_columns[0]
                )
            if planned.reasons:
                planned.outcome = RowOutcome.REFUSED
            planned_rows.append(planned)
        return planned_rows

    def _plan_row(self, sheet: Sheet, row: FileRow, planned: PlannedRow, register_rows: ReferencedRegisterRows):
        if sheet.parent_fields:
            planned.parent = register_rows.parent_keys.get(planned.slug) or self._new_record_reference(
                sheet.parent_model, planned.slug
            )
            if planned.parent is None:
                planned.refuse(
                    f"there is no record “{planned.slug}” of a suitable kind, neither in the register nor in this file.", "record"
                )
                return
        version = row.stripped_cell("version")
        version_number = integer_or_none(version)
        if version and version_number is None:
            planned.refuse(
                f"“{version[:40]}” is not a version. Keep the exported value, or leave it empty for a new row.", "version"
            )
            return
        values = self._stated_values(sheet, row, planned, register_rows)
        had_reasons = bool(planned.reasons)
        current_row = register_rows.matching_row(row, planned, values)
        if planned.reasons and not had_reasons:
            return
        self._note_ignored_cells(sheet, row, planned, current_row)
        if current_row is None:
            planned.new_references = [reference] if (reference := _reference_to_new_row(sheet, row)) else []
            self._plan_new_row(sheet, planned, values, register_rows)
        else:
            self._plan_changed_row(sheet, planned, current_row, values, version_number)

    def _stated_values(
        self, sheet: Sheet, row: FileRow, planned: PlannedRow, register_rows: ReferencedRegisterRows
    ) -> dict[str, Any]:
        """Return field -> snapshot value for the fields that the row states."""
        values: dict[str, Any] = {}
        for name, column in sheet.columns.items():
            cell = row.cells.get(name, "")
            if not cell or cell == TOO_LONG_MARK or column.is_derived:
                continue
            if cell == CLEAR_MARK:
                values[name] = column.empty
                continue
            text = unescape_cell(cell)
            if not column.related:
                try:
                    values[name] = column.parse_cell(text)
                except ValueError as error:
                    planned.refuse(f"{error}.", name)
                continue
            keys = [self._resolve_reference(sheet, column, key, planned, register_rows) for key in column.keys(text)]
            if None not in keys:
                values[name] = sorted(keys, key=str) if column.many else keys[0]
                if column.many and all(isinstance(key, int) for key in keys):
                    values[name] = sorted(set(keys))
        return values

    def _resolve_reference(
        self, sheet: Sheet, column: SheetColumn, key: str, planned: PlannedRow, register_rows: ReferencedRegisterRows
    ) -> int | NewRecordReference | None:
        reference: int | NewRecordReference | None = register_rows.referenced_key(column, key, planned)
        if column.related and issubclass(column.related, Entity) and (survivor := register_rows.survivors.get(key)):
            planned.notes.append(f"{column.name}: “{key}” was merged into “{survivor.slug}”, which is used instead.")
            return survivor.pk
        if reference is None and column.is_within_record:
            address = f"{_slug_namespace(column.related)}/{planned.slug}/{key}"
            reference = {"coming": address} if address in self.new_references else None
        elif reference is None:
            reference = self._new_record_reference(column.related, key)
        if reference is None:
            kind_name = column.related._meta.verbose_name
            planned.refuse(f"there is no {kind_name} “{key[:120]}”, neither in the register nor in this file.", column.name)
        return reference

    def _new_record_reference(self, model: Any, slug: str) -> NewRecordReference | None:
        """Return a reference to the record of `model` that the file adds under this slug, or None."""
        row = self.new_references.get(f"{_slug_namespace(model)}/{slug}") if slug else None
        fits = row is not None and issubclass(SHEETS_BY_NAME[row.sheet].model, model)
        return {"coming": f"{_slug_namespace(model)}/{slug}"} if fits else None

    def _note_ignored_cells(self, sheet: Sheet, row: FileRow, planned: PlannedRow, current_row: Any):
        """Note changes in columns that are only shown."""
        current_cells = sheet.row_cells(current_row) if current_row is not None else {"status": Status.DRAFT}
        read_only_columns = [name for name in sheet.leading_columns if name in ("status", "identifiers")]
        read_only_columns += [name for name, column in sheet.columns.items() if column.is_derived]
        for name in read_only_columns:
            cell = unescape_cell(row.stripped_cell(name))
            if cell and name == "identifiers" and current_row is None:
                planned.notes.append("identifiers: not imported from this column. Use the sheet identifiers.")
            elif cell and cell != current_cells.get(name, "") and not (current_row is None and name != "status"):
                consequence = f"it stays {current_cells[name]}" if current_cells.get(name) else "it stays empty"
                planned.notes.append(f"{name}: read-only, so the change was ignored; {consequence}.")

    def _plan_new_row(self, sheet: Sheet, planned: PlannedRow, values: dict[str, Any], register_rows: ReferencedRegisterRows):
        if not sheet.parent_fields and not planned.slug and not sheet.matching_fields:
            planned.refuse("a new record needs a public id, such as arcadia-air-force.", "slug")
            return
        planned.outcome = RowOutcome.NEW
        planned.after = {name: value for name, value in values.items() if value not in (None, "", [])}
        self._validate_planned_row(sheet, sheet.model(), planned)
        planned.display_values = {
            name: _display_value(value, register_rows, sheet.columns[name]) for name, value in planned.after.items()
        }

    def _plan_changed_row(self, sheet: Sheet, planned: PlannedRow, current_row: Any, values: dict[str, Any], version: int | None):
        current_values = {name: column.snapshot_value(current_row) for name, column in sheet.columns.items()}
        planned.pk, planned.seen = (
            current_row.pk,
            (current_row.history_version or 0) if sheet.parent_fields else current_row.version,
        )
        planned.slug = current_row.parent_slug if sheet.parent_fields else current_row.slug
        planned.label = f"{planned.slug}: {current_row}" if sheet.parent_fields else str(current_row)
        changed_values = {name: value for name, value in values.items() if not same_value(value, current_values[name])}
        if not changed_values:
            return
        if version is None:
            planned.refuse(
                f"is empty, but {planned.slug} is in the register already with a different {', '.join(changed_values)}."
                " Export it and change the exported row, so that nobody's work is overwritten.",
                "version",
            )
            return
        if version != planned.seen:
            changed_values = _merge_with_later_changes(
                sheet, planned, current_row, current_values, changed_values, values, version
            )
        if not changed_values or planned.reasons:
            return
        planned.outcome, planned.before, planned.after = RowOutcome.CHANGED, current_values, changed_values
        self._validate_planned_row(sheet, current_row, planned)

    def _validate_planned_row(self, sheet: Sheet, row: Any, planned: PlannedRow):
        planned.reasons += row_validation_errors(sheet, fill_in_planned_values(sheet, row, planned), planned)
        if isinstance(row, SourceQuote) and row.document_id and not planned.reasons:
            finding = check_quote(row)
            if not finding:
                planned.notes.append(f"The passage {finding.explanation}. It could not be published like this.")


def _merge_with_later_changes(
    sheet: Sheet, planned: PlannedRow, current_row: Any, current_values: dict, changed_values: dict, values: dict, version: int
) -> dict[str, Any]:
    """Return the values that the file itself changed since its version; refuse the row where somebody else changed them too."""
    history_rows = _history_since(sheet, current_row, version)
    if history_rows is None:
        planned.refuse(f"{version} is not in the history of {planned.slug}. Export again.", "version")
        return {}
    base_values = {name: historical_field_value(history_rows[0], column.field) for name, column in sheet.columns.items()}
    own_changes = {name: value for name, value in changed_values.items() if not same_value(value, base_values[name])}
    later_changes = {name for name in base_values if not same_value(base_values[name], current_values[name])}
    groups = [set(group) for group in (*sheet.model.FIELD_GROUPS, *((name,) for name in base_values))]
    conflicts = sorted(
        {name for group in groups if group & own_changes.keys() and group & later_changes for name in group & later_changes}
    )
    authors = _authors_phrase(history_rows)
    if not conflicts:
        if own_changes and later_changes:
            planned.notes.append(f"{authors} changed {', '.join(sorted(later_changes))} meanwhile; that is kept.")
        elif changed_values and not own_changes:
            planned.notes.append(f"{authors} changed {', '.join(sorted(changed_values))} since this file was made; that is kept.")
        return own_changes
    texts = sheet.row_cells(current_row)
    current_texts = "; ".join(
        f"{name} is now “{texts[name][:120]}”" if texts[name] else f"{name} is now empty" for name in conflicts
    )
    planned.refuse(
        f"{authors} changed this since version {version}: {current_texts}. To change it still, take over what you want and write"
        f" {planned.seen} into the column version; or delete the row."
    )
    return {}


def _history_since(sheet: Sheet, current_row: Any, version: int) -> list[Any] | None:
    """Return the history row of that version and all later ones; None if there is none."""
    order = {sheet.model._meta.pk.attname: current_row.pk}
    rows = list(sheet.model.history.filter(**order).select_related("history_user").order_by("history_id"))
    rows_up_to_version = [row for row in rows if (row.history_id if sheet.parent_fields else row.version) <= version]
    if not rows_up_to_version or version > (current_row.history_version or 0 if sheet.parent_fields else current_row.version):
        return None
    return [rows_up_to_version[-1], *rows[len(rows_up_to_version) :]]


def _authors_phrase(history_rows: list[Any]) -> str:
    names = {str(row.history_user) for row in history_rows[1:] if row.history_user}
    return " and ".join(sorted(names)) or "Somebody"


def _slug_namespace(model: Any) -> str:
    """Return the name under which models share their slugs."""
    return "entity" if issubclass(model, Entity) else str(model._meta.model_name)


def _reference_to_new_row(sheet: Sheet, row: FileRow) -> str:
    """Return the reference by which other rows may refer to the record that this one adds."""
    slug = row.stripped_cell(sheet.leading_columns[0])
    if sheet in RECORD_SHEETS:
        return f"{_slug_namespace(sheet.model)}/{slug}" if slug else ""
    key = row.stripped_cell("key")
    return f"{_slug_namespace(sheet.model)}/{slug}/{key}" if slug and key else ""


def _row_identity(sheet: Sheet, row: FileRow) -> str:
    """Return a key that is equal for two rows about the same thing."""
    if sheet in RECORD_SHEETS:
        slug = row.stripped_cell("slug")
        matching_cells = [row.stripped_cell(name) for name in sheet.matching_fields]
        return slug or ("\n".join(matching_cells) if any(matching_cells) else row.stripped_cell("identifiers"))
    if row.stripped_cell("row"):
        return f"row {row.stripped_cell('row')}"
    record = "" if sheet.name == "identifiers" else row.stripped_cell("record")
    matching_cells = [row.stripped_cell(name) for name in sheet.matching_fields]
    if all(matching_cells):
        return "\n".join([record, *matching_cells])
    return "\n".join([row.stripped_cell("record"), *(row.stripped_cell(name) for name in sheet.columns)])


def _display_value(value: Any, register_rows: ReferencedRegisterRows, column: SheetColumn) -> str:
    """Return a value of a new row as its editor wrote it."""
    values = value if isinstance(value, list) else [value]
    if not column.related:
        return str(dict(column.field.flatchoices).get(value, value))
    slugs = {pk: slug for slug, pk in register_rows.references.get(column.name, {}).items()}
    slugs |= {pk: key for (model, _, key), pk in register_rows.keys_within_records.items() if model is column.related}
    return ", ".join(
        item["coming"].rpartition("/")[2] if isinstance(item, dict) else slugs.get(item, str(item)) for item in values
    )
