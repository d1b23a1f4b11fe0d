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
from nato_support.publishing import register_snapshot_files
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
class SnapshotManifest:
    """Description of a snapshot that a source offers to start from."""

    epoch: str
    release: int
    state_hash: str
    files: tuple[SnapshotFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def parse_manifest(manifest: Any) -> SnapshotManifest:
    """Return the manifest of a snapshot; the names of its files must follow from their kinds."""
    files = tuple(_parse_manifest_file(file) for file in _typed_member(manifest, "files", list))
    if sorted(file.kind for file in files) != sorted(register_snapshot_files.FILE_STEMS):
        raise DamagedData("The source's manifest is not supported here: it does not have a file of each kind.")
    return SnapshotManifest(
        _text_member(manifest, "epoch", EPOCH),
        _whole_number_member(manifest, "release", least=1),
        _text_member(manifest, "state_hash", SHA256),
        files,
    )


def _parse_manifest_file(file_entry: Any) -> SnapshotFile:
    kind = _typed_member(file_entry, "kind", str)
    name = f"{register_snapshot_files.FILE_STEMS.get(kind, '')}.ndjson.gz"
    if _typed_member(file_entry, "name", str) != name or kind not in register_snapshot_files.FILE_STEMS:
        raise DamagedData(f"The manifest names a file {file_entry['name'][:100]!r} of kind {kind[:100]!r}.")
    size = _whole_number_member(file_entry, "bytes", most=LARGEST_FILE)
    unpacked = _whole_number_member(file_entry, "bytes_unpacked", most=size * MOST_EXPANSION)
    return SnapshotFile(
        kind, name, _whole_number_member(file_entry, "records"), size, _text_member(file_entry, "sha256", SHA256), unpacked
    )


def check_epoch(data: Any) -> str:
    """Return the epoch of a register; '' for one that has published nothing."""
    epoch = _typed_member(data, "epoch", str)
    return _text_member(data, "epoch", EPOCH) if epoch else ""


def parse_release_fields(release: Any) -> dict:
    """Return the fields of a release, with its time parsed."""
    note = release.get("note") if isinstance(release, dict) else None
    operation = _typed_member(release, "operation", str)
    if not isinstance(note, str | None) or len(note or "") > LONGEST_NOTE or operation not in ReleaseOperation.values:
        raise DamagedData("The source describes a release in a way that is not supported here.")
    try:
        released_at = datetime.fromisoformat(_typed_member(release, "released_at", str))
        if released_at.tzinfo is None:
            raise ValueError
    except ValueError:
        raise DamagedData("The source describes a release without its time.") from None
    return {
        "number": _whole_number_member(release, "release", least=1),
        "released_at": released_at,
        "operation": operation,
        "note": note or "",
        "state_hash": _text_member(release, "state_hash", SHA256),
    }


def check_kind_and_slug(record: Any) -> tuple[str, str]:
    """Return kind and slug of a record, from which addresses and rows are made."""
    kind = _typed_member(record, "kind", str)
    if kind not in PLURALS:
        raise DamagedData(f"The source sends a record of kind {kind[:100]!r}.")
    return kind, _text_member(record, "slug", SLUG)


def check_edition_line(line: Any) -> dict:
    """Return a line about an edition or a tombstone: record, number, release, and cause and target if given."""
    check_kind_and_slug(line)
    _whole_number_member(line, "edition", least=1, most=2**31 - 1)
    _whole_number_member(line, "release", least=1)
    if line.get("cause") is not None and line["cause"] not in EditionCause.values:
        raise DamagedData(f"The source tells of an edition with the cause {str(line['cause'])[:100]!r}.")
    if line.get("moved_to") is not None:
        _text_member(line, "moved_to", SLUG)
    return line


def check_change(change: Any, api_root: str) -> dict:
    """Return a change from a page of the source at `root`."""
    check_edition_line(change)
    refuse_foreign_address(change.get("href"), api_root)
    if _typed_member(change, "op", str) not in CHANGES:
        raise DamagedData(f"The source tells of a change {change['op'][:100]!r}.")
    if change.get("sha256") is not None:
        _text_member(change, "sha256", SHA256)
    return change


def check_changes_page(page: Any, api_root: str) -> dict:
    """Return a page of changes with everything in it checked."""
    for name in ("latest", "through"):
        _whole_number_member(page, name)
    for release in _typed_member(page, "releases", list):
        parse_release_fields(release)
        _whole_number_member(release, "changes")
    for change in _typed_member(page, "changes", list):
        check_change(change, api_root)
    refuse_foreign_address(page.get("next"), api_root)
    return page


def refuse_foreign_address(address: Any, api_root: str) -> None:
    """Refuse addresses of another host or scheme."""
    if address is None:
        return
    try:
        parts, root_parts = urlsplit(address), urlsplit(api_root)
        leads_elsewhere = bool(parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (
            root_parts.scheme,
            root_parts.netloc,
        )
    except (ValueError, TypeError, AttributeError):
        leads_elsewhere = True
    if leads_elsewhere or not str(address).isprintable():
        raise DamagedData(f"The source at {api_root} leads to another place: {str(address)[:200]!r}.")


def path_inside(folder: Path, name: str) -> Path:
    """Return the path of `name` in `folder`. Raises DamagedData if it would lie elsewhere."""
    path = (folder / name).resolve()
    if path.parent != folder.resolve():
        raise DamagedData(f"The source names {name[:100]!r}, which is no name of a file.")
    return path


def _typed_member(parent: Any, name: str, expected_type: type) -> Any:
    value = parent.get(name) if isinstance(parent, Mapping) else None
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
