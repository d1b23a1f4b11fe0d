"""The plan of a merge: what is impossible, what has to be chosen, what one should know first. Writes nothing."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from entities.history.record_snapshots import snapshot_fields
from entities.merging.affected_rows import AffectedRowPlanner, referencing_fields, to_json_value
from entities.merging.merge_plan import (
    BOTH,
    MERGED,
    SURVIVOR,
    UNIQUE_SCHEMES,
    MergedFieldGroup,
    MergeOutcome,
    MergePlan,
    MergeWarning,
    side_holding_all,
)
from entities.models import Entity, Name
from entities.vocabulary import IdentifierScheme, Status


def plan_merge(merged: Entity, survivor: Entity, choices: Mapping[str, str] | None = None) -> MergePlan:
    """What merging `merged` into `survivor` would do, given what an editor chose.

    `choices` maps the key of a unit to MERGED, SURVIVOR or BOTH, and the address of a measure or milestone that both
    records have to BOTH, to keep both. Two queries for each sort of row, however many there are.
    """
    merged, survivor = (Entity.objects.get(pk=one.pk).as_kind for one in (merged, survivor))
    made = MergePlan(merged, survivor)
    made.refusals += _why_unmergeable(merged, survivor)
    if made.refusals:
        return made
    made.field_groups = _result_field_groups(merged, survivor, choices or {})
    AffectedRowPlanner(made, choices or {}).plan_all_rows()
    made.aliases = _names_to_keep_as_aliases(made)
    made.links = _count_referencing_rows(merged, survivor)
    made.refusals += _find_contradictions(made)
    made.warnings += _merge_warnings(made)
    return made


def _count_referencing_rows(merged: Entity, survivor: Entity) -> dict[int, int]:
    counts = {merged.pk: 0, survivor.pk: 0}
    for model, one in referencing_fields(type(survivor)):
        rows = model._default_manager.filter(**{f"{one.name}__in": list(counts)}).order_by()
        for pk, count in rows.values_list(one.name).annotate(models.Count("pk")):
            counts[pk] += count
    return counts


def _why_unmergeable(merged: Entity, survivor: Entity) -> list[str]:
    if merged.pk == survivor.pk:
        return [f"“{merged}” cannot be merged into itself: choose another record."]
    if merged.kind != survivor.kind:
        return [f"“{merged}” is a {merged.kind} and “{survivor}” a {survivor.kind}: only records of one kind are merged."]
    return [
        f"“{one}” was merged into “{one.merged_into}” already: merge that, or unmerge it first."
        for one in (merged, survivor)
        if one.merged_into_id
    ]


def _find_contradictions(made: MergePlan) -> list[str]:
    """Why two records cannot be one, and what of the result the register would not take."""
    problems = []
    held: dict[str, dict[int, set[str]]] = {}
    for line in made.lines:
        if line.model._meta.model_name == "identifier" and line.before["scheme"] in UNIQUE_SCHEMES:
            held.setdefault(line.before["scheme"], {}).setdefault(line.before["entity_id"], set()).add(line.before["value"])
    for scheme, by_entity in sorted(held.items()):
        ours, theirs = by_entity.get(made.merged.pk, set()), by_entity.get(made.survivor.pk, set())
        if ours and theirs and not ours & theirs:
            problems.append(
                f"They have different identifiers in {IdentifierScheme(scheme).label}: {', '.join(sorted(ours))} and"
                f" {', '.join(sorted(theirs))}. One of them is wrong, or they are two: put that right first."
            )
    if made.merged.status == Status.IN_REVIEW:
        problems.append(f"“{made.merged}” waits for review: decide on it first, or take it back.")
    for line in made.of(MergeOutcome.IDENTICAL):
        status = line.twin.before.get("status") if line.twin else None
        if line.before.get("status") == Status.PUBLISHED != status:
            problems.append(f"“{line.row}” is public and would give way to the same one, which is not: publish that first.")
    if not made.undecided:
        problems += _validation_messages(made)
    return problems


def _validation_messages(made: MergePlan) -> list[str]:
    result = type(made.survivor)._default_manager.get(pk=made.survivor.pk)
    for unit in made.field_groups:
        if not unit.listed:
            for name, value in zip(unit.names, unit.result or (), strict=True):
                one: Any = type(result)._meta.get_field(name)
                setattr(result, one.attname, one.to_python(value) if not one.is_relation else value)
    try:
        result.full_clean(validate_unique=False, exclude={"slug"})
    except ValidationError as error:
        return [f"The result would not do: {message}" for message in error.messages]
    return []


def _merge_warnings(made: MergePlan) -> list[MergeWarning]:
    merged, survivor = made.merged, made.survivor
    here, there = made.links[merged.pk], made.links[survivor.pk]
    found = []
    if merged.status == Status.PUBLISHED != survivor.status:
        found.append(
            MergeWarning(
                f"“{merged}” is public and “{survivor}” is not: its address would lead to a record not public yet.", True
            )
        )
    if here >= 2 * there and here >= there + 3:
        found.append(MergeWarning(f"“{merged}” has {here} links and “{survivor}” only {there}.", True))
    if merged.pk < survivor.pk and (found or (merged.status == survivor.status == Status.PUBLISHED and here > there)):
        found.append(MergeWarning(f"“{merged.slug}” is the older address: others may hold it for longer.", True))
    if made.totals.twice:
        found.append(MergeWarning(f"The result would count twice: {'; '.join(made.totals.twice)}."))
    return found


# What the fields of the result are


def _result_field_groups(merged: Entity, survivor: Entity, choices: Mapping[str, str]) -> list[MergedFieldGroup]:
    model = type(survivor)
    fields = {one.name: one for one in snapshot_fields(model) if one.name != "slug"}
    grouped = {name: together for together in model.FIELD_GROUPS for name in together}
    units = []
    for names in dict.fromkeys(grouped.get(name, (name,)) for name in fields):
        listed = bool(fields[names[0]].many_to_many)
        ours, theirs = (
            tuple(_field_value_apart_from_pair(one, fields[name], (merged, survivor)) for name in names)
            for one in (merged, survivor)
        )
        default, clash = (side_holding_all(ours[0], theirs[0]), False) if listed else _default_side(ours, theirs)
        chosen = choices.get("+".join(names), "")
        allowed = (MERGED, SURVIVOR, BOTH) if listed else (MERGED, SURVIVOR)
        units.append(MergedFieldGroup(names, ours, theirs, chosen if chosen in allowed else default, clash, listed))
    return units


def _field_value_apart_from_pair(record: Entity, one: Any, pair: tuple[Entity, Entity]) -> Any:
    if one.many_to_many:
        return sorted(getattr(record, one.name).values_list("pk", flat=True))
    value = to_json_value(getattr(record, one.attname))
    # What names the other of the two would name itself: it holds nothing.
    if one.is_relation and issubclass(one.related_model, Entity) and value in {other.pk for other in pair}:
        return None
    return value


def _default_side(merged: tuple, survivor: tuple) -> tuple[str, bool]:
    """Whose values are taken unless somebody says otherwise, and whether somebody has to."""
    filled = [
        (bool(ours not in ("", None)), bool(theirs not in ("", None))) for ours, theirs in zip(merged, survivor, strict=True)
    ]
    clash = any(all(both) and ours != theirs for both, ours, theirs in zip(filled, merged, survivor, strict=True))
    more, less = any(ours and not theirs for ours, theirs in filled), any(theirs and not ours for ours, theirs in filled)
    if clash or (more and less):
        return "", True
    return (MERGED if more else SURVIVOR), False


def _names_to_keep_as_aliases(made: MergePlan) -> list[str]:
    """The names that neither the result nor a name of it would say any more."""
    result = made.result("name")
    if result is None:
        return []
    said = {line.after["text"] for line in made.lines if isinstance(line.row, Name) and line.after} | {result}
    return [name for name in dict.fromkeys((made.merged.name, made.survivor.name)) if name not in said]
