"""Brings a record, with the rows that belong to it, back to what it held once; and takes back what one change did.

Whatever is put back is computed first (`plan`), as values, and can be shown; carrying it out (`revert`, `undo`, `restore`)
computes it again, in its transaction, and writes just that: one ordinary change, which is published like any other.
Status, editions and the public id of a public record are never touched.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from entities.history.record_snapshots import (
    ChildRow,
    FieldValues,
    RecordDifference,
    RecordSnapshot,
    RowChange,
    compare_snapshots,
    snapshot_fields,
    take_snapshot,
)
from entities.history.record_timeline import TimelineEntry, records_touched_by, state_before_deletion, timeline_entry
from entities.models import Change, Child, Curated, Entity, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.vocabulary import Action, Status


@dataclass
class RevertPlan:
    """What putting back would do to a record."""

    present: RecordSnapshot
    after: RecordSnapshot
    told: list[str] = field(default_factory=list)
    """What turns out otherwise than it was: survivors of merges, what was deleted since."""
    problems: list[str] = field(default_factory=list)
    """What forbids it."""
    added_since: list[RowChange] = field(default_factory=list)
    """Rows that were not there then. They stay unless they are asked away."""
    returning_records: frozenset[tuple[type[models.Model], int]] = frozenset()
    """Records that come back along with it, and may be pointed at."""

    @property
    def difference(self) -> RecordDifference:
        return compare_snapshots(self.present, self.after)


def plan_revert(
    record: Curated,
    to: RecordSnapshot,
    only: Collection[str] | None = None,
    also_remove: Collection[str] = (),
    coming: frozenset[tuple[type[models.Model], int]] = frozenset(),
) -> RevertPlan:
    """What `revert` would do, in a constant number of queries for each model that is pointed at. Writes nothing."""
    present = take_snapshot(record)
    made = RevertPlan(present, present, returning_records=coming)
    if present.values is None or to.values is None:
        made.problems.append("The record does not exist now." if to.values else "The record did not exist then.")
        return made
    if isinstance(record, Entity) and record.merged_into is not None:
        made.problems.append(f"“{record}” was merged into “{record.merged_into}” since: unmerge it first.")
        return made
    in_scope = _scope_predicate(present, to, only)
    values = {name: _value_in_scope(name, present.values, to.values, in_scope) for name in present.values}
    if record.status in (Status.PUBLISHED, Status.WITHDRAWN) and values["slug"] != present.values["slug"]:
        made.told.append(f"The public id stays “{present.values['slug']}”: others hold it.")
        values["slug"] = present.values["slug"]
    rows = dict(present.rows)
    for address, row in to.rows.items():
        now = present.rows.get(address)
        if now is not None:
            kept = {n: _value_in_scope(f"{address}/{n}", now.values, row.values, in_scope, n) for n in now.values}
            rows[address] = replace(now, values=kept)
        elif in_scope(address):
            rows[address] = ChildRow(row.model, row.pk, _values_with_defaults(row))
    for address in present.rows.keys() - to.rows.keys():
        if address in also_remove:
            del rows[address]
        elif only is None or address in only:
            made.added_since.append(RowChange(None, present.rows[address]))
    made.added_since.sort(key=lambda change: (change.row.model._meta.label_lower, change.row.pk))
    made.after = RecordSnapshot(present.model, present.pk, values, rows)
    _repair_references(made)
    return made


def revert_record(
    record: Curated,
    to: RecordSnapshot,
    *,
    only: Collection[str] | None = None,
    also_remove: Collection[str] = (),
    by=None,
    seen: int,
    why: str = "",
) -> RevertPlan:
    """Puts `record` back to the snapshot `to`, or of it `only` the fields and rows of these addresses.

    An address is `summary`, `entities.name/17` or `entities.name/17/text`; fields that mean something only together go
    together. Rows removed since are made again under their old key, rows changed since are changed back, rows added since
    stay unless `also_remove` names them. Fields that `to` does not know keep what they hold. Raises Refused unless the
    record is in the version `seen` and all of it is valid as it would become. Returns what was done.
    """
    with change_set(by=by, act=Action.REVERT, why=why), transaction.atomic():
        current = _lock_current_version(record, seen)
        made = plan_revert(current, to, only, also_remove)
        _apply_revert_plan(current, made, by)
    return made


# Undoing a change


@dataclass
class RecordUndo:
    """What taking a change back does to one record."""

    model: type[Curated]
    pk: int
    label: str
    entry: TimelineEntry
    plan: RevertPlan
    version: int | None
    """Of the record as it is; None: it is not there."""
    later: list[str] = field(default_factory=list)
    """Addresses of what the change wrote and somebody has written again since."""

    @property
    def creates(self) -> bool:
        return self.plan.present.values is None

    @property
    def deletes(self) -> bool:
        return self.plan.after.values is None


def plan_undo(change: UUID, also: Collection[str] = ()) -> list[RecordUndo]:
    """Of each record that the change touched what taking it back does; later edits stay unless `also` names them.

    In `also` each address follows its record: `entities.commitment/3/summary`.
    """
    touched = [(entry, model, pk) for model, pk in records_touched_by(change) if (entry := timeline_entry(model, pk, change))]
    # What it deleted comes back: whatever else comes back may point at that.
    coming = frozenset((_base_model(model), pk) for entry, model, pk in touched if entry.difference.after.values is None)
    done = [found for entry, model, pk in touched if (found := _plan_record_undo(model, pk, entry, coming, also)) is not None]
    if Change.objects.filter(pk=change, act__in=(Action.MERGE, Action.UNMERGE)).exists():
        for found in done:
            found.plan.problems.append("A merge is taken back by unmerging, an unmerging by merging again.")
    return done


def undo_change(
    change: UUID, *, by=None, seen: dict[str, int | None], also: Collection[str] = (), why: str = ""
) -> list[RecordUndo]:
    """Takes back what the change did to all its records, or nothing. `seen`: record -> version that was looked at."""
    with change_set(by=by, act=Action.REVERT, why=why), transaction.atomic():
        for found in (done := plan_undo(change, also)):
            address = f"{found.model._meta.label_lower}/{found.pk}"
            if address not in seen or seen[address] != found.version:
                raise Refused([f"{found.label} changed since you looked: look at it again."])
            if found.plan.problems:
                raise Refused(found.plan.problems)
        # What comes back first, what goes last: the others may point at the one and must no longer at the other.
        order = sorted(done, key=lambda found: (not found.creates, found.deletes))
        _run_until_all_succeed([_undo_job(found, by) for found in order if found.plan.difference])
    return done


def _undo_job(found: RecordUndo, by) -> Callable[[], None]:
    def run():
        if found.creates:
            restore_record(found.model, found.pk, by=by)
        elif found.deletes:
            _delete_unpublished(found)
        else:
            lock_rows([(found.model, found.pk)])
            record = found.model._default_manager.get(pk=found.pk)
            _apply_revert_plan(record, found.plan, by)

    return run


def _delete_unpublished(found: RecordUndo):
    lock_rows([(found.model, found.pk)])
    record = found.model._default_manager.get(pk=found.pk)
    if record.status in (Status.PUBLISHED, Status.WITHDRAWN):
        raise Refused([f"{found.label} is public: withdraw it instead."])
    try:
        record.delete()
    except models.ProtectedError as error:
        first = next(iter(error.protected_objects))
        raise Refused([f"{found.label} cannot go: {first._meta.verbose_name} “{first}” rests on it."]) from None


def _plan_record_undo(
    model: type[Curated], pk: int, entry: TimelineEntry, coming: frozenset, also: Collection[str]
) -> RecordUndo | None:
    record = model._default_manager.filter(pk=pk).first()
    before, after = entry.difference.before, entry.difference.after
    present = take_snapshot(record) if record else RecordSnapshot(model, pk, None, {})
    label = str(record) if record else str((before.values or after.values or {}).get("slug", pk))
    found = RecordUndo(model, pk, label, entry, RevertPlan(present, present), record.version if record else None)
    if after.values is None:
        # It deleted the record.
        if record is None and (gone := state_before_deletion(model, pk)) is not None:
            found.plan = plan_restore(model, pk, gone, coming)
        return found if record is None else None
    if record is None:
        found.plan.problems.append(f"{label} was deleted since: restore it first.")
        return found
    if before.values is None and entry.difference.fields:
        if present.values != after.values or present.rows != after.rows:
            found.later.append("")
        if found.later and f"{model._meta.label_lower}/{pk}" not in also:
            return found
        found.plan.after = RecordSnapshot(model, pk, None, {})
        return found
    _plan_value_undo(found, coming, also)
    return found if entry.difference else None


def _plan_value_undo(found: RecordUndo, coming: frozenset, also: Collection[str]):
    """Plans the way back: what the change wrote is as it was before, where nobody has written since or it is asked for."""
    present, prefix = found.plan.present, f"{found.model._meta.label_lower}/{found.pk}"
    assert present.values is not None
    values, rows, remove = dict(present.values), dict(present.rows), []

    def wanted(address: str, untouched: bool) -> bool:
        if not untouched:
            found.later.append(address)
        return untouched or f"{prefix}/{address}" in also

    for one in found.entry.difference.fields:
        if present.values.get(one.name) != one.before and wanted(one.name, present.values.get(one.name) == one.after):
            values[one.name] = one.before
    for change in found.entry.difference.rows:
        address, now = change.row.address, present.rows.get(change.row.address)
        if change.before is None:
            if now is not None and wanted(address, now == change.after):
                remove.append(address)
        elif change.after is None:
            if now is None:
                rows[address] = change.before
        elif now is not None:
            kept = dict(now.values)
            for one in change.fields:
                if kept[one.name] != one.before and wanted(f"{address}/{one.name}", kept[one.name] == one.after):
                    kept[one.name] = one.before
            rows[address] = replace(now, values=kept)
        else:
            found.later.append(address)
    record = found.model._default_manager.get(pk=found.pk)
    to = RecordSnapshot(found.model, found.pk, values, {a: row for a, row in rows.items() if a not in remove})
    found.plan = plan_revert(record, to, also_remove=remove, coming=coming)


# Restoring


def plan_restore(model: type[Curated], pk: int, gone: RecordSnapshot, coming: frozenset = frozenset()) -> RevertPlan:
    """What bringing a deleted record back would do, and what forbids it."""
    made = RevertPlan(RecordSnapshot(model, pk, None, {}), gone, returning_records=coming)
    _repair_references(made, strict=True)
    return made


def restore_record(model: type[Curated], pk: int, *, by=None, why: str = "") -> Curated:
    """Brings a deleted record back, with its rows, under the keys that they had, as a draft. Raises Refused."""
    with change_set(by=by, act=Action.RESTORE, why=why), transaction.atomic():
        gone = state_before_deletion(model, pk)
        if gone is None or gone.values is None or model._default_manager.filter(pk=pk).exists():
            raise Refused(["It is not deleted: there is nothing to restore."])
        made = plan_restore(model, pk, gone)
        if made.problems:
            raise Refused(made.problems)
        record = _last_history_instance(model, pk)
        # Never a version that was there before: pages that are still open would take it for theirs.
        record.status, record.version = Status.DRAFT, record.version + 1
        _set_columns(record, gone.values)
        _insert_row(record, by)
        _set_many_to_many(record, gone.values, by)
        _save_child_rows([], list(gone.rows.values()), by)
        if take_snapshot(record) != gone:
            raise Refused(["It cannot come back as it was."])
        return record


# What becomes of values


def _scope_predicate(present: RecordSnapshot, to: RecordSnapshot, only: Collection[str] | None) -> Callable[..., bool]:
    """Whether a field or a row is to be put back. A unit of fields is, if one of its fields is."""
    if only is None:
        return lambda address, *_: True
    wanted = set(only)
    for address in only:
        owner, _, name = address.rpartition("/")
        row = to.rows.get(owner) or present.rows.get(owner)
        model: Any = row.model if row else present.model
        for unit in model.FIELD_GROUPS:
            if name in unit and (row or "/" not in address):
                wanted |= {f"{owner}/{member}" if owner else member for member in unit}
    return lambda address, *_: address in wanted or (address.count("/") == 2 and address.rpartition("/")[0] in wanted)


def _value_in_scope(address: str, now: FieldValues, then: FieldValues, in_scope: Callable[..., bool], name: str = "") -> Any:
    name = name or address
    return then[name] if name in then and in_scope(address) else now[name]


def _values_with_defaults(row: ChildRow) -> FieldValues:
    """The values of a row that is gone; fields that it did not have yet have their default."""
    return {
        column.name: row.values[column.name] if column.name in row.values else column.get_default()
        for column in snapshot_fields(row.model)
    }


def _repair_references(made: RevertPlan, strict: bool = False):
    """Replaces in the plan what points at merged records, leaves out what points at nothing; says so, or refuses.

    Only what the plan changes is looked at. `strict`: a row that cannot come back forbids all.
    """
    after = made.after
    assert after.values is not None
    gone = _ReferenceTargets(made)
    old = made.present.values or {}
    values = {
        name: _repaired_value(after.model, name, value, gone, made) if old.get(name) != value else value
        for name, value in after.values.items()
    }
    rows = {}
    for address, row in after.rows.items():
        now = made.present.rows.get(address)
        if row == now:
            rows[address] = row
            continue
        if now is None and (owner := gone.current_owner(row)):
            made.told.append(f"{_describe_child_row(row)} belongs to {owner} now and stays there.")
            continue
        problems = len(made.problems)
        mended = {name: _repaired_value(row.model, name, value, gone, made, row) for name, value in row.values.items()}
        if len(made.problems) > problems and not strict and now is None:
            made.told += [f"Cannot come back: {problem}" for problem in made.problems[problems:]]
            del made.problems[problems:]
            continue
        rows[address] = replace(row, values=mended)
    made.after = RecordSnapshot(after.model, after.pk, values, rows)


def _repaired_value(
    model: type[models.Model], name: str, value: Any, targets: "_ReferenceTargets", made: RevertPlan, row: ChildRow | None = None
) -> Any:
    column = model._meta.get_field(name)
    if not column.is_relation or value in (None, []):
        return value
    # The record itself, whose key its rows hold, may be about to come back.
    if row is not None and name in row.model.PARENT_FIELDS:
        return value
    where = f"{_describe_child_row(row)}, {column.verbose_name}" if row else str(column.verbose_name).capitalize()  # type: ignore[union-attr]
    if not column.many_to_many:
        there = targets.find(column.related_model, value, where, made)
        if there is None and not column.null:
            made.problems.append(f"{where}: what it named was deleted since; restore that first.")
        elif there is None:
            made.told.append(f"{where}: what it named was deleted since; it is left empty.")
        return there
    found = [targets.find(column.related_model, key, where, made) for key in value]
    if missing := found.count(None):
        made.told.append(f"{where}: {missing} of {len(found)} were deleted since and are left out.")
    return sorted({key for key in found if key is not None})


class _ReferenceTargets:
    """Which of the rows that a plan points at are there, and what merged records became. One query for each model."""

    def __init__(self, made: RevertPlan):
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        homes: dict[type[Child], set[int]] = defaultdict(set)
        after = made.after
        for model, values in [(after.model, after.values or {}), *((row.model, row.values) for row in after.rows.values())]:
            for name, value in values.items():
                column = model._meta.get_field(name)
                if column.is_relation and value:
                    wanted[_base_model(column.related_model)] |= set(value if isinstance(value, list) else [value])
        for address, row in after.rows.items():
            if address not in made.present.rows:
                homes[row.model].add(row.pk)
        self._merged: dict[int, Entity] = {}
        self._there: set[tuple[type, int]] = set()
        for model, keys in wanted.items():
            if model is Entity:
                for entity in Entity.objects.filter(pk__in=keys).select_related("merged_into"):
                    self._there.add((Entity, entity.pk))
                    self._merged |= {entity.pk: entity} if entity.merged_into_id else {}
            else:
                self._there |= {(model, key) for key in model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)}
        self._elsewhere = {
            (part, row.pk): row for part, keys in homes.items() for row in part._default_manager.filter(pk__in=keys)
        }

    def find(self, model, key: int, where: str, made: RevertPlan) -> int | None:
        """The key to point at: the row itself, the survivor of a merge, or None."""
        base = _base_model(model)
        if base is Entity and key in self._merged:
            was = survivor = self._merged[key]
            while survivor.merged_into is not None:
                survivor = survivor.merged_into
            made.told.append(f"{where}: “{was}” was merged into “{survivor}” since, which takes its place.")
            return survivor.pk
        address = f"{model._meta.label_lower}/{key}"
        return key if (base, key) in self._there | made.returning_records or address in made.after.rows else None

    def current_owner(self, row: ChildRow) -> Curated | None:
        """The record that a row belongs to which is to come back, if it only went to another."""
        found = self._elsewhere.get((row.model, row.pk))
        return found.parent if found else None


def _base_model(model) -> type[models.Model]:
    return Entity if issubclass(model, Entity) else model


def _describe_child_row(row: ChildRow | None) -> str:
    if row is None:
        return ""
    columns = {row.model._meta.get_field(name).attname: value for name, value in row.values.items()}  # type: ignore[union-attr]
    return f"{str(row.model._meta.verbose_name).capitalize()} “{row.model(**columns)}”"


# Writing


def _lock_current_version(record: Curated, seen: int) -> Curated:
    lock_rows([(type(record), record.pk)])
    current = type(record)._default_manager.filter(pk=record.pk).first()
    if current is None:
        raise Refused(["The record was deleted meanwhile: restore it first."])
    if current.version != seen:
        raise Refused([f"You looked at version {seen}, but it is in version {current.version} now: look at it again."])
    return current


def _apply_revert_plan(record: Any, made: RevertPlan, by):
    if made.problems:
        raise Refused(made.problems)
    todo = made.difference
    if not todo:
        raise Refused(["Nothing would change."])
    assert made.after.values is not None
    if todo.fields:
        _set_columns(record, {change.name: change.after for change in todo.fields})
        _validate_restored_row(record)
        record._history_user = by
        record.save()
        _set_many_to_many(record, {change.name: change.after for change in todo.fields}, by)
    for change in todo.rows:
        if change.after is None and change.before is not None:
            row = change.before.model._default_manager.get(pk=change.before.pk)
            row._history_user = by  # type: ignore[attr-defined]
            row.delete()
    changed = [change for change in todo.rows if change.before and change.after]
    _save_child_rows(changed, [change.after for change in todo.rows if change.before is None and change.after], by)
    if take_snapshot(record) != made.after:
        raise Refused(["It cannot be put back as shown: something that belongs to it depends on what would go."])


def _save_child_rows(changed: list[RowChange], new: list[ChildRow], by):
    """Saves rows in an order in which each is valid: one may need another, or the value that another gives up."""

    def change_back(change: RowChange):
        assert change.after is not None
        row = change.after.model._default_manager.get(pk=change.after.pk)
        _set_columns(row, {one.name: one.after for one in change.fields})
        _validate_restored_row(row)
        row._history_user = by  # type: ignore[attr-defined]
        row.save()

    def make_again(row: ChildRow):
        made = _last_history_instance(row.model, row.pk)
        _set_columns(made, row.values)
        _insert_row(made, by)

    jobs: list[Callable[[], None]] = [lambda c=change: change_back(c) for change in changed]  # type: ignore[misc]
    _run_until_all_succeed(jobs + [lambda r=row: make_again(r) for row in new])  # type: ignore[misc]


def _run_until_all_succeed(jobs: list[Callable[[], None]]):
    """Runs all jobs; those that are refused again after the others. Raises Refused with the reasons of those left."""
    while jobs:
        left, problems = [], []
        for job in jobs:
            try:
                with transaction.atomic():
                    job()
            except Refused as refused:
                left.append(job)
                problems += refused.problems
        if len(left) == len(jobs):
            raise Refused(dict.fromkeys(problems))
        jobs = left


def _last_history_instance(model: type[models.Model], pk: int) -> Any:
    """The row as its history last held it, with what snapshots leave out; a new one if there is no history of it."""
    last = model.history.filter(**{model._meta.pk.attname: pk}).order_by("-history_date", "-history_id").first()  # type: ignore[attr-defined]
    row = last.instance if last else model(pk=pk)
    row._state.adding = True
    return row


def _set_columns(row: models.Model, values: FieldValues):
    for name, value in values.items():
        column = row._meta.get_field(name)
        if not column.many_to_many:
            setattr(row, column.attname, value if column.is_relation else column.to_python(value))  # type: ignore[union-attr]


def _set_many_to_many(record: models.Model, values: FieldValues, by):
    record._history_user = by  # type: ignore[attr-defined]
    for name, value in values.items():
        if record._meta.get_field(name).many_to_many:
            getattr(record, name).set(value)


def _validate_restored_row(row: models.Model):
    try:
        row.full_clean()
    except ValidationError as error:
        told = f"{str(row._meta.verbose_name).capitalize()} “{row}”"
        raise Refused([f"{told}: {' '.join(messages)}" for messages in error.message_dict.values()]) from None


def _insert_row(row: Any, by):
    _validate_restored_row(row)
    row._history_user = by
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused([f"{row._meta.verbose_name} “{row}” cannot come back: {error}"]) from None
