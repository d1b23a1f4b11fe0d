"""Base page of the kinds of entity, and the list across all kinds."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse

from entities.models import Entity
from entities.vocabulary import Kind
from nato_support.desk.base import CuratedAdmin, ReadOnlyAdmin, StatusColumnMixin
from nato_support.desk.evidence.evidence_count_and_coverage import EvidenceCountAndCoverageMixin
from nato_support.desk.pictures.picture_pages import PicturesMixin
from nato_support.desk.records import deleted_records
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.mergeable_records import HideMergedMixin, MergeableRecordsMixin
from nato_support.desk.records.name_lookup import filter_by_entity_names, limit_to_best_name_matches
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin
from nato_support.desk.teamwork.assignment_display import AssignedFilter


class NameSearchMixin(admin.ModelAdmin):
    """Search of records by all their names; the autocomplete ranks them as the palette does."""

    search_fields = ("name", "names__text", "identifiers__value", "slug__startswith")

    def get_search_results(self, request, queryset, search_term):
        if search_term and request.resolver_match and request.resolver_match.url_name == "autocomplete":
            return limit_to_best_name_matches(queryset, search_term), False
        return filter_by_entity_names(queryset, search_term, "pk"), False


class EntityAdmin(
    SpreadsheetMixin,
    MergeableRecordsMixin,
    NameSearchMixin,
    EvidenceCountAndCoverageMixin,
    PicturesMixin,
    PublishActionsMixin,
    CuratedAdmin,
):
    """Page of a record of one kind: everything that all kinds have in common."""

    change_form_outer_before_template = "desk/entity_bars.html"

    # Inherited, only those of the first base would count.
    actions = (*PublishActionsMixin.actions, *MergeableRecordsMixin.actions)

    list_display_links = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Entity)
class AnyEntityAdmin(HideMergedMixin, NameSearchMixin, StatusColumnMixin, ReadOnlyAdmin):
    """List across all kinds, and the autocomplete of foreign keys to any kind."""

    list_display = ("name", "kind", "status_badge", "slug", "updated_day")
    list_filter = (("kind", ChoicesFilter), ("status", ChoicesFilter), AssignedFilter)
    ordering = ("-pk",)

    def get_urls(self):
        return [*deleted_records.deleted_record_urls(self.admin_site), *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        # The base row is deleted together with the record, so the page of its kind decides.
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
