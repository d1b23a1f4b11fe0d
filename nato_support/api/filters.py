"""Predicates of the filters of a list: a term of the filter's name, unless the tables here give it another meaning."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from nato_support.api.parameters import Parameter
from nato_support.api.predicates import (
    Predicate,
    RelationPredicate,
    SlugPredicate,
    TermBetween,
    TermIn,
    TermMatch,
    TermPredicate,
    ViaReference,
)
from nato_support.publishing.editions import sortable_numbers

FilterValues = Mapping[str, tuple[str, ...]]
"""Name of a filter -> its parsed values."""
Faults = list[dict[str, Any]]

MAX_AMOUNT_UNITS = 5
"""Most currencies or units in which amounts are compared at once."""
_LEAST_AMOUNT, _GREATEST_AMOUNT = sortable_numbers.sortable_number("0"), sortable_numbers.sortable_number("999999999999999999.99")
_AFTER_ALL_DAYS = "9999-99-99"


def _via_country(*members: str, kind: str = "organisation") -> Callable[[tuple[str, ...]], tuple[TermMatch, ...]]:
    return lambda values: tuple(ViaReference(member, kind, "country", values) for member in members)


# Filter -> alternatives, one of which must match. Any other filter matches a term of its name with one of the values.
_TERM_MATCHES: dict[str, Callable[[tuple[str, ...]], tuple[TermMatch, ...]]] = {
    "contested_field": lambda values: (TermIn("contested", values),),
    "party": lambda values: tuple(TermIn(member, values) for member in ("committed_by", "beneficiary", "concerns")),
    "party_country": _via_country("committed_by", "beneficiary", "concerns"),
    "committed_by_country": _via_country("committed_by"),
    "beneficiary_country": _via_country("beneficiary"),
    "concerns_country": _via_country("concerns"),
    "due_before": lambda values: (_due_within("", _shift_day(values[0], -1)),),
    "due_after": lambda values: (_due_within(_shift_day(values[1], 1), _AFTER_ALL_DAYS),),
    "period": lambda values: (_interval_overlap_match("period", *values),),
    "facility_country": _via_country("facility", kind="facility"),
    "milestone_at": lambda values: (TermIn("event", values),),
    "event": lambda values: (
        TermIn("announced_at", values),
        TermIn("event", values),
        ViaReference("quote", "quote", "occasion", values),
    ),
    "said_overlaps": lambda values: _date_overlap_matches("said", *values),
    "attested": lambda values: _date_overlap_matches("attested", *values),
    "in_force": lambda values: (_interval_overlap_match("in_force", *values),),
    "said_within": lambda values: (
        TermBetween("said", values[0], _greatest_interval_until(values[1]), end_position=12, max_end=values[1]),
    ),
}
_COMBINED_FILTERS = (
    "kind",
    "slug",
    "currency",
    "amount_min",
    "amount_max",
    "converted",
    "overdue",
    "related_to",
    "relation_type",
    "relation_modality",
    "contested",
)


def build_predicates(
    filters: tuple[Parameter, ...], kinds: tuple[str, ...], values: FilterValues, faults: Faults, today: str
) -> list[Predicate]:
    """Return the predicates of `filters` with `values` on records of `kinds`; append contradictions to `faults`.

    `today` is the day (UTC) on which the request came, for filters that depend on it.
    """
    predicates: list[Predicate] = []
    for parameter in filters:
        name = parameter.name
        if name not in values or name in _COMBINED_FILTERS:
            continue
        texts = tuple(dict.fromkeys(values[name])) if parameter.many else values[name]
        if name == "occasion" and kinds != ("quote",):
            predicates.append(TermPredicate((ViaReference("quote", "quote", "occasion", texts),)))
        else:
            predicates.append(TermPredicate(_TERM_MATCHES[name](texts) if name in _TERM_MATCHES else (TermIn(name, texts),)))
    if "contested" in values:
        predicates.append(TermPredicate((TermIn("is_contested", ("true",)),), is_negated=values["contested"] == ("false",)))
    if "overdue" in values:
        [state_or_day] = values["overdue"]
        day = today if state_or_day in ("true", "false") else state_or_day
        overdue = TermBetween("overdue", "", _greatest_interval_until(day), end_position=12, min_end=day)
        predicates.append(TermPredicate((overdue,), is_negated=state_or_day == "false"))
    if "slug" in values:
        predicates.append(SlugPredicate(_distinct_values(tuple(reference.partition("/")[2] for reference in values["slug"]))))
    others, types, modalities = (
        _distinct_values(values.get(name, ())) for name in ("related_to", "relation_type", "relation_modality")
    )
    if others or types or modalities:
        predicates.append(RelationPredicate(others, types, modalities))
    return predicates + _amount_predicates(values, faults)


def edition_query_date_bounds(values: FilterValues, faults: Faults) -> dict[str, Any]:
    """Return the date filters as fields of an EditionQuery; append contradictions to `faults`."""
    overlaps, within = values.get("date_overlaps", ("", "")), values.get("date_within", ("", ""))
    begin, end = values.get("date_from", ("", ""))[0], values.get("date_to", ("", ""))[1]
    if begin and end and begin > end:
        faults.append({"in": "query", "name": "date_to", "code": "before_date_from"})
    since, until = within
    if "date_after" in values:
        since = max(since, _shift_day(values["date_after"][1], 1))
    if "date_before" in values:
        until = min(until or _AFTER_ALL_DAYS, _shift_day(values["date_before"][0], -1))
    latest_begin = min(end or _AFTER_ALL_DAYS, overlaps[1] or _AFTER_ALL_DAYS)
    bounds: dict[str, Any] = {
        "ends_on_or_after": max(begin, overlaps[0]),
        "begins_on_or_before": "" if latest_begin == _AFTER_ALL_DAYS else latest_begin,
        "begins_on_or_after": since,
        "ends_on_or_before": until,
    }
    if values.get("date_known") == ("false",):
        if any(name.startswith("date_") and name != "date_known" for name in values):
            faults.append({"in": "query", "name": "date_known", "code": "contradicts_dates"})
        bounds["without_date"] = True
    elif "date_known" in values or any(name.startswith("date_") for name in values):
        bounds["with_date"] = True
    return bounds


def _shift_day(day: str, days: int) -> str:
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()
    except OverflowError:
        return _AFTER_ALL_DAYS if days > 0 else "0000-00-00"


def _greatest_interval_until(last: str) -> str:
    """Return the greatest text of an interval that begins by this day."""
    return f"{last or _AFTER_ALL_DAYS}/{_AFTER_ALL_DAYS}"


def _due_within(first: str, last: str) -> TermBetween:
    """Return the match of what is due within these days, whichever day is meant."""
    return TermBetween("due", first, _greatest_interval_until(last), end_position=12, max_end=last)


def _date_overlap_matches(field: str, first: str, last: str) -> tuple[TermMatch, ...]:
    # What lies in one year and reaches into the span begins in the span's first year or later.
    low, high = (f"{first[:4]}-01-01" if first else ""), _greatest_interval_until(last)
    within_a_year = TermBetween(field, low, high, end_position=12, min_end=first)
    return within_a_year, TermBetween(f"{field}_across_years", "", high, end_position=12, min_end=first)


def _interval_overlap_match(field: str, first: str, last: str) -> TermBetween:
    """Return the match of terms that are intervals of many years."""
    return TermBetween(field, "", _greatest_interval_until(last), end_position=12, min_end=first)


def perhaps_in_force(span: tuple[str, ...]) -> TermPredicate:
    """Return the predicate of the relations of which it is not known whether they were in force on a day of the span."""
    return TermPredicate((_interval_overlap_match("perhaps_in_force", *span),))


def has_term_between(field: str, *, is_negated: bool = False) -> TermPredicate:
    """Return the predicate of the records that have a term of dates in `field`; negated, of those that have none."""
    return TermPredicate((TermBetween(field, "", _greatest_interval_until("")),), is_negated)


def predicates_of_amounts_in_unit(values: FilterValues) -> tuple[TermPredicate, TermPredicate]:
    """Return the predicates of records with an amount in the requested currency or unit, and of those with a number in it."""
    field = "currency" if "currency" in values else "unit"
    units, prefixes = _distinct_values(values[field]), _amount_prefixes(values)
    numbers = (
        match for unit in units for prefix in prefixes for match in _amount_matches(prefix, unit, _LEAST_AMOUNT, _GREATEST_AMOUNT)
    )
    return TermPredicate(tuple(TermIn(f"{prefix}{field}", units) for prefix in prefixes)), TermPredicate(tuple(numbers))


def _amount_predicates(values: FilterValues, faults: Faults) -> list[Predicate]:
    currencies, units = _distinct_values(values.get("currency", ())), _distinct_values(values.get("unit", ()))
    bounds = [name for name in ("amount_min", "amount_max") if name in values]
    if "converted" in values and not currencies:
        faults.append({"in": "query", "name": "converted", "code": "incomplete", "detail": "say into which currency="})
    if bounds and bool(currencies) == bool(units):
        detail = "numbers of different things are not compared: say which currency= or unit="
        faults.append({"in": "query", "name": bounds[0], "code": "incomplete", "detail": detail})
    elif bounds and len(currencies or units) > MAX_AMOUNT_UNITS:
        name = "currency" if currencies else "unit"
        faults.append({"in": "query", "name": name, "code": "too_many", "allowed": {"most": MAX_AMOUNT_UNITS}})
    least, most = (
        values.get(name, (default,))[0] for name, default in (("amount_min", _LEAST_AMOUNT), ("amount_max", _GREATEST_AMOUNT))
    )
    if least > most:
        faults.append({"in": "query", "name": "amount_max", "code": "below_amount_min"})
    prefixes = _amount_prefixes(values)
    if bounds:
        matches = (
            match for unit in (currencies or units) for prefix in prefixes for match in _amount_matches(prefix, unit, least, most)
        )
        return [TermPredicate(tuple(matches))]
    return [TermPredicate(tuple(TermIn(f"{prefix}currency", currencies) for prefix in prefixes))] if currencies else []


def _amount_prefixes(values: FilterValues) -> tuple[str, ...]:
    """Return the beginnings of the fields of amounts: those stated, and with `converted` those converted."""
    return ("", "converted_") if values.get("converted") == ("true",) else ("",)


def _amount_matches(field_prefix: str, unit: str, least: str, most: str) -> tuple[TermMatch, TermMatch]:
    """Return the matches of single amounts from `least` to `most`, and of ranges that contain any number between them."""
    single = TermBetween(f"{field_prefix}amount", f"{unit}={least}", f"{unit}={most}", prefix=f"{unit}=")
    # A range is written unit=lower/upper; positions in SQL count from 1.
    end_position = len(unit) + len(most) + 3
    span = TermBetween(
        f"{field_prefix}amount_range",
        f"{unit}={_LEAST_AMOUNT}",
        f"{unit}={most}/{_GREATEST_AMOUNT}",
        prefix=f"{unit}=",
        end_position=end_position,
        min_end=least,
    )
    return single, span


def _distinct_values(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
