"""Page of measures, and their inline on records."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from entities.models import Commitment, Measure, Milestone
from entities.numbers import integer_or_none
from entities.vocabulary import Stage
from nato_support.desk.base import ChildAdmin, GeneratedKeyForm, RowTableInline
from nato_support.desk.records.filter_counts import ChoicesFilter, OptionsFilter, count_values
from nato_support.desk.records.record_lists import EditableListMixin

AMOUNT_FIELDSET = (("as_stated", "kind", "qualifier"), ("value", "upper", "unit", "currency"), ("milestone", "as_of", "key"))
CONVERSION_FIELDSET = ("conversion_of", ("rate", "rate_date", "rate_source"))


class StepFilter(OptionsFilter):
    """Filter by the step that an amount belongs to."""

    title = "step"
    parameter_name = "step"

    def lookups(self, request, model_admin):
        return [*Stage.choices, ("none", "no step")]

    def queryset(self, request, queryset):
        if self.value() == "none":
            return queryset.filter(milestone=None)
        return queryset.filter(milestone__stage=self.value()) if self.value() else queryset

    def count_options(self, rows):
        counts = count_values(rows, "milestone__stage")
        return {**counts, "none": counts[None]}


class MeasureInline(RowTableInline):
    """Amounts on the page of a record; only a commitment has steps that they can belong to."""

    model = Measure
    form = GeneratedKeyForm
    line_template = "desk/evidence/measure_line.html"
    headings = ("Amount", "In the source's words", "Kind", "Step", "As of")
    fieldsets = (
        (None, {"fields": AMOUNT_FIELDSET}),
        ("Conversion", {"fields": CONVERSION_FIELDSET, "classes": ["collapse"]}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("milestone")

    def get_autocomplete_fields(self, request):
        return [name for name in super().get_autocomplete_fields(request) if name != "milestone"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "milestone":
            # The few steps of this commitment, as a plain choice.
            record = integer_or_none(request.resolver_match.kwargs.get("object_id", "")) if request.resolver_match else None
            kwargs["queryset"] = Milestone.objects.filter(commitment=record)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if issubclass(self.parent_model, Commitment):
            return fieldsets
        amount_rows = [tuple(name for name in row if name != "milestone") for row in AMOUNT_FIELDSET]
        return [(None, {"fields": amount_rows}), *fieldsets[1:]]


@admin.register(Measure)
class MeasureAdmin(EditableListMixin, ChildAdmin):
    form = GeneratedKeyForm
    # The wording and the number of an amount are edited side by side, so that neither drifts from the other.
    list_display = (
        "record_link",
        "as_stated",
        "kind",
        "qualifier",
        "value",
        "upper",
        "unit",
        "currency",
        "as_of",
        "milestone",
        "is_conversion",
        "open_row_link",
    )
    list_editable = ("as_stated", "qualifier", "value", "upper", "unit", "currency", "as_of")
    list_filter = (
        ("kind", ChoicesFilter),
        ("qualifier", ChoicesFilter),
        StepFilter,
        ("entity", AutocompleteSelectFilter),
    )
    list_select_related = ("entity", "milestone")
    search_fields = ("as_stated", "key")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("entity", *AMOUNT_FIELDSET)}),
        (
            "Conversion",
            {
                "fields": CONVERSION_FIELDSET,
                "description": "Only for an amount converted from another one; the original is the one that counts.",
            },
        ),
    )

    @display(description="conversion", boolean=True)
    def is_conversion(self, measure):
        return measure.conversion_of_id is not None
