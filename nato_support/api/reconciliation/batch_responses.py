"""Responses to query batches, in the format of each version of the protocol."""

from collections.abc import Mapping
from typing import Any

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.reconciliation import candidate_scoring, data_extension, protocol_messages, query_batches
from nato_support.api.reconciliation.candidate_scoring import MatchCandidate
from nato_support.api.reconciliation.entity_properties import PROPERTIES
from nato_support.api.reconciliation.entity_types import describe_entity, type_reference, types_of_entity
from nato_support.api.reconciliation.property_values import country_name
from nato_support.api.reconciliation.service_manifest import build_manifest

_FEATURE_LABELS = {
    "name": "How alike the names are, 0 to 100",
    "exact": "Whether it is called or identified just so",
    "type": "Whether it is of the type asked for",
}


def manifest_or_results_response(request: ApiRequest) -> ApiResponse:
    """Version 0.2: return the manifest or, with `queries`, `query` or `extend`, the results of that request."""
    parameters = protocol_messages.query_and_form_parameters(request)
    is_get = request.http_request is None or request.http_request.method != "POST"
    callback = parameters.get("callback", "") if is_get else ""
    return protocol_messages.json_or_jsonp_response(_results_or_manifest(parameters, request.site), callback, is_cacheable=is_get)


def draft_match_response(request: ApiRequest) -> ApiResponse:
    """Version 1.0-draft: return the candidates for each query, in the order of the queries."""
    batch = query_batches.parse_draft_batch(protocol_messages.posted_json(request))
    results = [
        {"candidates": [_candidate_members(candidate) for candidate in candidates]}
        for candidates in candidate_scoring.find_and_score_candidates(batch)
    ]
    return protocol_messages.json_or_jsonp_response({"results": results}, is_cacheable=False)


def _results_or_manifest(parameters: Mapping[str, str], site: str) -> Any:
    if "queries" in parameters:
        batch = query_batches.parse_batch(protocol_messages.parse_json(parameters["queries"], "queries"), "queries")
        results_by_query = candidate_scoring.find_and_score_candidates(list(batch.values()))
        return {key: _query_result(candidates) for key, candidates in zip(batch, results_by_query, strict=True)}
    if "extend" in parameters:
        return data_extension.extend_entities(protocol_messages.parse_json(parameters["extend"], "extend"), "extend")
    if "query" in parameters:
        return _query_result(candidate_scoring.find_and_score_candidates([_parse_lone_query(parameters)])[0])
    return build_manifest(site)


def _parse_lone_query(parameters: Mapping[str, str]) -> query_batches.ReconciliationQuery:
    """Parse the query of a request without a batch: a text, or a query in JSON."""
    text = parameters["query"]
    if not text.lstrip().startswith("{"):
        return query_batches.parse_single_query(text, parameters)
    return query_batches.parse_batch({"query": protocol_messages.parse_json(text, "query")})["query"]


def _query_result(candidates: list[MatchCandidate]) -> dict[str, Any]:
    return {"result": [_candidate_members(candidate) for candidate in candidates]}


def _candidate_members(candidate: MatchCandidate) -> dict[str, Any]:
    document = candidate.record.document
    return {
        "id": candidate.record.slug,
        "name": candidate.record.name,
        "description": describe_entity(document, country_name(document)),
        "score": candidate.score,
        "match": candidate.match,
        "type": [type_reference(type) for type in types_of_entity(document)],
        "features": [{"id": id, "name": _feature_label(id), "value": value} for id, value in candidate.features.items()],
    }


def _feature_label(id: str) -> str:
    property = PROPERTIES.get(id.removeprefix("property."))
    return _FEATURE_LABELS.get(id) or f"How well this agrees, 0 to 100: {property.name if property else id}"
