"""Views of the whole register: search, changes, totals, snapshots, graphs, and the API's own description."""

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.views import SpectacularSwaggerSplitView

from nato_support.api import (
    atom_feed,
    change_feed_and_snapshot_shapes,
    edition_and_release_shapes,
    entity_graph,
    entity_timeline,
    graph_shapes,
    openapi,
    problem_shapes,
    ranked_search,
    release_responses,
    response_shapes,
    root_and_problem_pages,
    search_shapes,
    snapshot_downloads,
    timeline_shapes,
    typeahead,
)
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.documented_views import NUMBER_SCHEMA, SLUG_PATH_PARAMETER, DocumentedView
from nato_support.api.parameters import read_parameters
from nato_support.api.problems import PROBLEM_TITLES
from nato_support.api.totals import totals_responses
from nato_support.api.totals.totals_shapes import TotalsRowsShape, TotalsShape


class SearchView(DocumentedView):
    name = "search"
    summary = "Ranked search over all kinds"
    errors = (400, 409)
    parameters = ranked_search.SEARCH_PARAMETERS
    response_schema = search_shapes.SearchPageShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return ranked_search.search_response(request)


class SuggestView(DocumentedView):
    name = "suggest"
    summary = "Names that begin as typed"
    parameters = typeahead.SUGGEST_PARAMETERS
    response_schema = search_shapes.SuggestionPageShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return typeahead.suggest_response(request)


class ChangesView(DocumentedView):
    name = "changes"
    summary = "Changes of the public register: newest first, or after a release"
    errors = (400, 409, 410)
    parameters = release_responses.CHANGES_PARAMETERS
    formats = ("json", "atom")

    def get(self, request: ApiRequest) -> ApiResponse:
        return (
            atom_feed.atom_feed_response(request)
            if request.output_format == "atom"
            else release_responses.releases_or_changes_response(request)
        )

    def get_response_schema(self) -> Any:
        return change_feed_and_snapshot_shapes.ChangesShape


class ReleaseView(DocumentedView):
    name = "change"
    summary = "One release with its editions"
    errors = (400, 404, 410)
    parameters = release_responses.RELEASE_PARAMETERS
    response_schema = edition_and_release_shapes.ReleaseDetailShape

    def get(self, request: ApiRequest, release: int) -> ApiResponse:
        return release_responses.release_response(request, release)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"release": ("Number of the release.", NUMBER_SCHEMA)}


class TotalsView(DocumentedView):
    name = "commitments_totals"
    summary = "Sums of commitments that count each promise once"
    errors: tuple[int, ...] = (308, 400)
    parameters = totals_responses.TOTALS_COLLECTION.parameters
    response_schema = TotalsShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return totals_responses.totals_response(request)

    def get_tag(self) -> str:
        return "commitments"


class TotalsRowsView(TotalsView):
    name = "commitments_totals_rows"
    summary = "Commitments behind a number of the totals"
    errors = (308, 400, 409)
    parameters = totals_responses.TOTALS_ROWS_COLLECTION.parameters
    response_schema = TotalsRowsShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return totals_responses.totals_rows_response(request)


class SnapshotListView(DocumentedView):
    name = "exports"
    summary = "Snapshots of the whole register"
    response_schema = change_feed_and_snapshot_shapes.SnapshotPageShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return snapshot_downloads.snapshot_list_response(request)


class SnapshotView(DocumentedView):
    name = "export"
    summary = "One snapshot: its files and their hashes"
    errors = (400, 404, 410)
    response_schema: Any = change_feed_and_snapshot_shapes.SnapshotShape

    def get(self, request: ApiRequest, release: int) -> ApiResponse:
        return snapshot_downloads.snapshot_manifest_response(request, release)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"release": ("The release up to which it goes.", NUMBER_SCHEMA)}


class SnapshotFileView(SnapshotView):
    name = "export_file"
    summary = "One file of a snapshot, or a part of it by Range"
    response_schema = OpenApiTypes.BINARY
    response_media_type = "application/gzip"

    def get(self, request: ApiRequest, release: int, name: str) -> ApiResponse:
        return snapshot_downloads.snapshot_file_response(request, release, name)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return super().get_path_parameters() | {
            "name": ("Its name, from the manifest.", {"type": "string", "enum": list(snapshot_downloads.SNAPSHOT_FILE_NAMES)})
        }


class GraphView(DocumentedView):
    name = "graph"
    summary = "Connections of an entity, as nodes and edges with their evidence"
    errors = (308, 400, 404, 410)
    parameters = entity_graph.GRAPH_PARAMETERS
    response_schema = graph_shapes.GraphShape

    def get(self, request: ApiRequest, slug: str) -> ApiResponse:
        return entity_graph.graph_response(request, slug)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"slug": SLUG_PATH_PARAMETER}


class TimelineView(GraphView):
    name = "timeline"
    summary = "Dated facts about an entity, in order, with their evidence"
    parameters = entity_timeline.TIMELINE_PARAMETERS
    response_schema = timeline_shapes.TimelinePageShape

    def get(self, request: ApiRequest, slug: str) -> ApiResponse:
        return entity_timeline.timeline_response(request, slug)


class ApiRootView(DocumentedView):
    name = "root"
    summary = "Paths of all collections and services"
    response_schema = response_shapes.RootShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return root_and_problem_pages.root_response(request)


class ProblemView(DocumentedView):
    name = "problem"
    summary = "Explanation of a problem"
    errors = (400, 404)
    response_schema = problem_shapes.ProblemShape

    def get(self, request: ApiRequest, code: str) -> ApiResponse:
        return root_and_problem_pages.problem_page_response(request, code)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"code": ("The end of the problem's type.", {"type": "string", "enum": list(PROBLEM_TITLES)})}


class SchemaView(DocumentedView):
    """The OpenAPI document, generated once, with the address of this site."""

    name = "schema"
    summary = "The OpenAPI document"
    response_schema = OpenApiTypes.OBJECT

    def get(self, request: ApiRequest) -> ApiResponse:
        read_parameters(request.query_string, {})
        document = openapi.openapi_document_of_site(request.site)
        return ApiResponse(json.dumps(document, ensure_ascii=False).encode())


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI over the OpenAPI document."""

    template_name = "api/docs.html"
    template_name_js = "api/docs.js"
