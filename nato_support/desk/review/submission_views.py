"""Page of one submission: the changes of its records, the comments, and the actions of authors and reviewers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from entities.models import Curated
from entities.refusals import Refused, Stale
from entities.vocabulary import ReviewState
from nato_support.desk.doubts.doubt_confirmation import doubts_context, refuse_unseen_doubts
from nato_support.desk.review import record_cards
from nato_support.desk.review.card_layout import lay_out_cards
from nato_support.desk.review.field_address_labels import labels_of_addresses
from nato_support.desk.review.named_problems import problems_with_record_names
from nato_support.desk.review.posted_fields import posted_opening_time, posted_text
from nato_support.desk.review.record_pages import group_quotes_with_records
from nato_support.desk.review.record_tokens_and_review_urls import (
    parse_seen_versions,
    publish_page_url,
    record_token,
    records_by_token,
    submission_page_url,
    version_token,
)
from nato_support.desk.teamwork.teamwork_requests import posted_day, posted_person
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import check_publishable
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import (
    direct_publication,
    permissions,
    queues,
    submission_checks,
    submission_state_changes,
    workflow,
)
from nato_support.publishing.review.pending_changes import PendingChanges, find_changes_released_with, find_pending_changes
from nato_support.publishing.review.workflow import NewComment
from nato_support.publishing.teamwork.assigning import people_who_may_review
from nato_support.publishing.teamwork.comment_threads import comments_for_review

RECORDS_PER_PAGE = 10
"""Records whose differences one page shows, with the quotes cited on them; the list above them has all."""
MAX_NEIGHBOURS = 500
"""Waiting submissions among which the previous and the next one are looked for."""

MOST_REVIEWERS_OFFERED = 200

_USER_RELATIONS = ("submitted_by", "taken_by", "decided_by", "checked_by", "release")


def submission_view(request, pk: int):
    """Show a submission; this marks its outcome as seen by its author."""
    if not permissions.may_view_submissions(request.user):
        raise PermissionDenied
    submission = _get_submission(pk)
    workflow.mark_outcome_seen(submission, by=request.user)
    return _submission_page(request, submission)


def submission_action_view(request, pk: int, verb: str):
    """Apply the action `verb` of SUBMISSION_ACTIONS to a submission, by POST only, so that no link of another site does."""
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
        # The page keeps what was typed, and shows the records as they are now.
        return _submission_page(request, submission, refusal)


# Actions


def _assign_submission(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    person = posted_person(request.POST) if request.POST.get("to") else request.user
    workflow.assign_submission(submission, by=request.user, to=person, due_on=posted_day(request.POST))
    return HttpResponseRedirect(submission_page_url(submission))


def _unassign_submission(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    workflow.unassign_submission(submission, by=request.user)
    messages.success(request, "The submission is no longer assigned.")
    return HttpResponseRedirect(reverse("admin:publishing_submission_changelist"))


def _comment_on_submission(request, submission):
    _require_allowed(permissions.may_comment_on(request.user, submission))
    comments = _posted_comments(request)
    workflow.add_comments(submission, comments, by=request.user)
    if comments:
        messages.success(request, "Your comments were saved.")
    return HttpResponseRedirect(submission_page_url(submission))


def _send_submission_back(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    answer, comments = posted_text(request, "answer"), _posted_comments(request)
    workflow.send_back_submission(submission, by=request.user, answer=answer, comments=comments)
    return _redirect_to_next_submission(request, f"Sent back to {submission.submitted_by or 'its author'}.")


def _recall_submission(request, submission):
    _require_allowed(permissions.may_take_back_submission(request.user, submission))
    workflow.take_back_submission(submission, by=request.user)
    messages.success(request, "Withdrawn from review. Send it again when it is ready.")
    return HttpResponseRedirect(submission_page_url(submission))


def _publish_submission(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user) and permissions.may_publish_records(request.user))
    versions = parse_seen_versions(request.POST.getlist("seen"))
    note, answer = posted_text(request, "note"), posted_text(request, "reason")
    with transaction.atomic():
        workflow.publish_after_review(submission, by=request.user, versions=versions, note=note, reason=answer)
        refuse_unseen_doubts(submission_state_changes.records_of_submission(submission), request.POST)
    names = [str(record) for record in versions]
    return _redirect_to_next_submission(
        request, f"“{names[0]}” was published." if len(names) == 1 else f"{len(names)} records were published."
    )


def _add_records_to_submission(request, submission):
    _require_allowed(permissions.may_take_back_submission(request.user, submission))
    records = records_by_token(request.POST.getlist("add"))
    _require_allowed(permissions.may_submit_records(request.user, records))
    workflow.add_to_submission(submission, records, by=request.user)
    messages.success(request, f"Added: {', '.join(map(str, records))}.")
    return HttpResponseRedirect(submission_page_url(submission))


def _revert_ticked_fields(request, submission):
    """Revert the ticked fields, posted as commitment/12:summary, to their published values: all of them or none."""
    addresses_by_token: dict[str, list[str]] = {}
    for value in request.POST.getlist("revert"):
        token, _, address = value.partition(":")
        addresses_by_token.setdefault(token, []).append(address)
    versions = parse_seen_versions(request.POST.getlist("seen"))
    seen = {record_token(record): (record, version) for record, version in versions.items()}
    submitted = {f"{sent.kind}/{sent.record}" for sent in submission.records.all()}
    if not addresses_by_token or not addresses_by_token.keys() <= seen.keys() & submitted:
        raise Refused(["Tick the fields to revert to their published values."])
    for token in addresses_by_token:
        _require_allowed(permissions.may_revert_record(request.user, seen[token][0]))
    with transaction.atomic():
        for token, addresses in addresses_by_token.items():
            record, version = seen[token]
            reason = posted_text(request, "answer")
            workflow.revert_to_published(record, addresses, by=request.user, version=version, reason=reason)
    number = sum(map(len, addresses_by_token.values()))
    outcome = "field was reverted to its published value" if number == 1 else "fields were reverted to their published values"
    messages.success(request, f"{number} {outcome}.")
    return HttpResponseRedirect(submission_page_url(submission))


def _mark_submission_checked(request, submission):
    _require_allowed(permissions.may_review_submissions(request.user))
    direct_publication.complete_pending_check(submission, by=request.user)
    return _redirect_to_next_submission(request, "Marked as checked.")


SUBMISSION_ACTIONS: dict[str, Callable[[Any, Submission], Any]] = {
    "assign": _assign_submission,
    "unassign": _unassign_submission,
    "comment": _comment_on_submission,
    "send-back": _send_submission_back,
    "recall": _recall_submission,
    "publish": _publish_submission,
    "add": _add_records_to_submission,
    "revert": _revert_ticked_fields,
    "check": _mark_submission_checked,
}


def _require_allowed(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def _posted_comments(request) -> list[NewComment]:
    """Return the comments of a form: `comment:` is on the submission, `comment:commitment/12:summary` on a field."""
    texts = {key: text for key in request.POST if key.startswith("comment:") and (text := posted_text(request, key))}
    targets = {key: key.split(":", 2)[1:] for key in texts}
    tokens = (target[0] for target in targets.values() if target[0])
    records = {record_token(record): record for record in records_by_token(tokens)}
    comments = []
    for key, (token, *address) in targets.items():
        if token and token not in records:
            raise Refused(
                [f"Your comment “{texts[key]}” is on a record that has been deleted: comment on the submission instead"]
            )
        comments.append(NewComment(texts[key], records.get(token), address[0] if address else ""))
    return comments


def _redirect_to_next_submission(request, message: str):
    """Redirect to the next submission that waits, or to the queue if none does, with a message about what was done."""
    messages.success(request, message)
    following = queues.submissions_waiting_for(request.user).first()
    page = submission_page_url(following) if following else reverse("admin:publishing_submission_changelist")
    return HttpResponseRedirect(page)


# The page


def _get_submission(pk: int) -> Submission:
    submission = Submission.objects.select_related(*_USER_RELATIONS).prefetch_related("records").filter(pk=pk).first()
    if submission is None:
        raise Http404
    return submission


def _submission_page(request, submission: Submission, refusal: Refused | None = None):
    user, form_data = request.user, request.POST if refusal else {}
    records = submission_state_changes.records_of_submission(submission)
    _require_allowed(permissions.may_view_records(user, records))
    is_waiting = submission.state == ReviewState.WAITING
    groups = group_quotes_with_records(records)
    page = Paginator(groups, RECORDS_PER_PAGE).get_page(request.GET.get("p"))
    page_records = [record for group in page for record in group]
    pending_records = _pending_or_released_changes(submission, page_records)
    all_comments = list(comments_for_review(submission, user))
    comments = record_cards.comments_by_field(all_comments)
    sent_records = {(sent.kind, sent.record): sent for sent in submission.records.all()}
    may_review = is_waiting and permissions.may_review_submissions(user)
    may_comment = is_waiting and permissions.may_comment_on(user, submission)
    may_check = _may_check_afterwards(user, submission)
    authored = submission_checks.records_authored_by(pending_records, user) if is_waiting else []
    template = "desk/review/field_actions.html" if may_comment else "desk/review/comments.html"
    cards = record_cards.build_record_cards(pending_records, user, records, template)
    for card in cards:
        _complete_card(card, sent_records[card.kind, card.record.pk], comments, form_data, is_waiting)
    entries = [
        _record_list_line(record, sent_records, is_waiting, position, record is not group[0])
        for position, group in enumerate(groups)
        for record in group
    ]
    context = record_cards.review_context(request, "Review") | {
        "submission": submission,
        "is_waiting": is_waiting,
        "entries": entries,
        "listed_entries": [entry for entry in entries if entry["is_listed"]],
        # A single record needs no list, nor do the documents beside it, which are a line each.
        "has_record_list": page.has_other_pages()
        or sum(entry["is_listed"] and entry["kind"] != "document" for entry in entries) > 1,
        "quote_count": sum(entry["kind"] == "quote" for entry in entries),
        "cards": cards,
        "layout": lay_out_cards(cards, user),
        "comment_labels": labels_of_addresses(comment.field for comment in all_comments),
        "page": page,
        "comments": comments.get("", {}).get("", []),
        "authored": authored,
        "refusal": refusal,
        "changes_since": record_cards.describe_changes_since(refusal.records, posted_opening_time(form_data))
        if isinstance(refusal, Stale)
        else [],
        "typed": form_data,
        "may_review": may_review,
        "may_publish": may_review and permissions.may_publish_records(user) and not authored,
        "may_recall": is_waiting and permissions.may_take_back_submission(user, submission),
        "may_comment": may_comment,
        "send_again": publish_page_url(records) if _may_send_again(user, submission, records) else "",
        "may_check": may_check,
        "is_mine": submission.taken_by_id == user.pk,
        "is_assigned": queues.has_reviewer_now(submission),
        "is_overdue": is_waiting and submission.due_on is not None and submission.due_on < timezone.now().date(),
        "may_unassign": user.pk in (submission.taken_by_id, submission.assigned_by_id),
        "reviewers": list(people_who_may_review(MOST_REVIEWERS_OFFERED)) if may_review else [],
        **(_blocker_context(page_records, records) if is_waiting else {}),
        **(doubts_context(records, request.POST if refusal else None) if is_waiting or may_check else {}),
        **(_neighbour_urls(user, submission) if may_review else {}),
    }
    return TemplateResponse(request, "desk/review/submission.html", context, status=409 if refusal else 200)


def _complete_card(card: record_cards.RecordCard, sent, comments: dict, form_data: Mapping[str, str], is_waiting: bool) -> None:
    """Add to `card` its comments and, while the submission waits, what changed since its record was `sent`."""
    # Quotes may have changed since the decision, which is not the concern of its page.
    card.outdated_quotes = card.outdated_quotes if is_waiting else []
    differs = sent.version != card.record.version and sent.fingerprint != card.pending.difference.after.fingerprint
    card.changed_since_sent = is_waiting and differs
    card.comments = comments.get(card.name, {})
    prefix = f"comment:{card.name}:"
    card.typed = {key.removeprefix(prefix): text for key, text in form_data.items() if key.startswith(prefix)}


def _pending_or_released_changes(submission: Submission, records: list[Curated]) -> list[PendingChanges]:
    """Return the changes of `records` that wait or, for a published submission, those that were published with it."""
    return find_changes_released_with(submission.release, records) if submission.release else find_pending_changes(records)


def _record_list_line(record: Curated, sent_records: dict, is_waiting: bool, index: int, is_evidence: bool) -> dict:
    sent = sent_records[public_kind(record), record.pk]
    differs = is_waiting and sent.version != record.version
    return {
        "record": record,
        "name": record_token(record),
        "kind": public_kind(record),
        "seen": version_token(record),
        "changed_since_sent": differs,
        "is_listed": differs or not is_evidence,
        "page": index // RECORDS_PER_PAGE + 1,
    }


def _blocker_context(page_records: list[Curated], records: list[Curated]) -> dict:
    """Return what blocks the records of this page, and the unpublished records that they depend on beyond the submission."""
    reasons, dependencies = check_publishable(page_records, assumed_public=records)
    problems = problems_with_record_names(reasons)
    return {
        "problems": problems,
        "blocking_count": len(problems) + len(dependencies),
        "missing_dependencies": [(record_token(record), public_kind(record), record) for record in dependencies],
    }


def _may_check_afterwards(user, submission: Submission) -> bool:
    is_unchecked = submission.unreviewed and submission.checked_at is None
    is_author = user.pk in (submission.submitted_by_id, submission.decided_by_id)
    return is_unchecked and permissions.may_review_submissions(user) and not is_author


def _may_send_again(user, submission: Submission, records: list[Curated]) -> bool:
    is_returned = submission.state in (ReviewState.SENT_BACK, ReviewState.TAKEN_BACK)
    return is_returned and bool(records) and permissions.may_submit_records(user, records)


def _neighbour_urls(user, submission: Submission) -> dict:
    """Return the addresses of the waiting submissions before and after this one, '' where there is none."""
    pks = list(queues.submissions_waiting_for(user).values_list("pk", flat=True)[:MAX_NEIGHBOURS])
    at = pks.index(submission.pk) if submission.pk in pks else -1

    def neighbour_url(index: int) -> str:
        return reverse("admin:publishing_submission_change", args=[pks[index]]) if 0 <= index < len(pks) and index != at else ""

    return {"before": neighbour_url(at - 1) if at > 0 else "", "after": neighbour_url(at + 1)}
