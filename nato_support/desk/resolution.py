"""Page of resolutions, and their inline on records."""

from django.contrib import admin
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from entities.formatting import cited_field_label
from nato_support.desk.base import ChildAdmin, ChildFormSet, StackedChildInline
from nato_support.desk.evidence import contested_field_views
from nato_support.desk.evidence.evidence_urls import contested_field_url
from sources.evidence.statements import FieldKey
from sources.models import Resolution


class DecidedByFormSet(ChildFormSet):
    """Child rows that remember who decided."""

    def save_new(self, form, commit=True):
        form.instance.decided_by = self.request.user
        return super().save_new(form, commit)


class ResolutionInline(StackedChildInline):
    """Resolutions of the contested fields of a record."""

    model = Resolution
    formset = DecidedByFormSet
    fields = (("field", "verdict", "decided_on"), "reason", "statements_link")
    readonly_fields = ("statements_link",)
    needs_record = True

    @display(description="statements")
    def statements_link(self, resolution):
        if not resolution.field:
            return None
        field_key = FieldKey(resolution.entity_id, resolution.relation_id, resolution.field)
        return format_html('<a class="underline" href="{}">Compare the statements</a>', contested_field_url(field_key))


@admin.register(Resolution)
class ResolutionAdmin(ChildAdmin):
    list_display = ("field_label", "verdict", "target_record", "decided_on", "decided_by", "reason")
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
        ("Contested field", {"fields": (("entity", "relation"), "field")}),
        ("Verdict", {"fields": (("verdict", "decided_on"), "reason", "settles", "decided_by")}),
    )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.decided_by = request.user
        super().save_model(request, obj, form, change)

    def get_urls(self):
        return [*contested_field_views.contested_urls(self.admin_site), *super().get_urls()]

    @display(description="about")
    def target_record(self, resolution):
        return resolution.target

    @display(description="field", ordering="field")
    def field_label(self, resolution):
        return cited_field_label(resolution.field)
