from django.contrib import admin

from entities.admin.entity import EntityAdmin
from entities.admin.lists import StatusFilter, exactly
from entities.admin.relation import RelationsFromInline, RelationsToInline
from entities.models import Person


@admin.register(Person)
class PersonAdmin(EntityAdmin):
    list_display = ("name", "standing", "family_name", "given_name", "nationality", "updated")
    list_filter = (StatusFilter, exactly("nationality"))
    fieldsets = (("Who it is", {"fields": ("name", "slug", ("given_name", "family_name"), "nationality", "summary")}),)
    inlines = (*EntityAdmin.inlines, RelationsFromInline, RelationsToInline)
