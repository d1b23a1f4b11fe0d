"""Serializers that describe whole responses in the OpenAPI document. Nothing is serialised with them.

Their docstrings and help texts are the descriptions of its components; attributes are JSON members, EXAMPLE is an example.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from entities.serializers import (
    API_PATH_PATTERN,
    ENTITY_KINDS,
    PLURALS,
    BlankAsNullField,
    IdentifierShape,
    NameShape,
    PublicShape,
)
from nato_support.api.collections import SHAPES
from nato_support.api.left_out import LEFT_OUT_REASONS
from nato_support.api.unknown_values import UNKNOWN_REASONS
from nato_support.publishing.editions.detail_response import detail_links
from sources.serializers import EmbeddedDocumentShape, FieldEvidenceShape

_EXAMPLE_SITE = "https://register.example"


class LinksShape(PublicShape):
    """Links of a record; its kind decides which are present."""

    EXAMPLE = {
        name: address
        for kind in ("document", "event", "facility", "organisation", "quote", "commitment")
        for name, address in detail_links(kind, "kite-fund", 3).items()
    }

    self = serializers.RegexField(API_PATH_PATTERN, help_text="The record as it is now.")
    edition = serializers.RegexField(API_PATH_PATTERN, help_text="This edition, which stays as it is.")
    editions = serializers.RegexField(API_PATH_PATTERN, help_text="All its editions.")
    relations = serializers.RegexField(
        API_PATH_PATTERN, required=False, help_text="Relations of the entity, or that rest on the document or quote."
    )
    commitments = serializers.RegexField(
        API_PATH_PATTERN, required=False, help_text="Commitments that it made, or that are about it."
    )
    commitments_to_it = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Commitments that it benefits from.")
    parts = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Commitments that are part of it.")
    documents = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Documents that it published.")
    quotes = serializers.RegexField(
        API_PATH_PATTERN, required=False, help_text="Quotes by the person, at the event or from the document."
    )
    entities = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Entities that rest on it.")


class LeftOutShape(PublicShape):
    """Records that match all other filters, and of which the register does not know whether they match one of these."""

    EXAMPLE = dict.fromkeys(LEFT_OUT_REASONS, 3)


LeftOutShape._declared_fields |= {
    reason: serializers.IntegerField(min_value=0, required=False, help_text=explanation)
    for reason, explanation in LEFT_OUT_REASONS.items()
}


class SuggestedValueShape(PublicShape):
    """A value that may be meant."""

    EXAMPLE = {"parameter": "committed_by", "value": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}

    parameter = serializers.CharField(allow_null=True, help_text="The filter that takes it; null if none here does.")
    value = serializers.CharField(help_text="The value as that filter takes it.")
    name = serializers.CharField(allow_null=True, help_text="Name of the record; null if the value is no record.")
    href = serializers.RegexField(API_PATH_PATTERN, allow_null=True, help_text="Path of the record; null if there is none.")


class UnknownValueShape(PublicShape):
    """A value of a filter that names nothing public, so that it finds nothing."""

    EXAMPLE = {
        "parameter": "committed_by",
        "value": "arcadya",
        "reason": "nothing_public",
        "kinds": ["person"],
        "suggestions": [SuggestedValueShape.EXAMPLE],
    }

    parameter = serializers.CharField(help_text="The filter.")
    value = serializers.CharField(help_text="The value, as it was asked.")
    reason = serializers.ChoiceField(list(UNKNOWN_REASONS.items()), help_text="Reason that it finds nothing.")
    kinds = serializers.ListField(
        child=serializers.ChoiceField(list(PLURALS)), required=False, help_text="With `other_kind`: the kinds that have it."
    )
    suggestions = SuggestedValueShape(
        many=True,
        help_text="What may be meant, the likeliest first: records of that slug or spelt alike; empty if nothing is near, and"
        " for all but the first five values.",
    )


class FacetValueShape(PublicShape):
    """A value, and the number of results that have it."""

    EXAMPLE = {"value": "arcadia", "name": "Arcadia", "count": 12}

    value = serializers.CharField(help_text="Value as the filter of the same name takes it.")
    name = serializers.CharField(required=False, allow_null=True, help_text="Name, if the value is a record.")
    count = serializers.IntegerField(min_value=1, help_text="Number of results that have it.")


class FacetShape(PublicShape):
    """The values that results have in one field, the commonest first. A result may have several, or none."""

    EXAMPLE = {"values": [FacetValueShape.EXAMPLE], "distinct": 1, "is_truncated": False, "missing": 3, "is_exact": True}

    values = FacetValueShape(many=True, help_text="At most 100.")
    distinct = serializers.IntegerField(min_value=0, help_text="Number of different values.")
    is_truncated = serializers.BooleanField(help_text="There are more values than are listed.")
    missing = serializers.IntegerField(min_value=0, help_text="Number of results without a value.")
    is_exact = serializers.BooleanField(help_text="True if all results were counted; false if only the first 10,000.")


class MetaShape(PublicShape):
    """Information about the response itself."""

    EXAMPLE = {
        "release": 1842,
        "count_is": "at_least",
        "is_truncated": True,
        "unknown": [UnknownValueShape.EXAMPLE],
        "left_out": LeftOutShape.EXAMPLE,
        "left_out_is": "at_least",
        "kept": {"in_force_unknown": 3},
    }

    release = serializers.IntegerField(min_value=0, help_text="The release that the answer shows; 0 before the first.")
    count_is = serializers.ChoiceField(["at_least"], required=False, help_text="There are more results than were counted.")
    is_truncated = serializers.BooleanField(
        required=False, help_text="More was found than could be ranked; only the newest results are included."
    )
    unknown = UnknownValueShape(
        many=True, required=False, help_text="Values of filters that name nothing public; absent if all name something."
    )
    left_out = LeftOutShape(
        required=False,
        help_text="Records left out because it is not known whether they match; absent if the filters leave out none for that.",
    )
    left_out_is = serializers.ChoiceField(
        ["at_least"], required=False, help_text="More than 10,000 records would have to be looked at to count them all."
    )
    kept = LeftOutShape(
        required=False, help_text="Of a graph with `active_on`: edges shown although it is not known whether they match."
    )


class IncludedRelationsShape(PublicShape):
    """The relations that a record is in, the newest first."""

    EXAMPLE = {
        "results": [SHAPES["relation"].EXAMPLE],
        "is_truncated": False,
        "href": "/api/v1/relations/?entity=organisation/kite-command",
    }

    results = SHAPES["relation"](many=True, help_text="The first 20 of them.")
    is_truncated = serializers.BooleanField(help_text="There are more than are listed.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="The list of all of them.")


def compose_shape(
    name: str, *bases: type, example: Mapping[str, Any] | None = None, **fields: serializers.Field
) -> type[PublicShape]:
    """Create a serializer class from bases and fields; `example` has the members that the bases' examples lack."""
    inherited = {name: value for base in reversed(bases) for name, value in getattr(base, "EXAMPLE", {}).items()}
    return type(f"{name}Shape", bases or (PublicShape,), {**fields, "EXAMPLE": inherited | dict(example or {})})


class PageShape(PublicShape):
    """A page of a list."""

    EXAMPLE = {
        "next": f"{_EXAMPLE_SITE}/api/v1/...?cursor=a51B",
        "previous": None,
        "count": 812,
        "meta": {"release": MetaShape.EXAMPLE["release"]},
    }

    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null if this is the last.")
    previous = serializers.CharField(allow_null=True, help_text="Address of the page before; null if this is the first.")
    count = serializers.IntegerField(min_value=0, required=False, help_text="Number of all results, if asked for.")
    meta = MetaShape(help_text="Information about the response itself.")


class FacetedPageShape(PageShape):
    """A page of a list, with facets if they were asked for."""

    facets = serializers.DictField(child=FacetShape(), required=False, help_text="The requested facets, by name.")


def compose_page_shape(name: str, results: serializers.Field, *bases: type) -> type[PublicShape]:
    """Create the serializer class of a page of `results`."""
    return compose_shape(f"{name}Page", *(bases or (PageShape,)), results=results)


def _compose_detail_shape(kind: str) -> type[PublicShape]:
    """Create the serializer class of a record's detail: its row, the links and, of a document, the fingerprint."""
    shape = SHAPES[kind]
    # `fields` may leave them out of a detail.
    fields: dict[str, serializers.Field] = {"links": LinksShape(required=False, help_text="Links of the record.")}
    example: dict[str, Any] = {"links": detail_links(kind, shape.EXAMPLE["slug"], shape.EXAMPLE["edition"])}
    if kind == "document":
        fields["fingerprint"] = BlankAsNullField(
            help_text="Fingerprint that proves that a passage is in the text, without the text."
        )
        example["fingerprint"] = "v2-4-3-1:^yXnW8OA"
    detail = compose_shape(f"{kind.title()}Detail", ROW_SHAPES[kind], example=example, **fields)
    # Only one kind of entity has an example of the whole response; those of the others follow from their members.
    if kind not in ENTITY_KINDS or kind == "commitment":
        detail.ANSWER = {name: value for name, value in detail.EXAMPLE.items() if name not in ("documents", "relations")}
    return detail


class QuoteIncludesShape(PublicShape):
    """Members that `include` may add to a quote, and to records that rest on quotes."""

    EXAMPLE = {"documents": [EmbeddedDocumentShape.EXAMPLE]}

    documents = EmbeddedDocumentShape(
        many=True, required=False, help_text="The documents that its evidence rests on, each once (`include`)."
    )


class RelationIncludesShape(QuoteIncludesShape):
    """Members that `include` may add to a relation or an entity."""

    EXAMPLE = QuoteIncludesShape.EXAMPLE | {"evidence": {"nature": FieldEvidenceShape.EXAMPLE}}

    evidence = serializers.DictField(
        child=FieldEvidenceShape(),
        required=False,
        help_text="By field: the quotes that it rests on, sources that disagree side by side.",
    )


class EntityIncludesShape(RelationIncludesShape):
    """Members that `include` may add to an entity."""

    EXAMPLE = RelationIncludesShape.EXAMPLE | {
        "names": [NameShape.EXAMPLE],
        "identifiers": [IdentifierShape.EXAMPLE],
        "relations": IncludedRelationsShape.EXAMPLE,
    }

    names = NameShape(many=True, required=False, help_text="Its further names.")
    identifiers = IdentifierShape(many=True, required=False, help_text="Its identifiers in other registers.")
    relations = IncludedRelationsShape(required=False, help_text="The relations that it is in (`include`).")


_INCLUDES: dict[str, tuple[type[PublicShape], ...]] = dict.fromkeys(ENTITY_KINDS, (EntityIncludesShape,)) | {
    "relation": (RelationIncludesShape,),
    "quote": (QuoteIncludesShape,),
    "document": (),
}


def _compose_row_shape(kind: str) -> type[PublicShape]:
    """Create the serializer class of a list's rows: the record, with the members that `include` may add."""
    return compose_shape(f"{kind.title()}Row", SHAPES[kind], *_INCLUDES[kind])


ROW_SHAPES = {kind: _compose_row_shape(kind) for kind in SHAPES}
DETAIL_SHAPES = {kind: _compose_detail_shape(kind) for kind in SHAPES}
_ROOT_MEMBERS = (
    *PLURALS.values(),
    "entities",
    "search",
    "suggest",
    "changes",
    "exports",
    "reconcile",
    "schema",
    "docs",
    "totals",
    "graph",
    "timeline",
)
RootShape = compose_shape(
    "Root",
    example={name: f"/api/v1/{name}/" for name in _ROOT_MEMBERS} | {"meta": {"release": MetaShape.EXAMPLE["release"]}},
    **{
        name: serializers.RegexField(
            API_PATH_PATTERN, help_text=f"Path of the {name}." if name[-1] == "s" else f"Path of {name}."
        )
        for name in _ROOT_MEMBERS
    },
    meta=MetaShape(help_text="Information about the response itself."),
)
