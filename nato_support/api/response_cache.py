"""Cache of responses in the memory of a process, emptied by each release."""

import threading
from collections import OrderedDict

from nato_support.api.api_response import ApiResponse
from nato_support.api.register_state import RegisterState
from nato_support.serving.compression import compress

_ENTRY_OVERHEAD_BYTES = 1000


class ResponseCache:
    """Responses built since the newest release, up to `max_bytes`; the least recently used are dropped first."""

    def __init__(self, max_bytes: int):
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._register: RegisterState | None = None
        self._responses: OrderedDict[str, ApiResponse] = OrderedDict()
        self._bytes = 0

    def get(self, register: RegisterState, url: str) -> ApiResponse | None:
        """Return the response stored for `url` in this state of the register, or None."""
        with self._lock:
            if self._register != register or url not in self._responses:
                return None
            self._responses.move_to_end(url)
            return self._responses[url]

    def store_response(self, register: RegisterState, url: str, response: ApiResponse) -> None:
        """Store a response, unless it is streamed, not cacheable, or larger than an eighth of the cache."""
        size = len(response.body) + len(url) + _ENTRY_OVERHEAD_BYTES
        if response.chunks is not None or not response.is_cacheable or size > self.max_bytes // 8:
            return
        with self._lock:
            if self._register != register:
                self._register, self._bytes = register, 0
                self._responses.clear()
            if url in self._responses:
                return
            self._responses[url] = response
            self._bytes += size
            self._drop_oldest()

    def compressed_body(self, url: str, response: ApiResponse, coding: str) -> bytes:
        """Return the body of a response in a content coding, compressed once for as long as the response is kept."""
        if (body := response.compressed.get(coding)) is not None:
            return body
        body = compress(response.body, coding)
        with self._lock:
            if self._responses.get(url) is response and coding not in response.compressed:
                response.compressed[coding] = body
                self._bytes += len(body)
                self._drop_oldest()
        return body

    def _drop_oldest(self) -> None:
        while self._bytes > self.max_bytes:
            url, response = self._responses.popitem(last=False)
            self._bytes -= len(response.body) + sum(map(len, response.compressed.values())) + len(url) + _ENTRY_OVERHEAD_BYTES
