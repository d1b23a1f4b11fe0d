"""What becomes of every row that a merge meets, worked out in memory."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models

from entities.citable import CITABLE_FIELDS, MANY_VALUED_FIELDS, record_kind
from entities.history.record_snapshots import child_models
from entities.merging.merge_plan import BOTH, AffectedRow, ColumnValues, MergeOutcome, MergePlan
from entities.models import Child, Curated, Entity, Relation
from entities.models.curated import first_free_name
from entities.vocabulary import Stance, Status


def referencing_fields(model: type[Entity]) -> list[tuple[type[models.Model], Any]]:
    """Every foreign key and many-to-many field by which a curated record or a part speaks of an entity of `model`."""
    line = {model, *model._meta.get_parent_list()}
    return [
        (other, one)
        for other in apps.get_models()
        if issubclass(other, Curated | Child)
        for one in (*other._meta.local_fields, *other._meta.local_many_to_many)
        if one.is_relation and one.related_model in line and one.name != "merged_into"
        if not getattr(one.remote_field, "parent_link", False)
    ]


def to_json_value(value: Any) -> Any:
    """A value as JSON holds it."""
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return str(value) if isinstance(value, str) else value
    return str(value)


def stored_columns(model: type[models.Model]) -> list[Any]:
    """The columns of a part, all but its key and what the database works out."""
    return [one for one in model._meta.concrete_fields if not (one.primary_key or one.generated)]


class AffectedRowPlanner:
    """Every row that a merge meets, worked on in memory."""

    def __init__(self, made: MergePlan, choices: Mapping[str, str]):
        self.made, self.choices = made, choices
        self.old, self.new = made.merged, made.survivor
        self.lines: dict[tuple[type, int], AffectedRow] = {}
        self.taken: dict[type, dict[tuple, AffectedRow]] = {}
        self.keys: dict[tuple[int, str], str] = {}
        """(key of the record, old address of a part) -> its new address."""

    def plan_all_rows(self) -> None:
        self._plan_children()
        self._plan_relations()
        self._plan_references()
        self._plan_values_naming_merged()
        self._drop_settled_verdicts()
        self.made.lines = list(self.lines.values())

    # Rows as they are

    def line(self, row: models.Model, *names: str) -> AffectedRow:
        """The line of a row: all of a part, of a record the columns `names`."""
        key = (type(row), row.pk)
        found = self.lines.get(key)
        held = [one.attname for one in stored_columns(type(row))] if isinstance(row, Child) else names
        if found is None:
            found = self.lines[key] = AffectedRow(row, {}, {})
        for name in held:
            if name not in found.before:
                many = name in {one.name for one in type(row)._meta.many_to_many}
                value = sorted(getattr(row, name).values_list("pk", flat=True)) if many else to_json_value(getattr(row, name))
                found.before[name] = value
                found.update_after(**{name: value})
        return found

    def _claim_unique_keys(self, line: AffectedRow) -> AffectedRow | None:
        """Another row that already holds, or will, what only one row may hold; otherwise this one holds it."""
        assert line.after is not None
        places = list(_unique_constraint_keys(line.model, line.after))
        held = self.taken.setdefault(line.model, {})
        for place in places:
            if (other := held.get(place)) is not None and other is not line:
                return other
        held |= dict.fromkeys(places, line)
        return None

    # Names, identifiers, amounts, steps, evidence

    def _plan_children(self) -> None:
        # Evidence comes after the measures and milestones that it is about.
        for model, name in sorted(child_models(type(self.new)), key=lambda part: part[0] in statement_models()):
            rows = model._default_manager.filter(**{f"{name}__in": [self.old.pk, self.new.pk]})
            # An amount comes before its conversions.
            ordered = sorted(rows, key=lambda row: (getattr(row, "conversion_of_id", None) or 0, row.pk))
            ours = [self.line(row) for row in ordered if getattr(row, f"{name}_id") == self.new.pk]
            theirs = [self.line(row) for row in ordered if getattr(row, f"{name}_id") == self.old.pk]
            for line in ours:
                self._readdress_evidence(line, self.new)
                self._claim_unique_keys(line)
            for line in theirs:
                line.update_after(**{f"{name}_id": self.new.pk})
                line.fate = MergeOutcome.MOVES
                if "key" in line.before:
                    self._plan_keyed_child(line, ours, name, model)
                else:
                    self._readdress_evidence(line, self.old)
                    self._drop_if_duplicate(line)

    def _plan_keyed_child(self, line: AffectedRow, ours: list[AffectedRow], name: str, model: type[Child]) -> None:
        """A measure or milestone: the same as one of the survivor's, or one more under a key that is free."""
        assert line.after is not None
        link: Any = model._meta.get_field(name)
        stem = link.remote_field.related_name
        if line.after.get("conversion_of_id"):
            original = self.lines.get((model, line.after["conversion_of_id"]))
            if original and original.after is None and original.twin:
                line.update_after(conversion_of_id=original.twin.row.pk)
        twin = next((other for other in ours if other.twin is None and _has_same_content(line.after, other.after)), None)
        if twin is not None:
            line.twin, line.note = twin, f"the same as {stem}.{twin.before['key']}"
            if self.choices.get(line.address) != BOTH:
                twin.twin = line
                line.after, line.fate = None, MergeOutcome.IDENTICAL
                self.keys[self.old.pk, f"{stem}.{line.before['key']}"] = f"{stem}.{twin.before['key']}"
                return
        used = {place[-1] for place in self.taken.get(model, {})} | {one.before["key"] for one in ours}
        key = first_free_name(line.before["key"], used)
        if key != line.before["key"]:
            self.keys[self.old.pk, f"{stem}.{line.before['key']}"] = f"{stem}.{key}"
            line.note = f"becomes {stem}.{key}"
            line.update_after(key=key)
        self._claim_unique_keys(line)

    def _readdress_evidence(self, line: AffectedRow, whole: Entity) -> None:
        """Evidence follows the part that it is about, and a name that becomes another name."""
        if "field" not in line.before:
            return
        assert line.after is not None
        name = line.before["field"]
        if moved := self.keys.get((whole.pk, name)):
            line.update_after(field=moved)
        if name == "name" and "value" in line.before and whole.pk not in self._records_with_name_verdict:
            result = self.made.result("name")
            if result not in (None, whole.name) and line.before["value"] == whole.name:
                line.update_after(field="names")
                line.note = "becomes evidence for another name"
                if whole.pk == self.new.pk:
                    line.fate = MergeOutcome.MOVES

    @cached_property
    def _records_with_name_verdict(self) -> set[int]:
        """Which of the two has a verdict on its name: its statements stay together."""
        judged: set[int] = set()
        for model in statement_models():
            if "settles" in {one.name for one in stored_columns(model)}:
                rows = model._default_manager.filter(field="name", entity__in=[self.old.pk, self.new.pk])
                judged |= set(rows.values_list("entity", flat=True))
        return judged

    def _drop_if_duplicate(self, line: AffectedRow) -> None:
        twin = self._claim_unique_keys(line)
        if twin is not None:
            line.after, line.fate, line.twin = None, MergeOutcome.IDENTICAL, twin
            if "settles" in line.before:
                line.note = "a verdict of the same day on the same field stands"

    # Relations

    def _plan_relations(self) -> None:
        pair = [self.old.pk, self.new.pk]
        ends = ("subject_id", "object_id")
        rows = Relation.objects.filter(models.Q(subject__in=pair) | models.Q(object__in=pair)).select_related(
            "type", "subject", "object"
        )
        lines = [self.line(row, "type_id", *ends, "start", "role", "status") for row in rows.order_by("pk")]
        for line in lines:
            if self.old.pk not in (line.before["subject_id"], line.before["object_id"]):
                self._claim_unique_keys(line)
        for line in lines:
            changed = {end: self.new.pk for end in ends if line.before[end] == self.old.pk}
            if not changed:
                continue
            line.update_after(**changed)
            line.fate = MergeOutcome.MOVES
            if line.before["subject_id"] in pair and line.before["object_id"] in pair:
                self._leave_withdrawn(line, MergeOutcome.LOOP)
            elif twin := self._claim_unique_keys(line):
                line.twin = twin
                self._leave_withdrawn(line, MergeOutcome.IDENTICAL)
        self._move_relation_evidence([line for line in lines if line.fate == MergeOutcome.IDENTICAL])

    def _leave_withdrawn(self, line: AffectedRow, fate: MergeOutcome) -> None:
        """It stays with the merged record, withdrawn, so that what was once public is never deleted."""
        line.after = line.before | {"status": Status.WITHDRAWN.value}
        line.fate = fate
        line.note = "stays with the merged record, withdrawn"

    def _move_relation_evidence(self, aside: list[AffectedRow]) -> None:
        twins = {line.row.pk: line.twin.row.pk for line in aside if line.twin}
        if not twins:
            return
        for model, name in child_models(Relation):
            for row in model._default_manager.filter(**{f"{name}__in": {*twins.values()}}):
                self._claim_unique_keys(self._replace_merged_slug(self.line(row), row))
            for row in model._default_manager.filter(**{f"{name}__in": list(twins)}):
                line = self._replace_merged_slug(self.line(row), row)
                line.update_after(**{f"{name}_id": twins[getattr(row, f"{name}_id")]})
                line.fate = MergeOutcome.MOVES
                self._drop_if_duplicate(line)

    # Whatever else speaks of it

    def _plan_references(self) -> None:
        for model, one in referencing_fields(type(self.new)):
            if model is Relation or (issubclass(model, Child) and one.name in model.PARENT_FIELDS):
                continue
            for row in model._default_manager.filter(**{one.name: self.old.pk}).order_by("pk"):
                if row.pk in (self.old.pk, self.new.pk) and isinstance(row, Entity):
                    # The survivor cannot name itself: its own field is among the units, and holds nothing there.
                    continue
                if one.many_to_many:
                    line = self.line(row, one.name)
                    line.update_after(**{one.name: sorted({*line.before[one.name], self.new.pk} - {self.old.pk})})
                else:
                    line = self.line(row, one.attname)
                    if line.after is None:
                        continue
                    line.update_after(**{one.attname: self.new.pk})
                line.fate = MergeOutcome.MOVES
                line.note = line.note or f"names it under “{one.verbose_name}”"

    def _plan_values_naming_merged(self) -> None:
        """Citations and verdicts of other records that state its slug state the survivor's."""
        names = {name for takes in CITABLE_FIELDS.values() for name, one in takes.items() if self._accepts_slug_of_kind(one)}
        for model in statement_models():
            held = {one.name for one in stored_columns(model)}
            rows = model._default_manager.filter(field__in=names).select_related("entity", "relation")
            if "value" in held:
                rows = rows.filter(value__in=[self.old.slug, self.new.slug])
            met = [
                row
                for row in rows.order_by("pk")
                if self._accepts_slug_of_kind(CITABLE_FIELDS[record_kind(row.whole)].get(row.field))
            ]
            fresh = [row for row in met if (model, row.pk) not in self.lines]
            if "value" in held:
                # Only where a row follows do those count that already say so.
                about = {(row.whole, row.field) for row in fresh if row.value == self.old.slug}
                fresh = [row for row in fresh if (row.whole, row.field) in about]
                for row in fresh:
                    if row.value == self.new.slug:
                        self._claim_unique_keys(self.line(row))
                fresh = [row for row in fresh if row.value == self.old.slug]
            else:
                fresh = [row for row in fresh if {self.old.slug, f"not {self.old.slug}"} & {*row.settles}]
            for row in fresh:
                line = self._replace_merged_slug(self.line(row), row)
                line.fate = MergeOutcome.MOVES
                line.note = f"names it under “{row.field.replace('_', ' ')}”"
                self._drop_if_duplicate(line)

    def _accepts_slug_of_kind(self, takes: Any) -> bool:
        return isinstance(takes, tuple) and self.new.kind in takes[1]

    def _replace_merged_slug(self, line: AffectedRow, row: Any) -> AffectedRow:
        """A statement about a field that takes a slug says the survivor's."""
        if line.after is not None and self._accepts_slug_of_kind(CITABLE_FIELDS[record_kind(row.whole)].get(row.field)):
            if line.after.get("value") == self.old.slug:
                line.update_after(value=self.new.slug)
            renamed = {self.old.slug: self.new.slug, f"not {self.old.slug}": f"not {self.new.slug}"}
            if renamed.keys() & {*line.after.get("settles", ())}:
                line.update_after(settles=sorted({renamed.get(one, one) for one in line.after["settles"]}))
        return line

    def _drop_settled_verdicts(self) -> None:
        """A verdict on two values that have become one judges nothing any more."""
        followed = [
            line.before for line in self.lines.values() if line.before.get("value") == self.old.slug and line.after != line.before
        ]
        places = {(_parent_column_and_key(one), one["field"]) for one in followed if one["field"] not in MANY_VALUED_FIELDS}
        for model in statement_models():
            if "settles" not in {one.name for one in stored_columns(model)}:
                continue
            for (link, pk), name in places:
                for row in model._default_manager.filter(**{link: pk}, field=name):
                    line = self.line(row)
                    if line.after is not None and not self._statements_differ(link, pk, name):
                        line.after, line.fate, line.note = None, MergeOutcome.IDENTICAL, "its sources state the same now"

    def _statements_differ(self, link: str, pk: int, name: str) -> bool:
        """Whether the citations of a field will state different values."""
        stated: set[str] = set()
        for model in statement_models():
            if "value" not in {one.name for one in stored_columns(model)}:
                continue
            for row in model._default_manager.filter(**{link: pk}, field=name):
                line = self.lines.get((model, row.pk))
                after = line.after if line else {"value": row.value, "stance": row.stance}
                if after is not None:
                    if after["stance"] == Stance.CONTRADICTS:
                        return True
                    stated.add(after["value"])
        return len(stated) > 1


def statement_models() -> list[type[Any]]:
    """The models of rows about one field of a record: what a source states there, what an editor judged."""
    return [model for model in apps.get_models() if issubclass(model, Child) and "field" in {f.name for f in model._meta.fields}]


def _parent_column_and_key(values: ColumnValues) -> tuple[str, int]:
    return ("entity_id", values["entity_id"]) if values["entity_id"] is not None else ("relation_id", values["relation_id"])


def _unique_constraint_keys(model: type[models.Model], values: ColumnValues) -> Iterator[tuple]:
    """The places of a row that only one row may hold: columns and values of each unique constraint that applies to it."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            links: list[Any] = [model._meta.get_field(name) for name in constraint.fields]
            place = tuple(values[one.attname] for one in links)
            if None not in place:
                yield (constraint.name, *place)


def _has_same_content(one: ColumnValues, other: ColumnValues | None) -> bool:
    """Whether two measures or milestones say the same, whatever they are called and however a source put it."""
    aside = ("key", "as_stated")
    return other is not None and {k: v for k, v in one.items() if k not in aside} == {
        k: v for k, v in other.items() if k not in aside
    }
