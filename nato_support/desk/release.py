"""Page of releases, to be viewed."""

from django.contrib import admin

from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.publishing.models import Release


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    list_display = ("number", "released_at", "operation", "by", "note", "reason")
    list_filter = (("operation", ChoicesFilter),)
    list_select_related = ("by",)
    search_fields = ("note", "reason")
    ordering = ("-number",)
