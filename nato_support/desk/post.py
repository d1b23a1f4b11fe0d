"""Page of posts."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from entities.models import Post
from nato_support.desk.citation import CitationInline
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.record_lists import StatusFilter
from nato_support.desk.relation import RelationsFromInline, RelationsToInline
from nato_support.desk.resolution import ResolutionInline


@admin.register(Post)
class PostAdmin(EntityAdmin):
    list_display = ("name", "status_badge", "organisation", "rank", "evidence_count", "updated_day")
    list_filter = (StatusFilter, ("organisation", AutocompleteSelectFilter))
    list_select_related = ("organisation",)
    fieldsets = (("Description", {"fields": ("name", "slug", "organisation", "rank", "summary")}),)
    inlines = (CitationInline, ResolutionInline, NameInline, IdentifierInline, RelationsFromInline, RelationsToInline)
