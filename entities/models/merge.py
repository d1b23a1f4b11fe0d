"""Merges of two entities into one, each with what is needed to take it back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entities.fields import ProseField
from entities.models.entity import Entity


class Merge(models.Model):
    """One entity merged into another: who did it, why, and every row that it touched, as it was and as it became."""

    # Both stay in the table of entities: the one merged is the signpost of its old address.
    merged = models.ForeignKey(Entity, models.PROTECT, related_name="merges_away", help_text="What became a signpost.")
    survivor = models.ForeignKey(Entity, models.PROTECT, related_name="merges_in", help_text="What it was merged into.")
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who did it."
    )
    merged_at = models.DateTimeField(default=timezone.now, help_text="When.")
    why = ProseField(blank=True, help_text="Why they are one.")
    rows = models.JSONField(help_text="Each row that was touched: model, key, fields before and fields after (null: no row).")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who took it back."
    )
    undone_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken back; empty: it stands.")

    class Meta:
        ordering = ["-merged_at", "-pk"]
        permissions = [("merge", "Can merge and unmerge records")]
        constraints = [
            models.CheckConstraint(
                name="merge_of_two",
                condition=~Q(merged=F("survivor")),
                violation_error_message="A record cannot be merged into itself.",
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="merged_once",
                violation_error_message="This record is merged already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} into {self.survivor}"
