"""Page of milestones, and their inline on commitments."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from entities.models import Milestone
from nato_support.desk.base import ChildAdmin, GeneratedKeyForm, TabularChildInline
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.record_lists import EditableListMixin, date_range_filter


class MilestoneInline(TabularChildInline):
    model = Milestone
    form = GeneratedKeyForm
    fields = ("stage", "date", "event", "key")


@admin.register(Milestone)
class MilestoneAdmin(EditableListMixin, ChildAdmin):
    form = GeneratedKeyForm
    list_display = ("record_link", "stage", "date", "event", "key", "open_row_link")
    list_editable = ("stage", "date")
    list_filter = (
        ("stage", ChoicesFilter),
        date_range_filter("date_earliest", "date"),
        ("event", AutocompleteSelectFilter),
    )
    list_select_related = ("commitment", "event")
    search_fields = ("key", "commitment__name")
    ordering = ("-pk",)
    fields = ("commitment", ("stage", "date"), "event", "key")
