"""HTTP client for the register to mirror: polite, retrying while it is busy or unreachable, trusting nothing unchecked."""

import email.utils
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from entities.untrusted_json import read_json

API_PATH = "/api/v1/"
USER_AGENT = "nato-support-mirror/1"
TIMEOUT_SECONDS = 60
MAX_ATTEMPTS = 6
MAX_WAIT_SECONDS = 300
MAX_RESPONSE_BYTES = 256 * 1024 * 1024
"""Maximum bytes of a response that is read into memory."""
_BUSY_STATUSES = (429, 502, 503, 504)
_CHUNK_BYTES = 1 << 16


class SourceUnreachable(Exception):
    """The source did not answer, or only that it is busy, in any attempt."""


class SourceProblem(Exception):
    """The source answered with a problem document; `code` is the last part of its type."""

    def __init__(self, status: int, code: str, detail: str):
        self.status, self.code = status, code
        super().__init__(detail)


class DamagedData(Exception):
    """The data is not what the source announced."""


@dataclass(frozen=True)
class SourceReply:
    """A response of the source."""

    body: bytes
    etag: str = ""
    unchanged: bool = False
    """True for 304, when the body is what the ETag stands for."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class RegisterClient:
    """Client of one register's API."""

    def __init__(self, address: str, *, wait: Callable[[float], Any] = time.sleep):
        """Take the address of the register or of its API. Raises ValueError for anything else."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"{address} is no address of a register: it takes one such as https://register.example.org.")
        self.root = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix(API_PATH.rstrip('/'))}{API_PATH}"
        self._wait = wait
        self._opener = urllib.request.build_opener(_NoRedirects)

    def fetch_bytes(self, path: str, *, etag: str = "") -> SourceReply:
        """Fetch `path` below the root of the API. Raises SourceProblem and SourceUnreachable."""

        def read_body(response: http.client.HTTPResponse) -> SourceReply:
            body = response.read(MAX_RESPONSE_BYTES + 1)
            if len(body) > MAX_RESPONSE_BYTES:
                raise DamagedData(f"{path} is larger than {MAX_RESPONSE_BYTES:,} bytes.")
            return SourceReply(body, response.headers.get("ETag") or "")

        return self._request_with_retries(path, {"If-None-Match": etag} if etag else {}, read_body)

    def fetch_json(self, path: str) -> dict:
        """Fetch `path` as a JSON object."""
        return parse_json_object(self.fetch_bytes(path).body, path)

    def download_file(self, path: str, target: Path, size: int, sha256: str, on_progress: Callable[[int], Any]) -> None:
        """Download a file of this size and hash to `target`, resuming an earlier attempt."""
        if target.exists() and _file_sha256(target) == sha256:
            return
        part = target.with_name(f"{target.name}.part")
        for _ in range(2):
            self._download_part(path, part, size, on_progress)
            if part.stat().st_size == size and _file_sha256(part) == sha256:
                part.rename(target)
                return
            part.unlink()
        raise DamagedData(f"{path} is not the file that the manifest tells of")

    def _download_part(self, path: str, part: Path, size: int, on_progress: Callable[[int], Any]) -> None:
        def append_to_part(response: http.client.HTTPResponse) -> bool:
            # Unbuffered, so that everything received is kept whatever happens next.
            with part.open("ab" if response.status == 206 else "wb", buffering=0) as file:
                while file.tell() <= size and (chunk := response.read1(_CHUNK_BYTES)):
                    file.write(chunk)
                    on_progress(len(chunk))
            if (received := part.stat().st_size) < size:
                raise ConnectionError(f"the answer ended after {received:,} of {size:,} bytes")
            return True

        # Each try asks for what is still missing.
        self._request_with_retries(
            path, lambda: {"Range": f"bytes={part.stat().st_size}-"} if 0 < _file_size(part) < size else {}, append_to_part
        )

    def _request_with_retries(self, path: str, headers: Any, read_response: Callable[[http.client.HTTPResponse], Any]) -> Any:
        last_error: object = ""
        for attempt in range(MAX_ATTEMPTS):
            request_headers = headers() if callable(headers) else headers
            request = urllib.request.Request(self.root + path, headers={"User-Agent": USER_AGENT, **request_headers})  # noqa: S310 - http or https
            pause = min(2.0**attempt, MAX_WAIT_SECONDS)
            try:
                with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                    return read_response(response)
            except urllib.error.HTTPError as error:
                with error:
                    if error.code == 304:
                        return SourceReply(b"", request_headers.get("If-None-Match", ""), unchanged=True)
                    if error.code not in _BUSY_STATUSES:
                        raise _problem_from_error(error) from None
                    last_error, pause = error, _seconds_to_wait(error.headers.get("Retry-After"), pause)
            except (OSError, http.client.HTTPException) as error:
                last_error = error
            if attempt < MAX_ATTEMPTS - 1:
                self._wait(pause)
        raise SourceUnreachable(f"{self.root}{path}: {last_error}")


def parse_json_object(body: bytes, path: str) -> dict:
    """Parse a JSON object. Raises DamagedData if it is none."""
    try:
        data = read_json(body, longest=MAX_RESPONSE_BYTES)
    except ValueError as error:
        raise DamagedData(f"{path} is no JSON: {error}") from None
    if not isinstance(data, dict):
        raise DamagedData(f"{path} is no JSON object")
    return data


def _problem_from_error(error: urllib.error.HTTPError) -> SourceProblem:
    if 300 <= error.code < 400:
        return SourceProblem(
            error.code, "moved", f"{error.url} leads to {error.headers.get('Location')}: give the address of that."
        )
    try:
        problem = read_json(error.read(1_000_000))
        return SourceProblem(error.code, problem["type"].strip("/").split("/")[-1], str(problem["detail"]))
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError, http.client.HTTPException):
        return SourceProblem(error.code, "", f"{error.url} answers {error.code}; is that a register?")


def _seconds_to_wait(text: str | None, default: float) -> float:
    if not text:
        return default
    try:
        seconds = float(text) if text.isdecimal() else email.utils.parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return default
    return max(0.0, min(seconds, MAX_WAIT_SECONDS))


def _file_size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
