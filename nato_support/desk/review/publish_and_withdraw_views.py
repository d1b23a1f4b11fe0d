"""Pages that send records for review, publish or withdraw them, with their changes, dependencies and blocking issues."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.models import Curated
from entities.numbers import integer_or_none
from entities.refusals import Refused, Stale
from nato_support.desk.doubts.doubt_confirmation import doubts_context, refuse_unseen_doubts
from nato_support.desk.evidence.evidence_urls import document_reading_url
from nato_support.desk.review import record_cards
from nato_support.desk.review.card_layout import lay_out_cards
from nato_support.desk.review.named_problems import problems_with_record_names
from nato_support.desk.review.posted_fields import posted_opening_time, posted_text
from nato_support.desk.review.record_tokens_and_review_urls import (
    parse_seen_versions,
    record_form_url,
    record_token,
    records_by_token,
    submission_page_url,
    version_token,
)
from nato_support.desk.teamwork.record_uses import uses_of_record
from nato_support.publishing.publication import find_blockers, find_dependencies, records_affected_by_withdrawal
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import direct_publication, permissions, queues, submission_checks, workflow
from nato_support.publishing.review.document_work import unsent_work_on
from nato_support.publishing.review.pending_changes import find_pending_changes
from sources.models import SourceDocument

RECORDS_WITH_USES = 20
"""Records of the page whose uses are counted."""


def publish_view(request):
    """Show what the records of the request would make public; send them for review or publish them on POST."""
    if not (permissions.may_publish_records(request.user) or request.user.has_perm("publishing.submit")):
        raise PermissionDenied
    actions = {
        "submit": _submit_requested,
        "publish": _publish_requested,
        "publish_unreviewed": _publish_requested_unreviewed,
    }
    return _dispatch_form_action(request, _publish_page, actions)


def withdraw_view(request):
    """Show what withdrawing the records of the request affects; withdraw them on POST."""
    if not permissions.may_withdraw_records(request.user):
        raise PermissionDenied
    return _dispatch_form_action(request, _withdraw_page, {"withdraw": _withdraw_requested})


def _dispatch_form_action(request, render_page: Callable, actions: Mapping[str, Callable]) -> HttpResponse:
    """Render the page, or call the action whose name is posted as `do`; the page is rendered again with its refusal."""
    records = _requested_records(request)
    if not records:
        return _redirect_from_nothing_to_send(request)
    if request.method != "POST":
        return render_page(request, records, None)
    action = actions.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    try:
        return action(request, records, parse_seen_versions(request.POST.getlist("seen")))
    except Refused as refusal:
        return render_page(request, records, refusal)


def _requested_records(request) -> list[Curated]:
    """Return the records of the address, or the work on the document that it names; on POST, those ticked in the form."""
    if request.method != "POST" and (document := _requested_document(request)):
        records = unsent_work_on(document)
    else:
        tokens = request.POST.getlist("record") if request.method == "POST" else request.GET.get("records", "").split(",")
        records = records_by_token(tokens)
    if not permissions.may_view_records(request.user, records):
        raise PermissionDenied
    return records


def _redirect_from_nothing_to_send(request) -> HttpResponseRedirect:
    """Lead back to the desk from the page that sends the work on a document, when all of it was sent already.

    Raises Http404 if the request names no document either.
    """
    document = _requested_document(request) if request.method != "POST" else None
    if document is None:
        raise Http404("No such record.")
    messages.info(request, "Nothing captured from this document waits to be sent for review.")
    return HttpResponseRedirect(document_reading_url(document.pk))


def _requested_document(request) -> SourceDocument | None:
    key = integer_or_none(request.GET.get("document"))
    return SourceDocument.objects.filter(pk=key).first() if key is not None else None


def _submit_requested(request, records, versions):
    if not permissions.may_submit_records(request.user, records):
        raise PermissionDenied
    submission = workflow.submit_records(records, by=request.user, note=posted_text(request, "note"), versions=versions)
    messages.success(request, f"{_records_phrase(records)} sent for review.")
    return HttpResponseRedirect(record_form_url(records[0]) if len(records) == 1 else submission_page_url(submission))


def _publish_requested(request, records, versions):
    if not permissions.may_publish_records(request.user):
        raise PermissionDenied
    note = posted_text(request, "public_note")
    with transaction.atomic():
        direct_publication.publish_unsubmitted(records, by=request.user, versions=versions, note=note)
        refuse_unseen_doubts(records, request.POST)
    return _redirect_with_message(request, records, "published")


def _publish_requested_unreviewed(request, records, versions):
    if not permissions.may_publish_unreviewed(request.user):
        raise PermissionDenied
    reason, note = posted_text(request, "reason"), posted_text(request, "public_note")
    with transaction.atomic():
        direct_publication.publish_unreviewed(records, by=request.user, versions=versions, reason=reason, note=note)
        refuse_unseen_doubts(records, request.POST)
    return _redirect_with_message(request, records, "published without review; another editor has to check it")


def _withdraw_requested(request, records, versions):
    reason, note = posted_text(request, "reason"), posted_text(request, "public_note")
    direct_publication.withdraw_with_reason(records, by=request.user, versions=versions, reason=reason, note=note)
    return _redirect_with_message(request, records, "withdrawn")


def _redirect_with_message(request, records, outcome: str):
    messages.success(request, f"{_records_phrase(records)} {outcome}.")
    page = record_form_url(records[0]) if len(records) == 1 else reverse("admin:publishing_submission_changelist")
    return HttpResponseRedirect(page)


def _records_phrase(records: list[Curated]) -> str:
    return f"“{records[0]}” was" if len(records) == 1 else f"{len(records)} records were"


def _publishing_context(request, refusal: Refused | None, title: str) -> dict:
    changes_since = (
        record_cards.describe_changes_since(refusal.records, posted_opening_time(request.POST))
        if isinstance(refusal, Stale)
        else []
    )
    return record_cards.review_context(request, title) | {
        "refusal": refusal,
        "changes_since": changes_since,
        "typed": request.POST,
    }


def _publish_page(request, records: list[Curated], refusal: Refused | None):
    user = request.user
    dependencies = [record for record in find_dependencies(records) if permissions.may_view_records(user, [record])]
    # Unticked dependencies stay unticked; new ones, that a refused record has come to depend on, are ticked.
    unticked = set(request.POST.getlist("offered")) - set(request.POST.getlist("record"))
    ticked = [record for record in dependencies if record_token(record) not in unticked]
    selected = [*records, *ticked]
    pending_records = find_pending_changes([*records, *dependencies])
    waiting = queues.waiting_submissions_by_record([*records, *dependencies])
    authored = submission_checks.records_authored_by([pending for pending in pending_records if pending.record in selected], user)
    may_publish = permissions.may_publish_records(user)
    may_publish_unreviewed = bool(authored) and permissions.may_publish_unreviewed(user)
    own = [pending for pending in pending_records if pending.record in records]
    others = [pending for pending in pending_records if pending.record not in records]
    cards = record_cards.build_record_cards(own, user, selected)
    context = _publishing_context(request, refusal, "Publish" if may_publish else "Send for review") | {
        "cards": cards,
        "layout": lay_out_cards(cards, user),
        "dependencies": [
            {"card": card, "ticked": card.record in ticked} for card in record_cards.build_record_cards(others, user, selected)
        ],
        "problems": problems_with_record_names(find_blockers(selected, assumed_public=dependencies)),
        "waiting": [
            {"record": pending.record, "submission": waiting[public_kind(pending.record), pending.record.pk]}
            for pending in pending_records
            if (public_kind(pending.record), pending.record.pk) in waiting
        ],
        "is_up_to_date": not any(pending.difference for pending in pending_records),
        "authored": authored,
        "may_submit": permissions.may_submit_records(user, records),
        "may_publish": may_publish and not authored,
        "may_publish_unreviewed": may_publish_unreviewed,
        "may_confirm": (may_publish and not authored) or may_publish_unreviewed,
        **doubts_context([*records, *dependencies], request.POST if refusal else None),
    }
    if request.method != "POST" and (document := _requested_document(request)):
        context["typed"] = {"note": f"Captured from “{document.title}”"}
    return TemplateResponse(request, "desk/review/publish.html", context, status=409 if refusal else 200)


def _withdraw_page(request, records: list[Curated], refusal: Refused | None):
    affected = records_affected_by_withdrawal(records)
    waiting = queues.waiting_submissions_by_record(records).values()
    context = _publishing_context(request, refusal, "Withdraw") | {
        "records": [
            {
                "record": record,
                "kind": public_kind(record),
                "name": record_token(record),
                "seen": version_token(record),
                "uses": uses_of_record(record, request.user) if index < RECORDS_WITH_USES else None,
            }
            for index, record in enumerate(records)
        ],
        "blocking": [record for record in affected if record.unpublishable_because],
        "republished": [record for record in affected if not record.unpublishable_because],
        "waiting": list({submission.pk: submission for submission in waiting}.values()),
    }
    return TemplateResponse(request, "desk/review/withdraw.html", context, status=409 if refusal else 200)
