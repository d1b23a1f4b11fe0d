"""List of the releases, newest first, and the editions of one release. With `since`, the list becomes the change feed."""

from dataclasses import replace

from entities.serializers import record_path
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.changes_since import SINCE_PARAMETERS, changes_since_response
from nato_support.api.earliest_release import CHANGES_BEGIN_AFTER_SQL, before_history_problem, changes_begin_after
from nato_support.api.json_output import json_bytes, utc_timestamp
from nato_support.api.problems import ApiProblem, invalid_parameters_problem
from nato_support.api.release_edition_queries import PUBLISHED_CONDITION, REMOVED_CONDITION, fetch_editions_of_release
from nato_support.api.short_list_paging import next_page_url, paging_parameters, read_page_position
from nato_support.api.sql import WITHDRAWN_SQL, Sql, fetch_rows, join_sql

MAX_EDITIONS_SHOWN = 100
"""Most editions of a release in the list; the page of the release has them all."""
_RELEASE_SQL = "SELECT number, released_at, operation, note, state_hash FROM publishing_release"
_EDITIONS_SQL = (
    "SELECT e.release, e.id, e.kind, e.slug, e.number, e.name, e.cause, e.withdrawn, e.moved_to,"
    f" {WITHDRAWN_SQL} FROM publishing_edition e"
)

_PAGE_SIZE_HELP, _CURSOR_HELP = "How many results a page has.", "Where a page starts: from `next`."
RELEASE_PARAMETERS = paging_parameters(_PAGE_SIZE_HELP, 500, 100, _CURSOR_HELP)
_PAGING_PARAMETERS = paging_parameters(
    f"{_PAGE_SIZE_HELP} Unless told: 20 releases; after `since`, 100 changes.", 200, 20, _CURSOR_HELP
)
_PAGING_PARAMETERS["page_size"] = replace(
    _PAGING_PARAMETERS["page_size"], schema={"type": "integer", "minimum": 1, "maximum": 200}
)
CHANGES_PARAMETERS = _PAGING_PARAMETERS | SINCE_PARAMETERS


def releases_or_changes_response(request: ApiRequest) -> ApiResponse:
    """Return the releases newest first or, with `since`, the changes after it."""
    values, pairs = p.read_parameters(request.query_string, CHANGES_PARAMETERS)
    if "since" in values:
        return changes_since_response(request, values, pairs)
    if unusable := [name for name in values if name in SINCE_PARAMETERS]:
        raise invalid_parameters_problem([{"in": "query", "name": name, "code": "only_with_since"} for name in unusable])
    return _release_list_response(request)


def _release_list_response(request: ApiRequest) -> ApiResponse:
    size, key = read_page_position(request, CHANGES_PARAMETERS, 20)
    rows = fetch_rows(
        Sql(
            f"{_RELEASE_SQL} WHERE number < %s AND number > {CHANGES_BEGIN_AFTER_SQL} ORDER BY number DESC LIMIT %s",
            (key or 2**62, size + 1),
        )
    )
    page = rows[:size]
    editions_by_release: dict[int, list[dict]] = {row[0]: [] for row in page}
    if page:
        selects = (
            Sql(
                f"SELECT * FROM ({_EDITIONS_SQL} WHERE e.release = %s AND {part} ORDER BY e.id LIMIT %s) r{at}{row[0]}",
                (row[0], MAX_EDITIONS_SHOWN + 1),
            )
            for row in page
            for at, part in enumerate((PUBLISHED_CONDITION, REMOVED_CONDITION))
        )
        for edition in sorted(fetch_rows(join_sql(" UNION ALL ", selects)), key=lambda edition: (edition[7], edition[1])):
            editions_by_release[edition[0]].append(_released_edition_members(edition))
    results = [
        _release_members(row)
        | {
            "editions": editions_by_release[row[0]][:MAX_EDITIONS_SHOWN],
            "is_truncated": len(editions_by_release[row[0]]) > MAX_EDITIONS_SHOWN,
        }
        for row in page
    ]
    next_url = next_page_url(request, size, page[-1][0]) if len(rows) > size else None
    return ApiResponse(
        json_bytes({"results": results, "next": next_url, "previous": None, "meta": {"release": request.register.release}})
    )


def release_response(request: ApiRequest, release: int) -> ApiResponse:
    """Return a release and a page of its editions."""
    size, key = read_page_position(request, RELEASE_PARAMETERS, 100)
    releases = fetch_rows(Sql(f"{_RELEASE_SQL} WHERE number = %s", (release,)))
    if not releases:
        raise ApiProblem("not-found", f"There is no release {release}.")
    if release <= changes_begin_after():
        raise before_history_problem()
    # The key is the id of the last edition before the page; a negative one is that of a removal.
    rows = fetch_editions_of_release(_EDITIONS_SQL, release, (key or 0) < 0, abs(key or 0), size + 1)
    next_url = None
    if len(rows) > size:
        last_id, last_is_removal = rows[size - 1][1], rows[size - 1][7]
        next_url = next_page_url(request, size, -last_id if last_is_removal else last_id)
    body = _release_members(releases[0]) | {
        "results": [_released_edition_members(row) for row in rows[:size]],
        "next": next_url,
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
    _, _, kind, slug, number, name, cause, withdrawn, moved_to, record_withdrawn = row
    is_public = not (record_withdrawn or withdrawn)
    return {
        "kind": kind,
        "slug": slug,
        "edition": number,
        # The name of an edition that is no longer public must not be shown.
        "name": (name or None) if is_public else None,
        "cause": cause,
        "withdrawn": bool(withdrawn),
        "moved_to": moved_to or None,
        "href": f"{record_path(kind, slug)}editions/{number}/" if is_public else None,
    }
