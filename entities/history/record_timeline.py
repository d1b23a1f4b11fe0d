"""What happened to one record and to all rows that belong to it: its changes, newest first, read from the rows of history.

The rows that one Change wrote are one entry; those without one are told by person and second. A page takes a constant
number of queries, however long the history: one for the heads of all rows (when, who, which change), one for the values
of those on the page, and one for each many-to-many field.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, JSONObject

from entities.history.record_snapshots import (
    ChildRow,
    FieldValues,
    RecordDifference,
    RecordSnapshot,
    child_models,
    compare_snapshots,
    snapshot_at,
    snapshot_fields,
    to_snapshot_value,
)
from entities.models import Child, Curated, Entity
from entities.vocabulary import Action

ENTRIES_PER_PAGE = 50
_INSTANT = timedelta(microseconds=1)


class HistoryHead(NamedTuple):
    """A row of history without its values."""

    at_model: int
    pk: int
    history_id: int
    at: datetime
    person: str | None
    change: UUID | None
    type: str
    whole: int | None


@dataclass
class TimelineEntry:
    """What one change did to the record and its rows."""

    at: datetime
    """When its last row was written: the record as this change left it."""
    since: datetime
    """When its first row was written; an instant before, the record was as this change found it."""
    person: str
    change: UUID | None
    act: str = ""
    why: str = ""
    source: str = ""
    status: tuple[str, str] | None = None
    """The status before and after, if it was another."""
    moved_here: int = 0
    """So many of the rows came from another record."""
    moved_away: int = 0
    difference: RecordDifference = None  # type: ignore[assignment]
    heads: list[HistoryHead] = attribute(default_factory=list)

    @property
    def before(self) -> datetime:
        return self.since - _INSTANT


@dataclass
class RecordTimeline:
    """One page of a record's history, and what the whole of it can be narrowed by."""

    entries: list[TimelineEntry]
    number: int
    pages: int
    total: int
    people: list[str]
    parts: list[type[models.Model]]
    """The sorts of rows that ever changed."""


def read_record_timeline(
    model: type[Curated], pk: int, *, page: int = 1, person: str = "", field: str = "", row: str = ""
) -> RecordTimeline:
    """The changes of a record, newest first; those of one person, of one field (or sort of row: `entities.name`) or row."""
    sources = _history_sources(model)
    heads, before = _read_heads(model, pk, sources)
    people = sorted({head.person for head in heads if head.person})
    parts = [sources[at][0] for at in sorted({head.at_model for head in heads} - {0})]
    kept = [head for head in heads if not person or head.person == person]
    kept = [head for head in kept if _matches_filters(head, sources, field, row)]
    if field and "." not in field:
        kept = _heads_changing_field(model, field, kept, before)
    entries = _group_into_entries(kept)
    pages = max(1, -(-len(entries) // ENTRIES_PER_PAGE))
    number = min(max(page, 1), pages)
    shown = entries[(number - 1) * ENTRIES_PER_PAGE : number * ENTRIES_PER_PAGE]
    _add_differences(model, pk, sources, shown, before)
    return RecordTimeline(shown, number, pages, len(entries), people, parts)


def timeline_entry(model: type[Curated], pk: int, change: UUID) -> TimelineEntry | None:
    """What the change did to this record; None if it did nothing to it."""
    sources = _history_sources(model)
    heads, before = _read_heads(model, pk, sources)
    entries = _group_into_entries([head for head in heads if head.change == change])
    _add_differences(model, pk, sources, entries, before)
    return entries[0] if entries else None


def records_touched_by(change: UUID) -> list[tuple[type[Curated], int]]:
    """Every record that the change wrote a row of history of, or of one of its rows. One query for each model."""
    found: set[tuple[type[Curated], int]] = set()
    loose: set[int] = set()
    for model in apps.get_models():
        if not (issubclass(model, Curated | Child) and hasattr(model, "history")):
            continue
        history = _history_rows(model).filter(change=change).order_by()
        if issubclass(model, Curated):
            for key in history.values_list(model._meta.pk.attname, flat=True):
                found.add((model, key))
            continue
        for name in model.PARENT_FIELDS:
            whole = model._meta.get_field(name).related_model
            keys = set(history.filter(**{f"{name}__isnull": False}).values_list(f"{name}_id", flat=True))
            # The base of the kinds has no history of its own: its rows are those of a kind.
            if hasattr(whole, "history"):
                found |= {(whole, key) for key in keys}  # type: ignore[misc]
            else:
                loose |= keys
    kinds = _models_of_entities(loose)
    return sorted(
        found | {(kinds[key], key) for key in loose if key in kinds}, key=lambda one: (one[0]._meta.label_lower, one[1])
    )


def state_before_deletion(model: type[Curated], pk: int) -> RecordSnapshot | None:
    """A deleted record as it was before its deletion, with the rows that went with it; None if it was not deleted."""
    sources = _history_sources(model)
    heads, before = _read_heads(model, pk, sources)
    gone = next((head for head in heads if head.at_model == 0), None)
    if gone is None or gone.type != "-":
        return None
    # Its rows go first, in the same change.
    with_it = [
        head
        for head in heads
        if head.type == "-"
        and (
            head.change == gone.change if gone.change else head.person == gone.person and gone.at - head.at < timedelta(seconds=2)
        )
    ]
    return snapshot_at(model, pk, min(head.at for head in with_it) - _INSTANT)


def _models_of_entities(keys: set[int]) -> dict[int, type[Curated]]:
    """The model of each entity; those that were deleted are known by the history of their kind."""
    kinds = {str(model.KIND): model for model in apps.get_models() if issubclass(model, Entity) and model.KIND}
    found: dict[int, type[Curated]] = {
        key: kinds[kind] for key, kind in Entity.objects.filter(pk__in=keys).order_by().values_list("pk", "kind")
    }
    for model in kinds.values():
        if missing := keys - found.keys():
            found |= dict.fromkeys(_history_rows(model).filter(id__in=missing).values_list("id", flat=True), model)
    return found


# Heads


_HistorySources = list[tuple[type[models.Model], str]]
"""The model of the record and those of its parts, each with its key to the record."""
_HeadsBefore = dict[tuple[int, int], HistoryHead]
"""(model, history_id) -> the head of the row as it was before."""


def _history_sources(model: type[Curated]) -> _HistorySources:
    return [(model, model._meta.pk.attname), *((part, f"{name}_id") for part, name in child_models(model))]


def _history_rows(model: type[models.Model]) -> QuerySet:
    return model.history.model.objects.all()  # type: ignore[attr-defined]


def _read_heads(model: type[Curated], pk: int, sources: _HistorySources) -> tuple[list[HistoryHead], _HeadsBefore]:
    """The heads of what happened to the record and its rows, newest first; rows that moved away until they did so."""
    queries = []
    for at, (source, link) in enumerate(sources):
        key, history = source._meta.pk.attname, _history_rows(source).order_by()
        # A row may have belonged to another record before or since.
        mine = Q(**{link: pk}) if at == 0 else Q(**{f"{key}__in": history.filter(**{link: pk}).values(key)})
        queries.append(
            history.filter(mine)
            .annotate(
                at_model=Value(at),
                row=F(key),
                whole=F(link),
                person=Coalesce("history_user__username", "change__by__username"),
            )
            .values_list("at_model", "row", "history_id", "history_date", "person", "change_id", "history_type", "whole")
        )
    rows = sorted(
        (HistoryHead(*row) for row in queries[0].union(*queries[1:], all=True)), key=lambda head: (head.at, head.history_id)
    )
    last: dict[tuple[int, int], HistoryHead] = {}
    before: _HeadsBefore = {}
    found = []
    for head in rows:
        earlier = last.get((head.at_model, head.pk))
        last[head.at_model, head.pk] = head
        if earlier is not None:
            before[head.at_model, head.history_id] = earlier
        if head.whole == pk or (earlier is not None and earlier.whole == pk):
            found.append(head)
    return found[::-1], before


def _matches_filters(head: HistoryHead, sources: _HistorySources, field: str, row: str) -> bool:
    label = sources[head.at_model][0]._meta.label_lower
    if row:
        return f"{label}/{head.pk}" == row
    return not field or (label == field if "." in field else head.at_model == 0)


def _heads_changing_field(model: type[Curated], field: str, heads: list[HistoryHead], before: _HeadsBefore) -> list[HistoryHead]:
    """Those of the record's own `heads` that changed the field."""
    column = next((column for column in snapshot_fields(model) if column.name == field), None)
    if column is None or not heads:
        return []
    rows = _history_rows(model).filter(**{model._meta.pk.attname: heads[0].pk}).order_by()
    if column.many_to_many:
        values: dict[int, Any] = _many_to_many_keys(model, column, rows.values("history_id"))
    else:
        values = dict(rows.values_list("history_id", column.attname))
    found = []
    for head in heads:
        earlier = before.get((0, head.history_id))
        was = values.get(earlier.history_id) if earlier and earlier.type != "-" else None
        now = values.get(head.history_id) if head.type != "-" else None
        if (was or None) != (now or None):
            found.append(head)
    return found


def _group_into_entries(heads: Iterable[HistoryHead]) -> list[TimelineEntry]:
    groups: dict[Any, list[HistoryHead]] = defaultdict(list)
    for head in heads:
        groups[head.change or (head.person, head.at.replace(microsecond=0))].append(head)
    entries = [
        TimelineEntry(
            max(head.at for head in group),
            min(head.at for head in group),
            next((head.person for head in group if head.person), ""),
            group[0].change,
            heads=sorted(group, key=lambda head: (head.at, head.history_id)),
        )
        for group in groups.values()
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.since), reverse=True)


# Values


@dataclass(frozen=True)
class _HistoryValues:
    """The values of a row of history, and what is said beside them."""

    values: FieldValues
    status: str
    act: str
    why: str
    source: str


def _add_differences(model: type[Curated], pk: int, sources: _HistorySources, entries: list[TimelineEntry], before: _HeadsBefore):
    """Adds to each entry what it did: one query for all values, and one for each many-to-many field."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for entry in entries:
        for head in entry.heads:
            wanted[head.at_model].add(head.history_id)
            if earlier := before.get((head.at_model, head.history_id)):
                wanted[earlier.at_model].add(earlier.history_id)
    told = _read_history_values(sources, wanted)
    for entry in entries:
        _add_difference(model, pk, sources, entry, before, told)


def _add_difference(model, pk: int, sources: _HistorySources, entry: TimelineEntry, before: _HeadsBefore, told: dict):
    old_rows: dict[str, ChildRow] = {}
    new_rows: dict[str, ChildRow] = {}
    old: FieldValues | None = {}
    new: FieldValues | None = {}
    firsts: dict[tuple[int, int], HistoryHead] = {}
    lasts: dict[tuple[int, int], HistoryHead] = {}
    for head in entry.heads:
        firsts.setdefault((head.at_model, head.pk), head)
        lasts[head.at_model, head.pk] = head
        said = told[head.at_model, head.history_id]
        entry.act, entry.why, entry.source = (
            entry.act or said.act,
            entry.why or said.why,
            entry.source or said.source,
        )
    for (at, key), last in lasts.items():
        earlier = before.get((at, firsts[at, key].history_id))
        was = told[at, earlier.history_id] if earlier and earlier.type != "-" else None
        now = told[at, last.history_id] if last.type != "-" else None
        if at == 0:
            old, new = was.values if was else None, now.values if now else None
            if was and now and was.status != now.status:
                entry.status = was.status, now.status
            continue
        part = sources[at][0]
        if was and earlier and earlier.whole == pk:
            old_rows[f"{part._meta.label_lower}/{key}"] = ChildRow(part, key, was.values)  # type: ignore[arg-type]
        if now and last.whole == pk:
            new_rows[f"{part._meta.label_lower}/{key}"] = ChildRow(part, key, now.values)  # type: ignore[arg-type]
        entry.moved_here += bool(was and now and last.whole == pk and earlier and earlier.whole != pk)
        entry.moved_away += bool(was and now and last.whole != pk and earlier and earlier.whole == pk)
    entry.difference = compare_snapshots(RecordSnapshot(model, pk, old, old_rows), RecordSnapshot(model, pk, new, new_rows))
    if entry.act in ("", Action.EDIT):
        entry.act = Action.DELETE if new is None else Action.EDIT


def _read_history_values(sources: _HistorySources, wanted: dict[int, set[int]]) -> dict[tuple[int, int], _HistoryValues]:
    queries = []
    for at, keys in wanted.items():
        source = sources[at][0]
        history = _history_rows(source).filter(history_id__in=keys).order_by()
        queries.append(
            history.annotate(
                at_model=Value(at),
                held=JSONObject(
                    **{column.name: _column_expression(column) for column in snapshot_fields(source) if not column.many_to_many}
                ),
                standing=F("status") if at == 0 else Value("", output_field=CharField()),
            ).values_list(
                "at_model",
                "history_id",
                "held",
                "standing",
                "change__act",
                "change__why",
                "change__source",
                "history_change_reason",
            )
        )
    if not queries:
        return {}
    many = {
        column.name: _many_to_many_keys(sources[0][0], column, wanted.get(0, set()))
        for column in snapshot_fields(sources[0][0])
        if column.many_to_many
    }
    told = {}
    for at, key, held, status, act, why, source_slug, reason in queries[0].union(*queries[1:], all=True):
        values = _snapshot_values_from_json(sources[at][0], held)
        if at == 0:
            values |= {name: found.get(key, []) for name, found in many.items()}
        told[at, key] = _HistoryValues(values, status, act or "", why or ("" if act else reason or ""), source_slug or "")
    return told


def _column_expression(column: models.Field):
    # As text: a number in JSON may lose its last digits.
    return Cast(column.attname, CharField()) if isinstance(column, models.DecimalField) else F(column.attname)


def _snapshot_values_from_json(model: type[models.Model], held: Any) -> FieldValues:
    """Values as a snapshot writes them, from a JSON object of columns."""
    held = json.loads(held) if isinstance(held, str) else held
    values: FieldValues = {}
    for column in snapshot_fields(model):
        if column.many_to_many:
            continue
        value = held[column.name]
        if isinstance(column, models.JSONField) and isinstance(value, str):
            value = json.loads(value)
        values[column.name] = to_snapshot_value(column, None if value is None else column.to_python(value))
    return values


def _many_to_many_keys(model: type[models.Model], column, keys: Any) -> dict[int, list[int]]:
    """history_id -> sorted keys of the rows that the many-to-many field named then."""
    tracked = getattr(model.history.model, column.name).model  # type: ignore[attr-defined]
    other = column.remote_field.through._meta.get_field(column.m2m_reverse_field_name()).attname
    found: dict[int, list[int]] = defaultdict(list)
    for key, target in tracked.objects.filter(history_id__in=keys).values_list("history_id", other):
        found[key].append(target)
    return {key: sorted(targets) for key, targets in found.items()}
