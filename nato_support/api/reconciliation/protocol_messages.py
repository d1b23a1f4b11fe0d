"""What clients of the protocol send, and how they are answered: query strings, forms, JSON, callbacks. All of it bounded."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from nato_support.api.dispatch import ApiRequest, ApiResponse
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.record_detail import json_bytes

MAX_BODY_BYTES = 1_000_000
"""Bytes of a body."""
CALLBACK_PATTERN = r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*){0,4}"
MAX_CALLBACK_LENGTH = 100
_MAX_FORM_FIELDS = 100
_FORM_MEDIA_TYPE, _JSON_MEDIA_TYPE = "application/x-www-form-urlencoded", "application/json"
_CALLBACK_REGEX = re.compile(CALLBACK_PATTERN)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFRAMED_HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


def message_fault(where: str, code: str, **members: Any) -> dict:
    """One thing wrong with what was sent; `where` is a parameter, or a JSON Pointer into the body."""
    return {"in": "body" if where[:1] in ("", "/") else "query", "name": where[:100], "code": code} | members


def sent_parameters(request: ApiRequest) -> dict[str, str]:
    """The parameters of the address and, of a POST, those of its form, which win. Of a repeated one the first counts."""
    found = _form_fields(request.query_string.encode("latin-1", "replace"), "")
    if request.http_request is not None and request.http_request.method == "POST":
        found |= _form_fields(_read_body(request, _FORM_MEDIA_TYPE), "/")
    return found


def posted_json(request: ApiRequest) -> Any:
    """The JSON that was posted."""
    return parse_json(_read_body(request, _JSON_MEDIA_TYPE), "/")


def parse_json(text: str | bytes, where: str) -> Any:
    """JSON as Python data; a problem if it is none, or says what no two programs read alike."""
    try:
        data = json.loads(text, parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        detail = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise invalid_parameters_problem([message_fault(where, "not_json", detail=_SURROGATE.sub("�", detail))]) from None
    return data


def is_well_formed_text(text: str) -> bool:
    """Whether a text is one that can be sent back: JSON's escapes may hold halves of characters."""
    return not _SURROGATE.search(text)


def tidy_text(text: str) -> str:
    """A text as one would type it: in one line, without what is no character."""
    return " ".join(_NOT_TEXT.sub(" ", text).split())


def protocol_response(data: Any, callback: str = "", *, is_cacheable: bool = True) -> ApiResponse:
    """The answer as JSON or, with a callback, as a script that calls it."""
    body = json_bytes(data)
    if not callback:
        return ApiResponse(body, is_cacheable=is_cacheable, extra_headers=_UNFRAMED_HEADERS)
    if len(callback) > MAX_CALLBACK_LENGTH or not _CALLBACK_REGEX.fullmatch(callback):
        raise invalid_parameters_problem(
            [message_fault("callback", "malformed", allowed={"pattern": f"^{CALLBACK_PATTERN}$", "longest": MAX_CALLBACK_LENGTH})]
        )
    # The comment keeps the first bytes from being taken for another kind of file; no end of line may stand in a script's text.
    script = b"/**/%s(%s);" % (
        callback.encode(),
        body.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029"),
    )
    return ApiResponse(
        script, "application/javascript; charset=utf-8", is_cacheable=is_cacheable, extra_headers=_UNFRAMED_HEADERS
    )


def bounded_number(data: Mapping[str, Any], name: str, least: int, most: int, default: int) -> int:
    """A number of results, or where they start, of whatever form, brought within its bounds."""
    try:
        value = float(data.get(name, default))
        return max(least, min(most, int(value))) if value == value else default
    except (TypeError, ValueError):
        return default
    except OverflowError:
        return most


def _read_body(request: ApiRequest, expected: str) -> bytes:
    assert request.http_request is not None
    meta = request.http_request.META
    media = meta.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media not in ("", expected):
        raise ApiProblem("unsupported-media-type", f"This address reads {expected}.", available=[expected])
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > 15 or int(length) > MAX_BODY_BYTES:
        raise ApiProblem("batch-too-large", f"At most {MAX_BODY_BYTES} bytes are read.", allowed={"bytes": MAX_BODY_BYTES})
    return request.http_request.body


def _form_fields(raw: bytes, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        # As Latin-1, and back: parse_qsl gives no bytes but those of ASCII.
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MAX_FORM_FIELDS)
        for name, value in pairs:
            found.setdefault(_decode_utf8(name), _decode_utf8(value))
    except UnicodeDecodeError:
        raise invalid_parameters_problem([message_fault(where or "query", "not_utf8")]) from None
    except ValueError:
        raise invalid_parameters_problem(
            [message_fault(where or "query", "too_many", allowed={"most": _MAX_FORM_FIELDS})]
        ) from None
    return found


def _decode_utf8(text: str) -> str:
    return text.encode("latin-1").decode()


def _reject_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")
