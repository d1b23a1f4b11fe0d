from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from entities.admin.entity import EntityAdmin
from entities.admin.lists import StatusFilter
from entities.admin.relation import RelationsFromInline, RelationsToInline
from entities.models import Post


@admin.register(Post)
class PostAdmin(EntityAdmin):
    list_display = ("name", "standing", "organisation", "rank", "updated")
    list_filter = (StatusFilter, ("organisation", AutocompleteSelectFilter))
    list_select_related = ("organisation",)
    fieldsets = (("What it is", {"fields": ("name", "slug", "organisation", "rank", "summary")}),)
    inlines = (*EntityAdmin.inlines, RelationsFromInline, RelationsToInline)
