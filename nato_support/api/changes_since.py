"""Change feed: all changes after the release `since`, in their order, for consumers that keep a copy of the register."""

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings

from entities.serializers import PLURALS, record_path
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.earliest_release import before_history_problem, changes_begin_after
from nato_support.api.json_output import json_bytes
from nato_support.api.problems import ApiProblem
from nato_support.api.release_edition_queries import fetch_editions_of_release
from nato_support.api.sql import WITHDRAWN_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.publishing import register_snapshot_files
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.editions.detail_response import detail_body
from nato_support.publishing.models.public_tables import Release

MAX_RELEASES_PER_PAGE = 500
"""Most releases that a page covers."""
MAX_INLINE_BYTES = 8_000_000
"""Most bytes of documents that a page includes."""
_DEFAULT_PAGE_SIZE = 100
_CHANGES_SQL = (
    "SELECT e.release, e.id, e.kind, e.slug, e.number, e.cause, e.withdrawn, e.moved_to,"
    f" {WITHDRAWN_SQL}, e.document, e.evidence FROM publishing_edition e"
)


def _parse_release_number(text: str) -> tuple[str, ...]:
    if not re.fullmatch("[0-9]{1,15}", text):
        raise p.ParameterFault("out_of_range", allowed={"min": 0, "max": 10**15 - 1})
    return (text,)


SINCE_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        p.Parameter(
            "since",
            "All changes after this release, in order; 0 for all changes ever made.",
            _parse_release_number,
            {"type": "integer", "minimum": 0, "maximum": 10**15 - 1},
        ),
        p.pattern_parameter(
            "epoch", "With `since`: the `epoch` of your copy. 409 if this is another register.", "[0-9a-f]{16}", many=False
        ),
        p.pattern_parameter(
            "state",
            "With `since`: the `state_hash` of that release. 409 if the register was restored and then changed otherwise.",
            "[0-9a-f]{64}",
            many=False,
        ),
        p.choice_parameter("include", "With `since`: includes the body of `href` in each change.", ("document",), many=False),
        p.choice_parameter("kind", "With `since`: only changes of these kinds.", list(PLURALS)),
        p.choice_parameter("cause", "With `since`: only changes of this cause. A mirror needs both.", ("content", "reference")),
    )
}


def changes_since_response(request: ApiRequest, values: dict[str, tuple[str, ...]], pairs: p.QueryPairs) -> ApiResponse:
    """Return a page of changes: as many whole releases as fit, or part of a release that is larger than a page.

    `values` and `pairs` are the parameters, as `read_parameters` returns them.
    """
    since, newest = int(values["since"][0]), request.register.release
    _check_client_state(since, newest, values)
    size = int(values["page_size"][0]) if "page_size" in values else _DEFAULT_PAGE_SIZE
    query_hash = hash_query(request.path, since, values.get("kind"), values.get("cause"))
    condition = _kind_and_cause_condition(values)
    after, removals_only, last_id, seq_before = since, False, 0, 0
    if "cursor" in values:
        # Within a large release: whether the page is among its removals, the last edition id, and the changes before it.
        large_release, removals_only, last_id, seq_before = open_cursor(values["cursor"][0], query_hash, newest).key
        after = through = large_release - 1
    else:
        through, large_release = _whole_releases_on_page(since, size, newest)
    rows, cursor_text = [], None
    if large_release:
        rows = fetch_editions_of_release(_CHANGES_SQL, large_release, bool(removals_only), last_id, size + 1, condition)
        if len(rows) <= size:
            through = large_release
        else:
            rows = rows[:size]
            key = (large_release, bool(rows[-1][6]), rows[-1][1], seq_before + size)
            cursor_text = Cursor(newest, query_hash, False, key).seal_as_text()
    elif through > after:
        between = Sql(f"{_CHANGES_SQL} WHERE e.release > %s AND e.release <= %s", (after, through))
        rows = fetch_rows(between + condition + Sql(" ORDER BY e.release, e.withdrawn, e.id"))
    next_pairs = [pair for pair in pairs if pair[0] not in ("cursor", "state")]
    if cursor_text:
        next_pairs.append(("cursor", cursor_text))
    elif through < newest:
        next_pairs = [("since", str(through)) if name == "since" else (name, text) for name, text in next_pairs]
    members = {
        "epoch": register_snapshot_files.register_epoch(),
        "since": since,
        "through": through,
        "latest": newest,
        "oldest": changes_begin_after(),
        "next": f"{request.site}{request.path}?{urlencode(next_pairs)}" if cursor_text or through < newest else None,
        "meta": {"release": newest},
        "releases": _releases_with_change_counts(after, max(through, large_release)),
    }
    changes = b",".join(_changes_as_json(rows, seq_before, inline="include" in values))
    return ApiResponse(json_bytes(members)[:-1] + b',"changes":[' + changes + b"]}")


def _check_client_state(since: int, newest: int, values: dict[str, tuple[str, ...]]) -> None:
    """Raise a problem unless the client's copy is of this register, and of a release that this register can continue from."""
    if "epoch" in values and values["epoch"][0] != register_snapshot_files.register_epoch():
        raise ApiProblem("epoch-changed", epoch=register_snapshot_files.register_epoch())
    if since > newest:
        raise ApiProblem("point-out-of-range", f"The newest release is {newest}.")
    if since < changes_begin_after():
        problem = before_history_problem()
        manifest = next(register_snapshot_files.offered_manifests(settings.EXPORTS_DIR), None)
        problem.members["snapshot"] = manifest["href"] if manifest else None
        raise problem
    if "state" in values:
        rows = fetch_rows(Sql("SELECT state_hash FROM publishing_release WHERE number = %s", (since,)))
        if values["state"][0] != (rows[0][0] if rows else edition_encoding.format_state_hash(0)):
            raise ApiProblem(
                "epoch-changed",
                f"Release {since} of this register is not the one that you copied: start over.",
                epoch=register_snapshot_files.register_epoch(),
            )


def _whole_releases_on_page(since: int, size: int, newest: int) -> tuple[int, int]:
    """Return the last release of a page of whole releases, and the next release if it is larger than a page, else 0."""
    ahead = Sql(
        "SELECT e.release AS release FROM publishing_edition e WHERE e.release > %s ORDER BY e.release LIMIT %s",
        (since, size + 1),
    )
    counts = fetch_rows(
        Sql("SELECT release, COUNT(*) FROM (") + ahead + Sql(") s GROUP BY release ORDER BY release"),
    )
    through, large_release = newest, 0
    if sum(count for _, count in counts) > size:
        last = counts[-1][0]
        through, large_release = last - 1, last if len(counts) == 1 else 0
    if through > since + MAX_RELEASES_PER_PAGE:
        return since + MAX_RELEASES_PER_PAGE, 0
    return through, large_release


def _kind_and_cause_condition(values: dict[str, tuple[str, ...]]) -> Sql:
    conditions = [
        Sql(f" AND e.{name} IN ({sql_placeholders(values[name])})", values[name]) for name in ("kind", "cause") if name in values
    ]
    return join_sql("", conditions)


def _releases_with_change_counts(after: int, last: int) -> list[dict]:
    counts_sql = (
        "SELECT e.release, COUNT(*) FROM publishing_edition e WHERE e.release > %s AND e.release <= %s GROUP BY e.release"
    )
    counts = dict(fetch_rows(Sql(counts_sql, (after, last))))
    releases = Release.objects.filter(number__gt=after, number__lte=last).order_by("number")
    return [
        register_snapshot_files.public_release_members(release)
        | {"changes": counts.get(release.number, 0), "href": f"/api/v1/changes/{release.number}/"}
        for release in releases
    ]


def _changes_as_json(rows: Sequence[tuple], seq_before: int, *, inline: bool) -> list[bytes]:
    """Return the changes as JSON, numbered within their releases, the first release after `seq_before` changes."""
    lines, inline_bytes, release, seq = [], 0, 0, seq_before
    for row in rows:
        seq = seq + 1 if row[0] == release or not release else 1
        release = row[0]
        line, document = _change_with_body(row, seq)
        if inline and document and inline_bytes + len(document) <= MAX_INLINE_BYTES:
            inline_bytes += len(document)
            line = line[:-1] + b',"document":' + document + b"}"
        lines.append(line)
    return lines


def _change_with_body(row: tuple, seq: int) -> tuple[bytes, bytes]:
    """Return a change as JSON, and the body of its edition, empty if that is no longer public."""
    release, _, kind, slug, number, cause, withdrawn, moved_to, record_withdrawn, document, evidence = row
    body = b"" if record_withdrawn or withdrawn else detail_body(kind, slug, number, document, evidence)
    members = {
        "release": release,
        "seq": seq,
        "op": "merge" if moved_to else "withdraw" if withdrawn else "upsert",
        "kind": kind,
        "slug": slug,
        "edition": number,
        "cause": cause,
        "moved_to": moved_to or None,
        "gone": bool(record_withdrawn) and not withdrawn,
        "sha256": hashlib.sha256(body).hexdigest() if body else None,
        "href": f"{record_path(kind, slug)}editions/{number}/" if body else None,
    }
    return json_bytes(members), body
