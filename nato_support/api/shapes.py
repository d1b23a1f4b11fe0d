"""The shapes of whole answers, around the printed shapes of records: read as the API's reference, never run."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from entities.serializers import (
    ENTITY_KINDS,
    PATH,
    PLURALS,
    SLUG,
    BlankAsNull,
    IdentifierShape,
    NameShape,
    Shape,
)
from nato_support.api.collections import SHAPES
from nato_support.editions.detail import links
from sources.serializers import EmbeddedDocumentShape, FieldEvidenceShape

CAUSES = [("content", "its content changed"), ("reference", "something that it names changed")]
_WHEN = "2026-03-03T09:00:07Z"
_URL = "https://register.example"


class Stated(serializers.Field):
    """A field of which `schema`, in JSON Schema, says all."""

    def __init__(self, schema: Mapping[str, Any], **kwargs: Any):
        self.schema = schema
        super().__init__(**kwargs)


class LinksShape(Shape):
    """Addresses about a record; which ones depends on its kind."""

    EXAMPLE = {
        name: address
        for kind in ("document", "event", "facility", "organisation", "quote", "commitment")
        for name, address in links(kind, "kite-fund", 3).items()
    }

    self = serializers.RegexField(PATH, help_text="The record as it is now.")
    edition = serializers.RegexField(PATH, help_text="This edition, which stays as it is.")
    editions = serializers.RegexField(PATH, help_text="All its editions.")
    relations = serializers.RegexField(PATH, required=False, help_text="The relations that it is in, or that rest on it.")
    commitments = serializers.RegexField(PATH, required=False, help_text="Commitments that it made, or that are about it.")
    commitments_to_it = serializers.RegexField(PATH, required=False, help_text="Commitments that it benefits from.")
    parts = serializers.RegexField(PATH, required=False, help_text="Commitments that are part of it.")
    documents = serializers.RegexField(PATH, required=False, help_text="Documents that it published.")
    quotes = serializers.RegexField(PATH, required=False, help_text="Quotes of it, or from it.")
    entities = serializers.RegexField(PATH, required=False, help_text="Entities that rest on it.")


class LeftOutShape(Shape):
    """What the filters leave out not because it does not fit, but because the register does not know."""

    EXAMPLE = {"date_unknown": 7}

    date_unknown = serializers.IntegerField(min_value=0, help_text="Fits all but the dates, and has none; 10,000 may be more.")


class FacetValueShape(Shape):
    """One value, and how many results have it."""

    EXAMPLE = {"value": "arcadia", "name": "Arcadia", "count": 12}

    value = serializers.CharField(help_text="As the filter of the facet's name takes it.")
    name = serializers.CharField(required=False, allow_null=True, help_text="Of a record: what it is called.")
    count = serializers.IntegerField(min_value=1, help_text="So many results have it.")


class FacetShape(Shape):
    """The values that results have in one field, the commonest first. A result may have several, or none."""

    EXAMPLE = {"values": [FacetValueShape.EXAMPLE], "distinct": 1, "is_truncated": False, "missing": 3, "is_exact": True}

    values = FacetValueShape(many=True, help_text="At most 100.")
    distinct = serializers.IntegerField(min_value=0, help_text="How many different values there are.")
    is_truncated = serializers.BooleanField(help_text="There are more values than are listed.")
    missing = serializers.IntegerField(min_value=0, help_text="So many results have no value.")
    is_exact = serializers.BooleanField(help_text="Every result was counted; if false, the first 10,000 were.")


class FacetedShape(Shape):
    """What a list adds that was asked for facets."""

    EXAMPLE = {"facets": {"committed_by": FacetShape.EXAMPLE}}

    facets = serializers.DictField(child=FacetShape(), required=False, help_text="Of each facet asked for, by its name.")


class MetaShape(Shape):
    """What an answer says of itself."""

    EXAMPLE = {"stamp": 1842, "count_is": "at_least", "is_truncated": True, "left_out": LeftOutShape.EXAMPLE}

    stamp = serializers.IntegerField(min_value=0, help_text="The print run that the answer shows; 0 before the first.")
    count_is = serializers.ChoiceField(["at_least"], required=False, help_text="There are more results than were counted.")
    is_truncated = serializers.BooleanField(
        required=False, help_text="More was found than could be ranked: only the newest is here."
    )
    left_out = LeftOutShape(required=False, help_text="With count=true and a filter of dates: what has no date.")


class FaultShape(Shape):
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
    allowed = Stated(
        {"oneOf": [{"type": "array", "items": {"type": "string"}}, {"type": "object"}]},
        required=False,
        help_text="The values that are taken, or what bounds them: min, max, longest, most, pattern.",
    )
    did_you_mean = serializers.ListField(child=serializers.CharField(), required=False, help_text="What is like it and taken.")


FaultShape._declared_fields["in"] = serializers.ChoiceField(["query", "body", "header"], help_text="Where it stands.")


class ProblemShape(Shape):
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
    slug = serializers.RegexField(SLUG, required=False, help_text="Of a record that was withdrawn or merged.")
    merged_into = Stated(
        {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        required=False,
        help_text="Slug of the record that stays; of a list, each that was followed.",
    )
    withdrawn = serializers.BooleanField(required=False, help_text="The record was public once.")
    available = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The forms that there are instead."
    )


_VALUE = {
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


class ChangedPlaceShape(Shape):
    """One place in which an edition differs from the one before it."""

    EXAMPLE = {"pointer": "/measures/aid/value", "was": "35000000000", "now": "40000000000"}

    pointer = serializers.CharField(
        help_text="Names of members from the outside in, as in a JSON Pointer; a row of a list by its key, never by its place."
    )
    was = Stated(
        _VALUE,
        help_text="What stood there; null for nothing. A record is told by kind, slug and name or words, of one that was"
        " withdrawn since `withdrawn` alone; a date as text with its mark: 2024-07~.",
    )
    now = Stated(_VALUE, help_text="What stands there now, in the same way.")


class EditionEntryShape(Shape):
    """One edition in a record's history."""

    EXAMPLE = {
        "edition": 3,
        "stamp": 1841,
        "printed_at": _WHEN,
        "cause": "content",
        "name": "A fund for kites",
        "withdrawn": False,
        "href": "/api/v1/commitments/kite-fund/editions/3/",
        "changes": [ChangedPlaceShape.EXAMPLE],
        "is_truncated": False,
    }

    edition = serializers.IntegerField(min_value=1, help_text="Its number within the record.")
    stamp = serializers.IntegerField(min_value=1, help_text="The print run that printed it.")
    printed_at = serializers.DateTimeField(help_text="When.")
    cause = serializers.ChoiceField(CAUSES, help_text="Whether the record itself changed, or only something that it names.")
    name = serializers.CharField(allow_null=True, help_text="What the record was called; null if the edition ended it.")
    withdrawn = serializers.BooleanField(help_text="From here on the record was not public, until the next edition.")
    href = serializers.RegexField(
        PATH, allow_null=True, help_text="Where this edition is, for good; null if it ended the record, and shows nothing."
    )
    changes = ChangedPlaceShape(
        many=True, help_text="In what it differs from the edition before; of the first, and of what ends or returns, nothing."
    )
    is_truncated = serializers.BooleanField(help_text="There are more differences than are told here.")


class IncludedRelationsShape(Shape):
    """The relations that a record is in, the newest first."""

    EXAMPLE = {
        "results": [SHAPES["relation"].EXAMPLE],
        "is_truncated": False,
        "href": "/api/v1/relations/?entity=organisation/kite-command",
    }

    results = SHAPES["relation"](many=True, help_text="The first 20 of them.")
    is_truncated = serializers.BooleanField(help_text="There are more than are told here.")
    href = serializers.RegexField(PATH, help_text="The list of all of them.")


def made(name: str, *bases: type, example: Mapping[str, Any] | None = None, **fields: serializers.Field) -> type[Shape]:
    """A serializer class put together from parts; `example` has those of its fields that the bases do not have."""
    inherited = {name: value for base in reversed(bases) for name, value in getattr(base, "EXAMPLE", {}).items()}
    return type(f"{name}Shape", bases or (Shape,), {**fields, "EXAMPLE": inherited | dict(example or {})})


def page_of(name: str, results: serializers.Field, *bases: type) -> type[Shape]:
    """A page of a list."""
    shape: Any = getattr(results, "child", results)
    if hasattr(shape, "serializers"):
        shape = next(iter(shape.serializers.values()))
    return made(
        f"{name}Page",
        *bases,
        example={
            "results": [shape.EXAMPLE] if getattr(shape, "EXAMPLE", None) else [],
            "next": f"{_URL}/api/v1/...?cursor=a51B",
            "previous": None,
            "count": 812,
            "meta": {"stamp": MetaShape.EXAMPLE["stamp"]},
        },
        results=results,
        next=serializers.CharField(allow_null=True, help_text="Address of the next page; null if this is the last."),
        previous=serializers.CharField(allow_null=True, help_text="Address of the page before; null if this is the first."),
        count=serializers.IntegerField(min_value=0, required=False, help_text="Number of all results, if asked for."),
        meta=MetaShape(help_text="What the answer says of itself."),
    )


class ChangedEditionShape(Shape):
    """One edition that a print run printed. Withdrawn records are not named."""

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
    slug = serializers.RegexField(SLUG, help_text="Its public id.")
    edition = serializers.IntegerField(min_value=1, help_text="Number of the edition within its record.")
    name = serializers.CharField(allow_null=True, help_text="What it was called; null if the edition ended it.")
    cause = serializers.ChoiceField(CAUSES, help_text="Whether the record itself changed, or only something that it names.")
    withdrawn = serializers.BooleanField(help_text="The edition ended the record.")
    moved_to = serializers.CharField(
        allow_null=True, help_text="Slug of the record, of the same kind, that it was merged into; null if it was not."
    )
    href = serializers.RegexField(
        PATH,
        allow_null=True,
        help_text="Where the edition is, for good; null if it shows nothing: it ended the record, or is withdrawn.",
    )


class RunShape(Shape):
    """One transaction that changed what is public."""

    EXAMPLE = {
        "stamp": 1841,
        "printed_at": _WHEN,
        "operation": "publish",
        "note": None,
        "state_hash": "5e" * 32,
        "href": "/api/v1/changes/1841/",
    }

    stamp = serializers.IntegerField(min_value=1, help_text="Its number: 1, 2, 3 ... without gaps.")
    printed_at = serializers.DateTimeField(help_text="When.")
    operation = serializers.ChoiceField(["load", "publish", "withdraw", "merge", "import"], help_text="What was done.")
    note = serializers.CharField(allow_null=True, help_text="Why, as far as it is told.")
    state_hash = serializers.CharField(help_text="Sum, modulo 2^256, of the SHA-256 of every edition then live.")
    href = serializers.RegexField(PATH, help_text="The run with all its editions.")


class RunWithEditionsShape(RunShape):
    """A print run with what it printed."""

    EXAMPLE = RunShape.EXAMPLE | {"editions": [ChangedEditionShape.EXAMPLE], "is_truncated": False}

    editions = ChangedEditionShape(many=True, help_text="The first 100.")
    is_truncated = serializers.BooleanField(help_text="There are more than are told here.")


def _detail(kind: str) -> type[Shape]:
    """The shape of a detail: the printed record, what a detail adds, and what `include` may nest into both."""
    shape = SHAPES[kind]
    # A list has these only by `include`, and `fields` may leave them out of a detail.
    fields: dict[str, serializers.Field] = {"links": LinksShape(required=False, help_text="Addresses about the record.")}
    example: dict[str, Any] = {"links": links(kind, shape.EXAMPLE["slug"], shape.EXAMPLE["edition"])}
    if kind == "document":
        fields["fingerprint"] = BlankAsNull(help_text="Proves that a passage stands in its text, without the text.")
        example["fingerprint"] = "v1-4-3-1:^yXnW8OA"
    return made(f"{kind.title()}Detail", ROWS[kind], example=example, **fields)


def _row(kind: str) -> type[Shape]:
    """The shape of a list's rows: the printed record, with what `include` may nest into it."""
    fields: dict[str, serializers.Field] = {}
    example: dict[str, Any] = {}
    if kind in ENTITY_KINDS:
        fields["names"] = NameShape(many=True, required=False, help_text="Its further names.")
        fields["identifiers"] = IdentifierShape(many=True, required=False, help_text="What it is called in other registers.")
        fields["relations"] = IncludedRelationsShape(required=False, help_text="The relations that it is in (`include`).")
        example |= {"names": [NameShape.EXAMPLE], "identifiers": [IdentifierShape.EXAMPLE]}
        example["relations"] = IncludedRelationsShape.EXAMPLE
    if kind not in ("document", "quote"):
        words = "By field: the quotes that it rests on, sources that disagree side by side."
        fields["evidence"] = serializers.DictField(child=FieldEvidenceShape(), required=False, help_text=words)
        example["evidence"] = {"nature": FieldEvidenceShape.EXAMPLE}
    if kind != "document":
        fields["documents"] = EmbeddedDocumentShape(
            many=True, required=False, help_text="The documents that its evidence rests on, each once (`include`)."
        )
        example["documents"] = [EmbeddedDocumentShape.EXAMPLE]
    return made(f"{kind.title()}Row", SHAPES[kind], example=example, **fields)


ROWS = {kind: _row(kind) for kind in SHAPES}
DETAILS = {kind: _detail(kind) for kind in SHAPES}
EditionPage = page_of("Edition", EditionEntryShape(many=True))
RunPage = page_of("Run", RunWithEditionsShape(many=True))
RunDetail = page_of("RunDetail", ChangedEditionShape(many=True), RunShape)
_ROOT = (
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
Root = made(
    "Root",
    example={name: f"/api/v1/{name}/" for name in _ROOT} | {"meta": {"stamp": MetaShape.EXAMPLE["stamp"]}},
    **{
        name: serializers.RegexField(PATH, help_text=f"Where {name} are." if name[-1] == "s" else f"The {name}.")
        for name in _ROOT
    },
    meta=MetaShape(help_text="What the answer says of itself."),
)
