"""Template tags of the lists of records."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from django import template
from django.template import Context

from nato_support.desk.dashboard.list_columns import column_choices, column_name, hidden_columns
from nato_support.desk.records.active_filters import active_filters

register = template.Library()


@register.simple_tag(takes_context=True)
def active_filters_of_list(context: Context, cl) -> list[dict[str, str]]:
    """Return the filters in force, each with its title, its value and the query of the list without it."""
    return active_filters(context["request"], cl)


@register.simple_tag
def columns_of_list(cl) -> list[dict]:
    """Return the columns that the user may hide."""
    return column_choices(cl.model_admin, _hidden(cl)) if hasattr(cl.model_admin, "list_hidden") else []


@register.simple_tag
def shown_cells(cl, cells: Sequence) -> list[Any]:
    """Return those `cells`, one for each column of the list, whose columns the user sees.

    The list itself keeps all its columns: the order in its address names them by number, for every user the same.
    """
    hidden = _hidden(cl)
    names = [column_name(column) for column in cl.list_display]
    return [cell for cell, name in zip_longest(cells, names) if cell is not None and name not in hidden]


def _hidden(cl) -> set[str]:
    """Return the hidden columns of a list, looked up once a page."""
    if not hasattr(cl.model_admin, "list_hidden"):
        # Users and groups have all their columns.
        return set()
    if not hasattr(cl, "hidden_columns"):
        cl.hidden_columns = hidden_columns(cl.request.user.pk, cl.model_admin)
    return cl.hidden_columns
