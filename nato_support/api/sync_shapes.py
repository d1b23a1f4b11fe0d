"""Serializers that describe the change feed and snapshots in the OpenAPI document. Nothing is serialised with them."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from entities.serializers import PLURALS
from nato_support.api import history_shapes, response_shapes
from nato_support.api.json_schema_field import JsonSchemaField

_EXAMPLE_HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"


class FeedReleaseShape(history_shapes.ReleaseShape):
    """A release in the feed of changes."""

    EXAMPLE = history_shapes.ReleaseShape.EXAMPLE | {"changes": 2}

    changes = serializers.IntegerField(help_text="How many changes it has in all.")


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
    seq = serializers.IntegerField(help_text="Its place within the release: what was printed comes before what was removed.")
    op = serializers.ChoiceField(["upsert", "withdraw", "merge"], help_text="What to do with the record.")
    kind = serializers.ChoiceField(list(PLURALS), help_text="What sort of record it is.")
    slug = serializers.CharField(help_text="Public id of the record.")
    edition = serializers.IntegerField(help_text="Number of the edition within its record.")
    cause = serializers.ChoiceField(
        history_shapes.CAUSES, help_text="Whether the record itself changed, or only something that it names."
    )
    moved_to = serializers.CharField(allow_null=True, help_text="Of a merge: slug of the record that stays.")
    gone = serializers.BooleanField(help_text="The record was withdrawn since: nothing of this edition is told.")
    sha256 = serializers.CharField(allow_null=True, help_text="Of the bytes at `href`.")
    href = serializers.CharField(allow_null=True, help_text="The edition, which stays as it is.")
    document = JsonSchemaField(
        {"type": "object", "required": ["kind", "slug", "edition", "release"]},
        required=False,
        help_text="What `href` answers, if `include=document` asked for it and the page did not grow too large.",
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

    epoch = serializers.CharField(help_text="Which register this is; one that was begun anew has another.")
    since = serializers.IntegerField(help_text="As asked.")
    through = serializers.IntegerField(help_text="The last release that was told whole: what to keep, and to ask for next.")
    latest = serializers.IntegerField(help_text="The newest release.")
    oldest = serializers.IntegerField(help_text="The least `since` that is answered.")
    next = serializers.CharField(allow_null=True, help_text="Address of what follows; null at the newest release.")
    meta = response_shapes.MetaShape(help_text="What the answer says of itself.")
    releases = FeedReleaseShape(many=True, help_text="The releases, the earliest first, those without changes too.")
    changes = ChangeShape(many=True, help_text="What they did, in the same order.")


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

    kind = serializers.CharField(help_text="Of what stands in it: a kind of record, or release, edition or tombstone.")
    name = serializers.CharField(help_text="Of the file.")
    href = serializers.CharField(help_text="Where it is.")
    records = serializers.IntegerField(help_text="How many lines it has.")
    bytes = serializers.IntegerField(help_text="Its size.")
    sha256 = serializers.CharField(help_text="Of the file.")
    bytes_unpacked = serializers.IntegerField(help_text="The size of its lines.")
    sha256_unpacked = serializers.CharField(help_text="Of its lines.")


class SnapshotShape(serializers.Serializer):
    """All that was live at a release, as files."""

    EXAMPLE = {
        "release": 1840,
        "epoch": "9f2b7c1e04d35a68",
        "taken_at": "2026-03-02T09:05:00Z",
        "state_hash": _EXAMPLE_HASH,
        "rights": "Quotations belong to those who published them.",
        "href": "/api/v1/exports/1840/",
        "changes": "/api/v1/changes/?since=1840",
        "files": [SnapshotFileShape.EXAMPLE],
    }

    release = serializers.IntegerField(help_text="The release up to which it goes.")
    epoch = serializers.CharField(help_text="Which register it is.")
    taken_at = serializers.DateTimeField(help_text="When it was written.")
    state_hash = serializers.CharField(help_text="That of the release `release`.")
    rights = serializers.CharField(help_text="Whose the contents are.")
    href = serializers.CharField(help_text="Where it is.")
    changes = serializers.CharField(help_text="What changed since.")
    files = SnapshotFileShape(many=True, help_text="Its files, each with its hash.")


SnapshotPageShape = response_shapes.compose_page_shape("Snapshot", SnapshotShape(many=True))
ChangesShape = PolymorphicProxySerializer(
    component_name="Changes",
    serializers={"newest first": history_shapes.ReleasePageShape, "after since": ChangesAfterShape},
    resource_type_field_name=None,
)
