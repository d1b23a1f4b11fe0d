"""manage.py backup and restore, on files as an operator has them."""

import io
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

ROOT = Path(__file__).parent.parent
pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="tests/test_operators_page.py restores on PostgreSQL"),
    pytest.mark.slow,
]


def manage(database: Path, *words, status: int = 0) -> str:
    """What a command says that finds its database there."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nato_support.backups.database_path", lambda: database)
        try:
            call_command(*map(str, words), stdout=said)
        except CommandError as error:
            assert status == 1, error
            return str(error)
    assert status == 0, said.getvalue()
    return said.getvalue()


def by_itself(database: Path, *words) -> str:
    """The same as a process of its own."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "nato_support.settings"}
    command = [sys.executable, "manage.py", *map(str, words)]
    environment |= {"SECRET_KEY": "x"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


def groups(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as opened:
        return [name for (name,) in opened.execute("SELECT name FROM auth_group ORDER BY name")]


def add_group(database: Path, name: str) -> None:
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("INSERT INTO auth_group (name) VALUES (?)", (name,))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    path = tmp_path_factory.mktemp("migrated") / "register.sqlite3"
    by_itself(path, "migrate", "--verbosity", "0")
    return path


@pytest.fixture
def live(migrated, tmp_path):
    """A register, and its backup from before somebody added a group."""
    path = tmp_path / "register.sqlite3"
    shutil.copy(migrated, path)
    manage(path, "backup", tmp_path / "backup")
    add_group(path, "later")
    return path


def test_a_backup_is_restored_into_an_empty_place(live, tmp_path):
    fresh = tmp_path / "elsewhere" / "fresh.sqlite3"
    fresh.parent.mkdir()
    assert "Restored" in by_itself(fresh, "restore", tmp_path / "backup")
    assert groups(fresh) == ["administrator", "contributor", "editor", "viewer"]
    assert "later" in groups(live)
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    assert [path.name for path in fresh.parent.iterdir()] == ["fresh.sqlite3"]


def test_a_backup_is_of_one_moment_while_others_write(live, tmp_path):
    begun, stop = threading.Event(), threading.Event()

    def write():
        with closing(sqlite3.connect(live, timeout=20)) as opened:
            at = 0
            while not stop.wait(0.001):
                at += 1
                with opened:
                    opened.execute("INSERT INTO auth_group (name) VALUES (?)", (f"even {at}",))
                    opened.execute("INSERT INTO auth_group (name) VALUES (?)", (f"odd {at}",))
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        manage(live, "backup", tmp_path / "meanwhile")
    finally:
        stop.set()
        writer.join()
    found = groups(tmp_path / "meanwhile")
    assert sum(name.startswith("even") for name in found) == sum(name.startswith("odd") for name in found) > 0


def test_a_register_that_is_there_is_replaced_only_by_force_and_kept(live, tmp_path):
    said = manage(live, "restore", tmp_path / "backup", status=1)
    assert "holds a register" in said
    assert "later" in groups(live)
    said = manage(live, "restore", tmp_path / "backup", "--force")
    assert "later" not in groups(live)
    (kept,) = tmp_path.glob("register.sqlite3.before-*")
    assert str(kept) in said
    assert "later" in groups(kept)
    by_itself(live, "migrate", "--check")


@pytest.mark.parametrize("busy", ["idle", "writing"])
def test_a_database_in_use_is_never_replaced(live, tmp_path, busy):
    with closing(sqlite3.connect(live, isolation_level=None)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("SELECT COUNT(*) FROM auth_group").fetchone()
        if busy == "writing":
            server.execute("BEGIN IMMEDIATE")
        assert "is in use" in manage(live, "restore", tmp_path / "backup", "--force", status=1)
    assert "later" in groups(live)
    assert not list(tmp_path.glob("*.before-*"))


def test_a_damaged_database_is_restored(live, tmp_path):
    live.write_bytes(b"x" * 8192)
    manage(live, "restore", tmp_path / "backup", "--force")
    assert len(groups(live)) == 4


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 9000, "empty", "cut"])
def test_what_is_no_sound_backup_is_refused(live, tmp_path, content):
    bad = tmp_path / "bad"
    if content == "empty":
        sqlite3.connect(bad).execute("CREATE TABLE t (x)").connection.close()
    else:
        whole = (tmp_path / "backup").read_bytes()
        bad.write_bytes(whole[: len(whole) // 2] if content == "cut" else content)
    assert "Nothing was restored" in manage(live, "restore", bad, "--force", status=1)
    assert "later" in groups(live)
    assert not list(tmp_path.glob("*.before-*")) and not list(tmp_path.glob(".*"))


def test_a_backup_overwrites_nothing_unasked(live, tmp_path):
    before = (tmp_path / "backup").read_bytes()
    assert "exists already" in manage(live, "backup", tmp_path / "backup", status=1)
    assert (tmp_path / "backup").read_bytes() == before
    manage(live, "backup", tmp_path / "backup", "--force")
    assert "later" in groups(tmp_path / "backup")
    assert "There is no folder" in manage(live, "backup", tmp_path / "no" / "backup", status=1)
    assert "There is no database" in manage(tmp_path / "none.sqlite3", "backup", tmp_path / "b2", status=1)
