from django.conf import settings
from django.db import models
from django.utils import timezone

from entities.fields import LineField
from sources.models.document import SourceDocument


class DeskStep(models.Model):
    """One step of an editor at the desk of a document, with what is needed to take it back and to do it again."""

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="desk_steps", help_text="At whose desk.")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="By whom.")
    taken_at = models.DateTimeField(default=timezone.now, help_text="When.")
    label = LineField(max_length=300, help_text="What was done, as it is shown.")
    changes = models.JSONField(
        help_text="Each row that it wrote: model, key, fields before (null: made), fields after (null: deleted)."
    )
    undone = models.BooleanField(default=False, help_text="Whether it was taken back.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["document", "taken_by", "undone"])]

    def __str__(self) -> str:
        return self.label
