"""The OpenAPI document: whole, valid, without a warning, in step with the code, and true of what is served."""

import json
import re

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import CHECKS, load_all_checks

from entities.serializers import PLURALS
from nato_support.api import openapi, openapi_components, response_shapes
from nato_support.api.collections import COLLECTIONS, SHAPES
from nato_support.wsgi import application
from tests.api.described import component, example, members, parameters, required, response


def test_the_document_is_valid_without_a_warning_and_repeats_little(tmp_path, document):
    call_command("spectacular", file=str(tmp_path / "openapi.yaml"), validate=True, fail_on_warn=True)
    written = (tmp_path / "openapi.yaml").read_text()
    assert yaml.load(written, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) == document
    assert len(written.splitlines()) < 12_500


def test_references_lead_somewhere_and_nothing_is_kept_that_none_leads_to(document):
    def references(told):
        if isinstance(told, dict):
            yield from ([told["$ref"]] if "$ref" in told else [])
        for inner in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
            yield from references(inner)

    found = {*references(document)}
    assert all(component(document, {"$ref": reference}) for reference in found)
    kept = {f"#/components/{sort}/{name}" for sort, named in document["components"].items() for name in named}
    assert kept == found


def test_it_tells_where_the_api_is_whose_it_is_and_on_what_terms(document):
    info = document["info"]
    assert document["servers"] == [{"url": "/"}]
    assert info["license"] == {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    assert "Quotations belong to those who published them" in info["description"]
    assert info["contact"] == {"name": info["title"]}
    served = openapi.openapi_document_of_site("https://register.example")
    assert served["servers"] == [{"url": "https://register.example"}]
    assert served["info"]["contact"] == {"name": info["title"], "url": "https://register.example"}
    assert served["paths"] == document["paths"]


def test_flags_are_booleans(document):
    [operation] = document["paths"]["/api/v1/commitments/"].values()
    flags = {one["name"]: one["schema"] for one in parameters(document, operation)}
    for name in ("contested", "converted", "count", "date_known"):
        assert flags[name] == {"type": "boolean"}, name


def test_the_document_served_is_the_same_and_valid(api):
    served = api("schema/").data
    validate_schema(served)
    assert served == openapi.openapi_document_of_site("http://testserver")
    assert served["openapi"].startswith("3.1")


def test_everything_is_described():
    paths = openapi.openapi_document()["paths"]
    for collection in COLLECTIONS.values():
        [operation] = paths[collection.path].values()
        taken = parameters(openapi.openapi_document(), operation)
        assert {parameter["name"] for parameter in taken} == set(collection.parameters)
        assert all(parameter["description"] for parameter in taken)
        assert f"{collection.path}{{slug}}/" in paths
    assert all(set(operations) == {"get"} for path, operations in paths.items() if "/reconcile/" not in path)


def test_the_docs_fill_in_nothing_that_is_not_needed():
    """All examples at once are a question that nobody means."""
    document = openapi.openapi_document()
    for path, operations in document["paths"].items():
        for one in parameters(document, operations.get("get", {})):
            if one["in"] == "query" and not one.get("required"):
                told = one["schema"]
                assert "example" not in {*one, *told, *told.get("items", {})}, (path, one["name"])


def shape(status_and_path: tuple[str, str]) -> Draft202012Validator:
    path, media = status_and_path
    document = openapi.openapi_document()
    responses = document["paths"][path]["get"]["responses"]
    described = [component(document, r) for r in responses.values()]
    content = next(r["content"][media] for r in described if media in r.get("content", {}))
    return Draft202012Validator({**content["schema"], "components": document["components"]})


def test_what_is_served_has_the_shape_that_is_described(api, subtests):
    for kind in PLURALS:
        with subtests.test(kind=kind):
            path = f"/api/v1/{PLURALS[kind]}/"
            page = api(f"{path}?count=true").data
            shape((path, "application/json")).validate(page)
            for row in page["results"]:
                detail = shape((f"{path}{{slug}}/", "application/json"))
                detail.validate(api(row["href"]).data)
                editions = f"{path}{{slug}}/editions/"
                shape((editions, "application/json")).validate(api(f"{row['href']}editions/").data)
                shape((f"{editions}{{number}}/", "application/json")).validate(api(f"{row['href']}editions/1/").data)
            # A shape that allows anything would prove nothing.
            with pytest.raises(Exception, match="required property"):
                detail.validate({})
            described = members(openapi.openapi_document(), _components()[f"{kind.title()}Detail"])
            assert not set(api(row["href"]).data) - set(described)


def test_the_other_answers_have_their_shapes(api):
    for path in ("/api/v1/", "/api/v1/changes/", "/api/v1/entities/", "/api/v1/schema/"):
        shape((path, "application/json")).validate(api(path).data)
    shape(("/api/v1/search/", "application/json")).validate(api("search/?q=kites").data)
    shape(("/api/v1/changes/{release}/", "application/json")).validate(api("changes/1/").data)
    shape(("/api/v1/commitments/", "application/problem+json")).validate(api("commitments/?x=1", 400).data)
    shape(("/api/v1/commitments/{slug}/", "application/problem+json")).validate(api("commitments/none/", 404).data)


def _components() -> dict:
    return openapi.openapi_document()["components"]["schemas"]


def _members() -> list[tuple[str, str]]:
    """All but those of the reconciliation service, which a protocol describes."""
    return [
        (name, member) for name, one in _components().items() for member in _own_members(one) if not name.startswith("Reconcile")
    ]


def _own_members(told: dict) -> dict:
    """The members of an object but for those that it has from others."""
    return {name: one for part in (told, *told.get("allOf", ())) for name, one in part.get("properties", {}).items()}


def test_every_member_says_what_it_is_with_an_example_that_fits():
    """Declared once, beside the serializer's fields: help_text and EXAMPLE."""
    components = _components()
    assert len(_members()) > 300
    for name, member in _members():
        told = _own_members(components[name])[member]
        assert told.get("description"), f"{name}.{member} does not say what it is"
        assert set(told) - {"description", "examples"}, f"{name}.{member} may be anything"
        examples = told.get("examples", ())
        # What refers to others has the examples of those; of which kind a record is, its only value tells.
        if "$ref" not in json.dumps(told) and len(told.get("enum", ())) != 1:
            assert len(examples) == 1, f"{name}.{member} has no example"
        for one in examples:
            errors = list(Draft202012Validator({**told, "components": {"schemas": components}}).iter_errors(one))
            assert not errors, f"{name}.{member}: {errors[0].message}"


def test_no_name_is_a_hash_and_none_is_numbered():
    for name in _components():
        assert re.fullmatch("[A-Z][A-Za-z]+", name), name
    assert not re.search("[0-9a-f]{3}Enum|Enum[0-9a-f]", json.dumps(list(_components())))


def _operations() -> list[tuple[str, dict]]:
    return [(path, one) for path, methods in openapi.openapi_document()["paths"].items() for one in methods.values()]


WRITTEN_OUT = [f"{name}/{{slug}}/" for name in ("commitments", "relations", "quotes", "documents")]


def test_whole_answers_have_examples_that_fit(document, subtests):
    for path in [f"/api/v1/{name}{end}" for name in COLLECTIONS for end in ("/", "/{slug}/")]:
        with subtests.test(path=path):
            media = response(document, document["paths"][path]["get"], 200)["content"]["application/json"]
            examples = [component(document, one)["value"] for one in media.get("examples", {}).values()]
            assert bool(examples) == (path.removeprefix("/api/v1/") in WRITTEN_OUT)
            for whole in [*examples, example(document, media["schema"])]:
                Draft202012Validator({**media["schema"], "components": document["components"]}).validate(whole)


def test_every_refusal_is_a_problem_with_an_example_that_fits():
    document = openapi.openapi_document()
    problem = Draft202012Validator({"$ref": "#/components/schemas/Problem", "components": document["components"]})
    for name, _, _ in openapi_components.ERROR_RESPONSES.values():
        [told] = document["components"]["responses"][name]["content"]["application/problem+json"]["examples"].values()
        problem.validate(told["value"])
    for path, operation in _operations():
        refusals = {status for status, one in operation["responses"].items() if "$ref" in one}
        assert {"429", "500", "503"} <= refusals, path
        if len(response(document, operation, 200).get("content", {})) > 1 and "reconcile" not in path:
            assert "406" in refusals, path
    assert "Retry-After" in document["components"]["responses"]["TooMany"]["headers"]


@pytest.mark.parametrize(
    ("address", "path", "status"),
    [
        ("commitments/forty-kites/", "/api/v1/commitments/{slug}/", 200),
        ("commitments/forty-kites/editions/1/", "/api/v1/commitments/{slug}/editions/{number}/", 200),
        ("commitments/", "/api/v1/commitments/", 200),
        ("commitments/none/", "/api/v1/commitments/{slug}/", 404),
    ],
)
def test_headers_that_are_described_are_sent(api, address, path, status):
    document = openapi.openapi_document()
    told = response(document, document["paths"][path]["get"], status)
    sent = api(address, status).headers
    assert set(told["headers"]) <= set(sent) | {"Retry-After", "Register-Meta"}
    for header in ("ETag", "Last-Modified", "Link", "X-Request-ID", "Memento-Datetime"):
        assert (header in sent) == (header in told["headers"]), header
    assert set(openapi_components.RESPONSE_HEADERS) >= set(told["headers"])


def test_a_member_that_is_left_out_was_chosen_so(api):
    """`fields` may leave out any but what tells a record from others, so no more is required; all come unless it is asked."""
    for kind, row_shape in response_shapes.ROW_SHAPES.items():
        row = api(f"{PLURALS[kind]}/").data["results"][0]
        printed = set(SHAPES[kind]().fields)
        assert set(row) == printed
        assert set(api(row["href"]).data) >= printed | {"links"}
        described = _components()[row_shape.__name__.removesuffix("Shape")]
        assert required(openapi.openapi_document(), described) == set(row_shape.IDENTIFYING_MEMBERS)
        shape((f"/api/v1/{PLURALS[kind]}/", "application/json")).validate(api(f"{PLURALS[kind]}/?fields=slug").data)


@pytest.mark.parametrize("name", ["measures", "conversions", "milestones", "beneficiary", "committed_by"])
def test_chosen_members_fit_their_shape(api, name):
    allowed = api("commitments/?fields=x", 400).data["errors"][0]["allowed"]
    fits = shape(("/api/v1/commitments/", "application/json"))
    for path in allowed:
        if path.startswith(f"{name}."):
            fits.validate(api(f"commitments/?fields={path}").data)


def test_included_members_fit_their_shape(api):
    for collection in ("organisations", "commitments", "relations", "quotes", "entities"):
        include = api(f"{collection}/?include=x", 400).data["errors"][0]["allowed"]
        fits = shape((f"/api/v1/{collection}/", "application/json"))
        page = api(f"{collection}/?include={','.join(include)}").data
        fits.validate(page)
        assert any(set(include) - {"milestones"} <= set(row) for row in page["results"])


def test_the_docs_load_nothing_from_elsewhere(api):
    page = api("docs/").content.decode() + api("docs/?script=").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "/api/v1/schema/" in page
    assert "http://" not in page and "https://" not in page and "//cdn" not in page


def _checks() -> list:
    load_all_checks()
    # Texts that fit a pattern may still be no day of the calendar, no cursor of ours or no release yet: 400, with the reason.
    return [
        check for name, check in zip(CHECKS.get_all_names(), CHECKS.get_all(), strict=True) if name != "positive_data_acceptance"
    ]


@pytest.mark.both
@pytest.mark.slow
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_gets_an_answer_that_is_described(public, mode, pytestconfig):
    checks, examples = _checks(), 4 if pytestconfig.getoption("--sample") else 12
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for found in document.get_all_operations():
        operation = found.ok()
        takes_something = list(operation.query) + list(operation.path_parameters)
        if takes_something or mode == schemathesis.GenerationMode.POSITIVE:
            # Clients of the reconciliation protocol send parameters of their own: there, what does not fit is ignored.
            lenient = "/reconcile/" in operation.path
            held = [check for check in checks if not (lenient and check.__name__ == "negative_data_rejection")]
            _probe(operation, mode, held, examples)


def _probe(operation, mode, checks, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case):
        # Its client of WSGI asks for compressed answers, and does not unpack them.
        case.call_and_validate(checks=checks, headers={"Accept-Encoding": "identity"})

    probe()
