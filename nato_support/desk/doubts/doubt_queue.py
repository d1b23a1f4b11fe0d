"""To check: the values that are unlikely as they stand, filtered by kind and record, each to be mended or dismissed."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from entities.citable_fields import record_kind
from entities.doubts import Doubt
from entities.models import Entity, Relation
from entities.numbers import integer_or_none
from entities.refusals import Refused
from entities.vocabulary import DoubtKind, Kind
from nato_support.desk.dashboard.global_search import visible_kinds
from nato_support.desk.doubts.dismissals import (
    current_day,
    dismiss_doubt,
    earlier_dismissals,
    may_dismiss_doubts,
    may_view_doubts,
    open_doubts,
    reopen_doubt,
)
from nato_support.desk.evidence.evidence_urls import quote_reading_url, target_page_url
from nato_support.desk.models import DismissedDoubt
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.records.name_lookup import entity_keys_matching
from nato_support.desk.review.posted_fields import posted_text
from nato_support.desk.review.record_tokens_and_review_urls import record_token, records_by_token
from nato_support.publishing.review import permissions
from sources.evidence.doubtful_facts import MOST_EXAMINED, FoundDoubts, doubts_of_records, find_doubts

DOUBTS_PER_PAGE = 25
OPEN, DISMISSED = "open", "dismissed"


class DoubtFilterForm(forms.Form):
    """Filters of the list; invalid values are ignored."""

    state = forms.ChoiceField(choices=[(OPEN, "to check"), (DISMISSED, "dismissed")], required=False, widget=forms.HiddenInput)
    record = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    q = forms.CharField(label="Search", required=False, max_length=200)
    doubt = forms.ChoiceField(label="What", required=False, choices=[("", "anything"), *DoubtKind.choices])
    kind = forms.ChoiceField(label="Record", required=False, choices=[("", "any kind"), *Kind.choices, ("relation", "relation")])


def doubt_urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return URL patterns to stand before those of `site`, in its namespace."""
    return [path("to-check/", site.admin_view(doubt_queue_view), name="desk_doubts")]


def doubts_of_record_url(record: Any) -> str:
    """Return the address of the list of what is to be checked in one record."""
    return f"{reverse('admin:desk_doubts')}?{urlencode({'record': record_token(record)}, safe='/')}"


def doubt_queue_view(request):
    """List what is to be checked, or what was dismissed; dismiss or reopen one on POST."""
    if not may_view_doubts(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _queue_page(request)
    if not may_dismiss_doubts(request.user):
        raise PermissionDenied
    if "reopen" in request.POST:
        return _reopen_posted(request)
    return _dismiss_posted(request)


def _dismiss_posted(request):
    records = records_by_token([request.POST.get("of", "")])
    if not records:
        raise Http404("No such record.")
    if not permissions.may_view_records(request.user, records):
        raise PermissionDenied
    reason = posted_text(request, "reason")
    try:
        dismissal = dismiss_doubt(records[0], request.POST.get("dismiss", ""), by=request.user, reason=reason)
    except Refused as refusal:
        return _queue_page(request, refusal, reason)
    messages.success(request, f"Dismissed: {dismissal.sentence} It is kept under “Dismissed” with your reason.")
    return HttpResponseRedirect(request.get_full_path())


def _reopen_posted(request):
    dismissal = _visible_dismissals(request.user).filter(pk=integer_or_none(request.POST["reopen"])).first()
    if dismissal is None:
        messages.info(request, "That was reopened already.")
    else:
        reopen_doubt(dismissal)
        messages.success(request, f"To be checked again: {dismissal.sentence}")
    return HttpResponseRedirect(request.get_full_path())


def _queue_page(request, refusal: Refused | None = None, reason: str = ""):
    form = DoubtFilterForm(request.GET)
    form.is_valid()
    filters = form.cleaned_data
    state = filters.get("state") or OPEN
    found = visible_doubts(request.user, **{name: filters.get(name, "") for name in ("doubt", "kind", "q", "record")})
    still_open = open_doubts(found.doubts)
    dismissals = _filtered_dismissals(request.user, filters)
    rows: Sequence[Doubt] | QuerySet[DismissedDoubt] = dismissals if state == DISMISSED else still_open
    page = Paginator(rows, DOUBTS_PER_PAGE).get_page(request.GET.get("p"))
    counts = {OPEN: len(still_open), DISMISSED: dismissals.count()}
    query = _query_string(filters)
    context = admin_page_context(request, "To check") | {
        "form": form,
        "state": state,
        "tabs": [
            {"label": label, "count": counts[value], "page": _query_string(filters, state=value), "current": value == state}
            for value, label in form.fields["state"].choices
        ],
        "rows": _dismissed_rows(page) if state == DISMISSED else _open_rows(page, refusal, request.POST.get("dismiss"), reason),
        "page": page,
        "before": f"{query.removeprefix('?')}&" if query else "",
        "query": query,
        "record": next(iter(records_by_token([filters.get("record", "")])), None),
        "is_truncated": found.is_truncated,
        "most_examined": MOST_EXAMINED,
        "refusal": refusal,
        "reason": reason,
        "may_dismiss": may_dismiss_doubts(request.user),
    }
    return TemplateResponse(request, "desk/doubts/queue.html", context, status=409 if refusal else 200)


def visible_doubts(user, *, doubt: str = "", kind: str = "", q: str = "", record: str = "") -> FoundDoubts:
    """Find the doubts about records that `user` may see, narrowed by their kind, the record's kind and name, or to one record."""
    visible = {kind} & set(visible_kinds(user)) if kind else set(visible_kinds(user))
    kinds = [doubt] if doubt else DoubtKind.values
    if record:
        records = [one for one in records_by_token([record]) if permissions.may_view_records(user, [one])]
        doubts = doubts_of_records(records, current_day())
        return FoundDoubts([one for one in doubts if one.kind in kinds and record_kind(one.record) in visible])
    entities = Q(kind__in=visible)
    relations = Q() if "relation" in visible else Q(pk__in=[])
    for word in q.split():
        keys = entity_keys_matching(word)
        entities &= Q(pk__in=keys)
        relations &= Q(subject__in=keys) | Q(object__in=keys)
    return find_doubts(current_day(), kinds, entities=entities, relations=relations)


def _visible_dismissals(user) -> QuerySet[DismissedDoubt]:
    visible = visible_kinds(user)
    of_relations = Q(relation__isnull=False) if "relation" in visible else Q()
    return DismissedDoubt.objects.filter(Q(entity__kind__in=visible) | of_relations)


def _filtered_dismissals(user, filters: dict[str, str]) -> QuerySet[DismissedDoubt]:
    rows = _visible_dismissals(user).select_related("entity", "relation__type", "relation__subject", "relation__object")
    if doubt := filters.get("doubt"):
        rows = rows.filter(kind=doubt)
    if kind := filters.get("kind"):
        rows = rows.filter(relation__isnull=False) if kind == "relation" else rows.filter(entity__kind=kind)
    for word in filters.get("q", "").split():
        keys = entity_keys_matching(word)
        rows = rows.filter(Q(entity__in=keys) | Q(relation__subject__in=keys) | Q(relation__object__in=keys))
    if token := filters.get("record"):
        record = next(iter(records_by_token([token])), None)
        of_relation = Q(relation=record.pk) if isinstance(record, Relation) else Q(pk__in=[])
        rows = rows.filter(Q(entity=record.pk) if isinstance(record, Entity) else of_relation)
    return rows.select_related("dismissed_by")


def _open_rows(page: Page, refusal: Refused | None, refused: str | None, reason: str) -> list[dict[str, Any]]:
    earlier = earlier_dismissals(page)
    return [
        {
            "doubt": doubt,
            "records": [_record_link(record) for record in doubt.records],
            "passage": quote_reading_url(doubt.quote) if doubt.quote else "",
            "of": record_token(doubt.record),
            "earlier": earlier.get(doubt.fingerprint),
            "refusal": refusal if doubt.fingerprint == refused else None,
            "reason": reason if doubt.fingerprint == refused else "",
        }
        for doubt in page
    ]


def _dismissed_rows(page: Page) -> list[dict[str, Any]]:
    """Return the dismissals of a page, each with whether it is still about the values that the record has."""
    standing = {doubt.fingerprint for doubt in doubts_of_records({row.target for row in page}, current_day())}
    return [
        {"dismissal": row, "record": _record_link(row.target), "stands": row.fingerprint in standing, "kind": DoubtKind(row.kind)}
        for row in page
    ]


def _record_link(record: Entity | Relation) -> dict[str, str]:
    kind = "relation" if isinstance(record, Relation) else record.get_kind_display()
    return {"name": str(record), "page": target_page_url(record), "kind": kind}


def _query_string(filters: dict[str, str], **changes: str) -> str:
    parameters = {name: value for name, value in (filters | changes).items() if value and (name, value) != ("state", OPEN)}
    return f"?{urlencode(parameters)}" if parameters else ""
