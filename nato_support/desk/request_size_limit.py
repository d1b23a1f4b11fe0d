"""Limit on the size of requests, for all views that do not set one of their own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from entities.numbers import integer_or_none

LARGEST_REQUEST_BODY = 2_621_440
"""Bytes; Django's own default. The form of a record with a hundred child rows has some 100,000."""


class RequestSizeLimitMiddleware:
    """Refuses large requests with 413 before any of the body is read into memory, also for anonymous clients.

    A view with the attribute `limits_size_itself` takes any size. Stands above CsrfViewMiddleware, which reads forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        size = integer_or_none(request.META.get("CONTENT_LENGTH") or "0", LARGEST_REQUEST_BODY)
        if size is None and not getattr(view, "limits_size_itself", False):
            return HttpResponse(
                f"Requests here may have at most {LARGEST_REQUEST_BODY:,} bytes.", status=413, content_type="text/plain"
            )
        return None
