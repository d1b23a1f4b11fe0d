"""Feeds of changes for feed readers, as Atom (RFC 4287) and as JSON Feed 1.1, with the same entries."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from nato_support.api.json_output import json_bytes, utc_timestamp
from nato_support.api.register_state import parse_stored_time
from nato_support.data_licence import RIGHTS_NOTICE
from nato_support.pages.languages import in_this_language
from nato_support.pages.page_urls import address_of_question
from nato_support.pages.page_views import register_name

FEED_SUFFIXES = ("atom", "json")
MAX_ENTRIES = 50
ATOM_TYPE, JSON_FEED_TYPE = "application/atom+xml; charset=utf-8", "application/feed+json"
_INVALID_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOTHING_YET = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class FeedLinks(NamedTuple):
    """Paths of both forms of a feed."""

    atom: str
    json: str


def feed_links(path: str, pairs: Sequence[tuple[str, str]] = ()) -> FeedLinks:
    """Return where the feed of the page at `path` is; `pairs` are the filters of a list."""
    return FeedLinks(*(in_this_language(address_of_question(f"{path}feed.{suffix}", pairs)) for suffix in FEED_SUFFIXES))


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A change: an edition, the withdrawal of a record, or a release."""

    path: str
    """Path of its page. With the site before it, it is also its id, which never changes."""
    title: str
    released_at: Any
    """Stored time of the release."""
    lines: Sequence[str] = ()
    """Sentences on what changed."""

    @property
    def html(self) -> str:
        """Content as HTML: what changed or, since a feed reader expects some, the title."""
        if len(self.lines) < 2:
            return format_html("<p>{}</p>", _plain(self.lines[0] if self.lines else self.title))
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_plain(line),) for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries, newest first, and the page whose changes they are."""

    title: str
    page_path: str
    own_path: str
    """Path and query of the feed itself: its id."""
    entries: Sequence[FeedEntry]

    def as_atom(self, site: str) -> bytes:
        """Return the feed as Atom."""
        feed = _AtomFeed(
            title=_plain(self.title),
            link=f"{site}{self.page_path}",
            description="",
            language=get_language(),
            author_name=register_name(),
            feed_url=f"{site}{self.own_path}",
            feed_guid=f"{site}{self.own_path}",
            feed_copyright=RIGHTS_NOTICE,
        )
        for entry in self.entries:
            feed.add_item(
                title=_plain(entry.title),
                link=f"{site}{entry.path}",
                description=entry.html,
                unique_id=f"{site}{entry.path}",
                updateddate=parse_stored_time(entry.released_at).replace(microsecond=0),
            )
        return feed.writeString("utf-8").encode()

    def as_json(self, site: str) -> bytes:
        """Return the feed as JSON Feed."""
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": f"{site}{self.page_path}",
            "feed_url": f"{site}{self.own_path}",
            "language": get_language(),
            "authors": [{"name": register_name(), "url": f"{site}/"}],
            "_rights": {"about": f"{site}/licence/", "notice": RIGHTS_NOTICE},
            "items": [
                {
                    "id": f"{site}{entry.path}",
                    "url": f"{site}{entry.path}",
                    "title": entry.title,
                    "content_html": entry.html,
                    "date_published": utc_timestamp(entry.released_at),
                    "date_modified": utc_timestamp(entry.released_at),
                }
                for entry in self.entries
            ],
        }
        return json_bytes(feed)


class _AtomFeed(Atom1Feed):
    """Atom whose time follows from its entries alone, so that the same state of the register gives the same bytes."""

    def latest_post_date(self) -> datetime.datetime:
        return max((item["updateddate"] for item in self.items), default=_NOTHING_YET)


def _plain(text: str) -> str:
    """Return text without the characters that XML has no place for."""
    return _INVALID_IN_XML.sub("\ufffd", text)
