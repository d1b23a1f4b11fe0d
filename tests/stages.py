"""Databases prepared once and used by many tests.

A *stage* is a database with something in it: `empty` has the tables alone, `public` the invented world as published.
Migrating takes seconds: a migrated database is kept as a template between runs, under a digest of all that it comes from.
Each process has the stages that its tests ask for, each made once, as a copy of the one that it builds on.

Ordinary tests run in a transaction on the stage and are rolled back. Tests that commit get a copy of their own, thrown
away afterwards, so that nothing ever needs to be emptied.
"""

import contextlib
import copy
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

from tests.migrated import digest

EMPTY = "empty"
# Templates of other branches and other databases stay as well; each is some megabytes.
KEPT_TEMPLATES = 6


class Stage(NamedTuple):
    """What is put into a copy of the stage `base`; `build(what the base was built with)` gives handles on it."""

    base: str
    build: Callable[[Any], Any]


class Stages:
    """The databases of one process, and which of them the connection uses."""

    def __init__(self, stages: dict[str, Stage]):
        self.stages = stages
        self.wanted, self.current, self.private, self.copies = (EMPTY, False), "", "", 0
        self.server: SQLiteFiles | PostgreSQLServer | None = None
        self.unblock: Callable[[], contextlib.AbstractContextManager] = contextlib.nullcontext
        self.contents: dict[str, Any] = {}

    def open(self, cache: Path, unblock: Callable[[], contextlib.AbstractContextManager]) -> None:
        """Have the migrated database, and enter what was asked for meanwhile.

        `cache` is a folder that outlives the run; inside `unblock()` this process may use the database.
        """
        self.server, self.unblock = PostgreSQLServer() if connection.vendor == "postgresql" else SQLiteFiles(cache), unblock
        with locked(cache / "lock"), self.unblock():
            self.server.copy_template(digest(), EMPTY)
        self.contents[EMPTY] = None
        self.enter(*self.wanted)

    def close(self) -> None:
        """Drop every database of this process."""
        assert self.server
        with self.unblock():
            self._drop_private()
            for name in self.contents:
                self.server.drop(name)
        self.server = None

    def enter(self, name: str, private: bool) -> None:
        """Let the connection use the stage `name`: itself, or a copy for one test that commits."""
        self.wanted = (name, private)
        if self.server is None:
            return
        with self.unblock():
            self._drop_private()
            self._prepare(name)
            if private:
                # A name of its own: a thread that still closes a connection to an earlier one must not touch this one's files.
                self.copies += 1
                self.private = f"{name}_{self.copies}"
                self.server.copy(name, self.private)
            self.server.connect_to(self.private or name)
        self.current = name

    def handles(self) -> Any:
        """Fresh handles on what the current stage was built with, as if it had been built for this test."""
        return copy.deepcopy(self.contents[self.current])

    def _prepare(self, name: str) -> None:
        if name in self.contents:
            return
        assert self.server
        stage = self.stages[name]
        self._prepare(stage.base)
        self.server.copy(stage.base, name)
        self.server.connect_to(name)
        with transaction.atomic():
            self.contents[name] = stage.build(copy.deepcopy(self.contents[stage.base]))

    def _drop_private(self) -> None:
        if self.private:
            assert self.server
            self.server.drop(self.private)
            self.private = ""


class SQLiteFiles:
    """Databases as files beside each other."""

    def __init__(self, cache: Path):
        self.cache = cache
        self.folder = Path(connection.settings_dict["TEST"]["NAME"]).parent

    def copy_template(self, key: str, name: str) -> None:
        self.template = self.cache / f"{key}.sqlite3"
        if not self.template.exists():
            self._make(self.template)
        # The latest used are kept.
        self.template.touch()
        for old in sorted(self.cache.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT_TEMPLATES]:
            old.unlink(missing_ok=True)
        shutil.copyfile(self.template, self._path(name))

    def copy(self, source: str, name: str) -> None:
        # The last connection that closes leaves no write-ahead log, so the file is the whole database.
        connection.close()
        shutil.copyfile(self._path(source), self._path(name))

    def drop(self, name: str) -> None:
        connection.close()
        for path in self.folder.glob(f"{self._path(name).name}*"):
            # A thread's connection that closes just now takes its write-ahead log with it.
            path.unlink(missing_ok=True)

    def connect_to(self, name: str) -> None:
        _connect_to(str(self._path(name)))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def _make(self, template: Path) -> None:
        _migrate(str(self._path("migrated")))
        # It appears under its name when it is whole.
        draft = template.with_suffix(".draft")
        shutil.copyfile(self._path("migrated"), draft)
        draft.replace(template)
        self.drop("migrated")


class PostgreSQLServer:
    """Databases of one server, copied by the server itself."""

    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "main")

    def copy_template(self, key: str, name: str) -> None:
        template = f"template_{self.name}_{key}"
        if not self._exists(template):
            _migrate(f"test_{self.name}_migrating")
            connection.close()
            self._run(f'ALTER DATABASE "test_{self.name}_migrating" RENAME TO "{template}"')
        self._copy(template, self._full(name))

    def copy(self, source: str, name: str) -> None:
        connection.close()
        self._copy(self._full(source), self._full(name))

    def drop(self, name: str) -> None:
        connection.close()
        self._run(f'DROP DATABASE IF EXISTS "{self._full(name)}" WITH (FORCE)')

    def connect_to(self, name: str) -> None:
        _connect_to(self._full(name))

    def _full(self, name: str) -> str:
        return f"test_{self.name}_{self.worker}_{name}"

    def _copy(self, source: str, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{source}"')

    def _exists(self, name: str) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None

    def _run(self, *statements: str) -> None:
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _connect_to(name: str) -> None:
    if connection.settings_dict["NAME"] != name:
        connection.close()
        # Other threads open their connections from the same settings.
        connection.settings_dict["NAME"] = name


def _migrate(name: str) -> None:
    """Make the database `name` by running every migration."""
    connection.close()
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else who asks for the same file is inside at the same time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def stage_of(item: pytest.Item, stages: dict[str, Stage]) -> tuple[str, bool] | None:
    """The stage that a test needs and whether it commits; None for a test without a database."""
    fixtures = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    if issubclass(getattr(item, "cls", None) or object, TransactionTestCase):
        return EMPTY, not issubclass(item.cls, TestCase)
    if marker is None and not {"db", "transactional_db", "live_server"}.intersection(fixtures):
        return None
    commits = bool(marker and marker.kwargs.get("transaction")) or not {"transactional_db", "live_server"}.isdisjoint(fixtures)
    # The last one builds on those before it.
    name = next((name for name in reversed(stages) if name in fixtures), EMPTY)
    return name, commits
