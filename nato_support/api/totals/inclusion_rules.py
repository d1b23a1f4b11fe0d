"""What of a set of commitments is added up: each promise once, everything else left out for one reason. Plain data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from nato_support.publishing.editions.totals_row import TotalsRow

PROMISE_NATURES = frozenset({"pledge", "decision"})
"""The natures that are added up unless another is asked for alone."""
NEVER_ADDED_NATURES = frozenset({"refusal", "condition"})
EXCLUSION_REASONS = {
    "refusal": "A refusal promises nothing.",
    "condition": "A condition is a demand, not a promise.",
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
"""Why a commitment is left out: the first of these that applies."""

Supersessions = Mapping[str, Mapping[str, str]]
"""Slug of a commitment -> those that count in its stead -> why: `restated` or `replaced`."""


class AmountSum(NamedTuple):
    """Amounts of one kind and unit: somewhere between `low` and `high`, or above it if it is `open`."""

    low: Decimal
    high: Decimal
    open: bool
    qualifiers: tuple[str, ...] = ()
    """How the amounts are stated, of one commitment's sum."""

    def plus(self, other: "AmountSum") -> "AmountSum":
        return AmountSum(self.low + other.low, self.high + other.high, self.open or other.open)


AmountKey = tuple[str, str]
"""Kind and unit of an amount. Nothing is ever added across two of them."""


@dataclass(slots=True)
class JudgedCommitment:
    """One commitment, why it is left out ("" if it is not), and what of it is added up."""

    id: int
    totals_row: TotalsRow
    reason: str
    counted_sums: Mapping[AmountKey, AmountSum]


@dataclass(slots=True)
class CountedPackage:
    """A package whose stated amount counts, and what its parts, which then do not, state of the same."""

    slug: str
    key: AmountKey
    stated: AmountSum
    parts: AmountSum
    number: int

    @property
    def compared(self) -> str:
        """Whether the parts exceed the package, fall short of it or match it, as far as the amounts are known."""
        if self.parts.low > self.stated.high and not self.stated.open:
            return "exceed"
        if self.parts.high < self.stated.low and not self.parts.open:
            return "fall_short"
        return "match"


def natures_counted(requested_natures: Sequence[str]) -> frozenset[str]:
    """Which natures are added up if `asked` are filtered by: promises, or the only one that is asked for."""
    alone = frozenset(requested_natures)
    return alone if len(alone) == 1 and not alone & NEVER_ADDED_NATURES else PROMISE_NATURES


def superseded_commitments(relations: Iterable[tuple[str, str, str]]) -> Supersessions:
    """From (type, subject, object) of relations between commitments: who does not count because of whom.

    Of commitments that give way to each other in a circle, the first by slug stays: a promise is counted once, not never.
    """
    ahead: dict[str, dict[str, str]] = {}
    behind: dict[str, set[str]] = {}
    for type, subject, object in relations:
        weak, strong, reason = (subject, object, "restated") if type == "restates" else (object, subject, "replaced")
        ahead.setdefault(weak, {})[strong] = reason
        behind.setdefault(strong, set()).add(weak)
    out: set[str] = set()
    for first in [*sorted(behind.keys() - ahead.keys()), *sorted(ahead)]:
        if first in out:
            continue
        reached = [first]
        while reached:
            for weak in behind.get(reached.pop(), set()) - out - {first}:
                out.add(weak)
                reached.append(weak)
    return {slug: ahead[slug] for slug in out}


@dataclass(frozen=True, slots=True)
class _PackagesAbove:
    """What stands above a commitment: why its packages fall, and the nearest one that counts for each kind of amount."""

    fate: str = ""
    covering: Mapping[AmountKey, str] = field(default_factory=dict)


_NO_PACKAGES = _PackagesAbove()


def judge_commitments(
    tallies: Mapping[int, TotalsRow], outside: Mapping[str, TotalsRow], edges: Supersessions, natures: frozenset[str]
) -> tuple[list[JudgedCommitment], list[CountedPackage]]:
    """Each of `tallies` (edition id -> tally) judged, and the packages whose parts are counted in them, by slug.

    `outside` are the packages above them that are not among them, by slug: they count for nothing, but if one was dropped or
    replaced, so were its parts.
    """
    nothing: Mapping[AmountKey, AmountSum] = {}
    judged = [
        JudgedCommitment(id, one, _excluded_by_nature(one, natures) or _excluded_with_parts(one, edges), nothing)
        for id, one in tallies.items()
    ]
    above = _packages_above(judged, outside, edges)
    parts: dict[tuple[str, AmountKey], tuple[AmountSum, int]] = {}
    for one in judged:
        up = above.get(one.totals_row.slug, _NO_PACKAGES)
        one.reason = one.reason or up.fate
        if one.reason:
            continue
        own = stated_sums(one.totals_row)
        one.counted_sums = (
            {key: value for key, value in own.items() if _covering_key(key) not in up.covering} if up.covering else own
        )
        one.reason = "" if one.counted_sums else _reason_for_nothing_counted(one.totals_row, own)
        for key in own.keys() - one.counted_sums.keys():
            at = up.covering[_covering_key(key)], key
            before = parts.get(at)
            parts[at] = (before[0].plus(own[key]), before[1] + 1) if before else (own[key], 1)
    packed = {slug for slug, _ in parts}
    amounts = {one.totals_row.slug: stated_sums(one.totals_row) for one in judged if one.totals_row.slug in packed}
    packages = [
        CountedPackage(slug, key, amounts[slug][key], total, number)
        for (slug, key), (total, number) in sorted(parts.items())
        if key in amounts[slug]
    ]
    return judged, packages


def packages_outside(tallies: Iterable[TotalsRow], known: Mapping[str, TotalsRow]) -> set[str]:
    """Slugs of the packages of `tallies` that are not among `known`."""
    return {tally.package for tally in tallies if tally.package and tally.package not in known}


def _excluded_by_nature(tally: TotalsRow, natures: frozenset[str]) -> str:
    return "" if tally.nature in natures else tally.nature


def _excluded_with_parts(tally: TotalsRow, edges: Supersessions) -> str:
    """Why a commitment, and everything that is part of it, does not stand; "" if it does."""
    if tally.stage in ("refused", "dropped"):
        return tally.stage
    return min(edges[tally.slug].values()) if tally.slug in edges else ""


def _packages_above(
    judged: Sequence[JudgedCommitment], outside: Mapping[str, TotalsRow], edges: Supersessions
) -> dict[str, _PackagesAbove]:
    """What stands above each commitment that is part of another. Of packages that contain each other one has nothing above."""
    contained = sorted(one.totals_row.slug for one in judged if one.totals_row.package)
    if not contained:
        return {}
    inside = {one.totals_row.slug: one for one in judged}
    done: dict[str, _PackagesAbove] = {}

    def package_slug(slug: str) -> str:
        tally = inside[slug].totals_row if slug in inside else outside.get(slug)
        return tally.package if tally else ""

    def packages_above_parts(slug: str) -> _PackagesAbove:
        """What stands above the parts of `slug`."""
        up = done.get(slug)
        if up is None:
            # It stands on the way up from itself.
            return _NO_PACKAGES
        if slug not in inside:
            fate = up.fate or (_excluded_with_parts(outside[slug], edges) if slug in outside else "")
            return _PackagesAbove(fate, up.covering)
        fate = _excluded_with_parts(inside[slug].totals_row, edges) or up.fate
        own = {} if inside[slug].reason or fate else stated_sums(inside[slug].totals_row)
        return _PackagesAbove(fate, {**up.covering, **{_covering_key(key): slug for key in own}})

    for start in contained:
        way: dict[str, None] = {}
        slug = start
        while slug and slug not in done and slug not in way:
            way[slug] = None
            slug = package_slug(slug)
        for slug in reversed(way):
            package = package_slug(slug)
            done[slug] = packages_above_parts(package) if package else _NO_PACKAGES
    return done


def _covering_key(key: AmountKey) -> AmountKey:
    """A package's money contains that of its parts in any currency; of anything else, what is counted in the same unit."""
    return ("money", "") if key[0] == "money" else key


def stated_sums(tally: TotalsRow) -> dict[AmountKey, AmountSum]:
    """What a commitment states, by kind and unit, without percentages and what has no number.

    Of several amounts in one unit nothing says whether one contains another: at least the largest, at most all of them.
    """
    found: dict[AmountKey, AmountSum] = {}
    for amount in tally.amounts:
        if not amount.value or amount.kind == "percent":
            continue
        value = Decimal(amount.value)
        low = Decimal(0) if amount.qualifier == "up_to" else value
        high = Decimal(amount.upper) if amount.upper else value
        key, said = (amount.kind, amount.unit), (amount.qualifier,)
        one = AmountSum(low, high, amount.qualifier in ("at_least", "more_than"), said)
        if before := found.get(key):
            one = before.plus(one)._replace(low=max(before.low, low), qualifiers=before.qualifiers + said)
        found[key] = one
    return found


def _reason_for_nothing_counted(tally: TotalsRow, own: Mapping[AmountKey, AmountSum]) -> str:
    """Why nothing of a commitment that stands is counted."""
    if own:
        return "counted_in_package"
    if not tally.amounts_text:
        return "no_amount"
    return "percentage" if all(amount.kind == "percent" for amount in tally.amounts) else "unspecified"
