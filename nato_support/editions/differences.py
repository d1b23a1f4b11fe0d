"""What differs between two editions of a record: the public's history of it.

What is compared is what was printed, not what it was printed from: only that was ever public; it tells too what changed
because something that the record names did; and it is there when the working copy is not any more.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nato_support.editions.models import Edition

_BESIDE = {
    "edition",
    "stamp",
    "href",
    "agreement",
    "statements",
    "contested",
    "precision",
    "value_ref",
    "resolution",
}
"""What every edition has anew, what follows from the rest, and what repeats it."""
_KEYS = ("key", "slug", "text", "scheme")


@dataclass(frozen=True)
class PublicChange:
    """One place of what was printed: `was` is None where there was nothing, `now` where there is nothing any more."""

    place: str
    was: str | None
    now: str | None

    @property
    def act(self) -> str:
        return "Added" if self.was is None else "Removed" if self.now is None else "Changed"


def changes_between(older: Edition, newer: Edition) -> list[PublicChange]:
    """What readers saw change, place by place in the order of the newer one; what is gone comes last."""
    was, now = dict(_printed(older)), dict(_printed(newer))
    places = [*now, *(place for place in was if place not in now)]
    found = [(place, was.get(place), now.get(place)) for place in places]
    return [PublicChange(place, before, after) for place, before, after in found if before != after]


def _printed(edition: Edition) -> Iterator[tuple[str, str]]:
    if edition.withdrawn:
        return
    yield from _leaves(json.loads(edition.document), "")
    yield from _leaves(json.loads(edition.evidence), "")


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Each filled place with its value in words."""
    if value in (None, "", [], {}):
        return
    if isinstance(value, dict) and place and ("href" in value or "precision" in value):
        yield place, _name(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            # How many citations there are follows from those that are told.
            if name not in _BESIDE and not (name == "citations" and isinstance(inner, int)):
                yield from _leaves(inner, f"{place} › {name.replace('_', ' ')}" if place else name.replace("_", " "))
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        for at, one in enumerate(value):
            yield from _leaves(one, f"{place} › {_key(one, at)}")
    elif isinstance(value, list):
        yield place, ", ".join(map(str, value))
    else:
        yield place, {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _key(row: dict, at: int) -> str:
    """What tells a row of a list from the others: never its place, which changes when another one comes."""
    if "quote" in row:
        return f"{row['quote'].get('slug', at)}: {row.get('value')}"
    named = [str(row[name]) for name in _KEYS if row.get(name)]
    return ":".join([*named, str(row["value"])] if "scheme" in row else named) or str(at + 1)


def _name(value: dict) -> str:
    """A record or a date that stands in a printed one, as one says it."""
    if "precision" in value:
        return str(value.get("value"))
    return f"“{value['exact']}”" if "exact" in value else str(value.get("name") or value.get("slug"))
