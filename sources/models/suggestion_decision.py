"""Decisions on suggestions. Private to one installation, in no fixture or edition."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entities.fields import ChoiceField, LineField, ProseField
from entities.vocabulary import SuggestionKind, SuggestionOutcome
from sources.models.document import SourceDocument
from sources.models.quote import SourceQuote


class SuggestionDecision(models.Model):
    """Decision on one suggestion, with what it proposed and who decided. A rejected suggestion never comes back."""

    document = models.ForeignKey(
        SourceDocument, models.CASCADE, related_name="suggestion_decisions", help_text="The document that it was found in."
    )
    key = LineField(
        max_length=64, help_text="Hash of kind, words, occurrence of the words and proposal: what the decision is remembered by."
    )
    kind = ChoiceField(choices=SuggestionKind, help_text="What it proposed.")
    text_sha256 = LineField(max_length=64, help_text="Hash of the text that it was found in.")
    start = models.PositiveIntegerField(help_text="Offset of its first character in that text, in code points.")
    end = models.PositiveIntegerField(validators=[MinValueValidator(1)], help_text="Offset after its last character.")
    exact = ProseField("passage", help_text="The words that it is about.")
    proposal = models.JSONField(default=dict, blank=True, help_text="Everything that was proposed, as it was shown.")
    rule = LineField(max_length=80, help_text="The rule that proposed it, with its version.")
    score = models.FloatField(help_text="Confidence of the rule, 0 to 1.")
    outcome = ChoiceField(choices=SuggestionOutcome, help_text="What was decided.")
    quote = models.ForeignKey(
        SourceQuote,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggested_by",
        help_text="The quote made from it.",
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
                violation_error_message="This suggestion has already been decided.",
            ),
            models.CheckConstraint(
                name="suggestion_ends_after_its_start",
                condition=Q(end__gt=F("start")),
                violation_error_message="The end must come after the start.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} “{self.exact[:60]}”: {self.get_outcome_display()}"
