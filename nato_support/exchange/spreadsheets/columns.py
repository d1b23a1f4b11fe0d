"""Which sheets there are and what stands in their columns: one sheet for each kind of record, one for each sort of its parts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django.db import models
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery

from entities.fields import PartialDateField
from entities.history.record_snapshots import snapshot_fields
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
from nato_support.exchange.spreadsheets.cells import parse_number
from sources.models import SourceDocument, SourceQuote

KEY_SEPARATOR = " | "
"""Stands between several keys in one cell: no key holds it, and no program takes it for an end of the cell."""

ABOUT_SHEET = "about"
"""The sheet that explains the others."""
PROBLEMS_COLUMN = "#problems"
"""The column in which a file that was refused comes back with the reasons; it is not read again."""

# What follows from something else, and is shown alone.
_DERIVED_FIELDS = {"sha256"}
_OLDEST_WORKBOOK_DATE = "1900-03-01"


@dataclass(frozen=True)
class SheetColumn:
    """A field of a record or part, as a cell."""

    field: models.Field

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def many(self) -> bool:
        return bool(self.field.many_to_many)

    @property
    def related(self) -> type[models.Model] | None:
        """The model whose rows the cell names, by their keys."""
        return self.field.related_model if self.field.is_relation else None

    @property
    def key(self) -> str:
        """The field of the related model by which a cell names its rows."""
        return "key" if self.related is Measure else "slug"

    @property
    def numeric(self) -> bool:
        return isinstance(self.field, models.DecimalField | models.IntegerField)

    @property
    def is_derived(self) -> bool:
        """Whether it is shown and never taken in."""
        return self.name in _DERIVED_FIELDS

    def plain(self, row: models.Model) -> Any:
        """Its value in `row` of `Sheet.rows`, as a snapshot holds it: digits of a number, the primary key of a row."""
        if self.many:
            return sorted(other.pk for other in getattr(row, self.name).all())
        return self.to_snapshot_value(getattr(row, self.field.attname))

    def to_snapshot_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return value

    def text(self, row: models.Model) -> str:
        """Its value in `row` of `Sheet.rows`, as one would type it."""
        if self.many:
            return KEY_SEPARATOR.join(sorted(other.slug for other in getattr(row, self.name).all()))
        value = getattr(row, f"key_of_{self.name}") if self.related else self.plain(row)
        return "" if value is None else str(value)

    def typed(self, text: str) -> Any:
        """What a workbook holds for `text`: a number, a date, or the text. Digits that a spreadsheet would lose stay text."""
        if self.numeric and len(text.strip("-").replace(".", "")) <= 15:
            return Decimal(text) if "." in text else int(text)
        if isinstance(self.field, PartialDateField) and len(text) == 10 and text >= _OLDEST_WORKBOOK_DATE:
            return date.fromisoformat(text)
        return text

    def parse_cell(self, text: str) -> Any:
        """The plain value that a cell states; not for columns of keys. ValueError says what is wrong with it."""
        if self.numeric:
            value = parse_number(text)
            if isinstance(self.field, models.IntegerField) and value != value.to_integral():
                raise ValueError(f"“{text}” is not a whole number")
            return f"{value.normalize():f}" if isinstance(self.field, models.DecimalField) else int(value)
        if self.field.flatchoices:
            # The word that the desk shows is as good as the code behind it.
            labels = {str(label).casefold(): code for code, label in self.field.flatchoices}
            codes = [code for code, _ in self.field.flatchoices]
            code = labels.get(text.strip().casefold(), text.strip())
            if code not in codes:
                raise ValueError(f"“{text}” is none of {', '.join(codes)}")
            return code
        return text.strip() if isinstance(self.field, PartialDateField) else text

    def keys(self, text: str) -> list[str]:
        """The keys that a cell names."""
        return [key for part in text.split("|") if (key := part.strip())] if self.many else [text.strip()]

    @property
    def empty(self) -> Any:
        """What a cleared field holds."""
        return [] if self.many else None if self.related or self.field.null else ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its model and the columns of its fields."""

    name: str
    model: type[Curated] | type[Child]

    @cached_property
    def columns(self) -> dict[str, SheetColumn]:
        left = {"slug", *self.wholes}
        return {field.name: SheetColumn(field) for field in snapshot_fields(self.model) if field.name not in left}

    @property
    def wholes(self) -> tuple[str, ...]:
        """The foreign key to the record, for a sheet of parts; () for a sheet of records."""
        return getattr(self.model, "PARENT_FIELDS", ())

    @property
    def whole(self) -> type[Curated] | None:
        """The model of the records to which the rows belong; None for a sheet of records."""
        return cast("type[Curated]", self.model._meta.get_field(self.wholes[0]).related_model) if self.wholes else None

    @property
    def leading_columns(self) -> tuple[str, ...]:
        """The columns that say which row is meant, and how old the file is."""
        if self.wholes:
            return ("record", "row", "version")
        identified = ("identifiers",) if issubclass(self.model, Entity) else ()
        return ("slug", "version", "status", *identified)

    @property
    def header(self) -> list[str]:
        return [*self.leading_columns, *self.columns]

    @property
    def matching_fields(self) -> tuple[str, ...]:
        """The fields by which a row without an address in the file is known again."""
        return MATCHING_FIELDS.get(self.model, ())

    @property
    def parts(self) -> list["Sheet"]:
        """The sheets of the parts of its records."""
        line = {self.model, *self.model._meta.get_parent_list()}
        return [sheet for sheet in CHILD_SHEETS if sheet.whole in line]

    def rows(self) -> QuerySet:
        """The rows of its model with all that a sheet shows; a constant number of queries."""
        found: Any = self.model._default_manager.order_by("pk")
        private = [name for name in ("text", "fingerprint") if issubclass(self.model, SourceDocument)]
        keys = {
            f"key_of_{column.name}": F(f"{column.name}__{column.key}")
            for column in self.columns.values()
            if column.related and not column.many
        }
        found = found.defer(*private).annotate(**keys)
        for column in self.columns.values():
            if column.many and column.related:
                found = found.prefetch_related(Prefetch(column.name, column.related._default_manager.only("slug")))
        if self.wholes:
            history = self.model.history.filter(**{self.model._meta.pk.attname: OuterRef("pk")}).order_by("-history_id")
            return found.annotate(slug_of_whole=F(f"{self.wholes[0]}__slug"), stamp=Subquery(history.values("history_id")[:1]))
        return found.prefetch_related("identifiers") if issubclass(self.model, Entity) else found

    def cells(self, row: Any) -> dict[str, str]:
        """Column -> what stands in it, as one would type it, for a row of `rows`."""
        if self.wholes:
            lead = {"record": row.slug_of_whole, "row": str(row.pk), "version": str(row.stamp or 0)}
        else:
            lead = {"slug": row.slug, "version": str(row.version), "status": row.status}
            if "identifiers" in self.leading_columns:
                lead["identifiers"] = KEY_SEPARATOR.join(sorted(str(identifier) for identifier in row.identifiers.all()))
        return lead | {name: column.text(row) for name, column in self.columns.items()}

    def typed(self, name: str, text: str) -> Any:
        """What a workbook holds in the column `name` for `text`."""
        if name in ("row", "version"):
            return int(text)
        return self.columns[name].typed(text) if text and name in self.columns else text


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
    Sheet("measures", Measure),
    Sheet("milestones", Milestone),
)

SHEETS_BY_NAME = {sheet.name: sheet for sheet in (*RECORD_SHEETS, *CHILD_SHEETS)}


def sheet_for_model(model: type[models.Model]) -> Sheet:
    """The sheet of that model; StopIteration if it has none."""
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
    """Column, what it means, what may stand in it: for each column of `sheet`."""
    told = [(name, LEADING_COLUMN_HELP[name], "") for name in sheet.leading_columns]
    for column in sheet.columns.values():
        may = ""
        if column.field.flatchoices:
            may = ", ".join(code for code, _ in column.field.flatchoices)
        elif column.related:
            may = f"{column.key} of: {column.related._meta.verbose_name}" + (
                f"; several joined by “{KEY_SEPARATOR}”" * column.many
            )
        elif column.numeric:
            may = "a number"
        elif isinstance(column.field, PartialDateField):
            may = "2024, 2024-07 or 2024-07-09, with ~ or ? at its end"
        told.append((column.name, str(column.field.help_text) + (" Shown only." if column.is_derived else ""), may))
    return told
