"""Views of the whole register: search, changes, totals, snapshots, graphs, and the API's own description."""

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.views import SpectacularSwaggerSplitView

from nato_support.api import (
    atom_feed,
    entity_graph,
    entity_timeline,
    graph_shapes,
    history_shapes,
    openapi,
    problem_shapes,
    ranked_search,
    release_feed,
    response_shapes,
    root,
    search_shapes,
    snapshot_downloads,
    sync_shapes,
    timeline_shapes,
    typeahead,
)
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.parameters import read_parameters
from nato_support.api.problems import PROBLEM_TITLES
from nato_support.api.public_view import NUMBER_SCHEMA, SLUG_PATH_PARAMETER, PublicView
from nato_support.api.totals import totals_responses
from nato_support.api.totals.totals_shapes import TotalsRowsShape, TotalsShape


class SearchView(PublicView):
    name = "search"
    summary = "Ranked search over all kinds"
    errors = (400, 409)
    parameters = ranked_search.SEARCH_PARAMETERS
    response_schema = search_shapes.SearchPageShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return ranked_search.search_response(request)


class SuggestView(PublicView):
    name = "suggest"
    summary = "Names that begin as typed"
    parameters = typeahead.SUGGEST_PARAMETERS
    response_schema = search_shapes.SuggestionPageShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return typeahead.suggest_response(request)


class ChangesView(PublicView):
    name = "changes"
    summary = "Changes of the public register: newest first, or after a release"
    errors = (400, 409, 410)
    parameters = release_feed.CHANGES_PARAMETERS
    formats = ("json", "atom")

    def get(self, request: ApiRequest) -> ApiResponse:
        return (
            atom_feed.atom_feed_response(request) if request.output_format == "atom" else release_feed.changes_response(request)
        )

    def get_response_schema(self) -> Any:
        return sync_shapes.ChangesShape


class ReleaseView(PublicView):
    name = "change"
    summary = "One release with its editions"
    errors = (400, 404, 410)
    parameters = release_feed.RELEASE_PARAMETERS
    response_schema = history_shapes.ReleaseDetailShape

    def get(self, request: ApiRequest, release: int) -> ApiResponse:
        return release_feed.release_response(request, release)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"release": ("Number of the release.", NUMBER_SCHEMA)}


class TotalsView(PublicView):
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


class SnapshotListView(PublicView):
    name = "exports"
    summary = "Snapshots of the whole register"
    response_schema = sync_shapes.SnapshotPageShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return snapshot_downloads.snapshot_list_response(request)


class SnapshotView(PublicView):
    name = "export"
    summary = "One snapshot: its files and their hashes"
    errors = (400, 404, 410)
    response_schema: Any = sync_shapes.SnapshotShape

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


class GraphView(PublicView):
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


class ApiRootView(PublicView):
    name = "root"
    summary = "Paths of all collections and services"
    response_schema = response_shapes.RootShape

    def get(self, request: ApiRequest) -> ApiResponse:
        return root.root_response(request)


class ProblemView(PublicView):
    name = "problem"
    summary = "Explanation of a problem"
    errors = (400, 404)
    response_schema = problem_shapes.ProblemShape

    def get(self, request: ApiRequest, code: str) -> ApiResponse:
        return root.problem_page_response(request, code)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"code": ("The end of the problem's type.", {"type": "string", "enum": list(PROBLEM_TITLES)})}


class SchemaView(PublicView):
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
