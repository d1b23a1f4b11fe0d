"""The nature of an error, whatever raised it and wherever."""

import errno
import sqlite3
from collections.abc import Iterator

_POSTGRESQL_DISK_FULL = "53100"


def is_disk_full(error: BaseException) -> bool:
    """Tell whether no space was left on the disk or in its quota, for a file or for the database (SQLite or PostgreSQL)."""
    return any(_says_full(one) for one in _line_of(error))


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    # Extended codes of SQLite have the primary one in their lowest byte.
    code = getattr(error, "sqlite_errorcode", None)
    return (code is not None and code & 0xFF == sqlite3.SQLITE_FULL) or getattr(error, "sqlstate", None) == _POSTGRESQL_DISK_FULL


def _line_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it came of: a rollback that fails hides why it was needed."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
