"""Pages of the admin belong to whoever is signed in: no cache keeps them, neither a browser's nor one in between."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers


class PrivatePagesMiddleware:
    """Marks as uncacheable what the admin itself leaves open, such as its pages for passwords; scripts may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if request.path_info.startswith("/admin/") and is_page and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response
