"""Serializers that describe search results and suggestions in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities.serializers import ENTITY_KINDS, PLURALS, PublicShape
from nato_support.api import openapi_operations, response_shapes

_RANGES = serializers.ListField(
    child=serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2),
    help_text="Positions of the match, as [start, end] in code points; empty if the text is only similar.",
)


class MatchShape(PublicShape):
    """A text of a record that matches the search."""

    EXAMPLE = {"field": "names", "text": "Kingdom of Arcadia", "ranges": [[11, 18]]}

    field = serializers.CharField(
        help_text="Member of the record, such as exact or speakers.0.name; for names, identifiers and slug the text is given too."
    )
    text = serializers.CharField(required=False, help_text="The name or the identifier by which the record was found.")
    ranges = _RANGES


class SearchMetaShape(response_shapes.MetaShape):
    """Information about the search itself."""

    EXAMPLE = {"release": 1842, "is_truncated": False, "corrected": {"arcadya": "arcadia"}, "any_word": True}

    corrected = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Words that no record has, with the words searched for instead."
    )
    any_word = serializers.BooleanField(
        required=False, help_text="No record has all of the words; the results have at least one."
    )


class SuggestedNameShape(PublicShape):
    """The name that matches what was typed."""

    EXAMPLE = {"text": "Kingdom of Arcadia", "ranges": [[11, 18]], "is_misspelt": False}

    text = serializers.CharField(help_text="The matching name, which may be an alternative name of the record.")
    ranges = _RANGES
    is_misspelt = serializers.BooleanField(help_text="No name begins as typed; this one does with a letter or two changed.")


class SuggestionShape(PublicShape):
    """A suggested record."""

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
    name = serializers.CharField(help_text="Name of the record.")
    matched = SuggestedNameShape(help_text="The name that matches what was typed.")
    description = serializers.CharField(help_text="Type, place, country or date, to tell records of the same name apart.")
    href = serializers.CharField(help_text="Address of the record.")


SearchPageShape = response_shapes.compose_shape(
    "SearchPage",
    response_shapes.FacetedPageShape,
    example={
        "results": [response_shapes.SHAPES["organisation"].EXAMPLE],
        "matched": [[MatchShape.EXAMPLE]],
        "meta": SearchMetaShape.EXAMPLE,
    },
    results=openapi_operations.record_of_any_kind_shape("Found", PLURALS, many=True),
    matched=serializers.ListField(
        child=MatchShape(many=True),
        help_text="For each result, in the same order, the texts that match the search. The results themselves are not changed.",
    ),
    meta=SearchMetaShape(help_text="Information about the response itself."),
)
SuggestionPageShape = response_shapes.compose_shape(
    "Suggestions",
    example={"results": [SuggestionShape.EXAMPLE], "meta": {"release": 1842}},
    results=SuggestionShape(many=True, help_text="Most likely first; among equals, the best known."),
    meta=response_shapes.MetaShape(help_text="Information about the response itself."),
)
