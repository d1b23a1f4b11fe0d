"""How far back this register tells: to its beginning, or, if it is a mirror, to the snapshot that it was begun from."""

from nato_support.api.problems import ApiProblem
from nato_support.api.sql import Sql, fetch_rows

EARLIEST_RELEASE_SQL = "COALESCE((SELECT MAX(m.begins) FROM exchange_mirror m), 0)"
"""The first release whose state is known here."""


def earliest_known_release() -> int:
    return fetch_rows(Sql(f"SELECT {EARLIEST_RELEASE_SQL}"))[0][0]


def before_history_problem(first: int) -> ApiProblem:
    """What came before `first` was not copied."""
    return ApiProblem(
        "history-gone", f"This is a copy of a register, begun at its release {first}: nothing earlier is known here."
    )
