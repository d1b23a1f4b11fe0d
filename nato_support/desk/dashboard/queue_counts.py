"""Counts of the work queues, shown in the sidebar and counted once for each request."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from entities.likeness.duplicate_queue import open_candidates
from entities.vocabulary import Verification
from nato_support.publishing.review import queues
from nato_support.publishing.teamwork.notification_access import notifications_for
from nato_support.reports.answering import open_reports_visible_to
from sources.models import SourceQuote


def _count_waiting_submissions(user) -> int:
    return queues.submissions_waiting_for(user).count()


def _count_failing_quotes(user) -> int:
    return (
        SourceQuote.objects.filter(verification=Verification.FAILED).count() if user.has_perm("sources.view_sourcequote") else 0
    )


def _count_open_candidates(user) -> int:
    return open_candidates().count() if user.has_perm("entities.view_duplicatecandidate") else 0


def _count_unread_notifications(user) -> int:
    return notifications_for(user).filter(read_at=None).order_by().count()


def _count_open_reports(user) -> int:
    return open_reports_visible_to(user).order_by().count()


QUEUE_COUNTERS: dict[str, Callable[..., int]] = {
    "waiting": _count_waiting_submissions,
    "failing": _count_failing_quotes,
    "duplicates": _count_open_candidates,
    "notifications": _count_unread_notifications,
    "reports": _count_open_reports,
}


def remember_queue_counts(request: HttpRequest, counts: Mapping[str, int]):
    """Store counts that the page has made already, for the sidebar beside it."""
    known = vars(request).setdefault("desk_counts", {})
    known.update(counts)


def count_in_queue(request: HttpRequest, name: str) -> int:
    """Return the number of items of the queue `name` that wait for the user."""
    known = vars(request).setdefault("desk_counts", {})
    if name not in known:
        known[name] = QUEUE_COUNTERS[name](request.user)
    return known[name]


# Callbacks of the sidebar: an empty string shows no number


def waiting_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "waiting") or ""


def failing_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "failing") or ""


def duplicates_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "duplicates") or ""


def reports_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "reports") or ""


def notifications_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "notifications") or ""
