"""Middleware that answers the API early, without session, user, messages and CSRF: no response depends on the client."""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from nato_support.api.content_negotiation import MEDIA_TYPES, split_format_suffix
from nato_support.api.dispatch import respond_to_request
from nato_support.api.problems import ApiProblem

_DOCS_PATH = "/api/v1/docs/"


@lru_cache(maxsize=4096)
def _resolve_cached(path: str) -> ResolverMatch:
    return resolve(path)


class ApiShortcutMiddleware:
    """Answers everything under /api/ except the docs page. Its place is right below SecurityMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not (path.startswith("/api/") or path == "/api") or (path == _DOCS_PATH and request.method in ("GET", "HEAD")):
            return self.get_response(request)
        try:
            if path == _DOCS_PATH:
                raise Resolver404
            path, suffix = split_format_suffix(path)
            match = _resolve_cached(path) if len(path) < 300 else resolve(path)
        except Resolver404:
            return respond_to_request(request, _NotFoundView, {})
        return match.func(request, *match.args, **match.kwargs, **({"suffix": suffix} if suffix else {}))


class _NotFoundView:
    formats = tuple(MEDIA_TYPES)

    @staticmethod
    def get(request, **kwargs):
        path_with_slash = f"{request.path}/"
        with suppress(Resolver404):
            if not request.path.endswith("/") and len(path_with_slash) < 300 and _resolve_cached(path_with_slash):
                raise ApiProblem("not-found", "Addresses end with a slash, or with a suffix.", did_you_mean=[path_with_slash])
        raise ApiProblem("not-found")
