"""Each picture is data: its page, its files and its frame, which name source and licence and hold the same numbers."""

import csv
import io
import json
import re
import struct
import sys
import zlib
from html.parser import HTMLParser
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from nato_support.api.renderers.csv_tables import BYTE_ORDER_MARK
from nato_support.data_licence import LICENCE_URL
from nato_support.pages import page_pictures, picture_files
from nato_support.pages.picture_pages import MAX_EMBED_BYTES
from nato_support.pages.picture_questions import QUESTIONS
from nato_support.publishing.publication import publish, withdraw

PICTURES = (
    "/graph/",
    "/graph/arcadia/",
    "/graph/arcadia/?depth=2&active_on=2024-06",
    "/timeline/arcadia/",
    "/timeline/arcadia/?fact=due",
    "/promise/forty-tents/",
    "/commitments/totals/",
    "/commitments/totals/?by=stage",
    "/commitments/totals/?nature=pledge&by=party",
    "/commitments/totals/?by=year",
    "/map/",
    "/map/entities/lake-meeting/",
    "/map/facilities/",
    "/map/events/?locality=Valleytown",
)
_HEAD = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)


def beside(path: str, suffix: str) -> str:
    """Return the address of a file of the picture, or of its frame."""
    page, mark, query = path.partition("?")
    return f"{page}{suffix}/{mark}{query}" if suffix == "embed" else f"{page[:-1]}.{suffix}{mark}{query}"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def rows_of(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode().removeprefix(BYTE_ORDER_MARK), newline="")))


def chunks_of(image: bytes) -> list[tuple[bytes, bytes]]:
    """Return type and content of the chunks of a PNG, whose sums must be right."""
    at, chunks = 8, []
    while at < len(image):
        size, name = struct.unpack_from(">I4s", image, at)
        content = image[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", image, at + 8 + size) == (zlib.crc32(name + content),)
        chunks.append((name, content))
        at += size + 12
    return chunks


def test_every_kind_of_picture_is_among_them():
    pages = {path.partition("?")[0] for path in PICTURES}
    assert {re.sub("[{]slug[}]", "[a-z-]+", question.path) for question in QUESTIONS} == {
        pattern for pattern in (re.sub("[{]slug[}]", "[a-z-]+", question.path) for question in QUESTIONS)
        if any(re.fullmatch(pattern, page) for page in pages)
    }  # fmt: skip


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_has_its_page_its_files_and_its_frame(detailed, client, path):
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 200 and "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert '<details class="drawn-data" open>' in text and "&lt;iframe src=&quot;http://testserver/" in text
    for suffix in ("svg", "csv"):
        assert beside(path, suffix).replace("&", "&amp;") in text
    for address in (beside(path, "svg"), beside(path, "svg") + ("&" if "?" in path else "?") + "width=narrow"):
        svg = client.get(address)
        policy = svg.headers["Content-Security-Policy"]
        assert svg.headers["Content-Type"] == "image/svg+xml" and "sha256-" in policy and "unsafe" not in policy
        root = ElementTree.fromstring(svg.content)
        words = " ".join(root.itertext())
        assert LICENCE_URL in root.findtext("{*}metadata") and "release" in words and "CC BY 4.0" in words
        assert client.get(address, headers={"If-None-Match": svg.headers["ETag"]}).status_code == 304
    rows = rows_of(client.get(beside(path, "csv")).content)
    assert rows and all("http://testserver/" in row["Source"] and LICENCE_URL in row["Licence"] for row in rows)
    assert len(rows) == len(re.findall("<tr", text)) - 1
    frame = client.get(beside(path, "embed"))
    assert frame.status_code == 200 and len(frame.content) <= MAX_EMBED_BYTES and b"<script" not in frame.content
    assert "frame-ancestors *" in frame.headers["Content-Security-Policy"] and "X-Frame-Options" not in frame.headers
    assert "script-src 'none'" in frame.headers["Content-Security-Policy"]
    assert LICENCE_URL in frame.content.decode() and "release" in frame.content.decode()
    assert 'href="#' not in frame.content.decode() and "style=" not in frame.content.decode()
    HTMLParser().feed(frame.content.decode())
    for suffix in ("bib", "json"):
        page_path, mark, query = path.partition("?")
        assert client.get(f"{page_path}cite.{suffix}{mark}{query}").status_code == 200


@pytest.mark.parametrize("by", ["", "stage", "party", "category", "year", "nature"])
def test_the_numbers_of_a_picture_are_those_of_its_table_and_of_the_api(detailed, client, by):
    query = f"?by={by}" if by else ""
    totals = client.get(f"/api/v1/commitments/totals/{query}").json()
    rows = rows_of(client.get(f"/commitments/totals.csv{query}").content)
    drawn = ElementTree.fromstring(client.get(f"/commitments/totals.svg{query}").content)
    labels = [text.strip() for text in drawn.itertext() if text.strip()]
    if not by:
        assert [row["At least"] for row in rows if row["Stage"] == "Promised"] == [
            total["low"] for total in totals["included"]["sums"]
        ]
        assert all(row["In words"] in labels for row in rows)
        return
    for row in rows:
        parts = ("Amount counted", "Amount not stated", "Not counted for another reason")
        assert int(row["Commitments"]) == sum(int(row[part]) for part in parts) and row["Commitments"] in labels
        counted = client.get(f"{row['Rows'].removeprefix('http://testserver')}").json()
        assert len(counted["results"]) == int(row["Commitments"])
    assert sum(int(row["Commitments"]) for row in rows) == sum(group["matched"] for group in totals["groups"])
    if not totals["groups_overlap"]:
        assert sum(int(row["Commitments"]) for row in rows) == totals["matched"]


def test_a_picture_as_of_a_release_stays(detailed, client):
    paths = ["/graph/arcadia/", "/timeline/arcadia/", "/promise/forty-kites/", "/commitments/totals/?by=stage", "/graph/"]
    release = client.get("/api/v1/changes/?page_size=1").json()["results"][0]["release"]
    pinned = [f"{path}{'&' if '?' in path else '?'}as_of=release:{release}" for path in paths]
    drawings = [client.get(beside(path, suffix)).content for path in pinned for suffix in ("svg", "csv", "embed")]
    assert [client.get(beside(path, "csv")).content for path in paths] == drawings[1::3]
    detailed.kites.name = "Forty great kites"
    detailed.kites.save()
    publish([detailed.kites])
    assert [client.get(beside(path, suffix)).content for path in pinned for suffix in ("svg", "csv", "embed")] == drawings
    text = client.get(pinned[0]).content.decode()
    assert f"As of release {release}." in text and "Always as it is now:" not in text
    citation = json.loads(client.get(f"/graph/arcadia/cite.json?as_of=release:{release}").content)[0]
    assert citation["URL"] == f"http://testserver/graph/arcadia/?as_of=release:{release}" and citation["type"] == "figure"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graph/arcadia/?depth=9", 400),
        ("/timeline/arcadia/?colour=red", 400),
        ("/commitments/totals/?by=party,year", 400),
        ("/graph/?depth=2", 400),
        ("/graph/nothing-of-this-name/", 404),
        ("/promise/ten-boats/?as_of=release:99", 400),
        ("/map/events/?country=ZW", 404),
        ("/commitments/totals/?nature=plan", 404),
    ],
)
def test_what_cannot_be_drawn_is_said(detailed, client, path, status):
    for suffix in ("", "svg", "csv", "embed"):
        answer = client.get(beside(path, suffix) if suffix else path)
        assert answer.status_code == status, (suffix, answer.content[:200])
        assert answer.headers["Content-Type"].startswith("text/html")
        # A frame shows why, too.
        ancestors = "*" if suffix == "embed" else "'none'"
        assert f"frame-ancestors {ancestors}" in answer.headers["Content-Security-Policy"]
    assert client.get(beside("/graph/arcadia/", "svg") + "?width=wider").status_code == 400


def test_withdrawn_records_are_in_no_picture(detailed, client):
    withdraw([detailed.alliance])
    assert client.get("/graph/arcadia.csv").status_code in (200, 404)
    assert detailed.alliance.slug not in client.get("/graph.csv").content.decode()


def test_a_frame_that_would_be_large_shows_files(detailed, client, monkeypatch):
    monkeypatch.setattr("nato_support.pages.picture_pages.MAX_EMBED_BYTES", 3000)
    text = client.get("/graph/arcadia/embed/").content.decode()
    assert "<svg" not in text and 'srcset="/graph/arcadia.svg"' in text and 'src="/graph/arcadia.svg?width=narrow"' in text
    assert re.search('alt="The picture shows [^"]+"', text)


def test_bitmaps_need_a_package_and_say_so(detailed, client, monkeypatch):
    monkeypatch.setattr(picture_files, "find_spec", lambda name: None)
    answer = client.get("/graph/arcadia.png")
    assert answer.status_code == 406 and "resvg-py" in answer.content.decode()
    assert ".png" not in client.get("/graph/arcadia/").content.decode()


def test_bitmaps_name_source_and_licence(detailed, client, monkeypatch):
    given = {}
    pixel = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", _HEAD) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    drawn = SimpleNamespace(svg_to_bytes=lambda **arguments: given.update(arguments) or pixel)
    monkeypatch.setitem(sys.modules, "resvg_py", drawn)
    monkeypatch.setattr(picture_files, "can_draw_bitmaps", lambda: True)
    answer = client.get("/graph/arcadia.png?width=narrow")
    assert answer.headers["Content-Type"] == "image/png"
    texts = [content for name, content in chunks_of(answer.content) if name == b"iTXt"]
    assert [text.partition(b"\0")[0] for text in texts] == [b"Title", b"Description", b"Source", b"Copyright"]
    assert LICENCE_URL.encode() in texts[-1] and b"http://testserver/graph/arcadia/" in texts[-2]
    # What draws bitmaps knows no variables and no media.
    assert "var(" not in given["svg_string"] and "@media" not in given["svg_string"] and 'width="360"' in given["svg_string"]


def test_a_register_too_large_to_draw_whole_has_no_picture_of_it(detailed, client, monkeypatch):
    monkeypatch.setattr(page_pictures, "MAX_IN_WHOLE", 5)
    assert client.get("/graph/").status_code == client.get("/graph.svg").status_code == 404
