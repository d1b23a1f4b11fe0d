"""Whatever is asked wrongly is refused with a problem document that lists every fault; nothing asked can break the service."""

import json

import pytest
from django.test import Client

from nato_support.api import urls
from nato_support.api.collections import COLLECTIONS
from nato_support.api.documented_views import DocumentedView
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_TITLES

PROBLEM = "application/problem+json"


def test_every_fault_is_listed_with_what_would_do(api):
    response = api(
        "commitments/?commited_by=x&page_size=0&page_size=3&nature=promise&q=&date_from=2024-02-30&x%ZZ=1&count=yes", 400
    )
    assert response.headers["Content-Type"] == PROBLEM
    assert response.data["type"] == "/api/v1/problems/invalid-parameters/"
    assert response.data["detail"].startswith("8 parameters were refused")
    faults = {(fault["name"], fault["code"]): fault for fault in response.data["errors"]}
    assert set(faults) == {
        ("commited_by", "unknown"),
        ("page_size", "out_of_range"),
        ("page_size", "repeated"),
        ("nature", "not_allowed"),
        ("q", "empty"),
        ("date_from", "malformed"),
        ("x%ZZ", "bad_escape"),
        ("count", "not_allowed"),
    }
    assert faults["commited_by", "unknown"]["did_you_mean"] == ["committed_by"]
    assert set(response.data["parameters"]) == set(COLLECTIONS["commitments"].parameters)
    assert "pledge" in faults["nature", "not_allowed"]["allowed"]
    assert faults["page_size", "out_of_range"]["allowed"] == {"min": 1, "max": 500}


WHAT_IS_NOT_UNDERSTOOD_IS_REFUSED = [
    "foo=1",
    "format=json",
    "page=2",
    "offset=1",
    "search=x",
    "fields=nonsense",
    "status=published",
    "version=1",
    "text=x",
    "by=1",
    "why=x",
    "committed_by__name=x",
    "spans=2024",
    "value_ref=organisation/arcadia",
    "is_contested=true",
    "kind=person",
    "page_size",
    "page_size=",
    "page_size=-1",
    "page_size=501",
    "page_size=100000000000",
    "page_size=1e2",
    "page_size=NaN",
    "page_size=٣",
    "page_size=1_0",
    "page_size= 1",
    "page_size=100000000000000000000000",
    "ordering=id",
    "ordering=-date,name",
    "ordering=date&ordering=name",
    "committed_by=",
    "committed_by=,",
    "committed_by=person/x",
    "committed_by=Arcadia",
    "committed_by=a%00b",
    "committed_by=a/b/c",
    "committed_by=%ff",
    "q=%00",
    "q=kites%00",
    "q=kites%E2%80%AE",
    "name=a%0Ab",
    "name=a%00b",
    "name=a%C2%85b",
    "q=%ED%A0%80",
    "q=%E2%80%AE",
    "q=%",
    "q=%2",
    "q=%zz",
    "q=*",
    "q=%22%22",
    "q=---",
    "q=x&q=y",
    "date_from=2024-13",
    "date_from=0000",
    "date_from=2024-02-30",
    "date_from=24",
    "date_from=2024-1",
    "date_to=10000",
    "date_to=٢٠٢٤",
    "date_from=2025&date_to=2024",
    "date_from=2024/2025",
    "date_to=../2024",
    "date_within=2024/2023",
    "date_within=../..",
    "date_within=/2024",
    "date_within=2024/",
    "date_within=2024/2025/2026",
    "date_within=2024-02-30/..",
    "date_overlaps=..",
    "date_overlaps=2024&date_overlaps=2025",
    "said_overlaps=2024%00/..",
    "said_within=%D9%A2%D9%A0%D9%A2%D9%A4",
    "said_within=0000/..",
    "date_before=..",
    "date_after=2024/..",
    "date_known=maybe",
    "date_known=false&date_from=2024",
    "amount_min=5",
    "amount_min=5&currency=EUR&unit=kite",
    "amount_min=-1&currency=EUR",
    "amount_min=NaN&currency=EUR",
    "amount_min=1e9&currency=EUR",
    "amount_min=1_000&currency=EUR",
    "amount_min=1.000&currency=EUR",
    "amount_min=.5&currency=EUR",
    "amount_min=%D9%A3&currency=EUR",
    "amount_min=100000000000000000000000&currency=EUR",
    "amount_min=6&amount_max=5&currency=EUR",
    "amount_min=5&currency=AAA,BBB,CCC,DDD,EEE,FFF",
    "converted=true",
    "converted=true&unit=kite",
    "slug=person/ada",
    "slug=" + ",".join(["a"] * 101),
    "slug=a,,b",
    "party=person/ada",
    "party_country=ZZ",
    "party_country=pl",
    "related_to=document/x",
    "related_to=" + ",".join(["a"] * 51),
    "relation_type=Part-Of",
    "facets=",
    "facets=slug",
    "facets=why",
    "facets=status",
    "facets=tally",
    "facets=nature,nature,stage,category,unit,currency",
    "ordering=amount",
    "ordering=created_at",
    "ordering=-version",
    "tally=x",
    "said=2024-07-09/2024-07-09",
    "amount=EUR=000000000000000005.00",
    "converted_currency=EUR",
    "id=1",
    "pk=1",
    "created_at=2024",
    "updated_at=2024",
    "history=1",
    "is_draft=false",
    "moved_to=x",
    "superseded=1",
    "verification=text",
    "name__icontains=x",
    "committed_by__status=draft",
    "entity__commitment__status=draft",
    "count=1",
    "count=True",
    "contested=maybe",
    "contested_field=DROP TABLE",
    "currency=eur",
    "identifier=Q1",
    "measure=gold",
    "cursor=x",
    "cursor=",
    "as_of=",
    "as_of=now",
    "name=%0a",
    "%00=1",
    "=1",
    "as_of=release:99999999999999999999",
    "q=" + "x" * 301,
    "name=" + "x" * 701,
    "q=" + "x" * 100_000,
    "&".join(["nature=pledge"] * 51),
    "nature=" + ",".join(["pledge"] * 51),
    "q=" + "+".join(["a"] * 10_000),
    "&".join(f"p{at}=1" for at in range(2000)),
    "[][]=1",
    "a[b]=c",
    "nature[]=pledge",
    "nature[in]=x",
]


def test_what_is_not_understood_is_refused(api, subtests):
    for query in WHAT_IS_NOT_UNDERSTOOD_IS_REFUSED:
        with subtests.test(query=query):
            response = api("commitments/?" + query.replace(" ", "%20"), 400)
            assert response.headers["Content-Type"] == PROBLEM
            assert response.data["status"] == 400
            if response.data["type"].endswith("invalid-parameters/"):
                assert response.data["errors"]
            assert len(response.content) < 50_000


WHAT_LOOKS_HOSTILE_IS_ONLY_TEXT = [
    "q=a AND b",
    "q=a OR",
    "q=NOT",
    "q=NEAR(a b, 2)",
    "q=name:x",
    "q={name}:x",
    "q=(",
    "q=)",
    "q='",
    "q=a'b",
    'q="',
    'q=x"y',
    "q=a*b",
    "q=^a",
    "q=a+-b",
    "q=kind : quote",
    "q=a\\",
    "q='':*&nature=pledge",
    "q=a:*",
    "q=<->",
    "q=a|b",
    "q=!a",
    "q=%25",
    "q=_",
    "q=日本語",
    "q=Зеленський",
    "q=é",
    "q=😀 a",
    "q=" + "+".join(["a"] * 20),
    "name=%25",
    "name='; DROP TABLE publishing_edition; --",
    "name=%5C",
    "name=😀",
    "name=a,b",
    "locality=x' OR '1'='1",
    "identifier=url:https://example.org/?a=b",
    "date_from=9999-12-31",
    "date_from=0001",
    "date_to=0001",
    "&nature=pledge&",
    "nature=pledge&nature=pledge",
    "contested=false&contested_field=nature",
    "page_size=0001",
    "slug=" + ",".join(f"a-{at}" for at in range(100)),
    "related_to=" + ",".join(f"a-{at}" for at in range(50)),
    "related_to=a&relation_type=b&slug=c&speaker=d&publisher=e&document=f&quote=g&occasion=h&said_within=2024&fidelity=original",
    "unit=EUR%3D0&amount_min=0.01",
    "unit='; DROP TABLE x&amount_max=999999999999999999.99",
    "date_before=0001&date_after=9999-12-31",
    "date_within=0001-01-01/9999-12-31",
    "said_overlaps=../0001",
    "said_overlaps=9999-12-31~/..",
    "facets=measure,measure",
]


def test_what_looks_hostile_is_only_text(api, subtests):
    for query in WHAT_LOOKS_HOSTILE_IS_ONLY_TEXT:
        with subtests.test(query=query):
            for collection in ("facilities/", "commitments/"):
                response = api(f"{collection}?count=true&" + query.replace(" ", "%20"), status=_either)
                assert response.status_code == 200 or {e["code"] for e in response.data["errors"]} <= {"unknown", "no_word"}
            if query.startswith("q=") and "&" not in query:
                api("search/?" + query.replace(" ", "%20"), status=_either)


class _Either:
    def __eq__(self, status):
        return status in (200, 400)


_either = _Either()


def test_a_query_may_come_as_raw_utf8(api, public):
    environ = {"QUERY_STRING": b"q=kites&name=".decode("latin-1") + "Аркадия".encode().decode("latin-1")}
    response = Client().get("/api/v1/commitments/", **environ)
    assert response.status_code == 200
    assert Client().get("/api/v1/commitments/", **{"QUERY_STRING": "name=\xff\xfe"}).status_code == 400


WHAT_IS_NOT_THERE_IS_A_PROBLEM_TOO = [
    "/api/",
    "/api/v1",
    "/api/v2/",
    "/api/v1/commitments",
    "/api/v1/foo/",
    "/api/v1/commitments/None/",
    "/api/v1/commitments/FORTY-KITES/",
    "/api/v1/commitments/forty-kites",
    "/api/v1/commitments/forty-kites/editions/0/",
    "/api/v1/commitments/forty-kites/editions/-1/",
    "/api/v1/commitments/forty-kites/editions/99999999999999999999/",
    "/api/v1/commitments/forty-kites/editions/1.0/",
    "/api/v1/commitments/forty-kites/editions/%D9%A3/",
    "/api/v1/commitments/a%00b/",
    "/api/v1/commitments/%ff/",
    "/api/v1/commitments/..%2f/",
    "/api/v1/commitments/" + "x" * 10_000 + "/",
    "/api/v1/changes/0/",
    "/api/v1/changes/999999999/",
    "/api/v1/problems/none/",
    "/api/v1/organisations/forty-kites/",
    "/api/v1/entities/courier-2024-07-09/",
    "/api/v1/docs/x/",
    "/api/v1/schema/x",
]


def test_what_is_not_there_is_a_problem_too(api, subtests):
    for address in WHAT_IS_NOT_THERE_IS_A_PROBLEM_TOO:
        with subtests.test(address=address):
            response = api(address, 404)
            assert response.headers["Content-Type"] == PROBLEM
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert response.data["type"] == "/api/v1/problems/not-found/"


def addresses() -> list[str]:
    found = []
    for collection in COLLECTIONS:
        found += [f"{collection}/", f"{collection}/some-slug/"]
    return [*found, "", "search/", "changes/", "changes/1/", "schema/", "docs/", "problems/withdrawn/", "nowhere/"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_nothing_can_be_written(api, method):
    for address in addresses():
        response = api(address, 405, method=method)
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert response.headers["Content-Type"] == PROBLEM
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_preflight(api):
    for address in addresses():
        response = api(address, 204, method="OPTIONS")
        assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


def test_every_address_takes_no_unknown_parameter(api):
    for address in [address for address in addresses() if "some-slug" not in address and address not in ("docs/", "nowhere/")]:
        errors = api(f"{address}?surprise=1", 400).data["errors"]
        assert [fault for fault in errors if fault["name"] == "surprise"] == [
            {"in": "query", "name": "surprise", "code": "unknown"}
        ], address


def test_every_problem_has_its_page(api):
    assert set(PROBLEM_TITLES) == set(PROBLEM_EXPLANATIONS)
    for code, (status, title) in PROBLEM_TITLES.items():
        page = api(f"problems/{code}/").data
        assert (page["status"], page["title"]) == (status, title)


def test_a_foreign_host_is_not_served(api):
    assert Client().get("/api/v1/", headers={"host": "evil.example"}).status_code == 404


def test_a_failure_of_ours_is_a_problem_and_is_reported(api, monkeypatch, caplog):
    def broken(*args):
        raise RuntimeError("a private detail")

    monkeypatch.setattr("nato_support.api.listing.list_response", broken)
    response = Client(raise_request_exception=False).get("/api/v1/commitments/")
    assert response.status_code == 500
    assert json.loads(response.content)["type"] == "/api/v1/problems/internal/"
    assert "private" not in response.content.decode()
    assert "a private detail" in caplog.text
    with pytest.raises(RuntimeError):
        Client().get("/api/v1/commitments/")


def test_no_cookie_no_session_no_user(api, django_assert_num_queries):
    response = api("commitments/", **{"Cookie": "sessionid=0123456789abcdef; csrftoken=x"})
    assert not response.cookies
    assert response.headers["Vary"] == "Accept, Accept-Encoding", "nothing that the answer depends on tells who asks"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_every_route_is_a_read():
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            elif pattern.name != "docs":
                yield pattern.callback.cls

    found = list(views(urls.urlpatterns))
    assert len(found) > 40
    assert all(issubclass(view, DocumentedView) for view in found)
