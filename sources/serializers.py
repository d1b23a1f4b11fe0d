"""The public shape of documents, quotes and evidence: run once, at publication, and read as the API's reference.

They import no model (see entities.serializers). A document's text is in none of them.
"""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers import BlankAsNull, DateField, PrintedShape, ReferenceField, ReferenceShape


class DocumentShape(PrintedShape):
    kind = serializers.SerializerMethodField()
    name = serializers.CharField(source="title", help_text="The headline.")
    publisher = ReferenceField()
    authors = serializers.SerializerMethodField()
    published_on = DateField()
    updated_on = DateField()
    retrieved_on = DateField()
    dating = BlankAsNull(help_text="How the dates were found, if the document does not print them.")
    url = BlankAsNull()
    archived_url = BlankAsNull()
    language = BlankAsNull(help_text="BCP 47.")
    translated_from = BlankAsNull(help_text="Language or chain of languages that it was translated from.")
    rights = BlankAsNull()
    sha256 = BlankAsNull(help_text="SHA-256 of its text in UTF-8.")

    def get_kind(self, record) -> str:
        return "document"

    def kind_of(self, record) -> str:
        return "document"

    def get_authors(self, record) -> list[str]:
        return [name.strip() for name in record.authors.split(";") if name.strip()]


class QuoteShape(PrintedShape):
    kind = serializers.SerializerMethodField()
    exact = serializers.CharField(help_text="The passage, character for character.")
    prefix = serializers.CharField(help_text="The words just before it.")
    suffix = serializers.CharField(help_text="The words just after it.")
    start = serializers.IntegerField(help_text="Offset of its first character in the text, in code points.")
    end = serializers.IntegerField(help_text="Offset after its last character.")
    quote_kind = serializers.ChoiceField(v.QuoteKind.choices, source="kind")
    fidelity = serializers.ChoiceField(v.Fidelity.choices, help_text="Whether the words are original or translated.")
    speaker = ReferenceField()
    attribution = BlankAsNull(help_text="How the source describes the speaker.")
    said_on = DateField()
    occasion = ReferenceField()
    document = serializers.SerializerMethodField()

    def get_kind(self, record) -> str:
        return "quote"

    def kind_of(self, record) -> str:
        return "quote"

    def get_document(self, record) -> dict:
        return {"kind": "document", "slug": record.document.slug}


class EmbeddedDocumentShape(ReferenceShape):
    """A document as it stands in the records that rest on it."""

    publisher = ReferenceShape(allow_null=True)
    published_on = DateField()
    language = BlankAsNull()
    translated_from = BlankAsNull()
    url = BlankAsNull()


class EmbeddedQuoteShape(serializers.Serializer):
    """A quote as it stands in the records that rest on it."""

    kind = serializers.CharField()
    slug = serializers.CharField()
    href = serializers.CharField()
    exact = serializers.CharField()
    quote_kind = serializers.ChoiceField(v.QuoteKind.choices)
    fidelity = serializers.ChoiceField(v.Fidelity.choices)
    speaker = ReferenceShape(allow_null=True)
    attribution = BlankAsNull()
    said_on = DateField()
    document = EmbeddedDocumentShape()


EMBEDDED = {
    "document": tuple(EmbeddedDocumentShape().fields),
    "quote": tuple(EmbeddedQuoteShape().fields),
}
"""Kind -> the members of its printed document that stand wherever it is referred to; other kinds: ReferenceShape."""


class CitationShape(serializers.Serializer):
    stance = serializers.ChoiceField(v.Stance.choices)
    value = serializers.CharField(help_text="What the quote states, typed as the field takes it.")
    value_ref = serializers.SerializerMethodField(help_text="The record that the value names, for fields that refer to records.")
    as_stated = BlankAsNull(help_text="The source's own words for it.")
    note = BlankAsNull(help_text="The register's reasoning.")
    quote = serializers.SerializerMethodField()

    def get_value_ref(self, citation) -> dict | None:
        return None

    def get_quote(self, citation) -> dict:
        return {"kind": "quote", "slug": citation.quote.slug}


class ResolutionShape(serializers.Serializer):
    verdict = serializers.ChoiceField(v.Verdict.choices)
    reason = serializers.CharField()
    decided_on = DateField()
    settles = serializers.ListField(
        child=serializers.CharField(), help_text="The statements that it judged, “not” before a denied value."
    )
    stands = serializers.SerializerMethodField(help_text="False once a source states something that it did not judge.")

    def get_stands(self, resolution) -> bool:
        return False


class FieldEvidenceShape(serializers.Serializer):
    """All evidence of one field, sources that disagree side by side."""

    agreement = serializers.ChoiceField(["single", "agreed", "resolved", "contested"])
    contested = serializers.BooleanField()
    statements = serializers.ListField(
        child=serializers.CharField(), help_text="The different values stated, “not” before one that a quote denies."
    )
    resolution = ResolutionShape(allow_null=True, help_text="The verdict that stands, if one does.")
    resolutions = ResolutionShape(many=True)
    citations = CitationShape(many=True)


SHAPES = {"document": DocumentShape, "quote": QuoteShape}
