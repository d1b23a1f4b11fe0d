"""Pictures on pages: they show what the API answers, each with its table, and call nothing promised that is not."""

import html
import json
import re

import pytest

from entities.serializers import ENTITY_KINDS
from nato_support.api.entity_graph import neighbourhood
from nato_support.api.entity_timeline import newest_facts
from nato_support.api.graph_queries import EdgeEdition
from nato_support.pages import page_pictures
from nato_support.pages.page_pictures import MAX_FACTS, is_amount_unknown, promise_of_commitment
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition


def test_graph_and_timeline_of_a_page_equal_those_of_the_api(detailed, client):
    def answer(path: str) -> dict:
        return json.loads(client.get(f"/api/v1/{path}").content)

    facts = undated = 0
    entities = Edition.objects.filter(LIVE_EDITIONS, kind__in=ENTITY_KINDS).values_list("slug", "document", "evidence")
    for slug, document, evidence in entities:
        graph = answer(f"graph/{slug}/")
        assert {**neighbourhood(EdgeEdition(json.loads(document), evidence)), "meta": graph["meta"]} == graph
        newest = newest_facts(json.loads(document), json.loads(evidence), MAX_FACTS)
        # A filter by date that leaves out no date counts what has none.
        timeline = answer(f"timeline/{slug}/?ordering=-date&page_size={MAX_FACTS}&date_from=0001")
        assert newest["results"] == timeline["results"]
        assert newest["undated"] == timeline["meta"].get("left_out", {}).get("date_unknown", 0)
        assert not newest["is_truncated"] and newest_facts(json.loads(document), json.loads(evidence), 0)["is_truncated"] == bool(
            newest["results"]
        )
        facts, undated = facts + len(newest["results"]), undated + newest["undated"]
    assert facts and undated


@pytest.mark.parametrize(
    ("path", "shown", "not_shown"),
    [
        ("/", ['id="whole"', "The register as a whole"], ["over time"]),
        ("/commitments/?nature=plan&page_size=1", ["1 commitment in all.", "totals/?nature=plan&amp;by=stage"], []),
        ("/organisations/", [], ["<table"]),
        ("/events/?locality=Valleytown", ['picture-map"', "Valleytown", 'href="/events/lake-meeting/"', "61.12"], []),
        ("/events/?country=ZZ", [], ["picture-map"]),
        ("/organisations/arcadia/", ['id="graph"', 'id="timeline"', "/api/v1/timeline/arcadia/"], ['id="promise"']),
        ("/commitments/forty-tents/", ['id="promise"', "due December 2024", "40 tents"], ["No source states an amount."]),
        ("/commitments/forty-tents/editions/1/", [], ["picture-", "<table"]),
        ("/relations/", [], ["<table"]),
    ],
)
def test_a_page_shows_pictures(detailed, client, path, shown, not_shown):
    text = client.get(path).content.decode()
    assert [words for words in shown if words not in text] == [] == [words for words in not_shown if words in text]
    for address in re.findall('As data: <a href="([^"]+)">', text):
        assert client.get(html.unescape(address)).status_code == 200, address
    assert text.count('class="picture picture-wide ') == text.count("picture-narrow picture-") == text.count('"drawn-data"')


def test_a_register_too_large_to_draw_whole_shows_its_commitments_over_time(detailed, client, monkeypatch):
    monkeypatch.setattr(page_pictures, "MAX_IN_WHOLE", 5)
    text = client.get("/").content.decode()
    assert "Commitments over time" in text and "totals/?by=year" in text and 'id="whole"' not in text


@pytest.mark.parametrize(
    ("members", "is_drawn", "is_unknown"),
    [
        ({}, True, False),
        ({"nature": "decision"}, True, False),
        ({"nature": "plan"}, False, False),
        ({"nature": "refusal", "measures": []}, False, False),
        ({"measures": []}, False, True),
    ],
)
def test_only_promises_with_an_amount_have_a_bar(detailed, members, is_drawn, is_unknown):
    document = json.loads(Edition.objects.get(LIVE_EDITIONS, slug="forty-kites").document) | members
    assert (promise_of_commitment(document) is not None, is_amount_unknown(document)) == (is_drawn, is_unknown)


def test_the_table_has_a_row_for_each_edge_and_links_its_record(detailed, client):
    text = client.get("/organisations/arcadia/").content.decode()
    edges = json.loads(client.get("/api/v1/graph/arcadia/").content)["edges"]
    rows = re.findall(r'<tr id="edge-[^"]+">(.*?)</tr>', text, re.DOTALL)
    assert len(rows) == len(edges)
    assert {edge["record"].removeprefix("/api/v1") for edge in edges} == {re.findall('<a href="([^"]+)"', row)[0] for row in rows}
