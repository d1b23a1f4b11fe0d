"""The plan of a revert, and the repair of references that no longer lead to the same row."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models

from entities.history.record_snapshots import ChildRow, RecordDifference, RecordSnapshot, RowChange, compare_snapshots
from entities.models import Child, Curated, Entity


@dataclass
class RevertPlan:
    """The effects of a revert on one record."""

    present: RecordSnapshot
    after: RecordSnapshot
    caveats: list[str] = field(default_factory=list)
    """A sentence for each value that cannot be exactly as it was: merged or deleted records."""
    problems: list[str] = field(default_factory=list)
    """Reasons why the revert is impossible."""
    added_since: list[RowChange] = field(default_factory=list)
    """Rows added since then; they stay unless their removal is requested."""
    returning_records: frozenset[tuple[type[models.Model], int]] = frozenset()
    """Model and primary key of records that are restored in the same operation, and may be referred to."""

    @property
    def difference(self) -> RecordDifference:
        return compare_snapshots(self.present, self.after)


def repair_references(plan: RevertPlan, strict: bool = False):
    """Redirect references to merged records, and drop references to deleted ones; adds caveats or problems to the plan.

    Only values that the plan changes are checked. With `strict`, a row that cannot come back is a problem of the whole plan.
    """
    after = plan.after
    assert after.values is not None
    targets = _ReferenceTargets(plan)
    old = plan.present.values or {}
    values = {
        name: _repaired_value(after.model, name, value, targets, plan) if old.get(name) != value else value
        for name, value in after.values.items()
    }
    rows = {}
    for address, row in after.rows.items():
        now = plan.present.rows.get(address)
        if row == now:
            rows[address] = row
            continue
        if now is None and (owner := targets.current_owner(row)):
            plan.caveats.append(f"{_describe_child_row(row)} now belongs to {owner}, and stays there.")
            continue
        problems = len(plan.problems)
        repaired = {name: _repaired_value(row.model, name, value, targets, plan, row) for name, value in row.values.items()}
        if len(plan.problems) > problems and not strict and now is None:
            plan.caveats += [f"Cannot come back: {problem}" for problem in plan.problems[problems:]]
            del plan.problems[problems:]
            continue
        rows[address] = replace(row, values=repaired)
    plan.after = RecordSnapshot(after.model, after.pk, values, rows)


def _repaired_value(
    model: type[models.Model], name: str, value: Any, targets: "_ReferenceTargets", plan: RevertPlan, row: ChildRow | None = None
) -> Any:
    column = model._meta.get_field(name)
    if not column.is_relation or value in (None, []):
        return value
    # The parent may be about to come back itself.
    if row is not None and name in row.model.PARENT_FIELDS:
        return value
    where = f"{_describe_child_row(row)}, {column.verbose_name}" if row else str(column.verbose_name).capitalize()  # type: ignore[union-attr]
    if not column.many_to_many:
        target_key = targets.resolve_target(column.related_model, value, where, plan)
        if target_key is None and not column.null:
            plan.problems.append(f"{where}: the record it refers to has been deleted; restore that first.")
        elif target_key is None:
            plan.caveats.append(f"{where}: the record it refers to has been deleted; it is left empty.")
        return target_key
    target_keys = [targets.resolve_target(column.related_model, key, where, plan) for key in value]
    if missing := target_keys.count(None):
        plan.caveats.append(f"{where}: {missing} of {len(target_keys)} have been deleted and are left out.")
    return sorted({key for key in target_keys if key is not None})


class _ReferenceTargets:
    """The rows that a plan refers to, as they are now, loaded with one query per model."""

    def __init__(self, plan: RevertPlan):
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        returning_rows: dict[type[Child], set[int]] = defaultdict(set)
        after = plan.after
        for model, values in [(after.model, after.values or {}), *((row.model, row.values) for row in after.rows.values())]:
            for name, value in values.items():
                column = model._meta.get_field(name)
                if column.is_relation and value:
                    wanted[base_model(column.related_model)] |= set(value if isinstance(value, list) else [value])
        for address, row in after.rows.items():
            if address not in plan.present.rows:
                returning_rows[row.model].add(row.pk)
        self._merged_entities: dict[int, Entity] = {}
        self._existing: set[tuple[type, int]] = set()
        for model, keys in wanted.items():
            if model is Entity:
                for entity in Entity.objects.filter(pk__in=keys).select_related("merged_into"):
                    self._existing.add((Entity, entity.pk))
                    self._merged_entities |= {entity.pk: entity} if entity.merged_into_id else {}
            else:
                self._existing |= {
                    (model, key) for key in model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)
                }
        self._rows_elsewhere = {
            (part, row.pk): row for part, keys in returning_rows.items() for row in part._default_manager.filter(pk__in=keys)
        }

    def resolve_target(self, model, key: int, where: str, plan: RevertPlan) -> int | None:
        """Return the primary key to refer to: the row itself, the survivor of a merge, or None."""
        base = base_model(model)
        if base is Entity and key in self._merged_entities:
            entity = survivor = self._merged_entities[key]
            while survivor.merged_into is not None:
                survivor = survivor.merged_into
            plan.caveats.append(f"{where}: “{entity}” has been merged into “{survivor}”, which takes its place.")
            return survivor.pk
        address = f"{model._meta.label_lower}/{key}"
        return key if (base, key) in self._existing | plan.returning_records or address in plan.after.rows else None

    def current_owner(self, row: ChildRow) -> Curated | None:
        """Return the record to which a returning row has moved; None if it has not moved."""
        current_row = self._rows_elsewhere.get((row.model, row.pk))
        return current_row.parent if current_row else None


def base_model(model) -> type[models.Model]:
    """Return the model by which a row is looked up: Entity for every kind of entity."""
    return Entity if issubclass(model, Entity) else model


def _describe_child_row(row: ChildRow | None) -> str:
    if row is None:
        return ""
    columns = {row.model._meta.get_field(name).attname: value for name, value in row.values.items()}  # type: ignore[union-attr]
    return f"{str(row.model._meta.verbose_name).capitalize()} “{row.model(**columns)}”"
