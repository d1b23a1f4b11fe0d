"""What stands around the records: the root of the API, the pages that explain problems, the health of the service."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import COLLECTIONS
from nato_support.api.detail import dumped
from nato_support.api.problems import EXPLANATIONS, TITLES, Problem, type_of
from nato_support.api.sql import Sql, fetch

_FRESH = {"Cache-Control": "no-store"}


def root(asked: Asked) -> Answer:
    """Where everything is."""
    p.read(asked.query, {})
    addresses = {name: collection.path for name, collection in COLLECTIONS.items()}
    others = {name: f"/api/v1/{name}/" for name in ("search", "suggest", "changes", "exports", "reconcile", "schema", "docs")}
    others |= {"totals": "/api/v1/commitments/totals/", "graph": "/api/v1/graph/{slug}/", "timeline": "/api/v1/timeline/{slug}/"}
    return Answer(dumped(addresses | others | {"meta": {"stamp": asked.register.stamp}}))


def explanation(asked: Asked, code: str) -> Answer:
    """What a problem means."""
    p.read(asked.query, {})
    if code not in TITLES:
        raise Problem("not-found")
    status, title = TITLES[code]
    return Answer(dumped({"type": type_of(code), "title": title, "status": status, "detail": EXPLANATIONS[code]}))


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the service and its database answer: 200 or 503."""
    try:
        fetch(Sql("SELECT COUNT(*) FROM (SELECT 1 AS one FROM editions_printrun LIMIT 1) r"))
    except DatabaseError:
        return HttpResponse(
            "database unavailable\n", status=503, content_type="text/plain", headers={"Cache-Control": "no-store"}
        )
    return HttpResponse("ok\n", content_type="text/plain", headers=_FRESH)
