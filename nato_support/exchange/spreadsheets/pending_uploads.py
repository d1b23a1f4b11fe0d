"""Pending uploads: files of one person that wait until the planned import has been checked, few and not for long."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from nato_support.exchange.spreadsheets.file_reader import FileRow, SpreadsheetContents, read_spreadsheet
from nato_support.exchange.spreadsheets.import_planning import ImportPlanner, split_into_batches
from nato_support.exchange.spreadsheets.planned_rows import PlannedRow
from nato_support.exchange.spreadsheets.sheets_and_columns import Sheet

MAX_AGE_SECONDS = 24 * 3600
MAX_UPLOADS_PER_USER = 3
"""Pending uploads of one user; the oldest makes room."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


FORMAT = 2
"""Version of the stored files: raised when the fields of FileRow or PlannedRow change, so that older uploads expire."""


def uploads_folder() -> Path:
    """Return the folder of all pending uploads."""
    return Path(settings.STATE_DIR) / "uploads"


class PendingUpload:
    """An uploaded file and the plan made of it so far. Its folder holds about.json, rows.json and lines-*.json."""

    def __init__(self, path: Path):
        self.path = path
        self._claim: int | None = None
        self.about: dict[str, Any] = json.loads((path / "about.json").read_text("utf-8"))

    @property
    def token(self) -> str:
        """Name of its folder, which is its address."""
        return self.path.name

    @property
    def contents(self) -> SpreadsheetContents:
        """Contents of the file."""
        rows = json.loads((self.path / "rows.json").read_text("utf-8"))
        return SpreadsheetContents(self.about["headers"], [FileRow(**row) for row in rows], self.about["remarks"])

    @property
    def pieces(self) -> int:
        """Number of batches to plan."""
        return self.about["pieces"]

    @property
    def checked_batches(self) -> int:
        """Number of batches that were planned."""
        return sum(self._results_path(batch_number).exists() for batch_number in range(self.pieces))

    @property
    def ready(self) -> bool:
        """True once every batch was planned."""
        return self.checked_batches == self.pieces

    def plan_next_batches(self, seconds: float = 1.0):
        """Plan the next batches for about this many seconds, one at least. Safe to call in parallel."""
        deadline = time.monotonic() + seconds
        open_batches = [batch_number for batch_number in range(self.pieces) if not self._results_path(batch_number).exists()]
        if not open_batches:
            return
        book = self.contents
        plan, batches = ImportPlanner(book), split_into_batches(book)
        for batch_number in open_batches:
            self._write_json(self._results_path(batch_number), [asdict(line) for line in plan.plan_rows(batches[batch_number])])
            if time.monotonic() > deadline:
                return

    def discard_plan(self):
        """Delete the plan."""
        for batch_number in range(self.pieces):
            self._results_path(batch_number).unlink(missing_ok=True)

    def planned_rows(self) -> Iterator[PlannedRow]:
        """Yield the planned rows in the order of the file."""
        for batch_number in range(self.pieces):
            yield from (PlannedRow(**line) for line in json.loads(self._results_path(batch_number).read_text("utf-8")))

    def counts(self) -> Counter:
        """Count the planned rows by outcome."""
        return Counter(line.outcome for line in self.planned_rows())

    @property
    def digest(self) -> str:
        """Hash of the file and its plan, which proves that what is confirmed is what was shown."""
        file_hash = hashlib.sha256(self.about["sha256"].encode())
        for batch_number in range(self.pieces):
            file_hash.update(self._results_path(batch_number).read_bytes())
        return file_hash.hexdigest()

    @property
    def progress(self) -> int:
        """Number of rows written so far by whoever is writing them."""
        try:
            return int((self.path / "progress").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def write_progress(self, rows_done: int):
        """Store the number of rows written so far."""
        if self.path.exists():
            (self.path / "progress").write_text(str(rows_done))

    def claim_writing(self) -> bool:
        """Return True for the first caller until `release_claim`, so that a button pressed twice writes once.

        The claim is a lock of the operating system, which is released when its process dies.
        """
        file = os.open(self.path / "claimed", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._claim = file
        # Left by a process that died.
        (self.path / "progress").unlink(missing_ok=True)
        return True

    def release_claim(self):
        """Give up the claim."""
        (self.path / "progress").unlink(missing_ok=True)
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    def remove(self):
        """Delete the upload."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _results_path(self, batch_number: int) -> Path:
        return self.path / f"lines-{batch_number:03}.json"

    def _write_json(self, path: Path, data: Any):
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_text(json.dumps(data), "utf-8")
        draft.replace(path)


def store_upload(name: str, data: bytes, sheet: Sheet, user_id: int, session: str) -> PendingUpload:
    """Read a file and keep it for this user and session. Raises UnreadableSpreadsheet."""
    book = read_spreadsheet(name, data, sheet)
    make_room_for_upload(user_id)
    path = uploads_folder() / secrets.token_urlsafe(16)
    uploads_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700)
    about = {
        "format": FORMAT,
        "name": name[:200],
        "sheet": sheet.name,
        "user": user_id,
        "session": _session_hash(session),
        "sha256": hashlib.sha256(data).hexdigest(),
        "headers": book.headers,
        "remarks": book.remarks,
        "pieces": len(split_into_batches(book)),
        "rows": len(book.rows),
    }
    (path / "rows.json").write_text(json.dumps([asdict(row) for row in book.rows]), "utf-8")
    (path / "about.json").write_text(json.dumps(about), "utf-8")
    return PendingUpload(path)


def find_upload(token: str, sheet: Sheet, user_id: int, session: str) -> PendingUpload | None:
    """Return the pending upload with this token if it belongs to this user, session and sheet."""
    path = uploads_folder() / token
    if not _TOKEN.fullmatch(token) or not (path / "about.json").exists() or _age_seconds(path) > MAX_AGE_SECONDS:
        return None
    upload = PendingUpload(path)
    if upload.about.get("format") != FORMAT:
        return None
    is_owned = (upload.about["user"], upload.about["session"], upload.about["sheet"]) == (
        user_id,
        _session_hash(session),
        sheet.name,
    )
    return upload if is_owned else None


def make_room_for_upload(user_id: int):
    """Delete expired uploads, and those of this user that must make room for one more."""
    own_folders = []
    for path in uploads_folder().glob("*"):
        try:
            if _age_seconds(path) > MAX_AGE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
            elif PendingUpload(path).about["user"] == user_id:
                own_folders.append(path)
        except (OSError, ValueError):
            continue
    for path in sorted(own_folders, key=_age_seconds)[MAX_UPLOADS_PER_USER - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _age_seconds(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _session_hash(session: str) -> str:
    """Hash a session key, so that the stored value is of no use to a reader."""
    return hashlib.sha256(session.encode()).hexdigest()
