"""Page of commitments."""

from django.contrib import admin
from django.db.models import Exists, OuterRef
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from entities.formatting import format_share
from entities.models import Commitment, Milestone
from entities.vocabulary import DELIVERED_IN_PART, REACHED_STAGES, MeasureKind, Stage
from nato_support.desk.citation import CitationInline
from nato_support.desk.commitment_columns import CommitmentColumnsMixin, today_utc
from nato_support.desk.entity import EntityAdmin
from nato_support.desk.identifier import IdentifierInline
from nato_support.desk.measure import MeasureInline
from nato_support.desk.milestone import MilestoneInline
from nato_support.desk.name import NameInline
from nato_support.desk.records.filter_counts import ChoicesFilter, OptionsFilter, count_values
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter
from nato_support.desk.relation import RelationsFromInline, RelationsToInline
from nato_support.desk.resolution import ResolutionInline


class StageFilter(OptionsFilter):
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

    def count_options(self, rows):
        counts = count_values(rows.with_newest_step(), "newest_step")
        in_part = len(rows.delivered_in_part()) if counts[Stage.DELIVERED] else 0
        delivered = counts[Stage.DELIVERED] - in_part
        return {**counts, "none": counts[None], DELIVERED_IN_PART: in_part, Stage.DELIVERED: delivered}


class OverdueFilter(OptionsFilter):
    """Filter by what is overdue today (UTC)."""

    title = "overdue"
    parameter_name = "overdue"

    def lookups(self, request, model_admin):
        return [("yes", "overdue today"), ("no", "due, not overdue")]

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        overdue = queryset.overdue(today_utc()).values("pk")
        return queryset.filter(pk__in=overdue) if self.value() == "yes" else queryset.exclude(due="").exclude(pk__in=overdue)

    def count_options(self, rows):
        overdue = rows.overdue(today_utc()).count()
        return {"yes": overdue, "no": rows.exclude(due="").count() - overdue}


@admin.register(Commitment)
class CommitmentAdmin(CommitmentColumnsMixin, EntityAdmin):
    list_display = (
        "name",
        "status_badge",
        "nature_badge",
        "committed_by_names",
        "beneficiary",
        "stated_amounts",
        "announced_day",
        "stage_badge",
        "due_badge",
        "evidence_count",
        "category",
        "updated_day",
    )
    list_hidden = ("category", "updated_day")
    list_filter = (
        StatusFilter,
        ("nature", ChoicesFilter),
        ("category", ChoicesFilter),
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
        parts += ["overdue"] if commitment.is_overdue(today_utc()) else []
        return "; ".join(parts) or None
