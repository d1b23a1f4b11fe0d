"""Pages of the collections: their records, page by page, with the API's filters as a form."""

import json
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import AS_OF_PARAMETER, Collection
from nato_support.api.left_out import LEFT_OUT_REASONS
from nato_support.api.listing import list_response, parse_list_request
from nato_support.api.parameters import decode_query_pairs
from nato_support.api.renderers.geojson import GEOJSON_COLLECTIONS
from nato_support.api.totals.totals_responses import TOTALS_COLLECTION
from nato_support.pages.citations import Citation, cite_question
from nato_support.pages.feeds import feed_links
from nato_support.pages.filter_forms import filter_form, filter_label
from nato_support.pages.page_pictures import MAX_COMMITMENTS, MAX_PLACES, map_of_list, picture_of_commitments
from nato_support.pages.page_queries import filled_query
from nato_support.pages.page_urls import api_path
from nato_support.pages.page_views import Page, render_page
from nato_support.pages.record_lines import line_of_record

_NO_FILTERS = ("cursor", "page_size", "count", "ordering")
# A page counts always, and shows what it shows.
_ONLY_FOR_DATA = ("count", "facets", "fields", "include")
NOT_FILTERS = (*_NO_FILTERS, *_ONLY_FOR_DATA)
"""Parameters that do not decide which records a list has."""


class ListPage(Page):
    """A page of a collection's records."""

    formats = ("html", "json")

    def __init__(self, collection: Collection):
        self.collection = collection

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        query = filled_query(request.query_string)
        pairs, _ = decode_query_pairs(query)
        asked = urlencode([*(pair for pair in pairs if pair[0] not in _ONLY_FOR_DATA), ("count", "true")])
        api_request = request.asking(f"{request.path}?{asked}")
        answer = json.loads(list_response(self.collection, api_request).body)
        title = collection_title(self.collection.name)
        context: dict[str, Any] = {
            "title": title,
            "description": gettext("%s in the register, each with the quotations that it rests on.") % title,
            "collection": self.collection.name,
            "lines": [line_of_record(document) for document in answer["results"]],
            "count": answer["count"],
            "is_at_least": answer["meta"].get("count_is") == "at_least",
            "next": _page_address(answer["next"], request.site),
            "previous": _page_address(answer["previous"], request.site),
            "left_out": [
                (number, gettext(LEFT_OUT_REASONS[reason]))
                for reason, number in answer["meta"].get("left_out", {}).items()
                if number
            ],
            "unknown": [value | {"label": filter_label(value["parameter"])} for value in answer["meta"].get("unknown", [])],
            "form": filter_form(self.collection, request.register, pairs),
            "is_filtered": any(name not in _NO_FILTERS for name, _ in pairs),
            "feed": feed_links(request.path, [pair for pair in pairs if pair[0] not in NOT_FILTERS]),
            "json_path": f"{api_path(request.path)}?{query}" if query else api_path(request.path),
            "csv_path": f"{api_path(request.path)[:-1]}.csv" + (f"?{_all_pages(pairs)}" if _all_pages(pairs) else ""),
        }
        if request.register.release:
            context["cite"] = _citation(request, self.collection, pairs)
        is_first_page = answer["previous"] is None
        if self.collection.name == "commitments" and is_first_page and answer["count"] < MAX_COMMITMENTS:
            context["picture"] = picture_of_commitments(
                request, "stage", [pair for pair in pairs if pair[0] in TOTALS_COLLECTION.parameters]
            )
        if self.collection.name in GEOJSON_COLLECTIONS and is_first_page and answer["count"] <= MAX_PLACES:
            filters = [(name, value) for name, value in pairs if name not in NOT_FILTERS]
            context["picture"] = map_of_list(request, self.collection, filters)
        return render_page(request, "list.html", context)


def citation_of_list(request: ApiRequest, collection: Collection) -> Citation:
    """Return how to cite the list that a request for the file beside its page asks for. Faulty filters raise a problem."""
    pairs, _ = decode_query_pairs(filled_query(request.query_string))
    path = api_path(f"/{collection.name}/")
    parse_list_request(collection, request.asking(f"{path}?{urlencode(pairs)}"))
    return _citation(request, collection, pairs)


def _citation(request: ApiRequest, collection: Collection, pairs: list[tuple[str, str]]) -> Citation:
    asked = [pair for pair in pairs if pair[0] not in (*_ONLY_FOR_DATA, "cursor", "page_size")]
    as_of = dict(asked).get(AS_OF_PARAMETER.name)
    release = release_as_of(as_of, request.register) if as_of else request.register.release
    name, path = collection.name, f"/{collection.name}/"
    return cite_question(request, name, collection_title(name), path, asked, release, type="dataset")


def collection_title(name: str) -> str:
    """Return the heading of a collection, in the language of the request."""
    return {
        "organisations": gettext("Organisations"),
        "facilities": gettext("Facilities"),
        "persons": gettext("Persons"),
        "posts": gettext("Posts"),
        "events": gettext("Events"),
        "commitments": gettext("Commitments"),
        "relations": gettext("Relationships"),
        "documents": gettext("Source documents"),
        "quotes": gettext("Quotes"),
        "entities": gettext("Everybody and everything"),
    }[name]


def _page_address(url: str | None, site: str) -> str:
    return url.removeprefix(site).replace("&count=true", "").replace("?count=true&", "?") if url else ""


def _all_pages(pairs: list[tuple[str, str]]) -> str:
    """Return the query of the whole list, which the form for tables takes."""
    return urlencode([pair for pair in pairs if pair[0] not in ("cursor", "page_size", "count", "facets")])
