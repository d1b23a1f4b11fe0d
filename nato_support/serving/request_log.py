"""Console logs: one line for each record, with the id of its request."""

import logging
import os
import re
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

_GIVEN_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# The address of a private feed, or of a reader's report, is what gives access to it.
_SECRET_PATHS = re.compile(r"^(/admin/feed/|/reports/(?!new/)).+")
# Who sends reports is nobody's business, the operator's included.
_ANONYMOUS_PATHS = "/reports/"
_current_id: ContextVar[str] = ContextVar("request_id", default="-")
_logger = logging.getLogger("nato_support.requests")


def request_id_of(request: HttpRequest) -> str:
    """Return the id that the client gave the request (`X-Request-ID`), or a generated one."""
    known = getattr(request, "request_id", "")
    if not known:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        known = given if _GIVEN_ID.fullmatch(given) else os.urandom(12).hex()
        request.request_id = known  # type: ignore[attr-defined]
    return known


def log_request(request: HttpRequest, status: int, started: float) -> None:
    """Log one request. `started` is a `time.perf_counter()`; no URLs hold secrets but those of feeds and reports."""
    _logger.info(
        "%s %s %d %.0f ms from %s",
        request.method,
        _SECRET_PATHS.sub(r"\1…", request.get_full_path()),
        status,
        (time.perf_counter() - started) * 1000,
        "-" if request.path.startswith(_ANONYMOUS_PATHS) else request.META.get("REMOTE_ADDR") or "-",
        extra={"request_id": request_id_of(request)},
    )


class RequestLogMiddleware:
    """Gives each request an id, which its response and every line logged for it carry, and logs the answered request.

    Public reads are logged where they are answered (`api.dispatch`), if `LOG_PUBLIC_READS` is set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = request_id_of(request)
        token = _current_id.set(request_id)
        try:
            response = self.get_response(request)
            if "X-Request-ID" not in response.headers:
                response.headers["X-Request-ID"] = request_id
            if not getattr(request, "is_public_read", False) or response.status_code >= 500:
                log_request(request, response.status_code, started)
            return response
        finally:
            _current_id.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds `request_id` to records without one: that of the current request, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            record.request_id = _current_id.get()
        return True


class OneLineFormatter(logging.Formatter):
    """Time in UTC, level, logger, request id and message in one line; line breaks of tracebacks are written as `\\n`."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), super().format(record))
