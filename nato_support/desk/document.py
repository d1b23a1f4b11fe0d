"""Page of source documents."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, When
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from nato_support.desk.base import CuratedAdmin, TabularChildInline, date_column
from nato_support.desk.evidence.capture_views import CaptureViewsMixin
from nato_support.desk.evidence.count_annotations import quote_count_annotation
from nato_support.desk.evidence.quotation_display import quotation_share_html
from nato_support.desk.evidence.text_intake_views import TextIntakeViewsMixin
from nato_support.desk.quote import QuoteColumnsMixin
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter, exact_match_filter
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin
from sources import fingerprint
from sources.models import SourceDocument, SourceQuote
from sources.verification import attach_text


class DocumentForm(forms.ModelForm):
    """Form of a document, which never replaces the text that quotes were taken from."""

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        known_hash = self.instance.sha256
        if text and known_hash and fingerprint.text_hash(text) != known_hash:
            raise forms.ValidationError(
                "This is not the text that the quotes were taken from: its hash differs. Use “Replace the text” instead."
            )
        return text


class DocumentQuotesInline(QuoteColumnsMixin, TabularChildInline):
    """Quotes of the document; each is edited on its own page."""

    model = SourceQuote
    fields = readonly_fields = ("passage_link", "kind", "speaker_names", "start", "verification_badge", "status_badge")
    ordering = ("start", "end")
    can_delete = False
    verbose_name_plural = "quotes"

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("speakers")

    @display(description="passage")
    def passage_link(self, quote):
        return format_html('<a href="{}">“{}”</a>', reverse("admin:sources_sourcequote_change", args=[quote.pk]), quote)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(SourceDocument)
class DocumentAdmin(SpreadsheetMixin, CaptureViewsMixin, TextIntakeViewsMixin, PublishActionsMixin, CuratedAdmin):
    form = DocumentForm
    actions_detail = ("to_desk", "replace_document_text")
    change_form_outer_before_template = "desk/evidence/intake_bar.html"
    list_display = (
        "title",
        "status_badge",
        "publisher",
        date_column("published_on"),
        "language",
        "quote_total",
        "desk_link",
        "updated_day",
    )
    list_filter = (
        StatusFilter,
        ("publisher", AutocompleteSelectFilter),
        date_range_filter("published_on_earliest", "published"),
        exact_match_filter("language"),
    )
    list_select_related = ("publisher",)
    list_annotations = {"quote_count": quote_count_annotation(), "has_text": Case(When(text="", then=False), default=True)}
    search_fields = ("title", "slug", "url")
    search_help_text = "Search by headline, public id or web address"
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = (*CuratedAdmin.readonly_fields, "text_link", "sha256", "word_count", "quotation_share")
    inlines = (DocumentQuotesInline,)
    fieldsets = (
        ("Description", {"fields": ("title", "slug", "publisher", "authors", ("language", "translated_from"), "rights")}),
        ("Dates", {"fields": (("published_on", "updated_on", "retrieved_on"), "dating")}),
        ("Web addresses", {"fields": ("url", "archived_url")}),
    )

    def get_fieldsets(self, request, obj=None):
        has_text = obj is not None and bool(obj.text)
        # A text that quotes were taken from is never retyped. Only those who may change the document see it.
        text_fieldsets = (
            [("Text", {"fields": ("text_link" if has_text else "text", "sha256")})] if self.may_read_text(request, obj) else []
        )
        *fieldsets, record_fieldset = super().get_fieldsets(request, obj) if obj else (*super().get_fieldsets(request), None)
        quotation_fieldset = ("Quotation", {"fields": (("word_count", "quotation_share"),)})
        return [*fieldsets, *text_fieldsets, *([quotation_fieldset, record_fieldset] if record_fieldset else [])]

    def lookup_allowed(self, lookup, value, request):
        # Filtering by the text, letter by letter, would reveal it.
        is_text_lookup = lookup.split("__")[0] == "text"
        return super().lookup_allowed(lookup, value, request) and (not is_text_lookup or self.may_read_text(request))

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

    def rows_for_list(self, queryset):
        return super().rows_for_list(queryset).defer("fingerprint", "text")

    @display(description="text")
    def text_link(self, document):
        desk_url = reverse("admin:sources_sourcedocument_read", args=[document.pk])
        return format_html(
            '<a class="underline" href="{}">Open at the desk</a>, {} characters', desk_url, f"{len(document.text):,}"
        )

    @display(description="in the publisher's own wording")
    def quotation_share(self, document):
        return quotation_share_html(document)

    @display(description="quotes")
    def quote_total(self, document):
        return document.quote_count

    @display(description="desk")
    def desk_link(self, document):
        desk_url = reverse("admin:sources_sourcedocument_read", args=[document.pk])
        return format_html(
            '<a class="underline whitespace-nowrap" href="{}">{}</a>', desk_url, "Read" if document.has_text else "Passages"
        )
