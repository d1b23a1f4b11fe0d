"""Taking a report: it is stored, counted for the limits, and editors are notified of it."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest

from nato_support.publishing.models.notifications import Notification, NotificationReason
from nato_support.publishing.rendering import model_for_kind
from nato_support.publishing.teamwork.notifying import notify
from nato_support.reports.form_tokens import hash_token
from nato_support.reports.models import ReaderReport
from nato_support.reports.reported_facts import ReportedFact
from nato_support.reports.sending_limits import count_report

MOST_NOTIFIED = 200
"""Editors that are notified of one report."""
_PASSWORDS = "django.contrib.auth.backends.ModelBackend"


def receive_report(request: HttpRequest, about: ReportedFact, secret: str, values: dict[str, Any]) -> None:
    """Store a report, once for each `secret`: a form that is sent twice makes one report."""
    with transaction.atomic():
        _, is_new = ReaderReport.objects.get_or_create(
            token_hash=hash_token(secret),
            defaults={
                "kind": about.kind,
                "slug": about.slug,
                "edition": about.edition,
                "release": about.release,
                "field": about.field,
                **{name: values[name] for name in ("problem", "text", "source_url", "contact")},
            },
        )
        if is_new:
            count_report(request)
            _notify_editors(about)


def was_received(secret: str) -> bool:
    """Return True if the form of this `secret` was sent before."""
    return ReaderReport.objects.filter(token_hash=hash_token(secret)).exists()


def record_pk(kind: str, slug: str) -> int | None:
    """Return the key of a record of the working copy; None if it is not there any more, as in a mirror."""
    return model_for_kind(kind).objects.filter(slug=slug).values_list("pk", flat=True).first()


def _notify_editors(about: ReportedFact) -> None:
    """Notify whoever may answer, but for those that have not read of an earlier report on the record yet."""
    record = record_pk(about.kind, about.slug)
    if record is None:
        return
    reason = NotificationReason.REPORT
    informed = Notification.objects.filter(kind=about.kind, record=record, reason=reason, read_at=None).order_by()
    editors = User.objects.with_perm("reports.answer_report", backend=_PASSWORDS).filter(is_staff=True)
    editors = editors.exclude(pk__in=informed.values("recipient")).order_by("pk")[:MOST_NOTIFIED]
    notify(editors, reason, by=None, kind=about.kind, record=record)
