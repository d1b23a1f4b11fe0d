"""Pending changes: what records hold that the public does not see yet, and who wrote it, for many records in few queries.

Both sides come from the history, in one query for each of its tables: the state that the newest edition was rendered from,
and the present state. Publishing itself compares the rows (`workflow`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When

from entities.history.record_snapshots import (
    ChildRow,
    FieldValues,
    RecordDifference,
    RecordSnapshot,
    child_models,
    compare_snapshots,
    snapshot_fields,
    to_snapshot_value,
)
from entities.models import Child, Curated
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, EditionCause, Release
from nato_support.publishing.rendering import PublicKey, model_for_kind, public_kind

BATCH_SIZE = 500


@dataclass(frozen=True)
class PendingChanges:
    """The changes of one record since a time, and the users who wrote values that differ from those of that time."""

    record: Curated
    difference: RecordDifference
    authors: frozenset[int]
    """Primary keys of users. Restoring an earlier value does not make an author."""

    @property
    def is_new(self) -> bool:
        """True if the record did not exist at that time; for pending changes, if it is not public."""
        return self.difference.before.values is None


def find_pending_changes(records: Iterable[Curated]) -> list[PendingChanges]:
    """Return, for each of `records` in their order, what it holds that its newest edition does not."""
    all_records = list(records)
    release_times = _last_content_release_times(all_records)
    return find_changes_since({record: release_times.get((public_kind(record), record.slug)) for record in all_records})


def find_changes_released_with(release: Release, records: Iterable[Curated]) -> list[PendingChanges]:
    """Return, for each of `records` in their order, what became public with `release`."""
    all_records = list(records)
    release_times = _last_content_release_times(all_records, before_release=release)
    since_by_record = {record: release_times.get((public_kind(record), record.slug)) for record in all_records}
    return find_changes_since(since_by_record, until=release.released_at)


def find_changes_since(since_by_record: Mapping[Curated, datetime | None], until: datetime | None = None) -> list[PendingChanges]:
    """Return the changes of each record since its time, in their order; None means since before there was anything.

    Takes one query for each model, one for each many-valued field and one for each model of child rows.
    """
    by_model: dict[type[Curated], list[Curated]] = defaultdict(list)
    for record in since_by_record:
        by_model[model_for_kind(public_kind(record))].append(record)
    entries_by_record: dict[Curated, list[_HistoryEntry]] = {}
    child_parents: dict[type[Child], dict[str, list[Curated]]] = defaultdict(lambda: defaultdict(list))
    for model, records in by_model.items():
        parents = {record.pk: record for record in records}
        for key, entries in _history_entries_by_row(model, model._meta.pk.attname, parents, since_by_record, until).items():
            entries_by_record[parents[key]] = entries
        for child_model, name in child_models(model):
            child_parents[child_model][name] += records
    child_entries: dict[Curated, list[tuple[type[Child], str, int, list[_HistoryEntry]]]] = defaultdict(list)
    for child_model, records_by_field in child_parents.items():
        for name, records in records_by_field.items():
            parents = {record.pk: record for record in records}
            for key, entries in _history_entries_by_row(child_model, f"{name}_id", parents, since_by_record, until).items():
                for parent_pk in {entry.parent_pk for entry in entries} & parents.keys():
                    child_entries[parents[parent_pk]].append((child_model, name, key, entries))
    return [
        _changes_between_first_and_last(record, since, entries_by_record.get(record, []), child_entries[record])
        for record, since in since_by_record.items()
    ]


def _changes_between_first_and_last(
    record: Curated, since: datetime | None, entries: list["_HistoryEntry"], child_entries: list
) -> PendingChanges:
    model = model_for_kind(public_kind(record))
    before, after, authors = _values_before_and_after_and_authors(entries, since, record.pk)
    sides: tuple[dict[str, ChildRow], dict[str, ChildRow]] = ({}, {})
    for child_model, _, key, entries_of_row in child_entries:
        values_before, values_after, row_authors = _values_before_and_after_and_authors(entries_of_row, since, record.pk)
        for side, values in zip(sides, (values_before, values_after), strict=True):
            if values is not None:
                row = ChildRow(child_model, key, values)
                side[row.address] = row
        authors |= row_authors
    snapshot_before = RecordSnapshot(model, record.pk, before, sides[0] if before is not None else {}, since)
    return PendingChanges(
        record, compare_snapshots(snapshot_before, RecordSnapshot(model, record.pk, after, sides[1])), frozenset(authors)
    )


@dataclass(slots=True)
class _HistoryEntry:
    """A row of history."""

    at: datetime
    by: int | None
    parent_pk: int
    """Primary key of the record that it belonged to."""
    values: FieldValues | None
    """None if it was deleted."""

    def values_under(self, parent_pk: int) -> FieldValues | None:
        return self.values if self.parent_pk == parent_pk else None


def _values_before_and_after_and_authors(
    entries: list[_HistoryEntry], since: datetime | None, parent_pk: int
) -> tuple[FieldValues | None, FieldValues | None, set[int]]:
    """Return what a row held at `since`, what it holds now, and who wrote something else in between."""
    earlier = [entry for entry in entries if since is not None and entry.at <= since]
    before = previous = earlier[-1].values_under(parent_pk) if earlier else None
    authors = set()
    for entry in entries[len(earlier) :]:
        now = entry.values_under(parent_pk)
        if entry.by is not None and _introduces_value(before, previous, now):
            authors.add(entry.by)
        previous = now
    return before, previous, authors


def _introduces_value(before: FieldValues | None, previous: FieldValues | None, now: FieldValues | None) -> bool:
    """Return True if the step from `previous` to `now` changed anything to a value other than that `before`."""
    if now in (previous, before):
        return False
    if now is None or previous is None:
        return True
    return any(now[name] != previous[name] and now[name] != (before or {}).get(name) for name in now)


def _history_entries_by_row(
    model: type,
    parent_column: str,
    parents: Mapping[int, Curated],
    since_by_record: Mapping[Curated, datetime | None],
    until: datetime | None,
) -> dict[int, list[_HistoryEntry]]:
    """Return rows of history by the key of their row, in order: the last one at the time of its record, and all since.

    A row that belonged to several records comes with its history in all of them.
    """
    history: Any = model.history.model
    key = model._meta.pk.attname
    entries: dict[int, list[_HistoryEntry]] = defaultdict(list)
    parent_keys = sorted(parents)
    for start in range(0, len(parent_keys), BATCH_SIZE):
        batch = parent_keys[start : start + BATCH_SIZE]
        rows = _history_query(history, key, parent_column, {pk: since_by_record[parents[pk]] for pk in batch})
        if until:
            rows = rows.filter(history_date__lte=until)
        columns = [field for field in snapshot_fields(model) if not field.many_to_many]
        history_rows = list(
            rows.values_list(
                "history_id",
                "history_date",
                "history_user_id",
                "history_type",
                key,
                parent_column,
                *(column.attname for column in columns),
            )
        )
        many_to_many = _many_to_many_values(model, [row[0] for row in history_rows])
        for history_id, when, by, history_type, pk, parent_pk, *values in history_rows:
            field_values: FieldValues | None = None
            if history_type != "-":
                field_values = {
                    column.name: to_snapshot_value(value) for column, value in zip(columns, values, strict=True)
                } | many_to_many[history_id]
            entries[pk].append(_HistoryEntry(when, by, parent_pk, field_values))
    return entries


def _history_query(history: Any, key: str, parent_column: str, since_by_pk: Mapping[int, datetime | None]) -> QuerySet:
    rows = history.objects.order_by(key, "history_date", "history_id")
    by_time: dict[datetime, list[int]] = defaultdict(list)
    for parent_pk, when in since_by_pk.items():
        if when is not None:
            by_time[when].append(parent_pk)
    condition = Q(**{f"{parent_column}__in": list(since_by_pk)})
    if parent_column != key:
        # A row may have belonged to another record before or since.
        condition |= Q(**{f"{key}__in": history.objects.filter(condition).order_by().values(key)})
    if not by_time:
        return rows.filter(condition)
    since = Case(
        *(When(**{f"{parent_column}__in": pks}, then=Value(when)) for when, pks in by_time.items()),
        default=Value(datetime.min.replace(tzinfo=UTC)),
        output_field=DateTimeField(),
    )
    earlier = history.objects.filter(**{key: OuterRef(key)}, history_date__lte=OuterRef("since"))
    last = earlier.order_by("-history_date", "-history_id").values("history_date")[:1]
    rows = rows.annotate(since=since).annotate(last=Subquery(last))
    return rows.filter(condition).filter(Q(last=None) | Q(history_date__gte=F("last")))


def _many_to_many_values(model: type, history_ids: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    fields = model._meta.many_to_many
    values_by_history: dict[int, dict[str, list[int]]] = {pk: {field.name: [] for field in fields} for pk in history_ids}
    for field in fields:
        link_rows = getattr(model.history.model, field.name).model.objects.filter(history__in=history_ids)
        value_column = field.remote_field.through._meta.get_field(field.m2m_reverse_field_name()).attname
        for pk, value in link_rows.order_by(value_column).values_list("history", value_column):
            values_by_history[pk][field.name].append(value)
    return values_by_history


def _last_content_release_times(records: Sequence[Curated], before_release: Release | None = None) -> dict[PublicKey, datetime]:
    """Return when the newest edition of each record, or its newest before that release, was rendered from its working copy."""
    slugs: dict[str, list[str]] = defaultdict(list)
    for record in records:
        slugs[public_kind(record)].append(record.slug)
    condition = Q(pk__in=[])
    for kind, slugs_of_kind in slugs.items():
        condition |= Q(kind=kind, slug__in=slugs_of_kind)
    if before_release:
        condition &= Q(release__lt=before_release.pk)
    rows = Edition.objects.filter(condition).order_by().values("kind", "slug")
    rows = rows.annotate(
        live=Max("number", filter=LIVE_EDITIONS),
        at=Max("release__released_at", filter=Q(cause=EditionCause.CONTENT, withdrawn=False)),
    )
    return {(row["kind"], row["slug"]): row["at"] for row in rows if row["live"] or (before_release and row["at"])}
