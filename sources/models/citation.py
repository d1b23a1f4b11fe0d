"""Citations: quotes used as evidence for one field of an entity or relation."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from entities.citable_fields import check_stated_value
from entities.fields import ChoiceField, LineField, ProseField
from entities.formatting import cited_field_label, cited_value_label, stated_text
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Child, natural_key_dependencies
from entities.models.entity import Entity
from entities.models.relation import Relation
from entities.vocabulary import Polarity
from sources.models.quote import SourceQuote


class TargetedChild(Child):
    """Abstract child row about one field of exactly one entity or relation."""

    PARENT_FIELDS = ("entity", "relation")

    entity = models.ForeignKey(
        Entity, models.CASCADE, null=True, blank=True, related_name="%(class)ss", help_text="The record that this is about."
    )
    relation = models.ForeignKey(
        Relation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text="The relation that this is about, instead of a record.",
    )
    field = LineField(
        max_length=80,
        help_text="Which field: nature, start, names ...; a measure or milestone as measures.staff, milestones.agreed.",
    )

    class Meta:
        abstract = True

    @property
    def target(self) -> Entity | Relation:
        """Return the entity or relation that the row is about."""
        target = self.entity or self.relation
        assert target is not None
        return target


def exactly_one_target_constraint(name: str) -> models.CheckConstraint:
    """Return a check constraint that the row names either an entity or a relation."""
    return models.CheckConstraint(
        name=name,
        condition=Q(entity__isnull=False, relation__isnull=True) | Q(entity__isnull=True, relation__isnull=False),
        violation_error_message="Choose either a record or a relation, not both.",
    )


class CitationQuerySet(models.QuerySet):
    """Queryset of citations with look-up by natural key."""

    def get_by_natural_key(self, quote: str, entity: str | None, relation: str | None, field: str, value: str):
        return self.get(quote__slug=quote, entity__slug=entity, relation__slug=relation, field=field, value=value)


class Citation(TargetedChild):
    """Quote used as evidence for one field: a value that the source affirms or denies.

    Whether it supports the register's value is computed from both: see `sources.evidence.statement_comparison`.
    """

    FIELD_GROUPS = (("quote", "entity", "relation", "field", "value", "polarity", "as_stated"),)

    # A quote that is evidence for a fact cannot be deleted.
    quote = models.ForeignKey(SourceQuote, models.PROTECT, related_name="citations", help_text="The passage.")
    value = LineField(
        max_length=500,
        help_text="What the passage states, typed as the field takes it: 2024-06-14, planned, nato, about 700 person.",
    )
    polarity = ChoiceField(
        choices=Polarity,
        default=Polarity.AFFIRMS,
        help_text="Affirms: the passage says that it is so; denies: it says that it is not so, as in “no troops will be sent”.",
    )
    as_stated = LineField(
        "in the source's words",
        max_length=500,
        blank=True,
        help_text="The passage's own words for it, exactly as in the passage.",
    )
    note = ProseField(blank=True, help_text="Why this passage shows it, if that is not obvious: how “Thursday” became a date.")

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
        # Without the kind of the target, which would take a query for each row of a list.
        value = cited_value_label("", self.field, self.value, exact=True)
        return f"{cited_field_label(self.field)}: {stated_text(value, self.polarity)}"

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
            raise ValidationError({"as_stated": f"“{self.as_stated}” is not in the passage “{self.quote.exact}”."})
