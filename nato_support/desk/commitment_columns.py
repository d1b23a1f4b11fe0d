"""Columns of the list of commitments: parties, amounts, days and the stage reached."""

from datetime import UTC, date, datetime

from django.contrib import admin
from django.db.models import F, OrderBy, OuterRef, Subquery
from django.utils.html import format_html, format_html_join
from unfold.decorators import display

from entities.formatting import format_amount, format_list_date
from entities.models import Milestone
from entities.vocabulary import DELIVERED_IN_PART, REACHED_STAGES, Nature, Stage
from nato_support.desk.base import badge_of_exception, coloured_badge

NATURE_COLOURS = {Nature.CONDITION: "warning", Nature.REFUSAL: "danger"}
STAGE_COLOURS = {DELIVERED_IN_PART: "warning", Stage.REFUSED: "danger", Stage.DROPPED: "danger"}
MOST_PARTIES = 3
MOST_AMOUNTS = 2


def today_utc() -> date:
    """Return the day in UTC, on which it is decided what is overdue."""
    return datetime.now(UTC).date()


class DatedFirst(OrderBy):
    """The order of a column of days: rows without a day come last in either direction, on every database."""

    def __init__(self, expression) -> None:
        super().__init__(expression, nulls_last=True)

    def reverse_ordering(self) -> "DatedFirst":
        """Turn the days around, and leave the rows without one where they are."""
        self.descending = not self.descending
        return self


def first_announcement_day() -> Subquery:
    """Return the first day of the earliest announcement of each commitment, to sort by; NULL where that is open or unknown."""
    announced = Milestone.objects.filter(commitment=OuterRef("pk"), stage=Stage.ANNOUNCED, date_earliest__isnull=False)
    return Subquery(announced.order_by("date_earliest").values("date_earliest")[:1])


class CommitmentColumnsMixin(admin.ModelAdmin):
    """Columns of the list; its rows come with their parties, milestones and measures."""

    list_select_related = ("beneficiary",)
    list_prefetch_related = ("committed_by", "milestones", "measures")

    @display(description="nature", ordering="nature")
    def nature_badge(self, commitment):
        return badge_of_exception(commitment.nature, commitment.get_nature_display(), NATURE_COLOURS)

    @display(description="committed by")
    def committed_by_names(self, commitment):
        names = [organisation.name for organisation in commitment.committed_by.all()]
        more = len(names) - MOST_PARTIES
        return ", ".join(names[:MOST_PARTIES]) + (f" and {more} more" if more > 0 else "") or None

    @display(description="amount")
    def stated_amounts(self, commitment):
        """The amounts as their sources state them: those promised, then those of steps, each after the name of its step.

        Conversions are left out. Amounts of several currencies and units have no order, so the column is not sorted by.
        """
        steps = {milestone.pk: milestone for milestone in commitment.milestones.all()}
        measures = [measure for measure in commitment.measures.all() if measure.conversion_of_id is None]
        measures.sort(key=lambda measure: (measure.milestone_id is not None, measure.pk))
        lines = [_amount_line(measure, steps.get(measure.milestone_id)) for measure in measures[:MOST_AMOUNTS]]
        if more := len(measures) - MOST_AMOUNTS if len(measures) > MOST_AMOUNTS else 0:
            lines.append(format_html("and {} more", more))
        return format_html_join("", '<span class="amount">{}</span>', ((line,) for line in lines)) or None

    @display(description="announced", ordering=DatedFirst(first_announcement_day()))
    def announced_day(self, commitment):
        """The date of the earliest announcement that is dated."""
        announced = [row for row in commitment.milestones.all() if row.stage == Stage.ANNOUNCED and row.date]
        return format_list_date(min(announced, key=lambda row: row.sort_day).date) if announced else None

    @display(description="stage")
    def stage_badge(self, commitment):
        stage = commitment.stage
        return badge_of_exception(stage, dict(REACHED_STAGES)[stage], STAGE_COLOURS) if stage else None

    @display(description="due", ordering=DatedFirst(F("due_latest")))
    def due_badge(self, commitment):
        if not commitment.due:
            return None
        due = format_list_date(commitment.due)
        badge = coloured_badge("overdue", "overdue", {"overdue": "danger"})
        return format_html("{} {}", due, badge) if commitment.is_overdue(today_utc()) else due


def _amount_line(measure, step) -> str:
    amount = [measure.qualifier, measure.value, measure.upper, measure.currency or measure.unit]
    exact = f"{format_amount(*amount, exact=True)} (in the source's words: {measure.as_stated})"
    label = f"{step.get_stage_display()}: " if step else ""
    return format_html('<span title="{}">{}{}</span>', exact, label, format_amount(*amount))
