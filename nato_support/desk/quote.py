from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.shortcuts import redirect
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import action, display

from entities.vocabulary import Verification
from nato_support.desk.base import CuratedAdmin, StatusColumnMixin, coloured_badge
from nato_support.desk.citation import QuoteCitationsInline
from nato_support.desk.evidence import failing_quotes
from nato_support.desk.evidence.count_annotations import citation_count_annotation
from nato_support.desk.evidence.page_urls import quote_reading_url
from nato_support.desk.records.publish_actions import PublishActionsMixin
from nato_support.desk.records.record_lists import StatusFilter, date_range_filter
from nato_support.desk.spreadsheets.import_export_views import SpreadsheetMixin
from sources import anchoring
from sources.models import SourceQuote
from sources.verification import verify_quotes

VERIFICATION_COLOURS = {
    Verification.UNVERIFIED: "warning",
    Verification.TEXT: "success",
    Verification.FINGERPRINT: "success",
    Verification.FAILED: "danger",
}
VERBATIM_FIELDS = ("exact", "prefix", "suffix")


class QuoteForm(forms.ModelForm):
    """Finds the place of a passage by itself where the text of the document is at hand."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"start", "end"} & self.fields.keys():
            self.fields[name].required = False

    def clean(self):
        super().clean()
        given = self.cleaned_data
        for name in VERBATIM_FIELDS:
            given[name] = given.get(name, "").replace("\r\n", "\n")
        document, exact = given.get("document"), given["exact"]
        if document and exact and given.get("start") is None:
            self._find_place(document, exact, given)
        elif exact and given.get("start") is not None and given.get("end") is None:
            given["end"] = given["start"] + len(exact)
        return given

    def _find_place(self, document, exact, given):
        places = anchoring.find(document.text, exact)
        if len(places) == 1:
            place = places[0]
            given.update(start=place.start, end=place.end, exact=place.exact, prefix=place.prefix, suffix=place.suffix)
        elif places:
            starts = ", ".join(str(place.start) for place in places)
            self.add_error("start", f"The passage stands there more than once: give one of {starts}.")
        elif not document.text:
            self.add_error("start", "The text of this document is not at hand to find the place in: give it.")
        else:
            near = anchoring.find_nearest(document.text, exact)
            self.add_error("exact", "Does not stand in the text." + (f" Nearest: “{near[0].exact}”" if near else ""))


class QuoteColumnsMixin(StatusColumnMixin):
    """What lists and tabs show of a quote."""

    @display(description="passage")
    def passage(self, quote):
        return f"“{quote}”"

    @display(description="said by")
    def said_by(self, quote):
        return quote.speaker or quote.attribution or None

    @display(description="verification", ordering="verification")
    def checked(self, quote):
        return coloured_badge(quote.verification, quote.get_verification_display(), VERIFICATION_COLOURS)


@admin.register(SourceQuote)
class QuoteAdmin(SpreadsheetMixin, QuoteColumnsMixin, PublishActionsMixin, CuratedAdmin):
    form = QuoteForm
    list_display = ("passage", "source", "said_by", "said_on", "kind", "checked", "status_badge", "cited")
    list_filter = (
        StatusFilter,
        ("verification", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("fidelity", ChoicesDropdownFilter),
        ("document", AutocompleteSelectFilter),
        ("speaker", AutocompleteSelectFilter),
        ("occasion", AutocompleteSelectFilter),
        date_range_filter("said_on_earliest", "said"),
    )
    list_select_related = ("document", "speaker")
    list_annotations = {"citation_count": citation_count_annotation("quote")}
    search_fields = ("exact", "slug", "attribution")
    search_help_text = "Words of the passage, of its public id or of the attribution"
    readonly_fields = (*CuratedAdmin.readonly_fields, "checked")
    inlines = (QuoteCitationsInline,)
    fieldsets = (
        ("The passage", {"fields": ("document", "exact", "checked", ("kind", "fidelity"))}),
        ("Who said it, and when", {"fields": (("speaker", "attribution"), ("said_on", "occasion"))}),
        (
            "Its place",
            {
                "fields": (("start", "end"), "prefix", "suffix", "slug"),
                "description": "Filled in by itself where the text of the document is at hand.",
            },
        ),
    )

    actions_detail = ("to_place",)

    def get_urls(self):
        return [*failing_quotes.failing_quote_urls(self.admin_site), *super().get_urls()]

    @action(description="Read in its place", url_path="place", permissions=["view"], icon="menu_book")
    def to_place(self, request, object_id):
        quote = self.get_object(request, unquote(str(object_id)))
        if quote is None:
            raise Http404
        return redirect(quote_reading_url(quote))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in VERBATIM_FIELDS:
            field.strip = False
        return field

    def rows(self, queryset):
        return super().rows(queryset).defer("document__text", "document__fingerprint")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        for _, finding in verify_quotes([obj]):
            self.message_user(request, f"The passage {finding.explanation}.", messages.WARNING)

    @display(description="document", ordering="document")
    def source(self, quote):
        # The public id: a headline would make every row seven lines high.
        return quote.document.slug

    @display(description="cited")
    def cited(self, quote):
        return quote.citation_count
