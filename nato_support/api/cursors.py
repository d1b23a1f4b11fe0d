"""Cursors: signed positions in a list, so that a client who pages through it sees one state of the register throughout."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from nato_support.api.json_output import json_bytes
from nato_support.api.problems import ApiProblem

CURSOR_VERSION = 1
_SEAL_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Cursor:
    """Position of the page after the record with this key, or before it, in the register as of `release`."""

    release: int
    query_hash: str
    """Hash of the filters and the ordering that the cursor belongs to."""
    backwards: bool
    key: tuple
    """Ordering value and edition id of the last record before the page; for a short list, its one key. Empty at the start."""

    def seal_as_text(self) -> str:
        """Return the cursor as signed, URL-safe text."""
        body = json_bytes([CURSOR_VERSION, self.release, self.query_hash, int(self.backwards), *self.key])
        return base64.urlsafe_b64encode(_seal_bytes(body) + body).rstrip(b"=").decode()


def open_cursor(text: str, query_hash: str, newest_release: int) -> Cursor:
    """Return the cursor sealed as `text`. Raises a problem if the seal is wrong or it belongs to another query."""
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        seal, body = sealed[:_SEAL_LENGTH], sealed[_SEAL_LENGTH:]
        if not hmac.compare_digest(seal, _seal_bytes(body)):
            raise ValueError
        version, release, sealed_hash, backwards, *key = json.loads(body)
    except ValueError:
        raise ApiProblem("cursor-invalid") from None
    if version != CURSOR_VERSION or release > newest_release:
        raise ApiProblem("cursor-invalid")
    if sealed_hash != query_hash:
        raise ApiProblem("cursor-mismatch")
    return Cursor(release, sealed_hash, bool(backwards), tuple(key))


def hash_query(*parts: object) -> str:
    """Return a short hash of all that distinguishes the query of one list from another's."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def _seal_bytes(body: bytes) -> bytes:
    return hmac.digest(_signing_key(settings.SECRET_KEY), body, "sha256")[:_SEAL_LENGTH]


@lru_cache(maxsize=2)
def _signing_key(secret: str) -> bytes:
    return hashlib.sha256(b"nato_support.api.cursors" + secret.encode()).digest()
