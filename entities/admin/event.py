from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from entities.admin.entity import EntityAdmin
from entities.admin.lists import StatusFilter, exactly, within
from entities.admin.measure import MeasureInline
from entities.admin.relation import RelationsFromInline, RelationsToInline
from entities.models import Event


@admin.register(Event)
class EventAdmin(EntityAdmin):
    list_display = ("name", "standing", "type", "start", "end", "locality", "country", "updated")
    list_filter = (StatusFilter, ("type", ChoicesDropdownFilter), within("start_earliest", "start"), exactly("country"))
    fieldsets = (
        ("What it is", {"fields": ("name", "slug", "type", "summary")}),
        ("When and where", {"fields": (("start", "end"), ("locality", "country"))}),
    )
    inlines = (*EntityAdmin.inlines, RelationsFromInline, RelationsToInline, MeasureInline)
