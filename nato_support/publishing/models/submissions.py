"""Submissions: records sent for review together, their reviewer, and the outcome. Private to editors."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from entities.fields import ChoiceField, LineField, ProseField
from entities.vocabulary import ReviewState
from nato_support.publishing.models.public_tables import Release
from nato_support.publishing.models.record_keys import user_foreign_key


class Submission(models.Model):
    """Records sent for review together, which are published together or go back together."""

    state = ChoiceField(choices=ReviewState, default=ReviewState.WAITING, db_index=True, help_text="Outcome of the review.")
    note = ProseField(blank=True, help_text="What was done and why, for the reviewer.")
    submitted_by = user_foreign_key("Who sent it.")
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When.")
    taken_by = user_foreign_key("Who is reviewing it.")
    taken_at = models.DateTimeField(null=True, blank=True, help_text="Since when.")
    assigned_by = user_foreign_key("Who assigned it to the reviewer.")
    due_on = models.DateField(null=True, blank=True, help_text="By when it should be reviewed.")
    answer = ProseField(blank=True, help_text="What the reviewer answered.")
    decided_by = user_foreign_key("Who published it, sent it back or took it back.")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    # Published without review: a check stays pending until somebody else has looked.
    unreviewed = models.BooleanField(default=False, help_text="Published by one of its own authors, with a written reason.")
    checked_by = user_foreign_key("Who looked at it afterwards.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    outcome_seen_at = models.DateTimeField(null=True, blank=True, help_text="When whoever sent it saw what became of it.")
    release = models.ForeignKey(
        Release, models.SET_NULL, null=True, blank=True, related_name="submissions", help_text="Release that published it."
    )

    class Meta:
        ordering = ["submitted_at", "pk"]
        permissions = [
            ("submit", "Can send records for review"),
            ("review", "Can review: take, send back, put values back"),
            ("publish_unreviewed", "Can publish own work without review, with a reason"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(taken_at__isnull=False),
                name="submission_due_if_assigned",
                violation_error_message="A day is set for a reviewer: assign the submission to somebody.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} since {self.submitted_at:%Y-%m-%d %H:%M}"


class SubmittedRecord(models.Model):
    """A record of a submission, in the version in which it was sent."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="records")
    kind = LineField(max_length=16, help_text="organisation ... commitment, relation, quote, document.")
    record = models.PositiveBigIntegerField(help_text="Primary key of the record.")
    version = models.PositiveIntegerField(help_text="Its version when it was sent.")
    fingerprint = LineField(max_length=64, help_text="Hash of what it held then, rows included.")
    open = models.BooleanField(default=True, help_text="Ticked while its submission waits.")

    class Meta:
        ordering = ["submission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record"],
                condition=Q(open=True),
                name="record_in_one_review",
                violation_error_message="This record is in review already.",
            ),
            models.UniqueConstraint(fields=["submission", "kind", "record"], name="record_once_in_submission"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}, version {self.version}"
