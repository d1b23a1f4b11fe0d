"""Query batches of both versions, read into one form. A batch that is none is refused whole, with each of its faults.

A query of a valid batch that can find nothing (an unknown type, a name of a thousand words) is answered by nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nato_support.api.problems import Problem, refuse
from nato_support.api.reconciling.asking import fault, is_sound, number, tidy

BATCH = 100
"""So many queries may stand in one batch."""
LIMIT, MOST = 10, 50
"""How many candidates a query is given, unless it says so, and at most."""
LONGEST = 700
MOST_CONDITIONS = 20
MOST_VALUES = 20
_QUANTIFIERS = ("any", "all", "none")
_STRICT = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a candidate is to be: called, or identified as, or in a property, one of `values`, all of them, or none."""

    by: str
    """name, id or property."""
    values: tuple[str, ...]
    property: str = ""
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """One question: which entity is meant?"""

    conditions: tuple[Condition, ...]
    types: tuple[str, ...] = ()
    strict: str = "any"
    """Of the types: any, all, or should: others may be candidates too."""
    limit: int = LIMIT

    @property
    def names(self) -> tuple[str, ...]:
        """The texts that may be its name."""
        return tuple(text for one in self.conditions if one.by == "name" and one.quantifier != "none" for text in one.values)


def batch(data: Any, where: str = "") -> dict[str, Query]:
    """A batch of version 0.2: queries by their keys."""
    if not isinstance(data, dict):
        raise refuse([fault(where, "not_an_object")])
    _check_size(len(data))
    faults = [fault(f"{where}/", "malformed", detail="a key is no text") for key in data if not is_sound(key)]
    read = {key: _query(one, f"{where}/{key}", faults) for key, one in data.items() if is_sound(key)}
    if faults:
        raise refuse(faults[:100])
    return read


def single(text: str, data: Mapping[str, Any]) -> Query:
    """The one query of a request without a batch: a text, with type and limit beside it."""
    types = (data["type"],) if data.get("type") else ()
    return Query(_by_name(text), types, limit=number(data, "limit", 1, MOST, LIMIT))


def queries(data: Any) -> list[Query]:
    """A batch of version 1.0-draft: queries in their order."""
    if not isinstance(data, dict):
        raise refuse([fault("/", "not_an_object")])
    if not isinstance(data.get("queries"), list):
        raise refuse([fault("/queries", "missing" if "queries" not in data else "not_a_list")])
    _check_size(len(data["queries"]))
    faults: list[dict] = []
    read = [_draft_query(one, f"/queries/{at}", faults) for at, one in enumerate(data["queries"])]
    if faults:
        raise refuse(faults[:100])
    return read


def _check_size(size: int) -> None:
    if size > BATCH:
        raise Problem(
            "batch-too-large", f"A batch holds at most {BATCH} queries; this one holds {size}.", allowed={"most": BATCH}
        )


def _query(data: Any, where: str, faults: list[dict]) -> Query:
    members = {"query": str, "type": (str, list), "limit": (int, float), "properties": list, "type_strict": str}
    if not _is_object(data, members, where, faults):
        return Query(())
    if "query" not in data and not data.get("properties"):
        faults.append(fault(where, "missing", detail="a query or properties"))
    types = data.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not all(isinstance(one, str) for one in types):
        faults.append(fault(f"{where}/type", "not_a_text"))
    if data.get("type_strict", "any") not in _STRICT:
        faults.append(fault(f"{where}/type_strict", "not_allowed", allowed=list(_STRICT)))
    conditions = list(_by_name(data["query"])) if "query" in data else []
    for at, one in enumerate(data.get("properties", [])):
        here = f"{where}/properties/{at}"
        if not isinstance(one, dict):
            faults.append(fault(here, "not_an_object"))
        elif not isinstance(one.get("pid"), str):
            faults.append(fault(f"{here}/pid", "not_a_text" if "pid" in one else "missing"))
        else:
            conditions.append(Condition("property", _values(one, "v", here, faults), one["pid"]))
    return Query(_some(conditions), tuple(types), data.get("type_strict", "any"), number(data, "limit", 1, MOST, LIMIT))


def _draft_query(data: Any, where: str, faults: list[dict]) -> Query:
    members = {"type": str, "limit": (int, float), "lang": str, "dir": str, "conditions": list}
    if not _is_object(data, members, where, faults):
        return Query(())
    if not data.get("conditions"):
        faults.append(fault(f"{where}/conditions", "missing"))
    conditions = [_condition(one, f"{where}/conditions/{at}", faults) for at, one in enumerate(data.get("conditions", []))]
    types = (data["type"],) if "type" in data else ()
    return Query(_some(conditions), types, limit=number(data, "limit", 1, MOST, LIMIT))


def _condition(data: Any, where: str, faults: list[dict]) -> Condition:
    if not isinstance(data, dict):
        faults.append(fault(where, "not_an_object"))
        return Condition("name", ())
    by, quantifier = data.get("matchType"), data.get("matchQuantifier", "any")
    if by not in ("name", "id", "property"):
        code = "not_allowed" if "matchType" in data else "missing"
        faults.append(fault(f"{where}/matchType", code, allowed=["name", "id", "property"]))
    if quantifier not in _QUANTIFIERS:
        faults.append(fault(f"{where}/matchQuantifier", "not_allowed", allowed=list(_QUANTIFIERS)))
    for member, form in {"propertyId": str, "matchQualifier": str, "required": bool}.items():
        if not isinstance(data.get(member, form()), form):
            faults.append(fault(f"{where}/{member}", "malformed"))
    values = _values(data, "propertyValue", where, faults)
    return Condition(str(by), values, str(data.get("propertyId", "")), data.get("required") is True, str(quantifier))


def _values(data: dict, member: str, where: str, faults: list[dict]) -> tuple[str, ...]:
    """One or several values as texts; of an entity its id."""
    if member not in data:
        faults.append(fault(f"{where}/{member}", "missing"))
        return ()
    found = data[member] if isinstance(data[member], list) else [data[member]]
    texts = []
    for one in found:
        value = one.get("id") if isinstance(one, dict) else one
        if isinstance(one, dict) and not (isinstance(value, str) and isinstance(one.get("name", ""), str)):
            faults.append(fault(f"{where}/{member}", "malformed", detail="an entity has a text as its id"))
        elif isinstance(value, bool):
            texts.append(str(value).lower())
        elif isinstance(value, str | int | float):
            texts.append(tidy(str(value)[:LONGEST]))
        else:
            faults.append(fault(f"{where}/{member}", "malformed", detail="a text, number, boolean or entity"))
    return tuple(dict.fromkeys(texts))[:MOST_VALUES]


def _by_name(text: str) -> tuple[Condition, ...]:
    # A text that long is no name, and so finds nothing.
    return (Condition("name", (tidy(text),) if len(text) <= LONGEST else ()),)


def _some(conditions: list[Condition]) -> tuple[Condition, ...]:
    return tuple(conditions[:MOST_CONDITIONS])


def _is_object(data: Any, members: Mapping[str, Any], where: str, faults: list[dict]) -> bool:
    """Whether `data` is an object with no members but these, each of its form. Faults are added to."""
    if not isinstance(data, dict):
        faults.append(fault(where, "not_an_object"))
        return False
    found = []
    for name, value in data.items():
        here = f"{where}/{name}" if is_sound(name) else where
        if name not in members:
            found.append(fault(here, "unknown", allowed=list(members)))
        elif not isinstance(value, members[name]) or isinstance(value, bool):
            found.append(fault(here, "malformed"))
    faults += found
    return not found
