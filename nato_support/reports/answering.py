"""Answering reports: who may read and answer them, and the steps from new to settled."""

from django.db import transaction
from django.db.models import QuerySet

from entities.fields import strip_control_characters
from entities.refusals import Refused
from nato_support.publishing.models.notifications import Notification, NotificationReason
from nato_support.publishing.review import permissions
from nato_support.publishing.teamwork.notifying import mark_as_read
from nato_support.reports.models import LONGEST_TEXT, OPEN_STATES, SETTLED_STATES, ReaderReport, ReportState, ReportStep
from nato_support.reports.receiving import record_pk

CHOSEN_STATES = (ReportState.LOOKING, *SETTLED_STATES)
"""States that an editor gives a report."""


def may_view_reports(user) -> bool:
    return user.has_perm("reports.view_readerreport")


def may_answer_reports(user) -> bool:
    """Return True if `user` may answer reports, which includes seeing how their readers can be reached."""
    return may_view_reports(user) and user.has_perm("reports.answer_report")


def reports_visible_to(user) -> QuerySet[ReaderReport]:
    """Return the reports on records that `user` may see, the longest waiting first."""
    if not may_view_reports(user):
        return ReaderReport.objects.none()
    return ReaderReport.objects.filter(kind__in=permissions.kinds_visible_to(user)).order_by("sent_at", "pk")


def open_reports_visible_to(user) -> QuerySet[ReaderReport]:
    """Return those of the reports that are not settled."""
    return reports_visible_to(user).filter(state__in=OPEN_STATES)


def take_step(report: ReaderReport, *, state: str, answer: str, by, seen_steps: int) -> None:
    """Give a report a state and an answer. Refuses if others took a step since `seen_steps`, or a settled one has no answer."""
    answer = strip_control_characters(answer)
    if state not in CHOSEN_STATES:
        raise Refused("Choose what becomes of the report.")
    if state in SETTLED_STATES and not answer:
        raise Refused("Write the answer in plain words: the reader sees it.")
    if len(answer) > LONGEST_TEXT:
        raise Refused(f"The answer has {len(answer):,} characters; it may have {LONGEST_TEXT:,}.")
    with transaction.atomic():
        locked = ReaderReport.objects.select_for_update().get(pk=report.pk)
        if locked.steps.count() != seen_steps:
            raise Refused("Somebody else has answered or taken it since you opened this page: see below")
        if (locked.state, locked.answer) == (state, answer):
            raise Refused("That is how it stands already.")
        locked.state, locked.answer = state, answer
        locked.save(update_fields=["state", "answer"])
        ReportStep.objects.create(report=locked, state=state, answer=answer, by=by)
        if state in SETTLED_STATES:
            _close_notifications(locked)


def _close_notifications(report: ReaderReport) -> None:
    """Mark as read that something was reported about the record, unless another report on it is open."""
    others = ReaderReport.objects.filter(kind=report.kind, slug=report.slug, state__in=OPEN_STATES)
    record = record_pk(report.kind, report.slug)
    if record is not None and not others.exists():
        mark_as_read(Notification.objects.filter(reason=NotificationReason.REPORT, kind=report.kind, record=record))
