"""Page of deleted records, from which they can be restored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Coalesce
from django.template.response import TemplateResponse
from django.urls import path, reverse

from entities.models import Curated
from nato_support.desk.records.referenced_row_labels import may_view_model

DELETED_PER_PAGE = 50
_NAME_FIELDS = ("name", "title", "exact", "slug")


@dataclass
class DeletedRecord:
    """Deleted record as the page lists it."""

    kind: str
    label: str
    deleted_at: datetime
    person: str | None
    reason: str | None
    url: str
    may_restore: bool


def deleted_record_urls(site: admin.AdminSite) -> list:
    """Return the URL of this page, for the admin of all entities."""
    return [path("deleted/", site.admin_view(lambda request: deleted_records_view(site, request)), name="entities_deleted")]


def deleted_records_view(site: admin.AdminSite, request):
    """List the deleted records of the models that the user may see: one query for a page, one for the total."""
    models = [model for model in curated_models_with_history() if may_view_model(request.user, model)]
    if not models:
        raise PermissionDenied
    page = Paginator(_deleted_rows_query(models), DELETED_PER_PAGE).get_page(request.GET.get("p"))
    page.object_list = [_deleted_record_from_row(site, request, models, row) for row in page.object_list]
    context = {**site.each_context(request), "title": "Deleted records", "page": page}
    return TemplateResponse(request, "desk/history/deleted.html", context)


def curated_models_with_history() -> list[Any]:
    """Return all concrete models of records."""
    return [model for model in apps.get_models() if issubclass(model, Curated) and hasattr(model, "history")]


def _deleted_rows_query(models: list[Any]):
    queries = []
    for index, model in enumerate(models):
        key = model._meta.pk.attname
        columns = {field.name for field in model._meta.concrete_fields}
        name_field = next(name for name in _NAME_FIELDS if name in columns)
        history = model.history.model.objects.filter(history_type="-").order_by()
        newer = model.history.model.objects.filter(**{key: OuterRef(key)}, history_id__gt=OuterRef("history_id"))
        queries.append(
            history.filter(~Exists(newer), ~Exists(model._default_manager.filter(pk=OuterRef(key))))
            .annotate(
                at_model=Value(index),
                row=F(key),
                name_before=Cast(name_field, CharField()),
                person=Coalesce("history_user__username", "change__by__username"),
            )
            .values_list("at_model", "row", "name_before", "history_date", "person", "change__reason")
        )
    return queries[0].union(*queries[1:], all=True).order_by("-history_date")


def _deleted_record_from_row(site: admin.AdminSite, request, models: list[Any], row: tuple) -> DeletedRecord:
    index, pk, name, deleted_at, person, reason = row
    model = models[index]
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[pk])
    may_restore = site._registry[model].has_delete_permission(request)
    return DeletedRecord(str(meta.verbose_name), name[:120], deleted_at, person, reason, url, may_restore)
