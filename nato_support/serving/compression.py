"""Compression of public answers: which coding a client accepts, what is worth it, and the compressed bytes.

Nothing that depends on who asks is compressed: the length of a compressed answer tells about what stands in it.
"""

import importlib
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from nato_support.serving.quality_values import quality_value

MIN_BYTES = 1000
"""Least size of a body that is worth compressing: a smaller one fits into one packet anyhow."""
_GZIP_LEVEL = 5
_ZSTD_LEVEL = 6
_COMPRESSIBLE_TYPES = frozenset(
    "application/atom+xml application/geo+json application/javascript application/json application/ld+json application/x-ndjson"
    " application/xml image/svg+xml".split()
)


class _Coding(NamedTuple):
    """A content coding: the whole at once, or a compressor with `compress` and `flush`."""

    compress: Callable[[bytes], bytes]
    compressor: Callable[[], Any]


# 31: with the header of gzip, and without a time in it, so that the same bytes become the same bytes.
_CODINGS = {
    "gzip": _Coding(
        lambda body: zlib.compress(body, _GZIP_LEVEL, wbits=31),
        lambda: zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 31),
    )
}
if sys.version_info >= (3, 14):
    _zstd = importlib.import_module("compression.zstd")
    # First: of codings that a client likes equally, the first is taken.
    _CODINGS = {
        "zstd": _Coding(lambda body: _zstd.compress(body, level=_ZSTD_LEVEL), lambda: _zstd.ZstdCompressor(level=_ZSTD_LEVEL))
    } | _CODINGS


def is_compressible(content_type: str) -> bool:
    """Return whether bodies of this type are text that nothing has compressed yet."""
    media_type = content_type.partition(";")[0]
    return media_type.startswith("text/") or media_type in _COMPRESSIBLE_TYPES


def accepted_coding(accept_encoding: str) -> str:
    """Return the coding to use for a client that sends this `Accept-Encoding` (RFC 9110); "" for none."""
    return _best_coding(accept_encoding[:300]) if accept_encoding else ""


def compress(body: bytes, coding: str) -> bytes:
    """Return the compressed body."""
    return _CODINGS[coding].compress(body)


def compress_chunks(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """Yield compressed chunks. Closing this closes `chunks`."""
    compressor = _CODINGS[coding].compressor()
    try:
        for chunk in chunks:
            if compressed := compressor.compress(chunk):
                yield compressed
        yield compressor.flush()
    finally:
        if close := getattr(chunks, "close", None):
            close()


@lru_cache(maxsize=500)
def _best_coding(accept_encoding: str) -> str:
    weights: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        weights["gzip" if name == "x-gzip" else name] = quality_value(parameters)
    unnamed = weights.get("*", 0.0)
    best = max(_CODINGS, key=lambda coding: weights.get(coding, unnamed))
    weight = weights.get(best, unnamed)
    # What is not named is as good as anything, unless the client says what it prefers.
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""
