from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from entities.admin.base import ReadOnlyAdmin, badge
from nato_support.editions.models import Edition, PrintRun


@admin.register(PrintRun)
class PrintRunAdmin(ReadOnlyAdmin):
    list_display = ("stamp", "printed_at", "operation", "by", "note", "why")
    list_filter = (("operation", ChoicesDropdownFilter),)
    list_select_related = ("by",)
    search_fields = ("note", "why")
    ordering = ("-stamp",)


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "number", "run", "superseded", "state", "cause")
    list_filter = (("run", AutocompleteSelectFilter), ("withdrawn", BooleanRadioFilter), ("cause", ChoicesDropdownFilter))
    list_select_related = ("run",)
    search_fields = ("slug__startswith", "name")
    ordering = ("-pk",)
    fieldsets = (
        ("Which one", {"fields": (("kind", "slug", "number"), "name", ("run", "superseded", "version"), ("cause", "withdrawn"))}),
        ("What the public sees", {"fields": ("document", "evidence")}),
        ("How it is found", {"fields": (("sort_date", "until"), "search_text")}),
    )

    def rows(self, queryset):
        return super().rows(queryset).defer("document", "evidence", "search_text")

    @display(description="state")
    def state(self, edition):
        if edition.superseded is not None:
            return badge("info", "superseded", {})
        return badge("", "tombstone", {"": "danger"}) if edition.withdrawn else badge("", "live", {"": "success"})
