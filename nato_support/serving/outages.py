"""Outages of the database: distinguished from faults of our own, and answered with 503 and `Retry-After`."""

import sqlite3
import sys
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

RETRY_AFTER = "10"
"""Seconds, as the header has them."""

# Primary result codes of SQLite that concern the file, the disk or other writers, not the statement.
_SQLITE = frozenset(
    (
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    )
)
# Classes of PostgreSQL's SQLSTATE: connection, authorisation, no such database, rolled back in a deadlock, resources,
# operator intervention (a server that shuts down), system errors.
_POSTGRESQL = ("08", "28", "3D", "40", "53", "57", "58")
_LOCK_NOT_AVAILABLE = "55P03"
_NO_SUCH_TABLE = "42P01"


def is_database_outage(error: BaseException | None) -> bool:
    """Return True if the database is out of reach, overloaded, read only, damaged or without tables.

    False for everything else: a faulty statement, a violated constraint, any fault of our own.
    """
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE or (code == sqlite3.SQLITE_ERROR and not _has_tables())
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # Refused connections, unknown hosts and lost sockets have no code.
        return isinstance(error, OperationalError)
    return state.startswith(_POSTGRESQL) or state in (_LOCK_NOT_AVAILABLE, _NO_SUCH_TABLE)


def _has_tables() -> bool:
    """Return False for a database in which `migrate` never ran, such as the empty file that SQLite creates if there was none."""
    try:
        with connection.cursor() as cursor:
            return "django_migrations" in connection.introspection.table_names(cursor)
    except DatabaseError:
        return False


class RequireDatabaseMiddleware:
    """Opens a connection first, so that during an outage nobody is redirected to a sign-in page that cannot work.

    An open connection is not queried. Must come after the middleware that answers without a database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with connection.cursor():
            pass
        return self.get_response(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that raised (`handler500`); Django has logged the exception."""
    if not is_database_outage(sys.exc_info()[1]):
        return _plain_error_page(500, "Server error", "The fault is ours and has been recorded.")
    response = _plain_error_page(503, "Not available", f"The database does not answer. Try again in {RETRY_AFTER} seconds.")
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _plain_error_page(status: int, title: str, words: str) -> HttpResponse:
    """Return a page that needs neither database nor templates nor files."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = f"<h1>{title}</h1><p>{words}</p>"
    content = f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{body}</body></html>'
    return HttpResponse(content, status=status, headers={"Cache-Control": "no-store"})
