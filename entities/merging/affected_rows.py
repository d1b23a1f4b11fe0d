"""Planning of every row that a merge affects, worked out in memory."""

from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from django.apps import apps
from django.db import models

from entities.citable_fields import CITABLE_FIELDS, MANY_VALUED_FIELDS, RELATION, record_kind
from entities.history.record_snapshots import child_models
from entities.merging.merge_plan import BOTH, AffectedRow, MergeOutcome, MergePlan
from entities.merging.statement_renaming import rename_stated_values
from entities.models import Child, Curated, Entity, Measure, Milestone, Relation
from entities.models.curated import first_free_name
from entities.relation_facts import rename_parties
from entities.row_writing import ColumnValues, plain_field_value, stored_columns
from entities.vocabulary import Polarity, Status


def referencing_fields(model: type[Entity]) -> list[tuple[type[models.Model], Any]]:
    """Return (model, field) for every foreign key and many-to-many field that refers to an entity of `model`."""
    lineage = {model, *model._meta.get_parent_list()}
    return [
        (owner, field)
        for owner in apps.get_models()
        if issubclass(owner, Curated | Child)
        for field in (*owner._meta.local_fields, *owner._meta.local_many_to_many)
        if field.is_relation and field.related_model in lineage and field.name != "merged_into"
        if not getattr(field.remote_field, "parent_link", False)
    ]


class AffectedRowPlanner:
    """Plans what happens to each row that a merge affects, and adds the rows to the plan."""

    def __init__(self, plan: MergePlan, choices: Mapping[str, str]):
        self.plan, self.choices = plan, choices
        self.merged, self.survivor = plan.merged, plan.survivor
        self.affected_rows: dict[tuple[type, int], AffectedRow] = {}
        self.claimed_keys: dict[type, dict[tuple, AffectedRow]] = {}
        self.moved_addresses: dict[tuple[int, str], str] = {}
        """(primary key of the record, old address of a child) -> its new address."""

    def plan_all_rows(self) -> None:
        self._plan_children()
        self._plan_relations()
        self._plan_references()
        self._plan_values_naming_merged()
        self._drop_settled_verdicts()
        self.plan.affected_rows = list(self.affected_rows.values())

    # Rows as they are

    def _track_row(self, row: models.Model, *fields: str) -> AffectedRow:
        """Return the affected row of `row`, creating it if needed: all columns of a child, `fields` of a record."""
        key = (type(row), row.pk)
        affected = self.affected_rows.get(key)
        columns = [field.attname for field in stored_columns(type(row))] if isinstance(row, Child) else fields
        if affected is None:
            affected = self.affected_rows[key] = AffectedRow(row, {}, {})
        for name in columns:
            if name not in affected.before:
                value = plain_field_value(row, name)
                affected.before[name] = value
                affected.update_after(**{name: value})
        return affected

    def _claim_unique_keys(self, affected: AffectedRow) -> AffectedRow | None:
        """Return another row that has, or will have, the same unique key; if there is none, reserve the keys for this row."""
        assert affected.after is not None
        unique_keys = list(_unique_constraint_keys(affected.model, affected.after))
        claimed = self.claimed_keys.setdefault(affected.model, {})
        for unique_key in unique_keys:
            if (other := claimed.get(unique_key)) is not None and other is not affected:
                return other
        claimed |= dict.fromkeys(unique_keys, affected)
        return None

    # Names, identifiers, measures, milestones, evidence

    def _plan_children(self) -> None:
        # Milestones before the measures that belong to them, and both before evidence, which refers to them by their keys.
        last_models = [Measure, *statement_models()]
        for model, parent_field in sorted(
            child_models(type(self.survivor)), key=lambda child: last_models.index(child[0]) if child[0] in last_models else -1
        ):
            rows = model._default_manager.filter(**{f"{parent_field}__in": [self.merged.pk, self.survivor.pk]})
            # An amount comes before its conversions.
            ordered = sorted(rows, key=lambda row: (getattr(row, "conversion_of_id", None) or 0, row.pk))
            ours = [self._track_row(row) for row in ordered if getattr(row, f"{parent_field}_id") == self.survivor.pk]
            theirs = [self._track_row(row) for row in ordered if getattr(row, f"{parent_field}_id") == self.merged.pk]
            for affected in ours:
                self._readdress_evidence(affected, self.survivor)
                self._claim_unique_keys(affected)
            for affected in theirs:
                affected.update_after(**{f"{parent_field}_id": self.survivor.pk})
                affected.outcome = MergeOutcome.MOVES
                if "key" in affected.before:
                    self._plan_keyed_child(affected, ours, parent_field, model)
                else:
                    self._readdress_evidence(affected, self.merged)
                    self._drop_if_duplicate(affected)

    def _plan_keyed_child(self, affected: AffectedRow, ours: list[AffectedRow], parent_field: str, model: type[Child]) -> None:
        """Plan a measure or milestone: identical to one of the survivor's, or added under a free key."""
        assert affected.after is not None
        foreign_key: Any = model._meta.get_field(parent_field)
        stem = foreign_key.remote_field.related_name
        for column, owner in (("conversion_of_id", model), ("milestone_id", Milestone)):
            original = self.affected_rows.get((owner, affected.after.get(column) or 0))
            if original and original.after is None and original.twin:
                affected.update_after(**{column: original.twin.row.pk})
        twin = next((other for other in ours if other.twin is None and _has_same_content(affected.after, other.after)), None)
        if twin is not None:
            affected.twin, affected.note = twin, f"the same as {stem}.{twin.before['key']}"
            if self.choices.get(affected.address) != BOTH:
                twin.twin = affected
                affected.after, affected.outcome = None, MergeOutcome.IDENTICAL
                self.moved_addresses[self.merged.pk, f"{stem}.{affected.before['key']}"] = f"{stem}.{twin.before['key']}"
                return
        used = {unique_key[-1] for unique_key in self.claimed_keys.get(model, {})} | {row.before["key"] for row in ours}
        key = first_free_name(affected.before["key"], used)
        if key != affected.before["key"]:
            self.moved_addresses[self.merged.pk, f"{stem}.{affected.before['key']}"] = f"{stem}.{key}"
            affected.note = f"becomes {stem}.{key}"
            affected.update_after(key=key)
        self._claim_unique_keys(affected)

    def _readdress_evidence(self, affected: AffectedRow, parent: Entity) -> None:
        """Point evidence at the new address of the child it supports; evidence for a replaced name goes to `names`."""
        if "field" not in affected.before:
            return
        assert affected.after is not None
        field = affected.before["field"]
        if new_address := self.moved_addresses.get((parent.pk, field)):
            affected.update_after(field=new_address)
        if field == "name" and "value" in affected.before and parent.pk not in self._records_with_name_verdict:
            result = self.plan.result("name")
            if result not in (None, parent.name) and affected.before["value"] == parent.name:
                affected.update_after(field="names")
                affected.note = "becomes evidence for another name"
                if parent.pk == self.survivor.pk:
                    affected.outcome = MergeOutcome.MOVES

    @cached_property
    def _records_with_name_verdict(self) -> set[int]:
        """Primary keys of those of the two records whose name has a resolution: its statements stay together."""
        judged: set[int] = set()
        for model in statement_models():
            if "settles" in {column.name for column in stored_columns(model)}:
                rows = model._default_manager.filter(field="name", entity__in=[self.merged.pk, self.survivor.pk])
                judged |= set(rows.values_list("entity", flat=True))
        return judged

    def _drop_if_duplicate(self, affected: AffectedRow) -> None:
        twin = self._claim_unique_keys(affected)
        if twin is not None:
            affected.after, affected.outcome, affected.twin = None, MergeOutcome.IDENTICAL, twin
            if "settles" in affected.before:
                affected.note = "the survivor has a resolution of the same day on this field"

    # Relations

    def _plan_relations(self) -> None:
        pair = [self.merged.pk, self.survivor.pk]
        ends = ("subject_id", "object_id")
        rows = Relation.objects.filter(models.Q(subject__in=pair) | models.Q(object__in=pair)).select_related(
            "type", "subject", "object"
        )
        relations = [self._track_row(row, "type_id", *ends, "start", "role", "status") for row in rows.order_by("pk")]
        for affected in relations:
            if self.merged.pk not in (affected.before["subject_id"], affected.before["object_id"]):
                self._claim_unique_keys(affected)
        for affected in relations:
            changed = {end: self.survivor.pk for end in ends if affected.before[end] == self.merged.pk}
            if not changed:
                continue
            affected.update_after(**changed)
            affected.outcome = MergeOutcome.MOVES
            if affected.before["subject_id"] in pair and affected.before["object_id"] in pair:
                self._leave_relation_withdrawn(affected, MergeOutcome.LOOP)
            elif twin := self._claim_unique_keys(affected):
                affected.twin = twin
                self._leave_relation_withdrawn(affected, MergeOutcome.IDENTICAL)
        self._move_relation_evidence([affected for affected in relations if affected.outcome == MergeOutcome.IDENTICAL])
        self._rename_party_in_evidence([affected for affected in relations if affected.outcome == MergeOutcome.MOVES])

    def _leave_relation_withdrawn(self, affected: AffectedRow, outcome: MergeOutcome) -> None:
        """Leave a relation with the merged record, withdrawn: nothing that was once public is deleted."""
        affected.after = affected.before | {"status": Status.WITHDRAWN.value}
        affected.outcome = outcome
        affected.note = "stays with the merged record, withdrawn"

    def _move_relation_evidence(self, withdrawn: list[AffectedRow]) -> None:
        twins = {affected.row.pk: affected.twin.row.pk for affected in withdrawn if affected.twin}
        if not twins:
            return
        for model, parent_field in child_models(Relation):
            for row in model._default_manager.filter(**{f"{parent_field}__in": {*twins.values()}}):
                self._claim_unique_keys(self._replace_merged_slug(self._track_row(row), row))
            for row in model._default_manager.filter(**{f"{parent_field}__in": list(twins)}):
                affected = self._replace_merged_slug(self._track_row(row), row)
                affected.update_after(**{f"{parent_field}_id": twins[getattr(row, f"{parent_field}_id")]})
                affected.outcome = MergeOutcome.MOVES
                self._drop_if_duplicate(affected)

    def _rename_party_in_evidence(self, moved: list[AffectedRow]) -> None:
        """Name the survivor in what is stated about relations that move to it: their citations name both parties."""
        for model, parent_field in child_models(Relation):
            of_moved = {f"{parent_field}__in": [affected.row.pk for affected in moved], "field": "relation"}
            for row in model._default_manager.filter(**of_moved).order_by("pk"):
                affected = self._replace_merged_slug(self._track_row(row), row)
                if affected.after != affected.before:
                    affected.outcome = MergeOutcome.MOVES
                    affected.note = "names it as a party"
                    self._drop_if_duplicate(affected)

    # Other references

    def _plan_references(self) -> None:
        for model, field in referencing_fields(type(self.survivor)):
            if model is Relation or (issubclass(model, Child) and field.name in model.PARENT_FIELDS):
                continue
            for row in model._default_manager.filter(**{field.name: self.merged.pk}).order_by("pk"):
                if row.pk in (self.merged.pk, self.survivor.pk) and isinstance(row, Entity):
                    # The survivor cannot refer to itself: its own fields are planned as field groups, and stay empty here.
                    continue
                if field.many_to_many:
                    affected = self._track_row(row, field.name)
                    affected.update_after(
                        **{field.name: sorted({*affected.before[field.name], self.survivor.pk} - {self.merged.pk})}
                    )
                else:
                    affected = self._track_row(row, field.attname)
                    if affected.after is None:
                        continue
                    affected.update_after(**{field.attname: self.survivor.pk})
                affected.outcome = MergeOutcome.MOVES
                affected.note = affected.note or f"refers to it in “{field.verbose_name}”"

    def _plan_values_naming_merged(self) -> None:
        """Replace the merged slug by the survivor's in citations and resolutions of other records."""
        fields = {
            name
            for value_types in CITABLE_FIELDS.values()
            for name, column in value_types.items()
            if self._accepts_slug_of_kind(column)
        }
        for model in statement_models():
            columns = {column.name for column in stored_columns(model)}
            rows = model._default_manager.filter(field__in=fields).select_related("entity", "relation")
            if "value" in columns:
                rows = rows.filter(value__in=[self.merged.slug, self.survivor.slug])
            statements = [
                row
                for row in rows.order_by("pk")
                if self._accepts_slug_of_kind(CITABLE_FIELDS[record_kind(row.parent)].get(row.field))
            ]
            pending = [row for row in statements if (model, row.pk) not in self.affected_rows]
            if "value" in columns:
                # Rows that already state the survivor matter only on fields where another row comes to state it.
                affected_fields = {(row.parent, row.field) for row in pending if row.value == self.merged.slug}
                pending = [row for row in pending if (row.parent, row.field) in affected_fields]
                for row in pending:
                    if row.value == self.survivor.slug:
                        self._claim_unique_keys(self._track_row(row))
                pending = [row for row in pending if row.value == self.merged.slug]
            else:
                pending = [row for row in pending if any(s["value"] == self.merged.slug for s in row.settles)]
            for row in pending:
                affected = self._replace_merged_slug(self._track_row(row), row)
                affected.outcome = MergeOutcome.MOVES
                affected.note = f"refers to it in “{row.field.replace('_', ' ')}”"
                self._drop_if_duplicate(affected)

    def _accepts_slug_of_kind(self, value_type: Any) -> bool:
        return isinstance(value_type, tuple) and self.survivor.kind in value_type[1]

    def _replace_merged_slug(self, affected: AffectedRow, row: Any) -> AffectedRow:
        """Replace the merged slug by the survivor's in a statement about a field that takes slugs, or about a relation."""
        value_type = CITABLE_FIELDS[record_kind(row.parent)].get(row.field)
        if affected.after is not None and (value_type == RELATION or self._accepts_slug_of_kind(value_type)):
            rename = partial(self._name_survivor, value_type)
            if "value" in affected.after:
                affected.update_after(value=rename(affected.after["value"]))
            if settles := affected.after.get("settles"):
                if any(rename(statement["value"]) != statement["value"] for statement in settles):
                    affected.update_after(settles=rename_stated_values(settles, rename))
                if chosen := affected.after.get("decides_for"):
                    affected.update_after(decides_for=rename_stated_values([chosen], rename)[0])
        return affected

    def _name_survivor(self, value_type: Any, value: str) -> str:
        """Return a stated value with the survivor's slug in place of the merged one's."""
        slugs = {self.merged.slug: self.survivor.slug}
        return rename_parties(value, slugs) if value_type == RELATION else slugs.get(value, value)

    def _drop_settled_verdicts(self) -> None:
        """Drop resolutions of fields whose differing values have become one."""
        changed_statements = [
            affected.before
            for affected in self.affected_rows.values()
            if affected.before.get("value") == self.merged.slug and affected.after != affected.before
        ]
        fields = {
            (_parent_column_and_key(values), values["field"])
            for values in changed_statements
            if values["field"] not in MANY_VALUED_FIELDS
        }
        for model in statement_models():
            if "settles" not in {values.name for values in stored_columns(model)}:
                continue
            for (parent_column, pk), field in fields:
                for row in model._default_manager.filter(**{parent_column: pk}, field=field):
                    affected = self._track_row(row)
                    if affected.after is not None and not self._statements_differ_after_merge(parent_column, pk, field):
                        affected.after, affected.outcome, affected.note = None, MergeOutcome.IDENTICAL, "its sources now agree"

    def _statements_differ_after_merge(self, parent_column: str, pk: int, field: str) -> bool:
        """Tell whether the citations of a field of slugs will still differ after the merge."""
        affirmed: set[str] = set()
        denied: set[str] = set()
        for model in statement_models():
            if "value" not in {column.name for column in stored_columns(model)}:
                continue
            for row in model._default_manager.filter(**{parent_column: pk}, field=field):
                affected = self.affected_rows.get((model, row.pk))
                after = affected.after if affected else {"value": row.value, "polarity": row.polarity}
                if after is not None:
                    (denied if after["polarity"] == Polarity.DENIES else affirmed).add(after["value"])
        return len(affirmed) > 1 or bool(affirmed & denied)


def statement_models() -> list[type[Any]]:
    """Return the models of rows about one field of a record: citations and resolutions."""
    return [model for model in apps.get_models() if issubclass(model, Child) and "field" in {f.name for f in model._meta.fields}]


def _parent_column_and_key(values: ColumnValues) -> tuple[str, int]:
    return ("entity_id", values["entity_id"]) if values["entity_id"] is not None else ("relation_id", values["relation_id"])


def _unique_constraint_keys(model: type[models.Model], values: ColumnValues) -> Iterator[tuple]:
    """Yield a key for each unique constraint that applies to the row: its name and the values of its columns."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            columns: list[Any] = [model._meta.get_field(name) for name in constraint.fields]
            key = tuple(values[column.attname] for column in columns)
            if None not in key:
                yield (constraint.name, *key)


def _has_same_content(values: ColumnValues, other_values: ColumnValues | None) -> bool:
    """Tell whether two measures or milestones are equal, apart from their keys and the source's wording."""
    ignored = ("key", "as_stated")
    return other_values is not None and {k: v for k, v in values.items() if k not in ignored} == {
        k: v for k, v in other_values.items() if k not in ignored
    }
