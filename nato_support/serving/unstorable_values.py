"""Refusal of numbers and texts that no row of the register can hold, for every page in one place."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse

from entities.numbers import LARGEST_COLUMN, integer_or_none

KEYS = ("object_id", "id")
"""URL parameters of the admin that are keys of rows, as text; others are checked by their converters."""
logger = logging.getLogger(__name__)


class UnstorableValueMiddleware:
    """Answers 404 to a URL with a key that no row can have, and 400 to other values that the database cannot hold.

    For the latter SQLite raises OverflowError and PostgreSQL DataError when a row is queried or stored; the transaction has been
    rolled back by then.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs: dict[str, Any]) -> None:
        for name, value in kwargs.items():
            if isinstance(value, int) and value > LARGEST_COLUMN:
                raise Http404("There is no row with this key.")
            if name in KEYS and integer_or_none(unquote(str(value))) is None:
                raise Http404("There is no row with this key.")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OverflowError | DataError):
            return None
        logger.warning("Refused a value that the database cannot hold: %s %s", request.method, request.path, exc_info=error)
        text = "A value in the request is too large for the register, or contains a NUL character. Nothing was saved."
        return HttpResponse(text, status=400, content_type="text/plain")
