"""Group judged commitments by party, category, year and the like, and add up each group."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from nato_support.api.totals.inclusion_rules import AmountKey, AmountSum, JudgedCommitment
from nato_support.publishing.editions.totals_row import TotalsRow

GroupKey = tuple[str | None, ...]
"""Key of a group: a part for each name in `by`; None where a commitment has nothing to be grouped by."""


def _distinct_currencies(keys: Iterable[AmountKey]) -> Sequence[str | None]:
    """Currencies among some amounts; None stands for anything but money, and for no amount at all."""
    return tuple(dict.fromkeys(unit if kind == "money" else None for kind, unit in keys)) or (None,)


GROUPINGS: Mapping[str, Callable[[TotalsRow], Sequence[str | None]]] = {
    "party": lambda row: row.givers or (None,),
    "category": lambda row: (row.category,),
    "beneficiary": lambda row: (row.beneficiary or None,),
    "stage": lambda row: (row.stage or None,),
    "currency": lambda row: _distinct_currencies(
        [*((amount.kind, amount.unit) for amount in row.amounts), *((step.kind, step.unit) for step in row.steps)]
    ),
    "year": lambda row: (row.year or None,),
    "nature": lambda row: (row.nature,),
}
"""Name in `by` -> the values of a commitment; several where several parties made it."""


@dataclass(slots=True)
class RunningSum:
    """Sum of the commitments that have a beneficiary, a kind and a unit in common."""

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    is_open: bool = False
    commitments: int = 0
    qualifiers: Counter[str] = field(default_factory=Counter)

    def add(self, amount_sum: AmountSum) -> None:
        """Add the sum of one commitment."""
        self.low += amount_sum.low
        self.high += amount_sum.high
        self.is_open = self.is_open or amount_sum.is_open
        self.commitments += 1
        for qualifier in amount_sum.qualifiers:
            self.qualifiers[qualifier] += 1


@dataclass(slots=True)
class GroupTotal:
    """Counts and sums of a group of commitments."""

    left_out: Counter[str] = field(default_factory=Counter)
    """Reason -> number of commitments left out."""
    included: int = 0
    sums: dict[tuple[str, str, str], RunningSum] = field(default_factory=lambda: defaultdict(RunningSum))
    """(beneficiary, kind, unit) -> sum of what was promised."""
    steps: dict[tuple[str, str, str, str], RunningSum] = field(default_factory=lambda: defaultdict(RunningSum))
    """(beneficiary, kind, unit, stage) -> sum of what the steps of that stage state."""

    @property
    def matched(self) -> int:
        return self.included + self.left_out.total()

    def add_commitment(self, judged: JudgedCommitment, belongs: Callable[[AmountKey], bool] = lambda key: True) -> None:
        """Count one commitment; of its amounts, add those for which `belongs` is true."""
        for (kind, unit, stage), amount_sum in judged.counted_steps.items():
            if belongs((kind, unit)):
                self.steps[judged.totals_row.beneficiary, kind, unit, stage].add(amount_sum)
        if judged.reason:
            self.left_out[judged.reason] += 1
            return
        self.included += 1
        for key, amount_sum in judged.counted_sums.items():
            if belongs(key):
                self.sums[judged.totals_row.beneficiary, *key].add(amount_sum)


def group_keys(judged: JudgedCommitment, by: tuple[str, ...]) -> list[GroupKey]:
    """Keys of the groups that a commitment is in. If it is included, only the currencies of its counted amounts matter."""
    return list(
        product(
            *(
                _distinct_currencies([*judged.counted_sums, *(key[:2] for key in judged.counted_steps)])
                if name == "currency" and not judged.reason
                else GROUPINGS[name](judged.totals_row)
                for name in by
            )
        )
    )


def group_currency_filter(by: tuple[str, ...], key: GroupKey) -> Callable[[AmountKey], bool]:
    """Return a test for the amounts that a group adds up: in its own currency, if it is grouped by currency."""
    if "currency" not in by:
        return lambda amount_key: True
    currency = key[by.index("currency")]
    return lambda amount_key: (amount_key[1] if amount_key[0] == "money" else None) == currency
