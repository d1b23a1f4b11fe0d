"""Merges of two entities into one, each with the data needed to reverse it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entities.fields import ProseField
from entities.models.entity import Entity


class Merge(models.Model):
    """Merge of an entity into another: by whom, why, and every affected row before and after."""

    # Both stay in the table of entities: the merged one redirects its old address.
    merged = models.ForeignKey(Entity, models.PROTECT, related_name="merges_away", help_text="The record that now redirects.")
    survivor = models.ForeignKey(
        Entity, models.PROTECT, related_name="merges_in", help_text="The record into which it was merged."
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who did it."
    )
    merged_at = models.DateTimeField(default=timezone.now, help_text="When.")
    reason = ProseField(blank=True, help_text="Why the two records are one.")
    rows = models.JSONField(help_text="Each affected row: model, primary key, values before and after (null: no row).")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who reversed it."
    )
    undone_at = models.DateTimeField(null=True, blank=True, help_text="When it was reversed; empty while it is in effect.")

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
