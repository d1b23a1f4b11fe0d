from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from entities.admin.entity import EntityAdmin
from entities.admin.lists import StatusFilter, exactly, within
from entities.admin.measure import MeasureInline
from entities.admin.relation import RelationsFromInline, RelationsToInline
from entities.models import Organisation


@admin.register(Organisation)
class OrganisationAdmin(EntityAdmin):
    list_display = ("name", "standing", "type", "country", "founded", "dissolved", "updated")
    list_filter = (StatusFilter, ("type", ChoicesDropdownFilter), exactly("country"), within("founded_earliest", "founded"))
    fieldsets = (
        ("What it is", {"fields": ("name", "slug", ("type", "country"), "summary")}),
        ("When it existed", {"fields": (("founded", "dissolved"),)}),
    )
    inlines = (*EntityAdmin.inlines, RelationsFromInline, RelationsToInline, MeasureInline)
