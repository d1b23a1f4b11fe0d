"""What an answer costs the database: a fixed number of statements, each of which walks an index."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nato_support.api import dispatch

LISTS = {
    "commitments/": 1,
    "commitments/?ordering=date": 2,
    "commitments/?ordering=name": 1,
    "commitments/?nature=pledge": 1,
    "commitments/?nature=pledge&committed_by=arcadia": 2,
    "commitments/?date_from=2020&nature=pledge": 4,
    "commitments/?q=gift": 2,
    "commitments/?as_of=release:1": 2,
    "commitments/?count=true": 2,
    "commitments/?ordering=-release": 1,
    "commitments/?ordering=release&as_of=release:1": 2,
    "commitments/?party=arcadia": 2,
    "commitments/?party_country=PL": 6,
    "commitments/?event=lake-meeting": 2,
    "commitments/?amount_min=1&unit=kite": 3,
    "commitments/?said_overlaps=2024": 3,
    "commitments/?overdue=2024-07-09&committed_by=arcadia": 6,
    "relations/?in_force=2024": 4,
    "commitments/?committed_by=arcadya": 20,
    "commitments/?committed_by=ada-fell": 6,
    "documents/?language=EN": 7,
    "commitments/?document=courier&as_of=release:1": 8,
    "commitments/?slug=forty-kites": 2,
    "commitments/?date_within=2024&count=true": 3,
    "commitments/?facets=nature,committed_by": 3,
    "organisations/?related_to=ruritania": 2,
    "entities/?relation_type=works-alongside": 2,
    "entities/": 1,
    "search/?q=gift": 10,
    "suggest/?q=gift": 13,
    "organisations/": 1,
    "relations/?entity=arcadia": 2,
    "changes/?page_size=1": 2,
}


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))


def statements(api, address: str) -> list[tuple]:
    with CaptureQueriesContext(connection) as captured:
        api(address)
    return [query["sql"] for query in captured if "ORDER BY number DESC LIMIT" not in query["sql"] or "WHERE" in query["sql"]]


def test_statements_do_not_grow_with_the_rows(api, promise, public, subtests):
    for at in range(2):
        promise(f"gift-{at}", "2024", by=[public.arcadia])
    few = {address: statements(api, address) for address in LISTS}
    for at in range(20):
        promise(f"more-gift-{at}", "2024", by=[public.arcadia])
    for address, most in LISTS.items():
        with subtests.test(address):
            many = statements(api, address)
            assert len(few[address]) == len(many) <= most


def test_a_detail_is_one_statement_however_much_rests_on_it(api, public):
    for address in (
        "commitments/forty-kites/",
        "entities/forty-kites/",
        "commitments/forty-kites/editions/1/",
    ):
        assert len(statements(api, address)) == 1
    # What they say is read apart, to be compared; see test_editions for what it costs once they differ.
    assert len(statements(api, "commitments/forty-kites/editions/")) == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
def test_no_plan_scans_a_table_or_sorts_a_collection(api, public, subtests):
    lists = [address for address in LISTS if "changes" not in address]
    for address in (*lists, "commitments/forty-kites/", "entities/ada-fell/"):
        with subtests.test(address):
            with CaptureQueriesContext(connection) as captured:
                api(address)
            for query in captured:
                check_plan(query["sql"])


def check_plan(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
        plan = [row[3] for row in cursor.fetchall()]
    for step in plan:
        assert not re.match(r"SCAN (e|t|x|w|y|z|r|n|o|q|publishing_edition|publishing_editionterm)\b", step), (plan, sql)
        if step.startswith("SEARCH e "):
            assert re.search("live_|past_|one_live|edition_number_once|autoindex|PRIMARY KEY", step), (plan, sql)


def test_what_began_in_earlier_years_is_read_by_the_years_that_it_spans(api, public):
    newer, older, undated = statements(api, "commitments/?date_from=2024-06")
    assert "t.sort_date = ''" in undated or "e.sort_date = ''" in undated
    assert "e.sort_date >= '2024-01-01'" in newer
    assert "spans" in older and "t.sort_date < '2024-01-01'" in older
