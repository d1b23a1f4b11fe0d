"""Events, such as summits and exercises."""

from django.db import models
from django.db.models import F, Q

from entities.fields import ChoiceField, CountryField, Earliest, Latest, LineField, PartialDateField, date_bound_column
from entities.models.change import ChangeLinkedHistory
from entities.models.coordinates import coordinates_in_range, latitude_column, longitude_column
from entities.models.entity import Entity, kind_parent_link
from entities.vocabulary import EventType, Kind


class Event(Entity):
    """Something that happened or is planned for a time: a summit, a press conference, an exercise."""

    KIND = Kind.EVENT
    FIELD_GROUPS = (("start", "end"), ("locality", "country"), ("latitude", "longitude"))

    entity = kind_parent_link(Kind.EVENT)
    type = ChoiceField(choices=EventType, help_text="What sort of event it is.")
    start = PartialDateField(
        help_text="First day, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, "
        "or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31."
    )
    start_earliest = date_bound_column(Earliest, "start")
    end = PartialDateField(help_text="Last day, as precise as the source; the same as the start for one day.")
    end_latest = date_bound_column(Latest, "end")
    locality = LineField(max_length=120, blank=True, help_text="Town or place, such as Washington.")
    country = CountryField(help_text="ISO 3166-1 alpha-2 code of the country where it happened, such as US.")
    latitude = latitude_column()
    longitude = longitude_column()

    history = ChangeLinkedHistory()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_starts_before_it_ends",
                condition=Q(end_latest__isnull=True) | Q(start_earliest__isnull=True) | Q(end_latest__gte=F("start_earliest")),
                violation_error_message="The event cannot end before it starts.",
            ),
            coordinates_in_range("event_coordinates_in_range"),
        ]
        indexes = [models.Index(fields=["type"])]
