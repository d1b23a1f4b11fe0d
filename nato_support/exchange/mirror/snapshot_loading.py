"""A mirror's beginning: the newest snapshot of the source, fetched, proved by its hashes, and loaded whole or not at all."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from entities.numbers import parse_integer
from entities.serializers import PLURALS
from nato_support.exchange.mirror.edition_rows import edition_from_bytes, tombstone_from_json
from nato_support.exchange.mirror.register_client import DamagedData, RegisterClient, SourceProblem
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
        offered = source.document("exports/").get("results") or []
        try:
            fetched = _download_snapshot(source, offered[0], folder, bar) if offered else None
            break
        except SourceProblem as refused:
            # Something was withdrawn meanwhile, and the snapshot with it.
            if refused.status not in (404, 410) or turn == MAX_SNAPSHOT_ATTEMPTS - 1:
                raise
    manifest = offered[0] if offered else {"epoch": source.document("changes/?since=0&page_size=1").get("epoch", "")}
    with transaction.atomic():
        releases.lock_releases()
        delete_copied_rows()
        mirror = Mirror(
            source=source.root, epoch=manifest["epoch"], begins=0, through=0, held=edition_encoding.format_state_hash(0)
        )
        if fetched:
            mirror.begins = mirror.through = manifest["release"]
            mirror.held = _load_snapshot(manifest, fetched, bar)
        mirror.save()
    shutil.rmtree(folder, ignore_errors=True)
    return mirror


def delete_copied_rows() -> None:
    """Takes out everything that was copied."""
    for model in (NameKey, MentionCount, EditionTerm, Edition, Release, Mirror):
        model.objects.all().delete()


def _download_snapshot(source: RegisterClient, manifest: dict, folder: Path, bar: ProgressBar) -> Path:
    """The folder with all files of a snapshot, each of which has the hash that the manifest tells."""
    try:
        place = folder / f"{manifest['epoch']}-{manifest['release']:d}-{manifest['state_hash'][:16]}"
        wanted = [(one["name"], parse_integer(str(one["bytes"]), 10**15), one["sha256"]) for one in manifest["files"]]
        if {one["kind"] for one in manifest["files"]} != set(public_snapshots.FILE_STEMS) or not place.name.replace(
            "-", ""
        ).isalnum():
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise DamagedData("The source's manifest is none that is understood here.") from None
    for other in folder.glob("*"):
        # Of an earlier start.
        if other != place:
            shutil.rmtree(other)
    place.mkdir(parents=True, exist_ok=True)
    with bar("fetching", sum(size for _, size, _ in wanted)) as progress:
        for name, size, sha256 in wanted:
            if not public_snapshots.is_snapshot_file(name):
                raise DamagedData(f"The manifest names a file {name[:100]!r}.")
            source.download_file(f"exports/{manifest['release']:d}/{name}", place / name, size, sha256, progress.update)
    return place


def _load_snapshot(manifest: dict, place: Path, bar: ProgressBar) -> str:
    """Stores a fetched snapshot in the order in which it was printed; gives its state hash, which is that of the manifest."""
    counts = {one["kind"]: one["records"] for one in manifest["files"]}
    names_of = {one["kind"]: one["name"] for one in manifest["files"]}
    with ExitStack() as opened, bar("loading", counts["edition"]) as progress:
        files = {kind: _CountedLines(opened.enter_context(gzip.open(place / name)), name) for kind, name in names_of.items()}
        for some in _line_batches(files["release"]):
            Release.objects.bulk_create([release_from_json(line) for line in map(json.loads, some)])
        if public_snapshots.register_epoch() != manifest["epoch"]:
            raise DamagedData("The snapshot's releases are another register's.")
        press_ = releases.OpenRelease(Release.objects.get(number=manifest["number"]))
        for some in _line_batches(files["edition"]):
            made = []
            for line in map(json.loads, some):
                raw = next(files[line["kind"]])
                made.append(edition_from_bytes(raw, line["kind"], line["slug"], line["edition"], line["release"], line["cause"]))
            releases.replace_editions(press_, made, {})
            progress.update(len(some))
        for some in _line_batches(files["tombstone"]):
            Edition.objects.bulk_create([tombstone_from_json(line) for line in map(json.loads, some)])
        name_index.update_name_index(press_.called, press_.mention_changes)
    if (
        any(file.read != counts[kind] for kind, file in files.items())
        or sum(counts[kind] for kind in PLURALS) != counts["edition"]
    ):
        raise DamagedData("The snapshot does not hold as many records as its manifest says.")
    held = edition_encoding.format_state_hash(press_.state)
    if held != manifest["state_hash"] or held != press_.release.state_hash:
        raise DamagedData("What the snapshot holds does not add up to its state hash.")
    return held


def release_from_json(told: dict) -> Release:
    """The row for a release, as the source tells it."""
    return Release(
        number=told["release"],
        released_at=datetime.fromisoformat(told["released_at"]),
        operation=told["operation"],
        note=told["note"] or "",
        state_hash=told["state_hash"],
    )


class _CountedLines:
    """The lines of a file, counted."""

    def __init__(self, file: Any, name: str):
        self.read = 0
        self._file, self._name = file, name

    def __iter__(self) -> "_CountedLines":
        return self

    def __next__(self) -> bytes:
        line = self._file.readline(MAX_LINE_BYTES)
        if not line:
            raise StopIteration
        if not line.endswith(b"\n"):
            raise DamagedData(f"{self._name} ends within a line.")
        self.read += 1
        return line[:-1]


def _line_batches(rows: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(rows, _ROWS_PER_BATCH)):
        yield some
