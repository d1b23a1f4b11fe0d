"""Timeline of one record: the changes of the record and its child rows, newest first, read from their history.

Rows written by one Change are one entry; rows without a Change are grouped by person and second. A page takes a constant
number of queries, however long the history: one for the metadata of all rows, one for the values of those on the page, and one
per many-to-many field.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from entities.history.history_rows import (
    HistoryModels,
    HistoryRowMetadata,
    PreviousRowMetadata,
    history_rows,
    list_history_models,
    many_to_many_keys_in_history,
    read_history_metadata,
    read_history_values,
)
from entities.history.record_snapshots import (
    ChildRow,
    FieldValues,
    RecordDifference,
    RecordSnapshot,
    compare_snapshots,
    snapshot_at,
    snapshot_fields,
)
from entities.models import Child, Curated, Entity
from entities.vocabulary import Action

ENTRIES_PER_PAGE = 50
_INSTANT = timedelta(microseconds=1)


@dataclass
class TimelineEntry:
    """The effects of one change on the record and its child rows."""

    at: datetime
    """Time when its last row was written; at this instant the record is as the change left it."""
    since: datetime
    """Time when its first row was written; an instant before, the record is as it was before the change."""
    person: str
    change: UUID | None
    action: str = ""
    reason: str = ""
    source: str = ""
    status: tuple[str, str] | None = None
    """Status before and after, if it changed."""
    moved_here: int = 0
    """Number of rows that came from another record."""
    moved_away: int = 0
    """Number of rows that went to another record."""
    difference: RecordDifference = None  # type: ignore[assignment]
    metadata_rows: list[HistoryRowMetadata] = attribute(default_factory=list)

    @property
    def before(self) -> datetime:
        return self.since - _INSTANT


@dataclass
class RecordTimelinePage:
    """A page of a record's history, and the values by which the history can be filtered."""

    entries: list[TimelineEntry]
    number: int
    pages: int
    total: int
    people: list[str]
    changed_models: list[type[models.Model]]
    """The child models of which a row ever changed."""


def read_record_timeline(
    model: type[Curated], pk: int, *, page: int = 1, person: str = "", field: str = "", row_address: str = ""
) -> RecordTimelinePage:
    """Read a page of the changes of a record, newest first.

    `person` is a user name, `field` a field or a model label such as `entities.name`, `row_address` one such as
    `entities.name/17`: only changes by or of these are included.
    """
    sources = list_history_models(model)
    metadata_rows, before = read_history_metadata(model, pk, sources)
    people = sorted({row.person for row in metadata_rows if row.person})
    changed_models = [sources[index][0] for index in sorted({row.model_index for row in metadata_rows} - {0})]
    matching = [row for row in metadata_rows if not person or row.person == person]
    matching = [row for row in matching if _matches_filters(row, sources, field, row_address)]
    if field and "." not in field:
        matching = _history_rows_changing_field(model, field, matching, before)
    entries = _group_into_entries(matching)
    pages = max(1, -(-len(entries) // ENTRIES_PER_PAGE))
    number = min(max(page, 1), pages)
    shown = entries[(number - 1) * ENTRIES_PER_PAGE : number * ENTRIES_PER_PAGE]
    _fill_in_entries(model, pk, sources, shown, before)
    return RecordTimelinePage(shown, number, pages, len(entries), people, changed_models)


def timeline_entry(model: type[Curated], pk: int, change: UUID) -> TimelineEntry | None:
    """Return the entry of one change in the timeline of a record; None if it did not touch the record."""
    sources = list_history_models(model)
    metadata_rows, before = read_history_metadata(model, pk, sources)
    entries = _group_into_entries([row for row in metadata_rows if row.change == change])
    _fill_in_entries(model, pk, sources, entries, before)
    return entries[0] if entries else None


def records_touched_by(change: UUID) -> list[tuple[type[Curated], int]]:
    """Return model and primary key of every record that a change wrote history of, directly or in a child row.

    Takes one query per model.
    """
    records: set[tuple[type[Curated], int]] = set()
    entity_keys: set[int] = set()
    for model in apps.get_models():
        if not (issubclass(model, Curated | Child) and hasattr(model, "history")):
            continue
        history = history_rows(model).filter(change=change).order_by()
        if issubclass(model, Curated):
            for key in history.values_list(model._meta.pk.attname, flat=True):
                records.add((model, key))
            continue
        for name in model.PARENT_FIELDS:
            parent_model = model._meta.get_field(name).related_model
            keys = set(history.filter(**{f"{name}__isnull": False}).values_list(f"{name}_id", flat=True))
            # Entity has no history of its own: its rows are those of a kind.
            if hasattr(parent_model, "history"):
                records |= {(parent_model, key) for key in keys}  # type: ignore[misc]
            else:
                entity_keys |= keys
    entity_models = _models_of_entities(entity_keys)
    return sorted(
        records | {(entity_models[key], key) for key in entity_keys if key in entity_models},
        key=lambda record: (record[0]._meta.label_lower, record[1]),
    )


def state_before_deletion(model: type[Curated], pk: int) -> RecordSnapshot | None:
    """Return a deleted record as it was before its deletion, with its child rows; None if it was not deleted."""
    sources = list_history_models(model)
    metadata_rows, before = read_history_metadata(model, pk, sources)
    deletion = next((row for row in metadata_rows if row.model_index == 0), None)
    if deletion is None or deletion.type != "-":
        return None
    # Child rows are deleted first, in the same change.
    deleted_together = [
        row
        for row in metadata_rows
        if row.type == "-"
        and (
            row.change == deletion.change
            if deletion.change
            else row.person == deletion.person and deletion.at - row.at < timedelta(seconds=2)
        )
    ]
    return snapshot_at(model, pk, min(row.at for row in deleted_together) - _INSTANT)


def _models_of_entities(keys: set[int]) -> dict[int, type[Curated]]:
    """Return the model of each entity; deleted ones are found in the history of their kind."""
    kinds = {str(model.KIND): model for model in apps.get_models() if issubclass(model, Entity) and model.KIND}
    models_by_key: dict[int, type[Curated]] = {
        key: kinds[kind] for key, kind in Entity.objects.filter(pk__in=keys).order_by().values_list("pk", "kind")
    }
    for model in kinds.values():
        if unknown := keys - models_by_key.keys():
            models_by_key |= dict.fromkeys(history_rows(model).filter(id__in=unknown).values_list("id", flat=True), model)
    return models_by_key


def _matches_filters(row: HistoryRowMetadata, history_models: HistoryModels, field: str, row_address: str) -> bool:
    label = history_models[row.model_index][0]._meta.label_lower
    if row_address:
        return f"{label}/{row.pk}" == row_address
    return not field or (label == field if "." in field else row.model_index == 0)


def _history_rows_changing_field(
    model: type[Curated], field: str, metadata_rows: list[HistoryRowMetadata], before: PreviousRowMetadata
) -> list[HistoryRowMetadata]:
    """Return those of the record's own rows that changed `field`."""
    column = next((column for column in snapshot_fields(model) if column.name == field), None)
    if column is None or not metadata_rows:
        return []
    rows = history_rows(model).filter(**{model._meta.pk.attname: metadata_rows[0].pk}).order_by()
    if column.many_to_many:
        values: dict[int, Any] = many_to_many_keys_in_history(model, column, rows.values("history_id"))
    else:
        values = dict(rows.values_list("history_id", column.attname))
    changing = []
    for row in metadata_rows:
        earlier = before.get((0, row.history_id))
        value_before = values.get(earlier.history_id) if earlier and earlier.type != "-" else None
        value_after = values.get(row.history_id) if row.type != "-" else None
        if (value_before or None) != (value_after or None):
            changing.append(row)
    return changing


def _group_into_entries(metadata_rows: Iterable[HistoryRowMetadata]) -> list[TimelineEntry]:
    groups: dict[Any, list[HistoryRowMetadata]] = defaultdict(list)
    for row in metadata_rows:
        groups[row.change or (row.person, row.at.replace(microsecond=0))].append(row)
    entries = [
        TimelineEntry(
            max(row.at for row in group),
            min(row.at for row in group),
            next((row.person for row in group if row.person), ""),
            group[0].change,
            metadata_rows=sorted(group, key=lambda row: (row.at, row.history_id)),
        )
        for group in groups.values()
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.since), reverse=True)


def _fill_in_entries(
    model: type[Curated], pk: int, history_models: HistoryModels, entries: list[TimelineEntry], before: PreviousRowMetadata
):
    """Add the difference to each entry, with one query for all values and one per many-to-many field."""
    history_ids: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        for row in entry.metadata_rows:
            history_ids[row.model_index].add(row.history_id)
            if earlier := before.get((row.model_index, row.history_id)):
                history_ids[earlier.model_index].add(earlier.history_id)
    history_values = read_history_values(history_models, history_ids)
    for entry in entries:
        _fill_in_entry(model, pk, history_models, entry, before, history_values)


def _fill_in_entry(
    model, pk: int, history_models: HistoryModels, entry: TimelineEntry, before: PreviousRowMetadata, history_values: dict
):
    old_rows: dict[str, ChildRow] = {}
    new_rows: dict[str, ChildRow] = {}
    old: FieldValues | None = {}
    new: FieldValues | None = {}
    firsts: dict[tuple[int, int], HistoryRowMetadata] = {}
    lasts: dict[tuple[int, int], HistoryRowMetadata] = {}
    for row in entry.metadata_rows:
        firsts.setdefault((row.model_index, row.pk), row)
        lasts[row.model_index, row.pk] = row
        values = history_values[row.model_index, row.history_id]
        entry.action, entry.reason, entry.source = (
            entry.action or values.action,
            entry.reason or values.reason,
            entry.source or values.source,
        )
    for (index, key), last in lasts.items():
        earlier = before.get((index, firsts[index, key].history_id))
        values_before = history_values[index, earlier.history_id] if earlier and earlier.type != "-" else None
        values_after = history_values[index, last.history_id] if last.type != "-" else None
        if index == 0:
            old, new = values_before.values if values_before else None, values_after.values if values_after else None
            if values_before and values_after and values_before.status != values_after.status:
                entry.status = values_before.status, values_after.status
            continue
        child_model = history_models[index][0]
        if values_before and earlier and earlier.parent_pk == pk:
            old_rows[f"{child_model._meta.label_lower}/{key}"] = ChildRow(child_model, key, values_before.values)  # type: ignore[arg-type]
        if values_after and last.parent_pk == pk:
            new_rows[f"{child_model._meta.label_lower}/{key}"] = ChildRow(child_model, key, values_after.values)  # type: ignore[arg-type]
        entry.moved_here += bool(values_before and values_after and last.parent_pk == pk and earlier and earlier.parent_pk != pk)
        entry.moved_away += bool(values_before and values_after and last.parent_pk != pk and earlier and earlier.parent_pk == pk)
    entry.difference = compare_snapshots(RecordSnapshot(model, pk, old, old_rows), RecordSnapshot(model, pk, new, new_rows))
    if entry.action in ("", Action.EDIT):
        entry.action = Action.DELETE if new is None else Action.EDIT
