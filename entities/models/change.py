"""Who changed what together, and why: one Change for all rows of history that one act wrote."""

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
    """One act of one person. The rows of history that it wrote point at it; what they hold says what changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When it was done.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who did it."
    )
    act = ChoiceField(choices=Action, default=Action.EDIT, help_text="What was done.")
    why = ProseField(blank=True, help_text="Why, in the words of whoever did it.")
    source = LineField(max_length=250, blank=True, help_text="Slug of the document from which it was done, if one is known.")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, {self.at:%Y-%m-%d %H:%M}"


@dataclass
class _OpenChange:
    """A change that is going on. Its row is written with the first row of history that points at it."""

    said: dict[str, Any]
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    is_saved: bool = False

    def row(self) -> Change:
        return Change(id=self.id, **self.said)


_open_change: ContextVar[_OpenChange | None] = ContextVar("change", default=None)


@contextmanager
def change_set(*, by=None, act: str = "", why: str = "", source: str = "") -> Iterator[uuid.UUID]:
    """All history that is written inside belongs to one Change, whose id this gives.

    Inside another one it joins that, and tells it what it did not know yet: the first act named stays.
    """
    given = {name: value for name, value in (("by", by), ("act", act), ("why", why), ("source", source)) if value}
    outer = _open_change.get()
    if outer is not None:
        new = {name: value for name, value in given.items() if not outer.said.get(name)}
        outer.said |= new
        if new and outer.is_saved:
            Change.objects.filter(pk=outer.id).update(**new)
        yield outer.id
        return
    mine = _OpenChange(given)
    token = _open_change.set(mine)
    try:
        yield mine.id
    finally:
        _open_change.reset(token)
        # The transaction that wrote it may have been rolled back, and another one of the same act gone through.
        if mine.is_saved and not Change.objects.filter(pk=mine.id).exists():
            mine.row().save(force_insert=True)


def current_change() -> uuid.UUID | None:
    """The id of the change that is going on; None outside of any."""
    mine = _open_change.get()
    if mine is None:
        return None
    if not mine.is_saved:
        mine.row().save(force_insert=True)
        mine.is_saved = True
    return mine.id


class _ChangeKey(models.ForeignKey):
    """The key of the change that is going on; a migration knows it as an ordinary foreign key."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default = current_change

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.ForeignKey", args, kwargs


class ChangeLinkedRow(models.Model):
    """A row of history that knows the change which wrote it."""

    # Without a constraint: the change is written beside it, and a history outlives whatever is wrong with its frame.
    change = _ChangeKey(Change, models.DO_NOTHING, null=True, related_name="+", editable=False, db_constraint=False)

    class Meta:
        abstract = True


class ChangeLinkedHistory(HistoricalRecords):
    """The history of a model whose rows know the change that wrote them."""

    def __init__(self, **options):
        super().__init__(bases=(ChangeLinkedRow,), **options)
