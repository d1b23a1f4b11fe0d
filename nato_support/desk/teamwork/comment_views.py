"""Comments on records: adding one, replying, resolving, and the people that one can name."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from entities.fields import strip_control_characters
from entities.history.record_snapshots import take_snapshot
from entities.models import Curated
from entities.refusals import Refused
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.review.record_tokens_and_review_urls import record_form_url, records_by_token, submission_page_url
from nato_support.desk.teamwork.teamwork_requests import get_viewable_record
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.review import permissions
from nato_support.publishing.teamwork import comment_threads
from nato_support.publishing.teamwork.notification_access import may_be_notified

PEOPLE_FOUND = 8
PEOPLE_EXAMINED = 40
"""Users whose rights are looked up for one suggestion."""


@require_POST
def add_comment_view(request, record_kind: str, pk: int) -> HttpResponse:
    """Save a comment on a record: `text`, and `field` as the address of a field or row, empty for the record as a whole."""
    record = get_viewable_record(request.user, record_kind, pk)
    address = request.POST.get("field", "")
    try:
        text = request.POST.get("text", "")
        comment = comment_threads.comment_on_record(
            record, text, by=request.user, address=address, snapshot=take_snapshot(record)
        )
    except Refused as refusal:
        return _refused_page(request, refusal, record_form_url(record))
    messages.success(request, "Your comment was saved.")
    return HttpResponseRedirect(_comment_url(comment, record))


@require_POST
def reply_view(request, pk: int) -> HttpResponse:
    """Save a reply to a comment."""
    comment, record = _visible_comment(request, pk)
    try:
        reply = comment_threads.reply_to_comment(comment, request.POST.get("text", ""), by=request.user)
    except Refused as refusal:
        return _refused_page(request, refusal, _comment_url(comment, record))
    messages.success(request, "Your reply was saved.")
    return HttpResponseRedirect(_comment_url(reply, record))


@require_POST
def resolve_view(request, pk: int) -> HttpResponse:
    """Resolve a comment."""
    return _set_resolved(request, pk, is_resolved=True)


@require_POST
def reopen_view(request, pk: int) -> HttpResponse:
    """Reopen a resolved comment."""
    return _set_resolved(request, pk, is_resolved=False)


@require_GET
@never_cache
def people_view(request, record_kind: str, pk: int) -> HttpResponse:
    """Return the people whose names begin with `term` and who may see the record, as JSON."""
    get_viewable_record(request.user, record_kind, pk)
    term = strip_control_characters(request.GET.get("term", ""))[:150]
    begins = Q(username__istartswith=term) | Q(first_name__istartswith=term) | Q(last_name__istartswith=term)
    users = User.objects.filter(begins, is_active=True, is_staff=True).exclude(pk=request.user.pk).order_by("username")
    found = [user for user in users[:PEOPLE_EXAMINED] if may_be_notified(user, record_kind, None)][:PEOPLE_FOUND]
    return JsonResponse({"people": [{"name": user.get_username(), "full_name": user.get_full_name()} for user in found]})


def _set_resolved(request, pk: int, *, is_resolved: bool) -> HttpResponse:
    comment, record = _visible_comment(request, pk)
    may_change = record is not None and permissions.may_change_kind(request.user, comment.kind)
    is_own = comment.said_by_id == request.user.pk
    if not (may_change or is_own or (comment.submission and permissions.may_review_submissions(request.user))):
        raise PermissionDenied
    try:
        comment_threads.set_comment_resolved(comment, is_resolved, by=request.user)
    except Refused as refusal:
        return _refused_page(request, refusal, _comment_url(comment, record))
    messages.success(request, "The comment is resolved." if is_resolved else "The comment is open again.")
    return HttpResponseRedirect(_comment_url(comment, record))


def _visible_comment(request, pk: int) -> tuple[Comment, Curated | None]:
    """Return the comment of an address with its record. 404 unless the user may see both."""
    comment = comment_threads.comments_visible_to(request.user).select_related("submission").filter(pk=pk).first()
    if comment is None:
        raise Http404
    records = records_by_token([f"{comment.kind}/{comment.record}"]) if comment.kind else []
    if comment.kind and not records:
        raise Http404
    return comment, records[0] if records else None


def _comment_url(comment: Comment, record: Curated | None) -> str:
    page = record_form_url(record) if record else submission_page_url(comment.submission) if comment.submission else ""
    return f"{page}#comment-{comment.reply_to_id or comment.pk}"


def _refused_page(request, refusal: Refused, back: str) -> HttpResponse:
    """Show why a comment was not saved, with what was typed, to send it again."""
    context: dict[str, Any] = admin_page_context(request, "The comment was not saved") | {
        "problems": refusal.problems,
        "text": request.POST.get("text", ""),
        "field": request.POST.get("field", ""),
        "back": back,
    }
    return TemplateResponse(request, "desk/teamwork/refused_comment.html", context, status=409)
