"""Publication and withdrawal without a submission for review, each in one transaction, and the check that may stay pending.

A publication is recorded as a submission that is published at once. Raises Refused with sentences when nothing is changed.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from entities.models import Curated, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.vocabulary import Action, ReviewState
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import publish, withdraw
from nato_support.publishing.review import queues
from nato_support.publishing.review.pending_changes import find_pending_changes
from nato_support.publishing.review.submission_checks import (
    ReviewedVersions,
    already_in_review_problems,
    already_public_problem,
    lock_existing_records,
    refuse_authors,
    refuse_content_outside_history,
    refuse_stale,
    require_text,
)
from nato_support.publishing.review.submission_state_changes import (
    add_records_to_submission,
    close_submission,
    lock_waiting_submission,
)


def publish_unsubmitted(
    records: Iterable[Curated], *, by, versions: ReviewedVersions, note: str = "", reason: str = ""
) -> Submission:
    """Publish `records` that nobody sent for review and that are the work of others."""
    return _publish_directly(records, by=by, versions=versions, note=note, reason=reason, unreviewed=False)


def publish_unreviewed(records: Iterable[Curated], *, by, versions: ReviewedVersions, reason: str, note: str = "") -> Submission:
    """Publish own work without review, for a written reason; a check stays pending until somebody else has looked."""
    require_text(reason, "Write down why this cannot wait for another pair of eyes.")
    return _publish_directly(records, by=by, versions=versions, note=note, reason=reason, unreviewed=True)


def _publish_directly(
    records: Iterable[Curated], *, by, versions: ReviewedVersions, note: str, reason: str, unreviewed: bool
) -> Submission:
    with change_set(by=by, action=Action.PUBLISH, reason=note or reason), transaction.atomic():
        current = lock_existing_records(records)
        if problems := already_in_review_problems(current):
            raise Refused(problems)
        changes = find_pending_changes(current)
        if not any(pending.difference for pending in changes):
            raise Refused([already_public_problem(pending.record) for pending in changes])
        refuse_stale(current, versions)
        if not unreviewed:
            refuse_authors(changes, by)
        refuse_content_outside_history(changes)
        submission = Submission.objects.create(note=reason, submitted_by=by, unreviewed=unreviewed)
        add_records_to_submission(submission, current, by, status=None)
        submission.release = publish(current, by=by, reason=reason, note=note, versions=versions)
        if submission.release is None:
            raise Refused([already_public_problem(record) for record in current])
        close_submission(submission, ReviewState.PUBLISHED, by, "")
        return submission


def complete_pending_check(submission: Submission, *, by) -> None:
    """Complete the pending check of what was published without review."""
    with transaction.atomic():
        locked_submission = Submission.objects.select_for_update().get(pk=submission.pk)
        if not locked_submission.unreviewed or locked_submission.checked_at:
            raise Refused(["There is nothing left to check here"])
        if by in (locked_submission.submitted_by, locked_submission.decided_by):
            raise Refused(["You published it yourself: somebody else has to check it"])
        locked_submission.checked_by, locked_submission.checked_at = by, timezone.now()
        locked_submission.save(update_fields=["checked_by", "checked_at"])


def withdraw_with_reason(records: Iterable[Curated], *, by, versions: ReviewedVersions, reason: str, note: str = "") -> None:
    """Withdraw `records` for a written reason; submissions that contain them go back."""
    require_text(reason, "Write down why it is withdrawn.")
    with change_set(by=by, action=Action.WITHDRAW, reason=note or reason), transaction.atomic():
        requested_records = list(records)
        # Submissions are locked before their records, as everywhere, so that no deadlock can arise.
        lock_rows((Submission, waiting.pk) for waiting in queues.waiting_submissions_by_record(requested_records).values())
        current = lock_existing_records(requested_records)
        refuse_stale(current, versions)
        if withdraw(current, by=by, reason=reason, note=note, versions=versions) is None:
            raise Refused(["It is not public: there is nothing to withdraw"])
        for submission in {waiting.pk: waiting for waiting in queues.waiting_submissions_by_record(current).values()}.values():
            close_submission(lock_waiting_submission(submission), ReviewState.SENT_BACK, by, f"Withdrawn: {reason}")
