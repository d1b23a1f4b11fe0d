"""The sync contract: whoever keeps a copy by changes/?since= and exports/ has what the register has, byte for byte."""

import gzip
import hashlib
import json

import pytest

from nato_support.publishing import register_snapshot_files
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.editions.detail_response import split_detail_body
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited
from tests.lives import Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def exports(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path
    return tmp_path


@pytest.fixture
def life(public):
    return lambda seed: Life(public, seed)


class Copy:
    """What a client holds that knows nothing but the contract: (kind, slug) -> (edition, body); and the release of each."""

    def __init__(self, held=None, through=0):
        self.held, self.through, self.releases = dict(held or {}), through, {}

    def apply(self, page: dict):
        for change in page["changes"]:
            key = change["kind"], change["slug"]
            if change["release"] <= max(self.releases.get(key, 0), self.through):
                continue
            self.releases[key] = change["release"]
            if change["op"] == "upsert" and not change["gone"]:
                body = edition_encoding.compact_json(change["document"]).encode()
                assert hashlib.sha256(body).hexdigest() == change["sha256"]
                self.held[key] = change["edition"], body
            else:
                self.held.pop(key, None)

    def follow(self, api, address: str) -> dict:
        while address:
            page = api(address).data
            self.apply(page)
            self.through_of(page)
            address = page["next"]
        return page

    def through_of(self, page):
        assert page["through"] >= self.through
        self.through = page["through"]
        self.releases = {key: release for key, release in self.releases.items() if release > self.through}

    @property
    def state_hash(self) -> str:
        total = 0
        for (kind, slug), (edition, body) in self.held.items():
            lean, extra = split_detail_body(body)
            total += edition_encoding.edition_hash(
                kind, slug, edition, edition_encoding.compact_json(lean), edition_encoding.compact_json(extra)
            )
        return edition_encoding.format_state_hash(total)


def taken(api, exports) -> Copy:
    """A copy that begins with the newest snapshot, fetched as a client does."""
    found = register_snapshot_files.write_register_snapshot(exports)
    assert found
    manifest = api("exports/").data["results"][0]
    assert manifest == found[0]
    held = {}
    for file in manifest["files"]:
        packed = b"".join(api(file["href"]).streaming_content)
        assert len(packed) == file["bytes"] and hashlib.sha256(packed).hexdigest() == file["sha256"]
        lines = gzip.decompress(packed)
        assert len(lines) == file["bytes_unpacked"] and hashlib.sha256(lines).hexdigest() == file["sha256_unpacked"]
        assert lines.count(b"\n") == file["records"]
        if file["kind"] in ("release", "edition", "tombstone"):
            continue
        for line in lines.splitlines():
            document = json.loads(line)
            assert line == api(document["links"]["edition"]).content
            held[document["kind"], document["slug"]] = document["edition"], line
    copy = Copy(held, manifest["release"])
    assert copy.state_hash == manifest["state_hash"]
    return copy


def live() -> dict:
    return {(e.kind, e.slug): e.number for e in Edition.objects.filter(superseded=None, withdrawn=False)}


@pytest.mark.parametrize("seed", range(4))
def test_a_snapshot_and_what_changed_since_are_the_live_state(api, life, exports, seed):
    alive, copies = life(seed), []
    for step in range(24):
        if step % 6 == 0:
            copies.append(taken(api, exports))
        alive.step()
    newest = Release.objects.first()
    copies.append(Copy())
    for copy in copies:
        page = copy.follow(api, f"changes/?since={copy.through}&include=document&page_size={alive.random.randint(1, 9)}")
        assert copy.through == newest.number == page["latest"] and page["next"] is None
        assert {key: edition for key, (edition, _) in copy.held.items()} == live()
        assert copy.state_hash == newest.state_hash
    last = taken(api, exports)
    assert all(copy.held == last.held for copy in copies)
    # Any suffix again, and again: nothing changes.
    for since in range(newest.number):
        again = Copy(last.held, last.through)
        again.follow(api, f"changes/?since={since}&include=document") if since == last.through else again.apply(
            api(f"changes/?since={since}&include=document&page_size=200").data
        )
        assert again.held == last.held


def test_between_two_stamps_nothing_withdrawn_in_sight_each_state_is_reached(api, public, promise, exports):
    """For all n < m: S(n) and the changes after it, up to m, are S(m)."""
    for at in range(4):
        promise(f"gift-{at}", by=[public.arcadia])
    public.arcadia.refresh_from_db()
    public.arcadia.name = "Arcadia Felix"
    public.arcadia.save()
    publish_cited(public.quote, public.arcadia)
    states = dict(Release.objects.values_list("number", "state_hash"))
    for start in range(len(states)):
        copy = Copy()
        for run in range(1, len(states) + 1):
            if run > start or copy.through < start:
                page = api(f"changes/?since={run - 1}&include=document&page_size=200").data
                page["changes"] = [change for change in page["changes"] if change["release"] == run]
                copy.apply(page)
                copy.through = run
                assert copy.state_hash == states[run]


def test_a_page_says_what_stands_in_it(api, public):
    page = api("changes/?since=0").data
    run = Release.objects.get()
    assert page["releases"] == [
        {
            "release": 1,
            "released_at": run.released_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "operation": "publish",
            "note": None,
            "state_hash": run.state_hash,
            "changes": 11,
            "href": "/api/v1/changes/1/",
        }
    ]
    assert (page["since"], page["through"], page["latest"], page["oldest"], page["next"]) == (0, 1, 1, 0, None)
    assert [change["seq"] for change in page["changes"]] == list(range(1, 12))
    for change in page["changes"]:
        assert hashlib.sha256(api(change["href"]).content).hexdigest() == change["sha256"]
        assert "document" not in change
    empty = api("changes/?since=1").data
    assert empty["changes"] == empty["releases"] == [] and empty["through"] == 1


def test_a_run_larger_than_a_page_keeps_through_until_its_end(api, public, promise):
    promise("tents")
    withdraw([public.kites])
    address, pages = "changes/?since=0&page_size=3", []
    while address:
        pages.append(api(address).data)
        address = pages[-1]["next"]
    assert [page["through"] for page in pages] == [0, 0, 0, 1, 3]
    assert [run["release"] for page in pages for run in page["releases"]] == [1, 1, 1, 1, 2, 3]
    told = [(change["release"], change["seq"]) for page in pages for change in page["changes"]]
    assert told == sorted(set(told)) and len(told) == Edition.objects.count()


def test_within_a_run_a_record_occurs_once_and_removals_come_last(api, life):
    alive = life(7)
    for _ in range(30):
        alive.step()
    page = api("changes/?since=0&page_size=200").data
    runs = {}
    for change in page["changes"]:
        runs.setdefault(change["release"], []).append(change)
    assert any(len({change["op"] for change in changes}) > 1 for changes in runs.values())
    for changes in runs.values():
        assert len({(change["kind"], change["slug"]) for change in changes}) == len(changes)
        removals = [change["op"] != "upsert" for change in changes]
        assert removals == sorted(removals)


def test_what_was_withdrawn_is_told_without_its_content(api, public, promise, exports):
    tents = promise("tents", name="Secret tents")
    register_snapshot_files.write_register_snapshot(exports)
    held = api("exports/2/").data
    withdraw([tents])
    answer = api("changes/?since=1&include=document")
    assert b"Secret" not in answer.content
    [upsert, removal] = answer.data["changes"]
    assert upsert == upsert | {"op": "upsert", "gone": True, "sha256": None, "href": None} and "document" not in upsert
    assert removal == removal | {"op": "withdraw", "gone": False, "sha256": None, "edition": 2}
    assert b"Secret" not in api("changes.atom").content
    # Nor is it anywhere in a snapshot that can still be had.
    assert api("exports/").data["results"] == []
    for address in ("exports/2/", held["files"][0]["href"]):
        assert api(address, 410).data["type"] == "/api/v1/problems/history-gone/"
    register_snapshot_files.write_register_snapshot(exports)
    assert [found.name for found in exports.iterdir() if found.name.isdecimal()] == ["3"]
    tents.refresh_from_db()
    publish([tents])
    assert [change["gone"] for change in api("changes/?since=1").data["changes"]] == [False, False, False]


def test_a_merge_is_told_as_one_and_leaves_snapshots_standing(api, life, exports):
    alive = life(3)
    alive.found(), alive.found()
    register_snapshot_files.write_register_snapshot(exports)
    release = Release.objects.first().number
    alive.merge()
    merged = [change for change in api(f"changes/?since={release}").data["changes"] if change["op"] == "merge"]
    assert len(merged) == 1 and merged[0]["moved_to"] and merged[0]["sha256"] is None
    assert len(api("exports/").data["results"]) == 1


def test_changes_can_be_narrowed(api, public):
    public.arcadia.name = "Arcadia Felix"
    public.arcadia.save()
    publish_cited(public.quote, public.arcadia)
    everything = api("changes/?since=1").data["changes"]
    content = api("changes/?since=1&cause=content").data["changes"]
    assert [(change["kind"], change["slug"]) for change in content] == [("organisation", "arcadia")]
    assert len(everything) > 1
    kinds = {change["kind"] for change in api("changes/?since=0&kind=quote,event").data["changes"]}
    assert kinds == {"quote", "event"}


def test_who_holds_another_register_is_told(api, public, promise):
    promise("tents")
    page = api("changes/?since=0").data
    state = page["releases"][0]["state_hash"]
    api(f"changes/?since=1&epoch={page['epoch']}&state={state}")
    for query in (f"since=1&epoch={'0' * 16}", f"since=1&state={'0' * 64}", f"since=99&epoch={'0' * 16}"):
        assert api(f"changes/?{query}", 409).data["type"] == "/api/v1/problems/epoch-changed/"
    assert api("changes/?since=3", 400).data["type"] == "/api/v1/problems/point-out-of-range/"
    api(f"changes/?since=0&state={'0' * 64}")


WHAT_CANNOT_BE_ASKED_IS_REFUSED = [
    *(f"since={value}" for value in ("-1", "1e3", "NaN", "٣", "1" * 23, "%00", "%ED%A0%80", "", "1,2", "[[1]]", "9" * 100_000)),
    "since=0&since=1",
    "since=0&cursor=AAAA",
    "since=0&page_size=0",
    "since=0&page_size=201",
    "since=0&epoch=x",
    "since=0&state=x",
    "since=0&include=drafts",
    "since=0&kind=draft",
    "since=0&cause=whim",
    "since=0&status=draft",
    "epoch=0000000000000000",
    "include=document",
    "kind=quote",
]


def test_what_cannot_be_asked_is_refused(api, subtests):
    for query in WHAT_CANNOT_BE_ASKED_IS_REFUSED:
        with subtests.test(query=query):
            assert api(f"changes/?{query}", 400).data["type"].startswith("/api/v1/problems/")


def test_a_cursor_belongs_to_its_question(api, public):
    following = api("changes/?since=0&page_size=3").data["next"]
    api(following.replace("since=0", "since=1"), 400)
    api(f"{following}&kind=quote", 400)
    newest_first = api("changes/1/?page_size=3").data["next"]
    api(f"changes/?since=0&cursor={newest_first.split('cursor=')[1]}", 400)


def test_an_answer_without_anything_new_costs_one_statement(api, public, django_assert_num_queries):
    etag = api("changes/?since=1&include=document").headers["ETag"]
    with django_assert_num_queries(1):
        api("changes/?since=1&include=document", 304, **{"If-None-Match": etag})
    make.a_commitment("draft")
    api("changes/?since=1&include=document", 304, **{"If-None-Match": etag})
    public.arcadia.summary = "New."
    public.arcadia.save()
    publish([public.arcadia])
    assert api("changes/?since=1&include=document", **{"If-None-Match": etag}).data["through"] == 2


def test_an_empty_register_has_nothing_to_tell(empty_api, exports):
    page = empty_api("changes/?since=0").data
    assert page["changes"] == page["releases"] == [] and page["epoch"] == "" and page["latest"] == 0
    assert register_snapshot_files.write_register_snapshot(exports) is None
    assert empty_api("exports/").data["results"] == []
