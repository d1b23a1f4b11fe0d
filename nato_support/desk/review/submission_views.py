"""The page of one submission: what its records change, what was said, and the buttons that decide about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.fields import strip_control_characters
from entities.models import Curated
from entities.refusals import Refused, Stale
from entities.vocabulary import ReviewState
from nato_support.desk.review import record_cards
from nato_support.desk.review.review_urls import (
    parse_seen_versions,
    publish_page_url,
    record_token,
    records_by_token,
    submission_page_url,
)
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import check_publishable
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import permissions, queues, workflow
from nato_support.publishing.review.pending_changes import PendingChanges, find_changes_released_with, find_pending_changes
from nato_support.publishing.review.workflow import NewComment

RECORDS_PER_PAGE = 10
"""So many records are compared on one page; the list beside has them all."""

USER_RELATIONS = ("submitted_by", "taken_by", "decided_by", "checked_by", "release")


def submission_view(request, pk: int):
    if not permissions.may_view_submissions(request.user):
        raise PermissionDenied
    submission = _get_submission(pk)
    workflow.mark_outcome_seen(submission, by=request.user)
    return _submission_page(request, submission)


def submission_action_view(request, pk: int, verb: str):
    """Does `verb` with a submission. Only by POST: a link would do whatever a foreign page makes the browser fetch."""
    if verb not in SUBMISSION_ACTIONS:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not permissions.may_view_submissions(request.user):
        raise PermissionDenied
    submission = _get_submission(pk)
    try:
        return SUBMISSION_ACTIONS[verb](request, submission)
    except Refused as refusal:
        submission.refresh_from_db()
        # What was typed stays, and what stands on the page now is what is decided about next.
        return _submission_page(request, submission, refusal)


# What can be done


def _assign_submission(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    workflow.assign_to_reviewer(submission, by=request.user)
    return HttpResponseRedirect(submission_page_url(submission))


def _unassign_submission(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    workflow.unassign_reviewer(submission, by=request.user)
    messages.success(request, "It is everybody's again.")
    return HttpResponseRedirect(reverse("admin:publishing_submission_changelist"))


def _comment_on_submission(request, submission):
    _require_allowed(permissions.may_comment_on(request.user, submission))
    said = _posted_comments(request)
    workflow.add_comments(submission, said, by=request.user)
    if said:
        messages.success(request, "Your comments are kept.")
    return HttpResponseRedirect(submission_page_url(submission))


def _send_submission_back(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    workflow.send_back_submission(
        submission, by=request.user, answer=_posted_text(request, "answer"), comments=_posted_comments(request)
    )
    return _redirect_to_next_submission(request, f"Sent back to {submission.submitted_by or 'whoever sent it'}.")


def _recall_submission(request, submission):
    _require_allowed(permissions.may_take_back_submission(request.user, submission))
    workflow.take_back_submission(submission, by=request.user)
    messages.success(request, "Taken back from review: send it again when it is ready.")
    return HttpResponseRedirect(submission_page_url(submission))


def _publish_submission(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user) and permissions.may_publish_records(request.user))
    seen = parse_seen_versions(request.POST.getlist("seen"))
    workflow.publish_after_review(
        submission, by=request.user, versions=seen, note=_posted_text(request, "note"), reason=_posted_text(request, "why")
    )
    names = [str(record) for record in seen]
    return _redirect_to_next_submission(
        request, f"“{names[0]}” was published." if len(names) == 1 else f"{len(names)} records were published."
    )


def _add_records(request, submission):
    _require_allowed(permissions.may_take_back_submission(request.user, submission))
    records = records_by_token(request.POST.getlist("add"))
    _require_allowed(permissions.may_submit_records(request.user, records))
    workflow.add_to_submission(submission, records, by=request.user)
    messages.success(request, f"Added: {', '.join(map(str, records))}.")
    return HttpResponseRedirect(submission_page_url(submission))


def _revert_ticked_fields(request, submission):
    """Puts back what was ticked, as `commitment/12:summary`; all of it, or nothing."""
    ticked: dict[str, list[str]] = {}
    for value in request.POST.getlist("put"):
        name, _, address = value.partition(":")
        ticked.setdefault(name, []).append(address)
    seen = {
        record_token(record): (record, version) for record, version in parse_seen_versions(request.POST.getlist("seen")).items()
    }
    entered = {f"{one.kind}/{one.record}" for one in submission.records.all()}
    if not ticked or not ticked.keys() <= seen.keys() & entered:
        raise Refused(["Tick what is to be put back to what the public sees"])
    for name in ticked:
        _require_allowed(permissions.may_revert_record(request.user, seen[name][0]))
    with transaction.atomic():
        for name, addresses in ticked.items():
            record, version = seen[name]
            workflow.revert_to_published(
                record, addresses, by=request.user, version=version, reason=_posted_text(request, "answer")
            )
    number = sum(map(len, ticked.values()))
    messages.success(request, f"{number} value{'s' if number > 1 else ''} put back to what the public sees.")
    return HttpResponseRedirect(submission_page_url(submission))


def _mark_submission_checked(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    workflow.complete_pending_check(submission, by=request.user)
    return _redirect_to_next_submission(request, "Checked: thank you.")


SUBMISSION_ACTIONS: dict[str, Callable[[Any, Submission], Any]] = {
    "take": _assign_submission,
    "let-go": _unassign_submission,
    "say": _comment_on_submission,
    "send-back": _send_submission_back,
    "take-back": _recall_submission,
    "publish": _publish_submission,
    "add": _add_records,
    "put-back": _revert_ticked_fields,
    "check": _mark_submission_checked,
}


def _require_allowed(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _posted_text(request, name: str) -> str:
    return strip_control_characters(request.POST.get(name, ""))


def _posted_comments(request) -> list[NewComment]:
    """What was typed into the comments of a form: on the whole as `say:`, on a field as `say:commitment/12:summary`."""
    typed = {key: text for key in request.POST if key.startswith("say:") and (text := _posted_text(request, key))}
    places = {key: key.split(":", 2)[1:] for key in typed}
    records = {record_token(record): record for record in records_by_token(place[0] for place in places.values() if place[0])}
    said = []
    for key, (name, *field) in places.items():
        if name and name not in records:
            raise Refused(["A comment is about a record that is not there"])
        said.append(NewComment(typed[key], records.get(name), field[0] if field else ""))
    return said


def _redirect_to_next_submission(request, told: str):
    """To the next submission that waits, with what was done as a message; to the queue if none does."""
    messages.success(request, told)
    following = queues.submissions_waiting_for(request.user).first()
    page = submission_page_url(following) if following else reverse("admin:publishing_submission_changelist")
    return HttpResponseRedirect(page)


# What is shown


def _get_submission(pk: int) -> Submission:
    submission = Submission.objects.select_related(*USER_RELATIONS).prefetch_related("records").filter(pk=pk).first()
    if submission is None:
        raise Http404
    return submission


def _submission_page(request, submission: Submission, refusal: Refused | None = None):
    user, given = request.user, request.POST if refusal else {}
    records = workflow.records_of_submission(submission)
    _require_allowed(permissions.may_view_records(user, records))
    waits = submission.state == ReviewState.WAITING
    page = Paginator(records, RECORDS_PER_PAGE).get_page(request.GET.get("p"))
    found = _record_differences(submission, list(page))
    template = (
        "desk/review/field_actions.html"
        if waits and permissions.may_comment_on(user, submission)
        else "desk/review/comments.html"
    )
    cards = record_cards.build_record_cards(found, user, records, template)
    entered = {(one.kind, one.record): one for one in submission.records.all()}
    comments = record_cards.comments_by_field(submission.comments.select_related("said_by"))
    for card in cards:
        # What was decided is past: its sources may have moved on since.
        card.outdated_quotes = card.outdated_quotes if waits else []
        sent = entered[card.kind, card.record.pk]
        card.moved = waits and sent.version != card.record.version and sent.fingerprint != card.found.difference.after.fingerprint
        card.comments = comments.get(card.name, {})
        card.typed = {key.rpartition(":")[2]: text for key, text in given.items() if key.startswith(f"say:{card.name}:")}
    authored = workflow.records_authored_by(found, user) if waits else []
    context = record_cards.review_context(request, "Review") | {
        "submission": submission,
        "waits": waits,
        "list": [_submission_entry(record, entered, waits, number) for number, record in enumerate(records)],
        "cards": cards,
        "page": page,
        "said": comments.get("", {}).get("", []),
        "authored": authored,
        "refusal": refusal,
        "since": record_cards.describe_changes_since(refusal.records, record_cards.page_opened_at(given))
        if isinstance(refusal, Stale)
        else [],
        "typed": given,
        "may_review": waits and permissions.may_review_submissions(user),
        "may_publish": waits
        and permissions.may_review_submissions(user)
        and permissions.may_publish_records(user)
        and not authored,
        "may_take_back": waits and permissions.may_take_back_submission(user, submission),
        "may_say": waits and permissions.may_comment_on(user, submission),
        "send_again": publish_page_url(records) if _may_send_again(user, submission, records) else "",
        "may_check": _may_check_afterwards(user, submission),
        "is_mine": submission.taken_by_id == user.pk,
        "is_held": bool(submission.taken_at and submission.taken_at >= queues.assignment_expiry()),
        **(_blocker_context(list(page), records) if waits else {}),
        **(_neighbour_urls(user, submission) if waits and permissions.may_review_submissions(user) else {}),
    }
    return TemplateResponse(request, "desk/review/submission.html", context, status=409 if refusal else 200)


def _record_differences(submission: Submission, records: list[Curated]) -> list[PendingChanges]:
    """What of `records` waits, or what was published of them."""
    return find_changes_released_with(submission.release, records) if submission.release else find_pending_changes(records)


def _submission_entry(record: Curated, entered: dict, waits: bool, number: int) -> dict:
    sent = entered[public_kind(record), record.pk]
    return {
        "record": record,
        "name": record_token(record),
        "kind": public_kind(record),
        "seen": f"{record_token(record)}/{record.version}",
        "moved": waits and sent.version != record.version,
        "page": number // RECORDS_PER_PAGE + 1,
    }


def _blocker_context(here: list[Curated], records: list[Curated]) -> dict:
    """What keeps the records of this page from being public, and what they rest on that is not in the submission."""
    problems, alone = check_publishable(here, assumed_public=records)
    return {"problems": problems, "alone": [(record_token(record), public_kind(record), record) for record in alone]}


def _may_check_afterwards(user, submission: Submission) -> bool:
    owed = submission.unreviewed and submission.checked_at is None
    return (
        owed
        and permissions.may_review_submissions(user)
        and user.pk not in (submission.submitted_by_id, submission.decided_by_id)
    )


def _may_send_again(user, submission: Submission, records: list[Curated]) -> bool:
    """Whether `user` may send it again."""
    ended = submission.state in (ReviewState.SENT_BACK, ReviewState.TAKEN_BACK)
    return ended and bool(records) and permissions.may_submit_records(user, records)


def _neighbour_urls(user, submission: Submission) -> dict:
    keys = list(queues.submissions_waiting_for(user).values_list("pk", flat=True)[:500])
    at = keys.index(submission.pk) if submission.pk in keys else -1

    def page(index: int) -> str:
        return reverse("admin:publishing_submission_change", args=[keys[index]]) if 0 <= index < len(keys) and index != at else ""

    return {"before": page(at - 1) if at > 0 else "", "after": page(at + 1)}
