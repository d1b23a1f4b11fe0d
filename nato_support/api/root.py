"""What stands around the records: the root of the API, the pages that explain problems, the health of the service."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from nato_support.api import parameters as p
from nato_support.api.collections import COLLECTIONS
from nato_support.api.dispatch import ApiRequest, ApiResponse
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_TITLES, ApiProblem, problem_type_path
from nato_support.api.record_detail import json_bytes
from nato_support.api.sql import Sql, fetch_rows

_NO_STORE_HEADERS = {"Cache-Control": "no-store"}


def root_response(request: ApiRequest) -> ApiResponse:
    """Where everything is."""
    p.read_parameters(request.query, {})
    addresses = {name: collection.path for name, collection in COLLECTIONS.items()}
    others = {name: f"/api/v1/{name}/" for name in ("search", "suggest", "changes", "exports", "reconcile", "schema", "docs")}
    others |= {"totals": "/api/v1/commitments/totals/", "graph": "/api/v1/graph/{slug}/", "timeline": "/api/v1/timeline/{slug}/"}
    return ApiResponse(json_bytes(addresses | others | {"meta": {"release": request.register.release}}))


def problem_page_response(request: ApiRequest, code: str) -> ApiResponse:
    """What a problem means."""
    p.read_parameters(request.query, {})
    if code not in PROBLEM_TITLES:
        raise ApiProblem("not-found")
    status, title = PROBLEM_TITLES[code]
    return ApiResponse(
        json_bytes({"type": problem_type_path(code), "title": title, "status": status, "detail": PROBLEM_EXPLANATIONS[code]})
    )


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the service and its database answer: 200 or 503."""
    try:
        fetch_rows(Sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM publishing_release LIMIT 1) r"))
    except DatabaseError:
        return HttpResponse(
            "database unavailable\n", status=503, content_type="text/plain", headers={"Cache-Control": "no-store"}
        )
    return HttpResponse("ok\n", content_type="text/plain", headers=_NO_STORE_HEADERS)
