"""Bar of a record's page for working together: who works on it, comments, and where it is used."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from entities.history.record_snapshots import RecordSnapshot, child_models, snapshot_fields, take_snapshot
from entities.models import Child, Curated
from nato_support.desk.records.difference_display import snapshot_row_label
from nato_support.desk.records.referenced_row_labels import may_view_model
from nato_support.desk.review.field_address_labels import labels_of_addresses
from nato_support.desk.teamwork.record_uses import uses_of_record
from nato_support.publishing.models.assignments import Assignment
from nato_support.publishing.models.comments import LONGEST_COMMENT
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import permissions
from nato_support.publishing.teamwork.assigning import assignments_of, people_who_may_edit
from nato_support.publishing.teamwork.comment_threads import CommentThread, threads_on_record
from nato_support.publishing.teamwork.named_people import comment_html, people_named_in

MOST_PEOPLE_OFFERED = 200
MOST_ROWS_OFFERED = 200
"""Rows of a record that a comment can be put on from the list of places; each row of the form takes one as well."""


def teamwork_bar_context(record: Curated, user: Any) -> dict[str, Any]:
    """Return the context of `desk/teamwork/bar.html` for the page of `record`."""
    kind, snapshot = public_kind(record), take_snapshot(record)
    threads = threads_on_record(record, user, snapshot)
    add_comment_html(threads)
    places = _comment_places(record, snapshot, user)
    _set_labels(threads, dict(places))
    assignment = assignments_of([record]).get((kind, record.pk))
    may_assign = permissions.may_change_kind(user, kind) and not getattr(record, "merged_into_id", None)
    present = [thread for thread in threads if not thread.is_removed]
    arguments = [kind, record.pk]
    teamwork = {
        "threads": present,
        "removed_threads": [thread for thread in threads if thread.is_removed],
        "open_threads": sum(thread.comment.resolved_at is None for thread in threads),
        "comment_places": places,
        "comment_markers": _comment_markers(present, type(record)),
        "longest_comment": LONGEST_COMMENT,
        "may_resolve": permissions.may_change_kind(user, kind),
        "user_key": user.pk,
        **_assignment_context(assignment, kind, user, may_assign),
        "uses": uses_of_record(record, user),
    }
    return {
        "teamwork": teamwork,
        "kind_of_record": kind,
        "assign_url": reverse("admin:desk_assign", args=arguments),
        "unassign_url": reverse("admin:desk_unassign", args=arguments),
    }


def add_comment_html(threads: list[CommentThread]) -> None:
    """Set `html` on each comment of `threads`: its text, with the people that it names marked. One query."""
    comments: list[Any] = [comment for thread in threads for comment in (thread.comment, *thread.replies)]
    names = people_named_in(comment.text for comment in comments)
    for comment in comments:
        comment.html = comment_html(comment.text, names)


def _set_labels(threads: list[CommentThread], places: dict[str, str]) -> None:
    """Set `label` on the threads that are on a field, a row or a field of a row."""
    for thread in threads:
        address = thread.comment.field
        row, _, name = address.rpartition("/")
        within_row = f"{places[row]}, {name.replace('_', ' ')}" if row in places else ""
        thread.label = places.get(address) or within_row
    # What is gone from the page is named from its history.
    unnamed = [thread for thread in threads if thread.comment.field and not thread.label]
    labels = labels_of_addresses(thread.comment.field for thread in unnamed) if unnamed else {}
    for thread in unnamed:
        thread.label = labels[thread.comment.field]


def _assignment_context(assignment: Assignment | None, kind: str, user: Any, may_assign: bool) -> dict[str, Any]:
    return {
        "assignment": assignment,
        "assignment_overdue": bool(assignment and assignment.due_on and assignment.due_on < timezone.now().date()),
        "may_assign": may_assign,
        "is_mine": assignment is not None and assignment.assignee_id == user.pk,
        "people": list(people_who_may_edit(kind, MOST_PEOPLE_OFFERED)) if may_assign else [],
    }


def _comment_places(record: Curated, snapshot: RecordSnapshot, user: Any) -> list[tuple[str, str]]:
    """Return the address and the label of each field and row that a comment can be put on."""
    places = [(field.name, capfirst(str(field.verbose_name))) for field in snapshot_fields(type(record))]
    rows = [row for row in snapshot.rows.values() if may_view_model(user, row.model)]
    for row in rows[:MOST_ROWS_OFFERED]:
        places.append((row.address, f"{capfirst(str(row.model._meta.verbose_name))}: {snapshot_row_label(row)}"[:120]))
    return places


def _comment_markers(threads: list[CommentThread], model: type[Curated]) -> list[dict[str, Any]]:
    """Return where the form shows a marker: the field, or the form prefix and key of a row, with its open comments."""
    prefixes = {child._meta.label_lower: _form_prefix(child, parent_field) for child, parent_field in child_models(model)}
    markers: dict[str, dict[str, Any]] = {}
    for thread in threads:
        address = thread.comment.field
        if not address or thread.comment.resolved_at:
            continue
        label, _, rest = address.partition("/")
        key = rest.partition("/")[0]
        place = {"prefix": prefixes.get(label, ""), "row": key} if rest else {"field": address}
        marker = markers.setdefault("/".join((label, key)), {**place, "count": 0, "thread": f"comment-{thread.comment.pk}"})
        marker["count"] += 1
    return list(markers.values())


def _form_prefix(child: type[Child], parent_field: str) -> str:
    field: Any = child._meta.get_field(parent_field)
    return field.remote_field.get_accessor_name()
