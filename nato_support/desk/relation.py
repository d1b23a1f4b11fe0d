"""Pages of relations and their types, and the inlines of relations on records."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from unfold.contrib.filters.admin import AutocompleteSelectFilter, TextFilter
from unfold.decorators import display

from entities.formatting import format_list_date, format_partial_date
from entities.models import Relation, RelationJoin, RelationType
from entities.vocabulary import Modality
from nato_support.desk.base import (
    CuratedAdmin,
    RegisterAdmin,
    StackedChildInline,
    TabularChildInline,
    badge_of_exception,
    date_column,
)
from nato_support.desk.citation import CitationInline
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.evidence_count_and_coverage import EvidenceCountAndCoverageMixin
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.name_lookup import entity_keys_matching
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter, parse_typed_date
from nato_support.desk.resolution import ResolutionInline
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin
from sources.evidence.attestation import attested_days_of_relations

MODALITY_COLOURS = {
    Modality.PLANNED: "info",
    Modality.EXPECTED: "info",
    Modality.CONDITIONAL: "warning",
    Modality.CLAIMED: "warning",
}


class RelationsInline(StackedChildInline):
    """Relations of the record whose page it is; each is a record of its own, with its own status."""

    model = Relation
    always_asked = ("modality",)
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
    fields = (("modality", "type", "object"), ("role", "start", "end"))


class RelationsToInline(RelationsInline):
    """Relations whose second party the record is."""

    fk_name = "object"
    verbose_name = "relation as second party"
    verbose_name_plural = "relations as second party"
    fields = (("subject", "modality", "type"), ("role", "start", "end"))


class InForceFilter(TextFilter):
    """Filter by a time at which relations were in force, typed as a year, month or day; not planned or claimed ones."""

    title = "in force on"
    parameter_name = "in_force_on"

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        time = parse_typed_date(request, self.value())
        return queryset.in_force(time) if time else queryset.none()


@admin.register(Relation)
class RelationAdmin(SpreadsheetMixin, EvidenceCountAndCoverageMixin, PublishActionsMixin, CuratedAdmin):
    # “In force” is the firmest of them.
    always_asked = ("modality",)
    list_display = (
        "subject",
        "type",
        "object",
        "modality_badge",
        "status_badge",
        "role",
        date_column("start"),
        date_column("end"),
        "attested_dates",
        "evidence_count",
        "updated_day",
    )
    list_hidden = ("updated_day",)
    list_display_links = ("subject", "type")
    list_filter = (
        StatusFilter,
        ("modality", ChoicesFilter),
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
        ("Relationship", {"fields": ("subject", ("modality", "type"), "object", "role")}),
        ("Period", {"fields": (("start", "end"), "attested_days")}),
        ("Public id", {"fields": ("slug",)}),
    )
    readonly_fields = (*EvidenceCountAndCoverageMixin.readonly_fields, "attested_days")
    inlines = (CitationInline, ResolutionInline)

    def attach_row_details(self, rows):
        super().attach_row_details(rows)
        days = attested_days_of_relations(rows)
        for row in rows:
            row.attested = days[row.pk]

    @display(description="modality", ordering="modality")
    def modality_badge(self, relation):
        return badge_of_exception(relation.modality, relation.get_modality_display(), MODALITY_COLOURS)

    @display(description="attested")
    def attested_days(self, relation):
        """Days on which sources state the relation as the register has it: the newest three."""
        if not relation.pk:
            return None
        if not hasattr(relation, "attested"):
            relation.attested = attested_days_of_relations([relation])[relation.pk]
        return ", ".join(format_partial_date(day) for day in relation.attested[-3:]) or None

    @display(description="attested")
    def attested_dates(self, relation):
        """The same days for the list, one a line."""
        days = (format_list_date(str(day)) for day in relation.attested[-3:])
        return format_html_join(mark_safe("<br>"), "{}", ((day,) for day in days)) or None

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
    list_display = ("label", "inverse_label", "infinitive", "slug", "allowed_kinds")
    list_prefetch_related = ("joins",)
    search_fields = ("label", "inverse_label", "slug")
    ordering = ("slug",)
    fieldsets = (
        (None, {"fields": ("slug",)}),
        ("From first to second party", {"fields": (("label", "plural_label"), ("past_label", "infinitive"))}),
        (
            "From second to first party",
            {"fields": (("inverse_label", "inverse_plural_label"), ("inverse_past_label", "inverse_infinitive"))},
        ),
    )
    inlines = (RelationJoinInline,)

    @admin.display(description="allowed kinds")
    def allowed_kinds(self, relation_type):
        return ", ".join(str(join) for join in relation_type.joins.all())


@admin.register(RelationJoin)
class RelationJoinAdmin(RegisterAdmin):
    list_display = ("type", "subject_kind", "object_kind")
    list_select_related = ("type",)
    list_filter = (("subject_kind", ChoicesFilter), ("object_kind", ChoicesFilter))
    search_fields = ("type__slug",)
    ordering = ("type", "subject_kind", "object_kind")
