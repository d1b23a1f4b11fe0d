"""Review workflow: the operations on records sent for review, each a function and one transaction.

Every operation raises Refused with sentences when it changes nothing. Authors of values that the public does not see yet do
not publish them, unless settings.REVIEW_BY_ANOTHER is off; `direct_publication.publish_unreviewed` is the exception.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from entities.history.reverting import revert_record
from entities.models import Curated, change_set
from entities.refusals import Refused
from entities.vocabulary import Action, ReviewState
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.notifications import NotificationReason
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import publish
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import permissions, queues
from nato_support.publishing.review.pending_changes import PendingChanges, find_pending_changes
from nato_support.publishing.review.submission_checks import (
    ReviewedVersions,
    already_in_review_problems,
    already_public_problem,
    lock_existing_records,
    name_of_user,
    record_title,
    refuse_authors,
    refuse_content_changed_behind_version,
    refuse_deleted_records,
    refuse_stale,
    require_text,
)
from nato_support.publishing.review.submission_state_changes import (
    add_records_to_submission,
    close_submission,
    lock_waiting_submission,
    records_of_submission,
)
from nato_support.publishing.row_checks import check_record
from nato_support.publishing.teamwork import assigning, comment_threads
from nato_support.publishing.teamwork.notifying import close_assignment_notifications, notify, notify_reviewers


class NewComment(NamedTuple):
    """A comment to be saved: on a record, and there on a field or row such as `summary` or `entities.name/17/text`."""

    text: str
    record: Curated | None = None
    field: str = ""


def submit_records(records: Iterable[Curated], *, by, note: str, versions: ReviewedVersions | None = None) -> Submission:
    """Send `records` for review together. Refuses records in review already, without changes, or invalid."""
    require_text(note, "Say in a sentence what was done and why: the reviewer reads it first.")
    with change_set(by=by, action=Action.SUBMIT, reason=note), transaction.atomic():
        current = lock_existing_records(records)
        changes = find_pending_changes(current)
        # The name of whoever did it meanwhile says more than a stale version.
        if problems := already_in_review_problems(current) + [
            already_public_problem(pending.record) for pending in changes if not pending.difference
        ]:
            raise Refused(problems)
        refuse_stale(current, versions)
        problems = [str(problem) for record in current for problem in check_record(record)]
        if problems or not current:
            raise Refused(problems or ["Choose the records to send for review."])
        submission = Submission.objects.create(note=note, submitted_by=by)
        add_records_to_submission(submission, current, by)
        notify_reviewers(submission, by=by, authors={author for pending in changes for author in pending.authors})
        return submission


def add_to_submission(submission: Submission, records: Iterable[Curated], *, by) -> None:
    """Add `records` to a waiting submission, such as those that its records depend on."""
    with change_set(by=by, action=Action.SUBMIT, reason=submission.note), transaction.atomic():
        lock_waiting_submission(submission)
        current = lock_existing_records(records)
        if not current:
            raise Refused(["Choose the records to add to this submission."])
        if problems := already_in_review_problems(current):
            raise Refused(problems)
        add_records_to_submission(submission, current, by)


def assign_submission(submission: Submission, *, by, to=None, due_on: date | None = None) -> None:
    """Assign a submission to `to`, or to `by`, and set the day by which it should be reviewed.

    Refuses authors of its records, people who may not review, and submissions that somebody else has taken.
    """
    reviewer = to or by
    with transaction.atomic():
        locked_submission = lock_waiting_submission(submission)
        if not (reviewer.is_active and permissions.may_review_submissions(reviewer)):
            raise Refused([f"{name_of_user(reviewer)} may not review"])
        refuse_authors(find_pending_changes(records_of_submission(locked_submission)), reviewer, by=by)
        taken_by_another = queues.has_reviewer_now(locked_submission) and locked_submission.taken_by not in (by, reviewer)
        if taken_by_another and locked_submission.assigned_by != by:
            raise Refused([f"{name_of_user(locked_submission.taken_by)} has already taken it"])
        assigning.refuse_past_day(due_on)
        locked_submission.taken_by, locked_submission.taken_at = reviewer, timezone.now()
        locked_submission.assigned_by, locked_submission.due_on = by, due_on
        locked_submission.save(update_fields=["taken_by", "taken_at", "assigned_by", "due_on"])
        close_assignment_notifications(submission=locked_submission)
        notify([reviewer], NotificationReason.ASSIGNED, by=by, submission=locked_submission, due_on=due_on)


def unassign_submission(submission: Submission, *, by) -> None:
    """Return a submission to all reviewers."""
    with transaction.atomic():
        locked_submission = lock_waiting_submission(submission)
        if by not in (locked_submission.taken_by, locked_submission.assigned_by):
            raise Refused(["It is not assigned to you"])
        locked_submission.taken_by = locked_submission.taken_at = locked_submission.assigned_by = locked_submission.due_on = None
        locked_submission.save(update_fields=["taken_by", "taken_at", "assigned_by", "due_on"])
        close_assignment_notifications(submission=locked_submission)


def add_comments(submission: Submission, comments: Iterable[NewComment], *, by) -> None:
    """Save comments on a submission, its records or their fields. Refuses comments on anything else."""
    with transaction.atomic():
        _save_comments(submission, comments, by)


def send_back_submission(submission: Submission, *, by, answer: str, comments: Iterable[NewComment] = ()) -> None:
    """Ask the sender for changes. The records become drafts again, or public with pending changes."""
    require_text(answer, "Say what should change: whoever sent it sees this first.")
    with change_set(by=by, action=Action.SEND_BACK, reason=answer), transaction.atomic():
        locked_submission = lock_waiting_submission(submission)
        _save_comments(locked_submission, comments, by)
        close_submission(locked_submission, ReviewState.SENT_BACK, by, answer)
        author = [locked_submission.submitted_by] if locked_submission.submitted_by else []
        notify(author, NotificationReason.SENT_BACK, by=by, submission=locked_submission)


def revert_to_published(record: Curated, addresses: Iterable[str], *, by, version: int, reason: str = "") -> None:
    """Revert single fields and rows of `record` to what the public sees; rows that it does not see are deleted.

    Raises Stale if the record is not in `version`, and Refused for addresses that do not differ.
    """
    chosen_addresses = set(addresses)
    (pending,) = find_pending_changes([record])
    published = pending.difference.before
    if published.values is None:
        raise Refused([f"The public sees nothing of {record_title(record)} yet: there is nothing to revert"])
    if not chosen_addresses or chosen_addresses - _addresses_of_fields(pending):
        raise Refused([f"Choose what to revert in {record_title(record)}: fields and rows that differ from the public ones"])
    added_addresses = {change.row.address for change in pending.difference.rows if change.before is None}
    revert_record(
        record,
        published,
        addresses=chosen_addresses - added_addresses,
        rows_to_remove=chosen_addresses & added_addresses,
        by=by,
        expected_version=version,
        reason=reason,
    )


def take_back_submission(submission: Submission, *, by, reason: str = "") -> None:
    """Close a review without an outcome, for its sender or for a reviewer who is one of its authors."""
    with change_set(by=by, action=Action.TAKE_BACK, reason=reason), transaction.atomic():
        close_submission(lock_waiting_submission(submission), ReviewState.TAKEN_BACK, by, reason)


def publish_after_review(
    submission: Submission, *, by, versions: ReviewedVersions, note: str = "", reason: str = ""
) -> Submission:
    """Publish the records of a submission together, in exactly these `versions`.

    Refuses authors, other versions, content that was not reviewed, and whatever `publish` refuses.
    """
    with change_set(by=by, action=Action.PUBLISH, reason=note or reason or submission.note), transaction.atomic():
        locked_submission = lock_waiting_submission(submission)
        current = lock_existing_records(records_of_submission(locked_submission))
        refuse_deleted_records(locked_submission, current)
        refuse_stale(current, versions)
        changes = find_pending_changes(current)
        refuse_authors(changes, by)
        refuse_content_changed_behind_version(locked_submission, changes)
        locked_submission.release = publish(current, by=by, reason=reason or locked_submission.note, note=note, versions=versions)
        close_submission(locked_submission, ReviewState.PUBLISHED, by, reason)
        return locked_submission


def mark_outcome_seen(submission: Submission, *, by) -> None:
    """Note that the sender has seen the outcome."""
    if submission.submitted_by == by and submission.state != ReviewState.WAITING and submission.outcome_seen_at is None:
        Submission.objects.filter(pk=submission.pk).update(outcome_seen_at=timezone.now())


def _save_comments(submission: Submission, comments: Iterable[NewComment], by) -> None:
    filled_comments = [comment for comment in comments if comment.text.strip()]
    record_keys = {(entry.kind, entry.record) for entry in submission.records.all()}
    commented_records = {comment.record for comment in filled_comments if comment.record}
    if any((public_kind(record), record.pk) not in record_keys for record in commented_records):
        raise Refused(["A comment is about a record that is not in this submission"])
    addresses_by_record = {entry.record: _addresses_of_fields(entry) for entry in find_pending_changes(commented_records)}
    if any(
        comment.field and (comment.record is None or comment.field not in addresses_by_record[comment.record])
        for comment in filled_comments
    ):
        raise Refused(["A comment is about a field or row that the record does not have"])
    for comment in filled_comments:
        kind, key = (public_kind(comment.record), comment.record.pk) if comment.record else ("", None)
        unsaved = Comment(submission=submission, kind=kind, record=key, field=comment.field, text=comment.text, said_by=by)
        comment_threads.save_comment(unsaved)


def _addresses_of_fields(pending: PendingChanges) -> set[str]:
    """Return the address of every field, row and field of a row that the record has or had."""
    sides = (pending.difference.before, pending.difference.after)
    return {address for side in sides for address in comment_threads.addresses_in(side)}
