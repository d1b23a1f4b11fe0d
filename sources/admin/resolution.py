from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from entities.admin.base import PartAdmin, PartsFormSet, StackedParts
from sources.models import Resolution


class ResolutionFormSet(PartsFormSet):
    def save_new(self, form, commit=True):
        form.instance.decided_by = self.request.user
        return super().save_new(form, commit)


class ResolutionInline(StackedParts):
    """Verdicts on fields of a record whose sources differ."""

    model = Resolution
    formset = ResolutionFormSet
    fields = (("field", "verdict", "decided_on"), "reason")
    needs_record = True


@admin.register(Resolution)
class ResolutionAdmin(PartAdmin):
    list_display = ("field", "verdict", "about", "decided_on", "decided_by", "reason")
    list_filter = (
        ("verdict", ChoicesDropdownFilter),
        ("entity", AutocompleteSelectFilter),
        ("relation", AutocompleteSelectFilter),
    )
    list_select_related = ("entity", "relation__type", "relation__subject", "relation__object", "decided_by")
    search_fields = ("field", "reason")
    ordering = ("-pk",)
    readonly_fields = ("settles", "decided_by")
    fieldsets = (
        ("What it is about", {"fields": (("entity", "relation"), "field")}),
        ("The verdict", {"fields": (("verdict", "decided_on"), "reason", "settles", "decided_by")}),
    )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.decided_by = request.user
        super().save_model(request, obj, form, change)

    @display(description="about")
    def about(self, resolution):
        return resolution.target
