"""Checks of what a source says, before any of it becomes a path, an address or a row. Damaged where it has another shape."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from entities.serializers import PLURALS
from entities.untrusted import LARGEST
from nato_support.exchange.mirror.register_client import DamagedData
from nato_support.publishing.editions import public_snapshots
from nato_support.publishing.models.public_tables import EditionCause, ReleaseOperation

EPOCH = re.compile(r"[0-9a-f]{16}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,250}")
CHANGES = ("upsert", "withdraw", "merge")
LONGEST_NOTE = 100_000
LARGEST_FILE = 64 * 1024**3
"""Bytes of one file of a snapshot, packed."""
MOST_EXPANSION = 250
"""How many times as large as it is packed a file may be unpacked: lines of JSON reach 60."""


@dataclass(frozen=True)
class SnapshotFile:
    """A file of a snapshot as its manifest announces it."""

    kind: str
    name: str
    records: int
    size: int
    sha256: str
    unpacked: int


@dataclass(frozen=True)
class Manifest:
    """What a source offers to start from."""

    epoch: str
    release: int
    state_hash: str
    files: tuple[SnapshotFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def check_manifest(told: Any) -> Manifest:
    """The manifest, if every part of it is what it must be; the names of its files follow from their kinds."""
    files = tuple(_check_file(file) for file in _member(told, "files", list))
    if sorted(file.kind for file in files) != sorted(public_snapshots.FILE_STEMS):
        raise DamagedData("The source's manifest is none that is understood here: it has not a file of each kind.")
    return Manifest(
        _matching(told, "epoch", EPOCH), _number(told, "release", least=1), _matching(told, "state_hash", SHA256), files
    )


def _check_file(told: Any) -> SnapshotFile:
    kind = _member(told, "kind", str)
    name = f"{public_snapshots.FILE_STEMS.get(kind, '')}.ndjson.gz"
    if _member(told, "name", str) != name or kind not in public_snapshots.FILE_STEMS:
        raise DamagedData(f"The manifest names a file {told['name'][:100]!r} of kind {kind[:100]!r}.")
    size = _number(told, "bytes", most=LARGEST_FILE)
    unpacked = _number(told, "bytes_unpacked", most=size * MOST_EXPANSION)
    return SnapshotFile(kind, name, _number(told, "records"), size, _matching(told, "sha256", SHA256), unpacked)


def check_epoch(told: Any) -> str:
    """The epoch of a register; "" of one that has published nothing."""
    epoch = _member(told, "epoch", str)
    return _matching(told, "epoch", EPOCH) if epoch else ""


def check_release(told: Any) -> dict:
    """A run as the source tells it, with its instant read."""
    note = told.get("note") if isinstance(told, dict) else None
    operation = _member(told, "operation", str)
    if not isinstance(note, str | None) or len(note or "") > LONGEST_NOTE or operation not in ReleaseOperation.values:
        raise DamagedData("The source tells of a run in a way that is not understood here.")
    try:
        released_at = datetime.fromisoformat(_member(told, "released_at", str))
        if released_at.tzinfo is None:
            raise ValueError
    except ValueError:
        raise DamagedData("The source tells of a run without its instant.") from None
    return {
        "number": _number(told, "release", least=1),
        "released_at": released_at,
        "operation": operation,
        "note": note or "",
        "state_hash": _matching(told, "state_hash", SHA256),
    }


def check_key(told: Any) -> tuple[str, str]:
    """Kind and slug of a record: what addresses and rows are made of."""
    kind = _member(told, "kind", str)
    if kind not in PLURALS:
        raise DamagedData(f"The source tells of a record of kind {kind[:100]!r}.")
    return kind, _matching(told, "slug", SLUG)


def check_edition(told: Any) -> dict:
    """A line that tells of an edition or a tombstone: record, number, release; cause and where it moved, if said."""
    check_key(told)
    _number(told, "edition", least=1, most=2**31 - 1)
    _number(told, "release", least=1)
    if told.get("cause") is not None and told["cause"] not in EditionCause.values:
        raise DamagedData(f"The source tells of an edition with the cause {str(told['cause'])[:100]!r}.")
    if told.get("moved_to") is not None:
        _matching(told, "moved_to", SLUG)
    return told


def check_change(told: Any, root: str) -> dict:
    """A change of a page of changes from the source at `root`."""
    check_edition(told)
    check_address(told.get("href"), root)
    if _member(told, "op", str) not in CHANGES:
        raise DamagedData(f"The source tells of a change {told['op'][:100]!r}.")
    if told.get("sha256") is not None:
        _matching(told, "sha256", SHA256)
    return told


def check_page(told: Any, root: str) -> dict:
    """A page of changes, with all that it tells of."""
    for name in ("latest", "through"):
        _number(told, name)
    for run in _member(told, "releases", list):
        check_release(run)
        _number(run, "changes")
    for change in _member(told, "changes", list):
        check_change(change, root)
    check_address(told.get("next"), root)
    return told


def check_address(address: Any, root: str) -> None:
    """Nobody is led to another host, nor to another scheme."""
    if address is None:
        return
    try:
        parts, own = urlsplit(address), urlsplit(root)
        elsewhere = bool(parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (own.scheme, own.netloc)
    except (ValueError, TypeError, AttributeError):
        elsewhere = True
    if elsewhere or not str(address).isprintable():
        raise DamagedData(f"The source at {root} leads to another place: {str(address)[:200]!r}.")


def inside(folder: Path, name: str) -> Path:
    """The path of `name` in `folder`, and nowhere else."""
    path = (folder / name).resolve()
    if path.parent != folder.resolve():
        raise DamagedData(f"The source names {name[:100]!r}, which is no name of a file.")
    return path


def _member(told: Any, name: str, kind: type) -> Any:
    value = told.get(name) if isinstance(told, Mapping) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise DamagedData(f"The source tells something that is not understood here: {name!r} is missing, or no {kind.__name__}.")
    return value


def _number(told: Any, name: str, *, least: int = 0, most: int = LARGEST) -> int:
    number = _member(told, name, int)
    if not least <= number <= most:
        raise DamagedData(f"The source tells a number that is out of bounds: {name!r}.")
    return number


def _matching(told: Any, name: str, pattern: re.Pattern) -> str:
    text = _member(told, name, str)
    if not pattern.fullmatch(text):
        raise DamagedData(f"The source tells {name!r} in a way that is not understood here: {text[:100]!r}.")
    return text
