"""The OpenAPI document: whole, valid, without a warning, in step with the code, and true of what is served."""

from pathlib import Path

import pytest
import schemathesis
from django.core.management import call_command
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import CHECKS, load_all_checks

from entities.serializers import PLURALS
from nato_support.api import schema
from nato_support.api.collections import COLLECTIONS
from nato_support.wsgi import application

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.yaml"


def test_the_document_in_docs_is_that_of_the_code(tmp_path):
    """If this fails: manage.py spectacular --file docs/openapi.yaml"""
    call_command("spectacular", file=str(tmp_path / "openapi.yaml"), validate=True, fail_on_warn=True)
    assert (tmp_path / "openapi.yaml").read_text() == DOCUMENT.read_text()


def test_the_document_served_is_the_same_and_valid(api):
    served = api("schema/").data
    validate_schema(served)
    assert served == schema.document()
    assert served["openapi"].startswith("3.1")


def test_everything_is_described():
    paths = schema.document()["paths"]
    for collection in COLLECTIONS.values():
        [operation] = paths[collection.path].values()
        assert {parameter["name"] for parameter in operation["parameters"]} == set(collection.parameters)
        assert all(parameter["description"] for parameter in operation["parameters"])
        assert f"{collection.path}{{slug}}/" in paths
    assert all(set(operations) == {"get"} for operations in paths.values())


def shape(status_and_path: tuple[str, str]) -> Draft202012Validator:
    path, media = status_and_path
    document = schema.document()
    responses = document["paths"][path]["get"]["responses"]
    content = next(r["content"][media] for r in responses.values() if media in r.get("content", {}))
    return Draft202012Validator({**content["schema"], "components": document["components"]})


@pytest.mark.parametrize("kind", PLURALS)
def test_what_is_served_has_the_shape_that_is_described(api, kind):
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
    undescribed = set(api(row["href"]).data) - set(
        schema.document()["components"]["schemas"][f"{kind.title()}Detail"]["properties"]
    )
    assert not undescribed


def test_the_other_answers_have_their_shapes(api):
    for path in ("/api/v1/", "/api/v1/changes/", "/api/v1/entities/", "/api/v1/schema/"):
        shape((path, "application/json")).validate(api(path).data)
    shape(("/api/v1/search/", "application/json")).validate(api("search/?q=kites").data)
    shape(("/api/v1/changes/{stamp}/", "application/json")).validate(api("changes/1/").data)
    shape(("/api/v1/commitments/", "application/problem+json")).validate(api("commitments/?x=1", 400).data)
    shape(("/api/v1/commitments/{slug}/", "application/problem+json")).validate(api("commitments/none/", 404).data)


def test_the_docs_load_nothing_from_elsewhere(api):
    page = api("docs/").content.decode() + api("docs/?script=").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "/api/v1/schema/" in page
    assert "http://" not in page and "https://" not in page and "//cdn" not in page


def _checks() -> list:
    load_all_checks()
    # Texts that fit a pattern may still be no day of the calendar, no cursor of ours or no stamp yet: 400, with the reason.
    return [
        check for name, check in zip(CHECKS.get_all_names(), CHECKS.get_all(), strict=True) if name != "positive_data_acceptance"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_whatever_is_sent_gets_an_answer_that_is_described(public, mode):
    checks = _checks()
    document = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    for found in document.get_all_operations():
        operation = found.ok()
        takes_something = list(operation.query) + list(operation.path_parameters)
        if takes_something or mode == schemathesis.GenerationMode.POSITIVE:
            _probe(operation, mode, checks)


def _probe(operation, mode, checks) -> None:
    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case):
        case.call_and_validate(checks=checks)

    probe()
