"""How far the history reaches that is served here.

A mirror's begins with the snapshot that it was copied from; that of a register that was published anew, with the release that
did so. Before that, neither the state of the register nor its editions are known.
"""

from nato_support.api.problems import ApiProblem
from nato_support.api.sql import Sql, fetch_rows

_COPIED_SQL = "SELECT begins AS state, begins AS changes FROM exchange_mirror"
# Of the release that began the history anew, all changes are known too.
_REPUBLISHED_SQL = "SELECT MAX(number) AS state, MAX(number) - 1 AS changes FROM publishing_release WHERE operation = 'republish'"
_BEGINNINGS_SQL = f"({_COPIED_SQL} UNION ALL {_REPUBLISHED_SQL}) beginnings"

CHANGES_BEGIN_AFTER_SQL = f"COALESCE((SELECT MAX(changes) FROM {_BEGINNINGS_SQL}), 0)"
"""SQL of the number of the release after which all changes are known here; 0 in a register with its whole history."""


def earliest_known_release() -> int:
    """Return the number of the first release whose state is known here; 0 if all are."""
    return fetch_rows(Sql(f"SELECT COALESCE(MAX(state), 0) FROM {_BEGINNINGS_SQL}"))[0][0]


def changes_begin_after() -> int:
    """Return the number of the release after which all changes are known here; 0 in a register with its whole history."""
    return fetch_rows(Sql(f"SELECT {CHANGES_BEGIN_AFTER_SQL}"))[0][0]


def before_history_problem() -> ApiProblem:
    """Build the problem for a request about what lies before the history that is served here."""
    [(copied, republished)] = fetch_rows(
        Sql(f"SELECT (SELECT MAX(state) FROM ({_COPIED_SQL}) c), (SELECT state FROM ({_REPUBLISHED_SQL}) r)")
    )
    if (republished or 0) > (copied or 0):
        detail = f"This register was published anew in its release {republished}: nothing earlier is served any more."
    else:
        detail = f"This is a copy of a register, begun at its release {copied}: nothing earlier is known here."
    return ApiProblem("history-gone", detail)
