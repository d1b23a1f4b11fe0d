"""What records hold that the public does not see yet, and whose hands it came from: of many records in few queries.

Both sides come from the history, in one query for each of its tables: what the newest edition was printed from, and what
stands now. Publishing itself compares the rows (`operations`).
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
    """One record: what changed since a time, and who brought something in that is not what stood there then."""

    record: Curated
    difference: RecordDifference
    authors: frozenset[int]
    """Keys of users. Putting a value back to what it was is no authorship."""

    @property
    def is_new(self) -> bool:
        """Whether nothing of it was there at that time: of pending changes, whether the public sees nothing of it."""
        return self.difference.before.values is None


def find_pending_changes(records: Iterable[Curated]) -> list[PendingChanges]:
    """What each of `records` (an entity as its kind or as an Entity) holds that its newest edition does not, in their order."""
    found = list(records)
    printed = _release_times(found)
    return find_changes_since({record: printed.get((public_kind(record), record.slug)) for record in found})


def find_changes_released_with(release: Release, records: Iterable[Curated]) -> list[PendingChanges]:
    """What of each of `records` became public with `release`, in their order."""
    found = list(records)
    printed = _release_times(found, before=release)
    times = {record: printed.get((public_kind(record), record.slug)) for record in found}
    return find_changes_since(times, until=release.released_at)


def find_changes_since(times: Mapping[Curated, datetime | None], until: datetime | None = None) -> list[PendingChanges]:
    """What changed in each record since its time, in their order; None: since before there was anything.

    One query for the records of each model, one for each many-valued field of theirs and one for each model of their parts.
    """
    by_model: dict[type[Curated], list[Curated]] = defaultdict(list)
    for record in times:
        by_model[model_for_kind(public_kind(record))].append(record)
    own: dict[Curated, list[_HistoryEntry]] = {}
    parts: dict[type[Child], dict[str, list[Curated]]] = defaultdict(lambda: defaultdict(list))
    for model, records in by_model.items():
        wholes = {record.pk: record for record in records}
        for key, rows in _entries_by_row(model, model._meta.pk.attname, wholes, times, until).items():
            own[wholes[key]] = rows
        for part, name in child_models(model):
            parts[part][name] += records
    rows_of: dict[Curated, list[tuple[type[Child], str, int, list[_HistoryEntry]]]] = defaultdict(list)
    for part, ends in parts.items():
        for name, records in ends.items():
            wholes = {record.pk: record for record in records}
            for key, rows in _entries_by_row(part, f"{name}_id", wholes, times, until).items():
                for whole in {row.whole for row in rows} & wholes.keys():
                    rows_of[wholes[whole]].append((part, name, key, rows))
    return [_compare_record_ends(record, since, own.get(record, []), rows_of[record]) for record, since in times.items()]


def _compare_record_ends(record: Curated, since: datetime | None, own: list["_HistoryEntry"], parts: list) -> PendingChanges:
    model = model_for_kind(public_kind(record))
    before, after, authors = _values_before_and_after(own, since, record.pk)
    sides: tuple[dict[str, ChildRow], dict[str, ChildRow]] = ({}, {})
    for part, _, key, rows in parts:
        was, became, by = _values_before_and_after(rows, since, record.pk)
        for side, values in zip(sides, (was, became), strict=True):
            if values is not None:
                row = ChildRow(part, key, values)
                side[row.address] = row
        authors |= by
    then = RecordSnapshot(model, record.pk, before, sides[0] if before is not None else {}, since)
    return PendingChanges(record, compare_snapshots(then, RecordSnapshot(model, record.pk, after, sides[1])), frozenset(authors))


@dataclass(slots=True)
class _HistoryEntry:
    """One row of history."""

    at: datetime
    by: int | None
    whole: int
    """The record that it belonged to."""
    values: FieldValues | None
    """None: it was deleted."""

    def of(self, whole: int) -> FieldValues | None:
        return self.values if self.whole == whole else None


def _values_before_and_after(
    rows: list[_HistoryEntry], since: datetime | None, whole: int
) -> tuple[FieldValues | None, FieldValues | None, set[int]]:
    """What a row held at `since`, what it holds now, and who brought something else in between."""
    earlier = [row for row in rows if since is not None and row.at <= since]
    before = last = earlier[-1].of(whole) if earlier else None
    authors = set()
    for row in rows[len(earlier) :]:
        now = row.of(whole)
        if row.by is not None and _introduces_value(before, last, now):
            authors.add(row.by)
        last = now
    return before, last, authors


def _introduces_value(before: FieldValues | None, last: FieldValues | None, now: FieldValues | None) -> bool:
    """Whether the step from `last` to `now` changed anything to what did not stand there `before`."""
    if now in (last, before):
        return False
    if now is None or last is None:
        return True
    return any(now[name] != last[name] and now[name] != (before or {}).get(name) for name in now)


def _entries_by_row(
    model: type,
    link: str,
    wholes: Mapping[int, Curated],
    times: Mapping[Curated, datetime | None],
    until: datetime | None,
) -> dict[int, list[_HistoryEntry]]:
    """Rows of history, by the key of their row and in their order: the last one of the time of its record, and all since.

    Of a row that belonged to several records, the rows of history of all of them.
    """
    history: Any = model.history.model
    key = model._meta.pk.attname
    found: dict[int, list[_HistoryEntry]] = defaultdict(list)
    known = sorted(wholes)
    for at in range(0, len(known), BATCH_SIZE):
        here = known[at : at + BATCH_SIZE]
        rows = _history_query(history, key, link, {pk: times[wholes[pk]] for pk in here})
        if until:
            rows = rows.filter(history_date__lte=until)
        columns = [field for field in snapshot_fields(model) if not field.many_to_many]
        read = list(
            rows.values_list(
                "history_id", "history_date", "history_user_id", "history_type", key, link, *(c.attname for c in columns)
            )
        )
        many = _many_to_many_values(model, [row[0] for row in read])
        for history_id, when, by, sort, pk, whole, *values in read:
            held: FieldValues | None = None
            if sort != "-":
                held = {c.name: to_snapshot_value(c, value) for c, value in zip(columns, values, strict=True)} | many[history_id]
            found[pk].append(_HistoryEntry(when, by, whole, held))
    return found


def _history_query(history: Any, key: str, link: str, times: Mapping[int, datetime | None]) -> QuerySet:
    rows = history.objects.order_by(key, "history_date", "history_id")
    by_time: dict[datetime, list[int]] = defaultdict(list)
    for whole, when in times.items():
        if when is not None:
            by_time[when].append(whole)
    mine = Q(**{f"{link}__in": list(times)})
    if link != key:
        # A row may have belonged to another record before or since.
        mine |= Q(**{f"{key}__in": history.objects.filter(mine).order_by().values(key)})
    if not by_time:
        return rows.filter(mine)
    since = Case(
        *(When(**{f"{link}__in": pks}, then=Value(when)) for when, pks in by_time.items()),
        default=Value(datetime.min.replace(tzinfo=UTC)),
        output_field=DateTimeField(),
    )
    earlier = history.objects.filter(**{key: OuterRef(key)}, history_date__lte=OuterRef("since"))
    last = earlier.order_by("-history_date", "-history_id").values("history_date")[:1]
    rows = rows.annotate(since=since).annotate(last=Subquery(last))
    return rows.filter(mine).filter(Q(last=None) | Q(history_date__gte=F("last")))


def _many_to_many_values(model: type, history_ids: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    fields = model._meta.many_to_many
    found: dict[int, dict[str, list[int]]] = {pk: {field.name: [] for field in fields} for pk in history_ids}
    for field in fields:
        links = getattr(model.history.model, field.name).model.objects.filter(history__in=history_ids)
        other = field.remote_field.through._meta.get_field(field.m2m_reverse_field_name()).attname
        for pk, value in links.order_by(other).values_list("history", other):
            found[pk][field.name].append(value)
    return found


def _release_times(records: Sequence[Curated], before: Release | None = None) -> dict[PublicKey, datetime]:
    """When what the public sees of each of `records`, or saw `before` that release, was printed from its working copy."""
    slugs: dict[str, list[str]] = defaultdict(list)
    for record in records:
        slugs[public_kind(record)].append(record.slug)
    here = Q(pk__in=[])
    for kind, wanted in slugs.items():
        here |= Q(kind=kind, slug__in=wanted)
    if before:
        here &= Q(release__lt=before.pk)
    times = Edition.objects.filter(here).order_by().values("kind", "slug")
    times = times.annotate(
        live=Max("number", filter=LIVE_EDITIONS),
        at=Max("release__released_at", filter=Q(cause=EditionCause.CONTENT, withdrawn=False)),
    )
    return {(row["kind"], row["slug"]): row["at"] for row in times if row["live"] or (before and row["at"])}
