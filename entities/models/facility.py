"""Facilities, such as headquarters and training centres."""

from django.db import models

from entities.fields import ChoiceField, CountryField, LineField
from entities.models.change import ChangeLinkedHistory
from entities.models.coordinates import coordinates_in_range, latitude_column, longitude_column
from entities.models.entity import Entity, kind_parent_link
from entities.models.organisation import Organisation
from entities.vocabulary import FacilityCondition, FacilityType, Kind


class Facility(Entity):
    """A place built for a purpose: a headquarters, a training centre, a base."""

    KIND = Kind.FACILITY
    FIELD_GROUPS = (("latitude", "longitude"), ("locality", "country"))

    entity = kind_parent_link(Kind.FACILITY)
    type = ChoiceField(choices=FacilityType, help_text="What sort of place it is.")
    # A facility outlives its operator; deleting an operator must be a separate decision.
    operator = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="operates", help_text="The organisation that runs it."
    )
    locality = LineField(max_length=120, blank=True, help_text="Town or place, such as Bydgoszcz.")
    country = CountryField(help_text="ISO 3166-1 alpha-2 code of the country where it stands, such as PL.")
    latitude = latitude_column()
    longitude = longitude_column()
    condition = ChoiceField(choices=FacilityCondition, blank=True, help_text="How far it exists, as the newest source says.")

    history = ChangeLinkedHistory()

    class Meta:
        verbose_name_plural = "facilities"
        constraints = [coordinates_in_range("facility_coordinates_in_range")]
        indexes = [models.Index(fields=["country"])]
