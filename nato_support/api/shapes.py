"""The shapes of whole answers, around the printed shapes of records: read as the API's reference, never run."""

from rest_framework import serializers

from entities.serializers import (
    ENTITY_KINDS,
    PLURALS,
    IdentifierShape,
    NameShape,
)
from nato_support.api.collections import SHAPES
from sources.serializers import FieldEvidenceShape


class LinksShape(serializers.Serializer):
    """Addresses about a record; which ones depends on its kind."""

    self = serializers.CharField()
    edition = serializers.CharField(help_text="This edition, which stays as it is.")
    editions = serializers.CharField(help_text="All its editions.")
    relations = serializers.CharField(required=False)
    commitments = serializers.CharField(required=False)
    commitments_to_it = serializers.CharField(required=False, help_text="Commitments that it benefits from.")
    parts = serializers.CharField(required=False)
    documents = serializers.CharField(required=False)
    quotes = serializers.CharField(required=False)
    entities = serializers.CharField(required=False)


class MetaShape(serializers.Serializer):
    stamp = serializers.IntegerField(help_text="The print run that the answer shows.")
    count_is = serializers.ChoiceField(["at_least"], required=False, help_text="There are more results than were counted.")
    is_truncated = serializers.BooleanField(
        required=False, help_text="More was found than could be ranked: only the newest is here."
    )


class FaultShape(serializers.Serializer):
    """One thing wrong with the request; `given`, `allowed`, `detail` and `did_you_mean` where they help."""

    code = serializers.CharField(help_text="unknown, repeated, empty, malformed, not_allowed, out_of_range ...")
    name = serializers.CharField(help_text="The parameter.")
    given = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)
    allowed = serializers.JSONField(required=False)
    did_you_mean = serializers.ListField(child=serializers.CharField(), required=False)


FaultShape._declared_fields["in"] = serializers.ChoiceField(["query"])


class ProblemShape(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField(help_text="A page that explains it.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FaultShape(many=True, required=False)
    slug = serializers.CharField(required=False, help_text="Of a record that was withdrawn or merged.")
    merged_into = serializers.JSONField(
        required=False, help_text="Slug of the record that stays; of a list, each that was followed."
    )
    withdrawn = serializers.BooleanField(required=False)


class EditionEntryShape(serializers.Serializer):
    """One edition in a record's history."""

    edition = serializers.IntegerField()
    stamp = serializers.IntegerField()
    printed_at = serializers.DateTimeField()
    cause = serializers.ChoiceField([("content", "its content changed"), ("reference", "something that it names changed")])
    name = serializers.CharField(allow_null=True)
    withdrawn = serializers.BooleanField()
    href = serializers.CharField()


class ChangedEditionShape(serializers.Serializer):
    """One edition that a print run printed. Withdrawn records are not named."""

    kind = serializers.ChoiceField(list(PLURALS))
    slug = serializers.CharField()
    edition = serializers.IntegerField()
    name = serializers.CharField(allow_null=True)
    cause = serializers.ChoiceField([("content", "its content changed"), ("reference", "something that it names changed")])
    withdrawn = serializers.BooleanField()
    moved_to = serializers.CharField(
        allow_null=True, help_text="Slug of the record, of the same kind, that it was merged into; null if it was not."
    )
    href = serializers.CharField()


class RunShape(serializers.Serializer):
    """One transaction that changed what is public."""

    stamp = serializers.IntegerField()
    printed_at = serializers.DateTimeField()
    operation = serializers.ChoiceField(["load", "publish", "withdraw", "merge", "import"])
    note = serializers.CharField(allow_null=True)
    state_hash = serializers.CharField(help_text="Sum, modulo 2^256, of the SHA-256 of every edition then live.")
    href = serializers.CharField(help_text="The run with all its editions.")


class RunWithEditionsShape(RunShape):
    editions = ChangedEditionShape(many=True, help_text="The first 100.")
    is_truncated = serializers.BooleanField()


def made(name: str, *bases: type, **fields: serializers.Field) -> type[serializers.Serializer]:
    """A serializer class put together from parts."""
    return type(f"{name}Shape", bases or (serializers.Serializer,), fields)


def page_of(name: str, results: serializers.Field, *bases: type) -> type[serializers.Serializer]:
    """A page of a list."""
    return made(
        f"{name}Page",
        *bases,
        results=results,
        next=serializers.CharField(allow_null=True, help_text="Address of the next page."),
        previous=serializers.CharField(allow_null=True, help_text="Address of the page before."),
        count=serializers.IntegerField(required=False, help_text="Number of all results, if asked for."),
        meta=MetaShape(),
    )


def _detail(kind: str) -> type[serializers.Serializer]:
    fields: dict[str, serializers.Field] = {"links": LinksShape()}
    if kind in ENTITY_KINDS:
        fields |= {"names": NameShape(many=True), "identifiers": IdentifierShape(many=True)}
    if kind not in ("document", "quote"):
        evidence = "By field: the quotes that it rests on, sources that disagree side by side."
        fields["evidence"] = serializers.DictField(child=FieldEvidenceShape(), help_text=evidence)
    if kind == "document":
        fields["fingerprint"] = serializers.JSONField(help_text="Proves that a passage stands in its text, without the text.")
    return made(f"{kind.title()}Detail", SHAPES[kind], **fields)


DETAILS = {kind: _detail(kind) for kind in SHAPES}
EditionPage = page_of("Edition", EditionEntryShape(many=True))
RunPage = page_of("Run", RunWithEditionsShape(many=True))
RunDetail = page_of("RunDetail", ChangedEditionShape(many=True), RunShape)
Root = made(
    "Root",
    **{name: serializers.CharField() for name in (*PLURALS.values(), "entities", "search", "changes", "schema", "docs")},
    meta=MetaShape(),
)
