"""Cursors: where a page starts, under a seal, so that a walk sees one state of the register from its first page to its last."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from nato_support.api.problems import Problem

VERSION = 1
_SEAL = 9


@dataclass(frozen=True, slots=True)
class Cursor:
    """The page after the record with this key, or before it, as the register stood at `stamp`."""

    stamp: int
    question: str
    """Hash of the filters and the ordering that it belongs to."""
    backwards: bool
    key: tuple
    """Ordering value and edition id of the record that the page does not include any more."""

    def seal(self) -> str:
        text = json.dumps(
            [VERSION, self.stamp, self.question, int(self.backwards), *self.key], ensure_ascii=False, separators=(",", ":")
        )
        body = text.encode()
        return base64.urlsafe_b64encode(_seal_of(body) + body).rstrip(b"=").decode()


def opened(text: str, question: str, newest: int) -> Cursor:
    """The cursor that was sealed as `text` for `question`; a problem if it was not."""
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        seal, body = sealed[:_SEAL], sealed[_SEAL:]
        if not hmac.compare_digest(seal, _seal_of(body)):
            raise ValueError
        version, stamp, belongs, backwards, *key = json.loads(body)
    except ValueError:
        raise Problem("cursor-invalid") from None
    if version != VERSION or stamp > newest:
        raise Problem("cursor-invalid")
    if belongs != question:
        raise Problem("cursor-mismatch")
    return Cursor(stamp, belongs, bool(backwards), tuple(key))


def question_of(*parts: object) -> str:
    """A short hash of what a cursor must not be carried over to."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def _seal_of(body: bytes) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), body, "sha256")[:_SEAL]


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"nato_support.api.cursors" + secret.encode()).digest()
