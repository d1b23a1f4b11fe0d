"""Snapshots as files: whole or not at all, gone on with where they were cut off, and no way out of their folder."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nato_support.publishing import register_snapshot_files
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import withdraw
from tests import world as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def exports(settings, tmp_path):
    settings.EXPORTS_DIR = tmp_path
    return tmp_path


@pytest.fixture
def manifest(public, exports):
    call_command("snapshot", verbosity=0)
    return json.loads((exports / "1" / "manifest.json").read_bytes())


def read(answer) -> bytes:
    """A streamed answer to its end, where it gives its place up."""
    return b"".join(answer.streaming_content)


def test_a_file_can_be_had_in_parts(api, manifest, exports):
    file = next(file for file in manifest["files"] if file["kind"] == "quote")
    whole = (exports / "1" / file["name"]).read_bytes()
    answer = api(file["href"])
    assert read(answer) == whole
    assert answer.headers["Content-Type"] == "application/gzip"
    assert answer.headers["Content-Length"] == str(len(whole)) and answer.headers["Accept-Ranges"] == "bytes"
    part = api(file["href"], 206, Range="bytes=10-")
    assert read(part) == whole[10:]
    assert part.headers["Content-Range"] == f"bytes 10-{len(whole) - 1}/{len(whole)}"
    assert read(api(file["href"], 206, Range="bytes=3-5")) == whole[3:6]
    assert read(api(file["href"], 206, Range="bytes=3-5", **{"If-Range": answer.headers["ETag"]}))
    for ignored in ("bytes=5-3", f"bytes={len(whole)}-", "bytes=-5", "bytes=0-1,3-4", "lines=1-2", f"bytes={'9' * 99}-"):
        assert read(api(file["href"], Range=ignored)) == whole
    assert read(api(file["href"], Range="bytes=3-5", **{"If-Range": '"other"'})) == whole
    api(file["href"], 304, **{"If-None-Match": answer.headers["ETag"]})
    assert api(file["href"], method="HEAD").headers["Content-Length"] == str(len(whole))


@pytest.mark.parametrize(
    "name",
    ["manifest.json", "..%2F1%2Fquotes.ndjson.gz", "../secret_key", "none.ndjson.gz", "quotes.ndjson", ".ndjson.gz", "%00"],
)
def test_nothing_but_the_files_of_the_manifest_is_there(api, manifest, name):
    assert api(f"exports/1/{name}", 404).data["type"] == "/api/v1/problems/not-found/"


@pytest.mark.parametrize("release", ["2", "999999999"])
def test_there_is_no_snapshot_of_what_has_not_come(api, manifest, release):
    api(f"exports/{release}/", 404)
    api(f"exports/{release}/quotes.ndjson.gz", 404)


def test_a_snapshot_appears_though_nothing_was_published(api, public, exports):
    before = api("exports/")
    assert before.data["results"] == []
    register_snapshot_files.write_register_snapshot(exports)
    after = api(
        "exports/", **{"If-None-Match": before.headers["ETag"], "If-Modified-Since": before.headers.get("Last-Modified", "")}
    )
    assert [found["release"] for found in after.data["results"]] == [1]
    api("exports/", 304, **{"If-None-Match": after.headers["ETag"]})
    for address in ("exports/1/", "exports/1/quotes.ndjson.gz"):
        told = api(address).headers
        assert told["Last-Modified"].endswith(" GMT")
        api(address, 304, **{"If-None-Match": told["ETag"]})


def test_the_last_ones_are_kept(api, public, promise, exports):
    for at in range(4):
        promise(f"gift-{at}")
        call_command("snapshot", "--keep", "2", verbosity=0)
    assert [found["release"] for found in api("exports/").data["results"]] == [5, 4]
    assert api("exports/2/", 410).data["snapshot"] == "/api/v1/exports/5/"


def test_it_costs_no_more_to_tell_however_much_else_was_withdrawn(api, public, promise, exports, django_assert_max_num_queries):
    held = promise("held")
    call_command("snapshot", verbosity=0)
    later = [promise(f"gift-{at}") for at in range(4)]
    withdraw(later[:1])
    with CaptureQueriesContext(connection) as before:
        assert [found["release"] for found in api("exports/").data["results"]] == [2]
    withdraw(later[1:])
    with django_assert_max_num_queries(len(before)):
        assert [found["release"] for found in api("exports/").data["results"]] == [2]
    withdraw([held])
    assert api("exports/").data["results"] == []
    api("exports/2/", 410)


def test_taken_twice_it_is_one(public, exports):
    manifest, new = register_snapshot_files.write_register_snapshot(exports)
    assert new
    assert register_snapshot_files.write_register_snapshot(exports) == (manifest, False)


def test_what_a_cut_attempt_left_is_no_snapshot(api, public, exports):
    (exports / ".x-taking").mkdir(parents=True)
    assert api("exports/").data["results"] == []
    register_snapshot_files.write_register_snapshot(exports)
    assert not (exports / ".x-taking").exists()


def test_a_snapshot_of_another_register_is_not_shown(api, manifest, exports):
    for member, other in (("epoch", "0" * 16), ("state_hash", "0" * 64)):
        (exports / "1" / "manifest.json").write_text(json.dumps(manifest | {member: other}))
        assert api("exports/").data["results"] == []
        api("exports/1/", 410)
    assert register_snapshot_files.write_register_snapshot(exports)[1]
    assert api("exports/").data["results"]


def test_what_does_not_add_up_is_not_written(public, exports):
    Release.objects.update(state_hash="0" * 64)
    with pytest.raises(CommandError, match="check_data"):
        call_command("snapshot", verbosity=0)
    assert not list(exports.glob("*/manifest.json"))


def test_what_is_published_meanwhile_is_not_in_it(public, promise, exports, monkeypatch):
    """The reading is stopped between two chunks, and something is printed and something replaced."""
    monkeypatch.setattr(register_snapshot_files, "CHUNK_SIZE", 4)
    done = []

    def meanwhile(rows):
        done.append(rows)
        if len(done) == 4:
            promise("tents", by=[public.ruritania])
            quote = public.quote
            quote.refresh_from_db()
            quote.attribution = "officials"
            quote.save()
            from nato_support.publishing.publication import publish

            publish([quote])

    before = Release.objects.get().state_hash
    manifest, _ = register_snapshot_files.write_register_snapshot(exports, progress=meanwhile)
    assert manifest["release"] == 1 and manifest["state_hash"] == before
    assert sum(file["records"] for file in manifest["files"] if file["kind"] == "edition") == 11
    assert Edition.objects.count() > 13


def test_equal_contents_are_equal_files(public, exports):
    first, _ = register_snapshot_files.write_register_snapshot(exports / "a")
    second, _ = register_snapshot_files.write_register_snapshot(exports / "b")
    assert first["files"] == second["files"]
    make.a_commitment("draft")
    assert register_snapshot_files.write_register_snapshot(exports / "c")[0]["files"] == first["files"]


def test_a_folder_that_cannot_be_written_is_told(public, settings, tmp_path):
    (tmp_path / "file").touch()
    settings.EXPORTS_DIR = tmp_path / "file" / "exports"
    with pytest.raises(CommandError, match="No snapshot could be written"):
        call_command("snapshot", verbosity=0)
