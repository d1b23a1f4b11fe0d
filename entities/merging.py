"""Two records that are one: what merging them would do, row by row, and doing just that.

`plan` looks and writes nothing; `apply` makes the same plan again, refuses if anything moved since, and writes its steps.
Rows keep their keys: they are moved, never made anew. Each step holds a row before and after, so the list of them is the
exact inverse (`entities.unmerging`). Rows are found by their foreign keys, so that sources need not be known here.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import TextChoices
from django.utils import timezone

from entities.citable import FIELDS, MANY_VALUED, kind_of
from entities.models import Curated, Entity, Judgement, Likeness, Measure, Merge, Name, Part, Relation, one_change
from entities.models.curated import first_free
from entities.models.holding import hold
from entities.snapshots import fields_of, parts_of
from entities.vocabulary import Act, IdentifierScheme, NameKind, Sameness, Stance, Status

Values = dict[str, Any]
"""Column (`entity_id`, `text`) or many-to-many field -> plain value."""

OFFICIAL = {scheme for scheme in IdentifierScheme.values if scheme not in (IdentifierScheme.URL, IdentifierScheme.OTHER)}
"""Schemes in which one thing has one identifier: two different ones are two things."""

MERGED, SURVIVOR, BOTH = "merged", "survivor", "both"
"""Whose value a field of the result has; of a list of records both are possible."""


class Refused(Exception):
    """Nothing was changed. `problems` says why, a sentence each."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__(" ".join(self.problems))


class Moved(Refused):
    """Something that the preview showed has changed since."""


class Fate(TextChoices):
    """What becomes of a row."""

    MOVES = "moves", "to move"
    IDENTICAL = "identical", "identical in both, kept once"
    LOOP = "loop", "pointing at itself, dropped"
    STAYS = "stays", "untouched"


@dataclass(eq=False)
class Line:
    """A row that a merge meets: what it holds, what it will hold (None: no such row), and why."""

    row: models.Model
    before: Values
    after: Values | None
    fate: Fate = Fate.STAYS
    twin: "Line | None" = None
    note: str = ""

    @property
    def model(self) -> type[models.Model]:
        return type(self.row)

    @property
    def address(self) -> str:
        """`entities.name/17`"""
        return f"{self.model._meta.label_lower}/{self.row.pk}"

    def become(self, **values: Any) -> None:
        assert self.after is not None
        self.after |= values


@dataclass(frozen=True)
class Unit:
    """A field of the result, or fields that mean something only together, with what either record holds there."""

    names: tuple[str, ...]
    merged: tuple
    survivor: tuple
    chosen: str
    """MERGED, SURVIVOR or BOTH; '' while an editor has to choose."""
    clash: bool
    listed: bool = False

    @property
    def key(self) -> str:
        return "+".join(self.names)

    @property
    def both(self) -> tuple | None:
        """The members of two lists of which neither holds all."""
        if not self.listed or _united(self.merged[0], self.survivor[0]) != BOTH:
            return None
        return (sorted({*self.merged[0], *self.survivor[0]}),)

    @property
    def result(self) -> tuple | None:
        if self.chosen == BOTH:
            return self.both or self.survivor
        return {MERGED: self.merged, SURVIVOR: self.survivor}.get(self.chosen)


@dataclass(frozen=True)
class Warn:
    """Something that an editor should know first; `direction` tells that the merge seems to go the wrong way."""

    text: str
    direction: bool = False


@dataclass
class Plan:
    """What merging `merged` into `survivor` would do."""

    merged: Entity
    survivor: Entity
    units: list[Unit] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    links: dict[int, int] = field(default_factory=dict)
    """Key of either record -> how many rows belong to it or name it."""
    refusals: list[str] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)

    @property
    def undecided(self) -> list[Unit]:
        return [unit for unit in self.units if not unit.chosen]

    @property
    def wrong_direction(self) -> bool:
        return any(warning.direction for warning in self.warnings)

    def of(self, fate: Fate) -> list[Line]:
        return [line for line in self.lines if line.fate == fate]

    @property
    def counts(self) -> dict[str, int]:
        """Fate -> how many rows."""
        return {fate.value: len(self.of(fate)) for fate in Fate}

    @cached_property
    def digest(self) -> str:
        """Another one as soon as a row that the plan looks at is not what it was."""
        seen = [[one.pk, one.version, one.status] for one in (self.merged, self.survivor)]
        seen += [[unit.merged, unit.survivor] for unit in self.units]
        rows = sorted((line.address, line.before) for line in self.lines)
        return hashlib.sha256(json.dumps([seen, rows], sort_keys=True, default=str).encode()).hexdigest()

    def steps(self) -> Iterator[dict]:
        """Every row to write, in an order that no constraint minds: model, key, before and after (None: no such row)."""
        changed = [line for line in self.lines if line.after != line.before]
        for line in sorted(changed, key=lambda line: line.after is None):
            yield step(line.model, line.row.pk, line.before, line.after)
        for text in self.aliases:
            after = {"entity_id": self.survivor.pk, "text": text, "kind": NameKind.ALIAS.value, "language": "", "script": ""}
            yield step(Name, None, None, after)
        before, after = self._of_survivor()
        if before != after:
            yield step(type(self.survivor), self.survivor.pk, before, after)
        status = Status.WITHDRAWN if self.merged.status == Status.PUBLISHED else self.merged.status
        before = {"merged_into_id": None, "status": self.merged.status}
        yield step(type(self.merged), self.merged.pk, before, {"merged_into_id": self.survivor.pk, "status": str(status)})

    def _of_survivor(self) -> tuple[Values, Values]:
        fields: dict[str, Any] = {one.name: one for one in fields_of(type(self.survivor))}
        before: Values = {}
        after: Values = {}
        for unit in self.units:
            for at, name in enumerate(unit.names):
                column = name if unit.listed else fields[name].attname
                before[column], after[column] = unit.survivor[at], (unit.result or unit.survivor)[at]
        return before, after

    @property
    def totals(self) -> "Totals":
        return Totals.of(self)


@dataclass(frozen=True)
class Totals:
    """Money by currency on either record and on the result, and amounts that the result would count twice."""

    merged: dict[str, str]
    survivor: dict[str, str]
    after: dict[str, str]
    twice: list[str]

    @classmethod
    def of(cls, plan: Plan) -> "Totals":
        measures = [line for line in plan.lines if isinstance(line.row, Measure)]

        def sums(values: Iterable[Values]) -> dict[str, str]:
            found: dict[str, Any] = {}
            for one in values:
                # An amount that converts another is never added to it.
                if one["kind"] == "money" and one["value"] is not None and one["conversion_of_id"] is None:
                    amount = Measure._meta.get_field("value").to_python(one["value"])
                    found[one["currency"]] = found.get(one["currency"], 0) + amount
            return {currency: f"{amount:,.2f}".removesuffix(".00") for currency, amount in sorted(found.items())}

        after = [line.after for line in measures if line.after]
        seen, twice = set(), []
        for one in after:
            same = (one["kind"], one["value"], one["upper"], one["unit"], one["currency"])
            if one["value"] is not None and one["conversion_of_id"] is None:
                if same in seen:
                    twice.append(one["as_stated"])
                seen.add(same)
        before = {pk: sums(line.before for line in measures if line.before["entity_id"] == pk) for pk in _pair(plan)}
        return cls(before[plan.merged.pk], before[plan.survivor.pk], sums(after), twice)


def _pair(plan: Plan) -> tuple[int, int]:
    return plan.merged.pk, plan.survivor.pk


def step(model: type[models.Model], pk: int | None, before: Values | None, after: Values | None) -> dict:
    return {"model": model._meta.label_lower, "pk": pk, "before": before, "after": after}


def links(model: type[Entity]) -> list[tuple[type[models.Model], Any]]:
    """Every foreign key and many-to-many field by which a curated record or a part speaks of an entity of `model`."""
    line = {model, *model._meta.get_parent_list()}
    return [
        (other, one)
        for other in apps.get_models()
        if issubclass(other, Curated | Part)
        for one in (*other._meta.local_fields, *other._meta.local_many_to_many)
        if one.is_relation and one.related_model in line and one.name != "merged_into"
        if not getattr(one.remote_field, "parent_link", False)
    ]


def plan(merged: Entity, survivor: Entity, choices: Mapping[str, str] | None = None) -> Plan:
    """What merging `merged` into `survivor` would do, given what an editor chose.

    `choices` maps the key of a unit to MERGED, SURVIVOR or BOTH, and the address of a measure or milestone that both
    records have to BOTH, to keep both. Two queries for each sort of row, however many there are.
    """
    merged, survivor = (Entity.objects.get(pk=one.pk).as_kind for one in (merged, survivor))
    made = Plan(merged, survivor)
    made.refusals += _impossible(merged, survivor)
    if made.refusals:
        return made
    made.units = _units(merged, survivor, choices or {})
    _Sheet(made, choices or {}).fill()
    made.aliases = _aliases(made)
    made.links = _count_links(merged, survivor)
    made.refusals += _contradictions(made)
    made.warnings += _warnings(made)
    return made


def _count_links(merged: Entity, survivor: Entity) -> dict[int, int]:
    counts = {merged.pk: 0, survivor.pk: 0}
    for model, one in links(type(survivor)):
        rows = model._default_manager.filter(**{f"{one.name}__in": list(counts)}).order_by()
        for pk, count in rows.values_list(one.name).annotate(models.Count("pk")):
            counts[pk] += count
    return counts


def _impossible(merged: Entity, survivor: Entity) -> list[str]:
    if merged.pk == survivor.pk:
        return [f"“{merged}” cannot be merged into itself: choose another record."]
    if merged.kind != survivor.kind:
        return [f"“{merged}” is a {merged.kind} and “{survivor}” a {survivor.kind}: only records of one kind are merged."]
    return [
        f"“{one}” was merged into “{one.merged_into}” already: merge that, or unmerge it first."
        for one in (merged, survivor)
        if one.merged_into_id
    ]


def _contradictions(made: Plan) -> list[str]:
    """Why two records cannot be one, and what of the result the register would not take."""
    problems = []
    held: dict[str, dict[int, set[str]]] = {}
    for line in made.lines:
        if line.model._meta.model_name == "identifier" and line.before["scheme"] in OFFICIAL:
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
    for line in made.of(Fate.IDENTICAL):
        status = line.twin.before.get("status") if line.twin else None
        if line.before.get("status") == Status.PUBLISHED != status:
            problems.append(f"“{line.row}” is public and would give way to the same one, which is not: publish that first.")
    if not made.undecided:
        problems += _invalid(made)
    return problems


def _invalid(made: Plan) -> list[str]:
    result = type(made.survivor)._default_manager.get(pk=made.survivor.pk)
    for unit in made.units:
        if not unit.listed:
            for name, value in zip(unit.names, unit.result or (), strict=True):
                one: Any = type(result)._meta.get_field(name)
                setattr(result, one.attname, one.to_python(value) if not one.is_relation else value)
    try:
        result.full_clean(validate_unique=False, exclude={"slug"})
    except ValidationError as error:
        return [f"The result would not do: {message}" for message in error.messages]
    return []


def _warnings(made: Plan) -> list[Warn]:
    merged, survivor = made.merged, made.survivor
    here, there = made.links[merged.pk], made.links[survivor.pk]
    found = []
    if merged.status == Status.PUBLISHED != survivor.status:
        found.append(
            Warn(f"“{merged}” is public and “{survivor}” is not: its address would lead to a record not public yet.", True)
        )
    if here >= 2 * there and here >= there + 3:
        found.append(Warn(f"“{merged}” has {here} links and “{survivor}” only {there}.", True))
    if merged.pk < survivor.pk and (found or (merged.status == survivor.status == Status.PUBLISHED and here > there)):
        found.append(Warn(f"“{merged.slug}” is the older address: others may hold it for longer.", True))
    if made.totals.twice:
        found.append(Warn(f"The result would count twice: {'; '.join(made.totals.twice)}."))
    return found


# What the fields of the result are


def _units(merged: Entity, survivor: Entity, choices: Mapping[str, str]) -> list[Unit]:
    model = type(survivor)
    fields = {one.name: one for one in fields_of(model) if one.name != "slug"}
    grouped = {name: together for together in model.TOGETHER for name in together}
    units = []
    for names in dict.fromkeys(grouped.get(name, (name,)) for name in fields):
        listed = bool(fields[names[0]].many_to_many)
        ours, theirs = (tuple(_held(one, fields[name], (merged, survivor)) for name in names) for one in (merged, survivor))
        default, clash = (_united(ours[0], theirs[0]), False) if listed else _preferred(ours, theirs)
        chosen = choices.get("+".join(names), "")
        allowed = (MERGED, SURVIVOR, BOTH) if listed else (MERGED, SURVIVOR)
        units.append(Unit(names, ours, theirs, chosen if chosen in allowed else default, clash, listed))
    return units


def _held(record: Entity, one: Any, pair: tuple[Entity, Entity]) -> Any:
    if one.many_to_many:
        return sorted(getattr(record, one.name).values_list("pk", flat=True))
    value = plain(getattr(record, one.attname))
    # What names the other of the two would name itself: it holds nothing.
    if one.is_relation and issubclass(one.related_model, Entity) and value in {other.pk for other in pair}:
        return None
    return value


def _preferred(merged: tuple, survivor: tuple) -> tuple[str, bool]:
    """Whose values are taken unless somebody says otherwise, and whether somebody has to."""
    filled = [
        (bool(ours not in ("", None)), bool(theirs not in ("", None))) for ours, theirs in zip(merged, survivor, strict=True)
    ]
    clash = any(all(both) and ours != theirs for both, ours, theirs in zip(filled, merged, survivor, strict=True))
    more, less = any(ours and not theirs for ours, theirs in filled), any(theirs and not ours for ours, theirs in filled)
    if clash or (more and less):
        return "", True
    return (MERGED if more else SURVIVOR), False


def _united(merged: list, survivor: list) -> str:
    """Whose list holds all of either; BOTH if neither does."""
    if {*merged} <= {*survivor}:
        return SURVIVOR
    return MERGED if {*survivor} <= {*merged} else BOTH


def _aliases(made: Plan) -> list[str]:
    """The names that neither the result nor a name of it would say any more."""
    result = _result(made, "name")
    if result is None:
        return []
    said = {line.after["text"] for line in made.lines if isinstance(line.row, Name) and line.after} | {result}
    return [name for name in dict.fromkeys((made.merged.name, made.survivor.name)) if name not in said]


def _result(made: Plan, name: str) -> Any:
    """The value of a field of the result; None while it is not chosen."""
    for unit in made.units:
        if name in unit.names and unit.result is not None:
            return unit.result[unit.names.index(name)]
    return None


# What becomes of the rows


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return str(value) if isinstance(value, str) else value
    return str(value)


def columns(model: type[models.Model]) -> list[Any]:
    """The columns of a part, all but its key and what the database works out."""
    return [one for one in model._meta.concrete_fields if not (one.primary_key or one.generated)]


class _Sheet:
    """Every row that a merge meets, worked on in memory."""

    def __init__(self, made: Plan, choices: Mapping[str, str]):
        self.made, self.choices = made, choices
        self.old, self.new = made.merged, made.survivor
        self.lines: dict[tuple[type, int], Line] = {}
        self.taken: dict[type, dict[tuple, Line]] = {}
        self.keys: dict[tuple[int, str], str] = {}
        """(key of the record, old address of a part) -> its new address."""

    def fill(self) -> None:
        self._parts_of_the_two()
        self._relations()
        self._references()
        self._values_that_name_it()
        self._verdicts_without_an_object()
        self.made.lines = list(self.lines.values())

    # Rows as they are

    def line(self, row: models.Model, *names: str) -> Line:
        """The line of a row: all of a part, of a record the columns `names`."""
        key = (type(row), row.pk)
        found = self.lines.get(key)
        held = [one.attname for one in columns(type(row))] if isinstance(row, Part) else names
        if found is None:
            found = self.lines[key] = Line(row, {}, {})
        for name in held:
            if name not in found.before:
                many = name in {one.name for one in type(row)._meta.many_to_many}
                value = sorted(getattr(row, name).values_list("pk", flat=True)) if many else plain(getattr(row, name))
                found.before[name] = value
                found.become(**{name: value})
        return found

    def _claim(self, line: Line) -> Line | None:
        """Another row that already holds, or will, what only one row may hold; otherwise this one holds it."""
        assert line.after is not None
        places = list(_unique(line.model, line.after))
        held = self.taken.setdefault(line.model, {})
        for place in places:
            if (other := held.get(place)) is not None and other is not line:
                return other
        held |= dict.fromkeys(places, line)
        return None

    # Names, identifiers, amounts, steps, evidence

    def _parts_of_the_two(self) -> None:
        # Evidence comes after the measures and milestones that it is about.
        for model, name in sorted(parts_of(type(self.new)), key=lambda part: part[0] in statements()):
            rows = model._default_manager.filter(**{f"{name}__in": [self.old.pk, self.new.pk]})
            # An amount comes before its conversions.
            ordered = sorted(rows, key=lambda row: (getattr(row, "conversion_of_id", None) or 0, row.pk))
            ours = [self.line(row) for row in ordered if getattr(row, f"{name}_id") == self.new.pk]
            theirs = [self.line(row) for row in ordered if getattr(row, f"{name}_id") == self.old.pk]
            for line in ours:
                self._readdress(line, self.new)
                self._claim(line)
            for line in theirs:
                line.become(**{f"{name}_id": self.new.pk})
                line.fate = Fate.MOVES
                if "key" in line.before:
                    self._keyed(line, ours, name, model)
                else:
                    self._readdress(line, self.old)
                    self._drop_if_there(line)

    def _keyed(self, line: Line, ours: list[Line], name: str, model: type[Part]) -> None:
        """A measure or milestone: the same as one of the survivor's, or one more under a key that is free."""
        assert line.after is not None
        link: Any = model._meta.get_field(name)
        stem = link.remote_field.related_name
        if line.after.get("conversion_of_id"):
            original = self.lines.get((model, line.after["conversion_of_id"]))
            if original and original.after is None and original.twin:
                line.become(conversion_of_id=original.twin.row.pk)
        twin = next((other for other in ours if other.twin is None and _same_content(line.after, other.after)), None)
        if twin is not None:
            line.twin, line.note = twin, f"the same as {stem}.{twin.before['key']}"
            if self.choices.get(line.address) != BOTH:
                twin.twin = line
                line.after, line.fate = None, Fate.IDENTICAL
                self.keys[self.old.pk, f"{stem}.{line.before['key']}"] = f"{stem}.{twin.before['key']}"
                return
        used = {place[-1] for place in self.taken.get(model, {})} | {one.before["key"] for one in ours}
        key = first_free(line.before["key"], used)
        if key != line.before["key"]:
            self.keys[self.old.pk, f"{stem}.{line.before['key']}"] = f"{stem}.{key}"
            line.note = f"becomes {stem}.{key}"
            line.become(key=key)
        self._claim(line)

    def _readdress(self, line: Line, whole: Entity) -> None:
        """Evidence follows the part that it is about, and a name that becomes another name."""
        if "field" not in line.before:
            return
        assert line.after is not None
        name = line.before["field"]
        if moved := self.keys.get((whole.pk, name)):
            line.become(field=moved)
        if name == "name" and "value" in line.before and whole.pk not in self._judged_names:
            result = _result(self.made, "name")
            if result not in (None, whole.name) and line.before["value"] == whole.name:
                line.become(field="names")
                line.note = "becomes evidence for another name"
                if whole.pk == self.new.pk:
                    line.fate = Fate.MOVES

    @cached_property
    def _judged_names(self) -> set[int]:
        """Which of the two has a verdict on its name: its statements stay together."""
        judged: set[int] = set()
        for model in statements():
            if "settles" in {one.name for one in columns(model)}:
                rows = model._default_manager.filter(field="name", entity__in=[self.old.pk, self.new.pk])
                judged |= set(rows.values_list("entity", flat=True))
        return judged

    def _drop_if_there(self, line: Line) -> None:
        twin = self._claim(line)
        if twin is not None:
            line.after, line.fate, line.twin = None, Fate.IDENTICAL, twin
            if "settles" in line.before:
                line.note = "a verdict of the same day on the same field stands"

    # Relations

    def _relations(self) -> None:
        pair = [self.old.pk, self.new.pk]
        ends = ("subject_id", "object_id")
        rows = Relation.objects.filter(models.Q(subject__in=pair) | models.Q(object__in=pair)).select_related(
            "type", "subject", "object"
        )
        lines = [self.line(row, "type_id", *ends, "start", "role", "status") for row in rows.order_by("pk")]
        for line in lines:
            if self.old.pk not in (line.before["subject_id"], line.before["object_id"]):
                self._claim(line)
        for line in lines:
            changed = {end: self.new.pk for end in ends if line.before[end] == self.old.pk}
            if not changed:
                continue
            line.become(**changed)
            line.fate = Fate.MOVES
            if line.before["subject_id"] in pair and line.before["object_id"] in pair:
                self._set_aside(line, Fate.LOOP)
            elif twin := self._claim(line):
                line.twin = twin
                self._set_aside(line, Fate.IDENTICAL)
        self._evidence_of_relations([line for line in lines if line.fate == Fate.IDENTICAL])

    def _set_aside(self, line: Line, fate: Fate) -> None:
        """It stays with the merged record, withdrawn, so that what was once public is never deleted."""
        line.after = line.before | {"status": Status.WITHDRAWN.value}
        line.fate = fate
        line.note = "stays with the merged record, withdrawn"

    def _evidence_of_relations(self, aside: list[Line]) -> None:
        twins = {line.row.pk: line.twin.row.pk for line in aside if line.twin}
        if not twins:
            return
        for model, name in parts_of(Relation):
            for row in model._default_manager.filter(**{f"{name}__in": {*twins.values()}}):
                self._claim(self._following(self.line(row), row))
            for row in model._default_manager.filter(**{f"{name}__in": list(twins)}):
                line = self._following(self.line(row), row)
                line.become(**{f"{name}_id": twins[getattr(row, f"{name}_id")]})
                line.fate = Fate.MOVES
                self._drop_if_there(line)

    # Whatever else speaks of it

    def _references(self) -> None:
        for model, one in links(type(self.new)):
            if model is Relation or (issubclass(model, Part) and one.name in model.WHOLE):
                continue
            for row in model._default_manager.filter(**{one.name: self.old.pk}).order_by("pk"):
                if row.pk in (self.old.pk, self.new.pk) and isinstance(row, Entity):
                    # The survivor cannot name itself: its own field is among the units, and holds nothing there.
                    continue
                if one.many_to_many:
                    line = self.line(row, one.name)
                    line.become(**{one.name: sorted({*line.before[one.name], self.new.pk} - {self.old.pk})})
                else:
                    line = self.line(row, one.attname)
                    if line.after is None:
                        continue
                    line.become(**{one.attname: self.new.pk})
                line.fate = Fate.MOVES
                line.note = line.note or f"names it under “{one.verbose_name}”"

    def _values_that_name_it(self) -> None:
        """Citations and verdicts of other records that state its slug state the survivor's."""
        names = {name for takes in FIELDS.values() for name, one in takes.items() if self._takes(one)}
        for model in statements():
            held = {one.name for one in columns(model)}
            rows = model._default_manager.filter(field__in=names).select_related("entity", "relation")
            if "value" in held:
                rows = rows.filter(value__in=[self.old.slug, self.new.slug])
            met = [row for row in rows.order_by("pk") if self._takes(FIELDS[kind_of(row.whole)].get(row.field))]
            fresh = [row for row in met if (model, row.pk) not in self.lines]
            if "value" in held:
                # Only where a row follows do those count that already say so.
                about = {(row.whole, row.field) for row in fresh if row.value == self.old.slug}
                fresh = [row for row in fresh if (row.whole, row.field) in about]
                for row in fresh:
                    if row.value == self.new.slug:
                        self._claim(self.line(row))
                fresh = [row for row in fresh if row.value == self.old.slug]
            else:
                fresh = [row for row in fresh if {self.old.slug, f"not {self.old.slug}"} & {*row.settles}]
            for row in fresh:
                line = self._following(self.line(row), row)
                line.fate = Fate.MOVES
                line.note = f"names it under “{row.field.replace('_', ' ')}”"
                self._drop_if_there(line)

    def _takes(self, takes: Any) -> bool:
        return isinstance(takes, tuple) and self.new.kind in takes[1]

    def _following(self, line: Line, row: Any) -> Line:
        """A statement about a field that takes a slug says the survivor's."""
        if line.after is not None and self._takes(FIELDS[kind_of(row.whole)].get(row.field)):
            if line.after.get("value") == self.old.slug:
                line.become(value=self.new.slug)
            renamed = {self.old.slug: self.new.slug, f"not {self.old.slug}": f"not {self.new.slug}"}
            if renamed.keys() & {*line.after.get("settles", ())}:
                line.become(settles=sorted({renamed.get(one, one) for one in line.after["settles"]}))
        return line

    def _verdicts_without_an_object(self) -> None:
        """A verdict on two values that have become one judges nothing any more."""
        followed = [
            line.before for line in self.lines.values() if line.before.get("value") == self.old.slug and line.after != line.before
        ]
        places = {(_whole_of(one), one["field"]) for one in followed if one["field"] not in MANY_VALUED}
        for model in statements():
            if "settles" not in {one.name for one in columns(model)}:
                continue
            for (link, pk), name in places:
                for row in model._default_manager.filter(**{link: pk}, field=name):
                    line = self.line(row)
                    if line.after is not None and not self._differs(link, pk, name):
                        line.after, line.fate, line.note = None, Fate.IDENTICAL, "its sources state the same now"

    def _differs(self, link: str, pk: int, name: str) -> bool:
        """Whether the citations of a field will state different values."""
        stated: set[str] = set()
        for model in statements():
            if "value" not in {one.name for one in columns(model)}:
                continue
            for row in model._default_manager.filter(**{link: pk}, field=name):
                line = self.lines.get((model, row.pk))
                after = line.after if line else {"value": row.value, "stance": row.stance}
                if after is not None:
                    if after["stance"] == Stance.CONTRADICTS:
                        return True
                    stated.add(after["value"])
        return len(stated) > 1


def statements() -> list[type[Any]]:
    """The models of rows about one field of a record: what a source states there, what an editor judged."""
    return [model for model in apps.get_models() if issubclass(model, Part) and "field" in {f.name for f in model._meta.fields}]


def _whole_of(values: Values) -> tuple[str, int]:
    return ("entity_id", values["entity_id"]) if values["entity_id"] is not None else ("relation_id", values["relation_id"])


def _unique(model: type[models.Model], values: Values) -> Iterator[tuple]:
    """The places of a row that only one row may hold: columns and values of each unique constraint that applies to it."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            links: list[Any] = [model._meta.get_field(name) for name in constraint.fields]
            place = tuple(values[one.attname] for one in links)
            if None not in place:
                yield (constraint.name, *place)


def _same_content(one: Values, other: Values | None) -> bool:
    """Whether two measures or milestones say the same, whatever they are called and however a source put it."""
    aside = ("key", "as_stated")
    return other is not None and {k: v for k, v in one.items() if k not in aside} == {
        k: v for k, v in other.items() if k not in aside
    }


# Doing it


def apply(
    merged: Entity, survivor: Entity, choices: Mapping[str, str], *, seen: str, by=None, why: str = "", confirmed: bool = False
) -> Merge:
    """Merges as `plan` says, if its digest is still `seen`; `confirmed` lets a merge in the wrong direction through.

    Raises Moved if anything changed since the plan was looked at, Refused if it cannot be done.
    """
    with one_change(by=by, act=Act.MERGE, why=why), transaction.atomic():
        lock(merged, survivor)
        made = plan(merged, survivor, choices)
        if made.refusals:
            raise Refused(made.refusals)
        if made.digest != seen:
            raise Moved(["Something changed since you looked: look at it again, what you chose is kept."])
        if made.undecided:
            fields = ", ".join(name.replace("_", " ") for unit in made.undecided for name in unit.names)
            raise Refused([f"Choose whose value the result has: {fields}."])
        if made.wrong_direction and not confirmed:
            raise Refused(["This merge seems to go the wrong way: swap the two, or confirm that it is meant so."])
        rows = [write(one, by, why) for one in made.steps()]
        rows += _pairs(made, by, why)
        return Merge.objects.create(
            merged=Entity.objects.get(pk=merged.pk),
            survivor=Entity.objects.get(pk=survivor.pk),
            merged_by=by,
            why=why,
            rows=rows,
            merged_at=timezone.now(),
        )


def lock(*records: Entity) -> None:
    """Waits for whoever is saving one of `records`, and lets nobody else do so until the transaction ends."""
    hold((Entity, record.pk) for record in records)


def write(one: dict, by=None, why: str = "") -> dict:
    """Takes a row from a step's `before` to its `after`, and gives the step with the key of a row that it made."""
    model: Any = apps.get_model(one["model"])
    before, after = one["before"], one["after"]
    if after is None:
        row = model._default_manager.get(pk=one["pk"])
        _sign(row, by, why)
        row.delete()
        return one
    if before is None:
        row = model(pk=one["pk"], **_typed(model, after))
        _sign(row, by, why)
        row.save(force_insert=True)
        return one | {"pk": row.pk}
    row = model._default_manager.get(pk=one["pk"])
    _sign(row, by, why)
    many = {field.name for field in model._meta.many_to_many}
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    for name, value in _typed(model, {n: v for n, v in changed.items() if n not in many}).items():
        setattr(row, name, value)
    names = {field.name for field in model._meta.concrete_fields if field.attname in changed}
    row.save(update_fields=names)
    for name in many & set(changed):
        getattr(row, name).set(changed[name])
    return one


def _sign(row: Any, by, why: str) -> None:
    row._history_user = by
    row._change_reason = why[:100] or None


def _typed(model: type[models.Model], values: Values) -> Values:
    by_column = {one.attname: one for one in model._meta.concrete_fields}
    return {
        name: value if by_column[name].is_relation or value is None else by_column[name].to_python(value)
        for name, value in values.items()
    }


def _pairs(made: Plan, by, why: str) -> list[dict]:
    """What was found and judged about the merged one is about the survivor now; of the two it is judged that they are one."""
    merged, survivor = _pair(made)
    done = []
    about = models.Q(first=merged) | models.Q(second=merged)
    for likeness in Likeness.objects.filter(about):
        # Found anew, for the survivor, the next time that the finder looks.
        done.append(write(step(Likeness, likeness.pk, _whole_row(likeness), None)))
    for row in Judgement.objects.filter(about):
        other = row.second_id if row.first_id == merged else row.first_id
        if other == survivor:
            continue
        first, second = sorted((survivor, other))
        before = _whole_row(row)
        there = Judgement.objects.filter(first=first, second=second).exists()
        done.append(write(step(Judgement, row.pk, before, None if there else before | {"first_id": first, "second_id": second})))
    judge(made.merged, made.survivor, Sameness.SAME, by, why)
    return done


def judge(one: Entity, other: Entity, verdict: str, by, reason: str) -> None:
    """Records what an editor found of two entities, in place of an earlier finding."""
    first, second = sorted((one.pk, other.pk))
    found = {"verdict": verdict, "reason": reason, "judged_by": by, "judged_at": timezone.now()}
    Judgement.objects.update_or_create(first_id=first, second_id=second, defaults=found)


def _whole_row(row: models.Model) -> Values:
    return {one.attname: plain(getattr(row, one.attname)) for one in columns(type(row))}
