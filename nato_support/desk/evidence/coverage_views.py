"""What evidence the records have: the table on the page of each, and the list of those that lack most."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from unfold.decorators import display

from entities.models import Entity, Relation
from entities.vocabulary import Kind, Status
from nato_support.desk.evidence.page_urls import target_page_url
from sources.evidence.coverage import EvidenceGap, RecordCoverage, coverage_of_record, coverage_of_records

COVERAGE_PAGE_SIZE = 50
MAX_EXAMINED_RECORDS = 500
"""So many entities and so many relations, those changed last, are looked through at one time."""


@display(description="evidence by field")
def coverage_table(record):
    """Each field of the record with the evidence that it has."""
    return render_to_string("desk/evidence/coverage_table.html", {"coverage": coverage_of_record(record)})


class CoverageFilterForm(forms.Form):
    """What narrows the list; what makes no sense is taken for nothing."""

    kind = forms.ChoiceField(label="Record", required=False, choices=[("", "any kind"), *Kind.choices, ("relation", "relation")])
    gap = forms.ChoiceField(label="Lacking", required=False, choices=[("", "anything"), *EvidenceGap.choices])


def coverage_urls(site: admin.AdminSite) -> list:
    """The address of the list, for the admin of citations."""
    return [path("coverage/", site.admin_view(coverage_view), name="sources_coverage")]


def coverage_view(request):
    if not request.user.has_perms(("sources.view_citation", "entities.view_entity")):
        raise PermissionDenied
    form = CoverageFilterForm(request.GET)
    form.is_valid()
    kind, gap = form.cleaned_data.get("kind", ""), form.cleaned_data.get("gap", "")
    records, cut = _latest_records(kind)
    found = [one for one in coverage_of_records(records) if (one.gaps[EvidenceGap(gap)] if gap else one.gaps)]
    found.sort(key=lambda one: (-one.gaps[EvidenceGap(gap)] if gap else 0, *one.urgency, str(one.record)))
    page = Paginator(found, COVERAGE_PAGE_SIZE).get_page(request.GET.get("p"))
    request.current_app = admin.site.name
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Coverage",
        "opts": None,
        "form": form,
        "narrowed": f"&kind={kind}&gap={gap}" if kind or gap else "",
        "gaps": EvidenceGap.choices,
        "page": page,
        "rows": [_coverage_row(one) for one in page],
        "looked_through": len(records),
        "cut": cut,
    }
    return TemplateResponse(request, "desk/evidence/coverage_list.html", context)


def _latest_records(kind: str) -> tuple[list[Entity | Relation], bool]:
    """The records of `kind`, of any kind if it is empty, that were changed last, and whether there are more."""
    entities = Entity.objects.exclude(status=Status.WITHDRAWN).filter(merged_into=None).order_by("-updated_at", "-pk")
    relations = Relation.objects.exclude(status=Status.WITHDRAWN).order_by("-updated_at", "-pk")
    wanted: list[Any] = [relations] if kind == "relation" else [entities.filter(kind=kind)] if kind else [entities, relations]
    found: list[list] = [list(rows[: MAX_EXAMINED_RECORDS + 1]) for rows in wanted]
    cut = any(len(rows) > MAX_EXAMINED_RECORDS for rows in found)
    return [record for rows in found for record in rows[:MAX_EXAMINED_RECORDS]], cut


def _coverage_row(one: RecordCoverage) -> dict:
    record = one.record
    return {
        "record": record,
        "page": target_page_url(record),
        "kind": "relation" if isinstance(record, Relation) else record.get_kind_display(),
        "fields": len(one.fields),
        "numbers": [(label, one.gaps[EvidenceGap(gap)]) for gap, label in EvidenceGap.choices],
    }
