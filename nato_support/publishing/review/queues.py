"""Queues of submissions: which ones wait for whom, for the review queue, the home page and the pages of records."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from entities.models import Curated
from entities.vocabulary import ReviewState, Status
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import public_kind

RecordPk = tuple[str, int]
"""Kind and primary key of a record, as submissions store them."""

ASSIGNMENT_DAYS = 2
"""Working days after which an assignment expires."""


def submissions_waiting_for(user) -> QuerySet[Submission]:
    """Return the submissions that `user` may review: their own assignments first, then the oldest first."""
    if not user.has_perm("publishing.review"):
        return Submission.objects.none()
    waiting = Submission.objects.filter(Q(taken_by=None) | Q(taken_by=user) | ~is_assigned_now(), state=ReviewState.WAITING)
    if settings.REVIEW_BY_ANOTHER:
        waiting = waiting.exclude(submitted_by=user)
    mine_first = Case(When(taken_by=user, then=0), default=1)
    return waiting.order_by(mine_first, "submitted_at", "pk")


def submissions_assigned_to(user) -> QuerySet[Submission]:
    """Return the submissions assigned to `user` that are not decided yet."""
    return submissions_waiting_for(user).filter(taken_by=user)


def submissions_sent_back_to(user) -> QuerySet[Submission]:
    """Return the submissions that came back to `user`, none of whose records was sent or published again since."""
    later_entries = SubmittedRecord.objects.filter(kind=OuterRef("kind"), record=OuterRef("record"), pk__gt=OuterRef("pk"))
    sent_again = SubmittedRecord.objects.filter(Exists(later_entries), submission=OuterRef("pk"))
    mine = Submission.objects.filter(~Exists(sent_again), state=ReviewState.SENT_BACK, submitted_by=user)
    return mine.order_by("-decided_at", "-pk")


def unseen_outcomes_for(user) -> QuerySet[Submission]:
    """Return the submissions of `user` that others decided and whose outcome `user` has not seen yet."""
    decided = Submission.objects.filter(submitted_by=user, outcome_seen_at=None).exclude(state=ReviewState.WAITING)
    return decided.exclude(decided_by=user).order_by("-decided_at", "-pk")


def pending_checks_for(user) -> QuerySet[Submission]:
    """Return what others published without review and `user` may check, the oldest first."""
    if not user.has_perm("publishing.review"):
        return Submission.objects.none()
    return all_pending_checks().exclude(Q(submitted_by=user) | Q(decided_by=user))


def all_pending_checks() -> QuerySet[Submission]:
    """Return everything published without review that nobody has checked since, the oldest first."""
    return Submission.objects.filter(unreviewed=True, checked_at=None).order_by("decided_at", "pk")


def recently_published() -> QuerySet[Submission]:
    """Return the submissions that were published, the newest first."""
    return Submission.objects.filter(state=ReviewState.PUBLISHED).order_by("-decided_at", "-pk")


def waiting_submissions_by_record(records: Iterable[Curated]) -> dict[RecordPk, Submission]:
    """Return, for each of `records` that is in review, the submission that contains it. One query."""
    keys_by_kind: dict[str, list[int]] = {}
    for record in records:
        keys_by_kind.setdefault(public_kind(record), []).append(record.pk)
    condition = Q(pk__in=[])
    for kind, primary_keys in keys_by_kind.items():
        condition |= Q(kind=kind, record__in=primary_keys)
    rows = SubmittedRecord.objects.filter(condition, open=True).select_related("submission__submitted_by", "submission__taken_by")
    return {(row.kind, row.record): row.submission for row in rows}


def newest_submission_of(record: Curated) -> Submission | None:
    """Return the newest submission that contained `record`, or None."""
    rows = SubmittedRecord.objects.filter(kind=public_kind(record), record=record.pk)
    people = ("submission__submitted_by", "submission__decided_by", "submission__taken_by")
    row = rows.select_related(*people).order_by("-pk").first()
    return row.submission if row else None


def comments_on_record(submission: Submission, record: Curated) -> QuerySet[Comment]:
    """Return the comments on `record` in a submission."""
    return submission.comments.filter(kind=public_kind(record), record=record.pk).select_related("said_by")


def unpublished_state_labels(records: Iterable[Curated]) -> dict[RecordPk, str]:
    """Return "in review" or "unpublished changes" for each record whose status alone does not say it."""
    all_records = list(records)
    public = [record for record in all_records if record.status == Status.PUBLISHED]
    versions = live_edition_versions(public)
    labels = {
        (public_kind(record), record.pk): "unpublished changes"
        for record in public
        if versions.get((public_kind(record), record.slug), record.version) != record.version
    }
    return labels | dict.fromkeys(waiting_submissions_by_record(all_records), "in review")


def is_assigned_now() -> Q:
    """Return the condition that a submission is assigned and its assignment stands: for two working days, or until its day."""
    return Q(taken_by__isnull=False) & (
        Q(taken_at__gte=assignment_expiry_cutoff()) | Q(due_on__isnull=False, due_on__gte=timezone.now().date())
    )


def has_reviewer_now(submission: Submission) -> bool:
    """Return True if `submission` is assigned and its assignment stands, as `is_assigned_now` says."""
    if submission.taken_by_id is None or submission.taken_at is None:
        return False
    is_before_day = submission.due_on is not None and submission.due_on >= timezone.now().date()
    return is_before_day or submission.taken_at >= assignment_expiry_cutoff()


def assignment_expiry_cutoff() -> datetime:
    """Return the time before which assignments without a day have expired."""
    when, days = timezone.now(), ASSIGNMENT_DAYS
    while days:
        when -= timedelta(days=1)
        days -= when.weekday() < 5
    return when
