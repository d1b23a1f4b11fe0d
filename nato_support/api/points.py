"""`as_of`: which stamp a day, an instant or stamp:N means."""

import datetime

from django.utils import timezone

from nato_support.api.answering import Register
from nato_support.api.problems import Problem, refuse
from nato_support.api.reach import begins, too_early
from nato_support.api.sql import Sql, database, fetch

_LAST_BEFORE = "SELECT stamp FROM editions_printrun WHERE printed_at < %s ORDER BY stamp DESC LIMIT 1"


def stamp_of(text: str, register: Register) -> int:
    """The stamp of the last print run at that point. A problem if it lies before the first or in the future."""
    if text.startswith("stamp:"):
        stamp = int(text.removeprefix("stamp:"))
        if not 1 <= stamp <= register.stamp:
            raise Problem("point-out-of-range", f"The register's stamps run from 1 to {register.stamp}.")
        return _told(stamp)
    until = _instant(text)
    rows = fetch(Sql(_LAST_BEFORE, (database().ops.adapt_datetimefield_value(until),)))
    if not rows:
        raise Problem("point-out-of-range", f"Nothing had been printed by {text}.")
    return _told(rows[0][0])


def stamp_at(when: datetime.datetime) -> int:
    """The stamp of the last print run in or before that second; 0 if there was none yet."""
    until = when + datetime.timedelta(seconds=1)
    rows = fetch(Sql(_LAST_BEFORE, (database().ops.adapt_datetimefield_value(until),)))
    return rows[0][0] if rows else 0


def _told(stamp: int) -> int:
    if stamp < (first := begins()):
        raise too_early(first)
    return stamp


def _instant(text: str) -> datetime.datetime:
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
        raise refuse([fault]) from None
    if future:
        raise Problem("point-out-of-range", f"{text} lies in the future.")
    return until
