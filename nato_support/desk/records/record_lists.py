"""Lists that stay fast on many rows: pages that count no further than they must, and filters that follow an index."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from unfold.contrib.filters.admin import DropdownFilter, TextFilter
from unfold.decorators import display
from unfold.views import ChangeList

from entities.dates import PartialDate
from entities.models import Entity
from entities.vocabulary import Status
from nato_support.desk.records.concurrency import MergingListMixin


class BoundedPaginator(Paginator):
    """Counts no further than BOUND rows; beyond it one narrows the list rather than leafing through it."""

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
    """A page that knows by the row after it whether there is another."""

    def __init__(self, rows: list, number: int, paginator: Paginator):
        self._more = len(rows) > paginator.per_page
        super().__init__(rows[: paginator.per_page], number, paginator)

    def has_next(self):
        return self._more


class UncountedPaginator(Paginator):
    """Pages of suggestions, of which nobody wants the number."""

    def page(self, number):
        start = (number - 1) * self.per_page
        return UncountedPage(list(self.object_list[start : start + self.per_page + 1]), number, self)


class RecordChangeList(ChangeList):
    """Finds the keys of a page first and its rows after, so that a sort carries keys alone."""

    result_list: Any

    def get_results(self, request):
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            # What the head of the page says of narrowed lists has no place on a whole one.
            self.full_result_count = self.result_count
        keys = list(self.result_list.values_list("pk", flat=True))
        rows = self.model_admin.rows_for_list(self.root_queryset).in_bulk(keys)
        self.result_list = [rows[key] for key in keys if key in rows]
        self.model_admin.attach_row_details(self.result_list)


FEW_ROWS = 2_000


class StatusFilter(DropdownFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return filter_by_status(queryset, self.value()) if self.value() else queryset


def filter_by_status(queryset: QuerySet, status: str) -> QuerySet:
    """Rows of `queryset` in `status`. A kind has its status in the base table, which an ordinary filter would scan."""
    kind = getattr(queryset.model, "KIND", None)
    if kind is None:
        return queryset.filter(status=status)
    base = Entity.objects.order_by().filter(kind=kind, status=status).values("pk")
    # Few rows are fetched by their keys; of many the first page is soon found by trying the rows in order.
    few = base[:FEW_ROWS].count() < FEW_ROWS
    return queryset.filter(pk__in=base) if few else queryset.filter(Exists(base.filter(pk=OuterRef("pk"))))


def exact_match_filter(column: str) -> type[TextFilter]:
    """A filter by a code that is typed: a list of all that occur would read the whole table to be offered."""

    class ExactlyFilter(TextFilter):
        title = column.replace("_", " ")
        parameter_name = column

        def queryset(self, request, queryset):
            return queryset.filter(**{f"{column}__iexact": self.value().strip()}) if self.value() else queryset

    return ExactlyFilter


def date_range_filter(column: str, title: str) -> type[TextFilter]:
    """A filter by time, typed as a year, month or day: rows whose bound `column` lies within it."""

    class WithinFilter(TextFilter):
        parameter_name = column

        def queryset(self, request, queryset):
            if not self.value():
                return queryset
            time = typed_time(request, self.value())
            if time is None:
                return queryset.none()
            return queryset.filter(**{f"{column}__range": (time.earliest.isoformat(), time.latest.isoformat())})

    WithinFilter.title = title
    return WithinFilter


def typed_time(request, text: str) -> PartialDate | None:
    """The day, month or year that was typed into a filter; None, with a message on the page, if it is none."""
    try:
        return PartialDate.parse(text.strip())
    except ValueError as error:
        messages.error(request, str(error))
        return None


# Lists that are edited in place


class EditableRowFormSetMixin:
    """The forms of the rows of a list: each cell has a name of its own, and a row is checked as a whole."""

    queryset: Any
    form: Any

    def get_queryset(self):
        # A list shows rows that it has fetched already.
        return self.queryset if isinstance(self.queryset, list) else super().get_queryset()

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk is None:
            return
        for field in form.fields.values():
            if field.label and not field.widget.is_hidden:
                # Its column alone names no cell: the row is told by its record.
                name = f"{capfirst(field.label)} of {form.instance.parent}, row {index + 1}"
                field.widget.attrs |= {"aria-label": name, "data-cell": field.label, "title": ""}

    def clean(self):
        super().clean()
        for form in self.forms:
            if form.is_valid() and form.has_changed():
                try:
                    # The form has some of the columns, and leaves out every rule that is about others too.
                    form.instance.validate_constraints()
                except ValidationError as error:
                    form.add_error(None, error.messages)


class EditableListMixin(MergingListMixin):
    """A list of parts whose cells are fields, for whoever may change them; nobody's change is overwritten unseen."""

    list_display_links = None

    def get_changelist_formset(self, request, **kwargs):
        made = super().get_changelist_formset(request, **kwargs)
        return type(made.__name__, (EditableRowFormSetMixin, made), {})

    def _get_list_editable_queryset(self, request, prefix):
        return self.rows_for_list(super()._get_list_editable_queryset(request, prefix))

    @display(description="record")
    def record_link(self, part):
        """The record that the row belongs to, as the head of the row."""
        whole = part.parent
        page = reverse(f"admin:entities_{whole.kind}_change", args=[whole.pk])
        return format_html('<a href="{}" class="font-medium hover:underline">{}</a>', page, whole)

    @display(description="open")
    def open_row_link(self, part):
        """The page of the row itself."""
        page = reverse(f"admin:entities_{part._meta.model_name}_change", args=[part.pk])
        return format_html(
            '<a href="{}" class="underline" aria-label="Open {} “{}”">Open</a>', page, part._meta.verbose_name, part
        )
