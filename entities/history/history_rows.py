"""Reading of history rows: first their metadata (when, who, which change), then the values of those that are shown."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from entities.history.record_snapshots import FieldValues, child_models, snapshot_fields, to_snapshot_value
from entities.models import Curated


class HistoryRowMetadata(NamedTuple):
    """A history row without its values; `model_index` is the position of its model in the HistoryModels."""

    model_index: int
    pk: int
    history_id: int
    at: datetime
    person: str | None
    change: UUID | None
    type: str
    parent_pk: int | None


HistoryModels = list[tuple[type[models.Model], str]]
"""The model of the record and its child models, each with the column that has the primary key of the record."""
PreviousRowMetadata = dict[tuple[int, int], HistoryRowMetadata]
"""(model index, history_id) -> the metadata of the same row before."""


@dataclass(frozen=True)
class HistoryValues:
    """The values of a history row, and the description of the change that wrote it."""

    values: FieldValues
    status: str
    action: str
    reason: str
    source: str


def list_history_models(model: type[Curated]) -> HistoryModels:
    """Return the models whose history belongs to records of `model`."""
    return [(model, model._meta.pk.attname), *((child, f"{parent_field}_id") for child, parent_field in child_models(model))]


def history_rows(model: type[models.Model]) -> QuerySet:
    """Return all history rows of a model."""
    return model.history.model.objects.all()  # type: ignore[attr-defined]


def read_history_metadata(
    model: type[Curated], pk: int, history_models: HistoryModels
) -> tuple[list[HistoryRowMetadata], PreviousRowMetadata]:
    """Read the metadata of the rows of the record and its child rows, newest first, and each one's predecessor.

    Rows that moved to another record are included up to that move.
    """
    queries = []
    for index, (source, parent_column) in enumerate(history_models):
        key, history = source._meta.pk.attname, history_rows(source).order_by()
        # A row may have belonged to another record before or since.
        of_record = (
            Q(**{parent_column: pk}) if index == 0 else Q(**{f"{key}__in": history.filter(**{parent_column: pk}).values(key)})
        )
        queries.append(
            history.filter(of_record)
            .annotate(
                model_index=Value(index),
                row=F(key),
                parent_pk=F(parent_column),
                person=Coalesce("history_user__username", "change__by__username"),
            )
            .values_list("model_index", "row", "history_id", "history_date", "person", "change_id", "history_type", "parent_pk")
        )
    rows = sorted(
        (HistoryRowMetadata(*row) for row in queries[0].union(*queries[1:], all=True)),
        key=lambda row: (row.at, row.history_id),
    )
    latest: dict[tuple[int, int], HistoryRowMetadata] = {}
    before: PreviousRowMetadata = {}
    metadata_rows = []
    for row in rows:
        earlier = latest.get((row.model_index, row.pk))
        latest[row.model_index, row.pk] = row
        if earlier is not None:
            before[row.model_index, row.history_id] = earlier
        if row.parent_pk == pk or (earlier is not None and earlier.parent_pk == pk):
            metadata_rows.append(row)
    return metadata_rows[::-1], before


def read_history_values(history_models: HistoryModels, history_ids: dict[int, set[int]]) -> dict[tuple[int, int], HistoryValues]:
    """Read the values of history rows: model index -> their ids, in one query and one per many-to-many field."""
    queries = []
    for index, keys in history_ids.items():
        source = history_models[index][0]
        history = history_rows(source).filter(history_id__in=keys).order_by()
        queries.append(
            history.annotate(
                model_index=Value(index),
                columns=JSONObject(
                    **{column.name: _column_expression(column) for column in snapshot_fields(source) if not column.many_to_many}
                ),
                standing=F("status") if index == 0 else Value("", output_field=CharField()),
            ).values_list(
                "model_index",
                "history_id",
                "columns",
                "standing",
                "change__action",
                "change__reason",
                "change__source",
                "history_change_reason",
            )
        )
    if not queries:
        return {}
    many_to_many = {
        column.name: many_to_many_keys_in_history(history_models[0][0], column, history_ids.get(0, set()))
        for column in snapshot_fields(history_models[0][0])
        if column.many_to_many
    }
    history_values = {}
    for index, key, columns, status, action, reason, source_slug, row_reason in queries[0].union(*queries[1:], all=True):
        values = _snapshot_values_from_json(history_models[index][0], columns)
        if index == 0:
            values |= {name: keys_by_row.get(key, []) for name, keys_by_row in many_to_many.items()}
        history_values[index, key] = HistoryValues(
            values, status, action or "", reason or ("" if action else row_reason or ""), source_slug or ""
        )
    return history_values


def _column_expression(column: models.Field):
    # As text: a JSON number may lose its last digits.
    return Cast(column.attname, CharField()) if isinstance(column, models.DecimalField) else F(column.attname)


def _snapshot_values_from_json(model: type[models.Model], columns: Any) -> FieldValues:
    """Convert a JSON object of columns to the values of a snapshot."""
    columns = json.loads(columns) if isinstance(columns, str) else columns
    values: FieldValues = {}
    for column in snapshot_fields(model):
        if column.many_to_many:
            continue
        value = columns[column.name]
        if isinstance(column, models.JSONField) and isinstance(value, str):
            value = json.loads(value)
        values[column.name] = to_snapshot_value(None if value is None else column.to_python(value))
    return values


def many_to_many_keys_in_history(model: type[models.Model], column, history_ids: Any) -> dict[int, list[int]]:
    """Return history_id -> sorted primary keys in the many-to-many field at that time."""
    tracked = getattr(model.history.model, column.name).model  # type: ignore[attr-defined]
    target_column = column.remote_field.through._meta.get_field(column.m2m_reverse_field_name()).attname
    keys_by_row: dict[int, list[int]] = defaultdict(list)
    for key, target in tracked.objects.filter(history_id__in=history_ids).values_list("history_id", target_column):
        keys_by_row[key].append(target)
    return {key: sorted(targets) for key, targets in keys_by_row.items()}
