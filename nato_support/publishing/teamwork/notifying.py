"""Notifications: who is told of what."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.notifications import (
    MailState,
    MailTiming,
    Notification,
    NotificationReason,
    NotificationSettings,
)
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.teamwork import notification_mail
from nato_support.publishing.teamwork.notification_access import may_be_notified

MOST_REVIEWERS = 200
"""Reviewers that are told of one submission."""
_PASSWORDS = "django.contrib.auth.backends.ModelBackend"


def notify(
    users: Iterable[User],
    reason: NotificationReason,
    *,
    by: User | None,
    kind: str = "",
    record: int | None = None,
    submission: Submission | None = None,
    comment: Comment | None = None,
    due_on: date | None = None,
) -> None:
    """Notify those of `users` who may see what it is about, but never `by`. Mail is sent after the transaction commits."""
    recipients = {user.pk: user for user in users if by is None or user.pk != by.pk}
    recipients = {pk: user for pk, user in recipients.items() if may_be_notified(user, kind, submission)}
    timings = dict(NotificationSettings.objects.filter(owner__in=recipients).values_list("owner", "mail")) if recipients else {}
    notifications = [
        Notification(
            recipient=user,
            reason=reason,
            actor=by,
            kind=kind,
            record=record,
            submission=submission,
            comment=comment,
            due_on=due_on,
            mail=MailState.WAITING if _wants_mail(user, timings.get(pk)) else MailState.SKIPPED,
        )
        for pk, user in recipients.items()
    ]
    Notification.objects.bulk_create(notifications)
    at_once = [row.pk for row in notifications if timings.get(row.recipient_id) == MailTiming.AT_ONCE and row.mail == "waiting"]
    if at_once:
        transaction.on_commit(partial(notification_mail.send_in_background, at_once), robust=True)


def notify_reviewers(submission: Submission, *, by: User | None, authors: Collection[int] = ()) -> None:
    """Notify everybody who may review `submission`, which `by` sent: not its `authors`, unless they may review their own work."""
    reviewers = User.objects.with_perm("publishing.review", backend=_PASSWORDS).filter(is_staff=True)
    if settings.REVIEW_BY_ANOTHER:
        reviewers = reviewers.exclude(pk__in=authors)
    notify(reviewers.order_by("pk")[:MOST_REVIEWERS], NotificationReason.REVIEW, by=by, submission=submission)


def close_notifications_of_review(submission: Submission) -> None:
    """Mark as read what asked for a review that has been decided."""
    reasons = (NotificationReason.REVIEW, NotificationReason.ASSIGNED)
    mark_as_read(Notification.objects.filter(submission=submission, reason__in=reasons))


def close_assignment_notifications(**about: Any) -> None:
    """Mark as read that something was assigned: `kind` and `record`, or `submission`."""
    mark_as_read(Notification.objects.filter(reason=NotificationReason.ASSIGNED, **about))


def mark_as_read(notifications: QuerySet[Notification]) -> int:
    """Mark `notifications` as read, and return how many were not before."""
    return notifications.filter(read_at=None).order_by().update(read_at=timezone.now())


def _wants_mail(user: User, timing: str | None) -> bool:
    return timing in (MailTiming.AT_ONCE, MailTiming.DAILY) and bool(user.email) and settings.SENDS_MAIL
