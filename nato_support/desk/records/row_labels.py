"""What the targets of foreign keys are called, for many of them at once: now, and at an earlier time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max, Min
from django.urls import NoReverseMatch, reverse

from entities.history.record_snapshots import is_left_out_of_snapshots
from entities.models import Entity

RowKey = tuple[type[models.Model], int]

LABEL_DETAIL_FIELDS: dict[str, tuple[str, ...]] = {"sources.sourcequote": ("speaker", "attribution", "document")}
"""Model -> fields of its rows that are told beside their label: whose words a quote is, and where they stand."""


@dataclass(frozen=True)
class RowLabel:
    """A row as one calls it. `gone`: it is no longer there; `survivor`: the record that it was merged into since."""

    text: str
    url: str = ""
    beside: tuple[str, ...] = ()
    survivor: str = ""
    gone: bool = False


class RowLabels:
    """The labels of all rows that are asked for, fetched in a constant number of queries for each model among them."""

    def __init__(self, keys: Iterable[RowKey], user=None, earlier: bool = False):
        """`earlier`: whether `then` will be asked for."""
        self._labels_by_row: dict[RowKey, RowLabel] = {}
        self._kinds: dict[int, str] = {}
        self._earlier: dict[int, list[tuple[datetime, str]]] = {}
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for model, pk in keys:
            wanted[_table_model(model)].add(pk)
        for model, keys_ in wanted.items():
            self._fetch_current_labels(model, keys_, user)
        entities = wanted.get(Entity, set())
        # What was deleted is only known by its history.
        self._fetch_earlier_names(entities if earlier else entities - self._kinds.keys())

    def now(self, model: type[models.Model], pk: int) -> RowLabel:
        return self._labels_by_row.get((_table_model(model), pk)) or RowLabel(f"{model._meta.verbose_name} {pk}", gone=True)

    def then(self, model: type[models.Model], pk: int, when: datetime | None) -> str:
        """What it was called at `when`."""
        names = self._earlier.get(pk, []) if when and _table_model(model) is Entity else []
        before = [name for at, name in names if when is None or at <= when]
        return before[-1] if before else self.now(model, pk).text

    def _fetch_current_labels(self, model, keys: set[int], user):
        rows: models.QuerySet = model._default_manager.order_by()
        beside = LABEL_DETAIL_FIELDS.get(model._meta.label_lower, ())
        joined = [name for name in beside if model._meta.get_field(name).is_relation]
        if model is Entity:
            joined.append("merged_into")
        for pk, row in rows.select_related(*joined).defer(*_large_text_columns(model, joined)).in_bulk(keys).items():
            told = tuple(str(value) for name in beside if (value := getattr(row, name)))
            if model is Entity:
                self._kinds[pk] = row.kind
            survivor = str(row.merged_into) if model is Entity and row.merged_into_id else ""
            self._labels_by_row[model, pk] = RowLabel(str(row), change_page_url(row, user), told, survivor)

    def _fetch_earlier_names(self, keys: set[int]):
        """The names that renamed and deleted entities had, oldest first."""
        missing = keys - self._kinds.keys()
        for kind in _entity_kind_models():
            mine = missing | {pk for pk in keys if self._kinds.get(pk) == kind.KIND}
            if mine:
                self._fetch_names_in_history(kind.history.model, mine)

    def _fetch_names_in_history(self, history: Any, keys: set[int]):
        rows = history.objects.filter(id__in=keys).order_by()
        spans = defaultdict(list)
        for pk, name, first, last in rows.values_list("id", "name").annotate(Min("history_date"), Max("history_date")):
            spans[pk].append((last, first, name))
        for pk, found in spans.items():
            self._earlier[pk] = [(found[0][1], found[0][2])]
            if (Entity, pk) not in self._labels_by_row:
                self._labels_by_row[Entity, pk] = RowLabel(max(found)[2], gone=True)
        renamed = {pk for pk, found in spans.items() if len(found) > 1}
        for pk in renamed:
            self._earlier[pk] = []
        if renamed:
            told = rows.filter(id__in=renamed).order_by("history_date", "history_id")
            for pk, when, name in told.values_list("id", "history_date", "name"):
                self._earlier[pk].append((when, name))


def change_page_url(row: models.Model, user) -> str:
    """The admin page of `row`, if `user` may see it; '' otherwise."""
    meta = row._meta
    if user is None or not may_view_model(user, type(row)):
        return ""
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def may_view_model(user, model: type[models.Model]) -> bool:
    """Whether `user` may see rows of `model`."""
    app, name = model._meta.app_label, model._meta.model_name
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")


def _large_text_columns(model: type[models.Model], joined: Iterable[str]) -> list[str]:
    """Texts of documents and the like, which no label needs."""
    related = [("", model), *((f"{name}__", model._meta.get_field(name).related_model) for name in joined)]
    return [
        f"{prefix}{column.name}"
        for prefix, there in related
        for column in there._meta.concrete_fields  # type: ignore[union-attr]
        if isinstance(column, models.TextField) and is_left_out_of_snapshots(column)
    ]


def _table_model(model: type[models.Model]) -> type[models.Model]:
    return Entity if issubclass(model, Entity) else model


def _entity_kind_models() -> list[type[Entity]]:
    return [model for model in apps.get_models() if issubclass(model, Entity) and model.KIND]
