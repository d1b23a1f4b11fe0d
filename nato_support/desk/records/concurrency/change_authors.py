"""Authors of current values, from the history of the row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from entities.numbers import integer_or_none

HISTORY_ROWS_SEARCHED = 40
"""History rows that are searched for the author."""


@dataclass(frozen=True)
class ChangeAuthor:
    """`name` is used in sentences; `you` marks the reader's own other window."""

    name: str
    at: datetime | None = None
    you: bool = False

    def __str__(self) -> str:
        return self.name


UNKNOWN_AUTHOR = ChangeAuthor("Somebody")


def last_author_of(model: type[models.Model], pk: Any, field_names, reader) -> ChangeAuthor:
    """Return who gave the fields `names` of the row their current values, or who removed the row if it is deleted."""
    manager: Any = getattr(model, "history", None)
    if manager is None:
        return UNKNOWN_AUTHOR
    columns = {field.name for field in model._meta.concrete_fields}
    attnames = [model._meta.get_field(name).attname for name in field_names if name in columns]  # type: ignore[union-attr]
    newest_first = manager.filter(**{model._meta.pk.attname: integer_or_none(pk)}).order_by("-history_date", "-history_id")
    oldest_same = None
    for row in newest_first.select_related("history_user")[:HISTORY_ROWS_SEARCHED]:
        if oldest_same and any(getattr(row, name) != getattr(oldest_same, name) for name in attnames):
            break
        if oldest_same and not attnames:
            break
        oldest_same = row
    if oldest_same is None:
        return UNKNOWN_AUTHOR
    if oldest_same.history_user is None:
        return ChangeAuthor("Somebody", oldest_same.history_date)
    is_reader = oldest_same.history_user == reader
    return ChangeAuthor(
        "you, in another window" if is_reader else display_name_of_user(oldest_same.history_user),
        oldest_same.history_date,
        is_reader,
    )


def display_name_of_user(user) -> str:
    """Return the full name of a user, or else the user name."""
    return user.get_full_name() or user.get_username()
