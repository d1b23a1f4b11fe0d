"""Cursors: a walk sees one state of the register, whatever is published or withdrawn meanwhile."""

import itertools
import json
import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nato_support.api import cursors, listing
from nato_support.api.api_request import ApiRequest
from nato_support.api.collections import COLLECTIONS
from nato_support.api.problems import ApiProblem
from nato_support.api.register_state import RegisterChanged, newest_register_state
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited


def walk(api, address: str, follow: str = "next", between=lambda page: None) -> list[str]:
    found = []
    for page in range(100):
        data = api(address).data
        rows = [row["slug"] for row in data["results"]]
        found += rows if follow == "next" else reversed(rows)
        if data[follow] is None:
            return found
        address = data[follow]
        between(page)
    raise AssertionError("the walk does not end")


def last_page(api, address: str) -> dict:
    data = api(address).data
    while data["next"]:
        data = api(data["next"]).data
    return data


QUERIES = [
    "ordering=-date",
    "ordering=date",
    "ordering=name",
    "ordering=-name",
    "committed_by=arcadia",
    "date_from=2023-03",
    "date_from=2023-03&ordering=date",
    "committed_by=arcadia,ruritania&ordering=date",
    "ordering=release",
    "ordering=-release",
    "party=arcadia&ordering=-release",
    "said_overlaps=2024&date_known=true&ordering=date",
    "date_within=2023/..&ordering=-name",
    "q=gift",
    "q=gift&ordering=date",
]


def test_pages_put_together_are_the_list_forwards_and_backwards(api, gifts, subtests):
    for size, query in itertools.product((1, 3, 7), QUERIES):
        with subtests.test(f"{size} {query}"):
            whole = walk(api, f"commitments/?page_size=500&{query}")
            assert len(whole) >= 13
            address = f"commitments/?page_size={size}&{query}"
            assert walk(api, address) == whole
            end = last_page(api, address)
            rows = [row["slug"] for row in end["results"]]
            assert list(reversed(walk(api, end["previous"], "previous"))) + rows == whole
            there = api(end["previous"]).data
            assert api(there["next"]).data["results"] == end["results"]


def test_a_page_may_change_its_size_on_the_way(api, gifts):
    first = api("commitments/?page_size=3").data
    address = first["next"].replace("page_size=3", "page_size=500")
    rest = api(address).data
    whole = walk(api, "commitments/?page_size=500")
    assert [row["slug"] for row in first["results"] + rest["results"]] == whole


@pytest.mark.parametrize("query", [query for query in QUERIES if "q=" not in query] + ["kind=commitment"])
def test_publishing_between_pages_loses_and_repeats_nothing(api, gifts, promise, public, query):
    """Renames, new dates, new records and reprints of what is named: later pages show the release of the first."""
    rng = random.Random(query)
    collection = "entities" if "kind" in query else "commitments"
    whole = walk(api, f"{collection}/?page_size=500&{query}")
    total = api(f"{collection}/?count=true&{query}").data["count"]

    def meddle(page: int) -> None:
        one = rng.choice(gifts)
        one.refresh_from_db()
        one.name = f"Renamed {rng.random()}"
        one.save()
        publish([one])
        if page == 1:
            public.arcadia.refresh_from_db()
            public.arcadia.name = "New Arcadia"
            public.arcadia.save()
            publish_cited(public.quote, public.arcadia)
        if page == 2:
            promise("late-gift", "2024-05", by=[public.arcadia])

    releases = set()
    address = f"{collection}/?page_size=3&count=true&{query}"
    found = []
    while address:
        data = api(address).data
        found += [row["slug"] for row in data["results"]]
        releases.add(data["meta"]["release"])
        assert data["count"] == total
        assert all(row["release"] <= data["meta"]["release"] for row in data["results"])
        address = data["next"]
        meddle(len(found) // 3)
    assert found == whole
    assert len(releases) == 1


def test_what_is_withdrawn_between_pages_is_not_shown_any_more(api, gifts):
    whole = walk(api, "commitments/?page_size=500")
    gone = gifts[0]

    def meddle(page: int) -> None:
        if page == 0:
            gone.refresh_from_db()
            withdraw([gone])

    assert gone.slug in whole[3:]
    assert walk(api, "commitments/?page_size=3", between=meddle) == [slug for slug in whole if slug != gone.slug]


@pytest.mark.parametrize("query", ["", "ordering=name", "ordering=-release&page_size=3", "q=gift", "date_known=false"])
def test_a_list_is_walked_to_its_end_at_one_stamp_whatever_is_published_meanwhile(api, gifts, promise, query):
    whole = [row["slug"] for row in api(f"commitments/?{query}&page_size=500".replace("&page_size=3", "")).data["results"]]
    asked = ApiRequest(newest_register_state(), "http://testserver", "/api/v1/commitments/", query)
    rows = listing.walk_documents(COLLECTIONS["commitments"], asked, chunk=3)
    found = [json.loads(next(rows))["slug"]]
    if "q=" not in query:
        gifts[4].refresh_from_db()
        gifts[4].name = "Renamed meanwhile"
        gifts[4].save()
        publish([gifts[4]])
        promise("meanwhile", "2024-05")
    documents = [json.loads(row) for row in rows]
    assert found + [document["slug"] for document in documents] == whole
    assert all(document["release"] <= asked.register.release for document in documents)


def test_a_walk_of_full_text_ends_when_the_register_moves(api, gifts, promise):
    rows = listing.walk_documents(
        COLLECTIONS["commitments"],
        ApiRequest(newest_register_state(), "http://testserver", "/api/v1/commitments/", "q=gift"),
        chunk=3,
    )
    next(rows)
    promise("meanwhile", "2024-05")
    with pytest.raises(RegisterChanged):
        list(rows)


def test_a_walk_says_at_once_what_is_wrong_with_its_parameters(api):
    with pytest.raises(ApiProblem):
        listing.walk_documents(
            COLLECTIONS["commitments"],
            ApiRequest(newest_register_state(), "http://testserver", "/api/v1/commitments/", "nature=x"),
        )


def test_a_search_does_not_go_on_over_a_changed_register(api, gifts, public):
    for address in ("commitments/?q=gift&page_size=3", "search/?q=gift&page_size=3"):
        following = api(address).data["next"]
        api(following)
        public.ruritania.refresh_from_db()
        public.ruritania.name += " anew"
        public.ruritania.save()
        publish_cited(public.quote, public.ruritania)
        assert api(following, 409).data["type"] == "/api/v1/problems/register-changed/"


def test_cursors_are_sealed_and_belong_to_their_question(api, gifts):
    address = api("commitments/?page_size=3").data["next"]
    cursor = address.rpartition("cursor=")[2]
    for other in (
        "commitments/?ordering=date&",
        "commitments/?nature=pledge&",
        "organisations/?",
        "search/?q=gift&",
        "changes/?",
    ):
        assert api(f"{other}cursor={cursor}", 400).data["type"].endswith(("/cursor-mismatch/", "/invalid-parameters/"))
    for at in range(0, len(cursor), 5):
        forged = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        assert api(f"commitments/?cursor={forged}", 400).data["type"] == "/api/v1/problems/cursor-invalid/"
    for nonsense in ("AAAA", "A", "-", cursor * 3):
        api(f"commitments/?cursor={nonsense}", 400)


def test_a_cursor_of_another_version_or_of_a_later_release_is_not_opened(monkeypatch):
    """As after an update, or in a register put back to an earlier day."""
    text = cursors.Cursor(2, "query", False, (7,)).seal_as_text()
    assert cursors.open_cursor(text, "query", 2).key == (7,)
    with pytest.raises(ApiProblem, match="Cursors are made by this API"):
        cursors.open_cursor(text, "query", 1)
    monkeypatch.setattr(cursors, "CURSOR_VERSION", cursors.CURSOR_VERSION + 1)
    with pytest.raises(ApiProblem, match="Cursors are made by this API"):
        cursors.open_cursor(text, "query", 2)


def test_editions_and_runs_are_walked_too(api, public, gifts):
    for at in range(3):
        public.kites.name = f"Kites {at}"
        public.kites.save()
        publish([public.kites])
        public.kites.refresh_from_db()
    found, address = [], "commitments/forty-kites/editions/?page_size=1"
    while address:
        data = api(address).data
        found += [row["edition"] for row in data["results"]]
        address = data["next"]
    assert found == [4, 3, 2, 1]
    assert len(walk_runs(api, "changes/?page_size=7")) == api("changes/?page_size=100").data["results"][0]["release"]


def walk_runs(api, address: str) -> list[int]:
    found: list[int] = []
    while address:
        data = api(address).data
        found += [row["release"] for row in data["results"]]
        address = data["next"]
    assert found == sorted(found, reverse=True)
    return found


def test_a_run_names_its_editions_but_not_what_was_withdrawn(api, public):
    withdraw([public.kites], note="a mistake")
    newest, first = api("changes/").data["results"]
    assert (newest["release"], newest["operation"], newest["note"]) == (2, "withdraw", "a mistake")
    [tomb] = newest["editions"]
    assert (tomb["slug"], tomb["withdrawn"], tomb["name"], tomb["edition"]) == ("forty-kites", True, None, 2)
    assert {row["slug"]: row["name"] for row in first["editions"]}["forty-kites"] is None
    assert set(first) == {"release", "released_at", "operation", "note", "state_hash", "href", "editions", "is_truncated"}
    assert api(first["href"] + "?page_size=2").data["results"] == first["editions"][:2]
    api("changes/3/", 404)


def test_why_and_by_whom_stay_private(api, public, django_user_model):
    public.kites.name = "Kites"
    public.kites.save()
    publish([public.kites], by=django_user_model.objects.create(username="grace"), reason="a secret reason", note="said aloud")
    for address in ("changes/", "changes/2/", "commitments/forty-kites/editions/"):
        text = api(address).content.decode()
        assert "secret" not in text and "grace" not in text
    assert "said aloud" in api("changes/2/").content.decode()


def test_past_states_of_a_large_history_are_read_from_any_stamp(api, gifts, public):
    states = {}
    rng = random.Random(1)
    for _ in range(6):
        one = rng.choice(gifts)
        one.refresh_from_db()
        if one.status == "published":
            one.name = f"Name {rng.random()}"
            one.save()
            publish([one])
        release = api("").data["meta"]["release"]
        states[release] = {order: walk(api, f"commitments/?page_size=5&ordering={order}") for order in ("date", "-date", "name")}
    for release, orders in states.items():
        for order, slugs in orders.items():
            assert walk(api, f"commitments/?page_size=5&ordering={order}&as_of=release:{release}") == slugs
    make.a_commitment("draft")


@pytest.mark.parametrize(
    "address",
    [
        "commitments/tents/",
        "commitments/tents/editions/",
        "graph/tents/?depth=2",
        "timeline/tents/",
        "commitments/?slug=tents&count=true&facets=nature",
        "commitments/totals/?by=party",
        "search/?q=tents&facets=kind",
        "suggest/?q=tents",
        "reconcile?queries=%7B%22q0%22:%7B%22query%22:%22tents%22%7D%7D",
    ],
)
def test_whenever_it_is_withdrawn_it_is_in_no_answer(api, promise, address):
    """Between any two statements of an answer: the next ones find it gone."""
    tents = promise("tents", "2024-05")
    with CaptureQueriesContext(connection) as made:
        assert b"Tents" in api(address).content or "totals" in address
    for moment in range(len(made)):
        statements = iter(range(1000))
        done = []

        def withdrawing(execute, sql, parameters, gifts, context, at=moment, statements=statements, done=done):
            if not done and next(statements) == at:
                done.append(True)
                withdraw([tents])
            return execute(sql, parameters, gifts, context)

        with connection.execute_wrapper(withdrawing):
            response = Client(raise_request_exception=False).get(f"/api/v1/{address}")
        assert done and response.status_code in (200, 404, 410), (moment, response.content[:300])
        assert b"Tents" not in response.content, moment
        publish([tents])
        tents.refresh_from_db()
