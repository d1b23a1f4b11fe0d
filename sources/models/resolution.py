"""Resolutions: editors' recorded verdicts on contested fields."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from entities.fields import ChoiceField, PartialDateField, ProseField
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import natural_key_dependencies
from entities.vocabulary import Verdict
from sources.models.citation import TargetedChild, exactly_one_target_constraint, statement_text


class ResolutionQuerySet(models.QuerySet):
    """Queryset of resolutions with look-up by natural key."""

    def get_by_natural_key(self, entity: str | None, relation: str | None, field: str, decided_on: str):
        return self.get(entity__slug=entity, relation__slug=relation, field=field, decided_on=decided_on)


class Resolution(TargetedChild):
    """Editor's recorded verdict on a field whose citations differ. It stands until a citation states something new."""

    FIELD_GROUPS = (("entity", "relation", "field", "verdict", "reason", "settles"),)

    verdict = ChoiceField(choices=Verdict, help_text="Where the difference comes from.")
    reason = ProseField(help_text="Why, in a sentence or two that a reader can check against the quotes.")
    settles = models.JSONField(
        default=list, blank=True, help_text="The statements that it decides on; a new one reopens the field. Filled in on saving."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Who decided. Private.",
    )
    decided_on = PartialDateField(blank=False, help_text="When it was decided.")

    objects = ResolutionQuerySet.as_manager()
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["field", "decided_on", "pk"]
        constraints = [
            exactly_one_target_constraint("resolution_of_one_target"),
            models.UniqueConstraint(
                fields=["entity", "field", "decided_on"],
                condition=Q(entity__isnull=False),
                name="resolution_of_entity_once_a_day",
                violation_error_message="This field was resolved on that day already: change that resolution.",
            ),
            models.UniqueConstraint(
                fields=["relation", "field", "decided_on"],
                condition=Q(relation__isnull=False),
                name="resolution_of_relation_once_a_day",
                violation_error_message="This field was resolved on that day already: change that resolution.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.get_verdict_display()}"

    @natural_key_dependencies("entities.entity", "entities.relation")
    def natural_key(self) -> tuple[str | None, str | None, str, str]:
        return (
            self.entity.slug if self.entity else None,
            self.relation.slug if self.relation else None,
            self.field,
            self.decided_on,
        )

    def save(self, *args, **kwargs):
        if not self.settles:
            statements = self.target.citations.filter(field=self.field).values_list("value", "stance")
            self.settles = sorted({statement_text(*row) for row in statements})
        super().save(*args, **kwargs)
