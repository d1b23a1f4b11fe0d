"""Serializers that describe editions and releases in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities.serializers import API_PATH_PATTERN, PLURALS, SLUG_PATTERN, PublicShape
from nato_support.api.json_schema_field import JsonSchemaField
from nato_support.api.response_shapes import PageShape, compose_page_shape

CAUSES = [("content", "its content changed"), ("reference", "something that it names changed")]
_EXAMPLE_TIME = "2026-03-03T09:00:07Z"
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
    """A value in which an edition differs from the one before it."""

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
    """An edition in a record's history."""

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
    release = serializers.IntegerField(min_value=1, help_text="The release that published it.")
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


class ChangedEditionShape(PublicShape):
    """An edition that a release published. Withdrawn records are not named."""

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
    """A transaction that changed what is public."""

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
    note = serializers.CharField(allow_null=True, help_text="Public note; null if there is none.")
    state_hash = serializers.CharField(help_text="Sum, modulo 2^256, of the SHA-256 of every edition then live.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="The release with all its editions.")


class ReleaseWithEditionsShape(ReleaseShape):
    """A release with the editions that it published."""

    EXAMPLE = ReleaseShape.EXAMPLE | {"editions": [ChangedEditionShape.EXAMPLE], "is_truncated": False}

    editions = ChangedEditionShape(many=True, help_text="The first 100.")
    is_truncated = serializers.BooleanField(help_text="There are more than are told here.")


EditionPageShape = compose_page_shape("Edition", EditionEntryShape(many=True))
ReleasePageShape = compose_page_shape("Run", ReleaseWithEditionsShape(many=True))
ReleaseDetailShape = compose_page_shape("RunDetail", ChangedEditionShape(many=True), ReleaseShape, PageShape)
