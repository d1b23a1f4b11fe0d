"""Types of the service: the six kinds of entity, and below them the types of organisations, facilities and events."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from entities import vocabulary as v

_SUBTYPES: dict[str, type[TextChoices]] = {"organisation": v.OrganisationType, "facility": v.FacilityType, "event": v.EventType}
_KIND_DESCRIPTIONS = {
    "organisation": "States, alliances, ministries, commands, coalitions, companies and the like.",
    "facility": "Headquarters, bases, centres, hubs and plants.",
    "person": "People who speak, decide or hold a post.",
    "post": "Positions that exist whoever holds them.",
    "event": "Summits, meetings, statements, attacks and whatever else happened.",
    "commitment": "What was promised, decided, planned, demanded or refused.",
}


@dataclass(frozen=True, slots=True)
class EntityType:
    """A kind of entity, or a subtype, whose id begins with that of its kind: `organisation.command`."""

    id: str
    name: str
    description: str = ""
    broader: str = ""

    def protocol_members(self) -> dict[str, Any]:
        """Members of the type in both versions of the protocol."""
        members: dict[str, Any] = {"id": self.id, "name": self.name}
        if self.description:
            members["description"] = self.description
        if self.broader:
            members["broader"] = [{"id": self.broader, "name": ENTITY_TYPES[self.broader].name}]
        return members


def _list_entity_types() -> list[EntityType]:
    types = [EntityType(kind.value, kind.label.capitalize(), _KIND_DESCRIPTIONS[kind.value]) for kind in v.Kind]
    for kind, choices in _SUBTYPES.items():
        types += [
            EntityType(f"{kind}.{value}", label.capitalize(), f"A sort of {kind}.", kind) for value, label in choices.choices
        ]
    return types


ENTITY_TYPES = {entity_type.id: entity_type for entity_type in _list_entity_types()}
KINDS = tuple(v.Kind.values)


def types_of_entity(document: dict) -> list[str]:
    """Types of an entity, from its edition's document; its kind first."""
    kind = document["kind"]
    return [kind, f"{kind}.{document['type']}"] if kind in _SUBTYPES else [kind]


def kinds_of_types(types: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of the entities that have any of these types. All kinds without types; none if no type is known."""
    kinds = {type.partition(".")[0] for type in types if type in ENTITY_TYPES}
    return tuple(kind for kind in KINDS if kind in kinds) if types else KINDS


def type_reference(type: str) -> dict[str, str]:
    return {"id": type, "name": ENTITY_TYPES[type].name}


def describe_entity(document: dict, country: str) -> str:
    """Return a line that distinguishes an entity from its namesakes: its type, parties, date, place, country and summary."""
    kind = document["kind"]
    parts = [kind if kind not in _SUBTYPES else f"{kind} ({_SUBTYPES[kind](document['type']).label})"]
    if kind == "commitment":
        parts[0] = f"commitment ({v.Nature(document['nature']).label}, {v.CommitmentCategory(document['category']).label})"
        if document["committed_by"]:
            parts.append("by " + ", ".join(giver["name"] for giver in document["committed_by"][:3]))
        if document["beneficiary"]:
            parts.append(f"for {document['beneficiary']['name']}")
        elif document.get("concerns"):
            parts.append("concerning " + ", ".join(concerned["name"] for concerned in document["concerns"][:3]))
    if kind == "post" and document["organisation"]:
        parts.append(document["organisation"]["name"])
    if document.get("start"):
        parts.append(document["start"]["value"])
    parts += [text for text in (document.get("locality"), country) if text]
    line = ", ".join(parts)
    return f"{line}. {document['summary']}"[:300] if document["summary"] else line[:300]
