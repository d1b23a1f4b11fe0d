"""Lists that stay fast with many rows: bounded counts, filters that use an index, and lists that are edited in place."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from unfold.contrib.filters.admin import TextFilter
from unfold.decorators import display
from unfold.views import ChangeList

from entities.dates import PartialDate
from entities.fields import Latest
from entities.models import Entity
from entities.vocabulary import Status
from nato_support.desk.records.concurrency import EditableListMergeMixin
from nato_support.desk.records.filter_counts import OptionsFilter, count_values


class BoundedPaginator(Paginator):
    """Counts at most BOUND rows; beyond that the list has to be filtered."""

    BOUND = 10_000
    template_name = "desk/bounded_pagination.html"
    object_list: QuerySet

    @cached_property
    def _bounded_count(self) -> int:
        return self.object_list.order_by()[: self.BOUND + 1].count()

    @property
    def count(self) -> int:
        return min(self._bounded_count, self.BOUND)

    @property
    def exceeded(self) -> bool:
        return self._bounded_count > self.BOUND


class UncountedPage(Page):
    """Page that fetches one row more to know whether another page follows."""

    def __init__(self, rows: list, number: int, paginator: Paginator):
        self._more = len(rows) > paginator.per_page
        super().__init__(rows[: paginator.per_page], number, paginator)

    def has_next(self):
        return self._more


class UncountedPaginator(Paginator):
    """Pages of suggestions, whose total nobody needs."""

    def page(self, number):
        start = (number - 1) * self.per_page
        return UncountedPage(list(self.object_list[start : start + self.per_page + 1]), number, self)


class RecordChangeList(ChangeList):
    """Fetches the keys of a page first and its rows afterwards, so that sorting reads keys alone."""

    result_list: Any

    def __init__(self, request, *args, **kwargs):
        # Filters count their options when the page is rendered.
        self.request = request
        super().__init__(request, *args, **kwargs)

    def get_results(self, request):
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            # The heading shows the total beside the matches only if the list is filtered.
            self.full_result_count = self.result_count
        keys = list(self.result_list.values_list("pk", flat=True))
        rows = self.model_admin.rows_for_list(self.root_queryset).in_bulk(keys)
        self.result_list = [rows[key] for key in keys if key in rows]
        self.model_admin.attach_row_details(self.result_list)


FEW_ROWS = 2_000


class StatusFilter(OptionsFilter):
    """Filter by status."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return filter_by_status(queryset, self.value()) if self.value() else queryset

    def count_options(self, rows):
        return count_values(rows, "status")


def filter_by_status(queryset: QuerySet, status: str) -> QuerySet:
    """Return the rows in `status`. A kind has its status in the base table, which an ordinary filter would scan."""
    kind = getattr(queryset.model, "KIND", None)
    if kind is None:
        return queryset.filter(status=status)
    base = Entity.objects.order_by().filter(kind=kind, status=status).values("pk")
    # Few rows are fetched by key; with many, scanning in order soon fills the first page.
    are_few = base[:FEW_ROWS].count() < FEW_ROWS
    return queryset.filter(pk__in=base) if are_few else queryset.filter(Exists(base.filter(pk=OuterRef("pk"))))


def exact_match_filter(column: str) -> type[TextFilter]:
    """Return a filter by a typed code; a list of all codes in use would have to read the whole table."""

    class ExactMatchFilter(TextFilter):
        title = column.replace("_", " ")
        parameter_name = column

        def queryset(self, request, queryset):
            return queryset.filter(**{f"{column}__iexact": self.value().strip()}) if self.value() else queryset

    return ExactMatchFilter


def date_range_filter(column: str, title: str) -> type[TextFilter]:
    """Return a filter by a typed date: rows whose date begins within it, or ends within it if it is open to the past.

    `column` holds the first day of the date, such as start_earliest.
    """
    field = column.removesuffix("_earliest")

    class DateRangeFilter(TextFilter):
        parameter_name = column

        def queryset(self, request, queryset):
            if not self.value():
                return queryset
            time = parse_typed_date(request, self.value())
            if time is None:
                return queryset.none()
            begins_within = Q(**{f"{column}__range": time.bounds})
            ends_within = Q(**{f"{column}__isnull": True, "last_day__range": time.bounds})
            return queryset.alias(last_day=Latest(field)).filter(begins_within | ends_within)

    DateRangeFilter.title = title
    return DateRangeFilter


def parse_typed_date(request, text: str) -> PartialDate | None:
    """Return the date typed into a filter; None, with a message on the page, if it is not one."""
    try:
        return PartialDate.parse(text.strip())
    except ValueError as error:
        messages.error(request, str(error))
        return None


# Lists that are edited in place


class EditableRowFormSetMixin:
    """Row forms of a list: each cell has an accessible name, and constraints are checked on the whole row."""

    queryset: Any
    form: Any

    def get_queryset(self):
        # The rows of the list have been fetched already.
        return self.queryset if isinstance(self.queryset, list) else super().get_queryset()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk is None:
            return
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                # The column heading alone does not name a cell, so the record is added.
                name = f"{capfirst(field.label)} of {form.instance.parent}, row {index + 1}"
                field.widget.attrs |= {"aria-label": name, "data-cell": field.label, "title": ""}

    def clean(self):
        super().clean()
        for form in self.forms:
            if form.is_valid() and form.has_changed():
                try:
                    # Django skips constraints on columns that the form lacks.
                    form.instance.validate_constraints()
                except ValidationError as error:
                    form.add_error(None, error.messages)


class EditableListMixin(EditableListMergeMixin):
    """List of child rows whose cells are fields for those who may change them; edits are merged with others' changes."""

    list_display_links = None

    def get_changelist_formset(self, request, **kwargs):
        formset = super().get_changelist_formset(request, **kwargs)
        return type(formset.__name__, (EditableRowFormSetMixin, formset), {})

    def _get_list_editable_queryset(self, request, prefix):
        return self.rows_for_list(super()._get_list_editable_queryset(request, prefix))

    @display(description="record")
    def record_link(self, child):
        """Return the record that the row belongs to, as the heading of the row."""
        whole = child.parent
        page = reverse(f"admin:entities_{whole.kind}_change", args=[whole.pk])
        return format_html('<a href="{}" class="font-medium hover:underline">{}</a>', page, whole)

    @display(description="open")
    def open_row_link(self, child):
        """Return a link to the page of the row itself."""
        page = reverse(f"admin:entities_{child._meta.model_name}_change", args=[child.pk])
        return format_html(
            '<a href="{}" class="underline" aria-label="Open {} “{}”">Open</a>', page, child._meta.verbose_name, child
        )
