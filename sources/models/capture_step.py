"""Capture steps: what an editor did on a document, for undo and redo. Private to one installation, in no fixture or edition."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from entities.fields import LineField
from sources.models.document import SourceDocument


class CaptureStep(models.Model):
    """Step of an editor on a document, with the data needed to undo and redo it."""

    document = models.ForeignKey(
        SourceDocument, models.CASCADE, related_name="capture_steps", help_text="The document that was worked on."
    )
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who did it.")
    taken_at = models.DateTimeField(default=timezone.now, help_text="When it was done.")
    label = LineField(max_length=300, help_text="What was done, as shown to the editor.")
    changes = models.JSONField(
        help_text="Each row that it wrote: model, key, fields before (null: created), fields after (null: deleted)."
    )
    undone = models.BooleanField(default=False, help_text="Ticked if it was undone.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["document", "taken_by", "undone"])]

    def __str__(self) -> str:
        return self.label
