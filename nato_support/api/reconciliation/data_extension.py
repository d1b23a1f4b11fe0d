"""Data extension: fill new columns of a table with the values of properties of entities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.reconciliation import live_entities
from nato_support.api.reconciliation.entity_properties import PROPERTIES, properties_of_type
from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, type_reference
from nato_support.api.reconciliation.live_entities import LiveEntity
from nato_support.api.reconciliation.property_values import ProtocolValue
from nato_support.api.reconciliation.protocol_messages import clamped_number_member, is_well_formed_text, message_fault

MAX_IDS = 500
MAX_PROPERTIES = 50
_MAX_VALUES_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class ExtensionColumn:
    """A requested property, and the limit on its values in a row; 0 for all."""

    id: str
    limit: int = 0

    def cell_values(self, record: LiveEntity | None) -> list[ProtocolValue]:
        """Values for an entity, None if there is none. Always a list, since clients count columns by it."""
        property = PROPERTIES.get(self.id)
        values = property.read_values(record) if property and record and record.kind in property.kinds else []
        return values[: self.limit] if self.limit else values

    def meta_members(self) -> dict[str, Any]:
        """Description of the column in `meta`."""
        property = PROPERTIES.get(self.id)
        members: dict[str, Any] = {"id": self.id, "name": property.name if property else self.id}
        return members | {"type": type_reference(property.referenced_kind)} if property and property.referenced_kind else members


def extend_entities(data: Any, pointer: str = "") -> dict[str, Any]:
    """Version 0.2: return rows by id, with values by property."""
    ids, columns = _parse_extension_request(data, pointer)
    entities = live_entities.find_live_entities(ids)
    rows = {id: {column.id: column.cell_values(entities.get(id)) for column in columns} for id in ids}
    return {"meta": [column.meta_members() for column in columns], "rows": rows}


def extend_entities_draft(data: Any) -> dict[str, Any]:
    """Version 1.0-draft: return rows, and properties in them, as lists in the order requested."""
    ids, columns = _parse_extension_request(data, "")
    entities = live_entities.find_live_entities(ids)
    rows = [
        {"id": id, "properties": [{"id": column.id, "values": column.cell_values(entities.get(id))} for column in columns]}
        for id in ids
    ]
    return {"meta": [column.meta_members() for column in columns], "rows": rows}


def propose_properties(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return the properties that entities of a type may have."""
    type = parameters.get("type", "")
    members: dict[str, Any] = {"properties": [property.protocol_members() for property in properties_of_type(type)]}
    if "limit" in parameters:
        members["limit"] = clamped_number_member(parameters, "limit", 1, len(PROPERTIES), len(PROPERTIES))
        members["properties"] = members["properties"][: members["limit"]]
    if type in ENTITY_TYPES:
        members["type"] = type
    return members


def _parse_extension_request(data: Any, pointer: str) -> tuple[list[str], list[ExtensionColumn]]:
    """Return the ids, each once, and the columns. Raises a problem that lists every fault of a malformed request."""
    if not isinstance(data, dict):
        raise invalid_parameters_problem([message_fault(pointer or "/", "not_an_object")])
    ids, properties = data.get("ids"), data.get("properties")
    faults = [
        message_fault(f"{pointer}/{name}", "not_a_list" if name in data else "missing")
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
        message_fault(f"{pointer}/ids/{index}", "not_a_text")
        for index, id in enumerate(ids)
        if not (isinstance(id, str) and is_well_formed_text(id))
    ]
    columns = []
    for index, property in enumerate(properties):
        property_pointer = f"{pointer}/properties/{index}"
        if not isinstance(property, dict):
            faults.append(message_fault(property_pointer, "not_an_object"))
        elif not (isinstance(property.get("id"), str) and is_well_formed_text(property["id"])):
            faults.append(message_fault(f"{property_pointer}/id", "not_a_text" if "id" in property else "missing"))
        elif not isinstance(property.get("settings", {}), dict):
            faults.append(message_fault(f"{property_pointer}/settings", "not_an_object"))
        else:
            columns.append(
                ExtensionColumn(
                    property["id"], clamped_number_member(property.get("settings", {}), "limit", 0, _MAX_VALUES_LIMIT, 0)
                )
            )
    if faults:
        raise invalid_parameters_problem(faults[:100])
    return list(dict.fromkeys(ids)), columns
