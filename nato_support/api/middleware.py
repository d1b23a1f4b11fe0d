"""Public reads take a short way: no session, no user, no messages, no CSRF. Nothing that they are told depends on who asks."""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve

from nato_support.api.answering import respond
from nato_support.api.negotiation import FORMS, split
from nato_support.api.problems import Problem

_DOCS = "/api/v1/docs/"


@lru_cache(maxsize=4096)
def _resolved(path: str) -> ResolverMatch:
    return resolve(path)


class PublicReads:
    """Answers everything under /api/ itself, but for the pages of the docs. Stands right below SecurityMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not (path.startswith("/api/") or path == "/api") or (path == _DOCS and request.method in ("GET", "HEAD")):
            return self.get_response(request)
        try:
            if path == _DOCS:
                raise Resolver404
            path, suffix = split(path)
            match = _resolved(path) if len(path) < 300 else resolve(path)
        except Resolver404:
            return respond(request, _Nowhere, {})
        return match.func(request, *match.args, **match.kwargs, **({"suffix": suffix} if suffix else {}))


class _Nowhere:
    forms = tuple(FORMS)

    @staticmethod
    def get(asked, **kwargs):
        meant = f"{asked.path}/"
        with suppress(Resolver404):
            if not asked.path.endswith("/") and len(meant) < 300 and _resolved(meant):
                raise Problem("not-found", "Addresses end with a slash, or with a suffix.", did_you_mean=[meant])
        raise Problem("not-found")
