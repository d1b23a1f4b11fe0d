"""Who wrote what stands now, and when: from the history of the row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from entities.untrusted import whole_number

HISTORY_ROWS_SEARCHED = 40
"""Rows of history beyond which nobody is looked for."""


@dataclass(frozen=True)
class ChangeAuthor:
    """`name` is what the person is called in a sentence; `you` says that it is the reader's own other window."""

    name: str
    at: datetime | None = None
    you: bool = False

    def __str__(self) -> str:
        return self.name


UNKNOWN_AUTHOR = ChangeAuthor("Somebody")


def last_author_of(model: type[models.Model], pk: Any, names, reader) -> ChangeAuthor:
    """Who gave the row the values that its fields `names` hold now; who removed it, if it is gone."""
    manager: Any = getattr(model, "history", None)
    if manager is None:
        return UNKNOWN_AUTHOR
    known = {field.name for field in model._meta.concrete_fields}
    attnames = [model._meta.get_field(name).attname for name in names if name in known]  # type: ignore[union-attr]
    newest_first = manager.filter(**{model._meta.pk.attname: whole_number(pk)}).order_by("-history_date", "-history_id")
    found = None
    for row in newest_first.select_related("history_user")[:HISTORY_ROWS_SEARCHED]:
        if found and any(getattr(row, name) != getattr(found, name) for name in attnames):
            break
        if found and not attnames:
            break
        found = row
    if found is None:
        return UNKNOWN_AUTHOR
    if found.history_user is None:
        return ChangeAuthor("Somebody", found.history_date)
    you = found.history_user == reader
    return ChangeAuthor("you, in another window" if you else display_name_of_user(found.history_user), found.history_date, you)


def display_name_of_user(user) -> str:
    """What a person is called."""
    return user.get_full_name() or user.get_username()
