"""JSON that somebody forged: refused wherever the admin reads it, never a failure of the server."""

import json

import pytest
from django.urls import get_resolver, reverse

from entities.untrusted_json import DEEPEST, read_json
from tests.desk.conftest import page, shown_form

NESTED = {
    "arrays": "[" * 100_000 + "]" * 100_000,
    "objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "arrays in an object": '{"facts":' + "[" * 50_000 + "]" * 50_000 + "}",
    "just too deep": '{"start":' + "[" * DEEPEST + "]" * DEEPEST + "}",
    "open": "[" * 100_000,
    "a large number": '{"start": ' + "9" * 5000 + "}",
    "no number": '{"start": NaN, "end": Infinity}',
    "half a character": '{"start": 0, "end": 5, "exact": "\\ud800"}',
    "no object": "[1]",
    "nothing": "",
    "not UTF-8": b"\xff\xfe{",
}
VALUES = [[[]], 10**30, "\0"]


@pytest.fixture
def hostile_desk(desk):
    desk.raise_request_exception = False
    return desk


def json_endpoints(document, quote, citation) -> list[str]:
    """The addresses of the desk that take JSON."""
    args = {"quote_id": quote.pk, "citation_id": citation.pk, "object_id": document.pk}
    names = "capture decide mark_read undo redo link revise remove unlink".split()
    reverse_dict = get_resolver().namespace_dict["admin"][1].reverse_dict
    routes = [reverse_dict.getlist(f"sources_sourcedocument_{name}") for name in names]
    parameters = [next(possible[0][0][1] for possible in route if "change" not in possible[0][0][1]) for route in routes]
    return [
        reverse(f"admin:sources_sourcedocument_{name}", kwargs={key: args[key] for key in keys})
        for name, keys in zip(names, parameters, strict=True)
    ]


@pytest.mark.slow
def test_no_exchange_of_the_desk_fails_for_what_it_is_sent(hostile_desk, world):
    whole = {
        "start": 0, "end": 5, "exact": "About", "kind": "narration", "version": 1, "cited": [], "keys": ["k"],
        "outcome": "accepted",
        "facts": [{"target": "entity:1", "field": "name", "value": "x"}], "value": "pledge", "polarity": "affirms", "at": 0,
        "speaker": 1, "occasion": 1, "attribution": "x", "said_on": "2024", "fidelity": "original", "suggestion": "k",
        "name": "x",
    }  # fmt: skip
    bodies = NESTED | {f"{name}: {str(value)[:20]!r}": json.dumps(whole | {name: value}) for name in whole for value in VALUES}
    fact = whole["facts"][0]
    linked = {
        f"facts.{name}: {str(value)[:20]!r}": json.dumps(whole | {"facts": [fact | {name: value}]})
        for name in (*fact, "polarity", "as_stated", "note")
        for value in VALUES
    }
    record = {"ref": "new:0", "kind": "person", "columns": {"name": "Tam Reed"}, "facts": [fact]}
    linked |= {
        f"records.{name}: {str(value)[:20]!r}": json.dumps(whole | {"records": [record | {name: value}]})
        for name in record
        for value in (*VALUES, {"name": {}}, "relation", "song")
    }
    linked |= {f"records: {value!r}": json.dumps(whole | {"records": value}) for value in (*VALUES, [[]], [record] * 11)}
    failures = [
        f"{address} {name}: {response.status_code}"
        for address in json_endpoints(world.document, world.quote, world.citation)
        for name, body in (bodies | (linked if "capture" in address else {})).items()
        if (response := hostile_desk.post(address, body, content_type="application/json")).status_code >= 500
        or (name in NESTED and response.status_code not in (400, 403, 409))
    ]
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("name", NESTED)
def test_a_page_whose_hidden_json_is_forged_asks_instead_of_overwriting(hostile_desk, kites, name):
    sent = shown_form(hostile_desk, page(kites, "change"))
    answer = hostile_desk.post(page(kites, "change"), sent | {"_base": NESTED[name], "summary": "Four times ten."})
    assert answer.status_code == 409


@pytest.mark.parametrize("name", NESTED)
def test_a_list_whose_hidden_json_is_forged_does_not_fail(hostile_desk, world, name):
    row = {"form-0-id": str(world.citation.pk), "form-0-field": "nature", "form-0-value": "plan", "form-0-polarity": "affirms"}
    counts = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "_save": "Save", "form-_base": NESTED[name]}
    for model in (type(world.citation), type(world.measure), type(world.kites)):
        assert hostile_desk.post(page(model, "changelist"), row | counts).status_code < 500


@pytest.mark.parametrize("name", [name for name in NESTED if name != "no object"])
def test_json_out_of_bounds_is_a_value_error(name):
    with pytest.raises(ValueError):
        read_json(NESTED[name])


def test_json_within_bounds_is_read():
    deepest = "[" * DEEPEST + "]" * DEEPEST
    assert read_json(deepest) == json.loads(deepest)
    assert read_json('{"a": ["\\ud83d\\ude00", 1.5, null]}') == {"a": ["😀", 1.5, None]}
    with pytest.raises(ValueError, match="at most 5"):
        read_json("[1, 2]", longest=5)
