"""Page of identifiers, and their inline on records."""

from django.contrib import admin

from entities.models import Identifier
from nato_support.desk.base import ChildAdmin, TabularChildInline
from nato_support.desk.records.filter_counts import ChoicesFilter


class IdentifierInline(TabularChildInline):
    model = Identifier
    fields = ("scheme", "value")


@admin.register(Identifier)
class IdentifierAdmin(ChildAdmin):
    list_display = ("value", "scheme", "entity")
    list_filter = (("scheme", ChoicesFilter),)
    list_select_related = ("entity",)
    search_fields = ("value",)
    ordering = ("-pk",)
    fields = ("entity", ("scheme", "value"))
