"""Where records are sent for review, published or withdrawn together: what differs, what is missing, what goes along."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.fields import strip_control_characters
from entities.models import Curated
from entities.refusals import Refused, Stale
from nato_support.desk.review import record_cards
from nato_support.desk.review.review_urls import (
    parse_seen_versions,
    record_form_url,
    record_token,
    records_by_token,
    submission_page_url,
)
from nato_support.publishing.publication import find_blockers, find_dependencies, records_affected_by_withdrawal
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import permissions, queues, workflow
from nato_support.publishing.review.pending_changes import find_pending_changes


def publish_view(request):
    """Sends records for review, or publishes them: what the person may, and may here."""
    if not (permissions.may_publish_records(request.user) or request.user.has_perm("publishing.submit")):
        raise PermissionDenied
    return _dispatch_form_action(
        request,
        _publish_page,
        {"submit": _submit_requested, "publish": _publish_requested, "let_through": _publish_requested_unreviewed},
    )


def withdraw_view(request):
    if not permissions.may_withdraw_records(request.user):
        raise PermissionDenied
    return _dispatch_form_action(request, _withdraw_page, {"withdraw": _withdraw_requested})


def _dispatch_form_action(request, shown, verbs):
    records = _requested_records(request)
    if request.method != "POST":
        return shown(request, records, None)
    verb = verbs.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404
    try:
        return verb(request, records, parse_seen_versions(request.POST.getlist("seen")))
    except Refused as refusal:
        return shown(request, records, refusal)


def _requested_records(request) -> list[Curated]:
    """The records that the page is about: of its address, or ticked in its form."""
    names = request.POST.getlist("record") if request.method == "POST" else request.GET.get("records", "").split(",")
    records = records_by_token(names)
    if not records:
        raise Http404("No such record.")
    if not permissions.may_view_records(request.user, records):
        raise PermissionDenied
    return records


def _submit_requested(request, records, seen):
    if not permissions.may_submit_records(request.user, records):
        raise PermissionDenied
    sent = workflow.submit_records(records, by=request.user, note=_form_text(request, "note"), versions=seen)
    messages.success(request, f"{_records_phrase(records)} sent for review.")
    return HttpResponseRedirect(record_form_url(records[0]) if len(records) == 1 else submission_page_url(sent))


def _publish_requested(request, records, seen):
    if not permissions.may_publish_records(request.user):
        raise PermissionDenied
    workflow.publish_unsubmitted(records, by=request.user, versions=seen, note=_form_text(request, "public_note"))
    return _redirect_with_message(request, records, "published")


def _publish_requested_unreviewed(request, records, seen):
    if not permissions.may_publish_unreviewed(request.user):
        raise PermissionDenied
    workflow.publish_unreviewed(
        records, by=request.user, versions=seen, reason=_form_text(request, "why"), note=_form_text(request, "public_note")
    )
    return _redirect_with_message(request, records, "published unreviewed, until somebody else has looked at it")


def _withdraw_requested(request, records, seen):
    why, note = _form_text(request, "why"), _form_text(request, "public_note")
    workflow.withdraw_with_reason(records, by=request.user, versions=seen, reason=why, note=note)
    return _redirect_with_message(request, records, "withdrawn")


def _form_text(request, name: str) -> str:
    return strip_control_characters(request.POST.get(name, ""))


def _redirect_with_message(request, records, what: str):
    messages.success(request, f"{_records_phrase(records)} {what}.")
    one = len(records) == 1
    return HttpResponseRedirect(record_form_url(records[0]) if one else reverse("admin:publishing_submission_changelist"))


def _records_phrase(records: list[Curated]) -> str:
    return f"“{records[0]}” was" if len(records) == 1 else f"{len(records)} records were"


def _publishing_context(request, records, refusal, title: str) -> dict:
    since = (
        record_cards.describe_changes_since(refusal.records, record_cards.page_opened_at(request.POST))
        if isinstance(refusal, Stale)
        else []
    )
    return record_cards.review_context(request, title) | {
        "refusal": refusal,
        "since": since,
        "typed": request.POST,
        "first": records[0],
    }


def _publish_page(request, records, refusal):
    user = request.user
    # What was unticked stays so; what is refused may have come to rest on something since.
    along = [record for record in find_dependencies(records) if permissions.may_view_records(user, [record])]
    left = set(request.POST.getlist("offered")) - set(request.POST.getlist("record"))
    ticked = [record for record in along if record_token(record) not in left]
    every = [*records, *ticked]
    found = find_pending_changes([*records, *along])
    waiting = queues.waiting_submissions_by_record([*records, *along])
    authored = workflow.records_authored_by([one for one in found if one.record in every], user)
    may_publish = permissions.may_publish_records(user)
    context = _publishing_context(request, records, refusal, "Publish" if may_publish else "Send for review") | {
        "cards": record_cards.build_record_cards([one for one in found if one.record in records], user, every),
        "along": [
            {"card": card, "ticked": card.record in ticked}
            for card in record_cards.build_record_cards([one for one in found if one.record not in records], user, every)
        ],
        "problems": find_blockers(every, assumed_public=along),
        "waiting": [
            {"record": one.record, "submission": waiting[public_kind(one.record), one.record.pk]}
            for one in found
            if (public_kind(one.record), one.record.pk) in waiting
        ],
        "nothing": not any(one.difference for one in found),
        "authored": authored,
        "may_submit": permissions.may_submit_records(user, records),
        "may_publish": may_publish and not authored,
        "may_let_through": bool(authored) and permissions.may_publish_unreviewed(user),
    }
    return TemplateResponse(request, "desk/review/publish.html", context, status=409 if refusal else 200)


def _withdraw_page(request, records, refusal):
    touched = records_affected_by_withdrawal(records)
    context = _publishing_context(request, records, refusal, "Withdraw") | {
        "records": [
            {
                "record": record,
                "kind": public_kind(record),
                "name": record_token(record),
                "seen": f"{record_token(record)}/{record.version}",
            }
            for record in records
        ],
        "lost": [one for one in touched if one.lost],
        "anew": [one for one in touched if not one.lost],
        "waiting": list({one.pk: one for one in queues.waiting_submissions_by_record(records).values()}.values()),
    }
    return TemplateResponse(request, "desk/review/withdraw.html", context, status=409 if refusal else 200)
