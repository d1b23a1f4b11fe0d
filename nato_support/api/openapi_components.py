"""Responses to errors and response headers, which the operations of the OpenAPI document share."""

from nato_support.api.problem_shapes import ProblemShape
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_MEDIA_TYPE, PROBLEM_TITLES, problem_type_path

ERROR_RESPONSES = {
    302: ("Then", "edition-then", "Accept-Datetime was sent: Location has the edition that was public then."),
    308: ("Merged", "merged", "The record was merged into another: Location has the same address of that one, the query kept."),
    400: ("Unusable", "invalid-parameters", "Some parameters cannot be used; nothing was searched."),
    404: ("NotFound", "not-found", "There is no such public record."),
    406: ("NotAcceptable", "not-acceptable", "Nothing that Accept takes is offered here."),
    409: ("Changed", "register-changed", "The register is not the one any more that was asked first."),
    410: ("Gone", "withdrawn", "The record was withdrawn, or what was asked for is not kept any more."),
    413: ("TooMuch", "batch-too-large", "Too much at once."),
    415: ("Unread", "unsupported-media-type", "This form of request is not read."),
    429: ("TooMany", "rate-limited", "Too many requests from this address."),
    500: ("Failed", "internal", "The fault is the register's, and has been recorded."),
    503: ("Busy", "unavailable", "Too much is being done at once, or the database does not answer."),
}
"""Status -> name of the component that describes the response, code of the problem in its example, and description."""

COMMON_ERRORS = (429, 500, 503)
"""Statuses that every operation may return."""

_STRING_SCHEMA = {"type": "string"}
RESPONSE_HEADERS = {
    "X-Request-ID": ("The id that the request was sent with, or one made for it: give it with any question.", _STRING_SCHEMA),
    "ETag": ("Send it back as If-None-Match: 304 while nothing changed.", {"type": "string", "examples": ['W/"1842-9fJ2kXw0"']}),
    "Last-Modified": ("When the newest release was made; of a numbered edition, when it was published.", _STRING_SCHEMA),
    "Cache-Control": (
        "`public, no-cache`: keep it, but ask before using it again; numbered editions are `immutable`.",
        _STRING_SCHEMA,
    ),
    "Link": ("RFC 8288: addresses that belong to the answer.", _STRING_SCHEMA),
    "Memento-Datetime": ("RFC 7089: when this edition was published.", _STRING_SCHEMA),
    "Register-Meta": ("Of forms other than JSON: `meta` as JSON, shortened if it is long.", _STRING_SCHEMA),
    "Location": ("Where it is.", {"type": "string", "format": "uri-reference"}),
    "Retry-After": ("After how many seconds to try again.", {"type": "integer", "minimum": 0}),
}
"""Response header -> description and JSON Schema."""


def header_references(status: int, *further_names: str) -> dict:
    """References to the headers of a response with this status, and to further ones of a 200 or 304."""
    names = ["X-Request-ID"]
    if status in (200, 304):
        names += ["ETag", "Last-Modified", "Cache-Control", *(["Link"] if status == 200 else ()), *further_names]
    if status in (302, 308):
        names.append("Location")
    if status in (429, 503):
        names.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def describe_error_response(status: int) -> dict:
    """Describe the response with an error status, with an example."""
    _, code, description = ERROR_RESPONSES[status]
    example = ProblemShape.EXAMPLE if code == "invalid-parameters" else _problem_example(code)
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {code: {"value": example}}}}
    return {"description": description, "headers": header_references(status), "content": content}


def _problem_example(code: str) -> dict:
    status, title = PROBLEM_TITLES[code]
    example = {"type": problem_type_path(code), "title": title, "status": status, "detail": PROBLEM_EXPLANATIONS[code]}
    return example | {"instance": ProblemShape.EXAMPLE["instance"]}
