"""JSON and times as the API writes them."""

import json
from typing import Any


def json_text(value: Any) -> str:
    """Return `value` as compact JSON, characters beyond ASCII as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_bytes(value: Any) -> bytes:
    """Return `value` as compact JSON in UTF-8."""
    return json_text(value).encode()


def utc_timestamp(value: Any) -> str:
    """Return a stored time as RFC 3339 in UTC. SQLite stores text, PostgreSQL a datetime."""
    text = value if isinstance(value, str) else value.isoformat(sep=" ").removesuffix("+00:00")
    return text.replace(" ", "T")[:19] + "Z"
