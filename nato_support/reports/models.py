"""Reports of readers about published facts, the answers to them, and how many were sent from where. Private."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy

from entities.fields import ChoiceField, LineField, ProseField, WebAddressField
from nato_support.publishing.models.record_keys import RECORD_KINDS, user_foreign_key

LONGEST_TEXT = 4_000
"""Characters of a report, or of an answer, at most."""
LONGEST_ADDRESS = 1_000
LONGEST_CONTACT = 200


class Problem(models.TextChoices):
    """What a reader finds wrong, or wants to add."""

    VALUE = "value", gettext_lazy("The value is wrong")
    QUOTE = "quote", gettext_lazy("A quote does not say this")
    OUTDATED = "outdated", gettext_lazy("It is out of date")
    SOURCE = "source", gettext_lazy("I propose a source")
    OTHER = "other", gettext_lazy("Something else")


class ReportState(models.TextChoices):
    """How far the editors are with a report."""

    NEW = "new", gettext_lazy("new")
    LOOKING = "looking", gettext_lazy("looking into it")
    CHANGED = "changed", gettext_lazy("settled: changed")
    UNCHANGED = "unchanged", gettext_lazy("settled: not changed")


OPEN_STATES = (ReportState.NEW, ReportState.LOOKING)
SETTLED_STATES = (ReportState.CHANGED, ReportState.UNCHANGED)


def _is_answered_if_settled() -> Q:
    return Q(state__in=OPEN_STATES) | ~Q(answer="")


def _is_short(field: str) -> Q:
    return Q(LessThanOrEqual(Length(field), LONGEST_TEXT))


class ReaderReport(models.Model):
    """A report about a fact, or about a record as a whole, of the edition in which the reader saw it.

    The fact itself is not copied: if its record is withdrawn, a report must not keep showing it.
    """

    token_hash = LineField(max_length=64, unique=True, help_text="SHA-256 of the token in the address that the reader has.")
    kind = ChoiceField(choices=[(kind, kind) for kind in RECORD_KINDS], help_text="Kind of the record.")
    slug = LineField("public id", max_length=250, help_text="Public id of the record.")
    edition = models.PositiveIntegerField(help_text="Edition that the reader saw.")
    release = models.PositiveBigIntegerField(help_text="Release that published the edition.")
    field = LineField(max_length=120, blank=True, help_text="Address of the fact; empty: the record as a whole.")
    problem = ChoiceField(choices=Problem, help_text="What is wrong.")
    text = ProseField(blank=True, help_text="What the reader wrote.")
    source_url = WebAddressField(max_length=LONGEST_ADDRESS, blank=True, help_text="Web address of a source, its host in ASCII.")
    contact = LineField(max_length=LONGEST_CONTACT, blank=True, help_text="How to reach the reader. Never published.")
    sent_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When.")
    state = ChoiceField(choices=ReportState, default=ReportState.NEW, db_index=True, help_text="How far it is.")
    answer = ProseField(blank=True, help_text="Answer that the reader sees.")

    class Meta:
        ordering = ["sent_at", "pk"]
        permissions = [("answer_report", "Can answer reports of readers")]
        indexes = [models.Index(fields=["kind", "slug"], name="report_record")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="", source_url=""),
                name="report_says_something",
                violation_error_message="Write what is wrong, or give the address of a source.",
            ),
            models.CheckConstraint(
                condition=_is_short("text") & _is_short("answer"),
                name="report_not_too_long",
                violation_error_message="The text is too long.",
            ),
            models.CheckConstraint(
                condition=_is_answered_if_settled(),
                name="report_settled_with_answer",
                violation_error_message="A settled report has an answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}, edition {self.edition}: {self.get_problem_display()}"

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED_STATES


class ReportStep(models.Model):
    """An editor's step with a report: its state and answer from then on. Never changed afterwards."""

    report = models.ForeignKey(ReaderReport, models.CASCADE, related_name="steps")
    state = ChoiceField(choices=ReportState, help_text="State from then on.")
    answer = ProseField(blank=True, help_text="Answer from then on.")
    by = user_foreign_key("Who did it.")
    at = models.DateTimeField(default=timezone.now, help_text="When.")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=_is_answered_if_settled(),
                name="report_step_settled_with_answer",
                violation_error_message="A settled report has an answer.",
            ),
            models.CheckConstraint(
                condition=_is_short("answer"),
                name="report_step_not_too_long",
                violation_error_message="The answer is too long.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.at:%Y-%m-%d %H:%M}"


class SentReport(models.Model):
    """That a report was sent, and a keyed hash of from where: for the limits alone, and soon deleted. It names no report."""

    address_hash = LineField(max_length=64, blank=True, help_text="Keyed hash of the network address; empty: not counted.")
    sent_at = models.DateTimeField(default=timezone.now, db_index=True, help_text="When.")

    class Meta:
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["address_hash", "sent_at"], name="sent_from_address")]

    def __str__(self) -> str:
        return f"{self.sent_at:%Y-%m-%d %H:%M}"
