"""Description of the views as OpenAPI operations: parameters from their declarations, responses from the serializers."""

import json
from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer

from entities.serializers import EditionShape, PublicShape
from nato_support.api import openapi_extensions as openapi_extensions
from nato_support.api.collections import SHAPES
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.openapi_components import COMMON_ERRORS, ERROR_RESPONSES, header_references
from nato_support.api.parameters import Parameter
from nato_support.api.problem_shapes import ProblemShape


class DocumentedViewSchema(AutoSchema):
    """Operation of a `DocumentedView`, which declares its id, summary, parameters, response and errors."""

    def get_operation_id(self) -> str:
        return self.view.get_operation_id()

    def get_summary(self) -> str:
        return self.view.get_summary()

    def get_description(self) -> str:
        return ""

    def get_tags(self) -> list[str]:
        return [self.view.get_tag()]

    def get_auth(self) -> list:
        return []

    def get_override_parameters(self) -> list:
        return [
            *map(self._query_parameter, self.view.get_parameters().values()),
            *(_path_parameter(name, help, schema) for name, (help, schema) in self.view.get_path_parameters().items()),
        ]

    def _query_parameter(self, parameter: Parameter) -> OpenApiParameter:
        schema, description = dict(parameter.schema), parameter.help
        # Swagger UI fills every `example` into its form, and nobody asks for all of them at once; it only shows `examples`.
        if example := schema.pop("example", None):
            schema["examples"] = [example]
            description = f"{description} Such as `{example}`."
        if parameter.many:
            schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": parameter.max_values}
        if parameter.component:
            schema = {"$ref": self._register_component(ResolvedComponent.SCHEMA, parameter.component, schema)}
        return OpenApiParameter(
            parameter.name, schema, OpenApiParameter.QUERY, description=description, required=parameter.required
        )

    def get_response_serializers(self) -> Any:
        media_type = self.view.response_media_type or MEDIA_TYPES[self.view.formats[0]]
        return {(200, media_type): OpenApiResponse(self.view.get_response_schema(), description="The answer.")}

    def _get_response_bodies(self, direction="response") -> dict:
        bodies = super()._get_response_bodies(direction)
        content = bodies["200"].setdefault("content", {})
        if example := self._shared_example(self.view.get_response_schema()):
            next(iter(content.values()))["examples"] = {"invented": {"$ref": example}}
        for format_name in self.view.formats[1:]:
            content[MEDIA_TYPES[format_name].split(";")[0]] = {}
        if self.method == "GET" and "callback" in self.view.get_parameters():
            content["application/javascript"] = {}
        if self.view.shared_response:
            bodies["200"] = {
                "$ref": self._register_component(ResolvedComponent.RESPONSE, self.view.shared_response, bodies["200"])
            }
        self.resolve_serializer(ProblemShape, direction)
        for status in sorted({304, *self.view.get_errors(), *((406,) if len(self.view.formats) > 1 else ()), *COMMON_ERRORS}):
            name = "NotModified" if status == 304 else ERROR_RESPONSES[status][0]
            bodies[str(status)] = {"$ref": f"#/components/responses/{name}"}
        return bodies

    def _register_component(self, kind: str, name: str, content: dict) -> str:
        """Add `content` to the components unless it is there, and return the reference to it."""
        component = ResolvedComponent(name=name, type=kind, schema=content, object=name)
        self.registry.register_on_missing(component)
        assert self.registry[component].schema == content, f"{name} names two different {kind}"
        return component.ref["$ref"]

    def _shared_example(self, response_schema: Any) -> str:
        """Return the reference to the example of a whole response, shared by all operations with that response.

        Most have none, and an empty reference: the examples of their members make up theirs.
        """
        if isinstance(response_schema, PolymorphicProxySerializer):
            # The first of several kinds gives the example.
            response_schema = next(iter(response_schema.serializers.values()))
        shape = force_instance(response_schema)
        example = getattr(shape, "ANSWER", None)
        if not example:
            return ""
        return self._register_component(
            ResolvedComponent.EXAMPLE, self.get_serializer_name(shape, "response"), {"value": example}
        )

    def _get_response_headers_for_code(self, status_code, direction="response") -> dict:
        return header_references(int(status_code), *self.view.response_headers)

    def get_serializer_name(self, serializer, direction) -> str:
        return "Record" if type(serializer) is EditionShape else type(serializer).__name__.removesuffix("Shape")

    def _map_basic_serializer(self, serializer, direction):
        """Add the examples of a serializer; of an edition's, require only the members that `fields` cannot leave out.

        Inherited members are described once, in the component of the serializer that they are inherited from.
        """
        schema = super()._map_basic_serializer(serializer, direction)
        shape = type(serializer)
        examples = {name: example for base in reversed(shape.__mro__) for name, example in getattr(base, "EXAMPLE", {}).items()}
        for name, property_schema in schema["properties"].items():
            # A reference has the examples of its component; members of arbitrary names are explained only by an example.
            if name in examples and ("additionalProperties" in property_schema or "$ref" not in json.dumps(property_schema)):
                property_schema["examples"] = [examples[name]]
            if name == "results":
                property_schema.setdefault("description", "The results, in the order asked for.")
        if getattr(serializer, "IDENTIFYING_MEMBERS", ()):
            schema["required"] = sorted(serializer.IDENTIFYING_MEMBERS)
        return self._without_inherited(shape, schema, direction)

    def _without_inherited(self, shape: Any, schema: dict, direction: Any) -> dict:
        """Replace inherited members by references to the components of the base serializers."""
        bases = [base for base in shape.__bases__ if issubclass(base, PublicShape) and base._declared_fields]
        inherited: set[str] = set()
        references = []
        for base in bases:
            shared = {name for name, field in base._declared_fields.items() if shape._declared_fields[name] is field}
            own_names = base._declared_fields.keys() - shared
            # Client generators merge a member that is overridden by a narrower schema, but not by another component.
            if shared and not any("$ref" in json.dumps(schema["properties"][name]) for name in own_names):
                inherited |= shared
                references.append(self.resolve_serializer(base, direction).ref)
        if not references:
            return schema
        head = {"description": schema["description"]} if "description" in schema else {}
        own_properties = {
            name: property_schema for name, property_schema in schema["properties"].items() if name not in inherited
        }
        required = [name for name in schema.get("required", ()) if name not in inherited]
        if own_properties:
            references.append({"type": "object", "properties": own_properties} | ({"required": required} if required else {}))
        return head | {"allOf": references}

    def _get_paginator(self):
        return None


def record_of_any_kind_shape(
    name: str, kinds, shapes_by_kind: Mapping[str, type] = SHAPES, *, many: bool = False
) -> PolymorphicProxySerializer:
    """Describe a record of one of `kinds`, with `kind` as the discriminator."""
    serializers = {kind: shapes_by_kind[kind] for kind in kinds}
    return PolymorphicProxySerializer(component_name=name, serializers=serializers, resource_type_field_name="kind", many=many)


def _path_parameter(name: str, help: str, schema: dict) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, description=help, required=True)
