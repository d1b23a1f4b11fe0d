from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from entities.admin.base import PartAdmin, TabularParts
from entities.admin.lists import EditedInPlace, exactly
from entities.models import Name


class NameInline(TabularParts):
    model = Name
    fields = ("text", "kind", "language", "script")


@admin.register(Name)
class NameAdmin(EditedInPlace, PartAdmin):
    list_display = ("record", "text", "kind", "language", "script", "opened")
    list_editable = ("text", "kind", "language", "script")
    list_filter = (("kind", ChoicesDropdownFilter), exactly("language"))
    list_select_related = ("entity",)
    search_fields = ("text",)
    ordering = ("-pk",)
    fields = ("entity", "text", "kind", ("language", "script"))
