"""How far back this register tells: to its beginning, or, if it is a mirror, to the snapshot that it was begun from."""

from nato_support.api.problems import Problem
from nato_support.api.sql import Sql, fetch

BEGINS = "COALESCE((SELECT MAX(m.begins) FROM mirror_mirror m), 0)"
"""The first stamp whose state is known here."""


def begins() -> int:
    return fetch(Sql(f"SELECT {BEGINS}"))[0][0]


def too_early(first: int) -> Problem:
    """What came before `first` was not copied."""
    return Problem("history-gone", f"This is a copy of a register, begun at its stamp {first}: nothing earlier is known here.")
