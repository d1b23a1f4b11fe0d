"""Start of a mirror: the newest snapshot of the source, fetched, proved by its hashes, and loaded completely or not at all."""

import gzip
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from entities.untrusted_json import read_json
from nato_support.exchange.mirror.edition_rows import edition_from_detail_bytes, tombstone_from_json
from nato_support.exchange.mirror.register_client import DamagedData, RegisterClient, SourceProblem
from nato_support.exchange.mirror.source_validation import (
    SnapshotFile,
    SnapshotManifest,
    check_edition_line,
    check_epoch,
    check_kind_and_slug,
    parse_manifest,
    parse_release_fields,
    path_inside,
)
from nato_support.exchange.models import Mirror
from nato_support.publishing import name_index, register_snapshot_files, releases
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.models.public_tables import Edition, EditionTerm, MentionCount, NameKey, Release, SearchEntry

MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_SNAPSHOT_ATTEMPTS = 3
_ROWS_PER_BATCH = 500
ProgressBar = Callable[[str, int], Any]
"""Opens a progress bar with `update(n)`, given its label and its number of steps."""


def start_mirror(source: RegisterClient, folder: Path, open_progress_bar: ProgressBar) -> Mirror:
    """Make this database a copy of the source's newest snapshot, or leave it empty for changes if there is none.

    The previous copy is replaced in one transaction. Downloads stay in `folder` until then, so that an interrupted start resumes.
    """
    for attempt in range(MAX_SNAPSHOT_ATTEMPTS):
        manifest = _newest_manifest(source)
        try:
            snapshot_folder = _download_snapshot(source, manifest, folder, open_progress_bar) if manifest else None
            break
        except SourceProblem as problem:
            # A record was withdrawn meanwhile, and the snapshot with it.
            if problem.status not in (404, 410) or attempt == MAX_SNAPSHOT_ATTEMPTS - 1:
                raise
    epoch = manifest.epoch if manifest else check_epoch(source.fetch_json("changes/?since=0&page_size=1"))
    with transaction.atomic():
        releases.lock_releases()
        delete_mirrored_register()
        mirror = Mirror(source=source.root, epoch=epoch, begins=0, through=0, state_hash=edition_encoding.format_state_hash(0))
        if manifest and snapshot_folder:
            mirror.begins = mirror.through = manifest.release
            mirror.state_hash = _load_snapshot(manifest, snapshot_folder, open_progress_bar)
        mirror.save()
    shutil.rmtree(folder, ignore_errors=True)
    return mirror


def delete_mirrored_register() -> None:
    """Delete everything that was copied."""
    for model in (NameKey, MentionCount, SearchEntry, EditionTerm, Edition, Release, Mirror):
        model.objects.all().delete()


def _newest_manifest(source: RegisterClient) -> SnapshotManifest | None:
    results = source.fetch_json("exports/").get("results")
    if not isinstance(results, list):
        raise DamagedData("The source does not list its snapshots as it must.")
    return parse_manifest(results[0]) if results else None


def _download_snapshot(source: RegisterClient, manifest: SnapshotManifest, folder: Path, open_progress_bar: ProgressBar) -> Path:
    """Download the files of a snapshot into a folder, each with the size and hash in the manifest; return the folder."""
    snapshot_folder = path_inside(folder, f"{manifest.epoch}-{manifest.release}-{manifest.state_hash[:16]}")
    folder.mkdir(parents=True, exist_ok=True)
    for stale_folder in folder.iterdir():
        # Left by an earlier start.
        if stale_folder.name != snapshot_folder.name:
            shutil.rmtree(stale_folder)
    free_bytes = shutil.disk_usage(folder).free
    if manifest.size > free_bytes:
        raise DamagedData(f"The snapshot has {manifest.size:,} bytes; only {free_bytes:,} are free in {folder}.")
    snapshot_folder.mkdir(exist_ok=True)
    with open_progress_bar("fetching", manifest.size) as progress:
        for file in manifest.files:
            path = path_inside(snapshot_folder, file.name)
            source.download_file(f"exports/{manifest.release}/{file.name}", path, file.size, file.sha256, progress.update)
    return snapshot_folder


def _load_snapshot(manifest: SnapshotManifest, snapshot_folder: Path, open_progress_bar: ProgressBar) -> str:
    """Store a downloaded snapshot in the order of its editions; return its state hash, which is that of the manifest."""
    announced = {file.kind: file for file in manifest.files}
    with ExitStack() as open_files, open_progress_bar("loading", announced["edition"].records) as progress:
        files = {
            kind: _BoundedLines(open_files.enter_context(gzip.open(snapshot_folder / file.name)), file)
            for kind, file in announced.items()
        }
        for lines in _line_batches(files["release"]):
            Release.objects.bulk_create([release_from_json(line) for line in map(read_json, lines)])
        if register_snapshot_files.register_epoch() != manifest.epoch:
            raise DamagedData("The snapshot's releases are another register's.")
        newest = Release.objects.filter(number=manifest.release).first()
        if newest is None:
            raise DamagedData("The snapshot lacks the release that it was taken at.")
        release = releases.OpenRelease(newest)
        for lines in _line_batches(files["edition"]):
            new_editions = []
            for line in map(check_edition_line, map(read_json, lines)):
                raw = next(files[line["kind"]], b"")
                new_editions.append(
                    edition_from_detail_bytes(raw, *check_kind_and_slug(line), line["edition"], line["release"], line["cause"])
                )
            releases.store_and_index_editions(release, new_editions, {})
            progress.update(len(lines))
        for lines in _line_batches(files["tombstone"]):
            Edition.objects.bulk_create([tombstone_from_json(check_edition_line(line)) for line in map(read_json, lines)])
        name_index.update_name_index(release.name_keys, release.mention_changes)
    if any(file.lines_read != announced[kind].records for kind, file in files.items()):
        raise DamagedData("The snapshot does not hold as many records as its manifest says.")
    state_hash = edition_encoding.format_state_hash(release.hash_sum)
    if state_hash != manifest.state_hash or state_hash != release.row.state_hash:
        raise DamagedData("What the snapshot holds does not add up to its state hash.")
    return state_hash


def release_from_json(release_json: dict) -> Release:
    """Return the unsaved row of a release that the source describes."""
    return Release(**parse_release_fields(release_json))


class _BoundedLines:
    """Lines of a file, counted: no more lines, and no more bytes, than its manifest announces."""

    def __init__(self, file: Any, announced: SnapshotFile):
        self.lines_read = 0
        self._file, self._announced, self._left = file, announced, announced.unpacked

    def __iter__(self) -> "_BoundedLines":
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
        self.lines_read += 1
        if self._left < 0 or self.lines_read > self._announced.records:
            raise DamagedData(f"{name} holds more than its manifest says.")
        if not line.endswith(b"\n"):
            raise DamagedData(f"{name} has a line without an end, or of more than {MAX_LINE_BYTES:,} bytes.")
        return line[:-1]


def _line_batches(rows: Iterator[bytes]) -> Iterator[list[bytes]]:
    while batch := list(islice(rows, _ROWS_PER_BATCH)):
        yield batch
