"""Pages of records and the picture of the whole, which outlast a release: kept by what they show, as long as that stands.

The cache of responses is emptied by each release. What is kept here is made anew only if a record that it shows has another
edition; but for the number of the release, which is filled in, its bytes are those that would be made.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.conf import settings

from nato_support.api.register_state import RegisterState
from nato_support.api.sql import Sql, fetch_rows

RELEASE_MARK = "x0number0of0the0release0x"
"""Stands in a page that is kept wherever the number of the newest release is shown. Letters and digits, as no encoding alters."""
_RELEASE_SQL = "SELECT state_hash, released_at FROM publishing_release WHERE number = %s"
_ENTRY_OVERHEAD_BYTES = 1000
Part = TypeVar("Part")


class KeptParts(Generic[Part]):
    """Parts by key, up to `max_bytes` by `size_of`; the least recently shown are dropped first."""

    def __init__(self, max_bytes: int, size_of: Callable[[Part], int]):
        self.max_bytes = max_bytes
        self._size_of = size_of
        self._lock = threading.Lock()
        self._register: RegisterState | None = None
        self._parts: OrderedDict[Hashable, Part] = OrderedDict()
        self._bytes = 0

    def part(self, register: RegisterState, key: Hashable, make: Callable[[], Part]) -> Part:
        """Return the part that is kept under `key`, or what `make` makes now."""
        self._follow(register)
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                return self._parts[key]
        part = make()
        self._keep(key, part)
        return part

    def clear(self) -> None:
        """Forget all parts, and the state of the register that they followed from."""
        with self._lock:
            self._parts.clear()
            self._bytes = 0
            self._register = None

    def _follow(self, register: RegisterState) -> None:
        """Forget all parts if this state of the register does not follow from the last one that was seen.

        In a database that was put back, ids of editions may come again with other contents.
        """
        last, self._register = self._register, register
        if last is None or last == register:
            return
        if last.release > register.release or fetch_rows(Sql(_RELEASE_SQL, (last.release,))) != [last[1:3]]:
            self.clear()
            self._register = register

    def _keep(self, key: Hashable, part: Part) -> None:
        size = self._size_of(part) + _ENTRY_OVERHEAD_BYTES
        if size > self.max_bytes // 2:
            return
        with self._lock:
            if key in self._parts:
                return
            self._parts[key] = part
            self._bytes += size
            while self._bytes > self.max_bytes:
                _, oldest = self._parts.popitem(last=False)
                self._bytes -= self._size_of(oldest) + _ENTRY_OVERHEAD_BYTES


kept_pages: KeptParts[bytes] = KeptParts(getattr(settings, "KEPT_PAGE_BYTES", 32 * 1024 * 1024), len)


def page_of_release(page: bytes, register: RegisterState) -> bytes:
    """Return a kept page with the number of the newest release filled in."""
    return page.replace(RELEASE_MARK.encode(), str(register.release).encode())
