"""How drf-spectacular reads the views: parameters from their declarations, answers from the printed shapes."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, force_instance
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer

from entities.serializers import PLURALS, EditionShape, PublicShape
from nato_support.api import response_shapes
from nato_support.api.collections import SHAPES
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.api.parameters import Parameter
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_MEDIA_TYPE, PROBLEM_TITLES, problem_type_path

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
"""Of the register's data; the quotations in it belong to their publishers."""

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
    503: ("Busy", "unavailable", "Too much is being done at once, or the database does not answer."),
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
        queries = map(self._query, self.view.get_parameters().values())
        return [*queries, *(_path_parameter(name, *told) for name, told in self.view.get_path_parameters().items())]

    def _query(self, parameter: Parameter) -> OpenApiParameter:
        schema, help = dict(parameter.schema), parameter.help
        # The docs fill in an `example`, and all of them at once are a question that nobody means: `examples` are shown alone.
        if example := schema.pop("example", None):
            schema["examples"] = [example]
            help = f"{help} Such as `{example}`."
        if parameter.many:
            schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": parameter.max_values}
        if parameter.component:
            schema = {"$ref": self._register(ResolvedComponent.SCHEMA, parameter.component, schema)}
        return OpenApiParameter(parameter.name, schema, OpenApiParameter.QUERY, description=help, required=parameter.required)

    def get_response_serializers(self) -> Any:
        media = self.view.response_media_type or MEDIA_TYPES[self.view.formats[0]]
        return {(200, media): OpenApiResponse(self.view.get_response_schema(), description="The answer.")}

    def _get_response_bodies(self, direction="response") -> dict:
        bodies = super()._get_response_bodies(direction)
        content = bodies["200"].setdefault("content", {})
        if example := self._shared_example(self.view.get_response_schema()):
            next(iter(content.values()))["examples"] = {"invented": {"$ref": example}}
        for form in self.view.formats[1:]:
            content[MEDIA_TYPES[form].split(";")[0]] = {}
        if self.method == "GET" and "callback" in self.view.get_parameters():
            content["application/javascript"] = {}
        if self.view.shared_response:
            bodies["200"] = {"$ref": self._register(ResolvedComponent.RESPONSE, self.view.shared_response, bodies["200"])}
        self.resolve_serializer(response_shapes.ProblemShape, direction)
        for status in sorted({304, *self.view.get_errors(), *((406,) if len(self.view.formats) > 1 else ()), *COMMON_ERRORS}):
            name = "NotModified" if status == 304 else ERROR_RESPONSES[status][0]
            bodies[str(status)] = {"$ref": f"#/components/responses/{name}"}
        return bodies

    def _register(self, kind: str, name: str, content: dict) -> str:
        """Write `content` into the components once; returns the reference to it."""
        component = ResolvedComponent(name=name, type=kind, schema=content, object=name)
        self.registry.register_on_missing(component)
        assert self.registry[component].schema == content, f"{name} is the name of two {kind}"
        return component.ref["$ref"]

    def _shared_example(self, gives: Any) -> str:
        """Reference to the example of a whole answer, shared by all operations that answer alike; empty for most.

        Where there is none, the examples of its members make one up.
        """
        if isinstance(gives, PolymorphicProxySerializer):
            # An example of one of several kinds is that of the first.
            gives = next(iter(gives.serializers.values()))
        shape = force_instance(gives)
        example = getattr(shape, "ANSWER", None)
        if not example:
            return ""
        return self._register(ResolvedComponent.EXAMPLE, self.get_serializer_name(shape, "response"), {"value": example})

    def _get_response_headers_for_code(self, status_code, direction="response") -> dict:
        return _header_references(int(status_code), *self.view.response_headers)

    def get_serializer_name(self, serializer, direction) -> str:
        return "Record" if type(serializer) is EditionShape else type(serializer).__name__.removesuffix("Shape")

    def _map_basic_serializer(self, serializer, direction):
        """Adds the examples of the shape, and requires of a printed one no more than what always comes along.

        What a shape inherits is told once, in the component of the shape that it inherits from.
        """
        schema = super()._map_basic_serializer(serializer, direction)
        shape = type(serializer)
        examples = {name: one for base in reversed(shape.__mro__) for name, one in getattr(base, "EXAMPLE", {}).items()}
        for name, told in schema["properties"].items():
            # What refers to a component has the examples of that; members of any name are told by an example alone.
            if name in examples and ("additionalProperties" in told or "$ref" not in json.dumps(told)):
                told["examples"] = [examples[name]]
            if name == "results":
                told.setdefault("description", "The results, in the order asked for.")
        if getattr(serializer, "IDENTIFYING_MEMBERS", ()):
            schema["required"] = sorted(serializer.IDENTIFYING_MEMBERS)
        return self._without_inherited(shape, schema, direction)

    def _without_inherited(self, shape: Any, schema: dict, direction: Any) -> dict:
        """The same schema with references to the shapes that it inherits from in place of their members."""
        bases = [base for base in shape.__bases__ if issubclass(base, PublicShape) and base._declared_fields]
        inherited: set[str] = set()
        references = []
        for base in bases:
            same = {name for name, field in base._declared_fields.items() if shape._declared_fields[name] is field}
            narrowed = base._declared_fields.keys() - same
            # Generators of clients merge narrower words, but not two components that stand for one member.
            if same and not any("$ref" in json.dumps(schema["properties"][name]) for name in narrowed):
                inherited |= same
                references.append(self.resolve_serializer(base, direction).ref)
        if not references:
            return schema
        about = {"description": schema["description"]} if "description" in schema else {}
        own = {name: told for name, told in schema["properties"].items() if name not in inherited}
        required = [name for name in schema.get("required", ()) if name not in inherited]
        if own:
            references.append({"type": "object", "properties": own} | ({"required": required} if required else {}))
        return about | {"allOf": references}

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


def record_of_any_kind(
    name: str, kinds, shapes_by_kind: Mapping[str, type] = SHAPES, *, many: bool = False
) -> PolymorphicProxySerializer:
    """A record of one of `kinds`, told by its `kind`; `of` has the shape of each."""
    by_kind = {kind: shapes_by_kind[kind] for kind in kinds}
    return PolymorphicProxySerializer(component_name=name, serializers=by_kind, resource_type_field_name="kind", many=many)


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
        if kind := getattr(self.target, "KIND", ""):
            schema["description"] = f"One {kind}, as printed."
            if "KIND" in vars(type(self.target)):
                help = self.target.fields["kind"].help_text
                schema["allOf"][-1]["properties"]["kind"] = {"type": "string", "enum": [kind], "description": help}
        elif type(self.target) is EditionShape:
            schema["properties"]["kind"]["enum"] = list(PLURALS)
        return schema


def finish_document(result: Any, **kwargs) -> Any:
    """The document with the headers and refusals that all operations have in common, without drf-spectacular's marks."""
    components = result.setdefault("components", {})
    components["headers"] = {name: {"description": words, "schema": schema} for name, (words, schema) in RESPONSE_HEADERS.items()}
    components.setdefault("responses", {}).update(
        {name: _error_response(status) for status, (name, _, _) in ERROR_RESPONSES.items()}
    )
    components["responses"]["NotModified"] = {
        "description": "Nothing changed since the ETag that you hold.",
        "headers": _header_references(304),
    }
    _share_parameters(result)
    # Anyone may ask.
    result["security"] = []
    result["servers"] = [{"url": "/"}]
    result["info"] |= {"license": LICENCE, "contact": {"name": result["info"]["title"]}}
    return _without_wrappers(_strip_generator_marks(result))


def _share_parameters(result: dict) -> None:
    """Tells each parameter once that several operations take alike: hundreds of lists take the same ones."""
    operations = [one for operations in result["paths"].values() for one in operations.values() if "parameters" in one]
    taken: dict[str, list[tuple[dict, str]]] = {}
    for operation in operations:
        for parameter in operation["parameters"]:
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


def _strip_generator_marks(result: Any) -> Any:
    """Takes out what drf-spectacular writes for its own use, and claims about requests: everything here is read only."""
    if isinstance(result, dict):
        for mark in ("x-spec-enum-id", "readOnly"):
            result.pop(mark, None)
    for value in result.values() if isinstance(result, dict) else result:
        if isinstance(value, dict | list):
            _strip_generator_marks(value)
    return result


def _without_wrappers(result: dict) -> dict:
    """Put a reference beside its description: only before OpenAPI 3.1 an `allOf` had to stand around it."""
    for schema in result["components"]["schemas"].values():
        for part in (schema, *schema.get("allOf", ())):
            for told in part.get("properties", {}).values():
                if len(wrapped := told.get("allOf", ())) == 1:
                    told |= wrapped[0]
                    del told["allOf"]
    return result


@lru_cache(maxsize=1)
def openapi_document() -> dict:
    """The OpenAPI document."""
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)


def openapi_document_of_site(site: str) -> dict:
    """The OpenAPI document of the register at `site`, such as https://register.example.org."""
    document = openapi_document()
    info = document["info"] | {"contact": document["info"]["contact"] | {"url": site}}
    return document | {"servers": [{"url": site}], "info": info}
