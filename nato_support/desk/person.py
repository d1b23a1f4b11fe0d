"""Page of persons."""

from django.contrib import admin

from entities.models import Person
from nato_support.desk.citation import CitationInline
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.record_lists import StatusFilter, exact_match_filter
from nato_support.desk.relation import RelationsFromInline, RelationsToInline
from nato_support.desk.resolution import ResolutionInline


@admin.register(Person)
class PersonAdmin(EntityAdmin):
    list_display = ("name", "status_badge", "family_name", "given_name", "nationality", "evidence_count", "updated_day")
    list_filter = (StatusFilter, exact_match_filter("nationality"))
    fieldsets = (("Description", {"fields": ("name", "slug", ("given_name", "family_name"), "nationality", "summary")}),)
    inlines = (CitationInline, ResolutionInline, NameInline, IdentifierInline, RelationsFromInline, RelationsToInline)
