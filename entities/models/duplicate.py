"""Likely duplicates: computed candidates, and the decisions of editors on them."""

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


class DuplicateCandidate(EntityPair):
    """Two entities that look like one, with a score and reasons: computed, and recomputed at any time."""

    score = models.FloatField(db_index=True, help_text="Probability that the two are one, 0 to 1.")
    reasons = models.JSONField(default=list, help_text="Evidence for and against, as shown to editors.")
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            pair_order_constraint("duplicate_candidate_order"),
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_candidate_once"),
        ]


class DuplicateDecisionQuerySet(models.QuerySet["DuplicateDecision"]):
    """Queries for decisions on duplicates, and the recording of a verdict."""

    def record_verdict(self, entity: Entity, other: Entity, verdict: str, by, reason: str = "") -> "DuplicateDecision":
        """Record the verdict of `by` on two entities, in either order; it replaces an earlier one."""
        first, second = sorted((entity, other), key=lambda entity: entity.pk)
        decision = {"verdict": verdict, "reason": reason, "decided_by": by, "decided_at": timezone.now()}
        return self.update_or_create(first=first, second=second, defaults=decision)[0]


class DuplicateDecision(EntityPair):
    """An editor's verdict on two entities: the same, not the same, or unsure. Decided pairs are not proposed again."""

    verdict = ChoiceField(choices=DuplicateVerdict, help_text="The editor's verdict.")
    reason = ProseField(blank=True, help_text="Reason, if it is not obvious.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who decided."
    )
    decided_at = models.DateTimeField(default=timezone.now, help_text="When.")

    objects = DuplicateDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            pair_order_constraint("duplicate_decision_order"),
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_decision_once"),
        ]
