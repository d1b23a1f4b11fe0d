"""Commitments: promises, plans, demands and refusals."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from entities.dates import PartialDate
from entities.deliveries import ReachedStep, Share, StatedAmount, is_fully_delivered, overdue_days, shares
from entities.fields import ChoiceField, Latest, PartialDateField, ProseField, date_bound_column
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import CuratedQuerySet
from entities.models.entity import Entity, kind_parent_link
from entities.models.event import Event
from entities.models.facility import Facility
from entities.models.milestone import Milestone
from entities.models.organisation import Organisation
from entities.vocabulary import BENEFITING_NATURES, DELIVERED_IN_PART, CommitmentCategory, Kind, Nature, Stage

RESERVED_SLUGS = ("totals",)
"""Slugs that no commitment may have: the API uses them for other pages."""


class CommitmentQuerySet(CuratedQuerySet):
    """Queries for commitments."""

    def with_newest_step(self):
        """Annotate `newest_step`, the stage of the newest milestone (None if there is none)."""
        return self.annotate(
            newest_step=Subquery(Milestone.objects.filter(commitment=OuterRef("pk")).newest_first().values("stage")[:1])
        )

    def at_stage(self, stage: str):
        """Filter for commitments that have reached a stage as a whole, one of REACHED_STAGES."""
        step = Stage.DELIVERED if stage == DELIVERED_IN_PART else stage
        # The newest step was taken at some time: this cheap condition spares most rows the costly one.
        reached = Milestone.objects.order_by().filter(stage=step).values("commitment")
        rows = self.filter(pk__in=reached).with_newest_step().filter(newest_step=step)
        if step != Stage.DELIVERED:
            return rows
        in_part = rows.delivered_in_part()
        return rows.filter(pk__in=in_part) if stage == DELIVERED_IN_PART else rows.exclude(pk__in=in_part)

    def delivered_in_part(self) -> list[int]:
        """Return the primary keys of those delivered in part. Reads every commitment of whose deliveries amounts are stated."""
        counted = Milestone.objects.order_by().filter(stage=Stage.DELIVERED).exclude(measures=None).values("commitment")
        commitments: Iterable[Any] = self.filter(pk__in=counted).prefetch_related("milestones", "measures")
        return [commitment.pk for commitment in commitments if commitment.stage == DELIVERED_IN_PART]

    def overdue(self, on: datetime.date):
        """Filter for commitments that are overdue on a day."""
        due = self.exclude(due="").filter(due_latest__lt=on.isoformat())
        commitments: Iterable[Any] = due.prefetch_related("milestones", "measures")
        return self.filter(pk__in=[commitment.pk for commitment in commitments if commitment.is_overdue(on)])


class Commitment(Entity):
    """A promise, plan, demand or refusal of somebody. Its stage follows from its milestones."""

    KIND = Kind.COMMITMENT

    entity = kind_parent_link(Kind.COMMITMENT)
    nature = ChoiceField(
        choices=Nature,
        help_text="Only a pledge or a decision promises. “Is expected to” is a forecast, “discussed” a discussion, “does not make"
        " us a party” an assurance.",
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
        help_text="Who benefits: Ukraine, or NATO itself. Only a pledge, decision, plan, target or action benefits somebody.",
    )
    concerns = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="concerned_by",
        help_text="Organisations that it creates, changes or is about: a refusal of membership concerns the one that is refused.",
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
    due = PartialDateField(
        help_text="By when it is to be done, as precise as the source: 2025-03-31, or ../2025-12-31 for “by the end of 2025”."
    )
    due_latest = date_bound_column(Latest, "due")
    period = PartialDateField(
        help_text="The time for which it is meant, throughout: 2025 for “next year”, 2024-06/2029-06 for “over five years”."
    )
    conditions = ProseField(blank=True, help_text="What it depends on, in our own words; empty if no condition is stated.")

    objects = CommitmentQuerySet.as_manager()  # type: ignore[misc]
    history = ChangeLinkedHistory(m2m_fields=[committed_by, concerns])

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="commitment_not_part_of_itself",
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("pk")),
                violation_error_message="A commitment cannot be part of itself.",
            ),
            models.CheckConstraint(
                name="commitment_benefits_by_nature",
                condition=Q(beneficiary__isnull=True) | Q(nature__in=BENEFITING_NATURES),
                violation_error_message="Only a pledge, decision, plan, target or action has a beneficiary.",
            ),
        ]
        indexes = [models.Index(fields=["nature"]), models.Index(fields=["category"])]

    def clean(self):
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({NON_FIELD_ERRORS: f"“{self.slug}” is reserved: choose another slug."})

    @property
    def stage(self) -> str:
        """Stage of the newest milestone, '' if there is none; `delivered_in_part` until what was promised has come.

        Of two milestones on one day the later step counts. Reads milestones and measures as they may have been prefetched.
        """
        newest = max(self.milestones.all(), key=lambda step: (step.sort_day, step.rank, step.pk), default=None)
        if newest is None:
            return ""
        in_part = newest.stage == Stage.DELIVERED and not is_fully_delivered(*self._steps_and_amounts())
        return DELIVERED_IN_PART if in_part else newest.stage

    @property
    def shares(self) -> list[Share]:
        """Shares of the promised amounts that were allocated and delivered. Reads milestones and measures as `stage` does."""
        return shares(*self._steps_and_amounts())

    def is_overdue(self, on: datetime.date) -> bool:
        """Tell whether on a day the time by which it was due is wholly past, and it is not delivered, refused or dropped."""
        if not self.due_latest:
            return False
        stage = self.stage
        final_day = max((step.date_earliest or "" for step in self.milestones.all() if step.stage == stage), default="")
        days = overdue_days(self.due_latest, stage, final_day)
        return days is not None and days[0] <= on.isoformat() <= days[1]

    def _steps_and_amounts(self) -> tuple[list[ReachedStep], list[StatedAmount]]:
        steps = {step.pk: ReachedStep(step.key, step.stage, _days(step.date)) for step in self.milestones.all()}
        amounts = [
            StatedAmount(
                measure.kind,
                measure.amount,
                steps[measure.milestone_id].key if measure.milestone_id else "",
                _days(measure.as_of),
            )
            for measure in self.measures.all()
            if measure.conversion_of_id is None
        ]
        return list(steps.values()), amounts


def _days(text: str) -> tuple[str, str]:
    """Return the first and last day that a partial date can mean; empty if it has none."""
    return PartialDate.parse(text).bounds if text else ("", "")
