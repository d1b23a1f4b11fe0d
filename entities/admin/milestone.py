from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from entities.admin.base import KeyedForm, PartAdmin, TabularParts
from entities.admin.lists import EditedInPlace, within
from entities.models import Milestone


class MilestoneInline(TabularParts):
    model = Milestone
    form = KeyedForm
    fields = ("stage", "date", "event", "key")


@admin.register(Milestone)
class MilestoneAdmin(EditedInPlace, PartAdmin):
    form = KeyedForm
    list_display = ("record", "stage", "date", "event", "key", "opened")
    list_editable = ("stage", "date")
    list_filter = (("stage", ChoicesDropdownFilter), within("date_earliest", "date"), ("event", AutocompleteSelectFilter))
    list_select_related = ("commitment", "event")
    search_fields = ("key", "commitment__name")
    ordering = ("-pk",)
    fields = ("commitment", ("stage", "date"), "event", "key")
