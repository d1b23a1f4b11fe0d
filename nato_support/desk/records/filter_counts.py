"""Filters of lists whose options tell how many rows each would leave."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, QuerySet
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter

COUNTED_AT_ONCE = 2_000
"""A list of more rows is counted only on demand (`_facets` in its address)."""


class CountedOptionsMixin:
    """Filter of one value per row: its options show the rows that the other filters and the search leave for each."""

    request: Any
    expected_parameters: Callable[[], list[str]]

    def count_options(self, rows: QuerySet) -> dict[str, int]:
        """Return the number of `rows` for each option; options without rows may be left out."""
        raise NotImplementedError

    def get_facet_queryset(self, changelist) -> dict:
        # Django would count each option with a condition of its own, in one query that reads all rows for all of them.
        return {}

    def choices(self, changelist) -> Iterator[dict]:
        counts = self._counts(changelist)
        for choice in super().choices(changelist):
            if counts is not None:
                field = choice["form"].fields[self.expected_parameters()[0]]
                field.choices = [
                    (value, f"{label} ({counts.get(value, 0):,})" if value != "" else label) for value, label in field.choices
                ]
            yield choice

    def _counts(self, changelist) -> dict[str, int] | None:
        """Return the counts; None if the list is too long for them and they were not asked for."""
        parameters = self.expected_parameters()
        is_active = any(changelist.filter_params.get(name) for name in parameters)
        if changelist.queryset.query.is_empty():
            return None
        on_demand = changelist.add_facets
        if not is_active and not on_demand and changelist.result_count > COUNTED_AT_ONCE:
            return None
        rows = changelist.get_queryset(changelist.request, parameters) if is_active else changelist.queryset
        rows = rows.order_by()
        if is_active and not on_demand and rows.values("pk")[: COUNTED_AT_ONCE + 1].count() > COUNTED_AT_ONCE:
            return None
        return self.count_options(rows)


def count_values(rows: QuerySet, column: str) -> Counter:
    """Return how many of `rows` have each value of `column`, by one grouped query."""
    return Counter(dict(rows.order_by().values_list(column).annotate(number=Count("pk")).values_list(column, "number")))


class ChoicesFilter(CountedOptionsMixin, ChoicesDropdownFilter):
    """Filter by a field with choices."""

    field_path: str

    def count_options(self, rows: QuerySet) -> dict[str, int]:
        return count_values(rows, self.field_path)


class OptionsFilter(CountedOptionsMixin, DropdownFilter):
    """Base of filters by options of their own."""
