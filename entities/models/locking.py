"""Whoever changes records holds them first, all in one order: nothing is overwritten unseen, and nobody waits in a circle."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

_LOCK_BATCH_SIZE = 500


def lock_rows(rows: Iterable[tuple[type[models.Model], Any]]) -> None:
    """Waits for whoever holds one of `rows` (model and key), and keeps others waiting until the transaction ends.

    Of a record of several tables it is the row of the first one that is held, since saving it, or a part of it, begins
    there. Whatever was read before has to be read again.
    """
    if not connection.features.has_select_for_update:
        # SQLite has one writer at a time: the transaction holds everything.
        return
    wanted: dict[type[models.Model], set] = {}
    for model, pk in rows:
        base = [model, *model._meta.get_parent_list()][-1]
        wanted.setdefault(base, set()).add(pk)
    for base in sorted(wanted, key=lambda one: one._meta.label):
        keys = sorted(wanted[base])
        for at in range(0, len(keys), _LOCK_BATCH_SIZE):
            # Nobody's foreign key has to wait for it: keys do not change.
            here = base._base_manager.select_for_update(no_key=True).filter(pk__in=keys[at : at + _LOCK_BATCH_SIZE])
            list(here.order_by("pk").values_list("pk"))
