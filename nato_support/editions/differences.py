"""What differs between two editions of a record: the public's history of it.

What is compared is what was printed, not what it was printed from: only that was ever public; it tells too what changed
because something that the record names did; and it is there when the working copy is not any more.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

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

Path = tuple[str, ...]


class Difference(NamedTuple):
    """One place of what was printed: `was` is None where there was nothing, `now` where there is nothing any more.

    A record stands there as its kind, slug and name (a quote's is its words), a date as text with its mark: 2024-07~.
    """

    path: Path
    was: Any
    now: Any


@dataclass(frozen=True)
class PublicChange:
    """A difference in words."""

    place: str
    was: str | None
    now: str | None

    @property
    def act(self) -> str:
        return "Added" if self.was is None else "Removed" if self.now is None else "Changed"


def differences(older: dict[str, Any], newer: dict[str, Any]) -> list[Difference]:
    """What differs between two printed records, place by place in the order of the newer one; what is gone comes last."""
    was, now = dict(_leaves(older, ())), dict(_leaves(newer, ()))
    paths = [*now, *(path for path in was if path not in now)]
    found = (Difference(path, was.get(path), now.get(path)) for path in paths)
    return [one for one in found if one.was != one.now]


def changes_between(older: Edition, newer: Edition) -> list[PublicChange]:
    """What readers saw change, in words."""
    return [
        PublicChange(" › ".join(part.replace("_", " ") for part in path), _words(was), _words(now))
        for path, was, now in differences(_printed(older), _printed(newer))
    ]


def _printed(edition: Edition) -> dict[str, Any]:
    return {} if edition.withdrawn else json.loads(edition.document) | json.loads(edition.evidence)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Each filled place with what stands there."""
    if value in (None, "", [], {}):
        return
    if isinstance(value, dict) and path and ("href" in value or "precision" in value):
        yield path, _shown(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            # How many citations there are follows from those that are told.
            if name not in _BESIDE and not (name == "citations" and isinstance(inner, int)):
                yield from _leaves(inner, (*path, name))
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        for at, one in enumerate(value):
            yield from _leaves(one, (*path, _key(one, at)))
    else:
        yield path, value


def _key(row: dict, at: int) -> str:
    """What tells a row of a list from the others: never its place, which changes when another one comes."""
    if "quote" in row:
        return f"{row['quote'].get('slug', at)}: {row.get('value')}"
    named = [str(row[name]) for name in _KEYS if row.get(name)]
    return ":".join([*named, str(row["value"])] if "scheme" in row else named) or str(at + 1)


def _shown(value: dict) -> Any:
    """A record or a date that stands in a printed one."""
    if "precision" in value:
        return value["value"] + ("~" if value["is_approximate"] else "?" if value["is_uncertain"] else "")
    return {name: value[name] for name in ("kind", "slug", "name", "exact") if name in value}


def _words(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        return f"“{value['exact']}”" if "exact" in value else value["name"]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
