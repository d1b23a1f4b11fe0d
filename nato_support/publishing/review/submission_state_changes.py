"""Records of a submission: entering and reading them, locking a waiting submission and closing it with an outcome."""

from django.utils import timezone

from entities.models import Curated
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.vocabulary import ReviewState, Status
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from nato_support.publishing.publication import lock_records, set_status
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review.pending_changes import find_pending_changes
from nato_support.publishing.review.submission_checks import name_of_user
from nato_support.publishing.teamwork.notifying import close_notifications_of_review


def records_of_submission(submission: Submission) -> list[Curated]:
    """Return the existing records of a submission, in the order in which they were sent. One query for each kind."""
    entries = list(submission.records.all())
    keys: dict[str, list[int]] = {}
    for entry in entries:
        keys.setdefault(entry.kind, []).append(entry.record)
    records_by_key = {
        (kind, pk): record for kind, pks in keys.items() for pk, record in model_for_kind(kind).objects.in_bulk(pks).items()
    }
    return [records_by_key[entry.kind, entry.record] for entry in entries if (entry.kind, entry.record) in records_by_key]


def lock_waiting_submission(submission: Submission) -> Submission:
    """Lock a submission until the transaction ends. Refuses one that was decided."""
    lock_rows([(Submission, submission.pk)])
    locked_submission = Submission.objects.select_related("decided_by", "taken_by").get(pk=submission.pk)
    if locked_submission.state != ReviewState.WAITING:
        when = f" on {locked_submission.decided_at:%-d %B %Y, %H:%M}" if locked_submission.decided_at else ""
        outcome = f"{name_of_user(locked_submission.decided_by)} has decided this already"
        raise Refused([f"{outcome}: it was {locked_submission.get_state_display()}{when}"])
    return locked_submission


def add_records_to_submission(
    submission: Submission, records: list[Curated], by, status: Status | None = Status.IN_REVIEW
) -> None:
    if status:
        set_status([record for record in records if record.status == Status.DRAFT], status, by, submission.note)
    fingerprints = [pending.difference.after.fingerprint for pending in find_pending_changes(records)]
    SubmittedRecord.objects.bulk_create(
        SubmittedRecord(
            submission=submission, kind=public_kind(record), record=record.pk, version=record.version, fingerprint=fingerprint
        )
        for record, fingerprint in zip(records, fingerprints, strict=True)
    )


def close_submission(submission: Submission, state: ReviewState, by, answer: str) -> None:
    if state != ReviewState.PUBLISHED:
        waiting = [record for record in lock_records(records_of_submission(submission)) if record.status == Status.IN_REVIEW]
        set_status(waiting, Status.DRAFT, by, answer)
    submission.records.update(open=False)
    submission.state, submission.answer = state, answer
    submission.decided_by, submission.decided_at = by, timezone.now()
    submission.save()
    close_notifications_of_review(submission)
