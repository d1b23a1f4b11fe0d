"""Review workflow: the operations on records sent for review, each a function and one transaction.

Every operation raises Refused with sentences when it changes nothing. Authors of values that the public does not see yet do
not publish them, unless settings.REVIEW_BY_ANOTHER is off; `publish_unreviewed` is the exception, and leaves a pending check.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from entities.history.record_snapshots import take_snapshot
from entities.history.reverting import revert_record
from entities.models import Curated, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused, Stale
from entities.vocabulary import Action, ReviewState, Status
from nato_support.publishing.models.submissions import Comment, Submission, SubmittedRecord
from nato_support.publishing.publication import lock_records, publish, set_status, withdraw
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import queues
from nato_support.publishing.review.pending_changes import PendingChanges, find_pending_changes
from nato_support.publishing.row_checks import check_record

ReviewedVersions = Mapping[Curated, int]
"""Record -> its version on the page from which somebody acts."""


class NewComment(NamedTuple):
    """A comment to be saved: on a record, and there on a field or row such as `summary` or `entities.name/17/text`."""

    text: str
    record: Curated | None = None
    field: str = ""


def submit_records(records: Iterable[Curated], *, by, note: str, versions: ReviewedVersions | None = None) -> Submission:
    """Send `records` for review together. Refuses records in review already, without changes, or invalid."""
    _require_text(note, "Say in a sentence what was done and why: the reviewer reads it first.")
    with change_set(by=by, action=Action.SUBMIT, reason=note), transaction.atomic():
        current = _lock_existing_records(records)
        # The name of whoever did it meanwhile says more than a stale version.
        if problems := _already_in_review_problems(current) + [
            _already_public_problem(pending.record) for pending in find_pending_changes(current) if not pending.difference
        ]:
            raise Refused(problems)
        _refuse_stale(current, versions)
        problems = [str(problem) for record in current for problem in check_record(record)]
        if problems or not current:
            raise Refused(problems or ["Nothing was chosen."])
        submission = Submission.objects.create(note=note, submitted_by=by)
        _enter_records(submission, current, by)
        return submission


def add_to_submission(submission: Submission, records: Iterable[Curated], *, by) -> None:
    """Add `records` to a waiting submission, such as those that its records depend on."""
    with change_set(by=by, action=Action.SUBMIT, reason=submission.note), transaction.atomic():
        _lock_waiting_submission(submission)
        current = _lock_existing_records(records)
        if problems := _already_in_review_problems(current):
            raise Refused(problems)
        _enter_records(submission, current, by)


def assign_to_reviewer(submission: Submission, *, by) -> None:
    """Assign a submission to `by`. Refuses authors, and submissions that somebody else has taken."""
    with transaction.atomic():
        locked_submission = _lock_waiting_submission(submission)
        _refuse_authors(find_pending_changes(records_of_submission(locked_submission)), by)
        if (
            locked_submission.taken_by not in (None, by)
            and locked_submission.taken_at
            and locked_submission.taken_at > queues.assignment_expiry()
        ):
            raise Refused([f"{_name_of_user(locked_submission.taken_by)} took it already"])
        locked_submission.taken_by, locked_submission.taken_at = by, timezone.now()
        locked_submission.save(update_fields=["taken_by", "taken_at"])


def unassign_reviewer(submission: Submission, *, by) -> None:
    """Return a submission to all reviewers."""
    with transaction.atomic():
        locked_submission = _lock_waiting_submission(submission)
        if locked_submission.taken_by != by:
            raise Refused(["You have not taken it"])
        locked_submission.taken_by = locked_submission.taken_at = None
        locked_submission.save(update_fields=["taken_by", "taken_at"])


def add_comments(submission: Submission, comments: Iterable[NewComment], *, by) -> None:
    """Save comments on a submission, its records or their fields. Refuses comments on anything else."""
    with transaction.atomic():
        _save_comments(submission, comments, by)


def send_back_submission(submission: Submission, *, by, answer: str, comments: Iterable[NewComment] = ()) -> None:
    """Ask the sender for changes. The records become drafts again, or public with pending changes."""
    _require_text(answer, "Say what should change: whoever sent it sees this first.")
    with change_set(by=by, action=Action.SEND_BACK, reason=answer), transaction.atomic():
        locked_submission = _lock_waiting_submission(submission)
        _save_comments(locked_submission, comments, by)
        _close_submission(locked_submission, ReviewState.SENT_BACK, by, answer)


def revert_to_published(record: Curated, addresses: Iterable[str], *, by, version: int, reason: str = "") -> None:
    """Revert single fields and rows of `record` to what the public sees; rows that it does not see are deleted.

    Raises Stale if the record is not in `version`, and Refused for addresses that do not differ.
    """
    chosen_addresses = set(addresses)
    (pending,) = find_pending_changes([record])
    published = pending.difference.before
    if published.values is None:
        raise Refused([f"The public sees nothing of {_record_title(record)} yet: there is nothing to put back"])
    if not chosen_addresses or chosen_addresses - _addresses_of_fields(pending):
        raise Refused(["Choose what to put back: fields and rows that differ"])
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
        _close_submission(_lock_waiting_submission(submission), ReviewState.TAKEN_BACK, by, reason)


def publish_after_review(
    submission: Submission, *, by, versions: ReviewedVersions, note: str = "", reason: str = ""
) -> Submission:
    """Publish the records of a submission together, in exactly these `versions`.

    Refuses authors, other versions, content that was not reviewed, and whatever `publish` refuses.
    """
    with change_set(by=by, action=Action.PUBLISH, reason=note or reason or submission.note), transaction.atomic():
        locked_submission = _lock_waiting_submission(submission)
        current = _lock_existing_records(records_of_submission(locked_submission), len(locked_submission.records.all()))
        _refuse_stale(current, versions)
        changes = find_pending_changes(current)
        _refuse_authors(changes, by)
        _as_reviewed(locked_submission, changes)
        locked_submission.release = publish(current, by=by, reason=reason or locked_submission.note, note=note, versions=versions)
        _close_submission(locked_submission, ReviewState.PUBLISHED, by, reason)
        return locked_submission


def publish_unsubmitted(
    records: Iterable[Curated], *, by, versions: ReviewedVersions, note: str = "", reason: str = ""
) -> Submission:
    """Publish `records` that nobody sent for review and that are the work of others."""
    return _publish_directly(records, by=by, versions=versions, note=note, reason=reason, unreviewed=False)


def publish_unreviewed(records: Iterable[Curated], *, by, versions: ReviewedVersions, reason: str, note: str = "") -> Submission:
    """Publish own work without review, for a written reason; a check stays pending until somebody else has looked."""
    _require_text(reason, "Write down why this cannot wait for another pair of eyes.")
    return _publish_directly(records, by=by, versions=versions, note=note, reason=reason, unreviewed=True)


def _publish_directly(
    records: Iterable[Curated], *, by, versions: ReviewedVersions, note: str, reason: str, unreviewed: bool
) -> Submission:
    with change_set(by=by, action=Action.PUBLISH, reason=note or reason), transaction.atomic():
        current = _lock_existing_records(records)
        if problems := _already_in_review_problems(current):
            raise Refused(problems)
        changes = find_pending_changes(current)
        if not any(pending.difference for pending in changes):
            raise Refused([_already_public_problem(pending.record) for pending in changes])
        _refuse_stale(current, versions)
        if not unreviewed:
            _refuse_authors(changes, by)
        _as_history_tells(changes)
        submission = Submission.objects.create(note=reason, submitted_by=by, unreviewed=unreviewed)
        _enter_records(submission, current, by, status=None)
        submission.release = publish(current, by=by, reason=reason, note=note, versions=versions)
        if submission.release is None:
            raise Refused([_already_public_problem(record) for record in current])
        _close_submission(submission, ReviewState.PUBLISHED, by, "")
        return submission


def complete_pending_check(submission: Submission, *, by) -> None:
    """Complete the pending check of what was published without review."""
    with transaction.atomic():
        locked_submission = Submission.objects.select_for_update().get(pk=submission.pk)
        if not locked_submission.unreviewed or locked_submission.checked_at:
            raise Refused(["There is nothing left to check here"])
        if by in (locked_submission.submitted_by, locked_submission.decided_by):
            raise Refused(["You let it through yourself: somebody else has to look at it"])
        locked_submission.checked_by, locked_submission.checked_at = by, timezone.now()
        locked_submission.save(update_fields=["checked_by", "checked_at"])


def withdraw_with_reason(records: Iterable[Curated], *, by, versions: ReviewedVersions, reason: str, note: str = "") -> None:
    """Withdraw `records` for a written reason; submissions that contain them go back."""
    _require_text(reason, "Write down why it is withdrawn.")
    with change_set(by=by, action=Action.WITHDRAW, reason=note or reason), transaction.atomic():
        requested_records = list(records)
        # Submissions are locked before their records, as everywhere, so that no deadlock can arise.
        lock_rows((Submission, waiting.pk) for waiting in queues.waiting_submissions_by_record(requested_records).values())
        current = _lock_existing_records(requested_records)
        _refuse_stale(current, versions)
        if withdraw(current, by=by, reason=reason, note=note, versions=versions) is None:
            raise Refused(["Nothing of it is public: there is nothing to withdraw"])
        for submission in {waiting.pk: waiting for waiting in queues.waiting_submissions_by_record(current).values()}.values():
            _close_submission(_lock_waiting_submission(submission), ReviewState.SENT_BACK, by, f"Withdrawn: {reason}")


def mark_outcome_seen(submission: Submission, *, by) -> None:
    """Note that the sender has seen the outcome."""
    if submission.submitted_by == by and submission.state != ReviewState.WAITING and submission.outcome_seen_at is None:
        Submission.objects.filter(pk=submission.pk).update(outcome_seen_at=timezone.now())


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


def records_authored_by(changes: Iterable[PendingChanges], user) -> list[Curated]:
    """Return the records that `user` may not publish as one of their authors."""
    return [pending.record for pending in changes if user.pk in pending.authors] if settings.REVIEW_BY_ANOTHER else []


def _refuse_authors(changes: list[PendingChanges], by) -> None:
    if authored := records_authored_by(changes, by):
        names = ", ".join(_record_title(record) for record in authored[:5])
        raise Refused([f"You wrote part of this yourself ({names}): somebody else has to review it"])


def _lock_waiting_submission(submission: Submission) -> Submission:
    """Lock a submission until the transaction ends. Refuses one that was decided."""
    lock_rows([(Submission, submission.pk)])
    locked_submission = Submission.objects.select_related("decided_by", "taken_by").get(pk=submission.pk)
    if locked_submission.state != ReviewState.WAITING:
        when = f" on {locked_submission.decided_at:%-d %B %Y, %H:%M}" if locked_submission.decided_at else ""
        outcome = f"{_name_of_user(locked_submission.decided_by)} has decided this already"
        raise Refused([f"{outcome}: it was {locked_submission.get_state_display()}{when}"])
    return locked_submission


def _lock_existing_records(records: Iterable[Curated], expected: int = 0) -> list[Curated]:
    """Lock `records` until the transaction ends and load them. Refuses if one of them was deleted."""
    requested_records = list(records)
    current = lock_records(requested_records)
    if len(current) < max(len(requested_records), expected):
        raise Refused(["One of these records was deleted meanwhile: look at the page again"])
    return current


def _refuse_stale(current: list[Curated], seen: ReviewedVersions | None) -> None:
    """Raise Stale if a record is not in the version that was reviewed."""
    if seen is not None:
        reviewed_versions = {(public_kind(record), record.pk): version for record, version in seen.items()}
        stale_records = [
            record for record in current if reviewed_versions.get((public_kind(record), record.pk)) != record.version
        ]
        if stale_records:
            raise Stale(
                [f"{_record_title(record)} changed since you opened this page: look at it again" for record in stale_records],
                records=stale_records,
            )


def _as_reviewed(submission: Submission, changes: Collection[PendingChanges]) -> None:
    """Refuse content that nobody reviewed, whatever its version says.

    A reviewer's page shows what the history has, and a record still in the version in which it was sent holds what it held then.
    """
    entries_by_key = {(entry.kind, entry.record): entry for entry in submission.records.all()}
    _as_history_tells(changes)
    problems = []
    for pending in changes:
        entry = entries_by_key[public_kind(pending.record), pending.record.pk]
        if entry.version == pending.record.version and entry.fingerprint != pending.difference.after.fingerprint:
            problems.append(
                f"{_record_title(pending.record)} does not hold what was sent for review: take it back and send it again"
            )
    if problems:
        raise Refused(problems)


def _as_history_tells(changes: Iterable[PendingChanges]) -> None:
    """Refuse content that differs from the history, which is what a page shows before anybody publishes."""
    problems = [
        f"{_record_title(pending.record)} holds what its history does not tell, so nobody has seen it: save it again"
        for pending in changes
        if take_snapshot(pending.record).fingerprint != pending.difference.after.fingerprint
    ]
    if problems:
        raise Refused(problems)


def _already_public_problem(record: Curated) -> str:
    """Say that there is nothing to publish, and who published it."""
    newest_submission = queues.newest_submission_of(record)
    was_published = (
        newest_submission is not None and newest_submission.state == ReviewState.PUBLISHED and newest_submission.decided_at
    )
    suffix = (
        f", {_name_of_user(newest_submission.decided_by)} published it on {newest_submission.decided_at:%-d %b %Y, %H:%M}"
        if newest_submission and was_published
        else ""
    )
    return f"{_record_title(record)}: the public sees just this already{suffix}"


def _already_in_review_problems(records: Iterable[Curated]) -> list[str]:
    all_records = list(records)
    waiting = queues.waiting_submissions_by_record(all_records)
    return [
        f"{_record_title(record)} is in review already, sent by {_name_of_user(submission.submitted_by)}:"
        " take it back first, or decide it there"
        for record in all_records
        if (submission := waiting.get((public_kind(record), record.pk)))
    ]


def _enter_records(submission: Submission, records: list[Curated], by, status: Status | None = Status.IN_REVIEW) -> None:
    if status:
        set_status([record for record in records if record.status == Status.DRAFT], status, by, submission.note)
    fingerprints = [pending.difference.after.fingerprint for pending in find_pending_changes(records)]
    SubmittedRecord.objects.bulk_create(
        SubmittedRecord(
            submission=submission, kind=public_kind(record), record=record.pk, version=record.version, fingerprint=fingerprint
        )
        for record, fingerprint in zip(records, fingerprints, strict=True)
    )


def _close_submission(submission: Submission, state: ReviewState, by, answer: str) -> None:
    if state != ReviewState.PUBLISHED:
        waiting = [record for record in lock_records(records_of_submission(submission)) if record.status == Status.IN_REVIEW]
        set_status(waiting, Status.DRAFT, by, answer)
    submission.records.update(open=False)
    submission.state, submission.answer = state, answer
    submission.decided_by, submission.decided_at = by, timezone.now()
    submission.save()


def _save_comments(submission: Submission, comments: Iterable[NewComment], by) -> None:
    filled_comments = [comment for comment in comments if comment.text.strip()]
    record_keys = {(entry.kind, entry.record) for entry in submission.records.all()}
    commented_records = {comment.record for comment in filled_comments if comment.record}
    if any((public_kind(record), record.pk) not in record_keys for record in commented_records):
        raise Refused(["A comment is about a record that is not part of this"])
    addresses_by_record = {entry.record: _addresses_of_fields(entry) for entry in find_pending_changes(commented_records)}
    if any(
        comment.field and (comment.record is None or comment.field not in addresses_by_record[comment.record])
        for comment in filled_comments
    ):
        raise Refused(["A comment is about a field or row that the record does not have"])
    for comment in filled_comments:
        kind, key = (public_kind(comment.record), comment.record.pk) if comment.record else ("", None)
        Comment.objects.create(
            submission=submission, kind=kind, record=key, field=comment.field, text=comment.text.strip(), said_by=by
        )


def _addresses_of_fields(pending: PendingChanges) -> set[str]:
    """Return the address of every field, row and field of a row that the record has or had."""
    addresses: set[str] = set()
    for side in (pending.difference.before, pending.difference.after):
        addresses |= set(side.values or ()) | set(side.rows)
        addresses |= {f"{address}/{name}" for address, row in side.rows.items() for name in row.values}
    return addresses


def _require_text(text: str, message: str) -> None:
    if not text.strip():
        raise Refused([message])


def _record_title(record: Curated) -> str:
    return f"{public_kind(record)} “{record}”"


def _name_of_user(user) -> str:
    return user.get_username() if user else "somebody who is gone"
