"""manage.py mirror before a source that lies: nothing is written outside its folder, nothing without bounds, nothing half."""

import copy
import gzip
import hashlib
import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from nato_support.exchange.mirror import register_client as mirror_source
from nato_support.exchange.mirror import snapshot_loading
from nato_support.exchange.mirror.edition_rows import edition_from_detail_bytes
from nato_support.exchange.mirror.mirror_check import check_mirror
from nato_support.exchange.mirror.register_client import DamagedData
from nato_support.exchange.mirror.source_validation import path_inside
from nato_support.exchange.models import Mirror
from nato_support.publishing import register_snapshot_files
from nato_support.publishing.editions.detail_response import detail_body
from nato_support.publishing.models.public_tables import Edition, Release

pytestmark = pytest.mark.django_db
HASH = "0" * 64
EPOCH = "9f2b7c1e04d35a68"
RUN = {"release": 1, "released_at": "2024-07-09T10:00:00.000000Z", "operation": "publish", "note": None, "state_hash": HASH}
CHANGE = {
    "release": 1, "seq": 1, "op": "upsert", "kind": "organisation", "slug": "arcadia", "edition": 1, "cause": "content",
    "moved_to": None, "gone": False, "sha256": HASH, "href": "/api/v1/organisations/arcadia/editions/1/",
}  # fmt: skip
PAGE = {
    "epoch": EPOCH,
    "since": 0,
    "through": 1,
    "latest": 1,
    "next": None,
    "releases": [RUN | {"changes": 1}],
    "changes": [CHANGE],
}


MOST_REQUESTS = 100


class HostileSource(ThreadingHTTPServer):
    """Answers each path from `answers`: a document, bytes, or a status with headers; 404 for what is not there."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.asked, self.sent = {}, [], 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        path = self.path.split("?")[0]
        # A mirror that would ask for ever is refused some time, and fails its test.
        answer = self.server.answers.get(path, 404) if len(self.server.asked) <= MOST_REQUESTS else 410
        status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
        if isinstance(body, int):
            status, body = body, b""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hostile(settings, tmp_path, monkeypatch):
    settings.STATE_DIR = tmp_path / "state"
    monkeypatch.setattr(mirror_source, "MAX_ATTEMPTS", 1)
    server = HostileSource()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def packed(lines: list) -> bytes:
    return gzip.compress(b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines))


def epoch_of(state_hash: str = HASH) -> str:
    """The epoch of a register whose first run is RUN, with this hash."""
    run = register_snapshot_files.format_instant(datetime.fromisoformat(RUN["released_at"]))
    return hashlib.sha256(f"{run} {state_hash}".encode()).hexdigest()[:16]


def offer(hostile, files: dict | None = None, **manifest) -> dict:
    """Makes the source offer a snapshot; `files`: kind -> bytes."""
    found = []
    folder = f"/api/v1/exports/{manifest.get('release', 1)}"
    for kind, name in register_snapshot_files.FILE_STEMS.items():
        data = (files or {}).get(kind, packed([RUN] if kind == "release" else []))
        unpacked = b"" if data[:2] != b"\x1f\x8b" else gzip.decompress(data)
        hostile.answers[f"{folder}/{name}.ndjson.gz"] = data
        found.append(
            {
                "kind": kind,
                "name": f"{name}.ndjson.gz",
                "href": f"{folder}/{name}.ndjson.gz",
                "records": unpacked.count(b"\n"),
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "bytes_unpacked": len(unpacked),
                "sha256_unpacked": hashlib.sha256(unpacked).hexdigest(),
            }
        )
    told = {"release": 1, "epoch": epoch_of(), "state_hash": HASH, "files": found} | manifest
    hostile.answers["/api/v1/exports/"] = {"results": [told], "next": None}
    return told


def refused(hostile, *words: str) -> str:
    """What the command says; it fails, and nothing is held or written elsewhere."""
    with pytest.raises(CommandError) as failure:
        call_command("mirror", hostile.url, *words, verbosity=0)
    assert not Release.objects.exists() and not Edition.objects.exists()
    return str(failure.value)


def files_outside(tmp_path) -> list:
    """Whatever was written beside the folder of the mirror."""
    own = tmp_path / "state" / "mirror"
    return [path for path in tmp_path.rglob("*") if path not in (own, own.parent) and own not in path.parents]


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "example.org", "http://", "http://example.org/?x=1", "http://example.org/#x"]
)
def test_only_an_address_of_a_register_is_taken(db, url):
    with pytest.raises(CommandError, match=r"is no address of a register: it takes one such as https://register\.example\.org"):
        call_command("mirror", url)


PATHS = [
    "../../evil",
    "..",
    ".",
    "",
    "/tmp/evil",
    "a/b",
    "a\\b",
    "a\0b",
    "x" * 5000,
    "%2e%2e",
    "９f2b7c1e04d35a68",
    EPOCH + "\n",
    7,
    None,
    ["a"],
]


def test_an_honest_snapshot_of_nothing_is_taken(hostile, tmp_path):
    """What the others vary is taken as it is."""
    offer(hostile)
    hostile.answers["/api/v1/changes/"] = PAGE | {"epoch": offer(hostile)["epoch"], "releases": [], "changes": []}
    call_command("mirror", hostile.url, verbosity=0)
    assert Mirror.objects.get().through == 1 and Release.objects.count() == 1 and not files_outside(tmp_path)


@pytest.mark.parametrize("member", ["epoch", "release", "state_hash"])
@pytest.mark.parametrize("value", PATHS)
def test_a_manifest_names_no_path(hostile, tmp_path, member, value):
    if (member, value) == ("release", 7):
        pytest.skip("a release")
    (tmp_path / "kept").mkdir()
    offer(hostile, **{member: value})
    refused(hostile)
    assert files_outside(tmp_path) == [tmp_path / "kept"]
    assert [path for path in hostile.asked if path != "/api/v1/exports/"] == []


@pytest.mark.parametrize("value", [*PATHS, "releases.ndjson.gz", "evil.ndjson.gz"])
@pytest.mark.parametrize("member", ["name", "kind"])
def test_a_manifest_names_no_file_but_its_own(hostile, tmp_path, member, value):
    told = offer(hostile)
    told["files"][0][member] = value
    refused(hostile)
    assert not files_outside(tmp_path) and hostile.asked == ["/api/v1/exports/"]


@pytest.mark.parametrize("release", [-1, 0, 1.5, 2**63, 10**30, True])
def test_a_stamp_is_a_stamp(hostile, release):
    offer(hostile, release=release)
    refused(hostile)


@pytest.mark.parametrize("files", [None, {}, "x", [], [{}], [None], [{"kind": []}]])
def test_a_manifest_has_a_file_of_each_kind(hostile, files):
    offer(hostile, files=None) if files is None else offer(hostile)
    hostile.answers["/api/v1/exports/"]["results"][0]["files"] = files
    refused(hostile)


@pytest.mark.parametrize("results", [None, {}, "x", 7, [None], [[]], ["x"]])
def test_snapshots_are_a_list_of_manifests(hostile, results):
    hostile.answers["/api/v1/exports/"] = {"results": results}
    refused(hostile)


@pytest.mark.parametrize("size", [-1, 10**30, 2**62, 10**12, "7", None, 1.5, True])
@pytest.mark.parametrize("member", ["bytes", "bytes_unpacked", "records"])
def test_sizes_are_bounded_before_anything_is_fetched(hostile, member, size):
    if (member, size) in (("records", 2**62), ("records", 10**12)):
        pytest.skip("no more than announced is read")
    offer(hostile)["files"][0][member] = size
    refused(hostile)
    assert hostile.asked == ["/api/v1/exports/"]


def test_a_file_that_is_larger_than_announced_is_not_read_to_its_end(hostile, tmp_path):
    offer(hostile)
    hostile.answers["/api/v1/exports/1/organisations.ndjson.gz"] = b"x" * 20_000_000
    assert "is not the file" in refused(hostile)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 1_000_000


def test_names_of_files_stay_within_their_folder(tmp_path):
    """Names are refused before by their form: nothing else is written to, should that ever let one through."""
    assert path_inside(tmp_path, "organisations.ndjson.gz") == tmp_path.resolve() / "organisations.ndjson.gz"
    for name in ("../evil", "..", ".", "", "/tmp/evil", "a/b", "a/../../evil"):
        with pytest.raises(DamagedData, match="is no name of a file"):
            path_inside(tmp_path, name)


def test_a_file_that_ends_early_is_kept_and_said_to_have_ended(hostile, tmp_path):
    [whole, short] = packed([RUN]), packed([RUN])[:-9]
    file = next(file for file in offer(hostile)["files"] if file["kind"] == "release")
    hostile.answers[file["href"]] = short
    assert f"the answer ended after {len(short)} of {len(whole)} bytes" in refused(hostile)
    [part] = tmp_path.rglob("releases.ndjson.gz.part")
    assert part.read_bytes() == short


def test_nothing_is_fetched_for_which_there_is_no_room(hostile, monkeypatch):
    size = sum(file["bytes"] for file in offer(hostile)["files"])
    monkeypatch.setattr(snapshot_loading.shutil, "disk_usage", lambda folder: SimpleNamespace(free=size - 1))
    assert f"The snapshot has {size:,} bytes; only {size - 1:,} are free" in refused(hostile)
    assert hostile.asked == ["/api/v1/exports/"]


def test_a_file_that_unpacks_to_more_than_announced_is_not_unpacked(hostile):
    bomb = packed([b" " * 300_000_000])
    told = offer(hostile, {"release": bomb})
    assert "out of bounds" in refused(hostile)
    of_runs = next(file for file in told["files"] if file["kind"] == "release")
    of_runs["bytes_unpacked"] = len(bomb) * 200
    assert "holds more" in refused(hostile)
    of_runs["bytes_unpacked"] = 100
    assert "holds more" in refused(hostile)


def test_a_file_with_more_lines_than_announced_is_refused(hostile):
    told = offer(hostile, {"release": packed([RUN | {"release": at} for at in range(1, 1001)])})
    next(file for file in told["files"] if file["kind"] == "release")["records"] = 1
    assert "holds more" in refused(hostile)


def test_what_a_snapshot_holds_is_what_it_says(hostile, subtests):
    other = "1" * 64
    for told, files, manifest in [
        ("The snapshot's releases are another register's", {}, {"epoch": "0" * 16}),
        ("The snapshot lacks the release that it was taken at", {}, {"release": 2}),
        ("does not add up to its state hash", {}, {"state_hash": other}),
        ("does not add up to its state hash", {"release": packed([RUN | {"state_hash": other}])}, {"epoch": epoch_of(other)}),
    ]:
        with subtests.test(told=told, **manifest):
            offer(hostile, files, **manifest)
            assert told in refused(hostile)
    for kind in ("release", "edition", "organisation", "tombstone"):
        with subtests.test(kind=kind):
            next(file for file in offer(hostile)["files"] if file["kind"] == kind)["records"] += 1
            assert "does not hold as many records as its manifest says" in refused(hostile)


def test_a_line_has_an_end_within_bounds(hostile, monkeypatch):
    cut = gzip.compress(json.dumps(RUN).encode())
    next(file for file in offer(hostile, {"release": cut})["files"] if file["kind"] == "release")["records"] = 1
    assert "releases.ndjson.gz has a line without an end" in refused(hostile)
    offer(hostile)
    monkeypatch.setattr(snapshot_loading, "MAX_LINE_BYTES", 100)
    assert "releases.ndjson.gz has a line without an end, or of more than 100 bytes" in refused(hostile)


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize("run", [b"", b"x", b"[]", DEEP, b'{"release":' + DEEP + b"}", b"\xff", b'{"release": NaN}'])
@pytest.mark.parametrize("kind", ["release", "edition", "tombstone"])
def test_lines_are_read_within_bounds(hostile, kind, run):
    lines = {"release": packed([RUN]), kind: packed([run])}
    offer(hostile, lines)
    refused(hostile)


@pytest.mark.parametrize("data", [b"no gzip", b"\x1f\x8b" + b"\0" * 50, packed([RUN])[:-12]])
def test_a_file_that_cannot_be_unpacked_is_damaged(hostile, data):
    told = offer(hostile)
    file = next(file for file in told["files"] if file["kind"] == "release")
    hostile.answers[file["href"]] = data
    file |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "bytes_unpacked": 1000, "records": 1}
    assert "cannot be unpacked" in refused(hostile)


@pytest.mark.parametrize(
    "changed",
    [
        {"release": -1}, {"release": 10**30}, {"release": "1"}, {"released_at": "now"}, {"released_at": "2024-07-09"},
        {"released_at": 7},
        {"operation": "x"}, {"operation": []}, {"note": {}}, {"note": "x" * 200_000}, {"state_hash": "x"}, {"state_hash": None},
    ],
)  # fmt: skip
def test_a_run_is_a_run(hostile, changed):
    offer(hostile, {"release": packed([RUN | changed])})
    refused(hostile)


def changes(hostile, page=None, **changed):
    hostile.answers["/api/v1/exports/"] = {"results": []}
    hostile.answers["/api/v1/changes/"] = page if page is not None else copy.deepcopy(PAGE) | changed


@pytest.mark.parametrize(
    ("member", "value"),
    [
        *(("slug", value) for value in [*PATHS, "../../admin", "a?b=c", "a#b", "a b", "a\r\nHost: x", "ü"]),
        *(("kind", value) for value in ["../admin", "", None, 7, [], "release"]),
        *(("edition", value) for value in [-1, 0, 10**30, "1", None, "1/../../x"]),
        *(("cause", value) for value in ["x", 7, {}]),
        *(("op", value) for value in ["x", 7, None]),
        *(("moved_to", value) for value in ["../x", 7, {}]),
        *(
            ("href", value)
            for value in ["http://127.0.0.1:1/x", "//other.example/x", "file:///etc/passwd", "ftp://x/", 7, "http://["]
        ),
        *(("sha256", value) for value in ["x", 7, {}]),
        *(("release", value) for value in [2, -1, "1", 10**30]),
    ],
)
def test_a_change_is_about_a_record_and_leads_nowhere_else(hostile, member, value):
    changes(hostile, changes=[CHANGE | {member: value}])
    refused(hostile)
    assert all(path.startswith(("/api/v1/exports/", "/api/v1/changes/")) for path in hostile.asked)


ELSEWHERE = [
    "https://127.0.0.1/x",
    "http://127.0.0.1:1/api/v1/changes/",
    "//other.example/",
    "file:///etc/passwd",
    "http://[",
    7,
    [],
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_what_follows_stands_at_the_same_place(hostile, address):
    changes(hostile, next=address)
    assert "another place" in refused(hostile)
    assert len(hostile.asked) == 3


@pytest.mark.parametrize(
    "page",
    [
        PAGE | {"releases": [], "changes": [], "next": "?again"}, PAGE | {"latest": "x"},
        PAGE | {"releases": None}, PAGE | {"releases": [7]},
        PAGE | {"changes": {}}, PAGE | {"through": -1}, PAGE | {"through": 10**30}, PAGE | {"epoch": "../x"},
        PAGE | {"releases": [RUN | {"changes": -1}]}, PAGE | {"releases": [RUN]}, PAGE | {"through": 0, "next": "?cursor=1"},
        PAGE | {"releases": [RUN | {"changes": 2}, RUN | {"changes": 2}], "changes": []},
        PAGE | {"changes": [], "through": 0, "next": "?c"}, PAGE | {"epoch": None},
    ],
)  # fmt: skip
def test_a_page_of_changes_is_one_and_has_an_end(hostile, page):
    changes(hostile, page)
    refused(hostile)
    assert len(hostile.asked) < 10


@pytest.fixture
def begun(hostile):
    """A mirror of the source, in which nothing was published yet."""
    return Mirror.objects.create(source=f"{hostile.url}/api/v1/", epoch=EPOCH, begins=0, through=0, state_hash=HASH)


EMPTY_RUN, LATER_RUN = RUN | {"changes": 0}, RUN | {"release": 2, "changes": 0}
WITHDRAWAL = CHANGE | {"op": "withdraw", "sha256": None, "href": None}
HALF = PAGE | {"releases": [RUN | {"changes": 2}], "changes": [WITHDRAWAL], "through": 0}


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (PAGE | {"releases": [LATER_RUN], "changes": [], "through": 2, "latest": 2}, "sends release 2 after release 0"),
        (HALF, "does not send release 1 to its end"),
        (HALF | {"releases": [*HALF["releases"], LATER_RUN], "latest": 2}, "does not send release 1 to its end"),
        (PAGE | {"releases": [EMPTY_RUN], "changes": [WITHDRAWAL]}, "Release 1 has more than its 0 changes"),
        (PAGE, "/api/v1/organisations/arcadia/editions/1/ does not have the hash that its change states"),
        (PAGE | {"epoch": "0" * 16}, "another register than the one that was copied. With --start-over"),
        (PAGE | {"releases": [EMPTY_RUN | {"state_hash": "1" * 64}], "changes": []}, "state hash. With --start-over"),
        *(
            ((409, {}, {"type": f"/api/v1/problems/{code}/", "detail": "Not here."}), "says: Not here. With --start-over")
            for code in ("epoch-changed", "point-out-of-range", "history-gone")
        ),
    ],
)  # fmt: skip
def test_changes_continue_what_was_copied(hostile, begun, page, told):
    hostile.answers["/api/v1/organisations/arcadia/editions/1/"] = {}
    changes(hostile, page)
    assert told in refused(hostile)
    begun.refresh_from_db()
    assert begun.through == 0


def test_a_run_that_was_copied_is_not_sent_again(hostile, begun):
    changes(hostile, releases=[EMPTY_RUN, EMPTY_RUN], changes=[])
    with pytest.raises(CommandError, match="The source sends release 1 again"):
        call_command("mirror", hostile.url, verbosity=0)
    begun.refresh_from_db()
    assert begun.through == Release.objects.count() == 1


def test_an_answer_is_read_into_memory_within_bounds(hostile, monkeypatch):
    changes(hostile)
    monkeypatch.setattr(mirror_source, "MAX_RESPONSE_BYTES", 100)
    assert "since=0&page_size=1 is larger than 100 bytes" in refused(hostile)


def test_only_an_edition_that_would_be_answered_alike_is_kept(public):
    edition = Edition.objects.get(kind="facility")
    key = (edition.kind, edition.slug, edition.number)
    body = detail_body(*key, edition.document, edition.evidence)
    _, row = edition_from_detail_bytes(body, *key, 1, "content")
    assert (row.document, row.evidence) == (edition.document, edition.evidence)
    links = json.loads(body)["links"]
    for damaged in (
        b"", b"7", b"[]", b"{}", json.dumps({"links": links}).encode(), body + b" ", body.replace(b"Kite", b"K\\u0069te"),
        body.replace(b"kite-yard", b"other-yard"), body.replace(b'"edition":1', b'"edition":2'),
        body.replace(b'"release":1', b'"release":2'), body.replace(b"facility", b"person"), body.replace(b"?facility=", b"?x="),
    ):  # fmt: skip
        assert damaged != body
        with pytest.raises(DamagedData, match="facility kite-yard, edition 1 is not rendered as it would be here"):
            edition_from_detail_bytes(damaged, *key, 1, "content")


@pytest.mark.parametrize(
    ("mirror", "run", "told"),
    [
        ({"through": 2}, {}, ["field through: the newest release is 1; the last one copied is 2"]),
        ({"state_hash": HASH}, {}, ["field state_hash: the live editions are not those that were copied"]),
        ({}, {"state_hash": HASH}, ["field state_hash: what is live differs from what the source had after release 1"]),
        ({}, {}, []),
    ],
)
def test_check_data_finds_a_mirror_that_is_not_what_it_copied(public, mirror, run, told):
    state = {"begins": 0, "through": 1, "state_hash": public.release.state_hash}
    Mirror.objects.create(source="https://register.example.org/api/v1/", epoch=EPOCH, **state | mirror)
    Release.objects.filter(**{name: getattr(public.release, name) for name in run}).update(**run)
    found = [str(problem) for problem in check_mirror() if problem.model == "mirror"]
    assert len(found) == len(told)
    assert all(part in problem and "with --start-over" in problem for part, problem in zip(told, found, strict=True))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("path", ["exports/", "changes/", "exports/1/releases.ndjson.gz"])
def test_nobody_is_redirected(hostile, status, path):
    offer(hostile)
    if path == "changes/":
        changes(hostile)
    hostile.answers[f"/api/v1/{path}"] = (status, {"Location": f"{hostile.url}/elsewhere"}, b"")
    assert "give the address of that" in refused(hostile)
    assert "/elsewhere" not in hostile.asked


@pytest.mark.parametrize("body", [DEEP, b'{"results":' + DEEP + b"}", b"[1]", b"", b"\xff", b'{"results": ' + b"9" * 5000 + b"}"])
def test_an_answer_is_json_within_bounds(hostile, body):
    hostile.answers["/api/v1/exports/"] = body
    refused(hostile)


@pytest.mark.parametrize("body", [DEEP, b"", b"[]", b'{"type": 7, "detail": []}', b"x" * 3_000_000])
def test_a_problem_is_read_within_bounds(hostile, body):
    hostile.answers["/api/v1/exports/"] = (400, {}, body)
    refused(hostile)


@pytest.mark.parametrize(
    "wait", ["9" * 400, "-1", "x", "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +2359", "nan"]
)
def test_a_source_does_not_say_how_long_to_wait_for_ever(wait):
    assert 0 <= mirror_source._seconds_to_wait(wait, 1.0) <= mirror_source.MAX_WAIT_SECONDS
