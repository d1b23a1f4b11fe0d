"""Numbers and texts that no row of the register can hold are refused where they come in, on every page alike."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse

from entities.numbers import LARGEST_COLUMN, integer_or_none

KEYS = ("object_id", "id")
"""Parameters of addresses of the admin that are keys of rows, as text; those of other names are checked by their converter."""
logger = logging.getLogger(__name__)


class RefuseOutOfRange:
    """Answers 404 to an address whose key no row can have, and 400 to other values that the database cannot hold.

    Of the latter SQLite raises OverflowError and PostgreSQL DataError, wherever a row is looked for or stored; what was done in
    the same transaction is undone by then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs: dict[str, Any]) -> None:
        for name, value in kwargs.items():
            if isinstance(value, int) and value > LARGEST_COLUMN:
                raise Http404("There is no row of this key.")
            if name in KEYS and integer_or_none(unquote(str(value))) is None:
                raise Http404("There is no row of this key.")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OverflowError | DataError):
            return None
        logger.warning("Refused a value that the database cannot hold: %s %s", request.method, request.path, exc_info=error)
        text = "Something that was sent is larger than anything the register holds, or holds a NUL. Nothing was saved."
        return HttpResponse(text, status=400, content_type="text/plain")
