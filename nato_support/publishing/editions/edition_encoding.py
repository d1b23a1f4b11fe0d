"""The text of an edition, and what it weighs in the hash over all that is live."""

import hashlib
import json
from typing import Any


def compact_json(data: Any) -> str:
    """The JSON text of an edition: compact, in UTF-8, members in printing order."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def edition_hash(kind: str, slug: str, edition: int, document: str, evidence: str) -> int:
    """What one live edition adds to the register's state hash."""
    return int.from_bytes(hashlib.sha256("\0".join((kind, slug, str(edition), document, evidence)).encode()).digest())


def format_state_hash(weights: int) -> str:
    """The register's state hash: the sum of its live editions' fingerprints, modulo 2^256, in hexadecimal."""
    return f"{weights % 2**256:064x}"
