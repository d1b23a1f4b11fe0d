"""What merging two records would do: the words of a plan, its fields, its rows, and the steps that carry it out."""

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
from entities.vocabulary import IdentifierScheme, NameKind, Status

ColumnValues = dict[str, Any]
"""Column (`entity_id`, `text`) or many-to-many field -> plain value."""

UNIQUE_SCHEMES = {scheme for scheme in IdentifierScheme.values if scheme not in (IdentifierScheme.URL, IdentifierScheme.OTHER)}
"""Schemes in which one thing has one identifier: two different ones are two things."""

MERGED, SURVIVOR, BOTH = "merged", "survivor", "both"
"""Whose value a field of the result has; of a list of records both are possible."""


class MergeOutcome(TextChoices):
    """What becomes of a row."""

    MOVES = "moves", "to move"
    IDENTICAL = "identical", "identical in both, kept once"
    LOOP = "loop", "pointing at itself, dropped"
    STAYS = "stays", "untouched"


@dataclass(eq=False)
class AffectedRow:
    """A row that a merge meets: what it holds, what it will hold (None: no such row), and why."""

    row: models.Model
    before: ColumnValues
    after: ColumnValues | None
    fate: MergeOutcome = MergeOutcome.STAYS
    twin: "AffectedRow | None" = None
    note: str = ""

    @property
    def model(self) -> type[models.Model]:
        return type(self.row)

    @property
    def address(self) -> str:
        """`entities.name/17`"""
        return f"{self.model._meta.label_lower}/{self.row.pk}"

    def update_after(self, **values: Any) -> None:
        assert self.after is not None
        self.after |= values


@dataclass(frozen=True)
class MergedFieldGroup:
    """A field of the result, or fields that mean something only together, with what either record holds there."""

    names: tuple[str, ...]
    merged: tuple
    survivor: tuple
    chosen: str
    """MERGED, SURVIVOR or BOTH; '' while an editor has to choose."""
    is_conflict: bool
    listed: bool = False

    @property
    def key(self) -> str:
        return "+".join(self.names)

    @property
    def both(self) -> tuple | None:
        """The members of two lists of which neither holds all."""
        if not self.listed or side_holding_all(self.merged[0], self.survivor[0]) != BOTH:
            return None
        return (sorted({*self.merged[0], *self.survivor[0]}),)

    @property
    def result(self) -> tuple | None:
        if self.chosen == BOTH:
            return self.both or self.survivor
        return {MERGED: self.merged, SURVIVOR: self.survivor}.get(self.chosen)


@dataclass(frozen=True)
class MergeWarning:
    """Something that an editor should know first; `direction` tells that the merge seems to go the wrong way."""

    text: str
    is_wrong_direction: bool = False


@dataclass
class MergePlan:
    """What merging `merged` into `survivor` would do."""

    merged: Entity
    survivor: Entity
    field_groups: list[MergedFieldGroup] = field(default_factory=list)
    lines: list[AffectedRow] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    links: dict[int, int] = field(default_factory=dict)
    """Key of either record -> how many rows belong to it or name it."""
    refusals: list[str] = field(default_factory=list)
    warnings: list[MergeWarning] = field(default_factory=list)

    @property
    def undecided(self) -> list[MergedFieldGroup]:
        return [unit for unit in self.field_groups if not unit.chosen]

    @property
    def wrong_direction(self) -> bool:
        return any(warning.is_wrong_direction for warning in self.warnings)

    def of(self, fate: MergeOutcome) -> list[AffectedRow]:
        return [line for line in self.lines if line.fate == fate]

    @property
    def counts(self) -> dict[str, int]:
        """Fate -> how many rows."""
        return {fate.value: len(self.of(fate)) for fate in MergeOutcome}

    @cached_property
    def digest(self) -> str:
        """Another one as soon as a row that the plan looks at is not what it was."""
        seen = [[one.pk, one.version, one.status] for one in (self.merged, self.survivor)]
        seen += [[unit.merged, unit.survivor] for unit in self.field_groups]
        rows = sorted((line.address, line.before) for line in self.lines)
        return hashlib.sha256(json.dumps([seen, rows], sort_keys=True, default=str).encode()).hexdigest()

    def steps(self) -> Iterator[dict]:
        """Every row to write, in an order that no constraint minds: model, key, before and after (None: no such row)."""
        changed = [line for line in self.lines if line.after != line.before]
        for line in sorted(changed, key=lambda line: line.after is None):
            yield merge_step(line.model, line.row.pk, line.before, line.after)
        for text in self.aliases:
            after = {"entity_id": self.survivor.pk, "text": text, "kind": NameKind.ALIAS.value, "language": "", "script": ""}
            yield merge_step(Name, None, None, after)
        before, after = self._survivor_columns()
        if before != after:
            yield merge_step(type(self.survivor), self.survivor.pk, before, after)
        status = Status.WITHDRAWN if self.merged.status == Status.PUBLISHED else self.merged.status
        before = {"merged_into_id": None, "status": self.merged.status}
        yield merge_step(type(self.merged), self.merged.pk, before, {"merged_into_id": self.survivor.pk, "status": str(status)})

    def _survivor_columns(self) -> tuple[ColumnValues, ColumnValues]:
        fields: dict[str, Any] = {one.name: one for one in snapshot_fields(type(self.survivor))}
        before: ColumnValues = {}
        after: ColumnValues = {}
        for unit in self.field_groups:
            for at, name in enumerate(unit.names):
                column = name if unit.listed else fields[name].attname
                before[column], after[column] = unit.survivor[at], (unit.result or unit.survivor)[at]
        return before, after

    def result(self, name: str) -> Any:
        """The value of a field of the result; None while it is not chosen."""
        for unit in self.field_groups:
            if name in unit.names and unit.result is not None:
                return unit.result[unit.names.index(name)]
        return None

    @property
    def totals(self) -> "MoneyTotals":
        return MoneyTotals.of(self)


@dataclass(frozen=True)
class MoneyTotals:
    """Money by currency on either record and on the result, and amounts that the result would count twice."""

    merged: dict[str, str]
    survivor: dict[str, str]
    after: dict[str, str]
    twice: list[str]

    @classmethod
    def of(cls, plan: MergePlan) -> "MoneyTotals":
        measures = [line for line in plan.lines if isinstance(line.row, Measure)]

        def sums(values: Iterable[ColumnValues]) -> dict[str, str]:
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
        before = {pk: sums(line.before for line in measures if line.before["entity_id"] == pk) for pk in pair_keys(plan)}
        return cls(before[plan.merged.pk], before[plan.survivor.pk], sums(after), twice)


def side_holding_all(merged: list, survivor: list) -> str:
    """Whose list holds all of either; BOTH if neither does."""
    if {*merged} <= {*survivor}:
        return SURVIVOR
    return MERGED if {*survivor} <= {*merged} else BOTH


def pair_keys(plan: MergePlan) -> tuple[int, int]:
    return plan.merged.pk, plan.survivor.pk


def merge_step(model: type[models.Model], pk: int | None, before: ColumnValues | None, after: ColumnValues | None) -> dict:
    return {"model": model._meta.label_lower, "pk": pk, "before": before, "after": after}
