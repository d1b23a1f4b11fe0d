"""How much waits in the queues, as the sidebar says it: counted when it is shown, and once for each request."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from entities.duplicates import open_likenesses
from entities.vocabulary import Verification
from nato_support.review import queues
from sources.models import SourceQuote


def _waiting(user) -> int:
    return queues.waiting_for(user).count()


def _failing(user) -> int:
    return (
        SourceQuote.objects.filter(verification=Verification.FAILED).count() if user.has_perm("sources.view_sourcequote") else 0
    )


def _likenesses(user) -> int:
    return open_likenesses().count() if user.has_perm("entities.view_likeness") else 0


COUNTS: dict[str, Callable[..., int]] = {"waiting": _waiting, "failing": _failing, "likenesses": _likenesses}


def remember(request: HttpRequest, counts: Mapping[str, int]):
    """What was counted for the page itself need not be counted again beside it."""
    known = vars(request).setdefault("workplace_counts", {})
    known.update(counts)


def count(request: HttpRequest, name: str) -> int:
    """How much waits for whoever asks in the queue `name`."""
    known = vars(request).setdefault("workplace_counts", {})
    if name not in known:
        known[name] = COUNTS[name](request.user)
    return known[name]


# As the sidebar calls them: an empty text shows no number


def waiting_badge(request: HttpRequest) -> int | str:
    return count(request, "waiting") or ""


def failing_badge(request: HttpRequest) -> int | str:
    return count(request, "failing") or ""


def likenesses_badge(request: HttpRequest) -> int | str:
    return count(request, "likenesses") or ""
