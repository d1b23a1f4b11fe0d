"""Data extension: the values of some properties of some entities, to fill new columns of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.reconciliation import live_entities
from nato_support.api.reconciliation.entity_properties import PROPERTIES, ProtocolValue, properties_of_type
from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, type_reference
from nato_support.api.reconciliation.live_entities import LiveEntity
from nato_support.api.reconciliation.protocol_messages import bounded_number, is_well_formed_text, message_fault

MAX_IDS = 500
MAX_PROPERTIES = 50
_MAX_VALUES_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class ExtensionColumn:
    """A property asked for, and how many values of it a row gets; 0 for all."""

    id: str
    limit: int = 0

    def values(self, record: LiveEntity | None) -> list[ProtocolValue]:
        """The record's values: always a list, since clients count columns by it."""
        asked = PROPERTIES.get(self.id)
        found = asked.read(record) if asked and record and record.kind in asked.kinds else []
        return found[: self.limit] if self.limit else found

    def meta(self) -> dict[str, Any]:
        asked = PROPERTIES.get(self.id)
        told: dict[str, Any] = {"id": self.id, "name": asked.name if asked else self.id}
        return told | {"type": type_reference(asked.referenced_kind)} if asked and asked.referenced_kind else told


def extend_entities(data: Any, where: str = "") -> dict[str, Any]:
    """Of version 0.2: rows by id, in them values by property."""
    ids, columns = _parse_extension_request(data, where)
    found = live_entities.find_live_entities(ids)
    rows = {id: {column.id: column.values(found.get(id)) for column in columns} for id in ids}
    return {"meta": [column.meta() for column in columns], "rows": rows}


def extend_entities_draft(data: Any) -> dict[str, Any]:
    """Of version 1.0-draft: rows, and properties in them, as lists in the order asked."""
    ids, columns = _parse_extension_request(data, "")
    found = live_entities.find_live_entities(ids)
    rows = [
        {"id": id, "properties": [{"id": column.id, "values": column.values(found.get(id))} for column in columns]} for id in ids
    ]
    return {"meta": [column.meta() for column in columns], "rows": rows}


def propose_properties(data: Mapping[str, str]) -> dict[str, Any]:
    """The properties that entities of a type may have."""
    type, told = data.get("type", ""), {}
    properties = properties_of_type(type)
    if type in ENTITY_TYPES:
        told["type"] = type
    if "limit" in data:
        limit = bounded_number(data, "limit", 1, len(PROPERTIES), len(PROPERTIES))
        return {"properties": [one.shape() for one in properties[:limit]], "limit": limit} | told
    return {"properties": [one.shape() for one in properties]} | told


def _parse_extension_request(data: Any, where: str) -> tuple[list[str], list[ExtensionColumn]]:
    """Ids, each once, and columns. A problem, with each fault, if that is not what was sent."""
    if not isinstance(data, dict):
        raise invalid_parameters_problem([message_fault(where or "/", "not_an_object")])
    ids, properties = data.get("ids"), data.get("properties")
    faults = [
        message_fault(f"{where}/{name}", "not_a_list" if name in data else "missing")
        for name, value in (("ids", ids), ("properties", properties))
        if not isinstance(value, list)
    ]
    if faults:
        raise invalid_parameters_problem(faults)
    assert isinstance(ids, list) and isinstance(properties, list)
    if len(ids) > MAX_IDS or len(properties) > MAX_PROPERTIES:
        allowed = {"ids": MAX_IDS, "properties": MAX_PROPERTIES}
        raise ApiProblem("batch-too-large", "Ask for fewer entities or properties at once.", allowed=allowed)
    faults += [
        message_fault(f"{where}/ids/{at}", "not_a_text")
        for at, id in enumerate(ids)
        if not (isinstance(id, str) and is_well_formed_text(id))
    ]
    columns = []
    for at, one in enumerate(properties):
        here = f"{where}/properties/{at}"
        if not isinstance(one, dict):
            faults.append(message_fault(here, "not_an_object"))
        elif not (isinstance(one.get("id"), str) and is_well_formed_text(one["id"])):
            faults.append(message_fault(f"{here}/id", "not_a_text" if "id" in one else "missing"))
        elif not isinstance(one.get("settings", {}), dict):
            faults.append(message_fault(f"{here}/settings", "not_an_object"))
        else:
            columns.append(ExtensionColumn(one["id"], bounded_number(one.get("settings", {}), "limit", 0, _MAX_VALUES_LIMIT, 0)))
    if faults:
        raise invalid_parameters_problem(faults[:100])
    return list(dict.fromkeys(ids)), columns
