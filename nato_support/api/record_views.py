"""Views of the records of a collection: its list, a record, and the editions of a record."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes

from nato_support.api import (
    edition_and_release_shapes,
    listing,
    openapi_operations,
    record_and_edition_responses,
    response_shapes,
)
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import Collection
from nato_support.api.documented_views import NUMBER_SCHEMA, SLUG_PATH_PARAMETER, DocumentedCollectionView, DocumentedView
from nato_support.api.parameters import Parameter
from nato_support.api.renderers import formatted_responses


class RecordListView(DocumentedCollectionView):
    collection: Collection = None  # type: ignore[assignment]
    name = "list"
    summary = "List {1}"
    errors = (308, 400, 409)
    response_headers = ("Register-Meta",)

    def get(self, request: ApiRequest) -> ApiResponse:
        return (
            listing.list_response(self.collection, request)
            if request.output_format == "json"
            else formatted_responses.formatted_list_response(self.collection, request)
        )

    def get_parameters(self) -> Mapping[str, Parameter]:
        return self.collection.parameters

    def get_response_schema(self) -> Any:
        kinds = self.collection.kinds
        if len(kinds) > 1:
            name, rows = (
                "Entity",
                openapi_operations.record_of_any_kind_shape("EntityRow", kinds, response_shapes.ROW_SHAPES, many=True),
            )
        else:
            name, rows = kinds[0].title(), response_shapes.ROW_SHAPES[kinds[0]](many=True)
        return response_shapes.compose_page_shape(name, rows, response_shapes.FacetedPageShape)


class ChildRowsView(RecordListView):
    name = "parts"
    formats = ("csv",)
    shared_response = "Table"
    child_member = ""

    def get(self, request: ApiRequest) -> ApiResponse:
        return formatted_responses.formatted_list_response(self.collection, request, self.child_member)

    def get_operation_id(self) -> str:
        return f"{self.collection.name}_{self.child_member}"

    def get_summary(self) -> str:
        return f"The {self.child_member} of {self.collection.name}, a row for each"

    def get_response_schema(self) -> Any:
        return OpenApiTypes.STR


class JsonLdContextView(DocumentedView):
    name = "context"
    summary = "JSON-LD context of a version, which never changes"
    formats = ("jsonld",)
    response_schema = OpenApiTypes.OBJECT

    def get(self, request: ApiRequest) -> ApiResponse:
        return formatted_responses.jsonld_context_response(request)


class RecordDetailView(DocumentedCollectionView):
    collection: Collection = None  # type: ignore[assignment]
    name = "detail"
    summary = "One {0} with its evidence"
    errors: tuple[int, ...] = (302, 308, 400, 404, 410)
    heeds_accept_datetime = True
    """True if the `Accept-Datetime` header selects an earlier edition."""

    def get(self, request: ApiRequest, slug: str) -> ApiResponse:
        return formatted_responses.format_detail_response(
            record_and_edition_responses.record_response(self.collection, request, slug), request
        )

    def get_parameters(self) -> Mapping[str, Parameter]:
        return self.collection.detail_parameters

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"slug": SLUG_PATH_PARAMETER}

    def get_response_schema(self) -> Any:
        kinds = self.collection.kinds
        return (
            response_shapes.DETAIL_SHAPES[kinds[0]]
            if len(kinds) == 1
            else openapi_operations.record_of_any_kind_shape("EntityDetail", kinds, response_shapes.DETAIL_SHAPES)
        )


class EditionListView(DocumentedCollectionView):
    collection: Collection = None  # type: ignore[assignment]
    name = "editions"
    summary = "All editions of a {0}"
    errors = (308, 400, 404, 410)
    parameters = record_and_edition_responses.EDITIONS_PARAMETERS
    response_schema = edition_and_release_shapes.EditionPageShape

    def get(self, request: ApiRequest, slug: str) -> ApiResponse:
        return record_and_edition_responses.edition_list_response(self.collection, request, slug)

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"slug": SLUG_PATH_PARAMETER}


class EditionView(RecordDetailView):
    name = "edition"
    summary = "One edition of a {0}, which never changes"
    errors = (308, 400, 404, 410)
    response_headers = ("Memento-Datetime",)
    heeds_accept_datetime = False

    def get(self, request: ApiRequest, slug: str, number: int) -> ApiResponse:
        return formatted_responses.format_detail_response(
            record_and_edition_responses.edition_response(self.collection, request, slug, number), request
        )

    def get_parameters(self) -> Mapping[str, Parameter]:
        return self.collection.edition_parameters

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        return {"slug": SLUG_PATH_PARAMETER, "number": ("Number of the edition within its record.", NUMBER_SCHEMA)}
