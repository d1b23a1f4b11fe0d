"""Earlier texts of documents, kept when a newer text replaces them. Private to one installation, in no fixture or edition."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from entities.fields import LineField
from sources.models.document import SourceDocument


class EarlierText(models.Model):
    """Text of a document that a newer one has replaced. It stays readable."""

    document = models.ForeignKey(
        SourceDocument, models.CASCADE, related_name="earlier_texts", help_text="The document whose text this was."
    )
    text = models.TextField(help_text="The full text as it was. Private to editors.")
    sha256 = LineField("SHA-256", max_length=64, help_text="SHA-256 of the text in UTF-8.")
    replaced_at = models.DateTimeField(default=timezone.now, help_text="When a newer text replaced it.")
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who replaced it."
    )

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "sha256"],
                name="earlier_text_once",
                violation_error_message="This earlier text of the document is already stored.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}, text until {self.replaced_at:%Y-%m-%d}"
