"""Template tags and filters of the dashboard."""

from datetime import datetime
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.timesince import timesince

from nato_support.desk.dashboard.saved_filters import own_saved_filters, query_to_save

register = template.Library()


@register.filter
def rough_time_since(since: datetime) -> str:
    """Return the time since `since` in its largest unit: "3 days", "less than a minute"."""
    span = timesince(since, depth=1)
    return "less than a minute" if span.startswith("0") else span


@register.simple_tag
def saved_filters_of_list(request: HttpRequest, cl: ChangeList) -> dict[str, Any]:
    """Return the user's saved views of this list, with whether each is shown now, and the query that could be saved."""
    label = cl.opts.label_lower.replace(".", "_")
    query = query_to_save(request.GET)
    return {
        "list": label,
        "query": query,
        "saved": [(saved_filter, saved_filter.query == query) for saved_filter in own_saved_filters(request, label)],
    }
