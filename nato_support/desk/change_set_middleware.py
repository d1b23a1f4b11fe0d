"""Group everything that one request writes into one change of the history."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from entities.models import change_set


class ChangeSetMiddleware:
    """Opens a change set around each writing request of a signed-in user, so that its history rows belong together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        with change_set(by=request.user):
            return self.get_response(request)
