"""Base classes of the API's views. DRF and drf-spectacular see ordinary views, but `dispatch` alone answers requests."""

from collections.abc import Mapping
from typing import Any

from rest_framework.views import APIView

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.collections import SLUG_PATTERN, Collection
from nato_support.api.dispatch import SAFE_METHODS, respond_to_request
from nato_support.api.openapi_operations import DocumentedViewSchema
from nato_support.api.parameters import Parameter

SLUG_PATH_PARAMETER = ("Public id of the record.", {"type": "string", "pattern": f"^{SLUG_PATTERN}$", "maxLength": 250})
NUMBER_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 999_999_999}


class DocumentedView(APIView):
    """A view that anyone may read: `get` takes an ApiRequest, and returns an ApiResponse or raises an ApiProblem.

    The attributes, and the methods that read them, describe the operation for the OpenAPI document.
    """

    schema = DocumentedViewSchema()
    name = ""
    summary = ""
    response_schema: Any = None
    parameters: Mapping[str, Parameter] = {}
    errors: tuple[int, ...] = (400,)

    formats: tuple[str, ...] = ("json",)
    """Formats offered, of `content_negotiation.MEDIA_TYPES`; the default first."""
    methods: tuple[str, ...] = SAFE_METHODS
    response_headers: tuple[str, ...] = ()
    """Headers of the response, of `openapi_components.RESPONSE_HEADERS`, beyond those of every response."""
    response_media_type = ""
    """Media type of the response; empty if it is that of the default format."""
    shared_response = ""
    """Component that describes the response; empty if no other operation has the same one."""

    def dispatch(self, request, *args, suffix: str = "", **kwargs):
        # DRF's negotiation, authentication, permissions and throttles take a third of a list's time and decide nothing here.
        return respond_to_request(request, self, kwargs, suffix)

    def get(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        raise NotImplementedError

    def get_operation_id(self) -> str:
        return self.name

    def get_summary(self) -> str:
        return self.summary

    def get_tag(self) -> str:
        return "register"

    def get_parameters(self) -> Mapping[str, Parameter]:
        return self.parameters

    def get_path_parameters(self) -> dict[str, tuple[str, dict]]:
        """Path parameter -> description and JSON Schema."""
        return {}

    def get_response_schema(self) -> Any:
        return self.response_schema

    def get_errors(self) -> tuple[int, ...]:
        return self.errors


class DocumentedCollectionView(DocumentedView):
    """A view of one collection, whose name is in the path. `summary` is formatted with its kind and its name."""

    collection: Collection

    def get_operation_id(self) -> str:
        return f"{self.collection.name}_{self.name}"

    def get_summary(self) -> str:
        return self.summary.format(
            self.collection.kinds[0] if len(self.collection.kinds) == 1 else "entity", self.collection.name
        )

    def get_tag(self) -> str:
        return self.collection.name
