from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from entities.citable import check_stated_value
from entities.fields import ChoiceField, LineField, ProseField
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Child, natural_key_dependencies
from entities.models.entity import Entity
from entities.models.relation import Relation
from entities.vocabulary import Stance
from sources.models.quote import SourceQuote


class TargetedChild(Child):
    """Abstract: a row about one field of one entity or one relation, exactly one of the two."""

    PARENT_FIELDS = ("entity", "relation")

    entity = models.ForeignKey(
        Entity, models.CASCADE, null=True, blank=True, related_name="%(class)ss", help_text="The record that it is about."
    )
    relation = models.ForeignKey(
        Relation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text="The relation that it is about, instead of a record.",
    )
    field = LineField(
        max_length=80,
        help_text="Which field: nature, start, names ...; a measure or milestone as measures.staff, milestones.agreed.",
    )

    class Meta:
        abstract = True

    @property
    def target(self) -> Entity | Relation:
        found = self.entity or self.relation
        assert found is not None
        return found


def exactly_one_target_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(entity__isnull=False, relation__isnull=True) | Q(entity__isnull=True, relation__isnull=False),
        violation_error_message="Name one record or one relation, not both and not neither.",
    )


def statement_text(value: str, stance: str) -> str:
    """What a citation states: its value, or that this value is wrong."""
    return f"not {value}" if stance == Stance.CONTRADICTS else value


class CitationQuerySet(models.QuerySet):
    def get_by_natural_key(self, quote: str, entity: str | None, relation: str | None, field: str, value: str):
        return self.get(quote__slug=quote, entity__slug=entity, relation__slug=relation, field=field, value=value)


class Citation(TargetedChild):
    """A quote used as evidence on one field: what the source states there, and whether that supports it."""

    FIELD_GROUPS = (("quote", "entity", "relation", "field", "value", "as_stated", "stance"),)

    # A quote that proves something must not vanish from under it.
    quote = models.ForeignKey(SourceQuote, models.PROTECT, related_name="citations", help_text="The passage.")
    value = LineField(
        max_length=500,
        help_text="What the passage states, typed as the field takes it: 2024-06-14, planned, nato, about 700 person.",
    )
    as_stated = LineField(max_length=500, blank=True, help_text="The passage's own words for it; they must stand in the passage.")
    stance = ChoiceField(
        choices=Stance, default=Stance.SUPPORTS, help_text="Whether the passage supports, contradicts or qualifies the value."
    )
    note = ProseField(blank=True, help_text="Why this passage shows it, if that is not plain: how “Thursday” became a date.")

    objects = CitationQuerySet.as_manager()
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["field", "pk"]
        constraints = [
            exactly_one_target_constraint("citation_of_one_target"),
            models.UniqueConstraint(
                fields=["quote", "entity", "field", "value"],
                condition=Q(entity__isnull=False),
                name="citation_of_entity_once",
                violation_error_message="This quote is already cited for this value.",
            ),
            models.UniqueConstraint(
                fields=["quote", "relation", "field", "value"],
                condition=Q(relation__isnull=False),
                name="citation_of_relation_once",
                violation_error_message="This quote is already cited for this value.",
            ),
        ]
        indexes = [models.Index(fields=["entity", "field"]), models.Index(fields=["relation", "field"])]

    def __str__(self) -> str:
        return f"{self.field}: {self.value}"

    @natural_key_dependencies("sources.sourcequote", "entities.entity", "entities.relation")
    def natural_key(self) -> tuple[str, str | None, str | None, str, str]:
        return (
            self.quote.slug,
            self.entity.slug if self.entity else None,
            self.relation.slug if self.relation else None,
            self.field,
            self.value,
        )

    def clean(self):
        if self.entity_id or self.relation_id:
            check_stated_value(self.target, self.field, self.value)
        if self.quote_id and self.as_stated and self.as_stated not in " ".join(self.quote.exact.split()):
            raise ValidationError({"as_stated": f"“{self.as_stated}” does not stand in the passage “{self.quote.exact}”."})
