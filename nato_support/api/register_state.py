"""State of the register: its newest release, which every answer depends on."""

import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from nato_support.api.sql import Sql, fetch_rows

# Two rows, because a second with two releases does not tell which of them a client has seen.
_NEWEST_RELEASES_SQL = Sql("SELECT number, state_hash, released_at FROM publishing_release ORDER BY number DESC LIMIT 2")


class RegisterState(NamedTuple):
    """The newest release. Hash and time tell it from the release of that number in another or a restored database."""

    release: int
    state_hash: str
    released_at: datetime.datetime | None
    released_second: int = 0
    """Time of the release in seconds since the epoch; 0 if nothing has been released."""
    is_only_in_second: bool = True
    """True if no other release was made in that second."""


class RegisterChanged(Exception):
    """A release was made while a response was being built: it must be built again."""


def newest_register_state() -> RegisterState:
    """Read the current state of the register."""
    return _state_of_rows(*fetch_rows(_NEWEST_RELEASES_SQL))


@lru_cache(maxsize=16)
def _state_of_rows(newest_row: tuple = (0, "", None), previous_row: tuple | None = None) -> RegisterState:
    release, state_hash, released_at = newest_row
    second = _epoch_second(released_at) if released_at else 0
    return RegisterState(
        release, state_hash, released_at, second, previous_row is None or _epoch_second(previous_row[2]) < second
    )


def _epoch_second(stored_time: Any) -> int:
    return int(parse_stored_time(stored_time).timestamp())


def parse_stored_time(value: Any) -> datetime.datetime:
    """Return a stored time as a datetime. SQLite stores text in UTC, PostgreSQL a datetime."""
    return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC) if isinstance(value, str) else value
