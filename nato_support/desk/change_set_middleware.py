"""What one request changes is one change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from entities.models import change_set


class ChangeSetMiddleware:
    """Frames each request of somebody signed in that may write, so that its rows of history belong together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
            return self.get_response(request)
        with change_set(by=request.user):
            return self.get_response(request)
