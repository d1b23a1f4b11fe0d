"""Snapshots: everything that was live at one release, as files that a mirror starts from, in one folder per release.

A file for each kind has one line for each record, byte for byte the response of its edition's address; further files list the
releases, the editions in the order in which they were stored, and the tombstones. A snapshot is written in a temporary folder
and appears complete.
"""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db.models import Exists, OuterRef, Q

from entities.serializers import PLURALS
from nato_support.data_licence import LICENCE_URL, RIGHTS_NOTICE
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.editions.detail_response import detail_body
from nato_support.publishing.models.public_tables import Edition, Release, ReleaseOperation

MANIFEST_NAME = "manifest.json"
RELEASES, EDITIONS, TOMBSTONES = "releases", "editions", "tombstones"
FILE_STEMS = PLURALS | {"release": RELEASES, "edition": EDITIONS, "tombstone": TOMBSTONES}
"""Kind of line -> name of the file without its extension."""
FILE_NAME_PATTERN = r"[a-z]+\.ndjson\.gz"
CHUNK_SIZE = 1000
_SNAPSHOT_COLUMNS = ("pk", "kind", "slug", "number", "release_id", "cause", "withdrawn", "moved_to", "document", "evidence")


class StateHashMismatch(Exception):
    """The editions stored as live do not add up to the register's state hash: nothing was written."""


def write_register_snapshot(
    folder: Path, *, keep: int = 3, progress: Callable[[int], Any] = lambda rows: None
) -> tuple[dict, bool] | None:
    """Write a snapshot of what is live now into `folder`, and delete all but the newest `keep` that may still be offered.

    Returns its manifest, and True if it is new: while nothing is published the last one stays. Returns None before the first
    release. Raises StateHashMismatch and OSError. Publishing may go on meanwhile: the snapshot shows the release it began with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _exclusive_lock(folder):
        for stale_folder in folder.glob(".*-taking"):
            shutil.rmtree(stale_folder)
        release = Release.objects.order_by("-number").first()
        if release is None:
            return None
        offered = {manifest["release"]: manifest for manifest in offered_manifests(folder)}
        manifest = offered.get(release.number) or _write_snapshot(folder, release, progress)
        kept_releases = sorted({*offered, release.number}, reverse=True)[:keep]
        for path in folder.iterdir():
            if path.name.isdecimal() and int(path.name) not in kept_releases:
                shutil.rmtree(path)
        return manifest, release.number not in offered


def register_epoch() -> str:
    """Return the identity of this register; '' before its first release.

    It follows from the release with which its history begins: the first or, if it was published anew, the one that did so.
    """
    columns = Release.objects.values_list("released_at", "state_hash")
    republished = columns.filter(operation=ReleaseOperation.REPUBLISH).order_by("-number").first()
    first = republished or columns.filter(number=1).first()
    return hashlib.sha256(f"{format_instant(first[0])} {first[1]}".encode()).hexdigest()[:16] if first else ""


def offered_manifests(folder: Path) -> Iterator[dict]:
    """Yield the manifests of the snapshots of this register in which nothing was withdrawn since, newest first."""
    releases = sorted((int(path.name) for path in folder.glob("[0-9]*") if path.name.isdecimal()), reverse=True)
    for release in releases:
        if (manifest := read_manifest(folder, release)) and not is_manifest_outdated(manifest):
            yield manifest


def read_manifest(folder: Path, release: int) -> dict | None:
    """Return the manifest of the snapshot at `release`, or None."""
    with contextlib.suppress(FileNotFoundError):
        return json.loads((folder / str(release) / MANIFEST_NAME).read_bytes())
    return None


def is_manifest_outdated(manifest: dict) -> bool:
    """Return True if a snapshot belongs to another register or has something withdrawn since, and so may no longer be served."""
    release = manifest["release"]
    if (
        not Release.objects.filter(number=release, state_hash=manifest["state_hash"]).exists()
        or manifest["epoch"] != register_epoch()
    ):
        return True
    edition_in_snapshot = Edition.objects.filter(_live_at_release(release), kind=OuterRef("kind"), slug=OuterRef("slug"))
    return Edition.objects.filter(
        Exists(edition_in_snapshot), release__gt=release, withdrawn=True, moved_to="", superseded=None
    ).exists()


def format_instant(value: datetime) -> str:
    """Format a time as RFC 3339 in UTC, to the microsecond, which a mirror needs to tell before from after."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextlib.contextmanager
def _exclusive_lock(folder: Path) -> Iterator[None]:
    """Make a second process that takes a snapshot wait for the first."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_snapshot(folder: Path, release: Release, progress: Callable[[int], Any]) -> dict:
    staging = Path(tempfile.mkdtemp(suffix="-taking", prefix=".", dir=folder))
    staging.chmod(0o755)
    with contextlib.ExitStack() as open_files:
        files = {
            kind: open_files.enter_context(_CompressedLineWriter(staging / f"{name}.ndjson.gz"))
            for kind, name in FILE_STEMS.items()
        }
        for row in Release.objects.filter(number__lte=release.number).order_by("number").iterator(CHUNK_SIZE):
            files["release"].append_line(edition_encoding.compact_json(public_release_members(row)).encode())
        hash_sum = 0
        for edition in _newest_editions_at_release(release.number):
            if edition.withdrawn:
                files["tombstone"].append_line(_edition_line(edition, moved_to=edition.moved_to or None))
                continue
            hash_sum += edition_encoding.edition_hash(
                edition.kind, edition.slug, edition.number, edition.document, edition.evidence
            )
            files[edition.kind].append_line(
                detail_body(edition.kind, edition.slug, edition.number, edition.document, edition.evidence)
            )
            files["edition"].append_line(_edition_line(edition, cause=edition.cause))
            progress(1)
    if edition_encoding.format_state_hash(hash_sum) != release.state_hash:
        shutil.rmtree(staging)
        raise StateHashMismatch(f"What is live at {release.number} does not add up to its state hash: run check_data.")
    manifest = {
        "release": release.number,
        "epoch": register_epoch(),
        "taken_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "state_hash": release.state_hash,
        "license": LICENCE_URL,
        "rights": RIGHTS_NOTICE,
        "href": f"/api/v1/exports/{release.number}/",
        "changes": f"/api/v1/changes/?since={release.number}",
        "files": [{"kind": kind, **file.describe_file(f"/api/v1/exports/{release.number}/")} for kind, file in files.items()],
    }
    (staging / MANIFEST_NAME).write_bytes(edition_encoding.compact_json(manifest).encode())
    _sync_to_disk(staging / MANIFEST_NAME, staging)
    target = folder / str(release.number)
    if target.exists():
        # Left by another register, or outdated by a withdrawal: it must not be served.
        shutil.rmtree(target)
    staging.rename(target)
    _sync_to_disk(folder)
    return manifest


def public_release_members(release: Release) -> dict:
    """Return the public members of a release."""
    return {
        "release": release.number,
        "released_at": format_instant(release.released_at),
        "operation": release.operation,
        "note": release.note or None,
        "state_hash": release.state_hash,
    }


def _edition_line(edition: Edition, **more) -> bytes:
    members = {"kind": edition.kind, "slug": edition.slug, "edition": edition.number, "release": edition.release_id}
    return edition_encoding.compact_json(members | more).encode()


def _live_at_release(release: int) -> Q:
    return Q(release__lte=release) & (Q(superseded=None) | Q(superseded__gt=release)) & Q(withdrawn=False)


def _newest_editions_at_release(release: int) -> Iterator[Edition]:
    """Yield the editions that were newest at `release`, tombstones included, in the order of storing, a chunk at a time."""
    editions = Edition.objects.filter(Q(superseded=None) | Q(superseded__gt=release), release__lte=release).only(
        *_SNAPSHOT_COLUMNS
    )
    last_pk = 0
    while chunk := list(editions.filter(pk__gt=last_pk).order_by("pk")[:CHUNK_SIZE]):
        yield from chunk
        last_pk = chunk[-1].pk


class _CompressedLineWriter:
    """Writer of a compressed file of lines that counts and hashes what it writes."""

    def __init__(self, path: Path):
        self.path = path
        self.records = self.unpacked = 0
        self._hash = hashlib.sha256()

    def __enter__(self) -> "_CompressedLineWriter":
        self._raw: BinaryIO = self.path.open("wb")
        # Without file name and time, so that equal contents give equal files.
        self._file = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)
        return self

    def __exit__(self, *_) -> None:
        self._file.close()
        self._raw.close()

    def append_line(self, line: bytes) -> None:
        self._file.write(line + b"\n")
        self._hash.update(line + b"\n")
        self.records += 1
        self.unpacked += len(line) + 1

    def describe_file(self, folder_url: str) -> dict:
        _sync_to_disk(self.path)
        file_hash = hashlib.sha256()
        with self.path.open("rb") as file:
            while chunk := file.read(1 << 20):
                file_hash.update(chunk)
        return {
            "name": self.path.name,
            "href": f"{folder_url}{self.path.name}",
            "records": self.records,
            "bytes": self.path.stat().st_size,
            "sha256": file_hash.hexdigest(),
            "bytes_unpacked": self.unpacked,
            "sha256_unpacked": self._hash.hexdigest(),
        }


def _sync_to_disk(*paths: Path) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_snapshot_file(file_name: str) -> bool:
    """Return True if a file of a snapshot may have this name."""
    return re.fullmatch(FILE_NAME_PATTERN, file_name) is not None
