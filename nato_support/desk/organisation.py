"""Page of organisations."""

from django.contrib import admin

from entities.models import Organisation
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


@admin.register(Organisation)
class OrganisationAdmin(EntityAdmin):
    list_display = (
        "name",
        "status_badge",
        "type",
        "country",
        date_column("founded"),
        date_column("dissolved"),
        "evidence_count",
        "updated_day",
    )
    list_filter = (
        StatusFilter,
        ("type", ChoicesFilter),
        exact_match_filter("country"),
        date_range_filter("founded_earliest", "founded"),
    )
    fieldsets = (
        ("Description", {"fields": ("name", "slug", ("type", "country"), "summary")}),
        ("Dates", {"fields": (("founded", "dissolved"),)}),
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
