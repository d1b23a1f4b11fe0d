"""What the filters of a list mean, as conditions: by name where they mean more than a term of that name."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from nato_support.api.conditions import Between, Condition, Filter, Leg, Named, OneOf, Related, Through
from nato_support.api.parameters import Parameter
from nato_support.editions import sortable

Values = Mapping[str, tuple[str, ...]]
Faults = list[dict[str, Any]]

MOST_KINDS_OF_AMOUNT = 5
"""Amounts are compared in so many currencies or units at once."""
_NOTHING, _EVERYTHING = sortable.number("0"), sortable.number("999999999999999999.99")
_AFTER_ALL_DAYS = "9999-99-99"


def _by_country(*members: str, kind: str = "organisation") -> Callable[[tuple[str, ...]], tuple[Leg, ...]]:
    return lambda values: tuple(Through(member, kind, "country", values) for member in members)


# Filter -> how a record may fit: one of these is enough. Of the others, a term of their name has one of the values.
_LEGS: dict[str, Callable[[tuple[str, ...]], tuple[Leg, ...]]] = {
    "contested_field": lambda values: (OneOf("contested", values),),
    "party": lambda values: (OneOf("committed_by", values), OneOf("beneficiary", values)),
    "party_country": _by_country("committed_by", "beneficiary"),
    "committed_by_country": _by_country("committed_by"),
    "beneficiary_country": _by_country("beneficiary"),
    "facility_country": _by_country("facility", kind="facility"),
    "milestone_at": lambda values: (OneOf("event", values),),
    "event": lambda values: (
        OneOf("announced_at", values),
        OneOf("event", values),
        Through("quote", "quote", "occasion", values),
    ),
    "said_overlaps": lambda values: (_overlapping(*values),),
    "said_within": lambda values: (Between("said", values[0], _end(values[1]), at=12, most=values[1]),),
}
_TOGETHER = ("kind", "slug", "currency", "amount_min", "amount_max", "converted", "related_to", "relation_type", "contested")


def conditions(filters: tuple[Parameter, ...], kinds: tuple[str, ...], values: Values, faults: Faults) -> list[Condition]:
    """The conditions that `values` of `filters` mean for records of `kinds`; what contradicts is added to `faults`."""
    found: list[Condition] = []
    for parameter in filters:
        name = parameter.name
        if name not in values or name in _TOGETHER:
            continue
        texts = tuple(dict.fromkeys(values[name])) if parameter.many else values[name]
        if name == "occasion" and kinds != ("quote",):
            found.append(Filter((Through("quote", "quote", "occasion", texts),)))
        else:
            found.append(Filter(_LEGS[name](texts) if name in _LEGS else (OneOf(name, texts),)))
    if "contested" in values:
        found.append(Filter((OneOf("is_contested", ("true",)),), absent=values["contested"] == ("false",)))
    if "slug" in values:
        found.append(Named(_distinct(tuple(reference.partition("/")[2] for reference in values["slug"]))))
    if "related_to" in values or "relation_type" in values:
        found.append(Related(_distinct(values.get("related_to", ())), _distinct(values.get("relation_type", ()))))
    return found + _amounts(values, faults)


def dates(values: Values, faults: Faults) -> dict[str, Any]:
    """What the date filters mean, as members of a question."""
    overlaps, within = values.get("date_overlaps", ("", "")), values.get("date_within", ("", ""))
    begin, end = values.get("date_from", ("", ""))[0], values.get("date_to", ("", ""))[1]
    if begin and end and begin > end:
        faults.append({"in": "query", "name": "date_to", "code": "before_date_from"})
    since, until = within
    if "date_after" in values:
        since = max(since, _day(values["date_after"][1], 1))
    if "date_before" in values:
        until = min(until or _AFTER_ALL_DAYS, _day(values["date_before"][0], -1))
    found: dict[str, Any] = {
        "first": max(begin, overlaps[0]),
        "last": min(end or _AFTER_ALL_DAYS, overlaps[1] or _AFTER_ALL_DAYS),
        "since": since,
        "until": until,
    }
    if found["last"] == _AFTER_ALL_DAYS:
        found["last"] = ""
    if values.get("date_known") == ("false",):
        if any(name.startswith("date_") and name != "date_known" for name in values):
            faults.append({"in": "query", "name": "date_known", "code": "contradicts_dates"})
        found["unknown"] = True
    elif "date_known" in values or any(name.startswith("date_") for name in values):
        found["known"] = True
    return found


def _day(day: str, later: int) -> str:
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=later)).isoformat()
    except OverflowError:
        return _AFTER_ALL_DAYS if later > 0 else "0000-00-00"


def _end(last: str) -> str:
    """The greatest interval that begins by this day, as it is printed."""
    return f"{last or _AFTER_ALL_DAYS}/{_AFTER_ALL_DAYS}"


def _overlapping(first: str, last: str) -> Between:
    # What is known to the year is no longer than one: what reaches into the span began in its first year, or later.
    low = f"{first[:4]}-01-01" if first else ""
    return Between("said", low, _end(last), at=12, least=first)


def _amounts(values: Values, faults: Faults) -> list[Condition]:
    currencies, units = _distinct(values.get("currency", ())), _distinct(values.get("unit", ()))
    converted = values.get("converted") == ("true",)
    bounds = [name for name in ("amount_min", "amount_max") if name in values]
    if "converted" in values and not currencies:
        faults.append({"in": "query", "name": "converted", "code": "incomplete", "detail": "say into which currency="})
    if bounds and bool(currencies) == bool(units):
        detail = "numbers of different things are not compared: say which currency= or unit="
        faults.append({"in": "query", "name": bounds[0], "code": "incomplete", "detail": detail})
    elif bounds and len(currencies or units) > MOST_KINDS_OF_AMOUNT:
        name = "currency" if currencies else "unit"
        faults.append({"in": "query", "name": name, "code": "too_many", "allowed": {"most": MOST_KINDS_OF_AMOUNT}})
    least, most = (values.get(name, (other,))[0] for name, other in (("amount_min", _NOTHING), ("amount_max", _EVERYTHING)))
    if least > most:
        faults.append({"in": "query", "name": "amount_max", "code": "below_amount_min"})
    before = ("", "converted_") if converted else ("",)
    if bounds:
        stated = (leg for of in (currencies or units) for one in before for leg in _amount(one, of, least, most))
        return [Filter(tuple(stated))]
    return [Filter(tuple(OneOf(f"{one}currency", currencies) for one in before))] if currencies else []


def _amount(before: str, of: str, least: str, most: str) -> tuple[Leg, Leg]:
    """Single amounts between the two, and ranges that have any number between them."""
    single = Between(f"{before}amount", f"{of}={least}", f"{of}={most}", prefix=f"{of}=")
    upper = len(of) + len(most) + 3
    span = Between(
        f"{before}amount_range", f"{of}={_NOTHING}", f"{of}={most}/{_EVERYTHING}", prefix=f"{of}=", at=upper, least=least
    )
    return single, span


def _distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
