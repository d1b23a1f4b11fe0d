"""Data extension: the values of some properties of some entities, to fill new columns of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nato_support.api.problems import Problem, refuse
from nato_support.api.reconciling import records
from nato_support.api.reconciling.asking import fault, is_sound, number
from nato_support.api.reconciling.kinds import TYPES, short
from nato_support.api.reconciling.properties import PROPERTIES, Value, of_type
from nato_support.api.reconciling.records import Record

MOST_IDS = 500
MOST_PROPERTIES = 50
_LARGEST_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """A property asked for, and how many values of it a row gets; 0 for all."""

    id: str
    limit: int = 0

    def values(self, record: Record | None) -> list[Value]:
        """The record's values: always a list, since clients count columns by it."""
        asked = PROPERTIES.get(self.id)
        found = asked.read(record) if asked and record and record.kind in asked.kinds else []
        return found[: self.limit] if self.limit else found

    def meta(self) -> dict[str, Any]:
        asked = PROPERTIES.get(self.id)
        told: dict[str, Any] = {"id": self.id, "name": asked.name if asked else self.id}
        return told | {"type": short(asked.refers)} if asked and asked.refers else told


def extended(data: Any, where: str = "") -> dict[str, Any]:
    """Of version 0.2: rows by id, in them values by property."""
    ids, columns = _read(data, where)
    found = records.named(ids)
    rows = {id: {column.id: column.values(found.get(id)) for column in columns} for id in ids}
    return {"meta": [column.meta() for column in columns], "rows": rows}


def draft_extended(data: Any) -> dict[str, Any]:
    """Of version 1.0-draft: rows, and properties in them, as lists in the order asked."""
    ids, columns = _read(data, "")
    found = records.named(ids)
    rows = [
        {"id": id, "properties": [{"id": column.id, "values": column.values(found.get(id))} for column in columns]} for id in ids
    ]
    return {"meta": [column.meta() for column in columns], "rows": rows}


def proposed(data: Mapping[str, str]) -> dict[str, Any]:
    """The properties that entities of a type may have."""
    type, told = data.get("type", ""), {}
    properties = of_type(type)
    if type in TYPES:
        told["type"] = type
    if "limit" in data:
        limit = number(data, "limit", 1, len(PROPERTIES), len(PROPERTIES))
        return {"properties": [one.shape() for one in properties[:limit]], "limit": limit} | told
    return {"properties": [one.shape() for one in properties]} | told


def _read(data: Any, where: str) -> tuple[list[str], list[Column]]:
    """Ids, each once, and columns. A problem, with each fault, if that is not what was sent."""
    if not isinstance(data, dict):
        raise refuse([fault(where or "/", "not_an_object")])
    ids, properties = data.get("ids"), data.get("properties")
    faults = [
        fault(f"{where}/{name}", "not_a_list" if name in data else "missing")
        for name, value in (("ids", ids), ("properties", properties))
        if not isinstance(value, list)
    ]
    if faults:
        raise refuse(faults)
    assert isinstance(ids, list) and isinstance(properties, list)
    if len(ids) > MOST_IDS or len(properties) > MOST_PROPERTIES:
        allowed = {"ids": MOST_IDS, "properties": MOST_PROPERTIES}
        raise Problem("batch-too-large", "Ask for fewer entities or properties at once.", allowed=allowed)
    faults += [
        fault(f"{where}/ids/{at}", "not_a_text") for at, id in enumerate(ids) if not (isinstance(id, str) and is_sound(id))
    ]
    columns = []
    for at, one in enumerate(properties):
        here = f"{where}/properties/{at}"
        if not isinstance(one, dict):
            faults.append(fault(here, "not_an_object"))
        elif not (isinstance(one.get("id"), str) and is_sound(one["id"])):
            faults.append(fault(f"{here}/id", "not_a_text" if "id" in one else "missing"))
        elif not isinstance(one.get("settings", {}), dict):
            faults.append(fault(f"{here}/settings", "not_an_object"))
        else:
            columns.append(Column(one["id"], number(one.get("settings", {}), "limit", 0, _LARGEST_LIMIT, 0)))
    if faults:
        raise refuse(faults[:100])
    return list(dict.fromkeys(ids)), columns
