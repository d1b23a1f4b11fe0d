"""The search page: the API's one search over all kinds, with the words that matched marked."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from entities.serializers import PLURALS
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.parameters import decode_query_pairs
from nato_support.api.ranked_search import SEARCH_PARAMETERS, search_response
from nato_support.pages.list_pages import collection_title
from nato_support.pages.page_queries import known_query
from nato_support.pages.page_views import Page, render_page
from nato_support.pages.record_lines import line_of_record

_PAGE_SIZE = 20


class SearchPage(Page):
    """Records found for some words, best first."""

    formats = ("html", "json")

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        query = known_query(request.query_string, set(SEARCH_PARAMETERS) - {"facets", "page_size"})
        values = dict(decode_query_pairs(query)[0])
        context: dict[str, Any] = {"title": gettext("Search"), "search_text": values.get("q", "")}
        if "q" in values:
            context |= _results(request, query, values)
        return render_page(request, "search.html", context)


def _results(request: ApiRequest, query: str, values: dict[str, str]) -> dict[str, Any]:
    asked = f"{query}&facets=kind&page_size={_PAGE_SIZE}"
    answer = json.loads(search_response(request.asking(f"{request.path}?{asked}")).body)
    kinds = [
        (
            collection_title(PLURALS[found["value"]]),
            found["count"],
            f"/search/?{urlencode({'q': values['q'], 'kind': found['value']})}",
        )
        for found in answer["facets"]["kind"]["values"]
    ]
    return {
        "title": gettext("Search: %s") % values["q"],
        "results": [
            (line_of_record(document), _matched_texts(document, entries))
            for document, entries in zip(answer["results"], answer["matched"], strict=True)
        ],
        "kinds": kinds,
        "chosen_kind": values.get("kind", ""),
        "all_path": f"/search/?{urlencode({'q': values['q']})}",
        "corrected": answer["meta"].get("corrected", {}),
        "any_word": answer["meta"].get("any_word", False),
        "next": _page_address(answer["next"], request.site),
        "previous": _page_address(answer["previous"], request.site),
        "json_path": f"/api/v1/search/?{query}",
    }


def _page_address(url: str | None, site: str) -> str:
    return url.removeprefix(site).replace("&facets=kind", "").replace(f"&page_size={_PAGE_SIZE}", "") if url else ""


def _matched_texts(document: dict[str, Any], entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the title with its matches marked, and another text that matched, if there is one."""
    title: SafeString | str = document.get("name") or document["exact"]
    excerpt: SafeString | str = ""
    for entry in entries:
        text = entry.get("text") or document.get(entry["field"])
        if not isinstance(text, str):
            continue
        if entry["field"] in ("name", "exact"):
            title = _marked(text, entry["ranges"])
        elif not excerpt:
            excerpt = _marked(text, entry["ranges"])
    return {"title": title, "excerpt": excerpt}


def _marked(text: str, ranges: Sequence[Sequence[int]]) -> SafeString:
    """Return the text as HTML, with the ranges in <mark>."""
    pieces, at = [], 0
    for start, end in ranges:
        pieces.append((text[at:start], text[start:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[at:])
