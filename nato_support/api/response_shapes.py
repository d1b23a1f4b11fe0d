"""The shapes of whole answers, around the printed shapes of records: read as the API's reference, never run."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from entities.serializers import (
    API_PATH_PATTERN,
    ENTITY_KINDS,
    PLURALS,
    SLUG_PATTERN,
    BlankAsNullField,
    IdentifierShape,
    NameShape,
    PublicShape,
)
from nato_support.api.collections import SHAPES
from nato_support.publishing.editions.detail_response import detail_links
from sources.serializers import EmbeddedDocumentShape, FieldEvidenceShape

CAUSES = [("content", "its content changed"), ("reference", "something that it names changed")]
_EXAMPLE_TIME = "2026-03-03T09:00:07Z"
_EXAMPLE_SITE = "https://register.example"


class JsonSchemaField(serializers.Field):
    """A field of which `schema`, in JSON Schema, says all."""

    def __init__(self, schema: Mapping[str, Any], **kwargs: Any):
        self.schema = schema
        super().__init__(**kwargs)


class LinksShape(PublicShape):
    """Addresses about a record; which ones depends on its kind."""

    EXAMPLE = {
        name: address
        for kind in ("document", "event", "facility", "organisation", "quote", "commitment")
        for name, address in detail_links(kind, "kite-fund", 3).items()
    }

    self = serializers.RegexField(API_PATH_PATTERN, help_text="The record as it is now.")
    edition = serializers.RegexField(API_PATH_PATTERN, help_text="This edition, which stays as it is.")
    editions = serializers.RegexField(API_PATH_PATTERN, help_text="All its editions.")
    relations = serializers.RegexField(
        API_PATH_PATTERN, required=False, help_text="The relations that it is in, or that rest on it."
    )
    commitments = serializers.RegexField(
        API_PATH_PATTERN, required=False, help_text="Commitments that it made, or that are about it."
    )
    commitments_to_it = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Commitments that it benefits from.")
    parts = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Commitments that are part of it.")
    documents = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Documents that it published.")
    quotes = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Quotes of it, or from it.")
    entities = serializers.RegexField(API_PATH_PATTERN, required=False, help_text="Entities that rest on it.")


class LeftOutShape(PublicShape):
    """What the filters leave out not because it does not fit, but because the register does not know."""

    EXAMPLE = {"date_unknown": 7}

    date_unknown = serializers.IntegerField(min_value=0, help_text="Fits all but the dates, and has none; 10,000 may be more.")


class FacetValueShape(PublicShape):
    """One value, and how many results have it."""

    EXAMPLE = {"value": "arcadia", "name": "Arcadia", "count": 12}

    value = serializers.CharField(help_text="As the filter of the facet's name takes it.")
    name = serializers.CharField(required=False, allow_null=True, help_text="Of a record: what it is called.")
    count = serializers.IntegerField(min_value=1, help_text="So many results have it.")


class FacetShape(PublicShape):
    """The values that results have in one field, the commonest first. A result may have several, or none."""

    EXAMPLE = {"values": [FacetValueShape.EXAMPLE], "distinct": 1, "is_truncated": False, "missing": 3, "is_exact": True}

    values = FacetValueShape(many=True, help_text="At most 100.")
    distinct = serializers.IntegerField(min_value=0, help_text="How many different values there are.")
    is_truncated = serializers.BooleanField(help_text="There are more values than are listed.")
    missing = serializers.IntegerField(min_value=0, help_text="So many results have no value.")
    is_exact = serializers.BooleanField(help_text="Every result was counted; if false, the first 10,000 were.")


class MetaShape(PublicShape):
    """What an answer says of itself."""

    EXAMPLE = {"release": 1842, "count_is": "at_least", "is_truncated": True, "left_out": LeftOutShape.EXAMPLE}

    release = serializers.IntegerField(min_value=0, help_text="The release that the answer shows; 0 before the first.")
    count_is = serializers.ChoiceField(["at_least"], required=False, help_text="There are more results than were counted.")
    is_truncated = serializers.BooleanField(
        required=False, help_text="More was found than could be ranked: only the newest is here."
    )
    left_out = LeftOutShape(required=False, help_text="With count=true and a filter of dates: what has no date.")


class FaultShape(PublicShape):
    """One thing wrong with the request; `given`, `allowed`, `detail` and `did_you_mean` where they help."""

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
    given = serializers.CharField(required=False, help_text="What was sent, shortened.")
    detail = serializers.CharField(required=False, help_text="What is wrong with it, in words.")
    allowed = JsonSchemaField(
        {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]},
        required=False,
        help_text="The values that are taken, or what bounds them: min, max, longest, most, pattern.",
    )
    did_you_mean = serializers.ListField(child=serializers.CharField(), required=False, help_text="What is like it and taken.")


FaultShape._declared_fields["in"] = serializers.ChoiceField(["query", "body", "header"], help_text="Where it stands.")


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
    }

    type = serializers.CharField(help_text="Path of a page that explains it.")
    title = serializers.CharField(help_text="What sort of problem it is.")
    status = serializers.IntegerField(min_value=300, max_value=599, help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What is wrong with this request.")
    instance = serializers.CharField(required=False, help_text="Names the request, by its X-Request-ID.")
    errors = FaultShape(many=True, required=False, help_text="Everything that is wrong with the parameters.")
    parameters = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="If one is unknown: the parameters that there are."
    )
    slug = serializers.RegexField(SLUG_PATTERN, required=False, help_text="Of a record that was withdrawn or merged.")
    merged_into = JsonSchemaField(
        {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        required=False,
        help_text="Slug of the record that stays; of a list, each that was followed.",
    )
    withdrawn = serializers.BooleanField(required=False, help_text="The record was public once.")
    available = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The forms that there are instead."
    )


_VALUE_SCHEMA = {
    "type": ["string", "number", "boolean", "null", "array", "object"],
    "items": {"type": "string"},
    "properties": {
        "kind": {"type": "string", "enum": list(PLURALS)},
        "slug": {"type": "string"},
        "name": {"type": "string"},
        "exact": {"type": "string"},
        "withdrawn": {"type": "boolean"},
    },
    "required": ["kind", "slug"],
}


class ChangedValueShape(PublicShape):
    """One place in which an edition differs from the one before it."""

    EXAMPLE = {"pointer": "/measures/aid/value", "was": "35000000000", "now": "40000000000"}

    pointer = serializers.CharField(
        help_text="Names of members from the outside in, as in a JSON Pointer; a row of a list by its key, never by its place."
    )
    was = JsonSchemaField(
        _VALUE_SCHEMA,
        help_text="What stood there; null for nothing. A record is told by kind, slug and name or words, of one that was"
        " withdrawn since `withdrawn` alone; a date as text with its mark: 2024-07~.",
    )
    now = JsonSchemaField(_VALUE_SCHEMA, help_text="What stands there now, in the same way.")


class EditionEntryShape(PublicShape):
    """One edition in a record's history."""

    EXAMPLE = {
        "edition": 3,
        "release": 1841,
        "released_at": _EXAMPLE_TIME,
        "cause": "content",
        "name": "A fund for kites",
        "withdrawn": False,
        "href": "/api/v1/commitments/kite-fund/editions/3/",
        "changes": [ChangedValueShape.EXAMPLE],
        "is_truncated": False,
    }

    edition = serializers.IntegerField(min_value=1, help_text="Its number within the record.")
    release = serializers.IntegerField(min_value=1, help_text="The release that printed it.")
    released_at = serializers.DateTimeField(help_text="When.")
    cause = serializers.ChoiceField(CAUSES, help_text="Whether the record itself changed, or only something that it names.")
    name = serializers.CharField(allow_null=True, help_text="What the record was called; null if the edition ended it.")
    withdrawn = serializers.BooleanField(help_text="From here on the record was not public, until the next edition.")
    href = serializers.RegexField(
        API_PATH_PATTERN,
        allow_null=True,
        help_text="Where this edition is, for good; null if it ended the record, and shows nothing.",
    )
    changes = ChangedValueShape(
        many=True, help_text="In what it differs from the edition before; of the first, and of what ends or returns, nothing."
    )
    is_truncated = serializers.BooleanField(help_text="There are more differences than are told here.")


class IncludedRelationsShape(PublicShape):
    """The relations that a record is in, the newest first."""

    EXAMPLE = {
        "results": [SHAPES["relation"].EXAMPLE],
        "is_truncated": False,
        "href": "/api/v1/relations/?entity=organisation/kite-command",
    }

    results = SHAPES["relation"](many=True, help_text="The first 20 of them.")
    is_truncated = serializers.BooleanField(help_text="There are more than are told here.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="The list of all of them.")


def compose_shape(
    name: str, *bases: type, example: Mapping[str, Any] | None = None, **fields: serializers.Field
) -> type[PublicShape]:
    """A serializer class put together from parts; `example` has those of its fields that the bases do not have."""
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
    meta = MetaShape(help_text="What the answer says of itself.")


class FacetedPageShape(PageShape):
    """A page of a list, with facets if they were asked for."""

    facets = serializers.DictField(child=FacetShape(), required=False, help_text="Of each facet asked for, by its name.")


def compose_page_shape(name: str, results: serializers.Field, *bases: type) -> type[PublicShape]:
    """A page of a list."""
    return compose_shape(f"{name}Page", *(bases or (PageShape,)), results=results)


class ChangedEditionShape(PublicShape):
    """One edition that a release printed. Withdrawn records are not named."""

    EXAMPLE = {
        "kind": "commitment",
        "slug": "kite-fund",
        "edition": 3,
        "name": "A fund for kites",
        "cause": "content",
        "withdrawn": False,
        "moved_to": None,
        "href": "/api/v1/commitments/kite-fund/editions/3/",
    }

    kind = serializers.ChoiceField(list(PLURALS), help_text="What sort of record it is.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    edition = serializers.IntegerField(min_value=1, help_text="Number of the edition within its record.")
    name = serializers.CharField(allow_null=True, help_text="What it was called; null if the edition ended it.")
    cause = serializers.ChoiceField(CAUSES, help_text="Whether the record itself changed, or only something that it names.")
    withdrawn = serializers.BooleanField(help_text="The edition ended the record.")
    moved_to = serializers.CharField(
        allow_null=True, help_text="Slug of the record, of the same kind, that it was merged into; null if it was not."
    )
    href = serializers.RegexField(
        API_PATH_PATTERN,
        allow_null=True,
        help_text="Where the edition is, for good; null if it shows nothing: it ended the record, or is withdrawn.",
    )


class ReleaseShape(PublicShape):
    """One transaction that changed what is public."""

    EXAMPLE = {
        "release": 1841,
        "released_at": _EXAMPLE_TIME,
        "operation": "publish",
        "note": None,
        "state_hash": "5e" * 32,
        "href": "/api/v1/changes/1841/",
    }

    release = serializers.IntegerField(min_value=1, help_text="Its number: 1, 2, 3 ... without gaps.")
    released_at = serializers.DateTimeField(help_text="When.")
    operation = serializers.ChoiceField(["load", "publish", "withdraw", "merge", "import"], help_text="What was done.")
    note = serializers.CharField(allow_null=True, help_text="Why, as far as it is told.")
    state_hash = serializers.CharField(help_text="Sum, modulo 2^256, of the SHA-256 of every edition then live.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="The release with all its editions.")


class ReleaseWithEditionsShape(ReleaseShape):
    """A release with what it printed."""

    EXAMPLE = ReleaseShape.EXAMPLE | {"editions": [ChangedEditionShape.EXAMPLE], "is_truncated": False}

    editions = ChangedEditionShape(many=True, help_text="The first 100.")
    is_truncated = serializers.BooleanField(help_text="There are more than are told here.")


def _compose_detail_shape(kind: str) -> type[PublicShape]:
    """The shape of a detail: the printed record, what a detail adds, and what `include` may nest into both."""
    shape = SHAPES[kind]
    # A list has these only by `include`, and `fields` may leave them out of a detail.
    fields: dict[str, serializers.Field] = {"links": LinksShape(required=False, help_text="Addresses about the record.")}
    example: dict[str, Any] = {"links": detail_links(kind, shape.EXAMPLE["slug"], shape.EXAMPLE["edition"])}
    if kind == "document":
        fields["fingerprint"] = BlankAsNullField(help_text="Proves that a passage stands in its text, without the text.")
        example["fingerprint"] = "v1-4-3-1:^yXnW8OA"
    detail = compose_shape(f"{kind.title()}Detail", ROW_SHAPES[kind], example=example, **fields)
    # Written out for one kind of entity: the others' members make up the like.
    if kind not in ENTITY_KINDS or kind == "commitment":
        detail.ANSWER = {name: value for name, value in detail.EXAMPLE.items() if name not in ("documents", "relations")}
    return detail


class QuoteIncludesShape(PublicShape):
    """What `include` may nest into a quote, and into whatever rests on quotes."""

    EXAMPLE = {"documents": [EmbeddedDocumentShape.EXAMPLE]}

    documents = EmbeddedDocumentShape(
        many=True, required=False, help_text="The documents that its evidence rests on, each once (`include`)."
    )


class RelationIncludesShape(QuoteIncludesShape):
    """What `include` may nest into a relation, and into entities too."""

    EXAMPLE = QuoteIncludesShape.EXAMPLE | {"evidence": {"nature": FieldEvidenceShape.EXAMPLE}}

    evidence = serializers.DictField(
        child=FieldEvidenceShape(),
        required=False,
        help_text="By field: the quotes that it rests on, sources that disagree side by side.",
    )


class EntityIncludesShape(RelationIncludesShape):
    """What `include` may nest into an entity."""

    EXAMPLE = RelationIncludesShape.EXAMPLE | {
        "names": [NameShape.EXAMPLE],
        "identifiers": [IdentifierShape.EXAMPLE],
        "relations": IncludedRelationsShape.EXAMPLE,
    }

    names = NameShape(many=True, required=False, help_text="Its further names.")
    identifiers = IdentifierShape(many=True, required=False, help_text="What it is called in other registers.")
    relations = IncludedRelationsShape(required=False, help_text="The relations that it is in (`include`).")


_INCLUDES: dict[str, tuple[type[PublicShape], ...]] = dict.fromkeys(ENTITY_KINDS, (EntityIncludesShape,)) | {
    "relation": (RelationIncludesShape,),
    "quote": (QuoteIncludesShape,),
    "document": (),
}


def _compose_row_shape(kind: str) -> type[PublicShape]:
    """The shape of a list's rows: the printed record, with what `include` may nest into it."""
    return compose_shape(f"{kind.title()}Row", SHAPES[kind], *_INCLUDES[kind])


ROW_SHAPES = {kind: _compose_row_shape(kind) for kind in SHAPES}
DETAIL_SHAPES = {kind: _compose_detail_shape(kind) for kind in SHAPES}
EditionPageShape = compose_page_shape("Edition", EditionEntryShape(many=True))
ReleasePageShape = compose_page_shape("Run", ReleaseWithEditionsShape(many=True))
ReleaseDetailShape = compose_page_shape("RunDetail", ChangedEditionShape(many=True), ReleaseShape, PageShape)
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
        name: serializers.RegexField(API_PATH_PATTERN, help_text=f"Where {name} are." if name[-1] == "s" else f"The {name}.")
        for name in _ROOT_MEMBERS
    },
    meta=MetaShape(help_text="What the answer says of itself."),
)
