"""A mirror's beginning: the newest snapshot of the source, fetched, proved by its hashes, and loaded whole or not at all."""

import gzip
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from entities.serializers import PLURALS
from entities.untrusted import read_json
from nato_support.exchange.mirror.edition_rows import edition_from_bytes, tombstone_from_json
from nato_support.exchange.mirror.register_client import DamagedData, RegisterClient, SourceProblem
from nato_support.exchange.mirror.source_validation import (
    Manifest,
    SnapshotFile,
    check_edition,
    check_epoch,
    check_key,
    check_manifest,
    check_release,
    inside,
)
from nato_support.exchange.models import Mirror
from nato_support.publishing import name_index, releases
from nato_support.publishing.editions import edition_encoding, public_snapshots
from nato_support.publishing.models.public_tables import Edition, EditionTerm, MentionCount, NameKey, Release

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_SNAPSHOT_ATTEMPTS = 3
_ROWS_PER_BATCH = 500
ProgressBar = Callable[[str, int], Any]
"""Opens a progress bar with `update(n)`, from what is done and how many steps it has."""


def start_mirror(source: RegisterClient, folder: Path, bar: ProgressBar) -> Mirror:
    """Makes this database a copy of the source as its newest snapshot has it; without one, empty, to be filled by changes.

    What was copied before is gone with the same transaction that brings the new copy. What was fetched stays in `folder`
    until then, so that a start that was cut off goes on where it was.
    """
    for turn in range(MAX_SNAPSHOT_ATTEMPTS):
        manifest = _newest_manifest(source)
        try:
            fetched = _download_snapshot(source, manifest, folder, bar) if manifest else None
            break
        except SourceProblem as refused:
            # Something was withdrawn meanwhile, and the snapshot with it.
            if refused.status not in (404, 410) or turn == MAX_SNAPSHOT_ATTEMPTS - 1:
                raise
    epoch = manifest.epoch if manifest else check_epoch(source.document("changes/?since=0&page_size=1"))
    with transaction.atomic():
        releases.lock_releases()
        delete_copied_rows()
        mirror = Mirror(source=source.root, epoch=epoch, begins=0, through=0, held=edition_encoding.format_state_hash(0))
        if manifest and fetched:
            mirror.begins = mirror.through = manifest.release
            mirror.held = _load_snapshot(manifest, fetched, bar)
        mirror.save()
    shutil.rmtree(folder, ignore_errors=True)
    return mirror


def delete_copied_rows() -> None:
    """Takes out everything that was copied."""
    for model in (NameKey, MentionCount, EditionTerm, Edition, Release, Mirror):
        model.objects.all().delete()


def _newest_manifest(source: RegisterClient) -> Manifest | None:
    results = source.document("exports/").get("results")
    if not isinstance(results, list):
        raise DamagedData("The source does not list its snapshots as it must.")
    return check_manifest(results[0]) if results else None


def _download_snapshot(source: RegisterClient, manifest: Manifest, folder: Path, bar: ProgressBar) -> Path:
    """The folder with all files of a snapshot, each of which has the size and hash that the manifest tells."""
    place = inside(folder, f"{manifest.epoch}-{manifest.release}-{manifest.state_hash[:16]}")
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.iterdir():
        # Of an earlier start.
        if other.name != place.name:
            shutil.rmtree(other)
    free = shutil.disk_usage(folder).free
    if manifest.size > free:
        raise DamagedData(f"The snapshot has {manifest.size:,} bytes; {free:,} are free in {folder}.")
    place.mkdir(exist_ok=True)
    with bar("fetching", manifest.size) as progress:
        for file in manifest.files:
            path = inside(place, file.name)
            source.download_file(f"exports/{manifest.release}/{file.name}", path, file.size, file.sha256, progress.update)
    return place


def _load_snapshot(manifest: Manifest, place: Path, bar: ProgressBar) -> str:
    """Stores a fetched snapshot in the order in which it was printed; gives its state hash, which is that of the manifest."""
    announced = {file.kind: file for file in manifest.files}
    with ExitStack() as opened, bar("loading", announced["edition"].records) as progress:
        files = {
            kind: _CountedLines(opened.enter_context(gzip.open(place / file.name)), file) for kind, file in announced.items()
        }
        for some in _line_batches(files["release"]):
            Release.objects.bulk_create([release_from_json(line) for line in map(read_json, some)])
        if public_snapshots.register_epoch() != manifest.epoch:
            raise DamagedData("The snapshot's runs are another register's.")
        newest = Release.objects.filter(number=manifest.release).first()
        if newest is None:
            raise DamagedData("The snapshot lacks the run that it was taken at.")
        press_ = releases.OpenRelease(newest)
        for some in _line_batches(files["edition"]):
            made = []
            for line in map(check_edition, map(read_json, some)):
                raw = next(files[line["kind"]], b"")
                made.append(edition_from_bytes(raw, *check_key(line), line["edition"], line["release"], line["cause"]))
            releases.replace_editions(press_, made, {})
            progress.update(len(some))
        for some in _line_batches(files["tombstone"]):
            Edition.objects.bulk_create([tombstone_from_json(check_edition(line)) for line in map(read_json, some)])
        name_index.update_name_index(press_.name_keys, press_.mention_changes)
    if (
        any(file.read != announced[kind].records for kind, file in files.items())
        or sum(announced[kind].records for kind in PLURALS) != announced["edition"].records
    ):
        raise DamagedData("The snapshot does not hold as many records as its manifest says.")
    held = edition_encoding.format_state_hash(press_.hash_sum)
    if held != manifest.state_hash or held != press_.row.state_hash:
        raise DamagedData("What the snapshot holds does not add up to its state hash.")
    return held


def release_from_json(told: dict) -> Release:
    """The row for a print run, as the source tells it."""
    return Release(**check_release(told))


class _CountedLines:
    """The lines of a file, counted: no more of them, and no more bytes, than its manifest announces."""

    def __init__(self, file: Any, announced: SnapshotFile):
        self.read = 0
        self._file, self._announced, self._left = file, announced, announced.unpacked

    def __iter__(self) -> "_CountedLines":
        return self

    def __next__(self) -> bytes:
        name = self._announced.name
        try:
            line = self._file.readline(min(MAX_LINE_BYTES, self._left + 1))
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedData(f"{name} cannot be unpacked: {error}") from None
        if not line:
            raise StopIteration
        self._left -= len(line)
        self.read += 1
        if self._left < 0 or self.read > self._announced.records:
            raise DamagedData(f"{name} holds more than its manifest says.")
        if not line.endswith(b"\n"):
            raise DamagedData(f"{name} ends within a line.")
        return line[:-1]


def _line_batches(rows: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(rows, _ROWS_PER_BATCH)):
        yield some
