"""Compressed answers: for clients that take them, once for each answer, under ETags that stay right."""

import gzip
import json
import zlib

import pytest

from nato_support.api import dispatch, response_cache
from nato_support.api.api_response import ApiResponse
from nato_support.api.register_state import RegisterState
from nato_support.api.response_cache import ResponseCache
from nato_support.serving import compression
from nato_support.serving.compression import accepted_coding, compress_chunks

GZIP = {"accept-encoding": "gzip"}
HTML = {"accept": "text/html"}
PAGE = "/commitments/forty-kites/"
DETAIL = f"/api/v1{PAGE}"
EDITION = f"{DETAIL}editions/1/"
ANSWERS = [(PAGE, HTML), ("/", HTML), (DETAIL, {}), (EDITION, {}), ("/api/v1/commitments/", {}), ("/api/v1/schema/", {})]
BEST = next(iter(compression._CODINGS))


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZip ; Q=1", "gzip"),
        ("x-gzip", "gzip"),
        ("deflate, br", ""),
        ("gzip;q=0", ""),
        ("gzip;q=0.0, *", BEST if BEST != "gzip" else ""),
        ("*", BEST),
        ("*;q=0", ""),
        ("identity;q=1, gzip;q=.5", ""),
        ("identity;q=0.5, gzip;q=1.0", "gzip"),
        ("identity", ""),
        ("gzip;q=nonsense", ""),
        ("gzip, deflate, br, zstd", BEST),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        (", ,;;q=,=", ""),
    ],
)
def test_the_coding_is_one_that_the_client_takes(accept_encoding, coding):
    assert accepted_coding(accept_encoding) == coding


@pytest.mark.parametrize(("path", "headers"), ANSWERS)
def test_the_compressed_answer_is_the_same(public, client, path, headers):
    plain = client.get(path, headers=headers)
    compressed = client.get(path, headers=headers | GZIP)
    assert "Content-Encoding" not in plain.headers and compressed["Content-Encoding"] == "gzip"
    assert gzip.decompress(compressed.content) == plain.content and len(compressed.content) < len(plain.content) / 2
    head = client.head(path, headers=headers | GZIP)
    assert head.content == b"" and head["Content-Length"] == compressed["Content-Length"] == str(len(compressed.content))
    for name in ("Content-Encoding", "ETag", "Vary", "Content-Type"):
        assert head[name] == compressed[name]
    assert "Accept-Encoding" in plain["Vary"] and plain["Vary"] == compressed["Vary"]
    assert not compressed.cookies


@pytest.mark.parametrize(("path", "headers"), ANSWERS)
@pytest.mark.parametrize("first", [{}, GZIP])
@pytest.mark.parametrize("second", [{}, GZIP])
def test_the_etag_of_either_form_is_current_for_both(public, client, path, headers, first, second):
    response = client.get(path, headers=headers | first)
    # A strong ETag names bytes, and the bytes of the two differ.
    assert response["ETag"].startswith("W/") or not first
    again = client.get(path, headers=headers | second | {"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"") and "Content-Encoding" not in again.headers
    assert again["ETag"].removeprefix("W/") == response["ETag"].removeprefix("W/")
    assert again["Vary"] == response["Vary"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/robots.txt", {}, 200),
        ("/nowhere/", HTML, 404),
        ("/api/v1/commitments/?nature=nix", {}, 400),
        ("/admin/login/", HTML, 200),
        ("/healthz", {}, 200),
    ],
)
def test_what_is_small_or_not_for_everybody_is_not_compressed(public, client, path, headers, status):
    response = client.get(path, headers=headers | GZIP, follow=True)
    assert response.status_code == status and "Content-Encoding" not in response.headers


def test_files_that_are_compressed_stay_as_they_are():
    for content_type in ("application/gzip", "image/png", "application/zip"):
        assert ApiResponse(b"x" * 9_000, content_type).coding_for("gzip") == ""
    assert ApiResponse(b"x" * 9_000, "image/svg+xml").coding_for("gzip") == "gzip"
    assert ApiResponse(b"x" * 9_000, is_cacheable=False).coding_for("gzip") == ""


def test_an_answer_is_compressed_once(public, client, monkeypatch):
    compressed = []
    monkeypatch.setattr(
        response_cache, "compress", lambda body, coding: compressed.append(coding) or zlib.compress(body, wbits=31)
    )
    for _ in range(3):
        client.get(DETAIL, headers=GZIP)
        client.head(DETAIL, headers=GZIP)
    assert compressed == ["gzip"]


def test_a_long_list_is_compressed_as_it_is_sent(public, client, monkeypatch):
    monkeypatch.setattr("nato_support.api.renderers.formatted_responses.MAX_UNSTREAMED_BYTES", 100)
    plain = client.get("/api/v1/entities.ndjson")
    compressed = client.get("/api/v1/entities.ndjson", headers=GZIP)
    assert compressed.streaming and compressed["Content-Encoding"] == "gzip" and "Content-Length" not in compressed.headers
    text = gzip.decompress(compressed.getvalue())
    assert text == plain.getvalue() and [json.loads(line) for line in text.splitlines()]
    # The places of streams are free again.
    assert dispatch._BoundedStream._slots._value == dispatch.MAX_STREAMS


def test_a_stream_that_is_left_is_closed():
    closed = []

    def chunks():
        try:
            while True:
                yield b"x" * 100_000
        finally:
            closed.append(True)

    stream = compress_chunks(chunks(), "gzip")
    next(stream)
    stream.close()
    assert closed


def test_compressed_bodies_count_in_the_cache():
    cache, state = ResponseCache(40_000), RegisterState(1, "", None)
    responses = {url: ApiResponse(bytes(range(256)) * 12) for url in "abcdef"}
    for url, response in responses.items():
        cache.store_response(state, url, response)
    assert [url for url in responses if cache.get(state, url)] == list("abcdef")
    before = cache._bytes
    body = cache.compressed_body("a", responses["a"], "gzip")
    assert cache._bytes == before + len(body)
    cache.max_bytes = 12_000
    cache.store_response(state, "g", ApiResponse(b""))
    assert [url for url in (*responses, "g") if cache.get(state, url)] == list("efg")
    assert cache._bytes == 2 * (256 * 12 + 1 + 1000) + 1 + 1000
