"""Middleware that answers the public pages early, without session, user, messages and CSRF."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, ResolverMatch, resolve

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.problems import ApiProblem
from nato_support.pages.page_views import Page

_LONGEST_CACHED_PATH = 300
_ANSWERED_ELSEWHERE = ("/admin", "/api", "/healthz", "/readyz")


class PageShortcutMiddleware:
    """Answers everything that is neither the API's nor the admin's nor a file. Its place is right below that of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith((*_ANSWERED_ELSEWHERE, settings.STATIC_URL)):
            return self.get_response(request)
        try:
            match = _resolve_cached(path) if len(path) < _LONGEST_CACHED_PATH else resolve(path)
        except Resolver404:
            return _redirect_with_slash(request) or _missing_page(request)
        if not isinstance(match.func, Page):
            return self.get_response(request)
        return match.func(request, *match.args, **match.kwargs)


@lru_cache(maxsize=4096)
def _resolve_cached(path: str) -> ResolverMatch:
    return resolve(path)


def _redirect_with_slash(request: HttpRequest) -> HttpResponse | None:
    """Return a redirect to the same address with a slash at its end, if that is a page."""
    path = f"{request.path_info}/"
    if request.path_info.endswith("/") or path.startswith("//") or len(path) > _LONGEST_CACHED_PATH:
        return None
    try:
        _resolve_cached(path)
    except Resolver404:
        return None
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


class _MissingPage(Page):
    def get(self, request: ApiRequest, **kwargs) -> ApiResponse:
        raise ApiProblem("not-found")


_missing_page = _MissingPage()
