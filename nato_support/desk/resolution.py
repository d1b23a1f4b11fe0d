"""Page of resolutions, and their inline on records."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from entities.citable_fields import record_kind
from nato_support.desk.base import ChildAdmin, ChildFormSet, StackedChildInline
from nato_support.desk.evidence import contested_field_views
from nato_support.desk.evidence.cited_fields import CitedFieldFormMixin, cited_fields_of, label_cited_fields, read_cited_field
from nato_support.desk.evidence.evidence_urls import contested_field_url
from nato_support.desk.evidence.statement_choice import StatementChoiceField
from nato_support.desk.evidence.value_wording import names_in_statements, names_of_stated_slugs, statement_label
from nato_support.desk.records.filter_counts import ChoicesFilter
from sources.evidence.statement_comparison import Statement
from sources.evidence.statements import FieldKey
from sources.models import Resolution


class ResolutionForm(CitedFieldFormMixin, forms.ModelForm):
    """A resolution whose field is one of its record, and whose decision is one of the statements that it judges."""

    field_help = "The field whose evidence differs."
    typed_field_help = "The field whose evidence differs: “Nature”, “Start” ..., or an amount as “Measure: €40 billion”."

    decides_for = StatementChoiceField(help_text=Resolution._meta.get_field("decides_for").help_text)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        resolution = self.instance
        if "field" in self.fields:
            target = self.record or resolution.entity or resolution.relation
            self.fields["field"] = self.make_field_field(target, resolution.field)
        if resolution.pk and "decides_for" in self.fields:
            statements = _statements(resolution)
            names = names_in_statements(resolution.target, resolution.field, statements)
            self.fields["decides_for"].offer(resolution.target, resolution.field, statements, names)

    def clean(self):
        cleaned = super().clean() or {}
        target = self.record or cleaned.get("entity") or cleaned.get("relation") or self.instance.entity or self.instance.relation
        # A field that was not touched stays as it is stored, whether the record still has it or not.
        if target is not None and cleaned.get("field") and cleaned["field"] != self.instance.field:
            try:
                cleaned["field"] = read_cited_field(target, self.groups_of(target), cleaned["field"])
            except ValidationError as error:
                self.add_error("field", error)
        return cleaned


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

    def get_formset(self, request, obj=None, **kwargs):
        if obj is not None:
            words = {"record": obj, "fields_of": cited_fields_of([obj])}
            kwargs["form"] = type("RecordResolutionForm", (ResolutionForm,), words)
        return super().get_formset(request, obj, **kwargs)

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
        label_cited_fields(rows)
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
        return resolution.cited_field_label
