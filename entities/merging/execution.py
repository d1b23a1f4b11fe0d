"""Carries a plan out, row by row, and keeps the exact inverse."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from entities.merging.affected_rows import stored_columns, to_json_value
from entities.merging.merge_plan import ColumnValues, MergePlan, merge_step, pair_keys
from entities.merging.planning import plan_merge
from entities.models import Entity, Judgement, Likeness, Merge, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused, Stale
from entities.vocabulary import Action, DuplicateVerdict


def merge_entities(
    merged: Entity, survivor: Entity, choices: Mapping[str, str], *, seen: str, by=None, why: str = "", confirmed: bool = False
) -> Merge:
    """Merges as `plan` says, if its digest is still `seen`; `confirmed` lets a merge in the wrong direction through.

    Raises Stale if anything changed since the plan was looked at, Refused if it cannot be done.
    """
    with change_set(by=by, act=Action.MERGE, why=why), transaction.atomic():
        lock_entities(merged, survivor)
        made = plan_merge(merged, survivor, choices)
        if made.refusals:
            raise Refused(made.refusals)
        if made.digest != seen:
            raise Stale(["Something changed since you looked: look at it again, what you chose is kept."])
        if made.undecided:
            fields = ", ".join(name.replace("_", " ") for unit in made.undecided for name in unit.names)
            raise Refused([f"Choose whose value the result has: {fields}."])
        if made.wrong_direction and not confirmed:
            raise Refused(["This merge seems to go the wrong way: swap the two, or confirm that it is meant so."])
        rows = [write_merge_step(one, by, why) for one in made.steps()]
        rows += _move_duplicate_pairs(made, by, why)
        return Merge.objects.create(
            merged=Entity.objects.get(pk=merged.pk),
            survivor=Entity.objects.get(pk=survivor.pk),
            merged_by=by,
            why=why,
            rows=rows,
            merged_at=timezone.now(),
        )


def lock_entities(*records: Entity) -> None:
    """Waits for whoever is saving one of `records`, and lets nobody else do so until the transaction ends."""
    lock_rows((Entity, record.pk) for record in records)


def write_merge_step(one: dict, by=None, why: str = "") -> dict:
    """Takes a row from a step's `before` to its `after`, and gives the step with the key of a row that it made."""
    model: Any = apps.get_model(one["model"])
    before, after = one["before"], one["after"]
    if after is None:
        row = model._default_manager.get(pk=one["pk"])
        _sign_history_row(row, by, why)
        row.delete()
        return one
    if before is None:
        row = model(pk=one["pk"], **_to_python_values(model, after))
        _sign_history_row(row, by, why)
        row.save(force_insert=True)
        return one | {"pk": row.pk}
    row = model._default_manager.get(pk=one["pk"])
    _sign_history_row(row, by, why)
    many = {field.name for field in model._meta.many_to_many}
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    for name, value in _to_python_values(model, {n: v for n, v in changed.items() if n not in many}).items():
        setattr(row, name, value)
    names = {field.name for field in model._meta.concrete_fields if field.attname in changed}
    row.save(update_fields=names)
    for name in many & set(changed):
        getattr(row, name).set(changed[name])
    return one


def _sign_history_row(row: Any, by, why: str) -> None:
    row._history_user = by
    row._change_reason = why[:100] or None


def _to_python_values(model: type[models.Model], values: ColumnValues) -> ColumnValues:
    by_column = {one.attname: one for one in model._meta.concrete_fields}
    return {
        name: value if by_column[name].is_relation or value is None else by_column[name].to_python(value)
        for name, value in values.items()
    }


def _move_duplicate_pairs(made: MergePlan, by, why: str) -> list[dict]:
    """What was found and judged about the merged one is about the survivor now; of the two it is judged that they are one."""
    merged, survivor = pair_keys(made)
    done = []
    about = models.Q(first=merged) | models.Q(second=merged)
    for likeness in Likeness.objects.filter(about):
        # Found anew, for the survivor, the next time that the finder looks.
        done.append(write_merge_step(merge_step(Likeness, likeness.pk, _values_of_all_columns(likeness), None)))
    for row in Judgement.objects.filter(about):
        other = row.second_id if row.first_id == merged else row.first_id
        if other == survivor:
            continue
        first, second = sorted((survivor, other))
        before = _values_of_all_columns(row)
        there = Judgement.objects.filter(first=first, second=second).exists()
        done.append(
            write_merge_step(
                merge_step(Judgement, row.pk, before, None if there else before | {"first_id": first, "second_id": second})
            )
        )
    record_judgement(made.merged, made.survivor, DuplicateVerdict.SAME, by, why)
    return done


def record_judgement(one: Entity, other: Entity, verdict: str, by, reason: str) -> None:
    """Records what an editor found of two entities, in place of an earlier finding."""
    Judgement.objects.record(one, other, verdict, by, reason)


def _values_of_all_columns(row: models.Model) -> ColumnValues:
    return {one.attname: to_json_value(getattr(row, one.attname)) for one in stored_columns(type(row))}
