"""How drf-spectacular reads the views: parameters from their declarations, answers from the printed shapes."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer

from entities.countries import COUNTRIES
from nato_support.api import response_shapes
from nato_support.api.collections import SHAPES
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.parameters import Parameter
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_MEDIA_TYPE, PROBLEM_TITLES, problem_type_path

ERROR_RESPONSES = {
    302: ("Then", "edition-then", "Accept-Datetime was sent: Location has the edition that was public then."),
    308: ("Merged", "merged", "The record was merged into another: Location has the same address of that one, the query kept."),
    400: ("Unusable", "invalid-parameters", "Some parameters cannot be used; nothing was searched."),
    404: ("NotFound", "not-found", "There is no such public record."),
    406: ("NotAcceptable", "not-acceptable", "Nothing that Accept takes is offered here."),
    409: ("Changed", "register-changed", "The register is not the one any more that was asked first."),
    410: ("Gone", "withdrawn", "The record was withdrawn, or what was asked for is not kept any more."),
    413: ("TooMuch", "batch-too-large", "Too much at once."),
    415: ("Unread", "unsupported-media-type", "This form of request is not read."),
    429: ("TooMany", "rate-limited", "Too many requests from this address."),
    500: ("Failed", "internal", "The fault is the register's, and has been recorded."),
    503: ("Busy", "unavailable", "Too much was published while the answer was made."),
}
"""Status -> the name of the component that describes such an answer, the problem that is its example, and its description."""

COMMON_ERRORS = (429, 500, 503)
"""What every address may answer."""

_STRING_SCHEMA = {"type": "string"}
RESPONSE_HEADERS = {
    "X-Request-ID": ("The id that the request was sent with, or one made for it: give it with any question.", _STRING_SCHEMA),
    "ETag": ("Send it back as If-None-Match: 304 while nothing changed.", {"type": "string", "examples": ['W/"1842-9fJ2kXw0"']}),
    "Last-Modified": ("When the newest release was made; of a numbered edition, when it was printed.", _STRING_SCHEMA),
    "Cache-Control": (
        "`public, no-cache`: keep it, but ask before using it again; numbered editions are `immutable`.",
        _STRING_SCHEMA,
    ),
    "Link": ("RFC 8288: addresses that belong to the answer.", _STRING_SCHEMA),
    "Memento-Datetime": ("RFC 7089: when this edition was printed.", _STRING_SCHEMA),
    "Location": ("Where it is.", {"type": "string", "format": "uri-reference"}),
    "Retry-After": ("After how many seconds to try again.", {"type": "integer", "minimum": 0}),
}
"""Header of answers -> what it says, and its JSON Schema."""

_NULL_SCHEMA = {"type": "null"}


class PublicSchema(AutoSchema):
    """One operation, as its view tells it: `operation`, `summary`, `takes`, `gives` and the refusals `may_refuse`."""

    def get_operation_id(self) -> str:
        return self.view.operation()

    def get_summary(self) -> str:
        return self.view.summary()

    def get_description(self) -> str:
        return ""

    def get_tags(self) -> list[str]:
        return [self.view.tag()]

    def get_auth(self) -> list:
        return [{}]

    def get_override_parameters(self) -> list:
        return [
            *map(_query_parameter, self.view.get_parameters().values()),
            *(_path_parameter(name, *told) for name, told in self.view.places().items()),
        ]

    def get_response_serializers(self) -> Any:
        gives = self.view.get_response_schema()
        example = getattr(gives, "EXAMPLE", None) or _example_of_first_kind(gives)
        examples = [OpenApiExample("invented", value=example)] if example else []
        return {
            (200, self.view.media or MEDIA_TYPES[self.view.forms[0]]): OpenApiResponse(
                gives, description="The answer.", examples=examples
            )
        }

    def _get_response_bodies(self, direction="response") -> dict:
        answers = super()._get_response_bodies(direction)
        for form in self.view.forms[1:]:
            answers["200"].setdefault("content", {})[MEDIA_TYPES[form].split(";")[0]] = {"schema": {"type": "string"}}
        if self.method == "GET" and "callback" in self.view.get_parameters():
            answers["200"].setdefault("content", {})["application/javascript"] = {"schema": {"type": "string"}}
        answers["304"] = {"description": "Nothing changed since the ETag that you hold.", "headers": _header_references(304)}
        self.resolve_serializer(response_shapes.ProblemShape, direction)
        for status in sorted({*self.view.get_errors(), *((406,) if len(self.view.forms) > 1 else ()), *COMMON_ERRORS}):
            answers[str(status)] = {"$ref": f"#/components/responses/{ERROR_RESPONSES[status][0]}"}
        return answers

    def _get_response_headers_for_code(self, status_code, direction="response") -> dict:
        return _header_references(int(status_code), *self.view.response_headers)

    def get_serializer_name(self, serializer, direction) -> str:
        return type(serializer).__name__.removesuffix("Shape")

    def _map_basic_serializer(self, serializer, direction):
        """Adds the examples of the shape, and requires of a printed one no more than what always comes along."""
        schema = super()._map_basic_serializer(serializer, direction)
        examples = {
            name: one for base in reversed(type(serializer).__mro__) for name, one in getattr(base, "EXAMPLE", {}).items()
        }
        for name, told in schema["properties"].items():
            if name in examples:
                told["examples"] = [examples[name]]
            if name == "results":
                told.setdefault("description", "The results, in the order asked for.")
        if getattr(serializer, "IDENTIFYING_MEMBERS", ()):
            schema["required"] = sorted(serializer.IDENTIFYING_MEMBERS)
        return schema

    def _get_paginator(self):
        return None


def _header_references(status: int, *more: str) -> dict:
    """The headers of an answer with that status."""
    names = ["X-Request-ID"]
    if status in (200, 304):
        names += ["ETag", "Last-Modified", "Cache-Control", *(["Link"] if status == 200 else ()), *more]
    if status in (302, 308):
        names.append("Location")
    if status in (429, 503):
        names.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _error_response(status: int) -> dict:
    _, code, words = ERROR_RESPONSES[status]
    example = response_shapes.ProblemShape.EXAMPLE if code == "invalid-parameters" else _problem_example(code)
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {code: {"value": example}}}}
    return {"description": words, "headers": _header_references(status), "content": content}


def _problem_example(code: str) -> dict:
    status, title = PROBLEM_TITLES[code]
    about = {"type": problem_type_path(code), "title": title, "status": status, "detail": PROBLEM_EXPLANATIONS[code]}
    return about | {"instance": response_shapes.ProblemShape.EXAMPLE["instance"]}


def _example_of_first_kind(gives: Any) -> Any:
    """An example of one of several kinds is that of the first."""
    return next(iter(gives.serializers.values())).EXAMPLE if isinstance(gives, PolymorphicProxySerializer) else None


def record_of_any_kind(
    name: str, kinds, shapes_by_kind: Mapping[str, type] = SHAPES, *, many: bool = False
) -> PolymorphicProxySerializer:
    """A record of one of `kinds`, told by its `kind`; `of` has the shape of each."""
    by_kind = {kind: shapes_by_kind[kind] for kind in kinds}
    return PolymorphicProxySerializer(component_name=name, serializers=by_kind, resource_type_field_name="kind", many=many)


def _query_parameter(parameter: Parameter) -> OpenApiParameter:
    schema, help = dict(parameter.schema), parameter.help
    # The docs fill in an `example`, and all of them at once are a question that nobody means: `examples` are shown alone.
    if example := schema.pop("example", None):
        schema["examples"] = [example]
        help = f"{help} Such as `{example}`."
    if parameter.many:
        schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": parameter.most}
    return OpenApiParameter(parameter.name, schema, OpenApiParameter.QUERY, description=help, required=parameter.required)


def _path_parameter(name: str, help: str, schema: dict) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=help, required=True)


class _NestedFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.NestedField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        shape = auto_schema.resolve_serializer(self.target.shape, direction).ref
        if self.target.many:
            return {"type": "array", "items": shape}
        return shape if self.target.always else {"oneOf": [shape, _NULL_SCHEMA]}


class _RenderedFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.RenderedField"

    def map_serializer_field(self, auto_schema, direction):
        schema = auto_schema._map_serializer_field(self.target.child, direction)
        auto_schema._insert_field_validators(self.target.child, schema)
        return schema


class _DecimalTextFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.DecimalTextField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}


class _BlankAsNullFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.BlankAsNullField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["string", "null"]} | ({"pattern": self.target.pattern} if self.target.pattern else {})


class _JsonSchemaFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "nato_support.api.response_shapes.JsonSchemaField"

    def map_serializer_field(self, auto_schema, direction):
        return dict(self.target.schema)


class _EditionShapeExtension(OpenApiSerializerExtension):
    """Printed records: each of them is of one kind."""

    target_class = "entities.serializers.EditionShape"
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema["properties"]["kind"] |= {"type": "string", "enum": [self.target.KIND]}
        schema["description"] = f"One {self.target.KIND}, as printed."
        return schema


def finish_document(result: Any, **kwargs) -> Any:
    """The document with the headers and refusals that all operations have in common, without drf-spectacular's marks."""
    components = result.setdefault("components", {})
    components["headers"] = {name: {"description": words, "schema": schema} for name, (words, schema) in RESPONSE_HEADERS.items()}
    components["responses"] = {name: _error_response(status) for status, (name, _, _) in ERROR_RESPONSES.items()}
    components["schemas"]["Country"] = {"type": "string", "enum": sorted(COUNTRIES), "description": "ISO 3166-1 alpha-2."}
    _share_parameters(result)
    return _strip_generator_marks(result)


def _share_parameters(result: dict) -> None:
    """Tells each parameter once that several operations take alike: hundreds of lists take the same ones."""
    operations = [one for operations in result["paths"].values() for one in operations.values() if "parameters" in one]
    taken: dict[str, list[tuple[dict, str]]] = {}
    for operation in operations:
        for parameter in operation["parameters"]:
            _share_countries(parameter["schema"])
            taken.setdefault(json.dumps(parameter, sort_keys=True), []).append((parameter, operation["tags"][0]))
    shared: dict[str, dict] = {}
    names: dict[str, str] = {}
    for told, uses in sorted(taken.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(uses) > 1:
            parameter, tag = uses[0]
            word = "".join(part.title() for part in parameter["name"].split("_"))
            name = next(
                one for one in (word, f"{word}Of{tag.title()}", *(f"{word}{at}" for at in range(2, 100))) if one not in shared
            )
            shared[name], names[told] = parameter, name
    for operation in operations:
        keys = [json.dumps(parameter, sort_keys=True) for parameter in operation["parameters"]]
        operation["parameters"] = [
            {"$ref": f"#/components/parameters/{names[key]}"} if key in names else parameter
            for key, parameter in zip(keys, operation["parameters"], strict=True)
        ]
    result["components"]["parameters"] = dict(sorted(shared.items()))


def _share_countries(schema: dict) -> None:
    """Names the list of countries in place of repeating it."""
    holder = schema.get("items", schema)
    if holder.get("enum") == sorted(COUNTRIES):
        holder.clear()
        holder["$ref"] = "#/components/schemas/Country"


def _strip_generator_marks(result: Any) -> Any:
    """Takes out what drf-spectacular writes for its own use, and claims about requests: everything here is read only."""
    if isinstance(result, dict):
        for mark in ("x-spec-enum-id", "readOnly"):
            result.pop(mark, None)
    for value in result.values() if isinstance(result, dict) else result:
        if isinstance(value, dict | list):
            _strip_generator_marks(value)
    return result


@lru_cache(maxsize=1)
def openapi_document() -> dict:
    """The OpenAPI document."""
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)
