"""Evidence coverage: the table on the page of a record, and the list of records whose evidence has most gaps."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from unfold.decorators import display

from entities.citable_fields import record_kind
from entities.models import Entity, Relation
from entities.vocabulary import Kind, Status
from nato_support.desk.evidence.evidence_urls import target_page_url
from nato_support.desk.evidence.value_wording import names_of_stated_slugs, stated_value_html
from nato_support.desk.page_context import admin_page_context
from sources.evidence.field_coverage import EvidenceGap, RecordCoverage, coverage_of_record, coverage_of_records

COVERAGE_PAGE_SIZE = 50
MAX_EXAMINED_RECORDS = 500
"""Most recently changed entities, and as many relations, that one request examines."""


@display(description="evidence by field")
def coverage_table(record):
    """Render a table of the fields of `record` with the evidence for each."""
    fields = coverage_of_record(record).fields
    names = names_of_stated_slugs((record_kind(record), field.field, field.value) for field in fields)
    rows = [(field, stated_value_html(record, field.field, field.value, names)) for field in fields]
    return render_to_string("desk/evidence/coverage_table.html", {"rows": rows})


class CoverageFilterForm(forms.Form):
    """Filters of the list; invalid values are ignored."""

    kind = forms.ChoiceField(label="Record", required=False, choices=[("", "any kind"), *Kind.choices, ("relation", "relation")])
    gap = forms.ChoiceField(label="Gap", required=False, choices=[("", "any gap"), *EvidenceGap.choices])


def coverage_urls(site: admin.AdminSite) -> list:
    """Return the URL patterns of the list, for the admin of citations."""
    return [path("coverage/", site.admin_view(coverage_view), name="sources_coverage")]


def coverage_view(request):
    """List recently changed records by the gaps in their evidence."""
    if not request.user.has_perms(("sources.view_citation", "entities.view_entity")):
        raise PermissionDenied
    form = CoverageFilterForm(request.GET)
    form.is_valid()
    kind, gap = form.cleaned_data.get("kind", ""), form.cleaned_data.get("gap", "")
    records, is_truncated = _latest_records(kind)
    coverages = [
        coverage for coverage in coverage_of_records(records) if (coverage.gaps[EvidenceGap(gap)] if gap else coverage.gaps)
    ]
    coverages.sort(key=lambda coverage: (-coverage.gaps[EvidenceGap(gap)] if gap else 0, *coverage.urgency, str(coverage.record)))
    page = Paginator(coverages, COVERAGE_PAGE_SIZE).get_page(request.GET.get("p"))
    context = admin_page_context(request, "Coverage") | {
        "form": form,
        "filter_query": f"&kind={kind}&gap={gap}" if kind or gap else "",
        "gaps": EvidenceGap.choices,
        "page": page,
        "rows": [_coverage_row(coverage) for coverage in page],
        "examined": len(records),
        "is_truncated": is_truncated,
    }
    return TemplateResponse(request, "desk/evidence/coverage_list.html", context)


def _latest_records(kind: str) -> tuple[list[Entity | Relation], bool]:
    """Return the most recently changed records of `kind` (any kind if empty), and whether there are more."""
    entities = Entity.objects.exclude(status=Status.WITHDRAWN).filter(merged_into=None).order_by("-updated_at", "-pk")
    relations = Relation.objects.exclude(status=Status.WITHDRAWN).order_by("-updated_at", "-pk")
    querysets: list[Any] = [relations] if kind == "relation" else [entities.filter(kind=kind)] if kind else [entities, relations]
    batches: list[list] = [list(queryset[: MAX_EXAMINED_RECORDS + 1]) for queryset in querysets]
    is_truncated = any(len(batch) > MAX_EXAMINED_RECORDS for batch in batches)
    return [record for batch in batches for record in batch[:MAX_EXAMINED_RECORDS]], is_truncated


def _coverage_row(coverage: RecordCoverage) -> dict:
    record = coverage.record
    return {
        "record": record,
        "page": target_page_url(record),
        "kind": "relation" if isinstance(record, Relation) else record.get_kind_display(),
        "fields": len(coverage.fields),
        "numbers": [(label, coverage.gaps[EvidenceGap(gap)]) for gap, label in EvidenceGap.choices],
    }
