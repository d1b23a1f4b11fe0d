"""Every answer is valid against the protocol's own schemas; its own examples of queries are taken, and of faults refused."""

import json

import pytest

from tests import world as make
from tests.api.reconciling.conftest import DRAFT, ROOT

VERSIONS = {"0.2": ROOT, "1.0-draft": DRAFT}
QUERIES = {
    "by-name": {"query": "Arcadia"},
    "of-type": {"query": "Arcadia", "type": "organisation", "type_strict": "should", "limit": 3},
    "other-type": {"query": "Arcadia", "type": ["person", "post"]},
    "with-property": {"query": "Forty Kites", "properties": [{"pid": "nature", "v": "pledge"}, {"pid": "none", "v": 1}]},
    "by-property": {"properties": [{"pid": "beneficiary", "v": {"id": "ruritania", "name": "Ruritania"}}]},
    "nothing": {"query": "Nobody At All"},
    "": {"query": ""},
}
CONDITIONS = [
    {"matchType": "name", "propertyValue": "Arcadia"},
    {"matchType": "id", "propertyValue": ["arcadia", "none"], "required": True},
    {"matchType": "property", "propertyId": "type", "propertyValue": "state", "matchQuantifier": "all"},
]
COLUMNS = ["name", "alias", "type", "committed_by", "beneficiary", "organisation", "amount", "latitude", "citations", "none"]
IDS = ["arcadia", "forty-kites", "kite-yard", "minister-of-kites", "ada-fell", "lake-meeting", "no-such", "No Id"]


@pytest.mark.parametrize("version", VERSIONS)
def test_manifests(service, conformance, version):
    conformance.check(version, "manifest", service.get(VERSIONS[version]))


def test_results(service, conformance):
    answer = service.form(queries=QUERIES)
    conformance.check("0.2", "reconciliation-query-batch", QUERIES)
    conformance.check("0.2", "reconciliation-result-batch", answer)
    assert list(answer) == list(QUERIES)
    assert service.get("", queries=json.dumps(QUERIES)) == answer


def test_draft_results(service, conformance):
    batch = {"queries": [{"conditions": [one], "type": "organisation", "limit": 2} for one in CONDITIONS]}
    answer = service.post("match", batch)
    conformance.check("1.0-draft", "reconciliation-query-batch", batch)
    conformance.check("1.0-draft", "reconciliation-result-batch", answer)
    assert [bool(one["candidates"]) for one in answer["results"]] == [True, True, True]


@pytest.mark.parametrize("version", VERSIONS)
def test_suggestions(service, conformance, version):
    for what, schema in {"entity": "entities", "type": "types", "property": "properties"}.items():
        for prefix in ("", "a", "Arcadia", "no such thing"):
            answer = service.get(f"{VERSIONS[version]}suggest/{what}", prefix=prefix)
            conformance.check(version, f"suggest-{schema}-response", answer)


def test_rows(service, conformance, named):
    named(make.an_organisation("kite-works", type="company", country="NO"), "Kites plc", identifiers={"wikidata": "Q1"})
    query = {"ids": [*IDS, "kite-works"], "properties": [{"id": id, "settings": {"limit": "2"}} for id in COLUMNS]}
    conformance.check("0.2", "data-extension-query", query)
    answer, draft = service.form(extend=query), service.post("extend", query)
    conformance.check("0.2", "data-extension-response", answer)
    conformance.check("1.0-draft", "data-extension-response", draft)
    as_lists = [{"id": id, "properties": [{"id": p, "values": row[p]} for p in COLUMNS]} for id, row in answer["rows"].items()]
    assert draft == {"meta": answer["meta"], "rows": as_lists}


@pytest.mark.parametrize("version", VERSIONS)
def test_proposals(service, conformance, version):
    for query in ({}, {"type": "commitment"}, {"type": "event.summit", "limit": 3}, {"type": "none"}):
        answer = service.get(f"{VERSIONS[version]}extend/propose", **query)
        conformance.check(version, "data-extension-property-proposal", answer)
        assert answer["properties"]


def test_examples_of_queries_are_taken(service, conformance):
    for example in conformance.examples("0.2", "reconciliation-query-batch", "valid"):
        answer = service.form(queries=example.data)
        conformance.check("0.2", "reconciliation-result-batch", answer)
        assert list(answer) == list(example.data), example.name
    for example in conformance.examples("1.0-draft", "reconciliation-query-batch", "valid"):
        answer = service.post("match", example.data)
        conformance.check("1.0-draft", "reconciliation-result-batch", answer)
        assert len(answer["results"]) == len(example.data["queries"]), example.name
    for example in conformance.examples("0.2", "data-extension-query", "valid"):
        conformance.check("0.2", "data-extension-response", service.form(extend=example.data))
        conformance.check("1.0-draft", "data-extension-response", service.post("extend", example.data))


def test_examples_of_faults_are_refused(service, conformance):
    refused = [
        service.form(400, queries=one.data) for one in conformance.examples("0.2", "reconciliation-query-batch", "invalid")
    ]
    draft = conformance.examples("1.0-draft", "reconciliation-query-batch", "invalid")
    refused += [service.post("match", one.data, 400) for one in draft]
    assert len(refused) == 10
    assert all(problem["type"].endswith("/invalid-parameters/") and problem["errors"] for problem in refused)
