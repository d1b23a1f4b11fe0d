"""Amounts of the promise bar: what was promised, allocated and delivered in one currency or unit, as totals/ adds it up."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext

from entities.formatting import format_range
from entities.serializers import is_promised_measure
from entities.vocabulary import DELIVERED_IN_PART, Qualifier
from nato_support.api.totals.inclusion_rules import stated_sums, step_sums
from nato_support.pages.pictures.commitment_groups import group_label, group_order
from nato_support.pages.pictures.words import amount_unit, capitalised, stage_label
from nato_support.publishing.editions.totals_row import join_totals_row, split_totals_row

APPROXIMATE = frozenset({Qualifier.ABOUT.value, Qualifier.NEARLY.value})
"""Qualifiers of an amount whose end is not sharp, though totals/ count it as one number."""
_PROMISED = ""
"""Stands for a stage in the rung of what was promised."""
_KIND_ORDER = ("money", "headcount", "items", "percent")
_SHOWN_STAGES = ("allocated", "delivered")


class Rung(NamedTuple):
    """One amount of a bar: what was promised or reached one stage, or what a group of commitments promises."""

    label: str
    low: Decimal | None
    """None, as `high`, if no source states an amount."""
    high: Decimal | None
    is_open_ended: bool = False
    is_approximate: bool = False
    is_promise: bool = False
    """It is what others are to reach."""

    def words(self, unit: str) -> str:
        """Return the amount in words: "up to €5 million", "at least 3 kites", "30 to 40 kites"."""
        if self.low is None or self.high is None:
            return gettext("amount not stated")
        if self.is_open_ended:
            return gettext("at least %(amount)s") % {"amount": format_range([self.low], unit)}
        if not self.low and self.high:
            return gettext("up to %(amount)s") % {"amount": format_range([self.high], unit)}
        if self.low != self.high:
            return format_range([self.low, self.high], unit)
        amount = format_range([self.low], unit)
        return gettext("about %(amount)s") % {"amount": amount} if self.is_approximate else amount


class AmountBar(NamedTuple):
    """The rungs in one unit for one beneficiary. Rungs are never added to each other."""

    unit: str
    """ISO 4217 code, or unit in the singular; empty if no amount is stated."""
    beneficiary: str
    """Name; empty if no source says."""
    rungs: Sequence[Rung]

    @property
    def greatest(self) -> Decimal:
        """The greatest number of the bar; 0 if no amount is stated."""
        return max((rung.high for rung in self.rungs if rung.high is not None), default=Decimal(0))


def bars_of_totals(totals: Mapping[str, Any]) -> list[AmountBar]:
    """Return the bars of an answer of `totals/`, or of one of its groups: one for each beneficiary and currency or unit.

    An amount that no source states is no rung of 0: it is one without numbers.
    """
    included = totals["included"]
    rungs: dict[tuple, dict[str, Rung]] = {}
    for total in included["sums"]:
        rungs.setdefault(_unit_key(total), {})[_PROMISED] = _rung(gettext("Promised"), total, is_promise=True)
    for ladder in included["ladder"]:
        for step in ladder["rungs"]:
            if step["stage"] in _SHOWN_STAGES:
                rungs.setdefault(_unit_key(ladder), {})[step["stage"]] = _rung(capitalised(stage_label(step["stage"])), step)
    return [
        AmountBar(amount_unit(kind, currency, unit), name, _with_unknown(of_unit))
        for (name, _, kind, currency, unit), of_unit in sorted(rungs.items(), key=_bar_order)
    ]


def bars_of_groups(totals: Mapping[str, Any], by: str) -> list[AmountBar]:
    """Return what the groups of an answer of `totals/` by one field promise: bars as of totals, with a rung for each group."""
    rungs: dict[tuple, list[Rung]] = {}
    for group in sorted(totals["groups"], key=lambda group: group_order(by, group)):
        for total in group["included"]["sums"]:
            rungs.setdefault(_unit_key(total), []).append(_rung(group_label(by, group["key"][by]), total))
    return [
        AmountBar(amount_unit(kind, currency, unit), name, of_unit)
        for (name, _, kind, currency, unit), of_unit in sorted(rungs.items(), key=_bar_order)
    ]


def bars_of_commitment(document: Mapping[str, Any]) -> list[AmountBar]:
    """Return the bars of a rendered commitment, counted as `totals/` count it, percentages left out.

    An amount without a number, and a promise of which no source states an amount, are rungs without numbers.
    """
    row = join_totals_row(split_totals_row(dict(document)))
    rungs: dict[tuple[str, str], dict[str, Rung]] = {}
    for kind, unit, stage in _units_without_number(document):
        rungs.setdefault((kind, unit), {})[stage] = (
            Rung(capitalised(stage_label(stage)), None, None) if stage else _unknown_promise()
        )
    for (kind, unit), total in stated_sums(row).items():
        is_approximate = bool(APPROXIMATE.intersection(total.qualifiers))
        promise = Rung(gettext("Promised"), total.low, total.high, total.is_open, is_approximate, is_promise=True)
        rungs.setdefault((kind, unit), {})[_PROMISED] = promise
    for (kind, unit, stage), total in step_sums(row).items():
        if stage in _SHOWN_STAGES:
            reached = Rung(capitalised(stage_label(stage)), total.low, total.high, total.is_open)
            rungs.setdefault((kind, unit), {})[stage] = reached
    if not rungs:
        reached_stage = "delivered" if document["stage"] == DELIVERED_IN_PART else document["stage"]
        rungs["", ""] = {
            stage: Rung(capitalised(stage_label(stage)), None, None) for stage in _SHOWN_STAGES if stage == reached_stage
        }
    beneficiary = document["beneficiary"]["name"] if document["beneficiary"] else ""
    return [
        AmountBar(amount_unit(kind, None, unit) if kind else "", beneficiary, _with_unknown(of_unit))
        for (kind, unit), of_unit in sorted(rungs.items(), key=lambda item: (_kind_place(item[0][0]), item[0][1]))
    ]


def _units_without_number(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, unit, stage) of the amounts without a number; the stage of a promise is PROMISED."""
    for measure in document["measures"]:
        if measure["value"] is None and measure["kind"] != "percent":
            stage = _PROMISED if is_promised_measure(measure) else measure["milestone"]["stage"]
            if stage == _PROMISED or stage in _SHOWN_STAGES:
                yield measure["kind"], measure["currency"] or measure["unit"] or "", stage


def _with_unknown(of_unit: Mapping[str, Rung]) -> list[Rung]:
    """Return the rungs in their order. A promise without amount is shown beside what was allocated or delivered of it."""
    stages = [stage for stage in _SHOWN_STAGES if stage in of_unit]
    return [of_unit.get(_PROMISED, _unknown_promise()), *(of_unit[stage] for stage in stages)]


def _unknown_promise() -> Rung:
    return Rung(gettext("Promised"), None, None, is_promise=True)


def _rung(label: str, total: Mapping[str, Any], *, is_promise: bool = False) -> Rung:
    is_approximate = bool(APPROXIMATE & total.get("qualifiers", {}).keys())
    return Rung(label, Decimal(total["low"]), Decimal(total["high"]), total["is_open_ended"], is_approximate, is_promise)


def _kind_place(kind: str) -> int:
    return _KIND_ORDER.index(kind) if kind in _KIND_ORDER else len(_KIND_ORDER)


def _bar_order(item: tuple[tuple, object]) -> tuple:
    name, slug, kind, currency, unit = item[0]
    return name, slug, _kind_place(kind), currency or "", unit or ""


def _unit_key(total: Mapping[str, Any]) -> tuple[str | None, ...]:
    beneficiary = total["beneficiary"]
    return (
        beneficiary["name"] if beneficiary else "",
        beneficiary["slug"] if beneficiary else "",
        total["kind"],
        total["currency"],
        total["unit"],
    )
