"""Submissions: records sent for review together, comments on them, and the outcome. Private to editors."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from entities.fields import ChoiceField, LineField, ProseField
from entities.vocabulary import ReviewState
from nato_support.publishing.models.public_tables import Release


def _user_foreign_key(help_text: str, **options) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text=help_text, **options
    )


class Submission(models.Model):
    """Records sent for review together, which are published together or go back together."""

    state = ChoiceField(choices=ReviewState, default=ReviewState.WAITING, db_index=True, help_text="Outcome of the review.")
    note = ProseField(blank=True, help_text="What was done and why, for the reviewer.")
    submitted_by = _user_foreign_key("Who sent it.")
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When.")
    taken_by = _user_foreign_key("Who is reviewing it.")
    taken_at = models.DateTimeField(null=True, blank=True, help_text="Since when.")
    answer = ProseField(blank=True, help_text="What the reviewer answered.")
    decided_by = _user_foreign_key("Who published it, sent it back or took it back.")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    # Published without review: a check stays pending until somebody else has looked.
    unreviewed = models.BooleanField(default=False, help_text="Published by one of its own authors, with a written reason.")
    checked_by = _user_foreign_key("Who looked at it afterwards.")
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


class Comment(models.Model):
    """A comment on a submission, on one of its records, or on one field or row of that."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="comments")
    kind = LineField(max_length=16, blank=True, help_text="Kind of the record that it is about; empty: the submission.")
    record = models.PositiveBigIntegerField(null=True, blank=True, help_text="Its primary key.")
    field = LineField(max_length=120, blank=True, help_text="Which field, or row as entities.name/17/text; empty: all of it.")
    text = ProseField(help_text="What was said.")
    said_by = _user_foreign_key("Who said it.")
    said_at = models.DateTimeField(default=timezone.now, help_text="When.")

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
