"""Response of an API view, before it becomes an HTTP response."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nato_support.api.content_negotiation import MEDIA_TYPES

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

    def with_etag(self, weak_etag: str, link_header: str) -> "ApiResponse":
        """Return a copy with an ETag, unless it has one, and with `link_header` added to its `Link`."""
        tag = f'"{hashlib.sha256(self.body).hexdigest()[:32]}"' if self.is_immutable and self.chunks is None else weak_etag
        headers = {**self.extra_headers, "Link": ", ".join(filter(None, (self.extra_headers.get("Link"), link_header)))}
        return replace(self, etag=self.etag or (tag if self.is_cacheable else ""), extra_headers=headers)

    @property
    def cache_control(self) -> str:
        """Value of the `Cache-Control` header."""
        if not self.is_cacheable and not self.etag:
            return "no-store"
        return CACHE_FOREVER if self.is_immutable else CACHE_REVALIDATE
