"""Uploads that wait until their editor has seen what they would do: private files of one person, few and not for long."""

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

from nato_support.exchange.sheets.columns import Sheet
from nato_support.exchange.sheets.plan import Line, Plan, chunks
from nato_support.exchange.sheets.reading import Book, Row, read

KEPT_FOR = 24 * 3600
"""Seconds."""
MOST_OF_ONE = 3
"""Uploads of one person that wait at once; an older one makes room."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def folder() -> Path:
    return Path(settings.STATE_DIR) / "uploads"


class Upload:
    """A file that was read, and what of it was looked at so far. Its folder holds about.json, rows.json and lines-*.json."""

    def __init__(self, path: Path):
        self.path = path
        self.about: dict[str, Any] = json.loads((path / "about.json").read_text("utf-8"))

    @property
    def token(self) -> str:
        return self.path.name

    @property
    def book(self) -> Book:
        rows = json.loads((self.path / "rows.json").read_text("utf-8"))
        return Book(self.about["headers"], [Row(**row) for row in rows], self.about["remarks"])

    @property
    def pieces(self) -> int:
        return self.about["pieces"]

    @property
    def looked_at(self) -> int:
        """How many of its pieces were looked at."""
        return sum(self._lines(at).exists() for at in range(self.pieces))

    @property
    def ready(self) -> bool:
        return self.looked_at == self.pieces

    def look_on(self, seconds: float = 1.0):
        """Looks at the pieces that come next, for about so long, at one at least. May be called by several at once."""
        until = time.monotonic() + seconds
        open_pieces = [at for at in range(self.pieces) if not self._lines(at).exists()]
        if not open_pieces:
            return
        book = self.book
        plan, rows = Plan(book), chunks(book)
        for at in open_pieces:
            self._write(self._lines(at), [asdict(line) for line in plan.lines(rows[at])])
            if time.monotonic() > until:
                return

    def look_again(self):
        """Forgets what was found out."""
        for at in range(self.pieces):
            self._lines(at).unlink(missing_ok=True)

    def lines(self) -> Iterator[Line]:
        for at in range(self.pieces):
            yield from (Line(**line) for line in json.loads(self._lines(at).read_text("utf-8")))

    def counts(self) -> Counter:
        return Counter(line.outcome for line in self.lines())

    @property
    def digest(self) -> str:
        """Of the file and all that was found out about it: what somebody confirms is just what they saw."""
        seen = hashlib.sha256(self.about["sha256"].encode())
        for at in range(self.pieces):
            seen.update(self._lines(at).read_bytes())
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

    def claim(self) -> bool:
        """True for the first who sets out to write it, until `let_go`: a button pressed twice writes once."""
        try:
            os.close(os.open(self.path / "claimed", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def let_go(self):
        (self.path / "claimed").unlink(missing_ok=True)
        (self.path / "progress").unlink(missing_ok=True)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def _lines(self, at: int) -> Path:
        return self.path / f"lines-{at:03}.json"

    def _write(self, path: Path, what: Any):
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_text(json.dumps(what), "utf-8")
        draft.replace(path)


def keep(name: str, data: bytes, sheet: Sheet, user: int, session: str) -> Upload:
    """Reads a file and keeps it for this person and session. Raises Unreadable."""
    book = read(name, data, sheet)
    clear_away(user)
    path = folder() / secrets.token_urlsafe(16)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700)
    about = {
        "name": name[:200],
        "sheet": sheet.name,
        "user": user,
        "session": _bound(session),
        "sha256": hashlib.sha256(data).hexdigest(),
        "headers": book.headers,
        "remarks": book.remarks,
        "pieces": len(chunks(book)),
        "rows": len(book.rows),
    }
    (path / "rows.json").write_text(json.dumps([asdict(row) for row in book.rows]), "utf-8")
    (path / "about.json").write_text(json.dumps(about), "utf-8")
    return Upload(path)


def find(token: str, sheet: Sheet, user: int, session: str) -> Upload | None:
    """The upload of that name, if it waits for this person, in this session and on this list."""
    path = folder() / token
    if not _TOKEN.fullmatch(token) or not (path / "about.json").exists() or _age(path) > KEPT_FOR:
        return None
    upload = Upload(path)
    owned = (upload.about["user"], upload.about["session"], upload.about["sheet"]) == (user, _bound(session), sheet.name)
    return upload if owned else None


def clear_away(user: int):
    """Removes what waited too long, and what of this person's makes room for one more."""
    mine = []
    for path in folder().glob("*"):
        try:
            if _age(path) > KEPT_FOR:
                shutil.rmtree(path, ignore_errors=True)
            elif Upload(path).about["user"] == user:
                mine.append(path)
        except (OSError, ValueError):
            continue
    for path in sorted(mine, key=_age)[MOST_OF_ONE - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _bound(session: str) -> str:
    """The session as it is kept: of no use to who reads it."""
    return hashlib.sha256(session.encode()).hexdigest()
