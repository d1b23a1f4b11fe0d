"""Milestones: dated steps in a commitment's life."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce

from entities.dates import PartialDate
from entities.fields import ChoiceField, Earliest, KeyField, Latest, PartialDateField, date_bound_column
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Child, first_free_name, natural_key_dependencies
from entities.vocabulary import Stage


class MilestoneQuerySet(models.QuerySet):
    """Queries for milestones, and their lookup in fixtures."""

    def newest_first(self):
        """Order by date (`sort_day`), then by stage, the latest first; undated ones last."""
        return self.order_by(Coalesce("date_earliest", Latest("date")).desc(nulls_last=True), "-rank", "-pk")

    def get_by_natural_key(self, commitment: str, key: str):
        return self.get(commitment__slug=commitment, key=key)


class Milestone(Child):
    """A dated step in a commitment's life."""

    PARENT_FIELDS = ("commitment",)
    FIELD_GROUPS = (("stage", "date", "event"),)

    commitment = models.ForeignKey("entities.Commitment", models.CASCADE, related_name="milestones")
    key = KeyField(
        blank=True,
        help_text="Its address within the commitment, such as agreed or announced-summit; made from the stage if empty.",
    )
    stage = ChoiceField(choices=Stage, help_text="Which step was taken.")
    rank = models.GeneratedField(
        expression=Case(*(When(stage=stage, then=Value(rank)) for rank, stage in enumerate(Stage.values)), default=Value(0)),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    date = PartialDateField(
        help_text="When, as precise as the source: 2024, 2024-06 or 2024-06-14, with ~ or ?, "
        "or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31."
    )
    date_earliest = date_bound_column(Earliest, "date")
    event = models.ForeignKey(
        "entities.Event",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="milestones",
        help_text="The event at which it happened.",
    )

    objects = MilestoneQuerySet.as_manager()
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["date_earliest", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "key"], name="milestone_key_once", violation_error_message="This key is taken."
            )
        ]

    @property
    def sort_day(self) -> str:
        """First day of its date; the last one if the date is open to the past, and '' if there is none."""
        return self.date_earliest or (PartialDate.parse(self.date).bounds[1] if self.date else "")

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.date}".strip()

    @property
    def citation_value(self) -> str:
        """The step as the value of a citation: `agreed 2024-06-14`, or `agreed`."""
        return f"{self.stage} {self.date}".strip()

    @natural_key_dependencies("entities.commitment", "entities.entity", "entities.event")
    def natural_key(self) -> tuple[str, str]:
        return (self.commitment.slug, self.key)

    def clean(self):
        if self.pk and self.measures.exclude(entity=self.commitment_id).exists():
            raise ValidationError({"commitment": "Amounts of this step belong to another commitment: move them first."})

    def save(self, *args, **kwargs):
        self.key = self.key or next_free_key(self, self.commitment.milestones, self.stage)
        super().save(*args, **kwargs)


def next_free_key(child: models.Model, siblings: models.Manager, stem: str) -> str:
    """Return the first free key among `siblings`: stem, stem-2, stem-3 ..."""
    return first_free_name(stem.replace("_", "-"), set(siblings.exclude(pk=child.pk).values_list("key", flat=True)))
