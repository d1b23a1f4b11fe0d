"""Labels of the targets of foreign keys, fetched in bulk: current ones, and those of an earlier time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max, Min
from django.urls import NoReverseMatch, reverse

from entities.formatting import NO_NAMES, join_names
from entities.history.record_snapshots import is_left_out_of_snapshots
from entities.models import Entity

RowKey = tuple[type[models.Model], int]

LABEL_DETAIL_FIELDS: dict[str, tuple[str, ...]] = {"sources.sourcequote": ("speakers", "attribution", "document")}
"""Model -> fields shown beside the label: the speakers and the document of a quote."""
_FURTHER_JOINS: dict[str, tuple[str, ...]] = {"sources.sourcequote": ("occasion", "document__publisher")}
"""Model -> further foreign keys that whoever shows its rows reads."""


@dataclass(frozen=True)
class RowLabel:
    """Label of a row. `is_deleted`: the row no longer exists; `survivor`: the record that it was merged into since."""

    text: str
    url: str = ""
    details: tuple[str, ...] = ()
    survivor: str = ""
    is_deleted: bool = False
    row: Any = field(default=None, compare=False)
    """The row itself without its large texts; None if it no longer exists."""


class RowLabels:
    """Labels of many rows, fetched in a constant number of queries for each model."""

    def __init__(self, keys: Iterable[RowKey], user=None, earlier: bool = False):
        """`earlier`: fetch past names too, for `label_at`."""
        self._labels_by_row: dict[RowKey, RowLabel] = {}
        self._kinds: dict[int, str] = {}
        self._earlier: dict[int, list[tuple[datetime, str]]] = {}
        self.stated_names: Mapping[str, str] = NO_NAMES
        """Slug, or relation as the value of a citation -> its name or sentence, for values that citations state."""
        pks_by_model: dict[type[models.Model], set[int]] = defaultdict(set)
        for model, pk in keys:
            pks_by_model[_table_model(model)].add(pk)
        for model, pks in pks_by_model.items():
            self._fetch_current_labels(model, pks, user)
        entities = pks_by_model.get(Entity, set())
        # Deleted entities are known from their history only.
        self._fetch_earlier_names(entities if earlier else entities - self._kinds.keys())

    def current_label(self, model: type[models.Model], pk: int) -> RowLabel:
        return self._labels_by_row.get((_table_model(model), pk)) or RowLabel(f"{model._meta.verbose_name} {pk}", is_deleted=True)

    @property
    def documents_of_quotes(self) -> dict[int, int]:
        """The key of the document of each quote among the rows, by the key of the quote."""
        return {
            pk: label.row.document_id
            for (_, pk), label in self._labels_by_row.items()
            if label.row is not None and label.row._meta.label_lower == "sources.sourcequote"
        }

    def label_at(self, model: type[models.Model], pk: int, moment: datetime | None) -> str:
        """Return the label at `moment`."""
        names = self._earlier.get(pk, []) if moment and _table_model(model) is Entity else []
        earlier_names = [name for at, name in names if moment is None or at <= moment]
        return earlier_names[-1] if earlier_names else self.current_label(model, pk).text

    def _fetch_current_labels(self, model, keys: set[int], user):
        rows: models.QuerySet = model._default_manager.order_by()
        detail_fields = LABEL_DETAIL_FIELDS.get(model._meta.label_lower, ())
        columns = {name: model._meta.get_field(name) for name in detail_fields}
        joined = [name for name, column in columns.items() if column.is_relation and not column.many_to_many]
        joined += _FURTHER_JOINS.get(model._meta.label_lower, ())
        prefetched = [name for name, column in columns.items() if column.many_to_many]
        rows = rows.prefetch_related(*prefetched)
        if model is Entity:
            joined.append("merged_into")
        for pk, row in rows.select_related(*joined).defer(*_large_text_columns(model, joined)).in_bulk(keys).items():
            details = tuple(value for name in detail_fields if (value := _detail_text(row, name)))
            if model is Entity:
                self._kinds[pk] = row.kind
            survivor = str(row.merged_into) if model is Entity and row.merged_into_id else ""
            self._labels_by_row[model, pk] = RowLabel(str(row), change_page_url(row, user), details, survivor, row=row)

    def _fetch_earlier_names(self, keys: set[int]):
        """Fetch the past names of renamed and deleted entities, oldest first."""
        missing = keys - self._kinds.keys()
        for kind in _entity_kind_models():
            pks_of_kind = missing | {pk for pk in keys if self._kinds.get(pk) == kind.KIND}
            if pks_of_kind:
                self._fetch_names_in_history(kind.history.model, pks_of_kind)

    def _fetch_names_in_history(self, history: Any, keys: set[int]):
        rows = history.objects.filter(id__in=keys).order_by()
        spans = defaultdict(list)
        for pk, name, first, last in rows.values_list("id", "name").annotate(Min("history_date"), Max("history_date")):
            spans[pk].append((last, first, name))
        for pk, name_spans in spans.items():
            self._earlier[pk] = [(name_spans[0][1], name_spans[0][2])]
            if (Entity, pk) not in self._labels_by_row:
                self._labels_by_row[Entity, pk] = RowLabel(max(name_spans)[2], is_deleted=True)
        renamed = {pk for pk, name_spans in spans.items() if len(name_spans) > 1}
        for pk in renamed:
            self._earlier[pk] = []
        if renamed:
            history_rows = rows.filter(id__in=renamed).order_by("history_date", "history_id")
            for pk, moment, name in history_rows.values_list("id", "history_date", "name"):
                self._earlier[pk].append((moment, name))


def _detail_text(row: models.Model, name: str) -> str:
    value = getattr(row, name)
    return join_names(map(str, value.all())) if row._meta.get_field(name).many_to_many else str(value or "")


def change_page_url(row: models.Model, user) -> str:
    """Return the admin page of `row`, or '' if `user` may not see it."""
    meta = row._meta
    if user is None or not may_view_model(user, type(row)):
        return ""
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def may_view_model(user, model: type[models.Model]) -> bool:
    """Return whether `user` may view rows of `model`."""
    app, name = model._meta.app_label, model._meta.model_name
    return user.has_perm(f"{app}.view_{name}") or user.has_perm(f"{app}.change_{name}")


def _large_text_columns(model: type[models.Model], joined: Iterable[str]) -> list[str]:
    """Return the large text columns, which no label needs; those joined at a further remove have none."""
    related = [("", model), *((f"{name}__", model._meta.get_field(name).related_model) for name in joined if "__" not in name)]
    return [
        f"{prefix}{column.name}"
        for prefix, joined_model in related
        for column in joined_model._meta.concrete_fields  # type: ignore[union-attr]
        if isinstance(column, models.TextField) and is_left_out_of_snapshots(column)
    ]


def _table_model(model: type[models.Model]) -> type[models.Model]:
    return Entity if issubclass(model, Entity) else model


def _entity_kind_models() -> list[type[Entity]]:
    return [model for model in apps.get_models() if issubclass(model, Entity) and model.KIND]
