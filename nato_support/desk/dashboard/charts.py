"""Charts of the dashboard, each with a table of its numbers; the database does all the counting."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import Coalesce, TruncWeek
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst

from entities.models import Change
from entities.vocabulary import Action, Kind, Polarity, Status
from nato_support.desk.dashboard.global_search import visible_kinds
from nato_support.publishing.rendering import model_for_kind
from sources.models import Citation

WEEKS_SHOWN = 26
MANY_PUBLISHERS = 4
"""Fields with at least this many publishers share a series."""


@dataclass(slots=True)
class Chart:
    """Stacked columns: in each series one number per label."""

    name: str
    title: str
    description: str
    labels: list[str]
    series: dict[str, list[int]] = field(default_factory=dict)
    shares: bool = False
    """Draw the columns as percentages."""

    @property
    def data_id(self) -> str:
        """Id of the script element with the data."""
        return f"data-{self.name}"

    @property
    def plot_data(self) -> dict[str, Any]:
        """Data for charts.js."""
        series = [{"label": label, "data": data} for label, data in self.series.items()]
        return {"labels": self.labels, "series": series, "shares": self.shares}

    @property
    def rows(self) -> list[tuple[str, list[int], int]]:
        """Rows of the table: label, numbers, sum."""
        columns = list(zip(*self.series.values(), strict=True)) if self.series else []
        return [(label, list(row), sum(row)) for label, row in zip(self.labels, columns, strict=False)]


def charts_view(request: HttpRequest) -> HttpResponse:
    """Render the charts that the user may see, as a fragment."""
    seen = visible_kinds(request.user)
    if "commitment" not in seen:
        raise PermissionDenied
    charts = []
    if request.user.has_perm("sources.view_citation"):
        charts.append(evidence_chart(seen))
    charts.append(activity_chart())
    return TemplateResponse(request, "desk/dashboard/charts.html", {"charts": charts})


def evidence_chart(kinds_seen: list[str]) -> Chart:
    """Count the cited fields of published records by the number of publishers that affirm a value of them."""
    counts: dict[tuple[str, int], int] = defaultdict(int)
    affirming = Citation.objects.order_by().filter(polarity=Polarity.AFFIRMS)
    if set(Kind.values) & set(kinds_seen):
        entities = affirming.filter(entity__status=Status.PUBLISHED, entity__kind__in=kinds_seen)
        for kind, publishers, number in _count_fields_by_publishers(entities, "entity__kind", "entity"):
            counts[kind, min(publishers, MANY_PUBLISHERS)] += number
    if "relation" in kinds_seen:
        relations = affirming.filter(relation__status=Status.PUBLISHED)
        for _, publishers, number in _count_fields_by_publishers(relations, "relation__status", "relation"):
            counts["relation", min(publishers, MANY_PUBLISHERS)] += number
    kinds = [kind for kind in (*Kind.values, "relation") if any(counts[kind, n] for n in range(1, MANY_PUBLISHERS + 1))]
    names = {1: "One publisher", 2: "Two", 3: "Three", MANY_PUBLISHERS: "Four or more"}
    series = {name: [counts[kind, n] for kind in kinds] for n, name in names.items()}
    description = (
        "Cited fields of published records, by the number of publishers that affirm a value."
        " Fields without evidence are under Coverage."
    )
    labels = [capfirst(str(model_for_kind(kind)._meta.verbose_name_plural)) for kind in kinds]
    return Chart(
        "evidence", "Evidence coverage", description, labels, {n: row for n, row in series.items() if any(row)}, shares=True
    )


def _count_fields_by_publishers(citations, kind_column: str, record_column: str) -> list[tuple[str, int, int]]:
    """Return (kind, publishers, number of fields) of the citations `rows`."""
    fields = citations.annotate(sort=F(kind_column)).values("sort", record_column, "field")
    # A document of unknown publisher counts as a publisher of its own.
    publisher = Coalesce("quote__document__publisher", -F("quote__document"))
    sql, parameters = fields.annotate(publishers=Count(publisher, distinct=True)).query.sql_with_params()
    with connection.cursor() as cursor:
        # Only the totals of half a million fields leave the database.
        cursor.execute(f"SELECT sort, publishers, COUNT(*) FROM ({sql}) AS fields GROUP BY sort, publishers", parameters)
        return cursor.fetchall()


def activity_chart() -> Chart:
    """Count the changes of each week by what was done."""
    this_week = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    weeks = [this_week - timedelta(weeks=n) for n in reversed(range(WEEKS_SHOWN))]
    rows = Change.objects.order_by().filter(changed_at__date__gte=weeks[0])
    numbers: dict[tuple[date, str], int] = {}
    for week, action, number in rows.annotate(week=TruncWeek("changed_at")).values_list("week", "action").annotate(Count("pk")):
        numbers[week.date(), action] = number
    series = {capfirst(action.label): [numbers.get((week, action.value), 0) for week in weeks] for action in Action}
    description = f"Changes of the last {WEEKS_SHOWN} weeks by action; each week is labelled by its Monday."
    labels = [f"{week:%Y-%m-%d}" for week in weeks]
    return Chart("activity", "Activity", description, labels, {label: row for label, row in series.items() if any(row)})
