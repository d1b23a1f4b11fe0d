"""Likely duplicates: computed likenesses of entities, and judgements of editors on them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entities.fields import ChoiceField, ProseField
from entities.models.entity import Entity
from entities.vocabulary import DuplicateVerdict


class EntityPair(models.Model):
    """Abstract: two entities, the one with the smaller key first."""

    first = models.ForeignKey(Entity, models.CASCADE, related_name="+", help_text="The older record.")
    second = models.ForeignKey(Entity, models.CASCADE, related_name="+", help_text="The newer record.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


def pair_order_constraint(name: str) -> models.CheckConstraint:
    """Constrain `first` to be the entity with the smaller primary key."""
    return models.CheckConstraint(
        name=name, condition=Q(first__lt=F("second")), violation_error_message="Name two records, the earlier one first."
    )


class Likeness(EntityPair):
    """Two entities that look like one, with a score and reasons: computed, and recomputed at any time."""

    score = models.FloatField(db_index=True, help_text="Probability that the two are one, 0 to 1.")
    reasons = models.JSONField(default=list, help_text="Evidence for and against, as shown to editors.")
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-score", "pk"]
        verbose_name_plural = "likenesses"
        constraints = [
            pair_order_constraint("likeness_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="likeness_once"),
        ]


class JudgementQuerySet(models.QuerySet["Judgement"]):
    """Queries for judgements, and the recording of a verdict."""

    def record_verdict(self, entity: Entity, other: Entity, verdict: str, by, reason: str = "") -> "Judgement":
        """Record the verdict of `by` on two entities, in either order; it replaces an earlier one."""
        first, second = sorted((entity, other), key=lambda entity: entity.pk)
        judgement = {"verdict": verdict, "reason": reason, "judged_by": by, "judged_at": timezone.now()}
        return self.update_or_create(first=first, second=second, defaults=judgement)[0]


class Judgement(EntityPair):
    """An editor's verdict on two entities: the same, not the same, or unsure. Judged pairs are not proposed again."""

    verdict = ChoiceField(choices=DuplicateVerdict, help_text="The editor's verdict.")
    reason = ProseField(blank=True, help_text="Reason, if it is not obvious.")
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who judged."
    )
    judged_at = models.DateTimeField(default=timezone.now, help_text="When.")

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["-judged_at", "-pk"]
        constraints = [
            pair_order_constraint("judgement_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="judgement_once"),
        ]
