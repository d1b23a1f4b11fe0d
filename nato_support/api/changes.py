"""The print runs: everything that ever changed what is public. Newest first, or, after `since`, in their order as a feed."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings

from entities.serializers import PLURALS, href
from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked
from nato_support.api.cursors import Cursor, opened, question_of
from nato_support.api.detail import dumped, instant
from nato_support.api.paging import following, paging, place
from nato_support.api.problems import Problem, refuse
from nato_support.api.reach import BEGINS, begins, too_early
from nato_support.api.sql import GONE, Sql, fetch, joined, marks
from nato_support.editions import snapshots, texts
from nato_support.editions.detail import body
from nato_support.editions.models import PrintRun

SHOWN = 100
"""How many editions of a run the list shows; its own page has them all."""
MOST_RUNS = 500
"""How many runs a page after `since` goes through."""
MOST_INLINE = 8_000_000
"""Bytes of documents that a page after `since` holds."""
_RUN = "SELECT stamp, printed_at, operation, note, state_hash FROM editions_printrun"
_EDITIONS = (
    f"SELECT e.stamp, e.id, e.kind, e.slug, e.number, e.name, e.cause, e.withdrawn, e.moved_to, {GONE} FROM editions_edition e"
)
_CHANGES = (
    "SELECT e.stamp, e.id, e.kind, e.slug, e.number, e.cause, e.withdrawn, e.moved_to,"
    f" {GONE}, e.document, e.evidence FROM editions_edition e"
)


_ALL = Sql("")
# Of a run, what was printed comes before what was removed: nobody who follows meets a record that names one that is gone.
_PRINTED, _REMOVED = "NOT e.withdrawn", "e.withdrawn"


def _stamp(text: str) -> tuple[str, ...]:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise p.Fault("out_of_range", allowed={"min": 0, "max": 10**15 - 1})
    return (text,)


_SIZE, _START = "How many results a page has.", "Where a page starts: from `next`."
RUN = paging(_SIZE, 500, 100, _START)
_LIST = paging(f"{_SIZE} Unless told: 20 runs; after `since`, 100 changes.", 200, 20, _START)
_LIST["page_size"] = replace(_LIST["page_size"], schema={"type": "integer", "minimum": 1, "maximum": 200})
SINCE = {
    one.name: one
    for one in (
        p.Parameter(
            "since",
            "All changes after this stamp, in their order: 0 for all that there ever were.",
            _stamp,
            {"type": "integer", "minimum": 0, "maximum": 10**15 - 1},
        ),
        p.matching(
            "epoch", "After `since`: the `epoch` of what you hold. 409 if this is another register.", "[0-9a-f]{16}", many=False
        ),
        p.matching(
            "state",
            "After `since`: the `state_hash` of the run `since`. 409 if this register was put back and went on otherwise.",
            "[0-9a-f]{64}",
            many=False,
        ),
        p.choice("include", "After `since`: each change brings the body of its `href` along.", ("document",), many=False),
        p.choice("kind", "After `since`: changes of these kinds alone.", list(PLURALS)),
        p.choice("cause", "After `since`: changes of this cause alone. A mirror needs both.", ("content", "reference")),
    )
}
LIST = _LIST | SINCE


def answer(asked: Asked) -> Answer:
    """The runs newest first; with `since`, what changed after it."""
    values, pairs = p.read(asked.query, LIST)
    if "since" in values:
        return _since(asked, values, pairs)
    if alone := [name for name in values if name in SINCE]:
        raise refuse([{"in": "query", "name": name, "code": "only_with_since"} for name in alone])
    return _runs(asked)


def _runs(asked: Asked) -> Answer:
    size, key = place(asked, LIST, 20)
    rows = fetch(Sql(f"{_RUN} WHERE stamp < %s AND stamp > {BEGINS} ORDER BY stamp DESC LIMIT %s", (key or 2**62, size + 1)))
    shown = rows[:size]
    editions: dict[int, list[dict]] = {row[0]: [] for row in shown}
    if shown:
        each = (
            Sql(
                f"SELECT * FROM ({_EDITIONS} WHERE e.stamp = %s AND {of} ORDER BY e.id LIMIT %s) r{at}{row[0]}",
                (row[0], SHOWN + 1),
            )
            for row in shown
            for at, of in enumerate((_PRINTED, _REMOVED))
        )
        for edition in sorted(fetch(joined(" UNION ALL ", each)), key=lambda edition: (edition[7], edition[1])):
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
    if stamp <= (first := begins()):
        raise too_early(first)
    # Less than nothing: among those that were removed.
    rows = _part(_EDITIONS, stamp, (key or 0) < 0, abs(key or 0), size + 1)
    rest = following(asked, size, -rows[size - 1][1] if rows[size - 1][7] else rows[size - 1][1]) if len(rows) > size else None
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
    is_public = not (gone or withdrawn)
    return {
        "kind": kind,
        "slug": slug,
        "edition": number,
        # What is not public any more is not named.
        "name": (name or None) if is_public else None,
        "cause": cause,
        "withdrawn": bool(withdrawn),
        "moved_to": moved_to or None,
        "href": f"{href(kind, slug)}editions/{number}/" if is_public else None,
    }


def _since(asked: Asked, values: dict[str, tuple[str, ...]], pairs: p.Pairs) -> Answer:
    """Whole runs, as many as fill a page; a run that is larger than a page, part by part."""
    after, newest = int(values["since"][0]), asked.register.stamp
    _belongs(after, newest, values)
    size = int(values["page_size"][0]) if "page_size" in values else 100
    question = question_of(asked.path, after, values.get("kind"), values.get("cause"))
    narrowed = _narrowed(values)
    if "cursor" in values:
        large, *key = opened(values["cursor"][0], question, newest).key
        after, through = large - 1, large - 1
    else:
        through, large = _stretch(after, size, newest)
        key = [False, 0, 0]
    rows, rest = [], None
    if large:
        rows = _part(_CHANGES, large, bool(key[0]), key[1], size + 1, narrowed)
        if len(rows) <= size:
            through = large
        else:
            rows = rows[:size]
            rest = Cursor(newest, question, False, (large, bool(rows[-1][6]), rows[-1][1], key[2] + size)).seal()
    elif through > after:
        between = Sql(f"{_CHANGES} WHERE e.stamp > %s AND e.stamp <= %s", (after, through))
        rows = fetch(between + narrowed + Sql(" ORDER BY e.stamp, e.withdrawn, e.id"))
    kept = [pair for pair in pairs if pair[0] not in ("cursor", "state")]
    if rest:
        kept.append(("cursor", rest))
    elif through < newest:
        kept = [("since", str(through)) if name == "since" else (name, text) for name, text in kept]
    told = {
        "epoch": snapshots.epoch(),
        "since": int(values["since"][0]),
        "through": through,
        "latest": newest,
        "oldest": begins(),
        "next": f"{asked.site}{asked.path}?{urlencode(kept)}" if rest or through < newest else None,
        "meta": {"stamp": newest},
        "runs": _told_runs(after, max(through, large)),
    }
    changes = b",".join(_change_lines(rows, key[2], inline="include" in values))
    return Answer(dumped(told)[:-1] + b',"changes":[' + changes + b"]}")


def _belongs(after: int, newest: int, values: dict[str, tuple[str, ...]]) -> None:
    """A problem unless what the client holds was taken from this register and goes as far as it says."""
    if "epoch" in values and values["epoch"][0] != snapshots.epoch():
        raise Problem("epoch-changed", epoch=snapshots.epoch())
    if after > newest:
        raise Problem("point-out-of-range", f"The newest stamp is {newest}.")
    if after < (first := begins()):
        early = too_early(first)
        newest_one = next(snapshots.offered(settings.EXPORTS_DIR), None)
        early.members["snapshot"] = newest_one["href"] if newest_one else None
        raise early
    if "state" in values:
        held = fetch(Sql("SELECT state_hash FROM editions_printrun WHERE stamp = %s", (after,)))
        if values["state"][0] != (held[0][0] if held else texts.state_hash(0)):
            raise Problem("epoch-changed", f"The register was another at its stamp {after}: start over.", epoch=snapshots.epoch())


def _stretch(after: int, size: int, newest: int) -> tuple[int, int]:
    """Up to which run a page of `size` goes that holds whole runs; and the run behind it if that is too large for any page."""
    ahead = Sql("SELECT e.stamp AS stamp FROM editions_edition e WHERE e.stamp > %s ORDER BY e.stamp LIMIT %s", (after, size + 1))
    counted = fetch(
        Sql("SELECT stamp, COUNT(*) FROM (") + ahead + Sql(") s GROUP BY stamp ORDER BY stamp"),
    )
    through, large = newest, 0
    if sum(count for _, count in counted) > size:
        last = counted[-1][0]
        through, large = last - 1, last if len(counted) == 1 else 0
    if through > after + MOST_RUNS:
        return after + MOST_RUNS, 0
    return through, large


def _part(select: str, stamp: int, removals: bool, after: int, limit: int, narrowed: Sql = _ALL) -> list[tuple]:
    """Rows of one run from a place on: what was printed, then what was removed."""
    rows: list[tuple] = []
    for of in (_PRINTED, _REMOVED)[removals:]:
        where = Sql(f"{select} WHERE e.stamp = %s AND {of} AND e.id > %s", (stamp, after))
        rows += fetch(where + narrowed + Sql(" ORDER BY e.id LIMIT %s", (limit - len(rows),)))
        if len(rows) == limit:
            break
        after = 0
    return rows


def _narrowed(values: dict[str, tuple[str, ...]]) -> Sql:
    chosen = [Sql(f" AND e.{name} IN ({marks(values[name])})", values[name]) for name in ("kind", "cause") if name in values]
    return joined("", chosen)


def _told_runs(after: int, last: int) -> list[dict]:
    counts = "SELECT e.stamp, COUNT(*) FROM editions_edition e WHERE e.stamp > %s AND e.stamp <= %s GROUP BY e.stamp"
    changes = dict(fetch(Sql(counts, (after, last))))
    runs = PrintRun.objects.filter(stamp__gt=after, stamp__lte=last).order_by("stamp")
    return [
        snapshots.run_line(one) | {"changes": changes.get(one.stamp, 0), "href": f"/api/v1/changes/{one.stamp}/"} for one in runs
    ]


def _change_lines(rows: Sequence[tuple], before: int, *, inline: bool) -> list[bytes]:
    """The changes as JSON, numbered within their runs from `before` on."""
    lines, spent, stamp, seq = [], 0, 0, before
    for row in rows:
        seq = seq + 1 if row[0] == stamp or not stamp else 1
        stamp = row[0]
        line, document = _change(row, seq)
        if inline and document and spent + len(document) <= MOST_INLINE:
            spent += len(document)
            line = line[:-1] + b',"document":' + document + b"}"
        lines.append(line)
    return lines


def _change(row: tuple, seq: int) -> tuple[bytes, bytes]:
    """One change as JSON, and the body that it is about; of what is not public any more, none."""
    stamp, _, kind, slug, number, cause, withdrawn, moved_to, gone, document, evidence = row
    shown = b"" if gone or withdrawn else body(kind, slug, number, document, evidence)
    told = {
        "stamp": stamp,
        "seq": seq,
        "op": "merge" if moved_to else "withdraw" if withdrawn else "upsert",
        "kind": kind,
        "slug": slug,
        "edition": number,
        "cause": cause,
        "moved_to": moved_to or None,
        "gone": bool(gone) and not withdrawn,
        "sha256": hashlib.sha256(shown).hexdigest() if shown else None,
        "href": f"{href(kind, slug)}editions/{number}/" if shown else None,
    }
    return dumped(told), shown
