"""The register that is copied, as asked over HTTP: politely, again where it is busy or out of reach, nothing believed unread."""

import email.utils
import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

API = "/api/v1/"
AGENT = "nato-support-mirror/1"
TIMEOUT = 60
TRIES = 6
LONGEST_WAIT = 300
LARGEST = 256 * 1024 * 1024
"""Bytes of one answer that is read whole."""
_BUSY = (429, 502, 503, 504)
_PIECE = 1 << 16


class Unreachable(Exception):
    """The source did not answer, or only that it is busy, however often it was asked."""


class Refused(Exception):
    """The source answered with a problem; `code` is the end of its type."""

    def __init__(self, status: int, code: str, detail: str):
        self.status, self.code = status, code
        super().__init__(detail)


class Damaged(Exception):
    """What came is not what the source said it would send."""


@dataclass(frozen=True)
class Reply:
    body: bytes
    etag: str = ""
    unchanged: bool = False
    """304: it is what the ETag stands for."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Source:
    def __init__(self, address: str, *, wait: Callable[[float], Any] = time.sleep):
        """`address` is that of the register or of its API. ValueError if it is none."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"{address} is no address of a register: https://register.example.org, say.")
        self.root = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix(API.rstrip('/'))}{API}"
        self._wait = wait
        self._opener = urllib.request.build_opener(_Stay)

    def ask(self, path: str, *, etag: str = "") -> Reply:
        """What stands at `path` below the root of the API. Raises Refused, Unreachable."""

        def read(response: http.client.HTTPResponse) -> Reply:
            body = response.read(LARGEST + 1)
            if len(body) > LARGEST:
                raise Damaged(f"{path} is larger than {LARGEST} bytes")
            return Reply(body, response.headers.get("ETag") or "")

        return self._asked(path, {"If-None-Match": etag} if etag else {}, read)

    def document(self, path: str) -> dict:
        """The same, a JSON object."""
        return parsed(self.ask(path).body, path)

    def download(self, path: str, into: Path, size: int, sha256: str, told: Callable[[int], Any]) -> None:
        """Puts a file of that size and hash where it belongs; what an earlier try left is gone on with."""
        if into.exists() and _hash(into) == sha256:
            return
        part = into.with_name(f"{into.name}.part")
        for _ in range(2):
            self._fetch(path, part, size, told)
            if part.stat().st_size == size and _hash(part) == sha256:
                part.rename(into)
                return
            part.unlink()
        raise Damaged(f"{path} is not the file that the manifest tells of")

    def _fetch(self, path: str, part: Path, size: int, told: Callable[[int], Any]) -> None:
        def write(response: http.client.HTTPResponse) -> bool:
            # What has come is there at once, whatever happens next.
            with part.open("ab" if response.status == 206 else "wb", buffering=0) as file:
                while file.tell() <= size and (piece := response.read1(_PIECE)):
                    file.write(piece)
                    told(len(piece))
            if part.stat().st_size < size:
                raise http.client.IncompleteRead(b"")
            return True

        # Each try asks for what is still missing.
        self._asked(path, lambda: {"Range": f"bytes={part.stat().st_size}-"} if 0 < _size(part) < size else {}, write)

    def _asked(self, path: str, headers: Any, read: Callable[[http.client.HTTPResponse], Any]) -> Any:
        why: object = ""
        for turn in range(TRIES):
            sent = headers() if callable(headers) else headers
            request = urllib.request.Request(self.root + path, headers={"User-Agent": AGENT, **sent})  # noqa: S310 - http or https
            pause = min(2.0**turn, LONGEST_WAIT)
            try:
                with self._opener.open(request, timeout=TIMEOUT) as response:
                    return read(response)
            except urllib.error.HTTPError as error:
                if error.code == 304:
                    return Reply(b"", sent.get("If-None-Match", ""), unchanged=True)
                if error.code not in _BUSY:
                    raise _refusal(error) from None
                why, pause = error, _retry_after(error.headers.get("Retry-After"), pause)
            except (OSError, http.client.HTTPException) as error:
                why = error
            if turn < TRIES - 1:
                self._wait(pause)
        raise Unreachable(f"{self.root}{path}: {why}")


def parsed(body: bytes, path: str) -> dict:
    """A JSON object. Damaged if it is none."""
    try:
        found = json.loads(body)
    except ValueError:
        raise Damaged(f"{path} is no JSON") from None
    if not isinstance(found, dict):
        raise Damaged(f"{path} is no JSON object")
    return found


def _refusal(error: urllib.error.HTTPError) -> Refused:
    if 300 <= error.code < 400:
        return Refused(error.code, "moved", f"{error.url} leads to {error.headers.get('Location')}: give the address of that.")
    try:
        problem = json.loads(error.read(1_000_000))
        return Refused(error.code, problem["type"].strip("/").split("/")[-1], str(problem["detail"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, http.client.HTTPException):
        return Refused(error.code, "", f"{error.url} answers {error.code}; is that a register?")


def _retry_after(text: str | None, usual: float) -> float:
    if not text:
        return usual
    try:
        seconds = float(text) if text.isdecimal() else email.utils.parsedate_to_datetime(text).timestamp() - time.time()
    except ValueError:
        return usual
    return max(0.0, min(seconds, LONGEST_WAIT))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
