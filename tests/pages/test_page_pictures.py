"""Pictures on pages: they show what the API answers, each with its table, and call nothing promised that is not."""

import html
import json
import re

import pytest

from entities.serializers import ENTITY_KINDS, PLURALS
from nato_support.api.entity_graph import neighbourhood
from nato_support.api.entity_timeline import newest_facts
from nato_support.api.graph_queries import EdgeEdition
from nato_support.pages import page_pictures
from nato_support.pages.page_pictures import MAX_FACTS, is_amount_unknown, promise_of_commitment
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from tests import world as make
from tests.invented import publish_cited


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


@pytest.mark.parametrize("query", ["", "active_on=2024", "active_on=2024-07-09", "active_on=1999", "depth=2"])
def test_the_page_of_links_shows_what_the_graph_of_that_time_has(detailed, client, query):
    text = client.get(f"/graph/arcadia/?{query}").content.decode()
    graph = json.loads(client.get(f"/api/v1/graph/arcadia/?{query}").content)
    expected = [edge["record"].removeprefix("/api/v1") for edge in graph["edges"]]
    rows = re.findall(r'<tr id="edge-[^"]+">(.*?)</tr>', text, re.DOTALL)
    assert sorted(expected) == sorted(re.findall('<a href="([^"]+)"', row)[0] for row in rows)
    assert f'href="/api/v1/graph/arcadia/{"?" if query else ""}{query}"' in text


def test_every_time_at_which_links_begin_or_end_is_a_link(detailed, client):
    alliance = make.a_relation_type("is-in", ("organisation", "organisation"))
    joins = make.a_relation(detailed.arcadia, detailed.ruritania, alliance, start="2019-05", end="2021-03-31")
    publish_cited(detailed.quote, joins)
    for page in ("/organisations/arcadia/", "/graph/arcadia/?active_on=2021"):
        text = client.get(page).content.decode()
        (days,) = re.findall('data-days="([^"]+)"', text)
        assert {"2019-05-01", "2021-04-01"} <= set(days.split())
        times = text.partition('<nav class="times"')[2].partition("</nav>")[0]
        links = re.findall(r'href="(/graph/arcadia/\?active_on=[^"]+)"', times)
        assert {f"/graph/arcadia/?active_on={year}" for year in ("2019", "2021")} <= set(links)
        for link in links:
            assert client.get(link).status_code == 200
    assert "/graph/arcadia/?active_on=2021-04-01" in text
    before, after = (client.get(f"/graph/arcadia/?active_on={day}").content.decode() for day in ("2021-03-31", "2021-04-01"))
    assert joins.slug in before and joins.slug not in after


def test_each_facility_and_event_stands_on_the_map_or_in_the_list_beside_it(detailed, client):
    def listed(path: str) -> set[str]:
        text = client.get(path).content.decode()
        assert text.count('id="map"') == 1, path
        table = text.partition('id="map-table"')[2].partition("</table>")[0]
        return set(re.findall('href="(/(?:facilities|events)/[^"]+)"', table))

    hosts = make.a_relation_type("hosts", ("organisation", "event"))
    publish_cited(detailed.quote, make.a_relation(detailed.arcadia, detailed.meeting, hosts))
    places = {f"/{PLURALS[kind]}/{slug}/" for kind, slug in _live("facility", "event")}
    assert places and listed("/") == places
    located = {path for path in places if json.loads(client.get(f"/api/v1{path}").content)["latitude"]}
    assert located
    for path in places:
        if path in located:
            assert listed(path) == {path}
        else:
            assert 'id="map"' not in client.get(path).content.decode()
    graph = json.loads(client.get("/api/v1/graph/arcadia/").content)
    near = {node["href"].removeprefix("/api/v1") for node in graph["nodes"] if node["kind"] in ("facility", "event")}
    assert near and listed("/organisations/arcadia/") == near


def _live(*kinds: str) -> list[tuple[str, str]]:
    return list(Edition.objects.filter(LIVE_EDITIONS, kind__in=kinds).values_list("kind", "slug"))
