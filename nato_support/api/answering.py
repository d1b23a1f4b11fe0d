"""How every request is answered: the stamp first, then ETag, cache and view; any failure as a problem; never anything stale.

The newest print run names the state of the register. An answer is kept, and may be repeated, only under the run that it
was made from; it is made from one run, or made again.
"""

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse

from nato_support.api.problems import Problem
from nato_support.api.sql import Sql, fetch, renew_connections

REPRESENTATION = 1
"""Raised when answers change though nothing was printed, so that no client keeps an older form of them."""

JSON = "application/json"
REVALIDATE = "public, no-cache"
FOREVER = "public, max-age=604800, immutable"
_METHODS = "GET, HEAD, OPTIONS"
_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Retry-After"}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": _METHODS,
}
_NEWEST = Sql("SELECT stamp, state_hash, printed_at FROM editions_printrun ORDER BY stamp DESC LIMIT 1")
_logger = logging.getLogger("django.request")


class Register(NamedTuple):
    """The newest print run. The hash and the time tell it from the run of that number in another or a restored database."""

    stamp: int
    state_hash: str
    printed_at: object


class Moved(Exception):
    """Something was published while the answer was made: make it again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view gives: the bytes to send and how long they hold."""

    body: bytes
    content_type: str = JSON
    permanent: bool = False
    """The bytes of this address never change."""
    etag: str = ""

    def tagged(self, weak: str) -> "Answer":
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"' if self.permanent else weak
        return Answer(self.body, self.content_type, self.permanent, tag)

    @property
    def cache_control(self) -> str:
        return FOREVER if self.permanent else REVALIDATE

    @property
    def headers(self) -> dict[str, str]:
        return {
            "ETag": self.etag,
            "Cache-Control": self.cache_control,
            "Content-Length": str(len(self.body)),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view is asked: the register's newest run, where the request came in, and its query string as sent."""

    register: Register
    site: str
    path: str
    query: str


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
        if size > self.most_bytes // 8:
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


def newest() -> Register:
    rows = fetch(_NEWEST)
    return Register(*rows[0]) if rows else Register(0, "", None)


def respond(request: HttpRequest, view, kwargs: Mapping) -> HttpResponse:
    """The response to `request` by `view.get(asked, **kwargs)`."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=_CORS | _PREFLIGHT)
    try:
        if request.method not in ("GET", "HEAD"):
            raise Problem("method-not-allowed", headers={"Allow": _METHODS})
        response = _answered(request, view, kwargs)
    except Problem as problem:
        response = problem.response()
    except Exception:
        # Whoever listens for failures (logs, tests, monitoring) must hear of it, though the client gets a document.
        got_request_exception.send(sender=None, request=request)
        _logger.exception("Internal Server Error: %s", request.path, extra={"status_code": 500, "request": request})
        response = Problem("internal").response()
        # A connection that was lost is opened anew by the next request.
        renew_connections()
    for name, value in _CORS.items():
        response.headers[name] = value
    return response


def _answered(request: HttpRequest, view, kwargs: Mapping) -> HttpResponse:
    try:
        site = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        raise Problem("not-found", "This host is not served here.") from None
    query = request.META.get("QUERY_STRING", "")
    url = f"{site}{request.path}?{query}"
    for _ in range(3):
        register = newest()
        weak = _weak_tag(register, url)
        if request.META.get("HTTP_IF_NONE_MATCH"):
            held = {tag.strip() for tag in request.META["HTTP_IF_NONE_MATCH"].split(",")}
            if weak in held:
                return HttpResponse(status=304, headers={"ETag": weak, "Cache-Control": REVALIDATE})
        else:
            held = set()
        answer = answers.get(register, url)
        if answer is None:
            try:
                answer = view.get(Asked(register, site, request.path, query), **kwargs).tagged(weak)
            except Moved:
                continue
            if newest() != register:
                continue
            answers.keep(register, url, answer)
        if answer.etag in held:
            return HttpResponse(status=304, headers={"ETag": answer.etag, "Cache-Control": answer.cache_control})
        body = b"" if request.method == "HEAD" else answer.body
        return HttpResponse(body, content_type=answer.content_type, headers=answer.headers)
    raise Problem("unavailable", headers={"Retry-After": "1"})


def _weak_tag(register: Register, url: str) -> str:
    known = f"{register.state_hash}\0{register.printed_at}\0{REPRESENTATION}\0{url}"
    return f'W/"{register.stamp}-{hashlib.blake2b(known.encode("utf-8", "replace"), digest_size=9).hexdigest()}"'
