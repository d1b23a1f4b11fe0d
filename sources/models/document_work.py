"""What the evidence desk keeps of the work on a text: decisions on suggestions, what was read, what can be undone.

All of it is private and belongs to one installation: fixtures hold none of it, editions print none of it.
"""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entities.fields import ChoiceField, LineField, ProseField
from entities.vocabulary import SuggestionKind, SuggestionOutcome
from sources.models.document import SourceDocument
from sources.models.quote import SourceQuote


class EarlierText(models.Model):
    """A text of a document that a newer one has replaced. It stays readable."""

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="earlier_texts", help_text="Whose text it was.")
    text = models.TextField(help_text="The full text as it was. Private to editors.")
    sha256 = LineField(max_length=64, help_text="SHA-256 of it in UTF-8.")
    replaced_at = models.DateTimeField(default=timezone.now, help_text="When a newer text took its place.")
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who replaced it."
    )

    class Meta:
        ordering = ["-replaced_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "sha256"],
                name="earlier_text_once",
                violation_error_message="This earlier text of the document is kept already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}, text until {self.replaced_at:%Y-%m-%d}"


class SuggestionDecision(models.Model):
    """What was decided on one suggestion, with what it proposed and who proposed it. A rejected one never comes back."""

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="suggestion_decisions", help_text="Where it stood.")
    key = LineField(max_length=64, help_text="Hash of kind, words, which occurrence of them, and proposal: what is remembered.")
    kind = ChoiceField(choices=SuggestionKind, help_text="What it proposed.")
    text_sha256 = LineField(max_length=64, help_text="Hash of the text that it was found in.")
    start = models.PositiveIntegerField(help_text="Offset of its first character in that text, in code points.")
    end = models.PositiveIntegerField(validators=[MinValueValidator(1)], help_text="Offset after its last character.")
    exact = ProseField(help_text="Its words.")
    proposal = models.JSONField(default=dict, blank=True, help_text="All that was proposed, as it was shown.")
    rule = LineField(max_length=80, help_text="The rule that proposed it, with its version.")
    score = models.FloatField(help_text="How sure the rule was, 0 to 1.")
    outcome = ChoiceField(choices=SuggestionOutcome, help_text="What was decided.")
    quote = models.ForeignKey(
        SourceQuote,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggested_by",
        help_text="The quote that came of it.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who decided."
    )
    decided_at = models.DateTimeField(default=timezone.now, help_text="When it was decided.")

    class Meta:
        ordering = ["document", "start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "key"],
                name="suggestion_decided_once",
                violation_error_message="This suggestion was decided already.",
            ),
            models.CheckConstraint(
                name="suggestion_ends_after_its_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="The end must come after the start.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} “{self.exact[:60]}”: {self.get_outcome_display()}"


class ReadMark(models.Model):
    """A stretch of a text that an editor read and found nothing more to capture in."""

    document = models.ForeignKey(SourceDocument, models.CASCADE, related_name="read_marks", help_text="What was read.")
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
                violation_error_message="This passage is marked as read already.",
            ),
            models.CheckConstraint(
                name="read_mark_ends_after_its_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="The end must come after the start.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.start} to {self.end}"


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
