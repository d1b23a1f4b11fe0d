"""The demo, as a user starts it: a process of its own, from nothing, and once more."""

import contextlib
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import pytest
from django.conf import settings


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def demo(folder, port: int):
    """The demo with its database in `folder`; gives what it printed, once it answers."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/register.sqlite3", "STATE_DIR": str(folder / "var")}
    environment |= {"PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "nato_support.settings", "DEBUG": ""}
    environment.pop("SECRET_KEY", None)
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with open(folder / "printed", "w+") as printed:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            for _ in range(1800):
                if process.poll() is not None or answers(port):
                    break
                time.sleep(0.1)
            said = (folder / "printed").read_text()
            assert process.poll() is None, said
            yield said
        finally:
            # The server and its workers, whatever they are doing.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


def answers(port: int) -> bool:
    """Whether a worker answers: the port alone is open before that."""
    with contextlib.suppress(OSError):
        return get(port, "/healthz").startswith(b"ok")
    return False


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=300) as answer:
        return answer.read()


@pytest.mark.slow
def test_the_demo_serves_the_register_and_keeps_what_was_changed(tmp_path, port):
    with demo(tmp_path, port) as said:
        passwords = dict(re.findall(r"sign in as (\w+) +password (\S+)", said))
        assert passwords.keys() == {"viewer", "contributor", "editor", "administrator"}
        assert f"http://127.0.0.1:{port}/admin/" in said
        assert json.loads(get(port, "/api/v1/commitments/nsatu-creation/"))["name"]
        assert b"stylesheet" in get(port, "/admin/login/")
        assert b"swagger" in get(port, "/api/v1/docs/").lower()
        styles = re.findall(r'href="(/static/[^"]+\.css)"', get(port, "/admin/login/").decode())
        assert styles
        assert all(get(port, style) for style in styles)
    for name in ("secret_key", "demo_users.json"):
        assert (tmp_path / "var" / name).stat().st_mode & 0o077 == 0
    with sqlite3.connect(tmp_path / "register.sqlite3") as database:
        database.execute("UPDATE entities_entity SET summary = 'As its editors put it.' WHERE slug = 'nsatu'")
    with demo(tmp_path, port) as said:
        assert "changes by its editors are kept" in said
        assert dict(re.findall(r"sign in as (\w+) +password (\S+)", said)) == passwords
    with sqlite3.connect(tmp_path / "register.sqlite3") as database:
        assert database.execute("SELECT summary FROM entities_entity WHERE slug = 'nsatu'").fetchone() == (
            "As its editors put it.",
        )


def test_a_port_in_use_is_said_before_anything_is_done(tmp_path, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/register.sqlite3", "STATE_DIR": str(tmp_path / "var")}
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        result = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert f"Another server answers on 127.0.0.1:{port}." in result.stderr
    assert not (tmp_path / "register.sqlite3").exists()
