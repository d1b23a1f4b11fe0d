"""Facilities, such as headquarters and training centres."""

from django.db import models
from django.db.models import Q

from entities.fields import ChoiceField, CountryField, LineField, NumberField
from entities.models.change import ChangeLinkedHistory
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
    latitude = NumberField(max_digits=8, decimal_places=5, null=True, blank=True, help_text="Degrees north, -90 to 90, WGS 84.")
    longitude = NumberField(max_digits=8, decimal_places=5, null=True, blank=True, help_text="Degrees east, -180 to 180, WGS 84.")
    condition = ChoiceField(choices=FacilityCondition, blank=True, help_text="How far it exists, as the newest source says.")

    history = ChangeLinkedHistory()

    class Meta:
        verbose_name_plural = "facilities"
        constraints = [
            models.CheckConstraint(
                name="facility_coordinates_in_range",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # Explicitly not NULL: a comparison with NULL is neither true nor false, and passes a CHECK.
                | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message="Give both coordinates or none: latitude -90 to 90, longitude -180 to 180.",
            )
        ]
        indexes = [models.Index(fields=["country"])]
