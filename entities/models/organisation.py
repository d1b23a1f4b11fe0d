"""Organisations, such as alliances, states and commands."""

from django.db import models
from django.db.models import F, Q

from entities.fields import ChoiceField, CountryField, Earliest, Latest, PartialDateField, date_bound_column
from entities.models.change import ChangeLinkedHistory
from entities.models.entity import Entity, kind_parent_link
from entities.vocabulary import Kind, OrganisationType


class Organisation(Entity):
    """A body that can act: an alliance, a state, a command, a contact group, a news organisation."""

    KIND = Kind.ORGANISATION

    entity = kind_parent_link(Kind.ORGANISATION)
    type = ChoiceField(choices=OrganisationType, help_text="What sort of body it is.")
    country = CountryField(
        help_text="ISO 3166-1 alpha-2 code of the state it belongs to, such as UA; empty if it is of none or many."
    )
    founded = PartialDateField(
        help_text="As precise as the source: 1949, 1949-04 or 1949-04-04, with ~ for about or ? for uncertain, "
        "or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31."
    )
    founded_earliest = date_bound_column(Earliest, "founded")
    dissolved = PartialDateField(help_text="When it ceased to exist, as precise as the source; empty if it exists.")
    dissolved_latest = date_bound_column(Latest, "dissolved")

    history = ChangeLinkedHistory()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_founded_before_dissolved",
                condition=Q(dissolved_latest__isnull=True)
                | Q(founded_earliest__isnull=True)
                | Q(dissolved_latest__gte=F("founded_earliest")),
                violation_error_message="It cannot have been dissolved before it was founded.",
            )
        ]
        indexes = [models.Index(fields=["type"]), models.Index(fields=["country"])]
