"""`as_of`: the release that a day, an instant or release:N refers to."""

import datetime

from django.utils import timezone

from nato_support.api.earliest_release import before_history_problem, earliest_known_release
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.register_state import RegisterState
from nato_support.api.sql import Sql, fetch_rows, read_connection

_LAST_RELEASE_BEFORE_SQL = "SELECT number FROM publishing_release WHERE released_at < %s ORDER BY number DESC LIMIT 1"


def release_as_of(text: str, register: RegisterState) -> int:
    """Return the last release made by the point in time `text`. Raises a problem if it is before the first or in the future."""
    if text.startswith("release:"):
        release = int(text.removeprefix("release:"))
        if not 1 <= release <= register.release:
            raise ApiProblem("point-out-of-range", f"The register's releases run from 1 to {register.release}.")
        return _check_release_known(release)
    release = _last_release_before(_parse_as_of_limit(text))
    if not release:
        raise ApiProblem("point-out-of-range", f"Nothing had been published by {text}.")
    return _check_release_known(release)


def release_at_time(when: datetime.datetime) -> int:
    """Return the last release made in or before that second, or 0 if there was none yet."""
    return _last_release_before(when + datetime.timedelta(seconds=1))


def _last_release_before(limit: datetime.datetime) -> int:
    rows = fetch_rows(Sql(_LAST_RELEASE_BEFORE_SQL, (read_connection().ops.adapt_datetimefield_value(limit),)))
    return rows[0][0] if rows else 0


def _check_release_known(release: int) -> int:
    if release < earliest_known_release():
        raise before_history_problem()
    return release


def _parse_as_of_limit(text: str) -> datetime.datetime:
    """Return the instant before which releases count: just after the instant `text`, or the end of the day `text`."""
    now = timezone.now()
    try:
        if len(text) > 10:
            limit = datetime.datetime.fromisoformat(text)
            is_future = limit > now
            limit = limit.astimezone(datetime.UTC) + datetime.timedelta(microseconds=1)
        else:
            day = datetime.date.fromisoformat(text)
            is_future = day > now.date()
            limit = datetime.datetime.combine(day, datetime.time(), datetime.UTC) + datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        fault = {
            "in": "query",
            "name": "as_of",
            "code": "malformed",
            "given": text,
            "detail": f"“{text}” is no time of the calendar",
        }
        raise invalid_parameters_problem([fault]) from None
    if is_future:
        raise ApiProblem("point-out-of-range", f"{text} lies in the future.")
    return limit
