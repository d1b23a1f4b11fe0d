"""WSGI application that answers the API and the pages through few middlewares, without Django's handler.

For each request the handler sends its signals and runs a dozen wrappers, which is a third of the cost of a cached response.
"""

import threading
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from nato_support.api.middleware import ApiShortcutMiddleware
from nato_support.api.sql import renew_connections
from nato_support.serving.proxies import TrustedProxyMiddleware
from nato_support.serving.request_log import log_request

# Those of HealthMiddleware and WhiteNoise, which come before or after the middlewares here.
_NEVER_PUBLIC = ("/admin", "/healthz", "/readyz", settings.STATIC_URL)
_CONNECTION_CHECK_SECONDS = 30
"""Interval at which unusable database connections are closed; Django's handler does so for each request."""


class PublicFastPathApplication:
    """Answers what ApiShortcutMiddleware and `further` ones answer, and passes the rest on to Django's `application`."""

    def __init__(self, application: Callable, *further: Callable):
        self.application = application
        innermost: Callable = _not_handled_response
        for middleware in reversed(further):
            innermost = middleware(innermost)
        secure: Callable = SecurityMiddleware(ApiShortcutMiddleware(innermost))
        self._answer: Callable = TrustedProxyMiddleware(secure)
        self._log_requests = settings.LOG_PUBLIC_READS
        # Connections belong to threads.
        self._thread = threading.local()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(_NEVER_PUBLIC):
            return self.application(environ, start_response)
        try:
            self._renew_stale_connections()
            started = time.perf_counter() if self._log_requests else 0.0
            request = WSGIRequest(environ)
            response = self._answer(request)
        except Exception:
            # Django's handler refuses what cannot even be parsed as a request.
            return self.application(environ, start_response)
        if response is _NOT_HANDLED:
            return self.application(environ, start_response)
        if self._log_requests:
            log_request(request, response.status_code, started)
        # Like `response.items()`, which looks up each of a dozen headers by its name again.
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.headers._store.values()))
        # The server closes a stream, also when its client disconnects, and so frees its place among the streams.
        return response if response.streaming else [response.content]

    def _renew_stale_connections(self) -> None:
        now = time.monotonic()
        if now > getattr(self._thread, "due", 0.0):
            self._thread.due = now + _CONNECTION_CHECK_SECONDS
            renew_connections()


_NOT_HANDLED = HttpResponse()


def _not_handled_response(request: HttpRequest) -> HttpResponse:
    return _NOT_HANDLED
