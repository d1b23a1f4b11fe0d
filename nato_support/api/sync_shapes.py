"""The shapes of what a mirror reads: the feed of changes, and snapshots. Read as the API's reference, never run."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from entities.serializers import PLURALS
from nato_support.api import shapes

_HASH = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"


class ToldRunShape(serializers.Serializer):
    """A print run in the feed of changes."""

    EXAMPLE = {
        "stamp": 1841,
        "printed_at": "2026-03-03T09:00:07.254193Z",
        "operation": "publish",
        "note": None,
        "state_hash": _HASH,
        "changes": 2,
        "href": "/api/v1/changes/1841/",
    }

    stamp = serializers.IntegerField(help_text="Its number: one more than that of the run before.")
    printed_at = serializers.DateTimeField(help_text="To the microsecond.")
    operation = serializers.ChoiceField(["load", "publish", "withdraw", "merge", "import"], help_text="What was done.")
    note = serializers.CharField(allow_null=True, help_text="Why, if editors said so for the public.")
    state_hash = serializers.CharField(help_text="Sum, modulo 2^256, of the SHA-256 of every edition then live.")
    changes = serializers.IntegerField(help_text="How many changes it has in all.")
    href = serializers.CharField(help_text="The run with all its editions.")


class ChangeShape(serializers.Serializer):
    """What one run did to one record."""

    EXAMPLE = {
        "stamp": 1841,
        "seq": 1,
        "op": "upsert",
        "kind": "organisation",
        "slug": "arcadia",
        "edition": 6,
        "cause": "content",
        "moved_to": None,
        "gone": False,
        "sha256": _HASH,
        "href": "/api/v1/organisations/arcadia/editions/6/",
        "document": shapes.DETAILS["organisation"].EXAMPLE,
    }

    stamp = serializers.IntegerField(help_text="The run.")
    seq = serializers.IntegerField(help_text="Its place within the run: what was printed comes before what was removed.")
    op = serializers.ChoiceField(["upsert", "withdraw", "merge"], help_text="What to do with the record.")
    kind = serializers.ChoiceField(list(PLURALS), help_text="What sort of record it is.")
    slug = serializers.CharField(help_text="Public id of the record.")
    edition = serializers.IntegerField(help_text="Number of the edition within its record.")
    cause = serializers.ChoiceField(
        shapes.CAUSES, help_text="Whether the record itself changed, or only something that it names."
    )
    moved_to = serializers.CharField(allow_null=True, help_text="Of a merge: slug of the record that stays.")
    gone = serializers.BooleanField(help_text="The record was withdrawn since: nothing of this edition is told.")
    sha256 = serializers.CharField(allow_null=True, help_text="Of the bytes at `href`.")
    href = serializers.CharField(allow_null=True, help_text="The edition, which stays as it is.")
    document = shapes.Stated(
        {"type": "object", "required": ["kind", "slug", "edition", "stamp"]},
        required=False,
        help_text="What `href` answers, if `include=document` asked for it and the page did not grow too large.",
    )


class ChangesAfterShape(serializers.Serializer):
    """What changed after a stamp, run by run."""

    EXAMPLE = {
        "epoch": "9f2b7c1e04d35a68",
        "since": 1840,
        "through": 1841,
        "latest": 1842,
        "oldest": 1201,
        "next": "https://register.example/api/v1/changes/?since=1840&cursor=a51B",
        "meta": {"stamp": 1842},
        "runs": [ToldRunShape.EXAMPLE],
        "changes": [ChangeShape.EXAMPLE],
    }

    epoch = serializers.CharField(help_text="Which register this is; one that was begun anew has another.")
    since = serializers.IntegerField(help_text="As asked.")
    through = serializers.IntegerField(help_text="The last run that was told whole: what to keep, and to ask for next.")
    latest = serializers.IntegerField(help_text="The newest run.")
    oldest = serializers.IntegerField(help_text="The least `since` that is answered.")
    next = serializers.CharField(allow_null=True, help_text="Address of what follows; null at the newest run.")
    meta = shapes.MetaShape(help_text="What the answer says of itself.")
    runs = ToldRunShape(many=True, help_text="The runs, the earliest first, those without changes too.")
    changes = ChangeShape(many=True, help_text="What they did, in the same order.")


class SnapshotFileShape(serializers.Serializer):
    """One file of a snapshot: gzip, a JSON object a line."""

    EXAMPLE = {
        "kind": "commitment",
        "name": "commitments.ndjson.gz",
        "href": "/api/v1/exports/1840/commitments.ndjson.gz",
        "records": 812,
        "bytes": 402113,
        "sha256": _HASH,
        "bytes_unpacked": 3301554,
        "sha256_unpacked": _HASH,
    }

    kind = serializers.CharField(help_text="Of what stands in it: a kind of record, or run, edition or tombstone.")
    name = serializers.CharField(help_text="Of the file.")
    href = serializers.CharField(help_text="Where it is.")
    records = serializers.IntegerField(help_text="How many lines it has.")
    bytes = serializers.IntegerField(help_text="Its size.")
    sha256 = serializers.CharField(help_text="Of the file.")
    bytes_unpacked = serializers.IntegerField(help_text="The size of its lines.")
    sha256_unpacked = serializers.CharField(help_text="Of its lines.")


class SnapshotShape(serializers.Serializer):
    """All that was live at a stamp, as files."""

    EXAMPLE = {
        "stamp": 1840,
        "epoch": "9f2b7c1e04d35a68",
        "taken_at": "2026-03-02T09:05:00Z",
        "state_hash": _HASH,
        "rights": "Quotations belong to those who published them.",
        "href": "/api/v1/exports/1840/",
        "changes": "/api/v1/changes/?since=1840",
        "files": [SnapshotFileShape.EXAMPLE],
    }

    stamp = serializers.IntegerField(help_text="The run up to which it goes.")
    epoch = serializers.CharField(help_text="Which register it is.")
    taken_at = serializers.DateTimeField(help_text="When it was written.")
    state_hash = serializers.CharField(help_text="That of the run `stamp`.")
    rights = serializers.CharField(help_text="Whose the contents are.")
    href = serializers.CharField(help_text="Where it is.")
    changes = serializers.CharField(help_text="What changed since.")
    files = SnapshotFileShape(many=True, help_text="Its files, each with its hash.")


SnapshotPage = shapes.page_of("Snapshot", SnapshotShape(many=True))
Changes = PolymorphicProxySerializer(
    component_name="Changes",
    serializers={"newest first": shapes.RunPage, "after since": ChangesAfterShape},
    resource_type_field_name=None,
)
