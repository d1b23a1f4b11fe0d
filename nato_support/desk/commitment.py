"""Page of commitments."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from entities.models import Commitment, Milestone
from entities.vocabulary import Nature, Stage
from nato_support.desk.base import coloured_badge
from nato_support.desk.citation import CitationInline
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.measure import MeasureInline
from nato_support.desk.milestone import MilestoneInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.record_lists import StatusFilter
from nato_support.desk.relation import RelationsFromInline, RelationsToInline
from nato_support.desk.resolution import ResolutionInline

# Promises stand out from statements that promise nothing.
NATURE_COLOURS = {
    Nature.PLEDGE: "success",
    Nature.DECISION: "success",
    Nature.ACTION: "info",
    Nature.CONDITION: "warning",
    Nature.REFUSAL: "danger",
}


class StageFilter(DropdownFilter):
    """Filter by the latest milestone."""

    title = "stage"
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [*Stage.choices, ("none", "no milestone")]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self.value() == "none":
            return queryset.filter(~Exists(Milestone.objects.filter(commitment=OuterRef("pk"))))
        # The current stage was reached at some time: this cheap condition spares most rows the costly one.
        reached = Milestone.objects.order_by().filter(stage=self.value()).values("commitment")
        return queryset.filter(pk__in=reached).with_stage().filter(current_stage=self.value())


@admin.register(Commitment)
class CommitmentAdmin(EntityAdmin):
    list_display = (
        "name",
        "status_badge",
        "nature_badge",
        "category",
        "committed_by_names",
        "beneficiary",
        "stage_badge",
        "evidence_count",
        "updated_day",
    )
    list_filter = (
        StatusFilter,
        ("nature", ChoicesDropdownFilter),
        ("category", ChoicesDropdownFilter),
        StageFilter,
        ("committed_by", AutocompleteSelectFilter),
        ("beneficiary", AutocompleteSelectFilter),
        ("part_of", AutocompleteSelectFilter),
        ("facility", AutocompleteSelectFilter),
        ("announced_at", AutocompleteSelectFilter),
    )
    list_select_related = ("beneficiary",)
    list_prefetch_related = ("committed_by",)
    fieldsets = (
        ("Description", {"fields": ("name", "slug", ("nature", "category"), "summary")}),
        ("Parties", {"fields": ("committed_by", "beneficiary")}),
        ("Context", {"fields": ("part_of", "facility", "announced_at")}),
        ("Conditions", {"fields": ("conditions",)}),
    )
    inlines = (
        CitationInline,
        ResolutionInline,
        MeasureInline,
        MilestoneInline,
        NameInline,
        IdentifierInline,
        RelationsFromInline,
        RelationsToInline,
    )

    def rows_for_list(self, queryset):
        return super().rows_for_list(queryset).with_stage()

    @display(description="nature", ordering="nature")
    def nature_badge(self, commitment):
        return coloured_badge(commitment.nature, commitment.get_nature_display(), NATURE_COLOURS)

    @display(description="committed by")
    def committed_by_names(self, commitment):
        names = [organisation.name for organisation in commitment.committed_by.all()]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or None

    @display(description="stage")
    def stage_badge(self, commitment):
        stage = commitment.current_stage
        return coloured_badge(stage, Stage(stage).label, {}) if stage else None
