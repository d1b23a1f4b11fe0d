"""Promised, allocated and delivered amounts of a commitment: how much of what was promised has come. No database access.

Amounts of different stages are never added to each other. Each is known between two bounds: “about” a tenth either way, “up to”
from nothing, “at least” without an upper end.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from entities.amounts import Amount
from entities.dates import OPEN_END, OPEN_START
from entities.vocabulary import FINAL_STAGES, MeasureKind, Qualifier, Stage

PROMISING_STAGES = (Stage.AGREED, Stage.ANNOUNCED)
"""Stages whose amounts are the promise, where no amount stands apart from the steps."""
SHARED_STAGES = (Stage.ALLOCATED, Stage.DELIVERED)
"""Stages of which a share of the promise is computed."""
_SMALLEST_DIFFERENCE = Decimal("0.01")
_SHARE_DIGITS = Decimal("0.0001")

AmountUnit = tuple[str, str]
"""Kind of measure, and its currency or unit. Amounts of different units are never added."""
Days = tuple[str, str]
"""First and last day that a date can mean, YYYY-MM-DD, as PartialDate.bounds; empty without a date."""
NO_DAYS = ("", "")


class ReachedStep(NamedTuple):
    """A milestone of a commitment."""

    key: str
    stage: str
    days: Days = NO_DAYS

    @property
    def sort_day(self) -> str:
        """First day of its date; the last one if the date is open to the past, and '' if there is none."""
        return self.days[1] if self.days[0] == OPEN_START else self.days[0]


class StatedAmount(NamedTuple):
    """An amount of a commitment, conversions apart."""

    kind: str
    amount: Amount
    milestone: str = ""
    """Key of the milestone to which it belongs; empty if it stands apart from the steps."""
    as_of: Days = NO_DAYS
    """On an amount of a step: the time until which it counts everything, not that step alone."""

    @property
    def unit(self) -> AmountUnit:
        return self.kind, self.amount.unit


class Quantity(NamedTuple):
    """A number known between two bounds."""

    low: Decimal
    high: Decimal
    """Infinity if there is no upper end."""
    nominal: Decimal
    """The number as its source words it, by which a promise and its delivery are compared."""

    @classmethod
    def of_amount(cls, amount: Amount) -> "Quantity":
        """Return the bounds of an amount. Its nominal number is what is certainly meant: nothing of “up to forty”."""
        if amount.value is None or amount.qualifier == Qualifier.UP_TO:
            nominal = Decimal(0)
        elif amount.qualifier == Qualifier.NEARLY:
            nominal = amount.least
        else:
            nominal = amount.value + _SMALLEST_DIFFERENCE * (amount.qualifier == Qualifier.MORE_THAN)
        return cls(amount.least, amount.most, nominal)

    def plus(self, other: "Quantity") -> "Quantity":
        """Return the sum of two separate quantities."""
        return Quantity(self.low + other.low, self.high + other.high, self.nominal + other.nominal)

    def perhaps_with(self, other: "Quantity") -> "Quantity":
        """Return the sum of two quantities of which one may contain the other: at least the larger, at most both."""
        return Quantity(max(self.low, other.low), self.high + other.high, max(self.nominal, other.nominal))


NOTHING = Quantity(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Share:
    """Share of a promised amount that was allocated or delivered, in one unit."""

    stage: Stage
    unit: AmountUnit
    promised: Quantity
    reached: Quantity

    @property
    def low(self) -> Decimal:
        """Least share that the amounts allow."""
        return _ratio(self.reached.low, self.promised.high) or Decimal(0)

    @property
    def high(self) -> Decimal | None:
        """Greatest share that the amounts allow; None if there is no limit."""
        return _ratio(self.reached.high, self.promised.low)


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return part of whole to four decimals; None if it has no limit."""
    if whole.is_infinite():
        return Decimal(0)
    if part.is_infinite() or not whole:
        return None if part else Decimal(0)
    return (part / whole).quantize(_SHARE_DIGITS)


def shares(steps: Sequence[ReachedStep], amounts: Sequence[StatedAmount]) -> list[Share]:
    """Return the shares of the promised amounts that were allocated and delivered, by stage and unit.

    A unit in which nothing was promised has no share, nor has a stage of which no amount is stated.
    """
    if not any(step.stage in SHARED_STAGES for step in steps):
        return []
    promised = promised_quantities(steps, amounts)
    return [
        Share(stage, unit, promised[unit], reached)
        for stage in SHARED_STAGES
        for unit, reached in sorted(quantities_at_stage(stage, steps, amounts).items())
        if unit in promised
    ]


def promised_quantities(steps: Sequence[ReachedStep], amounts: Sequence[StatedAmount]) -> dict[AmountUnit, Quantity]:
    """Return what was promised in each unit, without percentages."""
    promised = _group_by_unit(promised_amounts(steps, amounts))
    return {unit: _add_perhaps_contained(map(Quantity.of_amount, of_unit)) for unit, of_unit in promised.items()}


def promised_amounts(steps: Sequence[ReachedStep], amounts: Sequence[StatedAmount]) -> list[StatedAmount]:
    """Return the amounts that make up the promise: those apart from the steps, and in each other unit the newest promise."""
    promised = [amount for amount in amounts if not amount.milestone]
    promises = [step for step in steps if step.stage in PROMISING_STAGES]
    for step in sorted(promises, key=lambda step: (step.sort_day, PROMISING_STAGES.index(Stage(step.stage))), reverse=True):
        known_units = {amount.unit for amount in promised}
        promised += [amount for amount in amounts if amount.milestone == step.key and amount.unit not in known_units]
    return promised


def _group_by_unit(amounts: Iterable[StatedAmount]) -> dict[AmountUnit, list[Amount]]:
    by_unit: dict[AmountUnit, list[Amount]] = {}
    for amount in amounts:
        if amount.kind != MeasureKind.PERCENT:
            by_unit.setdefault(amount.unit, []).append(amount.amount)
    return by_unit


def quantities_at_stage(
    stage: str,
    steps: Sequence[ReachedStep],
    amounts: Sequence[StatedAmount],
    quantity_of: Callable[[Amount], Quantity] | None = None,
) -> dict[AmountUnit, Quantity]:
    """Return the quantity in each unit that the steps of one stage state altogether, without percentages.

    The amounts of several steps are added up. An amount with `as_of` is a running total: it stands for all that came until then,
    and of several the newest counts. `quantity_of` gives the bounds of one amount, by default Quantity.of_amount.
    """
    steps_by_key = {step.key: step for step in steps if step.stage == stage}
    by_unit: dict[AmountUnit, list[StatedAmount]] = {}
    for amount in amounts:
        if amount.milestone in steps_by_key and amount.kind != MeasureKind.PERCENT:
            by_unit.setdefault(amount.unit, []).append(amount)
    return {
        unit: _quantity_of_steps(of_unit, steps_by_key, quantity_of or Quantity.of_amount) for unit, of_unit in by_unit.items()
    }


def _quantity_of_steps(
    amounts: Sequence[StatedAmount], steps_by_key: Mapping[str, ReachedStep], quantity_of: Callable[[Amount], Quantity]
) -> Quantity:
    quantities_by_step: dict[str, list[Quantity]] = {}
    running_totals: dict[Days, list[Quantity]] = {}
    for amount in amounts:
        if amount.as_of == NO_DAYS:
            quantities_by_step.setdefault(amount.milestone, []).append(quantity_of(amount.amount))
        else:
            running_totals.setdefault(amount.as_of, []).append(quantity_of(amount.amount))
    newest = max(running_totals, key=lambda days: (days[1], days[0]), default=NO_DAYS)
    total = _add_perhaps_contained(running_totals.get(newest, ()))
    for key, quantities in quantities_by_step.items():
        first, last = steps_by_key[key].days
        quantity = _add_perhaps_contained(quantities)
        if newest == NO_DAYS or (first and first > newest[1]):
            total = total.plus(quantity)
        elif not (last and last <= newest[0]):
            # Whether the running total contains this step is not known.
            total = total._replace(high=total.high + quantity.high)
    return total


def _add_perhaps_contained(quantities: Iterable[Quantity]) -> Quantity:
    total = NOTHING
    for quantity in quantities:
        total = total.perhaps_with(quantity)
    return total


def is_fully_delivered(steps: Sequence[ReachedStep], amounts: Sequence[StatedAmount]) -> bool:
    """Tell whether the amounts delivered come to those promised in each unit, as the sources word them, or a source says so.

    A source says so if of the newest delivery no amount is stated.
    """
    deliveries = [step for step in steps if step.stage == Stage.DELIVERED]
    if not deliveries:
        return False
    newest = max(step.sort_day for step in deliveries)
    if {step.key for step in deliveries if step.sort_day == newest} - {amount.milestone for amount in amounts}:
        return True
    delivered = quantities_at_stage(Stage.DELIVERED, steps, amounts)
    promised = _group_by_unit(promised_amounts(steps, amounts))
    return bool(promised) and all(
        unit in delivered
        and all(amount.value is not None for amount in stated)
        and delivered[unit].nominal >= sum(map(_needed, stated))
        for unit, stated in promised.items()
    )


def overdue_days(due_latest: str, stage: str | None, final_day: str) -> tuple[str, str] | None:
    """Return the first and last day on which a commitment is overdue, YYYY-MM-DD; None if it is on no day known.

    It is from the day after `due_latest`, until the day before it was delivered, refused or dropped: `final_day`, empty if no
    source says when. One that is still awaited has OPEN_END as its last day.
    """
    if due_latest >= OPEN_END:
        return None
    first = (date.fromisoformat(due_latest) + timedelta(days=1)).isoformat()
    if stage not in FINAL_STAGES:
        return first, OPEN_END
    if final_day <= first:
        return None
    return first, (date.fromisoformat(final_day) - timedelta(days=1)).isoformat()


def _needed(promised: Amount) -> Decimal:
    """Return the number that has to come for a promise to be kept: all of “up to forty”, a tenth less for “about”."""
    assert promised.value is not None
    if promised.qualifier in (Qualifier.ABOUT, Qualifier.NEARLY):
        return promised.least
    return promised.value + _SMALLEST_DIFFERENCE * (promised.qualifier == Qualifier.MORE_THAN)
