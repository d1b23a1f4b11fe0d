"""Reverting of a record, with its child rows, to an earlier snapshot.

`plan_revert` computes the result and writes nothing; `revert_record` computes it again in its transaction and writes it as
one ordinary change, to be published like any other. Status, editions and the public id of a public record stay as they are.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from django.db import models, transaction

from entities.history.record_snapshots import ChildRow, FieldValues, RecordSnapshot, RowChange, snapshot_fields, take_snapshot
from entities.history.revert_execution import apply_revert_plan
from entities.history.revert_plan import RevertPlan, repair_references
from entities.models import Curated, Entity, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.vocabulary import Action, Status

_DELETED_PROBLEM = "The record has been deleted: restore it first."


def plan_revert(
    record: Curated,
    target: RecordSnapshot,
    addresses: Collection[str] | None = None,
    rows_to_remove: Collection[str] = (),
    returning_records: frozenset[tuple[type[models.Model], int]] = frozenset(),
) -> RevertPlan:
    """Plan the revert of a record, in a constant number of queries per model that is referred to. Writes nothing."""
    present = take_snapshot(record)
    plan = RevertPlan(present, present, returning_records=returning_records)
    if present.values is None or target.values is None:
        plan.problems.append(
            "The record did not exist then: choose a later version." if target.values is None else _DELETED_PROBLEM
        )
        return plan
    if isinstance(record, Entity) and record.merged_into is not None:
        plan.problems.append(f"“{record}” has been merged into “{record.merged_into}”: unmerge it first.")
        return plan
    in_scope = _scope_predicate(present, target, addresses)
    values = {name: _value_in_scope(name, present.values, target.values, in_scope) for name in present.values}
    if record.status in (Status.PUBLISHED, Status.WITHDRAWN) and values["slug"] != present.values["slug"]:
        plan.caveats.append(f"The public id stays “{present.values['slug']}”: it has been public.")
        values["slug"] = present.values["slug"]
    rows = dict(present.rows)
    for address, row in target.rows.items():
        now = present.rows.get(address)
        if now is not None:
            kept = {n: _value_in_scope(f"{address}/{n}", now.values, row.values, in_scope, n) for n in now.values}
            rows[address] = replace(now, values=kept)
        elif in_scope(address):
            rows[address] = ChildRow(row.model, row.pk, _values_with_defaults(row))
    for address in present.rows.keys() - target.rows.keys():
        if address in rows_to_remove:
            del rows[address]
        elif addresses is None or address in addresses:
            plan.added_since.append(RowChange(None, present.rows[address]))
    plan.added_since.sort(key=lambda change: (change.row.model._meta.label_lower, change.row.pk))
    plan.after = RecordSnapshot(present.model, present.pk, values, rows)
    repair_references(plan)
    return plan


def revert_record(
    record: Curated,
    target: RecordSnapshot,
    *,
    addresses: Collection[str] | None = None,
    rows_to_remove: Collection[str] = (),
    by=None,
    expected_version: int,
    reason: str = "",
) -> RevertPlan:
    """Revert `record` to the snapshot `target`, or only the fields and rows in `addresses`.

    An address is `summary`, `entities.name/17` or `entities.name/17/text`; fields of one group are reverted together. Rows
    removed since come back under their old primary key, rows changed since are changed back, rows added since stay unless
    `rows_to_remove` has them. Fields that `target` does not have keep their values. Raises Refused unless the record is in
    `expected_version` and the result is valid. Returns the plan that was carried out.
    """
    with change_set(by=by, action=Action.REVERT, reason=reason), transaction.atomic():
        current = _lock_current_version(record, expected_version)
        plan = plan_revert(current, target, addresses, rows_to_remove)
        apply_revert_plan(current, plan, by)
    return plan


def _scope_predicate(present: RecordSnapshot, target: RecordSnapshot, addresses: Collection[str] | None) -> Callable[..., bool]:
    """Return a predicate for addresses to revert; a group of fields is in scope if one of them is."""
    if addresses is None:
        return lambda address, *_: True
    wanted = set(addresses)
    for address in addresses:
        owner, _, name = address.rpartition("/")
        row = target.rows.get(owner) or present.rows.get(owner)
        model: Any = row.model if row else present.model
        for unit in model.FIELD_GROUPS:
            if name in unit and (row or "/" not in address):
                wanted |= {f"{owner}/{member}" if owner else member for member in unit}
    return lambda address, *_: address in wanted or (address.count("/") == 2 and address.rpartition("/")[0] in wanted)


def _value_in_scope(address: str, now: FieldValues, then: FieldValues, in_scope: Callable[..., bool], name: str = "") -> Any:
    name = name or address
    return then[name] if name in then and in_scope(address) else now[name]


def _values_with_defaults(row: ChildRow) -> FieldValues:
    """Return the values of a removed row, with the defaults of fields that did not exist then."""
    return {
        column.name: row.values[column.name] if column.name in row.values else column.get_default()
        for column in snapshot_fields(row.model)
    }


def _lock_current_version(record: Curated, expected_version: int) -> Curated:
    lock_rows([(type(record), record.pk)])
    current = type(record)._default_manager.filter(pk=record.pk).first()
    if current is None:
        raise Refused([_DELETED_PROBLEM])
    if current.version != expected_version:
        versions = f"from version {expected_version} to {current.version}"
        raise Refused([f"The record has changed {versions} since you opened this page: check it again."])
    return current
