"""Base classes of every page of the admin, over those of Unfold."""

from collections.abc import Collection
from typing import Any

from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.db import models
from django.forms import ModelForm
from django.template.loader import render_to_string
from django.utils.html import format_html
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from entities.formatting import format_list_date
from entities.numbers import row_keys
from entities.vocabulary import Status
from nato_support.desk.records.autocomplete_widgets import RowAutocomplete, RowAutocompleteMultiple
from nato_support.desk.records.child_history import ChildHistoryMixin
from nato_support.desk.records.concurrency import ConcurrentEditMixin
from nato_support.desk.records.history_pages import HistoryPagesMixin
from nato_support.desk.records.record_lists import BoundedPaginator, RecordChangeList, UncountedPaginator
from nato_support.desk.records.ticked_key_filter import DropImpossibleTickedKeysMixin
from nato_support.desk.teamwork.assignment_display import AssignedFilter, assignment_html
from nato_support.desk.teamwork.record_uses import REFERENCES, UsedRecordFilter, uses_of_record
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review.queues import unpublished_state_labels
from nato_support.publishing.teamwork.assigning import assignments_of

STATUS_COLOURS = {Status.DRAFT: "info", Status.IN_REVIEW: "warning", Status.WITHDRAWN: "danger"}


class WidgetDefaultsMixin:
    """Widgets for all forms: autocomplete for foreign keys, growing text areas for prose, narrow inputs for short codes."""

    opts: Any
    admin_site: Any
    formfield_overrides = {models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget}}
    always_asked: Collection[str] = ()
    """Choices that start empty although the model has a default, since taking it unseen would claim something."""

    def get_autocomplete_fields(self, request):
        # A select of thousands of options is never rendered.
        fields = (*self.opts.fields, *self.opts.many_to_many)
        return [field.name for field in fields if field.remote_field and field.editable and not is_parent_link(field)]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        widget = self._pick_widget(db_field, request, RowAutocomplete)
        return super().formfield_for_foreignkey(db_field, request, **widget | kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        widget = self._pick_widget(db_field, request, RowAutocompleteMultiple)
        return super().formfield_for_manytomany(db_field, request, **widget | kwargs)

    def _pick_widget(self, db_field, request, widget) -> dict:
        is_autocomplete = db_field.name in self.get_autocomplete_fields(request)
        return {"widget": widget(db_field, self.admin_site)} if is_autocomplete else {}

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        # A new record starts without answers: a browser takes the first choice where there is no empty one.
        if db_field.name in self.always_asked:
            kwargs["initial"] = ""
        if not db_field.has_default() or db_field.name in self.always_asked:
            kwargs.setdefault("choices", db_field.get_choices(include_blank=True, blank_choice=[("", "choose")]))
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and not db_field.choices and 0 < (getattr(db_field, "max_length", None) or 0) <= 12:
            field.widget.attrs["style"] = "max-width: 9rem"
        return field


def coloured_badge(value: str, label: str, colours: dict) -> str:
    """Return HTML of `label` as a badge, in the colour that `colours` gives for `value`."""
    return render_to_string("unfold/helpers/label.html", {"text": label, "type": colours.get(value)})


def badge_of_exception(value: str, label: str, colours: dict) -> str:
    """Return `label` as a badge if `colours` has one for `value`, else as plain text, so that exceptions stand out."""
    return coloured_badge(value, label, colours) if value in colours else label


def is_parent_link(field: models.Field) -> bool:
    """Return whether `field` is the link from a kind of entity to its base row."""
    return bool(getattr(field.remote_field, "parent_link", False))


class RegisterAdmin(DropImpossibleTickedKeysMixin, ConcurrentEditMixin, WidgetDefaultsMixin, ModelAdmin):
    """Base of all model admins: bounded pagination, merged concurrent edits and the register's widgets."""

    paginator = BoundedPaginator
    list_per_page = 50
    list_select_related: tuple[str, ...] = ()
    list_prefetch_related: tuple = ()
    list_annotations: dict = {}
    list_filter_submit = True
    # Columns that are shown only to users who choose them.
    list_hidden: tuple[str, ...] = ()
    # An action applies to rows that were on the screen, not to everything that matches.
    list_disable_select_all = True
    show_full_result_count = False
    show_facets = ShowFacets.ALLOW
    empty_value_display = "–"
    warn_unsaved_form = True
    list_before_template = "desk/list_bars.html"
    compressed_fields = False

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def get_paginator(self, request, *args, **kwargs):
        is_autocomplete = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        return UncountedPaginator(*args, **kwargs) if is_autocomplete else super().get_paginator(request, *args, **kwargs)

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return (*filters, UsedRecordFilter) if self.model in REFERENCES else filters

    def attach_row_details(self, rows):
        """Set on the rows of one page whatever takes a query for all of them at once."""

    def rows_for_list(self, queryset):
        """Return the rows of one page of the list, with everything that its columns show."""
        return (
            queryset.order_by()
            .select_related(*self.list_select_related)
            .prefetch_related(*self.list_prefetch_related)
            .annotate(**self.list_annotations)
        )


class ReadOnlyAdmin(RegisterAdmin):
    """Base for rows that can be viewed here and are written elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ChildAdmin(ChildHistoryMixin, RegisterAdmin):
    """List across all child rows of one model; editors usually edit them on the page of the parent record."""

    change_form_outer_before_template = "desk/dashboard/presence.html"

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def delete_queryset(self, request, queryset):
        # A bulk deletion would not raise the version of the parent records.
        for child in queryset:
            child.delete()


def date_column(name: str):
    """Return a column that shows the partial date `name` of a row as lists write dates."""

    @display(description=name.replace("_", " "), ordering=name)
    def column(row):
        return format_list_date(getattr(row, name)) or None

    column.__name__ = name
    return column


class StatusColumnMixin:
    """Columns that the lists and pages of all records share."""

    def attach_row_details(self, rows):
        """Set on each row `unpublished`, a label if it has unpublished changes or is in review, else '', and `assignment`."""
        labels, assignments = unpublished_state_labels(rows), assignments_of(rows)
        for row in rows:
            row.unpublished = labels.get((public_kind(row), row.pk), "")
            row.assignment = assignments.get((public_kind(row), row.pk))

    @display(description="status", ordering="status")
    def status_badge(self, record):
        status, unpublished = record.get_status_display(), getattr(record, "unpublished", "")
        label = f"{status} · {unpublished}" if unpublished and unpublished != status else status
        # The colour is that of the work still to be done.
        badge = badge_of_exception(record.status, label, STATUS_COLOURS | ({record.status: "warning"} if unpublished else {}))
        assignment = assignment_html(getattr(record, "assignment", None))
        return format_html("{}{}", badge or "", assignment) if assignment else badge

    @display(description="updated", ordering="updated_at")
    def updated_day(self, record):
        return f"{record.updated_at:%Y-%m-%d}"


class CuratedAdmin(StatusColumnMixin, HistoryPagesMixin, RegisterAdmin):
    """Page of a record that has a status, a version and a history."""

    search_help_text = "Search by name, other name, identifier or the start of the public id"
    record_fieldset = ("Record", {"fields": (("status_badge", "version", "created_at", "updated_at"),)})
    readonly_fields = ("status_badge", "version", "created_at", "updated_at")
    ordering = ("-pk",)

    def get_list_filter(self, request):
        return (*super().get_list_filter(request), AssignedFilter)

    def delete_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        uses = {"uses": uses_of_record(record, request.user)} if record is not None else {}
        return super().delete_view(request, object_id, {**(extra_context or {}), **uses})

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, self.record_fieldset] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        # Others link to the public id: once published it never changes.
        fixed = ("slug",) if obj and is_or_was_public(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_inlines(self, request, obj):
        # Evidence and relations point at the record, so they wait until it has been saved.
        inlines: Any = super().get_inlines(request, obj)
        return inlines if obj else [inline for inline in inlines if not inline.needs_record]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def has_delete_permission(self, request, obj=None):
        # A record that was ever public is withdrawn instead, so that its address still answers.
        return super().has_delete_permission(request, obj) and not (obj and is_or_was_public(obj))

    def save_model(self, request, obj, form, change):
        if change and not form.has_changed():
            # Saving an unchanged form keeps the version, so that nobody else's open page becomes stale.
            return
        if change:
            reset_uneditable_fields(obj)
        super().save_model(request, obj, form, change)


def is_or_was_public(record) -> bool:
    """Return whether the public can see the record now, or could before it was withdrawn."""
    return record.status in (Status.PUBLISHED, Status.WITHDRAWN)


def reset_uneditable_fields(record: models.Model):
    """Reset status, version and the like to the stored values: a record restored from its history carries old ones."""
    fields = [
        field.attname
        for field in record._meta.concrete_fields
        if not (field.editable or field.primary_key or field.generated or is_parent_link(field))
    ]
    for name, value in type(record)._default_manager.filter(pk=record.pk).values(*fields).get().items():
        setattr(record, name, value)


class ChildFormSet(PaginationInlineFormSet):
    """Child rows of a record, one page of them; `request` is the editor's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # The posted rows, even if rows added or removed meanwhile have moved them to another page.
            pk = self.model._meta.pk.name
            form_count = min(self.initial_form_count(), self.absolute_max)
            posted_keys = [self.data.get(f"{self.add_prefix(index)}-{pk}", "") for index in range(form_count)]
            self._queryset = self.queryset.filter(pk__in=row_keys(posted_keys))


class ChildInlineMixin(WidgetDefaultsMixin):
    """Child rows of a record in a tab of its page."""

    formset = ChildFormSet
    extra = 0
    tab = True
    show_count = True
    per_page = 20
    # The tab is hidden until the record has been saved.
    needs_record = False


class TabularChildInline(ChildInlineMixin, TabularInline):
    """Child rows as a table."""

    hide_title = True


class StackedChildInline(ChildInlineMixin, StackedInline):
    """Child rows as a column of forms."""

    per_page = 10


class RowTableInline(StackedChildInline):
    """Child rows as a table, each line of which opens to be edited; it needs no script to be read."""

    template = "desk/row_table.html"
    line_template: str
    """Template of the line of `row`, with `form` and `inline`."""
    headings: tuple[str, ...]
    """One for each cell of a line."""
    per_page = 20
    pickers: Any = None
    """What the scripts of the rows need, as JSON."""

    class Media:
        css = {"all": ["desk/row_table.css"]}


class GeneratedKeyForm(ModelForm):
    """Form of a child row whose key is generated on saving if it is left empty."""

    def clean_key(self):
        # Two new rows without a key are no duplicates of each other: None is never equal to None in a constraint.
        return self.cleaned_data["key"] or None
