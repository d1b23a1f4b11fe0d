"""What within v1 is to go: it answers as before for at least twelve months, with the headers that say so.

RFC 9745 (`Deprecation`), RFC 8594 (`Sunset`). Within v1 nothing else is ever taken away; see docs/consumers.md, "Versions".
"""

import datetime
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.utils.http import http_date


@dataclass(frozen=True, slots=True)
class Deprecation:
    """An address (with all below it), or a parameter of it, that is to go."""

    path: str
    since: datetime.date
    until: datetime.date
    """The day on which it may be gone; at least twelve months later."""
    note: str
    """Where it is explained, and what to use instead."""
    parameter: str = ""

    def __post_init__(self):
        if self.until < self.since.replace(year=self.since.year + 1):
            raise ValueError("What is deprecated stays for at least twelve months")

    def headers(self) -> dict[str, str]:
        return {
            "Deprecation": f"@{_midnight_timestamp(self.since)}",
            "Sunset": http_date(_midnight_timestamp(self.until)),
            "Link": f'<{self.note}>; rel="deprecation"; type="text/html"',
        }


DEPRECATIONS: list[Deprecation] = []
"""Everything that is to go; nothing, so far."""


def deprecation_headers(path: str, query: str) -> dict[str, str]:
    """The headers that warn of the first thing in an address that is to go."""
    for one in DEPRECATIONS:
        if path.startswith(one.path) and (not one.parameter or one.parameter in dict(parse_qsl(query, keep_blank_values=True))):
            return one.headers()
    return {}


def _midnight_timestamp(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())
