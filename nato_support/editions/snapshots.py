"""Snapshots: all that was live at one stamp, as files that a mirror starts from. A folder each, named after its stamp.

One line a record, byte for byte what the edition's own address answers, in a file for each kind; beside them the print runs,
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
from nato_support.editions import texts
from nato_support.editions.detail import body
from nato_support.editions.models import Edition, PrintRun

MANIFEST = "manifest.json"
RUNS, ORDER, TOMBSTONES = "runs", "editions", "tombstones"
KINDS = PLURALS | {"run": RUNS, "edition": ORDER, "tombstone": TOMBSTONES}
"""Kind of what stands in a file -> the file's name, without its ending."""
NAME = r"[a-z]+\.ndjson\.gz"
CHUNK = 1000
RIGHTS = "Quotations belong to those who published them: each document tells its publisher and, where known, its rights."
_COLUMNS = ("pk", "kind", "slug", "number", "run_id", "cause", "withdrawn", "moved_to", "document", "evidence")


class Unsound(Exception):
    """What is stored as live does not add up to the register's state hash: nothing was written."""


def take(folder: Path, *, keep: int = 3, done: Callable[[int], Any] = lambda rows: None) -> tuple[dict, bool] | None:
    """Writes a snapshot of what is live now into `folder`, and drops all but the last `keep` that may still be shown.

    Gives its manifest and whether it is new: while nothing is published the last one stands. None before the first run.
    Raises Unsound; OSError. Publishing may go on meanwhile: what is read is what was live at the stamp of the beginning.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        for left in folder.glob(".*-taking"):
            shutil.rmtree(left)
        run = PrintRun.objects.order_by("-stamp").first()
        if run is None:
            return None
        standing = {manifest["stamp"]: manifest for manifest in offered(folder)}
        manifest = standing.get(run.stamp) or _write(folder, run, done)
        kept = sorted({*standing, run.stamp}, reverse=True)[:keep]
        for path in folder.iterdir():
            if path.name.isdecimal() and int(path.name) not in kept:
                shutil.rmtree(path)
        return manifest, run.stamp not in standing


def epoch() -> str:
    """Which register this is: what follows from its first print run. "" before that."""
    first = PrintRun.objects.filter(stamp=1).values_list("printed_at", "state_hash").first()
    return hashlib.sha256(f"{instant(first[0])} {first[1]}".encode()).hexdigest()[:16] if first else ""


def offered(folder: Path) -> Iterator[dict]:
    """The manifests of the snapshots in `folder` that belong to this register and hold nothing withdrawn since; newest first."""
    stamps = sorted((int(path.name) for path in folder.glob("[0-9]*") if path.name.isdecimal()), reverse=True)
    for stamp in stamps:
        if (manifest := read(folder, stamp)) and not outdated(manifest):
            yield manifest


def read(folder: Path, stamp: int) -> dict | None:
    """The manifest of the snapshot at `stamp`, if there is one."""
    with contextlib.suppress(FileNotFoundError):
        return json.loads((folder / str(stamp) / MANIFEST).read_bytes())
    return None


def outdated(manifest: dict) -> bool:
    """Whether a snapshot is another register's, or holds what was withdrawn since: then nobody may have it any more."""
    stamp = manifest["stamp"]
    if not PrintRun.objects.filter(stamp=stamp, state_hash=manifest["state_hash"]).exists() or manifest["epoch"] != epoch():
        return True
    held = Edition.objects.filter(_live_at(stamp), kind=OuterRef("kind"), slug=OuterRef("slug"))
    return Edition.objects.filter(Exists(held), run__gt=stamp, withdrawn=True, moved_to="", superseded=None).exists()


def instant(value: datetime) -> str:
    """A time as RFC 3339, in UTC, to the microsecond: what a mirror must know to tell before from after."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Of two that take snapshots at once, one waits."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write(folder: Path, run: PrintRun, done: Callable[[int], Any]) -> dict:
    beside = Path(tempfile.mkdtemp(suffix="-taking", prefix=".", dir=folder))
    beside.chmod(0o755)
    with contextlib.ExitStack() as open_files:
        files = {kind: open_files.enter_context(_Lines(beside / f"{name}.ndjson.gz")) for kind, name in KINDS.items()}
        for row in PrintRun.objects.filter(stamp__lte=run.stamp).order_by("stamp").iterator(CHUNK):
            files["run"].add(texts.dumps(run_line(row)).encode())
        state = 0
        for edition in _editions(run.stamp):
            if edition.withdrawn:
                files["tombstone"].add(_line(edition, moved_to=edition.moved_to or None))
                continue
            state += texts.fingerprint(edition.kind, edition.slug, edition.number, edition.document, edition.evidence)
            files[edition.kind].add(body(edition.kind, edition.slug, edition.number, edition.document, edition.evidence))
            files["edition"].add(_line(edition, cause=edition.cause))
            done(1)
    if texts.state_hash(state) != run.state_hash:
        shutil.rmtree(beside)
        raise Unsound(f"What is live at {run.stamp} does not add up to its state hash: run check_data.")
    manifest = {
        "stamp": run.stamp,
        "epoch": epoch(),
        "taken_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "state_hash": run.state_hash,
        "rights": RIGHTS,
        "href": f"/api/v1/exports/{run.stamp}/",
        "changes": f"/api/v1/changes/?since={run.stamp}",
        "files": [{"kind": kind, **file.told(f"/api/v1/exports/{run.stamp}/")} for kind, file in files.items()],
    }
    (beside / MANIFEST).write_bytes(texts.dumps(manifest).encode())
    _to_disk(beside / MANIFEST, beside)
    place = folder / str(run.stamp)
    if place.exists():
        # Of another register, or one that holds what was withdrawn: nobody may have it.
        shutil.rmtree(place)
    beside.rename(place)
    _to_disk(folder)
    return manifest


def run_line(run: PrintRun) -> dict:
    """What everybody may know of a print run."""
    return {
        "stamp": run.stamp,
        "printed_at": instant(run.printed_at),
        "operation": run.operation,
        "note": run.note or None,
        "state_hash": run.state_hash,
    }


def _line(edition: Edition, **more) -> bytes:
    told = {"kind": edition.kind, "slug": edition.slug, "edition": edition.number, "stamp": edition.run_id}
    return texts.dumps(told | more).encode()


def _live_at(stamp: int) -> Q:
    return Q(run__lte=stamp) & (Q(superseded=None) | Q(superseded__gt=stamp)) & Q(withdrawn=False)


def _editions(stamp: int) -> Iterator[Edition]:
    """What stood at `stamp`, tombstones included, in the order of printing, read a chunk at a time."""
    standing = Edition.objects.filter(Q(superseded=None) | Q(superseded__gt=stamp), run__lte=stamp).only(*_COLUMNS)
    last = 0
    while chunk := list(standing.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


class _Lines:
    """A file of lines, compressed, that keeps count of itself."""

    def __init__(self, path: Path):
        self.path = path
        self.records = self.unpacked = 0
        self._hash = hashlib.sha256()

    def __enter__(self) -> "_Lines":
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

    def told(self, folder: str) -> dict:
        _to_disk(self.path)
        packed = hashlib.sha256()
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                packed.update(piece)
        return {
            "name": self.path.name,
            "href": f"{folder}{self.path.name}",
            "records": self.records,
            "bytes": self.path.stat().st_size,
            "sha256": packed.hexdigest(),
            "bytes_unpacked": self.unpacked,
            "sha256_unpacked": self._hash.hexdigest(),
        }


def _to_disk(*paths: Path) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_name(text: str) -> bool:
    """Whether a file of a snapshot may be called that."""
    return re.fullmatch(NAME, text) is not None
