"""Rate limit per client address: a bucket of requests that refills steadily. 304 responses are free.

Each process counts by itself, so that reads cause no writes; with several processes an address gets at most that many
times the limit.
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
"""Rate if API_RATE is not set. Loopback addresses are not counted then."""
MAX_ADDRESSES = 20_000
# Keeps rounding errors from adding a second to the wait, or from refusing a client that has waited.
_ROUNDING = 1e-6
_SECONDS_BY_UNIT = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True, slots=True)
class Rate:
    """Limit on the requests in a number of seconds."""

    requests: int
    seconds: int

    @classmethod
    def parse(cls, text: str, setting: str = "API_RATE") -> "Rate | None":
        """Parse a rate such as `600/minute`; None for `off`. Raises ValueError, which names the setting, for anything else."""
        if text == "off":
            return None
        match = re.fullmatch(r"([1-9][0-9]{0,8})/(second|minute|hour|day)", text)
        if not match:
            raise ValueError(f"{setting} is {text!r}; it takes such as 600/minute, or off")
        return cls(int(match[1]), _SECONDS_BY_UNIT[match[2]])


class Throttle:
    """Buckets of requests by client address; the least recently used ones are dropped first."""

    def __init__(self, rate: Rate | None, *, count_this_machine: bool, clock=time.monotonic):
        self.rate = rate
        self.count_this_machine = count_this_machine
        """True to count requests from loopback addresses: from a proxy on this machine, or from its users."""
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend_request(self, request: HttpRequest) -> dict[str, str]:
        """Take a request from the client's bucket, and return the headers that state the rest.

        Raises a `rate-limited` problem if the bucket is empty.
        """
        if self.rate is None or not (address := self.client_address(request)):
            return {}
        limit, seconds_per_request = self.rate.requests, self.rate.seconds / self.rate.requests
        now = self._clock()
        with self._lock:
            remaining, last_seen = self._buckets.pop(address, (float(limit), now))
            remaining = min(limit, remaining + (now - last_seen) / seconds_per_request)
            is_allowed = remaining >= 1 - _ROUNDING
            remaining = max(0.0, remaining - 1) if is_allowed else remaining
            self._buckets[address] = (remaining, now)
            if len(self._buckets) > MAX_ADDRESSES:
                self._buckets.popitem(last=False)
        wait = max(1, math.ceil((1 - remaining) * seconds_per_request - _ROUNDING))
        headers = {
            "RateLimit-Policy": f'"address";q={limit};w={self.rate.seconds}',
            "RateLimit": f'"address";r={int(remaining)};t={wait}',
        }
        if not is_allowed:
            raise ApiProblem(
                "rate-limited",
                f"This address may ask {limit} requests in {self.rate.seconds} s; ask again in {wait} s.",
                headers=headers | {"Retry-After": str(wait)},
            )
        return headers

    def refund_request(self, request: HttpRequest) -> None:
        """Return to the bucket what `spend_request` took from it, for a response that turned out to be a 304."""
        if self.rate is None or not (address := self.client_address(request)):
            return
        with self._lock:
            if address in self._buckets:
                remaining, last_seen = self._buckets[address]
                self._buckets[address] = (min(self.rate.requests, remaining + 1), last_seen)

    def client_address(self, request: HttpRequest) -> str:
        """Return the address under which a client is counted; empty if it is not. An IPv6 /64 network counts as one."""
        return _counted_address(request.META.get("REMOTE_ADDR", ""), self.count_this_machine)


@lru_cache(maxsize=10_000)
def _counted_address(address: str, count_this_machine: bool) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        # A Unix socket has no address; clients that a trusted proxy does not identify are counted together.
        return address[:100] or ("-" if count_this_machine else "")
    if parsed.is_loopback and not count_this_machine:
        return ""
    if parsed.version == 6:
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
