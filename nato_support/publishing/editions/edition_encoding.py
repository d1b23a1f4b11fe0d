"""Encoding of editions as JSON text, and the hashes over them."""

import hashlib
import json
from typing import Any


def compact_json(data: Any) -> str:
    """Encode `data` as the JSON text of an edition: compact, members in their order, UTF-8."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def edition_hash(kind: str, slug: str, edition: int, document: str, evidence: str) -> int:
    """Return the number that a live edition adds to the state hash."""
    return int.from_bytes(hashlib.sha256("\0".join((kind, slug, str(edition), document, evidence)).encode()).digest())


def format_state_hash(weights: int) -> str:
    """Format the state hash: the sum of the hashes of all live editions, modulo 2^256, in hexadecimal."""
    return f"{weights % 2**256:064x}"
