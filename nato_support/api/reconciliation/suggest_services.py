"""Suggest entities, types and properties while the user types, with a short description of each."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from nato_support.api import typeahead
from nato_support.api.problems import ApiProblem
from nato_support.api.reconciliation import candidate_search, live_entities
from nato_support.api.reconciliation.entity_properties import PROPERTIES, properties_of_type
from nato_support.api.reconciliation.entity_types import (
    ENTITY_TYPES,
    describe_entity,
    kinds_of_types,
    type_reference,
    types_of_entity,
)
from nato_support.api.reconciliation.property_values import country_name
from nato_support.api.reconciliation.protocol_messages import clamped_number_member, tidy_text
from nato_support.publishing.editions import name_keys

SUGGESTED_PLURALS = {"entity": "entities", "type": "types", "property": "properties"}
"""Kind of suggestion -> its plural."""
DEFAULT_SUGGESTIONS, MAX_SUGGESTIONS = 20, 100
_MAX_OFFSET = 200
_MAX_PREFIX_LENGTH = 100
"""Limit on the characters of the prefix that are considered."""


def suggest_by_prefix(suggested_kind: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return up to `limit` suggestions that begin with, or contain, the prefix, from number `cursor` on."""
    typed = tidy_text(parameters.get("prefix", ""))
    limit = clamped_number_member(parameters, "limit", 1, MAX_SUGGESTIONS, DEFAULT_SUGGESTIONS)
    start = clamped_number_member(parameters, "cursor", 0, _MAX_OFFSET, 0)
    if suggested_kind == "entity":
        types = (parameters["type"],) if parameters.get("type") else ()
        return {"result": _suggest_entities(typed, kinds_of_types(types), start, limit)}
    if suggested_kind == "type":
        items = _keep_and_order_by_prefix(typed, ((item.name, item.id, item) for item in ENTITY_TYPES.values()))
    else:
        items = _keep_and_order_by_prefix(
            typed, ((item.name, item.id, item) for item in properties_of_type(parameters.get("type", "")))
        )
    return {"result": [item.protocol_members() for item in items[start : start + limit]]}


def suggestion_flyout(suggested_kind: str, id: str) -> dict[str, str]:
    """Describe a suggestion in a few words of HTML. Raises a `not-found` problem if there is none of this id."""
    if suggested_kind == "entity":
        entities = live_entities.find_live_entities([id])
        if id not in entities:
            raise ApiProblem("not-found", "There is no public entity of this id.")
        name, description = entities[id].name, describe_entity(entities[id].document, country_name(entities[id].document))
    else:
        items_by_id: Mapping[str, Any] = ENTITY_TYPES if suggested_kind == "type" else PROPERTIES
        if id not in items_by_id:
            raise ApiProblem("not-found", f"There is no {suggested_kind} of this id.")
        name, description = items_by_id[id].name, items_by_id[id].protocol_members().get("description", "")
    return {"id": id, "html": f"<p><strong>{escape(name)}</strong></p><p>{escape(description)}</p>"}


def _suggest_entities(typed: str, kinds: tuple[str, ...], start: int, limit: int) -> list[dict[str, Any]]:
    typed = typed[:_MAX_PREFIX_LENGTH]
    if not kinds or not name_keys.key_words(typed):
        return []
    slugs = [entity.slug for entity in candidate_search.find_entities_by_name([typed]).get(typed, ())]
    slugs += [
        candidate_search.slug_from_text(typed),
        *(suggestion["slug"] for suggestion in typeahead.suggest_entities_by_name(typed, kinds, start + limit)),
    ]
    entities = live_entities.find_live_entities(slugs)
    unique = {entities[slug].slug: entities[slug] for slug in slugs if slug in entities and entities[slug].kind in kinds}
    return [
        {
            "id": record.slug,
            "name": record.name,
            "description": describe_entity(record.document, country_name(record.document)),
            "notable": [type_reference(type) for type in types_of_entity(record.document)],
        }
        for record in list(unique.values())[start : start + limit]
    ]


def _keep_and_order_by_prefix(typed: str, named_items: Iterable[tuple[str, str, Any]]) -> list[Any]:
    """Keep the items whose name or id begins with the text typed, then those whose name or id contains it."""
    sought = typed.casefold()
    ranked = [(_suggestion_rank(sought, name.casefold(), id.casefold()), item) for name, id, item in named_items]
    return [item for _, item in sorted((pair for pair in ranked if pair[0] < 2), key=lambda pair: pair[0])]


def _suggestion_rank(sought: str, name: str, id: str) -> int:
    if name.startswith(sought) or id.startswith(sought):
        return 0
    return 1 if sought in f"{name} {id}" else 2
