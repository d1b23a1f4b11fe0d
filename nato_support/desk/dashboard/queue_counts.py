"""How much waits in the queues, as the sidebar says it: counted when it is shown, and once for each request."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from entities.likeness.duplicate_queue import open_likenesses
from entities.vocabulary import Verification
from nato_support.publishing.review import queues
from sources.models import SourceQuote


def _count_waiting_submissions(user) -> int:
    return queues.submissions_waiting_for(user).count()


def _count_failing_quotes(user) -> int:
    return (
        SourceQuote.objects.filter(verification=Verification.FAILED).count() if user.has_perm("sources.view_sourcequote") else 0
    )


def _count_open_likenesses(user) -> int:
    return open_likenesses().count() if user.has_perm("entities.view_likeness") else 0


QUEUE_COUNTERS: dict[str, Callable[..., int]] = {
    "waiting": _count_waiting_submissions,
    "failing": _count_failing_quotes,
    "likenesses": _count_open_likenesses,
}


def remember_queue_counts(request: HttpRequest, counts: Mapping[str, int]):
    """What was counted for the page itself need not be counted again beside it."""
    known = vars(request).setdefault("desk_counts", {})
    known.update(counts)


def count_in_queue(request: HttpRequest, name: str) -> int:
    """How much waits for whoever asks in the queue `name`."""
    known = vars(request).setdefault("desk_counts", {})
    if name not in known:
        known[name] = QUEUE_COUNTERS[name](request.user)
    return known[name]


# As the sidebar calls them: an empty text shows no number


def waiting_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "waiting") or ""


def failing_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "failing") or ""


def likenesses_badge(request: HttpRequest) -> int | str:
    return count_in_queue(request, "likenesses") or ""
