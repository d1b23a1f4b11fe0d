"""Public shapes of documents, quotes and evidence, rendered once on publication and described in the API's reference.

They import no model (see entities.serializers). None of them contains the text of a document.
"""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers import (
    API_PATH_PATTERN,
    EXAMPLE_DAY,
    SLUG_PATTERN,
    BlankAsNullField,
    DateShapeField,
    EditionShape,
    FilledInByRenderingField,
    NestedField,
    PublicShape,
    ReferenceField,
    ReferencesField,
    ReferenceShape,
    date_shape,
    edition_example,
    record_path,
)

LANGUAGE_PATTERN = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
SHA256_PATTERN = "^[0-9a-f]{64}$"
_COURIER = {
    "kind": "organisation",
    "slug": "arcadian-courier",
    "name": "Arcadian Courier",
    "href": "/api/v1/organisations/arcadian-courier/",
}
_ADA = {"kind": "person", "slug": "ada-fell", "name": "Ada Fell", "href": "/api/v1/persons/ada-fell/"}
_MEETING = {"kind": "event", "slug": "lake-meeting", "name": "Lake Meeting", "href": "/api/v1/events/lake-meeting/"}
_HEADLINE = "Arcadia to give kites"
_WORDS = "We pledge forty kites, no more and no less"
_ADDRESS = "https://courier.example/2024/kites"
_SPEAKERS_HELP = "Speakers, ordered by slug; empty if it is no speech or nobody is named."
_REPORTED_BY_HELP = "Who reports what the speaker said; null if the document itself does."
_UTTERANCE_HELP = "Public id shared by the quotes of one utterance: they are one witness, however many they are."
_PAGE_HELP = "Page of the document on which it begins, counted from 1; null if the document has no pages."
_NOTE_HELP = "The register's reasoning, where the document does not state speaker, day or occasion."


class DocumentShape(EditionShape):
    KIND = "document"
    EXAMPLE = edition_example(KIND, "courier-2024-07-09") | {
        "name": _HEADLINE,
        "publisher": _COURIER,
        "authors": ["Bo Vale"],
        "published_on": date_shape(EXAMPLE_DAY),
        "updated_on": None,
        "retrieved_on": date_shape("2024-08-01"),
        "dating": None,
        "url": _ADDRESS,
        "archived_url": None,
        "language": "en",
        "translated_from": None,
        "rights": "All rights reserved",
        "sha256": "17ac297721024efaada110b348991e1bc1462cd0e6aeb6e6f66a249da41be0ba",
    }

    name = serializers.CharField(source="title", help_text="The headline.")
    publisher = ReferenceField(help_text="Publisher.")
    authors = serializers.SerializerMethodField(help_text="Authors, as the document names them.")
    published_on = DateShapeField(help_text="Day of publication.")
    updated_on = DateShapeField(help_text="Day of the publisher's last change.")
    retrieved_on = DateShapeField(help_text="Day on which it was read for the register.")
    dating = BlankAsNullField(help_text="Explanation of the dates, if the document does not state them.")
    url = BlankAsNullField(help_text="Its web address.")
    archived_url = BlankAsNullField(help_text="Web address of an archived copy.")
    language = BlankAsNullField(pattern=LANGUAGE_PATTERN, help_text="BCP 47.")
    translated_from = BlankAsNullField(help_text="Language or chain of languages that it was translated from.")
    rights = BlankAsNullField(help_text="Terms of use set by the publisher.")
    sha256 = BlankAsNullField(pattern=SHA256_PATTERN, help_text="SHA-256 of its text in UTF-8.")

    def get_authors(self, record) -> list[str]:
        return [name.strip() for name in record.authors.split(";") if name.strip()]


class EmbeddedDocumentShape(ReferenceShape):
    """A document as embedded in the records that depend on it."""

    EXAMPLE = {
        "kind": "document",
        "slug": "courier-2024-07-09",
        "name": _HEADLINE,
        "href": record_path("document", "courier-2024-07-09"),
        "publisher": _COURIER,
        "published_on": date_shape(EXAMPLE_DAY),
        "language": "en",
        "translated_from": None,
        "url": _ADDRESS,
    }

    kind = serializers.ChoiceField(["document"], help_text="Kind of record.")
    publisher = ReferenceField(help_text="Publisher.")
    published_on = DateShapeField(help_text="Day of publication.")
    language = BlankAsNullField(pattern=LANGUAGE_PATTERN, help_text="BCP 47.")
    translated_from = BlankAsNullField(help_text="Language or chain of languages that it was translated from.")
    url = BlankAsNullField(help_text="Its web address.")


class DocumentField(NestedField):
    """The document that a quote was taken from, as EmbeddedDocumentShape."""

    shape = EmbeddedDocumentShape
    always = True

    def to_representation(self, value):
        return {"kind": "document", "slug": value.slug}


class QuoteShape(EditionShape):
    KIND = "quote"
    EXAMPLE = edition_example(KIND, "courier-q1") | {
        "exact": _WORDS,
        "start": 101,
        "end": 143,
        "page": 3,
        "quote_kind": "direct_speech",
        "fidelity": "original",
        "speakers": [_ADA],
        "attribution": "the minister of kites",
        "reported_by": None,
        "said_on": date_shape(EXAMPLE_DAY),
        "occasion": _MEETING,
        "utterance": "pledge-of-kites",
        "note": "The day is that of the meeting.",
        "document": EmbeddedDocumentShape.EXAMPLE,
    }

    exact = serializers.CharField(help_text="The passage, character for character.")
    start = serializers.IntegerField(min_value=0, help_text="Offset of its first character in the text, in code points.")
    end = serializers.IntegerField(min_value=1, help_text="Offset after its last character.")
    page = serializers.IntegerField(min_value=1, allow_null=True, help_text=_PAGE_HELP)
    quote_kind = serializers.ChoiceField(
        v.QuoteKind.choices, source="kind", help_text="Direct speech, a fragment, reported speech or narration."
    )
    fidelity = serializers.ChoiceField(v.Fidelity.choices, help_text="Original or translated wording.")
    speakers = ReferencesField(help_text=_SPEAKERS_HELP)
    attribution = BlankAsNullField(help_text="The source's description of the speaker.")
    reported_by = BlankAsNullField(help_text=_REPORTED_BY_HELP)
    said_on = DateShapeField(help_text="Day on which it was said.")
    occasion = ReferenceField(help_text="The event at which it was said.")
    utterance = BlankAsNullField(pattern=SLUG_PATTERN, help_text=_UTTERANCE_HELP)
    note = BlankAsNullField(help_text=_NOTE_HELP)
    document = DocumentField(help_text="The document that it was taken from.")


class EmbeddedQuoteShape(PublicShape):
    """A quote as embedded in the records that depend on it."""

    EXAMPLE = {
        "kind": "quote",
        "slug": "courier-q1",
        "href": record_path("quote", "courier-q1"),
        "exact": _WORDS,
        "page": 3,
        "quote_kind": "direct_speech",
        "fidelity": "original",
        "speakers": [_ADA],
        "attribution": "the minister of kites",
        "reported_by": None,
        "said_on": date_shape(EXAMPLE_DAY),
        "utterance": "pledge-of-kites",
        "note": "The day is that of the meeting.",
        "document": EmbeddedDocumentShape.EXAMPLE,
    }

    kind = serializers.ChoiceField(["quote"], help_text="Kind of record.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="Path of the quote.")
    exact = serializers.CharField(help_text="The passage, character for character.")
    page = serializers.IntegerField(min_value=1, allow_null=True, help_text=_PAGE_HELP)
    quote_kind = serializers.ChoiceField(
        v.QuoteKind.choices, help_text="Direct speech, a fragment, reported speech or narration."
    )
    fidelity = serializers.ChoiceField(v.Fidelity.choices, help_text="Original or translated wording.")
    speakers = ReferencesField(help_text=_SPEAKERS_HELP)
    attribution = BlankAsNullField(help_text="The source's description of the speaker.")
    reported_by = BlankAsNullField(help_text=_REPORTED_BY_HELP)
    said_on = DateShapeField(help_text="Day on which it was said.")
    utterance = BlankAsNullField(pattern=SLUG_PATTERN, help_text=_UTTERANCE_HELP)
    note = BlankAsNullField(help_text=_NOTE_HELP)
    document = DocumentField(help_text="The document that it was taken from.")


EMBEDDED_MEMBERS = {
    "document": tuple(EmbeddedDocumentShape().fields),
    "quote": tuple(EmbeddedQuoteShape().fields),
}
"""Kind -> members of its rendered document that are embedded wherever it is referred to; other kinds: ReferenceShape."""


class QuoteField(NestedField):
    """The quote that a citation is made of, as EmbeddedQuoteShape."""

    shape = EmbeddedQuoteShape
    always = True

    def to_representation(self, value):
        return {"kind": "quote", "slug": value.slug}


class StatementShape(PublicShape):
    """A value that a source affirms or denies."""

    EXAMPLE = {"value": "about 700 person", "polarity": "affirms"}

    value = serializers.CharField(help_text="The value, in the format of the field.")
    polarity = serializers.ChoiceField(v.Polarity.choices, help_text="affirms: it is so; denies: it is not so.")


class StatementField(NestedField):
    """A statement that a resolution decides for, as StatementShape or null."""

    shape = StatementShape

    def to_representation(self, value):
        return dict(value)


class StatementsField(NestedField):
    """The statements that a resolution judges, as StatementShape."""

    shape = StatementShape
    many = True

    def to_representation(self, value):
        return [dict(statement) for statement in value]


class CitationShape(PublicShape):
    """A quote as evidence for one field: what it states there."""

    EXAMPLE = {
        "polarity": "affirms",
        "stance": "supports",
        "value": "pledge",
        "value_ref": None,
        "as_stated": "We pledge",
        "note": None,
        "quote": EmbeddedQuoteShape.EXAMPLE,
    }

    polarity = serializers.ChoiceField(v.Polarity.choices, help_text="Affirms or denies the value: what the source itself does.")
    stance = FilledInByRenderingField(
        serializers.ChoiceField(v.Stance.choices),
        "",
        help_text="Computed stance towards the value of the register: supports, qualifies (both can be true) or contradicts it.",
    )
    value = serializers.CharField(help_text="Value that the quote affirms or denies, in the format of the field.")
    value_ref = FilledInByRenderingField(
        ReferenceField(), None, help_text="The record that the value names, for fields that refer to records; else null."
    )
    as_stated = BlankAsNullField(help_text="The source's own words for it.")
    note = BlankAsNullField(help_text="The register's reasoning.")
    quote = QuoteField(help_text="The passage.")


class ResolutionShape(PublicShape):
    """An editor's verdict on sources that differ."""

    EXAMPLE = {
        "verdict": "compatible_precision",
        "reason": "The later one counts more exactly.",
        "decided_on": date_shape("2024-08-02"),
        "settles": [StatementShape.EXAMPLE, {"value": "exactly 600 person", "polarity": "affirms"}],
        "decides_for": StatementShape.EXAMPLE,
        "stands": True,
    }

    verdict = serializers.ChoiceField(v.Verdict.choices, help_text="Verdict on the statements.")
    reason = serializers.CharField(help_text="Reason for the verdict.")
    decided_on = DateShapeField(help_text="Day of the decision.")
    settles = StatementsField(help_text="Statements that the verdict judges.")
    decides_for = StatementField(help_text="The statement that the register follows; null if the verdict decides for none.")
    stands = FilledInByRenderingField(
        serializers.BooleanField(), False, help_text="False once a source states something that the verdict does not cover."
    )


class BasisShape(PublicShape):
    """What a value rests on: the citations that support it or, if none does, all of its field."""

    EXAMPLE = {"documents": 1, "utterances": 1, "limits": ["one_document", "one_utterance", "one_publisher"]}

    documents = serializers.IntegerField(min_value=0, help_text="Number of documents.")
    utterances = serializers.IntegerField(
        min_value=0, help_text="Number of independent utterances: wordings or repetitions of one count once."
    )
    limits = serializers.ListField(
        child=serializers.ChoiceField(v.BasisLimit.choices), help_text="What limits its weight, as the filter `basis` takes it."
    )


class FieldEvidenceShape(PublicShape):
    """All evidence of one field, sources that disagree side by side."""

    EXAMPLE = {
        "agreement": "single",
        "contested": False,
        "basis": BasisShape.EXAMPLE,
        "statements": [{"value": "pledge", "polarity": "affirms"}],
        "resolution": None,
        "resolutions": [],
        "citations": [CitationShape.EXAMPLE],
    }

    agreement = serializers.ChoiceField(
        v.Agreement.choices, help_text="Agreement of the sources; only independent utterances make it agreed."
    )
    contested = serializers.BooleanField(help_text="True if the sources differ and no verdict is in force.")
    basis = BasisShape(help_text="What the value rests on.")
    statements = StatementShape(many=True, help_text="The distinct statements: what is affirmed, and what is denied.")
    resolution = ResolutionShape(allow_null=True, help_text="The verdict in force, if any.")
    resolutions = ResolutionShape(many=True, help_text="All verdicts, the earliest first.")
    citations = CitationShape(many=True, help_text="The quotes, with the value that each states.")


SHAPES: dict[str, type[EditionShape]] = {"document": DocumentShape, "quote": QuoteShape}
