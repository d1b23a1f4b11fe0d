"""Files with the citation of a page, for reference managers: `cite.bib` and `cite.json` beside it."""

import json
from typing import Any

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import Collection
from nato_support.api.record_and_edition_responses import edition_list_response, edition_response
from nato_support.pages.citations import cite_edition, cite_editions
from nato_support.pages.edition_list_page import title_of_editions
from nato_support.pages.list_pages import citation_of_list
from nato_support.pages.page_urls import api_path, page_path
from nato_support.pages.page_views import FilePage
from nato_support.publishing.editions.detail_response import split_detail_body


class CitationFile(FilePage):
    """Citation of something in a collection."""

    def __init__(self, collection: Collection, suffix: str):
        super().__init__(suffix)
        self.collection = collection

    def path_beside(self, path: str) -> str:
        return f"{path}cite.{self.suffix}"


class EditionCitation(CitationFile):
    """Citation of an edition. One of a record that was joined with another has none."""

    def path_beside(self, path: str) -> str:
        return path

    def render(self, request: ApiRequest, *, slug: str, number: int) -> ApiResponse:
        path = f"/{self.collection.name}/{slug}/"
        sub_request = request.asking(api_path(f"{path}editions/{number}/"))
        document, _ = split_detail_body(edition_response(self.collection, sub_request, slug, number).body)
        return cite_edition(request, document, page_path(document["href"])).file_response(self.suffix)


class EditionListCitation(CitationFile):
    """Citation of the list of a record's editions."""

    def render(self, request: ApiRequest, *, slug: str) -> ApiResponse:
        path = f"/{self.collection.name}/{slug}/editions/"
        answer = json.loads(edition_list_response(self.collection, request.asking(api_path(path)), slug).body)
        return cite_editions(request, path, title_of_editions(answer, slug)).file_response(self.suffix)


class ListCitation(CitationFile):
    """Citation of a list with its filters."""

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        return citation_of_list(request, self.collection).file_response(self.suffix)
