"""Parse the query batches of both versions into one form. A malformed batch is refused as a whole, with all its faults.

A well-formed query that cannot find anything (an unknown type, a name of a thousand words) has no candidates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.reconciliation.protocol_messages import clamped_number_member, is_well_formed_text, message_fault, tidy_text

MAX_BATCH = 100
"""Limit on the queries of a batch."""
DEFAULT_CANDIDATES, MAX_CANDIDATES = 10, 50
"""Candidates per query."""
MAX_TEXT_LENGTH = 700
MAX_CONDITIONS = 20
MAX_CONDITION_VALUES = 20
_QUANTIFIERS = ("any", "all", "none")
_TYPE_STRICTNESS = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class QueryCondition:
    """A condition on a candidate: its name, id or property is one of `values`, all of them, or none."""

    by: str
    """`name`, `id` or `property`."""
    values: tuple[str, ...]
    property: str = ""
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """A query for the entity that some conditions describe."""

    conditions: tuple[QueryCondition, ...]
    types: tuple[str, ...] = ()
    strict: str = "any"
    """Types that a candidate must have: `any` or `all`; with `should`, other entities may be candidates too."""
    limit: int = DEFAULT_CANDIDATES

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the query asks for."""
        return tuple(
            text
            for condition in self.conditions
            if condition.by == "name" and condition.quantifier != "none"
            for text in condition.values
        )


def parse_batch(data: Any, pointer: str = "") -> dict[str, ReconciliationQuery]:
    """Parse a batch of version 0.2 into queries by their keys."""
    if not isinstance(data, dict):
        raise invalid_parameters_problem([message_fault(pointer, "not_an_object")])
    _check_batch_size(len(data))
    faults = [
        message_fault(f"{pointer}/", "malformed", detail="a key is no text") for key in data if not is_well_formed_text(key)
    ]
    queries = {key: _parse_query(query, f"{pointer}/{key}", faults) for key, query in data.items() if is_well_formed_text(key)}
    if faults:
        raise invalid_parameters_problem(faults[:100])
    return queries


def parse_single_query(text: str, parameters: Mapping[str, Any]) -> ReconciliationQuery:
    """Parse a request without a batch: a text, with type and limit beside it."""
    types = _requested_types([parameters.get("type", "")])
    return ReconciliationQuery(
        _name_conditions(text), types, limit=clamped_number_member(parameters, "limit", 1, MAX_CANDIDATES, DEFAULT_CANDIDATES)
    )


def parse_draft_batch(batch: Any) -> list[ReconciliationQuery]:
    """Parse a batch of version 1.0-draft into queries in their order."""
    if not isinstance(batch, dict):
        raise invalid_parameters_problem([message_fault("/", "not_an_object")])
    if not isinstance(batch.get("queries"), list):
        raise invalid_parameters_problem([message_fault("/queries", "missing" if "queries" not in batch else "not_a_list")])
    _check_batch_size(len(batch["queries"]))
    faults: list[dict] = []
    queries = [_parse_draft_query(query, f"/queries/{index}", faults) for index, query in enumerate(batch["queries"])]
    if faults:
        raise invalid_parameters_problem(faults[:100])
    return queries


def _check_batch_size(size: int) -> None:
    if size > MAX_BATCH:
        raise ApiProblem(
            "batch-too-large", f"A batch holds at most {MAX_BATCH} queries; this one holds {size}.", allowed={"most": MAX_BATCH}
        )


def _parse_query(data: Any, pointer: str, faults: list[dict]) -> ReconciliationQuery:
    members = {"query": str, "type": (str, list), "limit": (int, float), "properties": list, "type_strict": str}
    if not _check_object_members(data, members, pointer, faults):
        return ReconciliationQuery(())
    if "query" not in data and not data.get("properties"):
        faults.append(message_fault(pointer, "missing", detail="a query or properties"))
    types = data.get("type", [])
    types = [types] if isinstance(types, str) else types
    if not all(isinstance(item, str) for item in types):
        faults.append(message_fault(f"{pointer}/type", "not_a_text"))
    if data.get("type_strict", "any") not in _TYPE_STRICTNESS:
        faults.append(message_fault(f"{pointer}/type_strict", "not_allowed", allowed=list(_TYPE_STRICTNESS)))
    conditions = list(_name_conditions(data["query"])) if "query" in data else []
    for index, item in enumerate(data.get("properties", [])):
        property_pointer = f"{pointer}/properties/{index}"
        if not isinstance(item, dict):
            faults.append(message_fault(property_pointer, "not_an_object"))
        elif not isinstance(item.get("pid"), str):
            faults.append(message_fault(f"{property_pointer}/pid", "not_a_text" if "pid" in item else "missing"))
        else:
            conditions.append(
                QueryCondition("property", _parse_condition_values(item, "v", property_pointer, faults), item["pid"])
            )
    return ReconciliationQuery(
        _bounded_conditions(conditions),
        _requested_types(types),
        data.get("type_strict", "any"),
        clamped_number_member(data, "limit", 1, MAX_CANDIDATES, DEFAULT_CANDIDATES),
    )


def _parse_draft_query(query: Any, pointer: str, faults: list[dict]) -> ReconciliationQuery:
    members = {"type": str, "limit": (int, float), "lang": str, "dir": str, "conditions": list}
    if not _check_object_members(query, members, pointer, faults):
        return ReconciliationQuery(())
    if not query.get("conditions"):
        faults.append(message_fault(f"{pointer}/conditions", "missing"))
    conditions = [
        _parse_draft_condition(condition, f"{pointer}/conditions/{index}", faults)
        for index, condition in enumerate(query.get("conditions", []))
    ]
    types = _requested_types([query.get("type", "")])
    return ReconciliationQuery(
        _bounded_conditions(conditions), types, limit=clamped_number_member(query, "limit", 1, MAX_CANDIDATES, DEFAULT_CANDIDATES)
    )


def _parse_draft_condition(condition: Any, pointer: str, faults: list[dict]) -> QueryCondition:
    if not isinstance(condition, dict):
        faults.append(message_fault(pointer, "not_an_object"))
        return QueryCondition("name", ())
    by, quantifier = condition.get("matchType"), condition.get("matchQuantifier", "any")
    if by not in ("name", "id", "property"):
        code = "not_allowed" if "matchType" in condition else "missing"
        faults.append(message_fault(f"{pointer}/matchType", code, allowed=["name", "id", "property"]))
    if quantifier not in _QUANTIFIERS:
        faults.append(message_fault(f"{pointer}/matchQuantifier", "not_allowed", allowed=list(_QUANTIFIERS)))
    for member, member_type in {"propertyId": str, "matchQualifier": str, "required": bool}.items():
        if not isinstance(condition.get(member, member_type()), member_type):
            faults.append(message_fault(f"{pointer}/{member}", "malformed"))
    values = _parse_condition_values(condition, "propertyValue", pointer, faults)
    return QueryCondition(
        str(by), values, str(condition.get("propertyId", "")), condition.get("required") is True, str(quantifier)
    )


def _parse_condition_values(data: dict, member: str, pointer: str, faults: list[dict]) -> tuple[str, ...]:
    """Return one or several values as texts; of an entity its id."""
    if member not in data:
        faults.append(message_fault(f"{pointer}/{member}", "missing"))
        return ()
    items = data[member] if isinstance(data[member], list) else [data[member]]
    texts = []
    for item in items:
        value = item.get("id") if isinstance(item, dict) else item
        if isinstance(item, dict) and not (isinstance(value, str) and isinstance(item.get("name", ""), str)):
            faults.append(message_fault(f"{pointer}/{member}", "malformed", detail="an entity has a text as its id"))
        elif isinstance(value, bool):
            texts.append(str(value).lower())
        elif isinstance(value, str | int | float):
            texts.append(tidy_text(str(value)[:MAX_TEXT_LENGTH]))
        else:
            faults.append(message_fault(f"{pointer}/{member}", "malformed", detail="a text, number, boolean or entity"))
    return tuple(dict.fromkeys(texts))[:MAX_CONDITION_VALUES]


def _requested_types(types: list[str]) -> tuple[str, ...]:
    """Return the types that candidates must have: an empty text, which clients send for no type, is none."""
    return tuple(type for type in types if type != "")


def _name_conditions(text: str) -> tuple[QueryCondition, ...]:
    # A longer text is no name, and finds nothing.
    return (QueryCondition("name", (tidy_text(text),) if len(text) <= MAX_TEXT_LENGTH else ()),)


def _bounded_conditions(conditions: list[QueryCondition]) -> tuple[QueryCondition, ...]:
    return tuple(conditions[:MAX_CONDITIONS])


def _check_object_members(data: Any, members: Mapping[str, Any], pointer: str, faults: list[dict]) -> bool:
    """Return whether `data` is an object with no members but these, each of its type; add what is wrong to `faults`."""
    if not isinstance(data, dict):
        faults.append(message_fault(pointer, "not_an_object"))
        return False
    member_faults = []
    for name, value in data.items():
        member_pointer = f"{pointer}/{name}" if is_well_formed_text(name) else pointer
        if name not in members:
            member_faults.append(message_fault(member_pointer, "unknown", allowed=list(members)))
        elif not isinstance(value, members[name]) or isinstance(value, bool):
            member_faults.append(message_fault(member_pointer, "malformed"))
    faults += member_faults
    return not member_faults
