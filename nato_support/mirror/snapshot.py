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

from entities.serializers import PLURALS
from nato_support.editions import names, press, snapshots, texts
from nato_support.editions.models import Edition, EditionTerm, NameKey, PrintRun, Renown
from nato_support.mirror.models import Mirror
from nato_support.mirror.source import Damaged, Refused, Source
from nato_support.mirror.texts import edition_of, tombstone_of

LONGEST_LINE = 64 * 1024 * 1024
TRIES = 3
_BATCH = 500
Bar = Callable[[str, int], Any]
"""Opens a progress bar with `update(n)`, from what is done and how many steps it has."""


def begin(source: Source, folder: Path, bar: Bar) -> Mirror:
    """Makes this database a copy of the source as its newest snapshot has it; without one, empty, to be filled by changes.

    What was copied before is gone with the same transaction that brings the new copy. What was fetched stays in `folder`
    until then, so that a start that was cut off goes on where it was.
    """
    for turn in range(TRIES):
        offered = source.document("exports/").get("results") or []
        try:
            fetched = _fetch(source, offered[0], folder, bar) if offered else None
            break
        except Refused as refused:
            # Something was withdrawn meanwhile, and the snapshot with it.
            if refused.status not in (404, 410) or turn == TRIES - 1:
                raise
    manifest = offered[0] if offered else {"epoch": source.document("changes/?since=0&page_size=1").get("epoch", "")}
    with transaction.atomic():
        press.lock()
        clear()
        mirror = Mirror(source=source.root, epoch=manifest["epoch"], begins=0, through=0, held=texts.state_hash(0))
        if fetched:
            mirror.begins = mirror.through = manifest["stamp"]
            mirror.held = _load(manifest, fetched, bar)
        mirror.save()
    shutil.rmtree(folder, ignore_errors=True)
    return mirror


def clear() -> None:
    """Takes out everything that was copied."""
    for model in (NameKey, Renown, EditionTerm, Edition, PrintRun, Mirror):
        model.objects.all().delete()


def _fetch(source: Source, manifest: dict, folder: Path, bar: Bar) -> Path:
    """The folder with all files of a snapshot, each of which has the hash that the manifest tells."""
    try:
        place = folder / f"{manifest['epoch']}-{manifest['stamp']:d}-{manifest['state_hash'][:16]}"
        wanted = [(one["name"], int(one["bytes"]), one["sha256"]) for one in manifest["files"]]
        if {one["kind"] for one in manifest["files"]} != set(snapshots.KINDS) or not place.name.replace("-", "").isalnum():
            raise ValueError
    except (KeyError, TypeError, ValueError):
        raise Damaged("The source's manifest is none that is understood here.") from None
    for other in folder.glob("*"):
        # Of an earlier start.
        if other != place:
            shutil.rmtree(other)
    place.mkdir(parents=True, exist_ok=True)
    with bar("fetching", sum(size for _, size, _ in wanted)) as progress:
        for name, size, sha256 in wanted:
            if not snapshots.is_name(name):
                raise Damaged(f"The manifest names a file {name[:100]!r}.")
            source.download(f"exports/{manifest['stamp']:d}/{name}", place / name, size, sha256, progress.update)
    return place


def _load(manifest: dict, place: Path, bar: Bar) -> str:
    """Stores a fetched snapshot in the order in which it was printed; gives its state hash, which is that of the manifest."""
    counts = {one["kind"]: one["records"] for one in manifest["files"]}
    names_of = {one["kind"]: one["name"] for one in manifest["files"]}
    with ExitStack() as opened, bar("loading", counts["edition"]) as progress:
        files = {kind: _Lines(opened.enter_context(gzip.open(place / name)), name) for kind, name in names_of.items()}
        for some in _batches(files["run"]):
            PrintRun.objects.bulk_create([run_of(line) for line in map(json.loads, some)])
        if snapshots.epoch() != manifest["epoch"]:
            raise Damaged("The snapshot's runs are another register's.")
        press_ = press.Press(PrintRun.objects.get(stamp=manifest["stamp"]))
        for some in _batches(files["edition"]):
            made = []
            for line in map(json.loads, some):
                raw = next(files[line["kind"]])
                made.append(edition_of(raw, line["kind"], line["slug"], line["edition"], line["stamp"], line["cause"]))
            press.file(press_, made, {})
            progress.update(len(some))
        for some in _batches(files["tombstone"]):
            Edition.objects.bulk_create([tombstone_of(line) for line in map(json.loads, some)])
        names.settle(press_.called, press_.named)
    if (
        any(file.read != counts[kind] for kind, file in files.items())
        or sum(counts[kind] for kind in PLURALS) != counts["edition"]
    ):
        raise Damaged("The snapshot does not hold as many records as its manifest says.")
    held = texts.state_hash(press_.state)
    if held != manifest["state_hash"] or held != press_.run.state_hash:
        raise Damaged("What the snapshot holds does not add up to its state hash.")
    return held


def run_of(told: dict) -> PrintRun:
    """The row for a print run, as the source tells it."""
    return PrintRun(
        stamp=told["stamp"],
        printed_at=datetime.fromisoformat(told["printed_at"]),
        operation=told["operation"],
        note=told["note"] or "",
        state_hash=told["state_hash"],
    )


class _Lines:
    """The lines of a file, counted."""

    def __init__(self, file: Any, name: str):
        self.read = 0
        self._file, self._name = file, name

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> bytes:
        line = self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        if not line.endswith(b"\n"):
            raise Damaged(f"{self._name} ends within a line.")
        self.read += 1
        return line[:-1]


def _batches(rows: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(rows, _BATCH)):
        yield some
