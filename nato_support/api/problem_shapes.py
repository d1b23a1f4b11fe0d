"""Serializers that describe problem documents in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities.serializers import SLUG_PATTERN, PublicShape, ReferenceShape
from nato_support.api.json_schema_field import JsonSchemaField


class FaultShape(PublicShape):
    """A fault of the request, with `given`, `allowed`, `detail` and `did_you_mean` where they help."""

    EXAMPLE = {
        "in": "query",
        "name": "page_size",
        "code": "out_of_range",
        "given": "5000",
        "detail": "With include, a page has no more than 100 results.",
        "allowed": {"min": 1, "max": 500},
        "did_you_mean": ["page_size"],
    }

    code = serializers.CharField(help_text="unknown, repeated, empty, malformed, not_allowed, out_of_range ...")
    name = serializers.CharField(allow_blank=True, help_text="The parameter; empty if it is the query as a whole.")
    given = serializers.CharField(required=False, help_text="The value that was sent, shortened.")
    detail = serializers.CharField(required=False, help_text="Explanation of the fault.")
    allowed = JsonSchemaField(
        {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]},
        required=False,
        help_text="Accepted values, or their limits: min, max, longest, most, pattern.",
    )
    did_you_mean = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Similar values that are accepted."
    )


FaultShape._declared_fields["in"] = serializers.ChoiceField(
    ["query", "body", "header"], help_text="Part of the request with the fault."
)


class ProblemShape(PublicShape):
    """RFC 9457."""

    EXAMPLE = {
        "type": "/api/v1/problems/invalid-parameters/",
        "title": "Some parameters cannot be used",
        "status": 400,
        "detail": "1 parameter was refused; nothing was searched.",
        "instance": "urn:request:7c1e0b52",
        "errors": [
            {"in": "query", "name": "comitted_by", "code": "unknown", "did_you_mean": ["committed_by"]},
        ],
        "slug": "fourty-kites",
        "merged_into": "forty-kites",
        "withdrawn": True,
        "available": ["application/json", "text/csv"],
        "parameters": ["committed_by", "page_size"],
        "suggestions": [ReferenceShape.EXAMPLE],
    }

    type = serializers.CharField(help_text="Path of a page that explains it.")
    title = serializers.CharField(help_text="Type of problem.")
    status = serializers.IntegerField(min_value=300, max_value=599, help_text="The HTTP status.")
    detail = serializers.CharField(help_text="Explanation of this occurrence.")
    instance = serializers.CharField(required=False, help_text="Identifies the request by its X-Request-ID.")
    errors = FaultShape(many=True, required=False, help_text="All faults of the parameters.")
    parameters = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="All known parameters, if one is unknown."
    )
    slug = serializers.RegexField(SLUG_PATTERN, required=False, help_text="Slug of the record that was withdrawn or merged.")
    merged_into = JsonSchemaField(
        {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        required=False,
        help_text="Slug of the survivor; for a list, each redirect that was followed.",
    )
    suggestions = ReferenceShape(
        many=True, required=False, help_text="Of a slug that no record has: records of another kind that have it, or spelt alike."
    )
    withdrawn = serializers.BooleanField(required=False, help_text="The record was public and has been withdrawn.")
    available = serializers.ListField(child=serializers.CharField(), required=False, help_text="Available formats.")
