"""manage.py mirror, as a process of its own before a real server: cut off, killed, misled, and in step all the same."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tqdm import tqdm

from nato_support.publishing import register_snapshot_files
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.republication import republish_register
from tests import invented
from tests import world as make
from tests.lives import Life

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent
READ = """
import json, sys, django
django.setup()
from django.test import Client
client = Client(SERVER_NAME="localhost")
answers = {}
for address in json.load(sys.stdin):
    answer = client.get(address)
    answers[address] = [answer.status_code, answer.content.decode(), answer.headers.get("Location")]
json.dump(answers, sys.stdout)
"""


class Between(ThreadingHTTPServer):
    """Stands between the mirror and its source. `meddle(path)` may answer for it: a status, or to `cut` or `hold` the answer."""

    daemon_threads = True

    def __init__(self, source: str):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.source, self.asked, self.sent = source, [], []
        self.meddle: Callable[[str], Any] = lambda path: None
        self.reached, self.released = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        server.sent.append(dict(self.headers))
        what = server.meddle(self.path)
        if isinstance(what, int):
            self.send_response(what)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        passed_on = ("range", "if-none-match", "user-agent", "host")
        headers = {name: value for name, value in self.headers.items() if name.lower() in passed_on}
        try:
            answer = urllib.request.urlopen(urllib.request.Request(server.source + self.path, headers=headers))
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        body = what(body) if callable(what) else body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        half = len(body) // 2
        self.wfile.write(body[:half])
        self.wfile.flush()
        if what == "cut":
            return
        if what == "hold":
            server.reached.set()
            server.released.wait(600)
            return
        self.wfile.write(body[half:])

    def log_message(self, *_):
        pass


@pytest.fixture
def exports(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path / "exports"
    return settings.EXPORTS_DIR


@pytest.fixture
def promise(public):
    """Publishes a further commitment."""

    return partial(invented.publish_commitment, public)


@pytest.fixture
def between(public, exports, live_server):
    server = Between(live_server.url)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def blank(tmp_path_factory, migrated_file):
    """An empty register."""
    path = tmp_path_factory.mktemp("blank") / "blank.sqlite3"
    if migrated_file:
        shutil.copy(migrated_file, path)
        return path
    _run(path, "manage.py", "migrate", "--verbosity", "0")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


class Mirror:
    def __init__(self, path: Path, source: Between):
        self.path, self.source = path, source

    def run(self, *words: str, status: int = 0) -> str:
        done = _run(self.path, "manage.py", "mirror", self.source.url, *words, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "mirror", self.source.url]
        return subprocess.Popen(command, cwd=ROOT, env=_environment(self.path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def killed_at(self, path: str, there: str = "") -> None:
        """It is killed, as by a power cut, while half of the answer to the first question like `path` has come.

        `there` is the file in which that half is kept.
        """
        self.source.reached.clear()
        self.source.released.clear()
        self.source.meddle = lambda asked: "hold" if re.search(path, asked) and not self.source.reached.is_set() else None
        process = self.start()
        assert self.source.reached.wait(300), process.communicate(timeout=60)
        while there and not any(file.stat().st_size for file in self.path.parent.rglob(there)):
            assert process.poll() is None, process.communicate()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        self.source.meddle = lambda asked: None
        self.source.released.set()

    def rows(self, question: str) -> list:
        with sqlite3.connect(self.path) as connection:
            return connection.execute(question).fetchall()

    def answers(self, addresses) -> dict:
        done = _run(self.path, "-c", READ, input=json.dumps(list(addresses)))
        return json.loads(done.stdout)


def _environment(path: Path) -> dict:
    own = {"DATABASE_URL": f"sqlite:///{path}", "STATE_DIR": str(path.parent / "state"), "SECRET_KEY": "only-for-tests"}
    return os.environ | own | {"DJANGO_SETTINGS_MODULE": "nato_support.settings", "EXPORTS_DIR": str(path.parent / "own")}


def _run(path: Path, *words: str, check=True, input=None) -> subprocess.CompletedProcess:
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=_environment(path), capture_output=True, text=True, check=check, input=input)


@pytest.fixture
def mirror(blank, between, tmp_path):
    path = tmp_path / "mirror" / "mirror.sqlite3"
    path.parent.mkdir()
    shutil.copy(blank, path)
    return Mirror(path, between)


def addresses(begins: int) -> list[str]:
    """Every address whose answer a mirror that began at that release must give as its source does."""
    newest = Release.objects.latest("number").number
    found = [f"/api/v1/changes/?since={since}&include=document&page_size=200" for since in range(begins, newest + 1)]
    found += [f"/api/v1/changes/{release}/" for release in range(begins + 1, newest + 1)]
    for name in ("organisations", "commitments", "entities", "relations", "quotes", "documents", "persons"):
        found += [f"/api/v1/{name}/?page_size=500", f"/api/v1/{name}/?ordering=name&count=true"]
        found += [f"/api/v1/{name}/?page_size=500&as_of=release:{release}" for release in range(max(begins, 1), newest + 1)]
    found += ["/api/v1/search/?q=promise", "/api/v1/commitments/?committed_by=ruritania", "/api/v1/entities/?q=state"]
    for edition in Edition.objects.all():
        record = f"/api/v1/{register_snapshot_files.FILE_STEMS[edition.kind]}/{edition.slug}/"
        found.append(record)
        if edition.release_id > begins or edition.superseded is None:
            found.append(f"{record}editions/{edition.number}/")
    return list(dict.fromkeys(found))


def assert_same(mirror: Mirror, begins: int) -> None:
    """The mirror answers the same bytes, but that it knows no time before it began; places in its pages are its own."""
    client = Client(SERVER_NAME="localhost")
    asked = addresses(begins)
    told = mirror.answers(asked)
    for address in asked:
        answer = client.get(address)
        theirs = [answer.status_code, answer.content.decode(), answer.headers.get("Location")]
        ours = _comparable(told[address])
        assert ours == _comparable(theirs), f"{address}: {os.path.commonprefix([ours[1], _comparable(theirs)[1]])[-300:]}"


def _comparable(answer: list) -> list:
    status, text, location = answer
    document = json.loads(text)
    document.pop("instance", None)
    if "changes" in document:
        document["oldest"] = None
    return [status, re.sub(r"cursor=[A-Za-z0-9_-]+", "cursor", json.dumps(document)), location]


@pytest.mark.parametrize(("seed", "rounds"), [(1, 1), pytest.param(2, 4, marks=pytest.mark.slow)])
def test_a_mirror_answers_what_its_source_answers_whatever_happens_there(public, exports, mirror, seed, rounds):
    alive = Life(public, seed)
    for _ in range(8):
        alive.step()
    manifest, _ = register_snapshot_files.write_register_snapshot(exports)
    alive.step()
    for _ in range(rounds):
        mirror.run()
        for _ in range(9):
            alive.step()
    mirror.run()
    begins = mirror.rows("SELECT begins FROM exchange_mirror")[0][0]
    assert begins in (0, manifest["release"])
    assert_same(mirror, begins)
    newest = Release.objects.first()
    assert mirror.rows("SELECT through, state_hash FROM exchange_mirror") == [(newest.number, newest.state_hash)]
    # Again: nothing to do, and nothing done.
    before = mirror.rows("SELECT * FROM publishing_edition")
    mirror.run()
    mirror.run()
    assert mirror.rows("SELECT * FROM publishing_edition") == before
    assert mirror.source.sent[-1].get("If-None-Match", "").startswith("W/")
    if begins:
        early = mirror.answers(["/api/v1/changes/?since=0", "/api/v1/entities/?as_of=release:1", "/api/v1/changes/1/"])
        assert {answer[0] for answer in early.values()} == {410}


@pytest.mark.slow
def test_check_data_looks_for_no_working_copy_in_a_mirror(public, exports, mirror):
    mirror.run()
    done = _run(mirror.path, "manage.py", "check_data")
    assert "The mirror is sound" in done.stdout
    with sqlite3.connect(mirror.path) as connection:
        connection.execute("UPDATE exchange_mirror SET state_hash = ?", ("0" * 64,))
    done = _run(mirror.path, "manage.py", "check_data", check=False)
    assert done.returncode == 1
    assert "the live editions are not those that were copied" in done.stdout


@pytest.mark.slow
def test_without_a_snapshot_it_begins_with_the_first_change(public, promise, mirror):
    tents = promise("tents")
    withdraw([tents])
    assert "Started from the first change" in mirror.run()
    assert_same(mirror, 0)
    tents.refresh_from_db()
    publish([tents])
    mirror.run()
    # What could not be had while it was withdrawn is there again.
    assert_same(mirror, 0)


@pytest.mark.slow
def test_a_source_published_anew_is_copied_anew(public, exports, mirror):
    mirror.run()
    public.arcadia.citations.filter(field="name").delete()
    republish_register(lambda label, total: tqdm(total=total, disable=True))
    assert "With --start-over it is copied again" in mirror.run(status=1)
    # It goes on answering as before.
    assert [answer[0] for answer in mirror.answers(["/api/v1/organisations/arcadia/"]).values()] == [200]
    register_snapshot_files.write_register_snapshot(exports)
    assert "Started from snapshot 2." in mirror.run("--start-over")
    assert_same(mirror, 2)
    gone = mirror.answers(["/api/v1/organisations/arcadia/", "/api/v1/commitments/?as_of=release:1"])
    assert [answer[0] for answer in gone.values()] == [410, 410]


@pytest.mark.slow
def test_a_mirror_killed_while_it_fetches_or_copies_goes_on(public, promise, exports, mirror):
    """The power fails in the middle of a file, of the load, and of a run larger than a page."""
    register_snapshot_files.write_register_snapshot(exports)
    mirror.killed_at(r"quotes\.ndjson\.gz", there="quotes.ndjson.gz.part")
    assert mirror.rows("SELECT COUNT(*) FROM publishing_edition") == [(0,)]
    fetched = mirror.source.asked.count("/api/v1/exports/1/organisations.ndjson.gz")
    many = [make.a_commitment(f"gift-{at}") for at in range(210)]
    make.cite_values(public.quote, *many)
    for one in many:
        one.refresh_from_db()
    publish(many)
    mirror.killed_at("cursor=")
    # The snapshot is there, whole; of the run that was cut off there is nothing.
    assert mirror.source.asked.count("/api/v1/exports/1/organisations.ndjson.gz") == fetched
    assert any("Range" in sent for sent in mirror.source.sent)
    assert mirror.rows("SELECT begins, through FROM exchange_mirror") == [(1, 1)]
    assert mirror.rows("SELECT COUNT(*) FROM publishing_edition") == [(11,)]
    mirror.run()
    assert_same(mirror, 1)


@pytest.mark.slow
def test_a_download_that_is_cut_or_damaged_is_never_taken_for_withdrawals(public, promise, exports, mirror):
    register_snapshot_files.write_register_snapshot(exports)
    cut = []

    def once_cut(path):
        if path.endswith("gz") and path not in cut:
            cut.append(path)
            return "cut"
        return 503 if path.startswith("/api/v1/changes") and mirror.source.asked.count(path) == 1 else None

    mirror.source.meddle = once_cut
    mirror.run()
    assert len(cut) == 12
    mirror.source.meddle = lambda path: (lambda body: body[:-9] + b"\0" + body[-8:]) if "commitments" in path else None
    assert "is not the file" in mirror.run("--start-over", status=1)
    mirror.source.meddle = lambda path: None
    assert_same(mirror, 1)


@pytest.mark.slow
def test_a_source_begun_anew_or_put_back_is_refused_until_told_to_start_over(public, promise, exports, mirror):
    promise("tents")
    register_snapshot_files.write_register_snapshot(exports)
    mirror.run()
    held = mirror.rows("SELECT * FROM publishing_edition")
    # Put back to before run 2, it goes on otherwise.
    Edition.objects.filter(release__gt=1).delete()
    Release.objects.filter(number__gt=1).delete()
    assert "--start-over" in mirror.run(status=1)
    promise("kettles", name="Four kettles")
    assert "--start-over" in mirror.run(status=1)
    assert mirror.rows("SELECT * FROM publishing_edition") == held
    register_snapshot_files.write_register_snapshot(exports)
    mirror.run("--start-over")
    assert_same(mirror, 2)
    # Another register has another epoch.
    Release.objects.update(state_hash="0" * 64)
    assert "another register" in mirror.run(status=1)


def test_what_does_not_add_up_is_refused(public, promise, exports, mirror):
    register_snapshot_files.write_register_snapshot(exports)
    mirror.run()
    promise("tents")
    Release.objects.filter(number=2).update(state_hash="0" * 64)
    assert "does not add up" in mirror.run(status=1)
    assert mirror.rows("SELECT through FROM exchange_mirror") == [(1,)]
    assert mirror.rows("SELECT COUNT(*) FROM publishing_release") == [(1,)]


@pytest.mark.slow
def test_a_register_of_its_own_is_not_overwritten(public, mirror, tmp_path):
    mirror.run()
    with sqlite3.connect(mirror.path) as connection:
        connection.execute("DELETE FROM exchange_mirror")
    assert "register of its own" in mirror.run(status=1)
    assert "register of its own" in mirror.run("--start-over", status=1)
    assert mirror.rows("SELECT COUNT(*) FROM publishing_edition") == [(11,)]


def test_editions_of_a_mirror_are_immutable(public, mirror):
    mirror.run()
    with sqlite3.connect(mirror.path) as connection, pytest.raises(sqlite3.IntegrityError, match="immutable"):
        connection.execute("UPDATE publishing_edition SET name = 'other'")
