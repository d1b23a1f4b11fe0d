"""What templates ask for of a person's place at the desk."""

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
    """The time since then, in its largest unit: "3 days", "less than a minute"."""
    told = timesince(since, depth=1)
    return "less than a minute" if told.startswith("0") else told


@register.simple_tag
def saved_filters_of_list(request: HttpRequest, cl: ChangeList) -> dict[str, Any]:
    """What somebody has saved of this list, which of it they look at now, and the query that could be saved."""
    label = cl.opts.label_lower.replace(".", "_")
    query = query_to_save(request.GET)
    return {"list": label, "query": query, "saved": [(one, one.query == query) for one in own_saved_filters(request, label)]}
