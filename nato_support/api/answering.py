"""How every request is answered: the stamp first, then ETag, cache and view; any failure as a problem; never anything stale.

The newest print run names the state of the register. An answer is kept, and may be repeated, only under the run that it
was made from; it is made from one run, or made again.
"""

import datetime
import hashlib
import logging
import os
import re
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

from nato_support.api import versions
from nato_support.api.negotiation import FORMS, form_of, links
from nato_support.api.problems import Problem
from nato_support.api.sql import Sql, fetch, renew_connections
from nato_support.api.throttle import DEFAULT_RATE, Rate, Throttle

REPRESENTATION = 3
"""Raised when answers change though nothing was printed, so that no client keeps an older form of them."""

REVALIDATE = "public, no-cache"
FOREVER = "public, max-age=604800, immutable"
READING = ("GET", "HEAD", "OPTIONS")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Last-Modified, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID, Memento-Datetime,"
        " Content-Disposition, Deprecation, Sunset"
    ),
}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Accept-Datetime, Content-Type, If-Modified-Since, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}
# Two, because a second in which two runs were printed tells nothing about which of them somebody has seen.
_NEWEST = Sql("SELECT stamp, state_hash, printed_at FROM editions_printrun ORDER BY stamp DESC LIMIT 2")
STREAMS = 2
"""How many answers a process sends piece by piece at once: each occupies a thread for as long as its reader pleases."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_logger = logging.getLogger("django.request")


class Register(NamedTuple):
    """The newest print run. The hash and the time tell it from the run of that number in another or a restored database."""

    stamp: int
    state_hash: str
    printed_at: datetime.datetime | None
    second: int = 0
    """When it was printed, in seconds of the epoch."""
    alone: bool = True
    """Whether it is the only run of that second."""


class Moved(Exception):
    """Something was published while the answer was made: make it again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view gives: the bytes to send, or pieces of them one after the other, and how long they hold."""

    body: bytes
    content_type: str = FORMS["json"]
    permanent: bool = False
    """The bytes of this address never change."""
    etag: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""
    pieces: Iterable[bytes] | None = None
    """Instead of a body: sent as they come, never kept."""
    kept: bool = True
    """Whether it may be repeated, and asked for by ETag: it follows from the address and the register's state alone.
    One that does not may still bring an ETag of its own."""
    status: int = 200

    def tagged(self, weak: str, links: str, further: Mapping[str, str]) -> "Answer":
        """The same with an ETag, if it has none; with `links` beside its own; with further headers."""
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"' if self.permanent and self.pieces is None else weak
        together = (self.more.get("Link"), further.get("Link"), links)
        more = {**self.more, **further, "Link": ", ".join(filter(None, together))}
        return replace(self, etag=self.etag or (tag if self.kept else ""), more=more)

    @property
    def cache_control(self) -> str:
        if not self.kept and not self.etag:
            return "no-store"
        return FOREVER if self.permanent else REVALIDATE


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view is asked: the register's newest run, where the request came in, and its query string as sent."""

    register: Register
    site: str
    path: str
    """Without a suffix."""
    query: str
    form: str = "json"
    """One of `negotiation.FORMS`, of those that the view offers."""
    suffixed: bool = False
    """Whether the address names that form by its suffix; addresses of other pages of the same must then too."""
    request: HttpRequest | None = None
    """For what cannot be told from the address: a body that was sent, a header that the answer depends on."""

    @property
    def address(self) -> str:
        """Where this is, as asked, without its query."""
        return f"{self.site}{self.suffixed_as_asked(self.path)}"

    def suffixed_as_asked(self, path: str) -> str:
        """Another path with the suffix of the one that was asked for, if that had any."""
        return f"{path[:-1]}.{self.form}" if self.suffixed else path


class Answers:
    """Answers given since the newest run, the least used ones forgotten first."""

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._register: Register | None = None
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0

    def get(self, register: Register, url: str) -> Answer | None:
        with self._lock:
            if self._register != register or url not in self._kept:
                return None
            self._kept.move_to_end(url)
            return self._kept[url]

    def keep(self, register: Register, url: str, answer: Answer) -> None:
        size = len(answer.body) + len(url) + 1000
        if answer.pieces is not None or not answer.kept or size > self.most_bytes // 8:
            return
        with self._lock:
            if self._register != register:
                self._register, self._bytes = register, 0
                self._kept.clear()
            if url in self._kept:
                return
            self._kept[url] = answer
            self._bytes += size
            while self._bytes > self.most_bytes:
                old, forgotten = self._kept.popitem(last=False)
                self._bytes -= len(forgotten.body) + len(old) + 1000


answers = Answers(getattr(settings, "API_CACHE_BYTES", 64 * 1024 * 1024))


throttle = Throttle(
    Rate.parse(settings.API_RATE or DEFAULT_RATE),
    count_this_machine=bool(settings.API_RATE),
    proxies=settings.API_TRUSTED_PROXIES,
)


def newest() -> Register:
    """The newest print run, of the moment."""
    return _register(*fetch(_NEWEST))


@lru_cache(maxsize=16)
def _register(run: tuple = (0, "", None), before: tuple | None = None) -> Register:
    """The run of these rows."""
    stamp, state_hash, printed_at = run
    second = _second(printed_at) if printed_at else 0
    return Register(stamp, state_hash, printed_at, second, before is None or _second(before[2]) < second)


class _Stream:
    """Pieces on their way. Holds one of the places that there are for such, until it is closed."""

    _places = threading.BoundedSemaphore(STREAMS)

    def __init__(self, pieces: Iterable[bytes], request: HttpRequest, request_id: str):
        if not self._places.acquire(blocking=False):
            raise Problem("unavailable", "Other long answers are being sent.", headers={"Retry-After": "5"})
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
            _failed(self._request, self._request_id)
            raise

    def close(self) -> None:
        """Called by the server at the end, and when the reader went away."""
        if self._held:
            self._held = False
            self._places.release()
            if isinstance(self._pieces, Generator):
                self._pieces.close()


def respond(request: HttpRequest, view, kwargs: Mapping, suffix: str = "") -> HttpResponseBase:
    """The response to `request` by `view.get(asked, **kwargs)`; `suffix` is the form that its address names."""
    request_id = _request_id(request)
    methods = getattr(view, "methods", READING)
    response: HttpResponseBase
    try:
        if request.method == "OPTIONS":
            allow = ", ".join(methods)
            response = HttpResponse(status=204, headers=_PREFLIGHT | {"Access-Control-Allow-Methods": allow, "Allow": allow})
        elif request.method not in methods:
            raise Problem("method-not-allowed", headers={"Allow": ", ".join(methods)})
        else:
            response = _answered(request, request_id, view, kwargs, suffix)
    except Problem as problem:
        response = _refused(request, problem, request_id)
    except Exception:
        _failed(request, request_id)
        response = _refused(request, Problem("internal"), request_id)
        # A connection that was lost is opened anew by the next request.
        renew_connections()
    headers = response.headers
    for name, value in _CORS.items():
        headers[name] = value
    headers["X-Request-ID"] = request_id
    return response


def _refused(request: HttpRequest, problem: Problem, request_id: str) -> HttpResponse:
    response = problem.response(request_id)
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _failed(request: HttpRequest, request_id: str) -> None:
    """Whoever listens for failures (logs, tests, monitoring) must hear of it, though the client gets a document."""
    got_request_exception.send(sender=None, request=request)
    _logger.exception("Internal Server Error: %s (%s)", request.path, request_id, extra={"status_code": 500, "request": request})


def _answered(request: HttpRequest, request_id: str, view, kwargs: Mapping, suffix: str) -> HttpResponseBase:
    try:
        site = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        raise Problem("not-found", "This host is not served here.") from None
    meta = request.META
    offered = getattr(view, "forms", ("json",))
    form = form_of(suffix, meta.get("HTTP_ACCEPT", ""), offered)
    path = f"{request.path[: -len(suffix) - 1]}/" if suffix else request.path
    query = meta.get("QUERY_STRING", "")
    url = f"{site}{request.path}?{query}" if form == "json" else f"{form} {site}{request.path}?{query}"
    by_time = getattr(view, "timegate", False)
    varies = _vary(len(offered) > 1 and not suffix, by_time)
    # What is asked by a body, or of another time, cannot be told by its address.
    reading = request.method != "POST" and not (by_time and "HTTP_ACCEPT_DATETIME" in meta)
    held = _held(meta.get("HTTP_IF_NONE_MATCH", "")) if reading else set()
    limits: Mapping[str, str] | None = None
    for _ in range(3):
        register = newest()
        weak = _weak_tag(register, url)
        always = {"Vary": varies} if varies else {}
        if register.second:
            always["Last-Modified"] = _http_date(register.second)
        if weak[2:] in held:
            return HttpResponse(status=304, headers={"ETag": weak, "Cache-Control": REVALIDATE} | always)
        if limits is None:
            limits = throttle.spend(request)
        answer = answers.get(register, url) if reading else None
        if answer is None:
            try:
                asked = Asked(register, site, path, query, form, bool(suffix), request)
                answer = view.get(asked, **kwargs).tagged(weak, links(path, query, form, offered), versions.headers(path, query))
            except Moved:
                continue
            except Problem:
                raise
            except Exception:
                # What one statement found may be withdrawn before the next: then it is asked again, as the register is now.
                if newest() == register:
                    raise
                continue
            if newest() != register:
                continue
            if reading:
                answers.keep(register, url, answer)
        headers: dict[str, str] = {"Cache-Control": answer.cache_control, **always, **answer.more}
        if not answer.kept and "Last-Modified" not in answer.more:
            headers.pop("Last-Modified", None)
        if answer.etag:
            headers["ETag"] = answer.etag
            if reading and _is_held(answer, held, meta, register):
                throttle.give_back(request)
                return HttpResponse(status=304, headers=headers)
        headers.update(limits)
        return _sent(request, request_id, answer, headers)
    raise Problem("unavailable", headers={"Retry-After": "1"})


def _sent(request: HttpRequest, request_id: str, answer: Answer, headers: dict[str, str]) -> HttpResponseBase:
    told: dict = {"status": answer.status, "content_type": answer.content_type, "headers": headers}
    if answer.pieces is not None and request.method != "HEAD":
        return StreamingHttpResponse(_Stream(answer.pieces, request, request_id), **told)
    if answer.pieces is None:
        headers["Content-Length"] = str(len(answer.body))
    return HttpResponse(b"" if request.method == "HEAD" else answer.body, **told)


@lru_cache(maxsize=4)
def _vary(by_form: bool, by_time: bool) -> str:
    """The headers of a request on which its answer depends."""
    return ", ".join(name for name, depends in (("Accept", by_form), ("Accept-Datetime", by_time)) if depends)


def _held(tags: str) -> set[str]:
    """The ETags that a client holds, weak ones as if they were strong: a proxy that compresses weakens ours."""
    return {tag.strip().removeprefix("W/") for tag in tags.split(",")} if tags else set()


def _is_held(answer: Answer, held: set[str], meta: Mapping, register: Register) -> bool:
    """Whether the client has this answer. As RFC 9110 has it: an ETag that was sent decides alone.

    If-Modified-Since must name the second of the newest run, and no other run have been printed in that second.
    """
    if held:
        return answer.etag.removeprefix("W/") in held or "*" in held
    since = meta.get("HTTP_IF_MODIFIED_SINCE")
    return bool(since and answer.kept and register.alone and register.second and parse_http_date_safe(since) == register.second)


def _weak_tag(register: Register, url: str) -> str:
    known = f"{register.state_hash}\0{register.printed_at}\0{REPRESENTATION}\0{url}"
    return f'W/"{register.stamp}-{hashlib.blake2b(known.encode("utf-8", "replace"), digest_size=9).hexdigest()}"'


@lru_cache(maxsize=16)
def _http_date(second: int) -> str:
    return http_date(second)


def _second(printed_at) -> int:
    """A stored time in seconds of the epoch; SQLite gives text in UTC, PostgreSQL a datetime."""
    if isinstance(printed_at, str):
        printed_at = datetime.datetime.fromisoformat(printed_at).replace(tzinfo=datetime.UTC)
    return int(printed_at.timestamp())


def _request_id(request: HttpRequest) -> str:
    """The id that the client gave the request, or a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if _REQUEST_ID.fullmatch(given) else os.urandom(12).hex()
