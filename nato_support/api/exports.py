"""Snapshots of the whole register, as files with a manifest; how they are written: `editions.snapshots`."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.http import http_date

from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked
from nato_support.api.detail import dumped
from nato_support.api.problems import Problem
from nato_support.editions import snapshots

NAMES = [f"{name}.ndjson.gz" for name in snapshots.KINDS.values()]
_PIECE = 1 << 16
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


def listed(asked: Asked) -> Answer:
    """The snapshots that there are, newest first."""
    p.read(asked.query, {})
    results = list(snapshots.offered(settings.EXPORTS_DIR))
    page = {"results": results, "next": None, "previous": None, "meta": {"stamp": asked.register.stamp}}
    return _told(page, max([asked.register.second, *map(_taken, results)]))


def manifest(asked: Asked, stamp: int) -> Answer:
    """What a snapshot consists of."""
    p.read(asked.query, {})
    found = _manifest(asked, stamp)
    return _told(found, _taken(found))


def file(asked: Asked, stamp: int, name: str) -> Answer:
    """One file of a snapshot, or, asked by `Range`, the part of it that is still missing."""
    p.read(asked.query, {})
    found = [one for one in _manifest(asked, stamp)["files"] if one["name"] == name]
    path = settings.EXPORTS_DIR / str(stamp) / name
    if not found or not path.is_file():
        raise Problem("not-found", f"The snapshot {stamp} has no file {name}.")
    size, etag = found[0]["bytes"], f'"{found[0]["sha256"][:32]}"'
    first, last = _range(asked, size, etag)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'attachment; filename="{stamp}-{name}"',
        "Last-Modified": http_date(path.stat().st_mtime),
    }
    whole = last - first + 1 == size
    return Answer(
        b"",
        "application/gzip",
        etag=etag,
        more=headers if whole else headers | {"Content-Range": f"bytes {first}-{last}/{size}"},
        pieces=_pieces(path, first, last),
        kept=False,
        status=200 if whole else 206,
    )


def _manifest(asked: Asked, stamp: int) -> dict:
    found = snapshots.read(settings.EXPORTS_DIR, stamp)
    if found and not snapshots.outdated(found):
        return found
    newest = next(snapshots.offered(settings.EXPORTS_DIR), None)
    led = {"snapshot": newest["href"] if newest else None}
    if not found and stamp > asked.register.stamp:
        raise Problem("not-found", f"There is no snapshot {stamp}.")
    raise Problem("history-gone", f"There is no snapshot {stamp} any more; `snapshot` is the newest that there is.", **led)


def _told(data: dict, second: int) -> Answer:
    """A snapshot comes without anything being published, so the answer is tagged by what it says."""
    body = dumped(data)
    more = {"Last-Modified": http_date(second)}
    return Answer(body, etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"', more=more, kept=False)


def _taken(told: dict) -> int:
    """When a snapshot was taken, in seconds of the epoch."""
    return int(datetime.fromisoformat(told["taken_at"]).timestamp())


def _range(asked: Asked, size: int, etag: str) -> tuple[int, int]:
    """First and last byte asked for. A Range that is not understood, or of another file, is not followed: RFC 9110."""
    headers = asked.request.META if asked.request else {}
    found = _RANGE.fullmatch(headers.get("HTTP_RANGE", ""))
    if not found or headers.get("HTTP_IF_RANGE", etag) != etag or int(found[1]) >= size:
        return 0, size - 1
    last = min(int(found[2] or size), size - 1)
    return (int(found[1]), last) if last >= int(found[1]) else (0, size - 1)


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    with path.open("rb") as opened:
        opened.seek(first)
        left = last - first + 1
        while left and (piece := opened.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
