"""Query batches of both versions, read into one form. A batch that is none is refused whole, with each of its faults.

A query of a valid batch that can find nothing (an unknown type, a name of a thousand words) is answered by nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.reconciliation.protocol_messages import bounded_number, is_well_formed_text, message_fault, tidy_text

MAX_BATCH = 100
"""So many queries may stand in one batch."""
DEFAULT_CANDIDATES, MAX_CANDIDATES = 10, 50
"""How many candidates a query is given, unless it says so, and at most."""
MAX_TEXT_LENGTH = 700
MAX_CONDITIONS = 20
MAX_CONDITION_VALUES = 20
_QUANTIFIERS = ("any", "all", "none")
_TYPE_STRICTNESS = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class QueryCondition:
    """What a candidate is to be: called, or identified as, or in a property, one of `values`, all of them, or none."""

    by: str
    """name, id or property."""
    values: tuple[str, ...]
    property: str = ""
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """One question: which entity is meant?"""

    conditions: tuple[QueryCondition, ...]
    types: tuple[str, ...] = ()
    strict: str = "any"
    """Of the types: any, all, or should: others may be candidates too."""
    limit: int = DEFAULT_CANDIDATES

    @property
    def names(self) -> tuple[str, ...]:
        """The texts that may be its name."""
        return tuple(text for one in self.conditions if one.by == "name" and one.quantifier != "none" for text in one.values)


def parse_batch(data: Any, where: str = "") -> dict[str, ReconciliationQuery]:
    """A batch of version 0.2: queries by their keys."""
    if not isinstance(data, dict):
        raise invalid_parameters_problem([message_fault(where, "not_an_object")])
    _check_batch_size(len(data))
    faults = [message_fault(f"{where}/", "malformed", detail="a key is no text") for key in data if not is_well_formed_text(key)]
    read = {key: _parse_query(one, f"{where}/{key}", faults) for key, one in data.items() if is_well_formed_text(key)}
    if faults:
        raise invalid_parameters_problem(faults[:100])
    return read


def parse_single_query(text: str, data: Mapping[str, Any]) -> ReconciliationQuery:
    """The one query of a request without a batch: a text, with type and limit beside it."""
    types = (data["type"],) if data.get("type") else ()
    return ReconciliationQuery(
        _name_conditions(text), types, limit=bounded_number(data, "limit", 1, MAX_CANDIDATES, DEFAULT_CANDIDATES)
    )


def parse_draft_batch(data: Any) -> list[ReconciliationQuery]:
    """A batch of version 1.0-draft: queries in their order."""
    if not isinstance(data, dict):
        raise invalid_parameters_problem([message_fault("/", "not_an_object")])
    if not isinstance(data.get("queries"), list):
        raise invalid_parameters_problem([message_fault("/queries", "missing" if "queries" not in data else "not_a_list")])
    _check_batch_size(len(data["queries"]))
    faults: list[dict] = []
    read = [_parse_draft_query(one, f"/queries/{at}", faults) for at, one in enumerate(data["queries"])]
    if faults:
        raise invalid_parameters_problem(faults[:100])
    return read


def _check_batch_size(size: int) -> None:
    if size > MAX_BATCH:
        raise ApiProblem(
            "batch-too-large", f"A batch holds at most {MAX_BATCH} queries; this one holds {size}.", allowed={"most": MAX_BATCH}
        )


def _parse_query(data: Any, where: str, faults: list[dict]) -> ReconciliationQuery:
    members = {"query": str, "type": (str, list), "limit": (int, float), "properties": list, "type_strict": str}
    if not _check_object_members(data, members, where, faults):
        return ReconciliationQuery(())
    if "query" not in data and not data.get("properties"):
        faults.append(message_fault(where, "missing", detail="a query or properties"))
    types = data.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not all(isinstance(one, str) for one in types):
        faults.append(message_fault(f"{where}/type", "not_a_text"))
    if data.get("type_strict", "any") not in _TYPE_STRICTNESS:
        faults.append(message_fault(f"{where}/type_strict", "not_allowed", allowed=list(_TYPE_STRICTNESS)))
    conditions = list(_name_conditions(data["query"])) if "query" in data else []
    for at, one in enumerate(data.get("properties", [])):
        here = f"{where}/properties/{at}"
        if not isinstance(one, dict):
            faults.append(message_fault(here, "not_an_object"))
        elif not isinstance(one.get("pid"), str):
            faults.append(message_fault(f"{here}/pid", "not_a_text" if "pid" in one else "missing"))
        else:
            conditions.append(QueryCondition("property", _parse_condition_values(one, "v", here, faults), one["pid"]))
    return ReconciliationQuery(
        _bounded_conditions(conditions),
        tuple(types),
        data.get("type_strict", "any"),
        bounded_number(data, "limit", 1, MAX_CANDIDATES, DEFAULT_CANDIDATES),
    )


def _parse_draft_query(data: Any, where: str, faults: list[dict]) -> ReconciliationQuery:
    members = {"type": str, "limit": (int, float), "lang": str, "dir": str, "conditions": list}
    if not _check_object_members(data, members, where, faults):
        return ReconciliationQuery(())
    if not data.get("conditions"):
        faults.append(message_fault(f"{where}/conditions", "missing"))
    conditions = [_parse_condition(one, f"{where}/conditions/{at}", faults) for at, one in enumerate(data.get("conditions", []))]
    types = (data["type"],) if "type" in data else ()
    return ReconciliationQuery(
        _bounded_conditions(conditions), types, limit=bounded_number(data, "limit", 1, MAX_CANDIDATES, DEFAULT_CANDIDATES)
    )


def _parse_condition(data: Any, where: str, faults: list[dict]) -> QueryCondition:
    if not isinstance(data, dict):
        faults.append(message_fault(where, "not_an_object"))
        return QueryCondition("name", ())
    by, quantifier = data.get("matchType"), data.get("matchQuantifier", "any")
    if by not in ("name", "id", "property"):
        code = "not_allowed" if "matchType" in data else "missing"
        faults.append(message_fault(f"{where}/matchType", code, allowed=["name", "id", "property"]))
    if quantifier not in _QUANTIFIERS:
        faults.append(message_fault(f"{where}/matchQuantifier", "not_allowed", allowed=list(_QUANTIFIERS)))
    for member, form in {"propertyId": str, "matchQualifier": str, "required": bool}.items():
        if not isinstance(data.get(member, form()), form):
            faults.append(message_fault(f"{where}/{member}", "malformed"))
    values = _parse_condition_values(data, "propertyValue", where, faults)
    return QueryCondition(str(by), values, str(data.get("propertyId", "")), data.get("required") is True, str(quantifier))


def _parse_condition_values(data: dict, member: str, pointer: str, faults: list[dict]) -> tuple[str, ...]:
    """One or several values as texts; of an entity its id."""
    if member not in data:
        faults.append(message_fault(f"{pointer}/{member}", "missing"))
        return ()
    found = data[member] if isinstance(data[member], list) else [data[member]]
    texts = []
    for one in found:
        value = one.get("id") if isinstance(one, dict) else one
        if isinstance(one, dict) and not (isinstance(value, str) and isinstance(one.get("name", ""), str)):
            faults.append(message_fault(f"{pointer}/{member}", "malformed", detail="an entity has a text as its id"))
        elif isinstance(value, bool):
            texts.append(str(value).lower())
        elif isinstance(value, str | int | float):
            texts.append(tidy_text(str(value)[:MAX_TEXT_LENGTH]))
        else:
            faults.append(message_fault(f"{pointer}/{member}", "malformed", detail="a text, number, boolean or entity"))
    return tuple(dict.fromkeys(texts))[:MAX_CONDITION_VALUES]


def _name_conditions(text: str) -> tuple[QueryCondition, ...]:
    # A text that long is no name, and so finds nothing.
    return (QueryCondition("name", (tidy_text(text),) if len(text) <= MAX_TEXT_LENGTH else ()),)


def _bounded_conditions(conditions: list[QueryCondition]) -> tuple[QueryCondition, ...]:
    return tuple(conditions[:MAX_CONDITIONS])


def _check_object_members(data: Any, members: Mapping[str, Any], where: str, faults: list[dict]) -> bool:
    """Whether `data` is an object with no members but these, each of its form. Faults are added to."""
    if not isinstance(data, dict):
        faults.append(message_fault(where, "not_an_object"))
        return False
    found = []
    for name, value in data.items():
        here = f"{where}/{name}" if is_well_formed_text(name) else where
        if name not in members:
            found.append(message_fault(here, "unknown", allowed=list(members)))
        elif not isinstance(value, members[name]) or isinstance(value, bool):
            found.append(message_fault(here, "malformed"))
    faults += found
    return not found
