"""Page of commitments."""

from datetime import UTC, datetime

from django.contrib import admin
from django.db.models import Exists, OuterRef
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from entities.formatting import format_share
from entities.models import Commitment, Milestone
from entities.vocabulary import DELIVERED_IN_PART, REACHED_STAGES, MeasureKind, Nature, Stage
from nato_support.desk.base import coloured_badge
from nato_support.desk.citation import CitationInline
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.measure import MeasureInline
from nato_support.desk.milestone import MilestoneInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter
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
STAGE_COLOURS = {Stage.DELIVERED: "success", DELIVERED_IN_PART: "warning", Stage.REFUSED: "danger", Stage.DROPPED: "danger"}


class StageFilter(DropdownFilter):
    """Filter by the latest milestone."""

    title = "stage"
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [*REACHED_STAGES, ("none", "no milestone")]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        if self.value() == "none":
            return queryset.filter(~Exists(Milestone.objects.filter(commitment=OuterRef("pk"))))
        return queryset.at_stage(self.value())


class OverdueFilter(DropdownFilter):
    """Filter by what is overdue today (UTC)."""

    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", "overdue today"), ("no", "due, not overdue")]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        overdue = queryset.overdue(_today()).values("pk")
        return queryset.filter(pk__in=overdue) if self.value() == "yes" else queryset.exclude(due="").exclude(pk__in=overdue)


def _today():
    return datetime.now(UTC).date()


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
        "due_badge",
        "evidence_count",
        "updated_day",
    )
    list_filter = (
        StatusFilter,
        ("nature", ChoicesDropdownFilter),
        ("category", ChoicesDropdownFilter),
        StageFilter,
        OverdueFilter,
        date_range_filter("due_latest", "due"),
        ("committed_by", AutocompleteSelectFilter),
        ("beneficiary", AutocompleteSelectFilter),
        ("concerns", AutocompleteSelectFilter),
        ("part_of", AutocompleteSelectFilter),
        ("facility", AutocompleteSelectFilter),
        ("announced_at", AutocompleteSelectFilter),
    )
    list_select_related = ("beneficiary",)
    list_prefetch_related = ("committed_by", "milestones", "measures")
    fieldsets = (
        ("Description", {"fields": ("name", "slug", ("nature", "category"), "summary")}),
        ("Parties", {"fields": ("committed_by", "beneficiary", "concerns")}),
        ("Time", {"fields": (("due", "period"), "progress")}),
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

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "progress")

    @display(description="nature", ordering="nature")
    def nature_badge(self, commitment):
        return coloured_badge(commitment.nature, commitment.get_nature_display(), NATURE_COLOURS)

    @display(description="committed by")
    def committed_by_names(self, commitment):
        names = [organisation.name for organisation in commitment.committed_by.all()]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or None

    @display(description="stage")
    def stage_badge(self, commitment):
        stage = commitment.stage
        return coloured_badge(stage, dict(REACHED_STAGES)[stage], STAGE_COLOURS) if stage else None

    @display(description="due", ordering="due_latest")
    def due_badge(self, commitment):
        if not commitment.due:
            return None
        is_overdue = commitment.is_overdue(_today())
        label = f"{commitment.due} · overdue" if is_overdue else commitment.due
        return coloured_badge("overdue" if is_overdue else "", label, {"overdue": "danger"})

    @display(description="progress")
    def progress(self, commitment):
        """The stage reached, what came of the promise, and whether it is overdue today."""
        if commitment.pk is None:
            return None
        stage = commitment.stage
        parts = [dict(REACHED_STAGES)[stage]] if stage else []
        parts += [
            f"{format_share(share.low, share.high)} {share.stage.label} ({share.unit[1] or MeasureKind(share.unit[0]).label})"
            for share in commitment.shares
        ]
        parts += ["overdue"] if commitment.is_overdue(_today()) else []
        return "; ".join(parts) or None
