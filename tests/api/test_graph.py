"""graph/: what an entity is joined with, step by step, each edge with the words that prove it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities import merging
from entities.merging import SURVIVOR
from nato_support.api import dispatch, entity_graph
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited


@pytest.fixture
def edges(api):
    """{"source type target"} of the graph at an address; it holds together."""

    def asked(address: str) -> set[str]:
        answer = api(f"graph/{address}").data
        nodes = [(node["kind"], node["slug"]) for node in answer["nodes"]]
        assert len(set(nodes)) == len(nodes)
        depths = [node["depth"] for node in answer["nodes"]]
        assert depths == sorted(depths) and depths.count(0) == 1
        for edge in answer["edges"]:
            ends = [(end["kind"], end["slug"]) for end in (edge["source"], edge["target"])]
            assert set(ends) <= set(nodes)
            api(edge["record"])
        return {f"{edge['source']['slug']} {edge['type']} {edge['target']['slug']}" for edge in answer["edges"]}

    return asked


@pytest.fixture
def chain(public):
    """b1 is part of arcadia, b2 of b1, b3 of b2."""
    made, last = [], public.arcadia
    for at in (1, 2, 3):
        body = make.an_organisation(f"b{at}", type="other")
        relation = make.a_relation(body, last, make.a_relation_type("part-of"), start=f"{2000 + at}", end=f"{2010 + at}-06")
        publish_cited(public.quote, body, relation)
        made.append(body)
        last = body
    return made


ARCADIA = {
    "arcadia works-alongside ruritania",
    "minister-of-kites organisation arcadia",
    "forty-kites committed_by arcadia",
}


def test_one_step_from_an_entity(api, public, edges):
    assert edges("arcadia/") == ARCADIA
    assert edges("ruritania/") == {
        "arcadia works-alongside ruritania",
        "kite-yard operator ruritania",
        "forty-kites beneficiary ruritania",
    }
    assert edges("lake-meeting/") == {"forty-kites event lake-meeting"}
    assert edges("forty-kites/") == {
        "forty-kites committed_by arcadia",
        "forty-kites beneficiary ruritania",
        "forty-kites event lake-meeting",
    }
    assert edges("ada-fell/") == set()
    answer = api("graph/arcadia/").data
    assert answer["root"]["name"] == "Arcadia"
    assert answer["is_truncated"] is False
    assert [node["is_expanded"] for node in answer["nodes"]] == [True, False, False, False]


def test_each_edge_has_its_evidence_and_its_dates(api, public):
    by_type = {edge["type"]: edge for edge in api("graph/arcadia/").data["edges"]}
    for name, field in {"works-alongside": "relation", "committed_by": "committed_by"}.items():
        [evidence] = by_type[name]["evidence"]
        assert evidence["field"] == field
        assert (evidence["polarity"], evidence["stance"]) == ("affirms", "supports")
        assert evidence["quote"] == public.quote.slug
        assert evidence["exact"] == "We pledge forty kites, no more and no less"
        assert evidence["document"]["slug"] == "courier-2024-07-09"
        assert evidence["document"]["publisher"]["slug"] == "arcadian-courier"
    assert by_type["committed_by"]["start"]["value"] == "2024-07-09"
    assert by_type["committed_by"]["record"] == "/api/v1/commitments/forty-kites/"
    assert by_type["works-alongside"]["start"] is None
    [edge] = api("graph/lake-meeting/").data["edges"]
    assert [one["field"] for one in edge["evidence"]] == [f"milestones.{public.milestone.key}"]


def test_of_several_givers_each_has_evidence_of_its_own(api, public):
    public.kites.committed_by.add(public.ruritania)
    second = make.a_quote(public.document, "About 700 clerks are to count them in Harbourton")
    make.a_citation(second, public.kites, "committed_by", "ruritania")
    public.kites.refresh_from_db()
    publish([second, public.kites])
    found = {
        edge["target"]["slug"]: [one["quote"] for one in edge["evidence"]]
        for edge in api("graph/forty-kites/?type=committed_by").data["edges"]
    }
    assert found == {"arcadia": [public.quote.slug], "ruritania": [second.slug]}


def test_depth(edges, chain):
    assert edges("b3/") == {"b3 part-of b2"}
    assert edges("b3/?depth=2") == {"b3 part-of b2", "b2 part-of b1"}
    assert edges("b3/?depth=3") == {"b3 part-of b2", "b2 part-of b1", "b1 part-of arcadia"}
    assert edges("arcadia/?depth=3&type=part-of") == edges("b3/?depth=3")


def test_by_type_and_kind(edges, chain):
    assert edges("arcadia/?type=part-of") == {"b1 part-of arcadia"}
    assert edges("arcadia/?type=part-of,committed_by") == {"b1 part-of arcadia", "forty-kites committed_by arcadia"}
    assert edges("arcadia/?type=holds") == set()
    assert edges("arcadia/?kind=commitment,post") == ARCADIA - {"arcadia works-alongside ruritania"}
    assert edges("arcadia/?kind=organisation") == {"b1 part-of arcadia", "arcadia works-alongside ruritania"}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2000", False),
        ("2001", True),
        ("2001-01-01", True),
        ("2005-05", True),
        ("2011-06-30", True),
        ("2011-07", False),
        ("2012", False),
    ],
)
def test_what_was_true_then(edges, chain, day, found):
    assert ("b1 part-of arcadia" in edges(f"arcadia/?active_on={day}")) is found
    # What is undated may have been true, what was promised later was not.
    assert "arcadia works-alongside ruritania" in edges(f"arcadia/?active_on={day}")
    assert "forty-kites committed_by arcadia" not in edges(f"arcadia/?active_on={day}")


def test_what_the_register_said_then(api, edges, public, chain):
    assert edges("arcadia/?as_of=release:1") == ARCADIA
    release = api("").data["meta"]["release"]
    withdraw([public.yard])
    assert edges("ruritania/") == {"arcadia works-alongside ruritania", "forty-kites beneficiary ruritania"}
    # What is withdrawn is public at no release any more.
    assert edges(f"ruritania/?as_of=release:{release}") == edges("ruritania/")
    api("graph/b1/?as_of=release:1", 404)


def test_a_draft_is_neither_node_nor_edge(edges, public):
    secret = make.an_organisation("secret-body")
    make.a_relation(secret, public.arcadia, make.a_relation_type("part-of"))
    public.kites.committed_by.add(secret)
    assert edges("arcadia/") == ARCADIA
    assert "forty-kites committed_by secret-body" not in edges("forty-kites/")


def test_a_node_of_many_shows_the_newest_and_says_so(api, promise, public, monkeypatch):
    monkeypatch.setattr(entity_graph, "MAX_EDGES_OF_ONE_TYPE", 2)
    for year in (2021, 2023, 2022):
        promise(f"kites-of-{year}", str(year), by=[public.arcadia])
    answer = api("graph/arcadia/?type=committed_by").data
    assert [edge["source"]["slug"] for edge in answer["edges"]] == ["forty-kites", "kites-of-2023"]
    assert answer["is_truncated"] is True
    [more] = answer["nodes"][0]["more"]
    assert more == {"type": "committed_by", "href": "/api/v1/commitments/?committed_by=arcadia"}
    assert len(api(more["href"]).data["results"]) == 4


@pytest.mark.parametrize(
    ("name", "most", "nodes", "edges"), [("MAX_NODES", 3, 3, 3), ("MAX_EDGES", 2, 3, 2), ("_MAX_EDITIONS_PER_LEVEL", 1, 3, 3)]
)
def test_bounds_are_kept_and_told(api, public, monkeypatch, name, most, nodes, edges):
    assert api("graph/arcadia/?depth=2").data["is_truncated"] is False
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))
    monkeypatch.setattr(entity_graph, name, most)
    answer = api("graph/arcadia/?depth=2").data
    assert answer["is_truncated"] is True
    assert len(answer["nodes"]) <= nodes and len(answer["edges"]) <= edges
    assert not all(node["is_expanded"] for node in answer["nodes"] if node["depth"] < 2)


def test_statements_do_not_grow_with_the_graph(api, promise, public, monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            api("graph/arcadia/?depth=2")
        return len(captured)

    few = statements()
    for at in range(6):
        promise(f"more-{at}", "2024", by=[public.arcadia])
    assert statements() == few


def test_merged_withdrawn_unknown(api, public):
    other = make.an_organisation("old-arcadia", name="Arcadia")
    publish_cited(public.quote, other)
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    merge_and_publish(
        other, public.arcadia, choices, expected_digest=merging.plan_merge(other, public.arcadia, choices).digest, confirmed=True
    )
    withdraw([public.ada])
    for place in ("graph", "timeline"):
        assert (
            api(f"{place}/old-arcadia/?as_of=release:3", 308).headers["Location"] == f"/api/v1/{place}/arcadia/?as_of=release:3"
        )
        assert api(f"{place}/old-arcadia/?as_of=release:2").data["meta"]["release"] == 2
        api(f"{place}/ada-fell/", 410)
        api(f"{place}/nobody/", 404)


BAD_QUESTIONS = [
    "depth=0",
    "depth=4",
    "depth=%D9%A3",
    "depth=1e1",
    "depth=1&depth=2",
    "type=-",
    "type=%00",
    "kind=quote",
    "active_on=2024-02-30",
    "active_on=2024-07,2025",
    "as_of=release:99",
    "as_of=2024-02-30",
    "nodes=5",
    f"type={'a' * 300}",
]


def test_bad_questions(api, subtests):
    for query in BAD_QUESTIONS:
        with subtests.test(query=query):
            api(f"graph/arcadia/?{query}", 400)
