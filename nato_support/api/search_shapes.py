"""Serializers that describe search results and suggestions in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities.serializers import ENTITY_KINDS, PLURALS, PublicShape
from nato_support.api import openapi_operations, response_shapes

_RANGES = serializers.ListField(
    child=serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2),
    help_text="Where, as [start, end] in code points; empty if it is only alike.",
)


class MatchShape(PublicShape):
    """A text of a record in which something that was looked for stands."""

    EXAMPLE = {"field": "names", "text": "Kingdom of Arcadia", "ranges": [[11, 18]]}

    field = serializers.CharField(
        help_text="Member of the record, such as exact or speaker.name; names, identifiers and slug tell the text itself."
    )
    text = serializers.CharField(required=False, help_text="The name or the identifier by which the record was found.")
    ranges = _RANGES


class SearchMetaShape(response_shapes.MetaShape):
    """Information about the search itself."""

    EXAMPLE = {"release": 1842, "is_truncated": False, "corrected": {"arcadya": "arcadia"}, "any_word": True}

    corrected = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Words that no record has, and what was looked for instead."
    )
    any_word = serializers.BooleanField(
        required=False, help_text="No record has all of the words: these have one of them, or more."
    )


class SuggestedNameShape(PublicShape):
    """The name that begins so."""

    EXAMPLE = {"text": "Kingdom of Arcadia", "ranges": [[11, 18]], "is_misspelt": False}

    text = serializers.CharField(help_text="The name as printed; another of its names, maybe.")
    ranges = _RANGES
    is_misspelt = serializers.BooleanField(help_text="Nothing begins as typed: this does, but for a letter or two.")


class SuggestionShape(PublicShape):
    """A record that may be meant."""

    EXAMPLE = {
        "kind": "organisation",
        "slug": "arcadia",
        "name": "Arcadia",
        "matched": SuggestedNameShape.EXAMPLE,
        "description": "state",
        "href": "/api/v1/organisations/arcadia/",
    }

    kind = serializers.ChoiceField(list(ENTITY_KINDS), help_text="Kind of entity.")
    slug = serializers.CharField(help_text="Public id of the record.")
    name = serializers.CharField(help_text="What it is called.")
    matched = SuggestedNameShape(help_text="The name that begins so.")
    description = serializers.CharField(help_text="What tells it from others of that name: its type, place, country or date.")
    href = serializers.CharField(help_text="Address of the record.")


SearchPageShape = response_shapes.compose_shape(
    "SearchPage",
    response_shapes.FacetedPageShape,
    example={
        "results": [response_shapes.SHAPES["organisation"].EXAMPLE],
        "matched": [[MatchShape.EXAMPLE]],
        "meta": SearchMetaShape.EXAMPLE,
    },
    results=openapi_operations.record_of_any_kind("Found", PLURALS, many=True),
    matched=serializers.ListField(
        child=MatchShape(many=True),
        help_text="Of each result, in the same order, where what was looked for stands in it. Results stay as printed.",
    ),
    meta=SearchMetaShape(help_text="What the answer says of itself."),
)
SuggestionPageShape = response_shapes.compose_shape(
    "Suggestions",
    example={"results": [SuggestionShape.EXAMPLE], "meta": {"release": 1842}},
    results=SuggestionShape(many=True, help_text="The likeliest first, of equals the best known."),
    meta=response_shapes.MetaShape(help_text="What the answer says of itself."),
)
