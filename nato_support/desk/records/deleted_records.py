"""The list of what was deleted, from which it can be brought back."""

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
from nato_support.desk.records.row_labels import may_view_model

DELETED_PER_PAGE = 50
_NAME_FIELDS = ("name", "title", "exact", "slug")


@dataclass
class DeletedRecord:
    """A record that is not there any more."""

    kind: str
    label: str
    at: datetime
    person: str | None
    why: str | None
    url: str
    may_restore: bool


def deleted_record_urls(site: admin.AdminSite) -> list:
    """The address of this page, for the admin of all entities."""
    return [path("deleted/", site.admin_view(lambda request: deleted_records_view(site, request)), name="entities_deleted")]


def deleted_records_view(site: admin.AdminSite, request):
    """What was deleted of the sorts of records that the user may see: one query for a page, and one for their number."""
    models = [model for model in curated_models_with_history() if may_view_model(request.user, model)]
    if not models:
        raise PermissionDenied
    page = Paginator(_deleted_rows_query(models), DELETED_PER_PAGE).get_page(request.GET.get("p"))
    page.object_list = [_deleted_record_from_row(site, request, models, row) for row in page.object_list]
    context = {**site.each_context(request), "title": "Deleted records", "page": page}
    return TemplateResponse(request, "desk/history/deleted.html", context)


def curated_models_with_history() -> list[Any]:
    """Every model of records that has a history, hence a table of its own that editors know."""
    return [model for model in apps.get_models() if issubclass(model, Curated) and hasattr(model, "history")]


def _deleted_rows_query(models: list[Any]):
    queries = []
    for at, model in enumerate(models):
        key = model._meta.pk.attname
        columns = {field.name for field in model._meta.concrete_fields}
        called = next(name for name in _NAME_FIELDS if name in columns)
        history = model.history.model.objects.filter(history_type="-").order_by()
        newer = model.history.model.objects.filter(**{key: OuterRef(key)}, history_id__gt=OuterRef("history_id"))
        queries.append(
            history.filter(~Exists(newer), ~Exists(model._default_manager.filter(pk=OuterRef(key))))
            .annotate(
                at_model=Value(at),
                row=F(key),
                called=Cast(called, CharField()),
                person=Coalesce("history_user__username", "change__by__username"),
            )
            .values_list("at_model", "row", "called", "history_date", "person", "change__why")
        )
    return queries[0].union(*queries[1:], all=True).order_by("-history_date")


def _deleted_record_from_row(site: admin.AdminSite, request, models: list[Any], row: tuple) -> DeletedRecord:
    at, pk, called, when, person, why = row
    model = models[at]
    meta = model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[pk])
    allowed = site._registry[model].has_delete_permission(request)
    return DeletedRecord(str(meta.verbose_name), called[:120], when, person, why, url, allowed)
