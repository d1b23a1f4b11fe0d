"""Memento (RFC 7089) and version links (RFC 5829): from a record to its edition of a date, and between editions."""

import datetime

from django.utils.http import http_date, parse_http_date

from entities.serializers import record_path
from nato_support.api import record_queries
from nato_support.api.api_request import ApiRequest
from nato_support.api.as_of import release_at_time
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.register_state import parse_stored_time


def record_memento_headers(kind: str, slug: str, number: int, *, newest: bool) -> dict[str, str]:
    """Return the headers of a record's detail that shows edition `number`, the newest or an earlier one."""
    path = record_path(kind, slug)
    shown = "latest-version" if newest else "memento"
    return {"Link": f'{_history_links(path)}, <{path}editions/{number}/>; rel="{shown}"'}


def edition_memento_headers(numbered: record_queries.NumberedEdition, slug: str) -> dict[str, str]:
    """Return the headers of an edition at its own URL."""
    path = record_path(numbered.edition.kind, slug)
    neighbours = ((numbered.previous_number, "predecessor-version"), (numbered.next_number, "successor-version"))
    links = [_history_links(path), *(f'<{path}editions/{number}/>; rel="{rel}"' for number, rel in neighbours if number)]
    released_at = http_date(parse_stored_time(numbered.released_at).timestamp())
    return {"Link": ", ".join(links), "Memento-Datetime": released_at, "Last-Modified": released_at}


def requested_datetime(request: ApiRequest) -> datetime.datetime | None:
    """Return the time in `Accept-Datetime`, or None without that header. Raises a problem if it cannot be read."""
    header = (
        request.http_request.META.get("HTTP_ACCEPT_DATETIME")
        if request.http_request and request.output_format == "json"
        else None
    )
    if header is None:
        return None
    try:
        return datetime.datetime.fromtimestamp(parse_http_date(header), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        fault = {"in": "header", "name": "Accept-Datetime", "code": "malformed", "given": header[:100]}
        raise invalid_parameters_problem([fault | {"allowed": ["Tue, 03 Mar 2026 09:00:00 GMT"]}]) from None


def redirect_to_edition_at(kinds: tuple[str, ...], slug: str, when: datetime.datetime) -> ApiProblem:
    """Build the redirect to the edition that was public at `when`, or to the first if there was none yet."""
    kind, number = record_queries.kind_and_number_at_release(kinds, slug, release_at_time(when))
    path = record_path(kind, slug)
    headers = {"Location": f"{path}editions/{number}/", "Vary": "Accept-Datetime", "Link": _history_links(path)}
    return ApiProblem("edition-then", headers=headers | {"Cache-Control": "public, no-cache"}, slug=slug)


def _history_links(path: str) -> str:
    editions = f'<{path}editions/>; rel="timemap version-history"; type="application/json"'
    return f'<{path}>; rel="original timegate", {editions}'
