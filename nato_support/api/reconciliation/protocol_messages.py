"""Read the protocol's requests (query strings, forms, JSON), all bounded, and write its responses (JSON, JSONP)."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from entities.numbers import integer_or_none
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import ApiProblem, invalid_parameters_problem

MAX_BODY_BYTES = 1_000_000
"""Limit on the bytes of a request's body."""
CALLBACK_PATTERN = r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*){0,4}"
MAX_CALLBACK_LENGTH = 100
_MAX_FORM_FIELDS = 100
_FORM_MEDIA_TYPE, _JSON_MEDIA_TYPE = "application/x-www-form-urlencoded", "application/json"
_CALLBACK_REGEX = re.compile(CALLBACK_PATTERN)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFRAMED_HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


def message_fault(location: str, code: str, **members: Any) -> dict:
    """Describe a fault of the request; `location` is a parameter's name, or a JSON Pointer into the body."""
    return {"in": "body" if location[:1] in ("", "/") else "query", "name": location[:100], "code": code} | members


def query_and_form_parameters(request: ApiRequest) -> dict[str, str]:
    """Parameters of the address and of a posted form, which takes precedence. The first of repeated ones counts."""
    parameters = _form_fields(request.query_string.encode("latin-1", "replace"), "")
    if request.http_request is not None and request.http_request.method == "POST":
        parameters |= _form_fields(_read_body(request, _FORM_MEDIA_TYPE), "/")
    return parameters


def posted_json(request: ApiRequest) -> Any:
    """Parse the JSON body of a request."""
    return parse_json(_read_body(request, _JSON_MEDIA_TYPE), "/")


def parse_json(text: str | bytes, location: str) -> Any:
    """Parse JSON. Raises a problem if it is malformed, nested too deeply, or has NaN or an infinity."""
    try:
        data = json.loads(text, parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        detail = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise invalid_parameters_problem([message_fault(location, "not_json", detail=_SURROGATE.sub("�", detail))]) from None
    return data


def is_well_formed_text(text: str) -> bool:
    """Return whether a text can be encoded again: JSON's escapes may hold lone surrogates."""
    return not _SURROGATE.search(text)


def tidy_text(text: str) -> str:
    """Return a text on one line, without control characters and surrogates."""
    return " ".join(_NOT_TEXT.sub(" ", text).split())


def json_or_jsonp_response(data: Any, callback: str = "", *, is_cacheable: bool = True) -> ApiResponse:
    """Return `data` as JSON or, with a callback, as a script that calls it. Raises a problem if the callback is malformed."""
    body = json_bytes(data)
    if not callback:
        return ApiResponse(body, is_cacheable=is_cacheable, extra_headers=_UNFRAMED_HEADERS)
    if len(callback) > MAX_CALLBACK_LENGTH or not _CALLBACK_REGEX.fullmatch(callback):
        raise invalid_parameters_problem(
            [message_fault("callback", "malformed", allowed={"pattern": f"^{CALLBACK_PATTERN}$", "longest": MAX_CALLBACK_LENGTH})]
        )
    # The comment keeps the first bytes from being taken for another file type; a string in a script may hold no line separator.
    script = b"/**/%s(%s);" % (
        callback.encode(),
        body.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029"),
    )
    return ApiResponse(
        script, "application/javascript; charset=utf-8", is_cacheable=is_cacheable, extra_headers=_UNFRAMED_HEADERS
    )


def clamped_number_member(members: Mapping[str, Any], name: str, minimum: int, maximum: int, default: int) -> int:
    """Return a number from `data` as an integer within bounds; `default` if it is missing or not a number."""
    try:
        value = float(members.get(name, default))
        return max(minimum, min(maximum, int(value))) if value == value else default
    except (TypeError, ValueError):
        return default
    except OverflowError:
        return maximum


def _read_body(request: ApiRequest, expected_media_type: str) -> bytes:
    assert request.http_request is not None
    meta = request.http_request.META
    media_type = meta.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type not in ("", expected_media_type):
        raise ApiProblem("unsupported-media-type", f"This address reads {expected_media_type}.", available=[expected_media_type])
    if integer_or_none(meta.get("CONTENT_LENGTH") or "0", MAX_BODY_BYTES) is None:
        raise ApiProblem("batch-too-large", f"At most {MAX_BODY_BYTES} bytes are read.", allowed={"bytes": MAX_BODY_BYTES})
    return request.http_request.body


def _form_fields(encoded: bytes, location: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    try:
        # Latin-1 and back, since parse_qsl keeps no other bytes than ASCII.
        pairs = parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MAX_FORM_FIELDS)
        for name, value in pairs:
            fields.setdefault(_decode_utf8(name), _decode_utf8(value))
    except UnicodeDecodeError:
        raise invalid_parameters_problem([message_fault(location or "query", "not_utf8")]) from None
    except ValueError:
        raise invalid_parameters_problem(
            [message_fault(location or "query", "too_many", allowed={"most": _MAX_FORM_FIELDS})]
        ) from None
    return fields


def _decode_utf8(text: str) -> str:
    return text.encode("latin-1").decode()


def _reject_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")
