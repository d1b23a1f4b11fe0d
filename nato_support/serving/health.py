"""Health for load balancers and watchdogs: `/healthz` says that the process answers, `/readyz` that it can serve.

Both answer every client, under any name or address of this machine: they come before the check of hosts.
"""

import logging
from collections.abc import Callable
from functools import lru_cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from nato_support.serving.outages import RETRY_AFTER

_logger = logging.getLogger(__name__)
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class HealthMiddleware:
    """Answers `/healthz` and `/readyz`. Must come first of all middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return _health_response(request, "")
        if request.path_info == "/readyz":
            return _health_response(request, _readiness_problem())
        return self.get_response(request)


def _health_response(request: HttpRequest, problem: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers=_HEADERS | {"Allow": "GET, HEAD"})
    headers = _HEADERS | ({"Retry-After": RETRY_AFTER} if problem else {})
    return HttpResponse(f"{problem or 'ok'}\n", status=503 if problem else 200, content_type="text/plain", headers=headers)


def _readiness_problem() -> str:
    """Return the reason why this process cannot serve, without details of the installation; "" if it can."""
    try:
        applied = MigrationRecorder(connection).applied_migrations().keys()
    except Error as error:
        _logger.error("Not ready: the database does not answer: %s", error)
        return "database unavailable"
    missing = sorted(
        name for name, replaced in _known_migrations() if name not in applied and not (replaced and replaced <= applied)
    )
    if missing:
        _logger.error("Not ready: %d migrations are not applied, %s first", len(missing), ".".join(missing[0]))
        return "migrations missing"
    return ""


@lru_cache(maxsize=1)
def _known_migrations() -> list[tuple[tuple[str, str], frozenset[tuple[str, str]]]]:
    """Return each migration of this version of the code, with those that it replaces."""
    loader = MigrationLoader(None)
    return [(name, frozenset(migration.replaces)) for name, migration in loader.disk_migrations.items()]
