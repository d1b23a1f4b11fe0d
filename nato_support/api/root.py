"""What stands around the records: the root of the API, the pages that explain problems."""

from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_TITLES, ApiProblem, problem_type_path


def root_response(request: ApiRequest) -> ApiResponse:
    """Where everything is."""
    p.read_parameters(request.query_string, {})
    addresses = {name: collection.path for name, collection in COLLECTIONS.items()}
    others = {name: f"/api/v1/{name}/" for name in ("search", "suggest", "changes", "exports", "reconcile", "schema", "docs")}
    others |= {"totals": "/api/v1/commitments/totals/", "graph": "/api/v1/graph/{slug}/", "timeline": "/api/v1/timeline/{slug}/"}
    return ApiResponse(json_bytes(addresses | others | {"meta": {"release": request.register.release}}))


def problem_page_response(request: ApiRequest, code: str) -> ApiResponse:
    """What a problem means."""
    p.read_parameters(request.query_string, {})
    if code not in PROBLEM_TITLES:
        raise ApiProblem("not-found")
    status, title = PROBLEM_TITLES[code]
    return ApiResponse(
        json_bytes({"type": problem_type_path(code), "title": title, "status": status, "detail": PROBLEM_EXPLANATIONS[code]})
    )
