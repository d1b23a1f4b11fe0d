"""Suggestions while one types: entities, types and properties; and the few words shown beside each."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from nato_support.api import typeahead
from nato_support.api.problems import ApiProblem
from nato_support.api.reconciliation import candidate_search, live_entities
from nato_support.api.reconciliation.entity_properties import PROPERTIES, country_name, properties_of_type
from nato_support.api.reconciliation.entity_types import (
    ENTITY_TYPES,
    describe_entity,
    kinds_of_types,
    type_reference,
    types_of_entity,
)
from nato_support.api.reconciliation.protocol_messages import bounded_number, tidy_text
from nato_support.publishing.editions import name_keys

SUGGESTED_PLURALS = {"entity": "entities", "type": "types", "property": "properties"}
"""What is suggested: one, and many."""
DEFAULT_SUGGESTIONS, MAX_SUGGESTIONS = 20, 100
_MAX_OFFSET = 200
_MAX_PREFIX_LENGTH = 100
"""So much of what was typed is looked at."""


def suggest_by_prefix(suggested_kind: str, data: Mapping[str, str]) -> dict[str, Any]:
    """Up to `limit` things of a sort that begin with, or contain, what was typed, from the one numbered `cursor` on."""
    typed = tidy_text(data.get("prefix", ""))
    limit, start = (
        bounded_number(data, "limit", 1, MAX_SUGGESTIONS, DEFAULT_SUGGESTIONS),
        bounded_number(data, "cursor", 0, _MAX_OFFSET, 0),
    )
    if suggested_kind == "entity":
        types = (data["type"],) if data.get("type") else ()
        return {"result": _suggest_entities(typed, kinds_of_types(types), start, limit)}
    if suggested_kind == "type":
        fitting = _order_by_prefix(typed, ((one.name, one.id, one) for one in ENTITY_TYPES.values()))
    else:
        fitting = _order_by_prefix(typed, ((one.name, one.id, one) for one in properties_of_type(data.get("type", ""))))
    return {"result": [one.shape() for one in fitting[start : start + limit]]}


def suggestion_flyout(suggested_kind: str, id: str) -> dict[str, str]:
    """A few words of HTML about one suggestion."""
    if suggested_kind == "entity":
        found = live_entities.find_live_entities([id])
        if id not in found:
            raise ApiProblem("not-found", "There is no public entity of this id.")
        name, words = found[id].name, describe_entity(found[id].lean, country_name(found[id].lean))
    else:
        known: Mapping[str, Any] = ENTITY_TYPES if suggested_kind == "type" else PROPERTIES
        if id not in known:
            raise ApiProblem("not-found", f"There is no {suggested_kind} of this id.")
        name, words = known[id].name, known[id].shape().get("description", "")
    return {"id": id, "html": f"<p><strong>{escape(name)}</strong></p><p>{escape(words)}</p>"}


def _suggest_entities(typed: str, kinds: tuple[str, ...], start: int, limit: int) -> list[dict[str, Any]]:
    typed = typed[:_MAX_PREFIX_LENGTH]
    if not kinds or not name_keys.latin_words(typed):
        return []
    slugs = [one.slug for one in candidate_search.find_by_name([typed]).get(typed, ())]
    slugs += [
        candidate_search.slug_from_text(typed),
        *(one["slug"] for one in typeahead.suggest_names(typed, kinds, start + limit)),
    ]
    found = live_entities.find_live_entities(slugs)
    unique = {found[slug].slug: found[slug] for slug in slugs if slug in found and found[slug].kind in kinds}
    return [
        {
            "id": record.slug,
            "name": record.name,
            "description": describe_entity(record.lean, country_name(record.lean)),
            "notable": [type_reference(type) for type in types_of_entity(record.lean)],
        }
        for record in list(unique.values())[start : start + limit]
    ]


def _order_by_prefix(typed: str, named_items: Iterable[tuple[str, str, Any]]) -> list[Any]:
    """Those whose name or id begins with what was typed, then those that contain it."""
    sought = typed.casefold()
    ranked = [(_prefix_rank(sought, name.casefold(), id.casefold()), one) for name, id, one in named_items]
    return [one for rank, one in sorted(((r, o) for r, o in ranked if r < 2), key=lambda pair: pair[0])]


def _prefix_rank(sought: str, name: str, id: str) -> int:
    if name.startswith(sought) or id.startswith(sought):
        return 0
    return 1 if sought in f"{name} {id}" else 2
