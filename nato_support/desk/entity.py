from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from entities.models import Entity
from entities.vocabulary import Kind
from nato_support.desk.base import CuratedAdmin, ReadOnlyAdmin, StatusColumnMixin
from nato_support.desk.evidence.record_evidence import EvidenceMixin
from nato_support.desk.records import deleted_records
from nato_support.desk.records.merge_pages import HideMergedMixin, MergeableMixin
from nato_support.desk.records.name_lookup import filter_by_entity_names, order_by_name_match
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin


class NameSearchMixin(admin.ModelAdmin):
    """Records found by what they are called; the best match first where one is picked."""

    search_fields = ("name", "names__text", "identifiers__value", "slug__startswith")

    def get_search_results(self, request, queryset, search_term):
        found = filter_by_entity_names(queryset, search_term, "pk")
        if search_term and request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = order_by_name_match(found, search_term)
        return found, False


class EntityAdmin(SpreadsheetMixin, MergeableMixin, NameSearchMixin, EvidenceMixin, PublishActionsMixin, CuratedAdmin):
    """The page of a record of one kind: what all kinds have in common."""

    # Of several bases only the first would count.
    actions = (*PublishActionsMixin.actions, *MergeableMixin.actions)

    list_display_links = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Entity)
class AnyEntityAdmin(HideMergedMixin, NameSearchMixin, StatusColumnMixin, ReadOnlyAdmin):
    """All kinds in one list, and what foreign keys to any kind are picked from."""

    list_display = ("name", "kind", "status_badge", "slug", "updated")
    list_filter = (("kind", ChoicesDropdownFilter), ("status", ChoicesDropdownFilter))
    ordering = ("-pk",)

    def get_urls(self):
        return [*deleted_records.deleted_record_urls(self.admin_site), *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        # Deleting a record of a kind deletes its row here along: the kind decides.
        if obj is None:
            return False
        record = obj.as_kind
        return self.admin_site._registry[type(record)].has_delete_permission(request, record)

    def delete_view(self, request, object_id, extra_context=None):
        return self.change_view(request, object_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = reverse(f"admin:entities_{Kind(record.kind).value}_change", args=[record.pk])
        query = request.META["QUERY_STRING"]
        return HttpResponseRedirect(f"{page}?{query}" if query else page)
