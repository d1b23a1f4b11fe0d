"""What of a set of commitments is added up: each promise once, everything else left out for one reason. Plain data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from nato_support.editions.tally import Tally

PROMISES = frozenset({"pledge", "decision"})
"""The natures that are added up unless another is asked for alone."""
NEVER = frozenset({"refusal", "condition"})
REASONS = {
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

Edges = Mapping[str, Mapping[str, str]]
"""Slug of a commitment -> those that count in its stead -> why: `restated` or `replaced`."""


class Sum(NamedTuple):
    """Amounts of one kind and unit: somewhere between `low` and `high`, or above it if it is `open`."""

    low: Decimal
    high: Decimal
    open: bool
    qualifiers: tuple[str, ...] = ()
    """How the amounts are stated, of one commitment's sum."""

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.low + other.low, self.high + other.high, self.open or other.open)


Key = tuple[str, str]
"""Kind and unit of an amount. Nothing is ever added across two of them."""


@dataclass(slots=True)
class Judged:
    """One commitment, why it is left out ("" if it is not), and what of it is added up."""

    id: int
    tally: Tally
    reason: str
    counted: Mapping[Key, Sum]


@dataclass(slots=True)
class Package:
    """A package whose stated amount counts, and what its parts, which then do not, state of the same."""

    slug: str
    key: Key
    stated: Sum
    parts: Sum
    number: int

    @property
    def compared(self) -> str:
        """Whether the parts exceed the package, fall short of it or match it, as far as the amounts are known."""
        if self.parts.low > self.stated.high and not self.stated.open:
            return "exceed"
        if self.parts.high < self.stated.low and not self.parts.open:
            return "fall_short"
        return "match"


def natures_counted(asked: Sequence[str]) -> frozenset[str]:
    """Which natures are added up if `asked` are filtered by: promises, or the only one that is asked for."""
    alone = frozenset(asked)
    return alone if len(alone) == 1 and not alone & NEVER else PROMISES


def giving_way(relations: Iterable[tuple[str, str, str]]) -> Edges:
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
class _Above:
    """What stands above a commitment: why its packages fall, and the nearest one that counts for each kind of amount."""

    fate: str = ""
    covering: Mapping[Key, str] = field(default_factory=dict)


_NOTHING = _Above()


def judge(
    tallies: Mapping[int, Tally], outside: Mapping[str, Tally], edges: Edges, natures: frozenset[str]
) -> tuple[list[Judged], list[Package]]:
    """Each of `tallies` (edition id -> tally) judged, and the packages whose parts are counted in them, by slug.

    `outside` are the packages above them that are not among them, by slug: they count for nothing, but if one was dropped or
    replaced, so were its parts.
    """
    nothing: Mapping[Key, Sum] = {}
    judged = [Judged(id, one, _of_itself(one, natures) or _fate(one, edges), nothing) for id, one in tallies.items()]
    above = _above(judged, outside, edges)
    parts: dict[tuple[str, Key], tuple[Sum, int]] = {}
    for one in judged:
        up = above.get(one.tally.slug, _NOTHING)
        one.reason = one.reason or up.fate
        if one.reason:
            continue
        own = stated(one.tally)
        one.counted = {key: value for key, value in own.items() if _cover(key) not in up.covering} if up.covering else own
        one.reason = "" if one.counted else _without(one.tally, own)
        for key in own.keys() - one.counted.keys():
            at = up.covering[_cover(key)], key
            before = parts.get(at)
            parts[at] = (before[0].plus(own[key]), before[1] + 1) if before else (own[key], 1)
    packed = {slug for slug, _ in parts}
    amounts = {one.tally.slug: stated(one.tally) for one in judged if one.tally.slug in packed}
    packages = [
        Package(slug, key, amounts[slug][key], total, number)
        for (slug, key), (total, number) in sorted(parts.items())
        if key in amounts[slug]
    ]
    return judged, packages


def parents_outside(tallies: Iterable[Tally], known: Mapping[str, Tally]) -> set[str]:
    """Slugs of the packages of `tallies` that are not among `known`."""
    return {tally.package for tally in tallies if tally.package and tally.package not in known}


def _of_itself(tally: Tally, natures: frozenset[str]) -> str:
    return "" if tally.nature in natures else tally.nature


def _fate(tally: Tally, edges: Edges) -> str:
    """Why a commitment, and everything that is part of it, does not stand; "" if it does."""
    if tally.stage in ("refused", "dropped"):
        return tally.stage
    return min(edges[tally.slug].values()) if tally.slug in edges else ""


def _above(judged: Sequence[Judged], outside: Mapping[str, Tally], edges: Edges) -> dict[str, _Above]:
    """What stands above each commitment that is part of another. Of packages that contain each other one has nothing above."""
    contained = sorted(one.tally.slug for one in judged if one.tally.package)
    if not contained:
        return {}
    inside = {one.tally.slug: one for one in judged}
    done: dict[str, _Above] = {}

    def package_of(slug: str) -> str:
        tally = inside[slug].tally if slug in inside else outside.get(slug)
        return tally.package if tally else ""

    def within(slug: str) -> _Above:
        """What stands above the parts of `slug`."""
        up = done.get(slug)
        if up is None:
            # It stands on the way up from itself.
            return _NOTHING
        if slug not in inside:
            fate = up.fate or (_fate(outside[slug], edges) if slug in outside else "")
            return _Above(fate, up.covering)
        fate = _fate(inside[slug].tally, edges) or up.fate
        own = {} if inside[slug].reason or fate else stated(inside[slug].tally)
        return _Above(fate, {**up.covering, **{_cover(key): slug for key in own}})

    for start in contained:
        way: dict[str, None] = {}
        slug = start
        while slug and slug not in done and slug not in way:
            way[slug] = None
            slug = package_of(slug)
        for slug in reversed(way):
            package = package_of(slug)
            done[slug] = within(package) if package else _NOTHING
    return done


def _cover(key: Key) -> Key:
    """A package's money contains that of its parts in any currency; of anything else, what is counted in the same unit."""
    return ("money", "") if key[0] == "money" else key


def stated(tally: Tally) -> dict[Key, Sum]:
    """What a commitment states, by kind and unit, without percentages and what has no number.

    Of several amounts in one unit nothing says whether one contains another: at least the largest, at most all of them.
    """
    found: dict[Key, Sum] = {}
    for amount in tally.amounts:
        if not amount.value or amount.kind == "percent":
            continue
        value = Decimal(amount.value)
        low = Decimal(0) if amount.qualifier == "up_to" else value
        high = Decimal(amount.upper) if amount.upper else value
        key, said = (amount.kind, amount.unit), (amount.qualifier,)
        one = Sum(low, high, amount.qualifier in ("at_least", "more_than"), said)
        if before := found.get(key):
            one = before.plus(one)._replace(low=max(before.low, low), qualifiers=before.qualifiers + said)
        found[key] = one
    return found


def _without(tally: Tally, own: Mapping[Key, Sum]) -> str:
    """Why nothing of a commitment that stands is counted."""
    if own:
        return "counted_in_package"
    if not tally.amounts_text:
        return "no_amount"
    return "percentage" if all(amount.kind == "percent" for amount in tally.amounts) else "unspecified"
