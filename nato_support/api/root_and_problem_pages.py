"""Root of the API, and the pages that explain its problems."""

from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import COLLECTIONS
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_TITLES, ApiProblem, problem_type_path


def root_response(request: ApiRequest) -> ApiResponse:
    """Return the paths of all collections and services."""
    p.read_parameters(request.query_string, {})
    collection_paths = {name: collection.path for name, collection in COLLECTIONS.items()}
    service_paths = {
        name: f"/api/v1/{name}/" for name in ("search", "suggest", "changes", "exports", "reconcile", "schema", "docs")
    } | {"totals": "/api/v1/commitments/totals/", "graph": "/api/v1/graph/{slug}/", "timeline": "/api/v1/timeline/{slug}/"}
    return ApiResponse(json_bytes(collection_paths | service_paths | {"meta": {"release": request.register.release}}))


def problem_page_response(request: ApiRequest, code: str) -> ApiResponse:
    """Return the explanation of the problem with this code."""
    p.read_parameters(request.query_string, {})
    if code not in PROBLEM_TITLES:
        raise ApiProblem("not-found")
    status, title = PROBLEM_TITLES[code]
    return ApiResponse(
        json_bytes({"type": problem_type_path(code), "title": title, "status": status, "detail": PROBLEM_EXPLANATIONS[code]})
    )
