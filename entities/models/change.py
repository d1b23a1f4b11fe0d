"""Change sets: one Change for all history rows that one action of a person wrote, with its reason."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from entities.fields import ChoiceField, LineField, ProseField
from entities.vocabulary import Action


class Change(models.Model):
    """An action of one person. The history rows that it wrote refer to it, and their values say what changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When it was done.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who did it."
    )
    action = ChoiceField(choices=Action, default=Action.EDIT, help_text="What was done.")
    reason = ProseField(blank=True, help_text="Reason, in the words of the person who made the change.")
    source = LineField(max_length=250, blank=True, help_text="Slug of the document that the change was made from, if known.")

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.changed_at:%Y-%m-%d %H:%M}"


@dataclass
class _OpenChange:
    """A change in progress. Its row is written together with the first history row that refers to it."""

    details: dict[str, Any]
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    is_saved: bool = False

    def row(self) -> Change:
        return Change(id=self.id, **self.details)


_open_change: ContextVar[_OpenChange | None] = ContextVar("change", default=None)


@contextmanager
def change_set(*, by=None, action: str = "", reason: str = "", source: str = "") -> Iterator[uuid.UUID]:
    """Collect all history written inside the block in one Change, and yield its id.

    A nested change set joins the outer one, and adds details that the outer one lacks: the outer action stays.
    """
    details = {name: value for name, value in (("by", by), ("action", action), ("reason", reason), ("source", source)) if value}
    outer = _open_change.get()
    if outer is not None:
        new = {name: value for name, value in details.items() if not outer.details.get(name)}
        outer.details |= new
        if new and outer.is_saved:
            Change.objects.filter(pk=outer.id).update(**new)
        yield outer.id
        return
    change = _OpenChange(details)
    token = _open_change.set(change)
    try:
        yield change.id
    finally:
        _open_change.reset(token)
        # The transaction that wrote the row may have been rolled back, and another one of this change set committed.
        if change.is_saved and not Change.objects.filter(pk=change.id).exists():
            change.row().save(force_insert=True)


def current_change_id() -> uuid.UUID | None:
    """Return the id of the change in progress, writing its row if needed; None outside a change set."""
    change = _open_change.get()
    if change is None:
        return None
    if not change.is_saved:
        change.row().save(force_insert=True)
        change.is_saved = True
    return change.id


class _CurrentChangeForeignKey(models.ForeignKey):
    """Foreign key to the change in progress; migrations see an ordinary foreign key."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default = current_change_id

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.ForeignKey", args, kwargs


class ChangeLinkedRow(models.Model):
    """Abstract base of history rows that refer to the change that wrote them."""

    # Without a constraint: history must survive even if its change is missing.
    change = _CurrentChangeForeignKey(Change, models.DO_NOTHING, null=True, related_name="+", editable=False, db_constraint=False)

    class Meta:
        abstract = True


class ChangeLinkedHistory(HistoricalRecords):
    """History of a model whose rows refer to the change that wrote them."""

    def __init__(self, **options):
        super().__init__(bases=(ChangeLinkedRow,), **options)
