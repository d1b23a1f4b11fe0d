"""`as_of`: which release a day, an instant or release:N means."""

import datetime

from django.utils import timezone

from nato_support.api.earliest_release import before_history_problem, earliest_known_release
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.register_state import RegisterState
from nato_support.api.sql import Sql, fetch_rows, read_connection

_LAST_RELEASE_BEFORE_SQL = "SELECT number FROM publishing_release WHERE released_at < %s ORDER BY number DESC LIMIT 1"


def release_as_of(text: str, register: RegisterState) -> int:
    """The release of the last release at that point. A problem if it lies before the first or in the future."""
    if text.startswith("release:"):
        release = int(text.removeprefix("release:"))
        if not 1 <= release <= register.release:
            raise ApiProblem("point-out-of-range", f"The register's releases run from 1 to {register.release}.")
        return _check_release_known(release)
    until = _parse_as_of_instant(text)
    rows = fetch_rows(Sql(_LAST_RELEASE_BEFORE_SQL, (read_connection().ops.adapt_datetimefield_value(until),)))
    if not rows:
        raise ApiProblem("point-out-of-range", f"Nothing had been printed by {text}.")
    return _check_release_known(rows[0][0])


def release_at_time(when: datetime.datetime) -> int:
    """The release of the last release in or before that second; 0 if there was none yet."""
    until = when + datetime.timedelta(seconds=1)
    rows = fetch_rows(Sql(_LAST_RELEASE_BEFORE_SQL, (read_connection().ops.adapt_datetimefield_value(until),)))
    return rows[0][0] if rows else 0


def _check_release_known(release: int) -> int:
    if release < (first := earliest_known_release()):
        raise before_history_problem(first)
    return release


def _parse_as_of_instant(text: str) -> datetime.datetime:
    """The instant up to which printing counts: a day's end; this one, included, of an instant."""
    now = timezone.now()
    try:
        if len(text) > 10:
            until = datetime.datetime.fromisoformat(text)
            future = until > now
            until = until.astimezone(datetime.UTC) + datetime.timedelta(microseconds=1)
        else:
            day = datetime.date.fromisoformat(text)
            future = day > now.date()
            until = datetime.datetime.combine(day, datetime.time(), datetime.UTC) + datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        fault = {
            "in": "query",
            "name": "as_of",
            "code": "malformed",
            "given": text,
            "detail": f"“{text}” is no time of the calendar",
        }
        raise invalid_parameters_problem([fault]) from None
    if future:
        raise ApiProblem("point-out-of-range", f"{text} lies in the future.")
    return until
