"""The manners of the API: headers on every status, methods, conditions, addresses that are none."""

import datetime
import json
import re

import pytest
from django.test import Client
from django.utils.http import http_date, parse_http_date

from nato_support.api import dispatch
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.publication import publish

# Address, method, headers, status.
STATUSES = [
    ("commitments/", "GET", {}, 200),
    ("commitments/", "HEAD", {}, 200),
    ("commitments.csv", "GET", {}, 200),
    ("commitments/", "OPTIONS", {}, 204),
    ("commitments/?x=1", "GET", {}, 400),
    ("commitments/none/", "GET", {}, 404),
    ("nowhere/", "GET", {}, 404),
    ("/api/", "GET", {}, 404),
    ("/api", "GET", {}, 404),
    ("/api/v2/commitments/", "GET", {}, 404),
    ("commitments/%FF%FE/", "GET", {}, 404),
    ("commitments/%00/", "GET", {}, 404),
    ("commitments/%zz/", "GET", {}, 404),
    ("commitments/" + "a" * 50_000 + "/", "GET", {}, 404),
    ("commitments/?q=" + "a" * 50_000, "GET", {}, 400),
    ("commitments.csv/", "GET", {}, 404),
    ("commitments.atom", "GET", {}, 404),
    ("commitments/", "POST", {}, 405),
    ("commitments/", "BREW", {}, 405),
    ("commitments/", "TRACE", {}, 405),
    ("nowhere/", "DELETE", {}, 405),
    ("commitments/", "GET", {"Accept": "text/html"}, 406),
    ("changes/", "GET", {"Accept": "text/csv"}, 406),
]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(2**20))


def test_every_status_has_its_headers(api, subtests):
    for address, method, headers, status in STATUSES:
        with subtests.test(address=address, method=method, headers=headers, status=status):
            response = api(address, status, method, **headers)
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
            assert {"ETag", "Link", "Retry-After", "RateLimit", "X-Request-ID", "Last-Modified", "Content-Disposition"} <= set(
                exposed
            )
            assert re.fullmatch("[0-9a-f]{24}", response.headers["X-Request-ID"])
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in response.headers
            if status >= 400:
                assert response.headers["Content-Type"] == "application/problem+json"
                assert response.headers["Cache-Control"] == "no-store"
                assert response.data["status"] == status
                assert response.data["instance"] == f"urn:request:{response.headers['X-Request-ID']}"
            if status in (204, 405):
                assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_preflight_may_be_kept_for_a_day(api):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "Accept"}
    response = api("commitments/", 204, "OPTIONS", **asked)
    assert response.content == b""
    assert response.headers["Access-Control-Max-Age"] == "86400"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert {"Accept", "If-None-Match"} <= set(response.headers["Access-Control-Allow-Headers"].split(", "))


@pytest.mark.parametrize(
    ("given", "taken"), [("abc-1:2.3_4", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("é", False)]
)
def test_a_request_id_is_echoed_if_it_is_one(api, given, taken):
    response = api("commitments/?x=1", 400, **{"X-Request-ID": given})
    assert (response.headers["X-Request-ID"] == given) == taken
    assert response.data["instance"] == f"urn:request:{response.headers['X-Request-ID']}"


def test_a_failure_is_logged_under_the_id_that_its_client_was_told(public, monkeypatch, caplog):
    monkeypatch.setattr("nato_support.api.listing.list_response", lambda *args: 1 / 0)
    client = Client(raise_request_exception=False)
    response = client.get("/api/v1/events/", headers={"X-Request-ID": "told-1"})
    assert response.status_code == 500
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(response.content)["instance"] == "urn:request:told-1"
    assert b"ZeroDivision" not in response.content
    assert any(getattr(record, "request_id", "") == "told-1" for record in caplog.records)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("commitments/", 200),
        ("commitments.csv", 200),
        ("commitments/none/", 404),
        ("commitments/?x=1", 400),
        ("", 200),
        ("/api", 404),
    ],
)
def test_head_is_get_without_its_body(api, address, status):
    got = api(address, status, **{"X-Request-ID": "1"})
    head = api(address, status, "HEAD", **{"X-Request-ID": "1"})
    assert head.content == b""
    assert int(head.headers["Content-Length"]) == len(got.content) > 0
    assert dict(head.headers) == dict(got.headers) | {"Content-Length": str(len(got.content))}


# If-Modified-Since


def stamped(moment: datetime.datetime) -> None:
    Release.objects.filter(number=Release.objects.latest("number").number).update(released_at=moment)


def test_last_modified_is_when_it_was_printed(api):
    run = Release.objects.get()
    response = api("commitments/")
    assert parse_http_date(response.headers["Last-Modified"]) == int(run.released_at.timestamp())
    since = response.headers["Last-Modified"]
    again = api("commitments/", 304, **{"If-Modified-Since": since})
    assert again.content == b""
    for header in ("ETag", "Last-Modified", "Cache-Control", "Vary", "Link"):
        assert again.headers[header] == response.headers[header]
    # Neither earlier nor later times are any that were ever told.
    for other in (-1, 1):
        api("commitments/", 200, **{"If-Modified-Since": http_date(int(run.released_at.timestamp()) + other)})
    for nonsense in ("yesterday", "0", "Sun, 99 Nov 2026 14:09:34 GMT"):
        api("commitments/", 200, **{"If-Modified-Since": nonsense})
    # An ETag decides alone.
    api("commitments/", 200, **{"If-Modified-Since": since, "If-None-Match": '"another"'})


def test_two_runs_of_one_second_are_told_apart(api, public):
    moment = datetime.datetime(2026, 3, 3, 9, 0, 7, 100_000, tzinfo=datetime.UTC)
    stamped(moment)
    since = {"If-Modified-Since": api("commitments/").headers["Last-Modified"]}
    api("commitments/", 304, **since)
    public.kites.name = "Fifty Kites"
    public.kites.save()
    publish([public.kites])
    stamped(moment + datetime.timedelta(milliseconds=800))
    assert api("commitments/", 200, **since).data["results"][0]["name"] == "Fifty Kites"
    # Who has seen the second one cannot say so by its time.
    assert api("commitments/").headers["Last-Modified"] == since["If-Modified-Since"]
    stamped(moment + datetime.timedelta(seconds=1))
    api("commitments/", 200, **since)


def test_a_condition_excuses_nothing(api):
    since = {"If-Modified-Since": api("commitments/").headers["Last-Modified"]}
    api("commitments/none/", 404, **since)
    api("commitments/?x=1", 400, **since)
    api("commitments/", 405, "POST", **since)
    api("commitments/none/", 404, **{"If-None-Match": "*"})
    api("commitments/", 304, **{"If-None-Match": "*"})


def test_tags_are_compared_weakly(api):
    weak, strong = (api(address).headers["ETag"] for address in ("commitments/", "commitments/forty-kites/editions/1/"))
    assert weak.startswith("W/")
    assert not strong.startswith("W/")
    api("commitments/", 304, **{"If-None-Match": weak.removeprefix("W/")})
    # A proxy that compresses makes a strong tag weak.
    api("commitments/forty-kites/editions/1/", 304, **{"If-None-Match": f"W/{strong}"})


# Links


def test_links_name_the_docs_the_schema_and_other_forms(api):
    link = api("commitments/?nature=pledge").headers["Link"]
    assert '</api/v1/schema/>; rel="service-desc describedby"' in link
    assert '</api/v1/docs/>; rel="service-doc"' in link
    for address in re.findall(r'<([^>]*)>; rel="alternate"', link):
        assert Client().get(address).status_code == 200
        assert address.endswith("?nature=pledge")
    assert len(re.findall('rel="alternate"', link)) == 3


@pytest.mark.parametrize(
    "asked",
    [
        "commitments/?fields=name",
        "commitments/?count=true&facets=stage",
        "commitments/forty-kites/?include=documents",
        "changes/?since=0",
    ],
)
def test_no_other_form_is_named_where_it_would_be_refused(api, asked):
    link = api(asked).headers["Link"]
    assert 'rel="service-desc describedby"' in link
    assert "alternate" not in link


def test_the_root_leads_to_everything(api):
    for address in api("").data.values():
        if isinstance(address, str) and "{" not in address:
            assert Client().get(address).status_code in (200, 400), address
    assert api("").data["reconcile"] == "/api/v1/reconcile/"


@pytest.mark.parametrize("query", ["q=a>b", 'q=">; rel="evil', "q=a,b", "q=\u0416", "q=%0d%0aX:1"])
def test_nothing_is_smuggled_into_links(api, query):
    response = Client().generic("GET", "/api/v1/commitments/", QUERY_STRING=query.encode().decode("latin-1"))
    assert response.status_code in (200, 400)
    link = response.headers.get("Link", "")
    assert not re.search(r'rel="evil|[\r\n]|[^ -~]', link)


def test_an_address_without_its_slash_is_told_the_right_one(api):
    assert api("commitments", 404).data["did_you_mean"] == ["/api/v1/commitments/"]
    assert "did_you_mean" not in api("nowhere", 404).data
