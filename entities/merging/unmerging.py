"""Taking a merge back: what nobody touched since goes back by itself, the rest is laid out to be sorted.

The steps that the merge kept are gone through backwards. A row that was changed since, or that came to the survivor since,
starts there and goes to whom an editor says.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from entities.merging import (
    BOTH,
    MERGED,
    SURVIVOR,
    ColumnValues,
    lock_entities,
    merge_step,
    record_judgement,
    referencing_fields,
    stored_columns,
    to_json_value,
    write_merge_step,
)
from entities.models import Child, Judgement, Merge, change_set
from entities.refusals import Refused, Stale
from entities.vocabulary import Action, DuplicateVerdict


@dataclass(eq=False)
class RowAssignment:
    """A row that is the survivor's now and may be the other's: what became of it since, and whose it is to be."""

    row: models.Model
    why: str
    back: ColumnValues
    """What it holds if it is the other's."""
    now: ColumnValues
    copies: bool
    """Whether both can have it."""
    chosen: str = SURVIVOR

    @property
    def address(self) -> str:
        return f"{self.row._meta.label_lower}/{self.row.pk}"

    @property
    def step(self) -> dict:
        """What makes it the other's."""
        return merge_step(type(self.row), self.row.pk, self.now, self.back)


@dataclass
class UnmergePlan:
    """What taking back `merge` would do."""

    merge: Merge
    steps: list[dict] = field(default_factory=list)
    """What goes back by itself, in order."""
    assignments: list[RowAssignment] = field(default_factory=list)
    unchanged_notes: list[str] = field(default_factory=list)
    """What stays as it is now, a sentence each."""
    refusals: list[str] = field(default_factory=list)
    later: list[Merge] = field(default_factory=list)
    """Merges that have to be taken back first."""

    @property
    def digest(self) -> str:
        """Another one as soon as anything that the plan looks at is not what it was."""
        rows = [[one.address, one.why, one.now] for one in self.assignments]
        told = [self.merge.pk, self.steps, rows, self.unchanged_notes, self.refusals]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def plan_unmerge(merge: Merge, sorting: Mapping[str, str] | None = None) -> UnmergePlan:
    """What unmerging would do; `sorting` maps the address of a row laid out to MERGED, SURVIVOR or BOTH."""
    made = UnmergePlan(merge)
    if merge.undone_at:
        made.refusals.append(f"This merge was taken back on {merge.undone_at:%Y-%m-%d} already.")
        return made
    pair = [merge.merged_id, merge.survivor_id]
    about = models.Q(merged__in=pair) | models.Q(survivor__in=pair)
    made.later = list(Merge.objects.filter(about, undone_at=None, pk__gt=merge.pk).select_related("merged", "survivor"))
    if made.later:
        made.refusals.append("Take back first what was merged later: " + "; ".join(str(one) for one in made.later) + ".")
    touched: set[tuple[str, int]] = set()
    for kept in reversed(merge.rows):
        touched.add((kept["model"], kept["pk"]))
        _plan_step_reversal(made, kept)
    made.assignments += _rows_added_since(merge, touched)
    for one in made.assignments:
        wanted = (sorting or {}).get(one.address, SURVIVOR)
        one.chosen = wanted if wanted != BOTH or one.copies else SURVIVOR
    return made


def _plan_step_reversal(made: UnmergePlan, kept: dict) -> None:
    """Sorts one step of the merge into what goes back by itself, what is laid out, and what stays."""
    model: Any = apps.get_model(kept["model"])
    row, before, after = model._default_manager.filter(pk=kept["pk"]).first(), kept["before"], kept["after"]
    if after is None:
        if row is not None:
            return
        if lost := _missing_reference(model, before):
            made.unchanged_notes.append(f"{_describe_values(model, before)} cannot come back: its {lost} is gone.")
        elif model is not Judgement or not _has_judgement(before):
            made.steps.append(merge_step(model, kept["pk"], None, before))
    elif row is None:
        if before is not None:
            made.unchanged_notes.append(f"{_describe_values(model, after)} was removed since, and stays so.")
    elif issubclass(model, Child):
        _plan_child_reversal(made, row, before, after)
    else:
        _plan_record_reversal(made, row, before, after)


def _plan_child_reversal(made: UnmergePlan, row: Any, before: ColumnValues | None, after: ColumnValues) -> None:
    now = all_column_values(row)
    if now == after:
        made.steps.append(merge_step(type(row), row.pk, now, before))
        return
    changed = [name for name in after if now.get(name) != after[name]]
    theirs = {name: value for name, value in (before or {}).items() if value != after[name]}
    if before is None:
        theirs = {"entity_id": made.merge.merged_id}
    names = ", ".join(name.removesuffix("_id").replace("_", " ") for name in changed)
    belongs = any(now.get(name) == after.get(name) for name in _parent_columns(row) if after.get(name) is not None)
    if belongs:
        made.assignments.append(RowAssignment(row, f"changed since: {names}", now | theirs, now, copies=True))
    else:
        made.unchanged_notes.append(f"“{row}” belongs to another record since, and stays there.")


def _plan_record_reversal(made: UnmergePlan, row: Any, before: ColumnValues, after: ColumnValues) -> None:
    """Each field of a record goes back by itself where it is as the merge left it."""
    many = {one.name for one in row._meta.many_to_many}
    now: ColumnValues = {}
    back: ColumnValues = {}
    for name, was in before.items():
        if was == after[name]:
            continue
        if name in many:
            held_now = set(getattr(row, name).values_list("pk", flat=True))
            came, went = {*after[name]} - {*was}, {*was} - {*after[name]}
            now[name] = sorted(held_now)
            # Only where what the merge put in its place is still there does what it took out come back.
            back[name] = sorted((held_now - came) | went) if came <= held_now else sorted(held_now)
        elif to_json_value(getattr(row, name)) == after[name]:
            now[name], back[name] = after[name], was
        else:
            field_name = name.removesuffix("_id").replace("_", " ")
            made.unchanged_notes.append(f"“{row}”: {field_name} was changed since, and stays as it is now.")
    if now != back:
        made.steps.append(merge_step(type(row), row.pk, now, back))


def _rows_added_since(merge: Merge, touched: set[tuple[str, int]]) -> Iterator[RowAssignment]:
    """Rows that came to the survivor since: parts of it, and fields of others that have begun to name it."""
    now: ColumnValues
    for model, one in referencing_fields(type(merge.survivor.as_kind)):
        history: Any = model.history.model  # type: ignore[attr-defined]
        key = model._meta.pk.attname
        since = history.objects.filter(history_date__gt=merge.merged_at).values(key)
        rows = model._default_manager.filter(**{one.name: merge.survivor_id, "pk__in": since}).order_by("pk")
        for row in rows:
            if (model._meta.label_lower, row.pk) in touched and issubclass(model, Child):
                continue
            if _named_survivor_at_merge(history, key, row.pk, one, merge):
                continue
            if one.many_to_many:
                now = {one.name: sorted(getattr(row, one.name).values_list("pk", flat=True))}
                back = {one.name: sorted({*now[one.name], merge.merged_id} - {merge.survivor_id})}
                yield RowAssignment(row, f"names it under “{one.verbose_name}” since", back, now, copies=True)
            elif issubclass(model, Child) and one.name in model.PARENT_FIELDS:
                now = all_column_values(row)
                yield RowAssignment(row, "added since", now | {one.attname: merge.merged_id}, now, copies=True)
            else:
                now = {one.attname: merge.survivor_id}
                yield RowAssignment(
                    row, f"names it under “{one.verbose_name}” since", {one.attname: merge.merged_id}, now, copies=False
                )


def _named_survivor_at_merge(history: Any, key: str, pk: int, one: Any, merge: Merge) -> bool:
    last = history.objects.filter(**{key: pk}, history_date__lte=merge.merged_at).order_by("-history_date", "-history_id").first()
    if last is None or last.history_type == "-":
        return False
    if one.many_to_many:
        other = one.m2m_reverse_field_name()
        return getattr(last, one.name).filter(**{f"{other}_id": merge.survivor_id}).exists()
    return getattr(last, one.attname) == merge.survivor_id


def all_column_values(row: models.Model) -> ColumnValues:
    """All columns of a part, as plain values."""
    return {one.attname: to_json_value(getattr(row, one.attname)) for one in stored_columns(type(row))}


def _parent_columns(row: Any) -> list[str]:
    return [f"{name}_id" for name in row.PARENT_FIELDS]


def _missing_reference(model: type[models.Model], values: ColumnValues) -> str:
    """The name of a foreign key of `values` that leads nowhere any more; '' if all do."""
    for one in stored_columns(model):
        value = values.get(one.attname)
        if one.is_relation and value is not None and not one.related_model._default_manager.filter(pk=value).exists():
            return str(one.verbose_name)
    return ""


def _has_judgement(values: ColumnValues) -> bool:
    return Judgement.objects.filter(first=values["first_id"], second=values["second_id"]).exists()


def _describe_values(model: type[models.Model], values: ColumnValues) -> str:
    words = values.get("text") or values.get("as_stated") or values.get("value") or values.get("field") or ""
    return f"{model._meta.verbose_name} “{words}”" if words else str(model._meta.verbose_name)


def unmerge_entities(merge: Merge, sorting: Mapping[str, str] | None = None, *, seen: str, by=None, why: str = "") -> Merge:
    """Takes `merge` back as `plan_return` says, if its digest is still `seen`, and records that the two are not the same.

    Raises Stale if anything changed since the plan was looked at, Refused if it cannot be done.
    """
    with change_set(by=by, act=Action.UNMERGE, why=why), transaction.atomic():
        lock_entities(merge.merged, merge.survivor)
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        made = plan_unmerge(merge, sorting)
        if made.refusals:
            raise Refused(made.refusals)
        if made.digest != seen:
            raise Stale(["Something changed since you looked: look at it again, what you chose is kept."])
        for one in made.steps:
            write_merge_step(one, by, why)
        for laid_out in made.assignments:
            if laid_out.chosen != SURVIVOR:
                _write_assignment(laid_out, by, why)
        record_judgement(merge.merged, merge.survivor, DuplicateVerdict.DIFFERENT, by, why)
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
        return merge


def _write_assignment(one: RowAssignment, by, why: str) -> None:
    model = type(one.row)
    try:
        with transaction.atomic():
            if isinstance(one.row, Child):
                model(**{**one.back, "pk": None}).clean()
            if one.chosen == MERGED:
                write_merge_step(one.step, by, why)
            elif issubclass(model, Child):
                write_merge_step(merge_step(model, None, None, one.back), by, why)
            else:
                both = {name: sorted({*one.now[name], *one.back[name]}) for name in one.now}
                write_merge_step(merge_step(model, one.row.pk, one.now, both), by, why)
    except ValidationError as error:
        raise Refused([f"“{one.row}” cannot be the other's: {' '.join(error.messages)}"]) from None
    except IntegrityError:
        raise Refused([f"“{one.row}” cannot be the other's too: it has one that is the same. Leave it where it is."]) from None
