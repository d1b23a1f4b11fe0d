"""Commitments: promises, plans, demands and refusals."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from entities.fields import ChoiceField, ProseField
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import CuratedQuerySet
from entities.models.entity import Entity, kind_parent_link
from entities.models.event import Event
from entities.models.facility import Facility
from entities.models.milestone import Milestone
from entities.models.organisation import Organisation
from entities.vocabulary import CommitmentCategory, Kind, Nature

RESERVED_SLUGS = ("totals",)
"""Slugs that no commitment may have: the API uses them for other pages."""


class CommitmentQuerySet(CuratedQuerySet):
    """Queries for commitments."""

    def with_stage(self):
        """Annotate `current_stage`, the stage of the newest milestone ('' if there is none)."""
        return self.annotate(
            current_stage=Subquery(Milestone.objects.filter(commitment=OuterRef("pk")).newest_first().values("stage")[:1])
        )


class Commitment(Entity):
    """A promise, plan, demand or refusal of somebody. Its stage follows from its milestones."""

    KIND = Kind.COMMITMENT

    entity = kind_parent_link(Kind.COMMITMENT)
    nature = ChoiceField(
        choices=Nature, help_text="Only a pledge or a decision promises; a plan, target, hope, condition or refusal does not."
    )
    category = ChoiceField(choices=CommitmentCategory, help_text="What is given, done or refused.")
    committed_by = models.ManyToManyField(
        Organisation, blank=True, related_name="commitments", help_text="Who undertakes it. Empty if no source names a giver."
    )
    # The beneficiary decides what counts as support for Ukraine: NATO's own spending never does.
    beneficiary = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="benefits",
        help_text="Who benefits: Ukraine, or NATO itself.",
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The package that contains it; its money is not counted twice.",
    )
    facility = models.ForeignKey(
        Facility,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        help_text="The facility that it creates or uses.",
    )
    announced_at = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="announced",
        help_text="The event at which it was first made public.",
    )
    conditions = ProseField(blank=True, help_text="What it depends on, in our own words; empty if no condition is stated.")

    objects = CommitmentQuerySet.as_manager()  # type: ignore[misc]
    history = ChangeLinkedHistory(m2m_fields=[committed_by])

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="commitment_not_part_of_itself",
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("pk")),
                violation_error_message="A commitment cannot be part of itself.",
            )
        ]
        indexes = [models.Index(fields=["nature"]), models.Index(fields=["category"])]

    def clean(self):
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({NON_FIELD_ERRORS: f"“{self.slug}” is reserved: choose another slug."})

    @property
    def stage(self) -> str:
        """Stage of the newest milestone, '' if there is none. Of two on one day the later step counts."""
        newest = self.milestones.newest_first().first()
        return newest.stage if newest else ""
