"""Snapshots of the whole register, as files with a manifest; how they are written: `editions.snapshots`."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.http import http_date

from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import ApiProblem
from nato_support.publishing.editions import public_snapshots

SNAPSHOT_FILE_NAMES = [f"{name}.ndjson.gz" for name in public_snapshots.FILE_STEMS.values()]
_CHUNK_BYTES = 1 << 16
_RANGE_PATTERN = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


def snapshot_list_response(request: ApiRequest) -> ApiResponse:
    """The snapshots that there are, newest first."""
    p.read_parameters(request.query_string, {})
    results = list(public_snapshots.offered_manifests(settings.EXPORTS_DIR))
    page = {"results": results, "next": None, "previous": None, "meta": {"release": request.register.release}}
    return _content_tagged_response(page, max([request.register.released_second, *map(_taken_at_second, results)]))


def snapshot_manifest_response(request: ApiRequest, release: int) -> ApiResponse:
    """What a snapshot consists of."""
    p.read_parameters(request.query_string, {})
    found = _available_manifest(request, release)
    return _content_tagged_response(found, _taken_at_second(found))


def snapshot_file_response(request: ApiRequest, release: int, name: str) -> ApiResponse:
    """One file of a snapshot, or, asked by `Range`, the part of it that is still missing."""
    p.read_parameters(request.query_string, {})
    found = [one for one in _available_manifest(request, release)["files"] if one["name"] == name]
    path = settings.EXPORTS_DIR / str(release) / name
    if not found or not path.is_file():
        raise ApiProblem("not-found", f"The snapshot {release} has no file {name}.")
    size, etag = found[0]["bytes"], f'"{found[0]["sha256"][:32]}"'
    first, last = _requested_byte_range(request, size, etag)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'attachment; filename="{release}-{name}"',
        "Last-Modified": http_date(path.stat().st_mtime),
    }
    whole = last - first + 1 == size
    return ApiResponse(
        b"",
        "application/gzip",
        etag=etag,
        extra_headers=headers if whole else headers | {"Content-Range": f"bytes {first}-{last}/{size}"},
        chunks=_file_chunks(path, first, last),
        is_cacheable=False,
        status=200 if whole else 206,
    )


def _available_manifest(request: ApiRequest, release: int) -> dict:
    found = public_snapshots.read_manifest(settings.EXPORTS_DIR, release)
    if found and not public_snapshots.is_manifest_outdated(found):
        return found
    newest = next(public_snapshots.offered_manifests(settings.EXPORTS_DIR), None)
    led = {"snapshot": newest["href"] if newest else None}
    if not found and release > request.register.release:
        raise ApiProblem("not-found", f"There is no snapshot {release}.")
    raise ApiProblem("history-gone", f"There is no snapshot {release} any more; `snapshot` is the newest that there is.", **led)


def _content_tagged_response(manifest: dict, second: int) -> ApiResponse:
    """A snapshot comes without anything being published, so the answer is tagged by what it says."""
    body = json_bytes(manifest)
    more = {"Last-Modified": http_date(second)}
    return ApiResponse(body, etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"', extra_headers=more, is_cacheable=False)


def _taken_at_second(manifest: dict) -> int:
    """When a snapshot was taken, in seconds of the epoch."""
    return int(datetime.fromisoformat(manifest["taken_at"]).timestamp())


def _requested_byte_range(request: ApiRequest, size: int, etag: str) -> tuple[int, int]:
    """First and last byte asked for. A Range that is not understood, or of another file, is not followed: RFC 9110."""
    headers = request.http_request.META if request.http_request else {}
    found = _RANGE_PATTERN.fullmatch(headers.get("HTTP_RANGE", ""))
    if not found or headers.get("HTTP_IF_RANGE", etag) != etag or int(found[1]) >= size:
        return 0, size - 1
    last = min(int(found[2] or size), size - 1)
    return (int(found[1]), last) if last >= int(found[1]) else (0, size - 1)


def _file_chunks(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(first)
        left = last - first + 1
        while left and (piece := opened.read(min(_CHUNK_BYTES, left))):
            left -= len(piece)
            yield piece
