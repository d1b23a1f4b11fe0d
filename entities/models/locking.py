"""Row locks in one global order, so that concurrent changes neither overwrite each other nor deadlock."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

_LOCK_BATCH_SIZE = 500


def lock_rows(model_keys: Iterable[tuple[type[models.Model], Any]]) -> None:
    """Lock rows, given as model and primary key, until the transaction ends.

    For a model with several tables the row of the base table is locked, since saving the record or a child starts there.
    Values read before the call must be read again.
    """
    if not connection.features.has_select_for_update:
        # SQLite has one writer at a time: the transaction locks the whole database.
        return
    keys_by_model: dict[type[models.Model], set] = {}
    for model, pk in model_keys:
        base = [model, *model._meta.get_parent_list()][-1]
        keys_by_model.setdefault(base, set()).add(pk)
    for base in sorted(keys_by_model, key=lambda model: model._meta.label):
        keys = sorted(keys_by_model[base])
        for start in range(0, len(keys), _LOCK_BATCH_SIZE):
            # no_key: primary keys do not change, so rows that refer to these need not wait.
            batch = base._base_manager.select_for_update(no_key=True).filter(pk__in=keys[start : start + _LOCK_BATCH_SIZE])
            list(batch.order_by("pk").values_list("pk"))
