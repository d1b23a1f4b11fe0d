"""Page of measures, and their inline on records."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from entities.models import Measure
from nato_support.desk.base import ChildAdmin, GeneratedKeyForm, StackedChildInline
from nato_support.desk.records.record_lists import EditableListMixin

AMOUNT_FIELDSET = (("as_stated", "kind", "qualifier"), ("value", "upper", "unit", "currency"), ("as_of", "key"))
CONVERSION_FIELDSET = ("conversion_of", ("rate", "rate_date", "rate_source"))


class MeasureInline(StackedChildInline):
    model = Measure
    form = GeneratedKeyForm
    fieldsets = (
        (None, {"fields": AMOUNT_FIELDSET}),
        ("Conversion", {"fields": CONVERSION_FIELDSET, "classes": ["collapse"]}),
    )


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
        "is_conversion",
        "open_row_link",
    )
    list_editable = ("as_stated", "qualifier", "value", "upper", "unit", "currency", "as_of")
    list_filter = (("kind", ChoicesDropdownFilter), ("qualifier", ChoicesDropdownFilter), ("entity", AutocompleteSelectFilter))
    list_select_related = ("entity",)
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
