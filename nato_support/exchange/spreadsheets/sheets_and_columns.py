"""Sheets and their columns: one sheet for each kind of record, one for each model of its child rows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django.db import models
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from entities.dates import INTERVAL_FORMS, POINT_FORMS
from entities.fields import PartialDateField
from entities.history.record_snapshots import snapshot_fields, to_snapshot_value
from entities.models import (
    Child,
    Commitment,
    Curated,
    Entity,
    Event,
    Facility,
    Identifier,
    Measure,
    Milestone,
    Name,
    Organisation,
    Person,
    Post,
    Relation,
)
from entities.numbers import decimal_text
from nato_support.exchange.spreadsheets.cells import parse_number
from sources.models import SourceDocument, SourceQuote

KEY_SEPARATOR = " | "
"""Separates several keys in one cell: no key contains it, and no program takes it for the end of the cell."""

ABOUT_SHEET = "about"
"""The sheet that explains the others."""
PROBLEMS_COLUMN = "#problems"
"""Column of reasons in the file that is returned after a refused import; ignored on reading."""

# Fields that follow from others and are only shown.
_DERIVED_FIELDS = {"sha256"}
_OLDEST_WORKBOOK_DATE = "1900-03-01"


def _is_workbook_date(text: str) -> bool:
    """Return whether a partial date is a single day that workbooks can hold."""
    return len(text) == 10 and text[7] == "-" and text >= _OLDEST_WORKBOOK_DATE


@dataclass(frozen=True)
class SheetColumn:
    """A field of a record or child row, as a column."""

    field: models.Field

    @property
    def name(self) -> str:
        """Name of the field, which is the column's header."""
        return self.field.name

    @property
    def many(self) -> bool:
        """True for a many-to-many field."""
        return bool(self.field.many_to_many)

    @property
    def related(self) -> type[models.Model] | None:
        """The model whose rows the cell refers to by key, or None."""
        return self.field.related_model if self.field.is_relation else None

    @property
    def key(self) -> str:
        """The field of the related model by which a cell refers to its rows."""
        return "key" if self.is_within_record else "slug"

    @property
    def is_within_record(self) -> bool:
        """True if the cell refers to another row of the same record, by its key there."""
        return self.related in (Measure, Milestone)

    @property
    def numeric(self) -> bool:
        """True for numbers."""
        return isinstance(self.field, models.DecimalField | models.IntegerField)

    @property
    def is_derived(self) -> bool:
        """True if the column is shown but never imported."""
        return self.name in _DERIVED_FIELDS

    def snapshot_value(self, row: models.Model) -> Any:
        """Return the value in a row of `Sheet.annotated_rows` as snapshots hold it: digits of a number, primary key of a row."""
        if self.many:
            return sorted(related_row.pk for related_row in getattr(row, self.name).all())
        return to_snapshot_value(getattr(row, self.field.attname))

    def cell_text(self, row: models.Model) -> str:
        """Return the value in a row of `Sheet.annotated_rows` as a person would type it."""
        if self.many:
            return KEY_SEPARATOR.join(sorted(related_row.slug for related_row in getattr(row, self.name).all()))
        value = getattr(row, f"key_of_{self.name}") if self.related else self.snapshot_value(row)
        return "" if value is None else str(value)

    def workbook_value(self, text: str) -> Any:
        """Return the number, date or text that a workbook stores for `text`. Digits that a program would lose stay text."""
        if self.numeric and len(text.strip("-").replace(".", "")) <= 15:
            return Decimal(text) if "." in text else int(text)
        if isinstance(self.field, PartialDateField) and _is_workbook_date(text):
            return date.fromisoformat(text)
        return text

    def parse_cell(self, text: str) -> Any:
        """Parse the snapshot value that a cell states; not for columns of keys. Raises ValueError with the reason."""
        if self.numeric:
            has_thousandths = isinstance(self.field, models.DecimalField) and (self.field.decimal_places or 0) > 2
            value = parse_number(text, has_thousandths=has_thousandths)
            if isinstance(self.field, models.IntegerField) and value != value.to_integral():
                raise ValueError(f"“{text}” is not a whole number")
            return decimal_text(value) if isinstance(self.field, models.DecimalField) else int(value)
        if self.field.flatchoices:
            # Labels shown in the admin are accepted as well as the codes behind them.
            labels = {str(label).casefold(): code for code, label in self.field.flatchoices}
            codes = [code for code, _ in self.field.flatchoices]
            code = labels.get(text.strip().casefold(), text.strip())
            if code not in codes:
                raise ValueError(f"“{text}” must be one of: {', '.join(codes)}")
            return code
        return text.strip() if isinstance(self.field, PartialDateField) else text

    def keys(self, text: str) -> list[str]:
        """List the keys in a cell."""
        return [key for part in text.split("|") if (key := part.strip())] if self.many else [text.strip()]

    @property
    def empty(self) -> Any:
        """Value of a cleared field."""
        return [] if self.many else None if self.related or self.field.null else ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its model and the columns of its fields."""

    name: str
    model: type[Curated] | type[Child]

    @cached_property
    def columns(self) -> dict[str, SheetColumn]:
        """The columns by field name."""
        excluded = {"slug", *self.parent_fields}
        return {field.name: SheetColumn(field) for field in snapshot_fields(self.model) if field.name not in excluded}

    @property
    def parent_fields(self) -> tuple[str, ...]:
        """The foreign keys to the parent record, for a sheet of child rows; () for a sheet of records."""
        return getattr(self.model, "PARENT_FIELDS", ())

    @property
    def parent_model(self) -> type[Curated] | None:
        """The model of the parent records; None for a sheet of records."""
        return (
            cast("type[Curated]", self.model._meta.get_field(self.parent_fields[0]).related_model) if self.parent_fields else None
        )

    @property
    def leading_columns(self) -> tuple[str, ...]:
        """The columns that identify a row and its version."""
        if self.parent_fields:
            return ("record", "row", "version")
        identifier_columns = ("identifiers",) if issubclass(self.model, Entity) else ()
        return ("slug", "version", "status", *identifier_columns)

    @property
    def header(self) -> list[str]:
        """Titles of all columns."""
        return [*self.leading_columns, *self.columns]

    @property
    def matching_fields(self) -> tuple[str, ...]:
        """The fields by which a row without key or number in the file is matched."""
        return MATCHING_FIELDS.get(self.model, ())

    @property
    def child_sheets(self) -> list["Sheet"]:
        """The sheets of child rows of its records."""
        own_models = {self.model, *self.model._meta.get_parent_list()}
        return [sheet for sheet in CHILD_SHEETS if sheet.parent_model in own_models]

    def annotated_rows(self) -> QuerySet:
        """Return the rows of its model with everything a sheet shows, in a constant number of queries."""
        rows: Any = self.model._default_manager.order_by("pk")
        deferred = [name for name in ("text", "fingerprint") if issubclass(self.model, SourceDocument)]
        keys = {
            f"key_of_{column.name}": F(f"{column.name}__{column.key}")
            for column in self.columns.values()
            if column.related and not column.many
        }
        rows = rows.defer(*deferred).annotate(**keys)
        for column in self.columns.values():
            if column.many and column.related:
                rows = rows.prefetch_related(Prefetch(column.name, column.related._default_manager.only("slug")))
        if self.parent_fields:
            history = self.model.history.filter(**{self.model._meta.pk.attname: OuterRef("pk")}).order_by("-history_id")
            return rows.annotate(
                parent_slug=F(f"{self.parent_fields[0]}__slug"), history_version=Subquery(history.values("history_id")[:1])
            )
        return rows.prefetch_related("identifiers") if issubclass(self.model, Entity) else rows

    def row_cells(self, row: Any) -> dict[str, str]:
        """Return column -> text, as a person would type it, for a row of `annotated_rows`."""
        if self.parent_fields:
            leading_cells = {"record": row.parent_slug, "row": str(row.pk), "version": str(row.history_version or 0)}
        else:
            leading_cells = {"slug": row.slug, "version": str(row.version), "status": row.status}
            if "identifiers" in self.leading_columns:
                leading_cells["identifiers"] = KEY_SEPARATOR.join(sorted(str(identifier) for identifier in row.identifiers.all()))
        return leading_cells | {name: column.cell_text(row) for name, column in self.columns.items()}

    def workbook_value(self, name: str, text: str) -> Any:
        """Return the value that a workbook stores in the column `name` for `text`."""
        if name in ("row", "version"):
            return int(text)
        return self.columns[name].workbook_value(text) if text and name in self.columns else text


MATCHING_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Relation: ("type", "subject", "object", "start", "role"),
    SourceQuote: ("document", "start", "end"),
    Name: ("text",),
    Identifier: ("scheme", "value"),
    Measure: ("key",),
    Milestone: ("key",),
}

RECORD_SHEETS = (
    Sheet("organisations", Organisation),
    Sheet("facilities", Facility),
    Sheet("persons", Person),
    Sheet("posts", Post),
    Sheet("events", Event),
    Sheet("commitments", Commitment),
    Sheet("relations", Relation),
    Sheet("documents", SourceDocument),
    Sheet("quotes", SourceQuote),
)
"""In the order in which they can be written."""

CHILD_SHEETS = (
    Sheet("names", Name),
    Sheet("identifiers", Identifier),
    # An amount may belong to a milestone.
    Sheet("milestones", Milestone),
    Sheet("measures", Measure),
)

SHEETS_BY_NAME = {sheet.name: sheet for sheet in (*RECORD_SHEETS, *CHILD_SHEETS)}


def sheet_for_model(model: type[models.Model]) -> Sheet:
    """Return the sheet of a model. Raises StopIteration if it has none."""
    return next(sheet for sheet in SHEETS_BY_NAME.values() if sheet.model is model)


LEADING_COLUMN_HELP = {
    "slug": "Which record. A slug that the register does not know makes a new draft; a public id never changes.",
    "version": "How old this row is. Leave it: it tells whether somebody else changed the row since. Empty for a new one.",
    "status": "Where the record stands. Shown only: nothing is published by an import.",
    "identifiers": "What other registers call it. Shown, and used to find a record whose slug is left empty.",
    "record": "Slug of the record to which this row belongs.",
    "row": "Number of this row in the register. Leave it; empty for a new one.",
}


def column_help_rows(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Return (column, meaning, allowed values) for each column of `sheet`."""
    help_rows = [(name, LEADING_COLUMN_HELP[name], "") for name in sheet.leading_columns]
    for column in sheet.columns.values():
        allowed = ""
        if column.field.flatchoices:
            allowed = ", ".join(code for code, _ in column.field.flatchoices)
        elif column.related:
            allowed = f"{column.key} of: {column.related._meta.verbose_name}" + (
                f"; several joined by “{KEY_SEPARATOR}”" * column.many
            )
        elif column.numeric:
            allowed = "a number"
        elif isinstance(column.field, PartialDateField):
            allowed = f"{POINT_FORMS}; or an interval: {INTERVAL_FORMS}"
        help_rows.append((column.name, str(column.field.help_text) + (" Shown only." if column.is_derived else ""), allowed))
    return help_rows
