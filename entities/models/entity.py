"""Entities: the common base table of all kinds of record."""

from django.db import models
from django.db.models import F, Q

from entities.fields import ChoiceField, LineField, ProseField, SlugField
from entities.models.curated import Curated
from entities.vocabulary import Kind


class Entity(Curated):
    """A node of the register: the common base of all kinds, so that names, relations and citations have one target."""

    # Set by each kind's class; rows take it over when saved.
    KIND: Kind | None = None

    kind = ChoiceField(choices=Kind, editable=False)
    slug = SlugField(
        "public id", unique=True, help_text="Public id, such as nato or nsatu. It never changes once the record is public."
    )
    name = LineField(max_length=300, db_index=True, help_text="The name by which the register calls it, in English.")
    summary = ProseField(blank=True, help_text="What it is, in two or three sentences of our own words.")
    # A merged record stays to redirect its old address; the survivor cannot be deleted while one refers to it.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "entities"
        constraints = [
            models.CheckConstraint(
                name="entity_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                violation_error_message="A record cannot be merged into itself.",
            ),
        ]
        indexes = [models.Index(fields=["kind", "status", "name"])]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.kind = self.KIND or self.kind
        super().save(*args, **kwargs)

    @property
    def as_kind(self) -> "Entity":
        """The row in the table of its kind: an Organisation, Facility, Person, Post, Event or Commitment."""
        return self if type(self) is not Entity else getattr(self, f"as_{self.kind}")


def kind_parent_link(kind: Kind) -> models.OneToOneField:
    """Declare the link from a kind's table to its Entity row, with the related name `as_<kind>`."""
    return models.OneToOneField(
        Entity, models.CASCADE, parent_link=True, primary_key=True, related_name=f"as_{kind.value}", editable=False
    )
