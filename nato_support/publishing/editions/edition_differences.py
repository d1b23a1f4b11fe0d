"""Differences between two editions of a record: its public history.

Editions are compared, not the working copies behind them: only editions were ever public, they also show what changed through
a referenced record, and they remain when the working copy is gone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from entities.serializers import date_shape_text
from nato_support.publishing.models.public_tables import Edition

_IGNORED_MEMBERS = {
    "edition",
    "release",
    "href",
    "agreement",
    "statements",
    "contested",
    "denied",
    "stance",
    "precision",
    "value_ref",
    "resolution",
    "shares",
}
"""Members that every edition renews, that follow from the rest, or that repeat it."""
_ROW_KEY_MEMBERS = ("key", "slug", "text", "scheme")

MemberPath = tuple[str, ...]


class EditionDifference(NamedTuple):
    """A differing place of two documents: `was` is None where there was nothing, `now` where nothing is left.

    A record is given by its kind, slug and name (a quote by its words), a date as text with its mark: 2024-07~.
    """

    path: MemberPath
    was: Any
    now: Any


@dataclass(frozen=True)
class PublicChange:
    """A difference described in words."""

    place: str
    was: str | None
    now: str | None

    @property
    def action(self) -> str:
        """Added, Removed or Changed."""
        return "Added" if self.was is None else "Removed" if self.now is None else "Changed"


def compare_documents(older: dict[str, Any], newer: dict[str, Any]) -> list[EditionDifference]:
    """List the differences between two documents in the order of the newer one; removed members come last."""
    was, now = dict(_iterate_filled_members(older, ())), dict(_iterate_filled_members(newer, ()))
    paths = [*now, *(path for path in was if path not in now)]
    differences = (EditionDifference(path, was.get(path), now.get(path)) for path in paths)
    return [difference for difference in differences if difference.was != difference.now]


def describe_changes_between(older: Edition, newer: Edition) -> list[PublicChange]:
    """Describe in words what readers saw change between two editions."""
    return [
        PublicChange(" › ".join(part.replace("_", " ") for part in path), _text_of_value(was), _text_of_value(now))
        for path, was, now in compare_documents(_document_of_edition(older), _document_of_edition(newer))
    ]


def _document_of_edition(edition: Edition) -> dict[str, Any]:
    return {} if edition.withdrawn else json.loads(edition.document) | json.loads(edition.evidence)


def _iterate_filled_members(value: Any, path: MemberPath) -> Iterator[tuple[MemberPath, Any]]:
    """Yield the path and value of every member that is filled."""
    if value in (None, "", [], {}):
        return
    if isinstance(value, dict) and path and ("href" in value or "precision" in value):
        yield path, _comparable_value(value)
    elif isinstance(value, dict):
        for name, member_value in value.items():
            # The number of citations follows from the citations themselves.
            if name not in _IGNORED_MEMBERS and not (name == "citations" and isinstance(member_value, int)):
                yield from _iterate_filled_members(member_value, (*path, name))
    elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
        for position, row in enumerate(value):
            yield from _iterate_filled_members(row, (*path, _list_row_key(row, position)))
    else:
        yield path, value


def _list_row_key(row: dict, position: int) -> str:
    """Return what identifies a row within its list: its position only as a last resort, since that shifts with other rows."""
    if "quote" in row:
        return f"{row['quote'].get('slug', position)}: {row.get('value')}"
    keys = [str(row[name]) for name in _ROW_KEY_MEMBERS if row.get(name)]
    return ":".join([*keys, str(row["value"])] if "scheme" in row else keys) or str(position + 1)


def _comparable_value(value: dict) -> Any:
    """Return the comparable form of a record or date inside a document."""
    if "precision" in value:
        return date_shape_text(value)
    return {name: value[name] for name in ("kind", "slug", "name", "exact") if name in value}


def _text_of_value(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        return f"“{value['exact']}”" if "exact" in value else value["name"]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
