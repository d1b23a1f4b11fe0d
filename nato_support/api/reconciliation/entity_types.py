"""The types of the service: the six kinds of entity, and the types of organisations, facilities and events below them."""

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
    """A type: a kind, or one sort of a kind, whose id begins with the kind's: `organisation.command`."""

    id: str
    name: str
    description: str = ""
    broader: str = ""

    def shape(self) -> dict[str, Any]:
        """As both versions of the protocol show a type."""
        shown: dict[str, Any] = {"id": self.id, "name": self.name}
        if self.description:
            shown["description"] = self.description
        if self.broader:
            shown["broader"] = [{"id": self.broader, "name": ENTITY_TYPES[self.broader].name}]
        return shown


def _list_entity_types() -> list[EntityType]:
    found = [EntityType(kind.value, kind.label.capitalize(), _KIND_DESCRIPTIONS[kind.value]) for kind in v.Kind]
    for kind, choices in _SUBTYPES.items():
        found += [
            EntityType(f"{kind}.{value}", label.capitalize(), f"A sort of {kind}.", kind) for value, label in choices.choices
        ]
    return found


ENTITY_TYPES = {one.id: one for one in _list_entity_types()}
KINDS = tuple(v.Kind.values)


def types_of_entity(lean: dict) -> list[str]:
    """The types of a printed entity, its kind first."""
    kind = lean["kind"]
    return [kind, f"{kind}.{lean['type']}"] if kind in _SUBTYPES else [kind]


def kinds_of_types(types: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that entities of any of these types are of; all of them if no type is given, none if none is known."""
    found = {type.partition(".")[0] for type in types if type in ENTITY_TYPES}
    return tuple(kind for kind in KINDS if kind in found) if types else KINDS


def type_reference(type: str) -> dict[str, str]:
    return {"id": type, "name": ENTITY_TYPES[type].name}


def describe_entity(lean: dict, country: str) -> str:
    """A line that tells an entity from its namesakes: its kind and sort, its country, what it belongs to."""
    kind = lean["kind"]
    words = [kind if kind not in _SUBTYPES else f"{kind} ({_SUBTYPES[kind](lean['type']).label})"]
    if kind == "commitment":
        words[0] = f"commitment ({v.Nature(lean['nature']).label}, {v.CommitmentCategory(lean['category']).label})"
        if lean["committed_by"]:
            words.append("by " + ", ".join(giver["name"] for giver in lean["committed_by"][:3]))
        if lean["beneficiary"]:
            words.append(f"for {lean['beneficiary']['name']}")
    if kind == "post" and lean["organisation"]:
        words.append(lean["organisation"]["name"])
    if lean.get("start"):
        words.append(lean["start"]["value"])
    words += [part for part in (lean.get("locality"), country) if part]
    line = ", ".join(words)
    return f"{line}. {lean['summary']}"[:300] if lean["summary"] else line[:300]
