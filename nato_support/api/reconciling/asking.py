"""What clients of the protocol send, and how they are answered: query strings, forms, JSON, callbacks. All of it bounded."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from nato_support.api.answering import Answer, Asked
from nato_support.api.detail import dumped
from nato_support.api.problems import Problem, refuse

LARGEST = 1_000_000
"""Bytes of a body."""
CALLBACK = r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*){0,4}"
LONGEST_CALLBACK = 100
_MOST_FIELDS = 100
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_callback = re.compile(CALLBACK)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNFRAMED = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}


def fault(where: str, code: str, **members: Any) -> dict:
    """One thing wrong with what was sent; `where` is a parameter, or a JSON Pointer into the body."""
    return {"in": "body" if where[:1] in ("", "/") else "query", "name": where[:100], "code": code} | members


def sent(asked: Asked) -> dict[str, str]:
    """The parameters of the address and, of a POST, those of its form, which win. Of a repeated one the first counts."""
    found = _pairs(asked.query.encode("latin-1", "replace"), "")
    if asked.request is not None and asked.request.method == "POST":
        found |= _pairs(_body(asked, _FORM), "/")
    return found


def posted(asked: Asked) -> Any:
    """The JSON that was posted."""
    return parsed(_body(asked, _JSON), "/")


def parsed(text: str | bytes, where: str) -> Any:
    """JSON as Python data; a problem if it is none, or says what no two programs read alike."""
    try:
        data = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        detail = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise refuse([fault(where, "not_json", detail=_SURROGATE.sub("�", detail))]) from None
    return data


def is_sound(text: str) -> bool:
    """Whether a text is one that can be sent back: JSON's escapes may hold halves of characters."""
    return not _SURROGATE.search(text)


def tidy(text: str) -> str:
    """A text as one would type it: in one line, without what is no character."""
    return " ".join(_NO_TEXT.sub(" ", text).split())


def answer(data: Any, callback: str = "", *, kept: bool = True) -> Answer:
    """The answer as JSON or, with a callback, as a script that calls it."""
    body = dumped(data)
    if not callback:
        return Answer(body, kept=kept, more=_UNFRAMED)
    if len(callback) > LONGEST_CALLBACK or not _callback.fullmatch(callback):
        raise refuse([fault("callback", "malformed", allowed={"pattern": f"^{CALLBACK}$", "longest": LONGEST_CALLBACK})])
    # The comment keeps the first bytes from being taken for another kind of file; no end of line may stand in a script's text.
    script = b"/**/%s(%s);" % (
        callback.encode(),
        body.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029"),
    )
    return Answer(script, "application/javascript; charset=utf-8", kept=kept, more=_UNFRAMED)


def number(data: Mapping[str, Any], name: str, least: int, most: int, default: int) -> int:
    """A number of results, or where they start, of whatever form, brought within its bounds."""
    try:
        value = float(data.get(name, default))
        return max(least, min(most, int(value))) if value == value else default
    except (TypeError, ValueError):
        return default
    except OverflowError:
        return most


def _body(asked: Asked, expected: str) -> bytes:
    assert asked.request is not None
    meta = asked.request.META
    media = meta.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media not in ("", expected):
        raise Problem("unsupported-media-type", f"This address reads {expected}.", available=[expected])
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > 15 or int(length) > LARGEST:
        raise Problem("batch-too-large", f"At most {LARGEST} bytes are read.", allowed={"bytes": LARGEST})
    return asked.request.body


def _pairs(raw: bytes, where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        # As Latin-1, and back: parse_qsl gives no bytes but those of ASCII.
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS)
        for name, value in pairs:
            found.setdefault(_decoded(name), _decoded(value))
    except UnicodeDecodeError:
        raise refuse([fault(where or "query", "not_utf8")]) from None
    except ValueError:
        raise refuse([fault(where or "query", "too_many", allowed={"most": _MOST_FIELDS})]) from None
    return found


def _decoded(text: str) -> str:
    return text.encode("latin-1").decode()


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
