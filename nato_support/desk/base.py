"""What every page of the admin is made of. Unfold hides behind these classes."""

from typing import Any

from django.contrib.admin import ShowFacets
from django.db import models
from django.forms import ModelForm
from django.template.loader import render_to_string
from django.utils.html import format_html
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from entities.untrusted import row_keys
from entities.vocabulary import Status
from nato_support.desk.records.concurrency import ConcurrentEditMixin
from nato_support.desk.records.history_pages import ChildHistoryMixin, HistoryPagesMixin
from nato_support.desk.records.record_lists import BoundedPaginator, RecordChangeList, UncountedPaginator
from nato_support.desk.records.row_autocomplete import RowAutocomplete, RowAutocompleteMultiple
from nato_support.desk.records.ticked_rows import TickedRowsMixin
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review.queues import unpublished_state_labels

STATUS_COLOURS = {Status.DRAFT: "info", Status.IN_REVIEW: "warning", Status.PUBLISHED: "success", Status.WITHDRAWN: "danger"}


class WidgetDefaultsMixin:
    """How fields are filled in everywhere: keys are typed into, prose grows with its text, short codes are narrow."""

    opts: Any
    admin_site: Any
    formfield_overrides = {models.TextField: {"widget": UnfoldAdminExpandableTextareaWidget}}

    def get_autocomplete_fields(self, request):
        # Never a list of thousands to pick from.
        fields = (*self.opts.fields, *self.opts.many_to_many)
        return [field.name for field in fields if field.remote_field and field.editable and not is_parent_link(field)]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        widget = self._pick_widget(db_field, request, RowAutocomplete)
        return super().formfield_for_foreignkey(db_field, request, **widget | kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        widget = self._pick_widget(db_field, request, RowAutocompleteMultiple)
        return super().formfield_for_manytomany(db_field, request, **widget | kwargs)

    def _pick_widget(self, db_field, request, widget) -> dict:
        by_typing = db_field.name in self.get_autocomplete_fields(request)
        return {"widget": widget(db_field, self.admin_site)} if by_typing else {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and not db_field.choices and 0 < (getattr(db_field, "max_length", None) or 0) <= 12:
            field.widget.attrs["style"] = "max-width: 9rem"
        return field


def coloured_badge(value: str, label: str, colours: dict) -> str:
    """A coloured label for `value`."""
    return render_to_string("unfold/helpers/label.html", {"text": label, "type": colours.get(value)})


def is_parent_link(field: models.Field) -> bool:
    return bool(getattr(field.remote_field, "parent_link", False))


class RegisterAdmin(TickedRowsMixin, ConcurrentEditMixin, WidgetDefaultsMixin, ModelAdmin):
    """A list and a form as everywhere in the register."""

    paginator = BoundedPaginator
    list_per_page = 50
    list_select_related: tuple[str, ...] = ()
    list_prefetch_related: tuple = ()
    list_annotations: dict = {}
    list_filter_submit = True
    # An action is for rows that somebody has seen, not for all that match.
    list_disable_select_all = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    empty_value_display = "–"
    warn_unsaved_form = True
    list_before_template = "desk/list_bars.html"
    compressed_fields = False

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def get_paginator(self, request, *args, **kwargs):
        suggests = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        return UncountedPaginator(*args, **kwargs) if suggests else super().get_paginator(request, *args, **kwargs)

    def attach_row_details(self, rows):
        """Adds to the rows of a page what is found out for all of them at once."""

    def rows(self, queryset):
        """The rows of one page of the list, with all that its columns show."""
        return (
            queryset.order_by()
            .select_related(*self.list_select_related)
            .prefetch_related(*self.list_prefetch_related)
            .annotate(**self.list_annotations)
        )


class ReadOnlyAdmin(RegisterAdmin):
    """Rows that are looked at and written elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ChildAdmin(ChildHistoryMixin, RegisterAdmin):
    """The list over all parts of one sort; editors mostly meet them on the page of their record."""

    change_form_outer_before_template = "desk/dashboard/presence.html"

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def delete_queryset(self, request, queryset):
        # Deleting in bulk would leave the version of the records as it was.
        for part in queryset:
            part.delete()


class StatusColumnMixin:
    """What lists and pages show of every record."""

    def attach_row_details(self, rows):
        """Finds out, for the rows of a page at once, which have changes that are not public, and which are in review."""
        told = unpublished_state_labels(rows)
        for row in rows:
            row.unpublished = told.get((public_kind(row), row.pk), "")

    @display(description="status", ordering="status")
    def status_badge(self, record):
        status, more = record.get_status_display(), getattr(record, "unpublished", "")
        # Its colour is that of what is still to be done.
        colours = STATUS_COLOURS | ({record.status: "warning"} if more else {})
        return coloured_badge(record.status, f"{status} · {more}" if more and more != status else status, colours)

    @display(description="updated", ordering="updated_at")
    def updated(self, record):
        return format_html('<span class="whitespace-nowrap">{}</span>', f"{record.updated_at:%Y-%m-%d}")


class CuratedAdmin(StatusColumnMixin, HistoryPagesMixin, RegisterAdmin):
    """The page of a record that has a status, a version and a history."""

    search_help_text = "Words of its name, another name, an identifier or the start of its public id"
    record_fieldset = ("Record", {"fields": (("status_badge", "version", "created_at", "updated_at"),)})
    readonly_fields = ("status_badge", "version", "created_at", "updated_at")
    ordering = ("-pk",)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, self.record_fieldset] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        # The public id is an address that others hold: once public it stays.
        fixed = ("slug",) if obj and is_or_was_public(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_inlines(self, request, obj):
        # Evidence and relations need something to be about: they are given once the record is there.
        inlines: Any = super().get_inlines(request, obj)
        return inlines if obj else [inline for inline in inlines if not inline.needs_record]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def has_delete_permission(self, request, obj=None):
        # What was once public is withdrawn, so that its address still answers.
        return super().has_delete_permission(request, obj) and not (obj and is_or_was_public(obj))

    def save_model(self, request, obj, form, change):
        if change and not form.has_changed():
            # Pressing Save is no change: the version stays, and nobody else's page grows old by it.
            return
        if change:
            keep_uneditable_fields(obj)
        super().save_model(request, obj, form, change)


def is_or_was_public(record) -> bool:
    """Whether the record is or was public."""
    return record.status in (Status.PUBLISHED, Status.WITHDRAWN)


def keep_uneditable_fields(record: models.Model):
    """Status, version and the like as they are now: a record restored from its history brings old ones along."""
    fields = [
        field.attname
        for field in record._meta.concrete_fields
        if not (field.editable or field.primary_key or field.generated or is_parent_link(field))
    ]
    for name, value in type(record)._default_manager.filter(pk=record.pk).values(*fields).get().items():
        setattr(record, name, value)


class ChildFormSet(PaginationInlineFormSet):
    """The parts of a record on one page of their tab; `request` is that of the editor."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # The rows that were sent, wherever a row that came or went meanwhile has moved them.
            pk = self.model._meta.pk.name
            number = min(self.initial_form_count(), self.absolute_max)
            sent = [self.data.get(f"{self.add_prefix(at)}-{pk}", "") for at in range(number)]
            self._queryset = self.queryset.filter(pk__in=row_keys(sent))


class ChildInlineMixin(WidgetDefaultsMixin):
    """Parts of a record in a tab of its page."""

    formset = ChildFormSet
    extra = 0
    tab = True
    show_count = True
    per_page = 20
    # Whether the tab waits for its record to be saved.
    needs_record = False


class TabularChildInline(ChildInlineMixin, TabularInline):
    hide_title = True


class StackedChildInline(ChildInlineMixin, StackedInline):
    per_page = 10


class GeneratedKeyForm(ModelForm):
    """The form of a part whose key is made when it is saved, if it is left empty."""

    def clean_key(self):
        # None, unlike an empty text, is never taken for a duplicate of another new part.
        return self.cleaned_data["key"] or None
