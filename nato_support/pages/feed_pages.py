"""Addresses of the feeds: of a record, of a list with its filters, and of all releases."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import gettext

from entities.serializers import PLURALS
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import Collection
from nato_support.api.listing import answer_meta, fetch_list_page, parse_list_request
from nato_support.api.parameters import decode_query_pairs
from nato_support.api.problems import ApiProblem
from nato_support.api.record_and_edition_responses import edition_list_response
from nato_support.api.sql import Sql, fetch_rows, sql_placeholders
from nato_support.pages.edition_list_page import edition_view, title_of_editions
from nato_support.pages.feeds import ATOM_TYPE, JSON_FEED_TYPE, MAX_ENTRIES, Feed, FeedEntry
from nato_support.pages.list_pages import NOT_FILTERS, collection_title
from nato_support.pages.overview_pages import releases_answer
from nato_support.pages.page_queries import filled_query
from nato_support.pages.page_urls import address_of_question, api_path
from nato_support.pages.page_views import FilePage
from nato_support.pages.record_lines import kind_label, line_of_record

_TOMBSTONE_SQL = (
    "SELECT e.kind, e.slug, e.number, r.released_at FROM publishing_edition e JOIN publishing_release r ON r.number = e.release"
    " WHERE e.superseded IS NULL AND e.withdrawn AND e.moved_to = '' AND e.kind"
)


class FeedFile(FilePage):
    """A feed in one of its two forms."""

    def feed(self, request: ApiRequest, **kwargs: Any) -> Feed:
        """Return the feed asked for."""
        raise NotImplementedError

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        feed = self.feed(request, **kwargs)
        if self.suffix == "atom":
            return ApiResponse(feed.as_atom(request.site), ATOM_TYPE)
        return ApiResponse(feed.as_json(request.site), JSON_FEED_TYPE)

    def path_beside(self, path: str) -> str:
        return f"{path.removesuffix('editions/')}feed.{self.suffix}"


class ReleasesFeed(FeedFile):
    """The releases, each with what it changed."""

    def feed(self, request: ApiRequest) -> Feed:
        releases = releases_answer(request, f"page_size={MAX_ENTRIES}", most=MAX_ENTRIES)["results"]
        entries = [
            FeedEntry(
                release["path"],
                _sentence(gettext("Release %s") % release["number"], release["note"]),
                release["released_at"],
                [f"{capfirst(edition['kind'])}: {edition['name']} ({edition['what']})" for edition in release["editions"]],
            )
            for release in releases
        ]
        return Feed(gettext("Releases"), "/changes/", f"/changes/feed.{self.suffix}", entries)


class _CollectionFeed(FeedFile):
    def __init__(self, collection: Collection, suffix: str):
        super().__init__(suffix)
        self.collection = collection


class RecordFeed(_CollectionFeed):
    """The editions of a record, each with what it changed. Of one that was withdrawn, this alone is said."""

    def feed(self, request: ApiRequest, *, slug: str) -> Feed:
        path = f"/{self.collection.name}/{slug}/"
        own_path = f"{path}feed.{self.suffix}"
        sub_request = request.asking(f"{api_path(path)}editions/?page_size={MAX_ENTRIES}")
        try:
            answer = json.loads(edition_list_response(self.collection, sub_request, slug).body)
        except ApiProblem as problem:
            if problem.code == "merged":
                # A feed takes no parameters, which a redirect would repeat.
                problem.headers["Location"] = problem.headers["Location"].partition("?")[0]
            if problem.code != "withdrawn":
                raise
            return Feed(gettext("Editions of %s") % slug, path, own_path, _withdrawals(self.collection.kinds, slug))
        entries = [_entry_of_edition(edition, path) for edition in answer["results"]]
        return Feed(title_of_editions(answer, slug), path, own_path, entries)


class ListFeed(_CollectionFeed):
    """The newest editions of the records that a list's filters select.

    Withdrawals are among those of a list without filters. Whether a withdrawn record matched filters is no longer told.
    """

    def feed(self, request: ApiRequest) -> Feed:
        path = f"/{self.collection.name}/"
        pairs = [pair for pair in decode_query_pairs(filled_query(request.query_string))[0] if pair[0] not in NOT_FILTERS]
        question = urlencode([*pairs, ("ordering", "-release"), ("page_size", str(MAX_ENTRIES))], safe="/,:")
        list_request = parse_list_request(self.collection, request.asking(f"{api_path(path)}?{question}"))
        documents = [json.loads(row[0]) for row in fetch_list_page(list_request).rows]
        # Raises the redirect to a filter's survivor.
        answer_meta(list_request, found_nothing=not documents)
        times = _release_times([document["release"] for document in documents])
        entries = [_entry_of_document(document, times[document["release"]]) for document in documents]
        if not pairs:
            entries += _withdrawals(self.collection.kinds)
            entries = sorted(entries, key=lambda entry: str(entry.released_at), reverse=True)[:MAX_ENTRIES]
        title = collection_title(self.collection.name)
        filters = ", ".join(f"{name}={value}" for name, value in pairs)
        return Feed(
            f"{title} ({filters})" if filters else title,
            address_of_question(path, pairs),
            address_of_question(f"{path}feed.{self.suffix}", pairs),
            entries,
        )


def _entry_of_edition(edition: dict[str, Any], path: str) -> FeedEntry:
    view = edition_view(edition)
    if view["is_withdrawal"]:
        words = gettext("withdrawn")
    elif view["number"] == 1:
        words = gettext("new")
    else:
        words = gettext("edition %s") % view["number"]
    lines = [f"{label}: {was} → {now}" for label, was, now in view["changes"]]
    if view["is_truncated"]:
        lines.append(gettext("See all changes as data"))
    if view["is_rendered_again"]:
        lines.append(gettext("Rendered again, because something that it names changed."))
    name = edition["name"] or path.rstrip("/").rpartition("/")[2]
    return FeedEntry(f"{path}editions/{view['number']}/", f"{name}: {words}", edition["released_at"], lines)


def _entry_of_document(document: dict[str, Any], released_at: Any) -> FeedEntry:
    line = line_of_record(document)
    number = document["edition"]
    words = gettext("new") if number == 1 else gettext("edition %s") % number
    details = [capfirst(kind_label(document["kind"])), *line.details, line.stage, line.date]
    if line.amount:
        details.append(line.amount.text)
    title = f"“{line.link.text}”" if line.quoted else line.link.text
    marks = [mark.words for mark in line.marks]
    return FeedEntry(
        f"{line.link.path}editions/{number}/", f"{title}: {words}", released_at, [", ".join(filter(None, [*details, *marks]))]
    )


def _withdrawals(kinds: Sequence[str], slug: str = "") -> list[FeedEntry]:
    """Return that records of these kinds, or the one of this slug, were withdrawn, and nothing else about them."""
    sql = Sql(f"{_TOMBSTONE_SQL} IN ({sql_placeholders(kinds)})", tuple(kinds))
    if slug:
        sql += Sql(" AND e.slug = %s", (slug,))
    rows = fetch_rows(sql + Sql(" ORDER BY e.release DESC, e.id DESC LIMIT %s", (MAX_ENTRIES,)))
    return [
        FeedEntry(
            f"/{PLURALS[kind]}/{record}/editions/{number}/",
            f"{capfirst(kind_label(kind))} {record}: {gettext('withdrawn')}",
            released_at,
            [gettext("This record was withdrawn")],
        )
        for kind, record, number, released_at in rows
    ]


def _release_times(releases: Sequence[int]) -> dict[int, Any]:
    """Return number -> stored time of these releases."""
    numbers = tuple(set(releases))
    return dict(
        fetch_rows(
            Sql(f"SELECT number, released_at FROM publishing_release WHERE number IN ({sql_placeholders(numbers)})", numbers)
        )
    )


def _sentence(title: str, note: str | None) -> str:
    return f"{title}: {note}" if note else title
