"""Uploads that wait until their editor has seen what they would do: private files of one person, few and not for long."""

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

from nato_support.exchange.spreadsheets.columns import Sheet
from nato_support.exchange.spreadsheets.file_reader import FileRow, SpreadsheetContents, read_spreadsheet
from nato_support.exchange.spreadsheets.import_plan import ImportPlan, SheetRow, batch_rows

MAX_AGE_SECONDS = 24 * 3600
"""Seconds."""
MAX_UPLOADS_PER_USER = 3
"""Uploads of one person that wait at once; an older one makes room."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def uploads_folder() -> Path:
    return Path(settings.STATE_DIR) / "uploads"


class PendingUpload:
    """A file that was read, and what of it was looked at so far. Its folder holds about.json, rows.json and lines-*.json."""

    def __init__(self, path: Path):
        self.path = path
        self._claim: int | None = None
        self.about: dict[str, Any] = json.loads((path / "about.json").read_text("utf-8"))

    @property
    def token(self) -> str:
        return self.path.name

    @property
    def contents(self) -> SpreadsheetContents:
        rows = json.loads((self.path / "rows.json").read_text("utf-8"))
        return SpreadsheetContents(self.about["headers"], [FileRow(**row) for row in rows], self.about["remarks"])

    @property
    def pieces(self) -> int:
        return self.about["pieces"]

    @property
    def checked_batches(self) -> int:
        """How many of its pieces were looked at."""
        return sum(self._results_path(at).exists() for at in range(self.pieces))

    @property
    def ready(self) -> bool:
        return self.checked_batches == self.pieces

    def check_next_batches(self, seconds: float = 1.0):
        """Looks at the pieces that come next, for about so long, at one at least. May be called by several at once."""
        until = time.monotonic() + seconds
        open_pieces = [at for at in range(self.pieces) if not self._results_path(at).exists()]
        if not open_pieces:
            return
        book = self.contents
        plan, rows = ImportPlan(book), batch_rows(book)
        for at in open_pieces:
            self._write_json(self._results_path(at), [asdict(line) for line in plan.lines(rows[at])])
            if time.monotonic() > until:
                return

    def discard_results(self):
        """Forgets what was found out."""
        for at in range(self.pieces):
            self._results_path(at).unlink(missing_ok=True)

    def lines(self) -> Iterator[SheetRow]:
        for at in range(self.pieces):
            yield from (SheetRow(**line) for line in json.loads(self._results_path(at).read_text("utf-8")))

    def counts(self) -> Counter:
        return Counter(line.outcome for line in self.lines())

    @property
    def digest(self) -> str:
        """Of the file and all that was found out about it: what somebody confirms is just what they saw."""
        seen = hashlib.sha256(self.about["sha256"].encode())
        for at in range(self.pieces):
            seen.update(self._results_path(at).read_bytes())
        return seen.hexdigest()

    @property
    def progress(self) -> int:
        """How many rows were written so far, by whoever is writing them."""
        try:
            return int((self.path / "progress").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def tell(self, done: int):
        if self.path.exists():
            (self.path / "progress").write_text(str(done))

    def claim_writing(self) -> bool:
        """True for the first who sets out to write it, until `let_go`: a button pressed twice writes once.

        It is a lock of the operating system, which a process that dies gives up.
        """
        file = os.open(self.path / "claimed", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._claim = file
        # Of somebody who did not come to an end.
        (self.path / "progress").unlink(missing_ok=True)
        return True

    def release_claim(self):
        (self.path / "progress").unlink(missing_ok=True)
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def _results_path(self, at: int) -> Path:
        return self.path / f"lines-{at:03}.json"

    def _write_json(self, path: Path, what: Any):
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_text(json.dumps(what), "utf-8")
        draft.replace(path)


def store_upload(name: str, data: bytes, sheet: Sheet, user: int, session: str) -> PendingUpload:
    """Reads a file and keeps it for this person and session. Raises Unreadable."""
    book = read_spreadsheet(name, data, sheet)
    remove_old_uploads(user)
    path = uploads_folder() / secrets.token_urlsafe(16)
    uploads_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700)
    about = {
        "name": name[:200],
        "sheet": sheet.name,
        "user": user,
        "session": _session_hash(session),
        "sha256": hashlib.sha256(data).hexdigest(),
        "headers": book.headers,
        "remarks": book.remarks,
        "pieces": len(batch_rows(book)),
        "rows": len(book.rows),
    }
    (path / "rows.json").write_text(json.dumps([asdict(row) for row in book.rows]), "utf-8")
    (path / "about.json").write_text(json.dumps(about), "utf-8")
    return PendingUpload(path)


def find_upload(token: str, sheet: Sheet, user: int, session: str) -> PendingUpload | None:
    """The upload of that name, if it waits for this person, in this session and on this list."""
    path = uploads_folder() / token
    if not _TOKEN.fullmatch(token) or not (path / "about.json").exists() or _age_seconds(path) > MAX_AGE_SECONDS:
        return None
    upload = PendingUpload(path)
    owned = (upload.about["user"], upload.about["session"], upload.about["sheet"]) == (user, _session_hash(session), sheet.name)
    return upload if owned else None


def remove_old_uploads(user: int):
    """Removes what waited too long, and what of this person's makes room for one more."""
    mine = []
    for path in uploads_folder().glob("*"):
        try:
            if _age_seconds(path) > MAX_AGE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
            elif PendingUpload(path).about["user"] == user:
                mine.append(path)
        except (OSError, ValueError):
            continue
    for path in sorted(mine, key=_age_seconds)[MAX_UPLOADS_PER_USER - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _age_seconds(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _session_hash(session: str) -> str:
    """The session as it is kept: of no use to who reads it."""
    return hashlib.sha256(session.encode()).hexdigest()
