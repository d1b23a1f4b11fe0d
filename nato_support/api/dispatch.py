"""Dispatch of API requests to views: content negotiation, ETags, cache, throttle, and problems for all that fails.

The newest release names the state of the register. A response is cached and revalidated only under the release that it was
built from; if the register changes while it is built, it is built again.
"""

import hashlib
import logging
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import http_date, parse_http_date_safe

from nato_support.api.api_request import ApiRequest, utc_today
from nato_support.api.api_response import CACHE_REVALIDATE, ApiResponse
from nato_support.api.content_negotiation import build_link_header, negotiate_format
from nato_support.api.problems import ApiProblem
from nato_support.api.register_state import RegisterChanged, RegisterState, newest_register_state
from nato_support.api.response_cache import ResponseCache
from nato_support.api.sql import renew_connections
from nato_support.api.throttle import DEFAULT_RATE, Rate, Throttle
from nato_support.serving.compression import compress_chunks
from nato_support.serving.outages import RETRY_AFTER, is_database_outage
from nato_support.serving.request_log import request_id_of
from nato_support.serving.site_address import site_address

REPRESENTATION_VERSION = 7
"""Raised when responses change although nothing was released, so that clients drop what they have cached."""
MAX_STREAMS = 2
"""Streamed responses that a process sends at once: each occupies a thread for as long as its client reads."""
MAX_ATTEMPTS = 3
"""Times that a response is built before a register that keeps changing is reported as unavailable."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# A data response runs and loads nothing, wherever a browser is made to show it.
_CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'"
_CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Last-Modified, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID, Memento-Datetime,"
        " Content-Disposition, Register-Meta"
    ),
}
_PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Headers": "Accept, Accept-Datetime, Content-Type, If-Modified-Since, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}
_logger = logging.getLogger("django.request")

response_cache = ResponseCache(getattr(settings, "API_CACHE_BYTES", 64 * 1024 * 1024))
throttle = Throttle(
    Rate.parse(settings.API_RATE or DEFAULT_RATE),
    count_this_machine=bool(settings.API_RATE),
)


class _BoundedStream:
    """Iterator over the chunks of a response that occupies one of `MAX_STREAMS` slots until it is closed."""

    _slots = threading.BoundedSemaphore(MAX_STREAMS)

    def __init__(self, chunks: Iterable[bytes], request: HttpRequest, request_id: str):
        if not self._slots.acquire(blocking=False):
            raise ApiProblem("unavailable", "Other long answers are being sent.", headers={"Retry-After": "5"})
        self._has_slot = True
        self._chunks = iter(chunks)
        self._request, self._request_id = request, request_id

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except StopIteration:
            raise
        except Exception:
            _log_and_signal_exception(self._request, self._request_id)
            raise

    def close(self) -> None:
        """Free the slot. The server calls this at the end, and when the client has gone away."""
        if self._has_slot:
            self._has_slot = False
            self._slots.release()
            if isinstance(self._chunks, Generator):
                self._chunks.close()


def respond_to_request(request: HttpRequest, view, kwargs: Mapping, format_suffix: str = "") -> HttpResponseBase:
    """Return the response of `view.get(api_request, **kwargs)`, or a problem; `suffix` is the format that the URL names.

    A view may bring its own policy (`content_security_policy`), its own links to other formats (`link_header`) and its own
    way to say a problem (`problem_response`), and may depend on the day whatever its query (`depends_on_day`), or on a language
    (`response_language`).
    """
    request_id = request_id_of(request)
    # For the request log, which leaves these out.
    request.is_public_read = True  # type: ignore[attr-defined]
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
            response = _build_response(request, request_id, view, kwargs, format_suffix)
    except ApiProblem as problem:
        response = _problem_response(request, view, problem, request_id)
    except Exception as error:
        response = _problem_response(request, view, _problem_of_exception(request, request_id, error), request_id)
        # Django's handler would log it once more.
        response._has_been_logged = True  # type: ignore[attr-defined]
        # The next request then opens a new connection in place of one that was lost.
        renew_connections()
    headers = response.headers
    for name, value in _CORS_HEADERS.items():
        headers[name] = value
    headers.setdefault("Content-Security-Policy", getattr(view, "content_security_policy", _CONTENT_SECURITY_POLICY))
    headers["X-Request-ID"] = request_id
    return response


def _problem_response(request: HttpRequest, view, problem: ApiProblem, request_id: str) -> HttpResponse:
    say_problem = getattr(view, "problem_response", None)
    response = say_problem(request, problem) if say_problem else problem.to_response(request_id)
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _problem_of_exception(request: HttpRequest, request_id: str, error: Exception) -> ApiProblem:
    """Log an unexpected error, and return the problem to answer with."""
    if not is_database_outage(error):
        _log_and_signal_exception(request, request_id)
        return ApiProblem("internal")
    extra = {"status_code": 503, "request": request, "request_id": request_id}
    _logger.error("Database unavailable: %s: %s", request.path, error, extra=extra)
    return ApiProblem("unavailable", "The database does not answer.", headers={"Retry-After": RETRY_AFTER})


def _log_and_signal_exception(request: HttpRequest, request_id: str) -> None:
    """Log and signal the current exception: monitoring and tests must learn of it although the client gets a problem."""
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
    output_format = negotiate_format(suffix, meta.get("HTTP_ACCEPT", ""), offered)
    path = f"{request.path[: -len(suffix) - 1]}/" if suffix else request.path
    query = meta.get("QUERY_STRING", "")
    url = f"{site}{request.path}?{query}" if output_format == "json" else f"{output_format} {site}{request.path}?{query}"
    today = utc_today()
    depends_on_day = getattr(view, "depends_on_day", False) or _depends_on_day(query)
    if depends_on_day:
        url = f"{today} {url}"
    language, by_language = view.response_language(request, output_format) if hasattr(view, "response_language") else ("", False)
    if language:
        url = f"{language} {url}"
    by_time = getattr(view, "heeds_accept_datetime", False)
    varies = _vary_header(len(offered) > 1 and not suffix, by_time, by_language)
    # The URL alone does not tell the response to a body, or to Accept-Datetime.
    follows_from_url = request.method != "POST" and not (by_time and "HTTP_ACCEPT_DATETIME" in meta)
    client_etags = _client_etags(meta.get("HTTP_IF_NONE_MATCH", "")) if follows_from_url else set()
    rate_headers: Mapping[str, str] | None = None
    for _ in range(MAX_ATTEMPTS):
        register = newest_register_state()
        weak_etag = _weak_etag(register, url)
        common_headers = {"Vary": f"{varies}, Accept-Encoding" if varies else "Accept-Encoding"}
        # What depends on the day changes without a release.
        if register.released_second and not depends_on_day:
            common_headers["Last-Modified"] = _cached_http_date(register.released_second)
        if weak_etag[2:] in client_etags:
            return HttpResponse(status=304, headers={"ETag": weak_etag, "Cache-Control": CACHE_REVALIDATE} | common_headers)
        if rate_headers is None:
            rate_headers = throttle.spend_request(request)
        response = response_cache.get(register, url) if follows_from_url else None
        if response is None:
            try:
                api_request = ApiRequest(register, site, path, query, output_format, bool(suffix), today, request)
                links = getattr(view, "link_header", build_link_header)(path, query, output_format, offered)
                response = view.get(api_request, **kwargs).with_etag(weak_etag, links)
            except RegisterChanged:
                continue
            except ApiProblem:
                raise
            except Exception:
                # A row that one statement found may be withdrawn before the next: try again with the register as it is now.
                if newest_register_state() == register:
                    raise
                continue
            if newest_register_state() != register:
                continue
            if follows_from_url:
                response_cache.store_response(register, url, response)
        headers: dict[str, str] = {"Cache-Control": response.cache_control, **common_headers, **response.extra_headers}
        if not response.is_cacheable and "Last-Modified" not in response.extra_headers:
            headers.pop("Last-Modified", None)
        coding = response.coding_for(meta.get("HTTP_ACCEPT_ENCODING", ""))
        if response.etag:
            headers["ETag"] = response.etag_in(coding)
            if follows_from_url and _client_is_current(response, client_etags, meta, register, depends_on_day):
                throttle.refund_request(request)
                return HttpResponse(status=304, headers=headers)
        headers.update(rate_headers)
        return _http_response(request, request_id, response, headers, url, coding)
    raise ApiProblem("unavailable", headers={"Retry-After": "1"})


def _http_response(
    request: HttpRequest, request_id: str, response: ApiResponse, headers: dict[str, str], url: str, coding: str
) -> HttpResponseBase:
    arguments: dict = {"status": response.status, "content_type": response.content_type, "headers": headers}
    if coding:
        headers["Content-Encoding"] = coding
    if response.chunks is not None and request.method != "HEAD":
        chunks = compress_chunks(response.chunks, coding) if coding else response.chunks
        return StreamingHttpResponse(_BoundedStream(chunks, request, request_id), **arguments)
    if response.chunks is None:
        body = response_cache.compressed_body(url, response, coding) if coding else response.body
        headers["Content-Length"] = str(len(body))
        return HttpResponse(b"" if request.method == "HEAD" else body, **arguments)
    return HttpResponse(b"", **arguments)


@lru_cache(maxsize=8)
def _vary_header(by_format: bool, by_time: bool, by_language: bool) -> str:
    """Return the names of the request headers that the response depends on."""
    depends = {"Accept": by_format, "Accept-Datetime": by_time, "Accept-Language": by_language, "Cookie": by_language}
    return ", ".join(name for name, does in depends.items() if does)


def _depends_on_day(query: str) -> bool:
    """Return whether a query may name a parameter whose meaning depends on the day, in whatever way it is escaped."""
    return "overdue" in (unquote(query) if "%" in query else query)


def _client_etags(if_none_match: str) -> set[str]:
    """Return the ETags that the client has. Weak ones count as strong, since a proxy that compresses weakens ours."""
    return {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")} if if_none_match else set()


def _client_is_current(
    response: ApiResponse, client_etags: set[str], meta: Mapping, register: RegisterState, depends_on_day: bool
) -> bool:
    """Return whether the client has this response already. An ETag that was sent decides alone (RFC 9110).

    If-Modified-Since must name the second of the newest release, and no other release may have been made in that second.
    """
    if client_etags:
        return response.etag.removeprefix("W/") in client_etags or "*" in client_etags
    since = meta.get("HTTP_IF_MODIFIED_SINCE")
    return bool(
        since
        and not depends_on_day
        and response.is_cacheable
        and register.is_only_in_second
        and register.released_second
        and parse_http_date_safe(since) == register.released_second
    )


def _weak_etag(register: RegisterState, url: str) -> str:
    state = f"{register.state_hash}\0{register.released_at}\0{REPRESENTATION_VERSION}\0{url}"
    return f'W/"{register.release}-{hashlib.blake2b(state.encode("utf-8", "replace"), digest_size=9).hexdigest()}"'


@lru_cache(maxsize=16)
def _cached_http_date(second: int) -> str:
    return http_date(second)
