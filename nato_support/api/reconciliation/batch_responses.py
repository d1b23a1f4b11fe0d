"""The answers to query batches, in the words of each version of the protocol."""

from collections.abc import Mapping
from typing import Any

from nato_support.api.dispatch import ApiRequest, ApiResponse
from nato_support.api.reconciliation import candidate_scoring, data_extension, protocol_messages, query_batches
from nato_support.api.reconciliation.candidate_scoring import MatchCandidate
from nato_support.api.reconciliation.entity_properties import PROPERTIES, country_name
from nato_support.api.reconciliation.entity_types import describe_entity, type_reference, types_of_entity
from nato_support.api.reconciliation.service_manifest import build_manifest

_FEATURE_LABELS = {
    "name": "How alike the names are, 0 to 100",
    "exact": "Whether it is called or identified just so",
    "type": "Whether it is of the type asked for",
}


def service_root_response(request: ApiRequest) -> ApiResponse:
    """Of version 0.2: the manifest or, with `queries`, `query` or `extend`, what they ask for."""
    data = protocol_messages.sent_parameters(request)
    reading = request.http_request is None or request.http_request.method != "POST"
    callback = data.get("callback", "") if reading else ""
    return protocol_messages.protocol_response(_requested_result(data, request.site), callback, is_cacheable=reading)


def match_response(request: ApiRequest) -> ApiResponse:
    """Of version 1.0-draft: candidates for each query, in the order of the queries."""
    batch = query_batches.parse_draft_batch(protocol_messages.posted_json(request))
    results = [{"candidates": [_candidate_members(one) for one in found]} for found in candidate_scoring.match_queries(batch)]
    return protocol_messages.protocol_response({"results": results}, is_cacheable=False)


def _requested_result(data: Mapping[str, str], site: str) -> Any:
    if "queries" in data:
        batch = query_batches.parse_batch(protocol_messages.parse_json(data["queries"], "queries"), "queries")
        found = candidate_scoring.match_queries(list(batch.values()))
        return {key: _query_result(candidates) for key, candidates in zip(batch, found, strict=True)}
    if "extend" in data:
        return data_extension.extend_entities(protocol_messages.parse_json(data["extend"], "extend"), "extend")
    if "query" in data:
        return _query_result(candidate_scoring.match_queries([_parse_lone_query(data)])[0])
    return build_manifest(site)


def _parse_lone_query(data: Mapping[str, str]) -> query_batches.ReconciliationQuery:
    """The one query of a request without a batch: a text, or a query in JSON."""
    text = data["query"]
    if not text.lstrip().startswith("{"):
        return query_batches.parse_single_query(text, data)
    return query_batches.parse_batch({"query": protocol_messages.parse_json(text, "query")})["query"]


def _query_result(candidates: list[MatchCandidate]) -> dict[str, Any]:
    return {"result": [_candidate_members(one) for one in candidates]}


def _candidate_members(candidate: MatchCandidate) -> dict[str, Any]:
    lean = candidate.record.lean
    return {
        "id": candidate.record.slug,
        "name": candidate.record.name,
        "description": describe_entity(lean, country_name(lean)),
        "score": candidate.score,
        "match": candidate.match,
        "type": [type_reference(type) for type in types_of_entity(lean)],
        "features": [{"id": id, "name": _feature_label(id), "value": value} for id, value in candidate.features.items()],
    }


def _feature_label(id: str) -> str:
    asked = PROPERTIES.get(id.removeprefix("property."))
    return _FEATURE_LABELS.get(id) or f"How well this agrees, 0 to 100: {asked.name if asked else id}"
