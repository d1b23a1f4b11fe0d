"""Cursors: where a page starts, under a seal, so that a walk sees one state of the register from its first page to its last."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from nato_support.api.problems import ApiProblem

CURSOR_VERSION = 1
_SEAL_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Cursor:
    """The page after the record with this key, or before it, as the register stood at `release`."""

    release: int
    query_hash: str
    """Hash of the filters and the ordering that it belongs to."""
    backwards: bool
    key: tuple
    """Ordering value and edition id of the record that the page does not include any more."""

    def seal_as_text(self) -> str:
        text = json.dumps(
            [CURSOR_VERSION, self.release, self.query_hash, int(self.backwards), *self.key],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        body = text.encode()
        return base64.urlsafe_b64encode(_seal_bytes(body) + body).rstrip(b"=").decode()


def open_cursor(text: str, question: str, newest: int) -> Cursor:
    """The cursor that was sealed as `text` for `question`; a problem if it was not."""
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        seal, body = sealed[:_SEAL_LENGTH], sealed[_SEAL_LENGTH:]
        if not hmac.compare_digest(seal, _seal_bytes(body)):
            raise ValueError
        version, release, belongs, backwards, *key = json.loads(body)
    except ValueError:
        raise ApiProblem("cursor-invalid") from None
    if version != CURSOR_VERSION or release > newest:
        raise ApiProblem("cursor-invalid")
    if belongs != question:
        raise ApiProblem("cursor-mismatch")
    return Cursor(release, belongs, bool(backwards), tuple(key))


def hash_query(*parts: object) -> str:
    """A short hash of what a cursor must not be carried over to."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def _seal_bytes(body: bytes) -> bytes:
    return hmac.digest(_signing_key(settings.SECRET_KEY), body, "sha256")[:_SEAL_LENGTH]


@lru_cache(maxsize=2)
def _signing_key(secret: str) -> bytes:
    return hashlib.sha256(b"nato_support.api.cursors" + secret.encode()).digest()
