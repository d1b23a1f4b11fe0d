"""Extensions that tell drf-spectacular how the serializers and fields of editions are rendered. Importing registers them."""

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension

from entities.serializers import PLURALS, EditionShape

_NULL_SCHEMA = {"type": "null"}


class _NestedFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.NestedField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        shape = auto_schema.resolve_serializer(self.target.shape, direction).ref
        if self.target.many:
            return {"type": "array", "items": shape}
        return shape if self.target.always else {"oneOf": [shape, _NULL_SCHEMA]}


class _RenderedFieldExtension(OpenApiSerializerFieldExtension):
    target_class = "entities.serializers.FilledInByRenderingField"

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
    target_class = "nato_support.api.json_schema_field.JsonSchemaField"

    def map_serializer_field(self, auto_schema, direction):
        return dict(self.target.schema)


class _EditionShapeExtension(OpenApiSerializerExtension):
    """Records of editions. Each is of one kind, which the schema states."""

    target_class = "entities.serializers.EditionShape"
    match_subclasses = True

    def map_serializer(self, auto_schema, direction):
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if kind := getattr(self.target, "KIND", ""):
            schema["description"] = f"A {kind} as published."
            if "KIND" in vars(type(self.target)):
                help = self.target.fields["kind"].help_text
                schema["allOf"][-1]["properties"]["kind"] = {"type": "string", "enum": [kind], "description": help}
        elif type(self.target) is EditionShape:
            schema["properties"]["kind"]["enum"] = list(PLURALS)
        return schema
