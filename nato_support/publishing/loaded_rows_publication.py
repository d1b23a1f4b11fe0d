"""Complete a loaded working copy: verify quotes, check rules, begin the history and publish the editions."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from entities.models import change_set
from entities.refusals import Refused
from entities.vocabulary import Action, Status
from nato_support.publishing import row_checks
from nato_support.publishing.models.public_tables import Release, ReleaseOperation
from nato_support.publishing.publication import publish
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind
from sources.models import SourceQuote
from sources.verification import verify_quotes

ProgressBarFactory = Callable[[str, int], AbstractContextManager[Any]]
"""Opens a progress bar with `update(n)`, given its label and its number of steps."""


class IncompleteRegister(Exception):
    """The loaded rows are not a complete register. `problems` lists the reasons."""

    def __init__(self, problems: list):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def check_and_publish_loaded_rows(open_progress_bar: ProgressBarFactory, *, note: str = "") -> Release | None:
    """Complete the load inside the loading transaction, once the rows are in.

    Raises IncompleteRegister, upon which the caller rolls back. Returns the release, or None if there was nothing to publish.
    """
    verify_quotes(SourceQuote.objects.select_related("document"))
    with open_progress_bar("checking", row_checks.count_rows()) as progress:
        problems = list(row_checks.check_rows(progress.update))
    if problems:
        raise IncompleteRegister(problems)
    with open_progress_bar("history", 1) as progress, change_set(action=Action.LOAD):
        write_first_history()
        progress.update(1)
    records = [record for kind in PUBLIC_KINDS for record in model_for_kind(kind).objects.filter(status=Status.PUBLISHED)]
    with open_progress_bar("rendering editions", len(records)) as progress:
        try:
            release = publish(records, operation=ReleaseOperation.LOAD, note=note, rows_checked=True)
        except Refused as refusal:
            raise IncompleteRegister(refusal.findings) from None
        progress.update(len(records))
    return release


def write_first_history() -> None:
    """Write the first version of every row without history: Django saves fixtures raw and writes none."""
    now = timezone.now()
    for model in _models_with_history():
        history = model.history.model
        rows_with_history = history.objects.values(model._meta.pk.attname)
        rows = list(model._default_manager.exclude(pk__in=rows_with_history))
        model.history.bulk_history_create(rows, batch_size=500, default_date=now, default_change_reason="loaded")
        for field in getattr(history, "_history_m2m_fields", ()):
            _write_first_many_to_many_history(model, history, field, {row.pk for row in rows})


def _write_first_many_to_many_history(model: type[models.Model], history: Any, field: Any, keys: set) -> None:
    first_history_ids = dict(
        history.objects.filter(**{f"{model._meta.pk.attname}__in": keys}).values_list(model._meta.pk.attname, "history_id")
    )
    through = field.remote_field.through
    source = field.m2m_column_name()
    tracked = getattr(history, field.name).model
    rows = through.objects.filter(**{f"{source}__in": keys}).order_by("pk")
    tracked.objects.bulk_create(
        [
            tracked(
                history_id=first_history_ids[getattr(row, source)],
                **{f.attname: getattr(row, f.attname) for f in through._meta.fields},
            )
            for row in rows
        ],
        batch_size=500,
    )


def _models_with_history() -> list[Any]:
    return [
        model
        for app_label in ("entities", "sources")
        for model in apps.get_app_config(app_label).get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    ]
