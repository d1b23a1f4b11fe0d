"""Earliest release whose state is known: the register's first or, in a mirror, that of the snapshot it was copied from."""

from nato_support.api.problems import ApiProblem
from nato_support.api.sql import Sql, fetch_rows

EARLIEST_RELEASE_SQL = "COALESCE((SELECT MAX(m.begins) FROM exchange_mirror m), 0)"
"""SQL of the number of the first release whose state is known here; 0 in the original register."""


def earliest_known_release() -> int:
    """Return the number of the first release whose state is known here."""
    return fetch_rows(Sql(f"SELECT {EARLIEST_RELEASE_SQL}"))[0][0]


def before_history_problem(first: int) -> ApiProblem:
    """Build the problem for a request about a release before `first`, which a mirror has not copied."""
    return ApiProblem(
        "history-gone", f"This is a copy of a register, begun at its release {first}: nothing earlier is known here."
    )
