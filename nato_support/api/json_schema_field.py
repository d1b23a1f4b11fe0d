"""Serializer field described by a JSON Schema."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class JsonSchemaField(serializers.Field):
    """A field that the OpenAPI document describes by a JSON Schema."""

    def __init__(self, schema: Mapping[str, Any], **kwargs: Any):
        self.schema = schema
        super().__init__(**kwargs)
