"""Pages of relations and their types, and the inlines of relations on records."""

from django.contrib import admin
from django.db.models import Q
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, TextFilter

from entities.models import Relation, RelationJoin, RelationType
from nato_support.desk.base import CuratedAdmin, RegisterAdmin, StackedChildInline, TabularChildInline
from nato_support.desk.citation import CitationInline
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.evidence_count_and_coverage import EvidenceCountAndCoverageMixin
from nato_support.desk.records.name_lookup import entity_keys_matching
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter, parse_typed_date
from nato_support.desk.resolution import ResolutionInline
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin


class RelationsInline(StackedChildInline):
    """Relations of the record whose page it is; each is a record of its own, with its own status."""

    model = Relation
    show_change_link = True
    # A relation may be public, so it is withdrawn or deleted on its own page.
    can_delete = False
    needs_record = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("type", "subject", "object")


class RelationsFromInline(RelationsInline):
    """Relations whose first party the record is."""

    fk_name = "subject"
    verbose_name = "relation as first party"
    verbose_name_plural = "relations as first party"
    fields = (("type", "object"), ("role", "start", "end"))


class RelationsToInline(RelationsInline):
    """Relations whose second party the record is."""

    fk_name = "object"
    verbose_name = "relation as second party"
    verbose_name_plural = "relations as second party"
    fields = (("subject", "type"), ("role", "start", "end"))


class InForceFilter(TextFilter):
    """Filter by a time at which relations were in force, typed as a year, month or day."""

    title = "in force on"
    parameter_name = "in_force_on"

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        time = parse_typed_date(request, self.value())
        return queryset.in_force(time) if time else queryset.none()


@admin.register(Relation)
class RelationAdmin(SpreadsheetMixin, EvidenceCountAndCoverageMixin, PublishActionsMixin, CuratedAdmin):
    list_display = ("subject", "type", "object", "status_badge", "role", "start", "end", "evidence_count", "updated_day")
    list_display_links = ("subject", "type")
    list_filter = (
        StatusFilter,
        ("type", AutocompleteSelectFilter),
        ("subject", AutocompleteSelectFilter),
        ("object", AutocompleteSelectFilter),
        date_range_filter("start_earliest", "start"),
        InForceFilter,
    )
    list_select_related = ("type", "subject", "object")
    list_annotations = {"citation_count": citation_count_annotation("relation")}
    search_fields = ("slug", "role")
    search_help_text = "Search by names of the parties, role or public id"
    fieldsets = (
        ("Relationship", {"fields": ("subject", "type", "object", "role")}),
        ("Period", {"fields": (("start", "end"),)}),
        ("Public id", {"fields": ("slug",)}),
    )
    inlines = (CitationInline, ResolutionInline)

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            party_match = Q(subject__in=entity_keys_matching(word)) | Q(object__in=entity_keys_matching(word))
            queryset = queryset.filter(party_match | Q(slug__icontains=word) | Q(role__icontains=word))
        return queryset, False


class RelationJoinInline(TabularChildInline):
    model = RelationJoin
    fields = ("subject_kind", "object_kind")
    tab = False
    show_count = False
    verbose_name_plural = "allowed kinds"


@admin.register(RelationType)
class RelationTypeAdmin(RegisterAdmin):
    list_display = ("label", "inverse_label", "slug", "allowed_kinds")
    list_prefetch_related = ("joins",)
    search_fields = ("label", "inverse_label", "slug")
    ordering = ("slug",)
    fields = ("slug", ("label", "inverse_label"))
    inlines = (RelationJoinInline,)

    @admin.display(description="allowed kinds")
    def allowed_kinds(self, relation_type):
        return ", ".join(str(join) for join in relation_type.joins.all())


@admin.register(RelationJoin)
class RelationJoinAdmin(RegisterAdmin):
    list_display = ("type", "subject_kind", "object_kind")
    list_select_related = ("type",)
    list_filter = (("subject_kind", ChoicesDropdownFilter), ("object_kind", ChoicesDropdownFilter))
    search_fields = ("type__slug",)
    ordering = ("type", "subject_kind", "object_kind")
