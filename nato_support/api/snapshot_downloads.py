"""Downloads of snapshots of the whole register: manifests and files, which `publishing.register_snapshot_files` writes."""

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
from nato_support.publishing import register_snapshot_files

SNAPSHOT_FILE_NAMES = [f"{name}.ndjson.gz" for name in register_snapshot_files.FILE_STEMS.values()]
_CHUNK_BYTES = 1 << 16
_RANGE_PATTERN = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


def snapshot_list_response(request: ApiRequest) -> ApiResponse:
    """Return the manifests of the snapshots on offer, newest first."""
    p.read_parameters(request.query_string, {})
    results = list(register_snapshot_files.offered_manifests(settings.EXPORTS_DIR))
    page = {"results": results, "next": None, "previous": None, "meta": {"release": request.register.release}}
    return _response_with_content_etag(page, max([request.register.released_second, *map(_taken_at_second, results)]))


def snapshot_manifest_response(request: ApiRequest, release: int) -> ApiResponse:
    """Return the manifest of a snapshot."""
    p.read_parameters(request.query_string, {})
    manifest = _available_manifest(request, release)
    return _response_with_content_etag(manifest, _taken_at_second(manifest))


def snapshot_file_response(request: ApiRequest, release: int, name: str) -> ApiResponse:
    """Return a file of a snapshot, or the bytes of it that `Range` asks for."""
    p.read_parameters(request.query_string, {})
    entry = next((file for file in _available_manifest(request, release)["files"] if file["name"] == name), None)
    path = settings.EXPORTS_DIR / str(release) / name
    if not entry or not path.is_file():
        raise ApiProblem("not-found", f"The snapshot {release} has no file {name}.")
    size, etag = entry["bytes"], f'"{entry["sha256"][:32]}"'
    first, last = _requested_byte_range(request, size, etag)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'attachment; filename="{release}-{name}"',
        "Last-Modified": http_date(path.stat().st_mtime),
    }
    is_complete = last - first + 1 == size
    return ApiResponse(
        b"",
        "application/gzip",
        etag=etag,
        extra_headers=headers if is_complete else headers | {"Content-Range": f"bytes {first}-{last}/{size}"},
        chunks=_file_chunks(path, first, last),
        is_cacheable=False,
        status=200 if is_complete else 206,
    )


def _available_manifest(request: ApiRequest, release: int) -> dict:
    """Return the manifest of a snapshot. Raises a problem, with the newest snapshot if there is one, unless it is on offer."""
    manifest = register_snapshot_files.read_manifest(settings.EXPORTS_DIR, release)
    if manifest and not register_snapshot_files.is_manifest_outdated(manifest):
        return manifest
    if not manifest and release > request.register.release:
        raise ApiProblem("not-found", f"There is no snapshot {release}.")
    newest = next(register_snapshot_files.offered_manifests(settings.EXPORTS_DIR), None)
    raise ApiProblem(
        "history-gone",
        f"There is no snapshot {release} any more; `snapshot` is the newest that there is.",
        snapshot=newest["href"] if newest else None,
    )


def _response_with_content_etag(data: dict, modified_second: int) -> ApiResponse:
    """Return a response with an ETag of its content, since snapshots are written without a release."""
    body = json_bytes(data)
    headers = {"Last-Modified": http_date(modified_second)}
    return ApiResponse(body, etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"', extra_headers=headers, is_cacheable=False)


def _taken_at_second(manifest: dict) -> int:
    """Return the time at which a snapshot was taken, in seconds since the epoch."""
    return int(datetime.fromisoformat(manifest["taken_at"]).timestamp())


def _requested_byte_range(request: ApiRequest, size: int, etag: str) -> tuple[int, int]:
    """Return the first and the last byte to send. A malformed Range, or one of another version, is ignored (RFC 9110)."""
    headers = request.http_request.META if request.http_request else {}
    match = _RANGE_PATTERN.fullmatch(headers.get("HTTP_RANGE", ""))
    if not match or headers.get("HTTP_IF_RANGE", etag) != etag or int(match[1]) >= size:
        return 0, size - 1
    last = min(int(match[2] or size), size - 1)
    return (int(match[1]), last) if last >= int(match[1]) else (0, size - 1)


def _file_chunks(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (chunk := file.read(min(_CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
