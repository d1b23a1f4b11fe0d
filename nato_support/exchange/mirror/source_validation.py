"""Validation of what a source sends before any of it becomes a path, an address or a row. Raises DamagedData."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from entities.numbers import LARGEST_COLUMN
from entities.serializers import PLURALS
from nato_support.exchange.mirror.register_client import DamagedData
from nato_support.publishing.editions import public_snapshots
from nato_support.publishing.models.public_tables import EditionCause, ReleaseOperation

EPOCH = re.compile(r"[0-9a-f]{16}")
SHA256 = re.compile(r"[0-9a-f]{64}")
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,250}")
CHANGES = ("upsert", "withdraw", "merge")
LONGEST_NOTE = 100_000
LARGEST_FILE = 64 * 1024**3
"""Maximum packed bytes of one file of a snapshot."""
MOST_EXPANSION = 250
"""Maximum ratio of unpacked to packed size: lines of JSON reach 60."""


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
    """Description of a snapshot that a source offers to start from."""

    epoch: str
    release: int
    state_hash: str
    files: tuple[SnapshotFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def check_manifest(data: Any) -> Manifest:
    """Return the manifest of a snapshot; the names of its files must follow from their kinds."""
    files = tuple(_check_file(file) for file in _typed_member(data, "files", list))
    if sorted(file.kind for file in files) != sorted(public_snapshots.FILE_STEMS):
        raise DamagedData("The source's manifest is not supported here: it does not have a file of each kind.")
    return Manifest(
        _text_member(data, "epoch", EPOCH),
        _whole_number_member(data, "release", least=1),
        _text_member(data, "state_hash", SHA256),
        files,
    )


def _check_file(data: Any) -> SnapshotFile:
    kind = _typed_member(data, "kind", str)
    name = f"{public_snapshots.FILE_STEMS.get(kind, '')}.ndjson.gz"
    if _typed_member(data, "name", str) != name or kind not in public_snapshots.FILE_STEMS:
        raise DamagedData(f"The manifest names a file {data['name'][:100]!r} of kind {kind[:100]!r}.")
    size = _whole_number_member(data, "bytes", most=LARGEST_FILE)
    unpacked = _whole_number_member(data, "bytes_unpacked", most=size * MOST_EXPANSION)
    return SnapshotFile(kind, name, _whole_number_member(data, "records"), size, _text_member(data, "sha256", SHA256), unpacked)


def check_epoch(data: Any) -> str:
    """Return the epoch of a register; '' for one that has published nothing."""
    epoch = _typed_member(data, "epoch", str)
    return _text_member(data, "epoch", EPOCH) if epoch else ""


def check_release(data: Any) -> dict:
    """Return the fields of a release, with its time parsed."""
    note = data.get("note") if isinstance(data, dict) else None
    operation = _typed_member(data, "operation", str)
    if not isinstance(note, str | None) or len(note or "") > LONGEST_NOTE or operation not in ReleaseOperation.values:
        raise DamagedData("The source describes a release in a way that is not supported here.")
    try:
        released_at = datetime.fromisoformat(_typed_member(data, "released_at", str))
        if released_at.tzinfo is None:
            raise ValueError
    except ValueError:
        raise DamagedData("The source describes a release without its time.") from None
    return {
        "number": _whole_number_member(data, "release", least=1),
        "released_at": released_at,
        "operation": operation,
        "note": note or "",
        "state_hash": _text_member(data, "state_hash", SHA256),
    }


def check_key(data: Any) -> tuple[str, str]:
    """Return kind and slug of a record, from which addresses and rows are made."""
    kind = _typed_member(data, "kind", str)
    if kind not in PLURALS:
        raise DamagedData(f"The source sends a record of kind {kind[:100]!r}.")
    return kind, _text_member(data, "slug", SLUG)


def check_edition(data: Any) -> dict:
    """Return a line about an edition or a tombstone: record, number, release, and cause and target if given."""
    check_key(data)
    _whole_number_member(data, "edition", least=1, most=2**31 - 1)
    _whole_number_member(data, "release", least=1)
    if data.get("cause") is not None and data["cause"] not in EditionCause.values:
        raise DamagedData(f"The source tells of an edition with the cause {str(data['cause'])[:100]!r}.")
    if data.get("moved_to") is not None:
        _text_member(data, "moved_to", SLUG)
    return data


def check_change(data: Any, root: str) -> dict:
    """Return a change from a page of the source at `root`."""
    check_edition(data)
    check_address(data.get("href"), root)
    if _typed_member(data, "op", str) not in CHANGES:
        raise DamagedData(f"The source tells of a change {data['op'][:100]!r}.")
    if data.get("sha256") is not None:
        _text_member(data, "sha256", SHA256)
    return data


def check_changes_page(data: Any, root: str) -> dict:
    """Return a page of changes with everything in it checked."""
    for name in ("latest", "through"):
        _whole_number_member(data, name)
    for release in _typed_member(data, "releases", list):
        check_release(release)
        _whole_number_member(release, "changes")
    for change in _typed_member(data, "changes", list):
        check_change(change, root)
    check_address(data.get("next"), root)
    return data


def check_address(address: Any, root: str) -> None:
    """Refuse addresses of another host or scheme."""
    if address is None:
        return
    try:
        parts, root_parts = urlsplit(address), urlsplit(root)
        leads_elsewhere = bool(parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (
            root_parts.scheme,
            root_parts.netloc,
        )
    except (ValueError, TypeError, AttributeError):
        leads_elsewhere = True
    if leads_elsewhere or not str(address).isprintable():
        raise DamagedData(f"The source at {root} leads to another place: {str(address)[:200]!r}.")


def path_inside(folder: Path, name: str) -> Path:
    """Return the path of `name` in `folder`. Raises DamagedData if it would lie elsewhere."""
    path = (folder / name).resolve()
    if path.parent != folder.resolve():
        raise DamagedData(f"The source names {name[:100]!r}, which is no name of a file.")
    return path


def _typed_member(data: Any, name: str, expected_type: type) -> Any:
    value = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(value, expected_type) or isinstance(value, bool):
        raise DamagedData(
            f"The source sends something that is not supported here: {name!r} is missing, or no {expected_type.__name__}."
        )
    return value


def _whole_number_member(data: Any, name: str, *, least: int = 0, most: int = LARGEST_COLUMN) -> int:
    number = _typed_member(data, name, int)
    if not least <= number <= most:
        raise DamagedData(f"The source tells a number that is out of bounds: {name!r}.")
    return number


def _text_member(data: Any, name: str, pattern: re.Pattern) -> str:
    text = _typed_member(data, name, str)
    if not pattern.fullmatch(text):
        raise DamagedData(f"The source sends {name!r} in a form that is not supported here: {text[:100]!r}.")
    return text
