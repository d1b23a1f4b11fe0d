from django.contrib import admin
from django.db.models import Q
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, TextFilter

from entities.models import Relation, RelationJoin, RelationType
from nato_support.desk.base import CuratedAdmin, RegisterAdmin, StackedChildInline, TabularChildInline
from nato_support.desk.citation import CitationInline
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.record_evidence import EvidenceMixin
from nato_support.desk.records.name_lookup import entity_keys_matching
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter, typed_time
from nato_support.desk.resolution import ResolutionInline
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin


class RelationsInline(StackedChildInline):
    """Relations of the record on whose page they stand; each is a record of its own, with its own status."""

    model = Relation
    show_change_link = True
    # A relation may be public: it is withdrawn, or deleted, on its own page.
    can_delete = False
    needs_record = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("type", "subject", "object")


class RelationsFromInline(RelationsInline):
    fk_name = "subject"
    verbose_name = "relation from here"
    verbose_name_plural = "relations from"
    fields = (("type", "object"), ("role", "start", "end"))


class RelationsToInline(RelationsInline):
    fk_name = "object"
    verbose_name = "relation to here"
    verbose_name_plural = "relations to"
    fields = (("subject", "type"), ("role", "start", "end"))


class InForceFilter(TextFilter):
    """Relations that were in force at a time, typed as a year, month or day."""

    title = "in force on"
    parameter_name = "in_force_on"

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        time = typed_time(request, self.value())
        return queryset.in_force(time) if time else queryset.none()


@admin.register(Relation)
class RelationAdmin(SpreadsheetMixin, EvidenceMixin, PublishActionsMixin, CuratedAdmin):
    list_display = ("subject", "type", "object", "status_badge", "role", "start", "end", "evidence_count", "updated")
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
    search_help_text = "Words of the names of its ends, of its role or of its public id"
    fieldsets = (
        ("Who stands how to whom", {"fields": ("subject", "type", "object", "role")}),
        ("Since when, until when", {"fields": (("start", "end"),)}),
        ("Address", {"fields": ("slug",)}),
    )
    inlines = (CitationInline, ResolutionInline)

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            ends = Q(subject__in=entity_keys_matching(word)) | Q(object__in=entity_keys_matching(word))
            queryset = queryset.filter(ends | Q(slug__icontains=word) | Q(role__icontains=word))
        return queryset, False


class RelationJoinInline(TabularChildInline):
    model = RelationJoin
    fields = ("subject_kind", "object_kind")
    tab = False
    show_count = False
    verbose_name_plural = "what it may join"


@admin.register(RelationType)
class RelationTypeAdmin(RegisterAdmin):
    list_display = ("label", "inverse_label", "slug", "joins_listed")
    list_prefetch_related = ("joins",)
    search_fields = ("label", "inverse_label", "slug")
    ordering = ("slug",)
    fields = ("slug", ("label", "inverse_label"))
    inlines = (RelationJoinInline,)

    @admin.display(description="may join")
    def joins_listed(self, relation_type):
        return ", ".join(str(join) for join in relation_type.joins.all())


@admin.register(RelationJoin)
class RelationJoinAdmin(RegisterAdmin):
    list_display = ("type", "subject_kind", "object_kind")
    list_select_related = ("type",)
    list_filter = (("subject_kind", ChoicesDropdownFilter), ("object_kind", ChoicesDropdownFilter))
    search_fields = ("type__slug",)
    ordering = ("type", "subject_kind", "object_kind")
