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
        help_text="Value before; null if there was none. A record is given by kind, slug and name or words, one that has been"
        " withdrawn since by `withdrawn` alone; a date as text with its mark: 2024-07~.",
    )
    now = JsonSchemaField(_VALUE_SCHEMA, help_text="Value after, in the same form.")


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
    released_at = serializers.DateTimeField(help_text="Time of the release.")
    cause = serializers.ChoiceField(
        CAUSES, help_text="`content`: the record itself changed; `reference`: only something that it names."
    )
    name = serializers.CharField(allow_null=True, help_text="Name of the record; null if the edition withdrew it.")
    withdrawn = serializers.BooleanField(help_text="The record was not public from this edition until the next.")
    href = serializers.RegexField(
        API_PATH_PATTERN,
        allow_null=True,
        help_text="Permanent path of the edition; null if it withdrew the record.",
    )
    changes = ChangedValueShape(
        many=True,
        help_text="Differences from the previous edition; empty for the first, and where the record was withdrawn or returned.",
    )
    is_truncated = serializers.BooleanField(help_text="There are more differences than are listed.")


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

    kind = serializers.ChoiceField(list(PLURALS), help_text="Kind of record.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    edition = serializers.IntegerField(min_value=1, help_text="Number of the edition within its record.")
    name = serializers.CharField(allow_null=True, help_text="Name of the record; null if the edition withdrew it.")
    cause = serializers.ChoiceField(
        CAUSES, help_text="`content`: the record itself changed; `reference`: only something that it names."
    )
    withdrawn = serializers.BooleanField(help_text="The edition withdrew the record.")
    moved_to = serializers.CharField(
        allow_null=True, help_text="Slug of the record, of the same kind, that it was merged into; null if it was not."
    )
    href = serializers.RegexField(
        API_PATH_PATTERN,
        allow_null=True,
        help_text="Permanent path of the edition; null if it withdrew the record, or the record has been withdrawn since.",
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
    released_at = serializers.DateTimeField(help_text="Time of the release.")
    operation = serializers.ChoiceField(
        ["load", "publish", "withdraw", "merge", "import", "republish"],
        help_text="Operation that made the release; `republish` began the history anew, and nothing earlier is served.",
    )
    note = serializers.CharField(allow_null=True, help_text="Public note; null if there is none.")
    state_hash = serializers.CharField(help_text="Sum, modulo 2^256, of the SHA-256 of every edition then live.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="The release with all its editions.")


class ReleaseWithEditionsShape(ReleaseShape):
    """A release with the editions that it published."""

    EXAMPLE = ReleaseShape.EXAMPLE | {"editions": [ChangedEditionShape.EXAMPLE], "is_truncated": False}

    editions = ChangedEditionShape(many=True, help_text="The first 100.")
    is_truncated = serializers.BooleanField(help_text="There are more than are listed.")


EditionPageShape = compose_page_shape("Edition", EditionEntryShape(many=True))
ReleasePageShape = compose_page_shape("Run", ReleaseWithEditionsShape(many=True))
ReleaseDetailShape = compose_page_shape("RunDetail", ChangedEditionShape(many=True), ReleaseShape, PageShape)
