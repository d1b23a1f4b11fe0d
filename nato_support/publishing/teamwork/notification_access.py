"""What users may see of notifications, with the rights that they have now."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from nato_support.publishing.models.notifications import Notification
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.review import permissions


def may_be_notified(user: User, kind: str, submission: Submission | None) -> bool:
    """Return True if `user` may sign in at the desk and see the record, and the submission, that a notification is about."""
    if not (user.is_active and user.is_staff):
        return False
    if submission is not None and not permissions.may_view_submissions(user):
        return False
    return not kind or kind in permissions.kinds_visible_to(user)


def notifications_for(user: User) -> QuerySet[Notification]:
    """Return the notifications of `user` that they may see with the rights they have now, the newest first."""
    if not (user.is_active and user.is_staff):
        return Notification.objects.none()
    kinds = permissions.kinds_visible_to(user)
    visible = Q(submission=None, kind__in=kinds)
    if permissions.may_view_submissions(user):
        visible |= Q(submission__isnull=False, kind__in=["", *kinds])
    return Notification.objects.filter(visible, recipient=user).order_by("-created_at", "-pk")
