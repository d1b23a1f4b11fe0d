"""Snapshots: all that was live at one release, as files that a mirror starts from. A folder each, named after its release.

One line a record, byte for byte what the edition's own address answers, in a file for each kind; beside them the releases,
in which order the editions were printed, and who is no longer there. A snapshot is written beside and appears whole.
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
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.editions.detail_response import detail_body
from nato_support.publishing.models.public_tables import Edition, Release

MANIFEST_NAME = "manifest.json"
RELEASES, EDITIONS, TOMBSTONES = "releases", "editions", "tombstones"
FILE_STEMS = PLURALS | {"release": RELEASES, "edition": EDITIONS, "tombstone": TOMBSTONES}
"""Kind of what stands in a file -> the file's name, without its ending."""
FILE_NAME_PATTERN = r"[a-z]+\.ndjson\.gz"
CHUNK_SIZE = 1000
RIGHTS_NOTICE = "Quotations belong to those who published them: each document tells its publisher and, where known, its rights."
_SNAPSHOT_COLUMNS = ("pk", "kind", "slug", "number", "release_id", "cause", "withdrawn", "moved_to", "document", "evidence")


class StateHashMismatch(Exception):
    """What is stored as live does not add up to the register's state hash: nothing was written."""


def write_public_snapshot(
    folder: Path, *, keep: int = 3, progress: Callable[[int], Any] = lambda rows: None
) -> tuple[dict, bool] | None:
    """Writes a snapshot of what is live now into `folder`, and drops all but the last `keep` that may still be shown.

    Gives its manifest and whether it is new: while nothing is published the last one stands. None before the first release.
    Raises Unsound; OSError. Publishing may go on meanwhile: what is read is what was live at the release of the beginning.
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
    """Which register this is: what follows from its first release. "" before that."""
    first = Release.objects.filter(number=1).values_list("released_at", "state_hash").first()
    return hashlib.sha256(f"{format_instant(first[0])} {first[1]}".encode()).hexdigest()[:16] if first else ""


def offered_manifests(folder: Path) -> Iterator[dict]:
    """The manifests of the snapshots in `folder` that belong to this register and hold nothing withdrawn since; newest first."""
    releases = sorted((int(path.name) for path in folder.glob("[0-9]*") if path.name.isdecimal()), reverse=True)
    for release in releases:
        if (manifest := read_manifest(folder, release)) and not is_manifest_outdated(manifest):
            yield manifest


def read_manifest(folder: Path, release: int) -> dict | None:
    """The manifest of the snapshot at `release`, if there is one."""
    with contextlib.suppress(FileNotFoundError):
        return json.loads((folder / str(release) / MANIFEST_NAME).read_bytes())
    return None


def is_manifest_outdated(manifest: dict) -> bool:
    """Whether a snapshot is another register's, or holds what was withdrawn since: then nobody may have it any more."""
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
    """A time as RFC 3339, in UTC, to the microsecond: what a mirror must know to tell before from after."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextlib.contextmanager
def _exclusive_lock(folder: Path) -> Iterator[None]:
    """Of two that take snapshots at once, one waits."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_snapshot(folder: Path, release: Release, progress: Callable[[int], Any]) -> dict:
    staging = Path(tempfile.mkdtemp(suffix="-taking", prefix=".", dir=folder))
    staging.chmod(0o755)
    with contextlib.ExitStack() as open_files:
        files = {
            kind: open_files.enter_context(_LineFileWriter(staging / f"{name}.ndjson.gz")) for kind, name in FILE_STEMS.items()
        }
        for row in Release.objects.filter(number__lte=release.number).order_by("number").iterator(CHUNK_SIZE):
            files["release"].add(edition_encoding.compact_json(release_line(row)).encode())
        hash_sum = 0
        for edition in _editions_at_release(release.number):
            if edition.withdrawn:
                files["tombstone"].add(_edition_line(edition, moved_to=edition.moved_to or None))
                continue
            hash_sum += edition_encoding.edition_hash(
                edition.kind, edition.slug, edition.number, edition.document, edition.evidence
            )
            files[edition.kind].add(detail_body(edition.kind, edition.slug, edition.number, edition.document, edition.evidence))
            files["edition"].add(_edition_line(edition, cause=edition.cause))
            progress(1)
    if edition_encoding.format_state_hash(hash_sum) != release.state_hash:
        shutil.rmtree(staging)
        raise StateHashMismatch(f"What is live at {release.number} does not add up to its state hash: run check_data.")
    manifest = {
        "release": release.number,
        "epoch": register_epoch(),
        "taken_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "state_hash": release.state_hash,
        "rights": RIGHTS_NOTICE,
        "href": f"/api/v1/exports/{release.number}/",
        "changes": f"/api/v1/changes/?since={release.number}",
        "files": [{"kind": kind, **file.told(f"/api/v1/exports/{release.number}/")} for kind, file in files.items()],
    }
    (staging / MANIFEST_NAME).write_bytes(edition_encoding.compact_json(manifest).encode())
    _sync_to_disk(staging / MANIFEST_NAME, staging)
    target = folder / str(release.number)
    if target.exists():
        # Of another register, or one that holds what was withdrawn: nobody may have it.
        shutil.rmtree(target)
    staging.rename(target)
    _sync_to_disk(folder)
    return manifest


def release_line(release: Release) -> dict:
    """What everybody may know of a release."""
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


def _editions_at_release(release: int) -> Iterator[Edition]:
    """What stood at `release`, tombstones included, in the order of printing, read a chunk at a time."""
    editions = Edition.objects.filter(Q(superseded=None) | Q(superseded__gt=release), release__lte=release).only(
        *_SNAPSHOT_COLUMNS
    )
    last_pk = 0
    while chunk := list(editions.filter(pk__gt=last_pk).order_by("pk")[:CHUNK_SIZE]):
        yield from chunk
        last_pk = chunk[-1].pk


class _LineFileWriter:
    """A file of lines, compressed, that keeps count of itself."""

    def __init__(self, path: Path):
        self.path = path
        self.records = self.unpacked = 0
        self._hash = hashlib.sha256()

    def __enter__(self) -> "_LineFileWriter":
        self._raw: BinaryIO = self.path.open("wb")
        # Without its name and the time, so that equal contents are equal files.
        self._file = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)
        return self

    def __exit__(self, *_) -> None:
        self._file.close()
        self._raw.close()

    def add(self, line: bytes) -> None:
        self._file.write(line + b"\n")
        self._hash.update(line + b"\n")
        self.records += 1
        self.unpacked += len(line) + 1

    def told(self, folder_url: str) -> dict:
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
    """Whether a file of a snapshot may be called that."""
    return re.fullmatch(FILE_NAME_PATTERN, file_name) is not None
