"""Classification of errors by their cause, whichever library raised them."""

import errno
import sqlite3
from collections.abc import Iterator

_POSTGRESQL_DISK_FULL = "53100"


def is_disk_full(error: BaseException) -> bool:
    """Return True if no space was left on the disk or in its quota, for a file or for the database (SQLite or PostgreSQL)."""
    return any(_is_disk_full_error(cause) for cause in _chain_of_causes(error))


def _is_disk_full_error(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    # The lowest byte of an extended code of SQLite is the primary code.
    code = getattr(error, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF == sqlite3.SQLITE_FULL) or getattr(error, "sqlstate", None) == _POSTGRESQL_DISK_FULL


def _chain_of_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and its causes: a failing rollback hides the error that caused it."""
    seen_ids: set[int] = set()
    while error is not None and id(error) not in seen_ids:
        seen_ids.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
