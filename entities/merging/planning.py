"""Planning of a merge: reasons to refuse it, choices to make, warnings. Writes nothing."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from entities.history.record_snapshots import snapshot_fields
from entities.merging.affected_rows import AffectedRowPlanner, referencing_fields
from entities.merging.merge_plan import (
    BOTH,
    MERGED,
    SURVIVOR,
    UNIQUE_SCHEMES,
    MergedFieldGroup,
    MergeOutcome,
    MergePlan,
    MergeWarning,
    default_side_of_lists,
)
from entities.models import Entity, Name
from entities.refusals import Refused
from entities.row_writing import plain_field_value, refuse_broken_rules, set_columns
from entities.vocabulary import IdentifierScheme, Status


def plan_merge(merged: Entity, survivor: Entity, choices: Mapping[str, str] | None = None) -> MergePlan:
    """Plan the merge of `merged` into `survivor`, given the choices of an editor.

    `choices` maps the key of a field group to MERGED, SURVIVOR or BOTH, and the address of a measure or milestone that
    both records have to BOTH, to keep both. Takes two queries per model, whatever the number of rows.
    """
    merged, survivor = (Entity.objects.get(pk=record.pk).as_kind for record in (merged, survivor))
    plan = MergePlan(merged, survivor)
    plan.refusals += _why_unmergeable(merged, survivor)
    if plan.refusals:
        return plan
    plan.field_groups = _result_field_groups(merged, survivor, choices or {})
    AffectedRowPlanner(plan, choices or {}).plan_all_rows()
    plan.aliases = _names_to_keep_as_aliases(plan)
    plan.link_counts = _count_referencing_rows(merged, survivor)
    plan.refusals += _find_contradictions(plan)
    plan.warnings += _merge_warnings(plan)
    return plan


def _count_referencing_rows(merged: Entity, survivor: Entity) -> dict[int, int]:
    counts = {merged.pk: 0, survivor.pk: 0}
    for model, field in referencing_fields(type(survivor)):
        rows = model._default_manager.filter(**{f"{field.name}__in": list(counts)}).order_by()
        for pk, count in rows.values_list(field.name).annotate(models.Count("pk")):
            counts[pk] += count
    return counts


def _why_unmergeable(merged: Entity, survivor: Entity) -> list[str]:
    if merged.pk == survivor.pk:
        return [f"“{merged}” cannot be merged into itself: choose another record."]
    if merged.kind != survivor.kind:
        return [f"“{merged}” is a {merged.kind} and “{survivor}” a {survivor.kind}: only records of one kind are merged."]
    return [
        f"“{record}” was merged into “{record.merged_into}” already: merge that, or unmerge it first."
        for record in (merged, survivor)
        if record.merged_into_id
    ]


def _find_contradictions(plan: MergePlan) -> list[str]:
    """Return the reasons why the two records cannot be one, and the validation errors of the result."""
    problems = []
    identifiers: dict[str, dict[int, set[str]]] = {}
    for affected in plan.affected_rows:
        if affected.model._meta.model_name == "identifier" and affected.before["scheme"] in UNIQUE_SCHEMES:
            identifiers.setdefault(affected.before["scheme"], {}).setdefault(affected.before["entity_id"], set()).add(
                affected.before["value"]
            )
    for scheme, by_entity in sorted(identifiers.items()):
        ours, theirs = by_entity.get(plan.merged.pk, set()), by_entity.get(plan.survivor.pk, set())
        if ours and theirs and not ours & theirs:
            problems.append(
                f"They have different identifiers in {IdentifierScheme(scheme).label}: {', '.join(sorted(ours))} and"
                f" {', '.join(sorted(theirs))}. One of them is wrong, or these are two different records: correct that first."
            )
    if plan.merged.status == Status.IN_REVIEW:
        problems.append(f"“{plan.merged}” is waiting for review: decide on it first, or take it back.")
    for affected in plan.rows_with_outcome(MergeOutcome.IDENTICAL):
        status = affected.twin.before.get("status") if affected.twin else None
        if affected.before.get("status") == Status.PUBLISHED != status:
            problems.append(
                f"“{affected.row}” is public and would be replaced by an identical row that is not: publish that one first."
            )
    if not plan.undecided:
        problems += _validation_messages(plan)
    return problems


def _validation_messages(plan: MergePlan) -> list[str]:
    result = type(plan.survivor)._default_manager.get(pk=plan.survivor.pk)
    for group in plan.field_groups:
        if not group.is_list:
            set_columns(result, dict(zip(group.names, group.result or (), strict=True)))
    try:
        with refuse_broken_rules(result, invalid="The result would be invalid: {problem}"):
            result.full_clean(validate_unique=False, exclude={"slug"})
    except Refused as refusal:
        return refusal.problems
    return []


def _merge_warnings(plan: MergePlan) -> list[MergeWarning]:
    merged, survivor = plan.merged, plan.survivor
    merged_links, survivor_links = plan.link_counts[merged.pk], plan.link_counts[survivor.pk]
    warnings = []
    if merged.status == Status.PUBLISHED != survivor.status:
        warnings.append(
            MergeWarning(
                f"“{merged}” is public and “{survivor}” is not: its address would lead to a record that is not public yet.", True
            )
        )
    if merged_links >= 2 * survivor_links and merged_links >= survivor_links + 3:
        warnings.append(MergeWarning(f"“{merged}” has {merged_links} links and “{survivor}” only {survivor_links}.", True))
    if merged.pk < survivor.pk and (
        warnings or (merged.status == survivor.status == Status.PUBLISHED and merged_links > survivor_links)
    ):
        warnings.append(MergeWarning(f"“{merged.slug}” is the older address: others may have used it for longer.", True))
    if plan.totals.double_counted:
        warnings.append(MergeWarning(f"The result would count twice: {'; '.join(plan.totals.double_counted)}."))
    return warnings


# Fields of the result


def _result_field_groups(merged: Entity, survivor: Entity, choices: Mapping[str, str]) -> list[MergedFieldGroup]:
    model = type(survivor)
    fields = {field.name: field for field in snapshot_fields(model) if field.name != "slug"}
    grouped = {name: group for group in model.FIELD_GROUPS for name in group}
    groups = []
    for group_names in dict.fromkeys(grouped.get(name, (name,)) for name in fields):
        is_list = bool(fields[group_names[0]].many_to_many)
        ours, theirs = (
            tuple(_field_value_apart_from_pair(record, fields[name], (merged, survivor)) for name in group_names)
            for record in (merged, survivor)
        )
        default, is_conflict = (default_side_of_lists(ours[0], theirs[0]), False) if is_list else _default_side(ours, theirs)
        chosen = choices.get("+".join(group_names), "")
        allowed = (MERGED, SURVIVOR, BOTH) if is_list else (MERGED, SURVIVOR)
        groups.append(MergedFieldGroup(group_names, ours, theirs, chosen if chosen in allowed else default, is_conflict, is_list))
    return groups


def _field_value_apart_from_pair(record: Entity, field: Any, pair: tuple[Entity, Entity]) -> Any:
    value = plain_field_value(record, field.name)
    if field.many_to_many:
        return value
    # A reference to the other record of the pair would point at itself: it counts as empty.
    if field.is_relation and issubclass(field.related_model, Entity) and value in {entity.pk for entity in pair}:
        return None
    return value


def _default_side(merged: tuple, survivor: tuple) -> tuple[str, bool]:
    """Return the side whose values are taken by default ('' if there is none), and whether the values conflict."""
    filled = [
        (bool(merged_value not in ("", None)), bool(survivor_value not in ("", None)))
        for merged_value, survivor_value in zip(merged, survivor, strict=True)
    ]
    is_conflict = any(
        all(sides) and merged_value != survivor_value
        for sides, merged_value, survivor_value in zip(filled, merged, survivor, strict=True)
    )
    merged_has_more, survivor_has_more = (
        any(merged_value and not survivor_value for merged_value, survivor_value in filled),
        any(survivor_value and not merged_value for merged_value, survivor_value in filled),
    )
    if is_conflict or (merged_has_more and survivor_has_more):
        return "", True
    return (MERGED if merged_has_more else SURVIVOR), False


def _names_to_keep_as_aliases(plan: MergePlan) -> list[str]:
    """Return the names of the two records that the result would no longer have."""
    result = plan.result("name")
    if result is None:
        return []
    kept_names = {
        affected.after["text"] for affected in plan.affected_rows if isinstance(affected.row, Name) and affected.after
    } | {result}
    return [name for name in dict.fromkeys((plan.merged.name, plan.survivor.name)) if name not in kept_names]
