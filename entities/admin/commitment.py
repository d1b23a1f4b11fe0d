from django.contrib import admin
from django.db.models import Exists, OuterRef
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display

from entities.admin.entity import EntityAdmin
from entities.admin.lists import StatusFilter
from entities.admin.measure import MeasureInline
from entities.admin.milestone import MilestoneInline
from entities.admin.relation import RelationsFromInline, RelationsToInline
from entities.models import Commitment, Milestone
from entities.vocabulary import Nature, Stage

# What promises something looks different from what does not.
NATURE_COLOURS = {
    Nature.PLEDGE: "success",
    Nature.DECISION: "success",
    Nature.ACTION: "info",
    Nature.CONDITION: "warning",
    Nature.REFUSAL: "danger",
}


class StageFilter(DropdownFilter):
    title = "stage"
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [*Stage.choices, ("none", "no milestone yet")]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        steps = Milestone.objects.filter(commitment=OuterRef("pk"))
        if self.value() == "none":
            return queryset.filter(~Exists(steps))
        # The first condition is cheap and rules most rows out before the stage of a row is found.
        return queryset.filter(Exists(steps.filter(stage=self.value()))).with_stage().filter(current_stage=self.value())


@admin.register(Commitment)
class CommitmentAdmin(EntityAdmin):
    list_display = ("name", "standing", "nature_label", "category", "givers", "beneficiary", "stage_label", "updated_at")
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
        ("What it is", {"fields": ("name", "slug", ("nature", "category"), "summary")}),
        ("Who, and for whom", {"fields": ("committed_by", "beneficiary")}),
        ("Where it belongs", {"fields": ("part_of", "facility", "announced_at")}),
        ("On what condition", {"fields": ("conditions",)}),
    )
    inlines = (MeasureInline, MilestoneInline, *EntityAdmin.inlines, RelationsFromInline, RelationsToInline)

    def rows(self, queryset):
        return super().rows(queryset).with_stage()

    @display(description="nature", label=NATURE_COLOURS, ordering="nature")
    def nature_label(self, commitment):
        return commitment.nature, commitment.get_nature_display()

    @display(description="committed by")
    def givers(self, commitment):
        names = [giver.name for giver in commitment.committed_by.all()]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") or self.empty_value_display

    @display(description="stage", label=True)
    def stage_label(self, commitment):
        return Stage(commitment.current_stage).label if commitment.current_stage else ""
