from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from entities.vocabulary import Stance
from nato_support.desk.base import ChildAdmin, StackedChildInline, coloured_badge
from nato_support.desk.evidence import coverage_views
from nato_support.desk.evidence.page_urls import contested_field_url, quote_reading_url
from nato_support.desk.records.name_lookup import entity_keys_matching
from sources.evidence.statements import ContestState, evidence_of_record, field_key_of
from sources.models import Citation

STATE_COLOURS = {ContestState.OPEN: "danger", ContestState.DISPUTED: "warning", ContestState.SETTLED: "success"}
STANCE_COLOURS = {Stance.SUPPORTS: "success", Stance.CONTRADICTS: "danger", Stance.QUALIFIES: "warning"}


class CitationInline(StackedChildInline):
    """The evidence of a record, each citation with the words that it rests on."""

    model = Citation
    fields = (("field", "value", "stance"), ("passage", "agreement"), "quote", ("as_stated", "note"))
    readonly_fields = ("passage", "agreement")
    needs_record = True
    verbose_name = "citation"
    verbose_name_plural = "evidence"

    class Media:
        css = {"all": ["desk/evidence/contested.css"]}

    def get_formset(self, request, obj=None, **kwargs):
        # The page shows one record, and this inline serves one request.
        self.evidence = evidence_of_record(obj) if obj else {}
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request):
        private = ("quote__document__text", "quote__document__fingerprint")
        return super().get_queryset(request).select_related("quote__document").defer(*private)

    @display(description="passage")
    def passage(self, citation):
        if not citation.quote_id:
            return None
        quote = citation.quote
        words = '“{}” <em>{}</em>, {}. <a class="underline" href="{}">Read it in its place</a>'
        checked = quote.get_verification_display()
        return format_html(words, quote.exact, quote.document, checked, quote_reading_url(quote))

    @display(description="agreement")
    def agreement(self, citation):
        evidence = self.evidence.get(citation.field)
        if evidence is None or not evidence.differs:
            return None
        label = coloured_badge(evidence.state, "contested" if evidence.contested else "settled", STATE_COLOURS)
        page = contested_field_url(field_key_of(citation.target, citation.field))
        return format_html('{} <a class="underline" href="{}">Compare the statements</a>', label, page)


class QuoteCitationsInline(StackedChildInline):
    """What a quote is evidence for."""

    model = Citation
    fields = (("entity", "relation"), ("field", "value", "stance"), ("as_stated", "note"))
    needs_record = True
    verbose_name = "citation"
    verbose_name_plural = "what it is evidence for"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entity", "relation")


@admin.register(Citation)
class CitationAdmin(ChildAdmin):
    list_display = ("field", "value", "stance_label", "about", "quote", "as_stated")
    list_filter = (
        ("stance", ChoicesDropdownFilter),
        ("entity", AutocompleteSelectFilter),
        ("relation", AutocompleteSelectFilter),
        ("quote", AutocompleteSelectFilter),
    )
    list_select_related = ("entity", "relation__type", "relation__subject", "relation__object", "quote")
    search_fields = ("field", "value", "as_stated")
    search_help_text = "A field, a value, words as stated or the name of the record"
    ordering = ("-pk",)
    fieldsets = (
        ("What it is evidence for", {"fields": (("entity", "relation"), ("field", "value", "stance"))}),
        ("What it rests on", {"fields": ("quote", "as_stated", "note")}),
    )

    def get_urls(self):
        return [*coverage_views.coverage_urls(self.admin_site), *super().get_urls()]

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            stated = Q(field__icontains=word) | Q(value__icontains=word) | Q(as_stated__icontains=word)
            queryset = queryset.filter(stated | Q(entity__in=entity_keys_matching(word)))
        return queryset, False

    @display(description="stance", ordering="stance")
    def stance_label(self, citation):
        return coloured_badge(citation.stance, citation.get_stance_display(), STANCE_COLOURS)

    @display(description="about")
    def about(self, citation):
        return citation.target
