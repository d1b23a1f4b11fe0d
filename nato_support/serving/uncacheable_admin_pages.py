"""Cache headers for the admin: its pages are private to the signed-in user, so no cache may keep them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers


class UncacheableAdminPagesMiddleware:
    """Marks pages of the admin that have no cache headers, such as those for passwords, as uncacheable; scripts may be cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if request.path_info.startswith("/admin/") and is_page and "Cache-Control" not in response.headers:
            add_never_cache_headers(response)
        return response
