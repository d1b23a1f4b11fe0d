"""The views of both versions."""

from collections.abc import Mapping
from typing import Any

from nato_support.api.dispatch import SAFE_METHODS, ApiRequest, ApiResponse
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
from nato_support.api.views import PublicView

POST_METHODS = ("POST", "OPTIONS")


class ReconciliationView(PublicView):
    """A view of the service. `accepts` is what may be posted to it: media type -> JSON Schema."""

    schema = protocol_schema.ReconciliationSchema()
    is_draft = False
    """Whether it belongs to version 1.0-draft."""
    request_body: Mapping[str, dict] = {}
    response_media_type = "application/json"

    def post(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        """What `get` answers, to whichever method: drf-spectacular wants one of its own for each that it describes."""
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
    name, summary = "root", "The reconciliation service: its manifest, or answers to a batch of queries"
    methods, errors = (*SAFE_METHODS, "POST"), (400, 413, 415)
    parameters, response_schema, request_body = (
        protocol_schema.ROOT_PARAMETERS,
        protocol_schema.ROOT_RESPONSE_SCHEMA,
        protocol_schema.FORM_BODY,
    )

    def get(self, request: ApiRequest) -> ApiResponse:
        return batch_responses.service_root_response(request)


class DraftRootView(ReconciliationView):
    name, summary, response_schema, errors, is_draft = (
        "root",
        "The reconciliation service's manifest",
        protocol_schema.MANIFEST_SCHEMA,
        (),
        True,
    )

    def get(self, request: ApiRequest) -> ApiResponse:
        return protocol_messages.protocol_response(build_draft_manifest(request.site))


class MatchView(ReconciliationView):
    name, summary, methods, errors = "match", "Candidates for a batch of queries", POST_METHODS, (400, 413, 415)
    response_schema, request_body = protocol_schema.DRAFT_RESULTS_SCHEMA, protocol_schema.DRAFT_QUERIES_BODY

    def get(self, request: ApiRequest) -> ApiResponse:
        return batch_responses.match_response(request)


class SuggestServiceView(ReconciliationView):
    suggested_kind = ""
    parameters, shared_response = protocol_schema.SUGGEST_PARAMETERS, "ReconcileSuggestions"

    def get(self, request: ApiRequest) -> ApiResponse:
        data = protocol_messages.sent_parameters(request)
        return protocol_messages.protocol_response(
            suggest_services.suggest_by_prefix(self.suggested_kind, data), data.get("callback", "")
        )

    def get_operation_id(self) -> str:
        return f"{super().get_operation_id()}suggest_{self.suggested_kind}"

    def get_summary(self) -> str:
        return f"Suggest {suggest_services.SUGGESTED_PLURALS[self.suggested_kind]} while one types ({'1.0-draft' if self.is_draft else '0.2'})"

    def get_parameters(self) -> Mapping[str, Parameter]:
        return (
            protocol_schema.SUGGEST_PARAMETERS
            if self.suggested_kind != "type"
            else {name: one for name, one in protocol_schema.SUGGEST_PARAMETERS.items() if name != "type"}
        )

    def get_response_schema(self) -> Any:
        return protocol_schema.SUGGESTIONS_SCHEMA


class FlyoutView(ReconciliationView):
    suggested_kind = ""
    parameters, response_schema, errors, shared_response = (
        protocol_schema.ID_PARAMETERS,
        protocol_schema.FLYOUT_SCHEMA,
        (400, 404),
        "ReconcileFlyout",
    )

    def get(self, request: ApiRequest) -> ApiResponse:
        data = protocol_messages.sent_parameters(request)
        return protocol_messages.protocol_response(
            suggest_services.suggestion_flyout(self.suggested_kind, data.get("id", "")), data.get("callback", "")
        )

    def get_operation_id(self) -> str:
        return f"{super().get_operation_id()}flyout_{self.suggested_kind}"

    def get_summary(self) -> str:
        return f"A few words about one {self.suggested_kind} (0.2)"


class PreviewView(ReconciliationView):
    name, summary, errors = "preview", "A small page about one entity, to be framed", (400, 404)
    parameters, response_schema, response_media_type, shared_response = (
        protocol_schema.ID_PARAMETERS,
        {"type": "string"},
        "text/html",
        "ReconcilePreview",
    )

    def get(self, request: ApiRequest) -> ApiResponse:
        return entity_preview.preview_response(protocol_messages.sent_parameters(request).get("id", ""), request.site)


class ProposeView(ReconciliationView):
    name, summary = "propose", "Properties that entities of a type may have"
    parameters, response_schema, shared_response = (
        protocol_schema.PROPOSE_PARAMETERS,
        protocol_schema.PROPOSED_SCHEMA,
        "ReconcileProperties",
    )

    def get(self, request: ApiRequest) -> ApiResponse:
        data = protocol_messages.sent_parameters(request)
        return protocol_messages.protocol_response(data_extension.propose_properties(data), data.get("callback", ""))


class ExtendView(ReconciliationView):
    name, summary, methods, errors = "extend", "Values of properties of entities", POST_METHODS, (400, 413, 415)
    response_schema, request_body = protocol_schema.DRAFT_ROWS_SCHEMA, protocol_schema.DRAFT_EXTEND_BODY

    def get(self, request: ApiRequest) -> ApiResponse:
        return protocol_messages.protocol_response(
            data_extension.extend_entities_draft(protocol_messages.posted_json(request)), is_cacheable=False
        )
