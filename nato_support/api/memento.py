"""RFC 7089 and RFC 5829: a record's address leads to its editions by date, and each edition names the ones beside it."""

import datetime
from typing import Any

from django.utils.http import http_date, parse_http_date

from entities.serializers import href
from nato_support.api import records
from nato_support.api.answering import Asked
from nato_support.api.points import stamp_at
from nato_support.api.problems import Problem, refuse


def of_record(kind: str, slug: str, number: int, *, newest: bool) -> dict[str, str]:
    """Headers of a record's detail that shows its edition `number`: the newest, or an earlier one."""
    path = href(kind, slug)
    shown = "latest-version" if newest else "memento"
    return {"Link": f'{_history(path)}, <{path}editions/{number}/>; rel="{shown}"'}


def of_edition(found: records.Numbered, slug: str) -> dict[str, str]:
    """Headers of an edition at its own address."""
    path = href(found.record.kind, slug)
    beside = ((found.before, "predecessor-version"), (found.after, "successor-version"))
    links = [_history(path), *(f'<{path}editions/{number}/>; rel="{rel}"' for number, rel in beside if number)]
    printed_at = http_date(_instant(found.printed_at).timestamp())
    return {"Link": ", ".join(links), "Memento-Datetime": printed_at, "Last-Modified": printed_at}


def then(asked: Asked) -> datetime.datetime | None:
    """The time that `Accept-Datetime` names; None if it was not sent. A problem if it is none."""
    sent = asked.request.META.get("HTTP_ACCEPT_DATETIME") if asked.request and asked.form == "json" else None
    if sent is None:
        return None
    try:
        return datetime.datetime.fromtimestamp(parse_http_date(sent), datetime.UTC)
    except (ValueError, OverflowError, OSError):
        fault = {"in": "header", "name": "Accept-Datetime", "code": "malformed", "given": sent[:100]}
        raise refuse([fault | {"allowed": ["Tue, 03 Mar 2026 09:00:00 GMT"]}]) from None


def led_to(kinds: tuple[str, ...], slug: str, when: datetime.datetime) -> Problem:
    """The answer that leads to the edition that was public then; to the first, if there was none yet."""
    kind, number = records.number_at(kinds, slug, stamp_at(when))
    path = href(kind, slug)
    headers = {"Location": f"{path}editions/{number}/", "Vary": "Accept-Datetime", "Link": _history(path)}
    return Problem("edition-then", headers=headers | {"Cache-Control": "public, no-cache"}, slug=slug)


def _history(path: str) -> str:
    editions = f'<{path}editions/>; rel="timemap version-history"; type="application/json"'
    return f'<{path}>; rel="original timegate", {editions}'


def _instant(value: Any) -> datetime.datetime:
    """A stored time; SQLite gives text in UTC, PostgreSQL a datetime."""
    return datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC) if isinstance(value, str) else value
