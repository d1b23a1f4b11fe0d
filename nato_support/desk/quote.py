"""Page of source quotes."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.shortcuts import redirect
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import action, display

from entities.vocabulary import Verification
from nato_support.desk.base import CuratedAdmin, StatusColumnMixin, badge_of_exception, date_column
from nato_support.desk.citation import QuoteCitationsInline
from nato_support.desk.evidence import failing_quotes
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.evidence_urls import quote_reading_url
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin
from sources import anchoring
from sources.citation_text import cite_quote
from sources.models import SourceQuote
from sources.page_numbers import page_of_offset
from sources.passage_edges import explain_cut
from sources.verification import verify_quotes

VERIFICATION_COLOURS = {
    Verification.UNVERIFIED: "warning",
    Verification.FAILED: "danger",
}


class QuoteForm(forms.ModelForm):
    """Finds the position of the passage where the text of the document is available."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"start", "end"} & self.fields.keys():
            self.fields[name].required = False

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        cleaned["exact"] = cleaned.get("exact", "").replace("\r\n", "\n")
        document, exact = cleaned.get("document"), cleaned["exact"]
        if document and exact and cleaned.get("start") is None:
            self._locate_passage(document, exact, cleaned)
        elif exact and cleaned.get("start") is not None and cleaned.get("end") is None:
            cleaned["end"] = cleaned["start"] + len(exact)
        if document and exact and cleaned.get("start") is not None and cleaned.get("end") is not None:
            self._refuse_cut_words(document.text, cleaned)
        if document and cleaned.get("start") is not None and "page" not in self.changed_data:
            # Nobody typed it: it follows from the position, which may be another one now.
            page = page_of_offset(document.page_breaks, cleaned["start"])
            cleaned["page"] = cleaned.get("page") if page is None else page
        return cleaned

    def _refuse_cut_words(self, text, cleaned):
        start, end = cleaned["start"], cleaned["end"]
        if text[start:end] == cleaned["exact"] and (cut := explain_cut(text, start, end)):
            self.add_error("exact", f"The passage {cut}.")

    def _locate_passage(self, document, exact, cleaned):
        passages = anchoring.find_passages(document.text, exact)
        if len(passages) == 1:
            cleaned.update(start=passages[0].start, end=passages[0].end, exact=passages[0].exact)
        elif passages:
            starts = ", ".join(str(passage.start) for passage in passages)
            self.add_error("start", f"The passage occurs more than once in the text: enter one of {starts}.")
        elif not document.text:
            self.add_error("start", "The text of this document is not available: enter the position.")
        elif widened := anchoring.find_widened_passages(document.text, exact, limit=1):
            self.add_error("exact", f"The passage begins or ends inside a word or a number. In whole words: “{widened[0].exact}”")
        else:
            nearest = anchoring.find_nearest(document.text, exact)
            self.add_error("exact", "Not found in text." + (f" Nearest passage: “{nearest[0].exact}”" if nearest else ""))


class QuoteColumnsMixin(StatusColumnMixin):
    """Columns of quotes in lists and tabs."""

    @display(description="passage")
    def quoted_passage(self, quote):
        return f"“{quote}”"

    @display(description="speakers")
    def speaker_names(self, quote):
        return quote.speaker_label or None

    @display(description="verification", ordering="verification")
    def verification_badge(self, quote):
        return badge_of_exception(quote.verification, quote.get_verification_display(), VERIFICATION_COLOURS)


@admin.register(SourceQuote)
class QuoteAdmin(SpreadsheetMixin, QuoteColumnsMixin, PublishActionsMixin, CuratedAdmin):
    form = QuoteForm
    list_display = (
        "quoted_passage",
        "document_slug",
        "speaker_names",
        date_column("said_on"),
        "kind",
        "verification_badge",
        "status_badge",
        "citation_total",
    )
    list_filter = (
        StatusFilter,
        ("verification", ChoicesFilter),
        ("kind", ChoicesFilter),
        ("fidelity", ChoicesFilter),
        ("document", AutocompleteSelectFilter),
        ("speakers", AutocompleteSelectFilter),
        ("occasion", AutocompleteSelectFilter),
        date_range_filter("said_on_earliest", "said"),
    )
    list_select_related = ("document",)
    list_prefetch_related = ("speakers",)
    list_annotations = {"citation_count": citation_count_annotation("quote")}
    search_fields = ("exact", "slug", "attribution", "reported_by", "utterance")
    search_help_text = "Search by words of the passage, public id, attribution, reporter or utterance"
    readonly_fields = (*CuratedAdmin.readonly_fields, "verification_badge")
    inlines = (QuoteCitationsInline,)
    fieldsets = (
        ("Passage", {"fields": ("document", "exact", "verification_badge", ("kind", "fidelity"))}),
        (
            "Speakers and date",
            {"fields": ("speakers", ("attribution", "reported_by"), ("said_on", "occasion"), "utterance", "note")},
        ),
        (
            "Position in the text",
            {
                "fields": (("start", "end", "page"), "slug"),
                "description": "Filled in automatically where the text of the document is available.",
            },
        ),
    )

    actions_detail = ("view_in_context",)
    change_form_outer_before_template = "desk/evidence/quote_bars.html"

    def get_urls(self):
        return [*failing_quotes.failing_quote_urls(self.admin_site), *super().get_urls()]

    @action(description="View in context", url_path="place", permissions=["view"], icon="menu_book")
    def view_in_context(self, request, object_id):
        quote = self.get_object(request, unquote(str(object_id)))
        if quote is None:
            raise Http404
        return redirect(quote_reading_url(quote))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "exact":
            field.strip = False
        return field

    def rows_for_list(self, queryset):
        return super().rows_for_list(queryset).defer("document__text", "document__fingerprint")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        for _, finding in verify_quotes([obj]):
            self.message_user(request, f"The passage {finding.explanation}.", messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"citation_text": cite_quote(obj)} if obj else {}
        return super().render_change_form(request, context, add, change, form_url, obj)

    @display(description="document", ordering="document")
    def document_slug(self, quote):
        # The public id, since a headline would make every row seven lines high.
        return quote.document.slug

    @display(description="citations")
    def citation_total(self, quote):
        return quote.citation_count
