"""Atom feed of the changes: an entry for each edition, newest first, and deleted entries (RFC 6721) for withdrawn records."""

import re
from xml.etree import ElementTree

from django.conf import settings

from entities.serializers import record_path
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.changes_since import SINCE_PARAMETERS
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.earliest_release import CHANGES_BEGIN_AFTER_SQL
from nato_support.api.json_output import utc_timestamp
from nato_support.api.parameters import decode_query_pairs
from nato_support.api.problems import invalid_parameters_problem
from nato_support.api.release_responses import CHANGES_PARAMETERS
from nato_support.api.short_list_paging import next_page_url, read_page_position
from nato_support.api.sql import WITHDRAWN_SQL, Sql, fetch_rows
from nato_support.data_licence import RIGHTS_NOTICE

ATOM_NAMESPACE, TOMBSTONE_NAMESPACE = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
MAX_DELETED_ENTRIES = 100
"""Most editions of a withdrawn record that are listed as deleted."""
# Earlier editions of a record that was withdrawn since are left out: its tombstone lists them as deleted.
_ENTRIES_SQL = (
    "SELECT e.id, e.kind, e.slug, e.number, e.name, e.cause, e.withdrawn, e.moved_to, r.released_at"
    " FROM publishing_edition e JOIN publishing_release r ON r.number = e.release"
    f" WHERE e.id < %s AND e.release > {CHANGES_BEGIN_AFTER_SQL} AND (e.withdrawn OR NOT {WITHDRAWN_SQL})"
    " ORDER BY e.id DESC LIMIT %s"
)
_INVALID_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ElementTree.register_namespace("", ATOM_NAMESPACE)
ElementTree.register_namespace("at", TOMBSTONE_NAMESPACE)


def atom_feed_response(request: ApiRequest) -> ApiResponse:
    """Return a page of the feed."""
    pairs, _ = decode_query_pairs(request.query_string)
    if unsupported := sorted({name for name, _ in pairs if name in SINCE_PARAMETERS}):
        raise invalid_parameters_problem([{"in": "query", "name": name, "code": "not_in_this_form"} for name in unsupported])
    size, key = read_page_position(request, CHANGES_PARAMETERS, 50)
    rows = fetch_rows(Sql(_ENTRIES_SQL, (key or 2**62, size + 1)))
    feed = ElementTree.Element(f"{{{ATOM_NAMESPACE}}}feed")
    _add_element(feed, "id", f"{request.site}{request.path}")
    title = str(settings.SPECTACULAR_SETTINGS["TITLE"])
    _add_element(feed, "title", title)
    _add_element(feed, "updated", utc_timestamp(rows[0][-1] if rows else request.register.released_at or "1970-01-01 00:00:00"))
    _add_element(_add_element(feed, "author"), "name", title)
    _add_element(feed, "rights", RIGHTS_NOTICE)
    _add_link(
        feed,
        "self",
        f"{request.url}?{request.query_string}" if request.query_string else request.url,
        MEDIA_TYPES["atom"].split(";")[0],
    )
    if len(rows) > size:
        _add_link(feed, "next", next_page_url(request, size, rows[size - 1][0]), MEDIA_TYPES["atom"].split(";")[0])
    for row in rows[:size]:
        _add_edition_entries(feed, request.site, row)
    return ApiResponse(ElementTree.tostring(feed, "utf-8", xml_declaration=True), MEDIA_TYPES["atom"])


def _add_edition_entries(feed: ElementTree.Element, site: str, row: tuple) -> None:
    _, kind, slug, number, name, cause, withdrawn, moved_to, released_at = row
    record_url = f"{site}{record_path(kind, slug)}"
    if withdrawn and not moved_to:
        for deleted in range(number - 1, max(0, number - 1 - MAX_DELETED_ENTRIES), -1):
            attributes = {"ref": f"{record_url}editions/{deleted}/", "when": utc_timestamp(released_at)}
            ElementTree.SubElement(feed, f"{{{TOMBSTONE_NAMESPACE}}}deleted-entry", attributes)
        return
    entry = _add_element(feed, "entry")
    _add_element(entry, "id", f"{record_url}editions/{number}/")
    _add_element(entry, "title", f"{slug} is {moved_to} now" if moved_to else name)
    _add_element(entry, "updated", utc_timestamp(released_at))
    target_url = f"{site}{record_path(kind, moved_to)}" if moved_to else f"{record_url}editions/{number}/"
    _add_link(entry, "alternate", target_url, MEDIA_TYPES["json"])
    for scheme, term in (("kind", kind), ("cause", "merge" if moved_to else cause)):
        _add_element(entry, "category", scheme=f"{site}/api/v1/changes/#{scheme}", term=term)


def _add_element(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM_NAMESPACE}}}{tag}", attributes)
    element.text = _INVALID_IN_XML.sub("\ufffd", text) or None
    return element


def _add_link(parent: ElementTree.Element, rel: str, url: str, media_type: str) -> None:
    _add_element(parent, "link", rel=rel, href=url, type=media_type)
