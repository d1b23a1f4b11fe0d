"""Rules by which commitments are added up: each promise once, everything else left out for one reason. No database access."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from nato_support.publishing.editions.totals_row import TotalsRow

PROMISE_NATURES = frozenset({"pledge", "decision"})
"""Natures that are added up unless the request filters by one other nature."""
NEVER_ADDED_NATURES = frozenset({"refusal", "condition", "assurance", "discussion"})
EXCLUSION_REASONS = {
    "refusal": "A refusal promises nothing.",
    "condition": "A condition is a demand, not a promise.",
    "assurance": "An assurance promises no amount.",
    "discussion": "What was discussed was not promised.",
    "forecast": "A forecast is not added to promises; ask for it alone: nature=forecast.",
    "hope": "A hope is not added to promises; ask for it alone: nature=hope.",
    "plan": "A plan is not added to promises; ask for it alone: nature=plan.",
    "target": "A target is not added to promises; ask for it alone: nature=target.",
    "action": "What was done is not added to what was promised; ask for it alone: nature=action.",
    "refused": "Its newest milestone, or that of the package that contains it, says that it was refused.",
    "dropped": "Its newest milestone, or that of the package that contains it, says that it was dropped.",
    "replaced": "Another commitment took its place, or that of the package that contains it.",
    "restated": "It announces anew what another commitment promised, or is part of such a package.",
    "no_amount": "No source states an amount.",
    "unspecified": "The source states an amount without a number.",
    "percentage": "Percentages do not add up.",
    "counted_in_package": "The package that contains it states an amount, which is counted instead.",
}
"""Reason for leaving a commitment out -> its explanation. The first one that applies is given."""

Supersessions = Mapping[str, Mapping[str, str]]
"""Slug of a commitment -> slugs of those counted instead -> reason: `restated` or `replaced`."""


class AmountSum(NamedTuple):
    """Sum of amounts of one kind and unit: between `low` and `high`, or above `high` if it is open."""

    low: Decimal
    high: Decimal
    is_open: bool
    qualifiers: tuple[str, ...] = ()
    """Qualifiers of the amounts of a single commitment; empty in the sum of several."""

    def add_sum(self, addend: "AmountSum") -> "AmountSum":
        """Return the sum of both, without qualifiers."""
        return AmountSum(self.low + addend.low, self.high + addend.high, self.is_open or addend.is_open)


AmountKey = tuple[str, str]
"""Kind and unit of an amount. Amounts of different keys are never added."""
StepKey = tuple[str, str, str]
"""Kind, unit and stage of the amount of a step. Amounts of different stages are never added."""


@dataclass(slots=True)
class JudgedCommitment:
    """A commitment with the reason for leaving it out, or the sums that are added up."""

    id: int
    """Id of its edition."""
    totals_row: TotalsRow
    reason: str
    """Empty if it is included."""
    counted_sums: Mapping[AmountKey, AmountSum]
    counted_steps: Mapping[StepKey, AmountSum] = field(default_factory=dict)
    """What its steps state, which is added up by stage, apart from what was promised, and even where nothing was."""


@dataclass(slots=True)
class CountedPackage:
    """A package whose own amount is counted instead of the amounts that its parts state in the same unit."""

    slug: str
    key: AmountKey
    stated: AmountSum
    parts: AmountSum
    part_count: int

    @property
    def parts_compared(self) -> str:
        """`exceed`, `fall_short` or `match`: the parts beside the package, as far as the amounts are known."""
        if self.parts.low > self.stated.high and not self.stated.is_open:
            return "exceed"
        if self.parts.high < self.stated.low and not self.parts.is_open:
            return "fall_short"
        return "match"


def natures_counted(requested_natures: Sequence[str]) -> frozenset[str]:
    """Natures that are added up under a filter by natures: promises, or the only nature asked for."""
    natures = frozenset(requested_natures)
    return natures if len(natures) == 1 and not natures & NEVER_ADDED_NATURES else PROMISE_NATURES


def superseded_commitments(relations: Iterable[tuple[str, str, str]]) -> Supersessions:
    """Find the commitments that others supersede, from (type, subject, object) of the relations between commitments.

    Of commitments that supersede each other in a circle the first by slug is kept, so that the promise is counted once.
    """
    reasons_by_superseded: dict[str, dict[str, str]] = {}
    superseded_by: dict[str, set[str]] = {}
    for type, subject, object in relations:
        superseded, superseding, reason = (subject, object, "restated") if type == "restates" else (object, subject, "replaced")
        reasons_by_superseded.setdefault(superseded, {})[superseding] = reason
        superseded_by.setdefault(superseding, set()).add(superseded)
    dropped: set[str] = set()
    for kept in [*sorted(superseded_by.keys() - reasons_by_superseded.keys()), *sorted(reasons_by_superseded)]:
        if kept in dropped:
            continue
        pending = [kept]
        while pending:
            for superseded in superseded_by.get(pending.pop(), set()) - dropped - {kept}:
                dropped.add(superseded)
                pending.append(superseded)
    return {slug: reasons_by_superseded[slug] for slug in dropped}


@dataclass(frozen=True, slots=True)
class _PackagesAbove:
    """Packages that contain a commitment: the reason that excludes them, and the nearest one that counts."""

    reason: str = ""
    """Reason that excludes one of them and so its parts; empty if they all stand."""
    covering: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """Covering key -> slug of the nearest package whose amount is counted."""


_NO_PACKAGES = _PackagesAbove()


def judge_commitments(
    rows_by_edition: Mapping[int, TotalsRow],
    outside: Mapping[str, TotalsRow],
    supersessions: Supersessions,
    natures: frozenset[str],
) -> tuple[list[JudgedCommitment], list[CountedPackage]]:
    """Judge every commitment, and list the packages that are counted instead of their parts, by slug.

    `outside` has the packages, by slug, that contain commitments without being among them. Their own amounts are not
    counted, but if one was dropped or replaced, so were its parts.
    """
    no_sums: Mapping[AmountKey, AmountSum] = {}
    judged = [
        JudgedCommitment(id, row, _excluded_by_nature(row, natures) or _reason_shared_with_parts(row, supersessions), no_sums)
        for id, row in rows_by_edition.items()
    ]
    packages_above = _packages_above(judged, outside, supersessions)
    parts: dict[tuple[str, AmountKey], tuple[AmountSum, int]] = {}
    for commitment in judged:
        packages = packages_above.get(commitment.totals_row.slug, _NO_PACKAGES)
        commitment.reason = commitment.reason or packages.reason
        if commitment.reason:
            continue
        own_steps = step_sums(commitment.totals_row)
        commitment.counted_steps = {key: value for key, value in own_steps.items() if _covering_key(key) not in packages.covering}
        own_sums = stated_sums(commitment.totals_row)
        commitment.counted_sums = (
            {key: value for key, value in own_sums.items() if _covering_key(key) not in packages.covering}
            if packages.covering
            else own_sums
        )
        commitment.reason = "" if commitment.counted_sums else _reason_for_nothing_counted(commitment.totals_row, own_sums)
        for key in own_sums.keys() - commitment.counted_sums.keys():
            part_key = packages.covering[_covering_key(key)], key
            earlier = parts.get(part_key)
            parts[part_key] = (earlier[0].add_sum(own_sums[key]), earlier[1] + 1) if earlier else (own_sums[key], 1)
    package_slugs = {slug for slug, _ in parts}
    package_rows = (commitment.totals_row for commitment in judged if commitment.totals_row.slug in package_slugs)
    sums_by_package = {row.slug: stated_sums(row) for row in package_rows}
    counted_packages = [
        CountedPackage(slug, key, sums_by_package[slug][key], parts_sum, part_count)
        for (slug, key), (parts_sum, part_count) in sorted(parts.items())
        if key in sums_by_package[slug]
    ]
    return judged, counted_packages


def packages_outside(rows: Iterable[TotalsRow], known_slugs: Container[str]) -> set[str]:
    """Slugs of the packages that contain these commitments and are not known yet."""
    return {row.package for row in rows if row.package and row.package not in known_slugs}


def _excluded_by_nature(row: TotalsRow, natures: frozenset[str]) -> str:
    return "" if row.nature in natures else row.nature


def _reason_shared_with_parts(row: TotalsRow, supersessions: Supersessions) -> str:
    """Reason that excludes a commitment together with all its parts; empty if there is none."""
    if row.stage in ("refused", "dropped"):
        return row.stage
    return min(supersessions[row.slug].values()) if row.slug in supersessions else ""


def _packages_above(
    judged: Sequence[JudgedCommitment], outside: Mapping[str, TotalsRow], supersessions: Supersessions
) -> dict[str, _PackagesAbove]:
    """Packages above each commitment that is part of another. In a circle of packages, one has none above it."""
    contained = sorted(commitment.totals_row.slug for commitment in judged if commitment.totals_row.package)
    if not contained:
        return {}
    judged_by_slug = {commitment.totals_row.slug: commitment for commitment in judged}
    above_by_slug: dict[str, _PackagesAbove] = {}

    def package_slug(slug: str) -> str:
        row = judged_by_slug[slug].totals_row if slug in judged_by_slug else outside.get(slug)
        return row.package if row else ""

    def packages_above_parts(slug: str) -> _PackagesAbove:
        """Packages above the parts of `slug`, itself included."""
        above = above_by_slug.get(slug)
        if above is None:
            # A circle: `slug` contains itself.
            return _NO_PACKAGES
        if slug not in judged_by_slug:
            reason = above.reason or (_reason_shared_with_parts(outside[slug], supersessions) if slug in outside else "")
            return _PackagesAbove(reason, above.covering)
        reason = _reason_shared_with_parts(judged_by_slug[slug].totals_row, supersessions) or above.reason
        row = judged_by_slug[slug].totals_row
        is_left_out = bool(judged_by_slug[slug].reason or reason)
        own_keys: list[AmountKey | StepKey] = [] if is_left_out else [*stated_sums(row), *step_sums(row)]
        return _PackagesAbove(reason, {**above.covering, **{_covering_key(key): slug for key in own_keys}})

    for start in contained:
        path: dict[str, None] = {}
        slug = start
        while slug and slug not in above_by_slug and slug not in path:
            path[slug] = None
            slug = package_slug(slug)
        for slug in reversed(path):
            package = package_slug(slug)
            above_by_slug[slug] = packages_above_parts(package) if package else _NO_PACKAGES
    return above_by_slug


def _covering_key(key: AmountKey | StepKey) -> tuple[str, ...]:
    """Key under which a package covers its parts: money in any currency, anything else in the same unit only; stage by stage."""
    return ("money", "", *key[2:]) if key[0] == "money" else key


def step_sums(row: TotalsRow) -> dict[StepKey, AmountSum]:
    """Return what the steps of a commitment state, by kind, unit and stage, without amounts without a number."""
    return {
        (step.kind, step.unit, step.stage): AmountSum(Decimal(step.low), Decimal(step.high or step.low), not step.high)
        for step in row.steps
    }


def stated_sums(row: TotalsRow) -> dict[AmountKey, AmountSum]:
    """Sum the amounts that a commitment states, by kind and unit, without percentages and amounts without a number.

    Nothing says whether one of several amounts in a unit contains another, so their sum is at least the largest of them
    and at most all of them together.
    """
    sums: dict[AmountKey, AmountSum] = {}
    for amount in row.amounts:
        if not amount.value or amount.kind == "percent":
            continue
        value = Decimal(amount.value)
        low = Decimal(0) if amount.qualifier == "up_to" else value
        high = Decimal(amount.upper) if amount.upper else value
        key, qualifiers = (amount.kind, amount.unit), (amount.qualifier,)
        total = AmountSum(low, high, amount.qualifier in ("at_least", "more_than"), qualifiers)
        if earlier := sums.get(key):
            total = earlier.add_sum(total)._replace(low=max(earlier.low, low), qualifiers=earlier.qualifiers + qualifiers)
        sums[key] = total
    return sums


def _reason_for_nothing_counted(row: TotalsRow, own_sums: Mapping[AmountKey, AmountSum]) -> str:
    """Reason for leaving out a commitment of which no amount is counted."""
    if own_sums:
        return "counted_in_package"
    if not row.amounts_text:
        return "no_amount"
    return "percentage" if all(amount.kind == "percent" for amount in row.amounts) else "unspecified"
