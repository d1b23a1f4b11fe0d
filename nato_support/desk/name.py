"""Page of names, and their inline on records."""

from django.contrib import admin

from entities.models import Name
from nato_support.desk.base import ChildAdmin, TabularChildInline
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.record_lists import EditableListMixin, exact_match_filter


class NameInline(TabularChildInline):
    model = Name
    fields = ("text", "kind", "origin", "language", "script")


@admin.register(Name)
class NameAdmin(EditableListMixin, ChildAdmin):
    list_display = ("record_link", "text", "kind", "origin", "language", "script", "open_row_link")
    list_editable = ("text", "kind", "origin", "language", "script")
    list_filter = (("kind", ChoicesFilter), ("origin", ChoicesFilter), exact_match_filter("language"))
    list_select_related = ("entity",)
    search_fields = ("text",)
    ordering = ("-pk",)
    fields = ("entity", "text", ("kind", "origin"), ("language", "script"))
