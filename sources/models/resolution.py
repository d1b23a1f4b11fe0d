"""Resolutions: editors' recorded verdicts on contested fields."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from entities.citable_fields import record_kind
from entities.fields import ChoiceField, PartialDateField, ProseField
from entities.formatting import cited_field_label
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import natural_key_dependencies
from entities.vocabulary import Polarity, Verdict
from sources.evidence.statement_comparison import Statement, conflicting_statements, distinct_statements
from sources.models.citation import TargetedChild, exactly_one_target_constraint

_STATEMENT_FORM = (
    'A statement is an object such as {"value": "pledge", "polarity": "affirms"}; its polarity is affirms or denies.'
)


def is_statement(statement: object) -> bool:
    """Return whether `statement` is an object of a value and a polarity, as resolutions store it."""
    return (
        isinstance(statement, dict)
        and statement.keys() == {"value", "polarity"}
        and isinstance(statement["value"], str)
        and statement["polarity"] in Polarity.values
    )


class ResolutionQuerySet(models.QuerySet):
    """Queryset of resolutions with look-up by natural key."""

    def get_by_natural_key(self, entity: str | None, relation: str | None, field: str, decided_on: str):
        return self.get(entity__slug=entity, relation__slug=relation, field=field, decided_on=decided_on)


class Resolution(TargetedChild):
    """Editor's recorded verdict on a field whose citations differ. It stands until a citation states something new."""

    FIELD_GROUPS = (("entity", "relation", "field", "verdict", "decides_for", "reason", "settles"),)

    verdict = ChoiceField(choices=Verdict, help_text="Where the difference comes from.")
    reason = ProseField(help_text="Why, in a sentence or two that a reader can check against the quotes.")
    settles = models.JSONField(
        default=list,
        blank=True,
        help_text="The statements that it judges; one that differs from them reopens the field. Filled in on saving.",
    )
    decides_for = models.JSONField(
        null=True,
        blank=True,
        help_text="The one of these statements that the register follows; empty if it follows none, as when they are disputed.",
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
            models.CheckConstraint(
                name="resolution_disputed_decides_for_none",
                condition=~Q(verdict=Verdict.DISPUTED) | Q(decides_for__isnull=True),
                violation_error_message="Disputed statements stay side by side: decide for none of them.",
            ),
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
        return f"{cited_field_label(self.field)}: {self.get_verdict_display()}"

    @natural_key_dependencies("entities.entity", "entities.relation")
    def natural_key(self) -> tuple[str | None, str | None, str, str]:
        return (
            self.entity.slug if self.entity else None,
            self.relation.slug if self.relation else None,
            self.field,
            self.decided_on,
        )

    def clean(self):
        if not isinstance(self.settles, list) or not all(map(is_statement, self.settles)):
            raise ValidationError({"settles": _STATEMENT_FORM})
        if self.decides_for is not None and not is_statement(self.decides_for):
            raise ValidationError({"decides_for": _STATEMENT_FORM})
        if self.decides_for is not None and self.decides_for not in (self.settles or self._statements_to_judge()):
            raise ValidationError({"decides_for": "Decide for one of the statements that it judges."})

    def save(self, *args, **kwargs):
        if not self.settles:
            self.settles = self._statements_to_judge()
        super().save(*args, **kwargs)

    def _statements_to_judge(self) -> list[dict[str, str]]:
        """Return the statements on the field that differ from another; all of them if none do."""
        cited = map(Statement._make, self.target.citations.filter(field=self.field).values_list("value", "polarity"))
        kind = record_kind(self.target)
        statements = distinct_statements(kind, self.field, cited)
        judged = conflicting_statements(kind, self.field, statements) or statements
        return [statement.as_json() for statement in sorted(judged)]
