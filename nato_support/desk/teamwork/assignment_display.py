"""Assignments in lists: the filter, and what a row says."""

from datetime import date

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import DropdownFilter

from entities.vocabulary import Kind
from nato_support.publishing.models.assignments import Assignment
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind
from nato_support.publishing.teamwork.assigning import assigned_records


class AssignedFilter(DropdownFilter):
    """Filter of records by whom they are assigned to."""

    title = "assigned"
    parameter_name = "assigned"

    def lookups(self, request, model_admin):
        return [("me", "to me"), ("anybody", "to anybody"), ("nobody", "to nobody")]

    def queryset(self, request, queryset):
        if self.value() not in ("me", "anybody", "nobody"):
            return queryset
        user = request.user if self.value() == "me" else None
        keys = assigned_records(_kinds_of(queryset.model), user).order_by().values("record")
        return queryset.exclude(pk__in=keys) if self.value() == "nobody" else queryset.filter(pk__in=keys)


def assignment_html(assignment: Assignment | None) -> SafeString | str:
    """Return who works on a record, and by when, for a row of a list; "" if nobody does."""
    if assignment is None:
        return ""
    day = due_day_html(assignment.due_on)
    return format_html('<span class="assigned-to">{}{}</span>', assignment.assignee.get_username(), day)


def due_day_html(due_on: date | None) -> SafeString | str:
    """Return ", by 3 Dec 2026" as HTML, marked if that day is past; "" without a day."""
    if due_on is None:
        return ""
    text = f"{due_on:%-d %b %Y}"
    if due_on < timezone.now().date():
        return format_html(', by {} <b class="is-overdue">overdue</b>', text)
    return format_html(", by {}", text)


def _kinds_of(model) -> list[str]:
    kinds = [kind for kind in PUBLIC_KINDS if model_for_kind(kind) is model]
    # The list across all kinds of entity.
    return kinds or list(Kind.values)
