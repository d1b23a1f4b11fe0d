"""How large a request may be: small, unless its view judges the size itself. Of what is too large nothing is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from entities.numbers import count_up_to

LARGEST_REQUEST_BODY = 2_621_440
"""Bytes. What Django lets through by itself; the form of a record with a hundred parts has some 100,000."""


class RequestSizeLimitMiddleware:
    """Refuses requests that are too large, so that nobody who is not signed in has megabytes read into memory.

    A view with the attribute `judges_size` is asked with any size. Stands above CsrfViewMiddleware, which reads forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if not getattr(view, "judges_size", False) and count_up_to(size, LARGEST_REQUEST_BODY + 1) > LARGEST_REQUEST_BODY:
            return HttpResponse(f"At most {LARGEST_REQUEST_BODY:,} bytes are taken here.", status=413, content_type="text/plain")
        return None
