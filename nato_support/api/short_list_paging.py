"""Paging of short lists by one integer key: a record's editions, the releases, a release's editions."""

from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.cursors import Cursor, hash_query, open_cursor


def cursor_parameter(help: str) -> p.Parameter:
    """Return the parameter that says where a page starts."""
    return p.pattern_parameter("cursor", help, "[A-Za-z0-9_-]+", max_length=8000, many=False)


def paging_parameters(page_size_help: str, max_size: int, default: int, cursor_help: str) -> dict[str, p.Parameter]:
    """Return the parameters `page_size` and `cursor` of such a list, by name."""
    return {
        "page_size": p.number_parameter("page_size", page_size_help, max_size, default),
        "cursor": cursor_parameter(cursor_help),
    }


def read_page_position(request: ApiRequest, parameters: dict[str, p.Parameter], default: int) -> tuple[int, int | None]:
    """Return the page size asked for, and the key of the row before the page, or None at the start."""
    values, _ = p.read_parameters(request.query_string, parameters)
    size = int(values["page_size"][0]) if "page_size" in values else default
    if "cursor" not in values:
        return size, None
    return size, open_cursor(values["cursor"][0], hash_query(request.path), request.register.release).key[0]


def next_page_url(request: ApiRequest, size: int, key: int) -> str:
    """Return the URL of the page after the row with `key`."""
    sealed = Cursor(request.register.release, hash_query(request.path), False, (key,)).seal_as_text()
    return f"{request.url}?page_size={size}&cursor={sealed}"
