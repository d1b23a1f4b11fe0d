"""The releases: everything that ever changed what is public. Newest first, or, after `since`, in their order as a feed."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings

from entities.serializers import PLURALS, record_path
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.earliest_release import EARLIEST_RELEASE_SQL, before_history_problem, earliest_known_release
from nato_support.api.json_output import json_bytes, utc_timestamp
from nato_support.api.pagination import next_page_url, paging_parameters, read_page_position
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.sql import WITHDRAWN_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing.editions import edition_encoding, public_snapshots
from nato_support.publishing.editions.detail_response import detail_body
from nato_support.publishing.models.public_tables import Release

MAX_EDITIONS_SHOWN = 100
"""How many editions of a release the list shows; its own page has them all."""
MAX_RELEASES_PER_PAGE = 500
"""How many releases a page after `since` goes through."""
MAX_INLINE_BYTES = 8_000_000
"""Bytes of documents that a page after `since` holds."""
_RELEASE_SQL = "SELECT number, released_at, operation , note, state_hash FROM publishing_release"
_EDITIONS_SQL = f"SELECT e.release, e.id, e.kind, e.slug, e.number, e.name, e.cause, e.withdrawn, e.moved_to, {WITHDRAWN_SQL} FROM publishing_edition e"
_CHANGES_SQL = (
    "SELECT e.release, e.id, e.kind, e.slug, e.number, e.cause, e.withdrawn, e.moved_to,"
    f" {WITHDRAWN_SQL}, e.document, e.evidence FROM publishing_edition e"
)


_NO_CONDITION = Sql("")
# Of a release, what was printed comes before what was removed: nobody who follows meets a record that names one that is gone.
_PUBLISHED_CONDITION, _REMOVED_CONDITION = "NOT e.withdrawn", "e.withdrawn"


def _parse_release_number(text: str) -> tuple[str, ...]:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise p.ParameterFault("out_of_range", allowed={"min": 0, "max": 10**15 - 1})
    return (text,)


_PAGE_SIZE_HELP, _CURSOR_HELP = "How many results a page has.", "Where a page starts: from `next`."
RELEASE_PARAMETERS = paging_parameters(_PAGE_SIZE_HELP, 500, 100, _CURSOR_HELP)
_PAGING_PARAMETERS = paging_parameters(
    f"{_PAGE_SIZE_HELP} Unless told: 20 releases; after `since`, 100 changes.", 200, 20, _CURSOR_HELP
)
_PAGING_PARAMETERS["page_size"] = replace(
    _PAGING_PARAMETERS["page_size"], schema={"type": "integer", "minimum": 1, "maximum": 200}
)
SINCE_PARAMETERS = {
    one.name: one
    for one in (
        p.Parameter(
            "since",
            "All changes after this release, in their order: 0 for all that there ever were.",
            _parse_release_number,
            {"type": "integer", "minimum": 0, "maximum": 10**15 - 1},
        ),
        p.pattern_parameter(
            "epoch", "After `since`: the `epoch` of what you hold. 409 if this is another register.", "[0-9a-f]{16}", many=False
        ),
        p.pattern_parameter(
            "state",
            "After `since`: the `state_hash` of the release `since`. 409 if this register was put back and went on otherwise.",
            "[0-9a-f]{64}",
            many=False,
        ),
        p.choice_parameter(
            "include", "After `since`: each change brings the body of its `href` along.", ("document",), many=False
        ),
        p.choice_parameter("kind", "After `since`: changes of these kinds alone.", list(PLURALS)),
        p.choice_parameter("cause", "After `since`: changes of this cause alone. A mirror needs both.", ("content", "reference")),
    )
}
CHANGES_PARAMETERS = _PAGING_PARAMETERS | SINCE_PARAMETERS


def changes_response(request: ApiRequest) -> ApiResponse:
    """The releases newest first; with `since`, what changed after it."""
    values, pairs = p.read_parameters(request.query_string, CHANGES_PARAMETERS)
    if "since" in values:
        return _changes_since_response(request, values, pairs)
    if alone := [name for name in values if name in SINCE_PARAMETERS]:
        raise invalid_parameters_problem([{"in": "query", "name": name, "code": "only_with_since"} for name in alone])
    return _release_list_response(request)


def _release_list_response(request: ApiRequest) -> ApiResponse:
    size, key = read_page_position(request, CHANGES_PARAMETERS, 20)
    rows = fetch_rows(
        Sql(
            f"{_RELEASE_SQL} WHERE number < %s AND number > {EARLIEST_RELEASE_SQL} ORDER BY number DESC LIMIT %s",
            (key or 2**62, size + 1),
        )
    )
    shown = rows[:size]
    editions: dict[int, list[dict]] = {row[0]: [] for row in shown}
    if shown:
        each = (
            Sql(
                f"SELECT * FROM ({_EDITIONS_SQL} WHERE e.release = %s AND {of} ORDER BY e.id LIMIT %s) r{at}{row[0]}",
                (row[0], MAX_EDITIONS_SHOWN + 1),
            )
            for row in shown
            for at, of in enumerate((_PUBLISHED_CONDITION, _REMOVED_CONDITION))
        )
        for edition in sorted(fetch_rows(join_sql(" UNION ALL ", each)), key=lambda edition: (edition[7], edition[1])):
            editions[edition[0]].append(_released_edition_members(edition))
    results = [
        _release_members(row)
        | {"editions": editions[row[0]][:MAX_EDITIONS_SHOWN], "is_truncated": len(editions[row[0]]) > MAX_EDITIONS_SHOWN}
        for row in shown
    ]
    rest = next_page_url(request, size, shown[-1][0]) if len(rows) > size else None
    return ApiResponse(
        json_bytes({"results": results, "next": rest, "previous": None, "meta": {"release": request.register.release}})
    )


def release_response(request: ApiRequest, release: int) -> ApiResponse:
    """One release and all its editions, a page at a time."""
    size, key = read_page_position(request, RELEASE_PARAMETERS, 100)
    found = fetch_rows(Sql(f"{_RELEASE_SQL} WHERE number = %s", (release,)))
    if not found:
        raise ApiProblem("not-found", f"There is no release {release}.")
    if release <= (first := earliest_known_release()):
        raise before_history_problem(first)
    # Less than nothing: among those that were removed.
    rows = _release_rows(_EDITIONS_SQL, release, (key or 0) < 0, abs(key or 0), size + 1)
    rest = (
        next_page_url(request, size, -rows[size - 1][1] if rows[size - 1][7] else rows[size - 1][1]) if len(rows) > size else None
    )
    results = [_released_edition_members(row) for row in rows[:size]]
    body = _release_members(found[0]) | {
        "results": results,
        "next": rest,
        "previous": None,
        "meta": {"release": request.register.release},
    }
    return ApiResponse(json_bytes(body))


def _release_members(row: tuple) -> dict:
    release, released_at, operation, note, state_hash = row
    return {
        "release": release,
        "released_at": utc_timestamp(released_at),
        "operation": operation,
        "note": note or None,
        "state_hash": state_hash,
        "href": f"/api/v1/changes/{release}/",
    }


def _released_edition_members(row: tuple) -> dict:
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
        "href": f"{record_path(kind, slug)}editions/{number}/" if is_public else None,
    }


def _changes_since_response(request: ApiRequest, values: dict[str, tuple[str, ...]], pairs: p.QueryPairs) -> ApiResponse:
    """Whole releases, as many as fill a page; a release that is larger than a page, part by part."""
    after, newest = int(values["since"][0]), request.register.release
    _check_client_state(after, newest, values)
    size = int(values["page_size"][0]) if "page_size" in values else 100
    question = hash_query(request.path, after, values.get("kind"), values.get("cause"))
    narrowed = _kind_and_cause_condition(values)
    if "cursor" in values:
        large, *key = open_cursor(values["cursor"][0], question, newest).key
        after, through = large - 1, large - 1
    else:
        through, large = _page_extent(after, size, newest)
        key = [False, 0, 0]
    rows, rest = [], None
    if large:
        rows = _release_rows(_CHANGES_SQL, large, bool(key[0]), key[1], size + 1, narrowed)
        if len(rows) <= size:
            through = large
        else:
            rows = rows[:size]
            rest = Cursor(newest, question, False, (large, bool(rows[-1][6]), rows[-1][1], key[2] + size)).seal_as_text()
    elif through > after:
        between = Sql(f"{_CHANGES_SQL} WHERE e.release > %s AND e.release <= %s", (after, through))
        rows = fetch_rows(between + narrowed + Sql(" ORDER BY e.release, e.withdrawn, e.id"))
    kept = [pair for pair in pairs if pair[0] not in ("cursor", "state")]
    if rest:
        kept.append(("cursor", rest))
    elif through < newest:
        kept = [("since", str(through)) if name == "since" else (name, text) for name, text in kept]
    told = {
        "epoch": public_snapshots.register_epoch(),
        "since": int(values["since"][0]),
        "through": through,
        "latest": newest,
        "oldest": earliest_known_release(),
        "next": f"{request.site}{request.path}?{urlencode(kept)}" if rest or through < newest else None,
        "meta": {"release": newest},
        "releases": _release_lines(after, max(through, large)),
    }
    changes = b",".join(_change_lines(rows, key[2], inline="include" in values))
    return ApiResponse(json_bytes(told)[:-1] + b',"changes":[' + changes + b"]}")


def _check_client_state(after: int, newest: int, values: dict[str, tuple[str, ...]]) -> None:
    """A problem unless what the client holds was taken from this register and goes as far as it says."""
    if "epoch" in values and values["epoch"][0] != public_snapshots.register_epoch():
        raise ApiProblem("epoch-changed", epoch=public_snapshots.register_epoch())
    if after > newest:
        raise ApiProblem("point-out-of-range", f"The newest release is {newest}.")
    if after < (first := earliest_known_release()):
        early = before_history_problem(first)
        newest_one = next(public_snapshots.offered_manifests(settings.EXPORTS_DIR), None)
        early.members["snapshot"] = newest_one["href"] if newest_one else None
        raise early
    if "state" in values:
        held = fetch_rows(Sql("SELECT state_hash FROM publishing_release WHERE number = %s", (after,)))
        if values["state"][0] != (held[0][0] if held else edition_encoding.format_state_hash(0)):
            raise ApiProblem(
                "epoch-changed",
                f"The register was another at its release {after}: start over.",
                epoch=public_snapshots.register_epoch(),
            )


def _page_extent(after: int, size: int, newest: int) -> tuple[int, int]:
    """Up to which release a page of `size` goes that holds whole releases; and the release behind it if that is too large for any page."""
    ahead = Sql(
        "SELECT e.release AS release FROM publishing_edition e WHERE e.release > %s ORDER BY e.release LIMIT %s",
        (after, size + 1),
    )
    counted = fetch_rows(
        Sql("SELECT release, COUNT(*) FROM (") + ahead + Sql(") s GROUP BY release ORDER BY release"),
    )
    through, large = newest, 0
    if sum(count for _, count in counted) > size:
        last = counted[-1][0]
        through, large = last - 1, last if len(counted) == 1 else 0
    if through > after + MAX_RELEASES_PER_PAGE:
        return after + MAX_RELEASES_PER_PAGE, 0
    return through, large


def _release_rows(
    select: str, release: int, removals_only: bool, after: int, limit: int, condition: Sql = _NO_CONDITION
) -> list[tuple]:
    """Rows of one release from a place on: what was printed, then what was removed."""
    rows: list[tuple] = []
    for of in (_PUBLISHED_CONDITION, _REMOVED_CONDITION)[removals_only:]:
        where = Sql(f"{select} WHERE e.release = %s AND {of} AND e.id > %s", (release, after))
        rows += fetch_rows(where + condition + Sql(" ORDER BY e.id LIMIT %s", (limit - len(rows),)))
        if len(rows) == limit:
            break
        after = 0
    return rows


def _kind_and_cause_condition(values: dict[str, tuple[str, ...]]) -> Sql:
    chosen = [
        Sql(f" AND e.{name} IN ({sql_placeholders(values[name])})", values[name]) for name in ("kind", "cause") if name in values
    ]
    return join_sql("", chosen)


def _release_lines(after: int, last: int) -> list[dict]:
    counts = "SELECT e.release, COUNT(*) FROM publishing_edition e WHERE e.release > %s AND e.release <= %s GROUP BY e.release"
    changes = dict(fetch_rows(Sql(counts, (after, last))))
    releases = Release.objects.filter(number__gt=after, number__lte=last).order_by("number")
    return [
        public_snapshots.release_line(one) | {"changes": changes.get(one.number, 0), "href": f"/api/v1/changes/{one.number}/"}
        for one in releases
    ]


def _change_lines(rows: Sequence[tuple], before: int, *, inline: bool) -> list[bytes]:
    """The changes as JSON, numbered within their releases from `before` on."""
    lines, spent, release, seq = [], 0, 0, before
    for row in rows:
        seq = seq + 1 if row[0] == release or not release else 1
        release = row[0]
        line, document = _change_with_body(row, seq)
        if inline and document and spent + len(document) <= MAX_INLINE_BYTES:
            spent += len(document)
            line = line[:-1] + b',"document":' + document + b"}"
        lines.append(line)
    return lines


def _change_with_body(row: tuple, seq: int) -> tuple[bytes, bytes]:
    """One change as JSON, and the body that it is about; of what is not public any more, none."""
    release, _, kind, slug, number, cause, withdrawn, moved_to, gone, document, evidence = row
    shown = b"" if gone or withdrawn else detail_body(kind, slug, number, document, evidence)
    told = {
        "release": release,
        "seq": seq,
        "op": "merge" if moved_to else "withdraw" if withdrawn else "upsert",
        "kind": kind,
        "slug": slug,
        "edition": number,
        "cause": cause,
        "moved_to": moved_to or None,
        "gone": bool(gone) and not withdrawn,
        "sha256": hashlib.sha256(shown).hexdigest() if shown else None,
        "href": f"{record_path(kind, slug)}editions/{number}/" if shown else None,
    }
    return json_bytes(told), shown
