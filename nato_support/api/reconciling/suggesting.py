"""Suggestions while one types: entities, types and properties; and the few words shown beside each."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from nato_support.api import suggesting
from nato_support.api.problems import Problem
from nato_support.api.reconciling import finding, records
from nato_support.api.reconciling.asking import number, tidy
from nato_support.api.reconciling.kinds import TYPES, described, kinds_of, short, types_of
from nato_support.api.reconciling.properties import PROPERTIES, country_of, of_type
from nato_support.editions import keys

PLURALS = {"entity": "entities", "type": "types", "property": "properties"}
"""What is suggested: one, and many."""
LIMIT, MOST = 20, 100
_FARTHEST = 200
_LONGEST = 100
"""So much of what was typed is looked at."""


def suggested(what: str, data: Mapping[str, str]) -> dict[str, Any]:
    """Up to `limit` things of a sort that begin with, or contain, what was typed, from the one numbered `cursor` on."""
    typed = tidy(data.get("prefix", ""))
    limit, start = number(data, "limit", 1, MOST, LIMIT), number(data, "cursor", 0, _FARTHEST, 0)
    if what == "entity":
        types = (data["type"],) if data.get("type") else ()
        return {"result": _entities(typed, kinds_of(types), start, limit)}
    if what == "type":
        fitting = _fitting(typed, ((one.name, one.id, one) for one in TYPES.values()))
    else:
        fitting = _fitting(typed, ((one.name, one.id, one) for one in of_type(data.get("type", ""))))
    return {"result": [one.shape() for one in fitting[start : start + limit]]}


def flyout(what: str, id: str) -> dict[str, str]:
    """A few words of HTML about one suggestion."""
    if what == "entity":
        found = records.named([id])
        if id not in found:
            raise Problem("not-found", "There is no public entity of this id.")
        name, words = found[id].name, described(found[id].lean, country_of(found[id].lean))
    else:
        known: Mapping[str, Any] = TYPES if what == "type" else PROPERTIES
        if id not in known:
            raise Problem("not-found", f"There is no {what} of this id.")
        name, words = known[id].name, known[id].shape().get("description", "")
    return {"id": id, "html": f"<p><strong>{escape(name)}</strong></p><p>{escape(words)}</p>"}


def _entities(typed: str, kinds: tuple[str, ...], start: int, limit: int) -> list[dict[str, Any]]:
    typed = typed[:_LONGEST]
    if not kinds or not keys.words(typed):
        return []
    slugs = [one.slug for one in finding.called([typed]).get(typed, ())]
    slugs += [finding.as_slug(typed), *(one["slug"] for one in suggesting.suggestions(typed, kinds, start + limit))]
    found = records.named(slugs)
    unique = {found[slug].slug: found[slug] for slug in slugs if slug in found and found[slug].kind in kinds}
    return [
        {
            "id": record.slug,
            "name": record.name,
            "description": described(record.lean, country_of(record.lean)),
            "notable": [short(type) for type in types_of(record.lean)],
        }
        for record in list(unique.values())[start : start + limit]
    ]


def _fitting(typed: str, named: Iterable[tuple[str, str, Any]]) -> list[Any]:
    """Those whose name or id begins with what was typed, then those that contain it."""
    sought = typed.casefold()
    ranked = [(_rank(sought, name.casefold(), id.casefold()), one) for name, id, one in named]
    return [one for rank, one in sorted(((r, o) for r, o in ranked if r < 2), key=lambda pair: pair[0])]


def _rank(sought: str, name: str, id: str) -> int:
    if name.startswith(sought) or id.startswith(sought):
        return 0
    return 1 if sought in f"{name} {id}" else 2
