"""What the register holds, in numbers worth looking at. Each chart is also a table; all are counted by the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count, F, Min, OuterRef, Subquery, TextChoices
from django.db.models.functions import Coalesce, Substr, TruncWeek
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from entities.models import Change, Commitment, Milestone
from entities.vocabulary import Action, CommitmentCategory, Kind, Stage, Stance, Status
from nato_support.desk.dashboard.global_search import visible_kinds
from nato_support.publishing.rendering import model_for_kind
from sources.models import Citation

PERIODS_SHOWN = 12
"""So many half-years, the newest; what is earlier is told together."""
WEEKS_SHOWN = 26
MANY_PUBLISHERS = 4
"""Fields with so many publishers or more count as one sort."""


@dataclass(slots=True)
class Chart:
    """Columns stacked by series: one number for each label in each."""

    name: str
    title: str
    about: str
    labels: list[str]
    series: dict[str, list[int]] = field(default_factory=dict)
    shares: bool = False
    """Whether the columns are drawn as parts of a whole."""

    @property
    def data_id(self) -> str:
        return f"data-{self.name}"

    @property
    def plot_data(self) -> dict[str, Any]:
        series = [{"label": label, "data": data} for label, data in self.series.items()]
        return {"labels": self.labels, "series": series, "shares": self.shares}

    @property
    def rows(self) -> list[tuple[str, list[int], int]]:
        columns = list(zip(*self.series.values(), strict=True)) if self.series else []
        return [(label, list(row), sum(row)) for label, row in zip(self.labels, columns, strict=False)]


def charts_view(request: HttpRequest) -> HttpResponse:
    """The charts that whoever asks may see, as a part of a page."""
    seen = visible_kinds(request.user)
    if "commitment" not in seen:
        raise PermissionDenied
    charts = [commitments_chart(), milestones_chart()]
    if request.user.has_perm("sources.view_citation"):
        charts.append(evidence_chart(seen))
    charts.append(activity_chart())
    return TemplateResponse(request, "desk/dashboard/charts.html", {"charts": charts})


def commitments_chart() -> Chart:
    """Commitments by category and the half-year of their first step, or else of their announcement."""
    first = Milestone.objects.filter(commitment=OuterRef("pk")).order_by().values("commitment")
    begun = Coalesce(Subquery(first.annotate(day=Min("date_earliest")).values("day")), "announced_at__start_earliest")
    rows = Commitment.objects.order_by().exclude(status=Status.WITHDRAWN).filter(merged_into=None)
    counted = rows.annotate(month=Substr(begun, 1, 7)).values_list("month", "category").annotate(Count("pk"))
    about = "By category and half-year of the first dated step, or of the event at which they were announced."
    return _chart_over_time("commitments", "Commitments over time", about, counted, CommitmentCategory)


def milestones_chart() -> Chart:
    """The steps that commitments took, by stage and half-year."""
    rows = Milestone.objects.order_by().exclude(commitment__status=Status.WITHDRAWN).filter(commitment__merged_into=None)
    counted = rows.annotate(month=Substr("date_earliest", 1, 7)).values_list("month", "stage").annotate(Count("pk"))
    about = "By stage reached and half-year: what was announced, and what came of it."
    return _chart_over_time("steps", "Steps of commitments over time", about, counted, Stage)


def _chart_over_time(
    name: str, title: str, about: str, counted: Iterable[tuple[str | None, str, int]], sorts: type[TextChoices]
) -> Chart:
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for month, sort, number in counted:
        numbers[_half_year(month), sort] += number
    dated = sorted({period for period, _ in numbers if period})
    kept, earlier = dated[-PERIODS_SHOWN:], dated[:-PERIODS_SHOWN]
    columns = [("earlier", earlier)] if earlier else []
    columns += [(period, [period]) for period in kept]
    if any(not period for period, _ in numbers):
        columns.append(("no date", [""]))
    series = {
        capfirst(sort.label): [sum(numbers[period, sort.value] for period in periods) for _, periods in columns] for sort in sorts
    }
    return Chart(name, title, about, [label for label, _ in columns], {label: row for label, row in series.items() if any(row)})


def _half_year(month: str | None) -> str:
    """2024-03 lies in 2024 H1."""
    return f"{month[:4]} H{1 if month[5:7] <= '06' else 2}" if month else ""


def evidence_chart(seen: list[str]) -> Chart:
    """The cited fields of published records, by how many publishers support them."""
    counted: dict[tuple[str, int], int] = defaultdict(int)
    stated = Citation.objects.order_by().filter(stance=Stance.SUPPORTS)
    if set(Kind.values) & set(seen):
        entities = stated.filter(entity__status=Status.PUBLISHED, entity__kind__in=seen)
        for kind, publishers, number in _count_fields_by_publishers(entities, "entity__kind", "entity"):
            counted[kind, min(publishers, MANY_PUBLISHERS)] += number
    if "relation" in seen:
        relations = stated.filter(relation__status=Status.PUBLISHED)
        for _, publishers, number in _count_fields_by_publishers(relations, "relation__status", "relation"):
            counted["relation", min(publishers, MANY_PUBLISHERS)] += number
    kinds = [kind for kind in (*Kind.values, "relation") if any(counted[kind, n] for n in range(1, MANY_PUBLISHERS + 1))]
    names = {1: "One publisher", 2: "Two", 3: "Three", MANY_PUBLISHERS: "Four or more"}
    series = {name: [counted[kind, n] for kind in kinds] for n, name in names.items()}
    about = (
        "Cited fields of published records, by the number of publishers that support them. What lacks evidence is under Coverage."
    )
    labels = [capfirst(str(model_for_kind(kind)._meta.verbose_name_plural)) for kind in kinds]
    return Chart(
        "evidence", "Coverage of evidence", about, labels, {n: row for n, row in series.items() if any(row)}, shares=True
    )


def _count_fields_by_publishers(rows, kind: str, record: str) -> list[tuple[str, int, int]]:
    """(kind, publishers, number of fields): fields that so many publishers support."""
    fields = rows.annotate(sort=F(kind)).values("sort", record, "field")
    # A document whose publisher is not known stands for one of its own.
    publisher = Coalesce("quote__document__publisher", -F("quote__document"))
    sql, parameters = fields.annotate(publishers=Count(publisher, distinct=True)).query.sql_with_params()
    with connection.cursor() as cursor:
        # Of half a million fields only their numbers leave the database.
        cursor.execute(f"SELECT sort, publishers, COUNT(*) FROM ({sql}) AS fields GROUP BY sort, publishers", parameters)
        return cursor.fetchall()


def activity_chart() -> Chart:
    """What was done at the desk, by week."""
    this_week = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    weeks = [this_week - timedelta(weeks=n) for n in reversed(range(WEEKS_SHOWN))]
    rows = Change.objects.order_by().filter(at__date__gte=weeks[0])
    numbers: dict[tuple[date, str], int] = {}
    for week, act, number in rows.annotate(week=TruncWeek("at")).values_list("week", "act").annotate(Count("pk")):
        numbers[week.date(), act] = number
    series = {capfirst(act.label): [numbers.get((week, act.value), 0) for week in weeks] for act in Action}
    about = f"Changes of the last {WEEKS_SHOWN} weeks, by what was done; each week by its Monday."
    labels = [f"{week:%Y-%m-%d}" for week in weeks]
    return Chart("activity", "Activity of the desk", about, labels, {label: row for label, row in series.items() if any(row)})
