"""Read marks: passages read without anything more to capture. Private to one installation, in no fixture or edition."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entities.fields import LineField
from sources.models.document import SourceDocument


class ReadMark(models.Model):
    """Stretch of a text that an editor read and found nothing more to capture in."""

    document = models.ForeignKey(
        SourceDocument, models.CASCADE, related_name="read_marks", help_text="The document that was read."
    )
    text_sha256 = LineField(max_length=64, help_text="Hash of the text that was read.")
    start = models.PositiveIntegerField(help_text="Offset of its first character, in code points.")
    end = models.PositiveIntegerField(validators=[MinValueValidator(1)], help_text="Offset after its last character.")
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who read it."
    )
    marked_at = models.DateTimeField(default=timezone.now, help_text="When it was read.")

    class Meta:
        ordering = ["document", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "text_sha256", "start"],
                name="read_mark_once",
                violation_error_message="This passage is already marked as read.",
            ),
            models.CheckConstraint(
                name="read_mark_ends_after_its_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="The end must come after the start.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.start} to {self.end}"
