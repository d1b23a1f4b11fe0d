"""Page of editions, to be viewed."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter
from unfold.decorators import display

from nato_support.desk.base import ReadOnlyAdmin, coloured_badge
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.publishing.models.public_tables import Edition


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "number", "release", "superseded", "state_badge", "cause")
    list_filter = (("release", AutocompleteSelectFilter), ("withdrawn", BooleanRadioFilter), ("cause", ChoicesFilter))
    list_select_related = ("release",)
    search_fields = ("slug__startswith", "name")
    ordering = ("-pk",)
    fieldsets = (
        (
            "Edition",
            {"fields": (("kind", "slug", "number"), "name", ("release", "superseded", "version"), ("cause", "withdrawn"))},
        ),
        ("Public content", {"fields": ("document", "evidence")}),
        ("Sorting", {"fields": (("sort_date", "until"),)}),
    )

    def rows_for_list(self, queryset):
        return super().rows_for_list(queryset).defer("document", "evidence")

    @display(description="state")
    def state_badge(self, edition):
        if edition.superseded is not None:
            return coloured_badge("info", "superseded", {})
        return (
            coloured_badge("", "tombstone", {"": "danger"}) if edition.withdrawn else coloured_badge("", "live", {"": "success"})
        )
