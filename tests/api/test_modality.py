"""Relations that are planned, expected, conditional or claimed: never told as facts, and found as what they are."""

import pytest

from entities.models import Relation
from entities.refusals import Refused
from nato_support.publishing.publication import publish
from nato_support.publishing.register_checks import check_live_editions
from tests import world as make
from tests.invented import publish_cited


def published(public, modality: str, quote=None, **fields):
    """A relation of Arcadia to Ruritania, public, that `quote` states."""
    type = make.a_relation_type(f"part-of-{modality.replace('_', '-')}")
    relation = make.a_relation(public.arcadia, public.ruritania, type, modality=modality, **fields)
    publish_cited(quote or public.quote, relation)
    return relation


@pytest.fixture
def several(public):
    """A relation of each modality."""
    modalities = ("in_force", "planned", "expected", "conditional", "claimed")
    return {modality: published(public, modality, start="2024-07") for modality in modalities}


def test_the_sentence_says_how_far_it_holds(api, several):
    said = {modality: api(f"relations/{relation.slug}/").data for modality, relation in several.items()}
    assert said["planned"]["name"].startswith("Arcadia is to be part of planned Ruritania from July 2024")
    assert said["expected"]["name"].startswith("Arcadia is expected to be part of expected Ruritania")
    assert said["conditional"]["name"].startswith("Arcadia would, if its conditions are met, be part of conditional Ruritania")
    assert said["claimed"]["name"] == "According to Ada Fell, Arcadia is part of claimed Ruritania (since July 2024)"
    assert said["in_force"]["name"] == "Arcadia is part of in force Ruritania (since July 2024)"
    assert (said["planned"]["label"], said["planned"]["inverse_label"]) == (
        "is to be part of planned",
        "is to have part of planned",
    )
    assert {modality: one["modality"] for modality, one in said.items()} == {modality: modality for modality in several}


def test_lists_are_narrowed_and_counted_by_modality(slugs, api, several):
    assert slugs("relations/?modality=planned") == [several["planned"].slug]
    assert set(slugs("relations/?modality=planned,claimed")) == {several["planned"].slug, several["claimed"].slug}
    facet = api("relations/?facets=modality").data["facets"]["modality"]["values"]
    assert {one["value"]: one["count"] for one in facet} == {"in_force": 2} | dict.fromkeys(several.keys() - {"in_force"}, 1)


def test_only_what_is_told_as_a_fact_is_in_force(api, several):
    answer = api("relations/?in_force=2024-08-01&count=true").data
    assert [row["slug"] for row in answer["results"]] == [several["in_force"].slug]
    # The claim, and the relation without a date.
    assert answer["meta"]["left_out"] == {"in_force_unknown": 2}
    assert api("relations/?in_force=2024-06&count=true").data["meta"]["left_out"] == {"in_force_unknown": 1}


def test_entities_are_found_by_relations_of_a_modality(slugs, several):
    assert slugs("organisations/?related_to=arcadia&relation_modality=claimed") == ["ruritania"]
    assert slugs("organisations/?relation_type=part-of-planned&relation_modality=planned") == ["arcadia", "ruritania"]
    assert slugs("organisations/?relation_type=part-of-planned&relation_modality=claimed") == []


def test_the_graph_shows_it_and_the_evidence_in_full(api, several, public):
    edges = {edge["modality"]: edge for edge in api("graph/arcadia/").data["edges"] if edge["start"]}
    assert edges["planned"]["label"] == "is to be part of planned"
    assert edges["claimed"]["label"] == "according to Ada Fell, is part of claimed"
    assert [day["value"] for day in edges["planned"]["attested"]] == ["2024-07-09"]
    assert edges["planned"]["in_force"] is None and edges["planned"]["contested"] is False
    by_field = {citation["field"]: citation for citation in edges["planned"]["evidence"]}
    assert by_field.keys() == {"relation", "start"}
    evidence = by_field["relation"]
    assert evidence["value"] == several["planned"].citation_value
    assert [speaker["slug"] for speaker in evidence["speakers"]] == ["ada-fell"] and evidence["quote"] == public.quote.slug
    narrowed = api("graph/arcadia/?modality=planned").data["edges"]
    assert [edge["record"] for edge in narrowed] == [f"/api/v1/relations/{several['planned'].slug}/"]
    active = api("graph/arcadia/?active_on=2024-08").data["edges"]
    asked = {(edge["record"].split("/")[-2], edge["in_force"]) for edge in active if edge["modality"]}
    assert asked == {
        (several["in_force"].slug, "yes"),
        (several["claimed"].slug, "not known"),
        (public.alliance.slug, "not known"),
    }


def test_the_timeline_shows_it(api, several):
    facts = api("timeline/arcadia/?fact=relation_start").data["results"]
    assert {fact["modality"] for fact in facts} == set(several)
    assert not any(fact["contested"] for fact in facts)
    [fact] = api("timeline/arcadia/?fact=relation_start&modality=planned").data["results"]
    assert fact["record"]["slug"] == several["planned"].slug


def test_a_relation_is_attested_on_the_days_of_what_states_it(api, slugs, public):
    said = make.a_quote(public.document, "give Ruritania 40 kites", said_on="2024-06")
    unsaid = make.a_quote(public.document, "told reporters at the Lake Meeting")
    publish([said, unsaid])
    relation = published(public, "in_force", said)
    make.a_relation_citation(unsaid, relation)
    # Another modality is stated then, so this day attests nothing of this one.
    later = make.a_quote(public.document, "its minister said on Tuesday", said_on="2025")
    make.a_relation_citation(later, relation, value=relation.citation_value.replace("in_force", "planned"))
    relation.refresh_from_db()
    publish([later, relation])
    record = api(f"relations/{relation.slug}/").data
    assert [day["value"] for day in record["attested"]] == ["2024-06", "2024-07-09"]
    assert record["name"].endswith("(attested in 2024)")
    assert record["contested"] == ["relation"]
    for span, found in (("2024-06-15", True), ("2024-07-10/2024-12", False), ("2025", False), ("2023/2024-06", True)):
        assert (relation.slug in slugs(f"relations/?attested={span}")) == found, span


def test_a_claim_needs_somebody_who_makes_it(api, public):
    nobody = make.a_quote(public.document, "Arcadia will give Ruritania", kind="narration")
    publish([nobody])
    with pytest.raises(Refused, match="who claims it"):
        published(public, "claimed", nobody)
    words = {"kind": "reported_speech", "attribution": "officials"}
    described = make.a_quote(public.document, "About 700 clerks are to count them", **words)
    publish([described])
    relation = published(public, "claimed", described, role="counter")
    assert api(f"relations/{relation.slug}/").data["name"] == (
        "According to officials, Arcadia is part of claimed Ruritania (attested in 2024)"
    )


def test_a_claim_of_nobody_that_went_round_the_rule_is_found(public):
    nobody = make.a_quote(public.document, "Arcadia will give Ruritania", kind="narration")
    publish([nobody])
    relation = published(public, "in_force", nobody)
    assert list(check_live_editions()) == []
    Relation.objects.filter(pk=relation.pk).update(modality="claimed")
    relation.citations.update(value=relation.citation_value.replace("in_force", "claimed"))
    assert any("who claims it" in str(problem) for problem in check_live_editions())
