from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from entities.admin.base import KeyedForm, PartAdmin, StackedParts
from entities.admin.lists import EditedInPlace
from entities.models import Measure

AMOUNT = (("as_stated", "kind", "qualifier"), ("value", "upper", "unit", "currency"), ("as_of", "key"))
CONVERSION = ("conversion_of", ("rate", "rate_date", "rate_source"))


class MeasureInline(StackedParts):
    model = Measure
    form = KeyedForm
    fieldsets = ((None, {"fields": AMOUNT}), ("Only for a converted amount", {"fields": CONVERSION, "classes": ["collapse"]}))


@admin.register(Measure)
class MeasureAdmin(EditedInPlace, PartAdmin):
    form = KeyedForm
    # An amount means something only as a whole: words and number are edited side by side, or the words would drift from it.
    list_display = (
        "record",
        "as_stated",
        "kind",
        "qualifier",
        "value",
        "upper",
        "unit",
        "currency",
        "as_of",
        "is_conversion",
        "opened",
    )
    list_editable = ("as_stated", "qualifier", "value", "upper", "unit", "currency", "as_of")
    list_filter = (("kind", ChoicesDropdownFilter), ("qualifier", ChoicesDropdownFilter), ("entity", AutocompleteSelectFilter))
    list_select_related = ("entity",)
    search_fields = ("as_stated", "key")
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("entity", *AMOUNT)}),
        ("Conversion", {"fields": CONVERSION, "description": "Only if it was converted from another amount, which counts."}),
    )

    @display(description="conversion", boolean=True)
    def is_conversion(self, measure):
        return measure.conversion_of_id is not None
