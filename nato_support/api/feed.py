"""The changes as an Atom feed: an entry for each edition, newest first; what was withdrawn as deleted entries (RFC 6721)."""

import re
from xml.etree import ElementTree

from django.conf import settings

from entities.serializers import href
from nato_support.api.answering import Answer, Asked
from nato_support.api.changes import LIST, SINCE
from nato_support.api.detail import instant
from nato_support.api.negotiation import FORMS
from nato_support.api.paging import following, place
from nato_support.api.parameters import pairs_of
from nato_support.api.problems import refuse
from nato_support.api.reach import BEGINS
from nato_support.api.sql import GONE, Sql, fetch

ATOM, REMOVED = "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0"
MOST_REMOVED = 100
"""How many editions of a withdrawn record are told to be gone."""
# What was withdrawn since is told once, by its tombstone.
_ENTRIES = (
    "SELECT e.id, e.kind, e.slug, e.number, e.name, e.cause, e.withdrawn, e.moved_to, r.printed_at"
    " FROM editions_edition e JOIN editions_printrun r ON r.stamp = e.stamp"
    f" WHERE e.id < %s AND e.stamp > {BEGINS} AND (e.withdrawn OR NOT {GONE}) ORDER BY e.id DESC LIMIT %s"
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ElementTree.register_namespace("", ATOM)
ElementTree.register_namespace("at", REMOVED)


def answer(asked: Asked) -> Answer:
    """A page of the feed."""
    given, _ = pairs_of(asked.query)
    if alone := sorted({name for name, _ in given if name in SINCE}):
        raise refuse([{"in": "query", "name": name, "code": "not_in_this_form"} for name in alone])
    size, key = place(asked, LIST, 50)
    rows = fetch(Sql(_ENTRIES, (key or 2**62, size + 1)))
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", f"{asked.site}{asked.path}")
    title = str(settings.SPECTACULAR_SETTINGS["TITLE"])
    _add(feed, "title", title)
    _add(feed, "updated", instant(rows[0][-1] if rows else asked.register.printed_at or "1970-01-01 00:00:00"))
    _add(_add(feed, "author"), "name", title)
    _link(feed, "self", f"{asked.address}?{asked.query}" if asked.query else asked.address, FORMS["atom"].split(";")[0])
    if len(rows) > size:
        _link(feed, "next", following(asked, size, rows[size - 1][0]), FORMS["atom"].split(";")[0])
    for row in rows[:size]:
        _tell(feed, asked.site, row)
    return Answer(ElementTree.tostring(feed, "utf-8", xml_declaration=True), FORMS["atom"])


def _tell(feed: ElementTree.Element, site: str, row: tuple) -> None:
    _, kind, slug, number, name, cause, withdrawn, moved_to, printed_at = row
    record = f"{site}{href(kind, slug)}"
    if withdrawn and not moved_to:
        for gone in range(number - 1, max(0, number - 1 - MOST_REMOVED), -1):
            when = {"ref": f"{record}editions/{gone}/", "when": instant(printed_at)}
            ElementTree.SubElement(feed, f"{{{REMOVED}}}deleted-entry", when)
        return
    entry = _add(feed, "entry")
    _add(entry, "id", f"{record}editions/{number}/")
    _add(entry, "title", f"{slug} is {moved_to} now" if moved_to else name)
    _add(entry, "updated", instant(printed_at))
    leads = f"{site}{href(kind, moved_to)}" if moved_to else f"{record}editions/{number}/"
    _link(entry, "alternate", leads, FORMS["json"])
    for scheme, term in (("kind", kind), ("cause", "merge" if moved_to else cause)):
        _add(entry, "category", scheme=f"{site}/api/v1/changes/#{scheme}", term=term)


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = _NOT_XML.sub("\ufffd", text) or None
    return element


def _link(parent: ElementTree.Element, rel: str, address: str, media: str) -> None:
    _add(parent, "link", rel=rel, href=address, type=media)
