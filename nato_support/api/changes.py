"""The print runs: everything that ever changed what is public, newest first."""

from entities.serializers import href
from nato_support.api.answering import Answer, Asked
from nato_support.api.detail import dumped, instant
from nato_support.api.paging import following, paging, place
from nato_support.api.problems import Problem
from nato_support.api.sql import GONE, Sql, fetch, joined

SHOWN = 100
"""How many editions of a run the list shows; its own page has them all."""
_RUN = "SELECT stamp, printed_at, operation, note, state_hash FROM editions_printrun"
_EDITIONS = (
    f"SELECT e.stamp, e.id, e.kind, e.slug, e.number, e.name, e.cause, e.withdrawn, e.moved_to, {GONE} FROM editions_edition e"
)


_SIZE, _START = "How many results a page has.", "Where a page starts: from `next`."
RUNS, RUN = paging(_SIZE, 100, 20, _START), paging(_SIZE, 500, 100, _START)


def runs(asked: Asked) -> Answer:
    """The list of print runs."""
    size, key = place(asked, RUNS, 20)
    rows = fetch(Sql(f"{_RUN} WHERE stamp < %s ORDER BY stamp DESC LIMIT %s", (key or 2**62, size + 1)))
    shown = rows[:size]
    editions: dict[int, list[dict]] = {row[0]: [] for row in shown}
    if shown:
        each = (
            Sql(f"SELECT * FROM ({_EDITIONS} WHERE e.stamp = %s ORDER BY e.id LIMIT %s) r{row[0]}", (row[0], SHOWN + 1))
            for row in shown
        )
        for edition in fetch(joined(" UNION ALL ", each)):
            editions[edition[0]].append(_edition(edition))
    results = [_run(row) | {"editions": editions[row[0]][:SHOWN], "is_truncated": len(editions[row[0]]) > SHOWN} for row in shown]
    rest = following(asked, size, shown[-1][0]) if len(rows) > size else None
    return Answer(dumped({"results": results, "next": rest, "previous": None, "meta": {"stamp": asked.register.stamp}}))


def run(asked: Asked, stamp: int) -> Answer:
    """One print run and all its editions, a page at a time."""
    size, key = place(asked, RUN, 100)
    found = fetch(Sql(f"{_RUN} WHERE stamp = %s", (stamp,)))
    if not found:
        raise Problem("not-found", f"There is no print run {stamp}.")
    rows = fetch(Sql(f"{_EDITIONS} WHERE e.stamp = %s AND e.id > %s ORDER BY e.id LIMIT %s", (stamp, key or 0, size + 1)))
    rest = following(asked, size, rows[size - 1][1]) if len(rows) > size else None
    results = [_edition(row) for row in rows[:size]]
    body = _run(found[0]) | {"results": results, "next": rest, "previous": None, "meta": {"stamp": asked.register.stamp}}
    return Answer(dumped(body))


def _run(row: tuple) -> dict:
    stamp, printed_at, operation, note, state_hash = row
    return {
        "stamp": stamp,
        "printed_at": instant(printed_at),
        "operation": operation,
        "note": note or None,
        "state_hash": state_hash,
        "href": f"/api/v1/changes/{stamp}/",
    }


def _edition(row: tuple) -> dict:
    _, _, kind, slug, number, name, cause, withdrawn, moved_to, gone = row
    return {
        "kind": kind,
        "slug": slug,
        "edition": number,
        # What is not public any more is not named.
        "name": None if gone or withdrawn else name,
        "cause": cause,
        "withdrawn": bool(withdrawn),
        "moved_to": moved_to or None,
        "href": f"{href(kind, slug)}editions/{number}/",
    }
