from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from entities.admin.base import PartAdmin, TabularParts
from entities.models import Identifier


class IdentifierInline(TabularParts):
    model = Identifier
    fields = ("scheme", "value")


@admin.register(Identifier)
class IdentifierAdmin(PartAdmin):
    list_display = ("value", "scheme", "entity")
    list_filter = (("scheme", ChoicesDropdownFilter),)
    list_select_related = ("entity",)
    search_fields = ("value",)
    ordering = ("-pk",)
    fields = ("entity", ("scheme", "value"))
