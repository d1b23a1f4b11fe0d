"""Snapshots of a record with its child rows, now or at an earlier time, as plain values; and the difference between two.

History, review, conflicts, merges and unmerges all compare snapshots: the record's own fields, and each row that belongs to
it (names, identifiers, measures, milestones, citations, resolutions) by its primary key. Rows are found through
`Child.PARENT_FIELDS`: this module does not need to know `sources`.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max, Q

from entities.models.curated import Child, Curated
from entities.numbers import decimal_text
from entities.row_writing import plain_field_value, to_plain_value

FieldValues = dict[str, Any]
"""Field -> text, number, list or None; a foreign key as a primary key, a many-to-many field as sorted primary keys."""

FIELDS_LEFT_OUT = {
    "status": "belongs to the workflow; the timeline shows it separately",
    "version": "counts saves",
    "created_at": "never changes",
    "updated_at": "says when the record was saved, not what changed",
    "entities.entity.kind": "never changes",
    "merged_into": "set by a merge, which is reversed by unmerging",
    "verification": "derived from the passage and the text",
    "sources.sourcedocument.text": "private, and kept in full as earlier texts; a change shows in its hash",
    "sources.sourcedocument.fingerprint": "derived from the text",
    "sources.sourcedocument.page_breaks": "derived from the text",
    "sources.sourcedocument.speech_spans": "derived from the text",
    "sources.sourcedocument.word_count": "derived from the text",
    "decided_by": "private; the history shows who decided",
}
"""Fields that snapshots leave out, by name or by model and name -> the reason."""


@dataclass(frozen=True)
class ChildRow:
    """A child row of a record, as plain values."""

    model: type[Child]
    pk: int
    values: FieldValues

    @property
    def address(self) -> str:
        """Model label and primary key, such as `entities.name/17`."""
        return f"{self.model._meta.label_lower}/{self.pk}"


@dataclass(frozen=True)
class RecordSnapshot:
    """A record at one time. `values` is None if it did not exist."""

    model: type[Curated]
    pk: int
    values: FieldValues | None
    rows: Mapping[str, ChildRow]
    """Address -> row."""
    at: datetime | None = dataclasses.field(default=None, compare=False)
    """The time that it shows; None for the time at which it was taken."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its contents: equal snapshots have equal fingerprints."""
        rows = {address: row.values for address, row in sorted(self.rows.items())}
        return hashlib.sha256(json.dumps([self.values, rows], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class FieldChange:
    """A field before and after a change."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """A row that was added (`before` is None), removed (`after` is None) or changed in `fields`."""

    before: ChildRow | None
    after: ChildRow | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def row(self) -> ChildRow:
        """The row as it is now, or as it was if it was removed."""
        row = self.after or self.before
        assert row is not None
        return row


@dataclass(frozen=True)
class RecordDifference:
    """The difference between two snapshots of a record: its own fields in the order of the model, then its rows."""

    before: RecordSnapshot
    after: RecordSnapshot
    fields: tuple[FieldChange, ...]
    rows: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.rows)


def is_left_out_of_snapshots(field: models.Field) -> bool:
    """Tell whether snapshots leave out `field`."""
    return field.name in FIELDS_LEFT_OUT or f"{field.model._meta.label_lower}.{field.name}" in FIELDS_LEFT_OUT


def snapshot_fields(model: type[models.Model]) -> list[models.Field]:
    """Return the fields of a record or child model that snapshots have, many-to-many fields last."""
    own = [
        field
        for field in model._meta.concrete_fields
        if not (
            field.primary_key
            or field.generated
            or is_left_out_of_snapshots(field)
            or getattr(field.remote_field, "parent_link", False)
        )
    ]
    return [*own, *model._meta.many_to_many]


def child_models(model: type[Curated]) -> list[tuple[type[Child], str]]:
    """Return the child models of `model`, each with its foreign key to the record."""
    lineage = {model, *model._meta.get_parent_list()}
    return [
        (child, parent_field)
        for child in apps.get_models()
        if issubclass(child, Child)
        for parent_field in child.PARENT_FIELDS
        if child._meta.get_field(parent_field).related_model in lineage
    ]


def take_snapshot(record: Curated) -> RecordSnapshot:
    """Take a snapshot of the record as it is in the database: one query for it, and one per child model."""
    model = type(record)
    current = model._default_manager.filter(pk=record.pk).first()
    rows = [
        ChildRow(child, row.pk, _current_field_values(row))
        for child, parent_field in child_models(model)
        for row in child._default_manager.filter(**{parent_field: record.pk})
    ]
    return RecordSnapshot(
        model, record.pk, _current_field_values(current) if current else None, {row.address: row for row in rows}
    )


def snapshot_at(model: type[Curated], pk: int, when: datetime) -> RecordSnapshot:
    """Reconstruct the record from its history as it was at `when`, including rows written at that instant.

    Takes one query for the record, one per many-to-many field, and one per child model.
    """
    history: Any = model.history.model  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    last_history = history.objects.filter(**{key: pk}, history_date__lte=when).order_by("-history_date", "-history_id").first()
    values = _historical_field_values(model, last_history) if last_history and last_history.history_type != "-" else None
    rows = (
        []
        if values is None
        else [row for child, parent_field in child_models(model) for row in _historical_child_rows(child, parent_field, pk, when)]
    )
    return RecordSnapshot(model, pk, values, {row.address: row for row in rows}, when)


def compare_snapshots(before: RecordSnapshot, after: RecordSnapshot) -> RecordDifference:
    """Compare two snapshots of one record."""
    order = {child._meta.label_lower: position for position, (child, _) in enumerate(child_models(after.model))}
    changes = []
    for address in sorted({*before.rows, *after.rows}, key=lambda a: (order[a.split("/")[0]], int(a.split("/")[1]))):
        old, new = before.rows.get(address), after.rows.get(address)
        fields = _changed_fields(old.model, old.values, new.values) if old and new else ()
        if fields or old is None or new is None:
            changes.append(RowChange(old, new, fields))
    return RecordDifference(before, after, _changed_fields(after.model, before.values or {}, after.values or {}), tuple(changes))


def _changed_fields(model: type[models.Model], before: FieldValues, after: FieldValues) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(field.name, before.get(field.name), after.get(field.name))
        for field in snapshot_fields(model)
        if _blank_as_none(before.get(field.name)) != _blank_as_none(after.get(field.name))
    )


def _blank_as_none(value: Any) -> Any:
    """Treat empty text and empty lists as None."""
    return None if value in ("", []) else value


def _current_field_values(row: models.Model) -> FieldValues:
    return {
        field.name: plain_field_value(row, field.name) if field.many_to_many else to_snapshot_value(getattr(row, field.attname))
        for field in snapshot_fields(type(row))
    }


def _historical_field_values(model: type[models.Model], history_row: Any) -> FieldValues:
    return {field.name: historical_field_value(history_row, field) for field in snapshot_fields(model)}


def historical_field_value(history_row: Any, field: Any) -> Any:
    """Return the value of a field in a row of history as snapshots hold it."""
    if not field.many_to_many:
        return to_snapshot_value(getattr(history_row, field.attname))
    target_column = field.remote_field.through._meta.get_field(field.m2m_reverse_field_name()).attname
    return sorted(getattr(history_row, field.name).values_list(target_column, flat=True))


def _historical_child_rows(child_model: type[Child], parent_field: str, parent_pk: int, when: datetime) -> Iterable[ChildRow]:
    history: Any = child_model.history.model  # type: ignore[attr-defined]
    parent_column, key = f"{parent_field}_id", child_model._meta.pk.attname
    # A row may have belonged to another record before or since: its newest history decides.
    ever_owned = history.objects.filter(**{parent_column: parent_pk}).order_by().values(key)
    until_then = history.objects.filter(Q(**{f"{key}__in": ever_owned}), history_date__lte=when)
    newest = until_then.order_by().values(key).annotate(newest=Max("history_id")).values("newest")
    for history_row in (
        history.objects.filter(history_id__in=newest, **{parent_column: parent_pk}).exclude(history_type="-").order_by(key)
    ):
        yield ChildRow(child_model, getattr(history_row, key), _historical_field_values(child_model, history_row))


def to_snapshot_value(value: Any) -> Any:
    """Convert the value of a field to its form in snapshots: a plain value, and a number without trailing zeros.

    Snapshots of the row and of its history must be equal, and a number just set may have fewer places than the same one read
    back. Merges and steps of the capture desk compare a row only with what was read from the same column, and keep its places.
    """
    if isinstance(value, Decimal):
        return decimal_text(value)
    return to_plain_value(value)
