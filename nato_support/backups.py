"""Backups of the whole database, taken while it is in use, and restored only when it is not.

SQLite is copied by its online backup, PostgreSQL by `pg_dump` and `pg_restore`, which must be installed.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, connections

_PAGES = 2000
"""Number of pages that are copied at a time; writers continue between two batches."""


class BackupError(Exception):
    """Reason why nothing was backed up or restored, for the operator."""


def back_up(path: Path, force: bool = False) -> int:
    """Write a consistent, checked copy of the whole database to `path`; return its size in bytes.

    The file appears complete or not at all. An existing file is kept unless `force` is set.
    """
    if path.exists() and not force:
        raise BackupError(f"{path} exists already. Give another name, or --force to replace it.")
    if not path.parent.is_dir():
        raise BackupError(f"There is no folder {path.parent}.")
    if connection.vendor == "sqlite":
        source = database_path()
        if not source.is_file():
            raise BackupError(f"There is no database {source} to back up.")
        draft = _create_draft_beside(path)
        try:
            _copy_database(source, draft)
            _check_integrity(draft)
            _replace_file(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    else:
        draft = _create_draft_beside(path)
        try:
            _run_postgresql_program("pg_dump", "--format=custom", f"--file={draft}")
            _replace_file(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return path.stat().st_size


def restore(path: Path, force: bool = False) -> str:
    """Restore the database from `path`; return the path at which the previous one is kept, "" if there was none.

    A database that is not empty is replaced only with `force`, and one in use never.
    """
    if not path.is_file():
        raise BackupError(f"There is no backup {path}.")
    return _restore_sqlite(path, force) if connection.vendor == "sqlite" else _restore_postgresql(path, force)


def database_path() -> Path:
    """Return the file of the SQLite database that the settings name."""
    return Path(connection.settings_dict["NAME"]).absolute()


def _restore_sqlite(path: Path, force: bool) -> str:
    target = database_path()
    if path.absolute() == target:
        raise BackupError(f"{path} is the database itself.")
    _check_integrity(path)
    kept: Path | None = None
    if target.exists() and target.stat().st_size:
        if not force:
            raise BackupError(
                f"{target} holds a register. Restore into another database, or with --force: then that file is kept beside"
                " the restored one under a name with the time."
            )
        kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z")
    connections.close_all()
    draft = _create_draft_beside(target)
    try:
        _copy_database(path, draft)
        _check_integrity(draft)
        if kept:
            with closing(_lock_exclusively(target)):
                os.link(target, kept)
                _replace_file(draft, target)
        else:
            _replace_file(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return str(kept or "")


def _lock_exclusively(target: Path) -> sqlite3.Connection:
    """Return the only connection to the database, with its journal written back. Raises BackupError if others have it open."""
    opened = sqlite3.connect(target, timeout=1, isolation_level=None)
    try:
        # SQLite leaves WAL mode only if no other process has the file open, even an idle one.
        mode = opened.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        if mode != "delete":
            raise sqlite3.OperationalError("database is locked")
        opened.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        opened.close()
        if getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            # It is damaged, which is the reason for restoring it.
            return sqlite3.connect(":memory:")
        raise BackupError(f"{target} is in use ({error}). Stop the server and every other command first.") from None
    return opened


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is at one moment, including its journal."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=60)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        try:
            reading.backup(writing, pages=_PAGES, sleep=0.01)
            # The result is a single file, without a journal beside it.
            writing.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            raise BackupError(f"{source} cannot be copied: {error}") from None


def _check_integrity(path: Path) -> None:
    """Refuse a file that is not an intact database of a register."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
            finding = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
            tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path} is not an intact database: {error}") from None
    if finding != "ok":
        raise BackupError(f"{path} is damaged: {finding}")
    if "django_migrations" not in tables or "entities_entity" not in tables:
        raise BackupError(f"{path} holds no register.")


def _create_draft_beside(path: Path) -> Path:
    """Return a new empty file beside `path`, readable by its owner alone: backups hold password hashes."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise BackupError(f"Nothing can be written beside {path}: {error}") from None
    os.close(handle)
    return Path(name)


def _replace_file(draft: Path, path: Path) -> None:
    """Move the finished draft to its place and flush it to disk."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _restore_postgresql(path: Path, force: bool) -> str:
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor) and not force:
            raise BackupError(
                f"The database {connection.settings_dict['NAME']} holds a register. Restore into another one, or with --force:"
                " then its content is lost."
            )
        cursor.execute("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        if others := cursor.fetchone()[0]:
            raise BackupError(
                f"The database is in use: {others} other connections. Stop the server and every other command first."
            )
    connections.close_all()
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--clean", "--if-exists")
    _run_postgresql_program("pg_restore", *options, str(path))
    return ""


def _run_postgresql_program(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database of the settings; the password is passed in the environment."""
    executable = shutil.which(program)
    if not executable:
        raise BackupError(f"{program} is not installed: it comes with PostgreSQL's client programs, such as postgresql-client.")
    settings_dict: dict[str, Any] = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = os.environ | {name: str(settings_dict[key]) for name, key in names.items() if settings_dict.get(key)}
    command = [executable, f"--dbname={settings_dict['NAME']}", *arguments]
    result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)  # noqa: S603
    if result.returncode:
        raise BackupError(f"{program} failed: {result.stderr.strip()}")
