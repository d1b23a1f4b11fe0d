"""Who wrote what stands now, and when: from the history of the row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

FAR = 40
"""Rows of history beyond which nobody is looked for."""


@dataclass(frozen=True)
class Author:
    """`name` is what the person is called in a sentence; `you` says that it is the reader's own other window."""

    name: str
    at: datetime | None = None
    you: bool = False

    def __str__(self) -> str:
        return self.name


SOMEBODY = Author("Somebody")


def author_of(model: type[models.Model], pk: Any, names, reader) -> Author:
    """Who gave the row the values that its fields `names` hold now; who removed it, if it is gone."""
    manager: Any = getattr(model, "history", None)
    if manager is None:
        return SOMEBODY
    known = {field.name for field in model._meta.concrete_fields}
    attnames = [model._meta.get_field(name).attname for name in names if name in known]  # type: ignore[union-attr]
    newest_first = manager.filter(**{model._meta.pk.attname: pk}).order_by("-history_date", "-history_id")
    found = None
    for row in newest_first.select_related("history_user")[:FAR]:
        if found and any(getattr(row, name) != getattr(found, name) for name in attnames):
            break
        if found and not attnames:
            break
        found = row
    if found is None:
        return SOMEBODY
    if found.history_user is None:
        return Author("Somebody", found.history_date)
    you = found.history_user == reader
    return Author("you, in another window" if you else called(found.history_user), found.history_date, you)


def called(user) -> str:
    """What a person is called."""
    return user.get_full_name() or user.get_username()
