"""Notifications of users: what waits for them or concerns them, and how each wants to hear of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from entities.fields import ChoiceField, LineField
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.record_keys import is_record_key, user_foreign_key
from nato_support.publishing.models.submissions import Submission


class NotificationReason(models.TextChoices):
    """Why a user is notified."""

    NAMED = "named", "named in a comment"
    REPLY = "reply", "reply to a comment"
    SENT_BACK = "sent_back", "sent back"
    REVIEW = "review", "waits for review"
    ASSIGNED = "assigned", "assigned"
    REPORT = "report", "reported by a reader"


class MailState(models.TextChoices):
    """What became of the mail about a notification."""

    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    SKIPPED = "skipped", "not wanted"
    FAILED = "failed", "failed"


class MailTiming(models.TextChoices):
    """When a user gets mail."""

    OFF = "off", "never"
    AT_ONCE = "at_once", "at once"
    DAILY = "daily", "once a day"


class Notification(models.Model):
    """Something that a user should know: about a submission or a record, and there perhaps about a comment.

    It holds no text: the label and the link are made for whoever reads it, at that time and with the rights of that time.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    reason = ChoiceField(choices=NotificationReason, help_text="Why.")
    actor = user_foreign_key("Who did it.")
    created_at = models.DateTimeField(default=timezone.now, help_text="When.")
    kind = LineField(max_length=16, blank=True, help_text="Kind of the record that it is about; empty: the submission.")
    record = models.PositiveBigIntegerField(null=True, blank=True, help_text="Its primary key.")
    submission = models.ForeignKey(Submission, models.CASCADE, null=True, blank=True, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True, help_text="By when, for an assignment.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was read.")
    mail = ChoiceField(choices=MailState, default=MailState.SKIPPED, help_text="What became of the mail about it.")
    mail_attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it was tried to send the mail.")
    mail_tried_at = models.DateTimeField(null=True, blank=True, help_text="When it was tried last.")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "read_at"], name="notification_unread"),
            models.Index(fields=["mail"], condition=Q(mail="waiting"), name="notification_mail_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=is_record_key() | Q(kind="", record__isnull=True, submission__isnull=False),
                name="notification_about_something",
                violation_error_message="A notification is about a record or a submission.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.recipient}"


class NotificationSettings(models.Model):
    """How a user is notified beyond the desk. Users without a row get no mail and have no feed."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    mail = ChoiceField(choices=MailTiming, default=MailTiming.OFF, help_text="When mail is sent.")
    digest_on = models.DateField(null=True, blank=True, help_text="Day of the last daily mail.")
    # The address of the feed is derived from it and from SECRET_KEY: neither alone gives the address away.
    feed_key = LineField(max_length=64, blank=True, help_text="Part of the address of the private feed; empty: no feed.")

    class Meta:
        verbose_name_plural = "notification settings"

    def __str__(self) -> str:
        return f"Notifications of {self.owner}"
