"""Coordinates of a record: two columns and the rule that holds both together."""

from django.db import models
from django.db.models import Q

from entities.fields import NumberField


def latitude_column() -> NumberField:
    """Declare the degrees north of a record, empty if unknown."""
    return _degrees_column("Degrees north, -90 to 90, WGS 84.")


def longitude_column() -> NumberField:
    """Declare the degrees east of a record, empty if unknown."""
    return _degrees_column("Degrees east, -180 to 180, WGS 84.")


def _degrees_column(help_text: str) -> NumberField:
    return NumberField(max_digits=8, decimal_places=5, null=True, blank=True, help_text=help_text)


def coordinates_in_range(name: str) -> models.CheckConstraint:
    """Return the constraint, called `name`, that a row has both coordinates or none, within the globe."""
    return models.CheckConstraint(
        name=name,
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        # Explicitly not NULL: a comparison with NULL is neither true nor false, and passes a CHECK.
        | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
        violation_error_message="Give both coordinates or none: latitude -90 to 90, longitude -180 to 180.",
    )
