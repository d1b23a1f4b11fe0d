"""Comments: on a submission or a record, and there on a field, a row or a passage. Private to editors."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from entities.fields import LineField, ProseField
from nato_support.publishing.models.record_keys import is_record_key, user_foreign_key
from nato_support.publishing.models.submissions import Submission

LONGEST_COMMENT = 5_000
"""Characters of a comment, at most."""


class Comment(models.Model):
    """A comment, or a reply to one. It belongs to a submission, or to none if it was made outside a review.

    Without a field and without a passage it is on the record as a whole; without a record, on the submission.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, null=True, blank=True, related_name="comments")
    kind = LineField(max_length=16, blank=True, help_text="Kind of the record that it is about; empty: the submission.")
    record = models.PositiveBigIntegerField(null=True, blank=True, help_text="Its primary key.")
    field = LineField(max_length=120, blank=True, help_text="Which field, or row as entities.name/17/text; empty: all of it.")
    start = models.PositiveIntegerField(null=True, blank=True, help_text="First character of the passage, in a document.")
    end = models.PositiveIntegerField(null=True, blank=True, help_text="Character after the passage.")
    exact = ProseField(blank=True, help_text="The passage as it stood when the comment was made.")
    text = ProseField(help_text="What was said.")
    # A reply goes with what it replies to.
    reply_to = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    said_by = user_foreign_key("Who said it.")
    said_at = models.DateTimeField(default=timezone.now, help_text="When.")
    resolved_by = user_foreign_key("Who resolved it.")
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="When it was resolved; empty while it is open.")

    class Meta:
        ordering = ["said_at", "pk"]
        indexes = [models.Index(fields=["kind", "record"], name="comment_record")]
        constraints = [
            models.CheckConstraint(
                condition=is_record_key() | Q(kind="", record__isnull=True, field="", submission__isnull=False),
                name="comment_on_record_or_submission",
                violation_error_message="A comment is on a record or on a submission.",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True, exact="")
                | (Q(kind="document", field="", start__isnull=False, end__gt=F("start")) & ~Q(exact="")),
                name="comment_passage_of_document",
                violation_error_message="A passage belongs to a document, and has its first and last character and its words.",
            ),
            models.CheckConstraint(
                condition=Q(reply_to__isnull=True) | Q(resolved_at__isnull=True),
                name="comment_reply_never_resolved",
                violation_error_message="The comment is resolved, not a reply to it.",
            ),
            models.CheckConstraint(
                condition=Q(submission__isnull=False) | Q(LessThanOrEqual(Length("text"), LONGEST_COMMENT)),
                name="comment_not_too_long",
                violation_error_message="The comment is too long.",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
