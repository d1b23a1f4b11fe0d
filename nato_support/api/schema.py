"""How drf-spectacular reads the views: parameters from their declarations, answers from the printed shapes."""

from functools import lru_cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer

from entities.serializers import DateShape, ReferenceShape
from nato_support.api import shapes
from nato_support.api.collections import SHAPES
from nato_support.api.parameters import Parameter
from nato_support.api.problems import TYPE
from sources.serializers import EmbeddedDocumentShape, EmbeddedQuoteShape

_WORDS = {
    308: "The record was merged into another: Location has the same address of that one, the query kept.",
    400: "Some parameters cannot be used; nothing was searched.",
    404: "There is no such public record.",
    409: "The register changed since the first page of this search.",
    410: "The record was withdrawn.",
}
_KIND_OF = {shape: kind for kind, shape in SHAPES.items()} | {shapes.DETAILS[kind]: kind for kind in SHAPES}
_NULL = {"type": "null"}


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
        return [*map(_query, self.view.takes().values()), *(_path(name, *told) for name, told in self.view.places().items())]

    def get_response_serializers(self) -> Any:
        gives = self.view.gives()
        answers: dict = {200: OpenApiResponse(gives, description="The answer.")}
        answers[304] = OpenApiResponse(description="Nothing changed since the ETag that you hold.")
        for status in self.view.may_refuse():
            answers[status, TYPE] = OpenApiResponse(shapes.ProblemShape, description=_WORDS[status])
        return answers

    def get_serializer_name(self, serializer, direction) -> str:
        return type(serializer).__name__.removesuffix("Shape")

    def _get_paginator(self):
        return None


def any_of(name: str, kinds, *, many: bool = False) -> PolymorphicProxySerializer:
    """A record of one of `kinds`, told by its `kind`."""
    by_kind = (
        {kind: SHAPES[kind] for kind in kinds} if not name.endswith("Detail") else {kind: shapes.DETAILS[kind] for kind in kinds}
    )
    return PolymorphicProxySerializer(component_name=name, serializers=by_kind, resource_type_field_name="kind", many=many)


def _query(parameter: Parameter) -> OpenApiParameter:
    schema = dict(parameter.schema)
    if parameter.many:
        schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": 50}
    return OpenApiParameter(
        parameter.name, schema, OpenApiParameter.QUERY, description=parameter.help, required=parameter.required
    )


def _path(name: str, help: str, schema: dict) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=help, required=True)


class _DateField(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.DateField"

    def map_serializer_field(self, auto_schema, direction):
        return {"oneOf": [auto_schema.resolve_serializer(DateShape, direction).ref, _NULL]}


class _ReferenceField(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.ReferenceField"

    def map_serializer_field(self, auto_schema, direction):
        return {"oneOf": [auto_schema.resolve_serializer(ReferenceShape, direction).ref, _NULL]}


class _DecimalField(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.DecimalField"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}


class _BlankAsNull(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.BlankAsNull"

    def map_serializer_field(self, auto_schema, direction):
        return {"type": ["string", "null"]}


class _Printed(OpenApiSerializerExtension):
    """Printed records, with what the printer fills in: their kind, and the records that they refer to."""

    target_class = "entities.serializers.PrintedShape"
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        shape = type(self.target)
        told: dict[str, dict] = {"kind": {"type": "string", "enum": [_KIND_OF[shape]]}}
        if "committed_by" in schema["properties"]:
            told["committed_by"] = {"type": "array", "items": auto_schema.resolve_serializer(ReferenceShape, direction).ref}
        if _KIND_OF[shape] == "quote":
            told["document"] = auto_schema.resolve_serializer(EmbeddedDocumentShape, direction).ref
        schema["description"] = f"One {_KIND_OF[shape]}, as printed."
        return _with(schema, told)


class _Citation(OpenApiSerializerExtension):
    target_class = "sources.serializers.CitationShape"

    def map_serializer(self, auto_schema, direction):
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        reference = auto_schema.resolve_serializer(ReferenceShape, direction).ref
        quote = auto_schema.resolve_serializer(EmbeddedQuoteShape, direction).ref
        return _with(schema, {"value_ref": {"oneOf": [reference, _NULL]}, "quote": quote})


def _with(schema: dict, told: dict[str, dict]) -> dict:
    for name, better in told.items():
        said = schema["properties"][name].get("description")
        schema["properties"][name] = better | ({"description": said} if said else {})
    return schema


def without_marks(result: Any, **kwargs) -> Any:
    """Takes out what drf-spectacular writes for its own use, and claims about requests: everything here is read only."""
    if isinstance(result, dict):
        for mark in ("x-spec-enum-id", "readOnly"):
            result.pop(mark, None)
    for value in result.values() if isinstance(result, dict) else result:
        if isinstance(value, dict | list):
            without_marks(value)
    return result


@lru_cache(maxsize=1)
def document() -> dict:
    """The OpenAPI document."""
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)
