"""Assignments of records to people. A submission has its reviewer and day among its own columns."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from entities.fields import LineField
from nato_support.publishing.models.record_keys import is_record_key, user_foreign_key


class Assignment(models.Model):
    """A record that somebody has taken on, or was asked to work on, by a day if one was named."""

    kind = LineField(max_length=16, help_text="organisation ... commitment, relation, quote, document.")
    record = models.PositiveBigIntegerField(help_text="Primary key of the record.")
    # Work of an account that is deleted is free again.
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who works on it.")
    due_on = models.DateField(null=True, blank=True, help_text="By when.")
    assigned_by = user_foreign_key("Who assigned it.")
    assigned_at = models.DateTimeField(default=timezone.now, help_text="When.")

    class Meta:
        ordering = ["due_on", "assigned_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record"],
                name="assignment_once",
                violation_error_message="This record is assigned already.",
            ),
            models.CheckConstraint(
                condition=is_record_key(),
                name="assignment_of_record",
                violation_error_message="Only a record can be assigned.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} to {self.assignee}" + (f", by {self.due_on:%Y-%m-%d}" if self.due_on else "")
