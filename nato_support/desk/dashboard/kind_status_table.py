"""Table of the dashboard: records by kind and status."""

from collections import Counter

from django.apps import apps
from django.db.models import Count
from django.urls import reverse

from entities.models import Entity
from entities.vocabulary import Kind, Status

OTHER_MODELS = ("entities.Relation", "sources.SourceDocument", "sources.SourceQuote")


def kind_status_table(request) -> list[dict]:
    """Return a row for each kind that the user may see."""
    counts = Counter({(kind, status): n for kind, status, n in _count_rows_by(Entity.objects.order_by(), "kind", "status")})
    rows = [
        _kind_status_row(request, apps.get_model("entities", kind), {s: counts[kind, s] for s in Status}) for kind in Kind.values
    ]
    for label in OTHER_MODELS:
        model = apps.get_model(label)
        numbers = dict(_count_rows_by(model._default_manager.order_by(), "status"))
        rows.append(_kind_status_row(request, model, {status: numbers.get(status, 0) for status in Status}))
    return [row for row in rows if row]


def _count_rows_by(rows, *columns: str):
    return rows.values_list(*columns).annotate(Count("pk"))


def _kind_status_row(request, model, counts_by_status: dict) -> dict | None:
    meta = model._meta
    if not request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return None
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    cells = [{"number": number, "page": f"{page}?status={status}"} for status, number in counts_by_status.items()]
    return {"title": meta.verbose_name_plural, "page": page, "cells": cells, "total": sum(counts_by_status.values())}
