"""Pages of citations, and their inlines on records and quotes."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from entities.citable_fields import record_kind
from entities.formatting import cited_field_label, cited_value_label
from entities.vocabulary import Polarity, Stance
from nato_support.desk.base import ChildAdmin, StackedChildInline, badge_of_exception, coloured_badge
from nato_support.desk.evidence import coverage_views
from nato_support.desk.evidence.citation_form import CitationForm
from nato_support.desk.evidence.evidence_urls import contested_field_url, quote_reading_url
from nato_support.desk.evidence.value_wording import names_stated_by
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.name_lookup import entity_keys_matching
from sources.evidence.citation_stances import stances_of_citations
from sources.evidence.statements import ContestState, evidence_of_record, field_key_of
from sources.models import Citation

CONTEST_STATE_COLOURS = {ContestState.OPEN: "danger", ContestState.DISPUTED: "warning", ContestState.SETTLED: "success"}
POLARITY_COLOURS = {Polarity.DENIES: "warning"}
STANCE_COLOURS = {Stance.CONTRADICTS: "danger", Stance.QUALIFIES: "warning"}


class CitationInline(StackedChildInline):
    """Evidence of a record: each citation with its passage."""

    model = Citation
    form = CitationForm
    fields = (
        ("field", "polarity", "value"),
        ("passage_link", "stance_towards_value", "contest_state"),
        "quote",
        ("as_stated", "note"),
    )
    readonly_fields = ("passage_link", "stance_towards_value", "contest_state")
    needs_record = True
    verbose_name = "citation"
    verbose_name_plural = "evidence"

    class Media:
        css = {"all": ["desk/evidence/contested.css"]}

    def get_formset(self, request, obj=None, **kwargs):
        # Django makes an inline for each request, and the page shows one record.
        self.evidence = evidence_of_record(obj) if obj else {}
        citations = [citation for evidence in self.evidence.values() for citation in evidence.citations]
        self.stances = stances_of_citations(citations)
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request):
        large_columns = ("quote__document__text", "quote__document__fingerprint")
        return super().get_queryset(request).select_related("quote__document").defer(*large_columns)

    @display(description="passage")
    def passage_link(self, citation):
        if not citation.quote_id:
            return None
        quote = citation.quote
        html = '“{}” <em>{}</em>, {}. <a class="underline" href="{}">View in context</a>'
        verification = quote.get_verification_display()
        return format_html(html, quote.exact, quote.document, verification, quote_reading_url(quote))

    @display(description="stance")
    def stance_towards_value(self, citation):
        stance = self.stances.get(citation.pk)
        return badge_of_exception(stance, f"{stance.label} the value", STANCE_COLOURS) if stance else None

    @display(description="agreement")
    def contest_state(self, citation):
        evidence = self.evidence.get(citation.field)
        if evidence is None or not evidence.differs:
            return None
        label = coloured_badge(evidence.state, "contested" if evidence.contested else "settled", CONTEST_STATE_COLOURS)
        page = contested_field_url(field_key_of(citation.target, citation.field))
        return format_html('{} <a class="underline" href="{}">Compare the statements</a>', label, page)


class QuoteCitationsInline(StackedChildInline):
    """Facts that a quote supports."""

    model = Citation
    form = CitationForm
    fields = (("entity", "relation"), ("field", "polarity", "value"), ("as_stated", "note"))
    needs_record = True
    verbose_name = "citation"
    verbose_name_plural = "facts it supports"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("entity", "relation")


@admin.register(Citation)
class CitationAdmin(ChildAdmin):
    form = CitationForm
    list_display = ("field_label", "polarity_badge", "value_label", "stance_badge", "target_record", "quote", "as_stated")
    list_filter = (
        ("polarity", ChoicesFilter),
        ("entity", AutocompleteSelectFilter),
        ("relation", AutocompleteSelectFilter),
        ("quote", AutocompleteSelectFilter),
    )
    list_select_related = ("entity", "relation__type", "relation__subject", "relation__object", "quote")
    search_fields = ("field", "value", "as_stated")
    search_help_text = "Search by field, value, wording of the source or name of the record"
    ordering = ("-pk",)
    fieldsets = (
        ("Fact", {"fields": (("entity", "relation"), ("field", "polarity", "value"))}),
        ("Evidence", {"fields": ("quote", "as_stated", "note")}),
    )

    def get_urls(self):
        return [*coverage_views.coverage_urls(self.admin_site), *super().get_urls()]

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            text_match = Q(field__icontains=word) | Q(value__icontains=word) | Q(as_stated__icontains=word)
            queryset = queryset.filter(text_match | Q(entity__in=entity_keys_matching(word)))
        return queryset, False

    def attach_row_details(self, rows):
        names = names_stated_by(rows)
        stances = stances_of_citations(rows)
        for citation in rows:
            citation.stated_names, citation.stance = names, stances[citation.pk]

    @display(description="polarity", ordering="polarity")
    def polarity_badge(self, citation):
        return badge_of_exception(citation.polarity, citation.get_polarity_display(), POLARITY_COLOURS)

    @display(description="stance")
    def stance_badge(self, citation):
        return badge_of_exception(citation.stance, citation.stance.label, STANCE_COLOURS)

    @display(description="about")
    def target_record(self, citation):
        return citation.target

    @display(description="field", ordering="field")
    def field_label(self, citation):
        return cited_field_label(citation.field)

    @display(description="value", ordering="value")
    def value_label(self, citation):
        label = cited_value_label(record_kind(citation.target), citation.field, citation.value, names=citation.stated_names)
        return format_html('<span title="{}">{}</span>', citation.value, label)
