"""Execution of a merge plan, row by row; the steps recorded are its exact inverse."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from entities.merging.merge_plan import MergePlan, merge_step, pair_keys
from entities.merging.planning import plan_merge
from entities.models import DuplicateCandidate, DuplicateDecision, Entity, Merge, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused, Stale
from entities.row_writing import all_column_values, delete_row, insert_row, set_columns, set_many_to_many, update_row
from entities.vocabulary import Action, DuplicateVerdict


def merge_entities(
    merged: Entity,
    survivor: Entity,
    choices: Mapping[str, str],
    *,
    expected_digest: str,
    by=None,
    reason: str = "",
    confirmed: bool = False,
) -> Merge:
    """Merge two entities as `plan_merge` plans it; `confirmed` allows a merge in the wrong direction.

    Raises Stale if the plan's digest is no longer `expected_digest`, Refused if the merge is impossible.
    """
    with change_set(by=by, action=Action.MERGE, reason=reason), transaction.atomic():
        lock_entities(merged, survivor)
        plan = plan_merge(merged, survivor, choices)
        if plan.refusals:
            raise Refused(plan.refusals)
        if plan.digest != expected_digest:
            raise Stale(["The records have changed since you opened this page: check the preview again. Your choices are kept."])
        if plan.undecided:
            fields = ", ".join(name.replace("_", " ") for group in plan.undecided for name in group.names)
            raise Refused([f"Choose a value for: {fields}."])
        if plan.wrong_direction and not confirmed:
            raise Refused(["This merge seems to go in the wrong direction: swap the two records, or confirm the direction."])
        rows = [write_merge_step(step, by, reason) for step in plan.steps()]
        rows += _move_decisions_and_drop_candidates(plan, by, reason)
        return Merge.objects.create(
            merged=Entity.objects.get(pk=merged.pk),
            survivor=Entity.objects.get(pk=survivor.pk),
            merged_by=by,
            reason=reason,
            rows=rows,
            merged_at=timezone.now(),
        )


def lock_entities(*records: Entity) -> None:
    """Lock the rows of `records` until the transaction ends."""
    lock_rows((Entity, record.pk) for record in records)


def write_merge_step(step: dict, by=None, reason: str = "") -> dict:
    """Change, create or delete the row of a step; returns the step, with the primary key of a row that it created.

    Only the columns that the step changes are written. Unlike a revert it validates no row: the plan has validated the result,
    other values come from saved rows, and a row may refer to one that moves in a later step. Database constraints guard it.
    """
    model: Any = apps.get_model(step["model"])
    before, after = step["before"], step["after"]
    if before is None:
        row = model(pk=step["pk"])
        set_columns(row, after)
        insert_row(row, by, reason)
        return step | {"pk": row.pk}
    row = model._default_manager.get(pk=step["pk"])
    if after is None:
        delete_row(row, by, reason)
        return step
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    set_columns(row, changed)
    update_row(row, by, reason, changed=changed)
    set_many_to_many(row, changed)
    return step


def _move_decisions_and_drop_candidates(plan: MergePlan, by, reason: str) -> list[dict]:
    """Move decisions from the merged record to the survivor, drop its candidates, and decide that the pair is the same."""
    merged, survivor = pair_keys(plan)
    steps = []
    involves_merged = models.Q(first=merged) | models.Q(second=merged)
    for candidate in DuplicateCandidate.objects.filter(involves_merged):
        # The next run of the duplicate finder finds them again, for the survivor.
        steps.append(write_merge_step(merge_step(DuplicateCandidate, candidate.pk, all_column_values(candidate), None)))
    for decision in DuplicateDecision.objects.filter(involves_merged):
        other = decision.second_id if decision.first_id == merged else decision.first_id
        if other == survivor:
            continue
        first, second = sorted((survivor, other))
        before = all_column_values(decision)
        is_decided = DuplicateDecision.objects.filter(first=first, second=second).exists()
        steps.append(
            write_merge_step(
                merge_step(
                    DuplicateDecision,
                    decision.pk,
                    before,
                    None if is_decided else before | {"first_id": first, "second_id": second},
                )
            )
        )
    DuplicateDecision.objects.record_verdict(plan.merged, plan.survivor, DuplicateVerdict.SAME, by, reason)
    return steps
