"""Relations between entities, and the types that they may have."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from entities.dates import PartialDate, bounds_of
from entities.fields import ChoiceField, Earliest, Latest, LineField, PartialDateField, SlugField, date_bound_column
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Curated, CuratedQuerySet, first_free_name, natural_key_dependencies
from entities.models.entity import Entity
from entities.relation_facts import RelationFact
from entities.relation_sentences import RelationTime, VerbForms, relation_sentence
from entities.vocabulary import Kind, Modality


class RelationTypeQuerySet(models.QuerySet):
    """Lookup of relation types in fixtures."""

    def get_by_natural_key(self, slug: str):
        return self.get(slug=slug)


class RelationType(models.Model):
    """A type of relation: its verb in both directions, and the kinds of entity that it may join.

    Sentences are made from four forms of each verb. A type that tells an act, such as took part in, has its past form as label.
    """

    slug = SlugField("public id", unique=True, help_text="Its name in the API, such as part-of.")
    label = LineField(max_length=80, help_text="Read from subject to object, such as is part of, took part in.")
    plural_label = LineField(max_length=80, help_text="The same after a plural, such as are part of, took part in.")
    past_label = LineField(max_length=80, help_text="The same when it is over, such as was part of, took part in.")
    infinitive = LineField(max_length=80, help_text="The same after is to, such as be part of, take part in.")
    inverse_label = LineField(max_length=80, help_text="Read from object to subject, such as has the part, had the participant.")
    inverse_plural_label = LineField(max_length=80, help_text="The same after a plural, such as have the part.")
    inverse_past_label = LineField(max_length=80, help_text="The same when it is over, such as had the part.")
    inverse_infinitive = LineField(max_length=80, help_text="The same after is to, such as have the part.")

    objects = RelationTypeQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.label

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def verb(self) -> VerbForms:
        """The forms of its verb, read from subject to object."""
        return VerbForms(self.label, self.plural_label, self.past_label, self.infinitive)

    @property
    def inverse_verb(self) -> VerbForms:
        """The forms of its verb, read from object to subject."""
        return VerbForms(self.inverse_label, self.inverse_plural_label, self.inverse_past_label, self.inverse_infinitive)

    def may_join(self, subject_kind: str, object_kind: str) -> bool:
        """Tell whether a relation of this type may join two entities of these kinds."""
        return any((join.subject_kind, join.object_kind) == (subject_kind, object_kind) for join in self.joins.all())


class RelationJoinQuerySet(models.QuerySet):
    """Lookup of joins in fixtures."""

    def get_by_natural_key(self, type: str, subject_kind: str, object_kind: str):
        return self.get(type__slug=type, subject_kind=subject_kind, object_kind=object_kind)


class RelationJoin(models.Model):
    """A pair of kinds that a relation type may join, enforced by a trigger."""

    type = models.ForeignKey(RelationType, models.CASCADE, related_name="joins")
    subject_kind = ChoiceField(choices=Kind, help_text="Kind of the entity that the relation starts from.")
    object_kind = ChoiceField(choices=Kind, help_text="Kind of the entity that it points at.")

    objects = RelationJoinQuerySet.as_manager()

    class Meta:
        ordering = ["type", "subject_kind", "object_kind"]
        constraints = [models.UniqueConstraint(fields=["type", "subject_kind", "object_kind"], name="relation_join_once")]

    def __str__(self) -> str:
        return f"{self.subject_kind} → {self.object_kind}"

    @natural_key_dependencies("entities.relationtype")
    def natural_key(self) -> tuple[str, str, str]:
        return (self.type.slug, self.subject_kind, self.object_kind)


class RelationQuerySet(CuratedQuerySet):
    """Filters for relations by time; `entities.dates.in_force` defines their meaning."""

    def in_force(self, on: PartialDate | datetime.date):
        """Filter for relations in force on a day, or on some day of a month, year or interval; none planned or claimed is."""
        return self._not_ended_before(on).filter(self._has_begun_by(on), modality=Modality.IN_FORCE)

    def perhaps_in_force(self, on: PartialDate | datetime.date):
        """Filter for relations that may have been in force then: their start is unknown, or they are only claimed."""
        may_have_begun = Q(start="") | (Q(modality=Modality.CLAIMED) & self._has_begun_by(on))
        return self._not_ended_before(on).filter(may_have_begun, modality__in=[Modality.IN_FORCE, Modality.CLAIMED])

    def _has_begun_by(self, on: PartialDate | datetime.date) -> Q:
        return Q(start_earliest__lte=bounds_of(on)[1]) | Q(start__startswith="../")

    def _not_ended_before(self, on: PartialDate | datetime.date):
        return self.filter(Q(end_latest=None) | Q(end_latest__gte=bounds_of(on)[0]))


class Relation(Curated):
    """A typed, dated, directed edge between two entities."""

    FIELD_GROUPS = (("modality", "type", "subject", "object"), ("start", "end"))

    slug = SlugField(
        "public id", unique=True, max_length=250, blank=True, help_text="Public id; made from its parties and type if empty."
    )
    # Neither a type in use nor an entity that a relation refers to may be deleted.
    type = models.ForeignKey(
        RelationType, models.PROTECT, related_name="relations", help_text="How the first party is related to the second."
    )
    subject = models.ForeignKey(
        Entity, models.PROTECT, related_name="relations_from", help_text="First party: the entity that the relation starts from."
    )
    object = models.ForeignKey(
        Entity, models.PROTECT, related_name="relations_to", help_text="Second party: the entity that the relation leads to."
    )
    modality = ChoiceField(
        choices=Modality,
        default=Modality.IN_FORCE,
        db_index=True,
        help_text="How far it holds, as its sources word it: in force, planned (“will host”, “would be based at”), expected, "
        "conditional (“if ...”), or claimed by somebody whom the cited passage names.",
    )
    role = LineField(max_length=200, blank=True, help_text="What the source adds to the type, such as chair.")
    start = PartialDateField(
        help_text="Since when, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, "
        "or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31; empty if it does not say."
    )
    start_earliest = date_bound_column(Earliest, "start")
    end = PartialDateField(help_text="Until when, as precise as the source; empty if it goes on or is not said.")
    end_latest = date_bound_column(Latest, "end")

    objects = RelationQuerySet.as_manager()  # type: ignore[misc]
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "subject", "object", "start", "role"],
                name="relation_once",
                violation_error_message="This relation is already there.",
            ),
            models.CheckConstraint(
                name="relation_joins_two",
                condition=~Q(subject=F("object")),
                violation_error_message="An entity cannot have a relation to itself.",
            ),
            models.CheckConstraint(
                name="relation_starts_before_it_ends",
                condition=Q(end_latest__isnull=True) | Q(start_earliest__isnull=True) | Q(end_latest__gte=F("start_earliest")),
                violation_error_message="The relation cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        time = RelationTime(self.start, self.end)
        return relation_sentence(self.subject.name, self.type.verb, self.object.name, self.modality, time)

    @property
    def citation_value(self) -> str:
        """The relation as the value of a citation: `planned: germany hosts nsatu`."""
        return str(RelationFact(self.modality, self.subject.slug, self.type.slug, self.object.slug))

    @natural_key_dependencies("entities.relationtype", "entities.entity")
    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self):
        if not (self.type_id and self.subject_id and self.object_id):
            return
        if not self.type.may_join(self.subject.kind, self.object.kind):
            raise ValidationError({"type": f"“{self.type}” may not join {self.subject.kind} and {self.object.kind}."})

    def save(self, *args, **kwargs):
        if not self.slug:
            stem = f"{self.subject.slug}-{self.type.slug}-{self.object.slug}"[:230].rstrip("-")
            self.slug = first_free_name(stem, set(Relation.objects.filter(slug__startswith=stem).values_list("slug", flat=True)))
        super().save(*args, **kwargs)
