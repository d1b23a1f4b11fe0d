"""The shortest way for public reads: past Django's handler, through three middlewares alone.

Django's handler releases its request signals and a dozen wrappers for each request: a third of what a kept answer costs.
"""

import threading
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from nato_support.api.middleware import PublicReadMiddleware
from nato_support.api.sql import renew_connections
from nato_support.serving.proxies import TrustedProxyMiddleware
from nato_support.serving.request_log import log_request

_CONNECTION_CHECK_SECONDS = 30
"""Seconds after which connections are looked after, as Django does at each request."""


class PublicReadApplication:
    """Answers what PublicReads answers; hands everything else to `application`, Django's own."""

    def __init__(self, application: Callable):
        self.application = application
        secure: Callable = SecurityMiddleware(PublicReadMiddleware(_not_handled_response))
        self._reads: Callable = TrustedProxyMiddleware(secure)
        self._logs = settings.LOG_PUBLIC_READS
        # Connections belong to threads.
        self._thread = threading.local()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith("/api"):
            return self.application(environ, start_response)
        try:
            self._look_after_connections()
            started = time.perf_counter() if self._logs else 0.0
            request = WSGIRequest(environ)
            response = self._reads(request)
        except Exception:
            # What cannot even be read as a request is refused by Django's handler.
            return self.application(environ, start_response)
        if response is _NOT_HANDLED:
            return self.application(environ, start_response)
        if self._logs:
            log_request(request, response.status_code, started)
        # As `response.items()`, which looks each of the dozen up by its name again.
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.headers._store.values()))
        # A stream is closed by the server, also when its reader went away: it then gives up its place.
        return response if response.streaming else [response.content]

    def _look_after_connections(self) -> None:
        now = time.monotonic()
        if now > getattr(self._thread, "due", 0.0):
            self._thread.due = now + _CONNECTION_CHECK_SECONDS
            renew_connections()


_NOT_HANDLED = HttpResponse()


def _not_handled_response(request: HttpRequest) -> HttpResponse:
    return _NOT_HANDLED
