"""Reports of readers: the queue, and one report with its answer."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.numbers import integer_or_none
from entities.refusals import Refused
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.reports.reported_records import show_reports
from nato_support.desk.review.posted_fields import posted_text
from nato_support.desk.review.record_tokens_and_review_urls import records_by_token
from nato_support.publishing.rendering import public_kind
from nato_support.reports.answering import CHOSEN_STATES, may_answer_reports, may_view_reports, reports_visible_to, take_step
from nato_support.reports.models import LONGEST_TEXT, SETTLED_STATES, ReportState

REPORTS_PER_PAGE = 25
_TABS = {
    "new": ("New", [ReportState.NEW]),
    "looking": ("Looking into it", [ReportState.LOOKING]),
    "settled": ("Settled", SETTLED_STATES),
}


def reports_of_record_url(token: str) -> str:
    """Return the address of the queue with the reports on one record alone, which is named as commitment/12."""
    return f"{reverse('admin:reports_readerreport_changelist')}?{urlencode({'record': token}, safe='/')}"


def report_queue_view(request) -> HttpResponse:
    """List the reports of one state, `show`, perhaps on one record alone, `record`."""
    if not may_view_reports(request.user):
        raise PermissionDenied
    reports, token = reports_visible_to(request.user), request.GET.get("record", "")
    records = records_by_token([token]) if token else []
    if token:
        keys = {"kind": public_kind(records[0]), "slug": records[0].slug} if records else {"pk": None}
        reports = reports.filter(**keys)
    counts = {key: reports.filter(state__in=states).count() for key, (_, states) in _TABS.items()}
    chosen = request.GET.get("show")
    if chosen not in _TABS:
        chosen = next((key for key in _TABS if counts[key]), "new")
    rows = reports.filter(state__in=_TABS[chosen][1])
    page = Paginator(rows.reverse() if chosen == "settled" else rows, REPORTS_PER_PAGE).get_page(request.GET.get("p"))
    of_record = {"record": token} if token else {}
    context = admin_page_context(request, "Reports from readers") | {
        "tabs": [
            {
                "label": label,
                "count": counts[key],
                "page": f"?{urlencode({'show': key, **of_record}, safe='/')}",
                "current": key == chosen,
            }
            for key, (label, _) in _TABS.items()
        ],
        "rows": show_reports(list(page)),
        "page": page,
        "before": f"{urlencode({'show': chosen, **of_record}, safe='/')}&",
        "is_of_record": bool(token),
    }
    return TemplateResponse(request, "desk/reports/queue.html", context)


def report_view(request, pk: int) -> HttpResponse:
    """Show a report with the steps taken so far; take one on POST."""
    if not may_view_reports(request.user):
        raise PermissionDenied
    report = reports_visible_to(request.user).filter(pk=pk).first()
    if report is None:
        raise Http404
    if request.method != "POST":
        return _report_page(request, report)
    if not may_answer_reports(request.user):
        raise PermissionDenied
    state, answer = request.POST.get("state", ""), posted_text(request, "answer")
    seen_steps = integer_or_none(request.POST.get("steps", ""))
    try:
        take_step(report, state=state, answer=answer, by=request.user, seen_steps=-1 if seen_steps is None else seen_steps)
    except Refused as refusal:
        return _report_page(request, report, refusal, state, answer)
    messages.success(request, "The reader sees your answer now." if state in SETTLED_STATES else "You are looking into it.")
    return HttpResponseRedirect(request.path)


def _report_page(request, report, refusal: Refused | None = None, state: str = "", answer: str = "") -> HttpResponse:
    report.refresh_from_db()
    [shown] = show_reports([report])
    steps = list(report.steps.select_related("by"))
    chosen = state or (report.state if report.state in CHOSEN_STATES else "")
    context: dict[str, Any] = admin_page_context(request, "Report from a reader") | {
        "row": shown,
        "report": report,
        "steps": steps,
        "may_answer": may_answer_reports(request.user),
        "states": [(one.value, one.label, one.value == chosen) for one in CHOSEN_STATES],
        "answer": answer if refusal else report.answer,
        "longest": LONGEST_TEXT,
        "refusal": refusal,
        "queue": reverse("admin:reports_readerreport_changelist"),
    }
    return TemplateResponse(request, "desk/reports/report.html", context, status=409 if refusal else 200)
