"""A record with all its rows, now or as it was, as plain values; and what differs between two of them.

What history, review, conflicts, merges and their undoing compare is always this: the record's own fields and every row
that belongs to it (names, identifiers, measures, milestones, citations, resolutions), each by its key. Rows are found by
their models (`Part.WHOLE`), so that sources need not be known here.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max, Q

from entities.models.curated import Child, Curated

FieldValues = dict[str, Any]
"""Field -> value: text, number, list or None; a foreign key as the key of its row, many of them as their sorted keys."""

FIELDS_LEFT_OUT = {
    "status": "the workflow's; what changed it is told beside",
    "version": "counts saves",
    "created_at": "never changes",
    "updated_at": "when it was saved, not what",
    "entities.entity.kind": "never changes",
    "merged_into": "a merge's, which is taken back by unmerging",
    "verification": "follows from the passage and the text",
    "sources.sourcedocument.text": "private, and kept in full as earlier texts; its hash tells that it changed",
    "sources.sourcedocument.fingerprint": "follows from the text",
    "decided_by": "private: who decided is the history's to tell",
}
"""Fields of curated records and their parts that a snapshot leaves out, with the reason: by name, or with their model."""


@dataclass(frozen=True)
class ChildRow:
    """One row that belongs to a record."""

    model: type[Child]
    pk: int
    values: FieldValues

    @property
    def address(self) -> str:
        """`entities.name/17`"""
        return f"{self.model._meta.label_lower}/{self.pk}"


@dataclass(frozen=True)
class RecordSnapshot:
    """A record at one time. `values` is None where it was not there."""

    model: type[Curated]
    pk: int
    values: FieldValues | None
    rows: Mapping[str, ChildRow]
    """Address -> row."""
    at: datetime | None = dataclasses.field(default=None, compare=False)
    """The time that it tells of; None: when it was taken."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that it holds: equal ones hold the same."""
        rows = {address: row.values for address, row in sorted(self.rows.items())}
        return hashlib.sha256(json.dumps([self.values, rows], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class FieldChange:
    """One field before and after."""

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
        """As it is, or as it was if it is gone."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class RecordDifference:
    """What changed from one snapshot of a record to another: its own fields in the order of its model, then its rows."""

    before: RecordSnapshot
    after: RecordSnapshot
    fields: tuple[FieldChange, ...]
    rows: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.rows)


def is_left_out_of_snapshots(field: models.Field) -> bool:
    return field.name in FIELDS_LEFT_OUT or f"{field.model._meta.label_lower}.{field.name}" in FIELDS_LEFT_OUT


def snapshot_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields of a curated record or part that a snapshot holds, the m2m ones last."""
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
    """The models of the rows that belong to records of `model`, each with its foreign key to the record."""
    line = {model, *model._meta.get_parent_list()}
    return [
        (part, name)
        for part in apps.get_models()
        if issubclass(part, Child)
        for name in part.PARENT_FIELDS
        if part._meta.get_field(name).related_model in line
    ]


def take_snapshot(record: Curated) -> RecordSnapshot:
    """The record as it stands in the database now. One query for it and one for each model of its parts."""
    model = type(record)
    fresh = model._default_manager.filter(pk=record.pk).first()
    rows = [
        ChildRow(part, row.pk, _current_field_values(row))
        for part, name in child_models(model)
        for row in part._default_manager.filter(**{name: record.pk})
    ]
    return RecordSnapshot(model, record.pk, _current_field_values(fresh) if fresh else None, {row.address: row for row in rows})


def snapshot_at(model: type[Curated], pk: int, when: datetime) -> RecordSnapshot:
    """The record as its history tells it was at `when`, the rows written at that instant included.

    One query for the record, one for each many-to-many field, and one for each model of its parts.
    """
    history: Any = model.history.model  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    last = history.objects.filter(**{key: pk}, history_date__lte=when).order_by("-history_date", "-history_id").first()
    values = _historical_field_values(model, last) if last and last.history_type != "-" else None
    rows = (
        []
        if values is None
        else [row for part, name in child_models(model) for row in _historical_child_rows(part, name, pk, when)]
    )
    return RecordSnapshot(model, pk, values, {row.address: row for row in rows}, when)


def compare_snapshots(before: RecordSnapshot, after: RecordSnapshot) -> RecordDifference:
    """What it takes to come from `before` to `after`."""
    order = {part._meta.label_lower: at for at, (part, _) in enumerate(child_models(after.model))}
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
    """Nothing is nothing, however a column writes it."""
    return None if value in ("", []) else value


def _current_field_values(row: models.Model) -> FieldValues:
    return {
        field.name: sorted(getattr(row, field.name).values_list("pk", flat=True))
        if field.many_to_many
        else to_snapshot_value(field, getattr(row, field.attname))
        for field in snapshot_fields(type(row))
    }


def _historical_field_values(model: type[models.Model], then: Any) -> FieldValues:
    values: FieldValues = {}
    for field in snapshot_fields(model):
        if field.many_to_many:
            through = field.remote_field.through  # type: ignore[union-attr]
            other = through._meta.get_field(field.m2m_reverse_field_name()).attname  # type: ignore[attr-defined]
            values[field.name] = sorted(getattr(then, field.name).values_list(other, flat=True))
        else:
            values[field.name] = to_snapshot_value(field, getattr(then, field.attname))
    return values


def _historical_child_rows(part: type[Child], name: str, whole: int, when: datetime) -> Iterable[ChildRow]:
    history: Any = part.history.model  # type: ignore[attr-defined]
    link, key = f"{name}_id", part._meta.pk.attname
    # A row may have belonged to another record before or since: its newest history decides.
    ever = history.objects.filter(**{link: whole}).order_by().values(key)
    upto = history.objects.filter(Q(**{f"{key}__in": ever}), history_date__lte=when)
    newest = upto.order_by().values(key).annotate(newest=Max("history_id")).values("newest")
    for then in history.objects.filter(history_id__in=newest, **{link: whole}).exclude(history_type="-").order_by(key):
        yield ChildRow(part, getattr(then, key), _historical_field_values(part, then))


def to_snapshot_value(field: models.Field, value: Any) -> Any:
    """`value` of `field` as a snapshot holds it."""
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    if isinstance(field, models.DecimalField):
        # A number just set may have fewer places than the same one read back.
        return f"{value.normalize():f}"
    return str(value)
