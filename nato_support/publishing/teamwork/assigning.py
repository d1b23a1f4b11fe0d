"""Assignments of records: claiming, assigning to somebody by a day, and giving back.

A submission is assigned by `review.workflow.assign_submission`: its reviewer and day are columns of its own row, which the
queue of reviews is read from. Both are one thing to editors, and `assigned_to` lists both.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from entities.models import Curated
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.vocabulary import ReviewState
from nato_support.publishing.models.assignments import Assignment
from nato_support.publishing.models.notifications import NotificationReason
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import permissions
from nato_support.publishing.teamwork.notifying import close_assignment_notifications, notify

LAST_YEAR = 2100
"""Year after which no day is taken: it would be a slip of the keyboard."""


class AssignedWork(NamedTuple):
    """Work that is assigned to somebody: a record by kind and key, or a submission."""

    kind: str
    record: int
    submission: Submission | None
    due_on: date | None
    assigned_by: User | None

    @property
    def is_overdue(self) -> bool:
        """True if its day is past."""
        return self.due_on is not None and self.due_on < timezone.now().date()


def assign_record(record: Curated, *, to: User, by: User, due_on: date | None = None, expected: int | None = None) -> Assignment:
    """Assign `record` to `to`, who may change it. `expected` is the assignee on the page, None for nobody.

    Refuses if it was assigned to somebody else meanwhile.
    """
    kind = public_kind(record)
    refuse_past_day(due_on)
    if not permissions.may_change_kind(to, kind):
        raise Refused([f"{to.get_username()} may not edit this record: assign it to somebody who may"])
    with transaction.atomic():
        assignment = _lock_assignment(record, expected) or Assignment(kind=kind, record=record.pk)
        assignment.assignee, assignment.due_on = to, due_on
        assignment.assigned_by, assignment.assigned_at = by, timezone.now()
        assignment.save()
        close_assignment_notifications(kind=kind, record=record.pk)
        notify([to], NotificationReason.ASSIGNED, by=by, kind=kind, record=record.pk, due_on=due_on)
        return assignment


def unassign_record(record: Curated, *, by: User, expected: int | None) -> None:
    """Free `record` from its assignee `expected`. Refuses if it was assigned to somebody else meanwhile."""
    with transaction.atomic():
        if assignment := _lock_assignment(record, expected):
            assignment.delete()
            close_assignment_notifications(kind=assignment.kind, record=record.pk)


def refuse_past_day(due_on: date | None) -> None:
    """Refuse a day that is past, or too far away to be meant."""
    if due_on is not None and due_on < timezone.now().date():
        raise Refused(["The day is past: choose today or a later one"])
    if due_on is not None and due_on.year > LAST_YEAR:
        raise Refused([f"Choose a day before {LAST_YEAR + 1}"])


def assignments_of(records: Iterable[Curated]) -> dict[tuple[str, int], Assignment]:
    """Return the assignments of those of `records` that are assigned, by kind and key. One query."""
    keys: dict[str, list[int]] = {}
    for record in records:
        keys.setdefault(public_kind(record), []).append(record.pk)
    condition = Q(pk__in=[])
    for kind, primary_keys in keys.items():
        condition |= Q(kind=kind, record__in=primary_keys)
    rows = Assignment.objects.filter(condition).select_related("assignee", "assigned_by") if keys else ()
    return {(row.kind, row.record): row for row in rows}


def assigned_records(kinds: Iterable[str], user: User | None = None) -> QuerySet[Assignment]:
    """Return the assignments of records of `kinds`: those of `user`, or of anybody."""
    rows = Assignment.objects.filter(kind__in=list(kinds))
    return rows.filter(assignee=user) if user else rows


def assigned_to(user: User) -> list[AssignedWork]:
    """Return what is assigned to `user` and what they may see of it, the earliest day first. Records may be deleted since."""
    records = assigned_records(permissions.kinds_visible_to(user), user).select_related("assigned_by")
    work = [AssignedWork(row.kind, row.record, None, row.due_on, row.assigned_by) for row in records]
    if permissions.may_review_submissions(user):
        submissions = Submission.objects.filter(state=ReviewState.WAITING, taken_by=user).select_related("assigned_by")
        work += [AssignedWork("", 0, row, row.due_on, row.assigned_by) for row in submissions]
    return sorted(work, key=lambda item: item.due_on or date.max)


def people_who_may_edit(kind: str, limit: int) -> QuerySet[User]:
    """Return the people to whom a record of `kind` can be assigned."""
    meta = model_for_kind(kind)._meta
    permission = f"{meta.app_label}.change_{meta.model_name}"
    return _staff_with(permission).order_by("username")[:limit]


def people_who_may_review(limit: int) -> QuerySet[User]:
    """Return the people to whom a submission can be assigned."""
    return _staff_with("publishing.review").order_by("username")[:limit]


def _staff_with(permission: str) -> QuerySet[User]:
    return User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend").filter(is_staff=True)


def _lock_assignment(record: Curated, expected: int | None) -> Assignment | None:
    lock_rows([(type(record), record.pk)])
    assignment = Assignment.objects.filter(kind=public_kind(record), record=record.pk).select_related("assignee").first()
    if (assignment.assignee_id if assignment else None) != expected:
        state = (
            f"It is assigned to {assignment.assignee.get_username()} now" if assignment else "Nobody is assigned to it any more"
        )
        raise Refused([f"{state}: somebody changed this since you opened the page"])
    return assignment
