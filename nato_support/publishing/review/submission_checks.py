"""Checks of the review workflow: each raises Refused or Stale with sentences, or returns them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings

from entities.history.record_snapshots import take_snapshot
from entities.models import Curated
from entities.refusals import Refused, Stale
from entities.vocabulary import ReviewState
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.publication import lock_records
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import queues
from nato_support.publishing.review.pending_changes import PendingChanges

ReviewedVersions = Mapping[Curated, int]
"""Record -> its version on the page from which somebody acts."""


def records_authored_by(changes: Iterable[PendingChanges], user) -> list[Curated]:
    """Return the records that `user` may not publish as one of their authors."""
    return [pending.record for pending in changes if user.pk in pending.authors] if settings.REVIEW_BY_ANOTHER else []


def refuse_authors(changes: list[PendingChanges], reviewer, *, by=None) -> None:
    """Refuse a `reviewer` who is an author; `by` is who assigns the review to them, if somebody else does."""
    if authored := records_authored_by(changes, reviewer):
        names = ", ".join(record_title(record) for record in authored[:5])
        if by not in (None, reviewer):
            raise Refused([f"{name_of_user(reviewer)} wrote part of this ({names}): assign it to somebody else"])
        raise Refused([f"You wrote part of this yourself ({names}): somebody else has to review it"])


def lock_existing_records(records: Iterable[Curated]) -> list[Curated]:
    """Lock `records` until the transaction ends and load them. Refuses if one of them was deleted."""
    requested_records = list(records)
    current = lock_records(requested_records)
    existing_keys = {(public_kind(record), record.pk) for record in current}
    if deleted := [record for record in requested_records if (public_kind(record), record.pk) not in existing_keys]:
        raise Refused([f"{public_kind(record)} {record.slug} has been deleted: reload the page" for record in deleted])
    return current


def refuse_deleted_records(submission: Submission, current: Iterable[Curated]) -> None:
    """Refuse a submission of which only the records `current` still exist."""
    existing_keys = {(public_kind(record), record.pk) for record in current}
    problems = []
    for entry in submission.records.all():
        if (entry.kind, entry.record) not in existing_keys:
            model: Any = model_for_kind(entry.kind)
            last_state = model.history.filter(**{model._meta.pk.attname: entry.record}).latest()
            problems.append(
                f"{entry.kind} {last_state.slug} has been deleted since it was sent:"
                " restore it, or request changes so that the rest is sent again"
            )
    if problems:
        raise Refused(problems)


def refuse_stale(current: list[Curated], seen: ReviewedVersions | None) -> None:
    """Raise Stale if a record is not in the version that was reviewed."""
    if seen is not None:
        reviewed_versions = {(public_kind(record), record.pk): version for record, version in seen.items()}
        stale_records = [
            record for record in current if reviewed_versions.get((public_kind(record), record.pk)) != record.version
        ]
        if stale_records:
            raise Stale(
                [f"{record_title(record)} has changed since you opened this page: check it again" for record in stale_records],
                records=stale_records,
            )


def refuse_content_changed_behind_version(submission: Submission, changes: Collection[PendingChanges]) -> None:
    """Refuse content that nobody reviewed, whatever its version says.

    A reviewer's page shows what the history has, and a record still in the version in which it was sent holds what it held then.
    """
    entries_by_key = {(entry.kind, entry.record): entry for entry in submission.records.all()}
    refuse_content_outside_history(changes)
    problems = []
    for pending in changes:
        entry = entries_by_key[public_kind(pending.record), pending.record.pk]
        if entry.version == pending.record.version and entry.fingerprint != pending.difference.after.fingerprint:
            problems.append(
                f"{record_title(pending.record)} is no longer what was sent for review: take it back and send it again"
            )
    if problems:
        raise Refused(problems)


def refuse_content_outside_history(changes: Iterable[PendingChanges]) -> None:
    """Refuse content that differs from the history, which is what pages show before publication."""
    problems = [
        f"{record_title(pending.record)} has content that is not in its history, so nobody has reviewed it: save it again"
        for pending in changes
        if take_snapshot(pending.record).fingerprint != pending.difference.after.fingerprint
    ]
    if problems:
        raise Refused(problems)


def already_public_problem(record: Curated) -> str:
    """Say that there is nothing to publish, and who published it."""
    newest_submission = queues.newest_submission_of(record)
    was_published = (
        newest_submission is not None and newest_submission.state == ReviewState.PUBLISHED and newest_submission.decided_at
    )
    suffix = (
        f", {name_of_user(newest_submission.decided_by)} published it on {newest_submission.decided_at:%-d %b %Y, %H:%M}"
        if newest_submission and was_published
        else ""
    )
    return f"{record_title(record)}: this version is public already{suffix}"


def already_in_review_problems(records: Iterable[Curated]) -> list[str]:
    all_records = list(records)
    waiting = queues.waiting_submissions_by_record(all_records)
    return [
        f"{record_title(record)} is in review already, sent by {name_of_user(submission.submitted_by)}:"
        " take it back first, or decide it there"
        for record in all_records
        if (submission := waiting.get((public_kind(record), record.pk)))
    ]


def require_text(text: str, message: str) -> None:
    if not text.strip():
        raise Refused([message])


def record_title(record: Curated) -> str:
    return f"{public_kind(record)} “{record}”"


def name_of_user(user) -> str:
    return user.get_username() if user else "somebody whose account was deleted"
