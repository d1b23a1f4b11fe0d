"""Whatever is sent to whichever parameter gets a right answer or a problem document, in a bounded number of steps.

What is asked is made from the OpenAPI document, so a parameter that is added is tried with all of it too.
"""

import json
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from nato_support.api import openapi
from nato_support.api.problems import PROBLEM_MEDIA_TYPE
from tests.api.described import parameters
from tests.steps import steps

# The most that any of these takes today is a quarter of it.
STEPS = 1_000_000
BAD = {
    "nul": "%00",
    "nul inside": "arca%00dia",
    "a lone surrogate": "%ED%A0%80",
    "not UTF-8": "%FF%FE",
    "a bad escape": "%G1",
    "a big number": "1" + "0" * 23,
    "a bigger number": "9" * 5000,
    "NaN": "NaN",
    "infinity": "-inf",
    "Arabic digits": "%D9%A2%D9%A0%D9%A2%D9%A4",
    "a negative number": "-1",
    "zero": "0",
    "far too many": "100000000000",
    "a fraction": "1.5",
    "exponents": "1e9",
    "ten thousand words": "+".join(["kites"] * 10_000),
    "five hundred words": "+".join(f"w{at}" for at in range(500)),
    "100 kB": "a" * 100_000,
    "10 kB": "a" * 10_000,
    "many values": ",".join(f"a{at}" for at in range(2000)),
    "brackets": "[" * 500 + "]" * 500,
    "nested names": "a[b][c][d]=1",
    "a day that is none": "2024-02-30",
    "a month that is none": "2024-13",
    "year nought": "0000",
    "a range turned round": "2025/2024",
    "open ends": "../..",
    "a cursor of ours, changed": "AAAAAAAAAAAAWzEsMSwieCIsMCwiIiwxXQ",
    "half a cursor": "AAAA",
    "wildcards": "%25%5F*%3F",
    "only a star": "*",
    "quotes": "%22%27%60%22%22",
    "an injection": "%27%20OR%201%3D1--",
    "FTS syntax": "name:%20NEAR(a%20b,%203)%20OR%20NOT",
    "a regular expression": "(a%2B)%2B$",
    "a path": "../../../../etc/passwd",
    "a script": "%3Cscript%3Ealert(1)%3C/script%3E",
    "right to left": "%E2%80%AEkites",
    "emoji": "%F0%9F%AA%81",
    "combining marks": "a" + "%CC%81" * 300,
    "blank": "%20%20",
    "nothing": "",
    "a lookup": "status__contains",
    "a private field": "document.text",
    "true, in another case": "TRUE",
    "release nought": "release:0",
    "a release to come": "release:999999999999",
    "a time to come": "2999-01-01",
    "a time long ago": "0001-01-01T00:00:00Z",
    "an offset too far": "2024-07-09T00:00:00+99:99",
}


@pytest.fixture
def ask(public, caplog):
    caplog.set_level("CRITICAL", logger="django.request")
    client = Client(raise_request_exception=False)

    def asked(address: str, method: str = "GET", **sent):
        path, _, query = address.partition("?")

        def answer():
            nonlocal response, body
            response = client.generic(method, path, QUERY_STRING=query, **sent)
            body = b"".join(response.streaming_content) if response.streaming else response.content

        response, body = None, b""
        # Counting is slow, and what is short has no room for many steps.
        if len(address) > 1_000:
            taken = steps(answer)
            assert taken < STEPS, f"{address[:200]} took {taken} steps"
        else:
            answer()
        assert response.status_code < 500, f"{address[:200]}: {response.status_code} {body[:300]!r}"
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == PROBLEM_MEDIA_TYPE, address[:200]
            problem = json.loads(body)
            assert problem["status"] == response.status_code
            assert problem["detail"] and problem["instance"].endswith(response.headers["X-Request-ID"])
            if problem["type"].endswith("/invalid-parameters/"):
                assert problem["errors"], address[:200]
        return response

    return asked


def _operations() -> Iterator[tuple[str, list[dict]]]:
    """(address, its query parameters) of everything that can be read."""
    slugs = {"relations": "arcadia-works-alongside-ruritania", "persons": "ada-fell", "events": "lake-meeting"}
    for template, operations in openapi.openapi_document()["paths"].items():
        if "get" not in operations:
            continue
        slug = slugs.get(template.split("/")[3], "arcadia")
        path = template.replace("{slug}", slug).replace("{number}", "1").replace("{release}", "1").replace("{code}", "withdrawn")
        yield path, [one for one in parameters(openapi.openapi_document(), operations["get"]) if one["in"] == "query"]


def _questions() -> Iterator[tuple[str, str]]:
    """(name of a parameter, address that ends with it and an equals sign) of all that there are, at every path."""
    for path, taken in _operations():
        required = [f"{one['name']}=kites" for one in taken if one.get("required")]
        for one in taken:
            others = [pair for pair in required if not pair.startswith(f"{one['name']}=")]
            yield one["name"], f"{path}?{'&'.join([*others, one['name'] + '='])}"


def _places() -> list[list[str]]:
    """For each name of a parameter the addresses that end with it."""
    places: dict[str, list[str]] = {}
    for name, address in _questions():
        places.setdefault(name, []).append(address)
    assert len(places) > 50
    return list(places.values())


def test_every_parameter_withstands(ask, subtests):
    """At one of the paths that take it: at which one, changes from value to value."""
    places = _places()
    for at, (bad, text) in enumerate(BAD.items()):
        with subtests.test(bad):
            for addresses in places:
                ask(addresses[at % len(addresses)] + text)


@pytest.mark.slow
def test_every_parameter_of_every_path_withstands(ask, subtests):
    for bad, text in BAD.items():
        with subtests.test(bad):
            for _, address in _questions():
                ask(address + text)


def test_every_parameter_repeated_many_times(ask):
    for at, addresses in enumerate(_places()):
        address = addresses[at % len(addresses)]
        name = re.split("[?&]", address)[-1]
        ask(f"{address}kites" + f"&{name}kites" * 699)


def test_all_parameters_at_once(ask):
    for path, taken in _operations():
        for bad in ("kites", "2024-07", "1", "true", "%00"):
            ask(f"{path}?{'&'.join(one['name'] + '=' + bad for one in taken)}")


def test_every_place_in_an_address_withstands(ask, subtests):
    templates = [template for template in openapi.openapi_document()["paths"] if "{" in template]
    for bad, text in BAD.items():
        if bad == "nothing":
            continue
        with subtests.test(bad):
            for template in templates:
                for at in range(template.count("{")):
                    path = template
                    for place in range(template.count("{")):
                        start, end = path.index("{"), path.index("}")
                        path = path[:start] + (text[:2000] if place == at else "1") + path[end + 1 :]
                    ask(path)


EVERY_METHOD_WITHSTANDS = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "", "G" * 300]


def test_every_method_withstands(ask, subtests):
    for method in EVERY_METHOD_WITHSTANDS:
        with subtests.test(method=method):
            for path, _ in _operations():
                response = ask(path, method or "get")
                if response.status_code == 405:
                    assert "GET" in response.headers["Allow"]


EVERY_ACCEPT_WITHSTANDS = [
    "*",
    "/",
    "a/b",
    "text/html",
    ";;;;",
    "*/*;q=2",
    "application/json;q=nan",
    "," * 20_000,
    "text/*;q=0, */*",
    "\xff",
]


def test_every_accept_withstands(ask, subtests):
    for accept in EVERY_ACCEPT_WITHSTANDS:
        with subtests.test(accept=accept):
            for path, _ in _operations():
                ask(path, headers={"Accept": accept})


EVERY_HEADER_WITHSTANDS = [
    {"If-None-Match": "W/" * 30_000},
    {"If-None-Match": '"\xff"'},
    {"If-Modified-Since": "Thu, 99 Foo 2024"},
    {"If-Modified-Since": "9" * 5000},
    {"Accept-Datetime": "yesterday"},
    {"Range": "bytes=" + "0-1," * 5000},
    {"X-Request-ID": "\x01<script>"},
    {"X-Forwarded-For": "," * 5000},
    {"Host": "elsewhere.example"},
    {"Content-Length": "-7"},
]


def test_every_header_withstands(ask, subtests):
    for headers in EVERY_HEADER_WITHSTANDS:
        with subtests.test(headers=headers):
            for path, _ in _operations():
                ask(path, headers=headers)


EVERY_BODY_WITHSTANDS = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"[" * 100_000),
    ("application/json", b"null"),
    ("application/json", b'{"queries": null}'),
    ("application/json", b'{"queries": [null, 1, "a", []]}'),
    ("application/json", b'{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "\\ud800"}]}]}'),
    ("application/json", b'{"queries": [{"conditions": [{"matchType": "name", "propertyValue": "\\u0000"}]}]}'),
    ("application/json", b'{"queries": [{"limit": 1e400, "conditions": []}]}'),
    ("application/json", b'{"ids": ["\\u0000", 7, null, {}], "properties": [{"id": {"id": []}}]}'),
    ("application/json", b"\xff\xfe"),
    ("application/json", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    ("application/x-www-form-urlencoded", b"queries=%7B"),
    ("application/x-www-form-urlencoded", b"queries=%00"),
    ("application/x-www-form-urlencoded", b"queries=%7B%22q0%22%3A7%7D"),
    ("application/x-www-form-urlencoded", b"queries=%7B%22q0%22%3A%7B%22query%22%3A%5B%5D%2C%22limit%22%3A-1%7D%7D"),
    ("application/x-www-form-urlencoded", b"extend=%5B%5D"),
    ("application/x-www-form-urlencoded", b"&".join([b"queries=%7B%7D"] * 5000)),
    ("application/x-www-form-urlencoded", b"queries=" + b"a" * 2_000_000),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=queries\r\n\r\n{}"),
    ("multipart/form-data", b"--"),
    ("text/plain", b"queries={}"),
    ("\xff", b""),
    ("", b"queries={}"),
]


def test_every_body_withstands(ask, subtests):
    for content_type, body in EVERY_BODY_WITHSTANDS:
        with subtests.test(content_type=content_type, body=body):
            for template, operations in openapi.openapi_document()["paths"].items():
                if "post" in operations:
                    ask(template, "POST", data=body, content_type=content_type)
