"""JSON Schemas of the service's requests and responses, for the OpenAPI document. They agree with the protocol's own."""

from typing import Any

from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiResponse

from nato_support.api.collections import SLUG_PATTERN
from nato_support.api.openapi_operations import DocumentedViewSchema
from nato_support.api.parameters import Parameter
from nato_support.api.reconciliation.data_extension import MAX_IDS, MAX_PROPERTIES
from nato_support.api.reconciliation.entity_properties import PROPERTIES
from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, KINDS
from nato_support.api.reconciliation.protocol_messages import CALLBACK_PATTERN, MAX_CALLBACK_LENGTH
from nato_support.api.reconciliation.query_batches import MAX_BATCH


class ReconciliationSchema(DocumentedViewSchema):
    """OpenAPI description of an operation of the service, with its request body and response media type."""

    def get_operation_id(self) -> str:
        posting = self.method == "POST" and "GET" in self.view.methods
        return f"{super().get_operation_id()}_post" if posting else super().get_operation_id()

    def get_override_parameters(self) -> list:
        return [] if self.method == "POST" else super().get_override_parameters()

    def get_request_serializer(self) -> Any:
        for name, schema in COMPONENTS.items():
            self._register_component(ResolvedComponent.SCHEMA, name, schema)
        return dict(self.view.request_body)

    def get_response_serializers(self) -> Any:
        return {(200, self.view.response_media_type): OpenApiResponse(self.view.get_response_schema(), description="The answer.")}


def _object_schema(properties: dict, required: tuple[str, ...] = (), **more: Any) -> dict:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {}), **more}


def _array_schema(items: dict, **more: Any) -> dict:
    return {"type": "array", "items": items, **more}


def _protocol_parameter(name: str, help: str, schema: dict, component: str = "") -> Parameter:
    """Describe a parameter that takes any text: values that do not fit find nothing."""
    return Parameter(name, help, lambda text: (text,), schema, component=component)


def _component_reference(name: str) -> dict:
    """Return a reference to a shared schema."""
    return {"$ref": f"#/components/schemas/{name}"}


_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 100}
_SLUG = {"type": "string", "pattern": f"^{SLUG_PATTERN}$", "maxLength": 250}
_TYPED = {"type": "string", "enum": list(ENTITY_TYPES), "examples": [KINDS[0]]}
_CALLBACK_PARAMETER = _protocol_parameter(
    "callback",
    "Answer with a script that calls this function (JSONP).",
    {"type": "string", "pattern": f"^{CALLBACK_PATTERN}$", "maxLength": MAX_CALLBACK_LENGTH},
)
_VALUE = {
    "anyOf": [_TEXT, {"type": "number"}, {"type": "boolean"}, _object_schema({"id": _TEXT, "name": _TEXT}, ("id",))],
}
_VALUES = {"anyOf": [*_VALUE["anyOf"], _array_schema(_VALUE)]}
_BATCH = {
    "type": "string",
    "description": "A JSON object of queries by keys of one's own.",
    "contentMediaType": "application/json",
    "contentSchema": {
        "type": "object",
        "maxProperties": MAX_BATCH,
        "additionalProperties": _object_schema(
            {
                "query": _TEXT,
                "type": {"anyOf": [_TEXT, _array_schema(_TEXT)]},
                "limit": {"type": "number"},
                "type_strict": {"type": "string", "enum": ["any", "should", "all"]},
                "properties": _array_schema(
                    _object_schema({"pid": _TEXT, "v": _component_reference("ReconcileValues")}, ("pid", "v"))
                ),
            },
            additionalProperties=False,
        ),
    },
    "examples": ['{"q0":{"query":"NSATU","limit":3}}'],
}
_EXTENSION = _object_schema(
    {
        "ids": _array_schema(_TEXT, maxItems=MAX_IDS),
        "properties": _array_schema(
            _object_schema({"id": _TEXT, "settings": {"type": "object"}}, ("id",)), maxItems=MAX_PROPERTIES
        ),
    },
    ("ids", "properties"),
)
_EXTEND = {
    "type": "string",
    "description": "A JSON object of ids and properties.",
    "contentMediaType": "application/json",
    "contentSchema": _component_reference("ReconcileExtension"),
    "examples": ['{"ids":["nsatu"],"properties":[{"id":"type"}]}'],
}
COMPONENTS = {
    "ReconcileValues": _VALUES,
    "ReconcileExtension": _EXTENSION,
    "ReconcileBatch": _BATCH,
    "ReconcileExtend": _EXTEND,
}
"""Name -> schema that several requests share."""
FORM_BODY = {
    "application/x-www-form-urlencoded": _object_schema(
        {"queries": _component_reference("ReconcileBatch"), "extend": _component_reference("ReconcileExtend")}
    )
}
DRAFT_EXTEND_BODY = {"application/json": _component_reference("ReconcileExtension")}
DRAFT_QUERIES_BODY = {
    "application/json": _object_schema(
        {
            "queries": _array_schema(
                _object_schema(
                    {
                        "type": _TEXT,
                        "limit": {"type": "number"},
                        "lang": _TEXT,
                        "conditions": _array_schema(
                            _object_schema(
                                {
                                    "matchType": {"type": "string", "enum": ["name", "id", "property"]},
                                    "propertyId": {"type": "string", "enum": list(PROPERTIES)},
                                    "propertyValue": _component_reference("ReconcileValues"),
                                    "required": {"type": "boolean", "default": False},
                                    "matchQuantifier": {"type": "string", "enum": ["any", "all", "none"], "default": "any"},
                                },
                                ("matchType", "propertyValue"),
                            ),
                            minItems=1,
                        ),
                    },
                    ("conditions",),
                    additionalProperties=False,
                ),
                maxItems=MAX_BATCH,
            )
        },
        ("queries",),
    )
}

ROOT_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        _protocol_parameter("queries", "A batch of queries.", _component_reference("ReconcileBatch")),
        _protocol_parameter("query", "One query: a text, or a query in JSON.", {"type": "string", "examples": ["NSATU"]}),
        _protocol_parameter("type", "Type of the candidates, for a single query.", _TYPED, "ReconcileType"),
        _protocol_parameter("limit", "Maximum number of candidates, for a single query.", _NUMBER),
        _protocol_parameter(
            "extend", "Entities and properties whose values are asked for.", _component_reference("ReconcileExtend")
        ),
        _CALLBACK_PARAMETER,
    )
}
SUGGEST_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        _protocol_parameter("prefix", "Beginning of a name.", {"type": "string", "examples": ["nsa"]}),
        _protocol_parameter("type", "Only entities, or properties of entities, of this type.", _TYPED, "ReconcileType"),
        _protocol_parameter("limit", "Maximum number of results.", _NUMBER),
        _protocol_parameter("cursor", "Number of results to skip.", {"type": "integer", "minimum": 0, "maximum": 200}),
        _CALLBACK_PARAMETER,
    )
}
ID_PARAMETERS = {"id": _protocol_parameter("id", "The id.", _SLUG)}
PROPOSE_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        _protocol_parameter("type", "Type of entity.", _TYPED, "ReconcileType"),
        _protocol_parameter("limit", "Maximum number of results.", _NUMBER),
        _CALLBACK_PARAMETER,
    )
}

_NAMED = {"id": _TEXT, "name": _TEXT}
_TYPE_SHAPE = _object_schema(_NAMED, ("id", "name"))
_FEATURE = _object_schema(_NAMED | {"value": {"type": ["boolean", "number"]}}, ("id", "name", "value"))
_CANDIDATE = _object_schema(
    _NAMED
    | {
        "description": _TEXT,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": _array_schema(_TYPE_SHAPE),
        "features": _array_schema(_FEATURE),
    },
    ("id", "name", "description", "score", "match", "type", "features"),
)
_SUGGESTION = _object_schema(_NAMED | {"description": _TEXT, "notable": _array_schema(_TYPE_SHAPE)}, ("id", "name"))
_CELL = _object_schema(
    {"str": _TEXT, "float": {"type": "number"}, "int": {"type": "integer"}} | _NAMED, additionalProperties=False
)
_META = _array_schema(_object_schema(_NAMED | {"type": _TYPE_SHAPE}, ("id", "name")))
MANIFEST_SCHEMA = _object_schema(
    {"versions": _array_schema(_TEXT), "name": _TEXT, "view": {"type": "object"}}, ("versions", "name", "view")
)
ROOT_RESPONSE_SCHEMA = {"type": "object", "description": "The manifest; a `result` for each query; or `meta` and `rows`."}
DRAFT_RESULTS_SCHEMA = _object_schema(
    {"results": _array_schema(_object_schema({"candidates": _array_schema(_CANDIDATE)}, ("candidates",)))}, ("results",)
)
DRAFT_ROWS_SCHEMA = _object_schema(
    {
        "meta": _META,
        "rows": _array_schema(
            _object_schema(
                {
                    "id": _TEXT,
                    "properties": _array_schema(_object_schema({"id": _TEXT, "values": _array_schema(_CELL)}, ("id", "values"))),
                },
                ("id", "properties"),
            )
        ),
    },
    ("meta", "rows"),
)
SUGGESTIONS_SCHEMA = _object_schema({"result": _array_schema(_SUGGESTION)}, ("result",))
FLYOUT_SCHEMA = _object_schema({"id": _TEXT, "html": _TEXT}, ("id", "html"))
PROPOSED_SCHEMA = _object_schema(
    {
        "properties": _array_schema(_object_schema(_NAMED | {"description": _TEXT}, ("id", "name"))),
        "type": _TEXT,
        "limit": {"type": "integer"},
    },
    ("properties",),
)
