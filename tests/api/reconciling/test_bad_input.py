"""Whatever is sent: a problem that names the fault, or an answer; never a failure, and nothing unbounded."""

import json

from nato_support.api.reconciliation.protocol_messages import MAX_BODY_BYTES
from tests.api.reconciling.conftest import DRAFT, ROOT
from tests.steps import assert_linear

BATCHES = {
    "no json": "{",
    "empty": "",
    "a list": "[]",
    "a number": "1",
    "nothing": "null",
    "no number": '{"q0":{"query":"x","limit":NaN}}',
    "endless number": '{"q0":{"query":"x","limit":' + "9" * 5000 + "}}",
    "deep": "[" * 100_000,
    "deep objects": '{"q0":' * 50_000,
    "query of another form": '{"q0":"Arcadia"}',
    "numbers as queries": '{"q0":{"query":5}}',
    "null as a query": '{"q0":{"query":null}}',
    "true as a limit": '{"q0":{"query":"x","limit":true}}',
    "no text as a type": '{"q0":{"query":"x","type":[1]}}',
    "no such strictness": '{"q0":{"query":"x","type_strict":"perhaps"}}',
    "unknown member": '{"q0":{"query":"x","secret":1}}',
    "properties that are none": '{"q0":{"query":"x","properties":{}}}',
    "a property that is none": '{"q0":{"query":"x","properties":["type"]}}',
    "a property without a value": '{"q0":{"query":"x","properties":[{"pid":"type"}]}}',
    "a property without an id": '{"q0":{"query":"x","properties":[{"v":"x"}]}}',
    "a value that is null": '{"q0":{"query":"x","properties":[{"pid":"type","v":null}]}}',
    "a value in a value": '{"q0":{"query":"x","properties":[{"pid":"type","v":[["x"]]}]}}',
    "an entity without an id": '{"q0":{"query":"x","properties":[{"pid":"type","v":{"name":"x"}}]}}',
    "half a character as a key": '{"\\ud800":{"query":"x"}}',
}
DRAFT_BATCHES = {
    "a list": "[]",
    "old form": '{"q0":{"query":"x"}}',
    "queries that are none": '{"queries":{}}',
    "a query that is none": '{"queries":["Arcadia"]}',
    "no such match": '{"queries":[{"conditions":[{"matchType":"x","propertyValue":"x"}]}]}',
    "no such quantifier": '{"queries":[{"conditions":[{"matchType":"name","propertyValue":"x","matchQuantifier":"x"}]}]}',
    "no value": '{"queries":[{"conditions":[{"matchType":"name"}]}]}',
    "required of another form": '{"queries":[{"conditions":[{"matchType":"name","propertyValue":"x","required":1}]}]}',
    "a condition that is none": '{"queries":[{"conditions":["x"]}]}',
    "deep": "[" * 100_000,
}
EXTENSIONS = {
    "no json": "{",
    "a list": "[]",
    "no ids": '{"properties":[]}',
    "ids of another form": '{"ids":[1],"properties":[]}',
    "half a character": '{"ids":["\\ud800"],"properties":[{"id":"type"}]}',
    "properties of another form": '{"ids":[],"properties":["type"]}',
    "settings of another form": '{"ids":[],"properties":[{"id":"type","settings":1}]}',
}


SUGGESTIONS = [
    {"prefix": "x" * 8_000},
    {"prefix": "\x00"},
    {"prefix": "٣"},
    {"prefix": "%_*'\"("},
    {"prefix": "a", "limit": "NaN"},
    {"prefix": "a", "limit": "inf"},
    {"prefix": "a", "cursor": "-1"},
    {"prefix": "a", "cursor": str(10**23)},
    {"prefix": "a", "type": "[[["},
    {},
]


def test_batches_that_are_none(service):
    for name, batch in BATCHES.items():
        problem = service.form(400, queries=batch)
        assert problem["type"] == "/api/v1/problems/invalid-parameters/", name
        assert problem["errors"], name


def test_draft_batches_that_are_none(service):
    for name, batch in DRAFT_BATCHES.items():
        assert service.post("match", batch, 400)["errors"], name


def test_extensions_that_are_none(service):
    for name, query in EXTENSIONS.items():
        assert service.form(400, extend=query)["errors"], name
        assert service.post("extend", query, 400)["errors"], name


def test_every_fault_is_named(service):
    batch = {"good": {"query": "x"}, "q1": {"query": 1, "kind": "x"}, "q2": {"limit": 3}}
    faults = service.form(400, queries=batch)["errors"]
    assert [(one["name"], one["code"]) for one in faults] == [
        ("queries/q1/query", "malformed"),
        ("queries/q1/kind", "unknown"),
        ("queries/q2", "missing"),
    ]


def test_no_batch_is_larger_than_the_manifest_says(service):
    most = service.get("")["batchSize"]
    batch = {f"q{at}": {"query": ""} for at in range(most)}
    assert len(service.form(queries=batch)) == most
    assert service.form(413, queries=batch | {"more": {"query": ""}})["allowed"] == {"most": most}
    conditions = [{"conditions": [{"matchType": "name", "propertyValue": ""}]}] * (most + 1)
    service.post("match", {"queries": conditions}, 413)
    service.post("extend", {"ids": ["x"] * 501, "properties": []}, 413)


def test_bodies_are_bounded_and_of_the_form_that_is_read(service):
    assert service.form(413, queries="x" * (MAX_BODY_BYTES + 1))["type"].endswith("/batch-too-large/")
    service.post("match", "x" * (MAX_BODY_BYTES + 1), 413)
    for address, media in ((ROOT, "multipart/form-data; boundary=x"), (ROOT, "application/json"), (f"{DRAFT}match", "text/xml")):
        response = service.client.post(address, "{}", content_type=media)
        assert response.status_code == 415
        assert response.headers["Content-Type"] == "application/problem+json"


def test_forms_that_are_none(service):
    for body in [b"queries=%ff", b"%ff=1", b"&".join([b"a=1"] * 101)]:
        response = service.client.post(ROOT, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 400
        assert service.client.get(f"{ROOT}?{body.decode()}").status_code == 400


def test_limits_are_brought_within_bounds(service):
    for limit in (0, -1, 10**23, 1.5, 10**400):
        assert 1 <= len(service.candidates("Arcadia", limit=limit)) <= 50


def test_suggestions_for_anything(service):
    for what in ("entity", "type", "property"):
        for query in SUGGESTIONS:
            assert isinstance(service.get(f"suggest/{what}", **query)["result"], list)


def test_what_is_not_there(service):
    for address in ("preview", "flyout/entity", "flyout/type", "flyout/property"):
        for id in ("", "none", "x" * 8_000, "\x00", "../admin", "<script>"):
            assert service.get(address, 404, id=id)["type"].endswith("/not-found/")


def test_the_methods_of_each_address(service):
    for address, method in ((ROOT, "put"), (DRAFT, "post"), (f"{DRAFT}match", "get"), (f"{ROOT}suggest/type", "post")):
        response = getattr(service.client, method)(address)
        assert response.status_code == 405
        assert response.headers["Allow"]


def test_twice_the_worst_batch_takes_some_twice_the_steps(service):
    """Many words, many values, many properties, in up to a hundred such queries."""
    properties = [{"pid": pid, "v": [f"{pid} {at}" for at in range(20)]} for pid in ("country", "type", "identifier") * 7]

    def ask(count: int) -> None:
        names = [" ".join(f"kite{at}{word}" for word in range(24)) for at in range(count)]
        texts = json.dumps({f"q{at}": {"query": name, "properties": properties} for at, name in enumerate(names)})
        assert len(texts) < MAX_BODY_BYTES
        service.form(queries=texts)

    assert_linear(ask, 50)
