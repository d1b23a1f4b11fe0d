"""How every request is answered: the release first, then ETag, cache and view; any failure as a problem; never anything stale.

The newest release names the state of the register. An answer is kept, and may be repeated, only under the release that it
was made from; it is made from one release, or made again.
"""

import datetime
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_http_date_safe

from nato_support.api.content_negotiation import MEDIA_TYPES, build_link_header, negotiate_format
from nato_support.api.problems import ApiProblem
from nato_support.api.sql import Sql, fetch_rows, renew_connections
from nato_support.api.throttle import DEFAULT_RATE, Rate, Throttle
from nato_support.serving.outages import RETRY_AFTER, is_outage
from nato_support.serving.request_log import request_id_of
from nato_support.serving.site_address import site_address

REPRESENTATION_VERSION = 3
"""Raised when answers change though nothing was printed, so that no client keeps an older form of them."""

CACHE_REVALIDATE = "public, no-cache"
CACHE_FOREVER = "public, max-age=604800, immutable"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# An answer of data runs and loads nothing, wherever a browser is made to show it.
_RUNS_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Last-Modified, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID, Memento-Datetime, Content-Disposition"
    ),
}
_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Headers": "Accept, Accept-Datetime, Content-Type, If-Modified-Since, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}
# Two, because a second in which two releases were printed tells nothing about which of them somebody has seen.
_NEWEST_RELEASES_SQL = Sql("SELECT number, state_hash, released_at FROM publishing_release ORDER BY number DESC LIMIT 2")
MAX_STREAMS = 2
"""How many answers a process sends piece by piece at once: each occupies a thread for as long as its reader pleases."""
_logger = logging.getLogger("django.request")


class RegisterState(NamedTuple):
    """The newest release. The hash and the time tell it from the release of that number in another or a restored database."""

    release: int
    state_hash: str
    released_at: datetime.datetime | None
    released_second: int = 0
    """When it was printed, in seconds of the epoch."""
    is_only_in_second: bool = True
    """Whether it is the only release of that second."""


class RegisterChanged(Exception):
    """Something was published while the answer was made: make it again."""


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """What a view gives: the bytes to send, or pieces of them one after the other, and how long they hold."""

    body: bytes
    content_type: str = MEDIA_TYPES["json"]
    is_immutable: bool = False
    """The bytes of this address never change."""
    etag: str = ""
    extra_headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""
    chunks: Iterable[bytes] | None = None
    """Instead of a body: sent as they come, never kept."""
    is_cacheable: bool = True
    """Whether it may be repeated, and asked for by ETag: it follows from the address and the register's state alone.
    One that does not may still bring an ETag of its own."""
    status: int = 200

    def with_etag(self, weak: str, links: str) -> "ApiResponse":
        """The same with an ETag, if it has none, and with `links` beside its own."""
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"' if self.is_immutable and self.chunks is None else weak
        more = {**self.extra_headers, "Link": ", ".join(filter(None, (self.extra_headers.get("Link"), links)))}
        return replace(self, etag=self.etag or (tag if self.is_cacheable else ""), extra_headers=more)

    @property
    def cache_control(self) -> str:
        if not self.is_cacheable and not self.etag:
            return "no-store"
        return CACHE_FOREVER if self.is_immutable else CACHE_REVALIDATE


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What a view is asked: the register's newest release, where the request came in, and its query string as sent."""

    register: RegisterState
    site: str
    path: str
    """Without a suffix."""
    query_string: str
    output_format: str = "json"
    """One of `negotiation.FORMS`, of those that the view offers."""
    has_suffix: bool = False
    """Whether the address names that form by its suffix; addresses of other pages of the same must then too."""
    http_request: HttpRequest | None = None
    """For what cannot be told from the address: a body that was sent, a header that the answer depends on."""

    @property
    def url(self) -> str:
        """Where this is, as asked, without its query."""
        return f"{self.site}{self.with_same_suffix(self.path)}"

    def with_same_suffix(self, path: str) -> str:
        """Another path with the suffix of the one that was asked for, if that had any."""
        return f"{path[:-1]}.{self.output_format}" if self.has_suffix else path


class ResponseCache:
    """Answers given since the newest release, the least used ones forgotten first."""

    def __init__(self, most_bytes: int):
        self.max_bytes = most_bytes
        self._lock = threading.Lock()
        self._register: RegisterState | None = None
        self._kept: OrderedDict[str, ApiResponse] = OrderedDict()
        self._bytes = 0

    def get(self, register: RegisterState, url: str) -> ApiResponse | None:
        with self._lock:
            if self._register != register or url not in self._kept:
                return None
            self._kept.move_to_end(url)
            return self._kept[url]

    def store_response(self, register: RegisterState, url: str, answer: ApiResponse) -> None:
        size = len(answer.body) + len(url) + 1000
        if answer.chunks is not None or not answer.is_cacheable or size > self.max_bytes // 8:
            return
        with self._lock:
            if self._register != register:
                self._register, self._bytes = register, 0
                self._kept.clear()
            if url in self._kept:
                return
            self._kept[url] = answer
            self._bytes += size
            while self._bytes > self.max_bytes:
                old, forgotten = self._kept.popitem(last=False)
                self._bytes -= len(forgotten.body) + len(old) + 1000


response_cache = ResponseCache(getattr(settings, "API_CACHE_BYTES", 64 * 1024 * 1024))


throttle = Throttle(
    Rate.parse(settings.API_RATE or DEFAULT_RATE),
    count_this_machine=bool(settings.API_RATE),
)


def newest_register_state() -> RegisterState:
    """The newest release, of the moment."""
    return _register_state(*fetch_rows(_NEWEST_RELEASES_SQL))


@lru_cache(maxsize=16)
def _register_state(newest_row: tuple = (0, "", None), previous_row: tuple | None = None) -> RegisterState:
    """The release of these rows."""
    release, state_hash, released_at = newest_row
    second = _epoch_second(released_at) if released_at else 0
    return RegisterState(
        release, state_hash, released_at, second, previous_row is None or _epoch_second(previous_row[2]) < second
    )


class _BoundedStream:
    """Pieces on their way. Holds one of the places that there are for such, until it is closed."""

    _places = threading.BoundedSemaphore(MAX_STREAMS)

    def __init__(self, pieces: Iterable[bytes], request: HttpRequest, request_id: str):
        if not self._places.acquire(blocking=False):
            raise ApiProblem("unavailable", "Other long answers are being sent.", headers={"Retry-After": "5"})
        self._held = True
        self._pieces = iter(pieces)
        self._request, self._request_id = request, request_id

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except StopIteration:
            raise
        except Exception:
            _report_failure(self._request, self._request_id)
            raise

    def close(self) -> None:
        """Called by the server at the end, and when the reader went away."""
        if self._held:
            self._held = False
            self._places.release()
            if isinstance(self._pieces, Generator):
                self._pieces.close()


def respond_to_request(request: HttpRequest, view, kwargs: Mapping, suffix: str = "") -> HttpResponseBase:
    """The response to `request` by `view.get(asked, **kwargs)`; `suffix` is the form that its address names."""
    request_id = request_id_of(request)
    methods = getattr(view, "methods", SAFE_METHODS)
    response: HttpResponseBase
    try:
        if request.method == "OPTIONS":
            allow = ", ".join(methods)
            response = HttpResponse(
                status=204, headers=_PREFLIGHT_HEADERS | {"Access-Control-Allow-Methods": allow, "Allow": allow}
            )
        elif request.method not in methods:
            raise ApiProblem("method-not-allowed", headers={"Allow": ", ".join(methods)})
        else:
            response = _build_response(request, request_id, view, kwargs, suffix)
    except ApiProblem as problem:
        response = _problem_response(request, problem, request_id)
    except Exception as error:
        response = _problem_response(request, _fault(request, request_id, error), request_id)
        # Django's handler would log it once more.
        response._has_been_logged = True  # type: ignore[attr-defined]
        # A connection that was lost is opened anew by the next request.
        renew_connections()
    headers = response.headers
    for name, value in _CORS_HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", _RUNS_NOTHING)
    headers["X-Request-ID"] = request_id
    return response


def _problem_response(request: HttpRequest, problem: ApiProblem, request_id: str) -> HttpResponse:
    response = problem.to_response(request_id)
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _fault(request: HttpRequest, request_id: str, error: Exception) -> ApiProblem:
    """Log what went wrong, and return the problem that the client is answered with."""
    if not is_outage(error):
        _report_failure(request, request_id)
        return ApiProblem("internal")
    extra = {"status_code": 503, "request": request, "request_id": request_id}
    _logger.error("Database unavailable: %s: %s", request.path, error, extra=extra)
    return ApiProblem("unavailable", "The database does not answer.", headers={"Retry-After": RETRY_AFTER})


def _report_failure(request: HttpRequest, request_id: str) -> None:
    """Whoever listens for failures (logs, tests, monitoring) must hear of it, though the client gets a document."""
    got_request_exception.send(sender=None, request=request)
    extra = {"status_code": 500, "request": request, "request_id": request_id}
    _logger.exception("Internal Server Error: %s", request.path, extra=extra)


def _build_response(request: HttpRequest, request_id: str, view, kwargs: Mapping, suffix: str) -> HttpResponseBase:
    try:
        site = site_address(request)
    except DisallowedHost:
        raise ApiProblem("not-found", "This host is not served here.") from None
    meta = request.META
    offered = getattr(view, "formats", ("json",))
    form = negotiate_format(suffix, meta.get("HTTP_ACCEPT", ""), offered)
    path = f"{request.path[: -len(suffix) - 1]}/" if suffix else request.path
    query = meta.get("QUERY_STRING", "")
    url = f"{site}{request.path}?{query}" if form == "json" else f"{form} {site}{request.path}?{query}"
    by_time = getattr(view, "heeds_accept_datetime", False)
    varies = _vary_header(len(offered) > 1 and not suffix, by_time)
    # What is asked by a body, or of another time, cannot be told by its address.
    reading = request.method != "POST" and not (by_time and "HTTP_ACCEPT_DATETIME" in meta)
    held = _client_etags(meta.get("HTTP_IF_NONE_MATCH", "")) if reading else set()
    limits: Mapping[str, str] | None = None
    for _ in range(3):
        register = newest_register_state()
        weak = _weak_etag(register, url)
        always = {"Vary": varies} if varies else {}
        if register.released_second:
            always["Last-Modified"] = _cached_http_date(register.released_second)
        if weak[2:] in held:
            return HttpResponse(status=304, headers={"ETag": weak, "Cache-Control": CACHE_REVALIDATE} | always)
        if limits is None:
            limits = throttle.spend_request(request)
        answer = response_cache.get(register, url) if reading else None
        if answer is None:
            try:
                asked = ApiRequest(register, site, path, query, form, bool(suffix), request)
                answer = view.get(asked, **kwargs).with_etag(weak, build_link_header(path, query, form, offered))
            except RegisterChanged:
                continue
            except ApiProblem:
                raise
            except Exception:
                # What one statement found may be withdrawn before the next: then it is asked again, as the register is now.
                if newest_register_state() == register:
                    raise
                continue
            if newest_register_state() != register:
                continue
            if reading:
                response_cache.store_response(register, url, answer)
        headers: dict[str, str] = {"Cache-Control": answer.cache_control, **always, **answer.extra_headers}
        if not answer.is_cacheable and "Last-Modified" not in answer.extra_headers:
            headers.pop("Last-Modified", None)
        if answer.etag:
            headers["ETag"] = answer.etag
            if reading and _client_is_current(answer, held, meta, register):
                throttle.refund_request(request)
                return HttpResponse(status=304, headers=headers)
        headers.update(limits)
        return _http_response(request, request_id, answer, headers)
    raise ApiProblem("unavailable", headers={"Retry-After": "1"})


def _http_response(request: HttpRequest, request_id: str, answer: ApiResponse, headers: dict[str, str]) -> HttpResponseBase:
    told: dict = {"status": answer.status, "content_type": answer.content_type, "headers": headers}
    if answer.chunks is not None and request.method != "HEAD":
        return StreamingHttpResponse(_BoundedStream(answer.chunks, request, request_id), **told)
    if answer.chunks is None:
        headers["Content-Length"] = str(len(answer.body))
    return HttpResponse(b"" if request.method == "HEAD" else answer.body, **told)


@lru_cache(maxsize=4)
def _vary_header(by_form: bool, by_time: bool) -> str:
    """The headers of a request on which its answer depends."""
    return ", ".join(name for name, depends in (("Accept", by_form), ("Accept-Datetime", by_time)) if depends)


def _client_etags(tags: str) -> set[str]:
    """The ETags that a client holds, weak ones as if they were strong: a proxy that compresses weakens ours."""
    return {tag.strip().removeprefix("W/") for tag in tags.split(",")} if tags else set()


def _client_is_current(answer: ApiResponse, client_etags: set[str], meta: Mapping, register: RegisterState) -> bool:
    """Whether the client has this answer. As RFC 9110 has it: an ETag that was sent decides alone.

    If-Modified-Since must name the second of the newest release, and no other release have been printed in that second.
    """
    if client_etags:
        return answer.etag.removeprefix("W/") in client_etags or "*" in client_etags
    since = meta.get("HTTP_IF_MODIFIED_SINCE")
    return bool(
        since
        and answer.is_cacheable
        and register.is_only_in_second
        and register.released_second
        and parse_http_date_safe(since) == register.released_second
    )


def _weak_etag(register: RegisterState, url: str) -> str:
    known = f"{register.state_hash}\0{register.released_at}\0{REPRESENTATION_VERSION}\0{url}"
    return f'W/"{register.release}-{hashlib.blake2b(known.encode("utf-8", "replace"), digest_size=9).hexdigest()}"'


@lru_cache(maxsize=16)
def _cached_http_date(second: int) -> str:
    return http_date(second)


def _epoch_second(released_at) -> int:
    """A stored time in seconds of the epoch; SQLite gives text in UTC, PostgreSQL a datetime."""
    if isinstance(released_at, str):
        released_at = datetime.datetime.fromisoformat(released_at).replace(tzinfo=datetime.UTC)
    return int(released_at.timestamp())
