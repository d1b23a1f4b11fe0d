"""The page of a record's editions: when each was made, and what it changed."""

import json
from typing import Any

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, pgettext

from entities.formatting import format_partial_date
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import Collection
from nato_support.api.record_and_edition_responses import edition_list_response
from nato_support.pages.citations import cite_editions
from nato_support.pages.feeds import feed_links
from nato_support.pages.page_queries import known_query
from nato_support.pages.page_urls import api_path, page_path
from nato_support.pages.page_views import Page, render_page

_LONGEST_VALUE = 200


class EditionListPage(Page):
    """The editions of a record, newest first."""

    formats = ("html", "json")

    def __init__(self, collection: Collection):
        self.collection = collection

    def render(self, request: ApiRequest, *, slug: str) -> ApiResponse:
        query = known_query(request.query_string, {"cursor"})
        sub_request = request.asking(f"{request.path}?{query}")
        answer = json.loads(edition_list_response(self.collection, sub_request, slug).body)
        title = title_of_editions(answer, slug)
        context = {
            "title": title,
            "cite": cite_editions(request, request.path, title),
            "feed": feed_links(f"/{self.collection.name}/{slug}/"),
            "own_path": f"/{self.collection.name}/{slug}/",
            "editions": [edition_view(edition) for edition in answer["results"]],
            "next": (answer["next"] or "").removeprefix(request.site),
            "json_path": api_path(request.path),
        }
        return render_page(request, "editions.html", context)


def title_of_editions(answer: dict[str, Any], slug: str) -> str:
    """Return the heading of a record's editions."""
    name = next((edition["name"] for edition in answer["results"] if edition["name"]), "")
    return gettext("Editions of %s") % (f"“{name}”" if name else slug)


def edition_view(edition: dict[str, Any]) -> dict[str, Any]:
    """Describe an edition for readers: its address, its day, and each value that it changed."""
    return {
        "number": edition["edition"],
        "path": page_path(edition["href"]) if edition["href"] else "",
        "release": edition["release"],
        "day": format_partial_date(edition["released_at"][:10]),
        "is_withdrawal": edition["withdrawn"],
        "is_rendered_again": edition["cause"] != "content",
        "changes": [
            (_pointer_label(change["pointer"]), _value_words(change["was"]), _value_words(change["now"]))
            for change in edition["changes"]
        ],
        "is_truncated": edition["is_truncated"],
    }


def _pointer_label(pointer: str) -> str:
    """Return a path into a record in words: /measures/aid/value -> Measures, aid, value."""
    return capfirst(", ".join(pgettext("field", step.replace("_", " ")) for step in pointer.strip("/").split("/")))


def _value_words(value: Any) -> str:
    """Return a value of an edition in words: of a record its name; of something larger, that it is not shown."""
    if value is None:
        return gettext("nothing")
    if isinstance(value, dict):
        value = value.get("name") or value.get("words") or gettext("(see the data)")
    if isinstance(value, list):
        return gettext("(see the data)") if value else gettext("nothing")
    return Truncator(str(value)).chars(_LONGEST_VALUE)
