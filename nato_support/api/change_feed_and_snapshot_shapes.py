"""Serializers that describe the change feed and snapshots in the OpenAPI document. Nothing is serialised with them."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from entities.serializers import PLURALS
from nato_support.api import edition_and_release_shapes, response_shapes
from nato_support.api.json_schema_field import JsonSchemaField
from nato_support.data_licence import LICENCE_URL, RIGHTS_NOTICE

_EXAMPLE_HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"


class FeedReleaseShape(edition_and_release_shapes.ReleaseShape):
    """A release in the feed of changes."""

    EXAMPLE = edition_and_release_shapes.ReleaseShape.EXAMPLE | {"changes": 2}

    changes = serializers.IntegerField(help_text="Number of all its changes.")


class ChangeShape(serializers.Serializer):
    """A change of one record by one release."""

    EXAMPLE = {
        "release": 1841,
        "seq": 1,
        "op": "upsert",
        "kind": "organisation",
        "slug": "arcadia",
        "edition": 6,
        "cause": "content",
        "moved_to": None,
        "gone": False,
        "sha256": _EXAMPLE_HASH,
        "href": "/api/v1/organisations/arcadia/editions/6/",
        "document": {"kind": "organisation", "slug": "arcadia", "edition": 6, "release": 1841, "name": "Arcadia"},
    }

    release = serializers.IntegerField(help_text="The release.")
    seq = serializers.IntegerField(help_text="Position within the release: new editions come before withdrawals.")
    op = serializers.ChoiceField(["upsert", "withdraw", "merge"], help_text="Operation to apply to the record.")
    kind = serializers.ChoiceField(list(PLURALS), help_text="Kind of record.")
    slug = serializers.CharField(help_text="Public id of the record.")
    edition = serializers.IntegerField(help_text="Number of the edition within its record.")
    cause = serializers.ChoiceField(
        edition_and_release_shapes.CAUSES,
        help_text="`content`: the record itself changed; `reference`: only something that it names.",
    )
    moved_to = serializers.CharField(allow_null=True, help_text="For a merge: slug of the survivor.")
    gone = serializers.BooleanField(help_text="The record has been withdrawn since; this edition is no longer public.")
    sha256 = serializers.CharField(allow_null=True, help_text="SHA-256 of the bytes at `href`.")
    href = serializers.CharField(allow_null=True, help_text="Permanent path of the edition.")
    document = JsonSchemaField(
        {"type": "object", "required": ["kind", "slug", "edition", "release"]},
        required=False,
        help_text="The response of `href`, with `include=document` and if the page is not too large.",
    )


class ChangesAfterShape(serializers.Serializer):
    """Changes after a release, release by release."""

    EXAMPLE = {
        "epoch": "9f2b7c1e04d35a68",
        "since": 1840,
        "through": 1841,
        "latest": 1842,
        "oldest": 1201,
        "next": "https://register.example/api/v1/changes/?since=1840&cursor=a51B",
        "meta": {"release": 1842},
        "releases": [FeedReleaseShape.EXAMPLE],
        "changes": [ChangeShape.EXAMPLE],
    }

    epoch = serializers.CharField(help_text="Identifier of the register; it changes when the register is recreated.")
    since = serializers.IntegerField(help_text="The requested `since`.")
    through = serializers.IntegerField(
        help_text="Last release that is complete on this page: store it, and use it as the next `since`."
    )
    latest = serializers.IntegerField(help_text="The newest release.")
    oldest = serializers.IntegerField(help_text="Smallest `since` that is accepted.")
    next = serializers.CharField(allow_null=True, help_text="URL of the next page; null at the newest release.")
    meta = response_shapes.MetaShape(help_text="Information about the response itself.")
    releases = FeedReleaseShape(many=True, help_text="The releases, earliest first, including those without changes.")
    changes = ChangeShape(many=True, help_text="Changes of these releases, in the same order.")


class SnapshotFileShape(serializers.Serializer):
    """A file of a snapshot: JSON objects, one per line, compressed with gzip."""

    EXAMPLE = {
        "kind": "commitment",
        "name": "commitments.ndjson.gz",
        "href": "/api/v1/exports/1840/commitments.ndjson.gz",
        "records": 812,
        "bytes": 402113,
        "sha256": _EXAMPLE_HASH,
        "bytes_unpacked": 3301554,
        "sha256_unpacked": _EXAMPLE_HASH,
    }

    kind = serializers.CharField(help_text="Kind of its rows: a kind of record, or release, edition or tombstone.")
    name = serializers.CharField(help_text="Name of the file.")
    href = serializers.CharField(help_text="Path.")
    records = serializers.IntegerField(help_text="Number of its lines.")
    bytes = serializers.IntegerField(help_text="Size of the file in bytes.")
    sha256 = serializers.CharField(help_text="SHA-256 of the file.")
    bytes_unpacked = serializers.IntegerField(help_text="Size of the unpacked file in bytes.")
    sha256_unpacked = serializers.CharField(help_text="SHA-256 of the unpacked file.")


class SnapshotShape(serializers.Serializer):
    """All that was live at a release, as files."""

    EXAMPLE = {
        "release": 1840,
        "epoch": "9f2b7c1e04d35a68",
        "taken_at": "2026-03-02T09:05:00Z",
        "state_hash": _EXAMPLE_HASH,
        "license": LICENCE_URL,
        "rights": RIGHTS_NOTICE,
        "href": "/api/v1/exports/1840/",
        "changes": "/api/v1/changes/?since=1840",
        "files": [SnapshotFileShape.EXAMPLE],
    }

    release = serializers.IntegerField(help_text="Last release that it includes.")
    epoch = serializers.CharField(help_text="Identifier of the register.")
    taken_at = serializers.DateTimeField(help_text="Time when it was written.")
    state_hash = serializers.CharField(help_text="State hash of that release.")
    license = serializers.CharField(help_text="Licence of the register's own data.")
    rights = serializers.CharField(help_text="Rights to the contents: that licence, and those of the quotations' publishers.")
    href = serializers.CharField(help_text="Path.")
    changes = serializers.CharField(help_text="Path of the changes since this snapshot.")
    files = SnapshotFileShape(many=True, help_text="Its files, each with its hash.")


SnapshotPageShape = response_shapes.compose_page_shape("Snapshot", SnapshotShape(many=True))
ChangesShape = PolymorphicProxySerializer(
    component_name="Changes",
    serializers={"newest first": edition_and_release_shapes.ReleasePageShape, "after since": ChangesAfterShape},
    resource_type_field_name=None,
)
