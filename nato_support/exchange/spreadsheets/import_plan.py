"""What each row of a file would do: new, changed, unchanged, or refused and why. Reads the register and writes nothing."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, TextChoices

from entities.models import Entity, Identifier, Measure
from entities.vocabulary import IdentifierScheme, Status
from nato_support.exchange.spreadsheets.cells import CLEAR_MARK, TOO_LONG_MARK, unescape_cell
from nato_support.exchange.spreadsheets.columns import KEY_SEPARATOR, RECORD_SHEETS, SHEETS_BY_NAME, Sheet, SheetColumn
from nato_support.exchange.spreadsheets.file_reader import FileRow, SpreadsheetContents
from sources.models import SourceQuote
from sources.verification import check_quote

ROWS_PER_BATCH = 500
"""Rows that are looked at together."""

_VERSION_NUMBER = re.compile(r"[0-9]{1,15}")


class RowOutcome(TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


NewRecordReference = dict[str, str]
"""{"coming": "entity/arcadia"}: a record that the file itself adds, which has no key in the database yet."""


@dataclass
class SheetRow:
    """What one row would do. `before` and `after` are plain values of its fields, as snapshots hold them."""

    sheet: str
    number: int
    label: str = ""
    outcome: str = RowOutcome.UNCHANGED
    reasons: list[str] = field(default_factory=list)
    """Why it is refused."""
    refused: list[str] = field(default_factory=list)
    """Fields that a reason is about."""
    notes: list[str] = field(default_factory=list)
    """What its editor should know."""
    pk: int | None = None
    seen: int | None = None
    """The version of the record, or the newest history of the part, that this was found out from."""
    whole: Any = None
    """Of a part: the key of its record, or the record as Coming."""
    slug: str = ""
    """Of a record: its public id. Of a part: that of its record."""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    """Only what the row changes."""
    told: dict[str, str] = field(default_factory=dict)
    """The values of a new row as they are shown."""
    new_references: list[str] = field(default_factory=list)
    """What other rows of the file may call a new one."""

    def refuse(self, reason: str, field: str = ""):
        self.reasons.append(f"{field}: {reason}" if field else reason)
        self.refused += [field] if field else []
        self.outcome = RowOutcome.REFUSED

    @property
    def known_values(self) -> dict[str, Any]:
        """What of `after` is in the register already, and no row that the file adds."""
        return {name: value for name, value in self.after.items() if not new_record_references(value)}

    @property
    def awaited_fields(self) -> list[tuple[str, str]]:
        """Field and slug of each row of the file that `after` names."""
        return [
            (name, one["coming"].rpartition("/")[2]) for name, value in self.after.items() for one in new_record_references(value)
        ]

    @property
    def writes(self) -> bool:
        return self.outcome in (RowOutcome.NEW, RowOutcome.CHANGED)


def batch_rows(book: SpreadsheetContents) -> list[list[FileRow]]:
    """The rows of a file in pieces that are planned together: each of one sheet, in the order of the file."""
    pieces: list[list[FileRow]] = []
    for row in book.rows:
        if not pieces or pieces[-1][0].sheet != row.sheet or len(pieces[-1]) >= ROWS_PER_BATCH:
            pieces.append([])
        pieces[-1].append(row)
    return pieces


class ImportPlan:
    """Finds out what the rows of one file would do."""

    def __init__(self, book: SpreadsheetContents):
        self.new_references: dict[str, FileRow] = {}
        self.twice: dict[tuple[str, str], FileRow] = {}
        self.repeated_row_ids: set[int] = set()
        for row in book.rows:
            sheet = SHEETS_BY_NAME[row.sheet]
            key = _row_identity(sheet, row)
            if key and (row.sheet, key) in self.twice:
                self.repeated_row_ids.add(id(row))
            elif key:
                self.twice[row.sheet, key] = row
            address = _row_reference(sheet, row)
            if address:
                self.new_references.setdefault(address, row)

    def lines(self, rows: list[FileRow]) -> list[SheetRow]:
        """What these rows of one sheet would do. A number of queries that grows with what changes, not with the rows."""
        sheet = SHEETS_BY_NAME[rows[0].sheet]
        found = _RegisterRows(sheet, rows)
        lines = []
        for row in rows:
            line = SheetRow(row.sheet, row.number, slug=_cell_text(row, sheet.leading_columns[0]), reasons=list(row.cell_errors))
            line.label = line.slug
            if id(row) in self.repeated_row_ids:
                line.reasons.append(
                    f"Row {self.twice[row.sheet, _row_identity(sheet, row)].number} is about the same. Delete one."
                )
            if not line.reasons:
                self._plan_row(sheet, row, line, found)
            if line.writes and (survivor := found.survivors.get(line.slug)):
                line.refuse(f"“{line.slug}” was merged into “{survivor.slug}”. Change that one.", sheet.leading_columns[0])
            if line.reasons:
                line.outcome = RowOutcome.REFUSED
            lines.append(line)
        return lines

    def _plan_row(self, sheet: Sheet, row: FileRow, line: SheetRow, found: "_RegisterRows"):
        if sheet.wholes:
            line.whole = found.wholes.get(line.slug) or self._new_record_reference(sheet.whole, line.slug)
            if line.whole is None:
                line.refuse(
                    f"there is no record “{line.slug}” of a fitting kind, neither in the register nor in this file.", "record"
                )
                return
        version = _cell_text(row, "version")
        if version and not _VERSION_NUMBER.fullmatch(version):
            line.refuse(f"“{version[:40]}” is not one. Leave what the export says, or empty it for a new row.", "version")
            return
        values = self._stated_values(sheet, row, line, found)
        doubtful = bool(line.reasons)
        known = found.row(row, line, values)
        if line.reasons and not doubtful:
            return
        self._note_ignored_cells(sheet, row, line, known)
        if known is None:
            line.new_references = [address] if (address := _row_reference(sheet, row)) else []
            self._plan_new_row(sheet, line, values, found)
        else:
            self._plan_changed_row(sheet, line, known, values, int(version) if version else None)

    def _stated_values(self, sheet: Sheet, row: FileRow, line: SheetRow, found: "_RegisterRows") -> dict[str, Any]:
        """Field -> plain value that the row states."""
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
                    line.refuse(f"{error}.", name)
                continue
            keys = [self._resolve_reference(sheet, column, key, line, found) for key in column.keys(text)]
            if None not in keys:
                values[name] = sorted(keys, key=str) if column.many else keys[0]
                if column.many and all(isinstance(key, int) for key in keys):
                    values[name] = sorted(set(keys))
        return values

    def _resolve_reference(
        self, sheet: Sheet, column: SheetColumn, key: str, line: SheetRow, found: "_RegisterRows"
    ) -> int | NewRecordReference | None:
        known: int | NewRecordReference | None = found.reference(column, key, line)
        if column.related and issubclass(column.related, Entity) and (survivor := found.survivors.get(key)):
            line.notes.append(f"{column.name}: “{key}” was merged into “{survivor.slug}”, which takes its place.")
            return survivor.pk
        if known is None and column.related is Measure:
            known = {"coming": f"measure/{line.slug}/{key}"} if f"measure/{line.slug}/{key}" in self.new_references else None
        elif known is None:
            known = self._new_record_reference(column.related, key)
        if known is None:
            what = column.related._meta.verbose_name
            line.refuse(f"there is no {what} “{key[:120]}”, neither in the register nor in this file.", column.name)
        return known

    def _new_record_reference(self, model: Any, slug: str) -> NewRecordReference | None:
        """The record of `model` that the file adds under this slug."""
        row = self.new_references.get(f"{_slug_namespace(model)}/{slug}") if slug else None
        fits = row is not None and issubclass(SHEETS_BY_NAME[row.sheet].model, model)
        return {"coming": f"{_slug_namespace(model)}/{slug}"} if fits else None

    def _note_ignored_cells(self, sheet: Sheet, row: FileRow, line: SheetRow, known: Any):
        """Says of cells that are only shown that they were changed for nothing."""
        there = sheet.cells(known) if known is not None else {"status": Status.DRAFT}
        shown = [name for name in sheet.leading_columns if name in ("status", "identifiers")]
        shown += [name for name, column in sheet.columns.items() if column.is_derived]
        for name in shown:
            cell = unescape_cell(_cell_text(row, name))
            if cell and name == "identifiers" and known is None:
                line.notes.append("identifiers: not taken in from here. Put them into the sheet identifiers.")
            elif cell and cell != there.get(name, "") and not (known is None and name != "status"):
                stays = f"it stays {there[name]}" if there.get(name) else "it stays empty"
                line.notes.append(f"{name}: is only shown and was not taken in; {stays}.")

    def _plan_new_row(self, sheet: Sheet, line: SheetRow, values: dict[str, Any], found: "_RegisterRows"):
        if not sheet.wholes and not line.slug and not sheet.matching_fields:
            line.refuse("a new record needs one, such as arcadia-air-force.", "slug")
            return
        line.outcome = RowOutcome.NEW
        line.after = {name: value for name, value in values.items() if value not in (None, "", [])}
        self._validate_planned_row(sheet, sheet.model(), line)
        line.told = {name: _display_value(value, found, sheet.columns[name]) for name, value in line.after.items()}

    def _plan_changed_row(self, sheet: Sheet, line: SheetRow, known: Any, values: dict[str, Any], version: int | None):
        now = {name: column.plain(known) for name, column in sheet.columns.items()}
        line.pk, line.seen = known.pk, (known.stamp or 0) if sheet.wholes else known.version
        line.slug = known.slug_of_whole if sheet.wholes else known.slug
        line.label = f"{line.slug}: {known}" if sheet.wholes else str(known)
        wanted = {name: value for name, value in values.items() if not _same_value(value, now[name])}
        if not wanted:
            return
        if version is None:
            line.refuse(
                f"is empty, and {line.slug} is in the register already with another {', '.join(wanted)}."
                " Export it and change that, so that nobody's work is overwritten.",
                "version",
            )
            return
        if version != line.seen:
            wanted = _merge_with_later_changes(sheet, line, known, now, wanted, values, version)
        if not wanted or line.reasons:
            return
        line.outcome, line.before, line.after = RowOutcome.CHANGED, now, wanted
        self._validate_planned_row(sheet, known, line)

    def _validate_planned_row(self, sheet: Sheet, row: Any, line: SheetRow):
        line.reasons += row_validation_errors(sheet, fill_row(sheet, row, line), line)
        if isinstance(row, SourceQuote) and row.document_id and not line.reasons:
            finding = check_quote(row)
            if not finding:
                line.notes.append(f"The passage {finding.explanation}. It could not be published like this.")


def _merge_with_later_changes(
    sheet: Sheet, line: SheetRow, known: Any, now: dict, wanted: dict, values: dict, version: int
) -> dict[str, Any]:
    """What of `wanted` the file really changed since its version; refused where somebody else changed that too."""
    past = _history_since(sheet, known, version)
    if past is None:
        line.refuse(f"{version} of {line.slug} is not in its history. Export again.", "version")
        return {}
    base = _historic_values(sheet, past[0])
    mine = {name: value for name, value in wanted.items() if not _same_value(value, base[name])}
    theirs = {name for name in base if not _same_value(base[name], now[name])}
    units = [set(unit) for unit in (*sheet.model.FIELD_GROUPS, *((name,) for name in base))]
    clash = sorted({name for unit in units if unit & mine.keys() and unit & theirs for name in unit & theirs})
    by = _authors_phrase(past)
    if not clash:
        if mine and theirs:
            line.notes.append(f"{by} changed {', '.join(sorted(theirs))} meanwhile; that is kept.")
        elif wanted and not mine:
            line.notes.append(f"{by} changed {', '.join(sorted(wanted))} since this file was made; that is kept.")
        return mine
    texts = sheet.cells(known)
    told = "; ".join(f"{name} is now “{texts[name][:120]}”" if texts[name] else f"{name} is now empty" for name in clash)
    line.refuse(
        f"{by} changed this since version {version}: {told}. To change it still, take over what you want and write"
        f" {line.seen} into the column version; or delete the row."
    )
    return {}


def _history_since(sheet: Sheet, known: Any, version: int) -> list[Any] | None:
    """The row of history of that version, and those after it; None if there is none."""
    order = {sheet.model._meta.pk.attname: known.pk}
    rows = list(sheet.model.history.filter(**order).select_related("history_user").order_by("history_id"))
    upto = [row for row in rows if (row.history_id if sheet.wholes else row.version) <= version]
    if not upto or version > (known.stamp or 0 if sheet.wholes else known.version):
        return None
    return [upto[-1], *rows[len(upto) :]]


def _historic_values(sheet: Sheet, then: Any) -> dict[str, Any]:
    values = {}
    for name, column in sheet.columns.items():
        if column.many:
            through = column.field.remote_field.through
            other = through._meta.get_field(column.field.m2m_reverse_field_name()).attname
            values[name] = sorted(getattr(then, name).values_list(other, flat=True))
        else:
            values[name] = column.to_snapshot_value(getattr(then, column.field.attname))
    return values


def _authors_phrase(past: list[Any]) -> str:
    names = {str(row.history_user) for row in past[1:] if row.history_user}
    return " and ".join(sorted(names)) or "Somebody"


def _same_value(one: Any, other: Any) -> bool:
    """Whether two plain values are one; line ends are as the program likes that saved the file."""
    if one in (None, "", []) or other in (None, "", []):
        return one in (None, "", []) and other in (None, "", [])
    if isinstance(one, str) and isinstance(other, str):
        return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
    return one == other


class _RegisterRows:
    """What the register holds of all that some rows of one sheet name, in a constant number of queries."""

    def __init__(self, sheet: Sheet, rows: list[FileRow]):
        self.sheet = sheet
        slugs = {slug for row in rows if (slug := _cell_text(row, sheet.leading_columns[0]))}
        self.wholes: dict[str, int] = {}
        self.by_slug: dict[str, Any] = {}
        self.by_pk: dict[int, Any] = {}
        self.by_matching_fields: dict[tuple, Any] = {}
        self.children_of_parent: dict[str, list[Any]] = defaultdict(list)
        self.by_identifier: dict[str, str] = {}
        self.identifier_owners: dict[str, str] = {}
        if sheet.wholes:
            whole: Any = sheet.whole
            self.wholes = dict(whole._default_manager.filter(slug__in=slugs).values_list("slug", "pk"))
            if sheet.model is Identifier:
                values = {unescape_cell(_cell_text(row, "value")) for row in rows}
                self.identifier_owners = {
                    str(one): one.entity.slug for one in Identifier.objects.filter(value__in=values).select_related("entity")
                }
            for part in sheet.rows().filter(**{f"{sheet.wholes[0]}__in": self.wholes.values()}):
                self.children_of_parent[part.slug_of_whole].append(part)
                self.by_pk[part.pk] = part
        else:
            self.by_slug = {record.slug: record for record in sheet.rows().filter(slug__in=slugs)}
            self._find_records_without_slug(rows)
        self.references = {
            column.name: self._referenced_keys(column, rows)
            for column in sheet.columns.values()
            if column.related and column.related is not Measure
        }
        about_entities = sheet.wholes or issubclass(sheet.model, Entity)
        named = {
            key
            for column in sheet.columns.values()
            if column.related and issubclass(column.related, Entity)
            for key in self.references[column.name]
        }
        self.survivors = _merge_survivors(named | (slugs if about_entities else set()))

    def _referenced_keys(self, column: SheetColumn, rows: Iterable[FileRow]) -> dict[str, int]:
        keys = {key for row in rows if (cell := row.cells.get(column.name)) for key in column.keys(unescape_cell(cell))}
        related: Any = column.related
        return dict(related._default_manager.filter(slug__in=keys).values_list("slug", "pk"))

    def _find_records_without_slug(self, rows: Iterable[FileRow]):
        """Records that rows without a slug mean: by an identifier, or by what makes them the same."""
        unnamed = [row for row in rows if not _cell_text(row, "slug")]
        if not unnamed:
            return
        if "identifiers" in self.sheet.leading_columns:
            named = {one for row in unnamed for one in _parse_identifiers(row)}
            found = Identifier.objects.filter(value__in={value for _, value in named}).select_related("entity")
            self.by_identifier = {str(one): one.entity.slug for one in found if (one.scheme, one.value) in named}
            known = self.sheet.rows().filter(slug__in=self.by_identifier.values())
            self.by_slug |= {record.slug: record for record in known}

    def reference(self, column: SheetColumn, key: str, line: SheetRow) -> int | None:
        if column.related is Measure:
            return next((part.pk for part in self.children_of_parent.get(line.slug, ()) if part.key == key), None)
        return self.references[column.name].get(key)

    def row(self, row: FileRow, line: SheetRow, values: dict[str, Any]) -> Any:
        """The row of the register that `row` means; None for a new one. Refuses what is about two at once."""
        if self.sheet.wholes:
            return self._matching_child(row, line, values)
        if line.slug:
            return self.by_slug.get(line.slug)
        if "identifiers" in self.sheet.leading_columns:
            slugs = {self.by_identifier[f"{s}:{v}"] for s, v in _parse_identifiers(row) if f"{s}:{v}" in self.by_identifier}
            if len(slugs) > 1:
                line.refuse(f"they belong to several records: {', '.join(sorted(slugs))}. Give the slug.", "identifiers")
            known = self.by_slug.get(slugs.pop()) if len(slugs) == 1 else None
            if known is None and not line.reasons:
                line.refuse("a new record needs one, such as arcadia-air-force.", "slug")
            return known
        stated = {name: values.get(name, self.sheet.columns[name].empty) for name in self.sheet.matching_fields}
        if any(isinstance(value, dict) for value in stated.values()):
            return None
        columns = {self.sheet.columns[name].field.attname: value for name, value in stated.items()}
        return self.sheet.rows().filter(**columns).first()

    def _matching_child(self, row: FileRow, line: SheetRow, values: dict[str, Any]) -> Any:
        number = _cell_text(row, "row")
        if number:
            known = self.by_pk.get(int(number)) if _VERSION_NUMBER.fullmatch(number) else None
            if known is None or known.slug_of_whole != line.slug:
                line.refuse(
                    f"{line.slug} has no row {number[:20]} in {self.sheet.name}. Leave row and version empty to add it.", "row"
                )
                return None
            return known
        stated = f"{values.get('scheme')}:{values.get('value')}"
        if self.identifier_owners.get(stated, line.slug) != line.slug:
            line.refuse(f"{stated} is {self.identifier_owners[stated]}'s. Is it the same record? Then use its slug.", "value")
            return None
        siblings = self.children_of_parent.get(line.slug, [])
        nature = {name: values.get(name) for name in self.sheet.matching_fields}
        if all(value not in (None, "") for value in nature.values()):
            return next(
                (p for p in siblings if all(_same_value(nature[n], self.sheet.columns[n].plain(p)) for n in nature)), None
            )
        # Without a key it is the one that says just the same, so that a file given twice adds nothing twice.
        return next(
            (p for p in siblings if values and all(_same_value(v, self.sheet.columns[n].plain(p)) for n, v in values.items())),
            None,
        )


def _merge_survivors(slugs: set[str]) -> dict[str, Entity]:
    """What those of `slugs` that are signposts by now lead to."""
    found: dict[str, Entity] = {}
    for merged in Entity.objects.filter(slug__in=slugs).exclude(merged_into=None).select_related("merged_into"):
        survivor = merged
        while survivor.merged_into is not None:
            survivor = survivor.merged_into
        found[merged.slug] = survivor
    return found


def new_record_references(value: Any) -> list[NewRecordReference]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _parse_identifiers(row: FileRow) -> list[tuple[str, str]]:
    cell = unescape_cell(row.cells.get("identifiers", ""))
    pairs = [one.strip().partition(":") for one in cell.split(KEY_SEPARATOR.strip()) if one.strip()]
    return [(scheme, value) for scheme, _, value in pairs if scheme in IdentifierScheme.values and value]


def _cell_text(row: FileRow, name: str) -> str:
    return row.cells.get(name, "").strip()


def _slug_namespace(model: Any) -> str:
    """The models that share their slugs."""
    return "entity" if issubclass(model, Entity) else str(model._meta.model_name)


def _row_reference(sheet: Sheet, row: FileRow) -> str:
    """What other rows may call what this one adds."""
    slug = _cell_text(row, sheet.leading_columns[0])
    if sheet in RECORD_SHEETS:
        return f"{_slug_namespace(sheet.model)}/{slug}" if slug else ""
    key = _cell_text(row, "key")
    return f"measure/{slug}/{key}" if sheet.model is Measure and slug and key else ""


def _row_identity(sheet: Sheet, row: FileRow) -> str:
    """Two rows with the same one are about the same."""
    if sheet in RECORD_SHEETS:
        slug = _cell_text(row, "slug")
        nature = [_cell_text(row, name) for name in sheet.matching_fields]
        return slug or ("\n".join(nature) if any(nature) else _cell_text(row, "identifiers"))
    if _cell_text(row, "row"):
        return f"row {_cell_text(row, 'row')}"
    whole = "" if sheet.name == "identifiers" else _cell_text(row, "record")
    nature = [_cell_text(row, name) for name in sheet.matching_fields]
    if all(nature):
        return "\n".join([whole, *nature])
    return "\n".join([_cell_text(row, "record"), *(_cell_text(row, name) for name in sheet.columns)])


# What the models say


def fill_row(sheet: Sheet, row: Any, line: SheetRow, made: dict[str, int] | None = None) -> Any:
    """`row` with the values of `line`; those of rows that the file adds from `made`, as far as they are there."""
    made = made or {}
    if sheet.wholes:
        whole = made.get(line.whole["coming"]) if isinstance(line.whole, dict) else line.whole
        setattr(row, f"{sheet.wholes[0]}_id", whole)
    elif line.slug and row.pk is None:
        row.slug = line.slug
    for name, value in line.after.items():
        column = sheet.columns[name]
        if column.many:
            continue
        if isinstance(value, dict):
            value = made.get(value["coming"])
        setattr(row, column.field.attname, value if column.related or value is None else column.field.to_python(value))
    return row


def row_validation_errors(sheet: Sheet, row: Any, line: SheetRow, made: dict[str, int] | None = None) -> list[str]:
    """What the rules of the model say of the fields that `line` touches, each as `field: what`.

    Fields that wait for other rows of the file are left out until these are there (`made`).
    """
    made = made or {}
    waiting = {name for name, value in line.after.items() if isinstance(value, dict) and value["coming"] not in made}
    if isinstance(line.whole, dict) and line.whole["coming"] not in made:
        waiting.add(sheet.wholes[0])
    # What was refused already is not refused again for being empty.
    waiting |= set(line.refused)
    everything = {field.name for field in (*row._meta.concrete_fields, *row._meta.many_to_many)}
    touched = set(line.after) if line.pk else everything
    unjudged = (everything - touched) | waiting
    found: list[str] = []

    def judge(rule: Callable[[], None]):
        try:
            rule()
        except ValidationError as error:
            for name, messages in error.message_dict.items() if hasattr(error, "error_dict") else [("", error.messages)]:
                found.extend(message if name in ("", "__all__") else f"{name}: {message}" for message in messages)
                waiting.add(name)
                unjudged.add(name)

    judge(lambda: row.clean_fields(exclude=unjudged | _keys_made_on_save(sheet, row)))
    judge(row.clean)
    judge(lambda: row.validate_unique(exclude=unjudged))
    concerned = touched | _generated_fields(row, touched)
    for model, constraints in row.get_constraints():
        for constraint in constraints:
            if _constraint_fields(constraint) & concerned:
                judge(partial(constraint.validate, model, row, exclude=waiting))
    return found


def _generated_fields(row: Any, touched: set[str]) -> set[str]:
    """The columns that the database works out from fields that are touched."""
    return {
        field.name
        for field in row._meta.concrete_fields
        if field.generated and any(isinstance(part, F) and part.name in touched for part in field.expression.flatten())
    }


def _keys_made_on_save(sheet: Sheet, row: Any) -> set[str]:
    """Keys that are made if they are left empty."""
    return {name for name in ("slug", "key") if not getattr(row, name, "x")} if sheet.matching_fields else set()


def _constraint_fields(constraint: Any) -> set[str]:
    """The fields that a constraint is about."""
    names = set(getattr(constraint, "fields", ()))
    condition = getattr(constraint, "condition", None)
    return names | (condition.referenced_base_fields if condition else set())


def _display_value(value: Any, found: _RegisterRows, column: SheetColumn) -> str:
    """A value of a new row as its editor wrote it."""
    values = value if isinstance(value, list) else [value]
    if not column.related:
        return str(dict(column.field.flatchoices).get(value, value))
    slugs = {pk: slug for slug, pk in found.references.get(column.name, {}).items()}
    return ", ".join(one["coming"].rpartition("/")[2] if isinstance(one, dict) else slugs.get(one, str(one)) for one in values)
