"""The plan of a merge: the fields of the result, the rows it affects, and the steps that carry it out."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import TextChoices

from entities.history.record_snapshots import snapshot_fields
from entities.models import Entity, Measure, Name
from entities.row_writing import ColumnValues
from entities.vocabulary import IdentifierScheme, NameKind, NameOrigin, Status

UNIQUE_SCHEMES = {scheme for scheme in IdentifierScheme.values if scheme not in (IdentifierScheme.URL, IdentifierScheme.OTHER)}
"""Schemes that give a thing exactly one identifier: two different identifiers mean two things."""

MERGED, SURVIVOR, BOTH = "merged", "survivor", "both"
"""The sides from which a field of the result takes its value; a list of records can combine both."""


class MergeOutcome(TextChoices):
    """Outcomes of a merge for one row."""

    MOVES = "moves", "to move"
    IDENTICAL = "identical", "identical in both, kept once"
    LOOP = "loop", "pointing at itself, dropped"
    STAYS = "stays", "untouched"


@dataclass(eq=False)
class AffectedRow:
    """A row that a merge affects, with its values before and after; `after` is None where the row is dropped."""

    row: models.Model
    before: ColumnValues
    after: ColumnValues | None
    outcome: MergeOutcome = MergeOutcome.STAYS
    twin: "AffectedRow | None" = None
    """The identical row of the other record."""
    note: str = ""

    @property
    def model(self) -> type[models.Model]:
        return type(self.row)

    @property
    def address(self) -> str:
        """Model label and primary key, such as `entities.name/17`."""
        return f"{self.model._meta.label_lower}/{self.row.pk}"

    def update_after(self, **values: Any) -> None:
        assert self.after is not None
        self.after |= values


@dataclass(frozen=True)
class MergedFieldGroup:
    """A field of the result, or fields that belong together, with the values of both records."""

    names: tuple[str, ...]
    merged: tuple
    survivor: tuple
    chosen: str
    """MERGED, SURVIVOR or BOTH; '' while an editor has to choose."""
    is_conflict: bool
    is_list: bool = False

    @property
    def key(self) -> str:
        return "+".join(self.names)

    @property
    def combined_lists(self) -> tuple | None:
        """The union of both lists; None where one list already contains the other, or the field is no list."""
        if not self.is_list or default_side_of_lists(self.merged[0], self.survivor[0]) != BOTH:
            return None
        return (sorted({*self.merged[0], *self.survivor[0]}),)

    @property
    def result(self) -> tuple | None:
        if self.chosen == BOTH:
            return self.combined_lists or self.survivor
        return {MERGED: self.merged, SURVIVOR: self.survivor}.get(self.chosen)


@dataclass(frozen=True)
class MergeWarning:
    """A warning to show before merging; `is_wrong_direction` if the two records should probably be swapped."""

    text: str
    is_wrong_direction: bool = False


@dataclass
class MergePlan:
    """The effects of merging `merged` into `survivor`."""

    merged: Entity
    survivor: Entity
    field_groups: list[MergedFieldGroup] = field(default_factory=list)
    affected_rows: list[AffectedRow] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    link_counts: dict[int, int] = field(default_factory=dict)
    """Primary key of either record -> number of rows that refer to it."""
    refusals: list[str] = field(default_factory=list)
    warnings: list[MergeWarning] = field(default_factory=list)

    @property
    def undecided(self) -> list[MergedFieldGroup]:
        return [group for group in self.field_groups if not group.chosen]

    @property
    def wrong_direction(self) -> bool:
        return any(warning.is_wrong_direction for warning in self.warnings)

    def rows_with_outcome(self, outcome: MergeOutcome) -> list[AffectedRow]:
        return [affected for affected in self.affected_rows if affected.outcome == outcome]

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by outcome."""
        return {outcome.value: len(self.rows_with_outcome(outcome)) for outcome in MergeOutcome}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the plan is based on; it differs as soon as one of those rows has changed."""
        content = [[record.pk, record.version, record.status] for record in (self.merged, self.survivor)]
        content += [[group.merged, group.survivor] for group in self.field_groups]
        rows = sorted((affected.address, affected.before) for affected in self.affected_rows)
        return hashlib.sha256(json.dumps([content, rows], sort_keys=True, default=str).encode()).hexdigest()

    def steps(self) -> Iterator[dict]:
        """Yield the steps of the merge in an order that no constraint forbids; see `merge_step`."""
        status = Status.WITHDRAWN if self.merged.status == Status.PUBLISHED else self.merged.status
        before = {"merged_into_id": None, "status": self.merged.status}
        # First, so that amounts and their milestones may move one after the other.
        yield merge_step(type(self.merged), self.merged.pk, before, {"merged_into_id": self.survivor.pk, "status": str(status)})
        changed = [affected for affected in self.affected_rows if affected.after != affected.before]
        for affected in sorted(changed, key=lambda affected: affected.after is None):
            yield merge_step(affected.model, affected.row.pk, affected.before, affected.after)
        for text in self.aliases:
            alias = {"kind": NameKind.ALIAS.value, "origin": NameOrigin.SOURCES.value, "language": "", "script": ""}
            yield merge_step(Name, None, None, {"entity_id": self.survivor.pk, "text": text} | alias)
        before, after = self._survivor_columns_before_and_after()
        if before != after:
            yield merge_step(type(self.survivor), self.survivor.pk, before, after)

    def _survivor_columns_before_and_after(self) -> tuple[ColumnValues, ColumnValues]:
        fields: dict[str, Any] = {field.name: field for field in snapshot_fields(type(self.survivor))}
        before: ColumnValues = {}
        after: ColumnValues = {}
        for group in self.field_groups:
            for index, name in enumerate(group.names):
                column = name if group.is_list else fields[name].attname
                before[column], after[column] = group.survivor[index], (group.result or group.survivor)[index]
        return before, after

    def result(self, field: str) -> Any:
        """Return the value of a field in the result; None while an editor still has to choose."""
        for group in self.field_groups:
            if field in group.names and group.result is not None:
                return group.result[group.names.index(field)]
        return None

    @property
    def totals(self) -> "MoneyTotals":
        return MoneyTotals.from_plan(self)


@dataclass(frozen=True)
class MoneyTotals:
    """Money by currency on both records and on the result, and amounts that the result would count twice."""

    merged: dict[str, str]
    survivor: dict[str, str]
    after: dict[str, str]
    double_counted: list[str]

    @classmethod
    def from_plan(cls, plan: MergePlan) -> "MoneyTotals":
        """Add up the money of both records and of the result of `plan`."""
        measures = [affected for affected in plan.affected_rows if isinstance(affected.row, Measure)]

        def sum_by_currency(values: Iterable[ColumnValues]) -> dict[str, str]:
            totals: dict[str, Any] = {}
            for measure in values:
                # A conversion is never added to the amount that it converts, nor what came of a promise to the promise.
                is_promise = measure["conversion_of_id"] is None and measure["milestone_id"] is None
                if measure["kind"] == "money" and measure["value"] is not None and is_promise:
                    amount = Measure._meta.get_field("value").to_python(measure["value"])
                    totals[measure["currency"]] = totals.get(measure["currency"], 0) + amount
            return {currency: f"{amount:,.2f}".removesuffix(".00") for currency, amount in sorted(totals.items())}

        after = [affected.after for affected in measures if affected.after]
        seen, double_counted = set(), []
        for measure in after:
            amount_key = tuple(measure[name] for name in ("kind", "value", "upper", "unit", "currency", "milestone_id"))
            if measure["value"] is not None and measure["conversion_of_id"] is None:
                if amount_key in seen:
                    double_counted.append(measure["as_stated"])
                seen.add(amount_key)
        before = {
            pk: sum_by_currency(affected.before for affected in measures if affected.before["entity_id"] == pk)
            for pk in pair_keys(plan)
        }
        return cls(before[plan.merged.pk], before[plan.survivor.pk], sum_by_currency(after), double_counted)


def default_side_of_lists(merged: list, survivor: list) -> str:
    """Return the side whose list contains the other; BOTH if neither does."""
    if {*merged} <= {*survivor}:
        return SURVIVOR
    return MERGED if {*survivor} <= {*merged} else BOTH


def pair_keys(plan: MergePlan) -> tuple[int, int]:
    """Return the primary keys of the merged record and the survivor."""
    return plan.merged.pk, plan.survivor.pk


def merge_step(model: type[models.Model], pk: int | None, before: ColumnValues | None, after: ColumnValues | None) -> dict:
    """Return one write of a merge as JSON: the row, and its values before and after (None: the row does not exist)."""
    return {"model": model._meta.label_lower, "pk": pk, "before": before, "after": after}
