"""Views of both versions of the service."""

from collections.abc import Mapping
from typing import Any

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.dispatch import SAFE_METHODS
from nato_support.api.documented_views import DocumentedView
from nato_support.api.parameters import Parameter
from nato_support.api.reconciliation import (
    batch_responses,
    data_extension,
    entity_preview,
    protocol_messages,
    protocol_schema,
    suggest_services,
)
from nato_support.api.reconciliation.service_manifest import build_draft_manifest

POST_METHODS = ("POST", "OPTIONS")


class ReconciliationView(DocumentedView):
    """Base of the service's views."""

    schema = protocol_schema.ReconciliationSchema()
    is_draft = False
    """True if the view belongs to version 1.0-draft."""
    request_body: Mapping[str, dict] = {}
    """Media type -> JSON Schema of the body that may be posted."""
    response_media_type = "application/json"

    def post(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        """Answer like `get`: drf-spectacular describes only methods that the view has."""
        return self.get(request, **kwargs)

    @property
    def allowed_methods(self) -> list[str]:
        return [method for method in self.methods if method not in ("HEAD", "OPTIONS")]

    def get_operation_id(self) -> str:
        return f"reconcile_draft_{self.name}" if self.is_draft else f"reconcile_{self.name}"

    def get_summary(self) -> str:
        return f"{self.summary} ({'1.0-draft' if self.is_draft else '0.2'})"

    def get_tag(self) -> str:
        return "reconcile"


class ReconciliationRootView(ReconciliationView):
    name = "root"
    summary = "The reconciliation service: its manifest, or answers to a batch of queries"
    methods = (*SAFE_METHODS, "POST")
    errors = (400, 413, 415)
    parameters = protocol_schema.ROOT_PARAMETERS
    response_schema = protocol_schema.ROOT_RESPONSE_SCHEMA
    request_body = protocol_schema.FORM_BODY

    def get(self, request: ApiRequest) -> ApiResponse:
        return batch_responses.manifest_or_results_response(request)


class DraftRootView(ReconciliationView):
    name = "root"
    summary = "The reconciliation service's manifest"
    response_schema = protocol_schema.MANIFEST_SCHEMA
    errors = ()
    is_draft = True

    def get(self, request: ApiRequest) -> ApiResponse:
        return protocol_messages.json_or_jsonp_response(build_draft_manifest(request.site))


class MatchView(ReconciliationView):
    name = "match"
    summary = "Candidates for a batch of queries"
    methods = POST_METHODS
    errors = (400, 413, 415)
    response_schema = protocol_schema.DRAFT_RESULTS_SCHEMA
    request_body = protocol_schema.DRAFT_QUERIES_BODY

    def get(self, request: ApiRequest) -> ApiResponse:
        return batch_responses.draft_match_response(request)


class SuggestServiceView(ReconciliationView):
    suggested_kind = ""
    parameters = protocol_schema.SUGGEST_PARAMETERS
    shared_response = "ReconcileSuggestions"

    def get(self, request: ApiRequest) -> ApiResponse:
        parameters = protocol_messages.query_and_form_parameters(request)
        return protocol_messages.json_or_jsonp_response(
            suggest_services.suggest_by_prefix(self.suggested_kind, parameters), parameters.get("callback", "")
        )

    def get_operation_id(self) -> str:
        return f"{super().get_operation_id()}suggest_{self.suggested_kind}"

    def get_summary(self) -> str:
        version = "1.0-draft" if self.is_draft else "0.2"
        return f"Suggest {suggest_services.SUGGESTED_PLURALS[self.suggested_kind]} while one types ({version})"

    def get_parameters(self) -> Mapping[str, Parameter]:
        return (
            protocol_schema.SUGGEST_PARAMETERS
            if self.suggested_kind != "type"
            else {name: parameter for name, parameter in protocol_schema.SUGGEST_PARAMETERS.items() if name != "type"}
        )

    def get_response_schema(self) -> Any:
        return protocol_schema.SUGGESTIONS_SCHEMA


class FlyoutView(ReconciliationView):
    suggested_kind = ""
    parameters = protocol_schema.ID_PARAMETERS
    response_schema = protocol_schema.FLYOUT_SCHEMA
    errors = (400, 404)
    shared_response = "ReconcileFlyout"

    def get(self, request: ApiRequest) -> ApiResponse:
        parameters = protocol_messages.query_and_form_parameters(request)
        return protocol_messages.json_or_jsonp_response(
            suggest_services.suggestion_flyout(self.suggested_kind, parameters.get("id", "")), parameters.get("callback", "")
        )

    def get_operation_id(self) -> str:
        return f"{super().get_operation_id()}flyout_{self.suggested_kind}"

    def get_summary(self) -> str:
        return f"A few words about one {self.suggested_kind} (0.2)"


class PreviewView(ReconciliationView):
    name = "preview"
    summary = "Small page about one entity, to be shown in a frame"
    errors = (400, 404)
    parameters = protocol_schema.ID_PARAMETERS
    response_schema = {"type": "string"}
    response_media_type = "text/html"
    shared_response = "ReconcilePreview"

    def get(self, request: ApiRequest) -> ApiResponse:
        return entity_preview.preview_response(protocol_messages.query_and_form_parameters(request).get("id", ""), request.site)


class ProposeView(ReconciliationView):
    name = "propose"
    summary = "Properties that entities of a type may have"
    parameters = protocol_schema.PROPOSE_PARAMETERS
    response_schema = protocol_schema.PROPOSED_SCHEMA
    shared_response = "ReconcileProperties"

    def get(self, request: ApiRequest) -> ApiResponse:
        parameters = protocol_messages.query_and_form_parameters(request)
        return protocol_messages.json_or_jsonp_response(
            data_extension.propose_properties(parameters), parameters.get("callback", "")
        )


class ExtendView(ReconciliationView):
    name = "extend"
    summary = "Values of properties of entities"
    methods = POST_METHODS
    errors = (400, 413, 415)
    response_schema = protocol_schema.DRAFT_ROWS_SCHEMA
    request_body = protocol_schema.DRAFT_EXTEND_BODY

    def get(self, request: ApiRequest) -> ApiResponse:
        return protocol_messages.json_or_jsonp_response(
            data_extension.extend_entities_draft(protocol_messages.posted_json(request)), is_cacheable=False
        )
