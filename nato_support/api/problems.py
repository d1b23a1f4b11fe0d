"""Problem documents (RFC 9457) for requests that cannot be answered."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

PROBLEM_MEDIA_TYPE = "application/problem+json"
PROBLEM_TITLES = {
    "edition-then": (302, "An earlier edition was public at that time"),
    "merged": (308, "This record was merged into another"),
    "invalid-parameters": (400, "Some parameters cannot be used"),
    "cursor-invalid": (400, "This cursor is not valid"),
    "cursor-mismatch": (400, "This cursor belongs to another query"),
    "point-out-of-range": (400, "The register has no release for that time"),
    "too-much": (400, "Too many commitments to add up"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "The register is read only"),
    "not-acceptable": (406, "This is not available in that format"),
    "register-changed": (409, "The register changed while it was being searched"),
    "epoch-changed": (409, "This is another register, or it was recreated"),
    "withdrawn": (410, "This record was withdrawn"),
    "history-gone": (410, "The register's history does not reach back there"),
    "batch-too-large": (413, "Too much at once"),
    "unsupported-media-type": (415, "This media type is not accepted"),
    "rate-limited": (429, "Too many requests"),
    "internal": (500, "The register failed to answer"),
    "unavailable": (503, "The register is busy or not available"),
}
"""Code -> status and title. The code is the last segment of the problem's `type`, a page that explains it."""

PROBLEM_EXPLANATIONS = {
    "edition-then": "`Accept-Datetime` named a time: `Location` has the edition of the record that was public then.",
    "merged": "The record is a duplicate. `Location` has the address of the record that it was merged into: use it from now on.",
    "invalid-parameters": "A parameter is unknown, repeated, empty or malformed. `errors` lists each fault; nothing was read.",
    "cursor-invalid": "Cursors are made by this API and cannot be edited. Use `next` or `previous` unchanged.",
    "cursor-mismatch": "A cursor goes with the filters and ordering of its first page: change only `page_size` between pages.",
    "point-out-of-range": "`as_of` names a time or release before the first release, or one that has not come yet.",
    "too-much": "The filters find more commitments than are added up at once (`most`): narrow them, by dates for example.",
    "not-found": "No public record or page has this address.",
    "method-not-allowed": "Only GET, HEAD and OPTIONS are answered.",
    "not-acceptable": "None of the formats in `Accept` is offered here; `available` lists those that are.",
    "epoch-changed": "Your copy was taken from another register, or from this one before it was recreated: start over.",
    "history-gone": "Nothing that old is served here. To keep a copy, start from a snapshot under `exports/`.",
    "batch-too-large": "Send fewer in one request; the service's manifest states the limit.",
    "unsupported-media-type": "Send a form (`application/x-www-form-urlencoded`) or JSON, as the service's documents say.",
    "rate-limited": "Wait as many seconds as `Retry-After` says. Requests answered with 304 are not counted.",
    "register-changed": "Full-text search covers only the current register, which has changed since the first page: start again.",
    "withdrawn": "The record is no longer public, and neither are its older editions.",
    "internal": "The fault is ours and has been recorded.",
    "unavailable": "The service is overloaded, or the database does not answer. Try again after `Retry-After` seconds.",
}


class ApiProblem(Exception):
    """Refusal of a request; `members` are added to the document's type, title, status and detail."""

    def __init__(self, code: str, detail: str = "", headers: dict[str, str] | None = None, **members: Any):
        self.code = code
        self.status, self.title = PROBLEM_TITLES[code]
        self.detail = detail or PROBLEM_EXPLANATIONS[code]
        self.headers = headers or {}
        self.members = members
        super().__init__(self.detail)

    def to_response(self, request_id: str) -> HttpResponse:
        """Write the problem document for the request of this id."""
        body = {
            "type": problem_type_path(self.code),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:request:{request_id}",
        } | self.members
        headers = {"Cache-Control": "no-store"} | self.headers
        return HttpResponse(
            json.dumps(body, ensure_ascii=False), content_type=PROBLEM_MEDIA_TYPE, status=self.status, headers=headers
        )


def merged_redirect(url: str, query: str, **members: Any) -> ApiProblem:
    """Return a redirect to `url` with the same query. Clients revalidate it each time, since the merge may be undone."""
    headers = {"Location": f"{url}?{query}" if query else url, "Cache-Control": "public, no-cache"}
    return ApiProblem("merged", headers=headers, **members)


def problem_type_path(code: str) -> str:
    """Path of the page that explains the problem of this code."""
    return f"/api/v1/problems/{code}/"


def invalid_parameters_problem(faults: Sequence[dict]) -> ApiProblem:
    """Return the problem that lists every fault of a request's parameters."""
    subject = "1 parameter was" if len(faults) == 1 else f"{len(faults)} parameters were"
    return ApiProblem("invalid-parameters", f"{subject} refused; nothing was searched.", errors=list(faults))
