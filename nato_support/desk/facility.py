"""Page of facilities."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from entities.models import Facility
from nato_support.desk.citation import CitationInline
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.measure import MeasureInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.record_lists import StatusFilter, exact_match_filter
from nato_support.desk.relation import RelationsFromInline, RelationsToInline
from nato_support.desk.resolution import ResolutionInline


@admin.register(Facility)
class FacilityAdmin(EntityAdmin):
    list_display = (
        "name",
        "status_badge",
        "type",
        "condition",
        "operator",
        "locality",
        "country",
        "evidence_count",
        "updated_day",
    )
    list_filter = (
        StatusFilter,
        ("type", ChoicesFilter),
        ("condition", ChoicesFilter),
        exact_match_filter("country"),
        ("operator", AutocompleteSelectFilter),
    )
    list_select_related = ("operator",)
    fieldsets = (
        ("Description", {"fields": ("name", "slug", ("type", "condition"), "operator", "summary")}),
        ("Location", {"fields": (("locality", "country"), ("latitude", "longitude"))}),
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
