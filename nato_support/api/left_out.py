"""Records that filters leave out because the register does not know whether they match: `left_out` of `meta`.

Each reason counts the records that match all other filters, and looks at no more than `edition_queries.MAX_COUNTED` of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from entities.vocabulary import MeasureKind
from nato_support.api import edition_queries, filters
from nato_support.api.edition_queries import EditionQuery
from nato_support.api.filters import FilterValues
from nato_support.api.parameters import Parameter
from nato_support.api.predicates import Predicate, TermIn, TermPredicate
from nato_support.api.register_state import RegisterChanged, RegisterState, newest_register_state

LEFT_OUT_REASONS = {
    "date_unknown": "With a filter by date: they have no date.",
    "in_force_unknown": "With `in_force` or `active_on`: it is not known whether they were in force then.",
    "attested_unknown": "With `attested`: no day is known on which their sources state them.",
    "said_unknown": "With `said_overlaps` or `said_within`: no day is known on which the words were said or published.",
    "due_unknown": "With `due_before`, `due_after` or `overdue`: no source says by when they are due.",
    "period_unknown": "With `period`: no source says for which time they are meant.",
    "amount_unspecified": "With `amount_min` or `amount_max`: an amount in that currency or unit is stated without a number.",
    "amount_in_other_unit": "With `amount_min` or `amount_max`: amounts are stated, none of them in that currency or unit.",
    "amount_unknown": "With `amount_min` or `amount_max`: no amount is stated.",
}
"""Reason -> its explanation."""


class LeftOut(NamedTuple):
    """Records left out."""

    counts: dict[str, int]
    """Reason -> number of records; empty if the filters leave nothing out for want of knowledge."""
    is_exact: bool

    def members(self) -> dict[str, Any]:
        """Return the members of `meta` that say it."""
        if not self.counts:
            return {}
        return {"left_out": self.counts} | ({} if self.is_exact else {"left_out_is": "at_least"})


class _FilterGroup(NamedTuple):
    """Filters that cannot judge the same records."""

    names: tuple[str, ...]
    """Filters of which any can leave out what it cannot judge."""
    conditions: Callable[[FilterValues], dict[str, tuple[Predicate, ...]]]
    """Reason -> predicates that all match a record which is left out for it."""
    dependent_names: tuple[str, ...] = ()
    """Further filters that say nothing without these."""


def _has_no_term(field: str) -> Callable[[FilterValues], dict[str, tuple[Predicate, ...]]]:
    return lambda values: {f"{field}_unknown": (filters.has_term_between(field, is_negated=True),)}


def _amount_conditions(values: FilterValues) -> dict[str, tuple[Predicate, ...]]:
    has_unit, has_number = filters.predicates_of_amounts_in_unit(values)
    has_amount = TermPredicate((TermIn("measure", tuple(MeasureKind.values)),))
    return {
        "amount_unspecified": (has_unit, replace(has_number, is_negated=True)),
        "amount_in_other_unit": (has_amount, replace(has_unit, is_negated=True)),
        "amount_unknown": (replace(has_amount, is_negated=True), replace(has_unit, is_negated=True)),
    }


_FILTER_GROUPS = (
    _FilterGroup(("attested",), _has_no_term("attested")),
    _FilterGroup(("said_overlaps", "said_within"), _has_no_term("said")),
    _FilterGroup(("due_before", "due_after", "overdue"), _has_no_term("due")),
    _FilterGroup(("period",), _has_no_term("period")),
    _FilterGroup(("amount_min", "amount_max"), _amount_conditions, ("currency", "unit", "converted")),
)


def count_left_out(
    register: RegisterState, declared: tuple[Parameter, ...], values: FilterValues, query: EditionQuery, today: str
) -> LeftOut:
    """Count what the filters with `values`, those of `query`, leave out. Raises RegisterChanged if a release is made meanwhile.

    `declared` has the filters of the list.
    """
    query = replace(query, key=None, backwards=False)
    counts: dict[str, int] = {}
    is_exact = True

    def query_without(names: Sequence[str], *further: Predicate) -> EditionQuery:
        others = {name: texts for name, texts in values.items() if name not in names}
        return replace(query, filters=(*filters.build_predicates(declared, query.kinds, others, [], today), *further))

    if query.requires_date:
        counts["date_unknown"], exact = cached_result_count(register, _undated_query(query))
        is_exact &= exact
    if "in_force" in values:
        perhaps = query_without(["in_force"], filters.perhaps_in_force(values["in_force"]))
        counts["in_force_unknown"], exact = cached_result_count(register, perhaps)
        is_exact &= exact
    for group in _FILTER_GROUPS:
        names = [name for name in group.names if name in values and not _keeps_unknown(name, values)]
        if names:
            conditions = group.conditions(values)
            others = query_without([*names, *group.dependent_names])
            numbers, exact = _cached_counts_among_results(register, others, tuple(conditions.values()))
            counts |= zip(conditions, numbers, strict=True)
            is_exact &= exact
    return LeftOut(counts, is_exact)


def _keeps_unknown(name: str, values: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether a filter finds what it cannot judge: what is not due is not overdue."""
    return name == "overdue" and values[name] == ("false",)


def _undated_query(query: EditionQuery) -> EditionQuery:
    """Return the query of the records that date filters leave out for want of a date, unless they are known to have ended."""
    return replace(
        query,
        ends_on_or_after="",
        begins_on_or_before="",
        begins_on_or_after="",
        ends_on_or_before="",
        with_date=False,
        without_date=True,
        not_ended_before=query.ends_on_or_after,
    )


@lru_cache(maxsize=500)
def cached_result_count(register: RegisterState, query: EditionQuery) -> tuple[int, bool]:
    """Return the number of results, and whether it is exact. Raises RegisterChanged if a release is made meanwhile."""
    count = edition_queries.count_results(query)
    if newest_register_state() != register:
        raise RegisterChanged
    return count


@lru_cache(maxsize=500)
def _cached_counts_among_results(
    register: RegisterState, query: EditionQuery, conditions: tuple[tuple[Predicate, ...], ...]
) -> tuple[list[int], bool]:
    counts = edition_queries.count_among_results(query, conditions)
    if newest_register_state() != register:
        raise RegisterChanged
    return counts
