from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, When
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from nato_support.desk.base import CuratedAdmin, TabularChildInline
from nato_support.desk.evidence.capture_views import CaptureViewsMixin
from nato_support.desk.evidence.count_annotations import quote_count_annotation
from nato_support.desk.evidence.intake_views import IntakeViewsMixin
from nato_support.desk.quote import QuoteColumnsMixin
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter, exact_match_filter
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin
from sources import fingerprint
from sources.models import SourceDocument, SourceQuote
from sources.verification import attach_text


class DocumentForm(forms.ModelForm):
    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        known = self.instance.sha256
        if text and known and fingerprint.text_hash(text) != known:
            raise forms.ValidationError(
                "This is not the text that the quotes were taken from: its hash differs. See “Replace the text”."
            )
        return text


class DocumentQuotesInline(QuoteColumnsMixin, TabularChildInline):
    """The passages marked in the document; each is edited on its own page."""

    model = SourceQuote
    fields = readonly_fields = ("linked_passage", "kind", "said_by", "start", "checked", "status_badge")
    ordering = ("start", "end")
    can_delete = False
    verbose_name_plural = "quotes"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("speaker")

    @display(description="passage")
    def linked_passage(self, quote):
        return format_html('<a href="{}">“{}”</a>', reverse("admin:sources_sourcequote_change", args=[quote.pk]), quote)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(SourceDocument)
class DocumentAdmin(SpreadsheetMixin, CaptureViewsMixin, IntakeViewsMixin, PublishActionsMixin, CuratedAdmin):
    form = DocumentForm
    actions_detail = ("to_desk", "retext")
    change_form_outer_before_template = "desk/evidence/intake_bar.html"
    list_display = ("title", "status_badge", "publisher", "published_on", "language", "quotes_counted", "at_desk", "updated")
    list_filter = (
        StatusFilter,
        ("publisher", AutocompleteSelectFilter),
        date_range_filter("published_on_earliest", "published"),
        exact_match_filter("language"),
    )
    list_select_related = ("publisher",)
    list_annotations = {"quote_count": quote_count_annotation(), "held": Case(When(text="", then=False), default=True)}
    search_fields = ("title", "slug", "url")
    search_help_text = "Words of the headline, the public id or the address"
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = (*CuratedAdmin.readonly_fields, "text_link", "sha256")
    inlines = (DocumentQuotesInline,)
    fieldsets = (
        ("What it is", {"fields": ("title", "slug", "publisher", "authors", ("language", "translated_from"), "rights")}),
        ("When", {"fields": (("published_on", "updated_on", "retrieved_on"), "dating")}),
        ("Where", {"fields": ("url", "archived_url")}),
    )

    def get_fieldsets(self, request, obj=None):
        held = obj is not None and bool(obj.text)
        # A text that quotes were taken from is read, never retyped. It is private to those who work on it.
        private = [("Text", {"fields": ("text_link" if held else "text", "sha256")})] if self.may_read_text(request, obj) else []
        *what, record = super().get_fieldsets(request, obj) if obj else (*super().get_fieldsets(request), None)
        return [*what, *private, *([record] if record else [])]

    def lookup_allowed(self, lookup, value, request):
        # A list narrowed by a text, letter by letter, would tell it.
        private = lookup.split("__")[0] == "text"
        return super().lookup_allowed(lookup, value, request) and (not private or self.may_read_text(request))

    def may_read_text(self, request, document=None) -> bool:
        return self.has_change_permission(request, document) or (document is None and self.has_add_permission(request))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text":
            field.strip = False
        return field

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "text" in form.changed_data and obj.text:
            for quote, finding in attach_text(obj, obj.text):
                self.message_user(request, f"Quote {quote.slug} {finding.explanation}.", messages.WARNING)

    def rows(self, queryset):
        return super().rows(queryset).defer("fingerprint", "text")

    @display(description="text")
    def text_link(self, document):
        desk = reverse("admin:sources_sourcedocument_read", args=[document.pk])
        return format_html(
            '<a class="underline" href="{}">Read it at the desk</a>, {} characters', desk, f"{len(document.text):,}"
        )

    @display(description="quotes")
    def quotes_counted(self, document):
        return document.quote_count

    @display(description="desk")
    def at_desk(self, document):
        desk = reverse("admin:sources_sourcedocument_read", args=[document.pk])
        return format_html(
            '<a class="underline whitespace-nowrap" href="{}">{}</a>', desk, "Read" if document.held else "Passages"
        )
