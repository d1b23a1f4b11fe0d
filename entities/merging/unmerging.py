"""Reversal of a merge: untouched rows go back by themselves, an editor assigns the others.

The recorded steps are reversed last to first. A row that was changed or added since then stays with the survivor unless
an editor assigns it to the merged record, or to both.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from entities.merging import (
    BOTH,
    MERGED,
    SURVIVOR,
    lock_entities,
    merge_step,
    referencing_fields,
    write_merge_step,
)
from entities.models import Child, DuplicateDecision, Merge, change_set
from entities.refusals import Refused, Stale
from entities.row_writing import (
    ColumnValues,
    all_column_values,
    plain_field_value,
    refuse_broken_rules,
    set_columns,
    stored_columns,
)
from entities.vocabulary import Action, DuplicateVerdict


@dataclass(eq=False)
class RowAssignment:
    """A row of the survivor that an editor may assign to the merged record, or to both."""

    row: models.Model
    reason: str
    """Reason why it does not go back by itself."""
    values_if_merged: ColumnValues
    """Its values if it goes to the merged record."""
    values_now: ColumnValues
    can_copy: bool
    """True if both records can have it."""
    chosen: str = SURVIVOR

    @property
    def address(self) -> str:
        return f"{self.row._meta.label_lower}/{self.row.pk}"

    @property
    def step(self) -> dict:
        """The step that gives it to the merged record."""
        return merge_step(type(self.row), self.row.pk, self.values_now, self.values_if_merged)


@dataclass
class UnmergePlan:
    """The effects of reversing `merge`."""

    merge: Merge
    steps: list[dict] = field(default_factory=list)
    """The rows that go back by themselves, in order."""
    assignments: list[RowAssignment] = field(default_factory=list)
    unchanged_notes: list[str] = field(default_factory=list)
    """A sentence for each value or row that stays as it is."""
    refusals: list[str] = field(default_factory=list)
    later_merges: list[Merge] = field(default_factory=list)
    """Merges that have to be reversed first."""

    @property
    def digest(self) -> str:
        """SHA-256 of the plan; it differs as soon as a row that it depends on has changed."""
        rows = [[assignment.address, assignment.reason, assignment.values_now] for assignment in self.assignments]
        content = [self.merge.pk, self.steps, rows, self.unchanged_notes, self.refusals]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def plan_unmerge(merge: Merge, choices: Mapping[str, str] | None = None) -> UnmergePlan:
    """Plan the reversal of a merge; `choices` maps the address of an assignable row to MERGED, SURVIVOR or BOTH."""
    plan = UnmergePlan(merge)
    if merge.undone_at:
        plan.refusals.append(f"This merge was already reversed on {merge.undone_at:%Y-%m-%d}.")
        return plan
    pair = [merge.merged_id, merge.survivor_id]
    involves_either = models.Q(merged__in=pair) | models.Q(survivor__in=pair)
    plan.later_merges = list(
        Merge.objects.filter(involves_either, undone_at=None, pk__gt=merge.pk).select_related("merged", "survivor")
    )
    if plan.later_merges:
        plan.refusals.append("Unmerge the later merges first: " + "; ".join(map(str, plan.later_merges)) + ".")
    touched: set[tuple[str, int]] = set()
    for step in reversed(merge.rows):
        touched.add((step["model"], step["pk"]))
        _plan_step_reversal(plan, step)
    plan.assignments += _rows_added_since(merge, touched)
    for assignment in plan.assignments:
        choice = (choices or {}).get(assignment.address, SURVIVOR)
        assignment.chosen = choice if choice != BOTH or assignment.can_copy else SURVIVOR
    return plan


def _plan_step_reversal(plan: UnmergePlan, step: dict) -> None:
    """Decide for one step of the merge whether it is reversed, left to an editor, or stays as it is."""
    model: Any = apps.get_model(step["model"])
    row, before, after = model._default_manager.filter(pk=step["pk"]).first(), step["before"], step["after"]
    if after is None:
        if row is not None:
            return
        if missing := _missing_reference(model, before):
            plan.unchanged_notes.append(f"{_describe_values(model, before)} cannot come back: its {missing} no longer exists.")
        elif model is not DuplicateDecision or not _has_decision(before):
            plan.steps.append(merge_step(model, step["pk"], None, before))
    elif row is None:
        if before is not None:
            plan.unchanged_notes.append(f"{_describe_values(model, after)} has been removed since, and is not restored.")
    elif issubclass(model, Child):
        _plan_child_reversal(plan, row, before, after)
    else:
        _plan_record_reversal(plan, row, before, after)


def _plan_child_reversal(plan: UnmergePlan, row: Any, before: ColumnValues | None, after: ColumnValues) -> None:
    now = all_column_values(row)
    if now == after:
        plan.steps.append(merge_step(type(row), row.pk, now, before))
        return
    changed = [name for name in after if now.get(name) != after[name]]
    values_before = {name: value for name, value in (before or {}).items() if value != after[name]}
    if before is None:
        values_before = {"entity_id": plan.merge.merged_id}
    names = ", ".join(name.removesuffix("_id").replace("_", " ") for name in changed)
    still_belongs = any(now.get(name) == after.get(name) for name in _parent_columns(row) if after.get(name) is not None)
    if still_belongs:
        plan.assignments.append(RowAssignment(row, f"changed since: {names}", now | values_before, now, can_copy=True))
    else:
        plan.unchanged_notes.append(f"“{row}” now belongs to another record, and stays there.")


def _plan_record_reversal(plan: UnmergePlan, row: Any, before: ColumnValues, after: ColumnValues) -> None:
    """Reverse each field of a record that still has the value that the merge gave it."""
    many_to_many = {field.name for field in row._meta.many_to_many}
    now: ColumnValues = {}
    back: ColumnValues = {}
    for name, value_before in before.items():
        if value_before == after[name]:
            continue
        if name in many_to_many:
            keys_now = set(plain_field_value(row, name))
            added, removed = {*after[name]} - {*value_before}, {*value_before} - {*after[name]}
            now[name] = sorted(keys_now)
            # What the merge removed comes back only if what it added is still there.
            back[name] = sorted((keys_now - added) | removed) if added <= keys_now else sorted(keys_now)
        elif plain_field_value(row, name) == after[name]:
            now[name], back[name] = after[name], value_before
        else:
            field_name = name.removesuffix("_id").replace("_", " ")
            plan.unchanged_notes.append(f"“{row}”: {field_name} has been changed since, and stays as it is.")
    if now != back:
        plan.steps.append(merge_step(type(row), row.pk, now, back))


def _rows_added_since(merge: Merge, touched: set[tuple[str, int]]) -> Iterator[RowAssignment]:
    """Yield rows added to the survivor since the merge: its children, and rows of others that now refer to it."""
    now: ColumnValues
    for model, reference in referencing_fields(type(merge.survivor.as_kind)):
        history: Any = model.history.model  # type: ignore[attr-defined]
        key = model._meta.pk.attname
        changed_keys = history.objects.filter(history_date__gt=merge.merged_at).values(key)
        rows = model._default_manager.filter(**{reference.name: merge.survivor_id, "pk__in": changed_keys}).order_by("pk")
        for row in rows:
            if (model._meta.label_lower, row.pk) in touched and issubclass(model, Child):
                continue
            if _referred_to_survivor_at_merge(history, key, row.pk, reference, merge):
                continue
            if reference.many_to_many:
                now = {reference.name: plain_field_value(row, reference.name)}
                back = {reference.name: sorted({*now[reference.name], merge.merged_id} - {merge.survivor_id})}
                yield RowAssignment(row, f"refers to it in “{reference.verbose_name}” since", back, now, can_copy=True)
            elif issubclass(model, Child) and reference.name in model.PARENT_FIELDS:
                now = all_column_values(row)
                yield RowAssignment(row, "added since", now | {reference.attname: merge.merged_id}, now, can_copy=True)
            else:
                now = {reference.attname: merge.survivor_id}
                yield RowAssignment(
                    row,
                    f"refers to it in “{reference.verbose_name}” since",
                    {reference.attname: merge.merged_id},
                    now,
                    can_copy=False,
                )


def _referred_to_survivor_at_merge(history: Any, key: str, pk: int, field: Any, merge: Merge) -> bool:
    last = history.objects.filter(**{key: pk}, history_date__lte=merge.merged_at).order_by("-history_date", "-history_id").first()
    if last is None or last.history_type == "-":
        return False
    if field.many_to_many:
        column = field.m2m_reverse_field_name()
        return getattr(last, field.name).filter(**{f"{column}_id": merge.survivor_id}).exists()
    return getattr(last, field.attname) == merge.survivor_id


def _parent_columns(row: Any) -> list[str]:
    return [f"{name}_id" for name in row.PARENT_FIELDS]


def _missing_reference(model: type[models.Model], values: ColumnValues) -> str:
    """Return the name of a foreign key in `values` whose row no longer exists; '' if there is none."""
    for column in stored_columns(model):
        value = values.get(column.attname)
        if column.is_relation and value is not None and not column.related_model._default_manager.filter(pk=value).exists():
            return str(column.verbose_name)
    return ""


def _has_decision(values: ColumnValues) -> bool:
    return DuplicateDecision.objects.filter(first=values["first_id"], second=values["second_id"]).exists()


def _describe_values(model: type[models.Model], values: ColumnValues) -> str:
    words = values.get("text") or values.get("as_stated") or values.get("value") or values.get("field") or ""
    return f"{model._meta.verbose_name} “{words}”" if words else str(model._meta.verbose_name)


def unmerge_entities(
    merge: Merge, choices: Mapping[str, str] | None = None, *, expected_digest: str, by=None, reason: str = ""
) -> Merge:
    """Reverse a merge as `plan_unmerge` plans it, and decide that the two entities are different.

    Raises Stale if the plan's digest is no longer `expected_digest`, Refused if the reversal is impossible.
    """
    with change_set(by=by, action=Action.UNMERGE, reason=reason), transaction.atomic():
        lock_entities(merge.merged, merge.survivor)
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        plan = plan_unmerge(merge, choices)
        if plan.refusals:
            raise Refused(plan.refusals)
        if plan.digest != expected_digest:
            raise Stale(["The records have changed since you opened this page: check the preview again. Your choices are kept."])
        for step in plan.steps:
            write_merge_step(step, by, reason)
        for assignment in plan.assignments:
            if assignment.chosen != SURVIVOR:
                _write_assignment(assignment, by, reason)
        DuplicateDecision.objects.record_verdict(merge.merged, merge.survivor, DuplicateVerdict.DIFFERENT, by, reason)
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
        return merge


def _write_assignment(assignment: RowAssignment, by, reason: str) -> None:
    model = type(assignment.row)
    with (
        refuse_broken_rules(
            assignment.row,
            invalid="“{row}” cannot go to the other record: {problem}",
            conflict="“{row}” cannot be copied to the other record: it already has an identical row. Leave it where it is.",
        ),
        transaction.atomic(),
    ):
        if isinstance(assignment.row, Child):
            assigned = model()
            set_columns(assigned, assignment.values_if_merged)
            assigned.clean()
        if assignment.chosen == MERGED:
            write_merge_step(assignment.step, by, reason)
        elif issubclass(model, Child):
            write_merge_step(merge_step(model, None, None, assignment.values_if_merged), by, reason)
        else:
            both = {
                name: sorted({*assignment.values_now[name], *assignment.values_if_merged[name]}) for name in assignment.values_now
            }
            write_merge_step(merge_step(model, assignment.row.pk, assignment.values_now, both), by, reason)
