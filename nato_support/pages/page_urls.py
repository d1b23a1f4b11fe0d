"""Addresses of pages: those of the API without its prefix, so that one address can be told from the other."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from django.conf import settings

API_PREFIX = "/api/v1"


def page_path(api_path: str) -> str:
    """Return the path of the page beside a path of the API: /api/v1/events/x/ -> /events/x/."""
    return api_path.removeprefix(API_PREFIX)


def api_path(path: str) -> str:
    """Return the path of the API beside the path of a page."""
    return f"{API_PREFIX}{path}"


def address_of_question(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    """Return the path with a query, if there is one."""
    return f"{path}?{urlencode(pairs, safe='/,:')}" if pairs else path


def fact_anchor(field: str) -> str:
    """Return the id of a fact within the page of its record: measures.aid -> fact-measures-aid."""
    return f"fact-{field.replace('.', '-').replace('_', '-')}"


def report_path(record_path: str, edition: int, field: str = "") -> str:
    """Return the path of the form that reports a fact of an edition, or the record as a whole; "" if none are taken."""
    if not settings.READER_REPORTS:
        return ""
    return f"/reports/new{record_path}{edition}/{f'?field={quote(field)}' if field else ''}"
