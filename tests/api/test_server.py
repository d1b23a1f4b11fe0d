"""The API as a real server serves it: long answers, readers who go away, a rate that is kept."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from nato_support.api.dispatch import MAX_STREAMS

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parents[2]
EVENTS = 3000
FILL = f"""
import json, django
django.setup()
from django.core.management import call_command
from nato_support.publishing.models.public_tables import Edition, Release
call_command("migrate", verbosity=0)
run = Release.objects.create(number=1, operation="load", state_hash="0" * 64)
Edition.objects.bulk_create(
    Edition(
        kind="event", slug=f"fair-{{at}}", number=1, release=run, name=f"Fair {{at:05}}", evidence="{{}}",
        document=json.dumps({{"kind": "event", "slug": f"fair-{{at}}", "name": f"Fair {{at:05}}", "summary": "x" * 2000}}),
    )
    for at in range({EVENTS})
)
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The environment of a server whose register holds many events."""
    folder = tmp_path_factory.mktemp("served")
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'register.sqlite3'}",
        "STATE_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "nato_support.settings",
        "DEBUG": "",
    }
    subprocess.run([sys.executable, "-c", FILL], env=environment, cwd=PROJECT, check=True)
    return environment


@pytest.fixture
def serve(filled):
    """serve(API_RATE="3/second") starts a server of one process with four threads, and gives its address."""
    with contextlib.ExitStack() as stack:

        def started(**more: str) -> tuple[str, int]:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
            command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "error", "nato_support.wsgi:application"]
            process = subprocess.Popen(command, env=filled | more, cwd=PROJECT)
            stack.callback(ended, process)
            until = time.monotonic() + 300
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60).close()
                    return "127.0.0.1", port
                except OSError:
                    assert process.poll() is None and time.monotonic() < until, "the server did not start"
                    time.sleep(0.1)

        yield started


def ended(process: subprocess.Popen) -> None:
    """Ends a server; one that waits for its readers is not waited for."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ask(server, path: str) -> SimpleNamespace:
    try:
        response = urllib.request.urlopen(f"http://{server[0]}:{server[1]}/api/v1/{path}", timeout=300)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return SimpleNamespace(status=response.status, headers=response.headers, body=response.read())


def reader(server, path: str) -> socket.socket:
    """A client that has begun to read and reads no further."""
    client = socket.create_connection(server)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.sendall(f"GET /api/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    client.settimeout(300)
    return client


def test_a_long_list_comes_whole_and_in_pieces(serve):
    server = serve()
    answered = ask(server, "events.ndjson?ordering=name")
    assert answered.headers["Transfer-Encoding"] == "chunked"
    assert [json.loads(line)["name"] for line in answered.body.splitlines()] == [f"Fair {at:05}" for at in range(EVENTS)]
    page = ask(server, "events.ndjson?page_size=2")
    assert int(page.headers["Content-Length"]) == len(page.body)


def test_readers_who_go_away_or_sleep_hold_nobody_up(serve):
    server = serve()
    for _ in range(3):
        sleeping = [reader(server, "events.ndjson") for _ in range(MAX_STREAMS)]
        for client in sleeping:
            assert client.recv(15).startswith(b"HTTP/1.1 200")
        refused = ask(server, "events.ndjson")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        assert ask(server, "events/?page_size=1").status == 200
        for client in sleeping:
            client.close()
        # Their places come free as soon as the server notices.
        until = time.monotonic() + 300
        while (response := ask(server, "events.ndjson")).status != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert len(response.body.splitlines()) == EVENTS


def test_a_rate_is_kept_and_recovers(serve):
    server = serve(API_RATE="20/minute")
    answered = [ask(server, "events/?page_size=1") for _ in range(40)]
    refused = [response for response in answered if response.status == 429]
    assert refused
    assert {response.status for response in answered} == {200, 429}
    assert {response.headers["Retry-After"] for response in refused} <= {"1", "2", "3"}
    assert json.loads(refused[0].body)["type"] == "/api/v1/problems/rate-limited/"
    # What is promised to be enough.
    time.sleep(int(refused[-1].headers["Retry-After"]))
    assert ask(server, "events/?page_size=1").status == 200
