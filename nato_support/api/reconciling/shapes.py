"""What the service takes and gives, as JSON Schema, for the OpenAPI document. The protocol's own schemas say the same."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse

from nato_support.api.collections import SLUG
from nato_support.api.parameters import Parameter
from nato_support.api.reconciling.asking import CALLBACK, LONGEST_CALLBACK
from nato_support.api.reconciling.extending import MOST_IDS, MOST_PROPERTIES
from nato_support.api.reconciling.kinds import KINDS, TYPES
from nato_support.api.reconciling.properties import PROPERTIES
from nato_support.api.reconciling.queries import BATCH
from nato_support.api.schema import PublicSchema


class ReconcilingSchema(PublicSchema):
    """One operation of the service: what may be posted to it, and the media type of its answer, beside the rest."""

    def get_operation_id(self) -> str:
        posting = self.method == "POST" and "GET" in self.view.methods
        return f"{super().get_operation_id()}_post" if posting else super().get_operation_id()

    def get_override_parameters(self) -> list:
        return [] if self.method == "POST" else super().get_override_parameters()

    def get_request_serializer(self) -> Any:
        return dict(self.view.accepts)

    def get_response_serializers(self) -> Any:
        return {(200, self.view.media): OpenApiResponse(self.view.gives(), description="The answer.")}


def _object(properties: dict, required: tuple[str, ...] = (), **more: Any) -> dict:
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {}), **more}


def _list(items: dict, **more: Any) -> dict:
    return {"type": "array", "items": items, **more}


def _parameter(name: str, help: str, schema: dict) -> Parameter:
    """Described here, read as it comes: of what does not fit, nothing is found."""
    return Parameter(name, help, lambda text: (text,), schema)


_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 100}
_SLUG = {"type": "string", "pattern": f"^{SLUG}$", "maxLength": 250}
_TYPED = {"type": "string", "enum": list(TYPES)}
_callback = _parameter(
    "callback",
    "Answer with a script that calls this function (JSONP).",
    {"type": "string", "pattern": f"^{CALLBACK}$", "maxLength": LONGEST_CALLBACK},
)
_VALUE = {
    "anyOf": [_TEXT, {"type": "number"}, {"type": "boolean"}, _object({"id": _TEXT, "name": _TEXT}, ("id",))],
}
_VALUES = {"anyOf": [*_VALUE["anyOf"], _list(_VALUE)]}
_BATCH = {
    "type": "string",
    "description": "A JSON object of queries by keys of one's own.",
    "contentMediaType": "application/json",
    "contentSchema": {
        "type": "object",
        "maxProperties": BATCH,
        "additionalProperties": _object(
            {
                "query": _TEXT,
                "type": {"anyOf": [_TEXT, _list(_TEXT)]},
                "limit": {"type": "number"},
                "type_strict": {"type": "string", "enum": ["any", "should", "all"]},
                "properties": _list(_object({"pid": _TEXT, "v": _VALUES}, ("pid", "v"))),
            },
            additionalProperties=False,
        ),
    },
    "examples": ['{"q0":{"query":"NSATU","limit":3}}'],
}
_EXTENSION = _object(
    {
        "ids": _list(_TEXT, maxItems=MOST_IDS),
        "properties": _list(_object({"id": _TEXT, "settings": {"type": "object"}}, ("id",)), maxItems=MOST_PROPERTIES),
    },
    ("ids", "properties"),
)
_EXTEND = {
    "type": "string",
    "description": "A JSON object of ids and properties.",
    "contentMediaType": "application/json",
    "contentSchema": _EXTENSION,
    "examples": ['{"ids":["nsatu"],"properties":[{"id":"type"}]}'],
}
FORMS = {"application/x-www-form-urlencoded": _object({"queries": _BATCH, "extend": _EXTEND})}
DRAFT_EXTEND = {"application/json": _EXTENSION}
DRAFT_QUERIES = {
    "application/json": _object(
        {
            "queries": _list(
                _object(
                    {
                        "type": _TEXT,
                        "limit": {"type": "number"},
                        "lang": _TEXT,
                        "conditions": _list(
                            _object(
                                {
                                    "matchType": {"type": "string", "enum": ["name", "id", "property"]},
                                    "propertyId": {"type": "string", "enum": list(PROPERTIES)},
                                    "propertyValue": _VALUES,
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
                maxItems=BATCH,
            )
        },
        ("queries",),
    )
}

ROOT = {
    one.name: one
    for one in (
        _parameter("queries", "A batch of queries.", _BATCH),
        _parameter("query", "One query: a text, or a query in JSON.", {"type": "string", "examples": ["NSATU"]}),
        _parameter("type", "Of the one query: the type of what is sought.", _TYPED),
        _parameter("limit", "Of the one query: how many candidates it is given.", _NUMBER),
        _parameter("extend", "Entities and properties whose values are asked for.", _EXTEND),
        _callback,
    )
}
SUGGEST = {
    one.name: one
    for one in (
        _parameter("prefix", "What was typed.", {"type": "string", "examples": ["nsa"]}),
        _parameter("type", "Only entities, or properties of entities, of this type.", _TYPED),
        _parameter("limit", "How many.", _NUMBER),
        _parameter("cursor", "From the one of this number on.", {"type": "integer", "minimum": 0, "maximum": 200}),
        _callback,
    )
}
ONE = {"id": _parameter("id", "The id.", _SLUG)}
PROPOSE = {
    one.name: one
    for one in (
        _parameter("type", "Of which type.", {"type": "string", "enum": list(TYPES), "examples": [KINDS[0]]}),
        _parameter("limit", "How many.", _NUMBER),
        _callback,
    )
}

_NAMED = {"id": _TEXT, "name": _TEXT}
_TYPE_SHAPE = _object(_NAMED, ("id", "name"))
_FEATURE = _object(_NAMED | {"value": {"type": ["boolean", "number"]}}, ("id", "name", "value"))
_CANDIDATE = _object(
    _NAMED
    | {
        "description": _TEXT,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": _list(_TYPE_SHAPE),
        "features": _list(_FEATURE),
    },
    ("id", "name", "description", "score", "match", "type", "features"),
)
_SUGGESTION = _object(_NAMED | {"description": _TEXT, "notable": _list(_TYPE_SHAPE)}, ("id", "name"))
_CELL = _object({"str": _TEXT, "float": {"type": "number"}, "int": {"type": "integer"}} | _NAMED, additionalProperties=False)
_META = _list(_object(_NAMED | {"type": _TYPE_SHAPE}, ("id", "name")))
MANIFEST = _object({"versions": _list(_TEXT), "name": _TEXT, "view": {"type": "object"}}, ("versions", "name", "view"))
ROOT_ANSWER = {"type": "object", "description": "The manifest; a `result` for each query; or `meta` and `rows`."}
DRAFT_RESULTS = _object({"results": _list(_object({"candidates": _list(_CANDIDATE)}, ("candidates",)))}, ("results",))
DRAFT_ROWS = _object(
    {
        "meta": _META,
        "rows": _list(
            _object(
                {"id": _TEXT, "properties": _list(_object({"id": _TEXT, "values": _list(_CELL)}, ("id", "values")))},
                ("id", "properties"),
            )
        ),
    },
    ("meta", "rows"),
)
SUGGESTIONS = _object({"result": _list(_SUGGESTION)}, ("result",))
FLYOUT = _object({"id": _TEXT, "html": _TEXT}, ("id", "html"))
PROPOSED = _object(
    {"properties": _list(_object(_NAMED | {"description": _TEXT}, ("id", "name"))), "type": _TEXT, "limit": {"type": "integer"}},
    ("properties",),
)
