"""ETag, 304 and the answers kept in the process: quick, and never stale."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nato_support.api import dispatch
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.publication import publish, withdraw
from tests.invented import publish_cited

ADDRESSES = [
    "commitments/",
    "commitments/forty-kites/",
    "search/?q=kites",
    "changes/",
    "commitments/forty-kites/editions/",
    "",
    "entities/",
]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(2**26))


def queries(ask) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_repeated_question_costs_only_the_look_up_of_the_stamp(api, address):
    first = api(address)
    [look_up] = queries(lambda: api(address))
    assert "publishing_release" in look_up
    assert api(address).content == first.content
    [look_up] = queries(lambda: api(address, 304, **{"If-None-Match": first.headers["ETag"]}))
    assert "publishing_release" in look_up


@pytest.mark.parametrize("address", ADDRESSES)
def test_304_has_no_body_and_repeats_its_headers(api, address):
    tag = api(address).headers["ETag"]
    assert tag.startswith('W/"1-')
    response = api(address, 304, **{"If-None-Match": f'"other", {tag}'})
    assert response.content == b""
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    api(address, 200, **{"If-None-Match": '"other"'})


def test_no_publish_leaves_anything_stale(api, public):
    for name in ("One", "Two", "Three"):
        tags = {address: api(address).headers["ETag"] for address in ADDRESSES}
        public.kites.refresh_from_db()
        public.kites.name = name
        public.kites.save()
        publish([public.kites])
        assert api("commitments/").data["results"][0]["name"] == name
        assert api("commitments/forty-kites/").data["name"] == name
        for address, tag in tags.items():
            assert api(address, 200, **{"If-None-Match": tag}).headers["ETag"] != tag
    public.kites.refresh_from_db()
    tag = api("commitments/forty-kites/").headers["ETag"]
    withdraw([public.kites])
    api("commitments/forty-kites/", 410, **{"If-None-Match": tag})


def test_another_register_under_the_same_stamp_is_another_state(api):
    tag = api("commitments/").headers["ETag"]
    Release.objects.update(state_hash="0" * 64)
    api("commitments/", 200, **{"If-None-Match": tag})


def test_addresses_do_not_share_tags(api):
    assert api("commitments/").headers["ETag"] != api("commitments/?ordering=date").headers["ETag"]


def test_an_edition_under_its_address_stays_for_good(api, public):
    address = "commitments/forty-kites/editions/1/"
    first = api(address)
    assert first.headers["Cache-Control"] == "public, max-age=604800, immutable"
    assert not first.headers["ETag"].startswith("W/")
    public.kites.name = "Fifty Kites"
    public.kites.save()
    publish([public.kites])
    assert api(address).content == first.content
    assert api(address).headers["ETag"] == first.headers["ETag"]
    api(address, 304, **{"If-None-Match": first.headers["ETag"]})
    withdraw([public.kites])
    assert api(address, 410).headers["Cache-Control"] == "no-store"


def test_an_answer_that_was_overtaken_is_made_again(api, public, monkeypatch):
    """Something is published after the release was read and before the answer is ready."""
    real, times = dispatch.newest_register_state, []

    def overtaken():
        times.append(1)
        if len(times) == 2:
            public.kites.name = "Fifty Kites"
            public.kites.save()
            publish([public.kites])
        return real()

    monkeypatch.setattr(dispatch, "newest_register_state", overtaken)
    found = api("commitments/").data
    assert (found["meta"]["release"], found["results"][0]["name"]) == (2, "Fifty Kites")
    assert len(times) == 4


def test_the_answers_kept_are_bounded(api, monkeypatch):
    kept = dispatch.ResponseCache(20_000)
    monkeypatch.setattr(dispatch, "response_cache", kept)
    for size in range(1, 60):
        api(f"commitments/?page_size={size}")
    assert 0 < len(kept._responses) < 15
    assert kept._bytes <= kept.max_bytes
    assert kept.get(dispatch.newest_register_state(), "http://testserver/api/v1/commitments/?page_size=59")


def test_head_is_get_without_the_body(api):
    got, head = api("commitments/"), api("commitments/", method="HEAD")
    assert head.content == b""
    for header in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
        assert head.headers[header] == got.headers[header]
    assert int(got.headers["Content-Length"]) == len(got.content)


@pytest.mark.parametrize("query", ["overdue=true", "%6Fverdue=true", "overdue=false"])
def test_what_depends_on_the_day_is_new_each_day(api, public, monkeypatch, query):
    public.kites.due = "2024-08"
    public.kites.save()
    publish_cited(public.quote, public.kites)
    address = f"commitments/?{query}"
    monkeypatch.setattr(dispatch, "utc_today", lambda: "2024-08-31")
    before = api(address)
    api(address, 304, **{"If-None-Match": before.headers["ETag"]})
    # Nothing tells a client that holds a day's answer when it was last true.
    assert "Last-Modified" not in before.headers
    monkeypatch.setattr(dispatch, "utc_today", lambda: "2024-09-01")
    after = api(address, **{"If-None-Match": before.headers["ETag"]})
    assert after.headers["ETag"] != before.headers["ETag"] and after.content != before.content
    assert ("forty-kites" in after.content.decode()) is (query != "overdue=false")
    # Other answers stay.
    tag = api("commitments/").headers["ETag"]
    monkeypatch.setattr(dispatch, "utc_today", lambda: "2024-09-02")
    api("commitments/", 304, **{"If-None-Match": tag})
