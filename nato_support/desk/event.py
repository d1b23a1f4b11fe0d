"""Page of events."""

from django.contrib import admin

from entities.models import Event
from nato_support.desk.base import date_column
from nato_support.desk.citation import CitationInline
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.measure import MeasureInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter, exact_match_filter
from nato_support.desk.relation import RelationsFromInline, RelationsToInline
from nato_support.desk.resolution import ResolutionInline


@admin.register(Event)
class EventAdmin(EntityAdmin):
    list_display = (
        "name",
        "status_badge",
        "type",
        date_column("start"),
        date_column("end"),
        "locality",
        "country",
        "evidence_count",
        "updated_day",
    )
    list_filter = (
        StatusFilter,
        ("type", ChoicesFilter),
        date_range_filter("start_earliest", "start"),
        exact_match_filter("country"),
    )
    fieldsets = (
        ("Description", {"fields": ("name", "slug", "type", "summary")}),
        ("Time and place", {"fields": (("start", "end"), ("locality", "country"), ("latitude", "longitude"))}),
    )
    inlines = (
        CitationInline,
        ResolutionInline,
        NameInline,
        IdentifierInline,
        RelationsFromInline,
        RelationsToInline,
        MeasureInline,
    )
