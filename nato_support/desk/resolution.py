"""Page of resolutions, and their inline on records."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from entities.citable_fields import record_kind
from entities.formatting import cited_field_label
from nato_support.desk.base import ChildAdmin, ChildFormSet, StackedChildInline
from nato_support.desk.evidence import contested_field_views
from nato_support.desk.evidence.evidence_urls import contested_field_url
from nato_support.desk.evidence.statement_choice import StatementChoiceField
from nato_support.desk.evidence.value_wording import names_in_statements, names_of_stated_slugs, statement_label
from nato_support.desk.records.filter_counts import ChoicesFilter
from sources.evidence.statement_comparison import Statement
from sources.evidence.statements import FieldKey
from sources.models import Resolution


class ResolutionForm(forms.ModelForm):
    """A resolution whose decision is one of the statements that it judges."""

    decides_for = StatementChoiceField(help_text=Resolution._meta.get_field("decides_for").help_text)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        resolution = self.instance
        if resolution.pk and "decides_for" in self.fields:
            statements = _statements(resolution)
            names = names_in_statements(resolution.target, resolution.field, statements)
            self.fields["decides_for"].offer(resolution.target, resolution.field, statements, names)


def _statements(resolution: Resolution) -> list[Statement]:
    return [Statement.from_json(statement) for statement in resolution.settles]


class DecidedByFormSet(ChildFormSet):
    """Child rows that remember who decided."""

    def save_new(self, form, commit=True):
        form.instance.decided_by = self.request.user
        return super().save_new(form, commit)


class ResolutionInline(StackedChildInline):
    """Resolutions of the contested fields of a record."""

    model = Resolution
    form = ResolutionForm
    formset = DecidedByFormSet
    fields = (("field", "verdict", "decided_on"), "decides_for", "reason", "statements_link")
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
    form = ResolutionForm
    list_display = ("field_label", "verdict", "decision", "target_record", "decided_on", "decided_by", "reason")
    list_filter = (
        ("verdict", ChoicesFilter),
        ("entity", AutocompleteSelectFilter),
        ("relation", AutocompleteSelectFilter),
    )
    list_select_related = ("entity", "relation__type", "relation__subject", "relation__object", "decided_by")
    search_fields = ("field", "reason")
    ordering = ("-pk",)
    readonly_fields = ("judged_statements", "decided_by")
    fieldsets = (
        ("Contested field", {"fields": (("entity", "relation"), "field")}),
        ("Verdict", {"fields": (("verdict", "decided_on"), "decides_for", "reason", "judged_statements", "decided_by")}),
    )

    def save_model(self, request, obj, form, change):
        if not change:
            obj.decided_by = request.user
        super().save_model(request, obj, form, change)

    def attach_row_details(self, rows):
        names = names_of_stated_slugs(
            (record_kind(row.target), row.field, row.decides_for["value"]) for row in rows if row.decides_for
        )
        for resolution in rows:
            resolution.stated_names = names

    @display(description="decides for")
    def decision(self, resolution):
        if not resolution.decides_for:
            return None
        statement = Statement.from_json(resolution.decides_for)
        return statement_label(resolution.target, resolution.field, statement, resolution.stated_names)

    @display(description="statements judged")
    def judged_statements(self, resolution):
        if not resolution.settles:
            return None
        statements = _statements(resolution)
        names = names_in_statements(resolution.target, resolution.field, statements)
        return " · ".join(statement_label(resolution.target, resolution.field, statement, names) for statement in statements)

    def get_urls(self):
        return [*contested_field_views.contested_urls(self.admin_site), *super().get_urls()]

    @display(description="about")
    def target_record(self, resolution):
        return resolution.target

    @display(description="field", ordering="field")
    def field_label(self, resolution):
        return cited_field_label(resolution.field)
