"""Queue of contested fields: fields whose sources state different values, filtered by state, record and difference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.vocabulary import Kind
from nato_support.desk.evidence.evidence_urls import contested_field_url
from nato_support.desk.evidence.value_wording import names_stated_by, statement_label
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.records.name_lookup import entity_keys_matching
from sources.evidence.contested_fields import ContestedField, find_contested_and_settled_fields
from sources.evidence.statement_differences import DifferenceKind, StatementDifference, classify_differences
from sources.evidence.statements import ContestState, FieldEvidence, FieldKey, fetch_evidence
from sources.models import Citation

CONTESTED_PAGE_SIZE = 25
MAX_COMPARED_FIELDS = 500
"""Fields, newest first, whose citations are compared when the queue is filtered by the kind of difference."""


class ContestedQueueFilterForm(forms.Form):
    """Filters of the queue; invalid values are ignored."""

    state = forms.ChoiceField(choices=[*ContestState.choices, ("all", "all")], required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Search", required=False, max_length=200)
    kind = forms.ChoiceField(label="Record", required=False, choices=[("", "any kind"), *Kind.choices, ("relation", "relation")])
    difference = forms.ChoiceField(label="Difference", required=False, choices=[("", "any kind"), *DifferenceKind.choices])


@dataclass(slots=True)
class ContestedQueue:
    """The contested fields that match the filters of a request, in order, with the number of fields in each state."""

    form: ContestedQueueFilterForm
    filters: dict[str, str]
    counts: dict[str, int]
    fields: list[ContestedField]
    evidence: dict[FieldKey, FieldEvidence] = field(default_factory=dict)

    @property
    def state(self) -> str:
        return self.filters.get("state") or ContestState.OPEN

    @property
    def is_truncated(self) -> bool:
        """True if the filter by kind of difference left some fields of this state unexamined."""
        return bool(self.filters.get("difference")) and self.counts[self.state] > MAX_COMPARED_FIELDS

    @property
    def url(self) -> str:
        return reverse("admin:sources_contested") + self.query_string()

    def query_string(self, **changes: str) -> str:
        """Return the query string of this queue with `changes`; '' without any filter."""
        parameters = {name: value for name, value in (self.filters | changes).items() if value}
        return f"?{urlencode(parameters)}" if parameters else ""

    def neighbours_of(self, field_key: FieldKey) -> tuple[FieldKey | None, FieldKey | None, int]:
        """Return the fields before and after `field_key`, and its position from 1.

        The position of a field outside the queue is 0, and the first field of the queue comes after it.
        """
        field_keys = [contested.key for contested in self.fields]
        if field_key not in field_keys:
            return None, next(iter(field_keys), None), 0
        at = field_keys.index(field_key)
        return (field_keys[at - 1] if at else None), (field_keys[at + 1] if at + 1 < len(field_keys) else None), at + 1

    def field_url(self, field_key: FieldKey) -> str:
        """Return the address of the page of a field that leads back to this queue."""
        return contested_field_url(field_key) + self.query_string()

    def url_after_verdict(self, field_key: FieldKey) -> str:
        """Return the page that follows a verdict on `field_key`: the next field, after the last the first, else the queue."""
        others = (contested.key for contested in self.fields if contested.key != field_key)
        following = self.neighbours_of(field_key)[1] or next(others, None)
        return self.field_url(following) if following else self.url


def contested_queue_for(request) -> ContestedQueue:
    """Return the queue that the query string of `request` asks for."""
    form = ContestedQueueFilterForm(request.GET)
    form.is_valid()
    filters = form.cleaned_data
    contested_fields = find_contested_and_settled_fields(_contested_condition(filters.get("kind", ""), filters.get("q", "")))
    counts = {state.value: sum(contested.state == state for contested in contested_fields) for state in ContestState}
    queue = ContestedQueue(form, filters, counts | {"all": len(contested_fields)}, contested_fields)
    if queue.state != "all":
        queue.fields = [contested for contested in contested_fields if contested.state == queue.state]
    if difference := filters.get("difference"):
        compared = queue.fields[:MAX_COMPARED_FIELDS]
        queue.evidence = fetch_evidence(contested.key for contested in compared)
        queue.fields = [contested for contested in compared if _main_difference(queue.evidence[contested.key]).kind == difference]
    return queue


def _contested_condition(kind: str, search_words: str) -> Q:
    condition = Q(relation__isnull=False) if kind == "relation" else Q(entity__kind=kind) if kind else Q()
    for word in search_words.split():
        entity_keys = entity_keys_matching(word)
        ends = Q(relation__subject__in=entity_keys) | Q(relation__object__in=entity_keys)
        condition &= Q(field__icontains=word) | Q(entity__in=entity_keys) | ends
    return condition


def _main_difference(evidence: FieldEvidence) -> StatementDifference:
    return classify_differences(evidence.field, evidence.citations)[0]


def contested_queue_view(request):
    """List the contested fields that match the filters of the request."""
    require_contested_permission(request)
    queue = contested_queue_for(request)
    page = Paginator(queue.fields, CONTESTED_PAGE_SIZE).get_page(request.GET.get("p"))
    evidence = queue.evidence or fetch_evidence(contested.key for contested in page)
    names = names_stated_by(citation for contested in page for citation in evidence[contested.key].citations)
    rows = [
        _contested_row(queue, contested, evidence[contested.key], names)
        for contested in page
        if evidence[contested.key].citations
    ]
    context = admin_page_context(request, "Contested facts") | {
        "queue": queue,
        "tabs": [
            {
                "label": label,
                "count": queue.counts[value],
                "page": queue.query_string(state=value),
                "current": value == queue.state,
            }
            for value, label in [*ContestState.choices, ("all", "all")]
        ],
        "rows": rows,
        "page": page,
        "previous": queue.query_string(p=str(page.previous_page_number())) if page.has_previous() else "",
        "next": queue.query_string(p=str(page.next_page_number())) if page.has_next() else "",
        "max_compared": MAX_COMPARED_FIELDS,
    }
    return TemplateResponse(request, "desk/evidence/contested_queue.html", context)


def _contested_row(queue: ContestedQueue, contested: ContestedField, evidence: FieldEvidence, names: Mapping[str, str]) -> dict:
    field_name, target = contested.key.field, evidence.citations[0].target
    return {
        "state": contested.state,
        "field": field_name,
        "page": queue.field_url(contested.key),
        "target": target,
        "statements": [statement_label(target, field_name, statement, names) for statement in evidence.statements],
        "citations": contested.citations,
        "difference": _main_difference(evidence),
        "newest": max(filter(None, map(_citation_date, evidence.citations)), default=""),
    }


def _citation_date(citation: Citation) -> str:
    return citation.quote.said_on or citation.quote.document.published_on


def require_contested_permission(request) -> None:
    """Raise PermissionDenied for users who may not see citations and resolutions."""
    if not request.user.has_perms(("sources.view_resolution", "sources.view_citation")):
        raise PermissionDenied
