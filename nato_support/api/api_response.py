"""Response of an API view, before it becomes an HTTP response."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.serving.compression import MIN_BYTES, accepted_coding, is_compressible

CACHE_REVALIDATE = "public, no-cache"
CACHE_FOREVER = "public, max-age=604800, immutable"


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """Body of a response, or chunks of it, and how long it may be cached."""

    body: bytes
    content_type: str = MEDIA_TYPES["json"]
    is_immutable: bool = False
    """True if the bytes at this URL never change."""
    etag: str = ""
    extra_headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] | None = None
    """Replaces the body: sent as the chunks come, and never cached."""
    is_cacheable: bool = True
    """True if the response follows from the URL and the register's state alone, so that it may be cached and revalidated.
    A response that is not cacheable may still have an ETag of its own."""
    status: int = 200
    compressed: dict[str, bytes] = field(default_factory=dict, init=False, compare=False)
    """Content coding -> the body in it, of those that were asked for."""

    def with_etag(self, weak_etag: str, link_header: str) -> "ApiResponse":
        """Return a copy with an ETag, unless it has one, and with `link_header` added to its `Link`."""
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"' if self.is_immutable and self.chunks is None else weak_etag
        headers = {**self.extra_headers, "Link": ", ".join(filter(None, (self.extra_headers.get("Link"), link_header)))}
        return replace(self, etag=self.etag or (tag if self.is_cacheable else ""), extra_headers=headers)

    def coding_for(self, accept_encoding: str) -> str:
        """Return the coding in which to send the response; "" if the client takes none, or if it is not worth it."""
        is_small = self.chunks is None and len(self.body) < MIN_BYTES
        if not accept_encoding or is_small or self.cache_control == "no-store" or not is_compressible(self.content_type):
            return ""
        return accepted_coding(accept_encoding)

    def etag_in(self, coding: str) -> str:
        """Return the ETag of the response in a content coding. A strong one names the bytes as they are, so it is weakened."""
        return f"W/{self.etag}" if coding and self.etag.startswith('"') else self.etag

    @property
    def cache_control(self) -> str:
        """Value of the `Cache-Control` header."""
        if not self.is_cacheable and not self.etag:
            return "no-store"
        return CACHE_FOREVER if self.is_immutable else CACHE_REVALIDATE
