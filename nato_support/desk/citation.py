"""Pages of citations, and their inlines on records and quotes."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms import Script
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import AutocompleteSelectFilter
from unfold.decorators import display

from entities.citable_fields import record_kind
from entities.formatting import NO_NAMES, cited_field_label, cited_value_label
from entities.models import Entity, Relation
from entities.vocabulary import Kind, Polarity, Stance
from nato_support.desk.base import ChildAdmin, RowTableInline, badge_of_exception
from nato_support.desk.evidence import coverage_views
from nato_support.desk.evidence.capture_requests import search_words_from_request
from nato_support.desk.evidence.citation_form import CitationForm
from nato_support.desk.evidence.citation_lines import CitationLine, citation_line
from nato_support.desk.evidence.cited_fields import FieldGroups, cited_field_labels, cited_fields_of, label_cited_fields
from nato_support.desk.evidence.document_desk_queries import find_records
from nato_support.desk.evidence.typed_citation_values import names_to_edit
from nato_support.desk.evidence.value_inputs import value_inputs
from nato_support.desk.evidence.value_wording import names_of_stated_slugs, names_stated_by
from nato_support.desk.records.filter_counts import ChoicesFilter
from nato_support.desk.records.name_lookup import entity_keys_matching
from sources.evidence.citation_stances import stances_of_citations
from sources.evidence.statements import FieldEvidence, evidence_of_record
from sources.models import Citation

POLARITY_COLOURS = {Polarity.DENIES: "warning"}
STANCE_COLOURS = {Stance.CONTRADICTS: "danger", Stance.QUALIFIES: "warning"}


class CitationTableInline(RowTableInline):
    """Citations as a table, each line of which opens to be edited."""

    model = Citation
    form = CitationForm
    line_template = "desk/evidence/citation_line.html"
    needs_record = True
    verbose_name = "citation"
    kinds: Collection[str] = ()
    """Kinds of record whose fields the page may ask for; all if there are none."""
    names: Mapping[str, str] = NO_NAMES
    stances: Mapping[int, Stance] = {}
    fields_of: Mapping[Entity | Relation, FieldGroups] = {}

    class Media:
        css = {"all": ["desk/evidence/contested.css"]}
        js = [Script("desk/evidence/citation_table.js", type="module")]

    def line_of(self, citation: Citation) -> CitationLine:
        """Return what the table shows of a citation."""
        raise NotImplementedError

    def line(self, citation: Citation, target: Entity | Relation, evidence: FieldEvidence | None = None) -> CitationLine:
        """Return the line of a citation of `target`; `evidence` is that of its field."""
        label = cited_field_labels(self.fields_of.get(target, [])).get(citation.field) or cited_field_label(citation.field)
        return citation_line(citation, target, label, self.names, stance=self.stances.get(citation.pk), evidence=evidence)

    @property
    def pickers(self) -> dict[str, Any]:
        """Return what the scripts need to make the input that fits a field."""
        inputs = value_inputs()
        return {
            "inputs": {kind: inputs[kind] for kind in self.kinds or inputs},
            "names": dict(self.names),
            "records": reverse("admin:sources_citation_records"),
        }


class CitationInline(CitationTableInline):
    """Evidence of a record: each citation with its passage."""

    fields = (("field", "polarity", "value"), "quote", ("as_stated", "note"))
    verbose_name_plural = "evidence"
    headings = ("Field", "Value", "Passage", "Document")

    def get_formset(self, request, obj=None, **kwargs):
        # Django makes an inline for each request, and the page shows one record.
        if obj is not None:
            self.record = obj
            self.evidence = evidence_of_record(obj)
            citations = [citation for evidence in self.evidence.values() for citation in evidence.citations]
            self.stances = stances_of_citations(citations)
            kind = record_kind(obj)
            facts = [(kind, citation.field, citation.value) for citation in citations]
            self.kinds, self.names = (kind,), names_of_stated_slugs(facts)
            self.fields_of = cited_fields_of([obj])
            words = {"record": obj, "fields_of": self.fields_of, "names": names_to_edit(facts)}
            kwargs["form"] = type("RecordCitationForm", (CitationForm,), words)
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request):
        large_columns = ("quote__document__text", "quote__document__fingerprint")
        return super().get_queryset(request).select_related("quote__document").defer(*large_columns)

    def line_of(self, citation):
        return self.line(citation, self.record, self.evidence.get(citation.field))


class QuoteCitationsInline(CitationTableInline):
    """Facts that a quote supports."""

    fields = (("entity", "relation"), ("field", "polarity", "value"), ("as_stated", "note"))
    verbose_name_plural = "facts it supports"
    headings = ("Record", "Field", "Value", "In the source's words")
    shows_records = True

    def get_formset(self, request, obj=None, **kwargs):
        if obj is not None:
            citations = list(self.get_queryset(request).filter(quote=obj))
            facts = [(record_kind(citation.target), citation.field, citation.value) for citation in citations]
            self.names, self.stances = names_of_stated_slugs(facts), stances_of_citations(citations)
            self.fields_of = cited_fields_of({citation.target for citation in citations})
            words = {"fields_of": self.fields_of, "names": names_to_edit(facts)}
            kwargs["form"] = type("QuoteCitationForm", (CitationForm,), words)
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request):
        related = ("entity", "relation__type", "relation__subject", "relation__object", "quote")
        return super().get_queryset(request).select_related(*related)

    def line_of(self, citation):
        return self.line(citation, citation.target)


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
        records = self.admin_site.admin_view(self.search_records_view)
        found = path("records/", records, name="sources_citation_records")
        return [*coverage_views.coverage_urls(self.admin_site), found, *super().get_urls()]

    def search_records_view(self, request):
        """Find records of some kinds by name, for the value of a citation: `kinds` joined by commas, all if it is empty."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        kinds = [kind for kind in request.GET.get("kinds", "").split(",") if kind]
        return JsonResponse({"results": find_records(kinds or list(Kind.values), search_words_from_request(request))})

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            text_match = Q(field__icontains=word) | Q(value__icontains=word) | Q(as_stated__icontains=word)
            queryset = queryset.filter(text_match | Q(entity__in=entity_keys_matching(word)))
        return queryset, False

    def attach_row_details(self, rows):
        label_cited_fields(rows)
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
        return citation.cited_field_label

    @display(description="value", ordering="value")
    def value_label(self, citation):
        label = cited_value_label(record_kind(citation.target), citation.field, citation.value, names=citation.stated_names)
        return format_html('<span title="{}">{}</span>', citation.value, label)
