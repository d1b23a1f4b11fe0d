from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from entities.admin.entity import EntityAdmin
from entities.admin.lists import StatusFilter, exactly
from entities.admin.measure import MeasureInline
from entities.admin.relation import RelationsFromInline, RelationsToInline
from entities.models import Facility


@admin.register(Facility)
class FacilityAdmin(EntityAdmin):
    list_display = ("name", "standing", "type", "condition", "operator", "locality", "country", "updated")
    list_filter = (
        StatusFilter,
        ("type", ChoicesDropdownFilter),
        ("condition", ChoicesDropdownFilter),
        exactly("country"),
        ("operator", AutocompleteSelectFilter),
    )
    list_select_related = ("operator",)
    fieldsets = (
        ("What it is", {"fields": ("name", "slug", ("type", "condition"), "operator", "summary")}),
        ("Where it stands", {"fields": (("locality", "country"), ("latitude", "longitude"))}),
    )
    inlines = (*EntityAdmin.inlines, RelationsFromInline, RelationsToInline, MeasureInline)
