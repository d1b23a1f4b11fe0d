"""Source documents: articles, releases and transcripts."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from entities.fields import (
    Earliest,
    Latest,
    LineField,
    PartialDateField,
    ProseField,
    SlugField,
    WebAddressField,
    date_bound_column,
)
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Curated
from entities.models.organisation import Organisation


class SourceDocument(Curated):
    """Article, release or transcript. Its text is private to editors; hash and fingerprint prove passages without it."""

    slug = SlugField("public id", unique=True, help_text="Public id, such as rferl-2024-07-11.")
    title = LineField(max_length=500, help_text="The headline, exactly as in the document; if there is none, the opening words.")
    # A publisher with documents cannot be deleted: a source is nothing without its publisher.
    publisher = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        help_text="Who published it; empty if unknown.",
    )
    authors = LineField(max_length=500, blank=True, help_text="Names as the document gives them, separated by semicolons.")
    published_on = PartialDateField(
        help_text="Day of publication, as precise as known: 2024, 2024-07 or 2024-07-09, with ~ or ?, "
        "or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31."
    )
    published_on_earliest = date_bound_column(Earliest, "published_on")
    updated_on = PartialDateField(help_text="Day of the last update that the document itself mentions.")
    updated_on_latest = date_bound_column(Latest, "updated_on")
    retrieved_on = PartialDateField(help_text="Day on which this text was retrieved.")
    dating = ProseField(
        "how dates were established", blank=True, help_text="How the dates were established, if the document does not print them."
    )
    url = WebAddressField("URL", blank=True, help_text="Where it was published: an http or https address.")
    archived_url = WebAddressField("archived URL", blank=True, help_text="An archived copy of it.")
    language = LineField(max_length=12, blank=True, help_text="BCP 47 tag of the language of this text, such as en.")
    translated_from = LineField(
        max_length=80, blank=True, help_text="Language or chain of languages that it was translated from, such as pl, or en > ru."
    )
    rights = LineField(max_length=300, blank=True, help_text="Who holds the rights to the text.")
    text = models.TextField(blank=True, help_text="The full text. Private to editors: the API never returns it.")
    sha256 = models.CharField(
        "SHA-256",
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"\A[0-9a-f]{64}\Z", "Give 64 lower-case hexadecimal digits.")],
        help_text="SHA-256 of the text in UTF-8.",
    )
    fingerprint = models.TextField(blank=True, help_text="Proves that a passage is in the text, without the text; see the docs.")

    speech_spans = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Where words stand in quotation marks: first and last offset of each.",
    )
    page_breaks = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Where a page ends and the next begins: offset of each break. Empty if the original has no pages.",
    )
    word_count = models.PositiveIntegerField(
        "words", null=True, blank=True, editable=False, help_text="Number of words of the text; empty if it never was stored."
    )

    history = ChangeLinkedHistory(excluded_fields=["text", "fingerprint", "speech_spans", "page_breaks", "word_count"])

    class Meta:
        ordering = ["-published_on", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=~Q(sha256=""),
                name="document_text_once",
                violation_error_message="This text is already in the register.",
            ),
            models.CheckConstraint(
                name="document_published_before_updated",
                condition=Q(updated_on_latest__isnull=True)
                | Q(published_on_earliest__isnull=True)
                | Q(updated_on_latest__gte=F("published_on_earliest")),
                violation_error_message="It cannot have been updated before it was published.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    natural_key = Curated.natural_key
