"""How much one address may ask: so many requests at once, refilled steadily. 304s are free.

Counted in each process for itself, so that reading costs no writing: with several processes an address gets at most so many
times as much.
"""

import ipaddress
import math
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest

from nato_support.api.problems import ApiProblem

DEFAULT_RATE = "1200/minute"
"""Where nothing is set. Loopback addresses are then not counted."""
MAX_ADDRESSES = 20_000
# So that nobody is told to wait a second more, or refused after the wait, by the error of a division.
_ROUNDING = 1e-6
_SECONDS_BY_UNIT = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> "Rate | None":
        """`600/minute`; None for `off`. ValueError if it is neither."""
        if text == "off":
            return None
        found = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour|day)", text)
        if not found:
            raise ValueError(f"API_RATE is {text!r}; it takes such as 600/minute, or off")
        return cls(int(found[1]), _SECONDS_BY_UNIT[found[2]])


class Throttle:
    """A bucket of requests for each address, the longest unused ones forgotten first."""

    def __init__(self, rate: Rate | None, *, count_this_machine: bool, clock=time.monotonic):
        self.rate = rate
        self.count_this_machine = count_this_machine
        """Whether requests from loopback addresses are counted: those of a proxy on this machine, or of whoever runs it."""
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend_request(self, request: HttpRequest) -> dict[str, str]:
        """Takes one request from the bucket of whoever asks; gives headers that say what is left. A problem if it is empty."""
        if self.rate is None or not (address := self.client_address(request)):
            return {}
        most, each = self.rate.requests, self.rate.seconds / self.rate.requests
        now = self._clock()
        with self._lock:
            left, then = self._buckets.pop(address, (float(most), now))
            left = min(most, left + (now - then) / each)
            enough = left >= 1 - _ROUNDING
            left = max(0.0, left - 1) if enough else left
            self._buckets[address] = (left, now)
            if len(self._buckets) > MAX_ADDRESSES:
                self._buckets.popitem(last=False)
        wait = max(1, math.ceil((1 - left) * each - _ROUNDING))
        headers = {
            "RateLimit-Policy": f'"address";q={most};w={self.rate.seconds}',
            "RateLimit": f'"address";r={int(left)};t={wait}',
        }
        if not enough:
            raise ApiProblem(
                "rate-limited",
                f"This address may ask {most} requests in {self.rate.seconds} s; ask again in {wait} s.",
                headers=headers | {"Retry-After": str(wait)},
            )
        return headers

    def refund_request(self, request: HttpRequest) -> None:
        """Puts back what `spend` took: the answer turned out to be a 304."""
        if self.rate is None or not (address := self.client_address(request)):
            return
        with self._lock:
            if address in self._buckets:
                left, then = self._buckets[address]
                self._buckets[address] = (min(self.rate.requests, left + 1), then)

    def client_address(self, request: HttpRequest) -> str:
        """The address that is counted, "" if none is. An IPv6 network is counted as one."""
        return _counted_address(request.META.get("REMOTE_ADDR", ""), self.count_this_machine)


@lru_cache(maxsize=10_000)
def _counted_address(address: str, count_this_machine: bool) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        # A Unix socket has no address; clients whom a trusted proxy does not name are counted together.
        return address[:100] or ("-" if count_this_machine else "")
    if parsed.is_loopback and not count_this_machine:
        return ""
    if parsed.version == 6:
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
